"""A look into a store that another program has open: a copy of its files, taken while they are still.

Only from outside of the process that has it open (see `ita.store.place`).
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from ita.store import Store, open_store
from ita.store.place import logs_of, removed, shared_like
from ita.store.unavailable import StoreUnavailable, Trouble, trouble_of

TRIES = 40
STILL_FOR = 0.05
"""Seconds; longer than the steps in which file systems tell the time of a change."""

State = list[tuple[str, int, int, int]]


@contextmanager
def still_copy(database: Path) -> Iterator[Store]:
    """A store of its own with what the other program has committed; gone when the block ends.

    Whatever is written while the files are copied makes the copy be taken anew. A commit of which
    only a part was written stands at the end of the log and is passed over.

    Raises:
        StoreUnavailable: the files can't be read (as on Windows), or never lie still.
    """
    with TemporaryDirectory(prefix="ita-copy-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / database.name
        try:
            _take(database, copy)
        except PermissionError as fault:
            raise StoreUnavailable(Trouble.IN_USE, database) from fault
        except OSError as fault:
            raise trouble_of(fault, database) from fault
        with open_store(copy) as store:
            yield store


def _take(database: Path, copy: Path) -> None:
    for _ in range(TRIES):
        with suppress(FileNotFoundError):  # a log that was done with meanwhile
            if _took_them_still(database, copy):
                return
    raise StoreUnavailable(Trouble.IN_USE, database)


def _took_them_still(database: Path, copy: Path) -> bool:
    before = _state(database)
    time.sleep(STILL_FOR)
    removed(copy)
    for file in (database, *logs_of(database)):
        shutil.copyfile(file, copy.parent / file.name)
        shared_like(copy.parent / file.name, file)  # what is made of it is as private
    return _state(database) == before


def _state(database: Path) -> State:
    """Name, number, size and time of change of each file."""
    known = ((file.name, file.stat()) for file in (database, *logs_of(database)))
    return [(name, s.st_ino, s.st_size, s.st_mtime_ns) for name, s in known]
