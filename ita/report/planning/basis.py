"""Which years a plan is about: the one planned, the one whose scores are analysed, the last one worked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ita.vocabulary import FiscalYear


@dataclass(frozen=True)
class PlanYears:
    """year: of the plan. scored: whose scores are analysed; worked: whose measures are gone on
    with; both earlier, None where there are none."""

    year: FiscalYear
    scored: FiscalYear | None
    worked: FiscalYear | None


def year_to_plan(scored: Sequence[FiscalYear], today: date) -> FiscalYear:
    """The year after the last scored one, but never one that is over."""
    running = FiscalYear.containing(today)
    return max(running, FiscalYear(max(scored) + 1)) if scored else running


def plannable_years(
    scored: Sequence[FiscalYear], worked: Sequence[FiscalYear], today: date, last: FiscalYear
) -> tuple[FiscalYear, ...]:
    """Years that may be planned, oldest first: from the first that can start from something to the
    one after this, and not beyond `last`, to which files of measures are taken."""
    running = FiscalYear.containing(today)
    first = min([running, *(year + 1 for year in (*scored, *worked))])
    end = min(last, max(year_to_plan(scored, today), running + 1))
    return tuple(FiscalYear(year) for year in range(first, end + 1))


def years_before(known: Sequence[FiscalYear], year: FiscalYear) -> tuple[FiscalYear, ...]:
    """Those that a plan of a year may look back on, the latest first."""
    return tuple(sorted((earlier for earlier in known if earlier < year), reverse=True))
