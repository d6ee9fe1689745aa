"""Days as offices write them: 21 เม.ย. 2569, ๒๔ มิถุนายน ๒๕๖๗, 24/6/67, 2024-06-24."""

from __future__ import annotations

import re
from datetime import date

from ita.domain import FiscalYear
from ita.imports.cells import THAI_DIGITS, CellError, fiscal_year
from ita.imports.problems import ProblemKind

_MONTHS = (
    ("มกราคม", "มกรา", "มค", "january", "jan"),
    ("กุมภาพันธ์", "กุมภา", "กพ", "february", "feb"),
    ("มีนาคม", "มีนา", "มีค", "march", "mar"),
    ("เมษายน", "เมษา", "เมย", "april", "apr"),
    ("พฤษภาคม", "พฤษภา", "พค", "may"),
    ("มิถุนายน", "มิถุนา", "มิย", "june", "jun"),
    ("กรกฎาคม", "กรกฎา", "กค", "july", "jul"),
    ("สิงหาคม", "สิงหา", "สค", "august", "aug"),
    ("กันยายน", "กันยา", "กย", "september", "sept", "sep"),
    ("ตุลาคม", "ตุลา", "ตค", "october", "oct"),
    ("พฤศจิกายน", "พฤศจิกา", "พย", "november", "nov"),
    ("ธันวาคม", "ธันวา", "ธค", "december", "dec"),
)
MONTH_OF = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}

_BEFORE = re.compile(r"^(?:วัน(?:จันทร์|อังคาร|พุธ|พฤหัส(?:บดี)?|ศุกร์|เสาร์|อาทิตย์)?ที่)")
_TIME = re.compile(r"[ tT]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_ERA = re.compile(r"พ\.?ศ\.?|ค\.?ศ\.?|เดือน|ปี")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2}|\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_WITH_NAME = re.compile(r"(\d{1,2})[-/]?([a-zA-Z\u0e01-\u0e4e]+)[-/,]?(\d{2}|\d{4})")


def day(text: str) -> str:
    """A day as ISO text (C.E.), as the store keeps it.

    Day before month, as in Thailand; years as `fiscal_year` takes them: B.E., its last two digits,
    or C.E. Spreadsheets put a time behind a day; it is left out.
    """
    plain = _TIME.sub("", text.translate(THAI_DIGITS).strip())
    bare = _ERA.sub("", _BEFORE.sub("", re.sub(r"\s+", "", plain)))
    if found := _DAY_FIRST.fullmatch(bare):
        return _iso(found[3], int(found[2]), int(found[1]))
    if found := _YEAR_FIRST.fullmatch(bare):
        return _iso(found[1], int(found[2]), int(found[3]))
    if found := _WITH_NAME.fullmatch(_without_dots(bare)):
        month = month_of(found[2])
        if month is not None:
            return _iso(found[3], month, int(found[1]))
    raise CellError(ProblemKind.NOT_A_DATE, why="date-form")


def month_of(name: str) -> int | None:
    """The number of a month by its Thai or English name or short name, 1–12."""
    return MONTH_OF.get(_without_dots(name).casefold().replace("ฏ", "ฎ"))


def _without_dots(text: str) -> str:
    return text.replace(".", "")


def _iso(year: str, month: int, number: int) -> str:
    try:
        found = FiscalYear(fiscal_year(year))  # of the calendar here, counted the same way
    except CellError:
        raise CellError(ProblemKind.NOT_A_DATE, why="date-years") from None
    try:
        return date(found.ce, month, number).isoformat()
    except ValueError:
        raise CellError(ProblemKind.NOT_A_DATE, why="date-impossible") from None
