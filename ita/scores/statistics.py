"""How fast scores change (a median that one odd year moves little), and whether respondents can explain a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from statistics import median
from typing import TypeAlias

from ita.domain import HUNDREDTH, TOTAL, FiscalYear, Instrument, Part, two_places
from ita.formatting import score_text, year_text
from ita.i18n import _
from ita.reference import Reference, YearRules
from ita.scores.totals import HUNDRED, YearScores, effective_score
from ita.scores.trends import Trend

# Comparable years with their scores (0–100, two places), oldest first; a year may be missing.
ScoreRun: TypeAlias = tuple[tuple[FiscalYear, Decimal], ...]

MIN_SLOPE_YEARS = 3


def comparable_run(trend: Trend, part: Part) -> ScoreRun:
    """The scored years of the run that the verdict of a part is computed from."""
    verdict = trend.verdict(part)
    years = verdict.years if verdict else ()
    return tuple(
        (point.fiscal_year, point.score)
        for point in trend.points_of(part)
        if point.score is not None and point.fiscal_year in years
    )


def pairwise_slopes(run: Iterable[tuple[FiscalYear, Decimal]]) -> list[Fraction]:
    """Points a year between every two years of a run; exact, so that rounding comes last."""
    return [
        Fraction(later - earlier) / (year - before)
        for (before, earlier), (year, later) in combinations(run, 2)
    ]


def span_text(years: tuple[FiscalYear, ...]) -> str:
    """The years behind a figure: "2563–2567, 5 ปี", with the number scored where some are missing."""
    first, last, count = int(years[0]), int(years[-1]), len(years)
    total = last - first + 1
    if count == total:
        return _("{first}–{last}, {known} ปี", first=first, last=last, known=count)
    return _(
        "{first}–{last}, มีคะแนน {known} จาก {whole} ปี",
        first=first,
        last=last,
        known=count,
        whole=total,
    )


@dataclass(frozen=True)
class Slope:
    """years: those with a score. per_year: points a year, two places; None below three years."""

    part: Part
    years: tuple[FiscalYear, ...]
    per_year: Decimal | None

    def sentence(self) -> str:
        if self.per_year is None:
            return self._too_few_text()
        words = {"points": score_text(abs(self.per_year)), "span": span_text(self.years)}
        if self.per_year > 0:
            return _("โดยเฉลี่ยเพิ่มขึ้นราวปีละ {points} คะแนน ({span})", **words)
        if self.per_year < 0:
            return _("โดยเฉลี่ยลดลงราวปีละ {points} คะแนน ({span})", **words)
        return _("โดยเฉลี่ยแทบไม่เปลี่ยนแปลง ({span})", span=words["span"])

    def _too_few_text(self) -> str:
        if not self.years:
            return _("ยังไม่มีคะแนน")
        if len(self.years) == 1:
            return _("มีเพียงปีเดียว ({year}) ยังบอกการเปลี่ยนแปลงไม่ได้", year=int(self.years[0]))
        first, last = map(int, self.years)
        return _("มีเพียงสองปี ยังไม่ใช่แนวโน้ม ({first} และ {last})", first=first, last=last)


def compute_slope(part: Part, run: ScoreRun) -> Slope:
    """How fast a run rises: the median of all its pairwise slopes (Theil–Sen).

    One odd year among five moves it little, and a missing year does not matter, for each pair is
    divided by the years between.
    """
    years = tuple(sorted(year for year, _unused in run))
    if len(years) < MIN_SLOPE_YEARS:
        return Slope(part, years, None)
    return Slope(part, years, two_places(median(pairwise_slopes(run))))


# Whether a change of a score is more than the number of people who answered can explain.

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
