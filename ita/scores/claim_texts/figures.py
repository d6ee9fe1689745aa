"""Figures in a sentence: a score, a change by points, a score that became another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ita.scores.claim_texts.kinds import ClaimKind, Stated, Statement
from ita.scores.claim_texts.subjects import Subjects, is_bare, parts_of
from ita.scores.claim_texts.words import (
    ANY_YEAR,
    FALL,
    NUMBER,
    RISE,
    UNIT,
    YEAR,
    number_in,
    year_in,
)
from ita.vocabulary import FiscalYear, Instrument, Part

_BY_YEAR = r"(?:\s*\(?\s*(?:ใน|เมื่อ|ของ)?\s*" + YEAR + r"\s*\)?)?"
_BEFORE_YEAR = r"(?:จาก|กว่า)?(?:เดิม|ปี(?:ก่อน(?:หน้า)?|ที่(?:ผ่านมา|แล้ว))|" + ANY_YEAR + ")"
_FROM_TO = re.compile(
    r"จาก(?:เดิม|ร้อยละ|คะแนน|\s)*"
    + NUMBER.format("first")
    + UNIT
    + _BY_YEAR.format("since")
    + rf"(?:\s|มา|{RISE}|{FALL})*(?:เป็น|สู่)(?:ร้อยละ|คะแนน|\s)*"
    + NUMBER.format("last")
    + UNIT
    + _BY_YEAR.format("year")
)
_CHANGED_BY = re.compile(
    rf"(?:(?P<rise>{RISE})|{FALL})"
    # A figure in brackets behind a year is that year's score.
    rf"(?:(?:{_BEFORE_YEAR}|ที่(?:ผ่านมา|แล้ว)|ก่อน(?:หน้า)?|[2๒][5๕]\d\d)(?!\s*\()"
    r"|อีก|ถึง|เป็นจำนวน|จำนวน|คิดเป็น|ร้อยละ|คะแนน|[\s(+])*"
    + NUMBER.format("by")
    + UNIT
    + r"(?!\s*(?:คะแนน|%)?\s*(?:(?:ใน)?(?:ทุก|แต่ละ)|เป็น|ต่อปี|ขึ้นไป))"
)
_PLAIN = (
    r"[\s():=“”\"]|ของ(?:หน่วยงาน|เทศบาล|อบต\.|อบจ\.)?|(?:ใน)?การดำเนินงาน|หน่วยงานภาครัฐ|(?:โดย)?(?:รวม|ภาพรวม)"
    rf"|ประจำ|ใน|{ANY_YEAR}|นี้|มี(?:ค่า)?|ได้(?:รับ)?|เท่ากับ|คือ|อยู่ที่|คิดเป็น|เป็น|ด้วย|ผล|การ|ประเมิน"
    r"|คะแนน|เฉลี่ย|ร้อยละ|ที่|ซึ่ง|,|และ(?=ปี)|เต็ม|\([^()]*\)"
    r"|(?:อยู่)?(?:ใน)?ระดับ\s?\S{1,20}(?=\s)"
)
_CHANGED_TO = (
    rf"(?:{RISE}|{FALL})\s*(?:{_BEFORE_YEAR}\s*)?(?:มา)?(?:เป็น|อยู่ที่)"
    # "เพิ่มขึ้นจากปี 2566 ที่ได้ 84.41": the year before and its score.
    rf"|(?:(?:{RISE}|{FALL})\s*จาก|(?:สูง|มาก|ดี|ต่ำ|น้อย)กว่า)(?:{ANY_YEAR})\s*(?:ที่|ซึ่ง|\()"
)
_LINK = re.compile(rf"(?:{_PLAIN}|{_CHANGED_TO})*")
"""All that may stand between a score's name and its figure."""
_SCORES = re.compile(
    NUMBER.format("one")
    + UNIT
    + r"(?:\s*(?:,|และ|กับ)\s*(?:ร้อยละ\s*)?"
    + NUMBER.format("_")
    + UNIT
    + ")*"
)
_NO_SCORE_BEHIND = re.compile(r"\s*(?:ขึ้นไป|เต็ม|ของผู้|ต่อ|(?:ใน|เป็นประจำ)?(?:ทุก|แต่ละ))")
_FULL = re.compile(r"เต็ม\s*$")
HIGHEST_SCORE = 100
_YEAR_BETWEEN = re.compile(YEAR.format("year"))
_ONE = re.compile(NUMBER.format("one"))


@dataclass(frozen=True)
class Figures:
    """Figures that follow the scores they belong to: one each, in their order."""

    start: int
    end: int
    amounts: tuple[tuple[Part, Decimal], ...]
    year: FiscalYear | None


def changed_figures(sentence: str) -> Iterator[Statement]:
    """Changes with their figures, of whatever they are."""
    for found in _FROM_TO.finditer(sentence):
        stated = Stated(
            year=year_in(found, "year"),
            since=year_in(found, "since"),
            amount=number_in(found, "last"),
            first=number_in(found, "first"),
        )
        yield Statement(ClaimKind.FROM_TO, found.start(), found.end(), stated)
    for found in _CHANGED_BY.finditer(sentence):
        amount = number_in(found, "by")
        stated = Stated(amount=amount if found["rise"] else -amount)
        yield Statement(ClaimKind.CHANGED_BY, found.start(), found.end(), stated)


def scores_said(
    sentence: str,
    subjects: Subjects,
    taken: Sequence[tuple[int, int]],
    row: Instrument,
    whole: bool,
) -> Iterator[Figures]:
    """Figures that stand right behind the scores they are said of.

    A bare "score 91.15" is nobody's, unless the sentence speaks of the whole (`whole`).
    """
    read_to = 0
    for found in _SCORES.finditer(sentence):
        if any(start < found.end() and found.start() < end for start, end in taken):
            read_to = found.end()
            continue
        group, _ = subjects.of(found.start())
        if not group or _NO_SCORE_BEHIND.match(sentence, found.end()):
            continue
        if _FULL.search(sentence, 0, found.start()) and number_in(found, "one") != HIGHEST_SCORE:
            continue
        begin = max(group[-1].end(), min(read_to, found.start()))
        if not _LINK.fullmatch(sentence, begin, found.start()):
            continue
        parts = [part for subject in group for part in parts_of(subject, row)]
        amounts = [number_in(one, "one") for one in _ONE.finditer(found[0])]
        if (is_bare(group[0]) and not whole) or len(parts) != len(amounts):
            continue
        read_to = found.end()
        between = list(_YEAR_BETWEEN.finditer(sentence, begin, found.start()))
        year = year_in(between[-1], "year") if between else None
        yield Figures(found.start(), found.end(), tuple(zip(parts, amounts, strict=True)), year)
