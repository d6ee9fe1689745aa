"""Replay of the change log: from its beginning it must lead to the tables as they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ita.integrity.findings import FindingKind, IntegrityFinding, make_findings
from ita.store import Cursor
from ita.store.changes import row_json_sql, row_key_sql
from ita.store.tables import TABLES, StoreTable

_BATCH_SIZE = 10_000

_CHAIN = (
    "chain AS (SELECT batch_id, row_key, before_row, after_row, "
    "row_number() OVER in_order AS turn, "
    "lag(before_row) OVER in_order AS earlier_before, lag(after_row) OVER in_order AS earlier_after, "
    "lag(batch_id) OVER in_order AS earlier_batch, "
    "row_number() OVER (PARTITION BY row_key ORDER BY batch_id DESC) AS turn_from_end "
    "FROM change WHERE table_name = $table_name "
    "WINDOW in_order AS (PARTITION BY row_key ORDER BY batch_id))"
)
"""SQL for a table's changes, each with the one before it of the same row. A change without before
and after is a new row whose content stands in the table, or in the `before` of the next change."""


def check_change_log(cursor: Cursor) -> Iterator[IntegrityFinding]:
    broken = [place for table in TABLES.values() for place in _broken_changes(cursor, table)]
    yield from make_findings(FindingKind.LOG_BROKEN, broken)
    differs = [place for table in TABLES.values() for place in _differing_rows(cursor, table)]
    yield from make_findings(FindingKind.LOG_DIFFERS, differs)


def _broken_changes(cursor: Cursor, table: StoreTable) -> Iterator[str]:
    """Changes whose before differs from the after of the one before them."""
    cursor.execute(
        f"WITH {_CHAIN} SELECT batch_id, row_key, before_row, "
        "CASE WHEN turn > 1 THEN earlier_after END AS expected, "
        "turn > 1 AND earlier_before IS NULL AND earlier_after IS NULL AS untold, "
        "coalesce(earlier_batch = batch_id, FALSE) AS twice FROM chain "
        "WHERE before_row IS DISTINCT FROM (CASE WHEN turn > 1 THEN earlier_after END) "
        "OR earlier_batch = batch_id ORDER BY batch_id, row_key",
        {"table_name": table.name},
    )
    while rows := cursor.fetchmany(_BATCH_SIZE):
        for batch, key, before, expected, is_new_before, is_duplicate in rows:
            is_continuous = before is not None if is_new_before else _is_same_row(before, expected)
            if is_duplicate or not is_continuous:
                yield f"{batch}: {table.name} {key}"


def _differing_rows(cursor: Cursor, table: StoreTable) -> Iterator[str]:
    """Rows that are not as their last change left them, or that have no change."""
    cursor.execute(
        f"WITH {_CHAIN}, last AS (SELECT row_key, before_row, after_row FROM chain "
        "WHERE turn_from_end = 1), "
        f"present AS (SELECT {row_key_sql(table, 't')} AS row_key, {row_json_sql(table, 't')} AS row "
        f"FROM {table.name} AS t) "
        "SELECT coalesce(present.row_key, last.row_key) AS row_key, present.row, last.after_row, "
        "last.row_key IS NULL AS untold, "
        "last.before_row IS NULL AND last.after_row IS NULL AS is_new "
        "FROM present FULL OUTER JOIN last ON last.row_key = present.row_key "
        "WHERE last.row_key IS NULL "
        "OR (CASE WHEN last.before_row IS NULL AND last.after_row IS NULL THEN present.row IS NULL "
        "ELSE present.row IS DISTINCT FROM last.after_row END) ORDER BY row_key",
        {"table_name": table.name},
    )
    while rows := cursor.fetchmany(_BATCH_SIZE):
        for key, row, after, is_unlogged, is_new in rows:
            if is_unlogged or is_new or not _is_same_row(row, after):
                yield f"{table.name} {key}"


def _is_same_row(left: str | None, right: str | None) -> bool:
    """Rows as JSON; a column that came with a later step of the schema is missing in older ones."""
    return _parse_row(left) == _parse_row(right)


def _parse_row(row: str | None) -> dict[str, Any] | None:
    if row is None:
        return None
    try:
        fields = json.loads(row)
    except ValueError:  # changed behind the program's back, and equal to no row
        return {"": row}
    if not isinstance(fields, dict):
        return {"": row}
    return {name: value for name, value in fields.items() if value is not None}
