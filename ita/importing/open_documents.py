"""The sheets of an OpenDocument spreadsheet (.ods) as rows of text cells, as LibreOffice shows them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from ita.importing.budget import HIGHEST_ROW, MOST_OTHER_ROWS
from ita.importing.refusals import Unreadable, too_large, too_many_bytes, unreadable
from ita.importing.values import number_text, value_text
from ita.importing.worksheets import (
    Worksheet,
    fill_down,
    without_trailing_blanks,
)
from ita.settings import Limits

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
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > limits.unpacked_bytes:
                raise too_many_bytes(unpacked, limits.unpacked_bytes)
            names = archive.namelist()
            manifest = "META-INF/manifest.xml"
            if manifest in names and b"encryption-data" in archive.read(manifest):
                raise unreadable("password")
            with archive.open("content.xml") as stream:
                sheets = list(_worksheets(stream, limits))
    except Unreadable:
        raise
    except Exception as fault:  # damaged archives and XML, in many ways
        raise unreadable("broken-xlsx") from fault
    if not sheets:
        raise unreadable("open-document")
    return sheets


@dataclass
class _Open:
    """A sheet while it is read. merged: column, first and last row, from 0."""

    name: str
    visible: bool
    rows: list[list[str]] = field(default_factory=list)
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    hidden_lines: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    columns: int = 0
    cells: int = 0
    filled: int = 0
    blank_rows: int = 0


def _worksheets(stream: Any, limits: Limits) -> Iterator[Worksheet]:
    hidden_styles: set[str] = set()
    sheet: _Open | None = None
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
                style = node.get(f"{_TABLE}style-name")
                sheet = _Open(node.get(f"{_TABLE}name", ""), style not in hidden_styles)
            elif ends and sheet is not None and node.getparent().tag == f"{_OFFICE}spreadsheet":
                yield _closed(sheet, limits)
                sheet = None
                node.clear()
        elif sheet is not None and ends and sheet.visible:
            (_add_columns if node.tag == f"{_TABLE}table-column" else _add_row)(sheet, node, limits)
            node.clear()


def _is_hidden_style(node: Any) -> bool:
    properties = node.find(f"{_STYLE}table-properties")
    return properties is not None and properties.get(f"{_TABLE}display") == "false"


def _closed(sheet: _Open, limits: Limits) -> Worksheet:
    if not sheet.visible:
        return Worksheet(sheet.name, (), visible=False)
    fill_down(sheet.rows, sheet.merged, limits)
    return Worksheet(
        sheet.name,
        list(map(without_trailing_blanks, sheet.rows)),
        True,
        frozenset(sheet.hidden_lines),
        frozenset(sheet.hidden_columns),
    )


def _is_hidden(node: Any) -> bool:
    return node.get(f"{_TABLE}visibility") in ("collapse", "filter")


def _times(node: Any, what: str) -> int:
    return max(1, int(node.get(f"{_TABLE}number-{what}-repeated", "1")))


def _add_columns(sheet: _Open, node: Any, limits: Limits) -> None:
    times = min(_times(node, "columns"), limits.cells)
    if _is_hidden(node):
        sheet.hidden_columns.update(range(sheet.columns, sheet.columns + min(times, 16_384)))
    sheet.columns += times


def _add_row(sheet: _Open, node: Any, limits: Limits) -> None:
    """A row as often as it is repeated. Blank ones count only once something stands below them."""
    times = _times(node, "rows")
    row, merged = _cells(node, limits)
    if not any(row):
        sheet.blank_rows += times
        return
    first = len(sheet.rows) + sheet.blank_rows
    sheet.cells += len(row) * times
    sheet.filled += times
    if sheet.filled > limits.rows + MOST_OTHER_ROWS:
        raise too_large(f"{sheet.filled:,} +", f"{limits.rows:,}", "rows")
    if sheet.cells > limits.cells:
        raise too_large(f"{sheet.cells:,} +", f"{limits.cells:,}", "cells")
    if first + times > HIGHEST_ROW:
        raise unreadable("broken-xlsx")
    sheet.rows.extend([] for _ in range(sheet.blank_rows))
    sheet.blank_rows = 0
    sheet.rows.extend(list(row) for _ in range(times))
    sheet.merged.extend((column, first, first + rows - 1) for column, rows in merged)
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
        row.extend([""] * blanks)
        blanks = 0
        if len(row) + times > limits.cells:
            raise too_large(f"{len(row) + times:,} +", f"{limits.cells:,}", "cells")
        spanned = int(cell.get(f"{_TABLE}number-rows-spanned", "1"))
        if spanned > 1:
            merged.append((len(row), spanned))
        row.extend([text] * times)
        if len(row) > limits.cells:
            raise too_large(f"{len(row):,} +", f"{limits.cells:,}", "cells")
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
    return "\n".join("".join(_pieces(line)) for line in cell.findall(f"{_TEXT}p"))


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
