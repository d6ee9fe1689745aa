"""What is stored of measures and their completion."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

from ita.measures.rules import Completion, Measure
from ita.store import Cursor
from ita.vocabulary import FiscalYear, Instrument, Period, Quarter


def _period(year: FiscalYear, first: int | None, last: int | None) -> Period | None:
    """A period needs both ends; half of one is not filled in."""
    if first is None or last is None:
        return None
    return Period(Quarter(year, first), Quarter(year, last))


def measures(cursor: Cursor, agency_id: str, year: FiscalYear) -> tuple[Measure, ...]:
    """One value per measure of an agency and year, in the order of the report."""
    rows = cursor.execute(
        "SELECT instrument, seq, measure, indicator, divisions, start_quarter, end_quarter, target, "
        "cause, method, follow_up FROM measure WHERE agency_id = $agency_id AND fiscal_year = $year",
        {"agency_id": agency_id, "year": int(year)},
    ).fetchall()
    found = (
        Measure(
            year,
            Instrument(instrument),
            seq,
            text,
            tuple(indicator.split(",")) if indicator else (),
            tuple(divisions.split("\n")) if divisions else (),
            _period(year, first, last),
            *planned,
        )
        for instrument, seq, text, indicator, divisions, first, last, *planned in rows
    )
    return tuple(sorted(found, key=lambda m: (list(Instrument).index(m.instrument), m.seq)))


def completions(
    cursor: Cursor, agency_id: str, year: FiscalYear, texts: bool = True
) -> tuple[Completion, ...]:
    """One value per reported quarter of a measure, oldest first. texts: whether its note, obstacle
    and evidence are wanted, most of what there is to read."""
    words = "note, obstacle, evidence" if texts else "NULL, NULL, NULL"
    rows = cursor.execute(
        f"SELECT instrument, seq, quarter, percent, {words} FROM completion "
        "WHERE agency_id = $agency_id AND fiscal_year = $year ORDER BY quarter, instrument, seq",
        {"agency_id": agency_id, "year": int(year)},
    ).fetchall()
    quarters = {quarter.number: quarter for quarter in year.quarters}
    return tuple(
        Completion(
            quarters[quarter],
            Instrument(instrument),
            seq,
            Decimal(percent),
            note,
            obstacle,
            evidence,
        )
        for instrument, seq, quarter, percent, note, obstacle, evidence in rows
    )


Work: TypeAlias = tuple[tuple[Measure, ...], tuple[Completion, ...]]
"""A year's measures and how far they were reported to be, without the words about it."""


def work_of(cursor: Cursor, agency_id: str, year: FiscalYear) -> Work:
    return measures(cursor, agency_id, year), completions(cursor, agency_id, year, texts=False)


def years_of_work(cursor: Cursor, agency_id: str) -> tuple[FiscalYear, ...]:
    """The years of which an agency has measures or a narrative report, oldest first."""
    rows = cursor.execute(
        "SELECT fiscal_year FROM measure WHERE agency_id = $agency_id "
        "UNION SELECT fiscal_year FROM narrative WHERE agency_id = $agency_id ORDER BY fiscal_year",
        {"agency_id": agency_id},
    ).fetchall()
    return tuple(FiscalYear(year) for (year,) in rows)


def with_measures(cursor: Cursor) -> frozenset[str]:
    """The agencies that have a measure in any year."""
    rows = cursor.execute("SELECT DISTINCT agency_id FROM measure").fetchall()
    return frozenset(agency_id for (agency_id,) in rows)
