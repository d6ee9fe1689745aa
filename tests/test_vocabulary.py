from __future__ import annotations

import pickle
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.domain import FiscalYear, Instrument, Period, Quarter, is_fictional, thai_today, two_places
from tests.builders import period, quarter

years = st.integers(FiscalYear.FIRST, FiscalYear.LAST).map(FiscalYear)
quarters = st.builds(Quarter, years, st.integers(1, 4))


@pytest.mark.parametrize("number", [2024, 2025, 2499, 2700, 67, 0, -2567])
def test_number_that_is_no_buddhist_year_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        FiscalYear(number)


@pytest.mark.parametrize("number", [2500, 2567, 2699])
def test_buddhist_year_is_itself(number: int) -> None:
    assert FiscalYear(number) == number


def test_year_of_the_common_era_is_taken_only_as_such() -> None:
    assert FiscalYear.from_ce(2024) == 2567
    assert FiscalYear(2567).ce == 2024


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2024, 9, 30), 2567),
        (date(2024, 10, 1), 2568),
        (date(2024, 12, 31), 2568),
        (date(2025, 1, 1), 2568),
        (date(2023, 10, 1), 2567),
    ],
)
def test_october_opens_the_next_fiscal_year(day: date, year: int) -> None:
    assert FiscalYear.containing(day) == year


def test_days_of_a_fiscal_year() -> None:
    assert FiscalYear(2567).first_day == date(2023, 10, 1)
    assert FiscalYear(2567).last_day == date(2024, 9, 30)


@given(years)
def test_year_contains_its_first_and_last_day_and_no_other(year: FiscalYear) -> None:
    assert FiscalYear.containing(year.first_day) == year
    assert FiscalYear.containing(year.last_day) == year
    if FiscalYear.FIRST < year < FiscalYear.LAST:
        assert FiscalYear.containing(year.first_day - timedelta(days=1)) == year - 1
        assert FiscalYear.containing(year.last_day + timedelta(days=1)) == year + 1


@given(years)
def test_fiscal_year_survives_pickling(year: FiscalYear) -> None:
    # st.cache_data pickles what it keeps.
    again = pickle.loads(pickle.dumps(year))
    assert (again, type(again)) == (year, FiscalYear)


@pytest.mark.parametrize(
    ("number", "first", "last"),
    [
        (1, date(2023, 10, 1), date(2023, 12, 31)),
        (2, date(2024, 1, 1), date(2024, 3, 31)),
        (3, date(2024, 4, 1), date(2024, 6, 30)),
        (4, date(2024, 7, 1), date(2024, 9, 30)),
    ],
)
def test_days_of_the_quarters_of_2567(number: int, first: date, last: date) -> None:
    assert (quarter(number).first_day, quarter(number).last_day) == (first, last)


@given(years)
def test_quarters_fill_their_year_without_hole_or_overlap(year: FiscalYear) -> None:
    first, second, third, fourth = year.quarters
    assert (first.first_day, fourth.last_day) == (year.first_day, year.last_day)
    for before, after in ((first, second), (second, third), (third, fourth)):
        assert after.first_day - before.last_day == timedelta(days=1)


@pytest.mark.parametrize("number", [0, 5, -1])
def test_number_that_is_no_quarter_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="not a quarter"):
        quarter(number)


@pytest.mark.parametrize(
    ("number", "due", "public"),
    [
        (1, date(2024, 1, 30), date(2024, 2, 14)),
        (2, date(2024, 4, 30), date(2024, 5, 15)),
        (3, date(2024, 7, 30), date(2024, 8, 14)),
        (4, date(2024, 10, 30), date(2024, 11, 14)),
    ],
)
def test_report_is_due_in_30_days_and_public_in_15_more(
    number: int, due: date, public: date
) -> None:
    assert (quarter(number).report_due, quarter(number).public_by) == (due, public)


@given(quarters, quarters)
def test_quarters_stand_in_the_order_of_their_days(one: Quarter, other: Quarter) -> None:
    assert (one < other) == (one.first_day < other.first_day)


@given(quarters, quarters)
def test_period_is_quarters_of_one_year_from_first_to_last(first: Quarter, last: Quarter) -> None:
    if first.fiscal_year == last.fiscal_year and first.number <= last.number:
        found = Period(first, last).quarters
        assert (found[0], found[-1]) == (first, last)
        assert len(found) == last.number - first.number + 1
    else:
        with pytest.raises(ValueError, match="not a period"):
            Period(first, last)


def test_period_over_two_years_is_refused() -> None:
    with pytest.raises(ValueError, match="not a period"):
        Period(quarter(4, 2567), quarter(1, 2568))


def test_period_of_one_quarter_is_that_quarter() -> None:
    assert period(3, 3).quarters == (quarter(3),)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("84.994", "84.99"),
        ("84.995", "85.00"),
        ("84.985", "84.99"),
        ("2.675", "2.68"),
        ("-0.345", "-0.35"),
        ("100", "100.00"),
    ],
)
def test_score_is_rounded_half_up(value: str, rounded: str) -> None:
    assert str(two_places(Decimal(value))) == rounded


@given(st.integers(0, 100_000_000))
def test_rounding_is_that_of_whole_numbers(millionths: int) -> None:
    hundredths = (millionths + 5_000) // 10_000
    assert two_places(Decimal(millionths).scaleb(-6)) == Decimal(hundredths).scaleb(-2)


def test_instruments_stand_in_the_authoritys_order() -> None:
    assert [str(instrument) for instrument in Instrument] == ["IIT", "EIT", "OIT"]


@pytest.mark.parametrize(
    ("source", "fictional"),
    [("ข้อมูลสมมติ: แต่งขึ้น", True), ("เว็บไซต์ สสวท.", False), ("", False), (None, False)],
)
def test_made_up_figures_are_known_by_their_source(source: str | None, fictional: bool) -> None:
    assert is_fictional(source) is fictional


def _day_in_thailand() -> date:
    return datetime.fromtimestamp(time.time() + 7 * 3600, UTC).date()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process is Unix's")
@pytest.mark.parametrize("zone", ["UTC", "EAST-14", "WEST+12"])
def test_the_day_is_thailands_wherever_the_server_stands(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At any hour one of them has another day, so `date.today()` does not pass."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        before = _day_in_thailand()
        assert thai_today() in (before, _day_in_thailand())  # midnight may come between
    time.tzset()
