"""Cells are text, whatever they were: rows of them, and what a typed value is as one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from ita.spreadsheet import guarded

Row = Sequence[str]

LONGEST_NUMBER = 40


def number_text(number: Decimal) -> str:
    """A number without exponent; one that no score can be keeps it, so that it stays short."""
    if not number.is_finite() or abs(number.adjusted()) > LONGEST_NUMBER:
        return str(number)
    return f"{number.normalize():f}"


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
