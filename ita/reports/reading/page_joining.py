"""Pages put together: tables that go on, heads and feet that come again, page numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ita.reports.reading.headings import title_instrument
from ita.reports.reading.layout import Layout, TextCell, TextLine, TextTable, cells_by_column

EDGE_LINES = 3
"""So many lines at either end of a page may be its head or foot."""
HEAD = 0.13
"""Of the page's height: how far from its edge a head or foot stands."""
SAME_PLACE = 6.0
"""Points; columns and heads stand as far from each other at most to be the same on two pages."""
MAX_HEADER_ROWS = 4
WIDE = 0.7
"""Of a column's width: so far reaches the last line of a cell that a page broke."""
FULL = 1.2
"""Of a line's height: as near to the end of its row a cell that goes on is full."""
_DIGITS = re.compile(r"[\d๐-๙]+")
_PAGE_NUMBER = re.compile(
    r"[-–—(\[|]?\s*+(?:(?:หน้า(?:ที่)?|page|p\.)\s*+)?[\d๐-๙]{1,4}\s*+"
    r"(?:(?:จาก|ของ|of|/|-)\s*+[\d๐-๙]{1,4}\s*+)?[-–—)\]|]?",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"[\d๐-๙]{1,3}[.)]?")
_ITEM = re.compile(r"(?:([\d๐-๙]{1,3})[.)]|[-–•])")
_CONTINUED = re.compile(r".*\(\s*ต่อ\s*\)\s*")


@dataclass(frozen=True)
class PageTable:
    """A table of one page. edges: between its columns, in points from the left."""

    rows: tuple[tuple[TextCell, ...], ...]
    edges: tuple[float, ...]
    page: int
    ruled: bool


@dataclass(frozen=True)
class PageLayout:
    """A page from top to bottom. stamps: what is drawn across the direction of its text."""

    number: int
    width: float
    height: float
    blocks: tuple[TextLine | PageTable, ...]
    stamps: tuple[TextLine, ...] = ()


def joined_pages(pages: Sequence[PageLayout]) -> Layout:
    """The document of its pages, each told apart from its head and foot."""
    margins = _margins(pages)
    blocks: list[TextLine | PageTable] = []
    beside: list[TextLine] = []
    page_before: int | None = None
    for page in pages:
        body = [b for b in page.blocks if not (isinstance(b, TextLine) and id(b) in margins)]
        beside += [b for b in page.blocks if isinstance(b, TextLine) and id(b) in margins]
        beside += page.stamps
        if body:
            first, last = body[0], blocks[-1] if blocks else None
            if (
                isinstance(first, PageTable)
                and isinstance(last, PageTable)
                and page_before is not None
                and _goes_on(last, first)
            ):
                blocks[-1] = _joined(last, first)
                body = body[1:]
        blocks += body
        page_before = page.number
    return Layout(
        tuple(_text_table(b) if isinstance(b, PageTable) else b for b in blocks),
        len(pages),
        "pdf",
        tuple(beside),
    )


def _text_table(table: PageTable) -> TextTable:
    return TextTable(table.rows, table.page, table.ruled)


def _margins(pages: Sequence[PageLayout]) -> set[int]:
    """Lines, by identity, that are a head or foot: page numbers, what says that something goes on, and
    what stands at the same place of several pages; a head's first time may be the title, and stays."""
    found: set[int] = set()
    seen: dict[tuple[str, bool], list[TextLine]] = defaultdict(list)
    for page in pages:
        for line, is_head in _edge_lines(page):
            text = line.text.strip()
            if _PAGE_NUMBER.fullmatch(text) or (is_head and _CONTINUED.fullmatch(text)):
                found.add(id(line))
            else:
                seen[_DIGITS.sub("#", re.sub(r"\s+", "", text)), is_head].append(line)
    for (_text, is_head), lines in seen.items():
        again = {id(line) for line in lines if any(_is_same_place(line, other) for other in lines)}
        found |= again - ({id(lines[0])} if is_head else set())
    return found


def _edge_lines(page: PageLayout) -> list[tuple[TextLine, bool]]:
    """Lines at the page's ends with whether they stand at its head."""
    lines = [b for b in page.blocks if isinstance(b, TextLine) and b.box]
    found = []
    for line in lines[:EDGE_LINES]:
        if line.box and line.box.top <= HEAD * page.height:
            found.append((line, True))
    for line in lines[-EDGE_LINES:]:
        if line.box and line.box.bottom >= (1 - HEAD) * page.height:
            found.append((line, False))
    return found


def _is_same_place(one: TextLine, other: TextLine) -> bool:
    if one is other or not one.box or not other.box:
        return False
    return one.page != other.page and abs(one.box.top - other.box.top) <= SAME_PLACE


def _goes_on(before: PageTable, after: PageTable) -> bool:
    """Whether a table is the rest of one on the page before: of the same columns."""
    return (
        before.ruled == after.ruled
        and len(before.edges) == len(after.edges)
        and all(abs(a - b) <= SAME_PLACE for a, b in zip(before.edges, after.edges, strict=True))
    )


def _joined(before: PageTable, after: PageTable) -> PageTable:
    rows = after.rows[_repeated(before, after) :]
    head = before.rows
    if rows and head:
        rest = rows[0] if _is_rest(before, rows[0]) else _inner_rest(before, rows[0])
        if rest:
            head = (*head[:-1], _with_rest(head[-1], rest))
            rows = rows[1:]
    return replace(before, rows=(*head, *rows), edges=after.edges)


def _repeated(before: PageTable, after: PageTable) -> int:
    """How many rows at the top of a table repeat the part before: its header, and the heading across
    the whole table under which its last row stands."""
    count = 0
    for one, other in zip(before.rows[:MAX_HEADER_ROWS], after.rows, strict=False):
        if _row_text(one) != _row_text(other) or not any(_row_text(one)):
            break
        count += 1
    headings = [row for row in before.rows[count:] if len(row) == 1]
    if headings and count < len(after.rows) and len(after.rows[count]) == 1:
        count += _row_text(after.rows[count]) == _row_text(headings[-1])
    return count


def _row_text(row: Sequence[TextCell]) -> tuple[str, ...]:
    return tuple(cell_text(cell) for cell in row)


def cell_text(cell: TextCell) -> str:
    """A cell's text without any blanks, to be compared."""
    return re.sub(r"\s+", "", "".join(line.text for line in cell.lines))


def _is_rest(before: PageTable, row: Sequence[TextCell]) -> bool:
    """Whether a page's first row is the rest of the last row of the page before, which was broken.

    It has the same cells, and its first one is empty, in a column where no cell goes over several
    rows; or each cell that goes on was full to the end of the page, and one begins as no row begins.
    """
    last = before.rows[-1]
    if (
        len(row) != len(last)
        or len(row) < 2
        or [cell.column_span for cell in row] != [cell.column_span for cell in last]
        or any(cell.row_span > 1 for cell in last)
        or not any(map(cell_text, row))
        or any(_begins_instrument(past, cell) for past, cell in zip(last, row, strict=True))
    ):
        return False
    if not cell_text(row[0]):
        return all(r[0].row_span == 1 for r in (*before.rows[-MAX_HEADER_ROWS:], row) if r)
    if _ORDINAL.fullmatch(cell_text(row[0])):
        return False
    goes_on = all(
        not cell_text(cell) or _is_full(past, last) for cell, past in zip(row, last, strict=True)
    )
    return goes_on and any(
        _begins_otherwise(cell, number, before)
        for number, cell in enumerate(row)
        if cell_text(cell)
    )


def _begins_instrument(past: TextCell, cell: TextCell) -> bool:
    """Whether a cell names an instrument, and not the rest of a name that the cell before began."""
    named = title_instrument(cell_text(cell))
    whole = cell_text(past) + cell_text(cell)
    return named is not None and not (cell_text(past) and title_instrument(whole) is named)


def _inner_rest(before: PageTable, row: Sequence[TextCell]) -> tuple[TextCell, ...] | None:
    """The cells of a page's first row that go on with those of the last row of the page before, where
    cells from the rows above reach down beside these; None where it is a row of its own.

    A row of its own may look the same: a cell that goes on filled its last line.
    """
    last = before.rows[-1]
    *_, last_row = cells_by_column(before.rows, len(before.edges) - 1)
    columns = [column for column, (_, goes_on) in last_row.items() if not goes_on]
    if len(columns) != len(last) or not len(columns) < len(row) == len(before.edges) - 1:
        return None
    if any(cell.column_span > 1 for cell in (*row, *last)):
        return None
    if any(cell_text(cell) for at, cell in enumerate(row) if at not in columns):
        return None
    rest = tuple(row[at] for at in columns)
    goes_on = any(map(cell_text, rest)) and all(
        not cell_text(cell) or (_is_full(past, last) and _is_wide(past, before, at))
        for cell, past, at in zip(rest, last, columns, strict=True)
    )
    return rest if goes_on else None


def _is_wide(cell: TextCell, table: PageTable, column: int) -> bool:
    """Whether a cell's last line reaches about as far as its column is wide."""
    box = cell.lines[-1].box if cell.lines else None
    if box is None:
        return False
    left, right = table.edges[column], table.edges[column + 1]
    return box.right - left >= WIDE * (right - left)


def _is_full(cell: TextCell, row: Sequence[TextCell]) -> bool:
    """Whether a cell's text reaches as far down as that of any cell of its row."""
    ends = {id(c): c.lines[-1].box for c in row if c.lines and c.lines[-1].box}
    box = ends.get(id(cell))
    if box is None:
        return False
    lowest = max(end.bottom for end in ends.values() if end)
    return lowest - box.bottom < FULL * (box.bottom - box.top)


def _begins_otherwise(cell: TextCell, column: int, table: PageTable) -> bool:
    """Whether all rows of a table begin alike in a column, and a cell does not begin so."""
    beginnings = {
        _beginning(cell_text(row[column]))
        for row in table.rows[1:]
        if len(row) > column and len(row) == len(table.rows[-1]) and cell_text(row[column])
    }
    return len(beginnings) == 1 and _beginning(cell_text(cell)) not in beginnings


def _beginning(text: str) -> str:
    """How a cell begins: with the first number, with another, with a dash, or its first letters."""
    if item := _ITEM.match(text):
        return item[1] or "-"
    return text[:4]


def _with_rest(row: Sequence[TextCell], rest: Sequence[TextCell]) -> tuple[TextCell, ...]:
    """A row and its rest on the next page, where its cells go on over as many rows as they do there."""
    return tuple(
        replace(cell, lines=cell.lines + more.lines, row_span=max(cell.row_span, more.row_span))
        for cell, more in zip(row, rest, strict=True)
    )
