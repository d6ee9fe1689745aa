"""A PDF as text with places: pages apart into tables and lines, and joined again over the pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ita.reports.reading.column_gaps import GapTable, gap_tables
from ita.reports.reading.drawn_lines import (
    Cluster,
    DrawnLine,
    clusters_of,
    drawn_lines,
)
from ita.reports.reading.errors import UnreadableDocument
from ita.reports.reading.glyphs import PageContent
from ita.reports.reading.grids import Grid, Span, grids
from ita.reports.reading.layout import Layout, TextCell, TextLine
from ita.reports.reading.page_joining import PageLayout, PageTable, joined_pages
from ita.reports.reading.pdf_pages import pdf_pages
from ita.reports.reading.read_limits import ReadLimits

BODY = 0.3
"""Of the letters' size above the baseline: where a letter stands, for the cell that it is in."""


def read_pdf(content: bytes, limits: ReadLimits) -> Layout:
    """
    Raises:
        UnreadableDocument: encrypted, damaged, too large, without text.
    """
    pages: list[PageLayout] = []
    glyphs = images = 0
    for page in pdf_pages(content, limits.pages):
        glyphs += sum(not glyph.text.isspace() for glyph in page.glyphs)
        images += page.images
        if glyphs > limits.characters:
            raise UnreadableDocument("too-complex", page=page.number)
        pages.append(page_layout(page))
    if glyphs == 0 or (images and glyphs < limits.scan_characters * len(pages)):
        raise UnreadableDocument("scan" if images else "no-text")
    return joined_pages(pages)


def page_layout(page: PageContent) -> PageLayout:
    """A page's tables and lines from top to bottom."""
    clusters = clusters_of(glyph for glyph in page.glyphs if glyph.is_upright)
    strange = clusters_of(glyph for glyph in page.glyphs if not glyph.is_upright)
    tables: list[tuple[float, TextLine | PageTable]] = []
    for grid in grids(page.rulings):
        inside = [c for c in clusters if grid.at(*_spot(c)) is not None]
        table = _ruled_table(grid, inside, page.number)
        if table is None:
            continue
        tables.append((grid.ys[0], table))
        clusters = [c for c in clusters if grid.at(*_spot(c)) is None]
    lines = drawn_lines(clusters)
    tops = sorted(top for top, _ in tables)
    blocks = list(tables)
    for part in _parts(lines, tops):
        blocks += _blocks(part, page.number)
    blocks.sort(key=lambda pair: pair[0])
    # Stamps and watermarks stand behind all else, for nothing is lost.
    across = [c.text for c in strange if c.text.strip()]
    stamp = [TextLine("".join(across), page.number, None)] if across else []
    return PageLayout(
        page.number, page.width, page.height, (*(block for _, block in blocks), *stamp)
    )


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


def _ruled_table(grid: Grid, clusters: Iterable[Cluster], page: int) -> PageTable | None:
    """None where hardly a cell has a text: the lines are a drawing's."""
    owner = {
        (span.row + down, span.column + across): (span.row, span.column)
        for span in grid.spans
        for down in range(span.rows)
        for across in range(span.columns)
    }
    inside: dict[tuple[int, int], list[Cluster]] = {}
    for cluster in clusters:
        place = grid.at(*_spot(cluster))
        if place is not None:
            inside.setdefault(owner[place], []).append(cluster)
    cells = {
        place: tuple(line.whole().line(page) for line in drawn_lines(mine))
        for place, mine in inside.items()
    }
    if sum(bool(lines) for lines in cells.values()) < 2:
        return None
    return PageTable(_rows(grid.spans, cells), grid.xs, page, ruled=True)


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
