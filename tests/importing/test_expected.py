"""What is expected of an office on a day: the quarter that ended, its due date, what is left."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ita.importing.expected import expected_now, last_ended_quarter
from ita.vocabulary import FiscalYear, Quarter


@pytest.mark.parametrize(
    ("day", "year", "number"),
    [
        (date(2024, 9, 30), 2567, 3),
        (date(2024, 10, 1), 2567, 4),
        (date(2024, 12, 31), 2567, 4),
        (date(2025, 1, 1), 2568, 1),
        (date(2025, 3, 31), 2568, 1),
        (date(2025, 4, 1), 2568, 2),
        (date(2025, 6, 30), 2568, 2),
        (date(2025, 7, 1), 2568, 3),
        (date(2025, 9, 30), 2568, 3),
        (date(2024, 2, 29), 2567, 1),
    ],
)
def test_the_quarter_that_ended_last(day: date, year: int, number: int) -> None:
    assert last_ended_quarter(day) == Quarter(FiscalYear(year), number)


@pytest.mark.parametrize(
    ("day", "due", "public_by", "left", "late"),
    [
        (date(2024, 10, 1), date(2024, 10, 30), date(2024, 11, 14), 29, False),
        (date(2024, 10, 30), date(2024, 10, 30), date(2024, 11, 14), 0, False),
        (date(2024, 10, 31), date(2024, 10, 30), date(2024, 11, 14), -1, True),
        (date(2024, 12, 31), date(2024, 10, 30), date(2024, 11, 14), -62, True),
        (date(2025, 1, 1), date(2025, 1, 30), date(2025, 2, 14), 29, False),
        (date(2024, 4, 1), date(2024, 4, 30), date(2024, 5, 15), 29, False),
    ],
)
def test_due_thirty_days_after_the_quarter_and_public_fifteen_later(
    day: date, due: date, public_by: date, left: int, late: bool
) -> None:
    now = expected_now(day)
    assert (now.due, now.public_by, now.days_left, now.late) == (due, public_by, left, late)


def test_each_day_of_years_follows_the_quarter_before_it() -> None:
    day = date(2023, 1, 1)
    while day < date(2027, 1, 1):
        ended = last_ended_quarter(day)
        assert ended.last_day < day
        running = (ended.last_day + timedelta(days=1)).replace(day=1)
        assert 0 <= (day - running).days < 92
        day += timedelta(days=1)
