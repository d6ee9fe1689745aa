"""The rows of a report's tables: which column holds what, and whose instrument a row is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ita.domain import Instrument
from ita.reports.reading.headings import (
    IndicatorNames,
    label_column,
    named_instrument,
    title_instrument,
)
from ita.reports.reading.items import (
    Item,
    is_decoration,
    item_number,
    split_items,
    split_responsible,
)
from ita.reports.reading.layout import TextCell, TextLine, TextTable, cells_by_column
from ita.reports.reading.report_draft import ReportColumn
from ita.reports.reading.running_text import USUAL_COLUMNS, Flow, InstrumentSection
from ita.reports.reading.thai_repair import MendedLine

MAX_COLUMNS = 40
"""Of a grid; wider ones are no report, and spans may claim any number."""
_MIN_LABELS = 2


@dataclass(frozen=True)
class SpanCell:
    """A cell where it begins. covered: whether it only goes on from the row above."""

    lines: tuple[MendedLine, ...]
    width: int = 1
    covered: bool = False

    @property
    def compact(self) -> str:
        return "".join(line.compact for line in self.lines)


GridRow = Mapping[int, SpanCell]
"""Cells by the column in which they begin."""


def grid(table: TextTable, mend: Callable[[TextLine], MendedLine]) -> list[GridRow]:
    """A table's cells by their columns; a cell over several rows stands again, covered, in each.

    mend: how the letters of a line are put together.
    """
    lines: dict[int, tuple[MendedLine, ...]] = {}
    rows: list[GridRow] = []
    for row in cells_by_column(table.rows, MAX_COLUMNS):
        lines |= {id(cell): _mended(cell, mend) for cell, covered in row.values() if not covered}
        rows.append(
            {
                column: SpanCell(lines[id(cell)], cell.column_span, covered)
                for column, (cell, covered) in row.items()
            }
        )
    return rows


def _mended(cell: TextCell, mend: Callable[[TextLine], MendedLine]) -> tuple[MendedLine, ...]:
    return tuple(mend(line) for line in cell.lines if line.text.strip())


@dataclass
class TableState:
    """What goes on from one table to the next: its columns, and the instrument of its last row."""

    columns: dict[int, ReportColumn] = field(default_factory=dict)
    width: int = 0
    instrument: Instrument | None = None


def table_head(row: GridRow) -> dict[int, ReportColumn]:
    """The columns that a row of headings names; {} for a row that is none."""
    named = {c: column for c, cell in row.items() if (column := label_column(cell.compact))}
    kinds = {*named.values()}
    telling = kinds & {ReportColumn.MEASURES, ReportColumn.RESULTS}
    filled = sum(bool(cell.compact) for cell in row.values())
    if not telling or len(kinds) < _MIN_LABELS or len(named) * 2 < filled:
        return {}
    return named


class TableReader:
    """Puts the rows of tables, one after the other, into the sections of a flow."""

    def __init__(self, flow: Flow, indicators: IndicatorNames, paragraphs: bool) -> None:
        """paragraphs: whether a line of a cell is a paragraph of its own, as in Word and HTML."""
        self._flow = flow
        self._indicators = indicators
        self._paragraphs = paragraphs
        self.state = TableState()

    def is_of_report(self, rows: Sequence[GridRow]) -> bool:
        """Whether a table has a head of these reports, or goes on from one that had."""
        if any(table_head(row) for row in rows[:4]):
            return True
        if not rows:
            return False
        width = _width(rows[0])
        if self.state.columns and width == self.state.width:
            return True
        return width == len(USUAL_COLUMNS) and any(
            title_instrument(row[0].compact) for row in rows if 0 in row
        )

    def read(self, rows: Sequence[GridRow]) -> None:
        goes_on = bool(self.state.columns)
        is_first = True
        for row in rows:
            if head := table_head(row):
                self._take_head(row, head)
                continue
            if self._is_second_head(row):
                continue
            texts = [cell for cell in row.values() if cell.compact and not cell.covered]
            if not texts:
                continue
            if not self.state.columns:
                self.state.columns = dict(enumerate(USUAL_COLUMNS))
                self.state.width = _width(row)
            if len(texts) == 1 and self._take_heading(texts[0]):
                continue
            self._take_row(row, goes_on and is_first)
            is_first = False

    def _take_head(self, row: GridRow, head: dict[int, ReportColumn]) -> None:
        self._flow.has_head = True
        self.state.columns = dict(head)
        for column, cell in row.items():
            if column not in head and cell.compact:
                self.state.columns[column] = ReportColumn.OTHER
        self.state.width = _width(row)

    def _is_second_head(self, row: GridRow) -> bool:
        """A row of headings below a head, and the numbers of columns that forms have: (1) (2) (3)."""
        texts = [cell.compact for cell in row.values() if cell.compact and not cell.covered]
        if not texts or not self.state.columns:
            return False
        if len(texts) > 2 and all(text.strip("()[].").isdigit() for text in texts):
            return True
        labels = {
            c: column
            for c, cell in row.items()
            if not cell.covered and (column := label_column(cell.compact))
        }
        if len(labels) == len(texts):
            self.state.columns |= labels
            return True
        return False

    def _take_heading(self, cell: SpanCell) -> bool:
        """A row of one cell that names an instrument for those below it."""
        instrument = title_instrument(cell.compact) or (
            self._indicators.instrument(cell.compact) if len(cell.compact) < 120 else None
        )
        if instrument is None:
            return False
        self.state.instrument = instrument
        return True

    def _take_row(self, row: GridRow, may_go_on: bool) -> None:
        by_column: dict[ReportColumn, list[MendedLine]] = {}
        named: Instrument | None = None
        for at, cell in row.items():
            column = self._column(at)
            if column in (ReportColumn.INSTRUMENT, ReportColumn.INDICATOR):
                found = self._instrument(cell.compact)
                named = found or named
                if not found and cell.compact and not cell.covered:
                    self._flow.unplaced.append(list(cell.lines))
            elif is_decoration(cell.compact) or cell.covered:  # a dash says that there is nothing
                continue
            elif column is ReportColumn.OTHER:
                if found := title_instrument(cell.compact):
                    named = found
                else:
                    self._flow.unplaced.append(list(cell.lines))
            else:
                by_column.setdefault(column, []).extend(cell.lines)
        if named:
            self.state.instrument = named
        if self.state.instrument is None:
            self._flow.unplaced += [list(lines) for lines in by_column.values()]
            return
        section = self._flow.section(self.state.instrument)
        goes_on = may_go_on and named is None and not by_column.get(ReportColumn.SEQ)
        for column, lines in by_column.items():
            self._take_cell(section, column, lines, goes_on)

    def _column(self, at: int) -> ReportColumn:
        """The column below whose heading a cell stands; the nearest to the left of one that is wider."""
        columns = self.state.columns
        if at in columns:
            return columns[at]
        left = [c for c in columns if c < at]
        return columns[max(left)] if left else ReportColumn.OTHER

    def _instrument(self, compact: str) -> Instrument | None:
        if not compact:
            return None
        return (
            title_instrument(compact)
            or named_instrument(compact)
            or self._indicators.instrument(compact)
        )

    def _take_cell(
        self,
        section: InstrumentSection,
        column: ReportColumn,
        lines: list[MendedLine],
        goes_on: bool,
    ) -> None:
        match column:
            case ReportColumn.MEASURES | ReportColumn.RESULTS:
                self._take_items(section, column, lines, goes_on)
            case ReportColumn.RESPONSIBLE | ReportColumn.DIVISIONS | ReportColumn.PERIOD:
                self._take_responsible(section, column, lines)
            case ReportColumn.OUTCOME:
                if goes_on and section.outcome:
                    section.outcome[-1] += lines
                    self._doubt(section, column, lines, "continued")
                else:
                    section.outcome.append(lines)
            case ReportColumn.SEQ:
                pass
            case _:
                self._flow.unplaced.append(lines)

    def _take_items(
        self,
        section: InstrumentSection,
        column: ReportColumn,
        lines: list[MendedLine],
        goes_on: bool,
    ) -> None:
        items = section.items(column)
        found, skips = split_items(lines, each_line=self._paragraphs)
        begins = item_number(lines[0].text) is not None or lines[0].text.lstrip()[:1] in "-–•"
        if goes_on and items and found and not begins:
            items[-1] += found.pop(0)
            self._doubt(section, column, lines, "continued")
        if skips:
            self._doubt(section, column, lines, "numbers")
        items += found

    def _take_responsible(
        self, section: InstrumentSection, column: ReportColumn, lines: list[MendedLine]
    ) -> None:
        if column is ReportColumn.PERIOD:
            section.period.append(lines)
            return
        divisions, period = split_responsible(lines, each_line=self._paragraphs)
        section.divisions += divisions
        if period:
            section.period.append(period)

    def _doubt(
        self,
        section: InstrumentSection,
        column: ReportColumn,
        lines: Sequence[MendedLine],
        why: str,
    ) -> None:
        section.doubts.append((column, lines[0].text.strip(), why))


def _width(row: GridRow) -> int:
    return sum(cell.width for cell in row.values())


def item_lines(rows: Sequence[GridRow]) -> list[Item]:
    """The cells of a table that is none of a report, row by row."""
    return [
        list(cell.lines) for row in rows for cell in row.values() if cell.lines and not cell.covered
    ]
