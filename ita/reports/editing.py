"""The cells of one instrument's row while they are edited; pure.

Typed values are kept beside the values when the editor was opened, so that only changed cells are
saved, on top of what the store holds by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ita.reports.narrative import NarrativeRow
from ita.reports.readiness import ReportCell

# A cell and its number: of a result, of a measure, 0 of what an instrument has just one. Results
# that are not stored yet have negative numbers.
CellKey: TypeAlias = tuple[ReportCell, int]
# A text; of ANSWERS the measures, of DIVISIONS their names.
FieldValue: TypeAlias = str | tuple[int, ...] | tuple[str, ...]
FieldValues: TypeAlias = Mapping[CellKey, FieldValue]

PERIOD: CellKey = (ReportCell.PERIOD, 0)
OUTCOME: CellKey = (ReportCell.OUTCOME, 0)


def row_cells(row: NarrativeRow) -> dict[CellKey, FieldValue]:
    """The editable cells of a row as they are stored; "" and () for empty ones."""
    cells: dict[CellKey, FieldValue] = {}
    for result in row.results:
        cells[ReportCell.RESULT, result.seq] = result.text
        cells[ReportCell.ANSWERS, result.seq] = result.measures
    for measure in row.measures:
        cells[ReportCell.DIVISIONS, measure.seq] = measure.divisions
    return cells | {PERIOD: row.written_period or "", OUTCOME: row.outcome or ""}


def changed_cells(opened: FieldValues, typed: FieldValues) -> dict[CellKey, FieldValue]:
    """The cells changed since they were opened. A new result counts once it has a letter."""
    blank_results = {
        n
        for (cell, n), value in typed.items()
        if cell is ReportCell.RESULT and n < 0 and not str(value).strip()
    }
    return {
        (cell, n): value
        for (cell, n), value in typed.items()
        if n not in blank_results and value != opened.get((cell, n), _empty_value(cell))
    }


def _empty_value(cell: ReportCell) -> FieldValue:
    return () if cell in (ReportCell.ANSWERS, ReportCell.DIVISIONS) else ""


def rebase_edits(
    opened: FieldValues, typed: FieldValues, stored: FieldValues
) -> tuple[dict[CellKey, FieldValue], dict[CellKey, FieldValue]]:
    """Opened and typed cells on a row that has been saved since: unchanged cells get the stored value,
    changed ones stay as typed."""
    changed = changed_cells(opened, typed)
    new = {key: value for key, value in typed.items() if key[1] < 0}
    deleted_but_edited = {
        key: opened[key] for key in changed if key in opened and key not in stored
    }
    return {**stored, **deleted_but_edited}, {**stored, **new, **changed}


@dataclass(frozen=True)
class EditedText:
    """A text to be saved. seq: of a result, None of the others. text: "" removes it."""

    cell: ReportCell
    seq: int | None
    text: str
    answers: tuple[int, ...] = ()


@dataclass(frozen=True)
class RowEdit:
    """What is to be saved of one row. divisions: of the measures whose divisions were changed."""

    texts: tuple[EditedText, ...]
    divisions: Mapping[int, tuple[str, ...]]


def build_row_edit(stored: NarrativeRow, changed: FieldValues) -> RowEdit:
    """The changed cells on top of the row as it is stored now, its other cells left as they are.

    New results get the next free numbers; an edited result that was removed meanwhile is added again.
    Other edits of removed results or measures are dropped.
    """
    current: FieldValues = {**row_cells(stored), **changed}
    known = {result.seq for result in stored.results}
    with_text = {n for (cell, n), value in changed.items() if cell is ReportCell.RESULT and value}
    edited_results = {n for cell, n in changed if cell in (ReportCell.RESULT, ReportCell.ANSWERS)}
    old = sorted(n for n in edited_results & (known | with_text) if n > 0)
    new = sorted((n for n in with_text if n < 0), reverse=True)
    first = 1 + max((*known, *old), default=0)
    numbers = dict(zip(new, range(first, first + len(new)), strict=True))
    results = [
        EditedText(
            ReportCell.RESULT,
            numbers.get(number, number),
            _text(current, (ReportCell.RESULT, number)),
            tuple(int(n) for n in current.get((ReportCell.ANSWERS, number), ())),
        )
        for number in (*old, *new)
    ]
    singles = [
        EditedText(key[0], None, _text(current, key)) for key in (PERIOD, OUTCOME) if key in changed
    ]
    measures = {measure.seq for measure in stored.measures}
    divisions = {
        number: tuple(str(name) for name in value)
        for (cell, number), value in changed.items()
        if cell is ReportCell.DIVISIONS and number in measures
    }
    return RowEdit((*results, *singles), divisions)


def _text(cells: FieldValues, key: CellKey) -> str:
    value = cells.get(key, "")
    return value if isinstance(value, str) else ""
