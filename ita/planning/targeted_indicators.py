"""The indicators that last year's measures targeted, with their scores; pure. No cause is claimed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ita.domain import Part
from ita.i18n import either
from ita.measures.model import Measure
from ita.planning.plan_years import PlanYears
from ita.planning.weak_points import last_comparable
from ita.reference import Reference, YearRules
from ita.scores.trends import Point, Trend


@dataclass(frozen=True)
class TargetedIndicator:
    """An indicator that measures targeted, its score of the analysed year and the last comparable one;
    None where unknown."""

    number: Part
    name_th: str
    name_en: str
    measures: tuple[Measure, ...]
    score: Decimal | None
    previous: Point | None

    @property
    def name(self) -> str:
        return f"{self.number} {either(self.name_th, self.name_en)}"

    @property
    def change(self) -> Decimal | None:
        if self.score is None or self.previous is None or self.previous.score is None:
            return None
        return self.score - self.previous.score


def targeted_indicators(
    measures: Sequence[Measure], trend: Trend, years: PlanYears, reference: Reference
) -> tuple[TargetedIndicator, ...]:
    """Each indicator that some measure names, in the authority's order."""
    numbers = {number for measure in measures for number in measure.indicators}
    if not measures or not numbers:
        return ()
    rules = reference.nearest_rules(measures[0].fiscal_year)
    return tuple(
        _targeted_indicator(number, rules, measures, trend, years, reference)
        for number in rules.indicators
        if number in numbers
    )


def _targeted_indicator(
    number: Part,
    rules: YearRules,
    measures: Sequence[Measure],
    trend: Trend,
    years: PlanYears,
    reference: Reference,
) -> TargetedIndicator:
    indicator = rules.indicators[number]
    own_measures = tuple(measure for measure in measures if number in measure.indicators)
    score, previous = None, None
    # A score of an earlier year says nothing of this work.
    if (
        years.score_year is not None
        and years.work_year is not None
        and years.work_year <= years.score_year
    ):
        points = {p.fiscal_year: p.score for p in trend.points_of(number)}
        score = points.get(years.score_year)
        previous = last_comparable(trend, number, years.score_year, reference)
    return TargetedIndicator(
        number, indicator.name_th, indicator.name_en, own_measures, score, previous
    )
