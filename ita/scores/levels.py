"""Levels by year, also where parts are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ita.domain import TOTAL, Instrument, Part, Scale, two_places
from ita.i18n import N_, _, either
from ita.reference import Band, YearRules
from ita.scores.totals import effective_score, rounding_slack

PASSED_LEVEL_UNKNOWN = N_("ผ่านเกณฑ์ (ไม่ทราบระดับ)")


@dataclass(frozen=True)
class LevelJudgement:
    """The levels that a year's scores allow, best first; one of them, unless a part is missing."""

    candidates: tuple[Band, ...]
    is_passed: bool | None

    @property
    def band(self) -> Band | None:
        return self.candidates[0] if len(self.candidates) == 1 else None

    def text(self) -> str | None:
        """The level's name; "passed, level unknown" where only that is certain; None if nothing is."""
        if self.band:
            return self.band.level
        return PASSED_LEVEL_UNKNOWN if self.is_passed else None


UNKNOWN_LEVEL = LevelJudgement((), None)


def judge_level(
    total: Decimal | None, instruments: Mapping[Instrument, Decimal | None], rules: YearRules
) -> LevelJudgement:
    """The level of a total (0–100) under the rules of its year.

    Scores are rounded to two places first and compared with ≥, so no gap is left between
    84.99 and 85. A missing instrument leaves every level possible that its score could give.
    """
    if total is None or not rules.bands:
        return UNKNOWN_LEVEL
    candidates: list[Band] = []
    for band in rules.bands:
        meets = _meets_conditions(band, two_places(total), instruments, rules)
        if meets is not False:
            candidates.append(band)
        if meets:
            break
    passed = {rules.passes(band) for band in candidates}
    return LevelJudgement(tuple(candidates), passed.pop() if len(passed) == 1 else None)


def _meets_conditions(
    band: Band,
    total: Decimal,
    instruments: Mapping[Instrument, Decimal | None],
    rules: YearRules,
) -> bool | None:
    """Whether a band's conditions are met; None where a missing instrument decides."""
    if total < band.min_total:
        return False
    if band.min_instrument is None:
        return True
    scores = [instruments.get(instrument) for instrument in rules.instruments]
    if any(score is not None and two_places(score) < band.min_instrument for score in scores):
        return False
    return None if None in scores else True


def judge_with_slack(
    values: Mapping[Part, Decimal],
    rules: YearRules,
    sign: int = 0,
    scale: Scale | None = None,
) -> LevelJudgement:
    """The level of a year's scores; sign: −1 with each of them as low as rounding may have made it
    too high, 1 as high, 0 as they are. scale: in which the instruments were published, None = not
    known any more."""

    def shifted_score(part: Part) -> Decimal | None:
        score = effective_score(values, rules, part)
        return None if score is None else score + sign * rounding_slack(values, rules, part, scale)

    return judge_level(
        shifted_score(TOTAL), {i: shifted_score(i) for i in rules.instruments}, rules
    )


def has_level_mismatch(
    published: str | None,
    values: Mapping[Part, Decimal],
    rules: YearRules,
    scale: Scale | None = None,
) -> bool:
    """Whether a published level is none of those that the scores allow, with rounding to spare."""
    band = rules.band(published) if published else None
    sides = [judge_with_slack(values, rules, sign, scale) for sign in (-1, 1)]
    positions = [rules.bands.index(b) for side in sides for b in side.candidates]
    if band is None or not positions:
        return False
    return not min(positions) <= rules.bands.index(band) <= max(positions)


def localized_level(level: str | None, rules: YearRules) -> str | None:
    """A level in the current language; one that the year's rules don't have stays as published."""
    if level is None:
        return None
    if level == PASSED_LEVEL_UNKNOWN:
        return _("ผ่านเกณฑ์ (ไม่ทราบระดับ)")
    band = rules.band(level)
    return either(band.level, band.name_en) if band else level
