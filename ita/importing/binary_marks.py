"""What calamine doesn't tell of .xls and .xlsb: percent formats, errors, and what is hidden.

Both are rows of records, [MS-XLS] and [MS-XLSB]; only those that say something of this are looked at.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from ita.importing.refusals import unreadable

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
BUILT_IN_FORMATS = {9: "0%", 10: "0.00%"}
Cell = tuple[int, int]
"""Row and column, from 0."""


@dataclass
class Marks:
    """What stands beside the values of a sheet, rows and columns from 0. formats: of cells whose
    number format is a percent or shows zeros in front. height, width: of the area with records."""

    formats: dict[Cell, str] = field(default_factory=dict)
    errors: dict[Cell, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    height: int = 0
    width: int = 0

    def add(self, row: int, column: int, shown_as: str, error: int | None = None) -> None:
        self.height = max(self.height, row + 1)
        self.width = max(self.width, column + 1)
        if shown_as and ("%" in shown_as or set(shown_as) == {"0"}):
            self.formats[row, column] = shown_as
        if error is not None:
            self.errors[row, column] = ERRORS.get(error, "#N/A")


def _formats(by_number: dict[int, str], cell_formats: list[int]) -> list[str]:
    """The number format of each cell style, in their order."""
    known = {**BUILT_IN_FORMATS, **by_number}
    return [known.get(number, "") for number in cell_formats]


# .xls: a compound file whose stream Workbook (Book in 1995) holds the records.


def xls_marks(content: bytes) -> list[Marks]:
    """The marks of each sheet, in the order of the workbook.

    Raises:
        Unreadable: it has a password.
    """
    stream = _workbook_stream(content)
    by_number: dict[int, str] = {}
    styles: list[int] = []
    starts: list[int] = []
    version = 0x0600
    for kind, data in _records(stream, 0):
        if kind == 0x0809:
            version = struct.unpack_from("<H", data)[0]
        elif kind == 0x002F:
            raise unreadable("password")
        elif kind == 0x041E:
            by_number[struct.unpack_from("<H", data)[0]] = _format_text(data, version)
        elif kind == 0x00E0:
            styles.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == 0x0085 and data[5] == 0:  # a sheet of cells, no chart
            starts.append(struct.unpack_from("<I", data)[0])
    formats = _formats(by_number, styles)
    return [_xls_sheet(stream, start, formats) for start in starts]


def _format_text(data: bytes, version: int) -> str:
    if version < 0x0600:
        return data[3 : 3 + data[2]].decode("latin-1")
    count, wide = struct.unpack_from("<HB", data, 2)
    if wide & 1:
        return data[5 : 5 + 2 * count].decode("utf-16-le", "replace")
    return data[5 : 5 + count].decode("latin-1")


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records from a start to the end of its part; parts within, as of charts, are left out."""
    at, depth = start, 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        data = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == 0x0809:
            depth += 1
        if depth == 1:
            yield kind, data
        if kind == 0x000A:
            depth -= 1
            if not depth:
                return


def _xls_sheet(stream: bytes, start: int, formats: list[str]) -> Marks:
    marks = Marks()

    def shown(style: int) -> str:
        return formats[style] if style < len(formats) else ""

    for kind, data in _records(stream, start):
        if kind == 0x0208 and len(data) >= 14:
            row, options = struct.unpack_from("<H", data)[0], struct.unpack_from("<H", data, 12)[0]
            if options & 0x20:
                marks.hidden_rows.add(row)
        elif kind == 0x007D and len(data) >= 10:
            first, last, _, _, options = struct.unpack_from("<5H", data)
            if options & 1:
                marks.hidden_columns.update(range(first, min(last, 255) + 1))
        elif kind in (0x0203, 0x027E):
            row, column, style = struct.unpack_from("<3H", data)
            marks.add(row, column, shown(style))
        elif kind == 0x00BD:
            row, first = struct.unpack_from("<2H", data)
            for place, at in enumerate(range(4, len(data) - 2, 6)):
                marks.add(row, first + place, shown(struct.unpack_from("<H", data, at)[0]))
        elif kind == 0x0006 and len(data) >= 14:
            row, column, style = struct.unpack_from("<3H", data)
            failed = data[12:14] == b"\xff\xff" and data[6] == 2
            marks.add(row, column, shown(style), data[8] if failed else None)
        elif kind == 0x0205 and len(data) >= 8:
            row, column, style = struct.unpack_from("<3H", data)
            marks.add(row, column, shown(style), data[6] if data[7] else None)
    return marks


_FREE = 0xFFFFFFFA
"""Numbers of sectors from here on mean that there is none."""


def _workbook_stream(content: bytes) -> bytes:
    """The stream of a compound file that holds the workbook.

    Raises:
        ValueError: it has none, or its sectors go in a circle.
    """
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    mini_size = 1 << struct.unpack_from("<H", content, 32)[0]
    directory, cutoff, mini_start = (
        struct.unpack_from("<I", content, at)[0] for at in (48, 56, 60)
    )

    def sector(number: int) -> bytes:
        return content[(number + 1) * size : (number + 2) * size]

    def numbers(data: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))

    def chain(start: int, table: list[int]) -> Iterator[int]:
        for _ in range(len(table) + 1):
            if start >= _FREE or start >= len(table):
                return
            yield start
            start = table[start]
        raise ValueError("sectors in a circle")

    owners = list(struct.unpack_from("<109I", content, 76))
    more = struct.unpack_from("<I", content, 68)[0]
    for _ in range(len(content) // size):
        if more >= _FREE:
            break
        *listed, more = numbers(sector(more))
        owners += listed
    table = [n for owner in owners if owner < _FREE for n in numbers(sector(owner))]

    def stream(start: int) -> bytes:
        return b"".join(map(sector, chain(start, table)))

    entries = stream(directory)
    root_start = 0
    for at in range(0, len(entries) - 127, 128):
        length, kind = struct.unpack_from("<HB", entries, at + 64)
        name = entries[at : at + max(0, length - 2)].decode("utf-16-le", "replace")
        start, whole = struct.unpack_from("<II", entries, at + 116)
        if kind == 5:
            root_start = start
        elif kind == 2 and name in ("Workbook", "Book"):
            if whole >= cutoff:
                return stream(start)[:whole]
            minis, small = stream(root_start), numbers(stream(mini_start))
            pieces = (minis[n * mini_size : (n + 1) * mini_size] for n in chain(start, small))
            return b"".join(pieces)[:whole]
    raise ValueError("no workbook in the file")


# .xlsb: a ZIP with parts of records.

_ROW, _FORMAT, _STYLE, _SHEET, _COLUMN = 0, 44, 47, 156, 60
_STYLES_BEGIN, _STYLES_END = 617, 618
_CELLS = range(1, 12)
_ERROR_CELLS = (3, 11)
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^<>]*+)>")
_ATTRIBUTE = re.compile(r'(?<!\w)(\w++)="([^"]*+)"')


def xlsb_marks(archive: zipfile.ZipFile) -> list[Marks]:
    """The marks of each sheet, in the order of the workbook."""
    by_number: dict[int, str] = {}
    styles: list[int] = []
    within = False
    if "xl/styles.bin" in archive.namelist():
        for kind, data in _long_records(archive.read("xl/styles.bin")):
            within = kind == _STYLES_BEGIN or (within and kind != _STYLES_END)
            if kind == _FORMAT:
                by_number[struct.unpack_from("<H", data)[0]] = _long_text(data, 2)[0]
            elif kind == _STYLE and within:
                styles.append(struct.unpack_from("<H", data, 2)[0])
    formats = _formats(by_number, styles)
    relations = archive.read("xl/_rels/workbook.bin.rels").decode("utf-8", "replace")
    targets = {
        told.get("Id"): told.get("Target", "")
        for tag in _RELATION.findall(relations)
        for told in [dict(_ATTRIBUTE.findall(tag))]
    }
    sheets = []
    for kind, data in _long_records(archive.read("xl/workbook.bin")):
        if kind == _SHEET:
            target = targets.get(_long_text(data, 8)[0], "")
            path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            if "worksheets/" in path:
                sheets.append(_xlsb_sheet(archive.read(path), formats))
    return sheets


def _long_records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        kind, at = _varying(data, at, 2)
        length, at = _varying(data, at, 4)
        yield kind, data[at : at + length]
        at += length


def _varying(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    value = 0
    for place in range(most):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            break
    return value, at


def _long_text(data: bytes, at: int) -> tuple[str, int]:
    count = struct.unpack_from("<I", data, at)[0]
    end = at + 4 + 2 * count
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def _xlsb_sheet(data: bytes, formats: list[str]) -> Marks:
    marks = Marks()
    row = 0
    for kind, record in _long_records(data):
        if kind == _ROW and len(record) >= 12:
            row = struct.unpack_from("<I", record)[0]
            if record[11] & 0x10:
                marks.hidden_rows.add(row)
        elif kind == _COLUMN and len(record) >= 18:
            first, last, _, _, options = struct.unpack_from("<4IH", record)
            if options & 1:
                marks.hidden_columns.update(range(first, min(last, 16_383) + 1))
        elif kind in _CELLS and kind != 1 and len(record) >= 8:
            column, style = struct.unpack_from("<2I", record)
            style &= 0xFFFFFF
            error = record[8] if kind in _ERROR_CELLS and len(record) > 8 else None
            marks.add(row, column, formats[style] if style < len(formats) else "", error)
    return marks
