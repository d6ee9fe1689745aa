"""Sentences about a score that the stored scores bear out, to be copied into a report.

They are written in Thai whatever language is spoken, for the report is; and in words that our own
reader of claims understands, which a test holds them to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ita.reference import Reference
from ita.scores.part_scores import PartScores
from ita.scores.trends import Point
from ita.vocabulary import TOTAL, FiscalYear, Instrument, Part

LEAST_RISES = 2
"""So many rises in a row are worth saying together."""
LEAST_SPAN = 3
"""The highest of two years says no more than a rise does."""


@dataclass(frozen=True)
class _Words:
    """The scores of one part, as they are written in a sentence."""

    name: str
    scores: PartScores

    @property
    def year(self) -> FiscalYear:
        return self.scores.year

    def score(self, year: int) -> str:
        return f"{self.scores.score_in(year):.2f}"

    def stands(self) -> str:
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
    return tuple(dict.fromkeys(_sentences(_Words(score_name(part), scores))))


def _sentences(words: _Words) -> Iterator[str]:
    yield from _rises(words)
    yield from _highest(words)
    yield from _above(words)
    yield from _not_risen(words)
    yield words.stands()


def _rises(words: _Words) -> Iterator[str]:
    year, count = words.year, _rises_in_a_row(words.scores)
    first = year - count
    if count >= LEAST_RISES:
        yield (
            f"{words.name} เพิ่มขึ้นต่อเนื่อง {count} ปี "
            f"จาก {words.score(first)} คะแนน (ปี {first}) เป็น {words.score(year)} คะแนน (ปี {int(year)})"
        )
    before = _year_before(words.scores)
    change = words.scores.change_from(before) if before else None
    if before and change is not None and change > 0:
        yield f"{words.stands()} เพิ่มขึ้น {change:.2f} คะแนน จากปี {int(before)}"


def _rises_in_a_row(scores: PartScores) -> int:
    """How many years up to this one each stood above the one before."""
    count = 0
    while (point := scores.by_year.get(FiscalYear(scores.year - count))) is not None:
        if point.change is None or point.change <= 0:
            break
        count += 1
    return count


def _year_before(scores: PartScores) -> FiscalYear | None:
    """The last comparable year before this one that has a score."""
    return next((y for y in reversed(scores.scored_years()) if y < scores.year), None)


def _highest(words: _Words) -> Iterator[str]:
    """Over the comparable years without a hole, and of those where no other is as high."""
    scores, count = words.scores, 1
    known = set(scores.scored_years())
    while words.year - count in known and _below(scores, words.year - count):
        count += 1
    if count >= LEAST_SPAN:
        yield f"{words.stands()} สูงสุดในรอบ {count} ปี"


def _below(scores: PartScores, year: int) -> bool:
    before, now = scores.score_in(year), scores.score
    return before is not None and now is not None and before < now


def _above(words: _Words) -> Iterator[str]:
    scores, score = words.scores, words.scores.score or Decimal(0)
    national = scores.reference.national_mean(scores.year, scores.part)
    if national is not None and score > national.mean:
        yield f"{words.stands()} สูงกว่าค่าเฉลี่ยทั้งประเทศ {national.mean:.2f} คะแนน"
    mark = scores.rules.pass_mark if scores.rules else None
    if mark is not None and score >= mark:
        yield f"{words.stands()} ไม่ต่ำกว่าร้อยละ {mark:f}"


def _not_risen(words: _Words) -> Iterator[str]:
    before = _year_before(words.scores)
    change = words.scores.change_from(before) if before else None
    if before is None or change is None:
        return
    if change == 0:
        yield f"{words.stands()} ไม่เปลี่ยนแปลงจากปี {int(before)}"
    elif change < 0:
        yield f"{words.stands()} ลดลง {-change:.2f} คะแนน จากปี {int(before)}"


LEADS = ("ส่งผลให้", "ทำให้", "โดย", "และ", "ซึ่ง")
"""Words that join a claim to what stands before it; they stay when it is put in other words."""


def with_wording(outcome: str, claimed: str, wording: str) -> str:
    """An outcome in which what was claimed is put as a true wording; it is added at the end where
    the claim is no longer there."""
    lead = next((word for word in LEADS if claimed.startswith(word)), "")
    said = f"{lead} {wording}".strip()
    if claimed and claimed in outcome:
        return outcome.replace(claimed, said, 1)
    return f"{outcome.rstrip()} {wording}".strip()
