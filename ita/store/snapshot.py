"""A snapshot of a store that another program has open: a copy of its files while they don't change.

Only from outside of the process that has it open (see `ita.store.files`).
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from ita.store import Store, open_store
from ita.store.files import copy_permissions, existing_logs, remove_database
from ita.store.unavailable import StoreUnavailable, Trouble, classify_fault

MAX_TRIES = 40
# Longer than the resolution in which file systems store the time of a change.
QUIET_SECONDS = 0.05

FileStats = list[tuple[str, int, int, int]]


@contextmanager
def open_snapshot(database: Path) -> Iterator[Store]:
    """A temporary store with what the other program has committed; deleted when the block ends.

    A write while the files are copied makes the copy start again. A partly written commit is at the
    end of the log and is ignored.

    Raises:
        StoreUnavailable: the files can't be read (as on Windows), or change all the time.
    """
    with TemporaryDirectory(prefix="ita-copy-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / database.name
        try:
            _copy_when_quiet(database, copy)
        except PermissionError as fault:
            raise StoreUnavailable(Trouble.IN_USE, database) from fault
        except OSError as fault:
            raise classify_fault(fault, database) from fault
        with open_store(copy) as store:
            yield store


def _copy_when_quiet(database: Path, copy: Path) -> None:
    for _ in range(MAX_TRIES):
        with suppress(FileNotFoundError):  # a log that was removed meanwhile
            if _copied_unchanged(database, copy):
                return
    raise StoreUnavailable(Trouble.IN_USE, database)


def _copied_unchanged(database: Path, copy: Path) -> bool:
    stats_before = _file_stats(database)
    time.sleep(QUIET_SECONDS)
    remove_database(copy)
    for file in (database, *existing_logs(database)):
        shutil.copyfile(file, copy.parent / file.name)
        copy_permissions(copy.parent / file.name, file)  # the copy is as private
    return _file_stats(database) == stats_before


def _file_stats(database: Path) -> FileStats:
    """Name, number, size and time of change of each file."""
    files = ((file.name, file.stat()) for file in (database, *existing_logs(database)))
    return [(name, s.st_ino, s.st_size, s.st_mtime_ns) for name, s in files]
