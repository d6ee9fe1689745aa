"""The text of a document with its places: what each reader of a file format makes and structure reads."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """A rectangle of a page, in points from the page's upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class TextLine:
    """A line of text as it is drawn. page: counts from 1. box: None where the format has no places.

    A blank at the text's end stands so in the file: the line was broken at a space.
    """

    text: str
    page: int
    box: Box | None
    bold: bool = False


@dataclass(frozen=True)
class TextCell:
    """A cell of a table with its lines; the spans count the columns and rows that it covers."""

    lines: tuple[TextLine, ...]
    column_span: int = 1
    row_span: int = 1


@dataclass(frozen=True)
class TextTable:
    """A table of a page. ruled: drawn lines made its cells; else gaps between the words did."""

    rows: tuple[tuple[TextCell, ...], ...]
    page: int
    ruled: bool

    @property
    def lines(self) -> Iterator[TextLine]:
        """Those of its cells, row by row."""
        return (line for row in self.rows for cell in row for line in cell.lines)


def cells_by_column(
    rows: Iterable[Sequence[TextCell]], max_columns: int
) -> Iterator[dict[int, tuple[TextCell, bool]]]:
    """Each row's cells by the column that they begin in, each with whether it only goes on from the
    row above; no cell beyond so many columns."""
    below: dict[int, tuple[TextCell, int]] = {}
    for cells in rows:
        row: dict[int, tuple[TextCell, bool]] = {}
        begun: dict[int, tuple[TextCell, int]] = {}
        waiting = deque(cells)
        column = 0
        while (waiting or column in below) and column < max_columns:
            goes_on = column in below
            if goes_on:
                cell, rows_left = below.pop(column)
            else:
                cell = waiting.popleft()
                rows_left = cell.row_span
            row[column] = (cell, goes_on)
            if rows_left > 1:
                begun[column] = (cell, rows_left - 1)
            column += cell.column_span
        below |= begun
        yield row


@dataclass(frozen=True)
class Layout:
    """A whole document in reading order. kind: "pdf", "docx", "html" or "text".

    margins: what is not of the text: page numbers, heads from their second page on, feet, stamps.
    recognised: pages whose text was read off a picture, by OCR. unread: pages that are pictures.
    """

    blocks: tuple[TextLine | TextTable, ...]
    pages: int
    kind: str
    margins: tuple[TextLine, ...] = ()
    recognised: frozenset[int] = frozenset()
    unread: tuple[int, ...] = ()


def lines_of(block: TextLine | TextTable) -> Iterator[TextLine]:
    """The lines of a block of a layout."""
    return iter((block,)) if isinstance(block, TextLine) else block.lines
