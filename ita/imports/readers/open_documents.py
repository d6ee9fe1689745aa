"""The sheets of an OpenDocument spreadsheet (.ods) as rows of text cells, as LibreOffice shows them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import IO, Any

from lxml import etree

from ita.config import Limits
from ita.imports.readers.cell_text import number_text, value_text
from ita.imports.readers.limits import (
    MAX_CELL_LENGTH,
    MAX_ROW,
    NO_CELLS,
    Budget,
    Unreadable,
    check_sheets,
    too_large,
    too_long,
    unreadable,
)
from ita.imports.readers.worksheets import Worksheet, fill_down
from ita.workers import report_progress

_SPACES = {
    name: f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}"
    for name in ("office", "table", "text", "style")
}
_OFFICE, _TABLE, _TEXT, _STYLE = _SPACES.values()


def ods_worksheets(content: bytes, limits: Limits) -> list[Worksheet]:
    """The sheets of an .ods, formulas by their last result; of hidden ones the name alone.

    Raises:
        Unreadable: it has a password, is a text or a drawing, damaged or too large unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            manifest = "META-INF/manifest.xml"
            if manifest in archive.namelist():
                with archive.open(manifest) as stream:
                    if b"encryption-data" in stream.read(_HEAD_OF_MANIFEST):
                        raise unreadable("password")
            size = archive.getinfo("content.xml").file_size
            with archive.open("content.xml") as stream:
                sheets = list(_worksheets(_Counted(stream, size), Budget(limits)))
    except Unreadable:
        raise
    except Exception as fault:  # damaged archives and XML, in many ways
        raise unreadable("broken-xlsx") from fault
    if not sheets:
        raise unreadable("open-document")
    return sheets


_HEAD_OF_MANIFEST = 1024 * 1024
MAX_TAGS = 20_000_000
MAX_TAGS_AT_ONCE = 500_000
"""Of a row or between two: the parser holds them all until it ends."""


class _Counted:
    """The text of a document, and how many tags came since a row ended. size: its bytes, as the
    archive says."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self._stream = stream
        self._size = size
        self._tags = self._bytes = 0
        self.since = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self._bytes += len(piece)
        report_progress(min(self._bytes, self._size), self._size)
        tags = piece.count(b"<")
        self._tags += tags
        self.since += tags
        for count, most in ((self.since, MAX_TAGS_AT_ONCE), (self._tags, MAX_TAGS)):
            if count > most:
                raise too_large(f"{count:,} +", f"{most:,}", "tags")
        return piece


@dataclass
class _Open:
    """A sheet while it is read. merged: column, first and last row, from 0."""

    name: str
    visible: bool
    rows: list[Sequence[str]] = field(default_factory=list)
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    hidden_lines: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    columns: int = 0
    blank_rows: int = 0


def _worksheets(stream: _Counted, budget: Budget) -> Iterator[Worksheet]:
    hidden_styles: set[str] = set()
    sheet: _Open | None = None
    tables = rows = 0
    tags = (
        f"{_STYLE}style",
        f"{_TABLE}table",
        f"{_TABLE}table-column",
        f"{_TABLE}table-row",
    )
    parsing = etree.iterparse(
        stream, events=("start", "end"), tag=tags, resolve_entities=False, no_network=True
    )
    for event, node in parsing:
        ends = event == "end"
        if node.tag == f"{_STYLE}style":
            if ends and _is_hidden_style(node):
                hidden_styles.add(node.get(f"{_STYLE}name"))
        elif node.tag == f"{_TABLE}table":
            if not ends and node.getparent().tag == f"{_OFFICE}spreadsheet":
                tables += 1
                check_sheets(tables)
                style = node.get(f"{_TABLE}style-name")
                sheet = _Open(node.get(f"{_TABLE}name", ""), style not in hidden_styles)
            elif ends and sheet is not None and node.getparent().tag == f"{_OFFICE}spreadsheet":
                yield _closed(sheet, budget)
                sheet = None
                _forget(node)
        elif ends and sheet is not None:
            if node.tag == f"{_TABLE}table-row":
                rows += 1
                stream.since = 0
                if rows > MAX_ROW:
                    raise too_large(f"{rows:,} +", f"{MAX_ROW:,}", "rows")
            if not sheet.visible:
                pass
            elif node.tag == f"{_TABLE}table-column":
                _add_columns(sheet, node)
            else:
                _add_row(sheet, node, budget)
            _forget(node)


def _forget(node: Any) -> None:
    """Let go of what was read, and of all that stands before it on the same level."""
    node.clear()
    while node.getprevious() is not None:
        del node.getparent()[0]


def _is_hidden_style(node: Any) -> bool:
    properties = node.find(f"{_STYLE}table-properties")
    return properties is not None and properties.get(f"{_TABLE}display") == "false"


def _closed(sheet: _Open, budget: Budget) -> Worksheet:
    if not sheet.visible:
        return Worksheet(sheet.name, (), visible=False)
    fill_down(sheet.rows, sheet.merged, budget)
    return Worksheet(
        sheet.name,
        sheet.rows,
        True,
        frozenset(sheet.hidden_lines),
        frozenset(sheet.hidden_columns),
    )


def _is_hidden(node: Any) -> bool:
    return node.get(f"{_TABLE}visibility") in ("collapse", "filter")


def _times(node: Any, what: str) -> int:
    return max(1, int(node.get(f"{_TABLE}number-{what}-repeated", "1")))


def _add_columns(sheet: _Open, node: Any) -> None:
    times = min(_times(node, "columns"), LAST_COLUMN)
    if _is_hidden(node):
        last = min(sheet.columns + times, LAST_COLUMN)
        sheet.hidden_columns.update(range(sheet.columns, last))
    sheet.columns += times


LAST_COLUMN = 16_384


def _add_row(sheet: _Open, node: Any, budget: Budget) -> None:
    """A row as often as it is repeated. Blank ones count only once something stands below them."""
    times = _times(node, "rows")
    row, merged = _cells(node, budget.limits)
    if not any(row):
        sheet.blank_rows += times
        return
    first = len(sheet.rows) + sheet.blank_rows
    budget.take(row, times)
    if first + times > MAX_ROW:
        raise unreadable("broken-xlsx")
    sheet.rows.extend([NO_CELLS] * sheet.blank_rows)
    sheet.blank_rows = 0
    sheet.rows.extend(list(row) for _ in range(times))
    sheet.merged.extend((column, first, first + rows - 1) for column, rows in merged)
    if len(sheet.merged) > budget.limits.rows:
        raise too_large(f"{len(sheet.merged):,} +", f"{budget.limits.rows:,}", "merged")
    if _is_hidden(node):
        sheet.hidden_lines.update(range(first + 1, first + times + 1))


def _cells(node: Any, limits: Limits) -> tuple[list[str], list[tuple[int, int]]]:
    """The texts of a row, and where cells reach over rows: column and how many."""
    row: list[str] = []
    merged = []
    blanks = 0
    for cell in node:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        times = _times(cell, "columns")
        text = _text(cell)
        if not text:
            blanks += times
            continue
        width = len(row) + blanks + times
        if width > limits.columns:
            raise too_large(f"{width:,}", f"{limits.columns:,}", "columns")
        row.extend([""] * blanks)
        blanks = 0
        spanned = int(cell.get(f"{_TABLE}number-rows-spanned", "1"))
        if spanned > 1:
            merged.append((len(row), spanned))
        row.extend([text] * times)
    return row, merged


def _text(cell: Any) -> str:
    kind = cell.get(f"{_OFFICE}value-type")
    if kind in ("float", "percentage", "currency"):
        return _number(cell.get(f"{_OFFICE}value", ""), kind == "percentage", _shown(cell))
    if kind == "date":
        day = cell.get(f"{_OFFICE}date-value", "")
        return str(day.removesuffix("T00:00:00"))
    if kind == "boolean":
        return str(cell.get(f"{_OFFICE}boolean-value", "")).capitalize()
    return value_text(_shown(cell))


def _number(value: str, is_percent: bool, shown: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value_text(shown)
    if is_percent:
        return f"{number_text(number * 100)}%"
    # A code such as 0000299 is often kept as a number that is shown with its zeros.
    if shown.startswith("0") and shown.isdecimal() and Decimal(shown) == number:
        return shown
    return number_text(number)


def _shown(cell: Any) -> str:
    """What a cell shows: its paragraphs as lines, without the note that hangs at it."""
    return "\n".join(map(_paragraph, cell.findall(f"{_TEXT}p")))


def _paragraph(node: Any) -> str:
    pieces, length = [], 0
    for piece in _pieces(node):
        length += len(piece)
        if length > MAX_CELL_LENGTH:
            raise too_long(f"{length:,} +", Limits())
        pieces.append(piece)
    return "".join(pieces)


def _pieces(node: Any) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if child.tag == f"{_TEXT}s":
            yield " " * min(int(child.get(f"{_TEXT}c", "1")), 1_000)
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif child.tag != f"{_OFFICE}annotation":
            yield from _pieces(child)
        yield child.tail or ""
