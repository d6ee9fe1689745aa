"""Claims of rise in a report's outcome texts, and what the scores say to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ita.reference import Reference
from ita.scores.trends import Point, verdict_of
from ita.vocabulary import TOTAL, FiscalYear, Instrument, Part
from ita.wording import change_text, no_data, say, score_text


class ClaimKind(StrEnum):
    """rising_every_year: no year without a rise. rising: above the comparable year before."""

    RISING_EVERY_YEAR = "rising_every_year"
    RISING = "rising"


class ClaimVerdict(StrEnum):
    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_ENOUGH_DATA = "not_enough_data"


@dataclass(frozen=True)
class Claim:
    """A claim as it stands in a text: whose score, and what is said of it."""

    kind: ClaimKind
    part: Part
    text: str


@dataclass(frozen=True)
class Evidence:
    fiscal_year: FiscalYear
    score: Decimal | None
    change: Decimal | None


@dataclass(frozen=True)
class JudgedClaim:
    instrument: Instrument
    claim: Claim
    verdict: ClaimVerdict
    evidence: tuple[Evidence, ...]

    def message(self) -> str:
        """What the scores say, with the years that speak for or against."""
        told = ", ".join(f"{int(e.fiscal_year)}: {score_text(e.score)}" for e in self.evidence)
        if self.verdict is ClaimVerdict.SUPPORTED:
            return say("ตรงกับคะแนนที่มี ({evidence})", evidence=told)
        if self.verdict is ClaimVerdict.CONTRADICTED:
            against = [e for e in self.evidence if e.change is not None and e.change <= 0]
            years = ", ".join(f"{int(e.fiscal_year)} ({change_text(e.change)})" for e in against)
            return say("ขัดกับคะแนนที่มี: ไม่เพิ่มขึ้นในปี {years}", years=years or told)
        return say("ข้อมูลไม่พอที่จะยืนยัน ({evidence})", evidence=told or no_data())


_SUBJECT = re.compile(
    r"(?:(?:ผล)?คะแนน(?:ผล)?(?:การ)?(?:ประเมิน)?(?:รวม|เฉลี่ย)?|(?:ผล)?การประเมิน(?:ผล)?|ผลประเมิน|แบบวัด)"
    r"\s*(?:ของ|ใน|ตาม|ด้าน|จาก)?\s*(?:แบบวัด|แบบ|การประเมิน)?\s*"
    r"(?:(?P<code>ITA|IIT|EIT|OIT)(?![A-Za-z])"
    r"|(?P<ITA>คุณธรรมและความโปร่งใส)"
    r"|(?P<IIT>การรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน)"
    r"|(?P<EIT>การรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก)"
    r"|(?P<OIT>การเปิดเผยข้อมูลสาธารณะ)"
    r"|(?P<row>(?=(?:ของหน่วยงาน)?\s*(?:ที่)?(?:มี)?(?:แนวโน้ม)?(?:การพัฒนา|พัฒนาการ)?(?:ที่)?"
    r"(?:เพิ่ม|สูงขึ้น|ดีขึ้น|ทุกปี))))",
    re.IGNORECASE,
)
"""Whose score: a code, a full Thai name, or just "the score", which is the row's own instrument."""

_RISE = (
    r"(?:เพิ่ม(?:สูง|มาก)?ขึ้น|สูงขึ้น|ดีขึ้น|พัฒนาการที่ดีขึ้น|ก้าวหน้าขึ้น|ขยับขึ้น|ปรับตัว(?:สูง|ดี|เพิ่ม)ขึ้น"
    r"|เพิ่มสูงขึ้น)"
)
_EVERY_YEAR = re.compile(
    _RISE + r"(?:อย่าง\S{0,12}?)?\s*(?:ใน)?(?:ทุก\s*(?:ๆ\s*)?ปี|ปีต่อปี|ทุกปีงบประมาณ)"
    r"|(?:ทุก\s*(?:ๆ\s*)?ปี)\s*(?:มี\S{0,20}?)?" + _RISE,
)
_ANY_RISE = re.compile(_RISE)
_NEGATION = re.compile(r"(?:ไม่(?:ได้|มี|มีแนวโน้ม|ค่อย|สามารถ)?|มิได้|ยังไม่|ไม่มีการ|ไม่มีแนวโน้มที่จะ)\s*$")
_FUTURE = re.compile(
    r"(?:เพื่อให้|คาดว่า|มุ่ง(?:หวัง|เน้น)?ให้|ตั้งเป้าให้|เป้าหมายให้|ควร|จะทำให้|พยายามให้)[^.\n]*$"
)
_SENTENCE = re.compile(r"[\n;.!?]+|\s(?=(?:แต่|อย่างไรก็ตาม|ส่วน|ในขณะที่|ขณะที่)\s*)|(?:\s*(?=ส่งผลให้))")


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
    subjects = list(_SUBJECT.finditer(sentence))
    named: dict[Part, list[re.Match[str]]] = {}
    for subject in subjects:
        named.setdefault(_who(subject, row), []).append(subject)
    instruments = [part for part in named if part != TOTAL]
    if len(instruments) == 1:
        # One instrument named: what is said of ITA in the same breath is its proof.
        named = {instruments[0]: subjects}
    for part, places in named.items():
        kind = _strongest(sentence, places, subjects, len(named) > 1)
        if kind:
            yield Claim(kind, part, sentence)


def _who(subject: re.Match[str], row: Instrument) -> Part:
    code = (subject.group("code") or subject.lastgroup or "").upper()
    if code == "ITA":
        return TOTAL
    return row if code == "ROW" else Instrument(code)


def _strongest(
    sentence: str,
    places: Sequence[re.Match[str]],
    subjects: Sequence[re.Match[str]],
    shared: bool,
) -> ClaimKind | None:
    """The strongest claim said behind any of a subject's places."""
    kinds: set[ClaimKind] = set()
    for place in places:
        ends = [s.start() for s in subjects if s.start() > place.start()] if shared else []
        reach = sentence[place.end() : min(ends, default=len(sentence))]
        if shared and not _ANY_RISE.search(reach):
            # "คะแนน IIT และคะแนน EIT เพิ่มขึ้นทุกปี": the verb stands behind the last of them.
            reach = sentence[place.end() :]
        if _said(_EVERY_YEAR, sentence, place.end(), reach):
            kinds.add(ClaimKind.RISING_EVERY_YEAR)
        elif _said(_ANY_RISE, sentence, place.end(), reach):
            kinds.add(ClaimKind.RISING)
    return next((kind for kind in ClaimKind if kind in kinds), None)


def _said(pattern: re.Pattern[str], sentence: str, offset: int, reach: str) -> bool:
    for found in pattern.finditer(reach):
        before = sentence[: offset + found.start()]
        close = before.removesuffix("แนวโน้ม").removesuffix("มี").removesuffix("ที่")
        denied = _NEGATION.search(before) or _NEGATION.search(close)
        if not denied and not _FUTURE.search(before):
            return True
    return False


def judge_claim(
    instrument: Instrument,
    claim: Claim,
    points: Sequence[Point],
    year: FiscalYear,
    reference: Reference,
) -> JudgedClaim:
    """What the scores up to the report's year say to a claim.

    Without a score of the report's own year a rise can't be confirmed, but a fall among the
    earlier ones contradicts "every year" all the same.
    """
    mine = [p for p in points if p.part == claim.part and p.fiscal_year <= year]
    verdict = verdict_of(claim.part, [(p.fiscal_year, p.score) for p in mine], reference)
    by_year = {p.fiscal_year: p for p in mine}
    evidence = tuple(Evidence(y, by_year[y].score, by_year[y].change) for y in verdict.years)
    known = verdict.last == year
    if claim.kind is ClaimKind.RISING_EVERY_YEAR:
        if verdict.against:
            result = ClaimVerdict.CONTRADICTED
        elif verdict.whole and known:
            result = ClaimVerdict.SUPPORTED
        else:
            result = ClaimVerdict.NOT_ENOUGH_DATA
    else:
        result = _judge_rise(verdict.changes[-1].change if verdict.changes else None, known)
    return JudgedClaim(instrument, claim, result, evidence)


def _judge_rise(last_change: Decimal | None, known: bool) -> ClaimVerdict:
    """A plain "rising": the report's year stands above the last comparable one before it."""
    if last_change is None or not known:
        return ClaimVerdict.NOT_ENOUGH_DATA
    return ClaimVerdict.SUPPORTED if last_change > 0 else ClaimVerdict.CONTRADICTED


def judged_claims(
    outcomes: Mapping[Instrument, str],
    points: Sequence[Point],
    year: FiscalYear,
    reference: Reference,
) -> tuple[JudgedClaim, ...]:
    """Every claim of rise in a report's outcomes, judged."""
    return tuple(
        judge_claim(instrument, claim, points, year, reference)
        for instrument, text in outcomes.items()
        for claim in read_claims(text, instrument)
    )
