"""Weak points of a year and where a plan needs measures: what was done about them; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from ita.domain import TOTAL, FiscalYear, Instrument, Part, two_places
from ita.formatting import change_text, score_text, year_text
from ita.i18n import N_, _, either
from ita.measures.model import Measure, active_measures
from ita.measures.statuses import JudgedMeasure, status_reason
from ita.reference import Reference, YearRules
from ita.scores.standing import level_targets
from ita.scores.trends import Point, Trend
from ita.scores.what_if import point_worth

# Weak points of a year's scores, worst first: what a plan has to answer; pure.


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


class NeedKind(StrEnum):
    """In the order in which they are worth planning for."""

    NO_MEASURE = "no_measure"
    NOT_RISEN = "not_risen"
    GO_ON = "go_on"
    UNFINISHED = "unfinished"


NEED_LABELS: Mapping[NeedKind, str] = {
    NeedKind.NO_MEASURE: N_("ยังไม่มีมาตรการ"),
    NeedKind.NOT_RISEN: N_("มีมาตรการแล้ว แต่คะแนนไม่เพิ่ม"),
    NeedKind.GO_ON: N_("ทำต่อ"),
    NeedKind.UNFINISHED: N_("ยังไม่เสร็จ"),
}


@dataclass(frozen=True)
class Need:
    """weak_point: what has to improve, None where only work is carried over. measures: those that aimed
    at it, or the one that was not finished. is_scored: whether a score came after their work began."""

    kind: NeedKind
    instrument: Instrument
    weak_point: WeakPoint | None
    measures: tuple[Measure, ...] = ()
    is_scored: bool = True
    unfinished_measure: JudgedMeasure | None = None

    @property
    def needs_new_row(self) -> bool:
        """Whether the plan needs a new row; the rest is continued as it was."""
        return self.kind in (NeedKind.NO_MEASURE, NeedKind.NOT_RISEN)

    def label(self) -> str:
        return _(NEED_LABELS[self.kind])

    def reason(self) -> str:
        """Why, in one sentence. A change is given as a figure, without a cause."""
        if self.unfinished_measure:
            return status_reason(self.unfinished_measure)
        if self.weak_point is None:
            return ""
        return _(
            REASONS[self._reason_case(self.weak_point)],
            score=score_text(self.weak_point.score),
            year=year_text(self.weak_point.year),
            mark=f"{self.weak_point.next_mark:f}" if self.weak_point.next_mark is not None else "–",
            change=self.weak_point.format_change(),
        )

    def _reason_case(self, weak: WeakPoint) -> str:
        if self.kind is NeedKind.NO_MEASURE:
            return "bare below" if weak.weakness is Weakness.BELOW_MARK else "bare"
        if not self.is_scored:
            return "not yet scored"
        if self.kind is NeedKind.NOT_RISEN:
            return "not risen"
        return "never compared" if weak.change is None else "risen"


REASONS: Mapping[str, str] = {
    "bare below": N_("{score} ใน{year} ต่ำกว่าเกณฑ์ {mark} และไม่มีมาตรการที่มุ่งแก้"),
    "bare": N_("{score} ใน{year} ({change}) และไม่มีมาตรการที่มุ่งแก้"),
    "not yet scored": N_("{score} ใน{year} และยังไม่มีคะแนนหลังทำมาตรการ จึงยังบอกไม่ได้ว่าคะแนนเปลี่ยนหรือไม่"),
    "not risen": N_("{score} ใน{year} ({change}) แม้มีมาตรการแล้ว ควรทบทวนหรือเพิ่มมาตรการ"),
    "never compared": N_("{score} ใน{year} ต่ำกว่าเกณฑ์ {mark} และไม่มีคะแนนปีก่อนให้เทียบ"),
    "risen": N_("{score} ใน{year} ({change}) แต่ยังต่ำกว่าเกณฑ์ {mark}"),
}


def compute_needs(
    weak_points: Sequence[WeakPoint],
    measures: Sequence[Measure],
    carried_over: Sequence[JudgedMeasure],
) -> tuple[Need, ...]:
    """Where measures are needed, by kind, inside each as the weak points come.

    measures: of the last year worked. What only falls short of the next level needs none: it stands
    in the analysis, and whoever wants it finds it there.
    """
    needs = [need for point in weak_points if (need := _need_of(point, measures))]
    needs += [
        Need(
            NeedKind.UNFINISHED,
            judged.measure.instrument,
            None,
            (judged.measure,),
            unfinished_measure=judged,
        )
        for judged in carried_over
    ]
    order = list(NeedKind)
    return tuple(sorted(needs, key=lambda need: order.index(need.kind)))


def _need_of(weak: WeakPoint, measures: Sequence[Measure]) -> Need | None:
    if weak.weakness is Weakness.NEXT_LEVEL:
        return None
    aiming_measures = measures_aiming_at(weak, measures)
    if not aiming_measures:
        return Need(NeedKind.NO_MEASURE, weak.instrument, weak)
    if all(measure.fiscal_year > weak.year for measure in aiming_measures):
        return Need(NeedKind.GO_ON, weak.instrument, weak, aiming_measures, is_scored=False)
    has_risen = weak.change is None or weak.change > 0
    kind = NeedKind.GO_ON if has_risen else NeedKind.NOT_RISEN
    return Need(kind, weak.instrument, weak, aiming_measures)


def measures_aiming_at(weak: WeakPoint, measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """Measures that aim at a weak point and are not cancelled; of a whole instrument, all of its."""
    measures = active_measures(measures)
    if not weak.is_indicator:
        return tuple(m for m in measures if m.instrument is weak.instrument)
    return tuple(m for m in measures if weak.part in m.indicators)


def answering_measures(need: Need, plan: Sequence[Measure]) -> tuple[Measure, ...]:
    """The measures of a plan that aim at a need's weak point."""
    return measures_aiming_at(need.weak_point, plan) if need.weak_point else ()


def carried_over_measures(
    judged_measures: Sequence[JudgedMeasure], year_is_over: bool
) -> tuple[JudgedMeasure, ...]:
    """Measures to be carried on: not finished when their year was over, or late while it runs."""
    return tuple(
        judged
        for judged in judged_measures
        if not (judged.progress.is_finished or judged.measure.is_cancelled)
        and (year_is_over or judged.is_urgent)
    )
