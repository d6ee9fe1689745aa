"""Tables without drawn lines: columns are where the lines of a page leave the same gap free."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ita.reports.reading.drawn_lines import Cluster, DrawnLine, Piece, piece_of
from ita.reports.reading.grids import Span

MIN_GAP = 0.45
"""Of the letters' size: the least width of a gap that parts columns, where all lines leave it free."""
MIN_LINES = 4
"""Lines in several pieces that a table of two columns has at least; of more columns it may be 2."""
MIN_LINES_OF_MORE = 2
FAR = 3.5
"""Times the usual distance of lines: what stands further below is not of the table."""
ROW_STEP = 1.4
"""Times the usual distance of lines: what stands further below begins a row."""
WIDE = 0.55
"""Of the table's width: a single piece that is wider says nothing on columns."""
MOST = 0.7
"""Of the lines have all columns where each is a row."""
_MARK = re.compile(r"[\d๐-๙]{1,3}\s*[.)]|[-–•]")
_ORDINAL = re.compile(r"[\d๐-๙]{1,3}\s*[.)]?")
_FIRST_ITEM = re.compile(r"[1๑]\s*[.)]")


@dataclass(frozen=True)
class GapTable:
    """lines: from which to which of the lines that were given, the end not included. pieces: by cell.

    edges: between the columns, from left to right, with the outer ones.
    """

    start: int
    end: int
    edges: tuple[float, ...]
    spans: tuple[Span, ...]
    pieces: dict[tuple[int, int], tuple[Piece, ...]]


def gap_tables(lines: Sequence[DrawnLine]) -> list[GapTable]:
    """The tables among lines of one column of a page, from top to bottom."""
    found: list[GapTable] = []
    for start, end in _runs(lines):
        table = _table(lines, start, end)
        if table:
            found.append(table)
    return found


def _runs(lines: Sequence[DrawnLine]) -> list[tuple[int, int]]:
    """Stretches that begin and end with lines in several pieces, and leave no wide space between."""
    parted = [n for n, line in enumerate(lines) if len(line.pieces) > 1]
    runs: list[tuple[int, int]] = []
    step = _step(lines)
    for number in parted:
        near = bool(runs) and _is_close(lines, runs[-1][1] - 1, number, step)
        if near:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return [_extended(lines, start, end, step) for start, end in runs]


def _is_close(lines: Sequence[DrawnLine], last: int, number: int, step: float) -> bool:
    """Whether the lines between go on without a wide space or a paragraph."""
    between = lines[last : number + 1]
    gaps = [b.baseline - a.baseline for a, b in pairwise(between)]
    return max(gaps, default=0) <= FAR * step


def _extended(lines: Sequence[DrawnLine], start: int, end: int, step: float) -> tuple[int, int]:
    """With the lines above and below that go on in one of the columns alone."""
    left = min(line.left for line in lines[start:end])
    right = max(line.right for line in lines[start:end])

    def fits(line: DrawnLine, other: DrawnLine) -> bool:
        return (
            abs(line.baseline - other.baseline) <= ROW_STEP * step
            and line.right - line.left <= WIDE * (right - left)
            and line.right <= right + line.size
            and line.left >= left - line.size
        )

    while end < len(lines) and fits(lines[end], lines[end - 1]):
        end += 1
    while start and fits(lines[start - 1], lines[start]):
        start -= 1
    return start, end


def _step(lines: Sequence[DrawnLine]) -> float:
    """The usual distance of lines."""
    steps = [b.baseline - a.baseline for a, b in pairwise(lines)]
    size = median(line.size for line in lines) if lines else 12.0
    usual = [step for step in steps if step > size / 2]
    return median(usual) if usual else 1.3 * size


def _table(lines: Sequence[DrawnLine], start: int, end: int) -> GapTable | None:
    mine = lines[start:end]
    gaps = _free_gaps(mine)
    if not gaps:
        return None
    left = min(line.left for line in mine)
    right = max(line.right for line in mine)
    edges = _without_marks(mine, (left, *((a + b) / 2 for a, b in gaps), right))
    mine = [_parted(line, edges) for line in mine]
    parted = sum(len(_by_column(line, edges)) > 1 for line in mine)
    if parted < (MIN_LINES if len(edges) == 3 else MIN_LINES_OF_MORE):
        return None
    spans, pieces = _cells(mine, edges)
    firsts = [pieces for (_, column), pieces in pieces.items() if column == 0]
    if max(span.row for span in spans) < 1 or (len(edges) == 3 and all(map(_is_mark, firsts))):
        # Numbers or dashes before texts are a list.
        return None
    return GapTable(start, end, edges, tuple(spans), pieces)


def _without_marks(lines: Sequence[DrawnLine], edges: tuple[float, ...]) -> tuple[float, ...]:
    """Edges without those between a list's numbers or dashes and its texts, below a heading over both."""
    marks: dict[int, list[str]] = {}
    for line in (_parted(line, edges) for line in lines):
        for piece in line.pieces:
            first, last = _column(piece, edges)
            if first == last:
                marks.setdefault(first, []).append(piece.text.strip())
    lists = {
        column
        for column, texts in marks.items()
        if column and column + 2 < len(edges) and all(map(_MARK.fullmatch, texts))
    }
    return tuple(edge for n, edge in enumerate(edges) if n - 1 not in lists or n == 0)


def _free_gaps(lines: Sequence[DrawnLine]) -> list[tuple[float, float]]:
    """Where none of the lines has a letter, but for those that go across the whole table."""
    left = min(line.left for line in lines)
    right = max(line.right for line in lines)
    size = median(line.size for line in lines)
    taken = sorted(
        (chunk[0].base.left, chunk[-1].right)
        for line in lines
        for piece in line.pieces
        if len(line.pieces) > 1 or piece.right - piece.left <= WIDE * (right - left)
        for chunk in _chunks(piece)
    )
    found: list[tuple[float, float]] = []
    reach = left
    for start, end in taken:
        if start - reach >= MIN_GAP * size:
            found.append((reach, start))
        reach = max(reach, end)
    return found


def _chunks(piece: Piece) -> Iterator[list[Cluster]]:
    """Runs of letters between gaps that may part columns."""
    chunk: list[Cluster] = []
    for cluster in piece.clusters:
        if cluster.base.text.isspace():
            continue
        if chunk and cluster.base.left - chunk[-1].right >= MIN_GAP * piece.size:
            yield chunk
            chunk = []
        chunk.append(cluster)
    if chunk:
        yield chunk


def _parted(line: DrawnLine, edges: Sequence[float]) -> DrawnLine:
    """A line whose pieces are parted where they leave the gap between two columns free."""
    pieces: list[Piece] = []
    for piece in line.pieces:
        part: list[Cluster] = []
        for cluster in piece.clusters:
            if part and not cluster.base.text.isspace() and _is_parted(part, cluster, piece, edges):
                pieces.append(piece_of(part))
                part = []
            part.append(cluster)
        pieces.append(piece_of(part))
    return DrawnLine(line.baseline, tuple(pieces))


def _is_parted(
    part: Sequence[Cluster], cluster: Cluster, piece: Piece, edges: Sequence[float]
) -> bool:
    last = next((c for c in reversed(part) if not c.base.text.isspace()), None)
    if last is None or cluster.base.left - last.right < MIN_GAP * piece.size:
        return False
    return any(last.right <= edge <= cluster.base.left for edge in edges[1:-1])


def _by_column(line: DrawnLine, edges: Sequence[float]) -> dict[int, list[Piece]]:
    found: dict[int, list[Piece]] = {}
    for piece in line.pieces:
        found.setdefault(_column(piece, edges)[0], []).append(piece)
    return found


def _column(piece: Piece, edges: Sequence[float]) -> tuple[int, int]:
    """The first and last column that a piece covers."""
    inner = edges[1:-1]
    return sum(edge <= piece.left for edge in inner), sum(edge < piece.right for edge in inner)


def _cells(
    lines: Sequence[DrawnLine], edges: Sequence[float]
) -> tuple[list[Span], dict[tuple[int, int], tuple[Piece, ...]]]:
    columns = len(edges) - 1
    rows: list[list[DrawnLine]] = []
    starts = _row_starts(lines, edges)
    for number, line in enumerate(lines):
        if number in starts or not rows:
            rows.append([])
        rows[-1].append(line)
    spans: list[Span] = []
    cells: dict[tuple[int, int], tuple[Piece, ...]] = {}
    for number, row in enumerate(rows):
        placed: dict[int, list[Piece]] = {}
        reach: dict[int, int] = {}
        for line in row:
            for piece in line.pieces:
                first, last = _column(piece, edges)
                placed.setdefault(first, []).append(piece)
                reach[first] = max(reach.get(first, first), last)
        column = 0
        while column < columns:
            last = reach.get(column, column)
            # A cell goes across where nothing stands beside its long line.
            while last > column and any(n in placed for n in range(column + 1, last + 1)):
                last -= 1
            spans.append(Span(number, column, 1, last - column + 1))
            cells[number, column] = tuple(placed.get(column, ()))
            column = last + 1
    return spans, cells


def _row_starts(lines: Sequence[DrawnLine], edges: Sequence[float]) -> set[int]:
    """Lines with which a row begins: after a wider space; where the first column begins anew, at a
    number or beside a list that begins; at each line where nearly all have all columns."""
    columns = [_by_column(line, edges) for line in lines]
    steps = [b.baseline - a.baseline for a, b in pairwise(lines)]
    size = median(line.size for line in lines)
    usual = max(min(steps, default=0.0), size)
    apart = [n for n, step in enumerate(steps, start=1) if step > ROW_STEP * usual]
    full = sum(len(found) == len(edges) - 1 for found in columns)
    if full >= MOST * len(lines):
        return set(range(len(lines)))
    bands = [*pairwise([0, *apart, len(lines)])]
    named = [start for start, end in bands if any(0 in found for found in columns[start:end])]
    if len(named) == len(bands) > 1 and not any(_is_many(columns[a:b]) for a, b in bands):
        # Each stretch between wider spaces is a row, wherever in its height the first cell's text is.
        return set(named)
    found = set(named)
    for number, now in enumerate(columns):
        before = columns[number - 1] if number else {}
        crosses = any(_column(p, edges)[0] != _column(p, edges)[1] for p in lines[number].pieces)
        if not number or crosses:
            found.add(number)
            if crosses:
                found.add(number + 1)
        elif 0 in now:
            begins_anew = 0 not in before and len(now) > 1
            counts_anew = any(
                _FIRST_ITEM.match(pieces[0].text) for column, pieces in now.items() if column
            )
            if begins_anew or counts_anew or _is_ordinal(now[0]):
                found.add(number)
    return found


def _is_many(columns: Sequence[dict[int, list[Piece]]]) -> bool:
    """Whether a stretch holds several rows: its first column is named, empty and named again, or counts."""
    named = [0 in found for found in columns]
    again = sum(now and not before for before, now in pairwise([False, *named]))
    return again > 1 or sum(_is_ordinal(found[0]) for found in columns if 0 in found) > 1


def _is_mark(pieces: Sequence[Piece]) -> bool:
    text = "".join(piece.text for piece in pieces).strip()
    return not text or _MARK.fullmatch(text) is not None


def _is_ordinal(pieces: Sequence[Piece]) -> bool:
    return _ORDINAL.fullmatch("".join(piece.text for piece in pieces).strip()) is not None
