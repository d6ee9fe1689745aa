from __future__ import annotations

import random
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import Settings
from ita.domain import TOTAL, FiscalYear, Instrument, Verdict
from ita.reference import Reference, UnknownYear, load_reference
from ita.scores.queries import load_published_scores
from ita.scores.trends import Trend, compute_trend, compute_verdict
from ita.store import Store
from tests.builders import EIT, IIT, OIT, year_scores

REFERENCE = load_reference(Settings().reference)
IPST = [
    year_scores(2558, total="79.69"),
    year_scores(2559, total="83.73"),
    year_scores(2560, total="91.35"),
    year_scores(2561, "สูงมาก", total="83.10"),
    year_scores(2562, "A", total="91.07"),
    year_scores(2563, "A", total="90.73"),
    year_scores(2564, "AA", total="95.62"),
    year_scores(2565, "A", total="90.22"),
    year_scores(2566, "ผ่าน", total="86.78"),
    year_scores(2567, "ผ่าน", total="91.15"),
]


def _totals(first: int, *totals: str | None) -> Trend:
    """A trend of totals from a year on; None = nothing is stored of that year."""
    years = [year_scores(first + n, total=total) for n, total in enumerate(totals) if total]
    return compute_trend(years, REFERENCE)


def _verdict(first: int, *totals: str | None) -> Verdict:
    results = _totals(first, *totals).verdict(TOTAL)
    assert results
    return results.verdict


# --- IPST: three models, rises and falls ---


def test_published_series_shows_its_changes() -> None:
    changes = {
        int(p.fiscal_year): p.change for p in compute_trend(IPST, REFERENCE).points_of(TOTAL)
    }
    assert {year: None if c is None else str(c) for year, c in changes.items()} == {
        2558: None,
        2559: "4.04",
        2560: "7.62",
        2561: "-8.25",
        2562: None,
        2563: "-0.34",
        2564: "4.89",
        2565: "-5.40",
        2566: "-3.44",
        2567: "4.37",
    }


def test_published_series_is_not_comparable_across_the_change_of_model() -> None:
    comparable = {
        int(p.fiscal_year): p.is_comparable for p in compute_trend(IPST, REFERENCE).points_of(TOTAL)
    }
    assert [year for year, is_comparable in comparable.items() if not is_comparable] == [2558, 2562]


def test_published_series_is_judged_over_its_last_model_only() -> None:
    verdict = compute_trend(IPST, REFERENCE).verdict(TOTAL)
    assert verdict
    assert (verdict.verdict, verdict.first, verdict.last) == (Verdict.MIXED, 2562, 2567)
    against = [(int(c.fiscal_year), str(c.change)) for c in verdict.non_rises]
    assert against == [(2563, "-0.34"), (2565, "-5.40"), (2566, "-3.44")]
    assert verdict.is_complete


def test_published_series_keeps_published_and_judged_levels_apart() -> None:
    points = {int(p.fiscal_year): p for p in compute_trend(IPST, REFERENCE).points_of(TOTAL)}
    assert (points[2561].level, points[2561].published_level) == (None, "สูงมาก")
    assert (points[2564].level, points[2564].published_level) == ("AA", "AA")
    assert (points[2567].level, points[2567].published_level) == ("ผ่านเกณฑ์ (ไม่ทราบระดับ)", "ผ่าน")


def test_published_series_stands_beside_the_national_means() -> None:
    national = {
        int(p.fiscal_year): p.national_mean for p in compute_trend(IPST, REFERENCE).points_of(TOTAL)
    }
    assert (national[2562], national[2565]) == (None, Decimal("87.57"))


def test_parts_without_any_score_have_a_verdict_but_no_points() -> None:
    trend = compute_trend(IPST, REFERENCE)
    assert trend.parts == (TOTAL,)
    assert [v.part for v in trend.verdicts] == [TOTAL, IIT, EIT, OIT]
    judged = trend.verdict(OIT)
    assert judged and (judged.verdict, judged.years) == (Verdict.NOT_ENOUGH_DATA, ())


def test_samples_hold_the_published_series(sample_store: Store, reference: Reference) -> None:
    with sample_store.reading() as cursor:
        stored = load_published_scores(cursor, "IPST")
    assert [(s.fiscal_year, s.level, dict(s.values)) for s in stored] == [
        (s.fiscal_year, s.level, dict(s.values)) for s in IPST
    ]
    assert all(s.source for s in stored)


# --- verdicts ---


@pytest.mark.parametrize(
    ("first", "totals", "verdict"),
    [
        (2562, ("80", "81", "82"), Verdict.RISING),
        (2562, ("80", "80.01"), Verdict.RISING),
        (2562, ("82", "81", "80"), Verdict.FALLING),
        (2562, ("80", "80", "80"), Verdict.FLAT),
        (2562, ("80", "80"), Verdict.FLAT),
        (2562, ("80", "81", "80.99"), Verdict.MIXED),
        (2562, ("80", "81", "81"), Verdict.MIXED),
        (2562, ("81", "80", "80"), Verdict.MIXED),
        (2562, ("80",), Verdict.NOT_ENOUGH_DATA),
        (2562, ("80", None, "82"), Verdict.NOT_ENOUGH_DATA),
        (2562, ("82", None, "80"), Verdict.NOT_ENOUGH_DATA),
        (2562, ("80", None, "80"), Verdict.NOT_ENOUGH_DATA),
        (2562, ("80", "81", None, "80"), Verdict.MIXED),
        (2562, ("80", None, "82", "81"), Verdict.MIXED),
        (2560, ("80", "81", "82"), Verdict.NOT_ENOUGH_DATA),
        (2560, ("99", "98", "70", "71"), Verdict.RISING),
        (2564, ("80", "81", "82", "83"), Verdict.RISING),
        (2558, ("80", "81", "82", "83"), Verdict.RISING),
    ],
)
def test_verdict_of_the_last_comparable_run(
    first: int, totals: tuple[str | None, ...], verdict: Verdict
) -> None:
    assert _verdict(first, *totals) is verdict


def test_scores_that_round_alike_are_flat() -> None:
    assert _verdict(2562, "80.001", "80.004") is Verdict.FLAT
    assert _totals(2562, "80.001", "80.004").points[1].change == 0


def test_hole_has_a_point_without_a_score_and_ends_the_change() -> None:
    hole, after = _totals(2562, "80", None, "82").points[1:]
    assert (hole.score, hole.level, hole.change, hole.is_comparable) == (None, None, None, False)
    assert (after.score, after.change, after.is_comparable) == (82, None, False)


def test_run_with_a_hole_names_only_the_years_that_have_a_score() -> None:
    verdict = _totals(2562, "80", None, "79").verdict(TOTAL)
    assert verdict
    assert (verdict.years, verdict.is_complete) == ((2562, 2564), False)
    assert [(c.fiscal_year, c.change) for c in verdict.non_rises] == [(2564, -1)]


def test_nothing_stored_gives_no_points_and_no_verdict_but_that_data_lack() -> None:
    trend = compute_trend([], REFERENCE)
    assert trend.points == ()
    assert {v.verdict for v in trend.verdicts} == {Verdict.NOT_ENOUGH_DATA}


def test_year_without_rules_is_named() -> None:
    with pytest.raises(UnknownYear, match="2571"):
        compute_trend([year_scores(2571, total="90")], REFERENCE)


def test_computed_total_stands_in_for_a_missing_published_one() -> None:
    (point,) = compute_trend(
        [year_scores(2567, IIT="90", EIT="80", OIT="60")], REFERENCE
    ).points_of(TOTAL)
    assert (point.score, point.published_score, point.computed_score) == (75, None, 75)


def test_published_total_counts_beside_a_different_computed_one() -> None:
    scores = year_scores(2567, IIT="90", EIT="80", OIT="60", total="80")
    (point,) = compute_trend([scores], REFERENCE).points_of(TOTAL)
    assert (point.score, point.published_score, point.computed_score) == (80, 80, 75)


def test_indicators_have_a_trend_of_their_own_in_the_order_of_the_manual() -> None:
    years = [
        year_scores(2566, ind10="70", ind2="80"),
        year_scores(2567, ind10="75", ind2="79", total="85"),
    ]
    trend = compute_trend(years, REFERENCE)
    assert trend.parts == (TOTAL, "2", "10")
    verdicts = {v.part: v.verdict for v in trend.verdicts}
    assert (verdicts["10"], verdicts["2"]) == (Verdict.RISING, Verdict.FALLING)


# --- whatever the scores ---

run_scores = st.lists(
    st.none() | st.integers(7_000, 7_003).map(lambda h: Decimal(h).scaleb(-2)),
    min_size=1,
    max_size=12,
)


@given(run_scores, st.randoms(use_true_random=False))
def test_order_of_the_years_is_irrelevant(
    totals: list[Decimal | None], chance: random.Random
) -> None:
    years = [year_scores(2557 + n, total=str(total)) for n, total in enumerate(totals) if total]
    shuffled = chance.sample(years, len(years))
    assert compute_trend(shuffled, REFERENCE) == compute_trend(years, REFERENCE)


@given(run_scores, st.randoms(use_true_random=False))
def test_verdict_takes_its_scores_in_any_order(
    totals: list[Decimal | None], chance: random.Random
) -> None:
    rows = [(FiscalYear(2557 + n), total) for n, total in enumerate(totals)]
    shuffled = chance.sample(rows, len(rows))
    assert compute_verdict(TOTAL, shuffled, REFERENCE) == compute_verdict(TOTAL, rows, REFERENCE)


def _verdict_by_pairs(scores: dict[int, Decimal], years: list[int]) -> Verdict:
    """Slow and obvious: look at each year and the next one that has a score."""
    pairs = [(scores[a], scores[b]) for a, b in combinations(years, 2) if b == _next(years, a)]
    rises = any(b > a for a, b in pairs)
    falls = any(b < a for a, b in pairs)
    stands = any(b == a for a, b in pairs)
    if rises and falls:
        return Verdict.MIXED
    if len(years) < 2 or years != list(range(years[0], years[-1] + 1)):
        return Verdict.NOT_ENOUGH_DATA
    if stands and (rises or falls):
        return Verdict.MIXED
    if rises:
        return Verdict.RISING
    return Verdict.FALLING if falls else Verdict.FLAT


def _next(years: list[int], year: int) -> int:
    return min(y for y in years if y > year)


@given(run_scores)
def test_verdict_is_that_of_looking_at_every_pair(totals: list[Decimal | None]) -> None:
    scores = {2557 + n: total for n, total in enumerate(totals) if total is not None}
    model = max(scores, default=0) >= 2562
    years = sorted(year for year in scores if (year >= 2562) == model)
    rows = [(FiscalYear(year), score) for year, score in scores.items()]
    verdict = compute_verdict(TOTAL, rows, REFERENCE)
    assert list(verdict.years) == years
    assert verdict.verdict is _verdict_by_pairs(scores, years)
    assert verdict.verdict is not Verdict.RISING or not verdict.non_rises


@given(run_scores)
def test_changes_are_those_between_neighbouring_comparable_years(
    totals: list[Decimal | None],
) -> None:
    scores = {2557 + n: total for n, total in enumerate(totals) if total is not None}
    trend = compute_trend([year_scores(y, total=str(s)) for y, s in scores.items()], REFERENCE)
    for point in trend.points_of(TOTAL):
        year = int(point.fiscal_year)
        there = year in scores and year - 1 in scores and year != 2562
        assert point.change == (scores[year] - scores[year - 1] if there else None)
        assert point.is_comparable is there


def test_instruments_have_points_where_any_year_has_them() -> None:
    trend = compute_trend([year_scores(2566, total="90"), year_scores(2567, IIT="90")], REFERENCE)
    assert trend.parts == (TOTAL, Instrument.IIT)
    assert [p.score for p in trend.points_of(IIT)] == [None, 90]
    assert trend.years == (2566, 2567)
