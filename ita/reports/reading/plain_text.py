"""Text as it was pasted, or taken out of a document: lines, pages by form feeds, tables by tabs or spaces."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from ita.reports.reading.drawn_lines import is_mark
from ita.reports.reading.glyphs import Glyph, PageContent
from ita.reports.reading.headings import label_column
from ita.reports.reading.layout import Layout, TextCell, TextLine, TextTable
from ita.reports.reading.page_joining import cell_text, joined_pages
from ita.reports.reading.pdf import page_layout

_LINE_ENDS = re.compile("\r\n?|[\x0b\x85\u2028\u2029]")
_MIN_TABS = 2
"""Tabs of a line that make it a row of a table."""
_WIDE_GAP = re.compile(r"\S {2,}(?=\S)")
_MIN_WIDE_GAPS = 6
_MIN_SPACES = 2
"""Columns from a word's last letter to the next one's first where one space is between."""
_MIN_BEGUN = 3
"""Lines in which a word begins after a wide gap make a column."""
_SLIP, _ROOM = 6, 4
_REACH = 0.7
"""Of the runs of words before a column: where more reach into it, it is an indent within a cell."""
_ITEM_MARK = re.compile(r"\(?[\d๐-๙]{1,2}[.)]|[-–•]")
_MIN_NAMED = 3
"""Columns that a head names, where spaces may part them by chance."""
_COLUMN, _SIZE, _LINE_STEP = 3.0, 6.0, 7.2
"""Points of a page on which a text is set: between columns, of its letters, between lines."""


def read_plain_text(text: str) -> Layout:
    """A text as blocks in its order. Empty lines stay: they stand between the cells of a column.

    Rows with tabs, as spreadsheets and word processors put them on the clipboard, are tables; so are columns
    that spaces set side by side, as `pdftotext -layout` does, below a head of these reports.
    """
    pages = _LINE_ENDS.sub("\n", text.replace("\x1a", "")).split("\f")
    if side_by_side := _side_by_side(pages):
        return side_by_side
    blocks = [block for page, part in enumerate(pages, 1) for block in _blocks(part, page)]
    return Layout(tuple(blocks), len(pages), "text")


def _blocks(text: str, page: int) -> Iterator[TextLine | TextTable]:
    lines = text.split("\n")
    if any(line.count("\t") >= _MIN_TABS for line in lines):
        yield from _with_tables(text, page)
        return
    for line in lines:
        yield TextLine(line, page, None)


def _with_tables(text: str, page: int) -> Iterator[TextLine | TextTable]:
    """A cell with several lines stands in quotes, as in a CSV."""
    table: list[list[str]] = []
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter="\t"))
    except csv.Error:  # a cell of more than 128 kB
        rows = [line.split("\t") for line in text.split("\n")]
    for row in rows:
        if len(row) > _MIN_TABS or (table and len(row) > 1):
            table.append(row)
            continue
        yield from _table(table, page)
        table = []
        for line in "\t".join(row).split("\n"):
            yield TextLine(line, page, None)
    yield from _table(table, page)


def _table(rows: Sequence[Sequence[str]], page: int) -> Iterator[TextTable]:
    if not rows:
        return
    yield TextTable(
        tuple(
            tuple(
                TextCell(tuple(TextLine(line, page, None) for line in cell.split("\n")))
                for cell in row
            )
            for row in rows
        ),
        page,
        ruled=True,
    )


def _side_by_side(pages: Sequence[str]) -> Layout | None:
    """A text as a page on which each character has its column; None where no table's head comes of it.

    Some programs count Thai marks as columns, others do not: where fewer columns come of it, it is right.
    """
    if sum(len(_WIDE_GAP.findall(page)) for page in pages) < _MIN_WIDE_GAPS:
        return None
    are_wide = min((False, True), key=lambda wide: _count_columns(pages, wide))
    typed = (_typed_page(page, number, are_wide) for number, page in enumerate(pages, 1))
    layout = joined_pages([page_layout(page) for page in typed])
    return replace(layout, kind="text") if _named_columns(layout) >= _MIN_NAMED else None


def _count_columns(pages: Sequence[str], are_wide: bool) -> int:
    return sum(len(_begun(_typed_lines(page, are_wide))) for page in pages)


def _named_columns(layout: Layout) -> int:
    """How many columns the heads of a text's tables name."""
    tables = [block for block in layout.blocks if isinstance(block, TextTable)]
    return sum(
        max(sum(label_column(cell_text(cell)) is not None for cell in row) for row in table.rows)
        for table in tables
        if table.rows
    )


def _typed_page(text: str, number: int, are_wide: bool) -> PageContent:
    """A page of letters of one width, its columns set anew with room enough.

    are_wide: whether a mark takes a column as a letter does.
    """
    lines = _typed_lines(text, are_wide)
    columns = _columns(lines)
    runs = [*_runs_of_lines(lines, columns)]
    longest = dict.fromkeys(columns, 0)
    for run in (run for line in runs if line[1:] for run in line):
        column = _column_of(run, columns)
        longest[column] = max(longest[column], run[-1][-1][0] - column + 1)
    starts = accumulate((longest[column] + _ROOM for column in columns), initial=0)
    moved = dict(zip(columns, starts, strict=False))
    glyphs: list[Glyph] = []
    width = 0
    for row, line in enumerate(runs, 1):
        for run in line:
            column = _column_of(run, columns)
            shift = moved[column] - column
            for n, word in enumerate(run):
                if n:
                    glyphs.append(_typed(" ", word[0][0] - 1 + shift, row * _LINE_STEP))
                glyphs += (_typed(sign, at + shift, row * _LINE_STEP) for at, sign in word)
            width = max(width, run[-1][-1][0] + shift)
    size = ((width + 1) * _COLUMN, (len(lines) + 1) * _LINE_STEP)
    return PageContent(number, *size, tuple(glyphs), ())


def _typed(sign: str, column: int, baseline: float) -> Glyph:
    left = column * _COLUMN
    return Glyph(sign, left, baseline - _SIZE, left + _COLUMN, baseline, baseline, _SIZE)


_Word = list[tuple[int, str]]
"""The characters of a word, each with its column."""


def _typed_words(line: str, are_wide: bool) -> list[_Word]:
    words: list[_Word] = []
    column = 0
    is_new = True
    for sign in line:
        if sign == " ":
            is_new = True
            column += 1
            continue
        if is_new:
            words.append([])
        stays = is_mark(sign) and not is_new and not are_wide
        words[-1].append((column - stays, sign))
        column += not stays
        is_new = False
    return words


_Run = list[_Word]
"""Words with one space between."""


def _typed_lines(text: str, are_wide: bool) -> list[list[_Word]]:
    return [_typed_words(line.expandtabs(), are_wide) for line in text.split("\n")]


def _runs(words: Sequence[_Word]) -> list[_Run]:
    runs: list[_Run] = []
    for word in words:
        if runs and word[0][0] - runs[-1][-1][-1][0] <= _MIN_SPACES:
            runs[-1].append(word)
        else:
            runs.append([word])
    return runs


def _begun(lines: Sequence[Sequence[_Word]]) -> Counter[int]:
    """In how many lines a run of words begins at a column."""
    return Counter(run[0][0][0] for words in lines for run in _runs(words))


def _columns(lines: Sequence[Sequence[_Word]]) -> list[int]:
    """The columns in which cells begin: several runs do, and hardly a cell before reaches into it."""
    begun = _begun(lines)
    every = [run for words in lines for run in _runs(words) if words[0][0][0] or len(words) > 1]
    columns = [0]
    for column in sorted(c for c, count in begun.items() if count >= _MIN_BEGUN and c):
        before = [run for run in every if columns[-1] <= run[0][0][0] < column]
        across = sum(run[-1][-1][0] >= column - 1 for run in before)
        if across <= _REACH * len(before):
            columns.append(column)
    return columns


def _column_of(run: _Run, columns: Sequence[int]) -> int:
    """The column that a run of words begins in, or a little before."""
    start = run[0][0][0]
    return next((c for c in reversed(columns) if c <= start + 1), 0)


def _runs_of_lines(
    lines: Sequence[Sequence[_Word]], columns: Sequence[int]
) -> Iterator[list[_Run]]:
    """The runs of each line, those of a table within its columns.

    A program that counts wide and narrow letters alike runs out of room where a cell is full: one space
    parts it from the next, which begins a little before its column.
    """
    in_table = False
    for words in lines:
        runs = _runs(words)
        # A single run that begins at the left is a title's, or text's, where no table stands above it.
        in_table = bool(runs) and (in_table or len(runs) > 1 or runs[0][0][0][0] > 0)
        yield [part for run in runs for part in _parted(run, columns)] if in_table else runs


def _is_item_mark(word: _Word) -> bool:
    return _ITEM_MARK.fullmatch("".join(sign for _, sign in word)) is not None


def _parted(run: _Run, columns: Sequence[int]) -> list[_Run]:
    for column in reversed(columns):
        if not run[0][0][0] + 1 < column <= run[-1][-1][0]:
            continue
        fitting = [n for n, w in enumerate(run) if n and column - _SLIP <= w[0][0] <= column]
        if not fitting:
            continue
        at = fitting[-1]
        if run[at][-1][0] < column and not _is_item_mark(run[at]):
            continue
        while at > 1 and _is_item_mark(run[at - 1]):
            at -= 1
        shift = max(column - run[at][0][0], 0)
        moved = [[(start + shift, sign) for start, sign in word] for word in run[at:]]
        return [*_parted(run[:at], columns), moved]
    return [run]
