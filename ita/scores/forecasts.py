"""Where a score would come to lie if its years went on as before: always a range, or a reason why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from fractions import Fraction
from statistics import median, quantiles

from ita.charts.values import ValueBand
from ita.reference import Reference
from ita.scores.statistics import Run, comparable_run, pairwise_slopes, span_text
from ita.scores.trends import Trend
from ita.style import part_style
from ita.vocabulary import HUNDREDTH, FiscalYear, Part
from ita.wording import part_text, say, score_text, year_text

FEWEST_YEARS = 4
MOST_YEARS_AHEAD = 2
LOWEST, HIGHEST = Fraction(0), Fraction(100)
WHOLE = Decimal(1)


@dataclass(frozen=True)
class Forecast:
    """low, high: 0–100, two places, rounded outward. middle: the line continued, kept in 0–100.

    basis: the years with a score it stands on, with these scores, oldest first.
    """

    part: Part
    year: FiscalYear
    low: Decimal
    high: Decimal
    middle: Decimal
    basis: Run

    @property
    def basis_years(self) -> tuple[FiscalYear, ...]:
        return tuple(year for year, _ in self.basis)

    def sentence(self) -> str:
        """In whole points: hundredths would promise what a handful of years can't hold."""
        return say(
            "หากแนวโน้มเดิมดำเนินต่อไป {year} จะอยู่ราว {low} ถึง {high} คะแนน ({span})",
            year=year_text(self.year),
            low=self.low.quantize(WHOLE, rounding=ROUND_FLOOR),
            high=self.high.quantize(WHOLE, rounding=ROUND_CEILING),
            span=span_text(self.basis_years),
        )


class Obstacle(StrEnum):
    """Why there is no forecast."""

    TOO_FEW_YEARS = "too_few_years"
    LATEST_YEAR_MISSING = "latest_year_missing"
    TOO_FAR = "too_far"
    RULES_CHANGE = "rules_change"
    NO_SPREAD = "no_spread"


@dataclass(frozen=True)
class NoForecast:
    """told: the number, year or score that the reason names."""

    part: Part
    obstacle: Obstacle
    told: str

    def sentence(self) -> str:
        return {
            Obstacle.TOO_FEW_YEARS: say(
                "ไม่คาดการณ์ เพราะมีคะแนนที่เทียบกันได้ {told} ปี (ต้องมีอย่างน้อย {least} ปี)",
                told=self.told,
                least=FEWEST_YEARS,
            ),
            Obstacle.LATEST_YEAR_MISSING: say(
                "ไม่คาดการณ์ เพราะไม่มีคะแนนของปีล่าสุด ({told})", told=self.told
            ),
            Obstacle.TOO_FAR: say("ไม่คาดการณ์ไกลกว่า {told} ปี", told=self.told),
            Obstacle.RULES_CHANGE: say(
                "ไม่คาดการณ์ เพราะรูปแบบการประเมินเปลี่ยนในปี {told} คะแนนก่อนและหลังเทียบกันไม่ได้",
                told=self.told,
            ),
            Obstacle.NO_SPREAD: say(
                "ไม่คาดการณ์ เพราะคะแนนที่ผ่านมา (ปีล่าสุด {told}) ไม่กระจายพอที่จะบอกเป็นช่วง", told=self.told
            ),
        }[self.obstacle]


def forecast(
    found: Trend, part: Part, reference: Reference, ahead: int = 1
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
    run = comparable_run(found, part)
    refused = _obstacle(run, found, part, reference, ahead)
    return refused or _ranged(run, part, ahead)


def _obstacle(
    run: Run, found: Trend, part: Part, reference: Reference, ahead: int
) -> NoForecast | None:
    if ahead > MOST_YEARS_AHEAD:
        return NoForecast(part, Obstacle.TOO_FAR, str(MOST_YEARS_AHEAD))
    if len(run) < FEWEST_YEARS:
        return NoForecast(part, Obstacle.TOO_FEW_YEARS, str(len(run)))
    last = run[-1][0]
    if last != found.years[-1]:
        return NoForecast(part, Obstacle.LATEST_YEAR_MISSING, str(int(found.years[-1])))
    breaks = [b for b in reference.breaks_between(last, last + ahead) if not b.comparable]
    if breaks:
        return NoForecast(part, Obstacle.RULES_CHANGE, str(int(breaks[0].after)))
    return None


def _ranged(run: Run, part: Part, ahead: int) -> Forecast | NoForecast:
    last, score = run[-1]
    low, middle, high = _range(run, ahead)
    if low == high:
        return NoForecast(part, Obstacle.NO_SPREAD, score_text(score))
    return Forecast(
        part,
        FiscalYear(last + ahead),
        _decimal(low).quantize(HUNDREDTH, rounding=ROUND_FLOOR),
        _decimal(high).quantize(HUNDREDTH, rounding=ROUND_CEILING),
        _decimal(middle),
        run,
    )


def _range(run: Run, ahead: int) -> tuple[Fraction, Fraction, Fraction]:
    """Low, the line's point and high, exact and within 0–100."""
    last, score = run[-1]
    slopes = pairwise_slopes(run)
    middle = median(slopes)
    slow, *_, fast = quantiles(slopes, n=10, method="inclusive")
    # Each year's score brought to the year of the forecast along the line.
    carried = [Fraction(s) + middle * (last + ahead - year) for year, s in run]
    line = median(carried)
    # From the line as far as the scale goes: past its end, the years still scatter below a hundred.
    point = _kept(line)
    low = point + min(carried) - line + (slow - middle) * ahead
    high = point + max(carried) - line + (fast - middle) * ahead
    return _kept(min(low, Fraction(score))), point, _kept(max(high, Fraction(score)))


def _kept(value: Fraction) -> Fraction:
    return min(max(value, LOWEST), HIGHEST)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / value.denominator


def forecast_spreads(
    found: Trend,
    parts: Sequence[Part],
    years: Sequence[FiscalYear],
    reference: Reference,
    ahead: int = 1,
) -> tuple[ValueBand, ...]:
    """Bands for the chart, one a part, each from the last known score over the years ahead.

    years: those shown, on places from 0; a forecast lies on the places behind them. A part has no
    band where there is no forecast, or the last year shown isn't the one it starts from.
    """
    steps = range(1, ahead + 1)
    bands = (
        _spread([forecast(found, part, reference, step) for step in steps], years) for part in parts
    )
    return tuple(band for band in bands if band)


def _spread(
    forecasts: Sequence[Forecast | NoForecast], years: Sequence[FiscalYear]
) -> ValueBand | None:
    made = [found for found in forecasts if isinstance(found, Forecast)]
    if not made or not years or years[-1] != made[0].basis[-1][0]:
        return None
    part = made[0].part
    name = say("{part} หากแนวโน้มเดิมดำเนินต่อไป", part=part_text(part))
    return ValueBand(name, part_style(part).color, tuple(_edges(made, years[0])))


def _edges(made: Sequence[Forecast], first: FiscalYear) -> Iterator[tuple[float, float, float]]:
    year, score = made[0].basis[-1]
    yield year - first, float(score), float(score)
    for found in made:
        yield found.year - first, float(found.low), float(found.high)
