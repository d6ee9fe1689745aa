"""All rows against all rules in one pass; what comes out is typed rows and every problem."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa

from ita.importing.agencies import AgencyDirectory, directory
from ita.importing.cells import Misread, cell_text, fold, is_missing, plain, tidy
from ita.importing.columns import (
    Cells,
    Coded,
    LongTexts,
    coded,
    first_rows,
    grouped,
    is_long,
    unsettled_rows,
)
from ita.importing.delimited import ColumnRows
from ita.importing.draft import Draft, Request
from ita.importing.header import Header, read_header, recogniser
from ita.importing.kinds import AGENCY, KEYS, TELLING, YEAR, Column, Kind, columns_of, key_text
from ita.importing.problems import Problem, ProblemKind, in_order
from ita.importing.reading import Sheet, read_sheet
from ita.importing.rules_of_annotations import check_annotations
from ita.importing.rules_of_measures import check_measures
from ita.importing.rules_of_narrative import check_narrative
from ita.importing.rules_of_progress import check_progress
from ita.importing.rules_of_scores import check_scores
from ita.importing.values import Row
from ita.reference import Reference
from ita.settings import Limits
from ita.store import Cursor


@dataclass(frozen=True)
class Checked:
    """cells: the columns that the file brought, typed, of its good rows, which stand in `lines`; the
    agency as its id; problems: all of them, in reading order; sheet, header: as they were read."""

    kind: Kind
    encoding: str | None
    lines: list[int]
    cells: Mapping[str, Cells]
    brought: tuple[str, ...]
    problems: tuple[Problem, ...]
    sheet: Sheet
    header: Header

    @property
    def accepted(self) -> bool:
        return not any(problem.blocks for problem in self.problems)

    @cached_property
    def agencies(self) -> frozenset[str]:
        """The agencies that the good rows are of."""
        cells = self.cells.get("agency_id" if self.kind is Kind.AGENCIES else "agency", ())
        found = cells.present() if isinstance(cells, Coded) else set(cells)
        return frozenset(str(agency) for agency in found if agency is not None)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The cells as a table: one row per good row of the file, its `line` first."""
        columns = {n: pd.Series(list(cells), dtype=object) for n, cells in self.cells.items()}
        return pd.DataFrame({"line": pd.array(self.lines, dtype="int64"), **columns})


RULES: Mapping[Kind, Callable[[Draft, Cursor, Request], None]] = {
    Kind.SCORES: check_scores,
    Kind.MEASURES: check_measures,
    Kind.PROGRESS: check_progress,
    Kind.NARRATIVE: check_narrative,
    Kind.ANNOTATIONS: check_annotations,
}


def check(request: Request, cursor: Cursor, reference: Reference, limits: Limits) -> Checked:
    """Read and check a file against the rules and the store; nothing is written.

    Raises:
        Unreadable: the file as a whole can't be read.
    """
    columns = _columns(request, reference)
    sheet = read_sheet(
        request.content,
        request.file_name,
        recogniser(columns, request.mapping),
        limits,
        request.reading,
    )
    agencies = directory(cursor)
    default, problems = _default_agency(request, agencies)
    agency_needed = request.kind is not Kind.AGENCIES and default is None and not problems
    rows, lines = _without_totals(sheet, request.kind)
    kept, lines, ragged = _without_ragged(sheet, rows, lines)
    problems += ragged
    if not rows:
        problems.append(Problem(ProblemKind.EMPTY_FILE))
    raw = _raw_columns(kept, len(sheet.header))
    header = read_header(
        request.kind,
        columns,
        sheet.header,
        sheet.header_line,
        agency_needed,
        frozenset(place for place, column in enumerate(raw) if _is_blank(column)),
        request.mapping,
    )
    problems += header.problems
    draft = _draft(request.kind, columns, header, raw, lines, problems, reference, limits)
    if request.kind is Kind.AGENCIES:
        _settle_ids(draft, agencies)
    else:
        _find_agencies(draft, agencies, default)
    _check_years(draft)
    if request.kind in RULES:
        RULES[request.kind](draft, cursor, request)
    _check_duplicates(draft)
    brought = tuple(c.name for c in columns if draft.has(c.name))
    return Checked(
        request.kind,
        sheet.encoding,
        lines,
        draft.cells,
        brought,
        in_order(problems),
        sheet,
        header,
    )


def _columns(request: Request, reference: Reference) -> tuple[Column, ...]:
    """The columns of a file's kind. Where somebody edits texts in place, a blank one is no mistake
    but means that it is taken out."""
    columns = columns_of(request.kind, reference)
    if request.kind is not Kind.NARRATIVE or not request.blank_erases:
        return columns
    return tuple(replace(c, required=False) if c.name == "text" else c for c in columns)


def _default_agency(
    request: Request, agencies: AgencyDirectory
) -> tuple[str | None, list[Problem]]:
    if request.kind is Kind.AGENCIES:
        return None, []
    if request.agency is None:
        return agencies.only, []
    try:
        return agencies.find(request.agency), []
    except Misread as fault:
        return None, [Problem(fault.kind, None, None, request.agency, fault.expected)]


_TOTAL_WORDS = re.compile(
    r"^(?:รวม(?:ทั้งหมด|ทั้งสิ้น|คะแนน)?|(?:ค่า|คะแนน)?เฉลี่ย(?:รวม|ทั้งหมด)?|grand total|total|average|sum|mean)"
    r"\s*[:.]?(?:\s*\d.*)?$",
    re.IGNORECASE,
)


def _without_totals(sheet: Sheet, kind: Kind) -> tuple[Sequence[Row], list[int]]:
    """Rows without the total rows that a form ends with."""
    telling = TELLING.get(kind, YEAR)
    places = [i for i, label in enumerate(sheet.header) if fold(label) in telling.headers]
    end = len(sheet.rows)
    while (
        end and _is_total(sheet.rows[end - 1]) and not _says(sheet.rows[end - 1], telling, places)
    ):
        end -= 1
    return sheet.rows[:end], sheet.lines[:end]


def _is_total(row: Row) -> bool:
    first = next((cell for cell in map(tidy, row) if cell), "")
    return bool(_TOTAL_WORDS.match(first))


def _says(row: Row, column: Column, places: Sequence[int]) -> bool:
    """Whether a row has a year, or an agency's name: no total does, whatever else it is called."""
    for place in places:
        cell = tidy(row[place]) if place < len(row) else ""
        if is_missing(cell) or _TOTAL_WORDS.match(cell):
            continue
        try:
            column.read(cell)
        except Misread:
            continue
        return True
    return False


def _without_ragged(
    sheet: Sheet, rows: Sequence[Row], lines: list[int]
) -> tuple[Sequence[Row], list[int], list[Problem]]:
    """Rows as wide as the header; the others are problems. Formats with cells just lack blanks."""
    if isinstance(rows, ColumnRows):
        return rows, lines, []  # all as wide as the header, or they could not be kept by column
    width = len(sheet.header)
    least = max((i + 1 for i, cell in enumerate(sheet.header) if cell.strip()), default=0)
    may_be_short = sheet.encoding in ("xlsx", "parquet")
    kept: list[Row] = []
    kept_lines: list[int] = []
    problems: list[Problem] = []
    for row, line in zip(rows, lines, strict=True):
        too_long = any(cell.strip() for cell in row[width:])
        if too_long or (len(row) < least and not may_be_short):
            value = str(len(row))
            problems.append(Problem(ProblemKind.RAGGED_ROW, line, None, value, {"columns": width}))
            continue
        kept.append([*row[:width], *[""] * (width - len(row))])
        kept_lines.append(line)
    return kept, kept_lines, problems


def _raw_columns(rows: Sequence[Row], width: int) -> list[pa.ChunkedArray]:
    if isinstance(rows, ColumnRows):
        return list(rows.columns)
    return [pa.chunked_array([pa.array([r[i] for r in rows], pa.string())]) for i in range(width)]


def _is_blank(raw: pa.ChunkedArray) -> bool:
    return not any(text.strip() for batch in raw.chunks for text in map(str, batch))


ReadColumn = tuple[Cells, Cells, list[tuple[int, Misread]]]
"""A column's texts, its values, and its misread rows."""
READERS = 2


def _draft(
    kind: Kind,
    columns: Iterable[Column],
    header: Header,
    raw: Sequence[pa.ChunkedArray],
    lines: list[int],
    problems: list[Problem],
    reference: Reference,
    limits: Limits,
) -> Draft:
    by_name = {column.name: column for column in columns}
    texts: dict[str, Cells] = {}
    draft = Draft(kind, by_name, header, lines, texts, {}, problems, reference)
    places = header.places
    # Arrow lets go of the interpreter, so two long columns are looked through at the same time.
    with ThreadPoolExecutor(READERS) as readers:
        found = readers.map(
            lambda name: _read_column(by_name[name], raw[places[name]], limits), places
        )
        for name, (texts[name], draft.cells[name], misread) in zip(places, found, strict=True):
            for row, fault in misread:
                _report(draft, fault, row, name)
    return draft


def _read_column(column: Column, raw: pa.ChunkedArray, limits: Limits) -> ReadColumn:
    read = _read_long_texts if column.read is plain and is_long(raw) else _read_cells
    return read(column, raw, limits)


def _report(draft: Draft, fault: Misread, row: int, name: str) -> None:
    if fault.kind is ProblemKind.TEXT_TOO_LONG:
        length = str(len(draft.texts[name][row]))
        draft.report_value(fault.kind, row, name, length, **fault.expected)
    else:
        draft.report(fault.kind, row, name, **fault.expected)


def _read_cells(column: Column, raw: pa.ChunkedArray, limits: Limits) -> ReadColumn:
    """Each distinct text is read once; its problem goes to every row that holds it."""
    texts = coded(raw).map(cell_text)
    faults: dict[str, Misread] = {}

    def value(text: str) -> object:
        try:
            return _read_cell(column, text, limits)
        except Misread as fault:
            faults[text] = fault
            return None

    values = texts.map(value)
    return (
        texts,
        values,
        [(row, faults[texts[row]]) for row in texts.rows_where(faults.__contains__)],
    )


def _read_long_texts(column: Column, raw: pa.ChunkedArray, limits: Limits) -> ReadColumn:
    """The same of free text: most of it can stay as it is, and only the other cells are looked at."""
    texts: dict[int, str | None] = {}
    values: dict[int, str | None] = {}
    misread = []
    for row in unsettled_rows(raw, limits.cell_characters):
        was = raw[row].as_py()
        text = cell_text(was)
        try:
            value: object = _read_cell(column, text, limits)
        except Misread as fault:
            value = None
            misread.append((row, fault))
        if text != was:
            texts[row] = text
        if value != was:
            values[row] = None if value is None else str(value)
    return LongTexts(raw, texts), LongTexts(raw, values), misread


def _read_cell(column: Column, text: str, limits: Limits) -> object:
    if len(text) > limits.cell_characters:
        raise Misread(ProblemKind.TEXT_TOO_LONG, limit=limits.cell_characters)
    if not is_missing(text):
        return column.read(text)
    if column.required:
        raise Misread(ProblemKind.REQUIRED_VALUE, what=column.thai)
    return None


def _settle_ids(draft: Draft, agencies: AgencyDirectory) -> None:
    """An id that differs from a stored one, or from one above it, in case or spaces only, is that id."""
    if not draft.has("agency_id"):
        return
    spelled: dict[str, str] = {}
    ids = [
        text and spelled.setdefault(fold(text), agencies.id_like(text) or text)
        for text in draft.values("agency_id")
    ]
    draft.put("agency_id", ids)


def _find_agencies(draft: Draft, agencies: AgencyDirectory, default: str | None) -> None:
    """The agency of each row as its id; a row that names another than the chosen one is a mistake."""
    if not draft.has("agency"):
        draft.put("agency", [default] * len(draft.lines))
        return
    names = draft.coded("agency")
    misread: dict[str | None, Misread] = {}

    def found(name: str | None) -> str | None:
        try:
            return _agency_of(name, agencies, default)
        except Misread as fault:
            misread[name] = fault
            return None

    draft.put("agency", names.map(found))
    for row in names.rows_where(misread.__contains__):
        # A cell that could not be read at all has its own problem already.
        if names[row] is not None or is_missing(draft.texts["agency"][row]):
            fault = misread[names[row]]
            draft.report(fault.kind, row, "agency", **fault.expected)


def _agency_of(name: str | None, agencies: AgencyDirectory, default: str | None) -> str:
    if name is None:
        if default is None:
            raise Misread(ProblemKind.REQUIRED_VALUE, what=AGENCY.thai)
        return default
    found = agencies.find(name)
    if default is not None and found != default:
        raise Misread(ProblemKind.UNKNOWN_AGENCY, why="agency-other")
    return found


PLANNING_YEARS = 2
"""Measures are planned ahead of the year's announced rules, but not further than this."""


def _check_years(draft: Draft) -> None:
    """A year of scores needs rules; a year of work only has to be near the known ones."""
    if not draft.has(YEAR.name):
        return
    known = draft.reference.years
    ahead = 0 if draft.kind is Kind.SCORES else PLANNING_YEARS
    years = draft.coded(YEAR.name)
    unknown = {
        year
        for year in set(years.distinct) - {None}
        if not (year in known or max(known) < year <= max(known) + ahead)
    }
    for row in years.rows_where(unknown.__contains__):
        draft.report(ProblemKind.UNKNOWN_YEAR, row, YEAR.name, why="year-rules")
    draft.put(YEAR.name, years.map(lambda year: None if year in unknown else year))


def _check_duplicates(draft: Draft) -> None:
    names = KEYS[draft.kind]
    if not draft.has(*names) or not draft.lines:
        return
    keys = [draft.coded(name) for name in names]
    groups = grouped(keys)
    rows = np.flatnonzero(groups >= 0)
    firsts = first_rows(groups)[groups[rows]]
    again = firsts != rows
    for row, first in zip(rows[again].tolist(), firsts[again].tolist(), strict=True):
        shown = key_text({name: key[row] for name, key in zip(names, keys, strict=True)})
        draft.report_value(ProblemKind.DUPLICATE_KEY, row, None, shown, first=draft.lines[first])
