"""How each measure stands on a day, and why in one sentence; pure.

Names, order and the threshold come from data/reference/statuses.csv. Nothing is late before a
quarter's report is due, 30 days after its end (rule 101/1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ita.measures.rules import (
    Completion,
    Measure,
    Reports,
    expected_percent,
    finished,
    is_due,
    unreported_quarters,
    with_reports,
)
from ita.reference import StatusRule
from ita.vocabulary import MeasureStatus, Quarter


@dataclass(frozen=True)
class Progress:
    """What is known of a measure on a day, as of a quarter.

    reports: its own up to that quarter. due: quarters of its period whose report is
    due by then. unreported: those of them without one. until: the quarter looked at, None = all.
    """

    measure: Measure
    reports: Reports
    due: tuple[Quarter, ...]
    unreported: tuple[Quarter, ...]
    today: date
    until: Quarter | None = None

    @property
    def last(self) -> Completion | None:
        return self.reports[-1] if self.reports else None

    @property
    def percent(self) -> Decimal | None:
        """The last reported one; None where nothing was reported at all."""
        return self.last.percent if self.last else None

    @property
    def reported(self) -> Quarter | None:
        """The quarter of the last report."""
        return self.last.quarter if self.last else None

    @property
    def finished(self) -> bool:
        return finished(self.reports)

    @property
    def unfinished(self) -> bool:
        """Below 100 % although the report of its last quarter is due."""
        return self.measure.quarters[-1] in self.due and not self.finished

    @property
    def held_to(self) -> Quarter | None:
        """The quarter whose pace the last report is held to: the last that is due, or its own where
        it is older. None where nothing can be late yet."""
        if self.reported is None or not self.due:
            return None
        return min(self.reported, self.due[-1])

    @property
    def expected(self) -> Decimal | None:
        """Percent that it should have reached in that quarter."""
        return expected_percent(self.measure, self.held_to) if self.held_to else None

    def behind(self, by: Decimal) -> bool:
        """Whether the last report is more than some points behind; at the end, below 100 at all."""
        if self.finished or self.expected is None or self.percent is None:
            return False
        allowed = Decimal(0) if self.held_to == self.measure.quarters[-1] else by
        return self.expected - self.percent > allowed


def progress_of(
    measure: Measure, reports: Reports, today: date, until: Quarter | None = None
) -> Progress:
    """What is known of a measure on a day. reports: none of a quarter after `until`."""
    due = tuple(q for q in measure.quarters if is_due(q, today) and (until is None or q <= until))
    missing = unreported_quarters(measure, reports, today, until)
    return Progress(measure, reports, due, missing, today, until)


PRESSING = frozenset({MeasureStatus.LATE, MeasureStatus.NO_REPORT})
"""The statuses in which somebody has to do something now."""

_HOLDS: Mapping[MeasureStatus, Callable[[Progress, bool], bool]] = {
    MeasureStatus.DONE: lambda found, behind: found.finished,
    MeasureStatus.LATE: lambda found, behind: behind,
    MeasureStatus.NO_REPORT: lambda found, behind: bool(found.unreported),
    MeasureStatus.NOT_STARTED: lambda found, behind: (
        not (found.percent or behind or found.unreported)
    ),
    MeasureStatus.ON_PLAN: lambda found, behind: (
        bool(found.percent) and not (found.finished or behind or found.unreported)
    ),
}
"""Every measure fits one of them; only late and without a report can both fit, and then the rank
in the table decides."""


@dataclass(frozen=True)
class JudgedMeasure:
    """A measure with its status. behind_by: points behind the pace that are still allowed."""

    progress: Progress
    status: MeasureStatus
    behind_by: Decimal

    @property
    def measure(self) -> Measure:
        return self.progress.measure

    @property
    def pressing(self) -> bool:
        return self.status in PRESSING


def judged(found: Progress, statuses: Sequence[StatusRule]) -> JudgedMeasure:
    """The first status by rank that fits. statuses: whole, as the reference data are."""
    by = sum((rule.behind_by or Decimal(0) for rule in statuses), Decimal(0))
    behind = found.behind(by)
    fitting = (rule.status for rule in statuses if _HOLDS[rule.status](found, behind))
    return JudgedMeasure(found, next(fitting), by)


def judged_measures(
    measures: Sequence[Measure],
    completions: Sequence[Completion],
    today: date,
    statuses: Sequence[StatusRule],
    until: Quarter | None = None,
) -> tuple[JudgedMeasure, ...]:
    """Every measure with its status, in their order. until: as of that quarter, None = now."""
    return tuple(
        judged(progress_of(measure, reports, today, until), statuses)
        for measure, reports in with_reports(measures, completions, until)
    )


def outstanding(
    measures: Sequence[Measure],
    completions: Sequence[Completion],
    today: date,
    statuses: Sequence[StatusRule],
) -> tuple[JudgedMeasure, ...]:
    """Measures that are late or lack a report that is due, in their order. They stand until they are
    done, however many years later that is."""
    return tuple(
        found for found in judged_measures(measures, completions, today, statuses) if found.pressing
    )
