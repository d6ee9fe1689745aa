"""A store's files: database and logs, their identity, and copies in the same folder.

Nothing here opens the file of a store that this process has open: on POSIX, closing any handle of
a file releases the lock that the engine has on it, and another process could then write too.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TypeAlias

from ita.i18n import _
from ita.store.unavailable import StoreUnavailable, Trouble

# Of the engine's other files: the write-ahead log, and logs that exist during a checkpoint.
LOG_SUFFIXES = (".wal", ".wal.checkpoint", ".wal.recovery")


def log_path(database: Path) -> Path:
    """The path of the write-ahead log: what is committed and not yet in the file itself."""
    return database.with_name(f"{database.name}.wal")


def existing_logs(database: Path) -> list[Path]:
    """The logs of a store's file that exist."""
    files = (database.with_name(database.name + suffix) for suffix in LOG_SUFFIXES)
    return [file for file in files if file.exists()]


# Device and number: another file under the same name has another identity.
FileIdentity: TypeAlias = tuple[int, int]


def file_identity(path: Path) -> FileIdentity | None:
    """The identity of the file at a path, None where there is none.

    Raises:
        OSError: the file system does not respond.
    """
    try:
        stat = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return stat.st_dev, stat.st_ino


def is_first_start(database: Path) -> bool:
    """Whether there was never a store here.

    Raises:
        StoreUnavailable: there was one: copies of it are in the folder.
    """
    if database.exists() or log_path(database).exists():
        return False
    set_aside = list_set_aside(database)
    if set_aside:
        message = _(" ที่เก็บไว้ล่าสุดคือ {place}", place=set_aside[-1])
        raise StoreUnavailable(Trouble.GONE, database, message)
    return True


def free_name(path: Path, word: str, moment: datetime) -> Path:
    """A free name in the same folder: ita.duckdb → ita.WORD-20261123-170000.duckdb."""
    stem = f"{path.stem}.{word}-{moment:%Y%m%d-%H%M%S}"
    names = (f"{stem}{'' if turn == 1 else f'-{turn}'}{path.suffix}" for turn in count(1))
    free = (
        candidate
        for candidate in map(path.with_name, names)
        if not candidate.exists() and not log_path(candidate).exists()
    )
    return next(free)


# Parts of the names of copies of a store in its folder.
RESCUED, BEFORE_RESTORE = "rescued", "before-restore"


def list_set_aside(database: Path) -> list[Path]:
    """The copies of a store in its folder, the newest last."""
    files = (
        file
        for word in (RESCUED, BEFORE_RESTORE)
        for file in database.parent.glob(f"{database.stem}.{word}-*{database.suffix}")
    )
    return sorted(files, key=lambda file: file.stat().st_mtime)


def sync_to_disk(path: Path) -> None:
    """Flush a file, or a folder's list of names, to the disk.

    Raises:
        OSError: it could not be written.
    """
    if path.is_dir() and os.name == "nt":
        return  # Windows has no such call, and needs none
    # Windows flushes only what is open for writing.
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_database(path: Path) -> None:
    """Delete an unfinished database, with its logs."""
    for file in (path, *(path.with_name(path.name + suffix) for suffix in LOG_SUFFIXES)):
        with suppress(OSError):
            file.unlink(missing_ok=True)


def copy_permissions(path: Path, original: Path) -> None:
    """Give a copy the permissions and the owner of the original, as far as the system lets us."""
    with suppress(OSError):
        stat = original.stat()
        path.chmod(stat.st_mode & 0o777)
        if hasattr(os, "chown"):
            os.chown(path, stat.st_uid, stat.st_gid)
