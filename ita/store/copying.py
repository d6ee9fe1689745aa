"""Everything that one moment of a store holds, read out row by row into a file of its own.

The rows are read through the engine and not the bytes through the file system: nobody has to wait
meanwhile, what can't be read shows now and not on the day the copy is needed, a store whose file was
deleted can still be saved, and the lock on the file stays where it is (see `ita.store.place`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ita.store.engine import connect
from ita.store.place import removed, sync
from ita.store.schema import Cursor, last_batch
from ita.store.unavailable import StoreUnavailable, Trouble, trouble_of

ROWS_AT_ONCE = 100_000
BYTES_AT_ONCE = 256 * 1024 * 1024
"""Of kept uploads; a column of bytes that Arrow hands over ends at two gigabytes."""


@dataclass(frozen=True)
class Fingerprint:
    """What a copy must have in common with its source: the last batch, and of each table its number
    of rows and a sum of their hashes, in which their order does not count."""

    last_batch: int
    tables: dict[str, tuple[int, int]]


def fingerprint(cursor: Cursor) -> Fingerprint:
    """Reads every row of every table.

    Raises:
        duckdb.Error: something can't be read.
    """
    return Fingerprint(
        last_batch(cursor), {t: _rows_and_hash(cursor, t) for t in tables_of(cursor)}
    )


def tables_of(cursor: Cursor) -> list[str]:
    """Every table that there is, by name."""
    return [name for (name,) in cursor.execute("SHOW TABLES").fetchall()]


def _rows_and_hash(cursor: Cursor, table: str) -> tuple[int, int]:
    row = cursor.execute(
        f"SELECT count(*), coalesce(sum(CAST(hash(t) AS HUGEINT)), 0) FROM {table} AS t"
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def copy_out(cursor: Cursor, place: Path) -> Fingerprint:
    """Copy what a cursor sees into a new database file: whole and compared, or not at all.

    cursor: outside of a transaction. The copy is of the moment of the call. It is made under another
    name and gets its own when it was read again and found equal; a file of that name is replaced.

    Raises:
        StoreUnavailable: the new file could not be written; says how.
        duckdb.Error: the store can't be read.
    """
    making = place.with_name(f".{place.name}.making")
    cursor.begin()
    try:
        # First, because it reads everything: what fails after it, failed in writing.
        expected = fingerprint(cursor)
        _fill(cursor, making, place)
        _check(making, expected, place)
        sync(making)
        making.replace(place)
        sync(place.parent)
    except OSError as fault:
        raise trouble_of(fault, place) from fault
    finally:
        removed(making)
        cursor.rollback()
    return expected


def _fill(cursor: Cursor, making: Path, place: Path) -> None:
    removed(making)
    try:
        copy = connect(making)
    except StoreUnavailable as fault:
        raise fault.about(place) from fault
    try:
        making.chmod(0o600)  # accounts are in it; whoever asked for it may open it to others
        for table in tables_of(cursor):
            # What the steps of the schema put in is in the source as well.
            copy.execute(f"DELETE FROM {table}")
            for query, values in _pieces(cursor, table):
                rows = cursor.execute(query, values).to_arrow_reader(ROWS_AT_ONCE)
                copy.register("incoming", rows)
                copy.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")
                copy.unregister("incoming")
        copy.execute("CHECKPOINT")
    except duckdb.Error as fault:
        raise trouble_of(fault, place) from fault
    finally:
        copy.close()


def _pieces(cursor: Cursor, table: str) -> Iterator[tuple[str, dict[str, str] | None]]:
    """Queries with their values that give a table's rows, all of them once; uploads by their size."""
    if table != "upload":
        yield f"SELECT * FROM {table}", None
        return
    ends = cursor.execute(
        "SELECT max(file_hash) FROM (SELECT file_hash, sum(octet_length(content)) "
        f"OVER (ORDER BY file_hash) // {BYTES_AT_ONCE} AS piece FROM upload) "
        "GROUP BY piece ORDER BY piece"
    ).fetchall()
    after = ""
    for (last,) in ends:
        yield (
            "SELECT * FROM upload WHERE file_hash > $after AND file_hash <= $last",
            {"after": after, "last": last},
        )
        after = last


def _check(making: Path, expected: Fingerprint, place: Path) -> None:
    """Open the copy as a restore would, and compare all that it holds."""
    try:
        copy = connect(making)
        try:
            found = fingerprint(copy)
        finally:
            copy.close()
    except StoreUnavailable as fault:
        raise fault.about(place) from fault
    except duckdb.Error as fault:
        raise trouble_of(fault, place) from fault
    if found != expected:
        raise StoreUnavailable(Trouble.BAD_COPY, place)
