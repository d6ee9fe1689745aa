"""Where a store lies: its files, whether they are still the same ones, and copies kept beside it.

Nothing here opens the file of a store that this process has open: on POSIX, closing any handle of
a file lets go of the lock that the engine holds on it, and another process could then write too.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from ita.store.unavailable import StoreUnavailable, Trouble
from ita.wording import say

SUFFIXES = (".wal", ".wal.checkpoint", ".wal.recovery")
"""What the engine keeps beside its file: the write-ahead log, and logs of a moment in a checkpoint."""


def log_of(database: Path) -> Path:
    """The write-ahead log: what is committed and not yet in the file itself."""
    return database.with_name(f"{database.name}.wal")


def logs_of(database: Path) -> list[Path]:
    """The logs that there are beside a store's file."""
    files = (database.with_name(database.name + suffix) for suffix in SUFFIXES)
    return [file for file in files if file.exists()]


@dataclass(frozen=True)
class FileMark:
    """Which file lies at a path: another one under the same name has another mark."""

    device: int
    number: int


def mark_of(place: Path) -> FileMark | None:
    """The mark of the file at a path, None where there is none.

    Raises:
        OSError: the file system does not answer.
    """
    try:
        found = place.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return FileMark(found.st_dev, found.st_ino)


def is_first_start(database: Path) -> bool:
    """Whether there was never a store here.

    Raises:
        StoreUnavailable: there was one: what was kept of it lies beside the empty place.
    """
    if database.exists() or log_of(database).exists():
        return False
    aside = kept_aside(database)
    if aside:
        told = say(" ที่เก็บไว้ล่าสุดคือ {place}", place=aside[-1])
        raise StoreUnavailable(Trouble.GONE, database, told)
    return True


def beside(place: Path, word: str, moment: datetime) -> Path:
    """A free name in the same folder: ita.duckdb → ita.WORD-20261123-170000.duckdb."""
    stem = f"{place.stem}.{word}-{moment:%Y%m%d-%H%M%S}"
    names = (f"{stem}{'' if turn == 1 else f'-{turn}'}{place.suffix}" for turn in count(1))
    return next(free for name in names if not _taken(free := place.with_name(name)))


RESCUED, BEFORE_RESTORE = "rescued", "before-restore"
"""Words of the names under which a store is kept aside."""


def kept_aside(database: Path) -> list[Path]:
    """What was put beside a store under such a name, the newest last."""
    found = (
        file
        for word in (RESCUED, BEFORE_RESTORE)
        for file in database.parent.glob(f"{database.stem}.{word}-*{database.suffix}")
    )
    return sorted(found, key=lambda file: file.stat().st_mtime)


def _taken(place: Path) -> bool:
    return place.exists() or log_of(place).exists()


def sync(place: Path) -> None:
    """Have a file, or a folder's list of names, written to the disk before going on.

    Raises:
        OSError: it could not be written.
    """
    if place.is_dir() and os.name == "nt":
        return  # Windows knows no such thing, and needs none
    # Windows syncs only what is open for writing.
    handle = os.open(place, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def removed(place: Path) -> None:
    """Take a half-made database away, with what the engine left beside it."""
    for file in (place, *(place.with_name(place.name + suffix) for suffix in SUFFIXES)):
        with suppress(OSError):
            file.unlink(missing_ok=True)


def shared_like(place: Path, original: Path) -> None:
    """Let a copy be read and written by those who may use the original, as far as we may say so."""
    with suppress(OSError):
        known = original.stat()
        place.chmod(known.st_mode & 0o777)
        if hasattr(os, "chown"):
            os.chown(place, known.st_uid, known.st_gid)
