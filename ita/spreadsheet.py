"""Tables as the files that people open: CSV and XLSX in which no cell runs as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import xlsxwriter

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | float | Decimal | None


def guarded(text: str) -> str:
    """Text that a spreadsheet won't run as a formula; `unguarded` takes it back, for any text."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_MARKS) else text


def unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" and text.lstrip("'").startswith(FORMULA_MARKS) else text


def _csv_cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    return plain_number(value)


def plain_number(value: int | float | Decimal) -> str:
    """A number without exponent and without needless zeros; a negative one stays a number."""
    if isinstance(value, int):
        return str(int(value))
    text = f"{Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with BOM, the form that Excel on Thai Windows opens right."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


CHARACTERS_A_LINE_UNIT = 0.95
LINE_POINTS = 23
"""Room for Thai vowels above and below at 14 pt, also in the wider font of a machine without Sarabun."""
_MARKS = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
"""Thai marks that stand over or under a letter and take no width."""


def xlsx_bytes(
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    widths: Sequence[int],
    notes: Sequence[str] = (),
) -> bytes:
    """One sheet: typed cells, wrapped text, a header that stays, filters, ready to print in A4.

    widths: of the columns, in characters. notes: lines of a second sheet that says what was
    filtered, when, and where the data come from. Text is never a formula or a link.
    """
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    cell = book.add_format(
        {
            "text_wrap": True,
            "valign": "top",
            "font_name": "TH SarabunPSK",
            "font_size": 14,
            "border": 1,
            "border_color": "#B8C0C6",
        }
    )
    heading = book.add_format(
        {
            "bold": True,
            "text_wrap": True,
            "valign": "vcenter",
            "align": "center",
            "bg_color": "#E8EEF4",
            "border": 1,
            "font_name": "TH SarabunPSK",
            "font_size": 14,
        }
    )
    sheet = book.add_worksheet(title[:31])
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.write_row(0, 0, header, heading)
    sheet.set_row(0, _height(header, widths))
    count = 0
    for count, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(count, column, _fitting(value), cell)
            elif value is not None:
                sheet.write_number(count, column, float(value), cell)
        sheet.set_row(count, _height(row, widths))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(count, 1), len(header) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    if notes:
        about = book.add_worksheet("ข้อมูลประกอบ")
        about.set_column(0, 0, 100)
        for line, note in enumerate(notes):
            about.write_string(line, 0, note, cell)
    book.close()
    return stream.getvalue()


LONGEST_CELL = 32_767
"""The most characters that a cell of a spreadsheet holds; xlsxwriter leaves a longer one out."""


def _fitting(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"


HIGHEST_ROW = 409


def _height(row: Sequence[Cell], widths: Sequence[int]) -> float:
    """The height of a wrapped row in points; spreadsheets don't work it out for Thai text."""

    def lines(value: Cell, width: int) -> int:
        if not isinstance(value, str):
            return 1
        usable = max(1, int(width * CHARACTERS_A_LINE_UNIT))
        return sum(1 + len(_MARKS.sub("", line)) // usable for line in value.split("\n"))

    most = max((lines(v, w) for v, w in zip(row, widths, strict=False)), default=1)
    return min(HIGHEST_ROW, LINE_POINTS * most)


def write_file(place: Path, content: bytes) -> None:
    """Write a file whole or not at all: a reader never sees half of it."""
    partial = place.with_name(f".{place.name}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(place)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
