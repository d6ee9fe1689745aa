"""Indicators over the years with their zones by the rules of each year; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from itertools import groupby

from ita.domain import FiscalYear, Instrument, Part, two_places
from ita.i18n import either
from ita.reference import Reference, YearRules
from ita.scores.standing import level_targets
from ita.scores.trends import Point, Trend


class Zone(IntEnum):
    """The zone of a score by the rules of its year, weakest first.

    FAR is below the level under the pass mark, BELOW between the two, BEST from the start of the
    best level. The authority sets these marks for totals; for an indicator they are a yardstick.
    """

    FAR = 0
    BELOW = 1
    PASSED = 2
    BEST = 3


@dataclass(frozen=True)
class ZoneStarts:
    """Where zones start in a year (0–100). far: scores below it are FAR; None without such a level."""

    far: Decimal | None
    passed: Decimal
    best: Decimal

    def zone_of(self, score: Decimal) -> Zone:
        """The zone of a score, rounded to two places first as it is published, then compared with ≥."""
        rounded_score = two_places(score)
        if rounded_score >= self.best:
            return Zone.BEST
        if rounded_score >= self.passed:
            return Zone.PASSED
        return Zone.FAR if self.far is not None and rounded_score < self.far else Zone.BELOW


def zone_starts(rules: YearRules) -> ZoneStarts | None:
    """The marks of a year; None for a model that has no levels."""
    targets = level_targets(rules)
    if rules.pass_mark is None or not targets:
        return None
    under = [b.min_total for b in rules.bands if 0 < b.min_total < rules.pass_mark]
    return ZoneStarts(max(under, default=None), rules.pass_mark, targets[-1])


@dataclass(frozen=True)
class IndicatorCell:
    """One indicator in one year. is_in_rules: the year's rules have it. change: against the year before.

    is_joined: whether the score compares with that of the year before.
    """

    fiscal_year: FiscalYear
    is_in_rules: bool
    score: Decimal | None = None
    change: Decimal | None = None
    is_joined: bool = False
    zone: Zone | None = None
    source: str = ""


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator over the years shown, under the name that it has in the last of them.

    earlier_names: those that it had before, each with its last year. targets: the pass mark and
    where the best level starts, in the year of the latest score.
    """

    number: Part
    instrument: Instrument
    name_th: str
    name_en: str
    cells: tuple[IndicatorCell, ...]
    targets: tuple[Decimal, ...] = ()
    earlier_names: tuple[tuple[FiscalYear, str, str], ...] = ()

    @property
    def name(self) -> str:
        return either(self.name_th, self.name_en)

    @property
    def latest_cell(self) -> IndicatorCell | None:
        """The last year shown that has a score."""
        return next((cell for cell in reversed(self.cells) if cell.score is not None), None)

    def gap(self, target: Decimal) -> Decimal | None:
        """Points that the latest score is short of a target; 0 where it is reached."""
        latest = self.latest_cell
        if latest is None or latest.score is None:
            return None
        return max(Decimal(0), target - latest.score)


@dataclass(frozen=True)
class IndicatorTable:
    """rows × years; every row has a cell for each year. starts: the zones of each year."""

    years: tuple[FiscalYear, ...]
    rows: tuple[IndicatorRow, ...]
    starts: tuple[ZoneStarts | None, ...]

    @property
    def eras(self) -> tuple[tuple[tuple[FiscalYear, ...], ZoneStarts], ...]:
        """Stretches of years with the same zones, oldest first."""
        pairs = zip(self.years, self.starts, strict=True)
        eras = ((starts, list(era)) for starts, era in groupby(pairs, key=lambda pair: pair[1]))
        return tuple((tuple(year for year, _ in era), starts) for starts, era in eras if starts)

    def row(self, number: Part | None) -> IndicatorRow | None:
        return next((row for row in self.rows if row.number == number), None)

    def rows_in_zones(self, year: FiscalYear, *zones: Zone) -> tuple[IndicatorRow, ...]:
        """Rows whose score of a year lies in the zones, weakest first."""
        matches = [
            (cell.score, row)
            for row in self.rows
            for cell in row.cells
            if cell.fiscal_year == year and cell.score is not None and cell.zone in zones
        ]
        return tuple(
            row for _, row in sorted(matches, key=lambda pair: (pair[0], int(pair[1].number)))
        )

    @property
    def latest_year(self) -> FiscalYear | None:
        """The last year in which any indicator shown has a score."""
        latest_cells = (row.latest_cell for row in self.rows)
        return max((cell.fiscal_year for cell in latest_cells if cell), default=None)

    @property
    def sources(self) -> tuple[str, ...]:
        sources = (cell.source for row in self.rows for cell in row.cells if cell.score is not None)
        return tuple(dict.fromkeys(source for source in sources if source))


def indicator_years(trend: Trend, reference: Reference) -> tuple[FiscalYear, ...]:
    """Every year from the first to the last with the score of an indicator; a hole stays one."""
    numbers = set(reference.indicator_numbers())
    scored_years = {
        p.fiscal_year for p in trend.points if p.part in numbers and p.score is not None
    }
    if not scored_years:
        return ()
    return tuple(FiscalYear(year) for year in range(min(scored_years), max(scored_years) + 1))


def years_of_older_model(trend: Trend, reference: Reference) -> tuple[FiscalYear, ...]:
    """The agency's years whose rules have no indicators."""
    known_years = (year for year in trend.years if reference.knows(year))
    return tuple(year for year in known_years if not reference.rules(year).indicators)


def years_without_indicators(trend: Trend, reference: Reference) -> tuple[FiscalYear, ...]:
    """Years with a total, under rules that have indicators, of which no indicator is stored."""
    numbers = set(reference.indicator_numbers())
    years_with_indicators = {
        p.fiscal_year for p in trend.points if p.part in numbers and p.score is not None
    }
    scored_years = {p.fiscal_year for p in trend.points if p.score is not None}
    older = years_of_older_model(trend, reference)
    return tuple(sorted(scored_years - years_with_indicators - set(older)))


def indicator_table(
    trend: Trend,
    years: Sequence[FiscalYear],
    instruments: Sequence[Instrument],
    reference: Reference,
) -> IndicatorTable:
    """The indicators that the rules of any of the years have, in the authority's order."""
    rules = {year: reference.rules(year) for year in years if reference.knows(year)}
    points = {(p.part, p.fiscal_year): p for p in trend.points}
    rows = []
    for number in reference.indicator_numbers():
        row = _row(number, years, rules, points)
        if row and row.instrument in instruments:
            rows.append(row)
    starts = tuple(zone_starts(rules[year]) if year in rules else None for year in years)
    return IndicatorTable(tuple(years), tuple(rows), starts)


def _row(
    number: Part,
    years: Sequence[FiscalYear],
    rules: dict[FiscalYear, YearRules],
    points: dict[tuple[Part, FiscalYear], Point],
) -> IndicatorRow | None:
    named = {
        year: rules[year].indicators[number] for year in rules if number in rules[year].indicators
    }
    if not named:
        return None
    last = named[max(named)]
    cells = tuple(
        _cell(year, rules.get(year), points.get((number, year)), year in named) for year in years
    )
    scored = [cell.fiscal_year for cell in cells if cell.score is not None]
    targets = level_targets(rules[scored[-1]]) if scored else ()
    before = {
        (i.name_th, i.name_en): year
        for year, i in sorted(named.items())
        if i.name_th != last.name_th
    }
    names = tuple((year, *name) for name, year in before.items())
    return IndicatorRow(number, last.instrument, last.name_th, last.name_en, cells, targets, names)


def _cell(
    year: FiscalYear, rules: YearRules | None, point: Point | None, is_in_rules: bool
) -> IndicatorCell:
    if point is None or point.score is None or rules is None:
        return IndicatorCell(year, is_in_rules)
    starts = zone_starts(rules)
    return IndicatorCell(
        year,
        is_in_rules,
        point.score,
        point.change,
        point.is_comparable,
        starts.zone_of(point.score) if starts else None,
        point.source,
    )
