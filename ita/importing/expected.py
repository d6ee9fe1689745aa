"""What an office is expected to hand in now, by rule 101/1 and the yearly calendar; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ita.vocabulary import FiscalYear, Quarter


@dataclass(frozen=True)
class Expected:
    """The quarter that ended last, and by when its report is due and public."""

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


def expected_now(today: date) -> Expected:
    """The report that is expected on a day."""
    quarter = last_ended_quarter(today)
    return Expected(
        quarter, quarter.report_due, quarter.public_by, (quarter.report_due - today).days
    )
