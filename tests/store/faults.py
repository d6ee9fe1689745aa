"""Ways to make the machine fail: each lasts as long as its block."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """No file of this process can grow beyond a size: what a full disk does, without a disk."""
    resource = pytest.importorskip("resource", reason="limits of a process are POSIX's")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def grown(*files: Path) -> int:
    """The size of the largest of some files."""
    return max(file.stat().st_size for file in files if file.exists())


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing in a folder can be made, changed or taken away; root becomes somebody else for it."""
    if os.name == "nt":
        pytest.skip("modes of folders are POSIX's")
    is_root = os.geteuid() == 0
    above = [place for place in folder.parents if is_root and not place.stat().st_mode & 1]
    modes = {p: p.stat().st_mode & 0o777 for p in (folder, *folder.iterdir(), *above)}
    for place in modes:
        place.chmod(0o555 if place.is_dir() else 0o444)
    if is_root:
        os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        if is_root:
            os.setresuid(0, 0, 0)
        for place, mode in modes.items():
            place.chmod(mode)


@contextmanager
def full_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A small disk of its own, mounted on a folder; `grow` gives it room."""
    folder.mkdir(exist_ok=True)
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if not mounted or mounted.returncode:
        pytest.skip("mounting a small disk takes root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def grow(folder: Path, megabytes: int) -> None:
    subprocess.run(
        ["mount", "-o", f"remount,size={megabytes}m", str(folder)], check=True, capture_output=True
    )
