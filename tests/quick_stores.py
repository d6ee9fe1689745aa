"""Stores in memory as the quick tests make them: in half the time of the program's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from ita.store.engine import lock_down, migrate

Cursor = duckdb.DuckDBPyConnection


def connect_memory() -> Cursor:
    """As `ita.store.engine.connect_memory`, by the schema that all migrations leave behind, which
    `test_a_quick_store_is_what_the_migrations_make` compares; and with one thread."""
    connection = duckdb.connect(config={"threads": 1})
    script, rows = _migrated()
    connection.execute(script)
    for query, values in rows:
        connection.execute(query, values)
    lock_down(connection)
    return connection


@cache
def _migrated() -> tuple[str, list[tuple[str, list[Any]]]]:
    with duckdb.connect() as connection:
        migrate(connection, Path(":memory:"))
        tables = connection.execute("SELECT sql FROM duckdb_tables()").fetchall()
        return "\n".join(sql for (sql,) in tables), rows_as_inserts(connection)


def rows_as_inserts(cursor: Cursor) -> list[tuple[str, list[Any]]]:
    """How all rows of all tables are written into a store without them, with their values."""
    written = []
    for (table,) in cursor.execute("SELECT table_name FROM duckdb_tables()").fetchall():
        found = cursor.execute(f"SELECT * FROM {table}").fetchall()
        if found:
            row = f"({', '.join('?' * len(found[0]))})"
            query = f"INSERT INTO {table} VALUES {', '.join([row] * len(found))}"
            written.append((query, [value for line in found for value in line]))
    return written
