"""One opening of the engine: its connection, its files, whether both are usable, and a copy of what it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4
from weakref import WeakValueDictionary

import duckdb

from ita.i18n import _
from ita.logs import LogEvent, log_event
from ita.store.engine import Cursor, connect, connect_memory, last_batch
from ita.store.files import (
    RESCUED,
    FileIdentity,
    file_identity,
    free_name,
    log_path,
    remove_database,
    sync_to_disk,
)
from ita.store.unavailable import StoreUnavailable, Trouble, classify_fault

# A snapshot of a store, copied row by row into a file of its own. The rows are read through the
# engine and not the bytes through the file system: nobody has to wait meanwhile, what can't be read
# shows now and not on the day the copy is needed, a store whose file was deleted can still be saved,
# and the lock on the file is not released (see `ita.store.files`).

COPY_BATCH_ROWS = 100_000
# Of stored uploads; a column of bytes in Arrow ends at two gigabytes.
COPY_BATCH_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class Fingerprint:
    """What a copy must have in common with its source: the last batch, and of each table its number
    of rows and the sum of their hashes, which does not depend on their order."""

    last_batch: int
    tables: dict[str, tuple[int, int]]


def fingerprint(cursor: Cursor) -> Fingerprint:
    """Reads every row of every table.

    Raises:
        duckdb.Error: something can't be read.
    """
    tables: dict[str, tuple[int, int]] = {}
    for table in list_tables(cursor):
        row = cursor.execute(
            f"SELECT count(*), coalesce(sum(CAST(hash(t) AS HUGEINT)), 0) FROM {table} AS t"
        ).fetchone()
        tables[table] = (int(row[0]), int(row[1])) if row else (0, 0)
    return Fingerprint(last_batch(cursor), tables)


def list_tables(cursor: Cursor) -> list[str]:
    """The names of all tables."""
    return [name for (name,) in cursor.execute("SHOW TABLES").fetchall()]


def copy_store(cursor: Cursor, path: Path) -> Fingerprint:
    """Copy what a cursor sees into a new database file: whole and verified, or not at all.

    cursor: outside of a transaction. The copy is of the moment of the call. It is written under
    another name and renamed when it was read again and is equal; a file of that name is replaced.

    Raises:
        StoreUnavailable: the new file could not be written; says how.
        duckdb.Error: the store can't be read.
    """
    partial = path.with_name(f".{path.name}.making")
    cursor.begin()
    try:
        # First, because it reads everything: what fails after it failed in writing.
        expected = fingerprint(cursor)
        _write_copy(cursor, partial, path)
        _verify_copy(partial, expected, path)
        sync_to_disk(partial)
        partial.replace(path)
        sync_to_disk(path.parent)
    except OSError as fault:
        raise classify_fault(fault, path) from fault
    finally:
        remove_database(partial)
        cursor.rollback()
    return expected


def _write_copy(cursor: Cursor, partial: Path, path: Path) -> None:
    remove_database(partial)
    try:
        copy = connect(partial)
    except StoreUnavailable as fault:
        raise fault.for_database(path) from fault
    try:
        partial.chmod(0o600)  # accounts are in it; whoever made it may share it
        for table in list_tables(cursor):
            # What the migrations inserted is in the source as well.
            copy.execute(f"DELETE FROM {table}")
            for query, values in _batch_queries(cursor, table):
                rows = cursor.execute(query, values).to_arrow_reader(COPY_BATCH_ROWS)
                copy.register("incoming", rows)
                copy.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")
                copy.unregister("incoming")
        copy.execute("CHECKPOINT")
    except duckdb.Error as fault:
        raise classify_fault(fault, path) from fault
    finally:
        copy.close()


def _batch_queries(cursor: Cursor, table: str) -> Iterator[tuple[str, dict[str, str] | None]]:
    """Queries with their values that give each of a table's rows once; uploads in batches by size."""
    if table != "upload":
        yield f"SELECT * FROM {table}", None
        return
    ends = cursor.execute(
        "SELECT max(file_hash) FROM (SELECT file_hash, sum(octet_length(content)) "
        f"OVER (ORDER BY file_hash) // {COPY_BATCH_BYTES} AS piece FROM upload) "
        "GROUP BY piece ORDER BY piece"
    ).fetchall()
    after = ""
    for (last,) in ends:
        yield (
            "SELECT * FROM upload WHERE file_hash > $after AND file_hash <= $last",
            {"after": after, "last": last},
        )
        after = last


def _verify_copy(partial: Path, expected: Fingerprint, path: Path) -> None:
    """Open the copy as a restore would, and compare all its rows."""
    try:
        copy = connect(partial)
        try:
            copied = fingerprint(copy)
        finally:
            copy.close()
    except StoreUnavailable as fault:
        raise fault.for_database(path) from fault
    except duckdb.Error as fault:
        raise classify_fault(fault, path) from fault
    if copied != expected:
        raise StoreUnavailable(Trouble.BAD_COPY, path)


MEMORY_PATH = Path(":memory:")
QueryRow = tuple[Any, ...] | None


class FileState(Enum):
    """What is now at the path where the store was opened."""

    IN_PLACE = auto()
    MISSING = auto()
    REPLACED = auto()


class Instance:
    """The engine as it was opened once.

    broken: it failed in a way after which it may return or write wrong data, so it is closed without
    another write and opened again; what was committed is in the log. users: running operations; only
    without any can it be closed. emergency_copy: where everything was copied to, once its file had
    been removed or replaced.
    """

    def __init__(self, connection: Cursor, database: Path) -> None:
        self.opening = uuid4().hex
        self.broken = False
        self.users = 0
        self._commits = 0
        self._committing = False
        self._cached_rows: dict[str, tuple[int, QueryRow]] = {}
        self.emergency_copy: Path | None = None
        self.database = database
        self._connection = connection
        self._file_identity = None if database == MEMORY_PATH else file_identity(database)
        self._log_identity: FileIdentity | None = None
        self._record_log_identity()

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

    def cached_row(self, query: str, run_query: Callable[[], QueryRow]) -> QueryRow:
        """The first row of a query, run once after each commit, and always during one."""
        commit_count = self._commits  # before the query: a commit meanwhile makes it run again
        cached = self._cached_rows.get(query)
        if self._committing:
            return run_query()
        if cached is None or cached[0] != commit_count:
            cached = self._cached_rows[query] = commit_count, run_query()
        return cached[1]

    def file_state(self) -> FileState:
        """Whether the store's file is still there.

        Raises:
            StoreUnavailable: the file system does not respond.
        """
        if self._file_identity is None:
            return FileState.IN_PLACE
        try:
            present_identity = file_identity(self.database)
        except OSError as fault:
            raise classify_fault(fault, self.database) from fault
        if present_identity is None:
            return FileState.MISSING
        return FileState.IN_PLACE if present_identity == self._file_identity else FileState.REPLACED

    def check_in_place(self) -> None:
        """Check that what is written now is where the next start looks for it.

        Raises:
            StoreUnavailable: the file was deleted, moved or replaced while we had it open.
        """
        state = self.file_state()
        if state is not FileState.IN_PLACE:
            trouble = Trouble.GONE if state is FileState.MISSING else Trouble.REPLACED
            copied = _(" ข้อมูลทั้งหมดถูกคัดลอกไว้ที่ {place}", place=self.emergency_copy)
            raise StoreUnavailable(trouble, self.database, copied if self.emergency_copy else "")

    def protect_log(self) -> None:
        """After a commit: make sure that a deleted log takes no commit with it.

        Raises:
            duckdb.Error: it could not be prevented.
        """
        identity_before = self._log_identity
        self._record_log_identity()
        if identity_before and not self._log_identity:  # deleted, unless by the engine itself
            self._connection.execute("CHECKPOINT")

    def _record_log_identity(self) -> None:
        with suppress(OSError):
            self._log_identity = (
                file_identity(log_path(self.database)) if self._file_identity else None
            )

    def emergency_dump(self) -> None:
        """Copy everything into the folder of the removed file, once; where the folder was removed too,
        into the machine's temporary folder.

        Raises:
            StoreUnavailable: that failed.
        """
        if self.emergency_copy or self.broken:
            return
        folder = self.database.parent
        if not folder.is_dir():  # not created again: it may be moved back
            folder = Path(mkdtemp(prefix="ita-"))  # ours alone: accounts are in it
        path = free_name(folder / self.database.name, RESCUED, datetime.now())
        try:
            with self.cursor() as cursor:
                copy_store(cursor, path)
        except duckdb.Error as fault:
            raise classify_fault(fault, self.database) from fault
        self.emergency_copy = path
        log_event(LogEvent.STORE_RESCUED)

    def close(self) -> None:
        """Close; a usable engine checkpoints first, a broken one leaves its files as they are."""
        if not self.broken and self._file_identity:
            with suppress(duckdb.Error, StoreUnavailable):
                if self.file_state() is not FileState.IN_PLACE:
                    self.emergency_dump()
                # Our log goes into its file, wherever that is by now; another database's is left alone.
                if file_identity(log_path(self.database)) in (None, self._log_identity):
                    self._connection.execute("CHECKPOINT")
        self._connection.close()
        if _OPEN_INSTANCES.get(self.database.absolute()) is self:
            del _OPEN_INSTANCES[self.database.absolute()]


# What this process has open. Opening such a file again would release its lock.
_OPEN_INSTANCES: WeakValueDictionary[Path, Instance] = WeakValueDictionary()


def is_open_here(database: Path) -> bool:
    """Whether this process has a file open as a store."""
    return database.absolute() in _OPEN_INSTANCES


def open_instance(database: Path) -> Instance:
    """Open a database file, created or migrated where needed.

    Raises:
        StoreUnavailable: says why; also where this process has it open already.
    """
    if is_open_here(database):
        raise StoreUnavailable(Trouble.IN_USE, database)
    instance = Instance(connect(database), database)
    _OPEN_INSTANCES[database.absolute()] = instance
    return instance


def open_memory_instance() -> Instance:
    return Instance(connect_memory(), MEMORY_PATH)
