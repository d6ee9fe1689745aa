"""Whose score a sentence speaks of, and which of them a statement belongs to."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TypeAlias

from ita.scores.claim_texts.sentences import LINK, close
from ita.scores.claim_texts.words import FALL, RISE, UNCHANGED
from ita.vocabulary import TOTAL, Instrument, Part

Subject: TypeAlias = re.Match[str]

EVERY_YEAR = r"(?<!เกือบ)(?<!ไม่)(?:ทุก\s*(?:ๆ\s*)?ปี|ปีต่อปี|แต่ละปี)"
_OF = r"\s*(?:ของ|ใน|ตาม|ด้าน|จาก)?\s*(?:แบบวัด|แบบตรวจ|แบบ|การประเมิน)?\s*\(?\s*"
_STAKEHOLDERS = r"(?:การรับรู้(?:ของ)?)?ผู้มีส่วนได้(?:ส่วน)?เสีย"
_INDICATOR_NAME = r"(?:\s*\(?(?:การ|คุณภาพ|ประสิทธิภาพ)[ก-๙]+?(?=[\s)]|มี|เพิ่ม|สูงขึ้น|ดีขึ้น|$))?"
_INDICATOR = r"ตัวชี้วัด(?:ที่)?\s*(?P<{}>\d+)" + _INDICATOR_NAME
_SAID = (
    rf"{RISE}|{FALL}|{UNCHANGED}|(?:สูง|ดี|มาก)(?:ที่)?สุด|(?:สูง|มาก|ดี)กว่า|เกิน"
    r"|ผ่านเกณฑ์|ไม่(?:ต่ำ|น้อย)กว่า|(?:อยู่ใน|ใน)?ระดับ"
)
_SUBJECT = re.compile(
    # A score or a result is a subject anywhere, an assessment only where a statement starts.
    r"(?:(?:ผล)?คะแนน(?:ผล)?(?:การ)?(?:ประเมิน)?(?P<sum>รวม|ภาพรวม|โดยรวม)?(?:เฉลี่ย)?|ผล(?:การ)?ประเมิน"
    r"|(?:(?<!\S)|(?<=ให้)|(?<=ว่า)|(?<=และ))(?:การประเมิน(?:ผล)?|แบบวัด|แบบตรวจ))"
    + _OF
    + r"(?:(?P<code>ITA|IIT|EIT|OIT)(?![A-Za-z])"
    + rf"(?:\s*(?:ใน|ของ|ด้าน)?\s*{_INDICATOR.format('within')})?|{_INDICATOR.format('indicator')}"
    r"|(?P<ITA>คุณธรรมและความโปร่งใส)"
    rf"|(?P<both>{_STAKEHOLDERS}ภายใน\s*และ(?:{_STAKEHOLDERS})?\s*ภายนอก)"
    rf"|(?P<IIT>{_STAKEHOLDERS}ภายใน)"
    rf"|(?P<EIT>{_STAKEHOLDERS}ภายนอก)"
    r"|(?P<OIT>การเปิดเผยข้อมูลสาธารณะ)"
    r"|(?P<all>(?:ทั้ง\s*(?:3|สาม)|ทุก)\s*(?:แบบวัด|เครื่องมือ))"
    rf"|(?P<row>(?=(?:ของหน่วยงาน)?{LINK}(?:{_SAID}|(?:ใน)?{EVERY_YEAR}"
    r"|(?:เท่ากับ|ร้อยละ|อยู่ที่|\s)*\d))))"
    # "คะแนน IIT และ EIT", "IIT เพิ่มขึ้น", "IIT 88.96 EIT 85.77": a code alone stands first or is
    # joined to another.
    r"|(?:^|ผล|ให้|ว่า|และ|กับ|[,/]|(?<=\d)\s)\s*(?P<alone>ITA|IIT|EIT|OIT)(?![A-Za-z])"
    rf"|(?:^|และ|กับ|[,/])\s*{_INDICATOR.format('joined')}",
    re.IGNORECASE,
)
"""Whose score: a code, a full Thai name, an indicator, or just "the score": the row's own."""

_AND = re.compile(r"\s*(?:และ|กับ|รวมทั้ง|รวมถึง|ตลอดจน|[,/])*\s*(?:แบบ|แบบวัด)?\s*")
_BELONGS = re.compile(r"(?:ของ|ใน|ตาม|จาก|ผ่าน)\s*$")
_ONLY_TOLD_OF = re.compile(r"(?:เกี่ยวกับ|เผยแพร่|รับทราบ|วิเคราะห์|ตอบ|ในการ|เข้าร่วม|ด้าน)\s*$")
_UNIT_OF_A_FIGURE = re.compile(r"\d\s*$")
_SOMETHING_ELSE = re.compile(
    r"(?:^|\s|และ|รวมทั้ง|รวมถึง|ตลอดจน|อีกทั้ง|โดย|ซึ่ง|มี|ได้รับ|ด้าน|ข้อ|ประเด็น)"
    r"(?:ความ(?!ก้าวหน้า)|ผู้|จำนวน|ร้อยละ(?!\s*\d)|คุณภาพ|ประสิทธิภาพ|ประชาชน|บุคลากร|เจ้าหน้าที่|พนักงาน|บริการ|งาน|ระบบ"
    r"|จิตสำนึก|รายได้|งบ|ข้อมูล|ช่องทาง|หน่วยงาน|(?<!\d\s)คะแนน(?!เฉลี่ย|รวม|ร้อยละ|เท่ากับ|\s*\d)|กิจกรรม|ปัญหา|เรื่อง|(?:ข้อ|ประเด็น)(?:คำถาม|ที่|\s*[ieo]?\d)|ข้อร้องเรียน|การ(?!พัฒนา|เพิ่ม|ปรับ|ขยับ|ประเมิน))"
)
"""Where something that is no score of the assessment becomes the subject."""
_JOINED = re.compile(r"\s*(?:และ|กับ|รวมทั้ง|รวมถึง|ตลอดจน)")
_AHEAD = 12


class Subjects:
    """The scores that a sentence speaks of, in groups that "and" joins; not those only told of."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        self.groups: list[list[Subject]] = []
        for found in _SUBJECT.finditer(sentence):
            if self._is_subject(found):
                self._add(found)
        self._ends = [group[-1].end() for group in self.groups]

    def __bool__(self) -> bool:
        return bool(self.groups)

    def __iter__(self) -> Iterator[Subject]:
        return chain.from_iterable(self.groups)

    def of(self, start: int) -> tuple[Sequence[Subject], bool]:
        """The scores that what starts there is said of, and whether something else is instead.

        They are the last ones named before it, unless another subject comes between.
        """
        place = bisect_right(self._ends, start) - 1
        if place < 0:
            return (), False
        if something_else(self.sentence, self._ends[place], start):
            return (), True
        # "แบบวัด EIT มีคะแนนเพิ่มขึ้น": a bare "score" is that of the one named before, and in
        # "IIT … จากคะแนน ITA" the whole belongs to the instrument.
        while place and is_bare(self.groups[place][0]):
            place -= 1
        last, before = self.groups[place], self.groups[place - 1] if place else []
        told_of_the_whole = all(map(_is_total, last)) and _BELONGS.search(
            close(self.sentence, last[0].start())
        )
        if before and told_of_the_whole and not all(map(_is_total, before)):
            return before, False
        return last, False

    def _is_subject(self, found: Subject) -> bool:
        before = close(self.sentence, found.start())
        unit = is_bare(found) and _UNIT_OF_A_FIGURE.search(before)
        return not (_ONLY_TOLD_OF.search(before) or unit)

    def _add(self, found: Subject) -> None:
        """Subjects that are only joined by "and" stand together."""
        joined = self.groups and _AND.fullmatch(
            self.sentence, self.groups[-1][-1].end(), found.start()
        )
        if joined and found.lastgroup != "row":
            self.groups[-1].append(found)
        else:
            self.groups.append([found])


def something_else(sentence: str, begin: int, end: int) -> bool:
    """Whether another subject comes between a score and a verb; "X and Y rise" is both's rise."""
    if _JOINED.match(sentence, begin):
        return False
    # What a word is may show behind the place: "มีการ" of "มีการเพิ่มขึ้น" is no other subject.
    found = _SOMETHING_ELSE.search(sentence[begin : end + _AHEAD])
    return found is not None and found.end() <= end - begin


def is_bare(subject: Subject) -> bool:
    """Whether it says "the score" without saying whose."""
    return subject.lastgroup == "row" and not subject["sum"]


def _is_total(subject: Subject) -> bool:
    return parts_of(subject, Instrument.IIT) == (TOTAL,)


def parts_of(subject: Subject, row: Instrument) -> tuple[Part, ...]:
    """The parts that a subject names; a bare one is the row's own."""
    number = subject["indicator"] or subject["within"] or subject["joined"]
    code = (subject.group("code") or subject.group("alone") or subject.lastgroup or "").upper()
    if number:
        return (str(int(number)),)
    if code == "ALL":
        return tuple(Instrument)
    if code == "BOTH":
        return Instrument.IIT, Instrument.EIT
    if code == "ITA" or (code == "ROW" and subject.group("sum")):
        return (TOTAL,)
    return (row,) if code == "ROW" else (Instrument(code),)
