"""The header row: which cell is which column, and everything wrong with it at once."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from ita.imports.cells import THAI_DIGITS, CellError, fiscal_year, fold, tidy
from ita.imports.datasets import AGENCY, KEYS, PROVINCE_NAMES, SHOWN_ONLY, YEAR, Column, Dataset
from ita.imports.header_names import Recogniser, guesses, names_in_header
from ita.imports.problems import Problem, ProblemKind
from ita.imports.readers.broken_text import damage
from ita.imports.readers.sheets import Sheet


@dataclass(frozen=True)
class HeaderRow:
    """places: column name → position in the file; labels: column name → its header as it stands.
    province: the position of a column of provinces beside the agencies' names; None where there is none."""

    places: dict[str, int]
    labels: dict[str, str]
    problems: tuple[Problem, ...]
    province: int | None = None


HeaderMapping = Sequence[tuple[str, str]]
"""Headers that a person has said the meaning of: (header, column name, "" = pass it over)."""


MAX_GUESSES = 3

_ALL_KEYS = frozenset(name for key in KEYS.values() for name in key)


def recogniser(columns: Sequence[Column], mapping: HeaderMapping = ()) -> Recogniser:
    """What tells which columns of a kind a row names."""
    known = _exact_names(columns) | {fold(header): name for header, name in mapping if name}
    required = frozenset(column.name for column in columns if column.required)
    return Recogniser(known, required, _ALL_KEYS, _likely_names(columns))


def _exact_names(columns: Sequence[Column]) -> dict[str, str]:
    """Folded header → column; of two columns that answer to it, the first."""
    return {header: column.name for column in reversed(columns) for header in column.headers}


def _likely_names(columns: Sequence[Column]) -> dict[str, str]:
    """The same of headers that hold where no other column of the file has that meaning."""
    return {header: column.name for column in reversed(columns) for header in column.likely_headers}


def read_header(
    kind: Dataset,
    columns: Sequence[Column],
    cells: Sequence[str],
    line: int,
    agency_needed: bool,
    empty_beyond: frozenset[int],
    mapping: HeaderMapping = (),
    lines: Sequence[int] = (),
) -> HeaderRow:
    """Map a header row to the columns of a kind.

    agency_needed: whether the file must name its agency. empty_beyond: positions of columns in
    which no row has anything; without a header they count as not there. lines: where each cell
    stands, if not all at `line`.
    """
    known = _exact_names(columns) | {fold(header): name for header, name in mapping}
    known = dict.fromkeys((fold(name) for name in SHOWN_ONLY.get(kind, ())), "") | known
    found = names_in_header(cells, known, _likely_names(columns))
    places: dict[str, int] = {}
    labels: dict[str, str] = {}
    problems: list[Problem] = []
    province = _province_position(kind, cells, found)
    for position, cell in enumerate(cells):
        if position == province:
            continue
        label = tidy(cell)
        here = lines[position] if lines else line
        name = found[position]
        if name == "":
            continue
        if name is None:
            if broken := damage(cell):
                expected = {"why": broken.why, "repaired": broken.repaired}
                problems.append(Problem(ProblemKind.BROKEN_TEXT, line, label, label, expected))
            elif label or position not in empty_beyond:
                problems.append(
                    Problem(ProblemKind.UNKNOWN_COLUMN, here, label or f"({position + 1})")
                )
        elif name in places:
            problems.append(Problem(ProblemKind.DUPLICATE_COLUMN, here, label))
        else:
            places[name] = position
            labels[name] = label
    for column in columns:
        needed = column.required or (column.name == "agency" and agency_needed)
        if needed and column.name not in places:
            problems.append(_missing(line, column.thai, column.name))
    figures = [column for column in columns if column.part]
    if kind is Dataset.SCORES and not any(column.name in places for column in figures):
        problems.append(_missing(line, "คะแนนรวม, IIT, EIT, OIT", "total, iit, eit, oit"))
    return HeaderRow(places, labels, _with_guesses(problems, columns, places), province)


def _province_position(
    kind: Dataset, cells: Sequence[str], names: Sequence[str | None]
) -> int | None:
    """Where a file that names its agencies has a column of their provinces, which no kind but the list
    of agencies keeps."""
    if kind is Dataset.AGENCIES or AGENCY.name not in names:
        return None
    known = {fold(name) for name in PROVINCE_NAMES}
    free = (at for at, cell in enumerate(cells) if names[at] is None and fold(cell) in known)
    return next(free, None)


def _with_guesses(
    problems: Sequence[Problem], columns: Sequence[Column], places: Container[str]
) -> tuple[Problem, ...]:
    """What unknown headers may be, and by which of them a missing column may be called."""
    left = [column for column in columns if column.name not in places]
    thai = {column.name: column.thai for column in left}
    of_header = {
        p.column: [guess.column for guess in guesses(p.column, left)][:MAX_GUESSES]
        for p in problems
        if p.kind is ProblemKind.UNKNOWN_COLUMN and p.column and left
    }
    of_column: dict[str, list[str]] = {}
    for label, names in of_header.items():
        for name in names:
            of_column.setdefault(name, []).append(label)
    said: list[Problem] = []
    for problem in problems:
        likely: list[str] = []
        if problem.kind is ProblemKind.UNKNOWN_COLUMN:
            likely = [thai[name] for name in of_header.get(problem.column or "", [])]
        elif problem.kind is ProblemKind.MISSING_COLUMN:
            likely = of_column.get(problem.expected["names"], [])
        expected = {**problem.expected, "headers": tuple(likely)} if likely else problem.expected
        said.append(replace(problem, expected=expected))
    return tuple(said)


def lacks_year(problem: Problem) -> bool:
    """Whether a problem is that the file has no column of fiscal years."""
    missing = problem.kind is ProblemKind.MISSING_COLUMN
    return missing and problem.expected.get("names") == YEAR.name


_YEAR_IN_TITLE = re.compile(
    r"(?:ปีงบประมาณ|ปีงบ|ประจำปี|ปี)\s*+(?:พ\s*+\.?\s*+ศ\s*+\.?\s*+)?+([0-9]{4}|[0-9]{2})(?![0-9])"
)


def years_in_titles(sheet: Sheet) -> tuple[int, ...]:
    """The fiscal years (B.E.) that rows above the header name, each once; offered, never taken unseen."""
    texts = [cell for line, row in sheet.first_rows if line < sheet.header_line for cell in row]
    found = [mark[1] for text in texts for mark in _YEAR_IN_TITLE.finditer(_plain(text))]
    years: list[int] = []
    for text in found:
        with suppress(CellError):
            years.append(fiscal_year(text))
    return tuple(dict.fromkeys(years))


def _plain(text: str) -> str:
    return tidy(text).translate(THAI_DIGITS)


def with_years_of_titles(problems: Sequence[Problem], sheet: Sheet) -> list[Problem]:
    """Problems of a header; that there is no column of years names those of the titles."""
    years = tuple(map(str, years_in_titles(sheet)))
    return [
        replace(p, expected={**p.expected, "headers": (*years, *p.headers)})
        if years and lacks_year(p)
        else p
        for p in problems
    ]


def _missing(line: int, thai: str, names: str) -> Problem:
    expected = {"names": names} | ({"why": "say-year"} if names == YEAR.name else {})
    return Problem(ProblemKind.MISSING_COLUMN, line, None, thai, expected)
