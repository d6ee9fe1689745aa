"""The engine: a database file opened with our schema, its migrations applied, and our security settings."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import duckdb

from ita.store.files import log_path
from ita.store.unavailable import StoreUnavailable, Trouble, classify_fault

# The migrations of the schema, and applying them to a store.

MIGRATIONS = Path(__file__).parent / "migrations"

# One operation's own view of the connection; never shared between threads.
Cursor = duckdb.DuckDBPyConnection


def migrations() -> list[tuple[int, Path]]:
    """The numbers and files of the migrations, in their order."""
    return sorted((int(file.name[:4]), file) for file in MIGRATIONS.glob("*.sql"))


def migrate(connection: Cursor, database: Path) -> None:
    """Apply all missing migrations to an open database, or none.

    Raises:
        StoreUnavailable: not a store, or of a newer program.
        duckdb.Error: a migration failed; the database is as it was.
    """
    tables = {name for (name,) in connection.execute("SHOW TABLES").fetchall()}
    if tables and "schema_version" not in tables:
        raise StoreUnavailable(Trouble.NOT_A_STORE, database)
    cursor = connection.cursor()
    cursor.begin()
    cursor.execute(
        "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, applied_at TIMESTAMP)"
    )
    present_version = one_value(cursor, "SELECT max(version) FROM schema_version")
    steps = migrations()
    if present_version > steps[-1][0]:
        cursor.rollback()
        raise StoreUnavailable(Trouble.NEWER, database)
    for number, file in steps:
        if number > present_version:
            cursor.execute(file.read_text(encoding="utf-8"))
            cursor.execute(
                "INSERT INTO schema_version VALUES ($number, CAST(now() AS TIMESTAMP))",
                {"number": number},
            )
    cursor.commit()


def one_value(cursor: Cursor, query: str, **values: object) -> int:
    """The number that a query of one row and one column gives."""
    row = cursor.execute(query, values or None).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


LAST_BATCH = "SELECT max(batch_id) FROM batch"


def last_batch(cursor: Cursor) -> int:
    """The number of the last batch, 0 in a store without imports."""
    return one_value(cursor, LAST_BATCH)


_SIGNATURE_OFFSET, _SIGNATURE = 8, b"DUCK"

# Of new files: from this version on a write-ahead log knows its database, and one that was left
# beside another file is refused instead of being replayed into it.
STORAGE_VERSION = "v1.4.0"

# A commit is durable once it is in the write-ahead log. A checkpoint costs twice as much as the
# commit of a large file, so it waits for more, or for the store's closing.
CHECKPOINT_THRESHOLD = "128MB"


def connect(database: Path) -> Cursor:
    """Open a database file, created or migrated where needed, its folder too.

    Not for a file that this process has open already: see `ita.store.files`.

    Raises:
        StoreUnavailable: locked by another process, newer, damaged, not ours, or not writable.
    """
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise StoreUnavailable(Trouble.NO_FOLDER, database) from fault
    check_file(database)
    is_new = not database.exists()
    try:
        connection = duckdb.connect(
            str(database), config={"storage_compatibility_version": STORAGE_VERSION}
        )
    except duckdb.Error as fault:
        unavailable = classify_fault(fault, database)
        if is_new and unavailable.trouble is not Trouble.IN_USE:  # else another process creates it
            # The empty file that a full disk leaves of a new store would block the next start.
            with suppress(OSError):
                if database.stat().st_size == 0:
                    database.unlink()
        raise unavailable from fault
    try:
        lock_down(connection)
        migrate(connection, database)
    except duckdb.Error as fault:
        connection.close()
        raise classify_fault(fault, database) from fault
    except StoreUnavailable:
        connection.close()
        raise
    return connection


def connect_memory() -> Cursor:
    """An empty database in memory, with the same schema and the same security settings."""
    connection = duckdb.connect(":memory:")
    lock_down(connection)
    migrate(connection, Path(":memory:"))
    return connection


def check_file(database: Path) -> None:
    """Check what DuckDB would report unclearly or too late; for another program's file it would even
    try to load an extension from the network."""
    try:
        if database.is_dir():
            raise StoreUnavailable(Trouble.NOT_A_STORE, database)
        exists = database.exists()
        if not all(os.access(p, os.W_OK) for p in (database.parent, *[database] * exists)):
            raise StoreUnavailable(Trouble.NO_PERMISSION, database)
        if exists:
            with database.open("rb") as stream:
                head = stream.read(_SIGNATURE_OFFSET + len(_SIGNATURE))
            if head[_SIGNATURE_OFFSET:] != _SIGNATURE:
                raise StoreUnavailable(Trouble.NOT_A_STORE, database)
        elif log_path(
            database
        ).exists():  # another database's log would be replayed into a new file
            raise StoreUnavailable(Trouble.FOREIGN_LOG, database)
    except PermissionError as fault:
        raise StoreUnavailable(Trouble.NO_PERMISSION, database) from fault
    except OSError as fault:
        raise classify_fault(fault, database) from fault


def lock_down(connection: Cursor) -> None:
    """No file, no network and no setting is reachable from SQL after this."""
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET checkpoint_threshold = '{CHECKPOINT_THRESHOLD}'")
    # We checkpoint when closing, but never an engine that failed or whose file was moved.
    connection.execute("PRAGMA disable_checkpoint_on_shutdown")
    connection.execute("SET allowed_directories = []")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def breaks_engine(fault: duckdb.Error) -> bool:
    """Whether the engine can't be trusted after an error, and must be closed and opened again."""
    return isinstance(
        fault,
        duckdb.FatalException
        | duckdb.InternalException
        | duckdb.IOException
        | duckdb.SerializationException,
    )


def checkpoint_file(database: Path) -> None:
    """Write a store's log into its file, whatever its schema.

    Raises:
        StoreUnavailable: in use, or damaged.
    """
    check_file(database)
    try:
        with duckdb.connect(str(database)) as connection:
            connection.execute("SET enable_external_access = false")
            connection.execute("CHECKPOINT")
    except duckdb.Error as fault:
        raise classify_fault(fault, database) from fault
