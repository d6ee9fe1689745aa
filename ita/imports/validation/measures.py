"""Rules that only files of measures and of their quarterly completion have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from ita.formatting import percent_text
from ita.imports.cells import NOT_CANCELLED, cell_text, is_missing
from ita.imports.columns import CodedColumn, Codes, first_rows, grouped
from ita.imports.datasets import KEYS, Column, Dataset
from ita.imports.draft import ImportRequest, Validation
from ita.imports.problems import ProblemKind
from ita.imports.readers.delimited import ColumnRows
from ita.imports.skipped_rows import reads
from ita.imports.validation.scores import take_fractions
from ita.store import Cursor


def check_measures(draft: Validation, cursor: Cursor, request: ImportRequest) -> None:
    _check_indicators(draft)
    _check_periods(draft, cursor)
    _keep_cancellations(draft, cursor)


def _keep_cancellations(draft: Validation, cursor: Cursor) -> None:
    """A blank cell leaves a cancelled measure cancelled; only a word takes that back.

    A plan's form has the column blank from top to bottom, and nobody who fills it in again means to
    put back what was cancelled.
    """
    if not draft.has("cancelled", *KEYS[Dataset.MEASURES]):
        return
    cells = draft.coded("cancelled")
    stored = {
        (agency, year, instrument, seq): reason
        for agency, year, instrument, seq, reason in cursor.execute(
            "SELECT agency_id, fiscal_year, instrument, seq, cancelled FROM measure "
            "WHERE cancelled IS NOT NULL"
        ).fetchall()
    }
    if stored:
        reasons = list(cells)
        keys = [draft.coded(name) for name in KEYS[Dataset.MEASURES]]
        for row in keys[0].rows_where({agency for agency, *_rest in stored}.__contains__):
            if reasons[row] is None:
                reasons[row] = stored.get(tuple(key[row] for key in keys))
        cells = CodedColumn.of(reasons)
    draft.set_values(
        "cancelled", cells.map(lambda reason: None if reason == NOT_CANCELLED else reason)
    )


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


# Rules that only files of quarterly completion have.

REPORTED = ("percent", "note", "obstacle", "evidence")
"""What a row of the form reports; one with none of it is a form not yet filled in."""
MEASURE = ("agency", "fiscal_year", "instrument", "seq")
QUARTERS = 4


def unreported_rows(
    rows: ColumnRows, places: Mapping[str, int], columns: Mapping[str, Column]
) -> list[int]:
    """The rows that report nothing, of the columns that a file has; none where it has no percent.

    A row of which year, quarter or measure can't be read is a mistake also where it reports nothing;
    one with nothing but a period is a form's spare row. places: of the columns by name.
    """
    if "percent" not in places:
        return []
    left = rows.coded(places["percent"]).rows_where(_is_blank)
    rows = rows.at(left)
    for name in REPORTED[1:]:
        if name in places and left:
            blank = rows.coded(places[name]).rows_where(_is_blank)
            rows, left = rows.at(blank), [left[place] for place in blank]
    return [
        row
        for row, cells in zip(left, rows, strict=True)
        if _names_measure({name: cells[at] for name, at in places.items()}, columns)
    ]


def _names_measure(row: Mapping[str, str], columns: Mapping[str, Column]) -> bool:
    key = ["fiscal_year", "quarter", "instrument", "seq"]
    if all(_is_blank(row.get(name, "")) for name in key[2:]):
        key = key[:2]
    return all(reads(columns[name], row[name]) for name in key if name in row)


def _is_blank(cell: str) -> bool:
    # Most cells are figures, and no word for a missing one begins with a digit.
    return not cell[:1].isdecimal() and is_missing(cell_text(cell))


def check_progress(draft: Validation, cursor: Cursor, request: ImportRequest) -> None:
    told = take_fractions(draft, request, ["percent"])
    if not draft.has(*MEASURE) or not draft.lines:
        return
    keys = [draft.coded(name) for name in MEASURE]
    groups = grouped(keys)
    cursor.register("named", _named_measures(keys, groups))
    try:
        _report_unknown_measures(draft, keys, groups, cursor)
        _warn_of_cancelled_measures(draft, keys, groups, cursor)
        if draft.has("quarter", "percent") and not told:
            _check_falls(draft, groups, cursor)
    finally:
        cursor.unregister("named")


def _named_measures(keys: Sequence[CodedColumn], groups: Codes) -> pa.Table:
    """The measures that a file names, each once, with the number of its group."""
    firsts = first_rows(groups)
    types = (pa.string(), pa.int32(), pa.string(), pa.int32())
    names = ("agency_id", *MEASURE[1:])
    columns = {
        n: key.of_rows(firsts).arrow(t) for n, key, t in zip(names, keys, types, strict=True)
    }
    return pa.table({"number": pa.array(np.arange(len(firsts))), **columns})


_SAME_MEASURE = " AND ".join(
    f"t.{name} = n.{name}" for name in ("agency_id", "fiscal_year", "instrument", "seq")
)


def _report_unknown_measures(
    draft: Validation, keys: Sequence[CodedColumn], groups: Codes, cursor: Cursor
) -> None:
    """Rows whose measure is not in the store."""
    unknown = cursor.execute(
        f"SELECT n.number FROM named AS n LEFT JOIN measure AS t ON {_SAME_MEASURE} "
        "WHERE t.agency_id IS NULL"
    ).fetchall()
    for row in np.flatnonzero(np.isin(groups, [number for (number,) in unknown])).tolist():
        _, year, instrument, _ = (key[row] for key in keys)
        draft.add_problem(
            ProblemKind.UNKNOWN_MEASURE, row, "seq", instrument=instrument, year=int(year)
        )


def _warn_of_cancelled_measures(
    draft: Validation, keys: Sequence[CodedColumn], groups: Codes, cursor: Cursor
) -> None:
    """Rows that report something new of a cancelled measure; what is stored of it already may be
    brought in again."""
    reasons = dict(
        cursor.execute(
            f"SELECT n.number, t.cancelled FROM named AS n JOIN measure AS t ON {_SAME_MEASURE} "
            "WHERE t.cancelled IS NOT NULL"
        ).fetchall()
    )
    if not reasons or not draft.has("quarter"):
        return
    brought = [name for name in REPORTED if draft.has(name)]
    stored = {
        (number, quarter): reported
        for number, quarter, *reported in cursor.execute(
            f"SELECT {', '.join(['n.number', 't.quarter', *(f't.{name}' for name in brought)])} "
            f"FROM completion AS t JOIN named AS n ON {_SAME_MEASURE} "
            f"WHERE n.number IN ({', '.join(map(str, reasons))})"
        ).fetchall()
    }
    quarters, cells = draft.coded("quarter"), [draft.coded(name) for name in brought]
    for row in np.flatnonzero(np.isin(groups, list(reasons))).tolist():
        number = int(groups[row])
        if stored.get((number, quarters[row])) == [column[row] for column in cells]:
            continue
        _, year, instrument, _ = (key[row] for key in keys)
        draft.add_problem(
            ProblemKind.CANCELLED_MEASURE,
            row,
            "seq",
            instrument=instrument,
            year=int(year),
            reason=reasons[number],
        )


NOTHING = -1
"""Where no percent is known; percents are whole millionths, as exact as the store keeps them."""
MILLION = 1_000_000


def _check_falls(draft: Validation, groups: Codes, cursor: Cursor) -> None:
    """Completion is cumulative: below an earlier quarter of the same year it is worth a question.

    Other quarters come from the file first, else from the store; of a repeated row the first. Where
    a row makes a later quarter fall that only the store has, the row is told, for the file has no
    other.
    """
    quarters = draft.coded("quarter").map(lambda q: q or 0)
    percents = draft.coded("percent").map(lambda p: NOTHING if p is None else int(p * MILLION))
    quarter = np.array(quarters.distinct, np.int64)[quarters.codes]
    percent = np.array(percents.distinct, np.int64)[percents.codes]
    rows = np.flatnonzero((groups >= 0) & (quarter > 0) & (percent != NOTHING))
    known = np.full((int(groups.max()) + 1, QUARTERS + 1), NOTHING, np.int64)
    stored = cursor.execute(
        f"SELECT n.number, t.quarter, CAST(t.percent * {MILLION} AS BIGINT) AS percent "
        f"FROM completion AS t JOIN named AS n ON {_SAME_MEASURE}"
    ).fetchnumpy()
    known[stored["number"], stored["quarter"]] = stored["percent"]
    # Backwards, so that the first of several rows is written last.
    known[groups[rows[::-1]], quarter[rows[::-1]]] = percent[rows[::-1]]
    before, after = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    for other in range(1, QUARTERS + 1):
        said = known[groups[rows], other] != NOTHING
        before[said & (other < quarter[rows])] = other
        after[said & (other > quarter[rows]) & (after == 0)] = other
    in_file = np.zeros(known.shape, bool)
    in_file[groups[rows], quarter[rows]] = True
    below = (before > 0) & (percent[rows] < known[groups[rows], before])
    above = (after > 0) & (percent[rows] > known[groups[rows], after])
    above &= ~below & ~in_file[groups[rows], after]
    for found, other_of, why in ((below, before, "below-earlier"), (above, after, "above-later")):
        for row, other in zip(rows[found].tolist(), other_of[found].tolist(), strict=True):
            told = Decimal(int(known[groups[row], other])) / MILLION
            draft.add_problem(
                ProblemKind.PROGRESS_FELL,
                row,
                "percent",
                quarter=other,
                before=percent_text(told),
                why=why,
            )
