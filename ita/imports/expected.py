"""What an office is expected to hand in now, by rule 101/1 and the yearly calendar; pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from ita.domain import FiscalYear, Quarter


@dataclass(frozen=True)
class Expected:
    """A quarter whose report is expected, and by when it is due and public."""

    quarter: Quarter
    due: date
    public_by: date
    days_left: int

    @property
    def late(self) -> bool:
        return self.days_left < 0


def last_ended_quarter(today: date) -> Quarter:
    """The quarter that ended last before a day."""
    year = FiscalYear.containing(today)
    started = [quarter for quarter in year.quarters if quarter.first_day <= today]
    day_before = started[-1].first_day - timedelta(days=1)
    year_before = FiscalYear.containing(day_before)
    return next(q for q in year_before.quarters if q.first_day <= day_before <= q.last_day)


def running_quarter(today: date) -> Quarter:
    """The quarter in which a day lies."""
    year = FiscalYear.containing(today)
    return next(quarter for quarter in year.quarters if today <= quarter.last_day)


def expected_now(
    today: date, complete: Callable[[Quarter], bool] = lambda quarter: False
) -> Expected:
    """The report that is expected on a day: of the quarter that ended last, or where that is complete
    of the one that runs.

    complete: whether every measure at work in a quarter has reported in it or was done before.
    """
    quarter = last_ended_quarter(today)
    return _expected(running_quarter(today) if complete(quarter) else quarter, today)


def next_due(today: date, missing: Callable[[Quarter], int]) -> Expected | None:
    """The nearest report whose day has not gone by and that somebody still owes; None without any.

    missing: how many measures owe a quarter's report and gave none.
    """
    quarters = (last_ended_quarter(today), running_quarter(today))
    return next(
        (
            _expected(quarter, today)
            for quarter in quarters
            if quarter.report_due >= today and missing(quarter)
        ),
        None,
    )


def _expected(quarter: Quarter, today: date) -> Expected:
    return Expected(
        quarter, quarter.report_due, quarter.public_by, (quarter.report_due - today).days
    )
