"""Claims of rise as they stand in a report's outcome texts: whose score, and how strongly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ita.vocabulary import TOTAL, Instrument, Part


class ClaimKind(StrEnum):
    """rising_every_year: no year without a rise. rising: above the comparable year before.

    The stronger one stands first.
    """

    RISING_EVERY_YEAR = "rising_every_year"
    RISING = "rising"


@dataclass(frozen=True)
class Claim:
    """A claim as it stands in a text: whose score, and what is said of it."""

    kind: ClaimKind
    part: Part
    text: str


_SENTENCE = re.compile(
    r"[\n;!?]+"
    # A full stop ends a sentence only behind a long word: not in 84.30, พ.ศ. or อบต.
    r"|(?<=[^\s.\d]{6})\.(?=\s|$)"
    r"|\s(?=แต่(?!ละ)|อย่างไรก็ตาม|ส่วน(?!ได้|เสีย|ร่วม|ราชการ)|ในขณะที่|ขณะที่)"
    r"|\s*(?<!จะ)(?<!เพื่อ)(?<!ไม่)(?<!ไม่ได้)(?<!อาจ)(?<!หวัง)(?=ส่งผลให้|ทำให้)"
)
"""Where a new statement starts. A hope before "ส่งผลให้" isn't one behind it."""

_OF = r"\s*(?:ของ|ใน|ตาม|ด้าน|จาก)?\s*(?:แบบวัด|แบบตรวจ|แบบ|การประเมิน)?\s*\(?\s*"
_STAKEHOLDERS = r"(?:การรับรู้(?:ของ)?)?ผู้มีส่วนได้(?:ส่วน)?เสีย"
_LINK = r"(?:มี|ที่(?:จะ)?|แนวโน้ม|การพัฒนา(?:การ)?|พัฒนาการ|ความก้าวหน้า|การปรับตัว|การ|ได้|ก็|\s)*"
"""What may stand between a subject and its verb without changing either."""
_RISE = (
    r"(?:(?:เพิ่ม|ขยับ|ปรับตัว|พัฒนา|ก้าวหน้า)?(?:สูง|มาก|ดี)ขึ้น|(?:เพิ่ม|ก้าวหน้า|ขยับ|พัฒนา)ขึ้น"
    r"|เพิ่ม(?=\s*ทุก)|(?:สูง|มาก|ดี)กว่าปี)"
)
_INDICATOR_NAME = r"(?:\s*\(?(?:การ|คุณภาพ|ประสิทธิภาพ)[ก-๙]+?(?=[\s)]|มี|เพิ่ม|สูงขึ้น|ดีขึ้น|$))?"
_EVERY_YEAR = r"(?<!เกือบ)(?<!ไม่)(?:ทุก\s*(?:ๆ\s*)?ปี|ปีต่อปี|แต่ละปี)"

_INDICATOR = r"ตัวชี้วัด(?:ที่)?\s*(?P<{}>\d+)" + _INDICATOR_NAME
_SUBJECT = re.compile(
    # A score or a result is a subject anywhere, an assessment only where a statement starts.
    r"(?:(?:ผล)?คะแนน(?:ผล)?(?:การ)?(?:ประเมิน)?(?P<sum>รวม|ภาพรวม|โดยรวม)?(?:เฉลี่ย)?|ผล(?:การ)?ประเมิน"
    r"|(?:(?<!\S)|(?<=ให้)|(?<=ว่า)|(?<=และ))(?:การประเมิน(?:ผล)?|แบบวัด|แบบตรวจ))"
    + _OF
    + r"(?:(?P<code>ITA|IIT|EIT|OIT)(?![A-Za-z])"
    + rf"(?:\s*{_INDICATOR.format('within')})?|{_INDICATOR.format('indicator')}"
    r"|(?P<ITA>คุณธรรมและความโปร่งใส)"
    rf"|(?P<both>{_STAKEHOLDERS}ภายใน\s*และ(?:{_STAKEHOLDERS})?\s*ภายนอก)"
    rf"|(?P<IIT>{_STAKEHOLDERS}ภายใน)"
    rf"|(?P<EIT>{_STAKEHOLDERS}ภายนอก)"
    r"|(?P<OIT>การเปิดเผยข้อมูลสาธารณะ)"
    r"|(?P<all>(?:ทั้ง\s*(?:3|สาม)|ทุก)\s*(?:แบบวัด|เครื่องมือ))"
    rf"|(?P<row>(?=(?:ของหน่วยงาน)?{_LINK}(?:{_RISE}|(?:ใน)?{_EVERY_YEAR}))))"
    # "คะแนน IIT และ EIT", "IIT เพิ่มขึ้น": a code alone stands first or is joined to another.
    r"|(?:^|ผล|ให้|ว่า|และ|กับ|[,/])\s*(?P<alone>ITA|IIT|EIT|OIT)(?![A-Za-z])"
    rf"|(?:และ|กับ|[,/])\s*{_INDICATOR.format('joined')}",
    re.IGNORECASE,
)
"""Whose score: a code, a full Thai name, an indicator, or just "the score": the row's own."""

_AND = re.compile(r"\s*(?:และ|กับ|รวมทั้ง|รวมถึง|ตลอดจน|[,/)])*\s*(?:แบบ|แบบวัด)?\s*")
_BELONGS = re.compile(r"(?:ของ|ใน|ตาม|จาก|ผ่าน)\s*$")
_ONLY_TOLD_OF = re.compile(r"(?:เกี่ยวกับ|เผยแพร่|รับทราบ|วิเคราะห์|ตอบ|ในการ|เข้าร่วม|ด้าน)\s*$")
_SOMETHING_ELSE = re.compile(
    r"(?:^|\s|และ|รวมทั้ง|รวมถึง|ตลอดจน|อีกทั้ง|โดย|ซึ่ง|มี|ได้รับ|ด้าน|ข้อ|ประเด็น)"
    r"(?:ความ(?!ก้าวหน้า)|ผู้|จำนวน|ร้อยละ|คุณภาพ|ประสิทธิภาพ|ประชาชน|บุคลากร|เจ้าหน้าที่|พนักงาน|บริการ|งาน|ระบบ"
    r"|จิตสำนึก|รายได้|งบ|ข้อมูล|ช่องทาง|หน่วยงาน|คะแนน|กิจกรรม|การ(?!พัฒนา|เพิ่ม|ปรับ|ขยับ|ประเมิน))"
)
"""Where something that is no score of the assessment becomes the subject."""

_DENIED = re.compile(rf"(?:ไม่(?:เคย|ค่อย|สามารถ)?|มิ){_LINK}$")
_HOPED = re.compile(
    r"เพื่อ(?:ทำ|ส่งผล)?ให้|คาด(?:ว่า|หวัง|การณ์)|หวัง(?:ว่า|ให้)|มุ่ง(?:เน้น)?ให้|ตั้งเป้า"
    r"|เป้าหมาย(?:ให้|คือ)|ต้องการ|ควร|พยายาม|หาก(?!เปรียบ|เทียบ)|ถ้า|จะ(?:ทำ|ส่งผล)ให้|อาจ(?:ทำ|ส่งผล)ให้"
    r"|ไม่(?:ได้)?(?:ทำ|ส่งผล)ให้|ไม่(?:พบ|ปรากฏ)ว่า|ปี(?:ถัดไป|ต่อไป|หน้า)"
)
_WISHED = re.compile(r"(?:(?<!ที่)จะ|อาจ|ให้)(?:มี|แนวโน้ม|\s)*$|เพื่อ\S{0,15}$")
_OPEN = re.compile(r"[^\s]{0,20}\s*(?:หรือไม่|(?:ใน)?ปี(?:ถัดไป|ต่อไป|หน้า))")

_RISES = re.compile(_RISE)
_EVERY_YEAR_BEHIND = re.compile(
    r"(?:(?!เกือบ|ไม่|แต่(?!ละ)|บาง|และ(?!ต่อเนื่อง|สม่ำเสมอ))\S){0,30}?"
    r"\s*(?:[\d.]+\s*(?:คะแนน|%)\s*)?(?:ใน|เป็นประจำ|มา)?\s?" + _EVERY_YEAR
)
_EVERY_YEAR_BEFORE = re.compile(_EVERY_YEAR + rf"(?:ที่ผ่านมา|งบประมาณ)?{_LINK}$")


def read_claims(text: str, row: Instrument) -> tuple[Claim, ...]:
    """Claims of rise in the outcome text of one instrument's row, in their order, at most one a score and sentence.

    A claim is read only where the sentence names whose score rises. A rise that is hoped for,
    denied, or of something else (services, awareness) is no claim. In "คะแนน IIT … จากคะแนน ITA
    ที่มีแนวโน้มเพิ่มขึ้นทุกปี" the instrument is the subject and ITA only where it is seen.
    """
    return tuple(claim for sentence in _sentences(text) for claim in _claims_of(sentence, row))


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for cut in _SENTENCE.finditer(text):
        if text[start : cut.start()].strip():
            yield text[start : cut.start()].strip()
        start = cut.end()
    if text[start:].strip():
        yield text[start:].strip()


def _claims_of(sentence: str, row: Instrument) -> Iterator[Claim]:
    subjects = [
        subject
        for subject in _SUBJECT.finditer(sentence)
        if not _ONLY_TOLD_OF.search(_close(sentence, subject.start()))
    ]
    hope = _HOPED.search(sentence)
    kinds: dict[Part, set[ClaimKind]] = {}
    for rise in _RISES.finditer(sentence) if subjects else ():
        group = _subjects_of(sentence, subjects, rise)
        hoped = hope is not None and hope.end() <= rise.start()
        if group and not hoped and _is_asserted(sentence, rise):
            kind = _kind(sentence, group[0], rise)
            for part in (part for subject in group for part in _parts(subject, row)):
                kinds.setdefault(part, set()).add(kind)
    for part, said in kinds.items():
        yield Claim(next(kind for kind in ClaimKind if kind in said), part, sentence)


def _close(sentence: str, end: int) -> str:
    """The words right before a place."""
    return sentence[max(0, end - 80) : end]


def _subjects_of(
    sentence: str, subjects: Sequence[re.Match[str]], rise: re.Match[str]
) -> Sequence[re.Match[str]]:
    """The scores whose rise it is: the last ones named before it, unless something else is."""
    groups = _groups(sentence, [s for s in subjects if s.end() <= rise.start()])
    if not groups or _something_else(sentence[groups[-1][-1].end() : rise.start()]):
        return ()
    last = groups.pop()
    # "แบบวัด EIT มีคะแนนเพิ่มขึ้น": a bare "score" is that of the one named before, and in "IIT …
    # จากคะแนน ITA" the whole belongs to the instrument.
    told_of_another = last[0].lastgroup == "row" or (
        all(_is_total(subject) for subject in last)
        and _BELONGS.search(_close(sentence, last[0].start()))
    )
    if groups and told_of_another and not all(_is_total(subject) for subject in groups[-1]):
        return groups[-1]
    return last


def _groups(sentence: str, subjects: Sequence[re.Match[str]]) -> list[list[re.Match[str]]]:
    """Subjects that are only joined by "and" stand together."""
    groups: list[list[re.Match[str]]] = []
    for subject in subjects:
        joined = groups and _AND.fullmatch(sentence, groups[-1][-1].end(), subject.start())
        if joined and subject.lastgroup != "row":
            groups[-1].append(subject)
        else:
            groups.append([subject])
    return groups


def _something_else(between: str) -> bool:
    """Whether another subject comes between a score and a rise; "X and Y rise" is both's rise."""
    found = _SOMETHING_ELSE.search(between)
    return bool(found) and not re.match(r"\s*(?:และ|กับ|รวมทั้ง|รวมถึง|ตลอดจน)", between)


def _is_total(subject: re.Match[str]) -> bool:
    return _parts(subject, Instrument.IIT) == (TOTAL,)


def _parts(subject: re.Match[str], row: Instrument) -> tuple[Part, ...]:
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


def _is_asserted(sentence: str, rise: re.Match[str]) -> bool:
    """Whether the rise is stated: neither denied, nor wished, nor asked."""
    before = _close(sentence, rise.start())
    return not (
        _DENIED.search(before) or _WISHED.search(before) or _OPEN.match(sentence, rise.end())
    )


def _kind(sentence: str, first: re.Match[str], rise: re.Match[str]) -> ClaimKind:
    said = (
        _EVERY_YEAR_BEHIND.match(sentence, rise.end())
        or _EVERY_YEAR_BEFORE.search(_close(sentence, rise.start()))
        or _EVERY_YEAR_BEFORE.search(_close(sentence, first.start()))
    )
    return ClaimKind.RISING_EVERY_YEAR if said else ClaimKind.RISING
