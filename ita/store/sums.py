"""Ready-made sums of quarterly completion, one row per agency, year and quarter.

A nation has six million quarters and 330,000 of these, so its means come in a fiftieth of the time.
They are renewed in the transaction of the batch that touched them, for its agency-years only, and
hold nothing that their tables don't say: no weight, no day, no rule that may change. The rules are
`known_percent` and `quarters` of a measure in `ita/measures/model.py`; tests hold both equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ita.store import Cursor
from ita.store.changes import Difference

if TYPE_CHECKING:
    import pyarrow as pa

SUMMED = ("measure", "completion")
"""The tables whose rows are summed up."""

COLUMNS = (
    "agency_id",
    "fiscal_year",
    "quarter",
    "expected",
    "reported",
    "carried",
    "percents",
)
"""expected: measures that work in the quarter. reported: those of them with a report of it; carried:
those without one that were done before. percents: of both, added up."""

_OF_MEASURE = ("agency_id", "fiscal_year", "instrument", "seq")


def worked_out(scope: str = "") -> str:
    """SQL for the rows as the tables have them now. scope: a table of agency-years, "" for all."""
    same = " AND ".join(f"c.{name} = m.{name}" for name in _OF_MEASURE)
    key = ", ".join(_OF_MEASURE)
    of_quarters = ", ".join(
        f"max(percent) FILTER (WHERE quarter = {q}) AS q{q}" for q in (1, 2, 3, 4)
    )
    last = {q: ", ".join(f"c.q{n}" for n in range(q - 1, 0, -1)) for q in (2, 3, 4)}
    # What is done owes no further report, so it is known in later quarters too.
    known = ", ".join(
        f"coalesce(c.q{q}, CASE WHEN coalesce({before}) >= 100 THEN coalesce({before}) END) "
        f"AS known_{q}"
        for q, before in last.items()
    )
    return (
        # Half a period is none, and without one a measure works the whole year.
        f"WITH m AS (SELECT {key}, "
        "CASE WHEN end_quarter IS NULL THEN 1 ELSE coalesce(start_quarter, 1) END AS first_quarter, "
        "CASE WHEN start_quarter IS NULL THEN 4 ELSE coalesce(end_quarter, 4) END AS last_quarter "
        f"FROM measure AS t{_within(scope)}), "
        f"c AS (SELECT {key}, {of_quarters} FROM completion AS t{_within(scope)} GROUP BY {key}), "
        "k AS (SELECT m.agency_id, m.fiscal_year, m.first_quarter, m.last_quarter, "
        f"c.q1, c.q2, c.q3, c.q4, c.q1 AS known_1, {known} FROM m LEFT JOIN c ON {same}), "
        "w AS (SELECT k.agency_id, k.fiscal_year, q.quarter, "
        "q.quarter BETWEEN k.first_quarter AND k.last_quarter AS works, "
        f"{_of_quarter('q')} AS told, {_of_quarter('known_')} AS known "
        "FROM k CROSS JOIN (VALUES (1), (2), (3), (4)) AS q (quarter)) "
        "SELECT agency_id, fiscal_year, quarter, count(*) FILTER (WHERE works) AS expected, "
        "count(told) FILTER (WHERE works) AS reported, "
        "count(known) FILTER (WHERE works AND told IS NULL) AS carried, "
        "coalesce(sum(known) FILTER (WHERE works), 0) AS percents "
        "FROM w GROUP BY agency_id, fiscal_year, quarter"
    )


_BOUNDED = "t.fiscal_year BETWEEN $first AND $last AND t.agency_id BETWEEN $low AND $high"
"""Bounds of the scope, said once more as values: they let the engine pass over most of a table."""


def _within(scope: str) -> str:
    if not scope:
        return ""
    return (
        f" WHERE {_BOUNDED} AND EXISTS (SELECT 1 FROM {scope} AS s "
        "WHERE s.agency_id = t.agency_id AND s.fiscal_year = t.fiscal_year)"
    )


def _of_quarter(column: str) -> str:
    cases = " ".join(f"WHEN {q} THEN k.{column}{q}" for q in (1, 2, 3, 4))
    return f"CASE q.quarter {cases} END"


def renew_sums(cursor: Cursor, differences: Sequence[Difference]) -> None:
    """Bring the sums in line with what a batch has just written; inside its transaction."""
    touched = [_agency_years(found) for found in differences if found.table.name in SUMMED]
    touched = [rows for rows in touched if rows.num_rows]
    if not touched:
        return
    import pyarrow as pa

    both = pa.concat_tables(touched)
    cursor.register("touched", both.group_by(both.column_names).aggregate([]))
    try:
        _renew(cursor, _bounds(both))
    finally:
        cursor.unregister("touched")


def _agency_years(found: Difference) -> pa.Table:
    rows = found.rows.select(["agency_id", "fiscal_year"])
    return rows.take(found.found.column("place"))


def _bounds(touched: pa.Table) -> dict[str, object]:
    import pyarrow.compute as pc

    agencies = pc.min_max(touched.column("agency_id")).as_py()
    years = pc.min_max(touched.column("fiscal_year")).as_py()
    return {
        "low": agencies["min"],
        "high": agencies["max"],
        "first": years["min"],
        "last": years["max"],
    }


def _renew(cursor: Cursor, bounds: dict[str, object]) -> None:
    # Taken out and put in anew; an upsert would look for a key in three times that.
    cursor.execute(f"DELETE FROM quarter_sums AS t{_within('touched')}", bounds)
    cursor.execute(
        f"INSERT INTO quarter_sums ({', '.join(COLUMNS)}) {worked_out('touched')}", bounds
    )


def wrong_sums(cursor: Cursor) -> tuple[tuple[str, int, int], ...]:
    """Agency, year and quarter of every row that is not what its tables say; none in a sound store."""
    columns = ", ".join(COLUMNS)
    rows = cursor.execute(
        f"WITH kept AS (SELECT {columns} FROM quarter_sums), "
        f"fresh AS (SELECT * FROM ({worked_out()}) AS f) "
        f"SELECT DISTINCT agency_id, fiscal_year, quarter FROM "
        f"((SELECT {columns} FROM kept EXCEPT SELECT {columns} FROM fresh) "
        f"UNION ALL (SELECT {columns} FROM fresh EXCEPT SELECT {columns} FROM kept)) AS d "
        "ORDER BY agency_id, fiscal_year, quarter"
    ).fetchall()
    return tuple((agency, year, quarter) for agency, year, quarter in rows)
