"""All rows against all rules in one pass; what comes out is typed rows and every problem."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ita.importing.agencies import AgencyDirectory, directory
from ita.importing.cells import Misread, cell_text, fold, is_missing, tidy
from ita.importing.draft import Draft, Request
from ita.importing.header import Header, read_header, recogniser
from ita.importing.kinds import AGENCY, KEYS, YEAR, Column, Kind, columns_of
from ita.importing.problems import Problem, ProblemKind, in_order
from ita.importing.reading import Row, Sheet, read_sheet
from ita.importing.rules_of_measures import check_measures
from ita.importing.rules_of_narrative import check_narrative
from ita.importing.rules_of_progress import check_progress
from ita.importing.rules_of_scores import check_scores
from ita.reference import Reference
from ita.settings import Limits
from ita.store import Cursor


@dataclass(frozen=True)
class Checked:
    """frame: one row per good row of the file: `line` and the columns the file brought, typed,
    the agency as its id; problems: all of them, in reading order; sheet, header: as they were read."""

    kind: Kind
    encoding: str | None
    frame: pd.DataFrame
    brought: tuple[str, ...]
    problems: tuple[Problem, ...]
    sheet: Sheet
    header: Header

    @property
    def accepted(self) -> bool:
        return not any(problem.blocks for problem in self.problems)


RULES: Mapping[Kind, Callable[[Draft, Cursor, Request], None]] = {
    Kind.SCORES: check_scores,
    Kind.MEASURES: check_measures,
    Kind.PROGRESS: check_progress,
    Kind.NARRATIVE: check_narrative,
}


def check(request: Request, cursor: Cursor, reference: Reference, limits: Limits) -> Checked:
    """Read and check a file against the rules and the store; nothing is written.

    Raises:
        Unreadable: the file as a whole can't be read.
    """
    columns = columns_of(request.kind, reference)
    sheet = read_sheet(
        request.content, request.file_name, recogniser(columns, request.mapping), limits
    )
    agencies = directory(cursor)
    default, problems = _default_agency(request, agencies)
    agency_needed = request.kind is not Kind.AGENCIES and default is None and not problems
    rows, lines = _without_totals(sheet)
    kept, lines, ragged = _without_ragged(sheet, rows, lines)
    problems += ragged
    if not rows:
        problems.append(Problem(ProblemKind.EMPTY_FILE))
    width = len(sheet.header)
    filled = {i for row in kept for i, cell in enumerate(row[:width]) if cell.strip()}
    header = read_header(
        request.kind,
        columns,
        sheet.header,
        sheet.header_line,
        agency_needed,
        frozenset(range(width)) - filled,
        request.mapping,
    )
    problems += header.problems
    draft = _draft(request.kind, columns, header, kept, lines, problems, reference, limits)
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
        request.kind, sheet.encoding, draft.frame, brought, in_order(problems), sheet, header
    )


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


def _without_totals(sheet: Sheet) -> tuple[list[Row], list[int]]:
    """Rows without the total rows that a form ends with."""
    rows, lines = list(sheet.rows), list(sheet.lines)
    while rows and _is_total(rows[-1]):
        rows.pop()
        lines.pop()
    return rows, lines


def _is_total(row: Row) -> bool:
    first = next((cell for cell in map(tidy, row) if cell), "")
    return bool(_TOTAL_WORDS.match(first))


def _without_ragged(
    sheet: Sheet, rows: list[Row], lines: list[int]
) -> tuple[list[Row], list[int], list[Problem]]:
    """Rows as wide as the header; the others are problems. Formats with cells just lack blanks."""
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


def _draft(
    kind: Kind,
    columns: Iterable[Column],
    header: Header,
    rows: list[Row],
    lines: list[int],
    problems: list[Problem],
    reference: Reference,
    limits: Limits,
) -> Draft:
    by_name = {column.name: column for column in columns}
    frame = pd.DataFrame({"line": pd.array(lines, dtype="int64")})
    texts: dict[str, list[str]] = {}
    draft = Draft(kind, by_name, header, frame, lines, texts, problems, reference)
    for name, position in header.places.items():
        tidied: dict[str, str] = {}
        texts[name] = [
            tidied[raw] if raw in tidied else tidied.setdefault(raw, cell_text(raw))
            for raw in (row[position] for row in rows)
        ]
        draft.put(name, _read_cells(draft, by_name[name], texts[name], limits))
    return draft


def _read_cells(draft: Draft, column: Column, texts: list[str], limits: Limits) -> list[object]:
    """Each distinct text is read once; its problem goes to every row that holds it."""
    values: dict[str, object] = {}
    misread: dict[str, Misread] = {}
    for text in dict.fromkeys(texts):
        try:
            values[text] = _read_cell(column, text, limits)
        except Misread as fault:
            values[text], misread[text] = None, fault
    for row, text in enumerate(texts):
        wrong = misread.get(text)
        if wrong and wrong.kind is ProblemKind.TEXT_TOO_LONG:
            draft.report_value(wrong.kind, row, column.name, str(len(text)), **wrong.expected)
        elif wrong:
            draft.report(wrong.kind, row, column.name, **wrong.expected)
    return [values[text] for text in texts]


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
        draft.put("agency", [default] * len(draft.frame))
        return
    names = draft.values("agency")
    found: dict[str | None, str | None] = {}
    misread: dict[str | None, Misread] = {}
    for name in dict.fromkeys(names):
        try:
            found[name] = _agency_of(name, agencies, default)
        except Misread as fault:
            found[name], misread[name] = None, fault
    for row, name in enumerate(names):
        # A cell that could not be read at all has its own problem already.
        if name in misread and (name is not None or is_missing(draft.texts["agency"][row])):
            draft.report(misread[name].kind, row, "agency", **misread[name].expected)
    draft.put("agency", [found[name] for name in names])


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
    years = draft.values(YEAR.name)
    unknown = {
        year
        for year in set(years) - {None}
        if not (year in known or max(known) < year <= max(known) + ahead)
    }
    for row, year in enumerate(years):
        if year in unknown:
            draft.report(ProblemKind.UNKNOWN_YEAR, row, YEAR.name, why="year-rules")
    draft.put(YEAR.name, [None if year in unknown else year for year in years])


def _check_duplicates(draft: Draft) -> None:
    names = KEYS[draft.kind]
    if not draft.has(*names):
        return
    first: dict[tuple[Any, ...], int] = {}
    for row, key in enumerate(zip(*map(draft.values, names), strict=True)):
        if None in key:
            continue
        line = first.setdefault(key, draft.lines[row])
        if line != draft.lines[row]:
            shown = " ".join(str(value) for value in key if value != 0)
            draft.report_value(ProblemKind.DUPLICATE_KEY, row, None, shown, first=line)
