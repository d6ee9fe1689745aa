"""How a group's agencies spread over levels, and the indicators on which they are weak; pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

import numpy as np

from ita.reference import Indicator, Reference
from ita.scores.frames import level_column, score_column
from ita.scores.league import LEVEL_UNKNOWN
from ita.scores.levels import PASSED_LEVEL_UNKNOWN
from ita.scores.nation import Nation
from ita.scores.peers import (
    FEWEST,
    Group,
    in_points,
    mean_score,
    percentile,
    reported_scores,
    rounded,
)
from ita.vocabulary import TOTAL, FiscalYear


@dataclass(frozen=True)
class LevelCount:
    """level: a name of the year's rules, "passed, level unknown", or LEVEL_UNKNOWN. passes: None
    where the level doesn't tell."""

    level: str
    passes: bool | None
    count: int


@dataclass(frozen=True)
class LevelYear:
    """A group in one year: agencies by level, best first. reported: with a total; known: in all."""

    year: FiscalYear
    known: int
    reported: int
    mean: Decimal | None
    levels: tuple[LevelCount, ...]

    def share(self, count: int) -> Decimal | None:
        """Percent of those reported."""
        return share_of(count, self.reported)

    @property
    def passed(self) -> int:
        return sum(found.count for found in self.levels if found.passes)

    @property
    def judged(self) -> bool:
        """Whether the year's rules have levels at all."""
        return any(found.level != LEVEL_UNKNOWN for found in self.levels)


def share_of(count: int, whole: int) -> Decimal | None:
    """A share in percent to two places; None of nothing."""
    return rounded(Fraction(100 * count, whole)) if whole else None


def level_years(nation: Nation, group: Group, reference: Reference) -> tuple[LevelYear, ...]:
    """Every year in which anybody has a total, oldest first."""
    return tuple(_level_year(nation, group, y, reference) for y in nation.scored_years())


def _level_year(nation: Nation, group: Group, year: FiscalYear, reference: Reference) -> LevelYear:
    members = group.members(nation)
    scores = score_column(nation, year)[members]
    levels = level_column(nation, year)[members][scores.notna()]
    names = nation.level_names[nation.years.index(year)]
    counts = levels.value_counts().reindex(list(names)).tolist()
    rules = reference.rules(year)
    passes: list[bool | None] = [*map(rules.passes, rules.bands), True]
    found = [
        LevelCount(name, passed, count)
        for name, passed, count in zip(names, passes, counts, strict=True)
        if count or name != PASSED_LEVEL_UNKNOWN
    ]
    if unknown := int(levels.isna().sum()):
        found.append(LevelCount(LEVEL_UNKNOWN, None, unknown))
    mean = mean_score(reported_scores(nation.of(year, TOTAL), members))
    return LevelYear(year, len(scores), len(levels), mean, tuple(found))


@dataclass(frozen=True)
class WeakSpot:
    """One indicator of a year over a group. below: agencies under the pass mark, of those reported."""

    indicator: Indicator
    known: int
    reported: int
    below: int
    median: Decimal
    mean: Decimal | None

    @property
    def small(self) -> bool:
        """Too few to call the group weak or strong on it."""
        return self.reported < FEWEST

    @property
    def share(self) -> Decimal:
        return share_of(self.below, self.reported) or Decimal(0)


def weak_spots(
    nation: Nation, group: Group, year: FiscalYear, reference: Reference
) -> tuple[WeakSpot, ...]:
    """The indicators of a year by the share below the pass mark, the worst first; equal ones by
    their median. Those that fewer than FEWEST have come last, by their numbers; those that nobody of
    the group has are left out."""
    rules, members = reference.rules(year), group.members(nation)
    if rules.pass_mark is None:
        return ()
    mark = ceil(rules.pass_mark * 100)
    found = []
    for number, indicator in rules.indicators.items():
        ordered = reported_scores(nation.of(year, number), members)
        if len(ordered):
            below = int(np.searchsorted(ordered, mark, "left"))
            median = in_points(percentile(ordered, 50))
            spot = WeakSpot(
                indicator, int(members.sum()), len(ordered), below, median, mean_score(ordered)
            )
            found.append(spot)
    few = sorted((spot for spot in found if spot.small), key=lambda s: int(s.indicator.number))
    return (
        *sorted(
            (spot for spot in found if not spot.small),
            key=lambda s: (-Fraction(s.below, s.reported), s.median, int(s.indicator.number)),
        ),
        *few,
    )
