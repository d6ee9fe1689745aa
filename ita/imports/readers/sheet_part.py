"""The cells of a sheet of an XLSX, read tag by tag."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from openpyxl.formula.translate import Translator
from openpyxl.utils.datetime import from_excel, from_ISO8601

from ita.imports.readers.cell_text import UNCALCULATED, shown_number, value_text
from ita.imports.readers.limits import MAX_ROW, NO_CELLS, Budget, too_large, unreadable
from ita.imports.readers.workbook_parts import AS_IT_IS, Attributes, Format, Tags, Unpacking

MAX_TAGS_OF_CELL = 10_000
"""Values, formulas, and fonts of the letters of a text."""
LAST_COLUMN = 16_384


@dataclass
class SheetPart:
    """A sheet as it stands in its part. merged: areas as (column, first row, last row), from 0;
    hidden_lines: as a spreadsheet shows them; hidden_columns: from 0."""

    rows: list[Sequence[str]] = field(default_factory=list)
    merged: set[tuple[int, int, int]] = field(default_factory=set)
    hidden_lines: set[int] = field(default_factory=set)
    hidden_columns: frozenset[int] = frozenset()


_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})")
_ON = ("1", "true")


class _SheetHandler(Tags):
    """Puts the cells of a sheet into rows. What has no place of its own stands behind the one before."""

    def __init__(
        self, budget: Budget, texts: Sequence[str], formats: Sequence[Format], epoch: datetime
    ) -> None:
        super().__init__(budget)
        self.found = SheetPart()
        self._texts, self._formats, self._epoch = texts, formats, epoch
        self._columns: dict[str, int] = {}
        self._hidden = bytearray(LAST_COLUMN)
        self._shared: dict[str, tuple[str, str]] = {}
        self._translated = 0
        self._rows = self._cells = self._of_cells = self._of_cell = 0
        self._row: list[str] = []
        self._cell: Attributes | None = None
        self._at = 0
        self._value: str | None = None
        self._inline: list[str] | None = None
        self._formula: tuple[str, Attributes] | None = None
        self._formula_attributes: Attributes = {}
        self._phonetic = False

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            self._begin_cell(attributes)
        elif self._cell is not None:
            self._of_cells += 1
            self._of_cell += 1
            limit = 2 * self._budget.limits.cells
            if self._of_cells > limit:
                raise too_large(f"{limit:,} +", f"{limit:,}", "sheet-extras")
            if self._of_cell > MAX_TAGS_OF_CELL:
                raise unreadable("broken-xlsx")
            self._begin_in_cell(tag, attributes)
        elif tag == "row":
            self._begin_row(attributes)
        else:
            self._other(tag, attributes)

    def end(self, tag: str) -> None:
        if tag == "c":
            self._end_cell()
        elif self._cell is not None:
            self._end_in_cell(tag)
        elif tag == "row" and self._row:
            self._end_row()

    def _other(self, tag: str, attributes: Attributes) -> None:
        self.count()
        if tag == "col" and attributes.get("hidden") in _ON:
            first, last = int(attributes.get("min", "1")), int(attributes.get("max", "0"))
            first, last = max(first, 1) - 1, min(last, LAST_COLUMN)
            self._hidden[first:last] = b"\x01" * max(0, last - first)
        elif tag == "mergeCell" and (found := _REFERENCE.fullmatch(attributes.get("ref", ""))):
            place = self._column(found[1]), int(found[2]) - 1, int(found[3]) - 1
            self.found.merged.add(place)
            limit = self._budget.limits.rows
            if len(self.found.merged) > limit:
                raise too_large(f"{limit:,} +", f"{limit:,}", "merged")

    def _column(self, letters: str) -> int:
        at = self._columns.get(letters)
        if at is None:
            at = 0
            for letter in letters.upper():
                at = at * 26 + ord(letter) - 64
                if not 0 < at <= LAST_COLUMN or not "A" <= letter <= "Z":
                    raise unreadable("broken-xlsx")
            at = self._columns[letters] = at - 1
        return at

    def _begin_row(self, attributes: Attributes) -> None:
        written = attributes.get("r")
        self._line = self._line + 1 if written is None else int(float(written))
        self._rows += 1
        if not 0 < self._line <= MAX_ROW or self._rows > MAX_ROW:
            raise unreadable("broken-xlsx")
        self._row, self._at = [], 0
        if attributes.get("hidden") in _ON:
            self.found.hidden_lines.add(self._line)

    def _end_row(self) -> None:
        rows, place, row = self.found.rows, self._line - 1, self._row
        self._budget.take(row)
        self._row = []
        if place < len(rows):  # a row that comes again: what it says more is added
            there = list(rows[place])
            there += [""] * (len(row) - len(there))
            rows[place] = [
                new or old for new, old in zip(row + there[len(row) :], there, strict=True)
            ]
            return
        rows.extend([NO_CELLS] * (place - len(rows)))
        rows.append(row)

    def _begin_cell(self, attributes: Attributes) -> None:
        self._cells += 1
        limit = self._budget.limits.cells
        if self._cells > limit:
            raise too_large(f"{limit:,} +", f"{limit:,}", "cells")
        if reference := attributes.get("r"):
            self._at = self._column(reference.rstrip("0123456789"))
        if self._at >= LAST_COLUMN:
            raise unreadable("broken-xlsx")
        self._cell, self._of_cell = attributes, 0
        self._value = self._inline = self._formula = None

    def _begin_in_cell(self, tag: str, attributes: Attributes) -> None:
        if tag in ("v", "t"):
            self.gather()
        elif tag == "f":
            self._formula_attributes = attributes
            self.gather()
        elif tag == "is":
            self._inline = []
        elif tag == "rPh":
            self._phonetic = True

    def _end_in_cell(self, tag: str) -> None:
        if tag == "v":
            text = self.gathered()
            self._value = self._value or text or None
        elif tag == "t":
            text = self.gathered()
            if self._inline is not None and not self._phonetic:
                self._inline.append(text)
        elif tag == "f":
            self._formula = self.gathered(), self._formula_attributes
        elif tag == "rPh":
            self._phonetic = False

    def _end_cell(self) -> None:
        cell = self._cell or {}
        self._cell = None
        text = self._text(cell)
        if text:
            row, at = self._row, self._at
            if at == len(row):
                row.append(text)
            elif at > len(row):
                row += [""] * (at - len(row))
                row.append(text)
            else:
                row[at] = text
        self._at += 1

    def _text(self, cell: Attributes) -> str:
        """What a cell shows; a formula that was never worked out shows itself: as nothing it would
        erase a figure."""
        kind, value = cell.get("t", "n"), self._value
        if self._formula is not None:
            written = self._written(cell, *self._formula)
            if value is None and kind == "n":
                return UNCALCULATED + written
        if kind == "inlineStr":
            return value_text("".join(self._inline or ()))
        if value is None:
            return ""
        return self._value_text(kind, value, cell.get("s"))

    def _value_text(self, kind: str, value: str, style: str | None) -> str:
        if kind == "s":
            return self._texts[int(value)]
        if kind == "n":
            return self._number(value, style)
        if kind == "b":
            return value_text(bool(int(value)))
        return value_text(from_ISO8601(value) if kind == "d" else value)

    def _number(self, value: str, style: str | None) -> str:
        shown = AS_IT_IS
        if style and (at := int(style)) < len(self._formats):
            shown = self._formats[at]
        if not shown.code and len(value) < 16 and value.isdecimal():
            return str(int(value))
        number = float(value) if not value.isdecimal() and _IS_FLOAT.search(value) else int(value)
        if shown.is_day:
            try:
                return value_text(from_excel(number, self._epoch, timedelta=shown.is_duration))
            except (OverflowError, ValueError):
                return value_text("#VALUE!")
        return shown_number(Decimal(repr(number)), shown.code)

    def _written(self, cell: Attributes, text: str, attributes: Attributes) -> str:
        """A formula without its equals sign. One that is shared stands in the first of its cells."""
        kind = attributes.get("t")
        if kind in ("array", "dataTable"):
            return ""
        if kind == "shared":
            index, place = attributes.get("si", ""), cell.get("r", "A1")
            if index in self._shared:
                shared, first = self._shared[index]
                if self._value is None:
                    self._translated += len(shared)
                    if self._translated <= MAX_TRANSLATED:
                        there = Translator(f"={shared}", first).translate_formula(place)
                        return str(there).removeprefix("=")
                    return shared
            elif text:
                self._shared[index] = text, place
        return text


_IS_FLOAT = re.compile("[.eE]")
MAX_TRANSLATED = 50_000
"""Characters of shared formulas that are written out for their cells; it takes its time."""


def sheet_part(
    stream: Any,
    unpacking: Unpacking,
    texts: Sequence[str],
    formats: Sequence[Format],
    epoch: datetime,
) -> SheetPart:
    """The cells of a sheet as texts, and what stands beside them.

    Args:
        texts: those that the sheets share.
        formats: of the cell styles, in their order.
        epoch: the day that is 0.

    Raises:
        Unreadable: it holds more than is read.
        Exception: it is damaged, in many ways.
    """
    handler = _SheetHandler(unpacking.budget, texts, formats, epoch)
    unpacking.parse(stream, handler)
    found = handler.found
    found.hidden_columns = frozenset(at for at, hides in enumerate(handler._hidden) if hides)
    return found
