"""Which year is planned, and on which it looks back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.domain import FiscalYear
from ita.planning.analysis import default_plan_year, plannable_years, years_before

TODAY = date(2026, 11, 23)
RUNNING = 2570
LAST = FiscalYear(2572)


def _years(*years: int) -> list[FiscalYear]:
    return [FiscalYear(year) for year in years]


@pytest.mark.parametrize(
    ("scored", "today", "expected"),
    [
        ([2568, 2569], TODAY, 2570),
        ([2567], TODAY, 2570),
        ([], TODAY, 2570),
        ([2570], date(2027, 8, 30), 2571),
        ([2570], date(2027, 9, 30), 2571),
        ([2570], date(2027, 10, 1), 2571),
        ([2569], date(2027, 8, 30), 2570),
    ],
)
def test_the_year_to_plan_follows_the_last_score_and_is_never_over(
    scored: list[int], today: date, expected: int
) -> None:
    assert default_plan_year(_years(*scored), today) == expected


def test_years_from_the_first_that_has_something_to_start_from() -> None:
    assert plannable_years(_years(2567), _years(2566), TODAY, LAST) == tuple(
        _years(*range(2567, 2572))
    )
    assert plannable_years([], [], TODAY, LAST) == tuple(_years(2570, 2571))


years = st.lists(st.integers(2556, 2571).map(FiscalYear), max_size=6)


@given(years, years, st.dates(date(2013, 1, 1), date(2029, 12, 31)))
def test_the_usual_year_can_be_chosen_unless_no_file_may_be_of_it(
    scored: list[FiscalYear], worked: list[FiscalYear], today: date
) -> None:
    found = plannable_years(scored, worked, today, LAST)
    usual = default_plan_year(scored, today)
    assert usual in found or usual > LAST
    assert list(found) == sorted(set(found))
    assert all(year <= LAST for year in found)


def test_a_plan_looks_back_only() -> None:
    assert years_before(_years(2567, 2569, 2570, 2571), FiscalYear(2570)) == tuple(
        _years(2569, 2567)
    )
