"""A PDF as text with places: pages apart into tables and lines, and joined again over the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ita.reports.reading.column_gaps import GapTable, gap_tables
from ita.reports.reading.drawn_lines import (
    Cluster,
    DrawnLine,
    clusters_of,
    drawn_lines,
)
from ita.reports.reading.errors import ReadLimits, UnreadableDocument
from ita.reports.reading.glyphs import Glyph, PageContent, turned_box, upright
from ita.reports.reading.grids import Grid, Span, grids
from ita.reports.reading.layout import Box, Layout, TextCell, TextLine
from ita.reports.reading.ocr import recognised_pages
from ita.reports.reading.page_joining import PageLayout, PageTable, joined_pages
from ita.reports.reading.pdf_pages import pdf_pages

Place = tuple[int, int]
BODY = 0.3
"""Of the letters' size above the baseline: where a letter stands, for the cell that it is in."""


PICTURED = 0.3
"""Of a page's area: a picture that covers more is the page itself, a smaller one a crest or a stamp."""
MIN_CORNERS = 1_500
"""Of what is drawn in lines: so many beside no text are letters as outlines."""


def read_pdf(content: bytes, limits: ReadLimits, ocr: bool = False) -> Layout:
    """
    Args:
        content: of the file.
        limits: of what is read.
        ocr: whether pages that are pictures are read by OCR; else they are named in the layout.

    Raises:
        UnreadableDocument: encrypted, damaged, too large, without text.
    """
    pages: list[PageLayout] = []
    turned: dict[int, PageContent] = {}
    recognised: set[int] = set()
    unread: list[int] = []
    letters = images = 0
    for page in pdf_pages(content, limits.pages):
        count = sum(not glyph.text.isspace() for glyph in page.glyphs)
        letters += count
        images += page.images
        if letters > limits.characters:
            raise UnreadableDocument("too-complex", page=page.number)
        if count < limits.scan_characters and _is_picture(page):
            unread.append(page.number)
        if page.is_recognised:
            recognised.add(page.number)
        if page.turned:
            turned[page.number] = replace(page, glyphs=(), rulings=())
        pages.append(page_layout(page))
    if ocr and unread:
        for page in recognised_pages(content, unread, limits):
            pages[page.number - 1] = page_layout(page)
            turned.pop(page.number, None)
            recognised.add(page.number)
        if not any(page.blocks for page in pages):
            raise UnreadableDocument("ocr-no-text")
        unread = []
    elif letters == 0 or (images and letters < limits.scan_characters * len(pages)):
        raise UnreadableDocument("scan" if images or unread else "no-text")
    layout = joined_pages(pages)
    layout = replace(layout, recognised=frozenset(recognised), unread=tuple(unread))
    return _as_shown(layout, turned) if turned else layout


def _is_picture(page: PageContent) -> bool:
    """Whether a page without text shows one all the same."""
    return page.pictured >= PICTURED or page.corners >= MIN_CORNERS


def _as_shown(layout: Layout, turned: Mapping[int, PageContent]) -> Layout:
    """With the boxes of pages that were turned to be read where they stand on the page as it is shown."""

    def shown(line: TextLine) -> TextLine:
        page, box = turned.get(line.page), line.box
        if page is None or box is None:
            return line
        edges = (box.left, box.top, box.right, box.bottom)
        return replace(line, box=Box(*turned_box(edges, 4 - page.turned, page.width, page.height)))

    def shown_cell(cell: TextCell) -> TextCell:
        return replace(cell, lines=tuple(map(shown, cell.lines)))

    blocks = tuple(
        shown(block)
        if isinstance(block, TextLine)
        else replace(block, rows=tuple(tuple(map(shown_cell, row)) for row in block.rows))
        for block in layout.blocks
    )
    return replace(layout, blocks=blocks, margins=tuple(map(shown, layout.margins)))


MIN_EDGES_OF_A_REST = 3


def page_layout(page: PageContent) -> PageLayout:
    """A page's tables and lines from top to bottom."""
    clusters = clusters_of(glyph for glyph in page.glyphs if glyph.turn == 0)
    sideways = [glyph for glyph in page.glyphs if glyph.turn]
    tables: list[tuple[float, TextLine | PageTable]] = []
    for grid in grids(page.rulings):
        places = [grid.at(*_spot(cluster)) for cluster in clusters]
        beside = [grid.at(*_center(glyph)) for glyph in sideways]
        table = _ruled_table(
            grid,
            [(c, place) for c, place in zip(clusters, places, strict=True) if place],
            [(g, place) for g, place in zip(sideways, beside, strict=True) if place],
            page,
        )
        if table is None:
            continue
        tables.append((grid.ys[0], table))
        clusters = [c for c, place in zip(clusters, places, strict=True) if place is None]
        sideways = [g for g, place in zip(sideways, beside, strict=True) if place is None]
    lines = drawn_lines(clusters)
    tops = sorted(top for top, _ in tables)
    blocks = list(tables)
    for part in _parts(lines, tops):
        blocks += _blocks(part, page.number)
    blocks.sort(key=lambda pair: pair[0])
    slanted = [glyph.text for glyph in page.glyphs if glyph.turn is None]
    stamps = list(_sideways_lines(sideways, page))
    if any(map(str.strip, slanted)):
        stamps.append(TextLine("".join(slanted), page.number, None))
    return PageLayout(
        page.number,
        page.width,
        page.height,
        tuple(block for _, block in blocks),
        tuple(stamps),
    )


def _sideways_lines(glyphs: Sequence[Glyph], page: PageContent) -> Iterable[TextLine]:
    """Text that is drawn on its side, each line in the box of all of it."""
    if not glyphs:
        return
    box = Box(
        round(min(glyph.left for glyph in glyphs), 1),
        round(min(glyph.top for glyph in glyphs), 1),
        round(max(glyph.right for glyph in glyphs), 1),
        round(max(glyph.bottom for glyph in glyphs), 1),
    )
    for turn in sorted({glyph.turn or 0 for glyph in glyphs}):
        turned = (upright(g, page.width, page.height) for g in glyphs if g.turn == turn)
        for line in drawn_lines(clusters_of(turned)):
            yield replace(line.whole().line(page.number), box=box)


def _center(glyph: Glyph) -> tuple[float, float]:
    return glyph.middle, (glyph.top + glyph.bottom) / 2


def _spot(cluster: Cluster) -> tuple[float, float]:
    return cluster.base.middle, cluster.base.baseline - BODY * cluster.base.size


def _parts(lines: Sequence[DrawnLine], tops: Sequence[float]) -> Iterable[list[DrawnLine]]:
    """Lines above, between and below the tables."""
    part: list[DrawnLine] = []
    passed = 0
    for line in lines:
        above = sum(top < line.baseline for top in tops)
        if part and above != passed:
            yield part
            part = []
        passed = above
        part.append(line)
    if part:
        yield part


def _blocks(lines: Sequence[DrawnLine], page: int) -> Iterable[tuple[float, TextLine | PageTable]]:
    """Lines of a part, with the tables that gaps make."""
    at = 0
    for table in gap_tables(lines):
        yield from ((line.baseline, line.whole().line(page)) for line in lines[at : table.start])
        yield lines[table.start].baseline, _gap_table(table, page)
        at = table.end
    yield from ((line.baseline, line.whole().line(page)) for line in lines[at:])


def _gap_table(table: GapTable, page: int) -> PageTable:
    cells = {
        place: tuple(piece.line(page) for piece in pieces) for place, pieces in table.pieces.items()
    }
    return PageTable(_rows(table.spans, cells), table.edges, page, ruled=False)


def _ruled_table(
    grid: Grid,
    clusters: Iterable[tuple[Cluster, Place]],
    sideways: Iterable[tuple[Glyph, Place]],
    page: PageContent,
) -> PageTable | None:
    """None where hardly a cell has a text: the lines are a drawing's.

    clusters: with the row and column in which each stands; sideways: texts on their side.
    """
    owner = {
        (span.row + down, span.column + right): (span.row, span.column)
        for span in grid.spans
        for down in range(span.rows)
        for right in range(span.columns)
    }
    inside: dict[Place, list[Cluster]] = {}
    for cluster, place in clusters:
        inside.setdefault(owner[place], []).append(cluster)
    cells = {
        place: tuple(line.whole().line(page.number) for line in drawn_lines(mine))
        for place, mine in inside.items()
    }
    beside: dict[Place, list[Glyph]] = {}
    for glyph, place in sideways:
        beside.setdefault(owner[place], []).append(glyph)
    for place, glyphs in beside.items():
        cells[place] = (*cells.get(place, ()), *_sideways_lines(glyphs, page))
    filled = sum(bool(lines) for lines in cells.values())
    # Of a row that a page broke, one cell may go on alone.
    if filled < (1 if len(grid.xs) > MIN_EDGES_OF_A_REST else 2):
        return None
    return PageTable(_rows(grid.spans, cells), grid.xs, page.number, ruled=True)


def _rows(
    spans: Iterable[Span], cells: dict[tuple[int, int], tuple[TextLine, ...]]
) -> tuple[tuple[TextCell, ...], ...]:
    rows: dict[int, list[TextCell]] = {}
    for span in spans:
        lines = cells.get((span.row, span.column), ())
        for row in range(span.row + 1):
            rows.setdefault(row, [])
        rows[span.row].append(TextCell(lines, span.columns, span.rows))
    return tuple(tuple(rows[row]) for row in sorted(rows))
