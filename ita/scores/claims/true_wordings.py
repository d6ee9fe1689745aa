"""Sentences about a score that the stored scores bear out, to be copied into a report.

They are in Thai in every language of the interface, for the report is, and can be parsed by
`ita.scores.claims.texts`, which a test checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ita.domain import TOTAL, FiscalYear, Instrument, Part
from ita.reference import Reference
from ita.scores.claims.evidence import PartScores
from ita.scores.trends import Point

# The shortest run of rises that gets a sentence of its own.
MIN_RISES = 2
# The highest of two years is no more than a rise.
MIN_SPAN_YEARS = 3


@dataclass(frozen=True)
class _PartWording:
    """The scores of one part, as they are written in a sentence."""

    name: str
    scores: PartScores

    @property
    def year(self) -> FiscalYear:
        return self.scores.year

    def score(self, year: int) -> str:
        return f"{self.scores.score_in(year):.2f}"

    def score_sentence(self) -> str:
        return f"{self.name} ปี {int(self.year)} ได้ {self.score(self.year)} คะแนน"


def score_name(part: Part) -> str:
    """What a score is called in a report."""
    if part == TOTAL:
        return "คะแนน ITA"
    return f"คะแนน {part}" if part in tuple(Instrument) else f"คะแนนตัวชี้วัดที่ {part}"


def true_wordings(
    part: Part, year: FiscalYear, points: Sequence[Point], reference: Reference
) -> tuple[str, ...]:
    """True sentences about a part in a year, the strongest first; none without a score."""
    by_year = {p.fiscal_year: p for p in points if p.part == part and p.fiscal_year <= year}
    scores = PartScores(part, by_year, year, points, reference)
    if scores.score is None:
        return ()
    return tuple(dict.fromkeys(_sentences(_PartWording(score_name(part), scores))))


def _sentences(words: _PartWording) -> Iterator[str]:
    yield from _rise_sentences(words)
    yield from _highest_sentence(words)
    yield from _above_sentences(words)
    yield from _no_rise_sentence(words)
    yield words.score_sentence()


def _rise_sentences(words: _PartWording) -> Iterator[str]:
    year, count = words.year, _rises_in_a_row(words.scores)
    first = year - count
    if count >= MIN_RISES:
        yield (
            f"{words.name} เพิ่มขึ้นต่อเนื่อง {count} ปี "
            f"จาก {words.score(first)} คะแนน (ปี {first}) เป็น {words.score(year)} คะแนน (ปี {int(year)})"
        )
    before = _year_before(words.scores)
    change = words.scores.change_from(before) if before else None
    if before and change is not None and change > 0:
        yield f"{words.score_sentence()} เพิ่มขึ้น {change:.2f} คะแนน จากปี {int(before)}"


def _rises_in_a_row(scores: PartScores) -> int:
    """The number of years up to this one that each rose from the year before."""
    count = 0
    while (point := scores.by_year.get(FiscalYear(scores.year - count))) is not None:
        if point.change is None or point.change <= 0:
            break
        count += 1
    return count


def _year_before(scores: PartScores) -> FiscalYear | None:
    """The last comparable year before this one that has a score."""
    return next((y for y in reversed(scores.scored_years()) if y < scores.year), None)


def _highest_sentence(words: _PartWording) -> Iterator[str]:
    """Over the comparable years without a hole, and of those where no other is as high."""
    scores, count = words.scores, 1
    scored_years = set(scores.scored_years())
    now = scores.score or Decimal(0)
    while words.year - count in scored_years and (scores.score_in(words.year - count) or 0) < now:
        count += 1
    if count >= MIN_SPAN_YEARS:
        yield f"{words.score_sentence()} สูงสุดในรอบ {count} ปี"


def _above_sentences(words: _PartWording) -> Iterator[str]:
    scores, score = words.scores, words.scores.score or Decimal(0)
    national = scores.reference.national_mean(scores.year, scores.part)
    if national is not None and score > national.mean:
        yield f"{words.score_sentence()} สูงกว่าค่าเฉลี่ยทั้งประเทศ {national.mean:.2f} คะแนน"
    mark = scores.rules.pass_mark if scores.rules else None
    if mark is not None and score >= mark:
        yield f"{words.score_sentence()} ไม่ต่ำกว่าร้อยละ {mark:f}"


def _no_rise_sentence(words: _PartWording) -> Iterator[str]:
    before = _year_before(words.scores)
    change = words.scores.change_from(before) if before else None
    if before is None or change is None:
        return
    if change == 0:
        yield f"{words.score_sentence()} ไม่เปลี่ยนแปลงจากปี {int(before)}"
    elif change < 0:
        yield f"{words.score_sentence()} ลดลง {-change:.2f} คะแนน จากปี {int(before)}"


# Words that join a claim to the text before it; they are kept when the claim is replaced.
JOINING_WORDS = ("ส่งผลให้", "ทำให้", "โดย", "และ", "ซึ่ง")


def replace_claim(outcome: str, claimed: str, wording: str) -> str:
    """An outcome with a claim replaced by a true wording, which is appended where the claim is no
    longer there."""
    joining_word = next((word for word in JOINING_WORDS if claimed.startswith(word)), "")
    replacement = f"{joining_word} {wording}".strip()
    if claimed and claimed in outcome:
        return outcome.replace(claimed, replacement, 1)
    return f"{outcome.rstrip()} {wording}".strip()
