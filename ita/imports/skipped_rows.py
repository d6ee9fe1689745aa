"""Rows of a sheet that hold no record: totals, signatures and notes, and rows of another width."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from ita.imports.cells import arabic_digits, cell_text, is_missing, plain
from ita.imports.datasets import AGENCY, KEYS, Column, Dataset
from ita.imports.problems import Problem, ProblemKind
from ita.imports.readers.cell_text import Row, filled_width, place_of_line
from ita.imports.readers.delimited import ColumnRows, rows_at
from ita.imports.readers.sheets import Sheet

_TOTAL = re.compile(
    # The whole cell is made of words of a total, so that รวมใจ and เฉลี่ยสุข are names.
    r"(?=.*(?:รวม|เฉลี่ย|ทั้งหมด|ทั้งสิ้น|total|average|avg|mean|sum))"
    r"(?:(?:ผล|ยอด|ค่า|คะแนน|ร้อยละ|จำนวน|ภาพ)*(?:รวม|เฉลี่ย)|(?:จำนวน)?(?:ทั้งหมด|ทั้งสิ้น)|grand|total|sub|average|avg|mean|sum)"
    r"(?:รวม|เฉลี่ย|ค่า|ผล|คะแนน|ร้อยละ|จำนวน|ทั้งหมด|ทั้งสิ้น|ทั้งปี|ทั้ง|ทุก|สะสม|ความสำเร็จ|"
    r"มาตรการ|กิจกรรม|โครงการ|ข้อ|รายการ|แห่ง|หน่วยงาน|แบบวัด|ตัวชี้วัด|เรื่อง|เหตุการณ์|แถว|"
    r"ระดับ|จังหวัด|อำเภอ|ประเทศ|"
    r"total|average|all|iit|eit|oit|\d[\d,.]*+%?|[\s:.=()])*",
    re.IGNORECASE,
)
_TOTAL_OF = re.compile(
    # Where no name can stand, what follows doesn't matter: รวมกองคลัง is no year.
    r"(?:ผล|ยอด|ค่า|คะแนน|ร้อยละ|จำนวน|ภาพ)*(?:รวม|เฉลี่ย)|(?:grand |sub)?total|average",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"\(?\s*ลงชื่อ|ลงนาม|ผู้(?:จัดทำ|รายงาน|ตรวจ|รับรอง|อนุมัติ|บันทึก|ให้ข้อมูล)|ตำแหน่ง|"
    r"\(?[\s.…_]{3,}|\((?:นาย|นาง|น\.ส\.|ว่าที่|[\s.…_]{3,}).*\)$|"
    r"วัน(?:ที่|/เดือน)?\s*(?:[.…_/]{2,}|\d{1,2}\s)|signed|prepared by",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"หมาย\s?เหตุ|ที่มา|แหล่งที่มา|แหล่งข้อมูล|ข้อมูล\s?ณ|ข้อมูลจาก|พิมพ์(?:เมื่อ|วันที่)|หน้า(?:ที่)?\s?\d|"
    r"\*|note|remark|source|n\.b\.",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\(?\s*+(?:หน่วย\s?:?\s?)?(?:ร้อยละ|คะแนน|เปอร์เซ็นต์|%|บาท|คน|ครั้ง|ข้อ|แห่ง|เรื่อง|วัน|ปี|พ\.ศ\.|"
    r"percent|points?|score|persons?|times|year)\s*+\)?",
    re.IGNORECASE,
)
_COUNT = re.compile(r"[\d,.]+\s*+%?(?:\s*+(?:แห่ง|หน่วยงาน|รายการ|ข้อ))?")
_NUMBER_MARK = re.compile(r"\(?\[?(\d{1,2})[.)\]]{0,2}(?:=.*)?")
MIN_NUMBERS = 3
MAX_CODE_LENGTH = 20
"""Characters of an agency's code; what is longer is a sentence."""


@dataclass(frozen=True)
class Skipped:
    """A row that holds no record. place: among the rows of the sheet."""

    place: int
    line: int
    cells: Row

    @property
    def words(self) -> str:
        """What the row says, short enough for a sentence: the cell by which it is no record, else its
        first."""
        texts = [text for cell in self.cells if (text := cell_text(cell))]
        telling = (t for t in texts if _is_total(t) or _SIGNATURE.match(t) or _NOTE.match(t))
        first = next(telling, texts[0] if texts else "")
        line = " ".join(first.split())
        return line if len(line) <= 24 else f"{line[:23]}…"


def skipped_rows(sheet: Sheet, kind: Dataset, columns: Mapping[int, Column]) -> tuple[Skipped, ...]:
    """The rows that are passed over unless a person takes them back in: totals and signatures
    anywhere, notes and sentences below the last record, headings of a group of records, the form's
    numbers and units under its header.

    columns: those of the file by position. A row with a typed part of its key beyond the period, as
    an instrument or a number, is a record, whatever its texts say; so a measure called รวมพลัง stays,
    and so does a row that says more than a text with a star before it.
    """
    typed = _typed_key(kind, columns)
    named = {at for at, column in columns.items() if column.name == AGENCY.name}
    unread = {at: _unread_by(column) for at, column in typed.items()}
    periods = {at for at, column in typed.items() if column.name in ("fiscal_year", "quarter")}
    keyless = _without_key(sheet.rows, kind, columns)
    starts, lasts = _tables(sheet, keyless)
    found: list[Skipped] = []
    signed = False
    table = -1
    rows = sheet.rows.at(keyless) if isinstance(sheet.rows, ColumnRows) else None
    for place, row in zip(keyless, rows or map(sheet.rows.__getitem__, keyless), strict=True):
        if bisect_right(starts, place) - 1 != table:
            table = bisect_right(starts, place) - 1
            signed = False
        below = starts[table] <= lasts[table] < place
        texts = [cell_text(cell) for cell in row]
        filled = [at for at, text in enumerate(texts) if text]
        first = texts[filled[0]]
        told = {at for at in filled if at in typed and not _is_total(texts[at])}
        told -= {at for at in told if unread[at](row[at])}
        under_header = place == starts[table]
        is_form_number = under_header and _are_numbers(texts)
        is_total_of = filled[0] in typed and unread[filled[0]](row[filled[0]])
        is_total_of = is_total_of and bool(_TOTAL_OF.match(first))
        is_heading = (
            not below and len(filled) == 1 and _is_heading(first, filled[0], columns, typed)
        )
        if told - periods and not (is_form_number or is_total_of or is_heading):
            continue
        is_signature = not told and (
            bool(_SIGNATURE.match(first)) or (below and signed and len(filled) <= 2)
        )
        skip = (
            is_signature
            or _is_total(first)
            or any(_is_total(texts[at]) for at in filled if at in typed or at in named)
            or is_total_of
            or (not told and _is_note(texts, filled, columns))
            or is_form_number
            or (under_header and not told and _are_units(texts))
            or is_heading
            or (below and len(filled) == 1 and _is_sentence(first, filled[0], columns))
        )
        signed = signed or (below and is_signature)
        if skip:
            found.append(Skipped(place, sheet.lines[place], row))
    return tuple(found)


def skipped_problem(skipped: Sequence[Skipped], passed_over: Sequence[Skipped] = ()) -> Problem:
    """One for the file, whatever their number. passed_over: headers that come again and titles between
    tables, which nobody takes in as data."""
    why = "skipped-keep" if skipped else "skipped-headers"
    skipped = [*skipped, *passed_over]
    words = list(dict.fromkeys(row.words for row in skipped))
    shown = ", ".join(f"“{word}”" for word in words[:3]) + (" …" if len(words) > 3 else "")
    lines = tuple(sorted((row.line for row in skipped), key=place_of_line))
    return Problem(
        ProblemKind.SKIPPED_ROWS,
        value=str(len(skipped)),
        expected={"lines": lines, "words": shown, "why": why},
    )


def without(
    rows: Sequence[Row], lines: list[int], places: Iterable[int]
) -> tuple[Sequence[Row], list[int]]:
    """Rows and their lines without those at some places."""
    gone = set(places)
    if not gone:
        return rows, lines
    kept = [place for place in range(len(rows)) if place not in gone]
    return rows_at(rows, kept), [lines[place] for place in kept]


def _typed_key(kind: Dataset, columns: Mapping[int, Column]) -> dict[int, Column]:
    """The columns of a key that only some texts fit: year, quarter, instrument, number, day."""
    key = KEYS[kind]
    return {
        at: column
        for at, column in columns.items()
        if column.name in key and column.required and column.read is not plain
    }


def _without_key(rows: Sequence[Row], kind: Dataset, columns: Mapping[int, Column]) -> list[int]:
    """The places of rows that lack a typed part of their key; where a file has none, of those whose
    first cell is no name."""
    typed = _typed_key(kind, columns)
    if typed:
        totals = {at: _says_total for at, column in columns.items() if column.name == AGENCY.name}
        unread = {at: _unread_by(column) for at, column in typed.items()}
        return _places_of_any(rows, totals | unread)
    names = {at: column for at, column in columns.items() if column.name in ("name_th", "agency")}
    codes = {at: _is_no_name for at, column in columns.items() if column.name == "agency_id"}
    return _places_of_any(rows, dict.fromkeys(names, _says_no_name) | codes)


def reads(column: Column, cell: str) -> bool:
    """Whether a cell says something that its column takes."""
    text = cell_text(cell)
    return not is_missing(text) and column.can_read(text)


def _unread_by(column: Column) -> Callable[[str], bool]:
    return _remembering(lambda cell: not reads(column, cell))


MAX_REMEMBERED = 50_000
"""Texts; of a column of half a million different ones the answers would take more than the file."""
_remembering = lru_cache(MAX_REMEMBERED)


def _says_no_name(cell: str) -> bool:
    """A name that is missing, a total, a count of agencies, a signature or a note."""
    text = cell_text(cell)
    return (
        is_missing(text)
        or bool(_COUNT.fullmatch(arabic_digits(text)))
        or _is_no_name(cell)
        or _is_total(text)
    )


def _is_no_name(cell: str) -> bool:
    text = cell_text(cell)
    return bool(_SIGNATURE.match(text) or _NOTE.match(text))


def _places_of_any(rows: Sequence[Row], asked: Mapping[int, Callable[[str], bool]]) -> list[int]:
    """The places of rows of which some cell is chosen; each distinct content is asked once."""
    if isinstance(rows, ColumnRows):
        chosen = np.zeros(len(rows), bool)
        for at, ask in asked.items():
            chosen[rows.coded(at).rows_where(ask)] = True
        places: list[int] = np.flatnonzero(chosen).tolist()
        return places
    known = {at: _remembering(ask) for at, ask in asked.items()}
    return [
        place
        for place, row in enumerate(rows)
        if any(ask(row[at] if at < len(row) else "") for at, ask in known.items())
    ]


def _tables(sheet: Sheet, keyless: Sequence[int]) -> tuple[list[int], list[int]]:
    """Where each table of a sheet begins among its rows, and the place of its last row with a key;
    before its beginning if there is none."""
    starts = [0, *sheet.table_ends]
    lasts = []
    for start, end in pairwise([*starts, len(sheet.rows)]):
        last = end - 1
        for place in reversed(keyless[bisect_left(keyless, start) : bisect_left(keyless, end)]):
            if place != last:
                break
            last -= 1
        lasts.append(last)
    return starts, lasts


def _says_total(cell: str) -> bool:
    return _is_total(cell_text(cell))


def _is_total(text: str) -> bool:
    return bool(_TOTAL.fullmatch(arabic_digits(text)))


def _is_note(texts: Sequence[str], filled: Sequence[int], columns: Mapping[int, Column]) -> bool:
    """Whether a row without a typed key is a note. A star may also stand before a name or a code: with
    more beside it in the file's columns the row is a record."""
    first = texts[filled[0]]
    if first.startswith("*") and first.strip("* "):
        return not any(at in columns for at in filled[1:])
    return bool(_NOTE.match(first))


def _are_numbers(texts: Sequence[str]) -> bool:
    """(1) (2) (3) … under a header: each cell the next number."""
    marks = [_NUMBER_MARK.fullmatch(arabic_digits(text)) for text in texts if text]
    numbers = [int(mark[1]) for mark in marks if mark]
    consecutive = (
        numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else False
    )
    return consecutive and len(numbers) == len(marks) >= MIN_NUMBERS


def _are_units(texts: Sequence[str]) -> bool:
    """(ร้อยละ) (คะแนน) … under a header: what each figure below is counted in, and nothing else."""
    return all(_UNIT.fullmatch(text) for text in texts if text)


def _is_heading(
    text: str, at: int, columns: Mapping[int, Column], typed: Mapping[int, Column]
) -> bool:
    """Whether a text alone in its row names a group of the records below it: กองคลัง where a number or
    a code would stand, or an instrument. Where a name belongs it may be a record that lacks the rest."""
    column = columns.get(at)
    if text.startswith("#") or not any(letter.isalpha() for letter in text):
        return False  # a spreadsheet's error, or a figure whose row lost the rest
    if column is None:
        return at == 0
    if column.name == "agency_id":
        return not any(letter.isdigit() for letter in text)
    return at in typed and (column.name == "instrument" or not column.can_read(text))


def _is_sentence(text: str, at: int, columns: Mapping[int, Column]) -> bool:
    """Whether a text alone in its row can't be what its column is of: a name stays a name."""
    column = columns.get(at)
    if column is None:
        return at == 0
    if column.name == "agency_id":
        return " " in text or len(text) > MAX_CODE_LENGTH
    if column.name == AGENCY.name:
        return " " in text
    return column.read is not plain and _unread_by(column)(text)


@dataclass(frozen=True)
class EvenRows:
    """Rows as wide as the header. said: of rows that a spreadsheet cut short, by place, how many
    cells they have. omits: whether some are not listed among the problems."""

    rows: Sequence[Row]
    lines: list[int]
    said: Mapping[int, int]
    problems: list[Problem]
    omits: bool = False


def without_ragged(
    sheet: Sheet,
    rows: Sequence[Row],
    lines: list[int],
    columns: Mapping[int, Column],
    most_problems: int,
) -> EvenRows:
    """Rows as wide as the header; the others are problems. Formats with cells have blanks, or lack
    them, beyond what is filled; in a text one separator more, even at the end, means that every value
    before it may stand one column off (88,12 for 88.12).

    A spreadsheet leaves out the separators of blank cells at the end, in blocks of rows. Such a row
    says nothing of the columns that it lacks, if none of them is needed and its typed cells fit.
    columns: those of the file by position; `required` is set where a row must have it. most_problems:
    that are listed.
    """
    if isinstance(rows, ColumnRows):
        # All as wide as the header, or they could not be kept by column.
        return EvenRows(rows, lines, {}, [])
    width = len(sheet.header)
    least = filled_width(sheet.header)
    needed = max((at + 1 for at, column in columns.items() if column.required), default=1)
    # Of scores no figure is required alone, but a row needs one.
    needed = max(needed, min((at + 1 for at, c in columns.items() if c.part), default=1))
    typed = {at: _unread_by(c) for at, c in columns.items() if c.read is not plain}
    has_cells = sheet.separator is None
    kept: list[Row] = []
    kept_lines: list[int] = []
    said: dict[int, int] = {}
    problems: list[Problem] = []
    omits = False
    for row, line in zip(rows, lines, strict=True):
        too_long = (filled_width(row) if has_cells else len(row)) > width
        too_short = len(row) < least and not has_cells
        if too_short and needed <= len(row) and _fits(row, typed):
            said[len(kept)] = len(row)
        elif too_long or too_short:
            if len(problems) >= most_problems:
                omits = True
                continue
            why = "beyond-header" if has_cells else "separators"
            expected = {"columns": width, "why": why}
            value = str(filled_width(row) if has_cells else len(row))
            problems.append(Problem(ProblemKind.RAGGED_ROW, line, None, value, expected))
            continue
        kept.append([*row[:width], *[""] * (width - len(row))])
        kept_lines.append(line)
    if said:
        cut = tuple(kept_lines[place] for place in said)
        problems.append(
            Problem(ProblemKind.SHORT_ROW, value=str(len(cut)), expected={"lines": cut})
        )
    return EvenRows(kept, kept_lines, said, problems, omits)


def _fits(row: Row, typed: Mapping[int, Callable[[str], bool]]) -> bool:
    """Whether every typed cell of a row is blank or can be read: one separator less would have moved
    texts under figures."""
    return not any(
        not is_missing(cell_text(row[at])) and unread(row[at])
        for at, unread in typed.items()
        if at < len(row)
    )
