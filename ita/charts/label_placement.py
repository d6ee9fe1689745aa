"""Places the labels of a line chart on paper so that they cover as little as possible.

Positions and heights are those of `ita.charts.typst_figures`: category indexes and shares of the value
axis. gap is the height of a label in shares, count the number of categories.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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
            yield from (
                (position, axis.share(value), 1) for position, value in points_between(run, 16)
            )


def points_between(run: Sequence[Dot], steps: int) -> Iterator[tuple[float, float]]:
    """Position and value of points of a line between its dots; steps: from each dot to the next."""
    for left, right in pairwise(run):
        for share in (step / steps for step in range(1, steps)):
            yield (
                left.position + (right.position - left.position) * share,
                left.value + (right.value - left.value) * share,
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
