"""National figures, first after a commit: league, bands, movers and completion, against plain SQL."""

from __future__ import annotations

import gc
import itertools
import shutil
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.nation import FIRST, YEARS, brought
from benchmarks.nation_work import work_files
from benchmarks.rounds import Goal, Missing, NotMeasured, Row, interleaved, row
from ita.config import Settings
from ita.domain import TOTAL, FiscalYear
from ita.measures.means import GroupCompletion, load_group_completion
from ita.reference import Reference, load_reference
from ita.scores.league import League, Movers, build_league, compute_movers
from ita.scores.nation import load_nation
from ita.scores.peers import BAND_PERCENTILES, Group, PeerTrend, compute_peer_trend
from ita.store import Cursor, open_store

ROUNDS = 7
YEAR, WORK_YEAR = YEARS[-1], YEARS[0]
FILES_OF_A_YEAR = 6
NEAR = Decimal("0.01")
"""Between our exact rule, half up, and SQL's floating point."""

LEAGUE = """
SELECT a.agency_id, CAST(t.value AS DECIMAL(5, 2)) AS total, CAST(i.value AS DECIMAL(5, 2)) AS iit,
  CAST(e.value AS DECIMAL(5, 2)) AS eit, CAST(o.value AS DECIMAL(5, 2)) AS oit, a.name_th, a.province,
  CASE WHEN t.value IS NOT NULL THEN rank() OVER (ORDER BY t.value DESC NULLS LAST) END AS rank,
  CASE WHEN t.value IS NOT NULL THEN b.since END AS since,
  CAST(t.value - b.value AS DECIMAL(5, 2)) AS change
FROM agency AS a
LEFT JOIN score AS t ON t.agency_id = a.agency_id AND t.fiscal_year = $year AND t.part = 'total'
LEFT JOIN score AS i ON i.agency_id = a.agency_id AND i.fiscal_year = $year AND i.part = 'IIT'
LEFT JOIN score AS e ON e.agency_id = a.agency_id AND e.fiscal_year = $year AND e.part = 'EIT'
LEFT JOIN score AS o ON o.agency_id = a.agency_id AND o.fiscal_year = $year AND o.part = 'OIT'
LEFT JOIN (
  SELECT agency_id, max(fiscal_year) AS since, arg_max(value, fiscal_year) AS value FROM score
  WHERE part = 'total' AND list_contains($earlier, fiscal_year) GROUP BY agency_id
) AS b ON b.agency_id = a.agency_id
ORDER BY t.value DESC NULLS LAST, a.agency_id
"""
BANDS = """
SELECT s.fiscal_year, count(*) AS reported, avg(CAST(s.value AS DOUBLE)) AS mean,
  quantile_cont(CAST(s.value AS DOUBLE), $shares) AS edges,
  count(*) FILTER (WHERE s.value > m.value) + 1 AS rank
FROM score AS s
LEFT JOIN score AS m ON m.agency_id = $agency AND m.fiscal_year = s.fiscal_year AND m.part = 'total'
WHERE s.part = 'total' GROUP BY s.fiscal_year ORDER BY s.fiscal_year
"""
MOVERS = """
WITH moved AS (
  SELECT t.agency_id, t.value - b.value AS change FROM score AS t
  JOIN score AS b ON b.agency_id = t.agency_id AND b.part = t.part AND b.fiscal_year = $before
  WHERE t.part = 'total' AND t.fiscal_year = $year
)
SELECT (SELECT count(*) FROM moved) AS compared, (SELECT count(*) FROM moved WHERE change > 0) AS up,
  ARRAY(SELECT agency_id FROM moved WHERE change > 0 ORDER BY change DESC, agency_id LIMIT 10) AS most_up,
  ARRAY(SELECT agency_id FROM moved WHERE change < 0 ORDER BY change, agency_id LIMIT 10) AS most_down
"""
COMPLETION = """
SELECT s.quarter, sum(s.expected) AS expected, sum(s.reported) AS reported, sum(s.carried) AS carried,
  sum(s.percents) / (sum(s.reported) + sum(s.carried)) AS mean,
  count(*) FILTER (WHERE s.expected > 0) AS agencies, count(*) FILTER (WHERE s.reported > 0) AS reporting,
  count(*) AS planning, (SELECT count(*) FROM agency) AS stored
FROM quarter_sums AS s JOIN agency AS a ON a.agency_id = s.agency_id
WHERE s.fiscal_year = $year GROUP BY s.quarter ORDER BY s.quarter
"""


def measure_national(folder: Path, store: Path) -> list[Row | Missing]:
    """The rows of goal 16; `store` holds the nation's scores, a copy of it a year of work too."""
    place = folder / "national.duckdb"
    shutil.copy(store, place)
    reference = load_reference(Settings().reference)
    with open_store(place) as opened:
        for kind, content in itertools.islice(work_files(), FILES_OF_A_YEAR):
            brought(opened, kind, content)
        with opened.reading() as cursor:
            return _measured(cursor, reference)


def _measured(cursor: Cursor, reference: Reference) -> list[Row | Missing]:
    earlier = [int(y) for y in YEARS if y < YEAR and reference.comparable(y, YEAR)]
    before = FiscalYear(max(earlier))

    def from_scores() -> tuple[League, Sequence[Any], PeerTrend, Movers]:
        read = load_nation(cursor, reference, indicators=False)
        table = build_league(read, Group(), YEAR, reference)
        rows = table.rows()
        trend = compute_peer_trend(read, Group(), TOTAL, FIRST)
        return table, rows, trend, compute_movers(read, Group(), before, YEAR)

    def by_sql() -> tuple[list[Any], list[Any], list[Any]]:
        bound = {"year": int(YEAR), "earlier": earlier}
        rows = cursor.execute(LEAGUE, bound).fetchall()
        shares = [share / 100 for share in BAND_PERCENTILES]
        bands = cursor.execute(BANDS, {"shares": shares, "agency": FIRST}).fetchall()
        pair = {"year": int(YEAR), "before": int(before)}
        return rows, bands, cursor.execute(MOVERS, pair).fetchall()

    def completion() -> GroupCompletion:
        return load_group_completion(cursor, WORK_YEAR, "", "", reference)

    def completion_by_sql() -> list[Any]:
        return cursor.execute(COMPLETION, {"year": int(WORK_YEAR)}).fetchall()

    _compare_scores(from_scores(), by_sql())
    _compare_completion(completion(), completion_by_sql())
    scores = interleaved({"ours": _timed(from_scores), "sql": _timed(by_sql)}, ROUNDS)
    work = interleaved({"ours": _timed(completion), "sql": _timed(completion_by_sql)}, ROUNDS)
    note = (
        "first after a commit: totals and instruments of ten years read, every agency's row of the league, bands of ten "
        "years with one agency's rank, movers; DuckDB's own SQL of the same, all figures compared before the clock"
    )
    return [
        row("national scores by pandas", "ms", scores, "ours", "sql", Goal(16, 2.0), note),
        row("national completion by pandas", "ms", work, "ours", "sql", Goal(16, 2.0)),
    ]


def _timed(work: Callable[[], object]) -> Callable[[], float]:
    def side() -> float:
        gc.collect()  # as in the server, where what the other side left behind is nobody's time
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return side


def _compare_scores(
    ours: tuple[League, Sequence[Any], PeerTrend, Movers],
    theirs: tuple[list[Any], list[Any], list[Any]],
) -> None:
    _, rows, trend, moved = ours
    table, bands, movers_of_sql = theirs
    mine = [
        (
            one.agency.agency_id,
            one.score,
            *one.instruments,
            one.agency.name,
            one.agency.province,
            one.rank.rank if one.rank else None,
            one.since,
            one.change,
        )
        for one in rows
    ]
    # A year is said only beside a change.
    told = [(*line[:8], None if line[9] is None else line[8], line[9]) for line in table]
    _same("league", mine, told)
    for year, band in zip(trend.years, bands, strict=True):
        _same(
            "bands",
            (year.year, year.scored_agencies, year.rank and year.rank.rank),
            (*band[:2], band[4]),
        )
        figures = [(year.mean, band[2]), *zip(year.percentiles, band[3], strict=True)]
        if any(abs(Decimal(mine or 0) - Decimal(other)) > NEAR for mine, other in figures):
            raise NotMeasured(f"the bands of {year.year} differ: {figures}")
    up, down = (
        [one.agency.agency_id for one in side]
        for side in (moved.largest_rises, moved.largest_falls)
    )
    _same("movers", (moved.compared_agencies, moved.rise_count, up, down), movers_of_sql[0])


def _compare_completion(ours: GroupCompletion, theirs: list[Any]) -> None:
    for quarter, line in zip(ours.quarters, theirs, strict=True):
        mean = quarter.mean
        counts = (mean.quarter.number, mean.expected, mean.reported, mean.carried)
        agencies = (quarter.agencies, quarter.reporting_agencies)
        whole = (ours.agencies_with_measures, ours.stored_agencies)
        _same("completion", (*counts, *agencies, *whole), (*line[:4], *line[5:]))
        if mean.mean is None or abs(mean.mean - Decimal(line[4])) > NEAR:
            raise NotMeasured(f"completion differs: {mean.mean} and {line[4]}")


def _same(what: str, ours: object, theirs: object) -> None:
    """
    Raises:
        NotMeasured: the two sides don't have the same figures.
    """
    if ours != theirs:
        pairs = zip(ours, theirs, strict=False) if isinstance(ours, list | tuple) else ()
        first = next((pair for pair in pairs if pair[0] != pair[1]), (ours, theirs))
        raise NotMeasured(f"{what} differ: {first[0]} and {first[1]}")
