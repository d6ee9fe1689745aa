"""What a score is measured against: a mark, a level, the national mean, its own past, every item."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from ita.scores.claim_texts.kinds import ClaimKind, Stated, Statement
from ita.scores.claim_texts.sentences import close
from ita.scores.claim_texts.words import COUNT, NUMBER, UNIT, YEAR, counted, number_in, year_in

_HIGHEST = re.compile(
    r"(?:สูง|ดี|มาก)(?:ที่)?สุด\s*(?:"
    rf"(?:ของหน่วยงาน)?\s*ในรอบ\s*(?P<years>{COUNT})\s*ปี"
    r"|(?:เป็น|ใน)ประวัติการณ์"
    r"|(?:นับ)?ตั้งแต่(?:" + YEAR.format("since") + r"|(?:มี|เคย|เข้า|เริ่ม)(?:รับ|ร่วม)?(?:การ)?(?:ประเมิน)?)"
    r"|(?:เท่า)?ที่(?:หน่วยงาน)?เคย(?:ได้(?:รับ)?|มี))"
)
"""Highest of what: only over the agency's own years can it be checked."""
_MARK = r"เกณฑ์(?:การประเมิน|มาตรฐาน|ขั้นต่ำ|คุณภาพ|ที่(?:สำนักงาน\s*)?(?:\s*ป\.ป\.ช\.\s*)?(?:กำหนด|ตั้งไว้)(?:ไว้)?|ผ่าน|\s)*"
_FIGURE = r"[\s(]*(?:ที่)?(?:ร้อยละ\s*)?" + NUMBER + UNIT
_ABOVE_MARK = re.compile(
    rf"ผ่าน(?:{_MARK})(?!.{{0,3}}(?:ทุก|ทั้ง|ครบ))(?:{_FIGURE.format('passed')}(?:\s*ขึ้นไป)?)?"
    rf"|(?:(?:สูง|มาก)กว่า|เกิน(?:กว่า)?)\s*(?:(?P<mark>{_MARK})(?:{_FIGURE.format('above')})?|{_FIGURE.format('more')})"
    rf"|ไม่(?:ต่ำ|น้อย)กว่า\s*(?:{_MARK})?{_FIGURE.format('least')}"
    rf"|(?:ร้อยละ\s*)?{NUMBER.format('from')}{UNIT}\s*ขึ้นไป"
)
_ABOVE_NATIONAL = re.compile(
    r"(?:(?:สูง|มาก|ดี)กว่า|เกิน)\s*(?:คะแนน|ค่า)*เฉลี่ย(?:ของ|ใน|ราย|ภาพรวม|คะแนน|หน่วยงานภาครัฐ|\s)*"
    r"(?:ทั้ง|ระดับ|ทั่ว)?ประเทศ(?:(?:อยู่ที่|เท่ากับ|คือ|ที่|[\s(])*" + NUMBER.format("mean") + UNIT + ")?"
)
_EVERY_ITEM = re.compile(r"(?:ทุก|ทั้ง\s*\d{1,2})\s*(?:ข้อ|รายการ|หัวข้อ)(?!ร้องเรียน|ง)")
_OF_DISCLOSURE = re.compile(r"OIT|เปิดเผยข้อมูล", re.IGNORECASE)
_MET = re.compile(r"(?:ครบ|(?:เป็นไป)?ตาม(?:เกณฑ์|มาตรฐาน)|ผ่าน|เต็ม|ถูกต้อง).{0,40}$")
_ASKED_FOR = re.compile(r"(?:ให้|ตรวจสอบ)\S{0,30}\s?$")


def highest(sentence: str) -> Iterator[Statement]:
    for found in _HIGHEST.finditer(sentence):
        years = counted(found["years"]) if found["years"] else None
        stated = Stated(years=years, since=year_in(found, "since"))
        yield Statement(ClaimKind.HIGHEST, found.start(), found.end(), stated)


def above_marks(sentence: str) -> Iterator[Statement]:
    for found in _ABOVE_MARK.finditer(sentence):
        named = next((n for n in ("passed", "above", "more", "least", "from") if found[n]), None)
        amount = number_in(found, named) if named else None
        above = named in ("above", "more") or bool(found["mark"])
        stated = Stated(amount=amount, above=above)
        yield Statement(ClaimKind.ABOVE_MARK, found.start(), found.end(), stated)


def above_national_means(sentence: str) -> Iterator[Statement]:
    for found in _ABOVE_NATIONAL.finditer(sentence):
        stated = Stated(amount=number_in(found, "mean") if found["mean"] else None)
        yield Statement(ClaimKind.ABOVE_NATIONAL_MEAN, found.start(), found.end(), stated)


@lru_cache(maxsize=8)
def _level_words(levels: Collection[str]) -> re.Pattern[str]:
    longest_first = "|".join(re.escape(level) for level in sorted(levels, key=len, reverse=True))
    return re.compile(
        r"(?<!จาก)(?:อยู่(?:ใน)?|ใน)?\s*ระดับ(?:คุณภาพ|คะแนน|ผลการประเมิน)?[\s“\"'(:]*"
        rf"(?P<level>{longest_first})(?![A-Za-z]|เกณฑ์|การ|\s*ขึ้นไป)"
    )


def levels_said(sentence: str, levels: Collection[str]) -> Iterator[Statement]:
    """Levels by the names that the authority has given them in any year."""
    if levels:
        for found in _level_words(tuple(levels)).finditer(sentence):
            stated = Stated(level=found["level"])
            yield Statement(ClaimKind.LEVEL, found.start(), found.end(), stated)


def every_item(sentence: str) -> Iterator[Statement]:
    """ "Every item", where the sentence speaks of what is disclosed."""
    for found in _EVERY_ITEM.finditer(sentence):
        before = close(sentence, found.start())
        told = _MET.search(before) and not _ASKED_FOR.search(before)
        if told and _OF_DISCLOSURE.search(sentence):
            yield Statement(ClaimKind.EVERY_ITEM_MET, found.start(), found.end())
