"""The sheets of .xls and .xlsb, which calamine reads, as rows of text cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Any

import python_calamine as calamine

from ita.config import Limits
from ita.imports.readers.binary_workbook_parts import Marks, xls_marks, xlsb_marks
from ita.imports.readers.cell_text import number_text, shown_number, value_text
from ita.imports.readers.limits import Budget, Unreadable, unreadable
from ita.imports.readers.worksheets import Worksheet, fill_down, without_trailing_blanks

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of Office before 2007 begin, and those of later ones that have a password."""


def _utf_16(name: str) -> bytes:
    return name.encode("utf-16-le")


_STREAMS = (
    (_utf_16("EncryptedPackage"), "password"),
    (_utf_16("WordDocument"), "word"),
    (_utf_16("PowerPoint Document"), "slides"),
)
"""Names of what an OLE file may hold instead of a workbook, and why it can't be read."""


def xls_worksheets(content: bytes, limits: Limits) -> list[Worksheet]:
    """The sheets of an .xls, formulas by their last result; of hidden ones the name alone.

    Raises:
        Unreadable: it has a password, is something else of Office, damaged or too large.
    """
    why = next((why for name, why in _STREAMS if name in content), None)
    if why is not None:
        raise unreadable(why)
    return _read(content, limits, lambda: xls_marks(content, limits))


def xlsb_worksheets(content: bytes, limits: Limits) -> list[Worksheet]:
    """The sheets of an .xlsb, as those of an .xls.

    Raises:
        Unreadable: it is damaged or too large.
    """

    def marks() -> list[Marks]:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return xlsb_marks(archive, limits)

    return _read(content, limits, marks)


def _read(content: bytes, limits: Limits, read_marks: Callable[[], list[Marks]]) -> list[Worksheet]:
    try:
        marks = read_marks()
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [s for s in book.sheets_metadata if s.typ == calamine.SheetTypeEnum.WorkSheet]
        budget = Budget(limits)
        return [_worksheet(book, s, m, budget) for s, m in zip(sheets, marks, strict=True)]
    except Unreadable:
        raise
    except calamine.PasswordError as fault:
        raise unreadable("password") from fault
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as fault:  # a damaged file lets Rust panic, which is no `Exception`
        raise unreadable("broken-xlsx") from fault


def _worksheet(book: Any, data: Any, marks: Marks, budget: Budget) -> Worksheet:
    if data.visible != calamine.SheetVisibleEnum.Visible:
        return Worksheet(data.name, (), visible=False)
    sheet = book.get_sheet_by_name(data.name)
    merged = [(left, top, bottom) for (top, left), (bottom, _) in sheet.merged_cell_ranges or ()]
    rows = []
    left = [""] * (sheet.start or (0, 0))[1]  # columns before the first with a cell are left out
    for cells in sheet.iter_rows():
        row = without_trailing_blanks([*left, *map(_text, cells)])
        budget.take(row)
        rows.append(row)
    _mark(rows, marks)
    fill_down(rows, merged, budget)
    return Worksheet(
        data.name,
        list(map(without_trailing_blanks, rows)),
        True,
        frozenset(row + 1 for row in marks.hidden_rows),
        frozenset(marks.hidden_columns),
    )


def _mark(rows: Sequence[list[str]], marks: Marks) -> None:
    """Percents as percents, codes with their zeros, and errors where calamine leaves nothing."""
    for (row, column), shown_as in marks.formats.items():
        if row < len(rows) and column < len(rows[row]):
            with suppress(InvalidOperation):  # a formula whose result is a text
                rows[row][column] = shown_number(Decimal(rows[row][column]), shown_as)
    for (row, column), error in marks.errors.items():
        if row < len(rows):
            rows[row].extend([""] * (column + 1 - len(rows[row])))
            rows[row][column] = error


def _text(value: object) -> str:
    if isinstance(value, float | int) and not isinstance(value, bool):
        return number_text(Decimal(repr(value)))
    return value_text(value)
