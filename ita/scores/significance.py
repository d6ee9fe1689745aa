"""Whether a change of a score is more than the number of people who answered can explain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from ita.domain import HUNDREDTH, TOTAL, FiscalYear, Instrument, Part
from ita.formatting import score_text, year_text
from ita.i18n import _
from ita.reference import Reference, YearRules
from ita.scores.statistics import comparable_run
from ita.scores.totals import HUNDRED, YearScores, effective_score
from ita.scores.trends import Trend

# The instruments that people answer. OIT is a check of a website without a sample.
SURVEYED_INSTRUMENTS = (Instrument.IIT, Instrument.EIT)
# Standard deviations around the mean of a normal distribution that hold 95 % of it.
Z_95 = Decimal("1.96")


class ChangeVerdict(StrEnum):
    """What the number of respondents allows to say about a change."""

    BEYOND_CHANCE = "beyond_chance"
    MAY_BE_CHANCE = "may_be_chance"
    RESPONDENTS_UNKNOWN = "respondents_unknown"
    NOT_SURVEYED = "nobody_asked"


@dataclass(frozen=True)
class JudgedChange:
    """The change of a part between two years. margin: the most that chance explains, in points.

    missing: the instruments and years without number of respondents or score. has_all_scores: whether it is only
    the number of respondents.
    """

    part: Part
    before: FiscalYear
    after: FiscalYear
    change: Decimal
    verdict: ChangeVerdict
    margin: Decimal | None
    missing: tuple[tuple[Instrument, FiscalYear], ...]
    has_all_scores: bool = True

    def sentence(self) -> str:
        words = {"moved": self._change_text(), "margin": score_text(self.margin)}
        if self.verdict is ChangeVerdict.NOT_SURVEYED:
            return _(
                "{moved}: มาจากการตรวจ ไม่ใช่จากผู้ตอบ จึงไม่มีความคลาดเคลื่อนแบบนี้", moved=words["moved"]
            )
        if self.verdict is ChangeVerdict.RESPONDENTS_UNKNOWN:
            return _("{moved}: {unknown} จึงบอกไม่ได้ว่าเกินกว่าความบังเอิญหรือไม่", **self._unknown_words())
        if self.verdict is ChangeVerdict.BEYOND_CHANCE:
            return _("{moved}: มากกว่าที่จำนวนผู้ตอบจะอธิบายได้ (ไม่เกิน ±{margin})", **words)
        if self.change == 0:
            return _("{moved}: จำนวนผู้ตอบอาจทำให้ต่างได้ถึง ±{margin}", **words)
        return _("{moved}: อาจเป็นเพราะจำนวนผู้ตอบน้อย (ไม่เกิน ±{margin})", **words)

    def _unknown_words(self) -> dict[str, str]:
        """What is not known: of the total, a score of an instrument may be missing too."""
        instrument_years = ", ".join(f"{i} {int(year)}" for i, year in self.missing)
        lack = _("ไม่ทราบจำนวนผู้ตอบหรือคะแนนของ {whose}", whose=instrument_years)
        if not instrument_years:
            lack = _("ไม่ทราบจำนวนผู้ตอบ")
        elif self.has_all_scores:
            lack = _("ไม่ทราบจำนวนผู้ตอบ {whose}", whose=instrument_years)
        return {"moved": self._change_text(), "unknown": lack}

    def _change_text(self) -> str:
        years = {"year": year_text(self.after), "before": year_text(self.before)}
        points = score_text(abs(self.change))
        if self.change > 0:
            return _("{year} เพิ่มขึ้น {points} จาก{before}", points=points, **years)
        if self.change < 0:
            return _("{year} ลดลง {points} จาก{before}", points=points, **years)
        return _("{year} เท่ากับ{before}", **years)


def judge_latest_change(
    trend: Trend, scores: Iterable[YearScores], part: Part, reference: Reference
) -> JudgedChange | None:
    """The last change of a part's comparable run, judged; None where the run has no two years."""
    run = comparable_run(trend, part)
    if len(run) < 2:
        return None
    by_year = {year.fiscal_year: year for year in scores}
    return judge_change(by_year[run[-2][0]], by_year[run[-1][0]], part, reference)


def judge_change(
    before: YearScores, after: YearScores, part: Part, reference: Reference
) -> JudgedChange | None:
    """A change against what the number of respondents could make by chance alone.

    Single answers are not published, so only a bound is known: scores of 0–100 with the mean m
    spread by at most √(m(100−m)) (Bhatia–Davis). The margin of the difference of two independent
    years at 95 % is then 1.96·√(m₁(100−m₁)/n₁ + m₂(100−m₂)/n₂); of the total, each instrument's
    share goes in by the weights of its year. It is rounded up, and a change as large as it may
    still be chance. It says nothing about who was asked, or about questions that changed.

    None where one of the scores is missing, or the years can't be compared.

    Raises:
        UnknownYear: the reference data has no rules for one of the years.
    """
    years = (before, after)
    first, last = (effective_score(y.values, reference.rules(y.fiscal_year), part) for y in years)
    comparable = reference.comparable(before.fiscal_year, after.fiscal_year)
    if first is None or last is None or not comparable:
        return None
    instruments = [_instruments(part, reference.rules(year.fiscal_year)) for year in years]
    samples = [s for year in years for s in _samples(year, part, reference)]
    margin, verdict = None, ChangeVerdict.RESPONDENTS_UNKNOWN
    if all(instruments) and not samples:
        verdict = ChangeVerdict.NOT_SURVEYED
    elif all(instruments) and all(sample.is_known for sample in samples):
        margin = _margin(samples)
        beyond = abs(last - first) > margin
        verdict = ChangeVerdict.BEYOND_CHANCE if beyond else ChangeVerdict.MAY_BE_CHANCE
    missing = tuple((s.instrument, s.fiscal_year) for s in samples if not s.is_known)
    has_all_scores = all(sample.mean is not None for sample in samples)
    return JudgedChange(
        part,
        before.fiscal_year,
        after.fiscal_year,
        last - first,
        verdict,
        margin,
        missing,
        has_all_scores,
    )


@dataclass(frozen=True)
class _Sample:
    """People who answered an instrument in one year. share: 0–1, how far their mean makes the part."""

    instrument: Instrument
    fiscal_year: FiscalYear
    share: Decimal
    mean: Decimal | None
    count: int

    @property
    def is_known(self) -> bool:
        return self.mean is not None and self.count > 0

    @property
    def variance(self) -> Decimal:
        """The most that the variance of the mean can be, in points of the part."""
        mean = self.mean or Decimal(0)
        return self.share**2 * mean * (HUNDRED - mean) / self.count


def _instruments(part: Part, rules: YearRules) -> dict[Instrument, Decimal]:
    """The instruments behind a part with their shares (0–1); none where the rules don't say."""
    if part == TOTAL:
        return {i: rule.weight / HUNDRED for i, rule in rules.instruments.items()}
    indicator = rules.indicators.get(part)
    if indicator:
        return {indicator.instrument: Decimal(1)}
    return {Instrument(part): Decimal(1)} if part in tuple(Instrument) else {}


def _samples(scores: YearScores, part: Part, reference: Reference) -> Iterator[_Sample]:
    year, rules = scores.fiscal_year, reference.rules(scores.fiscal_year)
    for instrument, share in _instruments(part, rules).items():
        if instrument in SURVEYED_INSTRUMENTS:
            mean = effective_score(scores.values, rules, instrument if part == TOTAL else part)
            yield _Sample(instrument, year, share, mean, scores.respondents.get(instrument, 0))


def _margin(samples: Iterable[_Sample]) -> Decimal:
    """Half the width of the 95 % range of a sum of independent means, rounded up to two places."""
    spread = sum((sample.variance for sample in samples), Decimal(0)).sqrt()
    return (Z_95 * spread).quantize(HUNDREDTH, rounding=ROUND_CEILING)
