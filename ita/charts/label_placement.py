"""Places the labels of a line chart so that they cover as little as possible.

On paper positions and heights are those of `ita.charts.typst_figures`: category indexes and shares of
the value axis; gap is the height of a label in shares, count the number of categories. On a screen, whose
width is not known, they are pixels of the narrowest one: a label keeps its distance in pixels from its
dot, so on a wider screen, where dots are farther apart, what was free stays free.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeAlias
from unicodedata import category

from ita.charts.values import Dot, Line, spread_labels

# What all charts on paper share: the value axis, and texts and colours for the typst template.

# Letters of the name of a reference line, and of another label; a longer one is shortened.
MAX_NAME_LENGTH, MAX_LABEL_LENGTH = 60, 120
MUTED_COLOR = "#5B6770"
TypstData: TypeAlias = dict[str, Any]


def printable_text(text: str) -> str:
    """A text without what can't be printed: control characters and lone surrogates."""
    encodable = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(" " if category(letter) == "Cc" else letter for letter in encodable)


def shorten(text: str, max_length: int = MAX_LABEL_LENGTH) -> str:
    printable = printable_text(text)
    return printable if len(printable) <= max_length else f"{printable[: max_length - 1]}…"


def typst_color(text: str) -> str:
    """A Plotly colour, "#RRGGBB" or "rgba(r,g,b,a)", as typst's; unknown ones grey."""
    if re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        return text
    if match := re.fullmatch(r"rgba?\((\d+),\s*(\d+),\s*(\d+)(?:,\s*([\d.]+))?\)", text):
        red, green, blue, alpha = match.groups(default="1")
        parts = (int(red), int(green), int(blue), round(float(alpha) * 255))
        return "#" + "".join(f"{min(part, 255):02X}" for part in parts)
    return MUTED_COLOR


@dataclass(frozen=True)
class Axis:
    """The range of values that is shown; it always includes every value."""

    low: float
    high: float

    def share(self, value: float) -> float:
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    def ticks(self, count: int) -> list[TypstData]:
        """About `count` round values within the axis, with their texts."""
        rough = (self.high - self.low) / count
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        values = [round(number * step, 9) for number in range(first, last + 1)]
        return [{"at": self.share(v), "text": f"{v:,.15g}".replace("-", "−")} for v in values]


def fit_axis(low: float, high: float, values: Iterable[float]) -> Axis:
    finite = [value for value in values if math.isfinite(value)]
    low, high = min([low, *finite]), max([high, *finite])
    return Axis(low, high) if high > low else Axis(low - 1, high + 1)


# About how wide a letter is, in shares of the chart's width.
LETTER_WIDTH = 0.0115
# About half the width of a score written at its dot, likewise.
HALF_VALUE_WIDTH = 0.027
# Beyond so many categories labels moved sideways would run into their neighbours.
MAX_SHIFTED_CATEGORIES = 10
# How much worse it is to cover a mark than a sixteenth of a line between two.
MARK_WEIGHT = 6
# Position, height and weight of a point that should not be covered.
Obstacle: TypeAlias = tuple[float, float, int]
Obstacles: TypeAlias = Sequence[Obstacle]


def line_obstacles(lines: Sequence[Line], axis: Axis) -> Iterator[Obstacle]:
    for line in lines:
        for run in line.runs:
            yield from ((dot.position, axis.share(dot.value), MARK_WEIGHT) for dot in run)
            for left, right in pairwise(run):
                for part in (part / 16 for part in range(1, 16)):
                    value = left.value + (right.value - left.value) * part
                    yield (
                        left.position + (right.position - left.position) * part,
                        axis.share(value),
                        1,
                    )


def _overlap(obstacles: Obstacles, left: float, right: float, low: float, high: float) -> int:
    return sum(
        w
        for position, height, w in obstacles
        if left <= position <= right and low <= height <= high
    )


def choose_label_offset(
    dot: Dot, height: float, obstacles: Obstacles, gap: float, count: int
) -> tuple[float, bool]:
    """Sideways shift of a dot's label, in categories, and whether it is below the dot.

    Chooses what covers least; on a tie, the side that the chart says, unshifted.
    """
    half = HALF_VALUE_WIDTH * count
    shifts = (0.0, 1.4 * half, -1.4 * half) if count <= MAX_SHIFTED_CATEGORIES else (0.0,)
    sides = [below for below in (dot.below, not dot.below) if height >= 1.3 * gap or not below]

    def overlap(offset: tuple[float, bool]) -> int:
        middle, below = dot.position + offset[0], offset[1]
        low, high = _label_range(height, below, gap)
        # A label beside its dot is a little harder to read as its own.
        return _overlap(obstacles, middle - half, middle + half, low, high) + 2 * bool(offset[0])

    return min(((shift, below) for shift in shifts for below in sides), key=overlap)


def _label_range(height: float, below: bool, gap: float) -> tuple[float, float]:
    """The low and the high end of a label at a dot."""
    return (
        (height - 1.35 * gap, height - 0.3 * gap)
        if below
        else (height + 0.3 * gap, height + 1.35 * gap)
    )


def value_obstacles(
    middle: float, height: float, below: bool, gap: float, count: int
) -> Iterator[Obstacle]:
    """A value written at a dot: its corners, the middles of its sides and its centre."""
    low, high = _label_range(height, below, gap)
    half = HALF_VALUE_WIDTH * count
    for position in (middle - half, middle, middle + half):
        yield from ((position, share, MARK_WEIGHT) for share in (low, (low + high) / 2, high))


def choose_name_position(
    names: Sequence[str],
    height: float,
    ends: tuple[float, float],
    obstacles: Obstacles,
    gap: float,
    count: int,
) -> tuple[str, float, bool]:
    """The name of a reference line that fits, where it starts, and whether it is below the line.

    The first of the names, each shorter than the one before, that covers nothing; else the one that
    covers least.
    """
    candidates = [
        (name, *_best_name_position(name, height, ends, obstacles, gap, count)) for name in names
    ]
    name, start, below, _ = min(candidates, key=lambda candidate: candidate[3])
    return name, start, below


def _best_name_position(
    name: str,
    height: float,
    ends: tuple[float, float],
    obstacles: Obstacles,
    gap: float,
    count: int,
) -> tuple[float, bool, int]:
    """Start, side and overlap of a name: as far left as it covers nothing, above rather than below."""
    left, right = ends
    width = count * LETTER_WIDTH * sum(category(letter) != "Mn" for letter in name)
    starts = [left + part / 4 for part in range(max(1, math.ceil(4 * (right - left - width))))]

    def overlap(candidate: tuple[float, bool]) -> int:
        low, high = (height - 1.2 * gap, height) if candidate[1] else (height, height + 1.2 * gap)
        return _overlap(obstacles, candidate[0] - 0.1, candidate[0] + width + 0.1, low, high)

    best = min(((start, below) for below in (False, True) for start in starts), key=overlap)
    return (*best, overlap(best))


def avoid_lines(
    labels: list[float], position: float, width: float, obstacles: Obstacles, gap: float
) -> list[float]:
    """Labels inside the chart, moved up or down to where the fewest lines run."""

    def overlap(shift: float) -> int:
        low, high = min(labels) + shift - gap / 2, max(labels) + shift + gap / 2
        outside = 99 if low < 0 or high > 1 else 0
        return outside + _overlap(obstacles, position + 0.1, position + 0.3 + width, low, high)

    best = min((0.0, gap, -gap, 2 * gap, -2 * gap), key=overlap)
    return [height + best for height in labels]


def spread_within_axis(positions: Sequence[float], gap: float) -> list[float]:
    """Heights of labels, spread apart and clamped to the axis."""
    spread = spread_labels(positions, gap)
    clamped = list(spread)
    for rank, index in enumerate(sorted(range(len(spread)), key=lambda index: spread[index])):
        above = len(spread) - 1 - rank
        clamped[index] = max(rank * gap, min(spread[index], 1 - above * gap))
    return clamped


# On a screen: boxes in pixels, y upwards.

# Pixels that a label of the screen keeps from what is around it.
LABEL_PADDING = 3
# How many heights of a label one may stand above or below its dot, with a line between them.
MAX_LEADER_STEPS = 20


@dataclass(frozen=True)
class LabelBox:
    """anchor: the x of what the box belongs to and moves with as the screen grows."""

    left: float
    right: float
    low: float
    high: float
    anchor: float

    def overlaps(self, other: LabelBox) -> bool:
        """Whether they touch here or would on a wider screen: of two boxes side by side the one whose
        anchor is farther left must be the left one."""
        if self.high <= other.low or other.high <= self.low:
            return False
        if self.anchor < other.anchor:
            return self.right > other.left
        if self.anchor > other.anchor:
            return other.right > self.left
        return self.left < other.right and other.left < self.right

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.low <= y <= self.high


def centered_box(
    x: float, y: float, width: float, height: float, anchor: float | None = None
) -> LabelBox:
    """anchor: without one the middle."""
    left, low = x - width / 2, y - height / 2
    return LabelBox(left, left + width, low, low + height, x if anchor is None else anchor)


@dataclass
class LabelPlacer:
    """Places labels one after the other on a plot of the narrowest screen.

    Attributes:
        plot: what no label leaves.
        taken: what no label covers: marks and the labels placed before.
        lines: points that are better not covered.
    """

    plot: LabelBox
    taken: list[LabelBox]
    lines: Sequence[tuple[float, float]]

    def place(self, candidates: Iterable[LabelBox]) -> LabelBox | None:
        """The free candidate that covers least of the lines, the first on a tie; None where none is free.

        Candidates that stick out sideways are moved in.
        """
        free = [
            box
            for box in map(self._moved_in, candidates)
            if self.plot.low <= box.low
            and box.high <= self.plot.high
            and box.right <= self.plot.right + 0.001
            and box.left >= self.plot.left - 0.001
            and not any(box.overlaps(other) for other in self.taken)
        ]
        best = min(
            enumerate(free), key=lambda item: self._covered(item[1]) + 0.5 * item[0], default=None
        )
        if best is None:
            return None
        self.taken.append(best[1])
        return best[1]

    def _moved_in(self, box: LabelBox) -> LabelBox:
        shift = max(0.0, self.plot.left - box.left) or min(0.0, self.plot.right - box.right)
        return replace(box, left=box.left + shift, right=box.right + shift)

    def _covered(self, box: LabelBox) -> int:
        return sum(box.holds(x, y) for x, y in self.lines)


def spread_pixels(centers: Sequence[float], size: float, length: float) -> list[float]:
    """Middles of labels of a size along an edge, moved apart and wholly within its length."""
    room = max(length - size, 1)
    wanted = [(center - size / 2) / room for center in centers]
    return [share * room + size / 2 for share in spread_within_axis(wanted, size / room)]


def dot_label_boxes(
    dot: tuple[float, float], radius: float, size: tuple[float, float], below: bool, far: bool
) -> Iterator[LabelBox]:
    """Where the label of a dot may stand, the best first: above or below, beside, and if `far`, in steps
    away from it."""
    (x, y), (width, height) = dot, size
    near = radius + LABEL_PADDING + height / 2
    sides = (-near, near) if below else (near, -near)
    beside = radius + LABEL_PADDING + width / 2
    for shift in (0.0, width / 2 - radius, radius - width / 2):
        yield from (centered_box(x + shift, y + side, width, height, x) for side in sides)
    yield centered_box(x + beside, y, width, height, x)
    yield centered_box(x - beside, y, width, height, x)
    if far:
        for step in range(1, MAX_LEADER_STEPS):
            for shift in (beside, 0.0, -beside):
                for side in sides:
                    away = side + step * height * (1 if side > 0 else -1)
                    yield centered_box(x + shift, y + away, width, height, x)


def run_boxes(
    left: float, right: float, heights: Sequence[float], size: tuple[float, float], step: float
) -> Iterator[LabelBox]:
    """Where a name may stand along a level line: as far left as possible, at one of the heights."""
    width, height = size
    start = left
    while start + width <= right:
        yield from (
            LabelBox(start, start + width, y - height / 2, y + height / 2, start) for y in heights
        )
        start += step
