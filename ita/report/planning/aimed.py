"""What the last year's measures aimed at, beside the figures; pure. Nothing says that one made the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ita.measures.model import Measure
from ita.reference import Reference, YearRules
from ita.report.planning.basis import PlanYears
from ita.report.planning.weak_points import last_comparable
from ita.scores.trends import Point, Trend
from ita.vocabulary import Part
from ita.wording import either


@dataclass(frozen=True)
class Aimed:
    """An indicator at which measures aimed, and its figure of the analysed year beside the last one
    that can be compared; None where it isn't known. What moved it, nobody can say."""

    number: Part
    name_th: str
    name_en: str
    measures: tuple[Measure, ...]
    score: Decimal | None
    before: Point | None

    @property
    def name(self) -> str:
        return f"{self.number} {either(self.name_th, self.name_en)}"

    @property
    def change(self) -> Decimal | None:
        if self.score is None or self.before is None or self.before.score is None:
            return None
        return self.score - self.before.score


def aimed_at(
    planned: Sequence[Measure], found: Trend, years: PlanYears, reference: Reference
) -> tuple[Aimed, ...]:
    """Each indicator that some measure names, in the authority's order."""
    numbers = {number for measure in planned for number in measure.indicators}
    if not planned or not numbers:
        return ()
    rules = reference.nearest_rules(planned[0].fiscal_year)
    return tuple(
        _aim(number, rules, planned, found, years, reference)
        for number in rules.indicators
        if number in numbers
    )


def _aim(
    number: Part,
    rules: YearRules,
    planned: Sequence[Measure],
    found: Trend,
    years: PlanYears,
    reference: Reference,
) -> Aimed:
    named = rules.indicators[number]
    mine = tuple(measure for measure in planned if number in measure.indicators)
    score, before = None, None
    # A score of an earlier year says nothing of this work.
    if years.scored is not None and years.worked is not None and years.worked <= years.scored:
        points = {p.fiscal_year: p.score for p in found.of(number)}
        score = points.get(years.scored)
        before = last_comparable(found, number, years.scored, reference)
    return Aimed(number, named.name_th, named.name_en, mine, score, before)
