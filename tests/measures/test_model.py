from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.domain import FiscalYear, Quarter
from ita.measures.model import (
    current_work_year,
    division_names,
    expected_percent,
    known_percent,
    pair_with_reports,
    unreported_quarters,
)
from ita.reference import Reference
from tests.builders import EIT, completion, measure, quarter

LATER = date(2025, 6, 1)


spans = st.tuples(st.integers(1, 4), st.integers(1, 4)).map(lambda ends: (min(ends), max(ends)))


def test_quarters_of_a_measure_are_those_of_its_year() -> None:
    assert measure(quarters=None, year=2568).quarters == tuple(
        quarter(n, 2568) for n in range(1, 5)
    )
    assert all(isinstance(q, Quarter) for q in measure(quarters=(2, 3)).quarters)


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
    ((_, found),) = pair_with_reports([measure()], [*others, *mine])
    assert [report.percent for report in found] == [20, 60]
    ((_, found),) = pair_with_reports([measure()], mine, quarter(2))
    assert [report.percent for report in found] == [20]


def test_unreported_stops_at_the_quarter_looked_at() -> None:
    assert unreported_quarters(measure(), (), LATER, quarter(2)) == (quarter(1), quarter(2))


def test_divisions_are_told_by_name_each_once() -> None:
    planned = measure(divisions=("กองการศึกษาฯ", "กองการศึกษา", "กองคลัง"))
    names = {"กองการศึกษาฯ": "กองการศึกษา"}
    assert division_names(planned, lambda n: names.get(n, n)) == ("กองการศึกษา", "กองคลัง")
    assert division_names(measure(divisions=()), str) == ("",)


BOTH = (2566, 2569, 2570)
"""Years of work: 2569 runs to 30 Sep 2026 C.E., 2570 is planned or running."""


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 9, 30), 2569),
        (date(2026, 10, 1), 2569),
        (date(2026, 10, 30), 2569),
        (date(2026, 10, 31), 2570),
        (date(2026, 11, 30), 2570),
        (date(2027, 1, 30), 2570),
        (date(2027, 1, 31), 2570),
        (date(2027, 9, 30), 2570),
        (date(2027, 10, 30), 2570),
        (date(2027, 10, 31), 2570),
    ],
)
def test_the_year_that_ended_is_at_hand_until_its_last_report_is_due(
    day: date, expected: int
) -> None:
    assert current_work_year([FiscalYear(y) for y in BOTH], day, 30) == expected


@pytest.mark.parametrize(
    ("years", "day", "expected"),
    [
        ((2566, 2567, 2569), date(2024, 9, 30), 2567),
        ((2568, 2569), date(2024, 9, 30), 2568),
        ((2566,), date(2024, 9, 30), 2566),
        ((), date(2024, 9, 30), None),
        # Nothing of the year that ended: the one that has begun, though these are its first days.
        ((2566, 2568), date(2024, 10, 10), 2568),
        ((2566, 2568), date(2024, 9, 30), 2566),
    ],
)
def test_a_plan_of_a_year_to_come_is_not_at_hand(
    years: tuple[int, ...], day: date, expected: int | None
) -> None:
    assert current_work_year([FiscalYear(y) for y in years], day, 30) == expected


def test_how_long_the_old_year_stays_at_hand_is_data(reference: Reference) -> None:
    years = [FiscalYear(2569), FiscalYear(2570)]
    assert reference.handover_days == 30
    assert current_work_year(years, date(2026, 10, 1), 0) == 2570
    assert current_work_year(years, date(2026, 11, 14), 45) == 2569
    assert current_work_year(years, date(2026, 11, 15), 45) == 2570
