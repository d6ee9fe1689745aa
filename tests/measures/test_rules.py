from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.measures.rules import (
    MeanCompletion,
    Measure,
    division_names,
    expected_percent,
    known_percent,
    latest_begun,
    mean_completion,
    unreported_quarters,
    with_reports,
)
from ita.vocabulary import FiscalYear, Quarter
from tests.builders import EIT, completion, measure, quarter

LATER = date(2025, 6, 1)


def test_mean_is_over_the_measures_that_reported() -> None:
    planned = [measure(seq=1), measure(seq=2), measure(seq=3)]
    reports = [completion(1, "50", seq=1), completion(1, "100", seq=2)]
    assert mean_completion(planned, reports, quarter(1), LATER) == MeanCompletion(Decimal(75), 2, 3)


def test_mean_without_any_report_is_missing_and_not_zero() -> None:
    assert mean_completion([measure()], [], quarter(1), LATER) == MeanCompletion(None, 0, 1)


def test_mean_of_reports_of_nothing_done_is_zero() -> None:
    found = mean_completion([measure()], [completion(1, "0")], quarter(1), LATER)
    assert found == MeanCompletion(Decimal(0), 1, 1)


def test_mean_leaves_out_measures_whose_period_is_another() -> None:
    planned = [measure(seq=1), measure(seq=2, quarters=(3, 4))]
    reports = [completion(1, "50", seq=1), completion(1, "0", seq=2)]
    assert mean_completion(planned, reports, quarter(1), LATER) == MeanCompletion(Decimal(50), 1, 1)


def test_mean_is_of_one_quarter_and_year() -> None:
    reports = [completion(1, "10"), completion(2, "20"), completion(1, "90", year=2566)]
    assert mean_completion([measure()], reports, quarter(1), LATER).mean == 10
    assert mean_completion([measure()], reports, quarter(1, 2566), LATER) == MeanCompletion(
        None, 0, 0
    )


spans = st.tuples(st.integers(1, 4), st.integers(1, 4)).map(lambda ends: (min(ends), max(ends)))
plans = st.lists(st.none() | spans, max_size=4)
percents = st.sampled_from(["0", "25", "99.99", "100"])
reports = st.dictionaries(st.tuples(st.integers(1, 4), st.integers(1, 4)), percents)
days = st.dates(date(2023, 10, 1), date(2024, 12, 31))


def _planned(plan: list[tuple[int, int] | None]) -> list[Measure]:
    return [measure(seq=n, quarters=span) for n, span in enumerate(plan, start=1)]


@given(plans, reports, st.integers(1, 4))
def test_mean_completion_is_that_of_counting_by_hand(
    plan: list[tuple[int, int] | None], reported: dict[tuple[int, int], str], number: int
) -> None:
    expected = total = count = 0
    for seq, span in enumerate(plan, start=1):
        first, last = span or (1, 4)
        if first <= number <= last:
            expected += 1
            before = [n for n in range(1, number) if (n, seq) in reported]
            if (number, seq) in reported:
                count += 1
                total += int(Decimal(reported[number, seq]) * 100)
            elif before and reported[before[-1], seq] == "100":
                count += 1
                total += 10000
    found = mean_completion(
        _planned(plan),
        [completion(n, percent, seq=seq) for (n, seq), percent in reported.items()],
        quarter(number),
        LATER,
    )
    assert (found.reported, found.expected) == (count, expected)
    assert found.mean == (Decimal(total) / 100 / count if count else None)


def test_quarters_of_a_measure_are_those_of_its_year() -> None:
    assert measure(quarters=None, year=2568).quarters == tuple(
        quarter(n, 2568) for n in range(1, 5)
    )
    assert all(isinstance(q, Quarter) for q in measure(quarters=(2, 3)).quarters)


def test_finished_measure_counts_with_100_where_it_owes_no_report() -> None:
    planned = [measure(seq=1), measure(seq=2)]
    reports = [completion(1, "100", seq=1), completion(2, "40", seq=2)]
    assert mean_completion(planned, reports, quarter(2), LATER) == MeanCompletion(Decimal(70), 2, 2)


def test_quarter_to_come_has_no_mean_though_a_measure_is_finished() -> None:
    found = mean_completion([measure()], [completion(1, "100")], quarter(3), date(2024, 2, 1))
    assert found == MeanCompletion(None, 0, 1)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ((1, 4), ["25", "50", "75", "100"]),
        (None, ["25", "50", "75", "100"]),
        ((2, 3), [None, "50", "100", "100"]),
        ((3, 3), [None, None, "100", "100"]),
        ((1, 3), ["33.33", "66.67", "100", "100"]),
    ],
)
def test_pace_is_the_same_step_each_quarter_and_100_at_the_end(
    span: tuple[int, int] | None, expected: list[str | None]
) -> None:
    planned = measure(quarters=span)
    found = [expected_percent(planned, q) for q in planned.fiscal_year.quarters]
    assert [None if f is None else round(f, 2) for f in found] == [
        None if e is None else Decimal(e) for e in expected
    ]


@given(spans, st.integers(1, 4))
def test_pace_never_falls_and_ends_at_100(span: tuple[int, int], number: int) -> None:
    planned = measure(quarters=span)
    found = [expected_percent(planned, q) or Decimal(0) for q in planned.fiscal_year.quarters]
    assert found == sorted(found)
    assert found[span[1] - 1] == 100
    assert (found[number - 1] > 0) is (number >= span[0])


def test_known_is_what_was_reported_or_that_it_was_finished_before() -> None:
    reports = (completion(1, "40"), completion(3, "100"))
    assert [known_percent(reports, quarter(n)) for n in (1, 2, 3, 4)] == [40, None, 100, 100]
    assert known_percent((), quarter(1)) is None


def test_reports_are_those_of_the_same_year_oldest_first_up_to_a_quarter() -> None:
    others = [completion(1, "9", EIT), completion(1, "9", year=2566), completion(1, "9", seq=2)]
    mine = [completion(3, "60"), completion(1, "20")]
    ((_, found),) = with_reports([measure()], [*others, *mine])
    assert [report.percent for report in found] == [20, 60]
    ((_, found),) = with_reports([measure()], mine, quarter(2))
    assert [report.percent for report in found] == [20]


def test_unreported_stops_at_the_quarter_looked_at() -> None:
    assert unreported_quarters(measure(), (), LATER, quarter(2)) == (quarter(1), quarter(2))


def test_divisions_are_told_by_name_each_once() -> None:
    planned = measure(divisions=("กองการศึกษาฯ", "กองการศึกษา", "กองคลัง"))
    names = {"กองการศึกษาฯ": "กองการศึกษา"}
    assert division_names(planned, lambda n: names.get(n, n)) == ("กองการศึกษา", "กองคลัง")
    assert division_names(measure(divisions=()), str) == ("",)


@pytest.mark.parametrize(
    ("years", "expected"),
    [((2566, 2567, 2569), 2567), ((2568, 2569), 2568), ((2566,), 2566), ((), None)],
)
def test_a_plan_of_next_year_is_not_the_year_at_work(
    years: tuple[int, ...], expected: int | None
) -> None:
    assert latest_begun([FiscalYear(y) for y in years], date(2024, 9, 30)) == expected
