"""A file as a sheet: rows of text cells with the line numbers that a spreadsheet shows."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import json
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.utils import column_index_from_string

from ita.importing.decoding import Unreadable, decode, is_utf_8
from ita.importing.delimited import ColumnRows, rows_by_column
from ita.importing.problems import Problem, ProblemKind
from ita.settings import Limits
from ita.spreadsheet import guarded

FILE_TYPES = ("csv", "tsv", "txt", "xlsx", "json", "parquet")
"""How names of files end that can be read."""
SEPARATORS = (",", ";", "\t", "|")
SCANNED_ROWS = 40
"""How far down the header is looked for; titles of real forms take fewer rows."""

Row = Sequence[str]
HeaderScore = Callable[[Row], int]
"""How many columns of the wanted kind a row names; the row that names most is the header."""


@dataclass(frozen=True)
class Reading:
    """How a person says that a file is to be read; None = found by rule.

    encoding: one of ENCODINGS. separator: one of SEPARATORS. header_line: as a spreadsheet shows it.
    """

    encoding: str | None = None
    separator: str | None = None
    header_line: int | None = None


BY_RULE = Reading()


@dataclass(frozen=True)
class Sheet:
    """header: its cells as they stand, at `header_line`. rows: the cells below it, `lines`: their
    line each. encoding: of the text, or the file format. separator: of delimited text only."""

    header: tuple[str, ...]
    header_line: int
    rows: Sequence[Row]
    lines: list[int]
    encoding: str
    separator: str | None = None


def read_sheet(
    content: bytes,
    file_name: str,
    score: HeaderScore,
    limits: Limits,
    reading: Reading = BY_RULE,
) -> Sheet:
    """Read CSV, TSV, text, XLSX, and the Parquet and JSON that `export` writes.

    The format is found by what the file holds, not by its name. Encoding and separator of a
    reading are for text; other formats have none.

    Raises:
        Unreadable: too large, empty, in no known encoding, or broken; carries the problem.
    """
    check_size(len(content), limits)
    if not (content[:HEAD].strip(_NOTHING) or content.strip(_NOTHING)):
        raise Unreadable(Problem(ProblemKind.EMPTY_FILE))
    candidates: Sequence[Sequence[Row]]
    separator = None
    if content.startswith(b"PK"):
        candidates, encoding = _workbook(content, limits), "xlsx"
    elif content.startswith(b"PAR1"):
        candidates, encoding = [_parquet(content, limits)], "parquet"
    elif (found := _marked_utf_8(content, file_name, score, reading)) is not None:
        (rows, separator), encoding = found, "utf-8-sig"
        candidates = [rows]
    else:
        text, encoding = decode(content, reading.encoding)
        if is_json(text, file_name):
            if encoding == "cp874" and is_utf_8(content):
                # JSON is UTF-8, also where a few accented letters may be taken for windows-874.
                text, encoding = content.decode(), "utf-8"
            candidates = [_json(text, limits)]
        else:
            separator = reading.separator or likely_separators(text[:HEAD], score)[0]
            candidates = [_delimited(text, separator)]
    return _with_header(candidates, encoding, separator, score, limits, reading.header_line)


_NOTHING = b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"
_JSON_RECORDS = re.compile(r"\s*\[\s*[{\]]")
"""How a list of records begins; "[ร่าง] คะแนน" above a table begins otherwise."""


def check_size(length: int, limits: Limits) -> None:
    """Refuse a file by its size alone, before anything of it is read.

    Raises:
        Unreadable: it is larger than the limit.
    """
    if length > limits.file_bytes:
        raise too_large(_megabytes(length), _megabytes(limits.file_bytes))


def _megabytes(length: int) -> str:
    return f"{length / 1024**2:,.1f} MB"


def too_large(found: str, limit: str) -> Unreadable:
    return Unreadable(Problem(ProblemKind.FILE_TOO_LARGE, value=found, expected={"limit": limit}))


def _with_header(
    candidates: Sequence[Sequence[Row]],
    encoding: str,
    separator: str | None,
    score: HeaderScore,
    limits: Limits,
    header_line: int | None,
) -> Sheet:
    best: tuple[int, int, Sequence[Row]] | None = None
    for table in candidates:
        for position, row in _maybe_headers(table, header_line):
            found = score(row)
            if best is None or found > best[0]:
                best = (found, position, table)
    if best is None:
        raise Unreadable(Problem(ProblemKind.EMPTY_FILE))
    found, position, table = best
    if not found and header_line is None:
        position = next((i for i, row in enumerate(table) if any(row)), 0)
    below = table[position + 1 :]
    filled = below.filled() if isinstance(below, ColumnRows) else _filled(below)
    rows = below.at(filled) if isinstance(below, ColumnRows) else [below[i] for i in filled]
    lines = [place + position + 2 for place in filled]
    if len(rows) > limits.rows:
        raise too_large(f"{len(rows):,} แถว", f"{limits.rows:,} แถว")
    return Sheet(tuple(table[position]), position + 1, rows, lines, encoding, separator)


def _maybe_headers(table: Sequence[Row], header_line: int | None) -> Iterable[tuple[int, Row]]:
    """The rows among which the header is looked for, by position; the picked one alone."""
    if header_line is None:
        return enumerate(table[:SCANNED_ROWS])
    picked = table[header_line - 1 : header_line]
    return ((header_line - 1, row) for row in picked)


def _filled(rows: Sequence[Row]) -> list[int]:
    """The positions of the rows that hold anything but spaces."""
    return [i for i, row in enumerate(rows) if any(cell and not cell.isspace() for cell in row)]


LARGE = 256 * 1024
"""From here on, reading by column is worth its while."""
HEAD = 256 * 1024
"""Characters from which the separator is found."""


def _marked_utf_8(
    content: bytes, file_name: str, score: HeaderScore, reading: Reading
) -> tuple[Sequence[Row], str] | None:
    """The rows of a large CSV that says it is UTF-8, read without making one text of it, and their
    separator.

    None where it must be read with more care: not large, not marked, not plain, not CSV.
    """
    if len(content) < LARGE or not content.startswith(codecs.BOM_UTF8):
        return None
    if reading.encoding not in (None, "utf-8"):
        return None
    # A character takes four bytes at most, so what is cut off at the end is beyond the head.
    start = content[len(codecs.BOM_UTF8) : len(codecs.BOM_UTF8) + HEAD * 4]
    head = start.decode(errors="ignore")[:HEAD]
    if is_json(head, file_name):
        return None
    separator = reading.separator or likely_separators(head, score)[0]
    rows = _by_column(content, head, separator)
    return None if rows is None else (rows, separator)


def _by_column(content: bytes, head: str, separator: str) -> ColumnRows | None:
    first: Row = next(_reader(head, separator, strict=False), [])
    return rows_by_column(content, separator, len(first))


def is_json(text: str, file_name: str) -> bool:
    return bool(_JSON_RECORDS.match(text)) or file_name.casefold().endswith(".json")


def rows_under(text: str, separator: str) -> Iterator[Row]:
    """The rows under a separator, as far as they can be read at all."""
    csv.field_size_limit(2**31 - 1)
    with suppress(csv.Error):
        yield from _reader(text, separator, strict=False)


def first_rows(head: str, separator: str) -> list[Row]:
    """The rows among which the header is looked for."""
    return list(itertools.islice(rows_under(head, separator), SCANNED_ROWS))


def likely_separators(head: str, score: HeaderScore) -> tuple[str, ...]:
    """The separator under which the header shows best, and those under which it shows as well in
    rows that are mostly of one width."""
    rows = {separator: first_rows(head, separator) for separator in SEPARATORS}
    known = {mark: max(map(score, found), default=0) for mark, found in rows.items()}
    widest = {mark: max(map(len, found), default=0) for mark, found in rows.items()}
    best = max(SEPARATORS, key=lambda mark: (known[mark], widest[mark]))
    others = (
        mark
        for mark in SEPARATORS
        if mark != best and known[mark] == known[best] and _is_table(rows[mark])
    )
    return best, *others


def _is_table(rows: Sequence[Row]) -> bool:
    """Whether most rows have the same number of cells, and more than one."""
    widths = Counter(len(row) for row in rows if any(row))
    width, times = max(widths.items(), key=lambda found: found[1], default=(0, 0))
    return width > 1 and times * 2 > widths.total()


def _delimited(text: str, separator: str) -> Sequence[Row]:
    """Rows of delimited text."""
    if len(text) >= LARGE:
        by_column = _by_column(text.encode(), text[:HEAD], separator)
        if by_column is not None:
            return by_column
    reader = _reader(text, separator, strict=True)
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
                raise too_large(_megabytes(unpacked), _megabytes(limits.unpacked_bytes))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of styles and extensions that don't concern us
                return _worksheets(content, archive, limits)
    except Unreadable:
        raise
    except Exception as fault:  # a damaged workbook breaks openpyxl in many ways
        raise _broken("broken-xlsx") from fault


def _worksheets(content: bytes, archive: zipfile.ZipFile, limits: Limits) -> list[list[Row]]:
    def book(data_only: bool) -> Any:
        # Row by row: a sheet formatted down to its last row costs nothing, merged millions neither.
        return openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False
        )

    results = book(data_only=True)
    formulas = None
    tables = []
    for place, sheet in enumerate(results.worksheets):
        marks = _marks(archive, sheet._worksheet_path, limits)
        if marks.formulas and formulas is None:
            formulas = book(data_only=False)
        written = formulas.worksheets[place] if formulas and marks.formulas else None
        tables.append(_worksheet(sheet, written, marks.merged, limits))
    return tables


@dataclass(frozen=True)
class _Marks:
    """What reading row by row doesn't tell: merged areas as (column, first row, last row), counted
    from 1, and whether there are formulas."""

    merged: frozenset[tuple[int, int, int]]
    formulas: bool


_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]*?\bref=[\"']([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"
)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


def _marks(archive: zipfile.ZipFile, path: str, limits: Limits) -> _Marks:
    merged: set[tuple[int, int, int]] = set()
    formulas = False
    tail = b""
    with archive.open(path) as stream:
        while chunk := stream.read(1024 * 1024):
            text = tail + chunk
            formulas = formulas or _FORMULA.search(text) is not None
            for column, first, last in _MERGED.findall(text):
                merged.add((column_index_from_string(column.decode()), int(first), int(last)))
            if len(merged) > limits.rows:
                raise too_large(f"{len(merged):,}", f"{limits.rows:,}")
            tail = text[-256:]
    return _Marks(frozenset(merged), formulas)


HIGHEST_SHEET_ROW = 1_048_576


def _worksheet(
    sheet: Any, written: Any, merged: Iterable[tuple[int, int, int]], limits: Limits
) -> list[Row]:
    """written: the same sheet with its formulas instead of their results, if it has any."""
    table: list[list[str]] = []
    cells = 0
    for row in _cell_rows(sheet, written):
        cells += len(row)
        if cells > limits.cells:
            raise too_large(f"{cells:,} +", f"{limits.cells:,}")
        if len(table) > HIGHEST_SHEET_ROW:
            raise _broken("broken-xlsx")
        table.append(_without_trailing_blanks(row))
    _fill_merged(table, merged, limits)
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
        shown = formula.value
        return guarded(shown if isinstance(shown, str) else "=…")
    return _cell_text(cell)


def _fill_merged(
    table: list[list[str]], merged: Iterable[tuple[int, int, int]], limits: Limits
) -> None:
    """A merged cell says one thing of all its rows that hold anything; across columns it is a title."""
    holds = [bool(row) for row in table]
    filled = 0
    for column, first, last in merged:
        rows = range(first, min(last, len(table)))
        filled += len(rows)
        if filled > limits.cells:
            raise too_large(f"{filled:,} +", f"{limits.cells:,}")
        above = table[first - 1] if first <= len(table) else []
        if not rows or len(above) < column:
            continue
        for place in rows:
            row = table[place]
            if holds[place]:
                row.extend([""] * (column - len(row)))
                row[column - 1] = above[column - 1]


def _without_trailing_blanks(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row


_WORDS_OF_FORMAT = re.compile(r'"[^"]*"|\\.|_.')
"""Parts of a number format that are only shown: 0"%" writes a sign and doesn't count in hundreds."""


def _cell_text(cell: Any) -> str:
    value = cell.value
    if isinstance(value, float | int) and not isinstance(value, bool):
        number = Decimal(repr(value))
        if "%" in _WORDS_OF_FORMAT.sub("", cell.number_format or ""):
            return f"{_number_text(number * 100)}%"
        return _number_text(number)
    return _value_text(value)


LONGEST_NUMBER = 40


def _number_text(number: Decimal) -> str:
    """A number without exponent; one that no score can be keeps it, so that it stays short."""
    if not number.is_finite() or abs(number.adjusted()) > LONGEST_NUMBER:
        return str(number)
    return f"{number.normalize():f}"


def _value_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float | Decimal):
        return _number_text(Decimal(repr(value)) if isinstance(value, float) else value)
    # Checking takes the guard of CSV cells off; formats without one get it here, so nothing is lost.
    return guarded(well_formed(str(value)).strip())


def well_formed(text: str) -> str:
    """Text without halves of characters, which JSON and file names may hold and no table can."""
    return text.encode("utf-8", "replace").decode()


def _broken(why: str) -> Unreadable:
    return Unreadable(Problem(ProblemKind.UNREADABLE_ENCODING, expected={"why": why}))


def _records(header: Iterable[str], records: Iterable[Iterable[object]]) -> list[Row]:
    names = [well_formed(name) for name in header]
    return [names, *([_value_text(value) for value in record] for record in records)]


def _check_cells(rows: int, columns: int, limits: Limits) -> None:
    if rows * columns > limits.cells:
        raise too_large(f"{rows * columns:,}", f"{limits.cells:,}")


def _parquet(content: bytes, limits: Limits) -> list[Row]:
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        _check_cells(file.metadata.num_rows, file.metadata.num_columns, limits)
        table = file.read()
        columns = [column.to_pylist() for column in table.columns]
        return _records(table.column_names, zip(*columns, strict=True))
    except Unreadable:
        raise
    except Exception as fault:  # damaged pages, and times that Python has no value for
        raise _broken("broken-data-file") from fault


def _json(text: str, limits: Limits) -> list[Row]:
    try:
        records = json.loads(text, parse_float=Decimal)
        header = list(dict.fromkeys(name for record in records for name in record))
        _check_cells(len(records), len(header), limits)
        return _records(header, ([record.get(name) for name in header] for record in records))
    except (ValueError, AttributeError, TypeError, ArithmeticError, RecursionError) as fault:
        raise _broken("broken-data-file") from fault
