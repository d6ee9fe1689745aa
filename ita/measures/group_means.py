"""Mean completion of a group of agencies by quarter; what was not reported is never 0."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from ita.measures.means import QuarterMean, quarter_mean
from ita.reference import Reference
from ita.store import Cursor, one_value
from ita.store.spellings import group_conditions
from ita.vocabulary import FiscalYear, Quarter, two_places


@dataclass(frozen=True)
class GroupQuarter:
    """One quarter of a group of agencies.

    agencies: those with measures at work in it; telling: those of them that reported in it. mean: of
    all their measures together; its percent to two places.
    """

    agencies: int
    telling: int
    mean: QuarterMean

    @property
    def quarter(self) -> Quarter:
        return self.mean.quarter


@dataclass(frozen=True)
class GroupCompletion:
    """known: agencies of the group in the store; planning: those with any measure in the year."""

    year: FiscalYear
    known: int
    planning: int
    quarters: tuple[GroupQuarter, ...]


def group_completion(
    cursor: Cursor, year: FiscalYear, agency_type: str, province: str, reference: Reference
) -> GroupCompletion:
    """The four quarters of a year of a group; "" = agencies of whatever type, whatever province, in
    their one spelling."""
    of_group, values = group_conditions(
        cursor, agency_type, province, reference.agency_type, reference.province
    )
    rows = cursor.execute(
        "SELECT s.quarter, CAST(s.expected AS BIGINT) AS expected, "
        "CAST(s.reported AS BIGINT) AS reported, CAST(s.carried AS BIGINT) AS carried, "
        "CAST(s.percents * 1000000 AS BIGINT) AS total, "
        "CAST(s.expected > 0 AS BIGINT) AS agencies, CAST(s.reported > 0 AS BIGINT) AS telling, "
        "CAST(1 AS BIGINT) AS planning "
        "FROM quarter_sums AS s JOIN agency AS a ON a.agency_id = s.agency_id "
        f"WHERE {' AND '.join(['s.fiscal_year = $year', *of_group])}",
        {"year": int(year), **values},
    ).fetchnumpy()
    # Of one type: 33,000 rows of several take four times as long to add up.
    by_quarter = pd.DataFrame(rows).groupby("quarter").sum().to_dict("index")
    known = one_value(
        cursor,
        f"SELECT count(*) FROM agency AS a WHERE {' AND '.join(of_group) or 'true'}",
        **values,
    )
    quarters = tuple(_quarter(q, by_quarter.get(q.number)) for q in year.quarters)
    planning = max((int(sums["planning"]) for sums in by_quarter.values()), default=0)
    return GroupCompletion(year, known, planning, quarters)


def _quarter(quarter: Quarter, sums: Mapping[Hashable, Any] | None) -> GroupQuarter:
    mean = quarter_mean(quarter, sums)
    if sums is None:
        return GroupQuarter(0, 0, mean)
    if mean.mean is not None:
        mean = replace(mean, mean=two_places(mean.mean))
    return GroupQuarter(int(sums["agencies"]), int(sums["telling"]), mean)


def years_with_measures(cursor: Cursor) -> tuple[FiscalYear, ...]:
    """The years in which any agency has measures, oldest first."""
    rows = cursor.execute(
        "SELECT DISTINCT fiscal_year FROM quarter_sums ORDER BY fiscal_year"
    ).fetchall()
    return tuple(FiscalYear(year) for (year,) in rows)
