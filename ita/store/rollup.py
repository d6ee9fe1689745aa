"""The rollup of quarterly completion, one row per agency, year and quarter.

A nation has six million quarters and 330,000 of these rows, so its means take a fiftieth of the time.
They are refreshed in the transaction of a batch, for its agency-years only, and contain nothing that
their tables don't say: no weight, no day, no rule that may change. The rules are `known_percent` and
`quarters` of a measure in `ita/measures/model.py`; tests compare both.
"""

from __future__ import annotations

from collections.abc import Sequence

from ita.store import Cursor
from ita.store.changes import Difference

ROLLED_UP_TABLES = ("measure", "completion")

# expected: measures that run in the quarter and are not cancelled. reported: those of them with a report of it; carried:
# those without one that were done before. percents: the sum over both.
ROLLUP_COLUMNS = (
    "agency_id",
    "fiscal_year",
    "quarter",
    "expected",
    "reported",
    "carried",
    "percents",
)

_MEASURE_KEY = ("agency_id", "fiscal_year", "instrument", "seq")


def rollup_sql(scope: str = "") -> str:
    """SQL that computes the rollup from the tables. scope: a table of agency-years, "" for all."""
    same_measure = " AND ".join(f"c.{name} = m.{name}" for name in _MEASURE_KEY)
    key = ", ".join(_MEASURE_KEY)
    quarter_columns = ", ".join(
        f"max(percent) FILTER (WHERE quarter = {q}) AS q{q}" for q in (1, 2, 3, 4)
    )
    earlier_quarters = {q: ", ".join(f"c.q{n}" for n in range(q - 1, 0, -1)) for q in (2, 3, 4)}
    # What is done needs no further report, so it is known in later quarters too.
    known = ", ".join(
        f"coalesce(c.q{q}, CASE WHEN coalesce({before}) >= 100 THEN coalesce({before}) END) "
        f"AS known_{q}"
        for q, before in earlier_quarters.items()
    )
    return (
        # Half a period is none, and without one a measure runs the whole year.
        f"WITH m AS (SELECT {key}, "
        "CASE WHEN end_quarter IS NULL THEN 1 ELSE coalesce(start_quarter, 1) END AS first_quarter, "
        "CASE WHEN start_quarter IS NULL THEN 4 ELSE coalesce(end_quarter, 4) END AS last_quarter "
        f"FROM measure AS t{_scope_sql(scope, 't.cancelled IS NULL')}), "
        f"c AS (SELECT {key}, {quarter_columns} FROM completion AS t{_scope_sql(scope)} GROUP BY {key}), "
        "k AS (SELECT m.agency_id, m.fiscal_year, m.first_quarter, m.last_quarter, "
        f"c.q1, c.q2, c.q3, c.q4, c.q1 AS known_1, {known} FROM m LEFT JOIN c ON {same_measure}), "
        "w AS (SELECT k.agency_id, k.fiscal_year, q.quarter, "
        "q.quarter BETWEEN k.first_quarter AND k.last_quarter AS works, "
        f"{_quarter_case_sql('q')} AS reported_percent, {_quarter_case_sql('known_')} AS known "
        "FROM k CROSS JOIN (VALUES (1), (2), (3), (4)) AS q (quarter)) "
        "SELECT agency_id, fiscal_year, quarter, count(*) FILTER (WHERE works) AS expected, "
        "count(reported_percent) FILTER (WHERE works) AS reported, "
        "count(known) FILTER (WHERE works AND reported_percent IS NULL) AS carried, "
        "coalesce(sum(known) FILTER (WHERE works), 0) AS percents "
        "FROM w GROUP BY agency_id, fiscal_year, quarter"
    )


# Bounds of the scope as values: they let the engine skip most of a table.
_BOUNDS_SQL = "t.fiscal_year BETWEEN $first AND $last AND t.agency_id BETWEEN $low AND $high"


def _scope_sql(scope: str, condition: str = "") -> str:
    """A WHERE of what is in the scope and fits the condition; "" where neither says anything."""
    conditions = [condition] if condition else []
    if scope:
        conditions += [
            _BOUNDS_SQL,
            f"EXISTS (SELECT 1 FROM {scope} AS s "
            "WHERE s.agency_id = t.agency_id AND s.fiscal_year = t.fiscal_year)",
        ]
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _quarter_case_sql(column: str) -> str:
    cases = " ".join(f"WHEN {q} THEN k.{column}{q}" for q in (1, 2, 3, 4))
    return f"CASE q.quarter {cases} END"


def refresh_rollup(cursor: Cursor, differences: Sequence[Difference]) -> None:
    """Refresh the rollup for what a batch has just written; inside its transaction."""
    key = ["agency_id", "fiscal_year"]
    changed = [
        difference.rows.select(key).take(difference.differing.column("position"))
        for difference in differences
        if difference.table.name in ROLLED_UP_TABLES and difference.differing.num_rows
    ]
    if not changed:
        return
    import pyarrow as pa
    import pyarrow.compute as pc

    affected = pa.concat_tables(changed).group_by(key).aggregate([])
    agencies, years = (pc.min_max(affected.column(name)) for name in key)
    bounds = {
        "low": agencies["min"].as_py(),
        "high": agencies["max"].as_py(),
        "first": years["min"].as_py(),
        "last": years["max"].as_py(),
    }
    cursor.register("affected", affected)
    try:
        # Deleted and inserted again; an upsert takes three times as long.
        cursor.execute(f"DELETE FROM quarter_sums AS t{_scope_sql('affected')}", bounds)
        cursor.execute(
            f"INSERT INTO quarter_sums ({', '.join(ROLLUP_COLUMNS)}) {rollup_sql('affected')}",
            bounds,
        )
    finally:
        cursor.unregister("affected")


def find_rollup_errors(cursor: Cursor) -> tuple[tuple[str, int, int], ...]:
    """Agency, year and quarter of every row that is not what its tables say; none in a sound store."""
    columns = ", ".join(ROLLUP_COLUMNS)
    rows = cursor.execute(
        f"WITH stored AS (SELECT {columns} FROM quarter_sums), "
        f"fresh AS (SELECT * FROM ({rollup_sql()}) AS f) "
        f"SELECT DISTINCT agency_id, fiscal_year, quarter FROM "
        f"((SELECT {columns} FROM stored EXCEPT SELECT {columns} FROM fresh) "
        f"UNION ALL (SELECT {columns} FROM fresh EXCEPT SELECT {columns} FROM stored)) AS d "
        "ORDER BY agency_id, fiscal_year, quarter"
    ).fetchall()
    return tuple((agency, year, quarter) for agency, year, quarter in rows)
