"""Rows of a workbook as XML, written one by one: what xlsxwriter does in three times the time.

Every text is escaped here and nowhere else; a cell is a text, a number or a day, never a formula.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import IO
from xml.sax.saxutils import escape

from ita.spreadsheet.cells import CellOrDay, plain_number

LONGEST_CELL = 32_767
"""The most UTF-16 units that a cell of a spreadsheet holds."""
MOST_ROWS = 1_048_575
"""The most rows below the header that a sheet holds."""
HIGHEST_ROW = 409
LINE_POINTS = 23.5
"""Room for Thai vowels above and below at 14 pt, also in the wider font of a machine without Sarabun."""
CHARACTERS_A_LINE_UNIT = 0.8
"""Letters of ours in the width of one digit of a spreadsheet's own font, as LibreOffice draws them."""
WORD_ENDS = 3
"""Letters of a full line that stay empty, because the next word goes on below."""
_FIRST_DAY = date(1899, 12, 30)
"""Day 0 of a spreadsheet's calendar, as it counts from March 1900 on."""


class TooManyRows(Exception):
    """A sheet can't hold so many rows."""


@dataclass(frozen=True)
class Styles:
    """The numbers of the looks that the shell of the workbook has made."""

    text: str
    figure: str
    day: str


# What XML can't carry, what it marks up with, and what a spreadsheet takes for an escape.
_ODD = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff&<>]|_x[0-9A-Fa-f]{4}_")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class RowWriter:
    """Writes rows into a stream. cut: texts so far that were too long for a cell."""

    def __init__(
        self, stream: IO[bytes], widths: Sequence[int], styles: Styles, columns: Sequence[str]
    ) -> None:
        self.cut = 0
        self.count = 0
        self._stream = stream
        self._styles = styles
        self._columns = columns
        self._usable = list(map(_usable, widths))

    def write(self, rows: Sequence[Sequence[CellOrDay]]) -> None:
        """The next rows.

        Raises:
            TooManyRows: the sheet is full.
        """
        if self.count + len(rows) > MOST_ROWS:
            raise TooManyRows(f"{MOST_ROWS:,}")
        text = "".join(
            self._row(number, row) for number, row in enumerate(rows, start=self.count + 2)
        )
        self._stream.write(text.encode())
        self.count += len(rows)

    def _row(self, number: int, row: Sequence[CellOrDay]) -> str:
        most = 1
        cells = []
        text, figure, usable = self._styles.text, self._styles.figure, self._usable
        for place, value in enumerate(row):
            name = f'<c r="{self._columns[place]}{number}" s="'
            if isinstance(value, str):
                if len(value) > usable[place] or "\n" in value:
                    most = max(most, _lines(value, usable[place]))
                cells.append(f'{name}{text}" t="inlineStr"><is>{self._text(value)}</is></c>')
            elif value is None:
                cells.append(f'{name}{text}"/>')
            elif isinstance(value, date):
                days = (value - _FIRST_DAY).days
                cells.append(f'{name}{self._styles.day}"><v>{days}</v></c>')
            else:
                cells.append(f'{name}{figure}"><v>{plain_number(value)}</v></c>')
        height = min(HIGHEST_ROW, LINE_POINTS * most)
        return f'<row r="{number}" ht="{height}" customHeight="1">{"".join(cells)}</row>'

    def _text(self, text: str) -> str:
        """A text as the inside of <is>."""
        if len(text) > LONGEST_CELL // 2 and utf_16_units(text) > LONGEST_CELL:
            self.cut += 1
            text = _fitting(text)
        if _ODD.search(text):
            return _odd_text(text)
        return f"<t>{text}</t>" if text == text.strip() else f'<t xml:space="preserve">{text}</t>'


def _odd_text(text: str) -> str:
    """A text with marks that XML or spreadsheets read as something else.

    What looks like a spreadsheet's escape (_x0041_) is parted into two runs, which no reader takes
    for one; they differ in how they read the escape of the escape.
    """
    text = _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    pieces = [escape(piece) for piece in _parted(text)]
    if len(pieces) == 1:
        return f'<t xml:space="preserve">{pieces[0]}</t>'
    return "".join(f'<r><t xml:space="preserve">{piece}</t></r>' for piece in pieces)


def _parted(text: str) -> list[str]:
    ends = [found.end() for found in _ESCAPE_LIKE.finditer(text)]
    return [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]


def utf_16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fitting(text: str) -> str:
    """The beginning of a text that fits into a cell, with a mark that it goes on."""
    units = text.encode("utf-16-le", "surrogatepass")[: (LONGEST_CELL - 1) * 2]
    return f"{units.decode('utf-16-le', 'ignore')}…"


_MARKS = "".join(map(chr, (0x0E31, *range(0x0E34, 0x0E3B), *range(0x0E47, 0x0E4F)))).encode("cp874")
"""Thai marks that stand over or under a letter and take no width."""


def _lines(text: str, usable: int) -> int:
    """How many lines a text takes; spreadsheets don't work the height out for Thai."""
    # One byte a character: taking the marks out is ten times faster than on text.
    letters = text.encode("cp874", "replace").translate(None, _MARKS)
    full = max(1, usable - WORD_ENDS)
    return sum(1 if len(line) <= usable else -(-len(line) // full) for line in letters.split(b"\n"))


def row_height(row: Sequence[CellOrDay], widths: Sequence[int]) -> float:
    """The height of a wrapped row in points, for a row that is written otherwise."""
    usable = map(_usable, widths)
    texts = [(v, u) for v, u in zip(row, usable, strict=False) if isinstance(v, str)]
    return min(HIGHEST_ROW, LINE_POINTS * max((_lines(*text) for text in texts), default=1))


def parted(row: Sequence[str], widths: Sequence[int]) -> list[tuple[str, ...]]:
    """A row of texts as so many rows that none is higher than a sheet can show.

    Parted where a line of a text ends; what is higher by itself stays whole.
    """
    pieces = [_pieces(text, width) for text, width in zip(row, widths, strict=True)]
    return list(zip_longest(*pieces, fillvalue=""))


def _pieces(text: str, width: int) -> list[str]:
    usable = _usable(width)
    pieces: list[list[str]] = [[]]
    height = 0
    for line in text.split("\n"):
        needs = _lines(line, usable)
        if pieces[-1] and height + needs > HIGHEST_ROW // LINE_POINTS:
            pieces.append([])
            height = 0
        pieces[-1].append(line)
        height += needs
    return ["\n".join(piece) for piece in pieces]


def _usable(width: int) -> int:
    return max(1, int(width * CHARACTERS_A_LINE_UNIT))
