"""Rows of a workbook as XML, written one by one: a third of the time that xlsxwriter takes.

Every text is escaped here and nowhere else; a cell is a text, a number or a date, never a formula.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import IO
from xml.sax.saxutils import escape

from ita.tables.cells import CellOrDate, plain_number

# UTF-16 units that a cell of a spreadsheet holds.
MAX_CELL_LENGTH = 32_767
# Rows below the header that a sheet holds.
MAX_SHEET_ROWS = 1_048_575
# Points.
MAX_ROW_HEIGHT = 409
# Points: room for Thai vowels above and below at 14 pt, also in the wider font of a machine without Sarabun.
LINE_HEIGHT = 23.5
# Letters of ours in the width of one digit of a spreadsheet's own font, as LibreOffice draws them.
CHARACTERS_PER_WIDTH_UNIT = 0.8
# Letters of a full line that stay empty, because the next word is wrapped.
UNUSED_PER_LINE = 3
# Day 0 of a spreadsheet's calendar, as it counts from March 1900 on.
_EPOCH = date(1899, 12, 30)


class TooManyRows(Exception):
    """A sheet can't hold so many rows."""


@dataclass(frozen=True)
class CellStyles:
    """The numbers of the cell formats in the workbook's shell."""

    text: str
    number: str
    day: str


# What XML can't carry, what it marks up with, and what a spreadsheet takes for an escape.
_NEEDS_ESCAPING = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff&<>]|_x[0-9A-Fa-f]{4}_")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class RowWriter:
    """Writes rows into a stream. truncated_count: texts so far that were too long for a cell."""

    def __init__(
        self, stream: IO[bytes], widths: Sequence[int], styles: CellStyles, columns: Sequence[str]
    ) -> None:
        self.truncated_count = 0
        self.count = 0
        self._stream = stream
        self._styles = styles
        self._columns = columns
        self._characters_per_line = list(map(_line_width, widths))

    def write(self, rows: Sequence[Sequence[CellOrDate]]) -> None:
        """The next rows.

        Raises:
            TooManyRows: the sheet is full.
        """
        if self.count + len(rows) > MAX_SHEET_ROWS:
            raise TooManyRows(f"{MAX_SHEET_ROWS:,}")
        text = "".join(
            self._row(number, row) for number, row in enumerate(rows, start=self.count + 2)
        )
        self._stream.write(text.encode())
        self.count += len(rows)

    def _row(self, number: int, row: Sequence[CellOrDate]) -> str:
        line_count = 1
        cells = []
        text_style, number_style, characters_per_line = (
            self._styles.text,
            self._styles.number,
            self._characters_per_line,
        )
        for column, value in enumerate(row):
            cell_start = f'<c r="{self._columns[column]}{number}" s="'
            if isinstance(value, str):
                if len(value) > characters_per_line[column] or "\n" in value:
                    line_count = max(line_count, _count_lines(value, characters_per_line[column]))
                cells.append(
                    f'{cell_start}{text_style}" t="inlineStr"><is>{self._inline_string(value)}</is></c>'
                )
            elif value is None:
                cells.append(f'{cell_start}{text_style}"/>')
            elif isinstance(value, date):
                days = (value - _EPOCH).days
                cells.append(f'{cell_start}{self._styles.day}"><v>{days}</v></c>')
            else:
                cells.append(f'{cell_start}{number_style}"><v>{plain_number(value)}</v></c>')
        height = min(MAX_ROW_HEIGHT, LINE_HEIGHT * line_count)
        return f'<row r="{number}" ht="{height}" customHeight="1">{"".join(cells)}</row>'

    def _inline_string(self, text: str) -> str:
        """A text as the inside of <is>."""
        if len(text) > MAX_CELL_LENGTH // 2 and utf_16_units(text) > MAX_CELL_LENGTH:
            self.truncated_count += 1
            text = _truncate(text)
        if _NEEDS_ESCAPING.search(text):
            return _escape_text(text)
        return f"<t>{text}</t>" if text == text.strip() else f'<t xml:space="preserve">{text}</t>'


def _escape_text(text: str) -> str:
    """A text with characters that XML or spreadsheets read as something else.

    What looks like a spreadsheet's escape (_x0041_) is split into two runs, which no reader takes
    for one; they differ in how they read the escape of the escape.
    """
    text = _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    pieces = [escape(piece) for piece in _split_at_escapes(text)]
    if len(pieces) == 1:
        return f'<t xml:space="preserve">{pieces[0]}</t>'
    return "".join(f'<r><t xml:space="preserve">{piece}</t></r>' for piece in pieces)


def _split_at_escapes(text: str) -> list[str]:
    ends = [match.end() for match in _ESCAPE_LIKE.finditer(text)]
    return [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]


def utf_16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _truncate(text: str) -> str:
    """The beginning of a text that fits into a cell, with an ellipsis."""
    units = text.encode("utf-16-le", "surrogatepass")[: (MAX_CELL_LENGTH - 1) * 2]
    return f"{units.decode('utf-16-le', 'ignore')}…"


# Thai marks over or under a letter, which take no width.
_ZERO_WIDTH_MARKS = "".join(
    map(chr, (0x0E31, *range(0x0E34, 0x0E3B), *range(0x0E47, 0x0E4F)))
).encode("cp874")


def _count_lines(text: str, characters_per_line: int) -> int:
    """How many lines a text takes; spreadsheets don't compute the height for Thai."""
    # One byte a character: taking the marks out is ten times faster than on text.
    letters = text.encode("cp874", "replace").translate(None, _ZERO_WIDTH_MARKS)
    filled_width = max(1, characters_per_line - UNUSED_PER_LINE)
    return sum(
        1 if len(line) <= characters_per_line else -(-len(line) // filled_width)
        for line in letters.split(b"\n")
    )


def row_height(row: Sequence[CellOrDate], widths: Sequence[int]) -> float:
    """The height of a wrapped row in points, for a row that xlsxwriter writes."""
    line_widths = map(_line_width, widths)
    texts = [(v, u) for v, u in zip(row, line_widths, strict=False) if isinstance(v, str)]
    return min(
        MAX_ROW_HEIGHT, LINE_HEIGHT * max((_count_lines(*text) for text in texts), default=1)
    )


def split_row(row: Sequence[str], widths: Sequence[int]) -> list[tuple[str, ...]]:
    """A row of texts split into rows of which none is higher than a sheet can show.

    Split at the ends of lines; one line that is higher by itself stays whole.
    """
    pieces = [_split_text(text, width) for text, width in zip(row, widths, strict=True)]
    return list(zip_longest(*pieces, fillvalue=""))


def _split_text(text: str, width: int) -> list[str]:
    characters_per_line = _line_width(width)
    pieces: list[list[str]] = [[]]
    height = 0
    for line in text.split("\n"):
        line_count = _count_lines(line, characters_per_line)
        if pieces[-1] and height + line_count > MAX_ROW_HEIGHT // LINE_HEIGHT:
            pieces.append([])
            height = 0
        pieces[-1].append(line)
        height += line_count
    return ["\n".join(piece) for piece in pieces]


def _line_width(width: int) -> int:
    return max(1, int(width * CHARACTERS_PER_WIDTH_UNIT))
