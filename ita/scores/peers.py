"""An agency among its peers: groups, percentile bands, ranks; pure.

Only agencies with a score count, and beside every figure stands how many they are of how many known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from ita.reference import Reference
from ita.scores.nation import HUNDREDTHS, NamedAgency, Nation, score
from ita.scores.set_wise import MISSING, Truths, Whole
from ita.vocabulary import TOTAL, FiscalYear, Part, two_places
from ita.wording import _

# Agencies with a score that a group needs for ranks and a band: of fewer, the outer tenths of the
# band would be single agencies.
FEWEST = 10
# The percentiles of a band, in percent.
SHARES = (10, 25, 50, 75, 90)
MEDIAN = SHARES.index(50)


class Peers(StrEnum):
    """Whom an agency is compared with."""

    TYPE = "type"
    PROVINCE = "province"
    BOTH = "both"
    EVERYONE = "all"
    CHOSEN = "chosen"


@dataclass(frozen=True)
class Group:
    """Agencies of a type, of a province, of both; "" = whatever it is."""

    type: str = ""
    province: str = ""

    def members(self, nation: Nation) -> Truths:
        found = np.ones(len(nation.agencies), np.bool_)
        if self.type:
            found &= nation.types == self.type
        if self.province:
            found &= nation.provinces == self.province
        return found

    def holds(self, agency: NamedAgency) -> bool:
        return self.type in ("", agency.type) and self.province in ("", agency.province)

    def name(self) -> str:
        """เทศบาลตำบล จังหวัดยะลา"""
        if not self.type and not self.province:
            return _("ทุกหน่วยงานในระบบ")
        if not self.province:
            return self.type
        where = province_text(self.province)
        return f"{self.type} {where}" if self.type else _("ทุกหน่วยงานใน{province}", province=where)


def province_text(province: str) -> str:
    """A province as it is spoken of; some are written with the word, and the capital goes without."""
    if province.startswith("จังหวัด") or province.endswith("มหานคร"):
        return province
    return _("จังหวัด{province}", province=province)


def group_of(agency: NamedAgency, peers: Peers) -> Group | None:
    """The group of an agency's own kind; None where it lacks what the group is made by."""
    by_type, by_province = peers in (Peers.TYPE, Peers.BOTH), peers in (Peers.PROVINCE, Peers.BOTH)
    if (by_type and not agency.type) or (by_province and not agency.province):
        return None
    return Group(agency.type if by_type else "", agency.province if by_province else "")


def percentile(ordered: Sequence[int] | Whole, share: int) -> Fraction:
    """The value below which a share (percent) of ordered values lies, between two of them by its
    distance: the continuous rule of SQL's percentile_cont.

    Raises:
        IndexError: there is no value.
    """
    place = Fraction(share * (len(ordered) - 1), 100)
    below = place.numerator // place.denominator
    low = int(ordered[below])
    high = int(ordered[min(below + 1, len(ordered) - 1)])
    return low + (high - low) * (place - below)


class Place(NamedTuple):
    """An agency in its group in one year. rank: 1 is the highest, equals share the better one. lower:
    how many of the others have less; equals don't.
    """

    rank: int
    of: int
    lower: int

    @property
    def above(self) -> Decimal:
        """Percent of the others that have less, to two places."""
        return rounded(Fraction(100 * self.lower, self.of - 1))

    @property
    def whole_above(self) -> int:
        """The same in whole percent, cut: only who is alone at the top is above 100 % of them."""
        return 100 * self.lower // (self.of - 1)


@dataclass(frozen=True)
class PeerYear:
    """A group in one year, and one agency's score beside it.

    reported: agencies with a score; known: agencies of the group in the store. mean: of those
    reported; edges: the band at SHARES, empty where too few reported. place: None for an agency
    without a score, outside the group, or in a small one.
    """

    year: FiscalYear
    known: int
    reported: int
    mean: Decimal | None
    edges: tuple[Decimal, ...]
    score: Decimal | None
    place: Place | None

    @property
    def small(self) -> bool:
        return self.reported < FEWEST

    @property
    def median(self) -> Decimal | None:
        return self.edges[MEDIAN] if self.edges else None


@dataclass(frozen=True)
class PeerTrend:
    """An agency (None for a group alone) against a group over the years, oldest first."""

    group: Group
    part: Part
    agency: NamedAgency | None
    inside: bool
    years: tuple[PeerYear, ...]

    def of(self, year: FiscalYear) -> PeerYear | None:
        return next((found for found in self.years if found.year == year), None)

    def before(self, year: FiscalYear, reference: Reference) -> PeerYear | None:
        """The last earlier year that compares and in which the agency has a place."""
        earlier = (y for y in reversed(self.years) if y.year < year and y.place)
        last = next(earlier, None)
        return last if last and reference.comparable(last.year, year) else None


def peer_trend(nation: Nation, group: Group, part: Part, agency_id: str | None) -> PeerTrend:
    """A part of the score of a group, from the first to the last year that anybody has a total of."""
    place = nation.places.get(agency_id) if agency_id is not None else None
    members = group.members(nation)
    inside = place is not None and bool(members[place])
    scored = nation.scored_years()
    # A year that nobody has stays on the axis, or its neighbours would look joined.
    span = range(scored[0], scored[-1] + 1) if scored else ()
    years = tuple(_peer_year(nation.of(y, part), members, y, place) for y in map(FiscalYear, span))
    agency = None if place is None else nation.agencies[place]
    return PeerTrend(group, part, agency, inside, years)


def _peer_year(scores: Whole, members: Truths, year: FiscalYear, place: int | None) -> PeerYear:
    ordered = reported_scores(scores, members)
    mine = MISSING if place is None else int(scores[place])
    ranked = place is not None and members[place] and mine != MISSING
    return PeerYear(
        year,
        int(members.sum()),
        len(ordered),
        mean_score(ordered),
        band(ordered),
        score(mine),
        place_of(ordered, mine) if ranked else None,
    )


def reported_scores(scores: Whole, members: Truths) -> Whole:
    """The scores of a group's agencies that have one, in order."""
    return np.sort(scores[members & (scores != MISSING)])


def mean_score(reported: Whole) -> Decimal | None:
    """The mean of those reported, to two places; what is missing is never 0."""
    if not len(reported):
        return None
    return in_points(Fraction(int(reported.sum()), len(reported)))


def band(ordered: Whole) -> tuple[Decimal, ...]:
    """The scores at SHARES, to two places; none where fewer than FEWEST reported."""
    if len(ordered) < FEWEST:
        return ()
    return tuple(in_points(percentile(ordered, share)) for share in SHARES)


def place_of(ordered: Whole, value: int) -> Place | None:
    """Where a value stands among those reported, itself among them; None where they are few."""
    if len(ordered) < FEWEST:
        return None
    higher = len(ordered) - int(np.searchsorted(ordered, value, "right"))
    return Place(higher + 1, len(ordered), int(np.searchsorted(ordered, value, "left")))


def in_points(hundredths: Fraction) -> Decimal:
    """A score of hundredths, to two places, half up."""
    return rounded(hundredths / HUNDREDTHS)


def rounded(value: Fraction) -> Decimal:
    return two_places(Decimal(value.numerator) / value.denominator)


def usual_peers(nation: Nation, agency: NamedAgency, year: FiscalYear) -> Peers:
    """The peers that an agency is first shown among: those of its type, unless they are too few."""
    group = group_of(agency, Peers.TYPE)
    if group is None:
        return Peers.EVERYONE
    reported = reported_scores(nation.of(year, TOTAL), group.members(nation))
    return Peers.TYPE if len(reported) >= FEWEST else Peers.EVERYONE
