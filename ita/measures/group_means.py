"""Mean completion of a group of agencies by quarter; what was not reported is never 0."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ita.domain import FiscalYear, Quarter, two_places
from ita.measures.means import QuarterMean, quarter_mean
from ita.reference import Reference
from ita.store import Cursor, one_value
from ita.store.spellings import group_conditions


@dataclass(frozen=True)
class GroupQuarter:
    """One quarter of a group of agencies.

    agencies: with measures at work in it; reporting_agencies: those of them that reported in it. mean: of
    all their measures together; its percent to two places.
    """

    agencies: int
    reporting_agencies: int
    mean: QuarterMean

    @property
    def quarter(self) -> Quarter:
        return self.mean.quarter


@dataclass(frozen=True)
class GroupCompletion:
    """stored_agencies: of the group; agencies_with_measures: those with any measure in the year."""

    year: FiscalYear
    stored_agencies: int
    agencies_with_measures: int
    quarters: tuple[GroupQuarter, ...]


def load_group_completion(
    cursor: Cursor, year: FiscalYear, agency_type: str, province: str, reference: Reference
) -> GroupCompletion:
    """The four quarters of a year of a group; "" = agencies of whatever type, whatever province, in
    their one spelling."""
    conditions, values = group_conditions(
        cursor, agency_type, province, reference.agency_type, reference.province
    )
    rows = cursor.execute(
        "SELECT s.quarter, s.expected, s.reported, s.carried, "
        "CAST(s.percents * 1000000 AS BIGINT) AS total FROM quarter_sums AS s JOIN agency AS a ON a.agency_id = s.agency_id "
        f"WHERE {' AND '.join(['s.fiscal_year = $year', *conditions])}",
        {"year": int(year), **values},
    ).fetchnumpy()
    # Of one type: 33,000 rows of several take four times as long to add up.
    rows["agencies"], rows["reporting"] = rows["expected"] > 0, rows["reported"] > 0
    rows["planning"] = np.ones(len(rows["quarter"]))
    frame = pd.DataFrame({name: cells.astype(np.int64) for name, cells in rows.items()})
    by_quarter = frame.groupby("quarter", sort=False).sum().to_dict("index")
    stored_agencies = one_value(
        cursor,
        f"SELECT count(*) FROM agency AS a WHERE {' AND '.join(conditions) or 'true'}",
        **values,
    )
    quarters = tuple(_quarter(q, by_quarter.get(q.number)) for q in year.quarters)
    agencies_with_measures = max((int(sums["planning"]) for sums in by_quarter.values()), default=0)
    return GroupCompletion(year, stored_agencies, agencies_with_measures, quarters)


def _quarter(quarter: Quarter, sums: Mapping[Hashable, Any] | None) -> GroupQuarter:
    mean = quarter_mean(quarter, sums)
    if sums is None:
        return GroupQuarter(0, 0, mean)
    if mean.mean is not None:
        mean = replace(mean, mean=two_places(mean.mean))
    return GroupQuarter(int(sums["agencies"]), int(sums["reporting"]), mean)


def load_years_with_measures(cursor: Cursor) -> tuple[FiscalYear, ...]:
    """The years in which any agency has measures, oldest first."""
    rows = cursor.execute(
        "SELECT DISTINCT fiscal_year FROM quarter_sums ORDER BY fiscal_year"
    ).fetchall()
    return tuple(FiscalYear(year) for (year,) in rows)
