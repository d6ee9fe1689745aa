"""A file while it is being checked: what was asked, the typed cells so far, and the problems found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ita.domain import FiscalYear, Scale
from ita.imports.cells import tidy
from ita.imports.columns import Cells, CodedColumn
from ita.imports.datasets import Column, Dataset, columns_of
from ita.imports.header import HeaderRow
from ita.imports.problems import Problem, ProblemKind
from ita.imports.readers.sheets import AUTO, Dialect, Sheet
from ita.reference import Reference
from ita.store.originals import OriginalFile
from ita.tables import CellValue, csv_bytes


@dataclass(frozen=True)
class ImportRequest:
    """What is to be read, and how. agency: id or name for files that don't name theirs.

    scale: of scores and percents, None = worked out for the whole file. mapping: headers that a
    person has said the meaning of, as (header, column name); "" = pass it over. reading: how the
    file is read, as far as a person has said it. blank_erases: a blank text of the narrative takes
    the stored one out; in a file it is a mistake. keep_rows: whether rows that look like totals,
    signatures or notes are data. agency_mapping: texts that a person has said the agency of, as
    (text, its id); of a list of agencies the text is an id, or a row's `rules_of_agencies.row_text`,
    and the same id again means that it is right as it stands. year: of every row of a file that has no
    such column; the file's own wins. source: of scores, for the rows that name none. sheet: what was
    read of it before, or why it can't be read; None = it is still to be read. original: the document
    that it was read from, to be kept with the batch.
    """

    kind: Dataset
    content: bytes
    file_name: str
    agency: str | None = None
    scale: Scale | None = None
    mapping: tuple[tuple[str, str], ...] = ()
    dialect: Dialect = AUTO
    blank_erases: bool = False
    keep_rows: bool = False
    agency_mapping: tuple[tuple[str, str], ...] = ()
    year: FiscalYear | None = None
    source: str = ""
    sheet: Sheet | Problem | None = field(default=None, compare=False, repr=False)
    original: OriginalFile | None = field(default=None, compare=False, repr=False)


@dataclass
class Validation:
    """A file while it is checked. Cells are typed values or None; `problems` collects.
    lines: of the rows, as a spreadsheet shows them; texts: of the cells, as they were read;
    cells: what they mean, column by column.

    A rule reports through `report`, which knows the line and the header of a cell. most_problems: that
    are listed of one kind in one column; omits: whether there are more.
    """

    kind: Dataset
    columns: Mapping[str, Column]
    header: HeaderRow
    lines: list[int]
    texts: Mapping[str, Cells]
    cells: dict[str, Cells]
    problems: list[Problem]
    reference: Reference
    most_problems: int
    omits: bool = False
    matched_agencies: dict[str, str] = field(default_factory=dict)
    """Texts of the file that name an agency otherwise than its id or whole name → its id."""

    _listed: Counter[tuple[ProblemKind, str | None]] = field(default_factory=Counter)

    def has(self, *names: str) -> bool:
        return all(name in self.cells for name in names)

    def values(self, name: str) -> list[Any]:
        """A column's cells, row by row: typed values, None where missing."""
        return list(self.cells[name])

    def coded(self, name: str) -> CodedColumn:
        """A column's cells by their distinct contents, for rules that ask each content once."""
        cells = self.cells[name]
        return CodedColumn.of(cells)

    def set_values(self, name: str, values: Sequence[Any]) -> None:
        self.cells[name] = values if isinstance(values, CodedColumn) else list(values)

    def add_problem(
        self, kind: ProblemKind, row: int, column: str | None = None, **expected: Any
    ) -> None:
        """A problem in a row (by position), in a column or the row as a whole."""
        if not self._has_room(kind, column):
            return
        value = self.texts[column][row] if column and column in self.texts else None
        self.add_problem_of_value(kind, row, column, value, **expected)

    def add_problem_of_value(
        self, kind: ProblemKind, row: int, column: str | None, value: str | None, **expected: Any
    ) -> None:
        if not self._has_room(kind, column):
            return
        self._listed[kind, column] += 1
        self.problems.append(
            Problem(
                kind,
                self.lines[row],
                self.header.labels.get(column or ""),
                value or None,
                expected,
            )
        )

    def _has_room(self, kind: ProblemKind, column: str | None) -> bool:
        """Whether one more of a kind in a column is listed; notes that one is left out."""
        has_room = self._listed[kind, column] < self.most_problems
        self.omits |= not has_room
        return has_room


# What people type on a page, as a file: it goes the way of every other file, and is kept as one.

_HEADER_LINES = 1


def typed_request(
    kind: Dataset,
    agency: str | None,
    records: Sequence[Mapping[str, CellValue]],
    file_name: str,
    reference: Reference,
    blank_erases: bool = False,
) -> ImportRequest:
    """Records by the aliases of columns as a CSV file; columns that none of them has stay out."""
    named = {name for record in records for name in record}
    columns = [column for column in columns_of(kind, reference) if column.name in named]
    rows = [[_tidied(record.get(column.name)) for column in columns] for record in records]
    content = csv_bytes([column.thai for column in columns], rows)
    return ImportRequest(kind, content, file_name, agency, blank_erases=blank_erases)


def _tidied(value: CellValue) -> CellValue:
    """As it would be read anyway: some signs that can be typed can't stand in a file at all."""
    return tidy(value) if isinstance(value, str) else value


def record_of(problem: Problem) -> int | None:
    """Which of the records a problem is about, from 0; None for the file as a whole."""
    return None if problem.line is None else problem.line - _HEADER_LINES - 1
