"""The store: one embedded DuckDB file, the only room that opens it.

Current tables hold the present truth under natural keys; beside them `batch` and `change` only
grow, so every figure has a source and every batch can be taken back.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from uuid import uuid4

import duckdb

from ita.store.unavailable import StoreUnavailable, Trouble, trouble_of

MIGRATIONS = Path(__file__).parent / "migrations"

Cursor = duckdb.DuckDBPyConnection
"""One operation's own view of the connection; never shared between threads."""


class Store:
    """An open store. One a process; every operation takes a cursor of its own.

    A connection object used by several threads gives wrong results silently, so none is handed out.
    """

    def __init__(self, database: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.database = database
        self.opening = uuid4().hex
        self._connection = connection
        self._write_lock = threading.RLock()

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """A cursor for one read.

        Raises:
            StoreUnavailable: the engine failed; says how.
        """
        cursor = self._cursor()
        try:
            yield cursor
        except duckdb.ProgrammingError:
            raise  # our own mistake, not the machine's
        except duckdb.Error as fault:
            raise trouble_of(fault, self.database) from fault
        finally:
            cursor.close()

    @contextmanager
    def writing(self) -> Iterator[Cursor]:
        """A cursor inside one transaction, alone in this process; committed at the end of the block.

        Anything raised inside rolls it back, and nothing of the block is stored.

        Raises:
            StoreUnavailable: the engine failed; says how.
        """
        with self._write_lock, self.reading() as cursor:
            cursor.begin()
            try:
                yield cursor
                cursor.commit()
            except BaseException:
                _roll_back(cursor)
                raise

    def version(self) -> int:
        """The number of the last batch: the key of every cache. It grows with each change."""
        with self.reading() as cursor:
            return last_batch(cursor)

    def close(self) -> None:
        with self._write_lock:
            self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _cursor(self) -> Cursor:
        try:
            return self._connection.cursor()
        except duckdb.Error as fault:
            raise trouble_of(fault, self.database) from fault


def one_value(cursor: Cursor, query: str, **values: object) -> int:
    """The number that a query of one row and one column gives."""
    row = cursor.execute(query, values or None).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def last_batch(cursor: Cursor) -> int:
    """The number of the last batch, 0 in a store that nothing was ever brought into."""
    return one_value(cursor, "SELECT max(batch_id) FROM batch")


def _roll_back(cursor: Cursor) -> None:
    # If the engine has already given the transaction up, the first fault is the one to tell.
    with suppress(duckdb.Error):
        cursor.rollback()


def open_store(database: Path) -> Store:
    """Open a store, made or upgraded where needed, its folder too.

    Raises:
        StoreUnavailable: held by another process, newer, damaged, not ours, or not writable.
    """
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise StoreUnavailable(Trouble.NO_FOLDER, database) from fault
    _check_file(database)
    try:
        connection = duckdb.connect(str(database))
    except duckdb.Error as fault:
        raise trouble_of(fault, database) from fault
    try:
        _lock_down(connection)
        _migrate(connection, database)
    except duckdb.Error as fault:
        connection.close()
        raise trouble_of(fault, database) from fault
    except StoreUnavailable:
        connection.close()
        raise
    return Store(database, connection)


def open_memory_store() -> Store:
    """An empty store in memory, with the same schema and the same locks; for tests and previews."""
    connection = duckdb.connect(":memory:")
    _lock_down(connection)
    _migrate(connection, Path(":memory:"))
    return Store(Path(":memory:"), connection)


_SIGNATURE_AT, _SIGNATURE = 8, b"DUCK"


def _check_file(database: Path) -> None:
    """What DuckDB would say unclearly, or later than we want to know; of another program's file it
    would even try to load an extension from the network."""
    try:
        if database.is_dir():
            raise StoreUnavailable(Trouble.NOT_A_STORE, database)
        exists = database.exists()
        if not all(os.access(p, os.W_OK) for p in (database.parent, *[database] * exists)):
            raise StoreUnavailable(Trouble.NO_PERMISSION, database)
        if exists:
            with database.open("rb") as stream:
                head = stream.read(_SIGNATURE_AT + len(_SIGNATURE))
            if head[_SIGNATURE_AT:] != _SIGNATURE:
                raise StoreUnavailable(Trouble.NOT_A_STORE, database)
    except PermissionError as fault:
        raise StoreUnavailable(Trouble.NO_PERMISSION, database) from fault
    except OSError as fault:
        raise trouble_of(fault, database) from fault


LOG_BEFORE_CHECKPOINT = "128MB"
"""A commit is durable once it is in the write-ahead log. Moving it from there into the tables costs
twice as much as the commit of a large file, so it waits for more, or for the store's closing."""


def _lock_down(connection: duckdb.DuckDBPyConnection) -> None:
    """No file, no network and no setting is reachable from SQL after this."""
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET checkpoint_threshold = '{LOG_BEFORE_CHECKPOINT}'")
    connection.execute("SET allowed_directories = []")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def migrations() -> list[tuple[int, Path]]:
    """The numbered steps of the schema, in their order."""
    return sorted((int(file.name[:4]), file) for file in MIGRATIONS.glob("*.sql"))


def _migrate(connection: duckdb.DuckDBPyConnection, database: Path) -> None:
    tables = {name for (name,) in connection.execute("SHOW TABLES").fetchall()}
    if tables and "schema_version" not in tables:
        raise StoreUnavailable(Trouble.NOT_A_STORE, database)
    cursor = connection.cursor()
    cursor.begin()
    cursor.execute(
        "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, applied_at TIMESTAMP)"
    )
    present = one_value(cursor, "SELECT max(version) FROM schema_version")
    steps = migrations()
    if present > steps[-1][0]:
        cursor.rollback()
        raise StoreUnavailable(Trouble.NEWER, database)
    for number, file in steps:
        if number > present:
            cursor.execute(file.read_text(encoding="utf-8"))
            cursor.execute(
                "INSERT INTO schema_version VALUES ($number, CAST(now() AS TIMESTAMP))",
                {"number": number},
            )
    cursor.commit()
