"""Drawn lines of a page as tables: where lines cross there are cells, merged where a line is missing."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ita.reports.reading.glyphs import Ruling

TOUCH = 3.0
"""Points; lines nearer than this are one line, ends nearer than this touch."""
COVERED = 0.6
"""A line parts two cells where it is drawn along so much of their common edge."""
OPEN_SIDE = 12.0
"""Points; so far beyond the outermost line a crossing one reaches where the table's side is open."""
MAX_LINES = 3_000
"""Joined lines of a page; more are a drawing and no tables."""
MAX_CELLS = 20_000


@dataclass(frozen=True)
class Span:
    """A cell: its first row and column, and how many of each it covers."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True)
class Grid:
    """A table's lines. xs, ys: from left to right, from top to bottom; spans: in reading order."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    spans: tuple[Span, ...]

    def at(self, x: float, y: float) -> tuple[int, int] | None:
        """The row and column of a place; None outside."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if 0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1:
            return row, column
        return None


def grids(rulings: Iterable[Ruling]) -> list[Grid]:
    """The tables that a page's lines make, from top to bottom: of two columns and more, since a frame
    around a text or a page is none."""
    lines = _joined(rulings)
    if len(lines) > MAX_LINES:
        return []
    found = [grid for group in _groups(lines) if (grid := _grid(group)) is not None]
    return sorted(found, key=lambda grid: (grid.ys[0], grid.xs[0]))


def _joined(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Lines of which pieces, or several beside each other, make one."""
    found: list[Ruling] = []
    for is_upright in (False, True):
        levels: list[list[Ruling]] = []
        for ruling in sorted(
            (r for r in rulings if r.is_upright is is_upright), key=lambda r: (r.at, r.start)
        ):
            if not levels or ruling.at - levels[-1][0].at > TOUCH:
                levels.append([])
            levels[-1].append(ruling)
        for level in levels:
            at = sum(ruling.at for ruling in level) / len(level)
            start, end = None, 0.0
            for ruling in sorted(level, key=lambda r: r.start):
                if start is not None and ruling.start - end <= TOUCH:
                    end = max(end, ruling.end)
                    continue
                if start is not None:
                    found.append(Ruling(is_upright, at, start, end))
                start, end = ruling.start, ruling.end
            if start is not None:
                found.append(Ruling(is_upright, at, start, end))
    return found


def _groups(lines: Sequence[Ruling]) -> list[list[Ruling]]:
    """Lines that hang together by crossing or touching."""
    level = [line for line in lines if not line.is_upright]
    upright = [line for line in lines if line.is_upright]
    parents = list(range(len(level) + len(upright)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    for i, line in enumerate(level):
        for j, other in enumerate(upright, start=len(level)):
            if (
                line.start - TOUCH <= other.at <= line.end + TOUCH
                and other.start - TOUCH <= line.at <= other.end + TOUCH
            ):
                parents[root(i)] = root(j)
    groups: dict[int, list[Ruling]] = defaultdict(list)
    for index, line in enumerate([*level, *upright]):
        groups[root(index)].append(line)
    return list(groups.values())


def _grid(group: Sequence[Ruling]) -> Grid | None:
    level = [line for line in group if not line.is_upright]
    upright = [line for line in group if line.is_upright]
    if not level or not upright:
        return None
    xs = _edges([line.at for line in upright], level)
    ys = _edges([line.at for line in level], upright)
    rows, columns = len(ys) - 1, len(xs) - 1
    if columns < 2 or rows < 1 or rows * columns > MAX_CELLS:
        return None
    parts_columns = _parted(upright, xs, ys)
    parts_rows = _parted(level, ys, xs)
    cells = {(r, c): {(r, c)} for r in range(rows) for c in range(columns)}

    def join(one: tuple[int, int], other: tuple[int, int]) -> None:
        first, second = cells[one], cells[other]
        if first is not second:
            first |= second
            for place in second:
                cells[place] = first

    for r, c in list(cells):
        if c + 1 < columns and (c + 1, r) not in parts_columns:
            join((r, c), (r, c + 1))
        if r + 1 < rows and (r + 1, c) not in parts_rows:
            join((r, c), (r + 1, c))
    spans = _spans(cells)
    return Grid(tuple(xs), tuple(ys), tuple(spans)) if len(spans) > 1 else None


def _edges(levels: list[float], crossing: Sequence[Ruling]) -> list[float]:
    """Where lines stand, and where crossing ones end that go on to an open side."""
    found: list[float] = []
    for level in sorted(levels):
        if not found or level - found[-1] > TOUCH:
            found.append(level)
    first, last = min(line.start for line in crossing), max(line.end for line in crossing)
    if found[0] - first > OPEN_SIDE:
        found.insert(0, first)
    if last - found[-1] > OPEN_SIDE:
        found.append(last)
    return found


def _parted(
    lines: Sequence[Ruling], across: Sequence[float], along: Sequence[float]
) -> set[tuple[int, int]]:
    """(which line, between which crossing lines): the edges of cells along which a line is drawn."""
    drawn: dict[tuple[int, int], float] = defaultdict(float)
    for line in lines:
        which = min(range(len(across)), key=lambda n: abs(across[n] - line.at))
        for n, (start, end) in enumerate(pairwise(along)):
            shared = min(end, line.end) - max(start, line.start)
            if shared > 0:
                drawn[which, n] += shared / (end - start)
    return {edge for edge, share in drawn.items() if share >= COVERED}


def _spans(cells: dict[tuple[int, int], set[tuple[int, int]]]) -> list[Span]:
    """Each cell once, a joined one that is no rectangle by its rows."""
    found: list[Span] = []
    done: set[int] = set()
    for group in cells.values():
        if id(group) in done:
            continue
        done.add(id(group))
        found += _rectangles(group)
    return sorted(found, key=lambda span: (span.row, span.column))


def _rectangles(group: set[tuple[int, int]]) -> list[Span]:
    rows = sorted({row for row, _ in group})
    columns = sorted({column for _, column in group})
    if len(rows) * len(columns) == len(group):
        return [Span(rows[0], columns[0], len(rows), len(columns))]
    found = []
    for row in rows:
        run: list[int] = []
        for column in sorted(c for r, c in group if r == row):
            if run and column != run[-1] + 1:
                found.append(Span(row, run[0], 1, len(run)))
                run = []
            run.append(column)
        found.append(Span(row, run[0], 1, len(run)))
    return found
