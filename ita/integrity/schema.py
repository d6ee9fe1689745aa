"""The tables themselves: the schema of this program, each key once."""

from __future__ import annotations

from collections.abc import Iterator

from ita.integrity.findings import FindingKind, IntegrityFinding, make_findings
from ita.store import Cursor, open_memory_store
from ita.store.changes import row_key_sql
from ita.store.tables import TABLES

# Table, column, type, whether it may be missing.
Schema = set[tuple[str, str, str, str]]


def check_schema(cursor: Cursor) -> Iterator[IntegrityFinding]:
    with open_memory_store() as new_store, new_store.reading() as fresh:
        expected = _read_schema(fresh)
    differs = sorted(f"{table}.{column}" for table, column, *_ in _read_schema(cursor) ^ expected)
    yield from make_findings(FindingKind.TABLES_DIFFER, dict.fromkeys(differs))


def _read_schema(cursor: Cursor) -> Schema:
    rows = cursor.execute(
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_catalog = current_database()"
    ).fetchall()
    return {(table, column, kind, missing) for table, column, kind, missing in rows}


def check_unique_keys(cursor: Cursor) -> Iterator[IntegrityFinding]:
    duplicates: list[str] = []
    for table in TABLES.values():
        rows = cursor.execute(
            f"SELECT {row_key_sql(table, 't')} AS row_key FROM {table.name} AS t "
            "GROUP BY row_key HAVING count(*) > 1 ORDER BY row_key"
        ).fetchall()
        duplicates += [f"{table.name} {key}" for (key,) in rows]
    yield from make_findings(FindingKind.KEY_TWICE, duplicates)
