"""Every rule of the stored data, checked on one snapshot: the tables, the batches, and the replay of the change log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from ita.auth.audit import audit_findings
from ita.integrity import findings as row_checks
from ita.integrity.findings import FindingKind, IntegrityFinding, make_findings
from ita.reference import Reference
from ita.store import Cursor, Store
from ita.store.changes import row_json_sql, row_key_sql, stale_indexes
from ita.store.tables import TABLES, StoreTable

# The batches: none missing, each with the number of changes that it records, in order of time.

_IS_SCORE = "table_name IN ('score', 'annual_result')"
_CHANGED_ROWS = (
    "count(DISTINCT CASE "
    f"WHEN {_IS_SCORE} AND json_valid(row_key) THEN json_extract_string(row_key, '$[0]') || ' ' "
    "|| json_extract_string(row_key, '$[1]') ELSE table_name || row_key END)"
)
"""SQL for rows of a file: one row of scores touches the year's result and several scores."""


def check_batches(cursor: Cursor) -> Iterator[IntegrityFinding]:
    numbers = [n for (n,) in cursor.execute("SELECT batch_id FROM batch ORDER BY 1").fetchall()]
    missing = sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))
    yield from make_findings(FindingKind.BATCH_MISSING, map(str, missing))
    yield from make_findings(FindingKind.BATCH_COUNTS, _miscounted(cursor))
    yield from make_findings(FindingKind.BATCH_UNDONE_TWICE, _undone_wrongly(cursor))
    yield from make_findings(FindingKind.CHANGE_OF_NO_BATCH, _changes_of_no_batch(cursor))


def _miscounted(cursor: Cursor) -> list[str]:
    rows = cursor.execute(
        f"WITH logged AS (SELECT batch_id, {_CHANGED_ROWS} AS number FROM change GROUP BY batch_id) "
        "SELECT b.batch_id, b.rows_new + b.rows_changed AS recorded, coalesce(t.number, 0) AS number "
        "FROM batch AS b LEFT JOIN logged AS t ON t.batch_id = b.batch_id "
        "WHERE recorded <> coalesce(t.number, 0) ORDER BY b.batch_id"
    ).fetchall()
    return [f"{batch} ({recorded} ≠ {number})" for batch, recorded, number in rows]


def _undone_wrongly(cursor: Cursor) -> list[str]:
    rows = cursor.execute(
        "SELECT u.batch_id FROM batch AS u LEFT JOIN batch AS b ON b.batch_id = u.undoes "
        "WHERE u.undoes IS NOT NULL AND (b.batch_id IS NULL OR u.undoes >= u.batch_id "
        "OR u.undoes IN (SELECT undoes FROM batch GROUP BY undoes HAVING count(*) > 1)) "
        "ORDER BY u.batch_id"
    ).fetchall()
    return [str(number) for (number,) in rows]


def _changes_of_no_batch(cursor: Cursor) -> list[str]:
    rows = cursor.execute(
        "SELECT c.batch_id, c.table_name, c.row_key FROM change AS c "
        "LEFT JOIN batch AS b ON b.batch_id = c.batch_id WHERE b.batch_id IS NULL ORDER BY ALL"
    ).fetchall()
    return [f"{batch}: {table} {key}" for batch, table, key in rows]


def check_clock(cursor: Cursor, now: datetime | None = None) -> Iterator[IntegrityFinding]:
    """now: UTC, without a zone."""
    rows = cursor.execute(
        "WITH ordered AS (SELECT batch_id, saved_at, max(saved_at) OVER (ORDER BY batch_id "
        "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier FROM batch) "
        "SELECT batch_id, saved_at FROM ordered WHERE saved_at < earlier OR saved_at > $now "
        "ORDER BY batch_id",
        {"now": now or datetime.now(UTC).replace(tzinfo=None)},
    ).fetchall()
    yield from make_findings(
        FindingKind.CLOCK_WENT_BACK, [f"{batch} ({at:%Y-%m-%d %H:%M} UTC)" for batch, at in rows]
    )


# Replay of the change log: from its beginning it must lead to the tables as they are.

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


def check_integrity(store: Store, reference: Reference) -> tuple[IntegrityFinding, ...]:
    """Everything that is wrong with a store's data; nothing is changed.

    Raises:
        StoreUnavailable: it can't be read; says why.
    """
    with store.reading() as cursor:
        cursor.begin()  # all rules see the same snapshot, whoever saves meanwhile
        try:
            findings = tuple(_run_checks(cursor, reference))
        finally:
            cursor.rollback()
    stale_index_findings = make_findings(FindingKind.INDEX_DIFFERS, stale_indexes(store))
    return (*findings, *stale_index_findings)


def _run_checks(cursor: Cursor, reference: Reference) -> Iterator[IntegrityFinding]:
    schema_findings = list(row_checks.check_schema(cursor))
    if schema_findings:  # the other rules query columns that may not be there
        yield from schema_findings
        return
    yield from row_checks.check_unique_keys(cursor)
    yield from row_checks.check_ranges(cursor)
    yield from row_checks.check_years(cursor, reference)
    yield from row_checks.check_parts(cursor, reference)
    yield from row_checks.check_references(cursor)
    yield from row_checks.check_spellings(cursor, reference)
    yield from check_batches(cursor)
    yield from check_clock(cursor)
    yield from check_change_log(cursor)
    yield from row_checks.check_rollup(cursor)
    yield from row_checks.check_uploads(cursor)
    audit = (fault.message() for fault in audit_findings(cursor))
    yield from make_findings(FindingKind.AUDIT_BROKEN, audit)
    yield from row_checks.check_totals(cursor, reference)


def is_sound(findings: tuple[IntegrityFinding, ...]) -> bool:
    """Whether nothing is broken; warnings may be right as they are."""
    return all(finding.is_warning for finding in findings)
