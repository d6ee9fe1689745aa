"""A file as a sheet: rows of text cells with the line numbers that a spreadsheet shows."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from ita.config import Limits
from ita.imports.header_names import Recogniser
from ita.imports.problems import Problem, ProblemKind
from ita.imports.readers.cell_text import KEEP_STORED, Row
from ita.imports.readers.decoding import TextForm, is_utf_8, text_form, text_stream
from ita.imports.readers.delimited import ColumnRows, rows_by_column
from ita.imports.readers.limits import (
    MAX_CELL_LENGTH,
    Budget,
    Unreadable,
    check_size,
    empty_file,
    too_large,
    too_long,
)
from ita.imports.readers.records import is_json, json_rows, parquet_rows
from ita.imports.readers.worksheets import SheetNames, Worksheet, choose_rows
from ita.imports.sheet_tables import SCANNED_ROWS
from ita.workers import report_progress

FILE_TYPES = ("csv", "tsv", "txt", "xlsx", "xls", "xlsb", "ods", "json", "parquet")
"""How names of files end that can be read."""
SEPARATORS = (",", ";", "\t", "|")
HeaderScore = Callable[[Row], int]
"""How many columns of the wanted kind a row names; the row that names most is the header."""


@dataclass(frozen=True)
class Dialect:
    """How a person says that a file is to be read; None = found by rule.

    encoding: one of ENCODINGS. separator: one of SEPARATORS. header_line: as a spreadsheet shows it.
    sheets: names of the sheets to be read. skip_hidden: leave rows out that a sheet hides.
    """

    encoding: str | None = None
    separator: str | None = None
    header_line: int | None = None
    sheets: tuple[str, ...] = ()
    skip_hidden: bool = False


AUTO = Dialect()


@dataclass(frozen=True)
class Sheet:
    """header: its cells as they stand, at `header_line`. rows: the cells below it, `lines`: their
    line each, with the sheet's name (`SheetLine`) where several were read. encoding: of the text, or
    the file format. separator: of delimited text only.

    sheets: None where the file has none. header_lines: where each cell of the header stands. lacks:
    by line, the positions of columns of which the row says nothing: another table of the file has
    them and the row's own lacks them, or KEEP_STORED stands in its cell, which is blank here.
    passed_over: rows that are headers again, or titles between tables. problems: of reading. head: the rows above the
    header, itself and two below it, each with its line. ends: where among the rows each table but
    the last ends.
    """

    header: tuple[str, ...]
    header_line: int
    rows: Sequence[Row]
    lines: list[int]
    encoding: str
    separator: str | None = None
    sheets: SheetNames | None = None
    header_lines: tuple[int, ...] = ()
    lacking: Mapping[int, frozenset[int]] = field(default_factory=dict)
    repeated_headers: tuple[tuple[int, Row], ...] = ()
    problems: tuple[Problem, ...] = ()
    first_rows: tuple[tuple[int, Row], ...] = ()
    table_ends: tuple[int, ...] = ()


def read_sheet(
    content: bytes,
    file_name: str,
    recognise: Recogniser,
    limits: Limits,
    reading: Dialect = AUTO,
) -> Sheet:
    """Read CSV, TSV, text, workbooks, and the Parquet and JSON that `export` writes.

    The format is found by what the file holds, not by its name. Encoding and separator of a
    reading are for text, sheets and hidden rows for workbooks; other formats have none.

    Raises:
        Unreadable: too large, empty, in no known encoding, or broken; carries the problem.
    """
    check_size(len(content), limits)
    if not (content[:HEAD].strip(_NOTHING) or content.strip(_NOTHING)):
        raise Unreadable(empty_file())
    separator = None
    workbook = _workbook(content, limits, reading)
    if workbook is not None:
        worksheets, encoding = workbook
        return _sheet(worksheets, encoding, None, recognise, limits, reading)
    if content.startswith(b"PAR1"):
        rows: Sequence[Row] = parquet_rows(content, limits)
        encoding = "parquet"
    elif (found := _marked_utf_8(content, file_name, recognise, reading, limits)) is not None:
        (rows, separator), encoding = found, "utf-8-sig"
    else:
        form = text_form(content, reading.encoding, limits)
        encoding, head = form.encoding, form.head
        if is_json(head, file_name):
            if encoding == "cp874" and is_utf_8(content):
                # JSON is UTF-8, also where a few accented letters may be taken for windows-874.
                form = text_form(content, "utf-8", limits)
                encoding = "utf-8"
        else:
            separator = reading.separator or likely_separators(head, recognise)[0]
            if form.line > MAX_LINE_LENGTH:  # before its rows are read
                raise _long_line()
        if separator is None:
            rows = json_rows(content, limits, encoding, form.length)
        else:
            rows = _delimited(content, form, separator, limits)
    return _sheet([Worksheet("", rows)], encoding, separator, recognise, limits, reading)


def _workbook(
    content: bytes, limits: Limits, reading: Dialect
) -> tuple[list[Worksheet], str] | None:
    """The sheets of a workbook of any age, and its format; None where it is none."""
    # Only those who bring a workbook wait for what reads it.
    if content.startswith(b"PK"):
        from ita.imports.readers.workbooks import zipped_worksheets

        return zipped_worksheets(content, limits)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        from ita.imports.readers.binary_workbooks import xls_worksheets

        return xls_worksheets(content, limits), "xls"
    if content[:HEAD].replace(b"\x00", b"").lstrip(_NOTHING).startswith(b"<"):
        from ita.imports.readers.markup_tables import markup_worksheets

        return markup_worksheets(content, reading.encoding, limits)
    return None


_NOTHING = b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"


def _sheet(
    worksheets: Sequence[Worksheet],
    encoding: str,
    separator: str | None,
    recognise: Recogniser,
    limits: Limits,
    reading: Dialect,
) -> Sheet:
    has_sheets = bool(worksheets and worksheets[0].name)
    chosen = choose_rows(
        worksheets,
        recognise,
        separator is None,
        reading.header_line,
        reading.sheets if has_sheets else (),
        reading.skip_hidden,
    )
    if chosen is None:
        raise Unreadable(empty_file())
    table = chosen.table
    if len(table.rows) > limits.rows:
        raise too_large(f"{len(table.rows):,}", f"{limits.rows:,}", "rows")
    rows, kept = _without_marks(table.rows)
    lacks = dict(table.lacks)
    for place, positions in kept.items():
        line = table.lines[place]
        lacks[line] = lacks.get(line, frozenset()) | positions
    return Sheet(
        table.header,
        chosen.header_line,
        rows,
        table.lines,
        encoding,
        separator,
        chosen.sheets if has_sheets else None,
        table.header_lines,
        lacks,
        chosen.passed_over,
        chosen.problems,
        chosen.head,
        table.ends,
    )


def _without_marks(rows: Sequence[Row]) -> tuple[Sequence[Row], dict[int, frozenset[int]]]:
    """Rows with blanks for KEEP_STORED, and where that stood: row → positions."""
    if isinstance(rows, ColumnRows):
        places = rows.rows_with(KEEP_STORED)
        if not places:
            return rows, {}
        rows = list(rows)
    else:
        places = [place for place, row in enumerate(rows) if KEEP_STORED in row]
    kept: dict[int, frozenset[int]] = {}
    for place in places:
        row = rows[place]
        kept[place] = frozenset(at for at, cell in enumerate(row) if cell == KEEP_STORED)
    changed = (
        [
            ["" if cell == KEEP_STORED else cell for cell in row] if place in kept else row
            for place, row in enumerate(rows)
        ]
        if kept
        else rows
    )
    return changed, kept


LARGE = 256 * 1024
"""From here on, reading by column is worth its while."""
HEAD = 256 * 1024
"""Characters from which the separator is found."""
WIDEST_HEADER = 1_000
"""Cells of a row that are looked at to find the separator."""


def _marked_utf_8(
    content: bytes, file_name: str, score: HeaderScore, reading: Dialect, limits: Limits
) -> tuple[Sequence[Row], str] | None:
    """The rows of a large CSV that says it is UTF-8, read without making one text of it, and their
    separator.

    None where it must be read with more care: not large, not marked, not plain, not CSV.
    """
    if len(content) < LARGE or not content.startswith(codecs.BOM_UTF8):
        return None
    # Of the end only: stripped as a whole, the file would be copied.
    if reading.encoding not in (None, "utf-8") or content[-HEAD:].rstrip(b"\r\n").endswith(b"\x1a"):
        return None
    # A character takes four bytes at most, so what is cut off at the end is beyond the head.
    start = content[len(codecs.BOM_UTF8) : len(codecs.BOM_UTF8) + HEAD * 4]
    head = start.decode(errors="ignore")[:HEAD]
    if is_json(head, file_name):
        return None
    separator = reading.separator or likely_separators(head, score)[0]
    rows = _by_column(content, "utf-8-sig", head, separator, limits)
    return None if rows is None else (rows, separator)


def _by_column(
    content: bytes, encoding: str, head: str, separator: str, limits: Limits
) -> ColumnRows | None:
    """None also where cells may be too many: then they are counted while they are read.

    Raises:
        Unreadable: more rows than are read.
    """
    width = len(next(_reader(head, separator, strict=False), []))
    if width > limits.columns:
        return None
    return rows_by_column(content, separator, width, limits, encoding)


def rows_under(content: bytes, encoding: str, separator: str) -> Iterator[Row]:
    """The rows under a separator, as far as they can be read at all, decoded line by line."""
    with suppress(csv.Error, Unreadable):
        yield from _rows_of_lines(_lines(content, encoding), separator, strict=False)


def first_rows(head: str, separator: str) -> list[Row]:
    """The rows among which the header is looked for, of each no more than a header may have."""
    rows: list[Row] = []
    with suppress(csv.Error):
        for row in itertools.islice(_reader(head, separator, strict=False), SCANNED_ROWS):
            rows.append(row[:WIDEST_HEADER])
    return rows


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


MAX_LINE_LENGTH = 5_000_000
"""Characters; what is longer has lost its line breaks, and is no line that a reader should hold."""


def _delimited(content: bytes, form: TextForm, separator: str, limits: Limits) -> Sequence[Row]:
    """Rows of delimited text. form: what is known of it."""
    if len(content) >= LARGE and not form.is_cut:
        by_column = _by_column(content, form.encoding, form.head, separator, limits)
        if by_column is not None:
            return by_column
    rows: list[Row] = []
    try:
        budget = Budget(limits, len(content))
        lines = _lines(content, form.encoding, form.length)
        rows.extend(budget.taken(_rows_of_lines(lines, separator, strict=True)))
    except csv.Error as fault:
        line = len(rows) + 1
        if "field limit" in str(fault) and content.count(b'"') % 2 == 0:
            raise too_long(f"{MAX_CELL_LENGTH:,} +", limits, line) from None
        unclosed = "unexpected end of data" in str(fault) or "field limit" in str(fault)
        why = "unclosed-quote" if unclosed else "stray-quote"
        raise Unreadable(
            Problem(ProblemKind.UNREADABLE_CSV, line=line, expected={"why": why})
        ) from None
    return rows


REPORTED_LINES = 10_000


def _lines(content: bytes, encoding: str, length: int | None = None) -> Iterator[str]:
    """The lines of a text as they stand, decoded one after the other.

    encoding: as `decode` says it. length: characters after which it ends; None = with the file.

    Raises:
        Unreadable: one is longer than a line can be.
    """
    left = len(content) if length is None else length  # characters are no more than bytes
    with text_stream(content, encoding) as stream:
        for number in itertools.count():
            if number % REPORTED_LINES == 0:
                report_progress(stream.buffer.tell(), len(content))
            line = stream.readline(min(MAX_LINE_LENGTH, left))
            if not line:
                return
            left -= len(line)
            if len(line) == MAX_LINE_LENGTH and line[-1] not in "\r\n":
                raise _long_line()
            yield line


def _long_line() -> Unreadable:
    return too_large(f"{MAX_LINE_LENGTH:,} +", f"{MAX_LINE_LENGTH:,}", "line-characters")


def _reader(text: str, separator: str, strict: bool) -> Any:
    return _rows_of_lines(io.StringIO(text, newline=""), separator, strict)


def _rows_of_lines(lines: Iterable[str], separator: str, strict: bool) -> Any:
    csv.field_size_limit(MAX_CELL_LENGTH)
    return csv.reader(lines, delimiter=separator, strict=strict)
