"""Rules that only files of quarterly completion have."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa

from ita.importing.draft import Draft, Request
from ita.importing.problems import ProblemKind
from ita.store import Cursor
from ita.wording import percent_text

MEASURE = ("agency", "fiscal_year", "instrument", "seq")
MeasureKey = tuple[Any, ...]
"""agency, fiscal_year, instrument, seq"""


def stored_measures(draft: Draft, cursor: Cursor) -> frozenset[MeasureKey]:
    """The keys of stored measures of the agencies and years that a file speaks of."""
    return frozenset(_rows_of(draft, cursor, "measure", "t.instrument, t.seq"))


def _rows_of(draft: Draft, cursor: Cursor, table: str, fields: str) -> list[tuple[Any, ...]]:
    """Rows of a table, of the file's agencies and years: agency, fiscal_year, then the fields."""
    pairs = zip(draft.values("agency"), draft.values("fiscal_year"), strict=True)
    wanted = [(agency, year) for agency, year in dict.fromkeys(pairs) if agency and year]
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


def check_progress(draft: Draft, cursor: Cursor, request: Request) -> None:
    if not draft.has(*MEASURE):
        return
    keys = list(zip(*map(draft.values, MEASURE), strict=True))
    _report_unknown_measures(draft, keys, stored_measures(draft, cursor))
    if draft.has("quarter", "percent"):
        _check_falls(draft, keys, cursor)


def _report_unknown_measures(
    draft: Draft, keys: list[MeasureKey], known: frozenset[MeasureKey]
) -> None:
    """Rows whose measure is not in the store."""
    for row, key in enumerate(keys):
        if None not in key and key not in known:
            _, year, instrument, _ = key
            draft.report(
                ProblemKind.UNKNOWN_MEASURE, row, "seq", instrument=instrument, year=int(year)
            )


def _check_falls(draft: Draft, keys: list[MeasureKey], cursor: Cursor) -> None:
    """Completion is cumulative: below an earlier quarter of the same year it is worth a question.

    Earlier quarters come from the file first, else from the store.
    """
    percents: dict[MeasureKey, dict[int, Decimal]] = {}
    fields = "t.instrument, t.seq, t.quarter, t.percent"
    for stored in _rows_of(draft, cursor, "completion", fields):
        percents.setdefault(stored[:4], {})[stored[4]] = stored[5]
    rows = [
        (row, key, quarter, percent)
        for row, (key, quarter, percent) in enumerate(
            zip(keys, draft.values("quarter"), draft.values("percent"), strict=True)
        )
        if None not in key and quarter is not None and percent is not None
    ]
    for _, key, quarter, percent in rows:
        percents.setdefault(key, {})[quarter] = percent
    for row, key, quarter, percent in rows:
        known = percents[key]
        before = max((q for q in known if q < quarter), default=None)
        if before is not None and percent < known[before]:
            draft.report(
                ProblemKind.PROGRESS_FELL,
                row,
                "percent",
                quarter=before,
                before=percent_text(known[before]),
            )
