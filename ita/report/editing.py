"""The cells of one instrument's row while somebody writes in them; pure.

What was typed is kept beside what stood there when it was opened, so that only cells that somebody
touched are saved, on top of whatever the store holds by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ita.report.mending import Cell
from ita.report.narrative import NarrativeRow

Spot: TypeAlias = tuple[Cell, int]
"""A cell and its number: of a result, of a measure, 0 of what an instrument has just one. Results that
are not stored yet have negative numbers."""
Value: TypeAlias = str | tuple[int, ...] | tuple[str, ...]
"""A text; of ANSWERS the measures, of DIVISIONS their names."""
Cells: TypeAlias = Mapping[Spot, Value]

PERIOD: Spot = (Cell.PERIOD, 0)
OUTCOME: Spot = (Cell.OUTCOME, 0)


def cells_of(row: NarrativeRow) -> dict[Spot, Value]:
    """What can be written in a row, as it is stored; "" and () where there is nothing."""
    cells: dict[Spot, Value] = {}
    for result in row.results:
        cells[Cell.RESULT, result.seq] = result.text
        cells[Cell.ANSWERS, result.seq] = result.measures
    for measure in row.measures:
        cells[Cell.DIVISIONS, measure.seq] = measure.divisions
    return cells | {PERIOD: row.written_period or "", OUTCOME: row.outcome or ""}


def edited(opened: Cells, typed: Cells) -> dict[Spot, Value]:
    """The cells that somebody has changed since they were opened. A result that is not stored yet
    counts with its first letter."""
    blank = {
        n
        for (cell, n), value in typed.items()
        if cell is Cell.RESULT and n < 0 and not str(value).strip()
    }
    return {
        (cell, n): value
        for (cell, n), value in typed.items()
        if n not in blank and value != opened.get((cell, n), _nothing(cell))
    }


def _nothing(cell: Cell) -> Value:
    return () if cell in (Cell.ANSWERS, Cell.DIVISIONS) else ""


def rebased(
    opened: Cells, typed: Cells, stored: Cells
) -> tuple[dict[Spot, Value], dict[Spot, Value]]:
    """Opened and typed, on a row that has been saved since: what nobody touched is as stored now, and
    what was typed stays as it was typed."""
    changed = edited(opened, typed)
    new = {spot: value for spot, value in typed.items() if spot[1] < 0}
    kept = {spot: opened[spot] for spot in changed if spot in opened and spot not in stored}
    return {**stored, **kept}, {**stored, **new, **changed}


@dataclass(frozen=True)
class EditedText:
    """A text to be saved. seq: of a result, None of the others. text: "" takes it out."""

    cell: Cell
    seq: int | None
    text: str
    answers: tuple[int, ...] = ()


@dataclass(frozen=True)
class RowEdit:
    """What is to be saved of one row. divisions: of the measures whose divisions were changed."""

    texts: tuple[EditedText, ...]
    divisions: Mapping[int, tuple[str, ...]]


def row_edit(stored: NarrativeRow, changed: Cells) -> RowEdit:
    """The changed cells on top of the row as it is stored now, its other cells left as they are.

    New results get the next free numbers, and a text whose result somebody has taken out meanwhile
    is one again. What else speaks of results or measures that are gone is left out.
    """
    now: Cells = {**cells_of(stored), **changed}
    known = {result.seq for result in stored.results}
    told = {n for (cell, n), value in changed.items() if cell is Cell.RESULT and value}
    touched = {n for cell, n in changed if cell in (Cell.RESULT, Cell.ANSWERS)}
    old = sorted(n for n in touched & (known | told) if n > 0)
    new = sorted((n for n in told if n < 0), reverse=True)
    first = 1 + max((*known, *old), default=0)
    numbers = dict(zip(new, range(first, first + len(new)), strict=True))
    results = [
        EditedText(
            Cell.RESULT,
            numbers.get(number, number),
            _text(now, (Cell.RESULT, number)),
            tuple(int(n) for n in now.get((Cell.ANSWERS, number), ())),
        )
        for number in (*old, *new)
    ]
    singles = [
        EditedText(spot[0], None, _text(now, spot)) for spot in (PERIOD, OUTCOME) if spot in changed
    ]
    measures = {measure.seq for measure in stored.measures}
    divisions = {
        number: tuple(str(name) for name in value)
        for (cell, number), value in changed.items()
        if cell is Cell.DIVISIONS and number in measures
    }
    return RowEdit((*results, *singles), divisions)


def _text(cells: Cells, spot: Spot) -> str:
    value = cells.get(spot, "")
    return value if isinstance(value, str) else ""
