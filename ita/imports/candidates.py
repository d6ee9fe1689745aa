"""The ways in which a file may be read, where the rules alone can't tell; a person picks one."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ita.imports.cells import MONTH_OF, fold, tidy
from ita.imports.problems import Problem, ProblemKind
from ita.imports.readers.cell_text import Row
from ita.imports.readers.decoding import possible_encodings, text_form
from ita.imports.readers.limits import Unreadable
from ita.imports.readers.records import is_json
from ita.imports.readers.sheets import (
    HEAD,
    Dialect,
    HeaderScore,
    Sheet,
    first_rows,
    likely_separators,
    rows_under,
)
from ita.imports.sheet_tables import SCANNED_ROWS

SHOWN_ROWS = 4
MAX_HEADERS = 3
"""Rows beyond these that name as many columns as the header does are data that look like it."""


@dataclass(frozen=True)
class Candidate:
    """One way to read a file. reading: to be picked. encoding, separator: also where they are
    certain. rows: the first that help to choose, each with the line that a spreadsheet shows."""

    reading: Dialect
    encoding: str
    separator: str | None
    header_line: int
    header: Row
    rows: tuple[tuple[int, Row], ...]


def text_candidates(content: bytes, file_name: str, score: HeaderScore) -> tuple[Candidate, ...]:
    """The encodings and separators between which the rules can't decide, theirs first.

    None where there is nothing to choose: certain, no delimited text, or not to be read at all.
    """
    if content.startswith((b"PK", b"PAR1")):
        return ()
    content = _enough_of(content)
    try:
        picks = possible_encodings(content) or (None,)
        forms = [text_form(content, pick) for pick in picks]
        heads = [(pick, f.head, f.encoding) for pick, f in zip(picks, forms, strict=True)]
    except Unreadable:
        return ()
    if any(is_json(head, file_name) for _, head, _ in heads):
        return ()
    ways = [
        (head, encoding, separator, Dialect(pick, separator))
        for pick, head, encoding in heads
        for separator in likely_separators(head, score)
    ]
    known = [_known(head, separator, score) for head, _, separator, _ in ways]
    left = [way for way, found in zip(ways, known, strict=True) if found >= known[0]]
    if len(left) == 1:
        return ()
    separators = {separator for _, _, separator, _ in left}
    return tuple(
        _candidate(content, head, encoding, separator, reading, score)
        for head, encoding, separator, full in left
        # What is certain stays with the rule, so that only what was asked counts as said.
        for reading in [full if len(separators) > 1 else replace(full, separator=None)]
    )


def _enough_of(content: bytes) -> bytes:
    """What the choice needs: of a text whose mark leaves no doubt about letters, the head."""
    if not content.startswith(codecs.BOM_UTF8) or len(content) <= HEAD:
        return content
    return content[: content.rfind(b"\n", 0, HEAD) + 1]


def _known(head: str, separator: str, score: HeaderScore) -> int:
    return max(map(score, first_rows(head, separator)), default=0)


def _candidate(
    content: bytes,
    head: str,
    encoding: str,
    separator: str,
    reading: Dialect,
    score: HeaderScore,
) -> Candidate:
    first = first_rows(head, separator)
    place = _header_place(first, score)
    below = rows_under(content, encoding, separator)
    rows = tuple(islice(_telling(below, place, reading.encoding is not None), SHOWN_ROWS))
    header = first[place] if first else []
    return Candidate(reading, encoding, separator, place + 1, header, rows)


def _header_place(head: Sequence[Row], score: HeaderScore) -> int:
    """Where the rule sees the header: the row that names most columns, else the first with any."""
    found = max(range(len(head)), key=lambda place: score(head[place]), default=0)
    if head and score(head[found]):
        return found
    return next((place for place, row in enumerate(head) if any(row)), 0)


def _telling(rows: Iterable[Row], header: int, by_letters: bool) -> Iterator[tuple[int, Row]]:
    """The rows by which a person sees whether a reading is right. Encodings differ only where there
    are letters beyond ASCII, and those may stand far down."""
    for place, row in enumerate(rows):
        shows = not "".join(row).isascii() if by_letters else any(row)
        if place != header and shows:
            yield place + 1, row


def header_candidates(sheet: Sheet, reading: Dialect, score: HeaderScore) -> tuple[Candidate, ...]:
    """The rows that look like the header as much as the one that was taken, which comes first.

    None where there is no other, or where a person has said which it is. A row that only says the
    same again, as the head of a next page does, is no other.
    """
    known = score(sheet.header)
    may_have_titles = sheet.separator is not None or sheet.sheets is not None
    if reading.header_line is not None or not known or not may_have_titles:
        return ()
    said = _folded(sheet.header)
    rivals = [
        place
        for place, row in enumerate(sheet.rows[:SCANNED_ROWS])
        if sheet.lines[place] <= SCANNED_ROWS and score(row) == known and _folded(row) != said
    ]
    if not rivals or len(rivals) >= MAX_HEADERS:
        return ()
    return tuple(_with_header_at(sheet, reading, place) for place in (-1, *rivals))


def _with_header_at(sheet: Sheet, reading: Dialect, place: int) -> Candidate:
    """The reading in which a row is the header; -1 is the one that was taken."""
    line, header = sheet.header_line, sheet.header
    if place >= 0:
        line, header = sheet.lines[place], tuple(sheet.rows[place])
    below = slice(place + 1, place + 1 + SHOWN_ROWS)
    rows = tuple(zip(sheet.lines[below], sheet.rows[below], strict=True))
    told = replace(reading, header_line=line)
    return Candidate(told, sheet.encoding, sheet.separator, line, header, rows)


def _folded(row: Row) -> list[str]:
    return [name for cell in row if (name := fold(cell))]


# Forms that write quarters or months beside each other, as columns; named, not read.

_QUARTER = re.compile(r"(?:ไตรมาสที่|ไตรมาส|ไตรมาศที่|ไตรมาศ|quarter|qtr|q)\.?([1-4])(?!\d)")
_WORDS = re.compile("[a-z\u0e01-\u0e4e.]+")
MIN_QUARTERS = 2
MIN_MONTHS = 3
MAX_HEADER_LENGTH = 60


def wide_form(rows: Sequence[tuple[int, Row]]) -> Problem | None:
    """The problem of rows at a header that name several quarters or months; None where they don't.

    rows: the header and those next to it, each with its line.
    """
    for line, row in rows:
        for period, fewest in ((_quarter, MIN_QUARTERS), (_month, MIN_MONTHS)):
            named = {number: tidy(cell) for cell in row if (number := period(cell))}
            if len(named) >= fewest:
                shown = ", ".join(" ".join(text.split()) for text in named.values())
                return Problem(ProblemKind.WIDE_FORM, line, None, shown)
    return None


def _quarter(cell: str) -> int | None:
    """The one quarter that a cell names: ไตรมาส 1, Q1/2568, ร้อยละ ไตรมาส 1 (ต.ค.-ธ.ค.)."""
    if len(cell) > MAX_HEADER_LENGTH:
        return None
    found = set(_QUARTER.findall(fold(cell)))
    return int(found.pop()) if len(found) == 1 else None


def _month(cell: str) -> int | None:
    """The one month that a cell names: ต.ค., ตุลาคม 2567, ต.ค. 67."""
    if len(cell) > MAX_HEADER_LENGTH:
        return None
    words = (word.replace(".", "") for word in _WORDS.findall(fold(cell)))
    found = {MONTH_OF[word] for word in words if word in MONTH_OF}
    return found.pop() if len(found) == 1 else None
