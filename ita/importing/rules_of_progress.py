"""Rules that only files of quarterly completion have."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from ita.importing.columns import Coded, Codes, grouped
from ita.importing.draft import Draft, Request
from ita.importing.problems import ProblemKind
from ita.store import Cursor
from ita.wording import percent_text

MEASURE = ("agency", "fiscal_year", "instrument", "seq")
QUARTERS = 4
MeasureKey = tuple[Any, ...]
"""agency, fiscal_year, instrument, seq"""


def stored_measures(draft: Draft, cursor: Cursor) -> frozenset[MeasureKey]:
    """The keys of stored measures of the agencies and years that a file speaks of."""
    return frozenset(_rows_of(draft, cursor, "measure", "t.instrument, t.seq"))


def _rows_of(draft: Draft, cursor: Cursor, table: str, fields: str) -> list[tuple[Any, ...]]:
    """Rows of a table, of the file's agencies and years: agency, fiscal_year, then the fields."""
    wanted = _agency_years(draft)
    cursor.register(
        "wanted",
        pa.table(
            {
                "agency_id": pa.array([agency for agency, _ in wanted], pa.string()),
                "fiscal_year": pa.array([year for _, year in wanted], pa.int32()),
            }
        ),
    )
    try:
        return cursor.execute(
            f"SELECT t.agency_id, t.fiscal_year, {fields} FROM {table} AS t JOIN wanted AS w "
            "ON t.agency_id = w.agency_id AND t.fiscal_year = w.fiscal_year"
        ).fetchall()
    finally:
        cursor.unregister("wanted")


def _agency_years(draft: Draft) -> list[tuple[str, int]]:
    keys = [draft.coded("agency"), draft.coded("fiscal_year")]
    groups = grouped(keys)
    numbers, firsts = np.unique(groups, return_index=True)
    named = zip(*(key.at(firsts[numbers >= 0]) for key in keys), strict=True)
    return [(agency, year) for agency, year in named]


def check_progress(draft: Draft, cursor: Cursor, request: Request) -> None:
    if not draft.has(*MEASURE) or not draft.lines:
        return
    keys = [draft.coded(name) for name in MEASURE]
    groups = grouped(keys)
    # The measures that the file names, each once, by its first row.
    numbers, firsts = np.unique(groups, return_index=True)
    named = zip(*(key.at(firsts) for key in keys), strict=True)
    measures = {m: number for m, number in zip(named, numbers.tolist(), strict=True) if number >= 0}
    _report_unknown_measures(draft, keys, groups, measures, stored_measures(draft, cursor))
    if draft.has("quarter", "percent"):
        _check_falls(draft, groups, measures, cursor)


def _report_unknown_measures(
    draft: Draft,
    keys: list[Coded],
    groups: Codes,
    measures: Mapping[MeasureKey, int],
    known: frozenset[MeasureKey],
) -> None:
    """Rows whose measure is not in the store."""
    unknown = [number for measure, number in measures.items() if measure not in known]
    for row in np.flatnonzero(np.isin(groups, unknown)).tolist():
        _, year, instrument, _ = (key[row] for key in keys)
        draft.report(ProblemKind.UNKNOWN_MEASURE, row, "seq", instrument=instrument, year=int(year))


NOTHING = -1
"""Where no percent is known; percents are whole millionths, as exact as the store keeps them."""
MILLION = 1_000_000


def _check_falls(
    draft: Draft, groups: Codes, measures: Mapping[MeasureKey, int], cursor: Cursor
) -> None:
    """Completion is cumulative: below an earlier quarter of the same year it is worth a question.

    Earlier quarters come from the file first, else from the store; of a repeated row the first.
    """
    quarters = draft.coded("quarter").map(lambda q: q or 0)
    percents = draft.coded("percent").map(lambda p: NOTHING if p is None else int(p * MILLION))
    quarter = np.array(quarters.distinct, np.int64)[quarters.codes]
    percent = np.array(percents.distinct, np.int64)[percents.codes]
    rows = np.flatnonzero((groups >= 0) & (quarter > 0) & (percent != NOTHING))
    known = np.full((int(groups.max()) + 1, QUARTERS + 1), NOTHING, np.int64)
    for *key, of_quarter, stored in _rows_of(
        draft, cursor, "completion", "t.instrument, t.seq, t.quarter, t.percent"
    ):
        if tuple(key) in measures:
            known[measures[tuple(key)], of_quarter] = int(stored * MILLION)
    # Backwards, so that the first of several rows is written last.
    known[groups[rows[::-1]], quarter[rows[::-1]]] = percent[rows[::-1]]
    before = np.full(len(rows), 0)
    for earlier in range(1, QUARTERS + 1):
        said = (earlier < quarter[rows]) & (known[groups[rows], earlier] != NOTHING)
        before[said] = earlier
    fell = (before > 0) & (percent[rows] < known[groups[rows], before])
    for row, earlier in zip(rows[fell].tolist(), before[fell].tolist(), strict=True):
        draft.report(
            ProblemKind.PROGRESS_FELL,
            row,
            "percent",
            quarter=earlier,
            before=percent_text(Decimal(int(known[groups[row], earlier])) / MILLION),
        )
