"""Rules that only files of measures have."""

from __future__ import annotations

from typing import Any

from ita.imports.datasets import KEYS, Dataset
from ita.imports.draft import ImportRequest, Validation
from ita.imports.problems import ProblemKind
from ita.store import Cursor


def check_measures(draft: Validation, cursor: Cursor, request: ImportRequest) -> None:
    _check_indicators(draft)
    _check_periods(draft, cursor)


def _check_periods(draft: Validation, cursor: Cursor) -> None:
    """A period doesn't end before it starts, also where the file brings one end and the store the other."""
    ends = [name for name in ("end_quarter", "start_quarter") if draft.has(name)]
    if not ends or not draft.has(*KEYS[Dataset.MEASURES]):
        return
    keys = list(zip(*map(draft.values, KEYS[Dataset.MEASURES]), strict=True))
    stored = _stored_periods(cursor, {(key[0], key[1]) for key in keys}) if len(ends) < 2 else {}
    brought = {name: draft.values(name) for name in ends}
    for row, key in enumerate(keys):
        start, end = stored.get(key, (None, None))
        start = brought["start_quarter"][row] if "start_quarter" in brought else start
        end = brought["end_quarter"][row] if "end_quarter" in brought else end
        if start is not None and end is not None and start > end:
            draft.add_problem(ProblemKind.UNKNOWN_QUARTER, row, ends[0], why="quarter-order")


def _stored_periods(
    cursor: Cursor, agency_years: set[tuple[Any, Any]]
) -> dict[tuple[Any, ...], tuple[int | None, int | None]]:
    """Measure → its stored first and last quarter, of the agencies and years that a file speaks of."""
    rows = cursor.execute(
        "SELECT agency_id, fiscal_year, instrument, seq, start_quarter, end_quarter FROM measure"
    ).fetchall()
    return {row[:4]: (row[4], row[5]) for row in rows if (row[0], row[1]) in agency_years}


def _check_indicators(draft: Validation) -> None:
    if not draft.has("indicator", "fiscal_year"):
        return
    pairs = zip(draft.values("indicator"), draft.values("fiscal_year"), strict=True)
    for row, (numbers, year) in enumerate(pairs):
        if numbers is None or year is None:
            continue
        known = draft.reference.nearest_rules(year).indicators
        if known and any(n not in known for n in numbers.split(",")):
            low, *_, high = sorted(known, key=int)
            draft.add_problem(ProblemKind.OUT_OF_RANGE, row, "indicator", low=low, high=high)
