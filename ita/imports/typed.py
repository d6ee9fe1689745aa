"""What people type on a page, as a file: it goes the way of every other file, and is kept as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ita.imports.cells import tidy
from ita.imports.datasets import Dataset, columns_of
from ita.imports.draft import ImportRequest
from ita.imports.problems import Problem
from ita.reference import Reference
from ita.tables import CellValue, csv_bytes

_HEADER_LINES = 1


def typed_request(
    kind: Dataset,
    agency: str,
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
