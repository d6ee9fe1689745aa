"""Agencies of a group in the order of their scores, and those that moved most; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

import numpy as np

from ita.reference import Reference
from ita.scores.nation import NamedAgency, Nation, score
from ita.scores.peers import FEWEST, Group, Place, place_of, reported_scores
from ita.scores.set_wise import MISSING, NO_LEVEL, Truths, Whole
from ita.vocabulary import TOTAL, FiscalYear, Instrument
from ita.wording import thai_order

PAGE_ROWS = 25
NO_SCORE, LEVEL_UNKNOWN = "none", "unknown"
"""What stands for a level where there is no score, or a score without a level."""


class Order(StrEnum):
    """How a league table is sorted; those without a score, or without a change, come last."""

    BEST = "best"
    WORST = "worst"
    RISE = "rise"
    FALL = "fall"
    NAME = "name"


@dataclass(frozen=True)
class LeagueRow:
    """One agency in one year. score: of the total; place: None where the group is small or there is
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

    chosen: their places in the nation, in the order shown. known, reported: of the group, before
    the filter by level.
    """

    nation: Nation
    group: Group
    year: FiscalYear
    ordered: Whole
    known: int
    chosen: Whole
    before: Whole
    since: Whole

    @property
    def reported(self) -> int:
        return len(self.ordered)

    @property
    def ranked(self) -> bool:
        return self.reported >= FEWEST

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.chosen) // PAGE_ROWS))

    def page(self, number: int) -> tuple[LeagueRow, ...]:
        """The rows of a page; the first is 1, and beyond the last there are none."""
        return self.rows((number - 1) * PAGE_ROWS, number * PAGE_ROWS)

    def rows(self, first: int = 0, end: int | None = None) -> tuple[LeagueRow, ...]:
        return tuple(self._row(int(place)) for place in self.chosen[first:end])

    def page_of(self, agency_id: str) -> int | None:
        """The page on which an agency stands."""
        place = self.nation.places.get(agency_id, MISSING)
        (found,) = np.nonzero(self.chosen == place)
        return int(found[0]) // PAGE_ROWS + 1 if len(found) else None

    @cached_property
    def _scores(self) -> Whole:
        return self.nation.of(self.year, TOTAL)

    def _row(self, place: int) -> LeagueRow:
        mine, before = int(self._scores[place]), int(self.before[place])
        known = mine != MISSING
        compared = known and before != MISSING
        return LeagueRow(
            self.nation.agencies[place],
            score(mine),
            tuple(score(int(self.nation.of(self.year, i)[place])) for i in Instrument),
            self.nation.level(self.year, place),
            place_of(self.ordered, mine) if known else None,
            FiscalYear(int(self.since[place])) if compared else None,
            score_change(mine, before) if compared else None,
        )


def score_change(now: int, before: int) -> Decimal:
    return Decimal(now - before) / 100


def league(
    nation: Nation,
    group: Group,
    year: FiscalYear,
    reference: Reference,
    order: Order = Order.BEST,
    level: str | None = None,
) -> League:
    """level: of the year's names, LEVEL_UNKNOWN or NO_SCORE; None for every agency."""
    members, scores = group.members(nation), nation.of(year, TOTAL)
    before, since = scores_before(nation, year, reference)
    shown = members if level is None else members & of_level(nation, year, level)
    (places,) = np.nonzero(shown)
    return League(
        nation,
        group,
        year,
        reported_scores(scores, members),
        int(members.sum()),
        places[_sorted(nation, places, scores, before, order)],
        before,
        since,
    )


def scores_before(nation: Nation, year: FiscalYear, reference: Reference) -> tuple[Whole, Whole]:
    """The last earlier total of each agency that compares with a year's, and its year."""
    before = np.full(len(nation.agencies), MISSING)
    since = np.full(len(nation.agencies), MISSING)
    for earlier in reversed(nation.years):
        if earlier < year and reference.comparable(earlier, year):
            theirs = nation.of(earlier, TOTAL)
            fresh = (before == MISSING) & (theirs != MISSING)
            before[fresh], since[fresh] = theirs[fresh], int(earlier)
    return before, since


def of_level(nation: Nation, year: FiscalYear, level: str) -> Truths:
    """The agencies of a level in a year."""
    scored = nation.of(year, TOTAL) != MISSING
    if level == NO_SCORE or year not in nation.years:
        unscored: Truths = ~scored
        return unscored
    at = nation.years.index(year)
    names = nation.level_names[at]
    code = names.index(level) if level in names else NO_LEVEL
    found: Truths = scored & (nation.levels[at] == code)
    return found


def _sorted(nation: Nation, places: Whole, scores: Whole, before: Whole, order: Order) -> Whole:
    """The positions in `places` in their order; equals by their id."""
    if order is Order.NAME:
        named = [
            (thai_order(nation.agencies[p].name), p, at) for at, p in enumerate(places.tolist())
        ]
        return np.array([at for *_, at in sorted(named)], dtype=np.int64)
    mine = scores[places]
    known = mine != MISSING
    value = mine
    if order in (Order.RISE, Order.FALL):
        known &= before[places] != MISSING
        value = mine - before[places]
    down = order in (Order.BEST, Order.RISE)
    return np.lexsort((places, np.where(known, -value if down else value, 0), ~known))


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
        if earlier < year and (nation.of(earlier, TOTAL)[members] != MISSING).any():
            return earlier if reference.comparable(earlier, year) else None
    return None


def movers(
    nation: Nation, group: Group, before: FiscalYear, after: FiscalYear, most: int = 10
) -> Movers:
    """Of one pair of years for all, so that a change over two years never stands beside one of one."""
    members = group.members(nation)
    old, new = nation.of(before, TOTAL), nation.of(after, TOTAL)
    both = members & (old != MISSING) & (new != MISSING)
    change = np.where(both, new - old, 0)
    (up,), (down,) = np.nonzero(change > 0), np.nonzero(change < 0)

    def made(places: Iterable[int]) -> tuple[Mover, ...]:
        return tuple(
            Mover(nation.agencies[p], Decimal(int(old[p])) / 100, Decimal(int(new[p])) / 100)
            for p in places
        )

    return Movers(
        before,
        after,
        int(members.sum()),
        int(both.sum()),
        len(up),
        len(down),
        made(up[np.lexsort((up, -change[up]))][:most]),
        made(down[np.lexsort((down, change[down]))][:most]),
    )
