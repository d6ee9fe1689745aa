"""Where labels stand on a chart of lines on paper, so that they cover as little as can be.

Places and shares are those of `ita.charts.line_drawing`; gap is the share that a label is high,
count how many places there are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias
from unicodedata import category

from ita.charts.axis import Axis
from ita.charts.values import Dot, Line, spread_labels

LETTER = 0.0115
"""About how wide a letter is, in shares of the chart's width."""
HALF_VALUE = 0.027
"""About half the width of a score written at its dot, likewise."""
MOST_SHIFTED = 10
"""Beyond so many categories labels moved sideways would run into their neighbours."""
MARK_WEIGHT = 6
"""How much worse it is to cover a mark than a sixteenth of a line between two."""
Spot: TypeAlias = tuple[float, float, int]
"""Place, share and weight of what is not to be covered."""
Spots: TypeAlias = Sequence[Spot]


def line_spots(lines: Sequence[Line], axis: Axis) -> Iterator[Spot]:
    for line in lines:
        for run in line.runs:
            yield from ((dot.place, axis.share(dot.value), MARK_WEIGHT) for dot in run)
            for left, right in pairwise(run):
                for part in (part / 16 for part in range(1, 16)):
                    value = left.value + (right.value - left.value) * part
                    yield left.place + (right.place - left.place) * part, axis.share(value), 1


def _covered(taken: Spots, left: float, right: float, low: float, high: float) -> int:
    return sum(w for place, at, w in taken if left <= place <= right and low <= at <= high)


def label_spot(dot: Dot, at: float, taken: Spots, gap: float, count: int) -> tuple[float, bool]:
    """How far a dot's label is moved sideways, in places, and whether it stands under the dot.

    Where it covers least; where that is the same, on the side that the chart says, unmoved.
    """
    half = HALF_VALUE * count
    shifts = (0.0, 1.4 * half, -1.4 * half) if count <= MOST_SHIFTED else (0.0,)
    sides = [below for below in (dot.below, not dot.below) if at >= 1.3 * gap or not below]

    def covered(spot: tuple[float, bool]) -> int:
        middle, below = dot.place + spot[0], spot[1]
        low, high = _beside(at, below, gap)
        # A label beside its dot is a little harder to read as its own.
        return _covered(taken, middle - half, middle + half, low, high) + 2 * bool(spot[0])

    return min(((shift, below) for shift in shifts for below in sides), key=covered)


def _beside(at: float, below: bool, gap: float) -> tuple[float, float]:
    """The low and the high end of what is written at a dot."""
    return (at - 1.35 * gap, at - 0.3 * gap) if below else (at + 0.3 * gap, at + 1.35 * gap)


def value_spots(middle: float, at: float, below: bool, gap: float, count: int) -> Iterator[Spot]:
    """A score written at a dot: its corners, the middles of its sides and its own."""
    low, high = _beside(at, below, gap)
    half = HALF_VALUE * count
    for place in (middle - half, middle, middle + half):
        yield from ((place, share, MARK_WEIGHT) for share in (low, (low + high) / 2, high))


def name_spot(
    names: Sequence[str], at: float, ends: tuple[float, float], taken: Spots, gap: float, count: int
) -> tuple[str, float, bool]:
    """Which name of a level line has room, where it begins, and whether it stands under the line.

    The first of the names, each shorter than the one before, that covers nothing; else the one that
    covers least.
    """
    spots = [(name, *_name_spot(name, at, ends, taken, gap, count)) for name in names]
    name, start, below, _ = min(spots, key=lambda spot: spot[3])
    return name, start, below


def _name_spot(
    name: str, at: float, ends: tuple[float, float], taken: Spots, gap: float, count: int
) -> tuple[float, bool, int]:
    """As far left as a name covers nothing, on the line rather than under it; and what it covers."""
    left, right = ends
    wide = count * LETTER * sum(category(letter) != "Mn" for letter in name)
    starts = [left + part / 4 for part in range(max(1, math.ceil(4 * (right - left - wide))))]

    def covered(spot: tuple[float, bool]) -> int:
        low, high = (at - 1.2 * gap, at) if spot[1] else (at, at + 1.2 * gap)
        return _covered(taken, spot[0] - 0.1, spot[0] + wide + 0.1, low, high)

    best = min(((start, below) for below in (False, True) for start in starts), key=covered)
    return (*best, covered(best))


def moved_aside(
    labels: list[float], place: float, wide: float, taken: Spots, gap: float
) -> list[float]:
    """Labels in the midst of the chart, moved up or down to where the fewest lines run."""

    def covered(by: float) -> int:
        low, high = min(labels) + by - gap / 2, max(labels) + by + gap / 2
        outside = 99 if low < 0 or high > 1 else 0
        return outside + _covered(taken, place + 0.1, place + 0.3 + wide, low, high)

    best = min((0.0, gap, -gap, 2 * gap, -2 * gap), key=covered)
    return [at + best for at in labels]


def held(wanted: Sequence[float], gap: float) -> list[float]:
    """Places of labels, spread apart and held between the ends of the axis."""
    places = spread_labels(wanted, gap)
    found = list(places)
    for rank, index in enumerate(sorted(range(len(places)), key=lambda index: places[index])):
        above = len(places) - 1 - rank
        found[index] = max(rank * gap, min(places[index], 1 - above * gap))
    return found
