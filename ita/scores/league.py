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

from ita.reference import Reference
from ita.scores.frames import level_column, score_column
from ita.scores.nation import HUNDREDTHS, NamedAgency, Nation
from ita.scores.peers import FEWEST, Group, Place
from ita.vocabulary import TOTAL, FiscalYear, Instrument
from ita.wording import thai_order

PAGE_ROWS = 25
# What stands for a level where there is no score, or a score without a level.
NO_SCORE, LEVEL_UNKNOWN = "none", "unknown"


class Order(StrEnum):
    """How a league table is sorted; those without a score, or without a change, come last."""

    BEST = "best"
    WORST = "worst"
    RISE = "rise"
    FALL = "fall"
    NAME = "name"


class LeagueRow(NamedTuple):
    """One agency in one year, of thousands, so a tuple. score: of the total; place: None where the group is small or there is
    no score. since: the last earlier year with a score that compares; change: since then."""

    agency: NamedAgency
    score: Decimal | None
    instruments: tuple[Decimal | None, ...]
    level: str | None
    place: Place | None
    since: FiscalYear | None
    change: Decimal | None


@dataclass(frozen=True, eq=False)
class League:
    """The agencies of a group in one year, as filtered and sorted; rows are made when looked at.

    known, reported: of the group, before the filter by level. table: of `league_frame`, the agencies
    that are shown, in their order.
    """

    nation: Nation
    group: Group
    year: FiscalYear
    known: int
    reported: int
    table: pd.DataFrame

    @property
    def ranked(self) -> bool:
        return self.reported >= FEWEST

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.table) // PAGE_ROWS))

    def page(self, number: int) -> tuple[LeagueRow, ...]:
        """The rows of a page; the first is 1, and beyond the last there are none."""
        return self.rows((number - 1) * PAGE_ROWS, number * PAGE_ROWS)

    def rows(self, first: int = 0, end: int | None = None) -> tuple[LeagueRow, ...]:
        shown = self.table.iloc[first:end]
        return tuple(self._row(*cells) for cells in _rows(shown))

    def page_of(self, agency_id: str) -> int | None:
        """The page on which an agency stands."""
        found = np.flatnonzero(self.table.index == self.nation.places.get(agency_id, -1))
        return int(found[0]) // PAGE_ROWS + 1 if len(found) else None

    def _row(
        self,
        at: int,
        total: Any,
        iit: Any,
        eit: Any,
        oit: Any,
        level: Any,
        since: Any,
        change: Any,
        rank: float,
        lower: float,
    ) -> LeagueRow:
        is_ranked = self.ranked and total is not pd.NA
        return LeagueRow(
            self.nation.agencies[at],
            _points(total),
            (_points(iit), _points(eit), _points(oit)),
            None if pd.isna(level) else level,
            Place(int(rank), self.reported, int(lower)) if is_ranked else None,
            None if change is pd.NA else _year(since),
            _points(change),
        )


def _rows(frame: pd.DataFrame) -> Iterable[tuple[Any, ...]]:
    """Index and cells of each row, as Python's own values; by column, for a nation has thousands."""
    columns = (frame[name].tolist() for name in frame.columns)
    return zip(frame.index.tolist(), *columns, strict=True)


_year = cache(FiscalYear)


@cache  # of ten thousand scores and their differences
def _points(hundredths: Any) -> Decimal | None:
    return None if hundredths is pd.NA else Decimal(hundredths) / HUNDREDTHS


def league(
    nation: Nation,
    group: Group,
    year: FiscalYear,
    reference: Reference,
    order: Order = Order.BEST,
    level: str | None = None,
) -> League:
    """level: of the year's names, LEVEL_UNKNOWN or NO_SCORE; None for every agency."""
    frame = league_frame(nation, group, year, reference)
    shown = frame if level is None else frame[_of_level(frame, level)]
    reported = int(frame[TOTAL].count())
    return League(nation, group, year, len(frame), reported, _sorted(nation, shown, order))


def league_frame(
    nation: Nation, group: Group, year: FiscalYear, reference: Reference
) -> pd.DataFrame:
    """A row an agency of the group, by its place in the nation.

    Columns: the total and the instruments in hundredths; level; since: the last earlier year with a
    total that compares; change: since then, in hundredths; rank: 1 is the highest, equals share the
    better one; lower: how many have less. <NA> where there is none.
    """
    scores = pd.DataFrame({part: score_column(nation, year, part) for part in (TOTAL, *Instrument)})
    before = scores_before(nation, year, reference)
    frame = scores.assign(
        level=level_column(nation, year),
        since=before["since"],
        change=scores[TOTAL] - before["score"],
    )[group.members(nation)]
    return frame.assign(
        rank=frame[TOTAL].rank(method="min", ascending=False),
        lower=frame[TOTAL].rank(method="min") - 1,
    )


def scores_before(nation: Nation, year: FiscalYear, reference: Reference) -> pd.DataFrame:
    """The last earlier total of each agency that compares with a year's: score in hundredths, since."""
    none = pd.Series(pd.NA, range(len(nation.agencies)), "Int64")
    found = pd.DataFrame({"score": none, "since": none})
    for earlier in reversed(nation.years):
        if earlier < year and reference.comparable(earlier, year):
            score = score_column(nation, earlier)
            since = none.mask(score.notna(), int(earlier))
            found = found.fillna({"score": score, "since": since})
    return found


def _of_level(frame: pd.DataFrame, level: str) -> pd.Series:
    """Which rows are of a level."""
    if level == NO_SCORE:
        return frame[TOTAL].isna()
    is_level = frame["level"].isna() if level == LEVEL_UNKNOWN else frame["level"] == level
    return is_level & frame[TOTAL].notna()


def _sorted(nation: Nation, frame: pd.DataFrame, order: Order) -> pd.DataFrame:
    """The rows in their order; equals by their id, as they stand."""
    if order is Order.NAME:
        names = {at: thai_order(nation.agencies[at].name) for at in frame.index}
        return frame.loc[sorted(names, key=names.__getitem__)]
    return frame.sort_values(
        "change" if order in (Order.RISE, Order.FALL) else TOTAL,
        ascending=order in (Order.WORST, Order.FALL),
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
    """The biggest rises and falls between two years. both: agencies with a score in both years."""

    before: FiscalYear
    after: FiscalYear
    known: int
    both: int
    risen: int
    fallen: int
    up: tuple[Mover, ...]
    down: tuple[Mover, ...]

    @property
    def small(self) -> bool:
        """Too few to say who moved most."""
        return self.both < FEWEST


def year_to_compare(
    nation: Nation, group: Group, year: FiscalYear, reference: Reference
) -> FiscalYear | None:
    """The last earlier year, comparable with one, in which anybody of the group has a total."""
    members = group.members(nation)
    for earlier in reversed(nation.years):
        if earlier < year and score_column(nation, earlier)[members].notna().any():
            return earlier if reference.comparable(earlier, year) else None
    return None


def movers(
    nation: Nation, group: Group, before: FiscalYear, after: FiscalYear, most: int = 10
) -> Movers:
    """Of one pair of years for all, so that a change over two years never stands beside one of one."""
    scores = pd.DataFrame(
        {"before": score_column(nation, before), "after": score_column(nation, after)}
    )
    members = scores[group.members(nation)]
    both = members.dropna().assign(change=lambda frame: frame["after"] - frame["before"])
    up, down = both[both["change"] > 0], both[both["change"] < 0]

    def largest(moved: pd.DataFrame, ascending: bool) -> tuple[Mover, ...]:
        # Equals stay in the order of their ids.
        shown = moved.sort_values("change", ascending=ascending, kind="stable").head(most)
        return tuple(
            Mover(nation.agencies[at], Decimal(then) / HUNDREDTHS, Decimal(now) / HUNDREDTHS)
            for at, then, now, _ in _rows(shown)
        )

    return Movers(
        before,
        after,
        len(members),
        len(both),
        len(up),
        len(down),
        largest(up, ascending=False),
        largest(down, ascending=True),
    )
