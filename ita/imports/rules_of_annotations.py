"""Rules that only files of an agency's own events have."""

from __future__ import annotations

from datetime import date

from ita.domain import FiscalYear
from ita.imports.draft import ImportRequest, Validation
from ita.imports.problems import ProblemKind
from ita.store import Cursor

PLANNED_YEARS = 2
"""An event may be planned ahead of the known years, but not further; beyond it is a slip of the pen."""


def check_annotations(draft: Validation, cursor: Cursor, request: ImportRequest) -> None:
    if draft.has("date"):
        _check_years(draft)
        _check_indicators(draft)


def _check_years(draft: Validation) -> None:
    """A day lies in or near the years of the assessment: 1967 is what Excel makes of "67"."""
    known = draft.reference.years
    first = min(known).first_day.isoformat()
    last = FiscalYear(max(known) + PLANNED_YEARS).last_day.isoformat()
    days = draft.coded("date")
    far = {day for day in set(days.distinct) - {None} if not first <= day <= last}
    for row in days.rows_where(far.__contains__):
        draft.add_problem(ProblemKind.NOT_A_DATE, row, "date", why="date-years")
    draft.set_values("date", days.map(lambda day: None if day in far else day))


def _check_indicators(draft: Validation) -> None:
    """An indicator that an event concerns is one of its year."""
    if not draft.has("part"):
        return
    pairs = zip(draft.values("date"), draft.values("part"), strict=True)
    for row, (day, part) in enumerate(pairs):
        if day is None or part is None or not part.isdigit():
            continue
        year = FiscalYear.containing(date.fromisoformat(day))
        known = draft.reference.nearest_rules(year).indicators
        if known and part not in known:
            low, *_, high = sorted(known, key=int)
            draft.add_problem(ProblemKind.OUT_OF_RANGE, row, "part", low=low, high=high)
