"""What is expected of an office on a day: the quarter that ended, its due date, what is left."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ita.domain import FiscalYear, Quarter
from ita.imports.expected import expected_now, last_ended_quarter, next_due, running_quarter


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


def test_a_complete_quarter_is_not_expected_again() -> None:
    now = expected_now(date(2026, 11, 30), lambda quarter: quarter == Quarter(FiscalYear(2569), 4))
    assert now.quarter == Quarter(FiscalYear(2570), 1)
    assert (now.due, now.days_left, now.late) == (date(2027, 1, 30), 61, False)
    assert expected_now(date(2026, 11, 30)).quarter == Quarter(FiscalYear(2569), 4)


@pytest.mark.parametrize(
    ("day", "owed", "expected"),
    [
        (date(2026, 9, 30), {(2569, 3), (2569, 4)}, (2569, 4)),
        (date(2026, 10, 1), {(2569, 4), (2570, 1)}, (2569, 4)),
        (date(2026, 10, 1), {(2570, 1)}, (2570, 1)),
        (date(2026, 10, 30), {(2569, 4), (2570, 1)}, (2569, 4)),
        (date(2026, 10, 31), {(2569, 4), (2570, 1)}, (2570, 1)),
        (date(2026, 10, 31), {(2569, 4)}, None),
        (date(2027, 1, 30), {(2570, 1), (2570, 2)}, (2570, 1)),
        (date(2027, 1, 31), {(2570, 1), (2570, 2)}, (2570, 2)),
        (date(2027, 1, 31), set(), None),
    ],
)
def test_next_is_the_nearest_report_owed_whose_day_has_not_gone_by(
    day: date, owed: set[tuple[int, int]], expected: tuple[int, int] | None
) -> None:
    found = next_due(day, lambda q: 3 if (int(q.fiscal_year), q.number) in owed else 0)
    assert (found and (int(found.quarter.fiscal_year), found.quarter.number)) == expected
    assert found is None or found.days_left >= 0


def test_a_day_lies_in_its_running_quarter() -> None:
    assert running_quarter(date(2026, 9, 30)) == Quarter(FiscalYear(2569), 4)
    assert running_quarter(date(2026, 10, 1)) == Quarter(FiscalYear(2570), 1)
    assert running_quarter(date(2027, 1, 31)) == Quarter(FiscalYear(2570), 2)
