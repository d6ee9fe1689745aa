"""Levels and weak indicators of groups against counting one by one."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from ita.config import Settings
from ita.domain import FiscalYear
from ita.reference import Reference, load_reference
from ita.scores.league import (
    LEVEL_UNKNOWN,
    compute_group_weaknesses,
    compute_level_years,
    percent_of,
)
from ita.scores.peer_charts import level_chart, weak_chart
from ita.scores.peer_tables import (
    level_sentence,
    level_table,
    weak_sentence,
    weak_table,
)
from ita.scores.peers import Group
from tests.scores.nations import nation_of

REFERENCE = load_reference(Settings().reference)
YEAR = FiscalYear(2567)
figures = st.lists(
    st.one_of(st.none(), st.sampled_from([50.0, 69.99, 70.0, 84.99, 85.0, 94.99, 95.0, 100.0])),
    min_size=1,
    max_size=25,
)


@given(totals=figures, data=st.data())
def test_levels_are_counted_one_by_one(totals: list[float | None], data: st.DataObject) -> None:
    instruments = {
        (2567, part): data.draw(
            st.lists(
                st.sampled_from([None, 84.0, 85.0, 95.0]),
                min_size=len(totals),
                max_size=len(totals),
            )
        )
        for part in ("IIT", "EIT", "OIT")
    }
    nation = nation_of(REFERENCE, {2567: totals}, parts=instruments)
    years = compute_level_years(nation, Group(), REFERENCE)
    if all(total is None for total in totals):
        assert years == ()
        return
    (year,) = years
    year_levels = [
        nation.level(YEAR, place) for place, total in enumerate(totals) if total is not None
    ]
    counted = Counter(level or LEVEL_UNKNOWN for level in year_levels)
    assert {level.level: level.count for level in year.levels if level.count} == counted
    assert (year.stored_agencies, year.scored_agencies) == (len(totals), len(year_levels))
    rules = REFERENCE.rules(YEAR)
    passing = {band.level for band in rules.bands if rules.passes(band)} | {"ผ่านเกณฑ์ (ไม่ทราบระดับ)"}
    assert year.passed_agencies == sum(level in passing for level in year_levels)


def test_levels_of_the_year_without_anybody_are_listed_too(reference: Reference) -> None:
    (year,) = compute_level_years(nation_of(reference, {2564: [96, 50]}), Group(), reference)
    assert [(level.level, level.count) for level in year.levels] == [
        ("AA", 1),
        ("A", 0),
        ("B", 0),
        ("C", 0),
        ("D", 0),
        ("E", 1),
        ("F", 0),
    ]
    assert [level.passes for level in year.levels] == [
        True,
        True,
        False,
        False,
        False,
        False,
        False,
    ]


def test_an_older_model_has_no_levels_and_says_so(reference: Reference) -> None:
    years = compute_level_years(nation_of(reference, {2560: [80, None]}), Group(), reference)
    assert not years[0].has_levels
    assert "ไม่มีระดับ" in level_sentence(years, FiscalYear(2560))


def test_a_group_is_told_with_the_year_before(reference: Reference) -> None:
    nation = nation_of(reference, {2564: [90, 80, 70, None], 2565: [90, 86, 70, 60]})
    years = compute_level_years(nation, Group(), reference)
    assert level_sentence(years, FiscalYear(2565)) == (
        "ปี 2565 มีคะแนน 4 จาก 4 แห่ง คะแนนเฉลี่ย 76.50 · ผ่านเกณฑ์ 2 แห่ง (50 %) (ปี 2564: 33.33 %)"
    )
    assert "ยังไม่มีคะแนน" in level_sentence(years, FiscalYear(2566))
    chart = level_chart(years[1], Group(), reference.rules(2565))
    assert [(bar.category, bar.end) for bar in chart.bars][:3] == [("AA", 0), ("A", 2), ("B", 0)]
    assert chart.bars[1].label == "2 แห่ง (50.00 %)"
    table = level_table(years, reference)
    records = [dict(zip(table.header, row, strict=True)) for row in table.records()]
    assert sum(int(str(r["จำนวนหน่วยงาน"])) for r in records if r["ปีงบประมาณ"] == 2565) == 4


@given(st.dictionaries(st.sampled_from(["1", "2", "6", "10"]), figures.filter(any), min_size=1))
def test_weak_spots_are_counted_one_by_one(found: dict[str, list[float | None]]) -> None:
    count = max(map(len, found.values()))
    parts = {(2567, number): [*row, *[None] * (count - len(row))] for number, row in found.items()}
    nation = nation_of(REFERENCE, {2567: [None] * count}, parts=parts)
    spots = compute_group_weaknesses(nation, Group(), YEAR, REFERENCE)
    for spot in spots:
        row = [value for value in found[spot.indicator.number] if value is not None]
        assert (spot.scored_agencies, spot.stored_agencies) == (len(row), count)
        assert spot.agencies_below == sum(value < 85 for value in row)
        assert spot.share == percent_of(spot.agencies_below, len(row))
        assert float(spot.median) == round(float(Decimal(str(median(row)))) + 1e-9, 2)
    assert {spot.indicator.number for spot in spots} == {
        number for number, row in found.items() if any(v is not None for v in row)
    }
    enough = [spot for spot in spots if spot.scored_agencies >= 10]
    few = [int(spot.indicator.number) for spot in spots if spot.scored_agencies < 10]
    shares = [spot.agencies_below / spot.scored_agencies for spot in enough]
    assert shares == sorted(shares, reverse=True)
    assert few == sorted(few)
    assert [*spots[: len(enough)]] == enough


def test_of_a_small_group_no_indicator_is_the_weakest(reference: Reference) -> None:
    parts = {(2567, "7"): [*[80] * 9, None], (2567, "1"): [90] * 10}
    nation = nation_of(reference, {2567: [90] * 10}, parts=parts)
    spots = compute_group_weaknesses(nation, Group(), YEAR, reference)
    assert [spot.indicator.number for spot in spots] == ["1", "7"]
    assert "ไม่มีหน่วยงานใด" in weak_sentence(spots, YEAR)
    assert weak_sentence(spots[1:], YEAR) == (
        "ปี 2567: มีคะแนน 9 จาก 10 แห่ง น้อยกว่า 10 แห่ง จึงไม่บอกว่ากลุ่มนี้อ่อนที่ตัวชี้วัดใด"
    )


def test_the_weakest_is_told(reference: Reference) -> None:
    parts = {(2567, "1"): [*[90] * 11, None], (2567, "7"): [80, *[90] * 9, 84.99, 84.99]}
    nation = nation_of(reference, {2567: [90] * 12}, parts=parts)
    spots = compute_group_weaknesses(nation, Group(), YEAR, reference)
    assert [spot.indicator.number for spot in spots] == ["7", "1"]
    assert weak_sentence(spots, YEAR) == (
        "ปี 2567: ตัวชี้วัดที่กลุ่มนี้อ่อนที่สุดคือ 7 ประสิทธิภาพการสื่อสาร ต่ำกว่าเกณฑ์ผ่าน 25 % (3 จาก 12 แห่งที่มีคะแนน)"
    )
    assert "ไม่มีหน่วยงานใด" in weak_sentence(spots[1:], YEAR)
    assert "ยังไม่มีคะแนนรายตัวชี้วัด" in weak_sentence((), YEAR)
    assert [bar.end for bar in weak_chart(spots, Group(), YEAR).bars] == [25, 0]
    table = weak_table(spots)
    first = dict(zip(table.header, next(table.records()), strict=True))
    assert (first["ต่ำกว่าเกณฑ์ผ่าน (แห่ง)"], first["มัธยฐาน"], first["มีคะแนน"]) == (
        3,
        Decimal("90.00"),
        12,
    )


def test_a_model_without_indicators_has_no_weak_spots(reference: Reference) -> None:
    nation = nation_of(reference, {2560: [80]})
    assert compute_group_weaknesses(nation, Group(), FiscalYear(2560), reference) == ()
