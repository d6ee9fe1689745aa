"""A workbook with one table: typed cells, wrapped text, a frozen header, ready to print in A4.

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

from ita.tables.cells import CellOrDate
from ita.tables.sheet_xml import MAX_CELL_LENGTH, CellStyles, RowWriter, row_height

XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FONT = {"font_name": "TH SarabunPSK", "font_size": 14}
# A day with its Thai month and the year of the Buddhist Era; the cell itself stays a date.
BUDDHIST_DATE_FORMAT = "[$-107041E]d mmm yyyy"
_FORBIDDEN_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_SHEET = "xl/worksheets/sheet1.xml"
_BATCH_SIZE = 1_000
# Characters: as wide as an upright A4 page between its margins. LibreOffice cuts a wider column.
_NOTES_WIDTH = 88
# Excel takes 255 characters, codes included.
_MAX_PRINT_HEADER_LENGTH = 220
_MAX_SPOOL_BYTES = 4 * 1024 * 1024
_ZIP64_THRESHOLD = 1024 * 1024 * 1024
# A tenth larger than with zlib's usual 6, in half the time.
COMPRESSION_LEVEL = 4


def xlsx_bytes(
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[CellOrDate]],
    widths: Sequence[int],
    notes: Sequence[str] = (),
    truncation_note: str = "",
) -> bytes:
    """The table as the bytes of a workbook; see `write_xlsx`."""
    stream = io.BytesIO()
    write_xlsx(stream, title, header, rows, widths, notes, truncation_note)
    return stream.getvalue()


def write_xlsx(
    stream: IO[bytes],
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[CellOrDate]],
    widths: Sequence[int],
    notes: Sequence[str] = (),
    truncation_note: str = "",
) -> int:
    """Write a workbook. Text is never a formula, a link or markup.

    Args:
        widths: of the columns, in characters.
        notes: lines of a second sheet: what was filtered, when, and where the data come from.
        truncation_note: added to the notes where a text was too long for a cell.

    Returns:
        The number of rows below the header.

    Raises:
        TooManyRows: a sheet can't hold them; what is in the stream is no workbook then.
    """
    columns = [xl_col_to_name(index) for index in range(len(header))]
    # The formats have the same numbers in every workbook of these columns, so rows can come first.
    styles = _parse_styles(_shell(title, header, widths, 1, ()))
    with tempfile.SpooledTemporaryFile(max_size=_MAX_SPOOL_BYTES) as body:
        writer = RowWriter(body, widths, styles, columns)
        row_iterator = iter(rows)
        while batch := list(islice(row_iterator, _BATCH_SIZE)):
            writer.write(batch)
        all_notes = (
            (*notes, truncation_note) if truncation_note and writer.truncated_count else notes
        )
        _assemble(
            stream, _shell(title, header, widths, writer.count, all_notes), body, writer.count
        )
    return writer.count


def _shell(
    title: str, header: Sequence[str], widths: Sequence[int], count: int, notes: Sequence[str]
) -> bytes:
    """The workbook with its header and, where the rows belong, a row of one cell of each format."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    frame = {**FONT, "text_wrap": True, "border": 1, "border_color": "#B8C0C6"}
    cell = book.add_format({**frame, "valign": "top"})
    # An indent, so that a number does not touch the text of the next column.
    right_aligned = {**frame, "valign": "top", "align": "right", "indent": 1}
    figure = book.add_format(right_aligned)
    day = book.add_format({**right_aligned, "num_format": BUDDHIST_DATE_FORMAT})
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
        notes_sheet = book.add_worksheet("ข้อมูลประกอบ")
        notes_sheet.set_column(0, 0, _NOTES_WIDTH)
        notes_sheet.set_paper(9)
        notes_sheet.fit_to_pages(1, 0)
        for line, note in enumerate(notes):
            note_text = without_markup(note)
            notes_sheet.write_string(line, 0, note_text[:MAX_CELL_LENGTH], cell)
            notes_sheet.set_row(line, row_height([note_text], [_NOTES_WIDTH]))
    book.close()
    return stream.getvalue()


def _print_header(lines: Sequence[str]) -> str:
    """The header of printed pages. `&` begins a code; a digit would join the size before it."""
    words = " ".join(" · ".join(lines).split())
    printable = "".join(c for c in words if c.isprintable()).replace("&", "&&")
    truncated = printable[:_MAX_PRINT_HEADER_LENGTH]
    splits_ampersand = (len(truncated) - len(truncated.rstrip("&"))) % 2
    return f'&C&"{FONT["font_name"]},Bold"&12 {truncated[:-1] if splits_ampersand else truncated}'


def without_markup(text: str) -> str:
    """A text for xlsxwriter, which takes one from <r> to </r> as rich text, unescaped."""
    return f" {text}" if text.startswith("<r>") else text


def _sheet_name(title: str) -> str:
    return _FORBIDDEN_IN_SHEET_NAME.sub(" ", title)[:31].strip(" '") or "1"


_STYLE_ROW = re.compile(
    rb'<row r="2"[^>]*><c r="A2" s="(\d+)"/><c r="B2" s="(\d+)"/><c r="C2" s="(\d+)"/></row>'
)


def _parse_styles(shell: bytes) -> CellStyles:
    with zipfile.ZipFile(io.BytesIO(shell)) as book:
        match = _STYLE_ROW.search(book.read(_SHEET))
    if match is None:
        raise AssertionError("xlsxwriter writes rows otherwise than this version is known to")
    return CellStyles(*(number.decode() for number in match.groups()))


def _assemble(stream: IO[bytes], shell: bytes, body: IO[bytes], count: int) -> None:
    """The shell's files with the rows inserted."""
    size = body.tell()
    body.seek(0)
    with (
        zipfile.ZipFile(io.BytesIO(shell)) as book,
        zipfile.ZipFile(
            stream, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION_LEVEL, allowZip64=True
        ) as output,
    ):
        for entry in book.infolist():
            if entry.filename != _SHEET:
                output.writestr(entry, book.read(entry), zipfile.ZIP_DEFLATED)
                continue
            above, below = _STYLE_ROW.split(book.read(entry))[::4]
            above = re.sub(
                rb'(<dimension ref="A1:[A-Z]+)\d+', lambda m: m[1] + str(count + 1).encode(), above
            )
            # The marks of a large entry only where they are needed: not every reader knows them.
            with output.open(_SHEET, "w", force_zip64=size > _ZIP64_THRESHOLD) as out:
                out.write(above)
                shutil.copyfileobj(body, out, 1024 * 1024)
                out.write(below)
