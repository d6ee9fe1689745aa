"""The years of a plan: the one planned, the one whose scores are analysed, the last one of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ita.domain import FiscalYear


@dataclass(frozen=True)
class PlanYears:
    """year: of the plan. score_year: whose scores are analysed; work_year: whose measures are continued;
    both earlier, None where there are none."""

    year: FiscalYear
    score_year: FiscalYear | None
    work_year: FiscalYear | None


def default_plan_year(score_years: Sequence[FiscalYear], today: date) -> FiscalYear:
    """The year after the last scored one, but never one that is over."""
    running = FiscalYear.containing(today)
    return max(running, FiscalYear(max(score_years) + 1)) if score_years else running


def plannable_years(
    score_years: Sequence[FiscalYear],
    work_years: Sequence[FiscalYear],
    today: date,
    last: FiscalYear,
) -> tuple[FiscalYear, ...]:
    """Years that may be planned, oldest first: from the first that can start from something to the
    one after this, and not beyond `last`, to which files of measures are taken."""
    running = FiscalYear.containing(today)
    first = min([running, *(year + 1 for year in (*score_years, *work_years))])
    end = min(last, max(default_plan_year(score_years, today), running + 1))
    return tuple(FiscalYear(year) for year in range(first, end + 1))


def years_before(years: Sequence[FiscalYear], year: FiscalYear) -> tuple[FiscalYear, ...]:
    """Those that a plan of a year may look back on, the latest first."""
    return tuple(sorted((earlier for earlier in years if earlier < year), reverse=True))
