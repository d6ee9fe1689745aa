"""Rules that only files of the narrative report have."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

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
