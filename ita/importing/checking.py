"""All rows against all rules in one pass; what comes out is typed rows and every problem."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ita.importing.agencies import AgencyDirectory, directory
from ita.importing.cells import Misread, is_missing, tidy
from ita.importing.draft import Draft, Request
from ita.importing.header import Header, read_header, recogniser
from ita.importing.kinds import KEYS, YEAR, Column, Kind, columns_of
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
    the agency as its id; problems: all of them, in reading order."""

    kind: Kind
    encoding: str | None
    frame: pd.DataFrame
    brought: tuple[str, ...]
    problems: tuple[Problem, ...]

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
    sheet = read_sheet(request.content, request.file_name, recogniser(columns), limits)
    agencies = directory(cursor)
    default, problems = _default_agency(request, agencies)
    rows, lines = _without_totals(sheet, columns)
    kept, lines, ragged = _without_ragged(sheet, rows, lines)
    problems += ragged
    if not rows:
        problems.append(Problem(ProblemKind.EMPTY_FILE))
    agency_needed = request.kind is not Kind.AGENCIES and default is None
    width = len(sheet.header)
    filled = {i for row in kept for i, cell in enumerate(row[:width]) if cell.strip()}
    header = read_header(
        request.kind,
        columns,
        sheet.header,
        sheet.header_line,
        agency_needed and not problems,
        frozenset(range(width)) - filled,
    )
    problems += header.problems
    draft = _draft(request.kind, columns, header, kept, lines, problems, reference, limits)
    if request.kind is not Kind.AGENCIES:
        _find_agencies(draft, agencies, default)
    _check_years(draft)
    if request.kind in RULES:
        RULES[request.kind](draft, cursor, request)
    _check_duplicates(draft)
    brought = tuple(c.name for c in columns if draft.has(c.name))
    return Checked(request.kind, sheet.encoding, draft.frame, brought, in_order(problems))


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


def _without_totals(sheet: Sheet, columns: Iterable[Column]) -> tuple[list[Row], list[int]]:
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
    may_be_short = sheet.encoding in ("xlsx", "parquet", "json")
    kept, kept_lines, problems = [], [], []
    for row, line in zip(rows, lines, strict=True):
        if len(row) != width:
            too_long = any(cell.strip() for cell in row[width:])
            if too_long or (len(row) < least and not may_be_short):
                value = str(len(row))
                problems.append(
                    Problem(ProblemKind.RAGGED_ROW, line, None, value, {"columns": width})
                )
                continue
            row = [*row[:width], *[""] * (width - len(row))]
        kept.append(row)
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
    by_position = list(zip(*rows, strict=True)) if rows else []
    frame = pd.DataFrame({"line": pd.array(lines, dtype="int64")})
    by_name = {column.name: column for column in columns}
    draft = Draft(kind, by_name, header, frame, {}, problems, reference)
    texts: dict[str, np.ndarray] = {}
    draft.texts = texts
    for name, position in header.places.items():
        cells = np.array(by_position[position] if rows else [], dtype=object)
        codes, uniques = pd.factorize(cells)
        tidied = [tidy(text) for text in uniques]
        texts[name] = np.array(tidied, dtype=object)[codes] if rows else cells
        values = _read_cells(draft, by_name[name], codes, tidied, limits)
        frame[name] = pd.Series(values, dtype=object)  # pandas would make NaN of None
    return draft


def _read_cells(
    draft: Draft, column: Column, codes: np.ndarray, uniques: list[str], limits: Limits
) -> np.ndarray:
    """Each distinct text is read once; the problems go to every row that holds it."""
    values: list[object] = []
    faults: dict[int, Misread] = {}
    for position, text in enumerate(uniques):
        value: object = None
        try:
            if len(text) > limits.cell_characters:
                raise Misread(ProblemKind.TEXT_TOO_LONG, limit=limits.cell_characters)
            if not is_missing(text):
                value = column.read(text)
            elif column.required:
                raise Misread(ProblemKind.REQUIRED_VALUE, what=column.thai)
        except Misread as fault:
            faults[position] = fault
        values.append(value)
    for position, fault in faults.items():
        for row in np.flatnonzero(codes == position):
            if fault.kind is ProblemKind.TEXT_TOO_LONG:
                length = str(len(uniques[position]))
                draft.report_value(fault.kind, row, column.name, length, **fault.expected)
            else:
                draft.report(fault.kind, row, column.name, **fault.expected)
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found[codes] if len(codes) else found


def _find_agencies(draft: Draft, agencies: AgencyDirectory, default: str | None) -> None:
    """The agency of each row as its id; a row that names another than the chosen one is a mistake."""
    if not draft.has("agency"):
        draft.frame["agency"] = pd.Series([default] * len(draft.frame), dtype=object)
        return
    chosen = default
    found: dict[str | None, str | None] = {}
    faults: dict[str | None, Misread] = {}
    for name in draft.frame["agency"].unique():
        found[name] = chosen
        if name is None:
            if chosen is None:
                faults[name] = Misread(
                    ProblemKind.REQUIRED_VALUE, what=draft.columns["agency"].thai
                )
            continue
        try:
            found[name] = agencies.find(name)
        except Misread as fault:
            faults[name] = fault
    names = draft.frame["agency"]
    for name, fault in faults.items():
        for row in np.flatnonzero(names.isna() if name is None else names == name):
            draft.report(fault.kind, row, "agency", **fault.expected)
        found[name] = None
    draft.frame["agency"] = pd.Series([found[name] for name in names], dtype=object)


PLANNING_YEARS = 2
"""Measures are planned ahead of the year's announced rules, but not further than this."""


def _check_years(draft: Draft) -> None:
    """A year of scores needs rules; a year of work only has to be near the known ones."""
    if not draft.has(YEAR.name):
        return
    known = draft.reference.years
    ahead = 0 if draft.kind is Kind.SCORES else PLANNING_YEARS
    years = draft.frame[YEAR.name]
    unknown = {
        year
        for year in years.unique()
        if year is not None and not (year in known or max(known) < year <= max(known) + ahead)
    }
    for row in np.flatnonzero(years.isin(list(unknown))):
        draft.report(ProblemKind.UNKNOWN_YEAR, row, YEAR.name, why="year-rules")
    draft.frame.loc[years.isin(list(unknown)), YEAR.name] = None


def _check_duplicates(draft: Draft) -> None:
    keys = list(KEYS[draft.kind])
    if not draft.has(*keys):
        return
    whole = draft.frame.dropna(subset=keys)
    again = whole[whole.duplicated(keys, keep="first")]
    if again.empty:
        return
    first = whole.drop_duplicates(keys).set_index(keys)["line"]
    for row, key in zip(again.index, again[keys].itertuples(index=False), strict=True):
        shown = " ".join(str(value) for value in key if value != 0)
        place = key[0] if len(keys) == 1 else tuple(key)
        draft.report_value(ProblemKind.DUPLICATE_KEY, row, None, shown, first=int(first.loc[place]))
