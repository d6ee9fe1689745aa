"""A snapshot of a store, copied row by row into a file of its own.

The rows are read through the engine and not the bytes through the file system: nobody has to wait
meanwhile, what can't be read shows now and not on the day the copy is needed, a store whose file was
deleted can still be saved, and the lock on the file is not released (see `ita.store.files`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ita.store.engine import connect
from ita.store.files import remove_database, sync_to_disk
from ita.store.schema import Cursor, last_batch
from ita.store.unavailable import StoreUnavailable, Trouble, classify_fault

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
    return Fingerprint(
        last_batch(cursor), {t: _rows_and_hash(cursor, t) for t in list_tables(cursor)}
    )


def list_tables(cursor: Cursor) -> list[str]:
    """The names of all tables."""
    return [name for (name,) in cursor.execute("SHOW TABLES").fetchall()]


def _rows_and_hash(cursor: Cursor, table: str) -> tuple[int, int]:
    row = cursor.execute(
        f"SELECT count(*), coalesce(sum(CAST(hash(t) AS HUGEINT)), 0) FROM {table} AS t"
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


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
