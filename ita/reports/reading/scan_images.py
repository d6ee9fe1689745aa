"""The picture of a scanned page: set straight, its drawn lines found, its cells cut out for the OCR."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ita.reports.reading.glyphs import Ruling
from ita.reports.reading.grids import Grid, grids

Gray: TypeAlias = npt.NDArray[np.uint8]
"""Levels of a picture's pixels, by row and column; 255 is white."""
_Ink: TypeAlias = npt.NDArray[np.bool_]

DARK = 0.65
"""Of the paper's level: what is darker is ink."""
MAX_SKEW, SKEW_STEP = 3.0, 0.25
"""Degrees; a page that lies more askew is none that somebody scanned to be read."""
_SKEW_WIDTH = 600
MIN_LINE = 20.0
"""Points; no stroke of a letter is as long."""
MAX_LINE_WIDTH = 3.0
_FILLED = 0.93
"""Of a line's pixels at least so many are ink, however the scanner broke it."""
MAX_RUNS = 40_000
"""Of ink along the rows of a page; more are a photograph."""
_INSET = 1.5
"""Points between a drawn line's middle and a cell's text, at least."""
_MARGIN = 24
"""Pixels of white around each cut, by which the OCR tells lines apart."""
MAX_STRIP_HEIGHT = 30_000
"""Pixels; Tesseract takes 32,767."""


@dataclass(frozen=True)
class Cut:
    """A part of a page's picture. left, top: of its first pixel on the page."""

    picture: Gray
    left: int
    top: int


@dataclass(frozen=True)
class Strip:
    """Cuts of a page below each other, as one column of text."""

    picture: Gray
    cuts: tuple[Cut, ...]
    tops: tuple[int, ...]

    def on_page(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of the strip stands on the page, in pixels."""
        number = max(bisect_right(self.tops, y) - 1, 0)
        cut = self.cuts[number]
        return x - _MARGIN + cut.left, y - self.tops[number] + cut.top


def straightened(picture: Gray) -> Gray:
    """A page's picture turned so that its lines run level."""
    angle = _skew(picture)
    return _turned(picture, angle) if angle else picture


def _turned(picture: Gray, angle: float) -> Gray:
    from PIL import Image

    image: Any = Image.fromarray(picture)
    turned = image.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
    return np.asarray(turned, dtype=np.uint8)


def _skew(picture: Gray) -> float:
    """Degrees by which a page must be turned: where its rows of pixels differ most, they are lines."""
    step = max(1, picture.shape[1] // _SKEW_WIDTH)
    small = picture[: picture.shape[0] // step * step, : picture.shape[1] // step * step]
    small = small.reshape(small.shape[0] // step, step, -1, step).min(axis=(1, 3))
    if not small.size:
        return 0.0
    ink = np.where(_ink(small), 0, 255).astype(np.uint8)

    def sharpness(angle: float) -> float:
        rows = (_turned(ink, angle) < 128).sum(axis=1)
        return float(((rows[1:] - rows[:-1]) ** 2).sum())

    straight = sharpness(0.0)
    steps = int(MAX_SKEW / SKEW_STEP)
    angles = [n * SKEW_STEP for n in range(-steps, steps + 1) if n]
    best = max(angles, key=sharpness)
    return best if sharpness(best) > straight * 1.1 else 0.0


def _ink(picture: Gray) -> _Ink:
    paper = float(np.percentile(picture, 90))
    dark: _Ink = picture < DARK * paper
    return dark


def ruled_lines(picture: Gray, scale: float) -> list[Ruling]:
    """The lines of tables on a page's picture, in points. scale: pixels a point."""
    ink = _ink(picture)
    level = [Ruling(False, *(v / scale for v in run)) for run in _runs(ink, scale)]
    upright = [Ruling(True, *(v / scale for v in run)) for run in _runs(ink.T, scale)]
    return level + upright


def _runs(ink: _Ink, scale: float) -> list[tuple[int, int, int]]:
    """(row, first, end) of each run of ink along the rows that is long and thin enough for a line."""
    length, width = int(MIN_LINE * scale), int(MAX_LINE_WIDTH * scale) + 1
    if ink.shape[1] <= length or ink.shape[0] <= 2 * width:
        return []
    # What goes on on both sides of a row is a filled shape.
    thin = ink.copy()
    thin[width:-width] &= ~(ink[: -2 * width] & ink[2 * width :])
    sums = np.zeros((ink.shape[0], ink.shape[1] + 1), dtype=np.int32)
    np.cumsum(thin, axis=1, out=sums[:, 1:])
    starts = sums[:, length:] - sums[:, :-length] >= _FILLED * length
    rows, ends = np.nonzero(np.diff(starts, axis=1, prepend=False, append=False))
    if len(rows) > 2 * MAX_RUNS:
        return []
    return [
        (int(row), int(first), int(end) + length - 1)
        for row, first, end in zip(rows[::2], ends[::2], ends[1::2], strict=True)
    ]


def page_strips(picture: Gray, tables: Sequence[Grid], scale: float) -> tuple[Gray, list[Strip]]:
    """What stands outside the tables of a page, as a picture, and their cells as strips."""
    outside = picture.copy()
    cuts: list[Cut] = []
    ink = _ink(picture)
    for table in tables:
        for span in table.spans:
            left, right = table.xs[span.column], table.xs[span.column + span.columns]
            top, bottom = table.ys[span.row], table.ys[span.row + span.rows]
            box = [int(edge * scale) for edge in (left, top, right, bottom)]
            inset = int(_INSET * scale)
            cut = _cut(
                picture, ink, [box[0] + inset, box[1] + inset, box[2] - inset, box[3] - inset]
            )
            if cut is not None:
                cuts.append(cut)
        box = [int(e * scale) for e in (table.xs[0], table.ys[0], table.xs[-1], table.ys[-1])]
        edge = int(MAX_LINE_WIDTH * scale)
        outside[max(box[1] - edge, 0) : box[3] + edge, max(box[0] - edge, 0) : box[2] + edge] = 255
    return outside, [*_strips(cuts)]


def _cut(picture: Gray, ink: _Ink, box: Sequence[int]) -> Cut | None:
    """A cell's ink; None where it has hardly any."""
    left, top, right, bottom = (max(edge, 0) for edge in box)
    inside = ink[top:bottom, left:right]
    rows, columns = np.nonzero(inside.sum(axis=1) > 0)[0], np.nonzero(inside.sum(axis=0) > 0)[0]
    if len(rows) < 4 or len(columns) < 4:
        return None
    top, bottom = top + int(rows[0]), top + int(rows[-1]) + 1
    left, right = left + int(columns[0]), left + int(columns[-1]) + 1
    inside_levels = picture[top:bottom, left:right]
    # A shaded head is set on white as the other cells are.
    paper = max(float(np.percentile(inside_levels, 90)), 1.0)
    lit = np.minimum(inside_levels * (255 / paper), 255).astype(np.uint8)
    return Cut(lit, left, top)


def _strips(cuts: Sequence[Cut]) -> Iterator[Strip]:
    group: list[Cut] = []
    height = _MARGIN
    for cut in cuts:
        more = cut.picture.shape[0] + 2 * _MARGIN
        if group and height + more > MAX_STRIP_HEIGHT:
            yield _strip(group)
            group, height = [], _MARGIN
        group.append(cut)
        height += more
    if group:
        yield _strip(group)


def _strip(cuts: Sequence[Cut]) -> Strip:
    width = max(cut.picture.shape[1] for cut in cuts) + 2 * _MARGIN
    height = sum(cut.picture.shape[0] + 2 * _MARGIN for cut in cuts)
    picture = np.full((height, width), 255, dtype=np.uint8)
    tops = []
    top = _MARGIN
    for cut in cuts:
        tall, wide = cut.picture.shape
        picture[top : top + tall, _MARGIN : _MARGIN + wide] = cut.picture
        tops.append(top)
        top += tall + 2 * _MARGIN
    return Strip(picture, tuple(cuts), tuple(tops))


def page_tables(rulings: Sequence[Ruling]) -> list[Grid]:
    """The tables of a scanned page; a box around two words is none."""
    return [grid for grid in grids(rulings) if len(grid.spans) >= 4]
