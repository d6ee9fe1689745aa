"""Weak points of a year's scores, worst first: what a plan has to answer; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from ita.domain import TOTAL, FiscalYear, Instrument, Part, two_places
from ita.formatting import change_text, year_text
from ita.i18n import N_, _, either
from ita.reference import Reference, YearRules
from ita.scores.standing import level_targets
from ita.scores.trends import Point, Trend
from ita.scores.what_if import point_worth


class Weakness(StrEnum):
    """Why a part counts as weak, the most pressing first."""

    BELOW_MARK = "below_mark"
    FALLEN = "fallen"
    NEXT_LEVEL = "next_level"


WEAKNESS_LABELS: Mapping[Weakness, str] = {
    Weakness.BELOW_MARK: N_("ต้องแก้ไขโดยเร่งด่วน"),
    Weakness.FALLEN: N_("คะแนนลดลง"),
    Weakness.NEXT_LEVEL: N_("พัฒนาให้ถึงระดับถัดไป"),
}


@dataclass(frozen=True)
class WeakPoint:
    """An indicator, or an instrument without known indicators, in one year.

    next_mark: where the next better level starts (0–100), None at the best one. pass_mark: of its
    year. worth: points of the total for one point of it. previous: the last comparable score.
    """

    part: Part
    instrument: Instrument
    name_th: str
    name_en: str
    year: FiscalYear
    score: Decimal
    next_mark: Decimal | None
    worth: Fraction
    previous: Point | None
    source: str
    weakness: Weakness
    pass_mark: Decimal | None = None

    @property
    def is_indicator(self) -> bool:
        return self.part != self.instrument

    @property
    def name(self) -> str:
        """4 การใช้ทรัพย์สินของราชการ, or the instrument's code and name."""
        return f"{self.part} {either(self.name_th, self.name_en)}"

    @property
    def gap(self) -> Decimal | None:
        """Points short of the next mark."""
        return None if self.next_mark is None else self.next_mark - self.score

    @property
    def total_gain(self) -> Decimal | None:
        """Points of the total, to two places, if the next mark were reached."""
        if self.gap is None:
            return None
        exact = Fraction(self.gap) * self.worth
        return two_places(Decimal(exact.numerator) / exact.denominator)

    @property
    def change(self) -> Decimal | None:
        if self.previous is None or self.previous.score is None:
            return None
        return self.score - self.previous.score

    def format_change(self) -> str:
        """−1.20 จากปี 2568"""
        if self.previous is None or self.change is None:
            return _("เทียบกับปีก่อนไม่ได้")
        return _(
            "{change} จาก{year}",
            change=change_text(self.change),
            year=year_text(self.previous.fiscal_year),
        )

    def weakness_label(self) -> str:
        return _(WEAKNESS_LABELS[self.weakness])


def compute_weak_points(
    trend: Trend, year: FiscalYear, reference: Reference
) -> tuple[WeakPoint, ...]:
    """The weak points of a year: below the pass mark, then fallen, then short of the next level.

    Inside each the worst comes first. The marks of a level are set for totals; for an indicator
    they are a yardstick, as on every page.
    """
    rules = reference.rules(year)
    weak = filter(
        None,
        (_weak_point(point, rules, trend, reference) for point in _scored_points(trend, rules)),
    )
    return tuple(sorted(weak, key=_severity))


def latest_scored_year(trend: Trend, reference: Reference) -> FiscalYear | None:
    """The last year in which an indicator or an instrument has a score under rules with a pass mark."""
    score_years = {p.fiscal_year for p in trend.points if p.part != TOTAL and p.score is not None}
    judged_years = (
        y for y in score_years if reference.knows(y) and reference.rules(y).pass_mark is not None
    )
    return max(judged_years, default=None)


def weak_points_below_mark(
    trend: Trend, year: FiscalYear, reference: Reference
) -> tuple[WeakPoint, ...]:
    """The weak points of a year that are below its pass mark, the furthest below first."""
    weak = compute_weak_points(trend, year, reference)
    return tuple(point for point in weak if point.weakness is Weakness.BELOW_MARK)


def _scored_points(trend: Trend, rules: YearRules) -> Iterator[Point]:
    """The scores by indicator; of an instrument without any, its own."""
    points = {p.part: p for p in trend.points if p.fiscal_year == rules.fiscal_year}
    known = {part: point for part, point in points.items() if point.score is not None}
    for instrument in rules.instruments:
        numbers = [n for n in rules.indicators_of(instrument) if n in known]
        yield from (known[part] for part in numbers or [instrument] if part in known)


def _weak_point(
    point: Point, rules: YearRules, trend: Trend, reference: Reference
) -> WeakPoint | None:
    score = two_places(point.score or Decimal(0))
    mark = next((mark for mark in _marks(rules) if mark > score), None)
    previous = last_comparable(trend, point.part, point.fiscal_year, reference)
    weakness = _weakness(score, mark, previous, rules)
    if weakness is None:
        return None
    part_rule = rules.indicators.get(point.part) or rules.instruments[Instrument(point.part)]
    return WeakPoint(
        point.part,
        part_rule.instrument,
        part_rule.name_th,
        part_rule.name_en,
        point.fiscal_year,
        score,
        mark,
        point_worth(point.part, rules),
        previous,
        point.source,
        weakness,
        rules.pass_mark,
    )


def _marks(rules: YearRules) -> tuple[Decimal, ...]:
    """Where a pass and each better level start, lowest first."""
    better = {band.min_total for band in rules.bands if rules.passes(band)}
    return tuple(sorted(better | set(level_targets(rules))))


def _weakness(
    score: Decimal, mark: Decimal | None, previous: Point | None, rules: YearRules
) -> Weakness | None:
    if rules.pass_mark is not None and score < rules.pass_mark:
        return Weakness.BELOW_MARK
    if previous is not None and previous.score is not None and score < previous.score:
        return Weakness.FALLEN
    return Weakness.NEXT_LEVEL if mark is not None else None


def last_comparable(
    trend: Trend, part: Part, year: FiscalYear, reference: Reference
) -> Point | None:
    """The last earlier year with a score of a part that may be compared with a year."""
    earlier = [p for p in trend.points_of(part) if p.fiscal_year < year and p.score is not None]
    last = max(earlier, key=lambda point: point.fiscal_year, default=None)
    return last if last and reference.comparable(last.fiscal_year, year) else None


def _severity(weak_point: WeakPoint) -> tuple[int, Decimal, int, int]:
    """Sort key: by kind, then by the largest gap, of fallen ones by the largest fall."""
    size = (
        weak_point.change
        if weak_point.weakness is Weakness.FALLEN
        else -(weak_point.gap or Decimal(0))
    )
    order = list(Instrument).index(weak_point.instrument)
    return (
        list(Weakness).index(weak_point.weakness),
        size or Decimal(0),
        order,
        _number(weak_point.part),
    )


def _number(part: Part) -> int:
    return int(part) if part.isdigit() else 0
