"""Forms that write quarters or months beside each other, as columns; named, not read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ita.imports.cells import fold, tidy
from ita.imports.dates import MONTH_OF
from ita.imports.problems import Problem, ProblemKind
from ita.imports.values import Row

_QUARTER = re.compile(r"(?:ไตรมาสที่|ไตรมาส|ไตรมาศที่|ไตรมาศ|quarter|qtr|q)\.?([1-4])(?!\d)")
_WORDS = re.compile("[a-z\u0e01-\u0e4e.]+")
MIN_QUARTERS = 2
MIN_MONTHS = 3
MAX_HEADER_LENGTH = 60


def wide_form(rows: Sequence[tuple[int, Row]]) -> Problem | None:
    """The problem of rows at a header that name several quarters or months; None where they don't.

    rows: the header and those next to it, each with its line.
    """
    for line, row in rows:
        for period, fewest in ((_quarter, MIN_QUARTERS), (_month, MIN_MONTHS)):
            named = {number: tidy(cell) for cell in row if (number := period(cell))}
            if len(named) >= fewest:
                shown = ", ".join(" ".join(text.split()) for text in named.values())
                return Problem(ProblemKind.WIDE_FORM, line, None, shown)
    return None


def _quarter(cell: str) -> int | None:
    """The one quarter that a cell names: ไตรมาส 1, Q1/2568, ร้อยละ ไตรมาส 1 (ต.ค.-ธ.ค.)."""
    if len(cell) > MAX_HEADER_LENGTH:
        return None
    found = set(_QUARTER.findall(fold(cell)))
    return int(found.pop()) if len(found) == 1 else None


def _month(cell: str) -> int | None:
    """The one month that a cell names: ต.ค., ตุลาคม 2567, ต.ค. 67."""
    if len(cell) > MAX_HEADER_LENGTH:
        return None
    words = (word.replace(".", "") for word in _WORDS.findall(fold(cell)))
    found = {MONTH_OF[word] for word in words if word in MONTH_OF}
    return found.pop() if len(found) == 1 else None
