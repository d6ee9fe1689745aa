"""One cell's text as a value: digits, dashes, years, days, instruments as offices write them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from ita.domain import BUDDHIST_ERA_OFFSET, TOTAL, FiscalYear, Instrument
from ita.imports.problems import ProblemKind
from ita.tables import unescape_formula

THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_UNSEEN = "\u200b\u200c\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
_BLANK = "\u00a0\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
_SPACES = re.compile(f"[{_BLANK}]")
_SPLIT_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\u2028\u2029]")
_DIRTY = re.compile(f"[{_UNSEEN}{_BLANK}\r\u2028\u2029]|\u0e4d[\u0e48-\u0e4b]?\u0e32|\u0e40\u0e40")
MAX_BLANK_RUN = 8
"""Blanks, line breaks and characters without width that may stay in a row within a text: an indent or
an empty line. People hardly type more; programs pad with thousands, over which no text is legible."""
_NO_WIDTH = r"\u034f\u180e\u200d\u2061-\u2065\ufe00-\ufe0f"
_FILLERS = r"\u115f\u1160\u2800\u3164\uffa0"
"""Letters that are drawn as a blank."""
_SEPARATOR = rf"[\s{_UNSEEN}{_NO_WIDTH}{_FILLERS}]"
_LONG_RUN = re.compile(rf"{_SEPARATOR}{_SEPARATOR}{{{MAX_BLANK_RUN},}}+")
MISSING_WORDS = frozenset({"", "-", "–", "—", "ไม่มี", "ไม่มีข้อมูล", "n/a", "na", "null", "none"})
MISSING_IDS = MISSING_WORDS - {"na"}
"""The same of ids and names, where NA may be an agency's own."""
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
"""How a CSV keeps a spreadsheet from making a number of a text: ="0041"."""


class CellError(Exception):
    """A cell can't be read; carries the kind of problem and what was expected. Never leaves here
    and `checking`, which turns it into a `Problem` with its place."""

    def __init__(self, kind: ProblemKind, **expected: Any) -> None:
        self.kind = kind
        self.expected = expected
        super().__init__(kind)


def tidy(text: str) -> str:
    """Text as it should have been typed: no invisible characters, one form of สระอำ and สระแอ.

    Words, spelling and line breaks stay as they are; of a run of blanks or line breaks that is longer
    than MAX_BLANK_RUN one blank stays, or an empty line.
    """
    if len(text) <= MAX_BLANK_RUN and text.isascii() and text.isprintable():
        return text.strip()  # most cells of a large file are figures and codes
    dirty = _DIRTY.search(text)
    if dirty:
        text = _LINE_ENDS.sub("\n", text)
    text = _LONG_RUN.sub(_short_run, text)
    if dirty:
        text = _SPACES.sub(" ", _INVISIBLE.sub("", text))
        text = _SPLIT_AM.sub("\\1\u0e33", text)
        text = text.replace("\u0e40\u0e40", "\u0e41")
    return text.strip()


def _short_run(run: re.Match[str]) -> str:
    breaks = run[0].count("\n")
    if breaks:
        return "\n" * min(breaks, 2)
    return " " if _BLANK_CHARACTER.search(run[0]) else ""


_BLANK_CHARACTER = re.compile(rf"[^\S\x0b-\x1f]|[{_FILLERS}]")


def has_long_blank_run(text: str) -> bool:
    """Whether `tidy` makes a run of blanks within a text shorter. Those around it are only padding."""
    text = _LINE_ENDS.sub("\n", text)
    runs = _LONG_RUN.finditer(text)
    return any(run.start() > 0 and run.end() < len(text) for run in runs)


def cell_text(text: str) -> str:
    """A cell as it was meant: tidy, and without the apostrophe that keeps it from being a formula."""
    text = tidy(text)
    if text[:1] == "'":
        text = tidy(unescape_formula(text))
    if text[:2] == '="' and (formula := _TEXT_FORMULA.fullmatch(text)):
        return tidy(formula[1].replace('""', '"'))
    return text


def is_missing(text: str, words: frozenset[str] = MISSING_WORDS) -> bool:
    return text.casefold() in words


def listed(text: str) -> str:
    """A JSON list, as JSON and Parquet files may have one in a cell, as its items one a line; any
    other text as it is."""
    if text[:1] != "[":
        return text
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):  # the latter of thousands of brackets, one in the other
        return text
    if not all(isinstance(item, str | int) for item in items):
        return text
    return "\n".join(str(item) for item in items)


_THAI_DIGIT = re.compile("[๐-๙]")


def arabic_digits(text: str) -> str:
    """Text with Arabic digits for Thai ones. Few texts have any, and to look is quicker than to
    translate every letter of Thai."""
    return text.translate(THAI_DIGITS) if _THAI_DIGIT.search(text) else text


def fold(text: str) -> str:
    """A form in which headers and names are compared: no spaces, no joiners, no case, Arabic digits."""
    whole = tidy(text)
    joined = "".join(whole.split()).replace("\u200d", "")
    if joined != whole:
        # Once more, for what stood apart: เ and เ with a blank between them are แ as well.
        joined = tidy(joined)
    return arabic_digits(joined.casefold())


_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?")


def number(text: str, example: str = "85.50") -> Decimal:
    """A number as offices write it: ๘๕.๕, 85 %, 1,234. Thousands commas only where they belong.
    example: what the column would take, for whoever is told that this is no number."""
    plain = arabic_digits(text).replace("−", "-").removesuffix("%").strip()
    plain = plain.removeprefix("ร้อยละ").strip()
    if not plain or not _NUMBER.fullmatch(plain):
        raise CellError(ProblemKind.NOT_A_NUMBER, example=example)
    try:
        return Decimal(plain.replace(",", ""))
    except InvalidOperation:
        raise CellError(ProblemKind.NOT_A_NUMBER, example=example) from None


_MILLIONTH = Decimal("0.000001")


def number_between(low: int, high: int) -> Callable[[str], Decimal]:
    """A reader of numbers within bounds, both included, to the six places that the store keeps."""

    def read(text: str) -> Decimal:
        value = number(text)
        if not low <= value <= high:
            raise CellError(ProblemKind.OUT_OF_RANGE, low=low, high=high)
        return value.quantize(_MILLIONTH)

    return read


score_number = number_between(0, 100)
percent = number_between(0, 100)

MAX_RESPONDENTS = 9_999_999


def respondents(text: str) -> int:
    """How many people answered: 85, ๘๕, 1,234, 1,234 คน. Nobody is no count, but a missing one."""
    value = number(text.removesuffix("คน").strip())
    if value != value.to_integral_value() or not 1 <= value <= MAX_RESPONDENTS:
        raise CellError(ProblemKind.OUT_OF_RANGE, low=1, high=MAX_RESPONDENTS)
    return int(value)


MAX_SEQ = 9_999


def seq(text: str) -> int:
    """A running number: 3, ๓, 3., ข้อ 3, ลำดับที่ 3."""
    plain = re.sub(r"^(ข้อที่|ข้อ|ลำดับที่|ลำดับ|มาตรการที่)\s*", "", text.translate(THAI_DIGITS))
    value = _whole(plain.strip().removesuffix("."), example="3")
    if not 1 <= value <= MAX_SEQ:
        raise CellError(ProblemKind.OUT_OF_RANGE, low=1, high=MAX_SEQ)
    return value


def _whole(text: str, example: str) -> int:
    value = number(text, example)
    if value != value.to_integral_value():
        raise CellError(ProblemKind.NOT_A_NUMBER, example=example)
    return int(value)


_YEAR_WORDS = re.compile(
    r"^(?:ปีงบประมาณ|ปีงบ|ปี)?\s*+(?:พ\.?\s*+ศ\.?|ค\.?\s*+ศ\.?)?\s*+", re.IGNORECASE
)
_YEAR = re.compile(r"(\d{2}|\d{4})(?:\.0+)?")


def fiscal_year(text: str) -> int:
    """A year as B.E. (2567), two-digit B.E. (67) or C.E. (2024); always given as B.E."""
    found = _YEAR.fullmatch(_YEAR_WORDS.sub("", text.translate(THAI_DIGITS).strip(), count=1))
    if not found:
        raise CellError(ProblemKind.UNKNOWN_YEAR, why="year-form")
    year = int(found[1])
    if 50 <= year <= 99:
        year += FiscalYear.FIRST
    elif year + BUDDHIST_ERA_OFFSET in range(FiscalYear.FIRST, FiscalYear.LAST + 1):
        year += BUDDHIST_ERA_OFFSET
    if not FiscalYear.FIRST <= year <= FiscalYear.LAST:
        raise CellError(ProblemKind.UNKNOWN_YEAR, why="year-form")
    return year


_ALL_PARTS = frozenset({"ทั้งหมด", "ทุกส่วน", "ทุกแบบวัด", "all"})
_TOTAL = frozenset({"คะแนนรวม", "รวม", "ภาพรวม", "ita", TOTAL})
_INDICATOR = re.compile(r"(?:ตัวชี้วัดที่|ตัวชี้วัด|indicator|ind)?0*([1-9]\d{0,2})(?:[.:]0*)?")

PART_LABELS: Mapping[str | None, str] = {TOTAL: "คะแนนรวม"}
"""Parts that are written otherwise than they are stored."""


def part(text: str) -> str | None:
    """A part of the assessment: คะแนนรวม, IIT, ตัวชี้วัดที่ 7, 7; None where all are said to be meant."""
    folded = fold(text)
    if folded in _ALL_PARTS:
        return None
    if folded in _TOTAL:
        return TOTAL
    if found := _INDICATOR.fullmatch(folded):
        return found[1]
    try:
        return instrument(text)
    except CellError:
        raise CellError(ProblemKind.UNKNOWN_PART) from None


_INSTRUMENT_WORDS = {
    "การรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน": Instrument.IIT,
    "การรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก": Instrument.EIT,
    "การเปิดเผยข้อมูลสาธารณะ": Instrument.OIT,
    "internalintegrity": Instrument.IIT,
    "externalintegrity": Instrument.EIT,
    "opendata": Instrument.OIT,
}
_CODE = re.compile(r"(?<![a-z])(iit|eit|oit)(?![a-z])", re.IGNORECASE)


def instrument(text: str) -> str:
    """An instrument by its code or its Thai or English name, alone or within "แบบวัด …"."""
    found: set[str] = {code.upper() for code in _CODE.findall(tidy(text))}
    folded = fold(text)
    found |= {code.value for words, code in _INSTRUMENT_WORDS.items() if words in folded}
    if len(found) != 1:
        raise CellError(ProblemKind.UNKNOWN_INSTRUMENT)
    return found.pop()


TYPES: Mapping[str, str] = {
    "สรุปผล": "result",
    "result": "result",
    "ผลลัพธ์": "outcome",
    "outcome": "outcome",
    "ระยะเวลา": "period",
    "period": "period",
}
TYPE_LABELS = {"result": "สรุปผล", "outcome": "ผลลัพธ์", "period": "ระยะเวลา"}


def narrative_type(text: str) -> str:
    try:
        return TYPES[fold(text)]
    except KeyError:
        raise CellError(ProblemKind.UNKNOWN_TYPE, why="narrative-type") from None


IN_THAI, IN_ARABIC = "ไทย", "อารบิก"
"""The digits that documents may be printed with."""
_DIGIT_WORDS = {
    **dict.fromkeys(("ไทย", "เลขไทย", "ตัวเลขไทย", "thai"), IN_THAI),
    **dict.fromkeys(("อารบิก", "อารบิค", "เลขอารบิก", "เลขอารบิค", "arabic"), IN_ARABIC),
}


def digits(text: str) -> str:
    """The digits that documents are printed with, in one spelling."""
    try:
        return _DIGIT_WORDS[fold(text)]
    except KeyError:
        raise CellError(ProblemKind.UNKNOWN_TYPE, why="digits") from None


_NUMBER_WORDS = re.compile(
    r"ข้อที่|ข้อ|ลำดับที่|ลำดับ|มาตรการที่|มาตรการ|ตัวชี้วัดที่|ตัวชี้วัด|indicators?|ind", re.IGNORECASE
)


def seqs(text: str) -> str:
    """Several running numbers, "1,3" or "ข้อ 1 และ ข้อ 3": sorted, each once."""
    numbers = _wholes(text)
    if any(not 1 <= number <= MAX_SEQ for number in numbers):
        raise CellError(ProblemKind.OUT_OF_RANGE, low=1, high=MAX_SEQ)
    return ",".join(map(str, numbers))


def _wholes(text: str) -> list[int]:
    pieces = re.split(r"[,;/\s]+|และ", _NUMBER_WORDS.sub(" ", text.translate(THAI_DIGITS)))
    numbers = {_whole(piece.removesuffix("."), example="1,3") for piece in pieces if piece}
    if not numbers:
        raise CellError(ProblemKind.NOT_A_NUMBER, example="1,3")
    return sorted(numbers)


_NAMED_INDICATOR = re.compile(r"((?:ตัวชี้วัดที่|ตัวชี้วัด)?\s*+\d++)[.:]?\s++[^\d,;/]++")

MAX_WRITTEN = 10**9
"""Python refuses to write numbers of thousands of digits out again."""


def indicators(text: str) -> str:
    """The indicators that a measure aims at: 8, ตัวชี้วัดที่ 8, 1,3, or one with its name behind."""
    named = _NAMED_INDICATOR.fullmatch(text.translate(THAI_DIGITS))
    numbers = _wholes(named[1] if named and "และ" not in text else text)
    if numbers[-1] > MAX_WRITTEN:
        raise CellError(ProblemKind.OUT_OF_RANGE, low=1, high=MAX_SEQ)
    # Which of them there are is the year's to say, and the rules of measures tell its range.
    return ",".join(map(str, numbers))


def divisions(text: str) -> str | None:
    """Divisions as they are written, one a line; None where only separators stand."""
    names = (name.strip() for name in re.split(r"[,;/\n]", text))
    return "\n".join(dict.fromkeys(name for name in names if name)) or None


NOT_CANCELLED = ""
"""What `cancellation` reads where a measure is said not to be cancelled; a blank cell says nothing."""
NOT_CANCELLED_WORD = "ไม่ยกเลิก"
_NOT_CANCELLED_WORDS = frozenset(
    {NOT_CANCELLED_WORD, "ไม่ได้ยกเลิก", "ยกเลิกการยกเลิก", "ดำเนินการต่อ", "ดำเนินการตามปกติ", "ไม่", "ไม่ใช่"}
    | {"notcancelled", "notcanceled", "active", "no", "0"}
)
_BARE_CANCELLED_WORDS = frozenset(
    {"ยกเลิก", "ยกเลิกแล้ว", "ยกเลิกมาตรการ", "ยกเลิกมาตรการนี้", "ถูกยกเลิก", "ขอยกเลิก", "ใช่", "จริง"}
    | {"cancelled", "canceled", "cancel", "yes", "y", "x", "true"}
)
_CANCELLED_PREFIX = re.compile(
    r"(?:ถูก|ขอ)?(?:ยกเลิก(?:แล้ว)?(?:มาตรการ)?(?:นี้)?|cancell?ed)\s*(?::|：|เพราะ|เนื่องจาก|because)\s*",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")


def cancellation(text: str) -> str:
    """Why a measure was cancelled, without "ยกเลิก:" before it; NOT_CANCELLED where it was not.

    A mark or the bare word gives no reason, and is refused.
    """
    if fold(text) in _NOT_CANCELLED_WORDS:
        return NOT_CANCELLED
    reason = _CANCELLED_PREFIX.sub("", text, count=1) if _CANCELLED_PREFIX.match(text) else text
    if fold(reason) in _BARE_CANCELLED_WORDS or not _LETTER.search(reason):
        raise CellError(ProblemKind.REQUIRED_VALUE, what="เหตุผลที่ยกเลิก")
    return reason


def plain(text: str) -> str:
    return text


# Days as offices write them: 21 เม.ย. 2569, ๒๔ มิถุนายน ๒๕๖๗, 24/6/67, 2024-06-24.

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
