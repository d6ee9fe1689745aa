"""Forecasts of a score from its comparable years: a range, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from fractions import Fraction
from statistics import median, quantiles

from ita.charts.values import ValueBand
from ita.domain import HUNDREDTH, FiscalYear, Part, to_decimal
from ita.formatting import part_text, score_text, year_text
from ita.i18n import _
from ita.reference import Reference
from ita.scores.statistics import ScoreRun, comparable_run, pairwise_slopes, span_text
from ita.scores.trends import Trend
from ita.theme import part_style

MIN_YEARS = 4
MAX_YEARS_AHEAD = 2
LOWEST, HIGHEST = Fraction(0), Fraction(100)
WHOLE_POINT = Decimal(1)


@dataclass(frozen=True)
class Forecast:
    """low, high: 0–100, two places, rounded outward. middle: the line continued, clamped to 0–100.

    basis: the years with a score that it is computed from, with these scores, oldest first.
    """

    part: Part
    year: FiscalYear
    low: Decimal
    high: Decimal
    middle: Decimal
    basis: ScoreRun

    @property
    def basis_years(self) -> tuple[FiscalYear, ...]:
        return tuple(year for year, _unused in self.basis)

    @property
    def _whole_points(self) -> dict[str, Decimal]:
        """Low and high: a few years don't allow a precision of hundredths."""
        return {
            "low": self.low.quantize(WHOLE_POINT, rounding=ROUND_FLOOR),
            "high": self.high.quantize(WHOLE_POINT, rounding=ROUND_CEILING),
        }

    @property
    def range_text(self) -> str:
        """คาด 87–99"""
        return _("คาด {low}–{high}", **self._whole_points)

    def sentence(self) -> str:
        return _(
            "หากแนวโน้มเดิมดำเนินต่อไป {year} จะอยู่ราว {low} ถึง {high} คะแนน ({span})",
            year=year_text(self.year),
            span=span_text(self.basis_years),
            **self._whole_points,
        )


class NoForecastReason(StrEnum):
    """Why there is no forecast."""

    TOO_FEW_YEARS = "too_few_years"
    LATEST_YEAR_MISSING = "latest_year_missing"
    TOO_FAR = "too_far"
    RULES_CHANGE = "rules_change"
    NO_SPREAD = "no_spread"


@dataclass(frozen=True)
class NoForecast:
    """detail: the number, year or score that the reason names."""

    part: Part
    reason: NoForecastReason
    detail: str

    def sentence(self) -> str:
        return {
            NoForecastReason.TOO_FEW_YEARS: _(
                "ไม่คาดการณ์ เพราะมีคะแนนที่เทียบกันได้ {told} ปี (ต้องมีอย่างน้อย {least} ปี)",
                told=self.detail,
                least=MIN_YEARS,
            ),
            NoForecastReason.LATEST_YEAR_MISSING: _(
                "ไม่คาดการณ์ เพราะไม่มีคะแนนของปีล่าสุด ({told})", told=self.detail
            ),
            NoForecastReason.TOO_FAR: _("ไม่คาดการณ์ไกลกว่า {told} ปี", told=self.detail),
            NoForecastReason.RULES_CHANGE: _(
                "ไม่คาดการณ์ เพราะรูปแบบการประเมินเปลี่ยนในปี {told} คะแนนก่อนและหลังเทียบกันไม่ได้",
                told=self.detail,
            ),
            NoForecastReason.NO_SPREAD: _(
                "ไม่คาดการณ์ เพราะคะแนนที่ผ่านมา (ปีล่าสุด {told}) ไม่กระจายพอที่จะบอกเป็นช่วง", told=self.detail
            ),
        }[self.reason]


def compute_forecast(
    trend: Trend, part: Part, reference: Reference, ahead: int = 1
) -> Forecast | NoForecast:
    """The range of a part `ahead` years after the agency's latest one, by its comparable run.

    The Theil–Sen line continued, and around it: the 10 % and 90 % quantiles of the pairwise slopes
    for each year ahead, and how far single years lay above and below the line. The last score is
    always in it, for staying is always possible. Cut to 0–100. It is no confidence interval.

    Raises:
        ValueError: ahead is below 1.
    """
    if ahead < 1:
        raise ValueError(f"a forecast looks ahead: {ahead}")
    run = comparable_run(trend, part)
    refusal = _refusal(run, trend, part, reference, ahead)
    return refusal or _forecast_of_run(run, part, ahead)


def _refusal(
    run: ScoreRun, trend: Trend, part: Part, reference: Reference, ahead: int
) -> NoForecast | None:
    if ahead > MAX_YEARS_AHEAD:
        return NoForecast(part, NoForecastReason.TOO_FAR, str(MAX_YEARS_AHEAD))
    if len(run) < MIN_YEARS:
        return NoForecast(part, NoForecastReason.TOO_FEW_YEARS, str(len(run)))
    last = run[-1][0]
    if last != trend.years[-1]:
        return NoForecast(part, NoForecastReason.LATEST_YEAR_MISSING, str(int(trend.years[-1])))
    breaks = [b for b in reference.breaks_between(last, last + ahead) if not b.comparable]
    if breaks:
        return NoForecast(part, NoForecastReason.RULES_CHANGE, str(int(breaks[0].after)))
    return None


def _forecast_of_run(run: ScoreRun, part: Part, ahead: int) -> Forecast | NoForecast:
    last, score = run[-1]
    low, middle, high = _range(run, ahead)
    if low == high:
        return NoForecast(part, NoForecastReason.NO_SPREAD, score_text(score))
    return Forecast(
        part,
        FiscalYear(last + ahead),
        to_decimal(low).quantize(HUNDREDTH, rounding=ROUND_FLOOR),
        to_decimal(high).quantize(HUNDREDTH, rounding=ROUND_CEILING),
        to_decimal(middle),
        run,
    )


def _range(run: ScoreRun, ahead: int) -> tuple[Fraction, Fraction, Fraction]:
    """Low, the line's point and high, exact and within 0–100."""
    last, score = run[-1]
    slopes = pairwise_slopes(run)
    middle = median(slopes)
    slow, *_unused, fast = quantiles(slopes, n=10, method="inclusive")
    # Each year's score projected along the line to the year of the forecast.
    projected = [Fraction(s) + middle * (last + ahead - year) for year, s in run]
    line = median(projected)
    # From the line as far as the scale goes: past its end, the years still scatter below a hundred.
    point = _clamp(line)
    low = point + min(projected) - line + (slow - middle) * ahead
    high = point + max(projected) - line + (fast - middle) * ahead
    return _clamp(min(low, Fraction(score))), point, _clamp(max(high, Fraction(score)))


def _clamp(value: Fraction) -> Fraction:
    return min(max(value, LOWEST), HIGHEST)


def forecast_bands(
    trend: Trend, parts: Sequence[Part], years: Sequence[FiscalYear], reference: Reference
) -> tuple[ValueBand, ...]:
    """Bands for the chart, one a part, from the last known score to the forecast of the next year.

    years: those shown, at positions from 0; the forecast lies at the position after them. A part has no
    band where there is no forecast, or the last year shown isn't the one it starts from.
    """
    bands = []
    for part in parts:
        forecast = compute_forecast(trend, part, reference)
        if isinstance(forecast, Forecast) and years and years[-1] == forecast.basis[-1][0]:
            score = float(forecast.basis[-1][1])
            start, end = years[-1] - years[0], forecast.year - years[0]
            edges = (start, score, score), (end, float(forecast.low), float(forecast.high))
            name = _("{part} หากแนวโน้มเดิมดำเนินต่อไป", part=part_text(part))
            bands.append(ValueBand(name, part_style(part).color, edges, forecast.range_text))
    return tuple(bands)
