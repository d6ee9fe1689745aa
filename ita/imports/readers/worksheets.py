"""Which sheets of a workbook are read together under one header, and what is to be said of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import cast

from ita.imports.cells import fold, tidy
from ita.imports.header_names import Recogniser
from ita.imports.problems import Problem, ProblemKind
from ita.imports.readers.cell_text import Row, SheetLine
from ita.imports.readers.delimited import ColumnRows
from ita.imports.readers.limits import Budget, Unreadable
from ita.imports.sheet_tables import (
    SCANNED_ROWS,
    SheetTable,
    SheetTables,
    kept_rows,
    says_anything,
    tables_of_sheet,
)

FITTING = 2
"""Columns that a row must name for its sheet to count as one that could have been read: a sheet of
instructions names one column a row."""


@dataclass(frozen=True)
class Worksheet:
    """A sheet as it stands in its file. name: "" where the file has no sheets. hidden_lines: of rows
    that are hidden or filtered out; hidden_columns: positions."""

    name: str
    rows: Sequence[Row]
    visible: bool = True
    hidden_lines: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def fill_down(
    rows: Sequence[Sequence[str]], merged: Iterable[tuple[int, int, int]], budget: Budget
) -> None:
    """A merged cell says one thing of all its rows that hold anything; across columns it is a title.

    Args:
        rows: lists, changed in place; those without cells may be anything.
        merged: column, first and last row of each area, from 0.
        budget: of the file.

    Raises:
        Unreadable: the areas have more rows than a file may have cells.
    """
    holds = [any(row) for row in rows]
    for column, first, last in merged:
        below = range(first + 1, min(last + 1, len(rows)))
        budget.take_cells(len(below))
        if not below or column >= len(rows[first]):
            continue
        text = rows[first][column]
        for at in below:
            if holds[at]:
                budget.take_characters(len(text))
                row = cast("list[str]", rows[at])
                row.extend([""] * (column + 1 - len(row)))
                row[column] = text


def without_trailing_blanks(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row


@dataclass(frozen=True)
class SheetNames:
    """The sheets of a workbook by what became of them; blank ones are left out of `not_read`."""

    read: tuple[str, ...]
    not_read: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    def as_json(self) -> dict[str, list[str]]:
        return {
            "read": list(self.read),
            "not_read": list(self.not_read),
            "hidden": list(self.hidden),
        }


@dataclass(frozen=True)
class Joined:
    """Tables of one form under one header. header_lines: where each of its cells stands. lacks: by
    line, the positions of columns that the row's own table doesn't have, which say nothing of it.
    ends: where among the rows each table ends but the last."""

    header: tuple[str, ...]
    header_lines: tuple[int, ...]
    rows: Sequence[Row]
    lines: list[int]
    lacks: Mapping[int, frozenset[int]]
    ends: tuple[int, ...] = ()


@dataclass(frozen=True)
class ChosenRows:
    """The rows of the sheets that are read together. header_line: of the first table. passed_over:
    lines of headers that come again. problems: of reading, as of sheets that were not read. head: the
    first rows of the first sheet, down to two below its header, each with its line."""

    table: Joined
    header_line: int
    sheets: SheetNames
    passed_over: tuple[tuple[int, Row], ...] = ()
    problems: tuple[Problem, ...] = ()
    head: tuple[tuple[int, Row], ...] = ()


@dataclass(frozen=True)
class _Candidate:
    sheet: Worksheet
    found: SheetTables = field(repr=False)


def choose_rows(
    worksheets: Sequence[Worksheet],
    recognise: Recogniser,
    has_cells: bool,
    header_line: int | None = None,
    picked: Sequence[str] = (),
    skip_hidden: bool = False,
) -> ChosenRows | None:
    """The rows of all visible sheets whose header is of the form of the best one.

    picked: names of the sheets to be read, where a person has said it; skip_hidden: leave rows out
    that are hidden. None where no visible sheet holds anything.

    Raises:
        Unreadable: a picked sheet is not there.
    """
    wanted = _picked(worksheets, picked)
    candidates = _candidates(wanted, recognise, header_line)
    if not candidates:
        return None
    best = max(candidates, key=lambda candidate: candidate.found.known)
    read, copies = _read_together(candidates, best, recognise, bool(picked))
    names = [candidate.sheet.name for candidate in read]
    others = [c for c in candidates if c not in read]
    if picked:
        others = [c for c in others if c.sheet.name in names or c.sheet in wanted]
    sheets = _names(worksheets, names)
    problems = _of_other_sheets(others, copies, sheets)
    several = len(read) > 1
    tables: list[SheetTable] = []
    passed_over: list[tuple[int, Row]] = []
    for order, candidate in enumerate(read):
        mine, told = _of_sheet(candidate, recognise, skip_hidden)
        lined = [_lined(t, candidate.sheet.name, order) for t in mine] if several else mine
        tables += lined
        passed_over += (
            [
                (SheetLine(n, candidate.sheet.name, order), row)
                for n, row in candidate.found.passed_over
            ]
            if several
            else candidate.found.passed_over
        )
        problems += [_on_sheet(p, candidate.sheet.name, order) for p in told] if several else told
    table = _joined_tables(tables, recognise, has_cells)
    first = tables[0].header_line
    near = max(first + 2, 0 if read[0].found.known >= FITTING else SCANNED_ROWS)
    head = tuple(enumerate(read[0].sheet.rows[:near], start=1))
    return ChosenRows(table, first, sheets, tuple(passed_over), tuple(problems), head)


def _picked(worksheets: Sequence[Worksheet], picked: Sequence[str]) -> list[Worksheet]:
    visible = [sheet for sheet in worksheets if sheet.visible]
    if not picked:
        return visible
    by_name = {fold(sheet.name): sheet for sheet in visible}
    for name in picked:
        if fold(name) not in by_name:
            names = ", ".join(f"“{tidy(sheet.name)}”" for sheet in visible)
            problem = Problem(ProblemKind.UNKNOWN_SHEET, value=name, expected={"sheets": names})
            raise Unreadable(problem)
    wanted = set(map(fold, picked))
    return [sheet for sheet in visible if fold(sheet.name) in wanted]


def _candidates(
    worksheets: Sequence[Worksheet], recognise: Recogniser, header_line: int | None
) -> list[_Candidate]:
    found = []
    for sheet in worksheets:
        tables = tables_of_sheet(sheet.rows, recognise, header_line)
        if header_line is not None and len(worksheets) > 1 and (not tables or not tables.known):
            # The line was said of another sheet.
            tables = tables_of_sheet(sheet.rows, recognise)
        if tables is not None:
            found.append(_Candidate(sheet, tables))
    return found


def _read_together(
    candidates: Sequence[_Candidate], best: _Candidate, recognise: Recogniser, picked: bool
) -> tuple[list[_Candidate], list[_Candidate]]:
    """The candidates that are read, and those that are left out as copies of one of them."""
    if best.found.known < FITTING:
        return [best], []
    read: list[_Candidate] = []
    copies: list[_Candidate] = []
    for candidate in candidates:
        fits = recognise.same_form(best.found.names, candidate.found.names)
        if candidate is not best and not fits and not (picked and candidate.found.known):
            continue
        is_copy = any(_same_rows(candidate.found, other.found) for other in read)
        (copies if is_copy and not picked else read).append(candidate)
    return read, copies


def _same_rows(one: SheetTables, other: SheetTables) -> bool:
    """Whether two sheets say the same; a copy that was forgotten would double every row."""
    if [len(t.rows) for t in one.tables] != [len(t.rows) for t in other.tables]:
        return False
    return any(len(t.rows) for t in one.tables) and all(
        mine.header == theirs.header and list(mine.rows) == list(theirs.rows)
        for mine, theirs in zip(one.tables, other.tables, strict=True)
    )


def _names(worksheets: Sequence[Worksheet], read: Sequence[str]) -> SheetNames:
    not_read = [
        sheet.name
        for sheet in worksheets
        if sheet.visible and sheet.name not in read and any(map(says_anything, sheet.rows))
    ]
    hidden = [sheet.name for sheet in worksheets if not sheet.visible]
    return SheetNames(tuple(read), tuple(not_read), tuple(hidden))


def _of_other_sheets(
    others: Sequence[_Candidate], copies: Sequence[_Candidate], sheets: SheetNames
) -> list[Problem]:
    """One problem for each reason why sheets were left out."""
    differing = [c.sheet.name for c in others if c.found.known >= FITTING and c not in copies]
    by_reason = {
        "sheet-differs": differing,
        "sheet-copy": [c.sheet.name for c in copies],
        "sheet-hidden": list(sheets.hidden),
    }
    return [
        Problem(
            ProblemKind.SHEETS_NOT_READ,
            value=_quoted(names),
            expected={"why": why, "read": _quoted(sheets.read)},
        )
        for why, names in by_reason.items()
        if names
    ]


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"“{tidy(name)}”" for name in names)


def _of_sheet(
    candidate: _Candidate, recognise: Recogniser, skip_hidden: bool
) -> tuple[list[SheetTable], list[Problem]]:
    """The tables of a sheet as they are read, and what is to be said of it."""
    sheet, found = candidate.sheet, candidate.found
    problems = [
        Problem(
            ProblemKind.TABLES_BELOW,
            other.line,
            None,
            ", ".join(text for cell in other.header if (text := tidy(cell))),
            {"why": "table-beside" if other.beside else "table-differs", "rows": other.rows},
        )
        for other in found.others
    ]
    tables = list(found.tables)
    hides = bool(sheet.hidden_lines)
    hidden = tuple(n for t in tables if hides for n in t.lines if n in sheet.hidden_lines)
    if hidden:
        why = "hidden-skipped" if skip_hidden else "hidden-read"
        expected = {"why": why, "lines": hidden}
        problems.append(Problem(ProblemKind.HIDDEN_ROWS, value=str(len(hidden)), expected=expected))
        if skip_hidden:
            tables = [_without_lines(table, sheet.hidden_lines) for table in tables]
    problems += [
        Problem(ProblemKind.HIDDEN_COLUMNS, table.header_line, tidy(cell))
        for table in tables[:1]
        for place, cell in enumerate(table.header)
        if place in sheet.hidden_columns and recognise.name(cell)
    ]
    return tables, problems


def _without_lines(table: SheetTable, lines: frozenset[int]) -> SheetTable:
    return kept_rows(table, [i for i, line in enumerate(table.lines) if line not in lines])


def _lined(table: SheetTable, sheet: str, order: int) -> SheetTable:
    return replace(
        table,
        header_line=SheetLine(table.header_line, sheet, order),
        lines=[SheetLine(line, sheet, order) for line in table.lines],
    )


def _on_sheet(problem: Problem, sheet: str, order: int) -> Problem:
    """A problem of one of several sheets, with the name of that sheet."""
    line = SheetLine(problem.line, sheet, order) if problem.line else None
    expected: Mapping[str, object] = problem.expected
    if "lines" in expected:
        named = tuple(SheetLine(n, sheet, order) for n in problem.expected["lines"])
        expected = {**expected, "lines": named}
    return replace(problem, line=line, expected=expected)


def _joined_tables(tables: Sequence[SheetTable], recognise: Recogniser, has_cells: bool) -> Joined:
    """The rows of tables of one form, one below the other; columns may stand in another order, and
    one that a table has alone comes last.

    has_cells: short rows are blank at their end, as in a workbook, and not cut off as in a text.
    """
    first = tables[0]
    header = list(first.header)
    header_lines = [first.header_line] * len(header)
    if len(tables) == 1:
        return Joined(first.header, tuple(header_lines), first.rows, first.lines, {})
    known = {key: place for place, key in enumerate(_column_keys(first.header, recognise))}
    places: list[list[int]] = []
    for table in tables:
        to = []
        for cell, key in zip(table.header, _column_keys(table.header, recognise), strict=True):
            if key not in known:
                known[key] = len(header)
                header.append(cell)
                header_lines.append(table.header_line)
            to.append(known[key])
        places.append(to)
    width = len(header)
    ends = tuple(accumulate(len(table.rows) for table in tables[:-1]))
    rows: list[Row] = []
    lines: list[int] = []
    lacks: dict[int, frozenset[int]] = {}
    if len({table.header for table in tables}) == 1 and all(
        isinstance(table.rows, ColumnRows) for table in tables
    ):
        whole = ColumnRows.joined([t.rows for t in tables if isinstance(t.rows, ColumnRows)])
        lines = [line for table in tables for line in table.lines]
        return Joined(tuple(header), tuple(header_lines), whole, lines, lacks, ends)
    for table, to in zip(tables, places, strict=True):
        lacking = frozenset(range(width)) - frozenset(to)
        if to == list(range(width)):
            rows.extend(table.rows)
        else:
            rows.extend(_moved(row, to, width, has_cells) for row in table.rows)
        lines.extend(table.lines)
        if lacking:
            lacks |= dict.fromkeys(table.lines, lacking)
    return Joined(tuple(header), tuple(header_lines), rows, lines, lacks, ends)


def _column_keys(header: Sequence[str], recognise: Recogniser) -> list[tuple[str, int]]:
    """What each column is: what it names, else its words; of equal ones the how many-th it is."""
    times: dict[str, int] = {}
    keys = []
    for place, cell in enumerate(header):
        word = fold(cell)
        what = recognise.name(cell) or (f"={word}" if word else f"({place})")
        times[what] = times.get(what, 0) + 1
        keys.append((what, times[what]))
    return keys


def _moved(row: Row, to: Sequence[int], width: int, has_cells: bool) -> list[str]:
    """A row under the common header. What stands beyond its own header stays beyond the common one,
    and a row of a text that was cut off stays short, so that both are seen."""
    cells = [""] * width
    for place, cell in zip(to, row, strict=False):
        cells[place] = cell
    if len(row) > len(to):
        return [*cells, *row[len(to) :]]
    if len(row) < len(to) and not has_cells:
        return cells[: max((to[place] for place in range(len(row))), default=-1) + 1]
    return cells
