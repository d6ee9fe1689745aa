"""Agencies of a group in the order of their scores, and those that moved most; pure.

Scores are whole hundredths in nullable columns, so that equal scores are equal and what is missing is
never 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ita.domain import TOTAL, FiscalYear, Instrument, Part
from ita.formatting import thai_order
from ita.reference import Reference
from ita.scores.nation import HUNDREDTHS_PER_POINT, MISSING, NamedAgency, Nation
from ita.scores.peers import MIN_RANKED, Group, PeerRank

# The nation's scores as pandas columns: a row an agency by its index, <NA> or None where there is
# none. Apart from `nation`, which every page imports and which needs no pandas.


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


def _rows(frame: pd.DataFrame) -> Iterable[tuple[Any, ...]]:
    """Index and cells of each row, as Python's own values; by column, for a nation has thousands."""
    columns = (frame[name].tolist() for name in frame.columns)
    return zip(frame.index.tolist(), *columns, strict=True)


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
        return tuple(
            Mover(
                nation.agencies[index],
                Decimal(then) / HUNDREDTHS_PER_POINT,
                Decimal(now) / HUNDREDTHS_PER_POINT,
            )
            for index, then, now, _ in _rows(selected)
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
