"""The text of an old report as its draft: title, year, agency, and a row for each instrument."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from ita.domain import Instrument
from ita.formatting import spans_text
from ita.reports.reading.headings import IndicatorNames
from ita.reports.reading.items import Item, begins_item, division_names
from ita.reports.reading.layout import Layout, TextLine, TextTable, lines_of
from ita.reports.reading.report_draft import Doubt, DraftRow, ReportColumn, ReportDraft
from ita.reports.reading.report_title import (
    agency_in,
    begins_name,
    split_title,
    usual_year,
    year_in,
)
from ita.reports.reading.running_text import (
    Flow,
    FlowLine,
    FlowReader,
    InstrumentSection,
    flow_lines,
    is_page_number,
)
from ita.reports.reading.table_rows import GridRow, TableReader, grid, item_lines
from ita.reports.reading.thai_clusters import FontDamage, font_damage, mend_clusters
from ita.reports.reading.thai_repair import MendedLine, Repair, Sureness, mend_letters
from ita.reports.reading.thai_spacing import DocumentSpaces, join_lines

MAX_DRAWN_LENGTH = 60
"""Characters of a column's line."""
_MIN_LINES = 3
_FULL_SHARE = 0.6
Part = list[FlowLine] | list[GridRow]
Mend = Callable[[TextLine], MendedLine]


def read_structure(layout: Layout, indicators: IndicatorNames) -> ReportDraft:
    """Read a document's text as a report of the assessment.

    Args:
        layout: its lines and tables in reading order.
        indicators: which instrument each is of.

    Returns:
        What was read; without rows where the text holds no such report, and then all of it is unplaced.
    """
    paragraphs = layout.kind in ("docx", "html") and not _has_drawn_lines(layout)
    parts = [*_parts(layout, _mender(layout, paragraphs))]
    flow = _flow(parts, indicators, paragraphs)
    writer = _Writer(DocumentSpaces([*_lines(parts)]), paragraphs)
    rows = tuple(
        row
        for instrument in Instrument
        for section in flow.sections
        if section.instrument is instrument
        for row in [writer.row(section)]
        if not row.is_empty
    )
    above = [text for item in _title_items(flow.before, paragraphs) if (text := writer.text(item))]
    title, others = split_title(above) if rows else ([], above)
    unplaced = [text for item in flow.unplaced if (text := writer.text(item))]
    whole = "\n".join(title)
    year = year_in(whole) or usual_year(_texts(rows))
    if layout.unread:
        writer.doubts.append(Doubt(None, None, spans_text(layout.unread), "picture-pages"))
    if rows and year is None:
        writer.doubts.append(Doubt(None, None, whole, "no-year"))
    writer.doubts += (
        Doubt(row.instrument, ReportColumn.PERIOD, row.period or "", "other-year")
        for row in rows
        if (year_in(row.period or "") or year) != year
    )
    return ReportDraft(
        whole,
        year,
        agency_in(whole),
        rows,
        (*others, *unplaced),
        tuple(writer.repairs),
        tuple(writer.doubts),
    )


def _mender(layout: Layout, paragraphs: bool) -> Mend:
    """How the letters of a document's lines are put together; what people typed was broken by no font."""
    damage = FontDamage()
    if not paragraphs:
        whole = (line.text for block in layout.blocks for line in lines_of(block))
        damage = font_damage(mend_letters(text).text for text in whole)

    def mend(line: TextLine) -> MendedLine:
        mended = mend_clusters(mend_letters(line.text), damage)
        return replace(mended, recognised=line.page in layout.recognised)

    return mend


def _has_drawn_lines(layout: Layout) -> bool:
    """Whether paragraphs of cells are lines as they were drawn, as where a table was copied out of a PDF:
    lines that go on are about as long as their column is wide."""
    drawn = cells = 0
    for table in (block for block in layout.blocks if isinstance(block, TextTable)):
        for cell in (cell for row in table.rows for cell in row):
            texts = [line.text.strip() for line in cell.lines if line.text.strip()]
            width = max(map(len, texts), default=0)
            goes_on = [len(t) for t, after in pairwise(texts) if not begins_item(after)]
            if len(goes_on) >= _MIN_LINES:
                cells += 1
                drawn += width <= MAX_DRAWN_LENGTH and min(goes_on) >= width * _FULL_SHARE
    return cells > 0 and drawn * 2 >= cells


def _parts(layout: Layout, mend: Mend) -> Iterator[Part]:
    """The lines between tables with their letters repaired, and the tables as grids."""
    for is_table, blocks in groupby(layout.blocks, key=lambda b: isinstance(b, TextTable)):
        if is_table:
            yield from (grid(block, mend) for block in blocks if isinstance(block, TextTable))
        else:
            yield [*flow_lines([(mend(b), b.page) for b in blocks if isinstance(b, TextLine)])]


def _lines(parts: Sequence[Part]) -> Iterator[MendedLine]:
    for part in parts:
        for piece in part:
            if isinstance(piece, FlowLine):
                yield piece.line
            else:
                for cell in piece.values():
                    yield from () if cell.covered else cell.lines


def _flow(parts: Sequence[Part], indicators: IndicatorNames, paragraphs: bool) -> Flow:
    flow = Flow()
    lines = FlowReader(flow, indicators)
    tables = TableReader(flow, indicators, paragraphs)
    for number, part in enumerate(parts):
        rows = [row for row in part if not isinstance(row, FlowLine)]
        if rows and tables.is_of_report(rows):
            tables.state.instrument = lines.title or tables.state.instrument
            tables.read(rows)
            lines.leave()
        elif rows:
            for item in item_lines(rows):
                lines.feed([FlowLine(line, 0, n == 0) for n, line in enumerate(item)], False)
        else:
            follower = parts[number + 1] if number + 1 < len(parts) else []
            rows = [row for row in follower if not isinstance(row, FlowLine)]
            of_text = [line for line in part if isinstance(line, FlowLine)]
            lines.feed(of_text, bool(rows) and tables.is_of_report(rows))
    return flow


def _title_items(lines: Sequence[FlowLine], paragraphs: bool) -> list[Item]:
    """The paragraphs above the first table: an empty line ends one, and in Word each line is one.
    Lines of a title are set one by one, so that each is a paragraph where the next begins a name."""
    items: list[Item] = []
    for line in lines:
        if is_page_number(line.compact):
            continue
        if paragraphs or line.after_blank or not items or begins_name(line.text):
            items.append([])
        items[-1].append(line.line)
    return items


def _texts(rows: Sequence[DraftRow]) -> Iterator[str]:
    for row in rows:
        yield from (row.period or "", row.outcome or "", *row.measures, *row.results)


class _Writer:
    """Joins lines to texts, and keeps what was repaired and what is doubtful on the way."""

    def __init__(self, document: DocumentSpaces, paragraphs: bool) -> None:
        self._document = document
        self._paragraphs = paragraphs
        self.repairs: list[Repair] = []
        self.doubts: list[Doubt] = []

    def text(
        self,
        lines: Sequence[MendedLine],
        instrument: Instrument | None = None,
        column: ReportColumn | None = None,
    ) -> str:
        """The text of an item; a paragraph a line where lines are paragraphs."""
        texts = []
        for item in [[line] for line in lines] if self._paragraphs else [lines]:
            joined = join_lines(item, self._document)
            texts.append(joined.text)
            self.repairs += joined.repairs
            self.doubts += (
                Doubt(instrument, column, repair.after, "space")
                for repair in joined.repairs
                if repair.sure is Sureness.DOUBTFUL
            )
        text = "\n".join(filter(None, texts))
        if text and any(line.recognised for line in lines):
            self.doubts.append(Doubt(instrument, column, text, "ocr"))
        if "\ufffd" in text:
            self.doubts.append(Doubt(instrument, column, text, "lost-letters"))
        return text

    def row(self, section: InstrumentSection) -> DraftRow:
        def texts(column: ReportColumn) -> tuple[str, ...]:
            items = section.items(column)
            return tuple(filter(None, (self.text(i, section.instrument, column) for i in items)))

        self.doubts += (
            Doubt(section.instrument, column, text, why) for column, text, why in section.doubts
        )
        self.doubts += (
            Doubt(section.instrument, column, "", "repeated")
            for column in (ReportColumn.PERIOD, ReportColumn.OUTCOME)
            if len(section.items(column)) > 1
        )
        return DraftRow(
            section.instrument,
            texts(ReportColumn.MEASURES),
            texts(ReportColumn.RESULTS),
            tuple(
                dict.fromkeys(
                    n for text in texts(ReportColumn.DIVISIONS) for n in division_names(text)
                )
            ),
            "\n".join(dict.fromkeys(texts(ReportColumn.PERIOD))) or None,
            "\n".join(dict.fromkeys(texts(ReportColumn.OUTCOME))) or None,
        )
