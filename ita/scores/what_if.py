"""What if: scores of one year moved by hand and judged by the rules that judge the data; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ita.domain import TOTAL, FiscalYear, Instrument, Part
from ita.reference import Band, Reference, YearRules
from ita.scores.levels import LevelJudgement, judge_level
from ita.scores.totals import HUNDRED, compute_part, effective_score
from ita.scores.trends import Point, Trend


@dataclass(frozen=True)
class Lever:
    """What a scenario moves: an indicator, or an instrument where indicators are missing.

    start: the score now, 0–100 to two places. worth: points of the total for one point of it.
    """

    part: Part
    instrument: Instrument
    start: Decimal
    worth: Fraction

    @property
    def worth_decimal(self) -> Decimal:
        return Decimal(self.worth.numerator) / Decimal(self.worth.denominator)


@dataclass(frozen=True)
class ScenarioOutcome:
    """What the rules make of scores: total and instruments (0–100, two places), level."""

    total: Decimal | None
    instruments: Mapping[Instrument, Decimal | None]
    judgement: LevelJudgement

    def reaches(self, target: Band, rules: YearRules) -> bool:
        """Whether the level is the target or a better one."""
        band = self.judgement.band
        return band is not None and rules.bands.index(band) <= rules.bands.index(target)


@dataclass(frozen=True)
class StartingPoint:
    """The scores of a base year that a scenario starts from.

    rules: those it is judged by, of the base year or of the next. levers: empty where the scores
    don't suffice. missing_indicators: those without a score. unknown_instruments: those with neither.
    total: as the trend has it, published where it was.
    """

    year: FiscalYear
    rules: YearRules
    levers: tuple[Lever, ...]
    missing_indicators: tuple[Part, ...]
    unknown_instruments: tuple[Instrument, ...]
    total: Point

    @property
    def moves_instruments(self) -> bool:
        return any(lever.part in self.rules.instruments for lever in self.levers)

    def scores(self, changes: Mapping[Part, Decimal]) -> dict[Part, Decimal]:
        """All scores of a scenario: what it changes, and the rest as it is."""
        return {lever.part: changes.get(lever.part, lever.start) for lever in self.levers}

    def outcome(self, changes: Mapping[Part, Decimal]) -> ScenarioOutcome:
        return compute_outcome(self.scores(changes), self.rules)


def compute_outcome(scores: Mapping[Part, Decimal], rules: YearRules) -> ScenarioOutcome:
    """Total, instruments and level of scores, by the functions that judge the data."""
    total = compute_part(scores, rules, TOTAL)
    instruments = {i: effective_score(scores, rules, i) for i in rules.instruments}
    return ScenarioOutcome(total, instruments, judge_level(total, instruments, rules))


def point_worth(part: Part, rules: YearRules) -> Fraction:
    """Points of the total (0–100) that one point of an indicator or an instrument is worth."""
    if part in rules.instruments:
        return Fraction(rules.instruments[Instrument(part)].weight) / Fraction(HUNDRED)
    instrument = rules.indicators[part].instrument
    return point_worth(instrument, rules) / len(rules.indicators_of(instrument))


def find_starting_point(
    trend: Trend, year: FiscalYear, reference: Reference, judging_rules: YearRules | None = None
) -> StartingPoint | None:
    """Where a scenario of a year starts; None where the year has no scores at all.

    Where one indicator is missing all levers are instruments: a point of an instrument and one of
    an indicator are not the same effort, so they are never mixed.
    """
    points = {point.part: point for point in trend.points if point.fiscal_year == year}
    scores = {part: point.score for part, point in points.items() if point.score is not None}
    if not scores:
        return None
    rules = judging_rules or reference.rules(year)
    missing = tuple(part for part in rules.indicators if part not in scores)
    unknown = tuple(i for i in rules.instruments if i not in scores) if missing else ()
    levers: tuple[Lever, ...] = ()
    if not missing:
        levers = tuple(
            Lever(part, indicator.instrument, scores[part], point_worth(part, rules))
            for part, indicator in rules.indicators.items()
        )
    elif not unknown:
        levers = tuple(Lever(i, i, scores[i], point_worth(i, rules)) for i in rules.instruments)
    return StartingPoint(year, rules, levers, missing, unknown, points[TOTAL])


def starting_years(trend: Trend) -> tuple[FiscalYear, ...]:
    """Years with any score; `workable_years` are those that suffice for a scenario."""
    return tuple(sorted({p.fiscal_year for p in trend.points if p.score is not None}))


def workable_years(trend: Trend, reference: Reference) -> tuple[FiscalYear, ...]:
    """Years whose scores suffice for a scenario."""
    starts = (find_starting_point(trend, year, reference) for year in starting_years(trend))
    return tuple(start.year for start in starts if start and start.levers)


def next_known_rules(reference: Reference, year: FiscalYear) -> YearRules | None:
    """The rules of the next year that has weights, unless its model can't be compared."""
    later = [y for y, rules in reference.years.items() if y > year and rules.instruments]
    if not later or not reference.comparable(year, min(later)):
        return None
    return reference.years[min(later)]


def have_equal_rules(left: YearRules, right: YearRules) -> bool:
    """Whether two years turn the same scores into the same total and level."""
    return _judging_rules(left) == _judging_rules(right)


def _judging_rules(rules: YearRules) -> tuple[object, ...]:
    return (
        rules.pass_mark,
        {i: rule.weight for i, rule in rules.instruments.items()},
        {number: indicator.instrument for number, indicator in rules.indicators.items()},
        [(band.level, band.min_total, band.min_instrument) for band in rules.bands],
    )


def format_scenario(changes: Mapping[Part, Decimal], start: StartingPoint) -> str:
    """A scenario as a URL value: only what differs from the start, as 5-90.50,9-95.00."""
    return ",".join(
        f"{lever.part}-{changes[lever.part]}"
        for lever in start.levers
        if changes.get(lever.part, lever.start) != lever.start
    )


_CHANGE = re.compile(r"([A-Z]{3}|[1-9][0-9]?)-([0-9]{1,3}(?:\.[0-9]{1,2})?)")


def parse_scenario(text: str, start: StartingPoint) -> tuple[dict[Part, Decimal], int]:
    """The scenario of a URL value, and how many of its pieces are no change of this start."""
    parts = {lever.part for lever in start.levers}
    changes: dict[Part, Decimal] = {}
    ignored = 0
    for piece in filter(None, text.split(",")):
        match = _CHANGE.fullmatch(piece)
        part, score = match.groups() if match else ("", "0")
        if part not in parts or part in changes or Decimal(score) > HUNDRED:
            ignored += 1
        else:
            changes[part] = Decimal(score).quantize(Decimal("0.01"))
    return changes, ignored
