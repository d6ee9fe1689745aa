"""League tables and movers against the slow way."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import Settings
from ita.domain import TOTAL, FiscalYear
from ita.reference import Reference, load_reference
from ita.scores.league import (
    LEVEL_UNKNOWN,
    NO_SCORE,
    PAGE_ROWS,
    LeagueOrder,
    build_league,
    comparison_year,
    compute_movers,
)
from ita.scores.peer_tables import (
    league_file,
    mover_columns,
    movers_sentence,
)
from ita.scores.peers import MIN_RANKED, Group
from ita.tables import Table
from tests.scores.nations import nation_of

REFERENCE = load_reference(Settings().reference)
YEAR = FiscalYear(2567)
scores = st.lists(
    st.one_of(st.none(), st.sampled_from([70.0, 80.01, 84.99, 85.0, 95.0])),
    min_size=1,
    max_size=30,
)


def test_equal_scores_share_a_rank_and_the_next_one_counts_them(reference: Reference) -> None:
    figures = [90, 95, 90, None, *[80 - n for n in range(10)]]
    rows = build_league(nation_of(reference, {2567: figures}), Group(), YEAR, reference).rows()
    ranks = [(row.agency.agency_id, row.rank.rank if row.rank else None) for row in rows[:4]]
    assert ranks == [("A001", 1), ("A000", 2), ("A002", 2), ("A004", 4)]
    assert rows[-1].agency.agency_id == "A003"
    assert (rows[-1].score, rows[-1].rank, rows[-1].level) == (None, None, None)


def test_a_small_group_is_listed_and_not_ranked(reference: Reference) -> None:
    league = build_league(nation_of(reference, {2567: [90, 80]}), Group(), YEAR, reference)
    assert not league.is_ranked
    assert [row.rank for row in league.rows()] == [None, None]


@given(now=scores, data=st.data())
@pytest.mark.parametrize("order", LeagueOrder)
def test_orders_sort_and_keep_everybody(
    order: LeagueOrder, now: list[float], data: st.DataObject
) -> None:
    then = data.draw(
        st.lists(st.sampled_from([None, 60.0, 85.0]), min_size=len(now), max_size=len(now))
    )
    nation = nation_of(REFERENCE, {2566: then, 2567: now})
    rows = build_league(nation, Group(), YEAR, REFERENCE, order).rows()
    assert {row.agency.agency_id for row in rows} == {a.agency_id for a in nation.agencies}
    if order is LeagueOrder.NAME:
        assert [r.agency.name for r in rows] == sorted(a.name for a in nation.agencies)
        return
    by_change = order in (LeagueOrder.RISE, LeagueOrder.FALL)
    figures_in_order = [row.change if by_change else row.score for row in rows]
    scored = [value for value in figures_in_order if value is not None]
    assert figures_in_order == [
        *sorted(scored, reverse=order in (LeagueOrder.BEST, LeagueOrder.RISE)),
        *[None] * (len(figures_in_order) - len(scored)),
    ]


def test_a_change_is_since_the_last_year_that_compares(reference: Reference) -> None:
    nation = nation_of(
        reference,
        {2561: [10, 20, 30], 2562: [70, None, None], 2566: [None, 81, None], 2567: [80, 80, 80]},
    )
    rows = {
        row.agency.agency_id: row for row in build_league(nation, Group(), YEAR, reference).rows()
    }
    results = {name: (row.since, row.change) for name, row in rows.items()}
    assert results == {
        "A000": (2562, Decimal(10)),
        "A001": (2566, Decimal(-1)),
        "A002": (None, None),  # before the break only
    }


@pytest.mark.slow
@given(scores)
def test_every_agency_has_exactly_one_level(figures: list[float | None]) -> None:
    nation = nation_of(REFERENCE, {2567: figures})
    names = [*nation.level_names[0], LEVEL_UNKNOWN, NO_SCORE]
    results = [build_league(nation, Group(), YEAR, REFERENCE, level=name) for name in names]
    assert sum(len(one.table) for one in results) == len(figures)
    for name, one in zip(names, results, strict=True):
        assert one.scored_agencies == sum(figure is not None for figure in figures)
        for row in one.rows():
            if name not in (LEVEL_UNKNOWN, NO_SCORE):
                assert row.level == name


def test_an_unknown_level_filters_nobody_in(reference: Reference) -> None:
    nation = nation_of(reference, {2567: [90.0] * 3})
    assert not len(build_league(nation, Group(), YEAR, reference, level=NO_SCORE).table)


def test_pages_cut_the_rows_and_know_where_somebody_is(reference: Reference) -> None:
    nation = nation_of(reference, {2567: [99 - n / 10 for n in range(PAGE_ROWS * 2 + 3)]})
    league = build_league(nation, Group(), YEAR, reference)
    assert league.page_count == 3
    assert [len(league.page(n)) for n in (1, 2, 3, 4)] == [PAGE_ROWS, PAGE_ROWS, 3, 0]
    assert [row for n in (1, 2, 3) for row in league.page(n)] == [*league.rows()]
    assert league.page_of(f"A{PAGE_ROWS:03d}") == 2
    assert league.page_of("nobody") is None


def test_an_empty_group_is_one_empty_page(reference: Reference) -> None:
    league = build_league(nation_of(reference, {2567: [90]}), Group("ไม่มี"), YEAR, reference)
    assert (league.page_count, league.page(1), league.stored_agencies) == (1, (), 0)


def test_a_year_of_which_nobody_has_anything_lists_all_without_scores(reference: Reference) -> None:
    league = build_league(nation_of(reference, {2567: [90]}), Group(), FiscalYear(2566), reference)
    assert [row.score for row in league.rows()] == [None]


def test_records_hold_what_the_rows_say(reference: Reference) -> None:
    nation = nation_of(reference, {2566: [80.0] * 11, 2567: [90.0 + n / 10 for n in range(11)]})
    league = build_league(nation, Group(), YEAR, reference)
    table = league_file(league.rows, YEAR, reference)
    records = [*table.records()]
    first = dict(zip(table.header, records[0], strict=True))
    assert first["อันดับ"] == 1
    assert (first["คะแนนรวม"], first["เทียบกับปี"], first["เปลี่ยนแปลง"]) == (
        Decimal("91.0"),
        2566,
        Decimal("11.0"),
    )
    assert (first["สูงกว่าร้อยละ"], first["ระดับ"]) == (100, "ผ่านเกณฑ์ (ไม่ทราบระดับ)")
    assert len(records) == 11 >= MIN_RANKED


@given(now=scores, data=st.data())
def test_movers_are_the_largest_changes_of_those_with_both_years(
    now: list[float | None], data: st.DataObject
) -> None:
    then = data.draw(
        st.lists(st.sampled_from([None, 60.0, 84.0, 85.0]), min_size=len(now), max_size=len(now))
    )
    nation = nation_of(REFERENCE, {2566: then, 2567: now})
    movers = compute_movers(nation, Group(), FiscalYear(2566), YEAR, limit=3)
    changes = {
        agency.agency_id: Decimal(str(new)) - Decimal(str(old))
        for agency, old, new in zip(nation.agencies, then, now, strict=True)
        if old is not None and new is not None
    }
    up = sorted((-change, name) for name, change in changes.items() if change > 0)
    down = sorted((change, name) for name, change in changes.items() if change < 0)
    assert [(-m.change, m.agency.agency_id) for m in movers.largest_rises] == up[:3]
    assert [(m.change, m.agency.agency_id) for m in movers.largest_falls] == down[:3]
    assert (movers.compared_agencies, movers.rise_count, movers.fall_count) == (
        len(changes),
        len(up),
        len(down),
    )


def test_movers_never_cross_a_break(reference: Reference) -> None:
    nation = nation_of(reference, {2561: [10, 20], 2562: [70, None], 2567: [80, 80]})
    assert comparison_year(nation, Group(), FiscalYear(2562), reference) is None
    assert comparison_year(nation, Group(), FiscalYear(2561), reference) is None
    assert comparison_year(nation, Group(), YEAR, reference) == 2562


def test_movers_are_told_and_written_down(reference: Reference) -> None:
    nation = nation_of(reference, {2566: [80, 85, None], 2567: [90, 84, 70]})
    movers = compute_movers(nation, Group(), FiscalYear(2566), YEAR)
    assert movers_sentence(movers) == (
        "จากปี 2566 ถึงปี 2567 มีคะแนนทั้งสองปี 2 จาก 3 แห่ง เพิ่มขึ้น 1 แห่ง ลดลง 1 แห่ง "
        "น้อยกว่า 10 แห่ง จึงไม่จัดว่าหน่วยงานใดเปลี่ยนมากที่สุด"
    )
    many = {2566: [80] * MIN_RANKED, 2567: [90] * MIN_RANKED}
    enough = compute_movers(nation_of(reference, many), Group(), FiscalYear(2566), YEAR)
    assert movers_sentence(enough).endswith("เพิ่มขึ้น 10 แห่ง ลดลง 0 แห่ง")
    columns = mover_columns(FiscalYear(2566), YEAR, lambda mover: mover.agency.name)
    table = Table(columns, movers.largest_rises)
    (record,) = table.records()
    record_by_column = dict(zip(table.header, record, strict=True))
    assert (record_by_column["2566"], record_by_column["2567"], record_by_column["เปลี่ยนแปลง"]) == (
        80,
        90,
        10,
    )
    assert nation.scores_of(YEAR, TOTAL)[0] == 9_000
