"""Rises, falls and standstills in a sentence, and over how many years."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ita.scores.claim_texts.kinds import FALLS, RISES, ClaimKind, Stated, Statement
from ita.scores.claim_texts.sentences import LINK, close
from ita.scores.claim_texts.subjects import EVERY_YEAR, Subjects
from ita.scores.claim_texts.words import COUNT, FALL, RISE, UNCHANGED, counted

CHANGE = re.compile(rf"(?P<rise>{RISE})|(?P<same>{UNCHANGED})|(?P<fall>{FALL})")
_EVERY_YEAR_BEHIND = re.compile(
    r"(?:(?!เกือบ|ไม่|แต่(?!ละ)|บาง|และ(?!ต่อเนื่อง|สม่ำเสมอ))\S){0,30}?"
    r"\s*(?:[\d.]+\s*(?:คะแนน|%)\s*)?(?:ใน|เป็นประจำ|มา)?\s?" + EVERY_YEAR
)
_EVERY_YEAR_BEFORE = re.compile(EVERY_YEAR + rf"(?:ที่ผ่านมา|งบประมาณ)?{LINK}$")
_STEADILY_BEHIND = re.compile(
    # "88.96 และ 85.77 ตามลำดับ" is "respectively": no figure may come between.
    r"(?:(?!เกือบ|ไม่|แต่|บาง|และ)[^\s\d]){0,20}?\s?(?:"
    rf"(?:เป็น)?ปีที่\s*(?P<rises>{COUNT})\s*(?:ติดต่อกัน|ต่อเนื่อง)"
    r"|(?:อย่าง|เป็น)?(?:ต่อเนื่อง|ติดต่อกัน|สม่ำเสมอ|ตามลำดับ|ลำดับ|เรื่อย|มา(?:โดย)?ตลอด)(?:กัน|มา|\s)*"
    rf"(?:(?:เป็นเวลา|ตลอด|ใน(?:รอบ|ช่วง))?\s*(?P<years>{COUNT})\s*ปี)?)"
)


def changes(sentence: str, subjects: Subjects) -> Iterator[Statement]:
    """Every rise, fall and standstill that a sentence tells, of whatever it is."""
    for found in CHANGE.finditer(sentence):
        if found["same"]:
            yield Statement(ClaimKind.UNCHANGED, found.start(), found.end())
        else:
            every, steadily, plain = RISES if found["rise"] else FALLS
            if _every_year(sentence, subjects, found):
                yield Statement(every, found.start(), found.end())
            elif lasting := _STEADILY_BEHIND.match(sentence, found.end()):
                yield Statement(
                    steadily, found.start(), lasting.end(), Stated(years=_span(lasting))
                )
            else:
                yield Statement(plain, found.start(), found.end())


def _span(lasting: re.Match[str]) -> int | None:
    """The years of which a lasting change speaks; "for the third year" spans four."""
    if lasting["rises"]:
        return counted(lasting["rises"]) + 1
    return counted(lasting["years"]) if lasting["years"] else None


def _every_year(sentence: str, subjects: Subjects, change: re.Match[str]) -> bool:
    group, _ = subjects.of(change.start())
    return bool(
        _EVERY_YEAR_BEHIND.match(sentence, change.end())
        or _EVERY_YEAR_BEFORE.search(close(sentence, change.start()))
        or (group and _EVERY_YEAR_BEFORE.search(close(sentence, group[0].start())))
    )
