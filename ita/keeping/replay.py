"""The change log, gone through from its beginning, leads to the tables as they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ita.keeping.findings import Finding, FindingKind, finding
from ita.store import Cursor
from ita.store.changes import row_json_sql, row_key_sql
from ita.store.tables import TABLES, StoreTable

_AT_ONCE = 10_000

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


def of_log(cursor: Cursor) -> Iterator[Finding]:
    broken = [place for table in TABLES.values() for place in _broken(cursor, table)]
    yield from finding(FindingKind.LOG_BROKEN, broken)
    differs = [place for table in TABLES.values() for place in _differing(cursor, table)]
    yield from finding(FindingKind.LOG_DIFFERS, differs)


def _broken(cursor: Cursor, table: StoreTable) -> Iterator[str]:
    """Changes that do not start from where the one before them ended."""
    cursor.execute(
        f"WITH {_CHAIN} SELECT batch_id, row_key, before_row, "
        "CASE WHEN turn > 1 THEN earlier_after END AS expected, "
        "turn > 1 AND earlier_before IS NULL AND earlier_after IS NULL AS untold, "
        "coalesce(earlier_batch = batch_id, FALSE) AS twice FROM chain "
        "WHERE before_row IS DISTINCT FROM (CASE WHEN turn > 1 THEN earlier_after END) "
        "OR earlier_batch = batch_id ORDER BY batch_id, row_key",
        {"table_name": table.name},
    )
    while rows := cursor.fetchmany(_AT_ONCE):
        for batch, key, before, expected, untold, twice in rows:
            holds = before is not None if untold else _same(before, expected)
            if twice or not holds:
                yield f"{batch}: {table.name} {key}"


def _differing(cursor: Cursor, table: StoreTable) -> Iterator[str]:
    """Rows that are not as their last change left them, or that no change tells of."""
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
    while rows := cursor.fetchmany(_AT_ONCE):
        for key, row, after, untold, is_new in rows:
            if untold or is_new or not _same(row, after):
                yield f"{table.name} {key}"


def _same(one: str | None, other: str | None) -> bool:
    """Rows as JSON; a column that came with a later step of the schema is missing in older ones."""
    return _said(one) == _said(other)


def _said(row: str | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {name: value for name, value in json.loads(row).items() if value is not None}
