"""The whole store in memory against each agency's own page, after any history."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from ita.domain import TOTAL, FiscalYear, Instrument
from ita.reference import Reference
from ita.scores.nation import NamedAgency, Nation, load_nation, points_of_hundredths
from ita.scores.queries import load_published_scores, load_sources
from ita.scores.trends import Point, compute_trend
from ita.store import Store
from ita.store.batches import UndoBlocked
from tests.imports.bringing import take, taken, two_agencies, undo, with_samples

YEARS = (2560, 2561, 2562, 2563, 2565, 2567)
LEVELS = ("", "", "AA", "a a", "ผ่านดี", " ผ่าน ดีเยี่ยม", "ไม่มีในเกณฑ์")
HEADER = "ปีงบประมาณ,หน่วยงาน,ระดับ,IIT,EIT,OIT,คะแนนรวม," + ",".join(
    f"ตัวชี้วัด {n}" for n in range(1, 11)
)


def load_both_ways(store: Store, reference: Reference) -> Nation:
    with store.reading() as cursor:
        return load_nation(cursor, reference)


def same_as_pages(store: Store, reference: Reference) -> int:
    """Compare every point of every agency; how many had a score."""
    nation = load_both_ways(store, reference)
    with store.reading() as cursor:
        light = load_nation(cursor, reference, indicators=False)
    assert light.parts == nation.parts[: len(light.parts)] == (TOTAL, *Instrument)
    assert (light.scores == nation.scores[:, : len(light.parts)]).all()
    assert (light.levels == nation.levels).all()
    scored = 0
    for place, agency in enumerate(nation.agencies):
        with store.reading() as cursor:
            points = compute_trend(
                load_published_scores(cursor, agency.agency_id), reference
            ).points
        by_key = {(point.fiscal_year, point.part): point for point in points}
        for year in nation.years:
            for part in nation.parts:
                point = by_key.get((year, part))
                mine = points_of_hundredths(int(nation.scores_of(year, part)[place]))
                assert mine == (point.score if point else None), (agency, year, part)
                scored += mine is not None
                if part == TOTAL:
                    assert nation.level(year, place) == _level(point, reference)
    return scored


def _level(point: Point | None, reference: Reference) -> str | None:
    """As published where the year knows it; of a year without a total nothing is said."""
    if point is None or point.score is None:
        return point.level if point else None
    published = reference.rules(point.fiscal_year).band(point.published_level or "")
    return published.level if published else point.level


def test_an_empty_store_is_an_empty_nation(store: Store, reference: Reference) -> None:
    nation = load_both_ways(store, reference)
    assert nation.agencies == ()
    assert nation.years == ()
    assert nation.scored_years() == ()


@pytest.mark.slow
def test_the_samples_are_what_their_pages_show(store: Store, reference: Reference) -> None:
    assert same_as_pages(with_samples(store), reference) > 40


def test_agencies_come_with_type_and_province(store: Store, reference: Reference) -> None:
    taken(
        store,
        "agencies",
        "agency_id,name_th,agency_type,province\nB,ข,เทศบาลตำบล,ยะลา\nA,ก,,\n",
    )
    assert load_both_ways(store, reference).agencies == (
        NamedAgency("A", "ก", "", ""),
        NamedAgency("B", "ข", "เทศบาลตำบล", "ยะลา"),
    )


def test_a_year_of_single_indicators_is_known_and_has_no_total(
    store: Store, reference: Reference
) -> None:
    two_agencies(store)
    taken(store, "scores", "ปีงบประมาณ,หน่วยงาน,ตัวชี้วัด 1\n2567,A,80\n")
    nation = load_both_ways(store, reference)
    assert nation.years == (2567,)
    assert nation.scored_years() == ()
    assert nation.scored_years("1") == (2567,)


def _random_row(dice: random.Random) -> str:
    figures = [
        "" if dice.random() < 0.15 else str(Decimal(dice.randint(5_000, 10_000)) / 100)
        for _ in range(14)
    ]
    if dice.random() < 0.5:
        figures[:4] = [""] * 4  # only what can be computed
    if not any(figures):
        figures[3] = "80"
    who = f"{dice.choice(YEARS)},{dice.choice('ABCD')}"
    return f"{who},{dice.choice(LEVELS)},{','.join(figures)}"


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_any_history_it_is_what_the_pages_show(
    seed: int, store: Store, reference: Reference
) -> None:
    """Random imports, changes of agencies and undos; the same figures the slow way."""
    dice = random.Random(seed)
    taken(store, "agencies", "agency_id,name_th\n" + "".join(f"{a},ชื่อ {a}\n" for a in "ABCD"))
    scored = 0
    for _ in range(25):
        what = dice.random()
        if what < 0.3 and store.version() > 1:
            try:
                undo(store, dice.randint(2, store.version()), "tester", "test")
            except UndoBlocked:
                continue
        elif what < 0.4:
            agency, province = dice.choice("ABCDE"), dice.choice(("ยะลา", ""))
            take(
                store,
                "agencies",
                f"agency_id,name_th,province\n{agency},ชื่อ {agency},{province}\n",
            )
        else:
            rows = {
                row.split(",", 2)[0] + row.split(",")[1]: row
                for row in (_random_row(dice) for _ in range(5))
            }
            take(store, "scores", "\n".join([HEADER, *rows.values()]), scale="percent")
        scored += same_as_pages(store, reference)
    assert scored > 100


def test_a_score_that_an_undo_left_without_its_result_is_none(
    store: Store, reference: Reference
) -> None:
    first = taken(two_agencies(store), "scores", "ปีงบประมาณ,หน่วยงาน,IIT\n2567,A,80\n").batch
    taken(store, "scores", "ปีงบประมาณ,หน่วยงาน,EIT\n2567,A,90\n2566,B,90\n", scale="percent")
    undo(store, first or 0, "tester", "test")
    assert same_as_pages(store, reference) == 1


def test_sources_are_those_of_the_group(store: Store, reference: Reference) -> None:
    taken(
        store,
        "agencies",
        "agency_id,name_th,agency_type,province\nA,ก,t,ยะลา\nB,ข,t,ตรัง\nC,ค,,\n",
    )
    taken(
        store,
        "scores",
        "ปีงบประมาณ,หน่วยงาน,คะแนนรวม,แหล่งที่มา\n2567,A,80,หนึ่ง\n2567,B,80,สอง\n2567,C,80,สอง\n2566,A,1,สาม\n",
    )
    with store.reading() as cursor:
        year = FiscalYear(2567)
        assert load_sources(cursor, year, "", "", reference) == ("สอง", "หนึ่ง")
        assert load_sources(cursor, year, "t", "ยะลา", reference) == ("หนึ่ง",)
        assert load_sources(cursor, year, "x", "", reference) == ()
