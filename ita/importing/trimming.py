"""Rows of a sheet that hold no record: totals below the table, and rows of another width."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ita.importing.cells import Misread, fold, is_missing, tidy
from ita.importing.delimited import ColumnRows
from ita.importing.kinds import TELLING, YEAR, Column, Kind
from ita.importing.problems import Problem, ProblemKind
from ita.importing.reading import Sheet
from ita.importing.values import Row, filled_width

_TOTAL_WORDS = re.compile(
    r"^(?:รวม(?:ทั้งหมด|ทั้งสิ้น|คะแนน)?|(?:ค่า|คะแนน)?เฉลี่ย(?:รวม|ทั้งหมด)?|grand total|total|average|sum|mean)"
    r"\s*[:.]?(?:\s*\d.*)?$",
    re.IGNORECASE,
)


def without_totals(sheet: Sheet, kind: Kind) -> tuple[Sequence[Row], list[int]]:
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


def without_ragged(
    sheet: Sheet, rows: Sequence[Row], lines: list[int]
) -> tuple[Sequence[Row], list[int], list[Problem]]:
    """Rows as wide as the header; the others are problems. Formats with cells have blanks, or lack
    them, beyond what is filled; in a text one separator more, even at the end, means that every value
    before it may stand one column off (88,12 for 88.12).
    """
    if isinstance(rows, ColumnRows):
        return rows, lines, []  # all as wide as the header, or they could not be kept by column
    width = len(sheet.header)
    least = filled_width(sheet.header)
    has_cells = sheet.encoding in ("xlsx", "parquet")
    kept: list[Row] = []
    kept_lines: list[int] = []
    problems: list[Problem] = []
    for row, line in zip(rows, lines, strict=True):
        too_long = (filled_width(row) if has_cells else len(row)) > width
        if too_long or (len(row) < least and not has_cells):
            value = str(len(row))
            problems.append(Problem(ProblemKind.RAGGED_ROW, line, None, value, {"columns": width}))
            continue
        kept.append([*row[:width], *[""] * (width - len(row))])
        kept_lines.append(line)
    return kept, kept_lines, problems
