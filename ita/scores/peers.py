"""An agency among its peers: groups, percentile bands, ranks; pure.

Only agencies with a score count; every figure comes with their number and that of the stored ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from ita.domain import TOTAL, FiscalYear, Part, two_places
from ita.i18n import _
from ita.reference import Reference
from ita.scores.nation import (
    HUNDREDTHS_PER_POINT,
    MISSING,
    BoolArray,
    IntArray,
    NamedAgency,
    Nation,
    points_of_hundredths,
)

# Agencies with a score that a group needs for ranks and a band: of fewer, the outer tenths of the
# band would be single agencies.
MIN_RANKED = 10
# The percentiles of a band, in percent.
BAND_PERCENTILES = (10, 25, 50, 75, 90)
MEDIAN_INDEX = BAND_PERCENTILES.index(50)


class Peers(StrEnum):
    """The group that an agency is compared with."""

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

    def member_mask(self, nation: Nation) -> BoolArray:
        mask = np.ones(len(nation.agencies), np.bool_)
        if self.type:
            mask &= nation.types == self.type
        if self.province:
            mask &= nation.provinces == self.province
        return mask

    def name(self) -> str:
        """เทศบาลตำบล จังหวัดยะลา"""
        if not self.type and not self.province:
            return _("ทุกหน่วยงานในระบบ")
        if not self.province:
            return self.type
        province_name = province_text(self.province)
        return (
            f"{self.type} {province_name}"
            if self.type
            else _("ทุกหน่วยงานใน{province}", province=province_name)
        )


def province_text(province: str) -> str:
    """A province's name with จังหวัด before it, unless it has it already or is the capital."""
    if province.startswith("จังหวัด") or province.endswith("มหานคร"):
        return province
    return _("จังหวัด{province}", province=province)


def own_group(agency: NamedAgency, peers: Peers) -> Group | None:
    """The group of an agency; None where it has no type or province to form it by."""
    by_type, by_province = peers in (Peers.TYPE, Peers.BOTH), peers in (Peers.PROVINCE, Peers.BOTH)
    if (by_type and not agency.type) or (by_province and not agency.province):
        return None
    return Group(agency.type if by_type else "", agency.province if by_province else "")


def percentile(ordered: Sequence[int] | IntArray, share: int) -> Fraction:
    """The value below which a share (percent) of ordered values lies, between two of them by its
    distance: the continuous rule of SQL's percentile_cont.

    Raises:
        IndexError: there is no value.
    """
    position = Fraction(share * (len(ordered) - 1), 100)
    below = position.numerator // position.denominator
    low = int(ordered[below])
    high = int(ordered[min(below + 1, len(ordered) - 1)])
    return low + (high - low) * (position - below)


class PeerRank(NamedTuple):
    """An agency in its group in one year. rank: 1 is the highest, equals share the better one. lower_count:
    how many of the others have less; equals don't.
    """

    rank: int
    total: int
    lower_count: int

    @property
    def percent_below(self) -> Decimal:
        """Percent of the others that have less, to two places."""
        return two_places(Fraction(100 * self.lower_count, self.total - 1))

    @property
    def whole_percent_below(self) -> int:
        """The same in whole percent, rounded down: only a single best agency is above 100 % of them."""
        return 100 * self.lower_count // (self.total - 1)


@dataclass(frozen=True)
class PeerYear:
    """A group in one year, and one agency's score beside it.

    scored_agencies: those with a score; stored_agencies: those of the group in the store. mean: of
    the scores; percentiles: the band at BAND_PERCENTILES, empty where too few have a score. rank: None for an agency
    without a score, outside the group, or in a small one.
    """

    year: FiscalYear
    stored_agencies: int
    scored_agencies: int
    mean: Decimal | None
    percentiles: tuple[Decimal, ...]
    score: Decimal | None
    rank: PeerRank | None

    @property
    def is_small(self) -> bool:
        return self.scored_agencies < MIN_RANKED

    @property
    def median(self) -> Decimal | None:
        return self.percentiles[MEDIAN_INDEX] if self.percentiles else None


@dataclass(frozen=True)
class PeerTrend:
    """An agency (None for a group alone) against a group over the years, oldest first."""

    group: Group
    part: Part
    agency: NamedAgency | None
    is_member: bool
    years: tuple[PeerYear, ...]

    def find_year(self, year: FiscalYear) -> PeerYear | None:
        return next((peer_year for peer_year in self.years if peer_year.year == year), None)

    def previous_ranked_year(self, year: FiscalYear, reference: Reference) -> PeerYear | None:
        """The last earlier year that compares and in which the agency has a rank."""
        earlier = (y for y in reversed(self.years) if y.year < year and y.rank)
        last = next(earlier, None)
        return last if last and reference.comparable(last.year, year) else None


def compute_peer_trend(
    nation: Nation, group: Group, part: Part, agency_id: str | None
) -> PeerTrend:
    """A part of the score of a group, from the first to the last year that anybody has a total of."""
    index = nation.agency_indexes.get(agency_id) if agency_id is not None else None
    members = group.member_mask(nation)
    is_member = index is not None and bool(members[index])
    scored = nation.scored_years()
    # A year that nobody has stays on the axis, or its neighbours would look joined.
    year_span = range(scored[0], scored[-1] + 1) if scored else ()
    years = tuple(
        _peer_year(nation.scores_of(y, part), members, y, index) for y in map(FiscalYear, year_span)
    )
    agency = None if index is None else nation.agencies[index]
    return PeerTrend(group, part, agency, is_member, years)


def _peer_year(
    scores: IntArray, members: BoolArray, year: FiscalYear, index: int | None
) -> PeerYear:
    ordered = sorted_scores(scores, members)
    own_score = MISSING if index is None else int(scores[index])
    is_ranked = index is not None and members[index] and own_score != MISSING
    return PeerYear(
        year,
        int(members.sum()),
        len(ordered),
        mean_score(ordered),
        compute_band(ordered),
        points_of_hundredths(own_score),
        compute_rank(ordered, own_score) if is_ranked else None,
    )


def sorted_scores(scores: IntArray, members: BoolArray) -> IntArray:
    """The scores of a group's agencies that have one, in order."""
    return np.sort(scores[members & (scores != MISSING)])


def mean_score(reported: IntArray) -> Decimal | None:
    """The mean of scores in hundredths, to two places; a missing score is never 0."""
    if not len(reported):
        return None
    return hundredths_to_points(Fraction(int(reported.sum()), len(reported)))


def compute_band(ordered: IntArray) -> tuple[Decimal, ...]:
    """The scores at BAND_PERCENTILES, to two places; none where fewer than MIN_RANKED have a score."""
    if len(ordered) < MIN_RANKED:
        return ()
    return tuple(hundredths_to_points(percentile(ordered, share)) for share in BAND_PERCENTILES)


def compute_rank(ordered: IntArray, value: int) -> PeerRank | None:
    """The rank of a value among sorted scores that include it; None where they are few."""
    if len(ordered) < MIN_RANKED:
        return None
    higher = len(ordered) - int(np.searchsorted(ordered, value, "right"))
    return PeerRank(higher + 1, len(ordered), int(np.searchsorted(ordered, value, "left")))


def hundredths_to_points(hundredths: Fraction) -> Decimal:
    """A score of hundredths, to two places, half up."""
    return two_places(hundredths / HUNDREDTHS_PER_POINT)


def default_peers(nation: Nation, agency: NamedAgency, year: FiscalYear) -> Peers:
    """The peers shown by default: those of the agency's type, unless they are too few."""
    group = own_group(agency, Peers.TYPE)
    if group is None:
        return Peers.EVERYONE
    reported = sorted_scores(nation.scores_of(year, TOTAL), group.member_mask(nation))
    return Peers.TYPE if len(reported) >= MIN_RANKED else Peers.EVERYONE


def nearest_agencies(nation: Nation, agency: NamedAgency, limit: int) -> list[str]:
    """The ids of other agencies with a total in the last year in which this one has one, the nearest
    total first: of its type, where others of it have one, else any. Without a total all, as they come.
    """
    year = nation.latest_scored_year(agency.agency_id)
    if year is None:
        return [a.agency_id for a in nation.agencies if a.agency_id != agency.agency_id][:limit]
    index, scores = nation.agency_indexes[agency.agency_id], nation.scores_of(year)
    known = scores != MISSING
    known[index] = False
    group = own_group(agency, Peers.TYPE) or Group()
    peers = known & group.member_mask(nation)
    candidates = np.flatnonzero(peers if peers.any() else known)
    nearest = candidates[np.argsort(np.abs(scores[candidates] - scores[index]), kind="stable")]
    return [nation.agencies[int(i)].agency_id for i in nearest[:limit]]
