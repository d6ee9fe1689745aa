"""Cells are text, whatever they were: rows of them, and what a typed value is as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from ita.spreadsheet import guarded

Row = Sequence[str]


class SheetLine(int):
    """A line where several sheets were read: as a number what the sheet shows, as text with its name.

    order: the sheet's place among those read. Equal numbers of two sheets are two lines.
    """

    sheet: str
    order: int

    def __new__(cls, line: int, sheet: str, order: int) -> SheetLine:
        made = super().__new__(cls, line)
        made.sheet, made.order = sheet, order
        return made

    def __getnewargs__(self) -> tuple[int, str, int]:  # type: ignore[override]
        return int(self), self.sheet, self.order

    def __str__(self) -> str:
        return f"{int(self)} ({self.sheet})"

    def __eq__(self, other: object) -> bool:
        same_sheet = not isinstance(other, SheetLine) or self.order == other.order
        return same_sheet and super().__eq__(other) is True

    __hash__ = int.__hash__


def place_of_line(line: int) -> tuple[int, int]:
    """Sorts lines as a reader goes through a file: sheet by sheet."""
    return (line.order if isinstance(line, SheetLine) else 0), int(line)


LONGEST_NUMBER = 40


def number_text(number: Decimal) -> str:
    """A number without exponent; one that no score can be keeps it, so that it stays short."""
    if not number.is_finite() or abs(number.adjusted()) > LONGEST_NUMBER:
        return str(number)
    return f"{number.normalize():f}"


_WORDS_OF_FORMAT = re.compile(r'"[^"]*"|\\.|_.')
"""Parts of a number format that are only shown: 0"%" writes a sign and doesn't count in hundreds."""


def shown_number(number: Decimal, number_format: str) -> str:
    """A number of a workbook as its format means it: 85 % where the cell holds 0.85."""
    if "%" in _WORDS_OF_FORMAT.sub("", number_format):
        return f"{number_text(number * 100)}%"
    # A code such as 0000299 is often kept as a number that is shown with its zeros.
    zeros = (
        min(len(number_format), LONGEST_NUMBER)
        if set(number_format) == {"0"} and number == number.to_integral_value() >= 0
        else 0
    )
    return number_text(number).zfill(zeros)


def value_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()  # a workbook has no days, only moments
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float | Decimal):
        return number_text(Decimal(repr(value)) if isinstance(value, float) else value)
    # Checking takes the guard of CSV cells off; formats without one get it here, so nothing is lost.
    return guarded(well_formed(str(value)).strip())


def filled_width(row: Row) -> int:
    """How many cells a row has up to its last that is not blank."""
    return max((place for place, cell in enumerate(row, 1) if cell.strip()), default=0)


def well_formed(text: str) -> str:
    """Text without halves of characters, which JSON and file names may hold and no table can."""
    return text.encode("utf-8", "replace").decode()
