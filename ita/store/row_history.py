"""What a batch changed, row by row, and a table as it was after an earlier batch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ita.store import Cursor
from ita.store.changes import column_types, decompress_upload, key_column_sql, row_json_sql
from ita.store.tables import TABLES, StoreTable

Record = dict[str, Any]


@dataclass(frozen=True)
class RowChange:
    """A change of one row of one table: None before = it was new, None after = it was deleted."""

    table: str
    before: Record | None
    after: Record | None

    @property
    def key(self) -> Record:
        row = self.after or self.before or {}
        return {name: row.get(name) for name in TABLES[self.table].key}

    @property
    def fields(self) -> tuple[tuple[str, Any, Any], ...]:
        """Fields that differ: name, before, after."""
        old, new = self.before or {}, self.after or {}
        values = ((n, old.get(n), new.get(n)) for n in TABLES[self.table].values)
        return tuple((name, a, b) for name, a, b in values if a != b)


def _parse_record(text: str | None) -> Record | None:
    return None if text is None else dict(json.loads(text))


def load_changes(cursor: Cursor, batch_id: int, limit: int) -> tuple[RowChange, ...]:
    """The rows that a batch changed, at most `limit`."""
    rows = cursor.execute(
        "SELECT table_name, row_key, before_row, after_row FROM change WHERE batch_id = $batch_id "
        "ORDER BY table_name, row_key LIMIT $limit",
        {"batch_id": batch_id, "limit": limit},
    ).fetchall()
    names = {name for name, _, old, new in rows if old is None and new is None}
    added_rows = {name: _load_added_rows(cursor, TABLES[name], batch_id, limit) for name in names}
    return tuple(
        RowChange(
            name, _parse_record(old), _parse_record(new or (None if old else added_rows[name][key]))
        )
        for name, key, old, new in rows
    )


def _load_added_rows(
    cursor: Cursor, table: StoreTable, batch_id: int, limit: int
) -> dict[str, str]:
    """Key → row as JSON, of the first rows that a batch added to a table and logged by key only.

    The first later change knows what such a row was before; without one it is unchanged.
    """
    types = column_types(cursor, table)
    same_key = " AND ".join(f"current.{n} = {key_column_sql(table, n, types)}" for n in table.key)
    rows = cursor.execute(
        f"WITH added AS (SELECT row_key FROM change WHERE batch_id = $batch_id "
        f"AND table_name = $table_name AND before_row IS NULL AND after_row IS NULL "
        f"ORDER BY row_key LIMIT $limit), "
        f"{_later_changes_sql('AND row_key IN (SELECT row_key FROM added)')}, "
        f"present AS (SELECT added.row_key, {row_json_sql(table, 'current')} AS row "
        f"FROM added JOIN {table.name} AS current ON {same_key}) "
        f"SELECT added.row_key, coalesce(later.before_row, present.row) FROM added "
        f"LEFT JOIN later ON later.row_key = added.row_key AND later.turn = 1 "
        f"LEFT JOIN present ON present.row_key = added.row_key",
        {"batch_id": batch_id, "table_name": table.name, "limit": limit},
    ).fetchall()
    return dict(rows)


def last_batch_before(cursor: Cursor, moment: datetime, now: datetime | None = None) -> int:
    """The number of the last batch saved before a moment (UTC), 0 if there was none.

    The clock of the machine may have been wrong, the order of batches can't: one that seems older
    than those before it was saved after them, and a moment in the future (after now) is ignored.
    """
    row = cursor.execute(
        "WITH ordered AS (SELECT batch_id, coalesce(max(CASE WHEN saved_at <= $now THEN saved_at END) "
        "OVER (ORDER BY batch_id), $now) AS saved_by FROM batch) "
        "SELECT max(batch_id) FROM ordered WHERE saved_by < $moment",
        {"moment": moment, "now": now or datetime.now(UTC).replace(tzinfo=None)},
    ).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def _later_changes_sql(condition: str = "") -> str:
    """SQL for the changes of a table's rows after a batch; the first of each row is its `turn` 1."""
    return (
        "later AS (SELECT row_key, before_row, row_number() OVER "
        "(PARTITION BY row_key ORDER BY batch_id) AS turn FROM change "
        f"WHERE table_name = $table_name AND batch_id > $batch_id {condition})"
    )


def rows_as_of(
    cursor: Cursor, table_name: str, batch_id: int, limit: int | None = None
) -> list[Record]:
    """A table's rows as they were after a batch, by key, at most `limit`: the present rows with later
    changes undone.

    The first later change of a row knows what it was before. Keys are selected first: of a nation's
    millions only the requested rows are made into records.
    """
    table = TABLES[table_name]
    keys = ", ".join(table.key)
    by_key = ", ".join(f"CAST({name} AS VARCHAR)" for name in table.key)
    rows = cursor.execute(
        f"WITH {_first_changes_sql(cursor, table)}, "
        f"past_rows AS (SELECT {keys}, CAST(NULL AS VARCHAR) AS before_row FROM {table.name} AS t "
        f"WHERE NOT EXISTS (SELECT 1 FROM first WHERE {_same_key_sql(table, 'first', 't')}) "
        f"UNION ALL SELECT {keys}, before_row FROM first WHERE before_row IS NOT NULL), "
        f"selected AS (SELECT * FROM past_rows ORDER BY {by_key} LIMIT $limit) "
        f"SELECT coalesce(selected.before_row, {row_json_sql(table, 't')}) AS row "
        f"FROM selected LEFT JOIN {table.name} AS t ON {_same_key_sql(table, 'selected', 't')}",
        {"table_name": table.name, "batch_id": batch_id, "limit": limit},
    ).fetchall()
    records = [record for (text,) in rows if (record := _parse_record(text)) is not None]
    return sorted(records, key=lambda record: [str(record[name]) for name in table.key])


def count_as_of(cursor: Cursor, table_name: str, batch_id: int) -> int:
    """How many rows a table had after a batch."""
    table = TABLES[table_name]
    rows = cursor.execute(
        f"WITH {_first_changes_sql(cursor, table)} SELECT (SELECT count(*) FROM {table.name}) "
        f"- (SELECT count(*) FROM first WHERE EXISTS "
        f"(SELECT 1 FROM {table.name} AS t WHERE {_same_key_sql(table, 'first', 't')})) "
        "+ (SELECT count(*) FROM first WHERE before_row IS NOT NULL)",
        {"table_name": table.name, "batch_id": batch_id},
    ).fetchall()
    return int(rows[0][0])


def _first_changes_sql(cursor: Cursor, table: StoreTable) -> str:
    """SQL for the first change of each row after a batch, with the key's columns."""
    types = column_types(cursor, table)
    parts = ", ".join(f"{key_column_sql(table, name, types)} AS {name}" for name in table.key)
    return (
        f"{_later_changes_sql()}, first AS (SELECT before_row, {parts} FROM later WHERE turn = 1)"
    )


def _same_key_sql(table: StoreTable, left: str, right: str) -> str:
    return " AND ".join(f"{left}.{name} = {right}.{name}" for name in table.key)


def load_upload(cursor: Cursor, batch_id: int) -> tuple[str, bytes] | None:
    """The uploaded file of a batch: its name and bytes; None where it had none."""
    row = cursor.execute(
        "SELECT b.file_name, u.content, u.codec FROM batch AS b JOIN upload AS u "
        "ON u.file_hash = b.file_hash WHERE b.batch_id = $batch_id",
        {"batch_id": batch_id},
    ).fetchone()
    return (str(row[0] or f"batch-{batch_id}"), decompress_upload(row[1], row[2])) if row else None
