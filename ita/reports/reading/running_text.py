"""A report whose cells stand one below the other: column after column, page after page.

Also prose under headings, where lines say which column what follows belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ita.domain import Instrument
from ita.reports.reading.headings import (
    MAX_HEAD_LINES,
    MAX_TITLE_LINES,
    IndicatorNames,
    head_columns,
    is_indicator_title,
    label_column,
    may_begin_head,
    title_instrument,
)
from ita.reports.reading.items import (
    Item,
    ListMarks,
    begins_division,
    begins_with_dash,
    continues_division,
    is_decoration,
    is_period,
    is_word_before_period,
    item_number,
    without_marker,
)
from ita.reports.reading.report_draft import ReportColumn
from ita.reports.reading.thai_repair import MendedLine

MAX_DIVISIONS = 14
"""Lines below the first division among which the period stands."""
USUAL_COLUMNS = (
    ReportColumn.INSTRUMENT,
    ReportColumn.MEASURES,
    ReportColumn.RESULTS,
    ReportColumn.RESPONSIBLE,
    ReportColumn.OUTCOME,
)


_GROUP = (ReportColumn.RESPONSIBLE, ReportColumn.DIVISIONS, ReportColumn.PERIOD)
_TEXTS = (ReportColumn.MEASURES, ReportColumn.RESULTS, ReportColumn.OUTCOME)


@dataclass(frozen=True)
class FlowLine:
    """A line in reading order. after_blank: whether an empty line or a page's end stands before it."""

    line: MendedLine
    page: int
    after_blank: bool

    @property
    def text(self) -> str:
        return self.line.text

    @property
    def compact(self) -> str:
        return self.line.compact


@dataclass
class InstrumentSection:
    """What was read of one instrument. Each item is the lines of one text."""

    instrument: Instrument
    measures: list[Item] = field(default_factory=list)
    results: list[Item] = field(default_factory=list)
    divisions: list[Item] = field(default_factory=list)
    period: list[Item] = field(default_factory=list)
    outcome: list[Item] = field(default_factory=list)
    doubts: list[tuple[ReportColumn, str, str]] = field(default_factory=list)

    def items(self, column: ReportColumn) -> list[Item]:
        found: list[Item] = getattr(self, column.value)
        return found


@dataclass
class Flow:
    """The whole text as it was taken apart. before: lines before the first table or instrument."""

    before: list[FlowLine] = field(default_factory=list)
    sections: list[InstrumentSection] = field(default_factory=list)
    unplaced: list[Item] = field(default_factory=list)
    has_head: bool = False

    def section(self, instrument: Instrument) -> InstrumentSection:
        """That of an instrument, a new one where nothing was read of it yet."""
        known = next((s for s in self.sections if s.instrument is instrument), None)
        if known is None:
            known = InstrumentSection(instrument)
            self.sections.append(known)
        return known


_SIGNATURE = re.compile(
    r"(?:จึง|ขอ)?(?:เรียน|รายงาน|เสนอ)มาเพื่อ(?:โปรด|กรุณา|ทราบ|พิจารณา)|ขอแสดงความนับถือ|\(?ลงชื่อ|ลงนาม|\(?(?:\.{4,}|…{2,}|_{4,})|\((?:นาย|นาง|นางสาว|ว่าที่|น\.ส\.)|ตำแหน่ง[.…:]"
    r"|ผู้(?:จัดทำ|รายงาน|ตรวจสอบ|รับรอง|อนุมัติ|เสนอ)(?:ข้อมูล|รายงาน)?[:.…]*$"
)
_PAGE_NUMBER = re.compile(r"[-–—(]?(?:หน้า(?:ที่)?)?\d{1,3}(?:(?:/|จาก)\d{1,3})?[-–—)]?")


_FIRST_WORD = re.compile(r"\s*+(?!ไตรมาส)\S{1,80}+(?=\s)")
_LABELS_WITHOUT_COLON = _GROUP
"""Headings behind which their text may stand in the same line; other words begin sentences too, but
the outcome's where headings part all the text."""


def is_page_number(compact: str) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(compact))


class FlowReader:
    """Goes through lines once, as many times as lines come; `flow` is what came of them.

    title: the instrument that was named last, for a table that follows.
    """

    def __init__(self, flow: Flow, indicators: IndicatorNames) -> None:
        self._lines: Sequence[FlowLine] = ()
        self._indicators = indicators
        self._has_blanks = False
        self._keeps_ends = False
        self._columns: tuple[ReportColumn, ...] = USUAL_COLUMNS
        self._section: InstrumentSection | None = None
        self._column = ReportColumn.INSTRUMENT
        self._signed = False
        self._is_aside = False
        self._is_labelled = False
        self._repeated: frozenset[int] = frozenset()
        self._marks: dict[int, ListMarks] = {}
        self.flow = flow
        self.title: Instrument | None = None

    def feed(self, lines: Sequence[FlowLine], before_table: bool) -> None:
        """Read lines that stand together. before_table: whether a report's table follows, so that they
        are no cells, if no head stands among them."""
        self._lines = lines
        self._has_blanks = any(
            line.after_blank and line.page == before.page for before, line in pairwise(lines)
        )
        self._keeps_ends = any(line.text.endswith(" ") for line in lines)
        heads = [at for at in range(len(lines)) if self._head(at)]
        self._repeated = self._page_titles(heads)
        self._is_aside = self._is_aside or (before_table and not heads)
        at = 0
        while at < len(lines):
            at = at + 1 if at in self._repeated else self._step(at)
        if before_table:
            self._is_aside = False

    def _page_titles(self, heads: Sequence[int]) -> frozenset[int]:
        """Lines above a later page's head, or at a later page's top, that stand above the first too."""
        lines = self._lines
        first = {line.compact for line in lines[: heads[0]]} if heads else set()
        repeated: set[int] = set()
        for head in heads[1:]:
            at = head - 1
            while at >= 0 and (lines[at].compact in first or is_page_number(lines[at].compact)):
                repeated.add(at)
                at -= 1
        at_top = False
        for at in range(1, len(lines)):
            at_top = lines[at].page != lines[at - 1].page or at_top
            at_top = at_top and lines[at].compact in first
            if at_top:
                repeated.add(at)
        return frozenset(repeated)

    def leave(self) -> None:
        """A table was read: lines after it are of no cell until a heading says so."""
        self._section = None
        self.title = None
        self._column = ReportColumn.INSTRUMENT
        self._signed = True

    def _step(self, at: int) -> int:
        """Read what begins at a line; where the next thing begins."""
        if head := self._head(at):
            columns, at = head
            self._columns = columns
            self.flow.has_head = True
            self._signed = False
            self._after_head(at)
            return at
        if title := self._title(at):
            self.title, at = title
            if not self._is_aside:
                self._open(self.title)
            return at
        self._take(self._lines[at], at)
        return at + 1

    def _head(self, at: int) -> tuple[tuple[ReportColumn, ...], int] | None:
        """The columns of a head that begins at a line, and where it ends."""
        if not may_begin_head(self._lines[at].compact):
            return None
        compact = ""
        found = None
        for end in range(at, min(at + MAX_HEAD_LINES, len(self._lines))):
            compact += self._lines[end].compact
            if columns := head_columns(compact):
                found = columns, end + 1
        return found

    def _title(self, at: int) -> tuple[Instrument, int] | None:
        """The instrument that a heading names at a line, and where the heading ends."""
        first = self._lines[at]
        if is_indicator_title(first.compact) and (
            found := self._indicators.instrument(first.compact.rstrip(":："))
        ):
            return found, at + 1
        if item_number(first.text) not in (None, 1, 2, 3) or begins_with_dash(first.text):
            return None
        compact = ""
        title = None
        for end in range(at, min(at + MAX_TITLE_LINES, len(self._lines))):
            compact += self._lines[end].compact
            if instrument := title_instrument(compact):
                title = instrument, end + 1
        if title is None:
            return None
        is_here = self._section is not None and self._section.instrument is title[0]
        just_headed = self._column is ReportColumn.INSTRUMENT
        if is_here and not just_headed:  # "… ในแบบวัด OIT" cut before แบบวัด
            return None
        return title if just_headed or not self._has_blanks or first.after_blank else None

    def _open(self, instrument: Instrument) -> None:
        self._section = self.flow.section(instrument)
        self._column = self._next_column(ReportColumn.INSTRUMENT)
        self._signed = False

    def _after_head(self, at: int) -> None:
        """A new page: of the same instrument where no title follows."""
        self._column = ReportColumn.INSTRUMENT
        if self._section and at < len(self._lines) and not self._title(at):
            self._column = self._next_column(ReportColumn.INSTRUMENT)

    def _next_column(self, column: ReportColumn) -> ReportColumn:
        """The column whose cell stands below that of another one."""
        order = [c for c in self._columns if c not in (ReportColumn.SEQ, ReportColumn.INDICATOR)]
        if column not in order:
            return order[0] if order[0] is not ReportColumn.INSTRUMENT else order[1]
        at = order.index(column) + 1
        return order[at] if at < len(order) else column

    def _take(self, line: FlowLine, at: int) -> None:
        """One line of a cell."""
        section = self._section
        if self._is_furniture(line, at):
            return
        if section is None or self._is_aside:
            if self.flow.sections or self.title:
                self._put_aside(line)
            else:
                self.flow.before.append(line)
            return
        if self._signed or _SIGNATURE.match(line.compact):
            self._signed = True
            self._put_aside(line)
            return
        if labelled := self._labelled(line):
            column, rest = labelled
            self._column = column
            self._is_labelled |= column in (ReportColumn.MEASURES, ReportColumn.RESULTS)
            if rest.text.strip():
                self._add(section, column, rest, starts=True)
            return
        self._column = self._column_of(section, line, at)
        self._add(section, self._column, line.line, starts=False)

    def _is_furniture(self, line: FlowLine, at: int) -> bool:
        """Rules, page numbers, and what stands above each page's head as above the first."""
        if is_decoration(line.text) and not begins_with_dash(line.text):
            return True
        rest = self._lines[at + 1] if at + 1 < len(self._lines) else None
        at_edge = rest is None or rest.page != line.page or bool(self._head(at + 1))
        starts_page = at > 0 and self._lines[at - 1].page != line.page
        marked = not line.compact.isdigit()
        return is_page_number(line.compact) and (at_edge or starts_page or marked) and at > 0

    def _put_aside(self, line: FlowLine) -> None:
        """A line of no column; an empty line parts it from those before it."""
        if line.after_blank or not self.flow.unplaced:
            self.flow.unplaced.append([])
        self.flow.unplaced[-1].append(line.line)

    def _labelled(self, line: FlowLine) -> tuple[ReportColumn, MendedLine] | None:
        """The column that a line names, and what stands behind the name: "ผู้รับผิดชอบ: กองคลัง"."""
        if self.flow.has_head:
            return None
        text = without_marker(line.line)
        name, mark, _rest = text.text.partition(":")
        if mark and (column := label_column("".join(name.split()))):
            return column, text.without(0, len(name) + 1)
        if column := label_column(text.compact):
            return column, text.without(0, len(text.text))
        first = _FIRST_WORD.match(text.text)
        column = label_column(first[0].strip()) if first else None
        is_label = column in _LABELS_WITHOUT_COLON or (
            column is ReportColumn.OUTCOME and self._is_labelled and text is line.line
        )
        if first and column and is_label:
            return column, text.without(0, first.end())
        return None

    def _column_of(self, section: InstrumentSection, line: FlowLine, at: int) -> ReportColumn:
        """The column to which a line belongs, from the one before it and how it begins."""
        column = self._column
        if self._is_labelled:
            return column
        if column in _GROUP:
            return self._column_after_responsible(section, line)
        if self._begins_group(at):
            return ReportColumn.PERIOD if is_period(line.compact) else ReportColumn.RESPONSIBLE
        if column is ReportColumn.MEASURES and self._begins_results(section, line):
            return self._next_column(column)
        if (
            column in (ReportColumn.MEASURES, ReportColumn.RESULTS)
            and self._next_column(column) is ReportColumn.OUTCOME
            and section.items(column)
            and line.after_blank
            and item_number(line.text) is None
            and not begins_with_dash(line.text)
        ):
            return ReportColumn.OUTCOME
        return column

    def _begins_group(self, at: int) -> bool:
        """Whether divisions or a period begin at a line, of which none was read in this column's row."""
        order = [column for column in self._columns if column in (*_GROUP, self._column)]
        is_before = not order or order[-1] is not self._column
        if self._column is ReportColumn.OUTCOME and not is_before:
            return False
        if (
            ReportColumn.PERIOD in self._columns
            and is_before
            and is_period(self._lines[at].compact)
        ):
            return self._lines[at].after_blank or not self._has_blanks
        return self._begins_responsible(at)

    def _begins_results(self, section: InstrumentSection, line: FlowLine) -> bool:
        if not section.measures or ReportColumn.RESULTS not in self._columns:
            return False
        number = item_number(line.text)
        if number == 1:
            return True
        fresh = line.after_blank or not self._has_blanks
        return begins_with_dash(line.text) and fresh

    def _begins_responsible(self, at: int) -> bool:
        """Whether divisions begin at a line: several of them, or one with a period below it."""
        line = self._lines[at]
        if not begins_division(line.compact) or begins_with_dash(line.text):
            return False
        if self._has_blanks and not line.after_blank:
            return False
        if not self._has_blanks and self._goes_on(at):
            return False
        seen = 0
        for follower in self._lines[at : at + MAX_DIVISIONS]:
            compact = follower.compact
            if is_word_before_period(compact) or is_period(compact):
                return True
            if begins_with_dash(follower.text):
                return False
            if begins_division(compact):
                seen += 1
            elif not continues_division(compact):
                break
        return seen > 1

    def _goes_on(self, at: int) -> bool:
        """Whether a line goes on with the one before it, which lacks the space that a paragraph's last
        line has in this text."""
        return at > 0 and self._keeps_ends and not self._lines[at - 1].text.endswith(" ")

    def _column_after_responsible(self, section: InstrumentSection, line: FlowLine) -> ReportColumn:
        compact = line.compact
        if is_word_before_period(compact) or is_period(compact):
            return ReportColumn.PERIOD
        was_division = self._column in (ReportColumn.RESPONSIBLE, ReportColumn.DIVISIONS)
        if was_division and (
            begins_division(compact)
            or (section.divisions and not line.after_blank and continues_division(compact))
        ):
            return self._column
        if was_division and not section.divisions:
            return self._column
        if not section.divisions and begins_division(compact):
            return ReportColumn.DIVISIONS
        return self._column_after_group()

    def _column_after_group(self) -> ReportColumn:
        """The column whose cell stands below divisions and period."""
        last = max((n for n, c in enumerate(self._columns) if c in _GROUP), default=-1)
        below = (c for c in self._columns[last + 1 :] if c in _TEXTS)
        return next(below, ReportColumn.OUTCOME) if last >= 0 else ReportColumn.OUTCOME

    def _add(
        self, section: InstrumentSection, column: ReportColumn, line: MendedLine, starts: bool
    ) -> None:
        compact = line.compact
        if column is ReportColumn.RESPONSIBLE:
            column = ReportColumn.PERIOD if is_period(compact) else ReportColumn.DIVISIONS
        if column is ReportColumn.PERIOD and is_word_before_period(compact):
            return
        if column in (ReportColumn.MEASURES, ReportColumn.RESULTS):
            self._add_item(section, column, line, starts)
        elif column is ReportColumn.DIVISIONS:
            goes_on = section.divisions and not begins_division(compact)
            if goes_on and continues_division(compact):
                section.divisions[-1].append(line)
            else:
                section.divisions.append([without_marker(line)])
        elif column in (ReportColumn.PERIOD, ReportColumn.OUTCOME):
            items = section.items(column)
            if starts or not items:
                items.append([])
            items[-1].append(line)
        else:
            self.flow.unplaced.append([line])

    def _add_item(
        self, section: InstrumentSection, column: ReportColumn, line: MendedLine, starts: bool
    ) -> None:
        """A line of measures or results: a new item where its number counts on, or it has the mark
        that the first one has."""
        items = section.items(column)
        marks = self._marks.setdefault(id(items), ListMarks())
        if items and marks.begins(line.text):
            if marks.skips:
                section.doubts.append((column, line.text.strip(), "numbers"))
        elif starts or not items:
            marks.begin(line.text)
        else:
            items[-1].append(line)
            return
        items.append([without_marker(line)])


def flow_lines(lines: Sequence[tuple[MendedLine, int]]) -> Iterator[FlowLine]:
    """Lines with their pages, empty ones left out and noted on the next."""
    after_blank, last_page = True, 0
    for line, page in lines:
        if not line.text.strip():
            after_blank = True
            continue
        yield FlowLine(line, page, after_blank or page != last_page)
        after_blank, last_page = False, page
