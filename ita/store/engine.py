"""The engine: a database file opened with our schema and our locks."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import duckdb

from ita.store.place import log_of
from ita.store.schema import Cursor, migrate
from ita.store.unavailable import StoreUnavailable, Trouble, trouble_of

_SIGNATURE_AT, _SIGNATURE = 8, b"DUCK"

STORAGE = "v1.4.0"
"""The form of new files: from this one on a write-ahead log knows whose it is, and one that was left
beside another file is refused instead of being played into it."""

LOG_BEFORE_CHECKPOINT = "128MB"
"""A commit is durable once it is in the write-ahead log. Moving it from there into the tables costs
twice as much as the commit of a large file, so it waits for more, or for the store's closing."""


def connect(database: Path) -> Cursor:
    """Open a database file, made or upgraded where needed, its folder too.

    Not for a file that this process has open already: see `ita.store.place`.

    Raises:
        StoreUnavailable: held by another process, newer, damaged, not ours, or not writable.
    """
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise StoreUnavailable(Trouble.NO_FOLDER, database) from fault
    check_file(database)
    made = not database.exists()
    try:
        connection = duckdb.connect(
            str(database), config={"storage_compatibility_version": STORAGE}
        )
    except duckdb.Error as fault:
        told = trouble_of(fault, database)
        if made and told.trouble is not Trouble.IN_USE:  # else it is somebody's who is making it
            _clear_away(database)
        raise told from fault
    try:
        lock_down(connection)
        migrate(connection, database)
    except duckdb.Error as fault:
        connection.close()
        raise trouble_of(fault, database) from fault
    except StoreUnavailable:
        connection.close()
        raise
    return connection


def _clear_away(database: Path) -> None:
    """The empty file that a full disk leaves of a new store: nothing could be made in its place."""
    with suppress(OSError):
        if database.stat().st_size == 0:
            database.unlink()


def connect_memory() -> Cursor:
    """An empty database in memory, with the same schema and the same locks."""
    connection = duckdb.connect(":memory:")
    lock_down(connection)
    migrate(connection, Path(":memory:"))
    return connection


def check_file(database: Path) -> None:
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
        elif log_of(database).exists():  # a new file would be given what another one's log says
            raise StoreUnavailable(Trouble.FOREIGN_LOG, database)
    except PermissionError as fault:
        raise StoreUnavailable(Trouble.NO_PERMISSION, database) from fault
    except OSError as fault:
        raise trouble_of(fault, database) from fault


def lock_down(connection: Cursor) -> None:
    """No file, no network and no setting is reachable from SQL after this."""
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET checkpoint_threshold = '{LOG_BEFORE_CHECKPOINT}'")
    # We checkpoint when closing, but never what failed or lies where it did not.
    connection.execute("PRAGMA disable_checkpoint_on_shutdown")
    connection.execute("SET allowed_directories = []")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def ends(fault: duckdb.Error) -> bool:
    """Whether the engine can't be trusted after a fault, and must be closed and opened again."""
    return isinstance(
        fault,
        duckdb.FatalException
        | duckdb.InternalException
        | duckdb.IOException
        | duckdb.SerializationException,
    )


def settle(database: Path) -> None:
    """Write a store's log into its file, whatever its schema.

    Raises:
        StoreUnavailable: in use, or in no state for it.
    """
    check_file(database)
    try:
        with duckdb.connect(str(database)) as connection:
            connection.execute("SET enable_external_access = false")
            connection.execute("CHECKPOINT")
    except duckdb.Error as fault:
        raise trouble_of(fault, database) from fault
