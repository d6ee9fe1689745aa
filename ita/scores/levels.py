"""Levels by year, also where parts are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ita.reference import Band, YearRules
from ita.vocabulary import Instrument, two_places
from ita.wording import either, later, say

PASSED_LEVEL_UNKNOWN = later("ผ่านเกณฑ์ (ไม่ทราบระดับ)")


@dataclass(frozen=True)
class LevelJudgement:
    """The levels that a year's scores allow, best first; one of them, unless a part is missing."""

    candidates: tuple[Band, ...]
    passed: bool | None

    @property
    def band(self) -> Band | None:
        return self.candidates[0] if len(self.candidates) == 1 else None

    def text(self) -> str | None:
        """The level's name; "passed, level unknown" where only that is certain; None if nothing is."""
        if self.band:
            return self.band.level
        return PASSED_LEVEL_UNKNOWN if self.passed else None


UNKNOWN = LevelJudgement((), None)


def judge_level(
    total: Decimal | None, instruments: Mapping[Instrument, Decimal | None], rules: YearRules
) -> LevelJudgement:
    """The level of a total (0–100) under the rules of its year.

    Scores are rounded to two places first and compared with ≥, so no gap is left between
    84.99 and 85. A missing instrument leaves every level possible that its score could give.
    """
    if total is None or not rules.bands:
        return UNKNOWN
    candidates: list[Band] = []
    for band in rules.bands:
        holds = _holds(band, two_places(total), instruments, rules)
        if holds is not False:
            candidates.append(band)
        if holds:
            break
    passed = {rules.passes(band) for band in candidates}
    return LevelJudgement(tuple(candidates), passed.pop() if len(passed) == 1 else None)


def _holds(
    band: Band,
    total: Decimal,
    instruments: Mapping[Instrument, Decimal | None],
    rules: YearRules,
) -> bool | None:
    """Whether a band's conditions hold; None where a missing instrument decides."""
    if total < band.min_total:
        return False
    if band.min_instrument is None:
        return True
    scores = [instruments.get(instrument) for instrument in rules.instruments]
    if any(score is not None and two_places(score) < band.min_instrument for score in scores):
        return False
    return None if None in scores else True


def level_mismatch(published: str | None, judgement: LevelJudgement, rules: YearRules) -> bool:
    """Whether a published level is none of those that the scores allow."""
    if not published or not judgement.candidates:
        return False
    band = rules.band(published)
    return band is not None and band not in judgement.candidates


def said_level(level: str | None, rules: YearRules) -> str | None:
    """A level in the language that is spoken; one that the year doesn't know stays as published."""
    if level is None:
        return None
    if level == PASSED_LEVEL_UNKNOWN:
        return say("ผ่านเกณฑ์ (ไม่ทราบระดับ)")
    band = rules.band(level)
    return either(band.level, band.name_en) if band else level
