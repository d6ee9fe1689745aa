"""Quarters as offices write them: 3, ไตรมาสที่ ๑ (ต.ค.–ธ.ค. 2567), Q1/2568, ม.ค. - มี.ค. 68."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from ita.imports.cells import MONTH_OF, THAI_DIGITS, CellError, fiscal_year, tidy
from ita.imports.problems import ProblemKind

_MONTHS_OF = {1: (10, 11, 12), 2: (1, 2, 3), 3: (4, 5, 6), 4: (7, 8, 9)}
_QUARTER_OF = {month: number for number, months in _MONTHS_OF.items() for month in months}

_TOKEN = re.compile(
    r"(?P<quarter>ไตรมา[สศ](?:ที่)?|quarter|qtr|q(?=\s*[1-4]))"
    rf"|(?P<month>{'|'.join(sorted(MONTH_OF, key=len, reverse=True))})"
    r"|(?P<number>[0-9]+)"
    r"|(?P<range>ถึง|to|[-–—−~])"
    r"|(?P<mark>[/,:;|_])"
    r"|(?P<bracket>[()\[\]])"
    r"|(?P<between>ประจำ|ปีงบประมาณ|ปีงบ|งบประมาณ|fiscal year|fy|ปี|พศ|คศ|ของ|เดือน|และ|\s)",
)


_NUMBER_WORDS = {"แรก": 1, "หนึ่ง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "สุดท้าย": 4}
_NUMBER_WORD = re.compile(
    rf"(ไตรมา[สศ](?:ที่)?\s*)({'|'.join(_NUMBER_WORDS)})|(?<![0-9])([1-4])(?:st|nd|rd|th)\b"
)


def _in_figures(text: str) -> str:
    """ไตรมาสแรก and 1st quarter with the number as a figure."""
    return _NUMBER_WORD.sub(lambda word: word[3] or f"{word[1]}{_NUMBER_WORDS[word[2]]}", text)


@dataclass(frozen=True)
class WrittenQuarter:
    """fiscal_year: as B.E., where the text names one."""

    number: int
    fiscal_year: int | None = None


def quarter(text: str) -> int:
    """The number of a quarter of the fiscal year; see `written_quarter`."""
    return written_quarter(text).number


def quarter_year(text: str) -> int | None:
    """The fiscal year that a quarter's text names; None where it names none or is no quarter."""
    try:
        return written_quarter(text).fiscal_year
    except CellError:
        return None


@lru_cache(maxsize=4096)
def written_quarter(text: str) -> WrittenQuarter:
    """A quarter by its number, its months, or both.

    A year beside the number is a fiscal year; one beside a month is of the calendar, so October to
    December 2567 is quarter 1 of FY2568.

    Raises:
        CellError: no quarter, or its number, months and years contradict each other.
    """
    plain = re.sub(r"(?<![0-9])([1-4])\.0+(?![0-9])", r"\1", tidy(text).translate(THAI_DIGITS))
    numbers, months, years = _parts(_tokens(_in_figures(plain.casefold().replace(".", ""))))
    of_months = _quarter_of([month for month, _ in months])
    if len(numbers) > 1 or not (numbers or months):
        raise _misread("quarter-form")
    number = numbers[0] if numbers else of_months
    if number is None or (months and number != of_months):
        raise _misread("quarter-months")
    fiscal = {_year(year) for year in years}
    fiscal |= {_year(year) + (number == 1) for _, year in months if year is not None}
    if len(fiscal) > 1:
        raise _misread("quarter-years")
    return WrittenQuarter(number, fiscal.pop() if fiscal else None)


def _misread(why: str) -> CellError:
    return CellError(ProblemKind.UNKNOWN_QUARTER, why=why)


def _year(text: str) -> int:
    try:
        return fiscal_year(text)
    except CellError:
        raise _misread("quarter-form") from None


def _tokens(text: str) -> list[tuple[str, str]]:
    """Its words as (what it is, text), without those that only stand between.

    Raises:
        CellError: it holds anything else.
    """
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise _misread("quarter-form")
        if token.lastgroup != "between":
            found.append((str(token.lastgroup), token[0]))
        at = token.end()
    return found


Months = list[tuple[int, str | None]]
"""Months of the calendar, each with its year where one stands beside it."""


def _parts(tokens: list[tuple[str, str]]) -> tuple[list[int], Months, list[str]]:
    """Numbers of quarters, months with their years, and fiscal years."""
    numbers: list[int] = []
    months: Months = []
    years: list[str] = []
    kinds_before = accumulate(
        (what for what, _ in tokens),
        lambda before, what: before if what == "mark" else what,
        initial="",
    )  # of what stands before each token, commas and strokes aside
    for place, ((what, text), before) in enumerate(zip(tokens, kinds_before, strict=False)):
        after = tokens[place + 1][0] if place + 1 < len(tokens) else ""
        if what == "month":
            months.append((MONTH_OF[text], None))
        if what == "range" and not place:
            raise _misread("quarter-form")
        if what != "number":
            continue
        if after == "month" and before != "quarter" and len(text) <= 2 and int(text) <= 31:
            continue  # a day of the month
        if before == "month" and len(text) in (2, 4):
            months[-1] = (months[-1][0], text)
        elif before == "range" and len(text) != 4:
            raise _misread("quarter-form")  # 1-4 is no quarter, 1-2568 is one
        elif len(text) == 1 and text in "1234":
            numbers.append(int(text))
        else:
            years.append(text)
    return numbers, months, years


def _quarter_of(months: list[int]) -> int | None:
    """The quarter from its first month to its last; None for other months."""
    if not months:
        return None
    whole = _MONTHS_OF[_QUARTER_OF[months[0]]]
    return _QUARTER_OF[months[0]] if tuple(months) in (whole, (whole[0], whole[2])) else None
