"""A group's agencies by level, and the indicators on which they are weak; pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

import numpy as np

from ita.domain import TOTAL, FiscalYear, two_places
from ita.reference import Indicator, Reference
from ita.scores.league import LEVEL_UNKNOWN, level_column, score_column
from ita.scores.levels import PASSED_LEVEL_UNKNOWN
from ita.scores.nation import Nation
from ita.scores.peers import (
    MIN_RANKED,
    Group,
    hundredths_to_points,
    mean_score,
    percentile,
    sorted_scores,
)


@dataclass(frozen=True)
class LevelCount:
    """level: a name of the year's rules, "passed, level unknown", or LEVEL_UNKNOWN. passes: None
    where the level doesn't decide it."""

    level: str
    passes: bool | None
    count: int


@dataclass(frozen=True)
class LevelYear:
    """A group in one year: agencies by level, best first. scored_agencies: with a total; stored_agencies: in all."""

    year: FiscalYear
    stored_agencies: int
    scored_agencies: int
    mean: Decimal | None
    levels: tuple[LevelCount, ...]

    def share(self, count: int) -> Decimal | None:
        """Percent of the scored agencies."""
        return percent_of(count, self.scored_agencies)

    @property
    def passed_agencies(self) -> int:
        return sum(level.count for level in self.levels if level.passes)

    @property
    def has_levels(self) -> bool:
        """Whether the year's rules have levels at all."""
        return any(level.level != LEVEL_UNKNOWN for level in self.levels)


def percent_of(count: int, total: int) -> Decimal | None:
    """A share in percent to two places; None of nothing."""
    return two_places(Fraction(100 * count, total)) if total else None


def compute_level_years(
    nation: Nation, group: Group, reference: Reference
) -> tuple[LevelYear, ...]:
    """Every year in which anybody has a total, oldest first."""
    return tuple(_level_year(nation, group, y, reference) for y in nation.scored_years())


def _level_year(nation: Nation, group: Group, year: FiscalYear, reference: Reference) -> LevelYear:
    members = group.member_mask(nation)
    scores = score_column(nation, year)[members]
    levels = level_column(nation, year)[members][scores.notna()]
    names = nation.level_names[nation.years.index(year)]
    counts = levels.value_counts().reindex(list(names)).tolist()
    rules = reference.rules(year)
    passes: list[bool | None] = [*map(rules.passes, rules.bands), True]
    counts_by_level = [
        LevelCount(name, passed, count)
        for name, passed, count in zip(names, passes, counts, strict=True)
        if count or name != PASSED_LEVEL_UNKNOWN
    ]
    if unknown := int(levels.isna().sum()):
        counts_by_level.append(LevelCount(LEVEL_UNKNOWN, None, unknown))
    mean = mean_score(sorted_scores(nation.scores_of(year, TOTAL), members))
    return LevelYear(year, len(scores), len(levels), mean, tuple(counts_by_level))


@dataclass(frozen=True)
class GroupWeakness:
    """One indicator of a year over a group. agencies_below: under the pass mark, of the scored ones."""

    indicator: Indicator
    stored_agencies: int
    scored_agencies: int
    agencies_below: int
    median: Decimal
    mean: Decimal | None

    @property
    def is_small(self) -> bool:
        """Too few to call the group weak or strong on it."""
        return self.scored_agencies < MIN_RANKED

    @property
    def share(self) -> Decimal:
        return percent_of(self.agencies_below, self.scored_agencies) or Decimal(0)


def compute_group_weaknesses(
    nation: Nation, group: Group, year: FiscalYear, reference: Reference
) -> tuple[GroupWeakness, ...]:
    """The indicators of a year by the share below the pass mark, the worst first; equal ones by
    their median. Those with fewer than MIN_RANKED scores are last, by number; those without any are
    left out."""
    rules, members = reference.rules(year), group.member_mask(nation)
    if rules.pass_mark is None:
        return ()
    mark = ceil(rules.pass_mark * 100)
    weaknesses = []
    for number, indicator in rules.indicators.items():
        ordered = sorted_scores(nation.scores_of(year, number), members)
        if len(ordered):
            below = int(np.searchsorted(ordered, mark, "left"))
            median = hundredths_to_points(percentile(ordered, 50))
            weakness = GroupWeakness(
                indicator, int(members.sum()), len(ordered), below, median, mean_score(ordered)
            )
            weaknesses.append(weakness)

    def worst_first(weakness: GroupWeakness) -> tuple[bool, Fraction, Decimal, int]:
        number, is_small = int(weakness.indicator.number), weakness.is_small
        share = Fraction(weakness.agencies_below, weakness.scored_agencies)
        return (
            is_small,
            Fraction(0) if is_small else -share,
            Decimal(0) if is_small else weakness.median,
            number,
        )

    return tuple(sorted(weaknesses, key=worst_first))
