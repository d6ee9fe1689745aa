from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import Settings
from ita.domain import TOTAL, Instrument, Part, Scale
from ita.reference import Reference, load_reference
from ita.scores.totals import (
    compute_instrument,
    compute_part,
    compute_total,
    detect_scale,
    effective_score,
    exact_mean,
    has_mismatch,
    matching_scales,
    to_percent,
    to_weighted,
)
from tests.builders import EIT, IIT, OIT, figures

RULES = load_reference(Settings().reference).rules(2567)
OLD_RULES = load_reference(Settings().reference).rules(2561)
SCORES = ["92.10", "86.40", "89.75", "83.05", "93.50", "88.20", "82.31", "86.80", "93.00", "89.50"]
INDICATORS = figures(**{f"ind{n}": score for n, score in enumerate(SCORES, start=1)})
"""IIT 88.96, EIT 85.77, OIT 91.25, total 88.92: a row of the samples."""

scores = st.integers(0, 10_000).map(lambda hundredths: Decimal(hundredths).scaleb(-2))
instrument_scores = st.fixed_dictionaries(dict.fromkeys(Instrument, scores))
indicator_scores = st.fixed_dictionaries({str(n): scores for n in range(1, 11)})


def _total_by_hand(values: dict[Part, Decimal]) -> Fraction:
    """Slow and obvious: 0.30·mean(1–5) + 0.30·mean(6–8) + 0.40·mean(9–10), in whole fractions."""
    iit = sum((Fraction(values[str(n)]) for n in (1, 2, 3, 4, 5)), Fraction(0)) / 5
    eit = sum((Fraction(values[str(n)]) for n in (6, 7, 8)), Fraction(0)) / 3
    oit = sum((Fraction(values[str(n)]) for n in (9, 10)), Fraction(0)) / 2
    return (30 * iit + 30 * eit + 40 * oit) / 100


@given(indicator_scores)
def test_total_of_indicators_is_the_formula(values: dict[Part, Decimal]) -> None:
    total = compute_total(values, RULES)
    assert total is not None
    assert abs(Fraction(total) - _total_by_hand(values)) < Fraction(1, 10**20)


@given(instrument_scores)
def test_total_of_instruments_is_their_weighted_sum(values: dict[Part, Decimal]) -> None:
    weighted = 30 * values[IIT] + 30 * values[EIT] + 40 * values[OIT]
    assert compute_total(values, RULES) == weighted / 100


def test_parts_of_a_known_row() -> None:
    parts = {part: compute_part(INDICATORS, RULES, part) for part in (*Instrument, TOTAL)}
    assert {part: str(score) for part, score in parts.items()} == {
        IIT: "88.96",
        EIT: "85.77",
        OIT: "91.25",
        TOTAL: "88.92",
    }


def test_total_is_no_plain_mean() -> None:
    instruments = figures(IIT="90", EIT="80", OIT="60")
    assert compute_part(instruments, RULES, TOTAL) == 75  # the plain mean would be 76.67
    uneven = figures(**{f"ind{n}": "100" if n < 9 else "50" for n in range(1, 11)})
    assert compute_part(uneven, RULES, TOTAL) == 80  # the plain mean would be 90


def test_indicators_come_before_a_published_instrument() -> None:
    # Published instruments are rounded already: 85.77 for 85.77, but 83.33 for 83.333…
    values = figures(ind6="83", ind7="83", ind8="84", EIT="83.33", IIT="90", OIT="90")
    assert (
        compute_total(values, RULES) == Decimal("54") + Decimal(9) + 30 * (Decimal(250) / 3) / 100
    )


@pytest.mark.parametrize("number", [str(n) for n in range(1, 11)])
def test_one_missing_indicator_leaves_no_instrument_and_no_total(number: str) -> None:
    values = {n: score for n, score in INDICATORS.items() if n != number}
    instrument = RULES.indicators[number].instrument
    assert compute_instrument(values, RULES, instrument) is None
    assert compute_total(values, RULES) is None


@pytest.mark.parametrize("missing", Instrument)
def test_one_missing_instrument_leaves_no_total(missing: Instrument) -> None:
    values: dict[Part, Decimal] = {i: Decimal(90) for i in Instrument if i is not missing}
    assert compute_total(values, RULES) is None


def test_published_instrument_stands_in_for_missing_indicators() -> None:
    values = {n: s for n, s in INDICATORS.items() if n != "9"} | {OIT: Decimal("91.25")}
    assert compute_part(values, RULES, TOTAL) == Decimal("88.92")


def test_zero_is_a_score_and_not_missing() -> None:
    assert compute_part(figures(IIT="0", EIT="0", OIT="0"), RULES, TOTAL) == 0
    assert effective_score(figures(total="0"), RULES, TOTAL) == 0


@given(st.lists(scores, min_size=1))
def test_mean_is_sum_over_count(values: list[Decimal]) -> None:
    mean = exact_mean(values)
    assert mean is not None
    assert mean * len(values) == sum(map(Fraction, values))


@given(st.lists(scores), st.integers(0, 5))
def test_mean_with_anything_missing_is_missing(values: list[Decimal], place: int) -> None:
    assert exact_mean([*values[:place], None, *values[place:]]) is None


def test_mean_of_nothing_is_missing() -> None:
    assert exact_mean([]) is None


@given(st.lists(scores, min_size=10, max_size=10))
def test_a_total_is_rounded_from_its_exact_value(values: list[Decimal]) -> None:
    """Also where it lies exactly on a half, which thirds cut short on the way would tip."""
    weights = [(values[0:5], 25), (values[5:8], 25), (values[8:10], 50)]
    exact = sum((sum(map(Fraction, v)) / len(v) * w / 100 for v, w in weights), Fraction(0))
    rounded = Decimal(floor(exact * 100 + Fraction(1, 2))) / 100
    other = {
        i: replace(r, weight=Decimal(w))
        for (i, r), (_, w) in zip(RULES.instruments.items(), weights, strict=True)
    }
    results = {str(number): value for number, value in enumerate(values, start=1)}
    assert compute_part(results, replace(RULES, instruments=other), TOTAL) == rounded


def test_indicator_is_never_computed() -> None:
    assert compute_part(INDICATORS, RULES, "4") is None
    assert effective_score(INDICATORS, RULES, "4") == Decimal("83.05")


def test_year_without_weights_has_only_what_was_published() -> None:
    values = figures(IIT="90", EIT="90", OIT="90")
    assert compute_total(values, OLD_RULES) is None
    assert effective_score(figures(total="83.10"), OLD_RULES, TOTAL) == Decimal("83.10")


def test_published_score_counts_before_the_computed_one() -> None:
    assert effective_score(INDICATORS | figures(total="80"), RULES, TOTAL) == 80
    assert effective_score(INDICATORS, RULES, TOTAL) == Decimal("88.92")
    assert effective_score({}, RULES, TOTAL) is None


WHOLE = {f"ind{n}": "88.92" for n in range(1, 11)}


@pytest.mark.parametrize(
    ("published", "differs"),
    [
        ("88.92", False),
        ("88.93", False),
        ("88.91", False),
        ("88.94", True),
        ("88.90", True),
        (None, False),
    ],
)
@pytest.mark.parametrize("part", [TOTAL, IIT, OIT])
def test_published_and_computed_agree_to_a_hundredth(
    part: str, published: str | None, differs: bool
) -> None:
    # 88.93 of EIT is no number of hundredths of points: these are scores of 0–100.
    results = figures(**{**WHOLE, "EIT": "88.93", part: published})
    assert has_mismatch(results, RULES, part) is differs


@pytest.mark.parametrize(("total", "differs"), [("92.66", False), ("92.67", True), ("92.63", True)])
def test_round_scores_known_to_be_of_100_are_no_points(total: str, differs: bool) -> None:
    # 85.50, 90 and 100 of 100 are whole hundredths of points as well.
    results = figures(total=total, IIT="85.50", EIT="90", OIT="100")
    assert has_mismatch(results, RULES, TOTAL, Scale.PERCENT) is differs


def test_without_parts_nothing_disagrees() -> None:
    assert not has_mismatch(figures(total="12.00", IIT="80"), RULES, TOTAL)


@pytest.mark.parametrize(
    ("points", "differs"), [("26.67", False), ("26.68", False), ("26.69", True)]
)
def test_a_hundredth_of_a_point_is_more_than_a_hundredth_of_a_score(
    points: str, differs: bool
) -> None:
    # 88.92 of 100 is 26.676 points of 30: cut 26.67, rounded 26.68.
    results = figures(**WHOLE) | {IIT: to_percent(Decimal(points), Decimal(30))}
    assert has_mismatch(results, RULES, IIT) is differs


@pytest.mark.parametrize(
    ("total", "differs"), [("88.93", False), ("88.97", False), ("88.98", True)]
)
def test_a_total_of_points_takes_the_hundredth_of_each(total: str, differs: bool) -> None:
    points = {IIT: "26.67", EIT: "26.69", OIT: "35.57"}  # 88.93 together
    weights = {IIT: 30, EIT: 30, OIT: 40}
    results = {i: to_percent(Decimal(p), Decimal(weights[i])) for i, p in points.items()}
    assert has_mismatch({**results, TOTAL: Decimal(total)}, RULES, TOTAL) is differs


# --- the two scales ---

weights = st.sampled_from([Decimal(25), Decimal(30), Decimal(40), Decimal(50)])


@given(weights, st.data())
def test_weighted_points_come_back_from_percent(weight: Decimal, data: st.DataObject) -> None:
    points = data.draw(st.decimals(0, weight, places=2))
    assert to_weighted(to_percent(points, weight), weight) == points


@given(weights, scores)
def test_percent_comes_back_as_near_as_two_places_of_points_allow(
    weight: Decimal, score: Decimal
) -> None:
    again = to_percent(to_weighted(score, weight), weight)
    # Half a hundredth of a point, in percent of the weight, and the sixth place.
    assert abs(again - score) <= Decimal("0.5") / weight + Decimal("0.000001")


def test_points_of_a_known_row() -> None:
    assert to_weighted(Decimal("57.12"), Decimal(40)) == Decimal("22.85")
    assert to_percent(Decimal("22.85"), Decimal(40)) == Decimal("57.125")
    assert to_percent(Decimal("22.85"), Decimal(30)) == Decimal("76.166667")


PERCENT = figures(IIT="88.96", EIT="85.77", OIT="91.25", total="88.92")
WEIGHTED = figures(IIT="26.69", EIT="25.73", OIT="36.50", total="88.92")
LOW = figures(IIT="20", EIT="20", OIT="20")
"""Nothing above a weight and no total: 20 may be 20 of 100 or 20 of 30."""
LOW_PERCENT = LOW | figures(total="20")
LOW_WEIGHTED = LOW | figures(total="60")
LOW_WRONG = LOW | figures(total="45")
ZEROS = figures(IIT="0", EIT="0", OIT="0", total="0")
MIXED = figures(IIT="88.96", EIT="25.73", ind6="88.20", ind7="82.31", ind8="86.80")
"""IIT above its weight, EIT as the points of its indicators."""
ONLY_TOTAL = figures(total="88.92")
BOTH = frozenset({Scale.PERCENT, Scale.WEIGHTED})


@pytest.mark.parametrize(
    ("values", "fit"),
    [
        (PERCENT, {Scale.PERCENT}),
        (WEIGHTED, {Scale.WEIGHTED}),
        (LOW, BOTH),
        (LOW_PERCENT, {Scale.PERCENT}),
        (LOW_WEIGHTED, {Scale.WEIGHTED}),
        (LOW_WRONG, BOTH),
        (ZEROS, BOTH),
        (MIXED, set()),
        (figures(IIT="30"), BOTH),
        (figures(IIT="30.01"), {Scale.PERCENT}),
        (figures(EIT="25.73", ind6="88.20", ind7="82.31", ind8="86.80"), {Scale.WEIGHTED}),
        (figures(EIT="25.73", ind6="26", ind7="25", ind8="26.19"), {Scale.PERCENT}),
        (figures(EIT="25.73", ind6="88.20", ind7="82.31"), BOTH),
    ],
)
def test_scales_in_which_a_row_can_be_meant(
    values: dict[Part, Decimal], fit: frozenset[Scale]
) -> None:
    assert matching_scales(values, RULES) == fit


@pytest.mark.parametrize(
    ("rows", "scale"),
    [
        ([PERCENT], Scale.PERCENT),
        ([WEIGHTED], Scale.WEIGHTED),
        ([LOW, PERCENT], Scale.PERCENT),
        ([LOW, WEIGHTED], Scale.WEIGHTED),
        ([LOW_WRONG, WEIGHTED, LOW_WRONG], Scale.WEIGHTED),
        ([LOW], None),
        ([LOW_WRONG], None),
        ([ZEROS], None),
        ([PERCENT, WEIGHTED], None),
        ([PERCENT, LOW_WEIGHTED], None),
        ([PERCENT, MIXED], None),
        ([MIXED], None),
        ([ONLY_TOTAL], Scale.PERCENT),
        ([ONLY_TOTAL, INDICATORS], Scale.PERCENT),
        ([ONLY_TOTAL, WEIGHTED], Scale.WEIGHTED),
        ([], Scale.PERCENT),
    ],
)
def test_scale_is_that_of_the_whole_file(
    rows: list[dict[Part, Decimal]], scale: Scale | None
) -> None:
    assert detect_scale((values, RULES) for values in rows) is scale
    assert detect_scale((values, RULES) for values in reversed(rows)) is scale


@given(instrument_scores)
def test_a_row_fits_the_scale_that_it_was_written_in(values: dict[Part, Decimal]) -> None:
    total = figures(total=str(compute_part(values, RULES, TOTAL)))
    points = {i: to_weighted(values[i], RULES.instruments[i].weight) for i in Instrument}
    assert Scale.PERCENT in matching_scales(values | total, RULES)
    assert Scale.WEIGHTED in matching_scales(points | total, RULES)


def test_year_without_weights_decides_no_scale(reference: Reference) -> None:
    old = (figures(IIT="20", total="83.10"), reference.rules(2561))
    assert detect_scale([old]) is Scale.PERCENT
    assert detect_scale([old, (WEIGHTED, RULES)]) is Scale.WEIGHTED
