"""The tables themselves: as this program makes them, each key once, each index as its table."""

from __future__ import annotations

from collections.abc import Iterator

from ita.keeping.findings import Finding, FindingKind, finding
from ita.store import Cursor, open_memory_store
from ita.store.changes import row_key_sql
from ita.store.tables import TABLES

Form = set[tuple[str, str, str, str]]
"""Table, column, type, whether it may be missing."""


def of_form(cursor: Cursor) -> Iterator[Finding]:
    with open_memory_store() as made, made.reading() as fresh:
        expected = _form(fresh)
    differs = sorted(f"{table}.{column}" for table, column, *_ in _form(cursor) ^ expected)
    yield from finding(FindingKind.TABLES_DIFFER, dict.fromkeys(differs))


def _form(cursor: Cursor) -> Form:
    rows = cursor.execute(
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_catalog = current_database()"
    ).fetchall()
    return {(table, column, kind, missing) for table, column, kind, missing in rows}


def of_keys(cursor: Cursor) -> Iterator[Finding]:
    twice: list[str] = []
    for table in TABLES.values():
        rows = cursor.execute(
            f"SELECT {row_key_sql(table, 't')} AS row_key FROM {table.name} AS t "
            "GROUP BY row_key HAVING count(*) > 1 ORDER BY row_key"
        ).fetchall()
        twice += [f"{table.name} {key}" for (key,) in rows]
    yield from finding(FindingKind.KEY_TWICE, twice)
