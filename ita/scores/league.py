"""Agencies of a group: in the order of their scores, those that moved most, by level, and the indicators on
which they are weak; pure.

Scores are whole hundredths in nullable columns, so that equal scores are equal and what is missing is
never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from math import ceil
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ita.domain import TOTAL, FiscalYear, Instrument, Part, two_places
from ita.formatting import thai_order
from ita.reference import Indicator, Reference
from ita.scores.levels import PASSED_LEVEL_UNKNOWN
from ita.scores.nation import HUNDREDTHS_PER_POINT, MISSING, NamedAgency, Nation
from ita.scores.peers import (
    MIN_RANKED,
    Group,
    PeerRank,
    hundredths_to_points,
    mean_score,
    percentile,
    sorted_scores,
)

# The nation's scores as pandas columns: a row an agency by its index, <NA> or None where there is none.


def score_column(nation: Nation, year: FiscalYear, part: Part = TOTAL) -> pd.Series:
    """The scores of a part in whole hundredths, as nullable integers."""
    scores = nation.scores_of(year, part)
    return pd.Series(pd.arrays.IntegerArray(scores, scores == MISSING))


def level_column(nation: Nation, year: FiscalYear) -> pd.Series:
    """The levels of a year, as categories in the order of its `level_names`."""
    if year not in nation.years:
        return pd.Series(pd.Categorical([None] * len(nation.agencies)))
    year_index = nation.years.index(year)
    return pd.Series(
        pd.Categorical.from_codes(
            nation.levels[year_index], pd.Index(nation.level_names[year_index])
        )
    )


PAGE_ROWS = 25
# Level codes of agencies without a score, and of those with a score but no level.
NO_SCORE, LEVEL_UNKNOWN = "none", "unknown"


class LeagueOrder(StrEnum):
    """How a league table is sorted; those without a score, or without a change, come last."""

    BEST = "best"
    WORST = "worst"
    RISE = "rise"
    FALL = "fall"
    NAME = "name"


class LeagueRow(NamedTuple):
    """One agency in one year, of thousands, so a tuple. score: of the total; rank: None where the group is small or
    there is no score. since: the last earlier year with a score that compares; change: since then."""

    agency: NamedAgency
    score: Decimal | None
    instruments: tuple[Decimal | None, ...]
    level: str | None
    rank: PeerRank | None
    since: FiscalYear | None
    change: Decimal | None


@dataclass(frozen=True, eq=False)
class League:
    """The agencies of a group in one year, as filtered and sorted; rows are made when looked at.

    stored_agencies, scored_agencies: of the group, before the filter by level. table: the rows of
    `league_frame` that are shown, in their order.
    """

    nation: Nation
    group: Group
    year: FiscalYear
    stored_agencies: int
    scored_agencies: int
    table: pd.DataFrame

    @property
    def is_ranked(self) -> bool:
        return self.scored_agencies >= MIN_RANKED

    @property
    def page_count(self) -> int:
        return max(1, -(-len(self.table) // PAGE_ROWS))

    def page(self, number: int) -> tuple[LeagueRow, ...]:
        """The rows of a page; the first is 1, and beyond the last there are none."""
        return self.rows((number - 1) * PAGE_ROWS, number * PAGE_ROWS)

    def rows(self, first: int = 0, end: int | None = None) -> tuple[LeagueRow, ...]:
        """By column, for a nation has thousands."""
        selected = self.table.iloc[first:end]
        columns = {name: selected[name].tolist() for name in selected.columns}
        total, *instruments = (map(_to_points, columns[part]) for part in (TOTAL, *Instrument))
        levels = (level if isinstance(level, str) else None for level in columns["level"])
        changes = list(map(_to_points, columns["change"]))
        since = (
            None if change is None else _year(year)
            for year, change in zip(columns["since"], changes, strict=True)
        )
        return tuple(
            map(
                LeagueRow,
                (self.nation.agencies[index] for index in selected.index.tolist()),
                total,
                zip(*instruments, strict=True),
                levels,
                map(self._rank, columns["rank"], columns["lower"]),
                since,
                changes,
            )
        )

    def _rank(self, rank: Any, lower: Any) -> PeerRank | None:
        is_ranked = self.is_ranked and rank is not pd.NA
        return PeerRank(int(rank), self.scored_agencies, int(lower)) if is_ranked else None

    def page_of(self, agency_id: str) -> int | None:
        """The page of an agency's row."""
        positions = np.flatnonzero(
            self.table.index == self.nation.agency_indexes.get(agency_id, -1)
        )
        return int(positions[0]) // PAGE_ROWS + 1 if len(positions) else None


_year = cache(FiscalYear)


@cache  # of ten thousand scores and their differences
def _to_points(hundredths: Any) -> Decimal | None:
    return None if hundredths is pd.NA else Decimal(hundredths) / HUNDREDTHS_PER_POINT


def build_league(
    nation: Nation,
    group: Group,
    year: FiscalYear,
    reference: Reference,
    order: LeagueOrder = LeagueOrder.BEST,
    level: str | None = None,
) -> League:
    """level: of the year's names, LEVEL_UNKNOWN or NO_SCORE; None for every agency."""
    frame = league_frame(nation, group, year, reference)
    selected = frame if level is None else frame[_has_level(frame, level)]
    scored_agencies = int(frame[TOTAL].count())
    return League(nation, group, year, len(frame), scored_agencies, _sort(nation, selected, order))


def league_frame(
    nation: Nation, group: Group, year: FiscalYear, reference: Reference
) -> pd.DataFrame:
    """A row an agency of the group, by its index in the nation.

    Columns: the total and the instruments in hundredths; level; since: the last earlier year with a
    total that compares; change: since then, in hundredths; rank: 1 is the highest, equals share the
    better one; lower: how many have less. <NA> where there is none.
    """
    scores = pd.DataFrame({part: score_column(nation, year, part) for part in (TOTAL, *Instrument)})
    before = previous_scores(nation, year, reference)
    frame = scores.assign(
        level=level_column(nation, year),
        since=before["since"],
        change=scores[TOTAL] - before["score"],
    )[group.member_mask(nation)]
    return frame.assign(
        rank=frame[TOTAL].rank(method="min", ascending=False),
        lower=frame[TOTAL].rank(method="min") - 1,
    )


def previous_scores(nation: Nation, year: FiscalYear, reference: Reference) -> pd.DataFrame:
    """The last earlier total of each agency that compares with a year's: score in hundredths, since."""
    none = pd.Series(pd.NA, range(len(nation.agencies)), "Int64")
    previous = pd.DataFrame({"score": none, "since": none})
    for earlier in reversed(nation.years):
        if earlier < year and reference.comparable(earlier, year):
            score = score_column(nation, earlier)
            since = none.mask(score.notna(), int(earlier))
            previous = previous.fillna({"score": score, "since": since})
    return previous


def _has_level(frame: pd.DataFrame, level: str) -> pd.Series:
    """Which rows are of a level."""
    if level == NO_SCORE:
        return frame[TOTAL].isna()
    is_level = frame["level"].isna() if level == LEVEL_UNKNOWN else frame["level"] == level
    return is_level & frame[TOTAL].notna()


def _sort(nation: Nation, frame: pd.DataFrame, order: LeagueOrder) -> pd.DataFrame:
    """The rows in their order; equals by their id."""
    if order is LeagueOrder.NAME:
        names = {index: thai_order(nation.agencies[index].name) for index in frame.index}
        return frame.loc[sorted(names, key=names.__getitem__)]
    return frame.sort_values(
        "change" if order in (LeagueOrder.RISE, LeagueOrder.FALL) else TOTAL,
        ascending=order in (LeagueOrder.WORST, LeagueOrder.FALL),
        kind="stable",
    )


@dataclass(frozen=True)
class Mover:
    agency: NamedAgency
    before: Decimal
    after: Decimal

    @property
    def change(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True)
class Movers:
    """The biggest rises and falls between two years. compared_agencies: those with a score in both years."""

    before: FiscalYear
    after: FiscalYear
    stored_agencies: int
    compared_agencies: int
    rise_count: int
    fall_count: int
    largest_rises: tuple[Mover, ...]
    largest_falls: tuple[Mover, ...]

    @property
    def is_small(self) -> bool:
        """Whether too few agencies compare to rank their changes."""
        return self.compared_agencies < MIN_RANKED


def comparison_year(
    nation: Nation, group: Group, year: FiscalYear, reference: Reference
) -> FiscalYear | None:
    """The last earlier year, comparable with one, in which anybody of the group has a total."""
    members = group.member_mask(nation)
    for earlier in reversed(nation.years):
        if earlier < year and score_column(nation, earlier)[members].notna().any():
            return earlier if reference.comparable(earlier, year) else None
    return None


def compute_movers(
    nation: Nation, group: Group, before: FiscalYear, after: FiscalYear, limit: int = 10
) -> Movers:
    """The largest changes between the same two years for all, so that they compare."""
    scores = pd.DataFrame(
        {"before": score_column(nation, before), "after": score_column(nation, after)}
    )
    members = scores[group.member_mask(nation)]
    both = members.dropna().assign(change=lambda frame: frame["after"] - frame["before"])
    rises, falls = both[both["change"] > 0], both[both["change"] < 0]

    def largest(frame: pd.DataFrame, ascending: bool) -> tuple[Mover, ...]:
        # Equals stay in the order of their ids.
        selected = frame.sort_values("change", ascending=ascending, kind="stable").head(limit)
        columns = (selected[name].tolist() for name in ("before", "after"))
        return tuple(
            Mover(nation.agencies[index], *(Decimal(s) / HUNDREDTHS_PER_POINT for s in scores))
            for index, *scores in zip(selected.index.tolist(), *columns, strict=True)
        )

    return Movers(
        before,
        after,
        len(members),
        len(both),
        len(rises),
        len(falls),
        largest(rises, ascending=False),
        largest(falls, ascending=True),
    )


# A group's agencies by level, and the indicators on which they are weak; pure.


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
