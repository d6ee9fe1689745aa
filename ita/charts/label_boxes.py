"""Places the labels of a line chart on a screen so that they cover nothing.

Boxes are in pixels of the narrowest screen, y upwards, for the width of a screen is not known: a label
keeps its distance in pixels from its dot, so on a wider screen, where dots are farther apart, what was
free stays free.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ita.charts.label_placement import spread_within_axis

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
