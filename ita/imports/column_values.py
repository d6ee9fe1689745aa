"""A column of a file, from its texts to what they mean."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from ita.config import Limits
from ita.imports.cells import (
    CellError,
    cell_text,
    has_long_blank_run,
    is_missing,
    listed,
    plain,
    tidy,
)
from ita.imports.columns import Cells, CodedColumn, LongTexts, is_long, unsettled_rows
from ita.imports.datasets import Column
from ita.imports.problems import ProblemKind
from ita.imports.readers.broken_text import damage, damage_in_list
from ita.imports.readers.delimited import ColumnRows

# A column's texts, its values, its misread rows as far as they are listed, whether there are more, and
# the rows whose text is kept with fewer blanks.
ReadColumn = tuple[Cells, Cells, list[tuple[int, CellError]], bool, list[int]]


def read_column(column: Column, rows: ColumnRows, at: int, limits: Limits) -> ReadColumn:
    """A column by its distinct texts, or text by text where most of them differ. at: its position."""
    raw = rows.columns[at]
    if column.read is plain and is_long(raw):
        return _read_long_texts(column, raw, limits)
    return _read_cells(column, rows.coded(at), limits)


def _read_cells(column: Column, written: CodedColumn, limits: Limits) -> ReadColumn:
    """Each distinct text is read once; its problem goes to every row that holds it."""
    faults: dict[str, CellError] = {}
    omits = False

    def value(was: str) -> Any:
        nonlocal omits
        if omits:
            # The file is refused whatever stands here, and each misread text costs time.
            return None
        try:
            return _read_cell(column, was, cell_text(was), limits)
        except CellError as fault:
            omits = len(faults) == limits.problems
            if not omits:
                faults[was] = fault.with_traceback(None)
            return None

    values = (written.map_texts if column.read is plain else written.map)(value)
    rows = written.rows_where(faults.__contains__)
    misread = [(row, faults[written[row]]) for row in rows[: limits.problems]]
    return (
        written.map_texts(cell_text),
        values,
        misread,
        omits or len(rows) > len(misread),
        written.rows_where(lambda was: _is_shortened(column, was)) if column.is_text else [],
    )


def _read_long_texts(column: Column, raw: pa.ChunkedArray, limits: Limits) -> ReadColumn:
    """The same of free text: most of it can stay as it is, and only the other cells are looked at."""
    texts: dict[int, str | None] = {}
    values: dict[int, str | None] = {}
    misread: list[tuple[int, CellError]] = []
    omits = False
    shortened: list[int] = []
    for row in unsettled_rows(raw, limits.cell_characters):
        was = raw[row].as_py()
        text = cell_text(was)
        try:
            value: object = _read_cell(column, was, text, limits)
        except CellError as fault:
            value = None
            if len(misread) < limits.problems:
                misread.append((row, fault.with_traceback(None)))
            else:
                omits = True
        if text != was:
            texts[row] = text
            if _is_shortened(column, was):
                shortened.append(row)
        if value != was:
            values[row] = None if value is None else str(value)
    return LongTexts(raw, texts), LongTexts(raw, values), misread, omits, shortened


def _is_shortened(column: Column, was: str) -> bool:
    return has_long_blank_run(listed(was) if column.lists else was)


def _read_cell(column: Column, was: str, text: str, limits: Limits) -> object:
    """was: the cell as the file has it, for tidying takes the traces of wrong decoding away."""
    if len(text) > limits.cell_characters:
        raise CellError(ProblemKind.TEXT_TOO_LONG, limit=limits.cell_characters)
    if column.lists:
        text, was = tidy(listed(text)), listed(was)
    if not is_missing(text, column.missing):
        if column.is_text and (broken := (damage_in_list if column.lists else damage)(was)):
            raise CellError(ProblemKind.BROKEN_TEXT, why=broken.why, repaired=broken.repaired)
        return column.read(text)
    if column.required:
        raise CellError(ProblemKind.REQUIRED_VALUE, what=column.thai)
    return None
