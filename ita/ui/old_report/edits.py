"""An old report's draft while a person mends it: every cell, what was put nowhere, what is doubtful."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from ita.domain import FiscalYear, Instrument
from ita.reports.old_report_import import ResultLinks
from ita.reports.reading.report_draft import Doubt, DraftRow, ReportColumn, ReportDraft

LISTED_COLUMNS = (ReportColumn.MEASURES, ReportColumn.RESULTS)
"""Columns of numbered texts; the others hold one text, divisions a list of names."""


@dataclass
class DraftItem:
    """A measure or a result of a draft.

    number: its name while it is edited, whatever its rank. answers: of a result, the numbers of its
    measures; is_proposed: nobody has confirmed them yet; is_chosen: a person has said them.
    """

    number: int
    text: str
    answers: tuple[int, ...] = ()
    is_proposed: bool = False
    is_chosen: bool = False


@dataclass
class RowEdits:
    """One instrument's cells; "" and () for what the report does not have."""

    instrument: Instrument
    measures: list[DraftItem] = field(default_factory=list)
    results: list[DraftItem] = field(default_factory=list)
    divisions: tuple[str, ...] = ()
    period: str = ""
    outcome: str = ""

    def paragraphs(self, column: ReportColumn) -> list[DraftItem]:
        return self.measures if column is ReportColumn.MEASURES else self.results

    def texts(self, column: ReportColumn) -> tuple[str, ...]:
        """What stands in a column, as far as it is not blank."""
        match column:
            case ReportColumn.MEASURES | ReportColumn.RESULTS:
                texts = tuple(p.text.strip() for p in self.paragraphs(column))
            case ReportColumn.DIVISIONS:
                texts = self.divisions
            case ReportColumn.PERIOD:
                texts = (self.period.strip(),)
            case _:
                texts = (self.outcome.strip(),)
        return tuple(filter(None, texts))

    @property
    def written_measures(self) -> list[DraftItem]:
        """Those that will be stored, in their order: their ranks are their numbers in the report."""
        return [measure for measure in self.measures if measure.text.strip()]

    @property
    def written_results(self) -> list[DraftItem]:
        return [result for result in self.results if result.text.strip()]

    @property
    def proposed(self) -> list[DraftItem]:
        """Results whose measures were proposed and nobody has confirmed."""
        return [result for result in self.written_results if result.is_proposed]

    @property
    def is_empty(self) -> bool:
        return self.draft_row().is_empty

    def answered_ranks(self, result: DraftItem) -> tuple[int, ...]:
        """The measures of a result by their numbers in the report, from 1."""
        ranks = {m.number: rank for rank, m in enumerate(self.written_measures, 1)}
        return tuple(sorted(ranks[n] for n in result.answers if n in ranks))

    def draft_row(self) -> DraftRow:
        return DraftRow(
            self.instrument,
            self.texts(ReportColumn.MEASURES),
            self.texts(ReportColumn.RESULTS),
            self.texts(ReportColumn.DIVISIONS),
            self.period.strip() or None,
            self.outcome.strip() or None,
        )


class ReportEdits:
    """A whole report while it is mended. read: the draft as it came; links: proposed for it.

    unplaced: texts that stand in no cell, those that were taken out of one among them.
    """

    def __init__(self, read: ReportDraft, links: ResultLinks) -> None:
        self.read = read
        self._numbers = count(1)
        given = {row.instrument: row for row in read.rows}
        self.rows = {
            instrument: self._row(given.get(instrument, DraftRow(instrument)), links)
            for instrument in Instrument
        }
        self.unplaced = list(read.unplaced)
        self.dismissed: set[int] = set()

    def _row(self, row: DraftRow, links: ResultLinks) -> RowEdits:
        measures = [DraftItem(next(self._numbers), text) for text in row.measures]
        results = []
        for rank, text in enumerate(row.results, 1):
            ranks = links.get((row.instrument, rank), ())
            answers = tuple(measures[n - 1].number for n in ranks if 0 < n <= len(measures))
            results.append(DraftItem(next(self._numbers), text, answers, bool(answers)))
        return RowEdits(
            row.instrument, measures, results, row.divisions, row.period or "", row.outcome or ""
        )

    def add(self, instrument: Instrument, column: ReportColumn, text: str = "") -> None:
        """Put a text into a cell: below those of a list, at the end of what else stands there."""
        row = self.rows[instrument]
        match column:
            case ReportColumn.MEASURES | ReportColumn.RESULTS:
                row.paragraphs(column).append(DraftItem(next(self._numbers), text))
            case ReportColumn.DIVISIONS:
                row.divisions = (*row.divisions, *(n for n in text.split("\n") if n.strip()))
            case ReportColumn.PERIOD:
                row.period = "\n".join(filter(None, (row.period, text)))
            case _:
                row.outcome = "\n".join(filter(None, (row.outcome, text)))

    def place(self, position: int, instrument: Instrument, column: ReportColumn) -> None:
        """Put one of the unplaced texts into a cell."""
        self.add(instrument, column, self.unplaced.pop(position))

    def remove(self, instrument: Instrument, column: ReportColumn, number: int) -> None:
        """Take a measure or a result out; its text waits among the unplaced ones."""
        row = self.rows[instrument]
        paragraphs = row.paragraphs(column)
        gone = next(p for p in paragraphs if p.number == number)
        paragraphs.remove(gone)
        if gone.text.strip():
            self.unplaced.append(gone.text)
        for result in row.results:
            result.answers = tuple(n for n in result.answers if n != number)
            result.is_proposed &= bool(result.answers)

    def move_up(self, instrument: Instrument, column: ReportColumn, number: int) -> None:
        paragraphs = self.rows[instrument].paragraphs(column)
        rank = next(r for r, p in enumerate(paragraphs) if p.number == number)
        if rank:
            paragraphs[rank - 1], paragraphs[rank] = paragraphs[rank], paragraphs[rank - 1]

    def answer(self, result: DraftItem, measures: tuple[int, ...]) -> None:
        """Which measures a result answers, as a person says."""
        result.answers, result.is_proposed, result.is_chosen = measures, False, True

    def confirm_links(self, instrument: Instrument) -> None:
        for result in self.rows[instrument].proposed:
            self.answer(result, result.answers)

    @property
    def proposed_count(self) -> int:
        return sum(len(row.proposed) for row in self.rows.values())

    def doubts(
        self, instrument: Instrument | None, column: ReportColumn | None = None
    ) -> Iterator[tuple[int, Doubt]]:
        """What is still to be looked at in a cell, with its position: not what was ticked off, nor what
        doubts a text that stands there no more."""
        row = self.rows.get(instrument) if instrument else None
        for position, doubt in enumerate(self.read.doubts):
            if position in self.dismissed or doubt.instrument is not instrument:
                continue
            if doubt.why == "no-year":  # asked for where year and agency are settled
                continue
            if doubt.column is column and _still_stands(doubt, row):
                yield position, doubt

    def open_doubts(self, instrument: Instrument) -> list[tuple[int, Doubt]]:
        """Those of all cells of an instrument."""
        columns = dict.fromkeys(d.column for d in self.read.doubts if d.instrument is instrument)
        return [doubt for column in columns for doubt in self.doubts(instrument, column)]

    @property
    def doubt_count(self) -> int:
        """How many are still to be looked at, in the cells and of the report as a whole."""
        in_cells = sum(len(self.open_doubts(instrument)) for instrument in self.rows)
        return in_cells + len(list(self.doubts(None)))

    def links(self) -> ResultLinks:
        """The measures of each result by their numbers in the report; of a result for which none was
        proposed or chosen nothing is said."""
        return {
            (instrument, rank): row.answered_ranks(result)
            for instrument, row in self.rows.items()
            for rank, result in enumerate(row.written_results, 1)
            if result.answers or result.is_chosen
        }

    def draft(self, agency: str | None, year: FiscalYear | None) -> ReportDraft:
        """The draft as it stands now, of an agency and a year."""
        rows = tuple(row.draft_row() for row in self.rows.values() if not row.is_empty)
        return replace(
            self.read,
            agency=agency,
            fiscal_year=year,
            rows=rows,
            unplaced=tuple(self.unplaced),
        )


def _still_stands(doubt: Doubt, row: RowEdits | None) -> bool:
    if row is None or doubt.column is None or not doubt.text:
        return True
    return any(doubt.text in text for text in row.texts(doubt.column))
