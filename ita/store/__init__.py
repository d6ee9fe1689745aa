"""The store: one embedded DuckDB file, the only room that opens it.

Current tables hold the present truth under natural keys; beside them `batch` and `change` only
grow, so every figure has a source and every batch can be taken back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

import duckdb

from ita.logs import Event, note
from ita.store.engine import ends
from ita.store.instance import (
    Instance,
    Row,
    Whereabouts,
    open_instance,
    open_memory_instance,
)
from ita.store.schema import LAST_BATCH, Cursor, last_batch, migrations, one_value
from ita.store.unavailable import StoreUnavailable, Trouble, trouble_of
from ita.wording import say

__all__ = [
    "Cursor",
    "Store",
    "last_batch",
    "migrations",
    "one_value",
    "open_memory_store",
    "open_store",
]

PATIENCE = 30.0
"""Seconds in which everybody must be done with an engine that has to be opened again."""
PATIENCE_AT_THE_END = 5.0
"""Seconds in which they must be done when the store is closed."""
NEXT_TRY = 1.0
"""Seconds after a failed opening in which the next ones are told the same without trying."""
NEXT_JOTTING = 60.0
"""Seconds after a jotting that failed in which none is tried: each makes the engine open anew."""


class Store:
    """An open store. One a process; every operation takes a cursor of its own.

    A connection object used by several threads gives wrong results silently, so none is handed out.
    An engine that has failed, or whose file was taken away, is closed and opened again by the first
    operation that comes after; all others wait for that one.
    """

    def __init__(self, instance: Instance) -> None:
        self.database = instance.database
        self._instance: Instance | None = instance
        self.closed = threading.Event()
        self._gate = threading.Condition()
        self._write_lock = threading.RLock()
        self._mine = threading.local()
        self._failed: tuple[float, StoreUnavailable] | None = None
        self._no_jotting_before = 0.0

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """A cursor for one read.

        Raises:
            StoreUnavailable: the engine failed; says how.
        """
        with self._at_work() as instance, self._cursor(instance) as cursor:
            yield cursor

    @contextmanager
    def writing(self) -> Iterator[Cursor]:
        """A cursor inside one transaction, alone in this process; committed at the end of the block.

        Anything raised inside rolls it back, and nothing of the block is stored.

        Raises:
            StoreUnavailable: the engine failed; says how.
        """
        with self._write_lock, self._at_work() as instance, self._cursor(instance) as cursor:
            cursor.begin()
            try:
                yield cursor
                instance.check_in_place()
                _commit(instance, cursor)
            except BaseException:
                _roll_back(cursor)
                raise
            instance.check_in_place()

    def jot(self, query: str, values: Mapping[str, object]) -> bool:
        """Run a small statement that may as well stay undone, and tell whether it was done.

        Whoever looks must neither wait for somebody's saving nor fail for a disk that is full, so it
        is left out while others write, where it fails, and for a while after that.
        """
        if time.monotonic() < self._no_jotting_before or not self._write_lock.acquire(
            blocking=False
        ):
            return False
        try:
            with self.writing() as cursor:
                cursor.execute(query, values)
        except StoreUnavailable:
            self._no_jotting_before = time.monotonic() + NEXT_JOTTING
            return False
        finally:
            self._write_lock.release()
        return True

    def version(self) -> int:
        """The number of the last batch. It grows with each change."""
        with self.reading() as cursor:
            return last_batch(cursor)

    def data_version(self) -> tuple[str, int]:
        """Which opening of the engine, and its last batch: the key of every cache."""
        opening, row = self.row_since_commit(LAST_BATCH)
        return opening, int(row[0] or 0) if row else 0

    def row_since_commit(self, query: str) -> tuple[str, Row]:
        """Which opening of the engine, and the first row of a query. Pages ask the same few of the
        whole store all the time; it is asked again after each commit, for only we write.

        Raises:
            StoreUnavailable: the engine failed; says how. While nothing was committed the engine is
                not asked, so this is no way to learn whether it answers.
        """
        with self._at_work() as instance:

            def ask() -> Row:
                with self._cursor(instance) as cursor:
                    return cursor.execute(query).fetchone()

            return instance.opening, instance.row_kept(query, ask)

    def close(self) -> None:
        """Close when those at work are done, or after a while without waiting for them."""
        with self._write_lock, self._gate:
            self.closed.set()
            mine = self._inside()
            self._gate.wait_for(
                lambda: not self._instance or self._instance.users <= mine, PATIENCE_AT_THE_END
            )
            if self._instance:
                self._instance.close()
            self._instance = None

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _cursor(self, instance: Instance) -> Iterator[Cursor]:
        """A cursor of an instance; what the engine says goes out as a sentence."""
        try:
            with instance.cursor() as cursor:
                yield cursor
        except duckdb.ProgrammingError:
            raise  # our own mistake, not the machine's
        except duckdb.Error as fault:
            instance.spent |= ends(fault)
            raise trouble_of(fault, self.database) from fault

    @contextmanager
    def _at_work(self) -> Iterator[Instance]:
        """A usable instance, which nobody closes meanwhile."""
        inside = self._inside()
        with self._gate:
            # Who is at work already goes on with what there is: nobody waits for himself.
            instance = self._present() if inside else self._usable()
            instance.users += 1
            self._mine.inside = inside + 1
        try:
            yield instance
        finally:
            with self._gate:
                instance.users -= 1
                self._mine.inside = inside
                self._gate.notify_all()

    def _inside(self) -> int:
        """How many operations of this thread are at work."""
        return int(getattr(self._mine, "inside", 0))

    def _present(self) -> Instance:
        if self._instance is None:
            raise StoreUnavailable(Trouble.UNREACHABLE, self.database, say("ปิดไปแล้ว"))
        return self._instance

    def _usable(self) -> Instance:
        """The instance, opened again where it has to be. With the gate held."""
        deadline = time.monotonic() + PATIENCE
        while True:
            if self.closed.is_set():
                return self._present()
            found = self._instance
            if found and not found.spent:
                if found.whereabouts() is Whereabouts.HERE:
                    found.rescued = None  # it came back
                    return found
                self._save_orphan(found)
            if found and found.users:
                if not self._gate.wait(deadline - time.monotonic()):
                    told = say("กำลังเปิดใหม่ กรุณารอสักครู่แล้วลองใหม่")
                    raise StoreUnavailable(Trouble.UNREACHABLE, self.database, told)
            else:
                self._renew()

    def _save_orphan(self, found: Instance) -> None:
        """Before anything else: what was stored must be in some file.

        Raises:
            StoreUnavailable: that failed; or there is no file now, and the old instance waits for it.
        """
        self._check_next_try()
        try:
            found.rescue()
            if found.whereabouts() is Whereabouts.GONE:
                found.check_in_place()
        except StoreUnavailable as fault:
            self._failed = time.monotonic(), fault
            raise

    def _check_next_try(self) -> None:
        if self._failed and time.monotonic() - self._failed[0] < NEXT_TRY:
            raise self._failed[1].about(self.database)

    def _renew(self) -> None:
        """Close what can't be used any more, and open the file that is there now."""
        self._check_next_try()
        try:
            if self._instance:
                self._instance.close()
                self._instance = None
            if not self.database.exists():
                raise StoreUnavailable(Trouble.GONE, self.database)
            self._instance = open_instance(self.database)
        except StoreUnavailable as fault:
            self._failed = time.monotonic(), fault
            raise
        note(Event.STORE_REOPENED)


def _commit(instance: Instance, cursor: Cursor) -> None:
    """Commit; after a failure the engine may write wrong things, though it goes on answering.

    DuckDB 1.5.6: a commit that found no room, then other rows committed and a checkpoint by the same
    engine made a file in which a later commit was acknowledged and not kept.
    """
    try:
        with instance.committing():
            cursor.commit()
        instance.keep_log()
    except duckdb.Error:
        instance.spent = True
        raise


def _roll_back(cursor: Cursor) -> None:
    # If the engine has already given the transaction up, the first fault is the one to tell.
    with suppress(duckdb.Error):
        cursor.rollback()


def open_store(database: Path) -> Store:
    """Open a store, made or upgraded where needed, its folder too.

    Raises:
        StoreUnavailable: held by another process, newer, damaged, not ours, or not writable.
    """
    return Store(open_instance(database))


def open_memory_store() -> Store:
    """An empty store in memory, with the same schema and the same locks; for tests and previews."""
    return Store(open_memory_instance())
