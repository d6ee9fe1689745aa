"""What helps a person mend a file: its problems grouped, its rows with the problems beside them,
the file made anew from edited rows, and the kind that it really is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import xlsxwriter

from ita.config import Limits
from ita.i18n import _
from ita.imports.cells import tidy
from ita.imports.datasets import Dataset, columns_of
from ita.imports.header import read_header, recogniser
from ita.imports.problems import LikelyAgency, Problem, ProblemKind
from ita.imports.readers.cell_text import KEEP_STORED, Row, filled_width
from ita.imports.readers.limits import Unreadable
from ita.imports.readers.sheets import AUTO, Dialect, Sheet, read_sheet
from ita.imports.validation.rows import ValidatedFile
from ita.reference import Reference
from ita.tables import csv_bytes, unescape_formula, without_markup


@dataclass(frozen=True)
class ProblemGroup:
    """Problems that are mended the same way: one sentence, all its places."""

    kind: ProblemKind
    blocks: bool
    message: str
    lines: tuple[int, ...]
    columns: tuple[str, ...]
    count: int


def grouped(problems: Sequence[Problem]) -> tuple[ProblemGroup, ...]:
    """Problems by kind, what blocks first; the sentence is that of the first of each kind."""
    by_kind: dict[tuple[ProblemKind, str], list[Problem]] = {}
    for problem in problems:
        # What is said of the file as a whole says each time something else, as which sheets and why.
        of_file = problem.line is None and problem.column is None
        apart = problem.sentence() if of_file else ""
        if problem.kind is ProblemKind.BROKEN_TEXT:  # each damage is mended in its own way
            apart = problem.expected["why"]
        if problem.kind is ProblemKind.MISSING_COLUMN:  # each column is another to be added
            apart = problem.value or ""
        by_kind.setdefault((problem.kind, apart), []).append(problem)
    groups = [
        ProblemGroup(
            kind,
            found[0].blocks,
            found[0].sentence(),
            tuple(dict.fromkeys(line for p in found for line in p.lines)),
            tuple(dict.fromkeys(p.column for p in found if p.column)),
            len(found),
        )
        for (kind, _unused), found in by_kind.items()
    ]
    return tuple(sorted(groups, key=lambda group: not group.blocks))


@dataclass(frozen=True)
class BadRow:
    """A row with problems: its cells as they stand, and what is wrong by position of the cell.

    warned: the positions where nothing blocks. likely: agencies that the row may be of.
    """

    line: int
    place: int
    cells: Row
    wrong: Mapping[int, str]
    of_row: tuple[str, ...]
    warned: frozenset[int] = frozenset()
    likely: tuple[LikelyAgency, ...] = ()


def bad_rows(checked: ValidatedFile) -> tuple[BadRow, ...]:
    """The rows that have a problem, in the order of the file."""
    # Problems name headers tidied, as the header has them and not as the sheet does.
    headers = {tidy(label): place for place, label in enumerate(checked.sheet.header)}
    headers |= {label: checked.header.places[n] for n, label in checked.header.labels.items()}
    by_line: dict[int, list[Problem]] = {}
    for problem in checked.problems:
        if problem.line:
            by_line.setdefault(problem.line, []).append(problem)
    found = []
    for place, line in enumerate(checked.sheet.lines):
        problems = by_line.get(line)
        if problems:
            wrong = {headers[p.column]: p.sentence() for p in problems if p.column in headers}
            rest = tuple(p.sentence() for p in problems if p.column not in headers)
            blocked = {headers[p.column] for p in problems if p.column in headers and p.blocks}
            warned = frozenset(wrong.keys() - blocked)
            cells = checked.sheet.rows[place]
            likely = tuple(agency for p in problems for agency in p.candidates)
            found.append(BadRow(line, place, cells, wrong, rest, warned, likely))
    return tuple(found)


def _added_columns(bad: Sequence[BadRow]) -> list[str]:
    """The headers of what stands behind a file's own columns."""
    likely = [_("หน่วยงานที่น่าจะเป็น")] if any(row.likely for row in bad) else []
    return [_("สิ่งที่ต้องแก้"), *likely]


def _beside(row: BadRow, added: Sequence[str]) -> list[str]:
    """What stands behind a row, one text for each added column."""
    texts = (
        "\n".join([*row.of_row, *row.wrong.values()]),
        "\n".join(agency.text for agency in row.likely),
    )
    return list(texts[: len(added)])


def padded(cells: Sequence[str], width: int) -> list[str]:
    """A row as wide as its table; what stands beyond is kept."""
    return [*cells, *[""] * (width - len(cells))]


def wide_header(checked: ValidatedFile) -> list[str]:
    """The header, with blanks above what rows hold beyond it."""
    width = max((len(row) for row in checked.sheet.rows), default=0)
    return padded(checked.sheet.header, width)


def _rows_beside(checked: ValidatedFile, width: int) -> Iterator[tuple[int, list[str]]]:
    """The whole file, each row with its line, without guards of formulas, so that writing it guards
    each cell once. One row at a time: a nation's file has hundreds of thousands.

    What a row does not say is marked, or the blanks of the file made of it would erase what is stored.
    """
    no_records = {row.place for row in checked.skipped}
    for place, (line, row) in enumerate(zip(checked.sheet.lines, checked.sheet.rows, strict=True)):
        cells = [unescape_formula(cell) for cell in row]
        whole = cells if place in no_records else _with_marks(checked.sheet, line, cells, len(row))
        yield line, padded(whole, width)


def problems_csv(checked: ValidatedFile) -> bytes:
    """The whole file with a last column that says what is wrong with each row, and where agencies
    are not known, one with those that are likely meant."""
    bad = bad_rows(checked)
    added = _added_columns(bad)
    told = {row.line: _beside(row, added) for row in bad}
    header = wide_header(checked)
    blank = [""] * len(added)
    rows = ([*row, *told.get(line, blank)] for line, row in _rows_beside(checked, len(header)))
    return csv_bytes([*header, *added], rows)


LARGE = 20_000
"""Rows from which a workbook is written through a file on the disk instead of in memory."""


def problems_xlsx(checked: ValidatedFile) -> bytes:
    """The same as XLSX: faulty cells coloured, each with its problem as a comment."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream,
        {
            "in_memory" if len(checked.sheet.rows) < LARGE else "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        },
    )
    sheet = book.add_worksheet(_("สิ่งที่ต้องแก้")[:31])
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    faulty = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FBD5D5"})
    bold = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#E8EEF4"})
    header = wide_header(checked)
    width = len(header)
    sheet.set_column(0, width - 1, 18)
    bad = {row.line: row for row in bad_rows(checked)}
    added = _added_columns(list(bad.values()))
    sheet.set_column(width, width + len(added) - 1, 60)
    sheet.write_row(0, 0, [*header, *added], bold)
    for place, (line, row) in enumerate(_rows_beside(checked, width), start=1):
        found = bad.get(line)
        for column, cell in enumerate(row):
            wrong = found.wrong.get(column) if found else None
            sheet.write_string(place, column, without_markup(cell), faulty if wrong else plain)
            if wrong:
                sheet.write_comment(place, column, wrong)
        if found:
            for at, text in enumerate(_beside(found, added), start=width):
                sheet.write_string(place, at, text, faulty)
    sheet.freeze_panes(1, 0)
    book.close()
    return stream.getvalue()


def rebuilt(
    checked: ValidatedFile, edited: Mapping[int, Sequence[str]], removed: set[int]
) -> bytes:
    """The file made anew: edited rows in their place (by position), removed ones left out; each row
    stands in the line that it had, with blank lines for what stood between.

    Rows of a workbook end where their last cell does, so they are padded; a text's row that lacks
    cells, or has some too many, keeps its width unless it was edited: whoever edited it saw its cells
    under their columns, so blanks beyond the header are nobody's. Cells of which a row says nothing
    are marked where they are still blank.
    """
    sheet = checked.sheet
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    keeps_lines = _keeps_lines(sheet)
    header_line = sheet.header_line if keeps_lines else 1
    writer.writerows([[]] * (header_line - 1))
    writer.writerow(sheet.header)
    width = len(sheet.header)
    has_cells = sheet.separator is None
    last = header_line
    for place, (row, line) in enumerate(zip(sheet.rows, sheet.lines, strict=True)):
        if place in removed:
            continue
        if keeps_lines:
            writer.writerows([[]] * (line - last - 1))
            last = line
        if place in edited:
            mended = edited[place]
            least = width if has_cells else min(width, len(row))
            whole = mended[: max(least, filled_width(mended))]
        else:
            cut = row[: max(width, filled_width(row))]
            whole = padded(cut, width) if has_cells else row
        marked = _with_marks(sheet, line, whole, len(row))
        writer.writerow(marked if has_cells or len(whole) > len(row) else marked[: len(whole)])
    return stream.getvalue().encode("utf-8-sig")


def _with_marks(sheet: Sheet, line: int, row: Sequence[str], said: int) -> Sequence[str]:
    """A row with KEEP_STORED in the blank cells of which it says nothing: its table lacks them, or as a
    text it was cut short. said: how many cells the file has of it."""
    lacks = sheet.lacking.get(line, frozenset())
    width = len(sheet.header)
    if sheet.separator is not None and said < width:
        lacks |= frozenset(range(said, width))
    if not lacks:
        return row
    whole = padded(row, max(lacks) + 1)
    return [
        KEEP_STORED if place in lacks and not cell.strip() else cell
        for place, cell in enumerate(whole)
    ]


def rebuilt_reading(checked: ValidatedFile) -> Dialect:
    """How `rebuilt` writes a file."""
    return Dialect("utf-8", ",", _header_line(checked.sheet))


def _keeps_lines(sheet: Sheet) -> bool:
    """Whether rows can stand in their lines: not where several sheets were read one after the other."""
    lines = [sheet.header_line, *sheet.lines]
    return all(line < after for line, after in pairwise(lines))


def _header_line(sheet: Sheet) -> int:
    return sheet.header_line if _keeps_lines(sheet) else 1


def recognised_kind(
    content: bytes,
    file_name: str,
    reference: Reference,
    limits: Limits,
    reading: Dialect = AUTO,
    or_nearest: bool = False,
) -> Dataset | None:
    """The one kind whose required columns the file has all; None where none or several fit.

    or_nearest: then the first of those of which it has most columns.
    """
    named: dict[Dataset, int] = {}
    fitting: dict[Dataset, int] = {}
    for kind in Dataset:
        columns = columns_of(kind, reference)
        try:
            sheet = read_sheet(content, file_name, recogniser(columns), limits, reading)
        except Unreadable:
            return None
        header = read_header(kind, columns, sheet.header, sheet.header_line, False, frozenset())
        named[kind] = len(header.places)
        if not any(problem.blocks for problem in header.problems):
            fitting[kind] = len(header.places)
    best = max(fitting.values(), default=0)
    kinds = [kind for kind, places in fitting.items() if places == best]
    if len(kinds) == 1:
        return kinds[0]
    nearest = max(fitting or named, key=(fitting or named).__getitem__)
    return nearest if or_nearest and named[nearest] else None
