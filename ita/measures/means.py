"""Mean completion by instrument, division and quarter: one rule for screen, preview, files and groups.

A mean is taken over the measures at work of which a quarter is known: those that reported in it, and
those done before, which owe no report and count with 100. It is given only where somebody reported
in that quarter: out of silence, or of what was carried forward alone, there is none. What was not
reported is never 0. Percents are added up as whole millionths, as exact as the store keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from ita.domain import FiscalYear, Instrument, Quarter
from ita.measures.model import (
    NO_DIVISION,
    Completion,
    Measure,
    division_names,
    expected_percent,
    known_percent,
    pair_with_reports,
)

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
    """The mean over every measure; None where there is none."""
    if not measures:
        return None
    rows = completion_rows(measures, completions, lambda measure: [""], until)
    return group_means(rows, measures[0].fiscal_year)[0]


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
    if not measures:
        return ()
    rows = completion_rows(measures, completions, names, until)
    return group_means(rows, measures[0].fiscal_year)
