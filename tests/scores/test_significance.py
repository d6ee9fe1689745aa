from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import Settings
from ita.domain import TOTAL, Instrument, Part
from ita.i18n import language_set_to
from ita.reference import load_reference
from ita.scores.statistics import ChangeVerdict, JudgedChange, judge_change, judge_latest_change
from ita.scores.totals import YearScores
from ita.scores.trends import compute_trend
from tests.builders import EIT, IIT, OIT, year_scores
from tests.scores.test_trends import IPST

REFERENCE = load_reference(Settings().reference)
scores = st.integers(0, 10_000).map(lambda hundredths: Decimal(hundredths).scaleb(-2))
counts = st.integers(1, 100_000)


def scores_with_respondents(
    year: int, iit: int | None, eit: int | None, **values: str
) -> YearScores:
    respondents_by_instrument = {i: n for i, n in ((IIT, iit), (EIT, eit)) if n is not None}
    return replace(year_scores(year, **values), respondents=respondents_by_instrument)


BEFORE = scores_with_respondents(
    2566, 52, 236, IIT="86.12", EIT="81.64", OIT="85.49", total="84.41", ind4="79.90"
)
AFTER = scores_with_respondents(
    2567, 55, 248, IIT="88.96", EIT="85.77", OIT="91.25", total="88.92", ind4="83.05"
)


def judge(before: YearScores, after: YearScores, part: Part = IIT) -> JudgedChange:
    judged_change = judge_change(before, after, part, REFERENCE)
    assert judged_change
    return judged_change


def margin_by_hand(m1: Decimal, n1: int, m2: Decimal, n2: int, share: float = 1) -> float:
    a, b = float(m1), float(m2)
    return 1.96 * share * sqrt(a * (100 - a) / n1 + b * (100 - b) / n2)


def rounded_up(found: Decimal | None, by_hand: float) -> bool:
    return found is not None and -1e-6 <= float(found) - by_hand < 0.01 + 1e-6


# --- known figures ---


@pytest.mark.parametrize(
    ("part", "margin"),
    [
        # 1.96·√(86.12·13.88/52 + 88.96·11.04/55) = 1.96·√(22.987… + 17.857…) = 12.526…
        (IIT, "12.53"),
        # 1.96·√(81.64·18.36/236 + 85.77·14.23/248) = 1.96·√(6.351… + 4.921…) = 6.580…
        (EIT, "6.59"),
        # An indicator with its own means and the people of its instrument.
        ("4", "14.73"),
        # √((0.30·12.526…)² + (0.30·6.580…)²) = 0.30·14.149…
        (TOTAL, "4.25"),
    ],
)
def test_margin_of_known_figures(part: Part, margin: str) -> None:
    assert judge(BEFORE, AFTER, part).margin == Decimal(margin)


def test_change_beyond_the_margin_is_more_than_chance() -> None:
    judged_change = judge(BEFORE, AFTER, TOTAL)
    assert (judged_change.change, judged_change.verdict) == (
        Decimal("4.51"),
        ChangeVerdict.BEYOND_CHANCE,
    )
    assert judged_change.sentence() == (
        "ปี 2567 เพิ่มขึ้น 4.51 จากปี 2566: มากกว่าที่จำนวนผู้ตอบจะอธิบายได้ (ไม่เกิน ±4.25)"
    )


def test_change_within_the_margin_may_be_chance() -> None:
    judged_change = judge(AFTER, replace(BEFORE, fiscal_year=2568))
    assert judged_change.verdict is ChangeVerdict.MAY_BE_CHANCE
    assert judged_change.sentence() == (
        "ปี 2568 ลดลง 2.84 จากปี 2567: อาจเป็นเพราะจำนวนผู้ตอบน้อย (ไม่เกิน ±12.53)"
    )


@pytest.mark.parametrize(
    ("later", "verdict"),
    [("52", ChangeVerdict.MAY_BE_CHANCE), ("52.01", ChangeVerdict.BEYOND_CHANCE)],
)
def test_change_as_large_as_the_margin_may_be_chance(later: str, verdict: ChangeVerdict) -> None:
    # 1.96·√((50·50 + 52·48)/4800) = 1.9996…
    judged_change = judge(
        scores_with_respondents(2566, 4800, 1, IIT="50"),
        scores_with_respondents(2567, 4800, 1, IIT=later),
    )
    assert (judged_change.margin, judged_change.verdict) == (2, verdict)


def test_full_marks_of_few_people_prove_nothing() -> None:
    judged_change = judge(
        scores_with_respondents(2566, 5, 1, IIT="100"),
        scores_with_respondents(2567, 5, 1, IIT="80"),
    )
    assert judged_change.verdict is ChangeVerdict.MAY_BE_CHANCE


def test_no_change_is_not_explained_away() -> None:
    judged_change = judge(BEFORE, replace(BEFORE, fiscal_year=2567))
    assert (judged_change.change, judged_change.verdict) == (0, ChangeVerdict.MAY_BE_CHANCE)
    assert judged_change.sentence() == "ปี 2567 เท่ากับปี 2566: จำนวนผู้ตอบอาจทำให้ต่างได้ถึง ±13.29"


@pytest.mark.parametrize("part", [OIT, "9", "10"])
def test_check_of_a_website_has_no_margin(part: Part) -> None:
    values = {"OIT": "80", "ind9": "70", "ind10": "90"}
    judged_change = judge(
        scores_with_respondents(2566, 52, 236, **values),
        scores_with_respondents(2567, 55, 248, **values),
        part,
    )
    assert (judged_change.verdict, judged_change.margin, judged_change.missing) == (
        ChangeVerdict.NOT_SURVEYED,
        None,
        (),
    )
    assert "มาจากการตรวจ ไม่ใช่จากผู้ตอบ" in judged_change.sentence()


# --- what is not known ---


@pytest.mark.parametrize(
    ("part", "before", "after", "lack"),
    [
        (IIT, (None, 236), (55, 248), "ไม่ทราบจำนวนผู้ตอบ IIT 2566"),
        (IIT, (None, 236), (None, 248), "ไม่ทราบจำนวนผู้ตอบ IIT 2566, IIT 2567"),
        (IIT, (0, 236), (55, 248), "ไม่ทราบจำนวนผู้ตอบ IIT 2566"),
        ("4", (52, 236), (None, 248), "ไม่ทราบจำนวนผู้ตอบ IIT 2567"),
        (EIT, (None, None), (None, 248), "ไม่ทราบจำนวนผู้ตอบ EIT 2566"),
        (TOTAL, (52, None), (55, 248), "ไม่ทราบจำนวนผู้ตอบ EIT 2566"),
    ],
)
def test_unknown_number_is_said_and_never_judged(
    part: Part,
    before: tuple[int | None, int | None],
    after: tuple[int | None, int | None],
    lack: str,
) -> None:
    values = {"IIT": "10", "EIT": "10", "OIT": "10", "total": "10", "ind4": "10"}
    high = dict.fromkeys(values, "90")
    judged_change = judge(
        scores_with_respondents(2566, *before, **values),
        scores_with_respondents(2567, *after, **high),
        part,
    )
    assert (judged_change.verdict, judged_change.margin) == (
        ChangeVerdict.RESPONDENTS_UNKNOWN,
        None,
    )
    assert f": {lack} จึงบอกไม่ได้" in judged_change.sentence()


def test_total_without_the_score_of_an_asked_instrument_is_not_judged() -> None:
    judged_change = judge(
        scores_with_respondents(2566, 52, 236, total="80", IIT="80"),
        scores_with_respondents(2567, 55, 248, total="90", IIT="90", EIT="80"),
        TOTAL,
    )
    assert judged_change.verdict is ChangeVerdict.RESPONDENTS_UNKNOWN
    assert judged_change.missing == ((EIT, 2566),)
    assert "ไม่ทราบจำนวนผู้ตอบหรือคะแนนของ EIT 2566" in judged_change.sentence()


def test_model_without_instruments_leaves_it_open() -> None:
    # Nothing is known of who made that total: no margin of zero.
    judged_change = judge_latest_change(compute_trend(IPST[:4], REFERENCE), IPST, TOTAL, REFERENCE)
    assert judged_change
    assert (judged_change.before, judged_change.after) == (2560, 2561)
    assert (judged_change.verdict, judged_change.missing) == (ChangeVerdict.RESPONDENTS_UNKNOWN, ())
    assert judged_change.sentence() == (
        "ปี 2561 ลดลง 8.25 จากปี 2560: ไม่ทราบจำนวนผู้ตอบ จึงบอกไม่ได้ว่าเกินกว่าความบังเอิญหรือไม่"
    )


def test_nothing_is_judged_without_two_comparable_scores() -> None:
    def of(*years: YearScores) -> JudgedChange | None:
        return judge_latest_change(compute_trend(years, REFERENCE), years, TOTAL, REFERENCE)

    assert of() is None
    assert of(year_scores(2567, total="80")) is None
    assert of(year_scores(2561, total="80"), year_scores(2562, total="90")) is None
    assert of(year_scores(2566, IIT="80"), year_scores(2567, total="90")) is None
    assert judge_change(IPST[3], IPST[4], TOTAL, REFERENCE) is None


def test_latest_change_passes_a_hole_and_names_both_years() -> None:
    years = [scores_with_respondents(2564, 50, 200, IIT="80"), year_scores(2565, total="1"), AFTER]
    judged_change = judge_latest_change(compute_trend(years, REFERENCE), years, IIT, REFERENCE)
    assert judged_change
    assert judged_change.sentence().startswith("ปี 2567 เพิ่มขึ้น 8.96 จากปี 2564: ")


def test_it_is_said_in_english() -> None:
    with language_set_to("en"):
        assert judge(BEFORE, AFTER, TOTAL).sentence() == (
            "FY2567 (2024) up 4.51 on FY2566 (2023): "
            "more than the number of respondents explains (±4.25 at most)"
        )


# --- whatever the figures ---


def one(part: Instrument, year: int, mean: Decimal, count: int) -> YearScores:
    return replace(year_scores(year, **{part: str(mean)}), respondents={part: count})


@given(st.sampled_from([IIT, EIT]), scores, counts, scores, counts)
def test_margin_is_that_of_the_formula(
    part: Instrument, m1: Decimal, n1: int, m2: Decimal, n2: int
) -> None:
    judged_change = judge(one(part, 2566, m1, n1), one(part, 2567, m2, n2), part)
    assert rounded_up(judged_change.margin, margin_by_hand(m1, n1, m2, n2))
    beyond = judged_change.verdict is ChangeVerdict.BEYOND_CHANCE
    assert beyond == (abs(m2 - m1) > (judged_change.margin or 0))


@given(scores, counts, scores, counts)
def test_margin_is_the_same_seen_from_either_year(
    m1: Decimal, n1: int, m2: Decimal, n2: int
) -> None:
    there = judge(one(IIT, 2566, m1, n1), one(IIT, 2567, m2, n2))
    back = judge(one(IIT, 2566, m2, n2), one(IIT, 2567, m1, n1))
    assert (there.margin, there.verdict, there.change) == (back.margin, back.verdict, -back.change)


@given(scores, counts, scores, counts, st.integers(0, 10_000))
def test_more_respondents_never_widen_the_margin(
    m1: Decimal, n1: int, m2: Decimal, n2: int, more: int
) -> None:
    few = judge(one(IIT, 2566, m1, n1), one(IIT, 2567, m2, n2)).margin
    many = judge(one(IIT, 2566, m1, n1 + more), one(IIT, 2567, m2, n2 + more)).margin
    assert few is not None and many is not None
    assert many <= few
    if more > n1 + n2 and few > Decimal("0.1"):
        assert many < few


@given(st.lists(scores, min_size=4, max_size=4), st.lists(counts, min_size=4, max_size=4))
def test_margin_of_the_total_adds_both_instruments_by_weight(
    means: list[Decimal], people: list[int]
) -> None:
    i1, i2, e1, e2 = means
    n1, n2, k1, k2 = people
    before = scores_with_respondents(2566, n1, k1, IIT=str(i1), EIT=str(e1), OIT="50")
    after = scores_with_respondents(2567, n2, k2, IIT=str(i2), EIT=str(e2), OIT="60")
    iit, eit = margin_by_hand(i1, n1, i2, n2, 0.3), margin_by_hand(e1, k1, e2, k2, 0.3)
    assert rounded_up(judge(before, after, TOTAL).margin, sqrt(iit**2 + eit**2))
