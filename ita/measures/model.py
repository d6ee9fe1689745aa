"""Measures, their reports, their pace, when a report is due; and loading them from the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import TypeAlias

from ita.domain import FiscalYear, Instrument, Part, Period, Quarter
from ita.store import Cursor


@dataclass(frozen=True)
class Measure:
    """A measure of one year. period: None where the agency gave none; it is not filled in.

    cause: the weak point that it answers; method: how it is done; follow_up: how that is watched.
    cancelled: the reason why it was cancelled, None where it was not.
    """

    fiscal_year: FiscalYear
    instrument: Instrument
    seq: int
    text: str
    indicators: tuple[Part, ...] = ()
    divisions: tuple[str, ...] = ()
    period: Period | None = None
    target: str | None = None
    cause: str | None = None
    method: str | None = None
    follow_up: str | None = None
    cancelled: str | None = None

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled is not None

    @property
    def key(self) -> tuple[Instrument, int]:
        return self.instrument, self.seq

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The quarters it is to report on: its period's, or without one the whole year's."""
        return self.period.quarters if self.period else self.fiscal_year.quarters


def active_measures(measures: Iterable[Measure]) -> tuple[Measure, ...]:
    """Those that are not cancelled: only they owe anything, and only they are counted in means."""
    return tuple(measure for measure in measures if not measure.is_cancelled)


@dataclass(frozen=True)
class Completion:
    """What was reported of a measure in one quarter: percent 0–100, cumulative within the year."""

    quarter: Quarter
    instrument: Instrument
    seq: int
    percent: Decimal
    note: str | None = None
    obstacle: str | None = None
    evidence: str | None = None

    @property
    def key(self) -> tuple[Instrument, int]:
        return self.instrument, self.seq


# Percent from which a measure is finished; it owes no further report.
DONE = Decimal(100)


# Stands for the division of a measure that names nobody.
NO_DIVISION = ""


def division_names(measure: Measure, division: Callable[[str], str]) -> tuple[str, ...]:
    """The divisions of a measure by their names rather than their spellings, each once."""
    return tuple(dict.fromkeys(map(division, measure.divisions))) or (NO_DIVISION,)


# One measure's own reports, oldest first.
Reports: TypeAlias = tuple[Completion, ...]


def pair_with_reports(
    measures: Sequence[Measure], completions: Sequence[Completion], until: Quarter | None = None
) -> Iterator[tuple[Measure, Reports]]:
    """Every measure with its own reports, none of a quarter after `until`.

    Numbers start again each year, so a key alone could be last year's measure.
    """
    reports_by_measure: dict[object, list[Completion]] = {}
    for completion in sorted(completions, key=_quarter_order):
        if until is None or completion.quarter <= until:
            year = completion.quarter.fiscal_year
            reports_by_measure.setdefault((year, completion.key), []).append(completion)
    for measure in measures:
        yield measure, tuple(reports_by_measure.get((measure.fiscal_year, measure.key), ()))


# By numbers, not by `Quarter`: a plan of a thousand measures is sorted on each page run.
_quarter_order = attrgetter("quarter.fiscal_year", "quarter.number")


def is_finished(reports: Reports) -> bool:
    """Whether the last of a measure's reports says that it is done."""
    return bool(reports) and reports[-1].percent >= DONE


def is_due(quarter: Quarter, today: date) -> bool:
    """Whether a quarter's report is due: more than 30 days after its end (rule 101/1)."""
    return quarter.report_due < today


def unreported_quarters(
    measure: Measure, reports: Reports, today: date, until: Quarter | None = None
) -> tuple[Quarter, ...]:
    """Quarters of its period whose report is due and missing; a cancelled measure owes none."""
    if measure.is_cancelled or is_finished(reports):
        return ()
    reported_quarters = {report.quarter for report in reports}
    last = until or measure.quarters[-1]
    return tuple(
        q for q in measure.quarters if q <= last and is_due(q, today) and q not in reported_quarters
    )


def expected_percent(measure: Measure, quarter: Quarter) -> Decimal | None:
    """Where a measure should be at the end of a quarter: the same step each quarter, 100 at its end.

    Over two quarters that is 50 and 100. None before its period; 100 after it. Without a period
    the steps are those of the whole year, as its reports are.
    """
    quarters = measure.quarters
    quarters_begun = sum(q <= quarter for q in quarters)
    return DONE * quarters_begun / len(quarters) if quarters_begun else None


def known_percent(reports: Reports, quarter: Quarter) -> Decimal | None:
    """What is known of a quarter: its report, or 100 where the measure had been finished before.

    None where nothing was reported, which is never 0.
    """
    for report in reversed(reports):
        if report.quarter == quarter:
            return report.percent
        if report.quarter < quarter:
            return report.percent if report.percent >= DONE else None
    return None


def current_work_year(
    years: Sequence[FiscalYear], today: date, handover_days: int
) -> FiscalYear | None:
    """The year that every page opens on.

    It is the last year of work that has begun; for some days after a year's end, of which the
    reference data speak, still that year, for its last quarter and its report are the work of these
    days. Where all years are plans, the nearest of them; None without any.

    years: those of which the agency has measures or a report.
    """
    year_before_handover = FiscalYear.containing(today - timedelta(days=handover_days))
    if year_before_handover in years:
        return year_before_handover
    begun_years = [year for year in years if year.first_day <= today]
    return max(begun_years) if begun_years else min(years, default=None)


# Loads measures and their completion from the store.


def _period(year: FiscalYear, first: int | None, last: int | None) -> Period | None:
    """A period needs both ends; half of one is not filled in."""
    if first is None or last is None:
        return None
    return Period(Quarter(year, first), Quarter(year, last))


def load_measures(cursor: Cursor, agency_id: str, year: FiscalYear) -> tuple[Measure, ...]:
    """One value per measure of an agency and year, in the order of the report."""
    rows = cursor.execute(
        "SELECT instrument, seq, measure, indicator, divisions, start_quarter, end_quarter, target, "
        "cause, method, follow_up, cancelled FROM measure WHERE agency_id = $agency_id AND fiscal_year = $year",
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


def load_divisions(
    cursor: Cursor, agency_id: str, division: Callable[[str], str]
) -> tuple[str, ...]:
    """The divisions that the measures of an agency name in any year, by their names, each once.

    division: the name behind a spelling.
    """
    rows = cursor.execute(
        "SELECT DISTINCT divisions FROM measure WHERE agency_id = $agency_id AND divisions <> ''",
        {"agency_id": agency_id},
    ).fetchall()
    return tuple(sorted({division(name) for (texts,) in rows for name in texts.split("\n")}))


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
        Completion(quarters[quarter], Instrument(instrument), seq, Decimal(percent), *texts)
        for instrument, seq, quarter, percent, *texts in rows
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
