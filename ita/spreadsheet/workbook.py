"""A workbook with one table: typed cells, wrapped text, a header that stays, ready to print in A4.

xlsxwriter makes all of it but the rows, which are streamed into its sheet: with 100,000 rows that
takes a third of the time, and no more memory than some rows.
"""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import IO

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from ita.spreadsheet.cells import CellOrDay
from ita.spreadsheet.rows import LONGEST_CELL, RowWriter, Styles, row_height

XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FONT = {"font_name": "TH SarabunPSK", "font_size": 14}
BUDDHIST_DAY = "[$-107041E]d mmm yyyy"
"""A day with its Thai month and the year of the Buddhist Era; the cell itself stays a day."""
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_SHEET = "xl/worksheets/sheet1.xml"
_ROWS_AT_ONCE = 1_000
_NOTES_WIDTH = 88
"""Characters: as wide as an upright A4 page between its margins. LibreOffice cuts a wider column."""
_LONGEST_PRINT_HEADER = 220
"""Excel takes 255 characters, codes included."""
_IN_MEMORY = 4 * 1024 * 1024
_LARGE_ENTRY = 1024 * 1024 * 1024
COMPRESSION = 4
"""A tenth larger than with zlib's usual 6, in half the time."""


def xlsx_bytes(
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[CellOrDay]],
    widths: Sequence[int],
    notes: Sequence[str] = (),
    if_cut: str = "",
) -> bytes:
    """The table as the bytes of a workbook; see `write_xlsx`."""
    stream = io.BytesIO()
    write_xlsx(stream, title, header, rows, widths, notes, if_cut)
    return stream.getvalue()


def write_xlsx(
    stream: IO[bytes],
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[CellOrDay]],
    widths: Sequence[int],
    notes: Sequence[str] = (),
    if_cut: str = "",
) -> int:
    """Write a workbook and give the number of rows below its header.

    widths: of the columns, in characters. notes: lines of a second sheet that says what was
    filtered, when, and where the data come from; if_cut is added where a text was too long for a
    cell. Text is never a formula, a link or markup.

    Raises:
        TooManyRows: a sheet can't hold them; what is in the stream is no workbook then.
    """
    columns = [xl_col_to_name(place) for place in range(len(header))]
    # The looks have the same numbers in every workbook of these columns, so rows can come first.
    styles = _styles(_shell(title, header, widths, 1, ()))
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as body:
        writer = RowWriter(body, widths, styles, columns)
        waiting = iter(rows)
        while block := list(islice(waiting, _ROWS_AT_ONCE)):
            writer.write(block)
        told = (*notes, if_cut) if if_cut and writer.cut else notes
        _assemble(stream, _shell(title, header, widths, writer.count, told), body, writer.count)
    return writer.count


def _shell(
    title: str, header: Sequence[str], widths: Sequence[int], count: int, notes: Sequence[str]
) -> bytes:
    """The workbook with its header and, where the rows belong, a row of one cell of each look."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    frame = {**FONT, "text_wrap": True, "border": 1, "border_color": "#B8C0C6"}
    cell = book.add_format({**frame, "valign": "top"})
    # A figure keeps away from the text that begins in the next column.
    to_the_right = {**frame, "valign": "top", "align": "right", "indent": 1}
    figure = book.add_format(to_the_right)
    day = book.add_format({**to_the_right, "num_format": BUDDHIST_DAY})
    heading = book.add_format(
        {**frame, "bold": True, "valign": "vcenter", "align": "center", "bg_color": "#E8EEF4"}
    )
    sheet = book.add_worksheet(_sheet_name(title))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for column, name in enumerate(header):
        sheet.write_string(0, column, name, heading)
    sheet.set_row(0, row_height(header, widths))
    sheet.write_blank(1, 0, None, cell)
    sheet.write_blank(1, 1, None, figure)
    sheet.write_blank(1, 2, None, day)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(count, 1), len(header) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header(_print_header(notes[:2] or (title,)), {"margin": 0.3})
    sheet.set_footer("&R&P / &N")
    if notes:
        about = book.add_worksheet("ข้อมูลประกอบ")
        about.set_column(0, 0, _NOTES_WIDTH)
        about.set_paper(9)
        about.fit_to_pages(1, 0)
        for line, note in enumerate(notes):
            shown = without_markup(note)
            about.write_string(line, 0, shown[:LONGEST_CELL], cell)
            about.set_row(line, row_height([shown], [_NOTES_WIDTH]))
    book.close()
    return stream.getvalue()


def _print_header(lines: Sequence[str]) -> str:
    """What each printed page says on top. `&` begins a code; a digit would join the size before it."""
    words = " ".join(" · ".join(lines).split())
    told = "".join(c for c in words if c.isprintable()).replace("&", "&&")
    cut = told[:_LONGEST_PRINT_HEADER]
    halved = (len(cut) - len(cut.rstrip("&"))) % 2
    return f'&C&"{FONT["font_name"]},Bold"&12 {cut[:-1] if halved else cut}'


def without_markup(text: str) -> str:
    """A text for xlsxwriter, which takes one from <r> to </r> for markup of its own, unescaped."""
    return f" {text}" if text.startswith("<r>") else text


def _sheet_name(title: str) -> str:
    return _NOT_IN_NAMES.sub(" ", title)[:31].strip(" '") or "1"


_LOOKS = re.compile(
    rb'<row r="2"[^>]*><c r="A2" s="(\d+)"/><c r="B2" s="(\d+)"/><c r="C2" s="(\d+)"/></row>'
)


def _styles(shell: bytes) -> Styles:
    with zipfile.ZipFile(io.BytesIO(shell)) as book:
        found = _LOOKS.search(book.read(_SHEET))
    if found is None:
        raise AssertionError("xlsxwriter writes rows otherwise than this version is known to")
    return Styles(*(number.decode() for number in found.groups()))


def _assemble(stream: IO[bytes], shell: bytes, body: IO[bytes], count: int) -> None:
    """The shell's parts with the rows in their place."""
    size = body.tell()
    body.seek(0)
    with (
        zipfile.ZipFile(io.BytesIO(shell)) as book,
        zipfile.ZipFile(
            stream, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION, allowZip64=True
        ) as made,
    ):
        for entry in book.infolist():
            if entry.filename != _SHEET:
                made.writestr(entry, book.read(entry), zipfile.ZIP_DEFLATED)
                continue
            above, below = _LOOKS.split(book.read(entry))[::4]
            above = re.sub(
                rb'(<dimension ref="A1:[A-Z]+)\d+', lambda m: m[1] + str(count + 1).encode(), above
            )
            # The marks of a large entry only where they are needed: not every reader knows them.
            with made.open(_SHEET, "w", force_zip64=size > _LARGE_ENTRY) as out:
                out.write(above)
                shutil.copyfileobj(body, out, 1024 * 1024)
                out.write(below)
