"""A file as a sheet: rows of text cells with the line numbers that a spreadsheet shows."""

from __future__ import annotations

import csv
import io
import itertools
import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from ita.importing.decoding import Unreadable, decode
from ita.importing.problems import Problem, ProblemKind
from ita.settings import Limits
from ita.spreadsheet import guarded

SEPARATORS = (",", ";", "\t", "|")
SCANNED_ROWS = 40
"""How far down the header is looked for; titles of real forms take fewer rows."""

Row = Sequence[str]
HeaderScore = Callable[[Row], int]
"""How many columns of the wanted kind a row names; the row that names most is the header."""


@dataclass(frozen=True)
class Sheet:
    """header: its cells as they stand, at `header_line`. rows: the cells below it, `lines`: their
    line each. encoding: of the text, or the file format."""

    header: tuple[str, ...]
    header_line: int
    rows: list[Row]
    lines: list[int]
    encoding: str


def read_sheet(content: bytes, file_name: str, score: HeaderScore, limits: Limits) -> Sheet:
    """Read CSV, TSV, text, XLSX, and the Parquet and JSON that `export` writes.

    The format is found by what the file holds, not by its name.

    Raises:
        Unreadable: too large, empty, in no known encoding, or broken; carries the problem.
    """
    if len(content) > limits.file_bytes:
        raise too_large(f"{len(content) / 1024**2:.0f} MB", f"{limits.file_bytes / 1024**2:.0f} MB")
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Unreadable(Problem(ProblemKind.EMPTY_FILE))
    if content.startswith(b"PK"):
        candidates, encoding = _workbook(content, limits), "xlsx"
    elif content.startswith(b"PAR1"):
        candidates, encoding = [_parquet(content)], "parquet"
    else:
        text, encoding = decode(content)
        if text.lstrip().startswith(("[{", "[\n", "[ ", "[\r")) or file_name.endswith(".json"):
            candidates = [_json(text)]
        else:
            candidates = [_delimited(text, score)]
    return _with_header(candidates, encoding, score, limits)


def too_large(found: str, limit: str) -> Unreadable:
    return Unreadable(Problem(ProblemKind.FILE_TOO_LARGE, value=found, expected={"limit": limit}))


def _with_header(
    candidates: list[list[Row]], encoding: str, score: HeaderScore, limits: Limits
) -> Sheet:
    best: tuple[int, int, list[Row]] | None = None
    for table in candidates:
        for position, row in enumerate(table[:SCANNED_ROWS]):
            found = score(row)
            if best is None or found > best[0]:
                best = (found, position, table)
    if best is None:
        raise Unreadable(Problem(ProblemKind.EMPTY_FILE))
    found, position, table = best
    if not found:
        position = next((i for i, row in enumerate(table) if any(row)), 0)
    rows, lines = [], []
    for line, row in enumerate(table[position + 1 :], start=position + 2):
        if any(cell and not cell.isspace() for cell in row):
            rows.append(row)
            lines.append(line)
    if len(rows) > limits.rows:
        raise too_large(f"{len(rows):,} แถว", f"{limits.rows:,} แถว")
    return Sheet(tuple(table[position]), position + 1, rows, lines, encoding)


def _delimited(text: str, score: HeaderScore) -> list[Row]:
    """Rows of delimited text; the separator is the one under which the header shows best."""
    csv.field_size_limit(2**31 - 1)
    head = text[: 256 * 1024]

    def promise(separator: str) -> tuple[int, int]:
        rows = []
        try:
            for row in itertools.islice(_reader(head, separator, strict=False), SCANNED_ROWS):
                rows.append(row)
        except csv.Error:
            pass
        return max((score(r) for r in rows), default=0), max((len(r) for r in rows), default=0)

    reader = _reader(text, max(SEPARATORS, key=promise), strict=True)
    rows: list[Row] = []
    try:
        rows.extend(reader)
    except csv.Error as fault:
        why = "unclosed-quote" if "unexpected end of data" in str(fault) else "stray-quote"
        raise Unreadable(
            Problem(ProblemKind.UNREADABLE_CSV, line=len(rows) + 1, expected={"why": why})
        ) from None
    return rows


def _reader(text: str, separator: str, strict: bool) -> Any:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)


def _workbook(content: bytes, limits: Limits) -> list[list[Row]]:
    """The sheets of an XLSX. Macros and links stay unread; formulas count by their last result."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > limits.unpacked_bytes:
            raise too_large(
                f"{unpacked / 1024**2:.0f} MB", f"{limits.unpacked_bytes / 1024**2:.0f} MB"
            )
        book = openpyxl.load_workbook(
            io.BytesIO(content), data_only=True, keep_links=False, keep_vba=False
        )
        return [_worksheet(sheet, limits) for sheet in book.worksheets]
    except Unreadable:
        raise
    except Exception as fault:  # a damaged workbook breaks openpyxl in many ways
        raise _broken("broken-xlsx") from fault


def _worksheet(sheet: Any, limits: Limits) -> list[Row]:
    if (sheet.max_row or 0) * (sheet.max_column or 0) > limits.cells:
        raise too_large(f"{sheet.max_row * sheet.max_column:,}", f"{limits.cells:,}")
    table = [[_cell_text(cell) for cell in row] for row in sheet.iter_rows()]
    for area in sheet.merged_cells.ranges:
        # A merged cell says one thing of all its rows; across columns it is a title.
        for row in range(area.min_row, area.max_row):
            table[row][area.min_col - 1] = table[area.min_row - 1][area.min_col - 1]
    return [_without_trailing_blanks(row) for row in table]


def _without_trailing_blanks(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row


def _cell_text(cell: Any) -> str:
    value = cell.value
    if isinstance(value, float | int) and not isinstance(value, bool):
        number = Decimal(repr(value))
        if "%" in (cell.number_format or ""):
            return f"{(number * 100).normalize():f}%"
        return f"{number.normalize():f}"
    return _value_text(value)


def _value_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float | Decimal):
        return f"{Decimal(repr(value) if isinstance(value, float) else value).normalize():f}"
    # Checking takes the guard of CSV cells off; formats without one get it here, so nothing is lost.
    return guarded(str(value))


def _broken(why: str) -> Unreadable:
    return Unreadable(Problem(ProblemKind.UNREADABLE_ENCODING, expected={"why": why}))


def _records(header: Iterable[str], records: Iterable[Iterable[object]]) -> list[Row]:
    return [list(header), *([_value_text(value) for value in record] for record in records)]


def _parquet(content: bytes) -> list[Row]:
    try:
        table = pq.read_table(pa.BufferReader(content))
    except (pa.ArrowException, OSError) as fault:
        raise _broken("broken-data-file") from fault
    columns = [column.to_pylist() for column in table.columns]
    return _records(table.column_names, zip(*columns, strict=True))


def _json(text: str) -> list[Row]:
    try:
        records = json.loads(text, parse_float=Decimal)
        header = list(dict.fromkeys(name for record in records for name in record))
        return _records(header, ([record.get(name) for name in header] for record in records))
    except (ValueError, AttributeError, TypeError, RecursionError) as fault:
        raise _broken("broken-data-file") from fault
