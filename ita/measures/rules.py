"""When a measure is late and which reports are outstanding; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ita.vocabulary import FiscalYear, Instrument, Part, Period, Quarter


@dataclass(frozen=True)
class Measure:
    """A measure of one year. period: None where the agency gave none; it is not filled in."""

    fiscal_year: FiscalYear
    instrument: Instrument
    seq: int
    text: str
    indicators: tuple[Part, ...] = ()
    divisions: tuple[str, ...] = ()
    period: Period | None = None
    target: str | None = None

    @property
    def key(self) -> tuple[Instrument, int]:
        return self.instrument, self.seq

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The quarters it is to report on: its period's, or without one the whole year's."""
        return self.period.quarters if self.period else self.fiscal_year.quarters


@dataclass(frozen=True)
class Completion:
    """What was reported of a measure in one quarter: percent 0–100, cumulative within the year."""

    quarter: Quarter
    instrument: Instrument
    seq: int
    percent: Decimal
    note: str | None = None
    obstacle: str | None = None
    evidence: str | None = None

    @property
    def key(self) -> tuple[Instrument, int]:
        return self.instrument, self.seq


@dataclass(frozen=True)
class Outstanding:
    """A measure that is late: below 100 % after its end, or quarters without a report.

    percent: the last reported one, of `reported`; None where nothing was reported at all.
    """

    measure: Measure
    percent: Decimal | None
    reported: Quarter | None
    unreported: tuple[Quarter, ...]
    unfinished: bool


DONE = Decimal(100)


def outstanding(
    measures: Sequence[Measure], completions: Sequence[Completion], today: date
) -> tuple[Outstanding, ...]:
    """Measures that are late on a day, in their order.

    A quarter is due 30 days after its end (rule 101/1); before that nothing is late. A measure
    that reached 100 % owes no further report.
    """
    found = []
    for measure in measures:
        mine = {c.quarter: c for c in completions if _is_of(c, measure)}
        last = mine[max(mine)] if mine else None
        finished = last is not None and last.percent >= DONE
        due = [quarter for quarter in measure.quarters if quarter.report_due < today]
        unreported = () if finished else tuple(quarter for quarter in due if quarter not in mine)
        over = bool(due) and due[-1] == measure.quarters[-1]
        unfinished = over and not finished
        if unreported or unfinished:
            found.append(
                Outstanding(
                    measure,
                    last.percent if last else None,
                    last.quarter if last else None,
                    unreported,
                    unfinished,
                )
            )
    return tuple(found)


def _is_of(completion: Completion, measure: Measure) -> bool:
    """Numbers start again each year, so a key alone could be last year's measure."""
    same_year = completion.quarter.fiscal_year == measure.fiscal_year
    return same_year and completion.key == measure.key


@dataclass(frozen=True)
class MeanCompletion:
    """The mean over the measures that reported, beside how many did; unreported is never 0."""

    mean: Decimal | None
    reported: int
    expected: int


def mean_completion(
    measures: Sequence[Measure], completions: Sequence[Completion], quarter: Quarter
) -> MeanCompletion:
    """Mean completion in a quarter over the measures that are to report on it."""
    expected = {measure.key for measure in measures if quarter in measure.quarters}
    percents = [c.percent for c in completions if c.quarter == quarter and c.key in expected]
    mean = sum(percents, Decimal(0)) / len(percents) if percents else None
    return MeanCompletion(mean, len(percents), len(expected))
