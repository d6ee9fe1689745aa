"""One opening of the engine: its connection, the files it opened, and whether both can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4
from weakref import WeakValueDictionary

import duckdb

from ita.logs import Event, note
from ita.store.copying import copy_out
from ita.store.engine import connect, connect_memory
from ita.store.place import RESCUED, FileMark, beside, log_of, mark_of
from ita.store.schema import Cursor
from ita.store.unavailable import StoreUnavailable, Trouble, trouble_of
from ita.wording import say

MEMORY = Path(":memory:")
Row = tuple[Any, ...] | None


class Whereabouts(Enum):
    """What lies where the store was opened."""

    HERE = auto()
    GONE = auto()
    REPLACED = auto()


class Instance:
    """The engine as it was opened once.

    spent: it failed in a way after which it may tell or write wrong things, so it is closed without
    another write and opened again; what was committed is in the log. users: operations at work with
    it; only without any can it be closed. rescued: where everything was copied to, once its file had
    gone from its place.
    """

    def __init__(self, connection: Cursor, database: Path) -> None:
        self.opening = uuid4().hex
        self.spent = False
        self.users = 0
        self._commits = 0
        self._committing = False
        self._rows: dict[str, tuple[int, Row]] = {}
        self.rescued: Path | None = None
        self.database = database
        self._connection = connection
        self._mark = None if database == MEMORY else mark_of(database)
        self._log: FileMark | None = None
        self._note_log()

    def cursor(self) -> Cursor:
        return self._connection.cursor()

    @contextmanager
    def committing(self) -> Iterator[None]:
        """Around each commit; one at a time. Nobody else can write to our file."""
        self._committing = True
        try:
            yield
        finally:
            self._commits += 1
            self._committing = False

    def row_kept(self, query: str, ask: Callable[[], Row]) -> Row:
        """The row that a query gives, asked for once after each commit, and always during one."""
        at = self._commits  # before asking: what is committed meanwhile makes it be asked anew
        kept = self._rows.get(query)
        if self._committing:
            return ask()
        if kept is None or kept[0] != at:
            kept = self._rows[query] = at, ask()
        return kept[1]

    def whereabouts(self) -> Whereabouts:
        """
        Raises:
            StoreUnavailable: the file system does not answer.
        """
        if self._mark is None:
            return Whereabouts.HERE
        try:
            found = mark_of(self.database)
        except OSError as fault:
            raise trouble_of(fault, self.database) from fault
        if found is None:
            return Whereabouts.GONE
        return Whereabouts.HERE if found == self._mark else Whereabouts.REPLACED

    def check_in_place(self) -> None:
        """What is written now must lie where the next start looks for it.

        Raises:
            StoreUnavailable: the file was deleted, moved or replaced while we had it open.
        """
        where = self.whereabouts()
        if where is not Whereabouts.HERE:
            trouble = Trouble.GONE if where is Whereabouts.GONE else Trouble.REPLACED
            raise StoreUnavailable(trouble, self.database, self._rescued_text())

    def _rescued_text(self) -> str:
        if self.rescued is None:
            return ""
        return say(" ข้อมูลทั้งหมดถูกคัดลอกไว้ที่ {place}", place=self.rescued)

    def keep_log(self) -> None:
        """After a commit: a log that was taken away takes no commit with it.

        Raises:
            duckdb.Error: it could not be prevented.
        """
        before = self._log
        self._note_log()
        if before and not self._log:  # deleted, unless the engine itself was done with it
            self._connection.execute("CHECKPOINT")

    def _note_log(self) -> None:
        with suppress(OSError):
            self._log = mark_of(log_of(self.database)) if self._mark else None

    def rescue(self) -> None:
        """Copy everything beside the place from which the file has gone, once; where the folder has
        gone too, to where the machine keeps what is temporary.

        Raises:
            StoreUnavailable: that failed.
        """
        if self.rescued or self.spent:
            return
        folder = self.database.parent
        if not folder.is_dir():  # nor is it for us to make it again: it may be put back
            folder = Path(mkdtemp(prefix="ita-"))  # ours alone: accounts are in it
        place = beside(folder / self.database.name, RESCUED, datetime.now())
        try:
            with self.cursor() as cursor:
                copy_out(cursor, place)
        except duckdb.Error as fault:
            raise trouble_of(fault, self.database) from fault
        self.rescued = place
        note(Event.STORE_RESCUED)

    def close(self) -> None:
        """Close: what is in order is put in order on disk, what is not is left as it lies."""
        if not self.spent and self._mark:
            with suppress(duckdb.Error, StoreUnavailable):
                self._finish()
        self._connection.close()
        if _OPEN.get(self.database.absolute()) is self:
            del _OPEN[self.database.absolute()]

    def _finish(self) -> None:
        if self.whereabouts() is not Whereabouts.HERE:
            self.rescue()
        # Ours goes into its file, wherever that is by now; another one's is not for us to take.
        if mark_of(log_of(self.database)) in (None, self._log):
            self._connection.execute("CHECKPOINT")


_OPEN: WeakValueDictionary[Path, Instance] = WeakValueDictionary()
"""What this process has open. To look into such a file would let go of its lock."""


def is_open_here(database: Path) -> bool:
    """Whether this process has a file open as a store."""
    return database.absolute() in _OPEN


def open_instance(database: Path) -> Instance:
    """Open a database file, made or upgraded where needed.

    Raises:
        StoreUnavailable: says why; also where this process has it open already.
    """
    if is_open_here(database):
        raise StoreUnavailable(Trouble.IN_USE, database)
    instance = Instance(connect(database), database)
    _OPEN[database.absolute()] = instance
    return instance


def open_memory_instance() -> Instance:
    return Instance(connect_memory(), MEMORY)
