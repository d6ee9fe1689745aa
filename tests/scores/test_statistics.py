from __future__ import annotations

import random
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import Settings
from ita.domain import TOTAL, FiscalYear, two_places
from ita.i18n import language_set_to
from ita.reference import Reference, load_reference
from ita.scores.statistics import ScoreRun, Slope, comparable_run, compute_slope, span_text
from ita.scores.trends import compute_trend
from tests.builders import EIT, IIT, year_scores
from tests.scores.test_trends import IPST

REFERENCE = load_reference(Settings().reference)
scores = st.integers(0, 10_000).map(lambda hundredths: Decimal(hundredths).scaleb(-2))
years = st.sets(st.integers(2562, 2580), min_size=3, max_size=9).map(sorted)


def run_of(first: int, *totals: str | None) -> ScoreRun:
    """Years from the first on; None = a year without a score."""
    return tuple(
        (FiscalYear(first + n), Decimal(total))
        for n, total in enumerate(totals)
        if total is not None
    )


def per_year(run: ScoreRun) -> Decimal:
    results = compute_slope(TOTAL, run).per_year
    assert results is not None
    return results


@st.composite
def runs(draw: st.DrawFn) -> ScoreRun:
    return tuple((FiscalYear(year), draw(scores)) for year in draw(years))


# --- known series ---


def test_slope_of_a_known_series() -> None:
    slope = compute_slope(TOTAL, run_of(2563, "70.25", "80.27", "82.90", "84.41", "88.92"))
    # Sorted: 1.51, 2.07, 2.63, 2.88, 3.01 | 4.51, 4.67, 4.72, 6.33, 10.02; (3.01 + 4.51) / 2.
    assert slope.per_year == Decimal("3.76")
    assert slope.sentence() == "โดยเฉลี่ยเพิ่มขึ้นราวปีละ 3.76 คะแนน (2563–2567, 5 ปี)"


def test_published_series_stands_on_its_last_model_only() -> None:
    slope = compute_slope(TOTAL, comparable_run(compute_trend(IPST, REFERENCE), TOTAL))
    assert (slope.years[0], slope.years[-1], len(slope.years)) == (2562, 2567, 6)
    assert slope.sentence() == "โดยเฉลี่ยลดลงราวปีละ 0.28 คะแนน (2562–2567, 6 ปี)"


@pytest.mark.parametrize(
    ("totals", "told"),
    [
        ((), "ยังไม่มีคะแนน"),
        (("80",), "มีเพียงปีเดียว (2563) ยังบอกการเปลี่ยนแปลงไม่ได้"),
        (("80", "90"), "มีเพียงสองปี ยังไม่ใช่แนวโน้ม (2563 และ 2564)"),
        (("80", None, "90"), "มีเพียงสองปี ยังไม่ใช่แนวโน้ม (2563 และ 2565)"),
        (("80", "82", "84"), "โดยเฉลี่ยเพิ่มขึ้นราวปีละ 2.00 คะแนน (2563–2565, 3 ปี)"),
        (("80", "82", None, "86"), "โดยเฉลี่ยเพิ่มขึ้นราวปีละ 2.00 คะแนน (2563–2566, มีคะแนน 3 จาก 4 ปี)"),
        (("84", "82", "80"), "โดยเฉลี่ยลดลงราวปีละ 2.00 คะแนน (2563–2565, 3 ปี)"),
        (("80", "80", "80"), "โดยเฉลี่ยแทบไม่เปลี่ยนแปลง (2563–2565, 3 ปี)"),
        (("80", "80.01", "80", "80.01"), "โดยเฉลี่ยแทบไม่เปลี่ยนแปลง (2563–2566, 4 ปี)"),
        (("80.01", "80", "80", "80"), "โดยเฉลี่ยแทบไม่เปลี่ยนแปลง (2563–2566, 4 ปี)"),
    ],
)
def test_slope_is_said_with_its_years(totals: tuple[str | None, ...], told: str) -> None:
    assert compute_slope(TOTAL, run_of(2563, *totals)).sentence() == told


def test_slope_is_said_in_english() -> None:
    with language_set_to("en"):
        results = compute_slope(TOTAL, run_of(2563, "80", "82", None, "86")).sentence()
    assert (
        results == "About 2.00 points a year up on average (2563–2566, scores of 3 out of 4 years)"
    )


def test_fewer_than_three_years_have_no_slope() -> None:
    assert compute_slope(TOTAL, run_of(2563, "10", "99")).per_year is None
    assert compute_slope(TOTAL, ()) == Slope(TOTAL, (), None)


def test_one_odd_year_moves_the_slope_little() -> None:
    # Least squares would say −0.80 a year.
    assert per_year(run_of(2563, "80", "82", "84", "86", "60")) == Decimal("2.00")


def test_halves_are_rounded_away_from_zero() -> None:
    # Exactly 0.015 a year, which binary floats take for less.
    assert per_year(run_of(2563, "80", None, "80.03", None, "80.06")) == Decimal("0.02")
    assert per_year(run_of(2563, "80.06", None, "80.03", None, "80")) == Decimal("-0.02")


# --- the run ---


def test_run_ends_at_a_break_and_passes_a_hole() -> None:
    trend = compute_trend(
        [
            *(year_scores(y, total="70") for y in (2560, 2561, 2562)),
            year_scores(2564, IIT="81"),
            year_scores(2565, total="75"),
        ],
        REFERENCE,
    )
    assert comparable_run(trend, TOTAL) == ((2562, 70), (2565, 75))
    assert comparable_run(trend, IIT) == ((2564, 81),)
    assert comparable_run(trend, EIT) == comparable_run(trend, "99") == ()


def test_change_of_labels_does_not_end_a_run() -> None:
    trend = compute_trend([year_scores(y, total="80") for y in range(2564, 2569)], REFERENCE)
    assert [year for year, _ in comparable_run(trend, TOTAL)] == [*range(2564, 2569)]


def test_run_uses_scores_of_two_places(reference: Reference) -> None:
    (found,) = comparable_run(compute_trend([year_scores(2567, total="80.005")], reference), TOTAL)
    assert found == (2567, Decimal("80.01"))


@pytest.mark.parametrize(
    ("years_", "told"),
    [((2563, 2564, 2565), "2563–2565, 3 ปี"), ((2563, 2565), "2563–2565, มีคะแนน 2 จาก 3 ปี")],
)
def test_span_names_its_holes(years_: tuple[int, ...], told: str) -> None:
    assert span_text(tuple(map(FiscalYear, years_))) == told


# --- whatever the scores ---


@given(runs())
def test_slope_is_the_median_of_all_pairs(run: ScoreRun) -> None:
    pairs = [
        (float(run[j][1]) - float(run[i][1])) / (run[j][0] - run[i][0])
        for i in range(len(run))
        for j in range(i + 1, len(run))
    ]
    assert abs(float(per_year(run)) - float(np.median(pairs))) <= 0.005 + 1e-9


@given(years, scores, st.integers(-500, 500))
def test_slope_of_an_exact_line_is_its_own(on: list[int], start: Decimal, step: int) -> None:
    points = Decimal(step).scaleb(-2)
    run = tuple((FiscalYear(year), start + points * (year - on[0])) for year in on)
    assert per_year(run) == points


@given(runs(), st.randoms(use_true_random=False))
def test_order_of_the_years_is_irrelevant_to_the_slope(
    run: ScoreRun, chance: random.Random
) -> None:
    assert compute_slope(TOTAL, tuple(chance.sample(run, len(run)))) == compute_slope(TOTAL, run)


@given(runs())
def test_slope_has_the_direction_of_a_series_that_has_one(run: ScoreRun) -> None:
    on, values = zip(*run, strict=True)
    assert per_year(tuple(zip(on, sorted(values), strict=True))) >= 0
    assert per_year(tuple(zip(on, sorted(values, reverse=True), strict=True))) <= 0


@given(runs())
def test_slope_turns_with_its_scores(run: ScoreRun) -> None:
    turned = tuple((year, 100 - score) for year, score in run)
    assert per_year(turned) == -per_year(run)


@given(runs())
def test_slope_has_two_places_and_lies_between_the_extremes(run: ScoreRun) -> None:
    slope = per_year(run)
    assert slope == two_places(slope)
    steps = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(run)]
    assert min(steps) - Decimal("0.01") <= slope <= max(steps) + Decimal("0.01")
