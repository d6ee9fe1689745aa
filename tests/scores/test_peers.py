"""Percentiles, ranks, bands and groups."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.domain import TOTAL, FiscalYear, two_places
from ita.reference import Reference
from ita.scores.nation import NamedAgency
from ita.scores.peer_tables import percent_below_text, rank_sentence, small_group_text
from ita.scores.peers import (
    BAND_PERCENTILES,
    MIN_RANKED,
    Group,
    PeerRank,
    Peers,
    compute_peer_trend,
    compute_rank,
    default_peers,
    mean_score,
    nearest_agencies,
    own_group,
    percentile,
    province_text,
)
from tests.scores.nations import nation_of

values = st.lists(st.integers(0, 10_000), min_size=1, max_size=60)
YEAR = FiscalYear(2567)


def ordered(found: list[int]) -> np.ndarray:
    return np.sort(np.array(found))


@given(values, st.sampled_from(BAND_PERCENTILES))
def test_percentile_lies_between_its_neighbours_by_its_distance(
    found: list[int], share: int
) -> None:
    """The definition, step by step: place (n − 1)·p counted from 0, whole part and rest."""
    place = Fraction(len(found) - 1) * share / 100
    whole = int(place)
    low, high = sorted(found)[whole], sorted(found)[min(whole + 1, len(found) - 1)]
    assert percentile(ordered(found), share) == (1 - (place - whole)) * low + (place - whole) * high


@pytest.mark.slow
@given(values)
def test_percentile_is_that_of_the_engine(found: list[int]) -> None:
    cursor = duckdb.connect()
    for share in BAND_PERCENTILES:
        (theirs,) = cursor.execute(
            "SELECT percentile_cont($share) WITHIN GROUP (ORDER BY v) FROM unnest($found) AS t (v)",
            {"share": share / 100, "found": found},
        ).fetchone() or (None,)
        assert float(percentile(ordered(found), share)) == pytest.approx(theirs, abs=1e-6)


@given(st.lists(st.integers(0, 10_000), min_size=MIN_RANKED, max_size=60, unique=True))
def test_above_undoes_percentile(found: list[int]) -> None:
    for rank, value in enumerate(sorted(found)):
        place = compute_rank(ordered(found), value)
        assert place is not None
        assert place.lower_count == rank
        if 100 * rank % (len(found) - 1) == 0:
            assert percentile(ordered(found), place.whole_percent_below) == value


@given(st.lists(st.integers(0, 40), min_size=MIN_RANKED, max_size=60))
def test_equals_share_the_better_rank_and_the_first_is_above_all(found: list[int]) -> None:
    for value in found:
        rank = compute_rank(ordered(found), value)
        assert rank is not None
        assert rank.rank == 1 + sum(other > value for other in found)
        assert rank.total == len(found)
        assert rank.lower_count == sum(other < value for other in found)
        assert rank.percent_below == two_places(Decimal(100 * rank.lower_count) / (len(found) - 1))
    best, worst = (compute_rank(ordered(found), v) for v in (max(found), min(found)))
    assert best and worst
    assert (best.percent_below == 100) == (found.count(max(found)) == 1)
    assert worst.percent_below == 0


def test_few_are_not_ranked() -> None:
    assert compute_rank(ordered([*range(MIN_RANKED - 1)]), 3) is None
    assert compute_rank(ordered([*range(MIN_RANKED)]), 3) is not None


def test_a_mean_is_of_those_that_are_there() -> None:
    assert mean_score(np.array([], np.int64)) is None
    assert mean_score(np.array([8_000, 9_001])) == Decimal("85.01")  # 85.005, half up


def test_missing_is_never_zero(reference: Reference) -> None:
    nation = nation_of(reference, {2567: [80, None, 90, None]})
    (year,) = compute_peer_trend(nation, Group(), TOTAL, "A001").years
    assert (year.stored_agencies, year.scored_agencies, year.mean) == (4, 2, Decimal("85.00"))
    assert year.score is None
    assert year.rank is None


TYPES = ["ตำบล"] * 12 + ["เมือง"] * 3
PROVINCES = ["ยะลา", "ตรัง", "ยะลา"] * 5


def test_groups_are_those_of_type_and_province(reference: Reference) -> None:
    nation = nation_of(reference, {2567: [80] * 15}, TYPES, PROVINCES)
    counts = {
        group: int(group.member_mask(nation).sum())
        for group in (Group(), Group("ตำบล"), Group("", "ยะลา"), Group("เมือง", "ตรัง"), Group("x"))
    }
    assert [*counts.values()] == [15, 12, 10, 1, 0]
    for group in counts:
        held = [
            group.type in ("", agency.type) and group.province in ("", agency.province)
            for agency in nation.agencies
        ]
        assert held == group.member_mask(nation).tolist()


def test_an_agency_is_compared_with_what_it_has() -> None:
    whole, bare = NamedAgency("A", "ก", "ตำบล", "ยะลา"), NamedAgency("B", "ข", "", "")
    assert own_group(whole, Peers.BOTH) == Group("ตำบล", "ยะลา")
    assert own_group(whole, Peers.PROVINCE) == Group("", "ยะลา")
    assert [own_group(bare, peers) for peers in (Peers.TYPE, Peers.PROVINCE, Peers.BOTH)] == [
        None
    ] * 3
    assert own_group(bare, Peers.EVERYONE) == Group()


def test_the_first_peers_are_those_of_the_type_unless_few(reference: Reference) -> None:
    nation = nation_of(reference, {2567: [80] * 15}, TYPES)
    first, last = nation.agencies[0], nation.agencies[-1]
    assert default_peers(nation, first, YEAR) is Peers.TYPE
    assert default_peers(nation, last, YEAR) is Peers.EVERYONE
    assert default_peers(nation, first, FiscalYear(2566)) is Peers.EVERYONE


def test_nearest_are_of_the_type_and_of_equals_the_first(reference: Reference) -> None:
    totals = {2566: [70, 71, 72, 73, None, 74], 2567: [80, 83, None, 77, 80, None]}
    nation = nation_of(reference, totals, ["เมือง", "เมือง", "เมือง", "เมือง", "ตำบล", "เมือง"])
    first, *_others, village, silent = nation.agencies
    assert nearest_agencies(nation, first, 9) == ["A001", "A003"]
    assert nearest_agencies(nation, first, 1) == ["A001"]
    # No other of its type has a total; of the last year in which the agency has one.
    assert nearest_agencies(nation, village, 9) == ["A000", "A001", "A003"]
    assert nearest_agencies(nation, silent, 9) == ["A003", "A002", "A001", "A000"]


@given(
    st.lists(
        st.tuples(st.none() | st.integers(0, 8), st.sampled_from(["", "เมือง", "ตำบล"])),
        min_size=1,
        max_size=9,
    ),
    st.integers(1, 9),
)
def test_nearest_are_those_of_a_plain_sort(
    reference: Reference, figures: list[tuple[int | None, str]], limit: int
) -> None:
    totals, types = zip(*figures, strict=True)
    nation = nation_of(reference, {2567: totals}, types)
    for own, (total, kind) in enumerate(figures):
        others = [n for n in range(len(figures)) if n != own]
        if total is not None:
            others = [n for n in others if totals[n] is not None]
            others = [n for n in others if kind and types[n] == kind] or others
            others.sort(key=lambda n: abs((totals[n] or 0) - (total or 0)))
        wanted = [nation.agencies[n].agency_id for n in others[:limit]]
        assert nearest_agencies(nation, nation.agencies[own], limit) == wanted


def test_nearest_of_an_agency_without_a_total_are_all_in_order(reference: Reference) -> None:
    nation = nation_of(reference, {2567: [80, None, 90]})
    assert nearest_agencies(nation, nation.agencies[1], 9) == ["A000", "A002"]


@pytest.mark.parametrize(
    ("group", "name"),
    [
        (Group(), "ทุกหน่วยงานในระบบ"),
        (Group("เทศบาล"), "เทศบาล"),
        (Group("", "ยะลา"), "ทุกหน่วยงานในจังหวัดยะลา"),
        (Group("เทศบาล", "จังหวัดตรัง"), "เทศบาล จังหวัดตรัง"),
        (Group("", "กรุงเทพมหานคร"), "ทุกหน่วยงานในกรุงเทพมหานคร"),
    ],
)
def test_groups_are_named_as_one_speaks(group: Group, name: str) -> None:
    assert group.name() == name
    assert province_text("ยะลา") == "จังหวัดยะลา"


def rising(count: int, best: float = 90) -> list[float]:
    return [best - step for step in range(count)]


def test_the_band_is_of_those_reported(reference: Reference) -> None:
    nation = nation_of(reference, {2567: [*rising(11), None, None]})
    (year,) = compute_peer_trend(nation, Group(), TOTAL, "A000").years
    assert [*map(str, year.percentiles)] == ["81.00", "82.50", "85.00", "87.50", "89.00"]
    assert (year.scored_agencies, year.stored_agencies, year.median) == (11, 13, Decimal("85.00"))


def test_a_small_group_has_no_band_and_no_rank(reference: Reference) -> None:
    nation = nation_of(reference, {2567: [*rising(MIN_RANKED - 1), None]})
    peer_trend = compute_peer_trend(nation, Group(), TOTAL, "A000")
    (year,) = peer_trend.years
    assert year.percentiles == ()
    assert year.rank is None
    sentence = rank_sentence(peer_trend, year, reference)
    assert "มีคะแนน 9 จาก 10 แห่ง น้อยกว่า 10 แห่ง" in sentence
    assert "ไม่จัดอันดับ" in sentence


@pytest.mark.parametrize(
    ("group", "words"),
    [(Group("เดี่ยว"), "มีหน่วยงานเดียว"), (Group("เงียบ"), "ยังไม่มีคะแนนของปี 2567")],
)
def test_groups_of_one_and_of_none_say_so(group: Group, words: str, reference: Reference) -> None:
    nation = nation_of(reference, {2567: [90, None, None]}, ["เดี่ยว", "เงียบ", "เงียบ"])
    year = compute_peer_trend(nation, group, TOTAL, "A000").find_year(YEAR)
    assert year
    assert words in (small_group_text(year, group) or "")


def test_a_group_without_agencies_says_so(reference: Reference) -> None:
    nation = nation_of(reference, {2567: rising(12)})
    peer_trend = compute_peer_trend(nation, Group("ไม่มี"), TOTAL, "A000")
    assert "ไม่มีหน่วยงานในกลุ่ม “ไม่มี”" in rank_sentence(peer_trend, peer_trend.years[0], reference)


def test_the_rank_is_held_against_the_last_year_that_compares(reference: Reference) -> None:
    first = rising(12)
    nation = nation_of(
        reference,
        {2561: first, 2562: [*first[1:], 95], 2563: [None] * 12, 2564: first},
    )
    peer_trend = compute_peer_trend(nation, Group(), TOTAL, "A000")
    assert [year.year for year in peer_trend.years] == [2561, 2562, 2563, 2564]
    this, then, oldest = (peer_trend.find_year(FiscalYear(y)) for y in (2564, 2562, 2561))
    assert this and then and oldest
    assert (this.rank and this.rank.rank, then.rank and then.rank.rank) == (1, 2)
    assert peer_trend.previous_ranked_year(this.year, reference) == then
    assert peer_trend.previous_ranked_year(then.year, reference) is None  # another model
    assert "อันดับดีขึ้น 1 จากปี 2562 (อันดับ 2 จาก 12)" in rank_sentence(peer_trend, this, reference)
    assert "อันดับดี" not in rank_sentence(peer_trend, then, reference)


def test_an_agency_outside_has_a_line_and_no_rank(reference: Reference) -> None:
    nation = nation_of(reference, {2567: rising(15)}, TYPES)
    peer_trend = compute_peer_trend(nation, Group("ตำบล"), TOTAL, "A014")
    (year,) = peer_trend.years
    assert year.score == 76
    assert year.rank is None
    assert not peer_trend.is_member
    assert "ไม่อยู่ในกลุ่มที่เลือก" in rank_sentence(peer_trend, year, reference)


def test_nobody_is_above_all_but_the_first() -> None:
    assert percent_below_text(PeerRank(2, 8_000, 7_998)) == "99 %"  # 99.9875, which rounds to 99.99
    assert percent_below_text(PeerRank(2, 40_000, 39_998)) == "99 %"  # and 99.9975 to 100.00
    assert percent_below_text(PeerRank(1, 8_000, 7_999)) == "100 %"
    assert percent_below_text(PeerRank(1, 10, 0)) == "0 %"  # ten equals: above nobody
    assert percent_below_text(PeerRank(67, 101, 34)) == "34 %"
