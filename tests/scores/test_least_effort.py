from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ita.config import Settings
from ita.domain import HUNDREDTH, TOTAL, Certainty, FiscalYear, Instrument, Part
from ita.i18n import language_set_to
from ita.reference import Band, Indicator, InstrumentRule, YearRules, load_reference
from ita.scores.levels import judge_level
from ita.scores.totals import compute_part, effective_score
from ita.scores.trends import compute_trend
from ita.scores.what_if import (
    EffortPlan,
    Lever,
    better_bands,
    compute_outcome,
    find_least_effort,
    format_next_level,
    next_level_sentence,
    plan_sentence,
    point_worth,
)
from tests.builders import NEW_YEAR, reference_folder, with_new_year, year_scores
from tests.scores.test_what_if import SAMPLE, start_of

REFERENCE = load_reference(Settings().reference)
MADE_UP = ("", Certainty.ASSUMED)


def rules_of(
    weights: Sequence[str], counts: Sequence[int], bands: Sequence[tuple[str, str | None]]
) -> YearRules:
    """Reduced rules: weights and numbers of indicators by instrument, levels best first."""
    instruments = list(Instrument)[: len(weights)]
    owners = [i for i, count in zip(instruments, counts, strict=True) for _ in range(count)]
    return YearRules(
        *MADE_UP,
        FiscalYear(2570),
        "",
        None,
        {
            i: InstrumentRule(*MADE_UP, i, Decimal(w), "", "")
            for i, w in zip(instruments, weights, strict=True)
        },
        {str(n): Indicator(*MADE_UP, str(n), i, "", "") for n, i in enumerate(owners, start=1)},
        tuple(
            Band(
                *MADE_UP, f"L{n}", f"L{n}", Decimal(total), None if each is None else Decimal(each)
            )
            for n, (total, each) in enumerate([*bands, ("0", None)], start=1)
        ),
    )


def levers_of(rules: YearRules, scores: Sequence[Decimal]) -> tuple[Lever, ...]:
    return tuple(
        Lever(part, indicator.instrument, score, point_worth(part, rules))
        for (part, indicator), score in zip(rules.indicators.items(), scores, strict=True)
    )


def reached(scores: dict[Part, Decimal], rules: YearRules, target: Band) -> bool:
    """Whether the functions that judge the data see the target or a better level."""
    instruments = {i: effective_score(scores, rules, i) for i in rules.instruments}
    band = judge_level(compute_part(scores, rules, TOTAL), instruments, rules).band
    return band is not None and rules.bands.index(band) <= rules.bands.index(target)


def scores_of(levers: Sequence[Lever], plan: EffortPlan) -> dict[Part, Decimal]:
    return {lever.part: plan.changes.get(lever.part, lever.start) for lever in levers}


def least_by_trying(levers: Sequence[Lever], rules: YearRules, target: Band) -> Decimal | None:
    """The oracle: every hundredth of every score up to 100."""
    best: Decimal | None = None
    for rises in product(*(range(int((100 - lever.start) * 100) + 1) for lever in levers)):
        points = sum(rises) * HUNDREDTH
        if best is None or points < best:
            pairs = zip(levers, rises, strict=True)
            if reached({v.part: v.start + r * HUNDREDTH for v, r in pairs}, rules, target):
                best = points
    return best


MODELS = [
    (["50", "50"], [1, 2]),
    (["30", "70"], [2, 1]),
    (["30", "30", "40"], [1, 1, 1]),
    (["12.5", "87.5"], [1, 2]),
    (["60", "40"], [2, 1]),
    (["100"], [3]),
]


@given(
    st.sampled_from(MODELS),
    st.lists(st.integers(9990, 10000), min_size=3, max_size=3),
    st.integers(9991, 10000),
    st.none() | st.integers(9990, 10000),
    st.integers(9990, 10000),
)
def test_nothing_smaller_is_found_by_trying_everything(
    model: tuple[list[str], list[int]], starts: list[int], total: int, each: int | None, lower: int
) -> None:
    weights, counts = model
    bands = [(str(Decimal(total) / 100), None if each is None else str(Decimal(each) / 100))]
    if lower < total:
        # May ask instruments for more than the better level does: then that one is cheaper.
        bands.append((str(Decimal(lower) / 100), "99.97"))
    rules = rules_of(weights, counts, bands)
    levers = levers_of(rules, [Decimal(n) / 100 for n in starts])
    for target in rules.bands[:-1]:
        plan = find_least_effort(levers, rules, target)
        assert plan
        assert plan.points == least_by_trying(levers, rules, target)
        assert reached(scores_of(levers, plan), rules, target)


SCORES = st.lists(st.integers(0, 10000).map(lambda n: Decimal(n) / 100), min_size=11, max_size=11)


def is_least(levers: Sequence[Lever], rules: YearRules, target: Band) -> EffortPlan:
    """A plan that reaches its level within 0–100, and with no hundredth to spare."""
    plan = find_least_effort(levers, rules, target)
    assert plan
    scores = scores_of(levers, plan)
    assert reached(scores, rules, target)
    assert all(lever.start <= scores[lever.part] <= 100 for lever in levers)
    for rise in plan.rises:
        lowered = {**scores, rise.lever.part: rise.target_score - HUNDREDTH}
        assert not reached(lowered, rules, target)
    return plan


@pytest.mark.parametrize("year", [2562, 2565, 2566, 2567, 2569])
@given(starts=SCORES, data=st.data())
def test_a_plan_reaches_its_level_with_nothing_to_spare(
    year: int, starts: list[Decimal], data: st.DataObject
) -> None:
    rules = REFERENCE.rules(year)
    levers = levers_of(rules, starts[:10])
    is_least(levers, rules, data.draw(st.sampled_from(rules.bands)))


@given(starts=SCORES, ends=SCORES, data=st.data())
def test_no_other_plan_that_reaches_it_is_smaller(
    starts: list[Decimal], ends: list[Decimal], data: st.DataObject
) -> None:
    rules = REFERENCE.rules(2567)
    levers = levers_of(rules, starts[:10])
    target = data.draw(st.sampled_from(rules.bands))
    ended = {v.part: max(v.start, end) for v, end in zip(levers, ends, strict=False)}
    lifted = (
        {part: score + (100 - score) * Decimal(lift) / 100 for part, score in ended.items()}
        for lift in (0, 50, 75, 90, 95, 100)
    )
    other = next(scores for scores in lifted if reached(scores, rules, target))
    plan = find_least_effort(levers, rules, target)
    assert plan
    assert plan.points <= sum(other[lever.part] - lever.start for lever in levers)


@given(starts=SCORES, data=st.data())
def test_a_plan_can_not_be_bettered_by_moving_points(
    starts: list[Decimal], data: st.DataObject
) -> None:
    """A hundredth less here, however much is moved there: never enough."""
    rules = REFERENCE.rules(2567)
    levers = levers_of(rules, starts[:10])
    target = data.draw(st.sampled_from(rules.bands))
    plan = find_least_effort(levers, rules, target)
    assert plan
    assume(plan.rises)
    scores = scores_of(levers, plan)
    here = data.draw(st.sampled_from(plan.rises)).lever
    there = data.draw(st.sampled_from(levers))
    room = min(scores[here.part] - here.start - HUNDREDTH, 100 - scores[there.part])
    moved = data.draw(st.integers(0, int(room * 100))) * HUNDREDTH
    scores[here.part] -= moved + HUNDREDTH
    scores[there.part] += moved
    assert not reached(scores, rules, target)


@pytest.fixture(scope="module")
def new_year(tmp_path_factory: pytest.TempPathFactory) -> YearRules:
    place: Path = tmp_path_factory.mktemp("new year")
    return load_reference(with_new_year(reference_folder(place))).rules(NEW_YEAR)


@given(starts=SCORES)
def test_a_new_year_is_data(new_year: YearRules, starts: list[Decimal]) -> None:
    # Weights over three indicators don't end in decimals, so the last hundredth may be one too many.
    levers = levers_of(new_year, starts)
    for target in new_year.bands:
        plan = find_least_effort(levers, new_year, target)
        assert plan
        scores = scores_of(levers, plan)
        assert reached(scores, new_year, target)
        for rise in plan.rises:
            lowered = {**scores, rise.lever.part: rise.target_score - 2 * HUNDREDTH}
            assert not reached(lowered, new_year, target)


def test_a_tie_that_decimals_miss_still_becomes_a_plan() -> None:
    rules = rules_of(["25", "25", "50"], [5, 3, 3], [("41.6", None)])
    starts = [
        "62.23",
        "78.24",
        "51.97",
        "71.73",
        "19.13",
        "11.01",
        "34.51",
        "96.96",
        "60.50",
        "17.09",
        "15.74",
    ]
    levers = levers_of(rules, [Decimal(score) for score in starts])
    plan = find_least_effort(levers, rules, rules.bands[0])
    assert plan
    assert reached(scores_of(levers, plan), rules, rules.bands[0])
    assert plan.points <= 4 * HUNDREDTH


def test_what_is_worth_most_goes_first_and_the_lowest_within_it() -> None:
    start = start_of(2565, **SAMPLE)
    plan = find_least_effort(start.levers, start.rules, start.rules.bands[0])
    assert plan
    # 6.076 of the total are short of 94.995; OIT up to 100 brings 3.50, EIT the other 2.576.
    assert {rise.lever.part: str(rise.points) for rise in plan.rises} == {
        "6": "6.15",
        "7": "12.05",
        "8": "7.56",
        "9": "7.00",
        "10": "10.50",
    }
    raised = {rise.target_score for rise in plan.rises if rise.lever.instrument is Instrument.EIT}
    assert max(raised) - min(raised) <= HUNDREDTH


def test_each_instrument_is_brought_to_its_minimum() -> None:
    start = start_of(**SAMPLE)
    plan = find_least_effort(start.levers, start.rules, start.rules.bands[0])
    assert plan
    # Sums of 474.98, 284.99 and 189.99 give means of at least 94.995, which is rounded to 95.00.
    expected = {"IIT": "30.18", "EIT": "27.68", "OIT": "7.49"}
    assert {i: str(plan.points_of(i)) for i in Instrument} == expected
    assert plan.points == Decimal("65.35")
    assert [
        str(rise.target_score) for rise in plan.rises if rise.lever.instrument is Instrument.OIT
    ] == [
        "94.99",
        "95.00",
    ]


def test_a_total_that_suffices_leaves_only_the_weak_instrument() -> None:
    scores = {**SAMPLE, "ind6": "80", "ind7": "80", "ind8": "80", "ind9": "100", "ind10": "100"}
    start = start_of(**scores)
    now = start.outcome({})
    assert now.judgement.text() == "ผ่าน"
    plan = find_least_effort(start.levers, start.rules, better_bands(now.judgement, start.rules)[0])
    assert plan
    # 3 × 84.995 = 254.985, so the sum must grow from 240.00 to 254.99.
    assert (plan.points, plan.points_of(Instrument.EIT)) == (Decimal("14.99"), Decimal("14.99"))
    assert format_next_level(start) == "คะแนนรวมถึงเกณฑ์ของ ผ่านดี แล้ว แต่ EIT (ขาดอีก 5.00) ยังต่ำกว่า 85"


def test_three_instruments_are_planned_as_well() -> None:
    start = start_of(IIT="88.96", EIT="85.77", OIT="91.25")
    plan = find_least_effort(start.levers, start.rules, start.rules.bands[0])
    assert plan
    assert plan.changes == {i: Decimal("95.00") for i in Instrument}


def test_a_better_level_that_costs_less_is_taken() -> None:
    rules = rules_of(["50", "50"], [1, 1], [("90", None), ("85", "85")])
    levers = levers_of(rules, [Decimal(100), Decimal(79)])
    plan = find_least_effort(levers, rules, rules.bands[1])
    assert plan
    assert (plan.band.level, plan.points) == ("L1", Decimal("0.99"))


def test_what_can_not_be_reached_is_said() -> None:
    rules = rules_of(["50", "40"], [1, 1], [("95", None)])
    levers = levers_of(rules, [Decimal(80), Decimal(80)])
    assert find_least_effort(levers, rules, rules.bands[0]) is None
    assert "ถึงระดับนี้ไม่ได้" in plan_sentence(None, rules)


def test_what_is_reached_needs_nothing() -> None:
    start = start_of(**SAMPLE)
    for band in start.rules.bands[1:]:
        plan = find_least_effort(start.levers, start.rules, band)
        assert plan
        assert (plan.rises, plan.points) == ((), 0)
        assert plan_sentence(plan, start.rules) == "คะแนนปัจจุบันถึงระดับนี้แล้ว"


def test_levels_above_are_offered_the_next_one_first() -> None:
    rules = REFERENCE.rules(2567)
    low = compute_outcome({str(n): Decimal(60) for n in range(1, 11)}, rules)
    assert [band.level for band in better_bands(low.judgement, rules)] == [
        "ต้องปรับปรุง",
        "ผ่าน",
        "ผ่านดี",
        "ผ่านดีเยี่ยม",
    ]
    best = compute_outcome({str(n): Decimal(99) for n in range(1, 11)}, rules)
    assert better_bands(best.judgement, rules) == ()


def test_the_next_level_in_one_sentence_with_one_number() -> None:
    latest = compute_trend([year_scores(2566, total="84"), year_scores(2567, **SAMPLE)], REFERENCE)
    assert next_level_sentence(latest, REFERENCE) == (
        "คะแนนรวมขาดอีก 6.08 จึงจะถึงระดับ ผ่านดีเยี่ยม (ทุกแบบวัดต้องได้ 95 ขึ้นไปด้วย)"
    )
    best = compute_trend([year_scores(2567, IIT="99", EIT="98", OIT="97")], REFERENCE)
    assert next_level_sentence(best, REFERENCE) == "อยู่ในระดับสูงสุดแล้ว"
    denied = compute_trend([year_scores(2567, "ผ่าน", IIT="99", EIT="98", OIT="97")], REFERENCE)
    assert next_level_sentence(denied, REFERENCE) == (
        "คะแนนถึงเกณฑ์ของระดับสูงสุดแล้ว แต่ระดับที่ประกาศคือ ผ่าน"
    )


@pytest.mark.parametrize("year", [2560, 2567])
def test_nothing_is_said_of_what_is_not_known(year: int) -> None:
    assert next_level_sentence(compute_trend([], REFERENCE), REFERENCE) is None
    only_total = compute_trend([year_scores(year, total="91.35")], REFERENCE)
    assert next_level_sentence(only_total, REFERENCE) is None


def test_the_sentence_is_said_in_english() -> None:
    latest = compute_trend([year_scores(2567, **SAMPLE)], REFERENCE)
    with language_set_to("en"):
        sentence = next_level_sentence(latest, REFERENCE)
    assert sentence == ("6.08 points short of Passed, excellent (and every instrument needs 95)")
