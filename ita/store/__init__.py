"""The store: one embedded DuckDB file, the only room that opens it.

Current tables have the present rows under natural keys; `batch` and `change` only grow, so every
figure has a source and every batch can be undone.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

import duckdb

from ita.i18n import _
from ita.logs import LogEvent, log_event
from ita.store.engine import LAST_BATCH, Cursor, breaks_engine, last_batch, migrations, one_value
from ita.store.instance import (
    FileState,
    Instance,
    QueryRow,
    open_instance,
    open_memory_instance,
)
from ita.store.unavailable import StoreUnavailable, Trouble, classify_fault

__all__ = [
    "Cursor",
    "Rollback",
    "Store",
    "last_batch",
    "migrations",
    "one_value",
    "open_memory_store",
    "open_store",
]

# Seconds in which all operations must end on an engine that has to be opened again.
REOPEN_TIMEOUT = 30.0
# Seconds in which they must end when the store is closed.
CLOSE_TIMEOUT = 5.0
# Seconds after a failed opening in which the same error is raised again without trying.
RETRY_DELAY = 1.0
# Seconds after a failed best-effort write in which none is tried: each makes the engine reopen.
BEST_EFFORT_RETRY_DELAY = 60.0


class Rollback(Exception):
    """Raised inside `Store.writing`, so that nothing of its transaction is stored."""


class Store:
    """An open store. One a process; every operation takes a cursor of its own.

    A connection object used by several threads gives wrong results silently, so none is handed out.
    An engine that has failed, or whose file was removed, is closed and opened again by the next
    operation; all others wait for that one.
    """

    def __init__(self, instance: Instance) -> None:
        self.database = instance.database
        self._instance: Instance | None = instance
        self.closed = threading.Event()
        self._condition = threading.Condition()
        self._write_lock = threading.RLock()
        self._thread_state = threading.local()
        self._last_failure: tuple[float, StoreUnavailable] | None = None
        self._best_effort_after = 0.0

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """A cursor for one read.

        Raises:
            StoreUnavailable: the engine failed; says how.
        """
        with self._using_instance() as instance, self._cursor(instance) as cursor:
            yield cursor

    @contextmanager
    def writing(self) -> Iterator[Cursor]:
        """A cursor inside one transaction, alone in this process; committed at the end of the block.

        Anything raised inside rolls it back, and nothing of the block is stored.

        Raises:
            StoreUnavailable: the engine failed; says how.
        """
        with self._write_lock, self._using_instance() as instance, self._cursor(instance) as cursor:
            cursor.begin()
            try:
                yield cursor
                instance.check_in_place()
                _commit(instance, cursor)
            except BaseException:
                # If the engine has already ended the transaction, the first error is the one to report.
                with suppress(duckdb.Error):
                    cursor.rollback()
                raise
            instance.check_in_place()

    @contextmanager
    def dry_run(self) -> Iterator[Cursor]:
        """`writing`, but nothing of the block is stored, however it ends.

        Raises:
            StoreUnavailable: the engine failed; says how.
        """
        with suppress(Rollback), self.writing() as cursor:
            yield cursor
            raise Rollback

    def write_best_effort(self, query: str, values: Mapping[str, object]) -> bool:
        """Run a small statement whose loss does no harm; return whether it was committed.

        A reader must neither wait for somebody's saving nor fail for a full disk, so the statement
        is skipped while others write, where it fails, and for a while after that.
        """
        if time.monotonic() < self._best_effort_after or not self._write_lock.acquire(
            blocking=False
        ):
            return False
        try:
            with self.writing() as cursor:
                cursor.execute(query, values)
        except StoreUnavailable:
            self._best_effort_after = time.monotonic() + BEST_EFFORT_RETRY_DELAY
            return False
        finally:
            self._write_lock.release()
        return True

    def version(self) -> int:
        """The number of the last batch. It grows with each change."""
        with self.reading() as cursor:
            return last_batch(cursor)

    def data_version(self) -> tuple[str, int]:
        """The id of the engine's opening, and its last batch: the key of every cache."""
        opening, row = self.cached_row(LAST_BATCH)
        return opening, int(row[0] or 0) if row else 0

    def cached_row(self, query: str) -> tuple[str, QueryRow]:
        """The id of the engine's opening, and the first row of a query, cached until the next commit.

        Pages run the same few queries all the time, and only this process writes.

        Raises:
            StoreUnavailable: the engine failed; says how. A cached row is returned without the
                engine, so this is no check whether it responds.
        """
        with self._using_instance() as instance:

            def run_query() -> QueryRow:
                with self._cursor(instance) as cursor:
                    return cursor.execute(query).fetchone()

            return instance.opening, instance.cached_row(query, run_query)

    def close(self) -> None:
        """Close when running operations have ended, or after `CLOSE_TIMEOUT`."""
        with self._write_lock, self._condition:
            self.closed.set()
            own_operations = self._depth()
            self._condition.wait_for(
                lambda: not self._instance or self._instance.users <= own_operations, CLOSE_TIMEOUT
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
        """A cursor of an instance; errors of the engine are raised as StoreUnavailable."""
        try:
            with instance.cursor() as cursor:
                yield cursor
        except duckdb.ProgrammingError:
            raise  # our own mistake, not the machine's
        except duckdb.Error as fault:
            instance.broken |= breaks_engine(fault)
            raise classify_fault(fault, self.database) from fault

    @contextmanager
    def _using_instance(self) -> Iterator[Instance]:
        """A usable instance, which nobody closes meanwhile."""
        depth = self._depth()
        with self._condition:
            # A nested operation goes on with the present instance: it must not wait for itself.
            instance = self._require_instance() if depth else self._usable_instance()
            instance.users += 1
            self._thread_state.depth = depth + 1
        try:
            yield instance
        finally:
            with self._condition:
                instance.users -= 1
                self._thread_state.depth = depth
                self._condition.notify_all()

    def _depth(self) -> int:
        """How many nested operations this thread runs."""
        return int(getattr(self._thread_state, "depth", 0))

    def _require_instance(self) -> Instance:
        if self._instance is None:
            raise StoreUnavailable(Trouble.UNREACHABLE, self.database, _("ปิดไปแล้ว"))
        return self._instance

    def _usable_instance(self) -> Instance:
        """The instance, opened again where it has to be. Call with `_condition` held."""
        deadline = time.monotonic() + REOPEN_TIMEOUT
        while True:
            if self.closed.is_set():
                return self._require_instance()
            instance = self._instance
            if instance and not instance.broken:
                if instance.file_state() is FileState.IN_PLACE:
                    instance.emergency_copy = None  # it came back
                    return instance
                self._dump_detached(instance)
            if instance and instance.users:
                if not self._condition.wait(deadline - time.monotonic()):
                    message = _("กำลังเปิดใหม่ กรุณารอสักครู่แล้วลองใหม่")
                    raise StoreUnavailable(Trouble.UNREACHABLE, self.database, message)
            else:
                self._reopen()

    def _dump_detached(self, instance: Instance) -> None:
        """Copy what was stored into some file before anything else.

        Raises:
            StoreUnavailable: that failed; or there is no file now, and the old instance waits for it.
        """
        self._check_retry_delay()
        try:
            instance.emergency_dump()
            if instance.file_state() is FileState.MISSING:
                instance.check_in_place()
        except StoreUnavailable as fault:
            self._last_failure = time.monotonic(), fault
            raise

    def _check_retry_delay(self) -> None:
        if self._last_failure and time.monotonic() - self._last_failure[0] < RETRY_DELAY:
            raise self._last_failure[1].for_database(self.database)

    def _reopen(self) -> None:
        """Close the unusable instance, and open the file that is there now."""
        self._check_retry_delay()
        try:
            if self._instance:
                self._instance.close()
                self._instance = None
            if not self.database.exists():
                raise StoreUnavailable(Trouble.GONE, self.database)
            self._instance = open_instance(self.database)
        except StoreUnavailable as fault:
            self._last_failure = time.monotonic(), fault
            raise
        log_event(LogEvent.STORE_REOPENED)


def _commit(instance: Instance, cursor: Cursor) -> None:
    """Commit; after a failure the engine may write wrong data, though it goes on working.

    DuckDB 1.5.6: a commit that failed for lack of room, then other rows committed and a checkpoint by
    the same engine made a file in which a later commit was acknowledged and not stored.
    """
    try:
        with instance.committing():
            cursor.commit()
        instance.protect_log()
    except duckdb.Error:
        instance.broken = True
        raise


def open_store(database: Path) -> Store:
    """Open a store, made or upgraded where needed, its folder too.

    Raises:
        StoreUnavailable: locked by another process, newer, damaged, not ours, or not writable.
    """
    return Store(open_instance(database))


def open_memory_store() -> Store:
    """An empty store in memory, with the same schema and the same locks; for tests and previews."""
    return Store(open_memory_instance())
