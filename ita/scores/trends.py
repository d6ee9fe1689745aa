"""One agency's scores over the years: change, comparability, verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from ita.domain import TOTAL, FiscalYear, Instrument, Part, Verdict, two_places
from ita.reference import Reference, TypeMean
from ita.scores.levels import has_level_mismatch, judge_with_slack
from ita.scores.totals import YearScores, compute_part, effective_score, has_mismatch


@dataclass(frozen=True)
class OwnBest:
    """The best score up to a year among those that compare with it, the latest of equal ones.

    distance: the year's score less the best, never above 0.
    """

    fiscal_year: FiscalYear
    score: Decimal
    distance: Decimal


@dataclass(frozen=True)
class Point:
    """One part in one year.

    score: 0–100 to two places, the published one where there is one, else the computed one. change: against the
    year before, None unless both are there and comparable. level: of a total, by the year's rules.
    national_mean, national_change: the nation's mean and its change from the year before, where known and
    comparable. type_mean: of the agency's type. has_mismatch, has_level_mismatch: what is published differs from what the rules make of the
    scores by more than rounding can.
    """

    fiscal_year: FiscalYear
    part: Part
    score: Decimal | None
    published_score: Decimal | None
    computed_score: Decimal | None
    level: str | None
    published_level: str | None
    change: Decimal | None
    is_comparable: bool
    national_mean: Decimal | None
    source: str
    has_mismatch: bool = False
    has_level_mismatch: bool = False
    national_change: Decimal | None = None
    own_best: OwnBest | None = None
    type_mean: TypeMean | None = None

    @property
    def distance_to_national(self) -> Decimal | None:
        """Points above the nation's mean, negative below it; None where either is not known."""
        return difference(self.score, self.national_mean)

    @property
    def distance_to_type(self) -> Decimal | None:
        """The same against the mean of the agency's type."""
        return difference(self.score, self.type_mean.mean if self.type_mean else None)


def difference(later: Decimal | None, earlier: Decimal | None) -> Decimal | None:
    """One figure less another; None where either is missing, which is never 0."""
    return None if later is None or earlier is None else later - earlier


@dataclass(frozen=True)
class YearChange:
    """A change of the two-decimal score against the last year that has one."""

    fiscal_year: FiscalYear
    change: Decimal


@dataclass(frozen=True)
class TrendVerdict:
    """What the last run of comparable years of one part shows.

    years: those of the run that have a score. non_rises: the changes that are not a rise.
    is_complete: whether no year between first and last is missing.
    """

    part: Part
    verdict: Verdict
    years: tuple[FiscalYear, ...]
    non_rises: tuple[YearChange, ...]
    changes: tuple[YearChange, ...]
    is_complete: bool

    @property
    def first(self) -> FiscalYear | None:
        return self.years[0] if self.years else None

    @property
    def last(self) -> FiscalYear | None:
        return self.years[-1] if self.years else None


@dataclass(frozen=True)
class Trend:
    points: tuple[Point, ...]
    verdicts: tuple[TrendVerdict, ...]

    def points_of(self, part: Part) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.part == part)

    def verdict(self, part: Part) -> TrendVerdict | None:
        return next((verdict for verdict in self.verdicts if verdict.part == part), None)

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(dict.fromkeys(point.part for point in self.points))

    @property
    def years(self) -> tuple[FiscalYear, ...]:
        return tuple(sorted({point.fiscal_year for point in self.points}))


def _scored_parts(by_year: Mapping[FiscalYear, YearScores], reference: Reference) -> Iterator[Part]:
    """The total, and every other part that has a score in some year."""
    for part in reference.parts():
        scores = (
            effective_score(scores.values, reference.rules(year), part)
            for year, scores in by_year.items()
        )
        if part == TOTAL or any(score is not None for score in scores):
            yield part


def compute_trend(
    scores: Iterable[YearScores], reference: Reference, agency_type: str | None = None
) -> Trend:
    """Points and verdicts of one agency, in whatever order its years come.

    Args:
        agency_type: for the mean of the type; None where it is not known.

    Raises:
        UnknownYear: the reference data has no rules for one of the years.
    """
    by_year = {year.fiscal_year: year for year in scores}
    # A hole between the first and the last year is shown as one.
    years = tuple(map(FiscalYear, range(min(by_year), max(by_year) + 1))) if by_year else ()
    parts = tuple(_scored_parts(by_year, reference)) if by_year else ()
    points: list[Point] = []
    for part in parts:
        previous: Point | None = None
        part_points: list[Point] = []
        for year in years:
            point = _point(year, part, by_year.get(year), previous, reference)
            part_points.append(_with_comparisons(point, part_points, reference, agency_type))
            previous = point
        points.extend(part_points)
    verdicts = tuple(
        compute_verdict(
            part, [(p.fiscal_year, p.score) for p in points if p.part == part], reference
        )
        for part in reference.parts()
        if part in parts or part in tuple(Instrument) or part == TOTAL
    )
    return Trend(tuple(points), verdicts)


def _with_comparisons(
    point: Point, earlier: Sequence[Point], reference: Reference, agency_type: str | None
) -> Point:
    """A point with the nation's change, the mean of its type and the agency's own best year."""
    type_mean = reference.type_mean(point.fiscal_year, agency_type, point.part)
    return replace(
        point,
        national_change=_national_change(point.fiscal_year, point.part, reference),
        type_mean=type_mean,
        own_best=_own_best(point, earlier, reference),
    )


def _national_change(year: FiscalYear, part: Part, reference: Reference) -> Decimal | None:
    """Of the nation's mean from the year before; None where one is not known or they don't compare."""
    if year == FiscalYear.FIRST or not reference.comparable(year - 1, year):
        return None
    now, before = (reference.national_mean(y, part) for y in (year, year - 1))
    return difference(now.mean if now else None, before.mean if before else None)


def _own_best(point: Point, earlier: Sequence[Point], reference: Reference) -> OwnBest | None:
    if point.score is None:
        return None
    scores = [
        (p.score, p.fiscal_year)
        for p in (*earlier, point)
        if p.score is not None and reference.comparable(p.fiscal_year, point.fiscal_year)
    ]
    best, year = max(scores)
    return OwnBest(year, best, point.score - best)


def _point(
    year: FiscalYear,
    part: Part,
    scores: YearScores | None,
    previous: Point | None,
    reference: Reference,
) -> Point:
    national = reference.national_mean(year, part)
    mean = national.mean if national else None
    if scores is None:
        return Point(year, part, None, None, None, None, None, None, False, mean, "")
    rules = reference.rules(year)
    score = effective_score(scores.values, rules, part)
    comparable = (
        previous is not None
        and previous.score is not None
        and score is not None
        and reference.comparable(previous.fiscal_year, year)
    )
    change = None
    if comparable and previous and previous.score is not None and score is not None:
        change = score - previous.score
    published = scores.values.get(part)
    return Point(
        year,
        part,
        score,
        None if published is None else two_places(published),
        compute_part(scores.values, rules, part),
        judge_with_slack(scores.values, rules).text() if part == TOTAL else None,
        scores.level if part == TOTAL else None,
        change,
        comparable,
        mean,
        scores.source,
        has_mismatch(scores.values, rules, part),
        part == TOTAL and has_level_mismatch(scores.level, scores.values, rules),
    )


def change_from(
    trend: Trend, point: Point, reference: Reference
) -> tuple[FiscalYear, Decimal] | None:
    """The last earlier year with a score, and the change since, where the two compare."""
    earlier = [
        p
        for p in trend.points_of(point.part)
        if p.fiscal_year < point.fiscal_year and p.score is not None
    ]
    last = max(earlier, key=lambda p: p.fiscal_year, default=None)
    if last is None or not reference.comparable(last.fiscal_year, point.fiscal_year):
        return None
    change = difference(point.score, last.score)
    return None if change is None else (last.fiscal_year, change)


def compute_verdict(
    part: Part,
    scores: Sequence[tuple[FiscalYear, Decimal | None]],
    reference: Reference,
) -> TrendVerdict:
    """The verdict on the last comparable run of (year, score), in any order.

    A break ends the run. A year that is missing inside it does not, but then "every year" can't
    be concluded: the verdict is `mixed` where the known scores already went both ways, else
    `not_enough_data`.
    """
    present = sorted((year, score) for year, score in scores if score is not None)
    run: list[tuple[FiscalYear, Decimal]] = []
    for year, score in present:
        if run and not reference.comparable(run[-1][0], year):
            run = []
        run.append((year, score))
    years = tuple(year for year, _ in run)
    changes = tuple(
        YearChange(year, score - before) for (_, before), (year, score) in pairwise(run)
    )
    non_rises = tuple(change for change in changes if change.change <= 0)
    is_complete = len(run) > 1 and years[-1] - years[0] == len(years) - 1
    return TrendVerdict(
        part, _verdict_of_changes(changes, is_complete), years, non_rises, changes, is_complete
    )


def _verdict_of_changes(changes: Sequence[YearChange], is_complete: bool) -> Verdict:
    signs = {(change.change > 0) - (change.change < 0) for change in changes}
    if {1, -1} <= signs:
        return Verdict.MIXED
    if not is_complete:
        return Verdict.NOT_ENOUGH_DATA
    if signs == {1}:
        return Verdict.RISING
    if signs == {-1}:
        return Verdict.FALLING
    return Verdict.FLAT if signs == {0} else Verdict.MIXED
