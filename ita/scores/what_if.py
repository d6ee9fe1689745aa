"""What if: scores of one year moved by hand and judged by the rules that judge the data; the least effort for a level; pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import ceil

from ita.domain import HUNDREDTH, TOTAL, FiscalYear, Instrument, Part, to_decimal
from ita.formatting import score_text
from ita.i18n import _, either
from ita.reference import Band, Reference, YearRules
from ita.scores.levels import LevelJudgement, judge_level, localized_level
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
        return to_decimal(self.worth)


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


# The least rise of scores that reaches a level, exactly, in hundredths of a point; pure. Every
# hundredth costs the same on every lever. So the instruments' minima are met first, for nothing else
# meets them, and then the levers worth most in the total are raised: of all distributions of a number
# of hundredths that gains the most, so the smallest number that suffices is the least.

# The highest score, in hundredths.
MAX_HUNDREDTHS = int(HUNDRED / HUNDREDTH)
# Half up: a score half a hundredth below a mark is rounded to it.
HALF = Fraction(1, 2)
NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Rise:
    """One lever of a plan. points: what its score must gain, more than 0."""

    lever: Lever
    points: Decimal

    @property
    def target_score(self) -> Decimal:
        return self.lever.start + self.points


@dataclass(frozen=True)
class EffortPlan:
    """The least rises that reach a level, in the levers' order; none where it is reached already."""

    band: Band
    rises: tuple[Rise, ...]

    @property
    def points(self) -> Decimal:
        return sum((rise.points for rise in self.rises), Decimal(0))

    @property
    def changes(self) -> dict[Part, Decimal]:
        """The plan as a scenario: part → score."""
        return {rise.lever.part: rise.target_score for rise in self.rises}

    def points_of(self, instrument: Instrument) -> Decimal:
        points = (rise.points for rise in self.rises if rise.lever.instrument is instrument)
        return sum(points, Decimal(0))


def find_least_effort(levers: Sequence[Lever], rules: YearRules, target: Band) -> EffortPlan | None:
    """The plan with the smallest sum of rises that reaches a level or a better one.

    Among equally small plans the lowest scores are raised first. None: can't be reached.
    """
    if compute_outcome({v.part: v.start for v in levers}, rules).reaches(target, rules):
        return EffortPlan(target, ())
    # A better level may cost less: its conditions need not include those of the target.
    bands = rules.bands[: rules.bands.index(target) + 1]
    plans = []
    for band in bands:
        if scores := _raise_scores(levers, rules, band):
            rises = (Rise(v, scores[v.part] * HUNDREDTH - v.start) for v in levers)
            plans.append(EffortPlan(band, tuple(rise for rise in rises if rise.points)))
    return min(plans, key=lambda plan: plan.points, default=None)


def _raise_scores(levers: Sequence[Lever], rules: YearRules, band: Band) -> dict[Part, int] | None:
    """Scores in hundredths that fulfil a band's conditions; None where they can't."""
    scores = {lever.part: int(lever.start / HUNDREDTH) for lever in levers}
    for instrument in rules.instruments:
        parts = [lever.part for lever in levers if lever.instrument is instrument]
        shortfall = _mark_in_hundredths(band.min_instrument) * len(parts) - sum(
            scores[part] for part in parts
        )
        if not _raise_lowest_first(scores, parts, ceil(shortfall)):
            return None
    reached = sum((lever.worth * scores[lever.part] for lever in levers), Fraction(0))
    missing = _mark_in_hundredths(band.min_total) - reached
    by_worth = sorted(levers, key=lambda lever: lever.worth, reverse=True)
    for worth, pool in groupby(by_worth, key=lambda lever: lever.worth):
        parts = [lever.part for lever in pool]
        amount = min(ceil(missing / worth), _remaining_hundredths(scores, parts))
        _raise_lowest_first(scores, parts, amount)
        missing -= worth * max(0, amount)
    return scores if missing <= 0 else None


def _mark_in_hundredths(score: Decimal | None) -> Fraction:
    """Where a score in hundredths begins to count as a mark, after rounding half up."""
    return Fraction(0) if score is None else ceil(score / HUNDREDTH) - HALF


def _remaining_hundredths(scores: Mapping[Part, int], parts: Iterable[Part]) -> int:
    return sum(MAX_HUNDREDTHS - scores[part] for part in parts)


def _raise_lowest_first(scores: dict[Part, int], parts: Sequence[Part], amount: int) -> bool:
    """Raise the lowest of some scores first, by `amount` hundredths together; False: no room."""
    if amount <= 0:
        return True
    if amount > _remaining_hundredths(scores, parts):
        return False

    def cost(height: int) -> int:
        return sum(max(0, height - scores[part]) for part in parts)

    height = bisect_right(range(MAX_HUNDREDTHS + 1), amount, key=cost) - 1
    remainder = amount - cost(height)
    lowest_first = sorted(parts, key=lambda part: scores[part])
    for part in lowest_first:
        scores[part] = max(scores[part], height)
    for part in [part for part in lowest_first if scores[part] == height][:remainder]:
        scores[part] += 1
    return True


def better_bands(judgement: LevelJudgement, rules: YearRules) -> tuple[Band, ...]:
    """Levels above a known one, the next one first."""
    if judgement.band is None:
        return ()
    return tuple(reversed(rules.bands[: rules.bands.index(judgement.band)]))


def gap_sentence(outcome: ScenarioOutcome, band: Band) -> str:
    """What is short of a level's conditions: points of the total, or instruments below theirs."""
    level = either(band.level, band.name_en)
    gap = band.min_total - (outcome.total or Decimal(0))
    instruments_below = [
        i
        for i, score in outcome.instruments.items()
        if band.min_instrument is not None and (score is None or score < band.min_instrument)
    ]
    if gap <= 0 and not instruments_below:
        return _("ถึง {level} แล้ว", level=level)
    if gap <= 0:
        return _(
            "คะแนนรวมถึงเกณฑ์ของ {level} แล้ว แต่ {parts} ยังต่ำกว่า {mark}",
            level=level,
            parts=", ".join(
                _shortfall_text(i, outcome.instruments[i], band) for i in instruments_below
            ),
            mark=band.min_instrument,
        )
    sentence = _("คะแนนรวมขาดอีก {gap} จึงจะถึงระดับ {level}", gap=score_text(gap), level=level)
    if instruments_below:
        sentence += " " + _("(ทุกแบบวัดต้องได้ {mark} ขึ้นไปด้วย)", mark=band.min_instrument)
    return sentence


def _shortfall_text(instrument: Instrument, score: Decimal | None, band: Band) -> str:
    """EIT (ขาดอีก 5.00): an instrument with its distance to a band's minimum."""
    if score is None or band.min_instrument is None:
        return instrument.value
    return _("{part} (ขาดอีก {gap})", part=instrument, gap=score_text(band.min_instrument - score))


def plan_sentence(plan: EffortPlan | None, rules: YearRules) -> str:
    """The least effort in one sentence: points in all, and where they go."""
    if plan is None:
        return _("ถึงระดับนี้ไม่ได้ แม้ทุกคะแนนจะเต็ม 100")
    if not plan.rises:
        return _("คะแนนปัจจุบันถึงระดับนี้แล้ว")
    where = ", ".join(
        f"{i}{NO_BREAK}+{plan.points_of(i)}" for i in rules.instruments if plan.points_of(i)
    )
    if any(rise.lever.part in rules.instruments for rise in plan.rises):
        return _(
            "อย่างน้อยต้องเพิ่มคะแนนแบบวัดรวมกัน {points} คะแนน ({where})", points=plan.points, where=where
        )
    return _(
        "อย่างน้อยต้องเพิ่มคะแนนตัวชี้วัดรวมกัน {points} คะแนน ({where})", points=plan.points, where=where
    )


def next_level_sentence(trend: Trend, reference: Reference) -> str | None:
    """What the next better level takes in an agency's latest year, for a page that links here.

    None where it can't be computed: no scores, parts missing, rules without weights. Where the scores have
    reached the best level and another one was published, both are named.
    """
    start = find_starting_point(trend, trend.years[-1], reference) if trend.years else None
    if start is None or not start.levers:
        return None
    total = next((p for p in trend.points_of(TOTAL) if p.fiscal_year == trend.years[-1]), None)
    if (
        total
        and total.has_level_mismatch
        and not better_bands(start.outcome({}).judgement, start.rules)
    ):
        published = localized_level(total.published_level, start.rules) or ""
        return _("คะแนนถึงเกณฑ์ของระดับสูงสุดแล้ว แต่ระดับที่ประกาศคือ {level}", level=published)
    return format_next_level(start)


def format_next_level(start: StartingPoint) -> str:
    """The same of any starting point that has levers: one number, the points short of the total.

    Points of indicators are another scale; only the what-if page shows them.
    """
    outcome = start.outcome({})
    bands = better_bands(outcome.judgement, start.rules)
    if not bands:
        return _("อยู่ในระดับสูงสุดแล้ว")
    sentence = gap_sentence(outcome, bands[0])
    if find_least_effort(start.levers, start.rules, bands[0]) is None:
        return f"{sentence} {plan_sentence(None, start.rules)}"
    return sentence
