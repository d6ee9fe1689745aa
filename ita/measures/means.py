"""Mean completion by instrument, division and quarter; what was not reported is never 0.

Beside each mean stands of how many measures it is. Percents are added up as whole millionths, as
exact as the store keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from ita.measures.rules import (
    NO_DIVISION,
    Completion,
    Measure,
    division_names,
    expected_percent,
    in_view,
    known_percent,
    with_reports,
)
from ita.vocabulary import FiscalYear, Instrument, Quarter

MILLION = 1_000_000


@dataclass(frozen=True)
class QuarterMean:
    """One quarter of a group. mean, pace: percent; None where there is nothing to take it of.

    reported: measures of which it is known, those finished earlier included. expected: measures
    that work in this quarter. pace: where they should be on average.
    """

    quarter: Quarter
    mean: Decimal | None
    reported: int
    expected: int
    pace: Decimal | None


@dataclass(frozen=True)
class GroupMeans:
    """One instrument, one division, or everything. name: "" for everything and for no division."""

    name: str
    measures: int
    quarters: tuple[QuarterMean, ...]


Names = Callable[[Measure], Iterable[str]]
"""The groups to which a measure belongs, each once."""


def completion_rows(
    measures: Sequence[Measure],
    completions: Sequence[Completion],
    today: date,
    names: Names,
    until: Quarter | None = None,
) -> pd.DataFrame:
    """A row per group, measure and quarter of its period: name, measure, quarter, known, pace.

    known: millionths, missing where nothing is known or the quarter has no figures yet. pace: too.
    """
    shown = {
        quarter
        for quarter in {q for measure in measures for q in measure.quarters}
        if (until is None or quarter <= until) and in_view(completions, quarter, today)
    }
    rows = []
    for measure, reports in with_reports(measures, completions, until):
        for quarter in measure.quarters:
            known = known_percent(reports, quarter) if quarter in shown else None
            pace = expected_percent(measure, quarter)
            for name in names(measure):
                rows.append((name, measure.key, quarter.number, _whole(known), _whole(pace)))
    frame = pd.DataFrame(rows, columns=["name", "measure", "quarter", "known", "pace"])
    return frame.astype({"known": "Int64", "pace": "Int64", "quarter": "int64"})


def _whole(percent: Decimal | None) -> int | None:
    return None if percent is None else round(percent * MILLION)


def group_means(rows: pd.DataFrame, year: FiscalYear) -> tuple[GroupMeans, ...]:
    """The groups of `completion_rows` in the order in which they come there."""
    figures = rows.groupby(["name", "quarter"], sort=False).agg(
        total=("known", "sum"),
        reported=("known", "count"),
        pace=("pace", "sum"),
        expected=("pace", "count"),
    )
    found = figures.to_dict("index")
    counts = rows.groupby("name", sort=False)["measure"].nunique()
    return tuple(
        GroupMeans(
            str(name),
            int(count),
            tuple(_quarter(found.get((name, q.number)), q) for q in year.quarters),
        )
        for name, count in counts.items()
    )


def _quarter(sums: Mapping[Hashable, Any] | None, quarter: Quarter) -> QuarterMean:
    """sums: None where no measure of the group works in this quarter."""
    if sums is None:
        return QuarterMean(quarter, None, 0, 0, None)
    reported, expected = int(sums["reported"]), int(sums["expected"])
    mean = _mean(int(sums["total"]), reported)
    return QuarterMean(quarter, mean, reported, expected, _mean(int(sums["pace"]), expected))


def _mean(total: int, count: int) -> Decimal | None:
    return Decimal(total) / MILLION / count if count else None


def means_of_all(
    measures: Sequence[Measure],
    completions: Sequence[Completion],
    today: date,
    until: Quarter | None = None,
) -> GroupMeans | None:
    """The mean over every measure; None where there is none."""
    if not measures:
        return None
    rows = completion_rows(measures, completions, today, lambda measure: [""], until)
    return group_means(rows, measures[0].fiscal_year)[0]


def means_by_instrument(
    measures: Sequence[Measure],
    completions: Sequence[Completion],
    today: date,
    until: Quarter | None = None,
) -> tuple[GroupMeans, ...]:
    """The instruments that have measures, in the authority's order."""
    order = list(Instrument)
    return _grouped(
        sorted(measures, key=lambda m: order.index(m.instrument)),
        completions,
        today,
        lambda measure: [measure.instrument.value],
        until,
    )


def means_by_division(
    measures: Sequence[Measure],
    completions: Sequence[Completion],
    today: date,
    division: Callable[[str], str],
    until: Quarter | None = None,
) -> tuple[GroupMeans, ...]:
    """The divisions in the order in which the measures name them; those without one last.

    division: the name behind a spelling. A measure of several divisions counts in each.
    """
    found = _grouped(
        measures, completions, today, lambda measure: division_names(measure, division), until
    )
    return tuple(sorted(found, key=lambda group: group.name == NO_DIVISION))


def _grouped(
    measures: Sequence[Measure],
    completions: Sequence[Completion],
    today: date,
    names: Names,
    until: Quarter | None,
) -> tuple[GroupMeans, ...]:
    if not measures:
        return ()
    rows = completion_rows(measures, completions, today, names, until)
    return group_means(rows, measures[0].fiscal_year)
