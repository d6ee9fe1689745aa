"""An old report as it was read: a draft for a person to look through, nothing of it stored."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ita.domain import FiscalYear, Instrument
from ita.reports.reading.thai_repair import Repair


class ReportColumn(StrEnum):
    """A column of these reports' tables. The first five of the values are the draft's own."""

    MEASURES = "measures"
    RESULTS = "results"
    DIVISIONS = "divisions"
    PERIOD = "period"
    OUTCOME = "outcome"
    INSTRUMENT = "instrument"
    INDICATOR = "indicator"
    SEQ = "seq"
    RESPONSIBLE = "responsible"  # divisions and period in one
    OTHER = "other"


@dataclass(frozen=True)
class DraftRow:
    """One instrument: texts in the order of the report. period, outcome: None where there is none."""

    instrument: Instrument
    measures: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    period: str | None = None
    outcome: str | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.measures or self.results or self.divisions or self.period or self.outcome)


@dataclass(frozen=True)
class Doubt:
    """What a person should look at. instrument, column: None for the report as a whole. why: a word of
    `doubt_texts.DOUBT_SENTENCES`."""

    instrument: Instrument | None
    column: ReportColumn | None
    text: str
    why: str


@dataclass(frozen=True)
class ReportDraft:
    """A whole report. rows: of the instruments of which anything was read, in the authority's order.

    agency: its name as the report writes it, None where it names none. unplaced: paragraphs that belong
    to no column, in order; nothing of the file is in none of both.
    """

    title: str
    fiscal_year: FiscalYear | None
    agency: str | None
    rows: tuple[DraftRow, ...]
    unplaced: tuple[str, ...]
    repairs: tuple[Repair, ...]
    doubts: tuple[Doubt, ...]
