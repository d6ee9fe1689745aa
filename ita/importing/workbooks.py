"""The sheets of an XLSX as rows of text cells, as a spreadsheet shows them."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import IO, Any

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import column_index_from_string
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from ita.importing.budget import HIGHEST_ROW, MOST_OTHER_ROWS
from ita.importing.old_workbooks import xlsb_worksheets
from ita.importing.open_documents import ods_worksheets
from ita.importing.refusals import Unreadable, too_large, too_many_bytes, unreadable
from ita.importing.values import UNCALCULATED, Row, shown_number, value_text
from ita.importing.worksheets import (
    Worksheet,
    fill_down,
    without_trailing_blanks,
)
from ita.settings import Limits

_OTHER_ZIPS = (
    ("xl/worksheets/", None),
    ("content.xml", "open-document"),
    ("word/", "word"),
    ("ppt/", "slides"),
)
"""What a ZIP holds, by the beginning of an entry's name, and why it can't be read; None = it can."""


def zipped_worksheets(content: bytes, limits: Limits) -> tuple[list[Worksheet], str]:
    """The sheets of an XLSX, .xlsb or .ods, and which of them it is.

    Raises:
        Unreadable: it has a password, is damaged, too large, or a ZIP of something else.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            unpacked = sum(entry.file_size for entry in archive.infolist())
            kind = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except Exception as fault:
        raise unreadable("broken-xlsx") from fault
    if unpacked > limits.unpacked_bytes:
        raise too_many_bytes(unpacked, limits.unpacked_bytes)
    if b"opendocument.spreadsheet" in kind:
        return ods_worksheets(content, limits), "ods"
    if "xl/workbook.bin" in names:
        return xlsb_worksheets(content, limits), "xlsb"
    return worksheets_of(content, limits), "xlsx"


def _check_is_workbook(archive: zipfile.ZipFile) -> None:
    """
    Raises:
        Unreadable: a whole ZIP of something else, such as a Word document.
    """
    names = archive.namelist()
    held = (why for start, why in _OTHER_ZIPS if any(name.startswith(start) for name in names))
    why = next(held, "other-zip")
    if why is not None:
        raise unreadable(why)


_STRICT = (
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", SHEET_MAIN_NS.encode()),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/drawingml/main",
        b"http://schemas.openxmlformats.org/drawingml/2006/main",
    ),
)
"""Names in a workbook saved as Strict Open XML, and those that everybody else uses for the same."""


def _is_strict(archive: zipfile.ZipFile) -> bool:
    name = "xl/workbook.xml"
    return name in archive.namelist() and _STRICT[0][0] in archive.read(name)


def _without_strict_names(archive: zipfile.ZipFile) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in archive.namelist():
            part = archive.read(name)
            if name.endswith((".xml", ".rels")):
                for strict, usual in _STRICT:
                    part = part.replace(strict, usual)
            target.writestr(name, part)
    return stream.getvalue()


def worksheets_of(content: bytes, limits: Limits) -> list[Worksheet]:
    """The sheets of an XLSX. Macros and links stay unread; formulas count by their last result. Of
    a hidden sheet the name alone is read.

    Raises:
        Unreadable: it is too large unpacked, damaged, or a ZIP of something else.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_is_workbook(archive)
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > limits.unpacked_bytes:
                raise too_many_bytes(unpacked, limits.unpacked_bytes)
            if _is_strict(archive):
                return worksheets_of(_without_strict_names(archive), limits)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of styles and extensions that don't concern us
                return _worksheets(content, archive, limits)
    except Unreadable:
        raise
    except Exception as fault:  # a damaged workbook breaks openpyxl in many ways
        raise unreadable("broken-xlsx") from fault


_ESCAPED = re.compile(rb"_x([0-9A-Fa-f]{4})_")
_LONGEST_ESCAPE = len(b"_x000D_")


def _character(escape: re.Match[bytes]) -> bytes:
    """What an escape stands for, as XML writes it; nothing for what XML can't hold."""
    code = int(escape[1], 16)
    held = code in (9, 10, 13) or (code >= 32 and not 0xD800 <= code < 0xE000 and code < 0xFFFE)
    return b"&#%d;" % code if held else b""


class _Unescaped:
    """A part of a workbook, in whose texts _x000D_ is a carriage return and _x005F_ an underscore.

    They are taken for that before the XML is read: an escape that lies over two runs of a text is
    none. What openpyxl does with them, taking `x005F_` out of texts, finds nothing left.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._kept = b""

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        text, self._kept = self._kept + piece, b""
        if not piece or (b"_x" not in text and b"_" not in text[1 - _LONGEST_ESCAPE :]):
            return _ESCAPED.sub(_character, text)
        # The end may be the beginning of an escape, the rest of which comes with the next piece.
        last = max((found.end() for found in _ESCAPED.finditer(text)), default=0)
        cut = max(last, len(text) + 1 - _LONGEST_ESCAPE)
        self._kept = text[cut:]
        return _ESCAPED.sub(_character, text[:cut]) or self.read(size)

    def __enter__(self) -> _Unescaped:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()


class _Reader(ExcelReader):  # type: ignore[misc]
    """openpyxl's, but for the texts that stand together in one part."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with _Unescaped(self.archive.open(part.PartName[1:])) as stream:
            for _, node in iterparse(stream):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    self.shared_strings.append(Text.from_tree(node).content)
                    node.clear()


def _worksheets(content: bytes, archive: zipfile.ZipFile, limits: Limits) -> list[Worksheet]:
    def book(data_only: bool) -> Any:
        # Row by row: a sheet formatted down to its last row costs nothing, merged millions neither.
        reader = _Reader(io.BytesIO(content), True, False, data_only, False)
        reader.read()
        for sheet in reader.wb.worksheets:
            sheet._get_source = partial(_source, sheet._get_source)
        return reader.wb

    results = book(data_only=True)
    formulas = None
    worksheets = []
    for place, sheet in enumerate(results.worksheets):
        if sheet.sheet_state != "visible":
            worksheets.append(Worksheet(sheet.title, (), visible=False))
            continue
        marks = _marks(archive, sheet._worksheet_path, limits)
        if marks.formulas and formulas is None:
            formulas = book(data_only=False)
        written = formulas.worksheets[place] if formulas and marks.formulas else None
        rows = _worksheet(sheet, written, marks.merged, limits)
        worksheets.append(
            Worksheet(sheet.title, rows, True, marks.hidden_lines, marks.hidden_columns)
        )
    return worksheets


def _source(opened: Callable[[], IO[bytes]]) -> _Unescaped:
    return _Unescaped(opened())


@dataclass(frozen=True)
class _Marks:
    """What reading row by row doesn't tell: merged areas as (column, first row, last row), counted
    from 0, whether there are formulas, the lines that are hidden, and the hidden columns from 0."""

    merged: frozenset[tuple[int, int, int]]
    formulas: bool
    hidden_lines: frozenset[int]
    hidden_columns: frozenset[int]


_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\s(?>[^<>]*?\bref=)[\"']([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"
)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s((?>[^<>]*?\bhidden=[\"'](?:1|true)[\"'])[^<>]*+)>")
_ROW_NUMBER = re.compile(rb"\br=[\"'](\d{1,7})[\"']")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\s((?>[^<>]*?\bhidden=[\"'](?:1|true)[\"'])[^<>]*+)>")
_SPAN = re.compile(rb"\b(min|max)=[\"'](\d{1,5})[\"']")
OVERLAP = 1024
"""Bytes of a piece that are looked at again with the next; a tag fits in."""


def _marks(archive: zipfile.ZipFile, path: str, limits: Limits) -> _Marks:
    merged: set[tuple[int, int, int]] = set()
    hidden_lines: set[int] = set()
    hidden_columns: set[int] = set()
    formulas = False
    tail = b""
    with archive.open(path) as stream:
        while chunk := stream.read(1024 * 1024):
            text = tail + chunk
            formulas = formulas or _FORMULA.search(text) is not None
            for column, first, last in _MERGED.findall(text):
                at = column_index_from_string(column.decode()) - 1
                merged.add((at, int(first) - 1, int(last) - 1))
            if len(merged) > limits.rows:
                raise too_large(f"{len(merged):,}", f"{limits.rows:,}", "merged")
            if b"hidden=" in text:
                for tag in _HIDDEN_ROW.findall(text):
                    hidden_lines.update(int(number) for number in _ROW_NUMBER.findall(tag))
                for tag in _HIDDEN_COLUMN.findall(text):
                    span = {name: int(number) for name, number in _SPAN.findall(tag)}
                    if len(span) == 2:
                        hidden_columns.update(range(span[b"min"] - 1, span[b"max"]))
            tail = text[-OVERLAP:]
    return _Marks(frozenset(merged), formulas, frozenset(hidden_lines), frozenset(hidden_columns))


def _worksheet(
    sheet: Any, written: Any, merged: Iterable[tuple[int, int, int]], limits: Limits
) -> list[Row]:
    """written: the same sheet with its formulas instead of their results, if it has any."""
    table: list[list[str]] = []
    cells = filled = 0
    for row in _cell_rows(sheet, written):
        cells += len(row)
        filled += any(row)
        if filled > limits.rows + MOST_OTHER_ROWS:  # before minutes have gone into the rest
            raise too_large(f"{filled:,} +", f"{limits.rows:,}", "rows")
        if cells > limits.cells:
            raise too_large(f"{cells:,} +", f"{limits.cells:,}", "cells")
        if len(table) > HIGHEST_ROW:
            raise unreadable("broken-xlsx")
        table.append(without_trailing_blanks(row))
    fill_down(table, merged, limits)
    return list(table)


def _cell_rows(sheet: Any, written: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # what a file says of its own size is often wrong
    if written is None:
        for row in sheet.iter_rows():
            yield [_cell_text(cell) for cell in row]
        return
    written.reset_dimensions()
    for row, formulas in zip(sheet.iter_rows(), written.iter_rows(), strict=True):
        yield [_result_text(cell, formula) for cell, formula in zip(row, formulas, strict=True)]


def _result_text(cell: Any, formula: Any) -> str:
    """A formula that was never worked out shows itself: as nothing it would erase a figure."""
    never_worked_out = cell.value is None and cell.data_type == "n" and formula.data_type == "f"
    if never_worked_out:
        shown = formula.value if isinstance(formula.value, str) else ""
        return f"{UNCALCULATED}{shown.removeprefix('=')}"
    return _cell_text(cell)


def _cell_text(cell: Any) -> str:
    value = cell.value
    if isinstance(value, float | int) and not isinstance(value, bool):
        return shown_number(Decimal(repr(value)), cell.number_format or "")
    return value_text(value)
