"""Values as text: scores, percents, years, quarters, days; Thai first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from ita.domain import (
    BUDDHIST_ERA_OFFSET,
    TOTAL,
    Certainty,
    Instrument,
    Part,
    Quarter,
    Verdict,
    two_places,
)
from ita.i18n import _, language


def no_data() -> str:
    return _("ไม่มีข้อมูล")


def score_text(value: Decimal | float | None) -> str:
    """A score with its two places, or that there is none."""
    return no_data() if value is None else f"{two_places(Decimal(str(value)))}"


def change_text(value: Decimal | None) -> str:
    """A change with its sign; a real minus sign, so that it reads as one."""
    if value is None:
        return no_data()
    return f"{value:+.2f}".replace("-", "−")


def percent_text(value: Decimal | float | None) -> str:
    """A percentage, rounded as scores are, without idle zeros."""
    if value is None:
        return no_data()
    text = f"{two_places(Decimal(str(value)))}".rstrip("0").rstrip(".")
    return f"{text} %"


def percent_in_column(value: Decimal | float | None) -> str:
    """A percentage among others below each other: all with two decimals, as scores are."""
    return no_data() if value is None else f"{two_places(Decimal(str(value)))} %"


def year_text(year: int) -> str:
    """A fiscal year: ปี 2567, in English FY2567 (2024)."""
    if language() == "en":
        return f"FY{int(year)} ({int(year) - BUDDHIST_ERA_OFFSET})"
    return f"ปี {int(year)}"


def year_label(year: int) -> str:
    """A fiscal year on an axis or in a column of years: 2567, in English FY2567 (2024)."""
    return year_text(year) if language() == "en" else str(int(year))


def quarter_text(quarter: Quarter) -> str:
    return _("ไตรมาส {number}/{year}", number=quarter.number, year=int(quarter.fiscal_year))


_THAI_MONTHS = (
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
)


def thai_date(day: date) -> str:
    """A day in Thai whatever is spoken, as files have it: 30 ม.ค. 2567."""
    return f"{day.day} {_THAI_MONTHS[day.month - 1]} {day.year + BUDDHIST_ERA_OFFSET}"


def date_text(day: date) -> str:
    """A day: 30 ม.ค. 2567, in English 30 Jan 2024."""
    return f"{day.day} {day:%b %Y}" if language() == "en" else thai_date(day)


def part_text(part: Part) -> str:
    """A part of the assessment as a label."""
    if part == TOTAL:
        return _("คะแนนรวม")
    if part in tuple(Instrument):
        return str(part)
    return _("ตัวชี้วัดที่ {number}", number=part)


def certainty_text(certainty: Certainty) -> str:
    """How sure a fact of the reference data is, in a few words."""
    return {
        Certainty.PRIMARY: _("อ่านจากเอกสารต้นทาง"),
        Certainty.SECOND_HAND: _("แหล่งรอง"),
        Certainty.DERIVED: _("คำนวณจากตัวเลขที่เผยแพร่"),
        Certainty.ASSUMED: _("คาดไว้ ยังไม่พบเอกสาร"),
    }[certainty]


def verdict_text(verdict: Verdict) -> str:
    return {
        Verdict.RISING: _("เพิ่มขึ้นทุกปี"),
        Verdict.FALLING: _("ลดลงทุกปี"),
        Verdict.MIXED: _("ขึ้นบ้างลงบ้าง"),
        Verdict.FLAT: _("คงที่"),
        Verdict.NOT_ENOUGH_DATA: _("ข้อมูลไม่พอ"),
    }[verdict]


_LEADING_VOWEL = re.compile("([เ-ไ])([ก-ฮ])")


_ABOVE = re.compile("[็-๎]")


_ON_A_LETTER = re.compile("[ัำ-ฺ็-๎]")


def spans_text(numbers: Iterable[int], dash: str = "-", label: Callable[[int], str] = str) -> str:
    """Numbers in order as a reader counts them off, neighbours together: 1-3, 7."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return ", ".join(
        label(first) if first == last else f"{label(first)}{dash}{label(last)}"
        for first, last in runs
    )


def thai_order(text: str) -> tuple[str, str]:
    """A key that sorts as a Thai dictionary does: by consonants first, tone marks last."""
    return _LEADING_VOWEL.sub(r"\2\1", _ABOVE.sub("", text)), text


def shortened(text: str, most: int = 70) -> str:
    """The beginning of a text, cut at a space, for Thai has none inside words.

    Rather half as long again than broken inside a word; without any space, between two letters.
    """
    if len(text) <= most:
        return text
    space = text.rfind(" ", 0, most)
    if space <= most // 3:
        space = text.find(" ", most)
        longest = most + most // 2
        if space < 0 and len(text) <= longest:
            return text
        if not 0 <= space <= longest:
            return f"{_whole_letters(text, most)}…"
    return f"{text[:space]}…"


def _whole_letters(text: str, most: int) -> str:
    """As many letters as fit with all signs above and below them, สระอำ among those."""
    while most and _ON_A_LETTER.match(text[most]):
        most -= 1
    return text[:most]
