"""Mean completion of a group of agencies by quarter; what was not reported is never 0."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ita.measures.rules import is_due
from ita.store import Cursor
from ita.vocabulary import FiscalYear, Quarter, two_places


@dataclass(frozen=True)
class GroupQuarter:
    """One quarter of a group of agencies.

    agencies: those with measures that work in it; telling: those of them of which any is known.
    expected, reported: measures, as in `QuarterMean`. mean: percent over those reported, to two
    places; None where nothing is known, or where the quarter has no figures yet.
    """

    quarter: Quarter
    agencies: int
    telling: int
    expected: int
    reported: int
    mean: Decimal | None


@dataclass(frozen=True)
class GroupCompletion:
    """known: agencies of the group in the store; planning: those with any measure in the year."""

    year: FiscalYear
    known: int
    planning: int
    quarters: tuple[GroupQuarter, ...]


def group_completion(
    cursor: Cursor, year: FiscalYear, agency_type: str, province: str, today: date
) -> GroupCompletion:
    """The four quarters of a year of a group; "" = agencies of whatever type, whatever province."""
    group = {"type": agency_type, "province": province}
    own = (
        "($type = '' OR coalesce(a.agency_type, '') = $type) "
        "AND ($province = '' OR coalesce(a.province, '') = $province)"
    )
    rows = cursor.execute(
        "SELECT s.quarter, count(*) AS planning, count(*) FILTER (WHERE s.expected > 0) AS agencies, "
        "count(*) FILTER (WHERE s.reported > 0) AS telling, sum(s.expected) AS expected, "
        "sum(s.reported) AS reported, sum(s.percents) AS percents, sum(s.told) AS told "
        "FROM quarter_sums AS s JOIN agency AS a ON a.agency_id = s.agency_id "
        f"WHERE s.fiscal_year = $year AND {own} GROUP BY s.quarter",
        {"year": int(year), **group},
    ).fetchall()
    known = cursor.execute(f"SELECT count(*) AS known FROM agency AS a WHERE {own}", group)
    by_quarter = {quarter: figures for quarter, *figures in rows}
    quarters = tuple(_quarter(q, by_quarter.get(q.number), today) for q in year.quarters)
    planning = max((figures[0] for figures in by_quarter.values()), default=0)
    return GroupCompletion(year, (known.fetchone() or (0,))[0], planning, quarters)


def _quarter(quarter: Quarter, figures: list[int] | None, today: date) -> GroupQuarter:
    if figures is None:
        return GroupQuarter(quarter, 0, 0, 0, 0, None)
    _, agencies, telling, expected, reported, percents, told = figures
    if not (is_due(quarter, today) or told):
        return GroupQuarter(quarter, agencies, 0, int(expected), 0, None)
    mean = Fraction(percents) / int(reported) if reported else None
    shown = None if mean is None else two_places(Decimal(mean.numerator) / mean.denominator)
    return GroupQuarter(quarter, agencies, telling, int(expected), int(reported), shown)


def years_with_measures(cursor: Cursor) -> tuple[FiscalYear, ...]:
    """The years in which any agency has measures, oldest first."""
    rows = cursor.execute(
        "SELECT DISTINCT fiscal_year FROM quarter_sums ORDER BY fiscal_year"
    ).fetchall()
    return tuple(FiscalYear(year) for (year,) in rows)
