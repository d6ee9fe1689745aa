"""What calamine doesn't tell of .xls and .xlsb: percent formats, errors, and what is hidden.

Both are rows of records, [MS-XLS] and [MS-XLSB]; only those that say something of this are looked at.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from ita.config import Limits
from ita.imports.readers.limits import Budget, check_sheets, too_large, unreadable

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

    def reach(self, row: int, column: int) -> None:
        self.height = max(self.height, row + 1)
        self.width = max(self.width, column + 1)

    def add(self, row: int, column: int, shown_as: str, error: int | None = None) -> None:
        self.reach(row, column)
        if len(self.formats) + len(self.errors) > MAX_MARKS:
            raise too_large(f"{MAX_MARKS:,} +", f"{MAX_MARKS:,}", "sheet-extras")
        if shown_as and ("%" in shown_as or set(shown_as) == {"0"}):
            self.formats[row, column] = shown_as
        if error is not None:
            self.errors[row, column] = ERRORS.get(error, "#N/A")


MAX_MARKS = 500_000
"""Percents, codes and errors of a sheet; each takes a hundred bytes while it is read."""


class _Counts:
    """What calamine would take memory for, counted before it is asked: records, sheets, the area of
    each down to its last cell, and the characters of the texts that cells share."""

    def __init__(self, limits: Limits) -> None:
        self.budget = Budget(limits)
        self._records = 0
        self._starts: set[object] = set()
        self.lengths: list[int] = []

    def record(self) -> None:
        self._records += 1
        if self._records > self.budget.limits.cells:
            limit = f"{self.budget.limits.cells:,}"
            raise too_large(f"{limit} +", limit, "cells")

    def sheet(self, start: object) -> None:
        """
        Raises:
            ValueError: one part of the file is several sheets.
        """
        if start in self._starts:
            raise ValueError("one part as several sheets")
        self._starts.add(start)
        check_sheets(len(self._starts))

    def area(self, marks: Marks) -> Marks:
        cells = marks.height * marks.width
        limits = self.budget.limits
        if cells > limits.cells // 2:
            raise too_large(f"{cells:,}", f"{limits.cells // 2:,}", "cells")
        self.budget.take_cells(2 * cells)
        return marks

    def shared(self, index: int) -> None:
        """A cell that says one of the shared texts."""
        if index < len(self.lengths):
            self.budget.take_characters(self.lengths[index])


def _formats(by_number: dict[int, str], cell_formats: list[int]) -> list[str]:
    """The number format of each cell style, in their order."""
    known = {**BUILT_IN_FORMATS, **by_number}
    return [known.get(number, "") for number in cell_formats]


# .xls: a compound file whose stream Workbook (Book in 1995) holds the records.


def xls_marks(content: bytes, limits: Limits) -> list[Marks]:
    """The marks of each sheet, in the order of the workbook.

    Raises:
        Unreadable: it has a password, or holds more than is read.
    """
    stream = _workbook_stream(content)
    counts = _Counts(limits)
    shared: list[bytes] = []
    by_number: dict[int, str] = {}
    styles: list[int] = []
    starts: list[int] = []
    version = 0x0600
    for kind, data in _records(stream, 0):
        counts.record()
        if kind == 0x00FC or (kind == 0x003C and shared):
            shared.append(data)
        elif shared and not counts.lengths:
            counts.lengths = _text_lengths(shared, counts.budget)
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
            counts.sheet(starts[-1])
    formats = _formats(by_number, styles)
    return [counts.area(_xls_sheet(stream, start, formats, counts)) for start in starts]


def _text_lengths(blocks: list[bytes], budget: Budget) -> list[int]:
    """Characters of each shared text. A text may go on in the next block, there with a byte of its
    own that says whether its characters take two."""
    if struct.unpack_from("<I", blocks[0], 4)[0] > sum(map(len, blocks)) // 3:
        raise ValueError("more texts than the file has bytes for")
    lengths = []
    place, at = 0, 8
    while place < len(blocks):
        if at >= len(blocks[place]):
            place, at = place + 1, at - len(blocks[place])
            continue
        count, flags = struct.unpack_from("<HB", blocks[place], at)
        at += 3
        runs = struct.unpack_from("<H", blocks[place], at)[0] if flags & 8 else 0
        at += 2 * bool(flags & 8)
        phonetic = struct.unpack_from("<I", blocks[place], at)[0] if flags & 4 else 0
        at += 4 * bool(flags & 4)
        lengths.append(count)
        budget.take_bytes(count + 50)
        left = count
        while left:
            size = 1 + (flags & 1)
            here = min(left, (len(blocks[place]) - at) // size)
            left -= here
            at += here * size
            if left:
                place, at = place + 1, 1
                if place >= len(blocks):
                    return lengths
                flags = blocks[place][0]
        at += 4 * runs + phonetic
    return lengths


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


def _xls_sheet(stream: bytes, start: int, formats: list[str], counts: _Counts) -> Marks:
    marks = Marks()

    def shown(style: int) -> str:
        return formats[style] if style < len(formats) else ""

    for kind, data in _records(stream, start):
        counts.record()
        if kind in _XLS_TEXTS:
            _text_cell(kind, data, marks, counts)
        elif kind == 0x0200:
            _check_dimensions(data)
        elif kind == 0x0208 and len(data) >= 14:
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


def _check_dimensions(data: bytes) -> None:
    """calamine takes memory for as many cells as a sheet says that it has, and ends the process where
    there is not so much.

    Raises:
        ValueError: more than a sheet of .xls can have.
    """
    form = "<IIHH" if len(data) >= 14 else "<4H"
    first_row, last_row, first_column, last_column = struct.unpack_from(form, data)
    if last_row - first_row > 65_536 or last_column - first_column > 256:
        raise ValueError("a sheet larger than any")


def _text_cell(kind: int, data: bytes, marks: Marks, counts: _Counts) -> None:
    row, column = struct.unpack_from("<2H", data)
    marks.reach(row, column)
    if kind == 0x00FD:
        counts.shared(struct.unpack_from("<I", data, 6)[0])
    else:
        counts.budget.take_characters(len(data))


_XLS_TEXTS = (0x00FD, 0x0204, 0x00D6)
"""Records of cells with a shared text, a text of their own, and one with fonts."""
_FREE = 0xFFFFFFFA
"""Numbers of sectors from here on mean that there is none."""


MAX_SMALL = 4 * 1024 * 1024
"""Bytes of the table of small sectors, in which streams of some kilobytes lie."""


def _workbook_stream(content: bytes) -> bytes:
    """The stream of a compound file that holds the workbook.

    Raises:
        ValueError: it has none, or its sectors go in a circle.
    """
    size = 1 << min(struct.unpack_from("<H", content, 30)[0], 16)
    mini_size = 1 << min(struct.unpack_from("<H", content, 32)[0], 16)
    if size not in (512, 4096) or mini_size != 64:
        raise ValueError("sectors of no size that programs write")
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
        owners += [owner for owner in listed if owner < _FREE]
        if len(owners) > len(content) // size + 109:
            raise ValueError("sectors in a circle")
    if sum(owner < _FREE for owner in owners) > len(content) // size // (size // 4) + 2:
        raise ValueError("a table of more sectors than the file has")
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
            minis, small = stream(root_start), numbers(stream(mini_start)[:MAX_SMALL])
            pieces = (minis[n * mini_size : (n + 1) * mini_size] for n in chain(start, small))
            return b"".join(pieces)[:whole]
    raise ValueError("no workbook in the file")


# .xlsb: a ZIP with parts of records.

_ROW, _FORMAT, _STYLE, _SHEET, _COLUMN = 0, 44, 47, 156, 60
_STYLES_BEGIN, _STYLES_END = 617, 618
_TEXTS_BEGIN, _TEXT, _SHARED_CELL = 159, 19, 7
_CELLS = (*range(1, 12), 62)
_ERROR_CELLS = (3, 11)
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^<>]*+)>")
_ATTRIBUTE = re.compile(r'(?<!\w)(\w++)="([^"]*+)"')


def xlsb_marks(archive: zipfile.ZipFile, limits: Limits) -> list[Marks]:
    """The marks of each sheet, in the order of the workbook.

    Raises:
        Unreadable: it holds more than is read.
    """
    counts = _Counts(limits)
    counts.lengths = _xlsb_lengths(archive, counts)
    by_number: dict[int, str] = {}
    styles: list[int] = []
    within = False
    if "xl/styles.bin" in archive.namelist():
        for kind, data in _long_records(archive, "xl/styles.bin", counts):
            within = kind == _STYLES_BEGIN or (within and kind != _STYLES_END)
            if kind == _FORMAT:
                by_number[struct.unpack_from("<H", data)[0]] = _long_text(data, 2)[0]
            elif kind == _STYLE and within:
                styles.append(struct.unpack_from("<H", data, 2)[0])
    formats = _formats(by_number, styles)
    with archive.open("xl/_rels/workbook.bin.rels") as part:
        relations = part.read(MAX_RECORD_LENGTH).decode("utf-8", "replace")
    targets = {
        told.get("Id"): told.get("Target", "")
        for tag in _RELATION.findall(relations)
        for told in [dict(_ATTRIBUTE.findall(tag))]
    }
    sheets = []
    for kind, data in _long_records(archive, "xl/workbook.bin", counts):
        if kind == _SHEET:
            target = targets.get(_long_text(data, 8)[0], "")
            path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            if "worksheets/" in path:
                counts.sheet(path)
                sheets.append(counts.area(_xlsb_sheet(archive, path, formats, counts)))
    return sheets


MAX_RECORD_LENGTH = 1024 * 1024


def _long_records(
    archive: zipfile.ZipFile, path: str, counts: _Counts
) -> Iterator[tuple[int, bytes]]:
    """The records of a part, unpacked piece by piece.

    Raises:
        ValueError: one is longer than a record can be.
    """
    with archive.open(path) as stream:
        data, at = b"", 0
        while True:
            if len(data) - at < 8:
                data, at = data[at:] + stream.read(MAX_RECORD_LENGTH), 0
                if not data:
                    return
            kind, at = _varying(data, at, 2)
            length, at = _varying(data, at, 4)
            if length > MAX_RECORD_LENGTH:
                raise ValueError("a record longer than any")
            if len(data) - at < length:
                data, at = data[at:] + stream.read(length + MAX_RECORD_LENGTH), 0
            counts.record()
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


def _xlsb_lengths(archive: zipfile.ZipFile, counts: _Counts) -> list[int]:
    """Characters of each shared text."""
    lengths: list[int] = []
    path = "xl/sharedStrings.bin"
    if path not in archive.namelist():
        return lengths
    size = archive.getinfo(path).file_size
    for kind, data in _long_records(archive, path, counts):
        if kind == _TEXTS_BEGIN and struct.unpack_from("<I", data, 4)[0] > size // 3:
            raise ValueError("more texts than the file has bytes for")
        if kind == _TEXT:
            lengths.append(struct.unpack_from("<I", data, 1)[0])
            counts.budget.take_bytes(50 + len(data))
    return lengths


def _long_text(data: bytes, at: int) -> tuple[str, int]:
    count = struct.unpack_from("<I", data, at)[0]
    end = at + 4 + 2 * count
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def _xlsb_sheet(archive: zipfile.ZipFile, path: str, formats: list[str], counts: _Counts) -> Marks:
    marks = Marks()
    row = 0
    for kind, record in _long_records(archive, path, counts):
        if kind == _ROW and len(record) >= 12:
            row = struct.unpack_from("<I", record)[0]
            if record[11] & 0x10:
                marks.hidden_rows.add(row)
        elif kind == _COLUMN and len(record) >= 18:
            first, last, _, _, options = struct.unpack_from("<4IH", record)
            if (
                options & 1 and len(marks.hidden_columns) < 16_384
            ):  # all of them said once are enough
                marks.hidden_columns.update(range(first, min(last, 16_383) + 1))
        elif kind in _CELLS and kind != 1 and len(record) >= 8:
            column, style = struct.unpack_from("<2I", record)
            if kind == _SHARED_CELL and len(record) >= 12:
                counts.shared(struct.unpack_from("<I", record, 8)[0])
            style &= 0xFFFFFF
            error = record[8] if kind in _ERROR_CELLS and len(record) > 8 else None
            marks.add(row, column, formats[style] if style < len(formats) else "", error)
    return marks
