"""The batches: none missing, each with the number of changes that it records, in order of time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ita.integrity.findings import FindingKind, IntegrityFinding, make_findings
from ita.store import Cursor

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
