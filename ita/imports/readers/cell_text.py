"""Cells are text, whatever they were: rows of them, and what a typed value is as one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal

from ita.tables import escape_formula, unescape_formula

Row = Sequence[str]

UNCALCULATED = "=…"
"""Begins a cell of a workbook whose formula was never worked out; the formula stands behind it. A text
that only looks like a formula, as =1+1 typed into CSV, is a text."""

KEEP_STORED = "(คงค่าเดิม)"
"""Stands in a cell of which the row says nothing: what is stored there stays, where a blank erases it."""


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


MAX_NUMBER_LENGTH = 40


def number_text(number: Decimal) -> str:
    """A number without exponent; one that no score can be keeps it, so that it stays short."""
    if not number.is_finite() or abs(number.adjusted()) > MAX_NUMBER_LENGTH:
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
        min(len(number_format), MAX_NUMBER_LENGTH)
        if set(number_format) == {"0"} and number == number.to_integral_value() >= 0
        else 0
    )
    return number_text(number).zfill(zeros)


def value_text(value: object) -> str:
    """A value of a workbook, of JSON or of Parquet as the text of a cell. Lists and records stay
    JSON, for the column to say whether it takes several; bytes are UTF-8, or shown as what they are."""
    if value is None:
        return ""
    if isinstance(value, str):
        # Checking takes the guard of CSV cells off; formats without one get it here, so nothing is lost.
        return escape_formula(well_formed(value, LOST_LETTER).strip())
    if isinstance(value, float | Decimal):
        return _figure_text(Decimal(repr(value)) if isinstance(value, float) else value)
    return _day_text(value) if isinstance(value, datetime | date | time) else _other_text(value)


def _figure_text(number: Decimal) -> str:
    """NaN is how programs write that a number is missing."""
    return "" if number.is_nan() else number_text(number)


def _day_text(value: datetime | date | time) -> str:
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()  # a workbook has no days, only moments
    return value.isoformat()


def _other_text(value: object, level: int = 0) -> str:
    if isinstance(value, list | tuple):
        items = [unescape_formula(_held_text(item, level)) for item in value]
        return json.dumps(items, ensure_ascii=False) if items else ""
    if isinstance(value, Mapping):
        held = {str(name): _held_text(item, level) for name, item in value.items()}
        return json.dumps(held, ensure_ascii=False)
    if isinstance(value, bytes):
        with suppress(UnicodeDecodeError):
            return escape_formula(value.decode("utf-8").strip())
    return escape_formula(str(value).strip())


def _held_text(item: object, level: int) -> str:
    """What a list or a record holds. From its second level on it is written as JSON at once: quoted
    anew at each level, a text would become twice as long with each."""
    if not isinstance(item, list | tuple | Mapping):
        return value_text(item)
    if level:
        return json.dumps(item, ensure_ascii=False, default=value_text)
    return _other_text(item, level + 1)


def filled_width(row: Row) -> int:
    """How many cells a row has up to its last that is not blank."""
    return max((place for place, cell in enumerate(row, 1) if cell.strip()), default=0)


_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def well_formed(text: str, lost: str = "?") -> str:
    """Text without halves of characters, which JSON and file names may hold and no table can.
    lost: what stands where one was."""
    return _HALF_CHARACTER.sub(lost, text)


LOST_LETTER = "\ufffd"
