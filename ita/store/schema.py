"""The migrations of the schema, and applying them to a store."""

from __future__ import annotations

from pathlib import Path

import duckdb

from ita.store.unavailable import StoreUnavailable, Trouble

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
