"""A file as a sheet: rows of text cells with the line numbers that a spreadsheet shows."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ita.importing.decoding import decode, is_utf_8
from ita.importing.delimited import ColumnRows, rows_by_column
from ita.importing.problems import Problem, ProblemKind
from ita.importing.records import is_json, json_rows, parquet_rows
from ita.importing.refusals import Unreadable, check_size, empty_file, too_large
from ita.importing.values import Row
from ita.importing.workbooks import workbook_tables
from ita.settings import Limits

FILE_TYPES = ("csv", "tsv", "txt", "xlsx", "json", "parquet")
"""How names of files end that can be read."""
SEPARATORS = (",", ";", "\t", "|")
SCANNED_ROWS = 40
"""How far down the header is looked for; titles of real forms take fewer rows."""

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
        raise Unreadable(empty_file())
    candidates: Sequence[Sequence[Row]]
    separator = None
    if content.startswith(b"PK"):
        candidates, encoding = workbook_tables(content, limits), "xlsx"
    elif content.startswith(b"PAR1"):
        candidates, encoding = [parquet_rows(content, limits)], "parquet"
    elif (found := _marked_utf_8(content, file_name, score, reading)) is not None:
        (rows, separator), encoding = found, "utf-8-sig"
        candidates = [rows]
    else:
        text, encoding = decode(content, reading.encoding)
        if is_json(text, file_name):
            if encoding == "cp874" and is_utf_8(content):
                # JSON is UTF-8, also where a few accented letters may be taken for windows-874.
                text, encoding = content.decode(), "utf-8"
            candidates = [json_rows(text, limits)]
        else:
            separator = reading.separator or likely_separators(text[:HEAD], score)[0]
            candidates = [_delimited(text, separator)]
    return _with_header(candidates, encoding, separator, score, limits, reading.header_line)


_NOTHING = b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"


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
        raise Unreadable(empty_file())
    found, position, table = best
    if not found and header_line is None:
        first = next((i for i, row in enumerate(table) if _says_anything(row)), None)
        if first is None:
            raise Unreadable(empty_file())
        position = first
    below = table[position + 1 :]
    filled = below.filled() if isinstance(below, ColumnRows) else _filled(below)
    rows = below.at(filled) if isinstance(below, ColumnRows) else [below[i] for i in filled]
    lines = [place + position + 2 for place in filled]
    if len(rows) > limits.rows:
        raise too_large(f"{len(rows):,}", f"{limits.rows:,}", "rows")
    return Sheet(tuple(table[position]), position + 1, rows, lines, encoding, separator)


def _maybe_headers(table: Sequence[Row], header_line: int | None) -> Iterable[tuple[int, Row]]:
    """The rows among which the header is looked for, by position; the picked one alone."""
    if header_line is None:
        return enumerate(table[:SCANNED_ROWS])
    picked = table[header_line - 1 : header_line]
    return ((header_line - 1, row) for row in picked)


def _filled(rows: Sequence[Row]) -> list[int]:
    """The positions of the rows that hold anything but spaces."""
    return [i for i, row in enumerate(rows) if _says_anything(row)]


def _says_anything(row: Row) -> bool:
    return any(cell and not cell.isspace() for cell in row)


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
    if reading.encoding not in (None, "utf-8") or content.rstrip(b"\r\n").endswith(b"\x1a"):
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
