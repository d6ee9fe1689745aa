"""How fast scores change over comparable years, by a median that one odd year can't move far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from statistics import median
from typing import TypeAlias

from ita.domain import FiscalYear, Part, two_places
from ita.formatting import score_text
from ita.i18n import _
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
    middle = median(pairwise_slopes(run))
    return Slope(part, years, two_places(Decimal(middle.numerator) / middle.denominator))
