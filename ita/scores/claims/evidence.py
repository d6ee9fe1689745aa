"""What a claim is judged by: the scores of one part, and what the store holds beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from ita.domain import TOTAL, FiscalYear, Instrument, Part
from ita.reference import Reference, YearRules
from ita.scores.nation import MISSING, Nation
from ita.scores.peers import Peers, own_group, sorted_scores
from ita.scores.totals import HUNDRED, TOTAL_TOLERANCE
from ita.scores.trends import Point


@dataclass(frozen=True)
class GroupRank:
    """An agency among a group by the total of one year.

    first, last: the ranks that it shares with those of the same total; 1 is the highest. scored:
    agencies with a total. known: agencies of the group in the store.
    """

    first: int
    last: int
    scored: int
    known: int

    @property
    def whole(self) -> bool:
        """Whether no agency of the group that is stored lacks its total."""
        return self.scored == self.known


@dataclass(frozen=True)
class WorkState:
    """The measures of an agency, of one instrument or of all, as of the end of a quarter.

    mean: of the measures at work, percent; None where nobody reported. measures: all of the year.
    at_work: those whose period covers the quarter. finished: at 100 %. late: behind the plan.
    unreported: without a report that is due, or without one of this quarter though at work.
    """

    mean: Decimal | None
    measures: int
    at_work: int
    finished: int
    late: int
    unreported: int


@dataclass(frozen=True)
class Stored:
    """Looked up only where a claim needs it.

    ranks: the agency's rank of a year in each group that it belongs to. work: the state of its
    measures of a year, as of a quarter (1–4), of an instrument or of all (None).
    """

    ranks: Callable[[FiscalYear], Mapping[Peers, GroupRank]] = lambda year: {}
    work: Callable[[FiscalYear, int, Instrument | None], WorkState | None] = (
        lambda year, quarter, instrument: None
    )


NOTHING_STORED = Stored()


def group_ranks(nation: Nation, agency_id: str, year: FiscalYear) -> dict[Peers, GroupRank]:
    """An agency's rank in its type, its province, both and the whole store; none without a total."""
    place = nation.agency_indexes.get(agency_id)
    totals = nation.scores_of(year, TOTAL)
    if place is None or totals[place] == MISSING:
        return {}
    mine = int(totals[place])
    ranks: dict[Peers, GroupRank] = {}
    for peers in (Peers.TYPE, Peers.PROVINCE, Peers.BOTH, Peers.EVERYONE):
        group = own_group(nation.agencies[place], peers)
        if group is None:
            continue
        members = group.member_mask(nation)
        ordered = sorted_scores(totals, members)
        higher, same = int((ordered > mine).sum()), int((ordered == mine).sum())
        ranks[peers] = GroupRank(higher + 1, higher + same, len(ordered), int(members.sum()))
    return ranks


# The scores of one part by which a claim is judged: figures, changes, comparable years.


@dataclass(frozen=True)
class PartScores:
    """The points of one part up to the claim's year; all_points: those of every part. stored: lookups
    of ranks and measures."""

    part: Part
    by_year: Mapping[FiscalYear, Point]
    year: FiscalYear
    all_points: Sequence[Point]
    reference: Reference
    stored: Stored = NOTHING_STORED

    @property
    def score(self) -> Decimal | None:
        return self.score_in(self.year)

    @property
    def rules(self) -> YearRules | None:
        return self.reference.rules(self.year) if self.reference.knows(self.year) else None

    def score_in(self, year: int) -> Decimal | None:
        point = self.by_year.get(FiscalYear(year))
        return point.score if point else None

    def score_of(self, part: Part) -> Decimal | None:
        """The score of another part in the claim's year."""
        return next(
            (p.score for p in self.all_points if (p.fiscal_year, p.part) == (self.year, part)), None
        )

    def change_from(self, since: int) -> Decimal | None:
        """Points from an earlier year to this one; None unless both are known and comparable."""
        now, before = self.score, self.score_in(since)
        if now is None or before is None or not self.reference.comparable(since, self.year):
            return None
        return now - before

    def scored_years(self) -> tuple[FiscalYear, ...]:
        """The years with a score that compares with that of the claim's year."""
        return tuple(
            year
            for year, point in sorted(self.by_year.items())
            if point.score is not None and self.reference.comparable(year, self.year)
        )

    def is_figure(self, stated: Decimal, year: int) -> bool:
        """Whether a figure is the score of a year, on 0–100 or in points of the total."""
        score = self.score_in(year)
        if score is None:
            return False
        return any(
            is_same_figure(stated, value, self._slack(year)) for value in self._scales(score)
        )

    def is_change(self, stated: Decimal, since: int) -> bool | None:
        """Whether a figure is the change since a year: in points, of either scale, or in percent."""
        change, before = self.change_from(since), self.score_in(since)
        if change is None or before is None:
            return None
        candidates = [*self._scales(change), *([change / before * HUNDRED] if before else [])]
        slack = max(self._slack(since), self._slack(self.year))
        return any(is_same_figure(stated, candidate, slack) for candidate in candidates)

    def _scales(self, value: Decimal) -> tuple[Decimal, ...]:
        """A value of 0–100, and of an instrument the same in points of the total."""
        if self.rules is None or self.part not in tuple(Instrument):
            return (value,)
        rule = self.rules.instruments.get(Instrument(self.part))
        return (value, value * rule.weight / HUNDRED) if rule else (value,)

    def _slack(self, year: int) -> Decimal:
        """A computed score may be off by what rounding can do; a published one isn't."""
        point = self.by_year.get(FiscalYear(year))
        return TOTAL_TOLERANCE if point is None or point.published_score is None else Decimal(0)


def is_same_figure(stated: Decimal, value: Decimal, slack: Decimal = Decimal(0)) -> bool:
    """Whether a figure is a value with fewer places, rounded or truncated."""
    unit = Decimal(1).scaleb(int(stated.as_tuple().exponent))
    rounded_values = {
        value.quantize(unit, rounding=rounding) for rounding in (ROUND_HALF_UP, ROUND_DOWN)
    }
    return stated in rounded_values or abs(stated - value) <= slack
