"""What the scores say to the claims of rise in a report's outcome texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ita.reference import Reference
from ita.scores.claim_texts import Claim, ClaimKind, read_claims
from ita.scores.trends import Point, verdict_of
from ita.vocabulary import FiscalYear, Instrument
from ita.wording import change_text, no_data, say, score_text


class ClaimVerdict(StrEnum):
    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_ENOUGH_DATA = "not_enough_data"


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
            # A plain "rising" speaks of the report's year only, whatever the years before did.
            every_year = self.claim.kind is ClaimKind.RISING_EVERY_YEAR
            asked = self.evidence if every_year else self.evidence[-1:]
            against = [e for e in asked if e.change is not None and e.change <= 0]
            years = ", ".join(f"{int(e.fiscal_year)} ({change_text(e.change)})" for e in against)
            return say("ขัดกับคะแนนที่มี: ไม่เพิ่มขึ้นในปี {years}", years=years or told)
        return say("ข้อมูลไม่พอที่จะยืนยัน ({evidence})", evidence=told or no_data())


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
