"""What the store holds beside an agency's own scores, as far as a claim can be checked by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ita.domain import TOTAL, FiscalYear, Instrument
from ita.scores.nation import Nation, points_of_hundredths
from ita.scores.peers import Peers, own_group, sorted_scores
from ita.scores.vectorized import MISSING


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
    if (
        place is None
        or int(totals[place]) == MISSING
        or points_of_hundredths(int(totals[place])) is None
    ):
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
