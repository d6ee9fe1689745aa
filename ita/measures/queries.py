"""Loads measures and their completion from the store."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

from ita.domain import FiscalYear, Instrument, Period, Quarter
from ita.measures.model import Completion, Measure
from ita.store import Cursor


def _period(year: FiscalYear, first: int | None, last: int | None) -> Period | None:
    """A period needs both ends; half of one is not filled in."""
    if first is None or last is None:
        return None
    return Period(Quarter(year, first), Quarter(year, last))


def load_measures(cursor: Cursor, agency_id: str, year: FiscalYear) -> tuple[Measure, ...]:
    """One value per measure of an agency and year, in the order of the report."""
    rows = cursor.execute(
        "SELECT instrument, seq, measure, indicator, divisions, start_quarter, end_quarter, target, "
        "cause, method, follow_up FROM measure WHERE agency_id = $agency_id AND fiscal_year = $year",
        {"agency_id": agency_id, "year": int(year)},
    ).fetchall()
    loaded = (
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
    return tuple(sorted(loaded, key=lambda m: (list(Instrument).index(m.instrument), m.seq)))


def load_completions(
    cursor: Cursor, agency_id: str, year: FiscalYear, with_texts: bool = True
) -> tuple[Completion, ...]:
    """One value per reported quarter of a measure, oldest first. with_texts: whether its note, obstacle
    and evidence are loaded, which is most of the data."""
    words = "note, obstacle, evidence" if with_texts else "NULL, NULL, NULL"
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


# A year's measures and how far they were reported to be, without the words about it.
Work: TypeAlias = tuple[tuple[Measure, ...], tuple[Completion, ...]]


def load_work(cursor: Cursor, agency_id: str, year: FiscalYear) -> Work:
    return load_measures(cursor, agency_id, year), load_completions(
        cursor, agency_id, year, with_texts=False
    )


def load_years_of_work(cursor: Cursor, agency_id: str) -> tuple[FiscalYear, ...]:
    """The years of which an agency has measures or a narrative report, oldest first."""
    rows = cursor.execute(
        "SELECT fiscal_year FROM measure WHERE agency_id = $agency_id "
        "UNION SELECT fiscal_year FROM narrative WHERE agency_id = $agency_id ORDER BY fiscal_year",
        {"agency_id": agency_id},
    ).fetchall()
    return tuple(FiscalYear(year) for (year,) in rows)


def load_agencies_with_measures(cursor: Cursor) -> frozenset[str]:
    """The agencies that have a measure in any year."""
    rows = cursor.execute("SELECT DISTINCT agency_id FROM measure").fetchall()
    return frozenset(agency_id for (agency_id,) in rows)
