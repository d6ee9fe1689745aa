"""Rules that only files of the narrative report and of an agency's own events have."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from ita.domain import FiscalYear
from ita.imports.cells import is_missing
from ita.imports.draft import ImportRequest, Validation
from ita.imports.problems import ProblemKind
from ita.store import Cursor

ONLY_ONE = 0
"""The running number of a row of which an instrument has just one: its outcome, its period."""


def check_narrative(draft: Validation, cursor: Cursor, request: ImportRequest) -> None:
    _check_numbers(draft)
    _check_links(draft, cursor)


def _check_numbers(draft: Validation) -> None:
    """A result needs its running number; an outcome and a period have none."""
    if not draft.has("type"):
        return
    types = draft.values("type")
    numbers = draft.values("seq") if draft.has("seq") else [None] * len(types)
    texts = draft.texts.get("seq", [""] * len(types))
    for row, (kind, number) in enumerate(zip(types, numbers, strict=True)):
        # A number that is there but can't be read has its own problem already.
        if kind == "result" and number is None and is_missing(texts[row]):
            draft.add_problem(ProblemKind.REQUIRED_VALUE, row, "seq", what="ลำดับ")
    only_one = ("outcome", "period")
    draft.set_values(
        "seq",
        [ONLY_ONE if kind in only_one else n for kind, n in zip(types, numbers, strict=True)],
    )


def _check_links(draft: Validation, cursor: Cursor) -> None:
    """Every measure that a result says it answers is in the store."""
    keys = ("agency", "fiscal_year", "instrument")
    if not draft.has("measures", *keys):
        return
    linked = list(zip(draft.values("measures"), *map(draft.values, keys), strict=True))
    if not any(numbers for numbers, *_ in linked):
        return
    known = _stored_measures(cursor, {(key[0], key[1]) for _, *key in linked})
    for row, (numbers, *key) in enumerate(linked):
        if not numbers or None in key:
            continue
        for number in numbers.split(","):
            if (*key, int(number)) not in known:
                draft.add_problem_of_value(
                    ProblemKind.UNKNOWN_MEASURE,
                    row,
                    "measures",
                    number,
                    instrument=key[2],
                    year=int(key[1]),
                )


def _stored_measures(
    cursor: Cursor, agency_years: set[tuple[Any, Any]]
) -> frozenset[tuple[Any, ...]]:
    """The keys of the stored measures of some agencies and years: agency, year, instrument, seq."""
    whole = [pair for pair in agency_years if None not in pair]
    wanted = {
        "agency_id": pa.array([agency for agency, _ in whole], pa.string()),
        "fiscal_year": pa.array([year for _, year in whole], pa.int32()),
    }
    cursor.register("wanted", pa.table(wanted))
    try:
        rows = cursor.execute(
            "SELECT m.agency_id, m.fiscal_year, m.instrument, m.seq FROM measure AS m "
            "JOIN wanted AS w ON m.agency_id = w.agency_id AND m.fiscal_year = w.fiscal_year"
        ).fetchall()
    finally:
        cursor.unregister("wanted")
    return frozenset(rows)


# Rules that only files of an agency's own events have.

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
