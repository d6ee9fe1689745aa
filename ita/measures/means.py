"""Mean completion by instrument, division and quarter: one rule for screen, preview, files and groups.

A mean is taken over the measures at work of which a quarter is known: those that reported in it, and
those done before, which owe no report and count with 100; a cancelled measure counts nowhere. It is given only where somebody reported
in that quarter: out of silence, or of what was carried forward alone, there is none. What was not
reported is never 0. Percents are added up as whole millionths, as exact as the store keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from ita.domain import FiscalYear, Instrument, Quarter, two_places
from ita.formatting import no_data, percent_text
from ita.i18n import _
from ita.measures.model import (
    NO_DIVISION,
    Completion,
    Measure,
    active_measures,
    division_names,
    expected_percent,
    known_percent,
    pair_with_reports,
)
from ita.reference import Reference
from ita.store import Cursor, one_value
from ita.store.spellings import group_conditions

MILLION = 1_000_000
# Of the measures that owe a quarter's report. No rule names a share: below half most of the work is
# silent, and a mean speaks of the minority that reported, so it is marked as such.
MIN_REPORTED_SHARE = Decimal("0.5")


@dataclass(frozen=True)
class QuarterMean:
    """One quarter of a group of measures.

    expected: measures at work in the quarter. reported: those of them that reported in it. carried:
    those done before and silent since, each counted with 100. mean: percent over reported and
    carried, None where nobody reported. pace: percent where they should be on average, None where
    none is at work.
    """

    quarter: Quarter
    mean: Decimal | None
    reported: int
    carried: int
    expected: int
    pace: Decimal | None = None

    @property
    def missing_reports(self) -> int:
        """Measures that owe a report of the quarter and gave none."""
        return self.expected - self.reported - self.carried

    @property
    def is_small_sample(self) -> bool:
        """Whether there is a mean, but of fewer than `LEAST_SHARE` of those that owed a report."""
        owed_reports = self.expected - self.carried
        return self.mean is not None and self.reported < MIN_REPORTED_SHARE * owed_reports


@dataclass(frozen=True)
class GroupMeans:
    """One instrument, one division, or everything. name: "" for everything and for no division."""

    name: str
    measures: int
    quarters: tuple[QuarterMean, ...]

    def mean_of(self, quarter: Quarter) -> QuarterMean:
        return self.quarters[quarter.number - 1]


# The groups to which a measure belongs, each once.
GroupNames = Callable[[Measure], Iterable[str]]


def completion_rows(
    measures: Sequence[Measure],
    completions: Sequence[Completion],
    names: GroupNames,
    until: Quarter | None = None,
) -> pd.DataFrame:
    """A row per group, measure and quarter of its period.

    Columns: name, measure, quarter (1–4); reported, carried, pace in millionths of a percent.
    reported: of that quarter's own report; carried: of what was done before, where there is none.
    """
    rows = []
    for measure, reports in pair_with_reports(measures, completions, until):
        percents = {report.quarter: report.percent for report in reports}
        for quarter in measure.quarters:
            reported = percents.get(quarter)
            carried = None
            if reported is None and (until is None or quarter <= until):
                carried = known_percent(reports, quarter)
            pace = expected_percent(measure, quarter)
            figures = (_millionths(reported), _millionths(carried), _millionths(pace))
            for name in names(measure):
                rows.append((name, measure.key, quarter.number, *figures))
    columns = ["name", "measure", "quarter", "reported", "carried", "pace"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype(
        {"reported": "Int64", "carried": "Int64", "pace": "Int64", "quarter": "int64"}
    )


def _millionths(percent: Decimal | None) -> int | None:
    return None if percent is None else round(percent * MILLION)


def group_means(rows: pd.DataFrame, year: FiscalYear) -> tuple[GroupMeans, ...]:
    """The means of the groups of `completion_rows`, in their order there."""
    figures = rows.groupby(["name", "quarter"], sort=False).agg(
        reported_total=("reported", "sum"),
        carried_total=("carried", "sum"),
        reported=("reported", "count"),
        carried=("carried", "count"),
        pace=("pace", "sum"),
        expected=("pace", "count"),
    )
    figures["total"] = figures["reported_total"] + figures["carried_total"]
    by_quarter = figures.to_dict("index")
    counts = rows.groupby("name", sort=False)["measure"].nunique()
    return tuple(
        GroupMeans(
            str(name),
            int(count),
            tuple(quarter_mean(q, by_quarter.get((name, q.number))) for q in year.quarters),
        )
        for name, count in counts.items()
    )


def quarter_mean(quarter: Quarter, sums: Mapping[Hashable, Any] | None) -> QuarterMean:
    """The mean of a quarter; None where nobody reported in it.

    sums: total and pace in millionths of a percent; reported, carried, expected as counts of
    measures. None where no measure is at work.
    """
    if sums is None:
        return QuarterMean(quarter, None, 0, 0, 0)
    reported, carried, expected = (int(sums[key]) for key in ("reported", "carried", "expected"))
    mean = _mean(int(sums["total"]), reported + carried) if reported else None
    pace = _mean(int(sums["pace"]), expected) if "pace" in sums else None
    return QuarterMean(quarter, mean, reported, carried, expected, pace)


def _mean(total: int, count: int) -> Decimal | None:
    return Decimal(total) / MILLION / count if count else None


def overall_means(
    measures: Sequence[Measure],
    completions: Sequence[Completion],
    until: Quarter | None = None,
) -> GroupMeans | None:
    """The mean over every measure that is not cancelled; None where there is none."""
    groups = _compute_group_means(measures, completions, lambda measure: [""], until)
    return groups[0] if groups else None


def means_by_instrument(
    measures: Sequence[Measure],
    completions: Sequence[Completion],
    until: Quarter | None = None,
) -> tuple[GroupMeans, ...]:
    """The instruments that have measures, in the authority's order."""
    order = list(Instrument)
    return _compute_group_means(
        sorted(measures, key=lambda m: order.index(m.instrument)),
        completions,
        lambda measure: [measure.instrument.value],
        until,
    )


def means_by_division(
    measures: Sequence[Measure],
    completions: Sequence[Completion],
    division: Callable[[str], str],
    until: Quarter | None = None,
) -> tuple[GroupMeans, ...]:
    """The divisions in the order in which the measures name them; those without one last.

    division: the name behind a spelling. A measure of several divisions counts in each.
    """
    groups = _compute_group_means(
        measures, completions, lambda measure: division_names(measure, division), until
    )
    return tuple(sorted(groups, key=lambda group: group.name == NO_DIVISION))


def _compute_group_means(
    measures: Sequence[Measure],
    completions: Sequence[Completion],
    names: GroupNames,
    until: Quarter | None,
) -> tuple[GroupMeans, ...]:
    measures = active_measures(measures)
    if not measures:
        return ()
    rows = completion_rows(measures, completions, names, until)
    return group_means(rows, measures[0].fiscal_year)


# A quarter's mean completion in words, always beside how many of the measures reported.


def reported_text(mean: QuarterMean) -> str:
    """How many of the measures at work reported, such as รายงาน 1 จาก 6 มาตรการ; what was done before
    owes no report and is named apart."""
    words = {"reported": f"{mean.reported:,}", "expected": f"{mean.expected:,}"}
    if mean.carried:
        return _(
            "รายงาน {reported} จาก {expected} มาตรการ เสร็จก่อนแล้ว {carried}",
            carried=f"{mean.carried:,}",
            **words,
        )
    return _("รายงาน {reported} จาก {expected} มาตรการ", **words)


def mean_text(mean: QuarterMean) -> str:
    """56 % (รายงาน 1 จาก 6 มาตรการ); without a report of the quarter there is no figure."""
    if mean.mean is not None:
        return f"{percent_text(mean.mean)} ({reported_text(mean)})"
    if mean.carried and not mean.missing_reports:
        return _("เสร็จครบก่อนไตรมาสนี้")
    return no_data()


# Mean completion of a group of agencies by quarter; what was not reported is never 0.


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
    # Measures are of agencies that there are; joined for nothing, they take as long as all the rest.
    of_group = " JOIN agency AS a ON a.agency_id = s.agency_id" if conditions else ""
    rows = cursor.execute(
        "SELECT s.quarter, s.expected, s.reported, s.carried, "
        f"CAST(s.percents * 1000000 AS BIGINT) AS total FROM quarter_sums AS s{of_group} "
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
