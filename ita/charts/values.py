"""What a chart shows, free of any drawing library.

Three kinds: lines over years, bars from one value to another, a grid of cells. Positions on a
category axis count from 0; between two categories lies half a step. Values are in the axis's unit,
mostly scores of 0–100. Every text is a finished sentence in the current language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

Item = TypeVar("Item")


def joined_runs(
    items: Iterable[Item], is_joined: Callable[[Item, Item], bool]
) -> tuple[tuple[Item, ...], ...]:
    """Stretches of items, each of which is joined to the one before it."""
    runs: list[list[Item]] = []
    for item in items:
        if runs and is_joined(runs[-1][-1], item):
            runs[-1].append(item)
        else:
            runs.append([item])
    return tuple(map(tuple, runs))


@dataclass(frozen=True)
class Dot:
    """One value of a line. hollow: computed rather than published. below: its label is under it."""

    position: int
    value: float
    tooltip: str
    label: str = ""
    below: bool = False
    hollow: bool = False


@dataclass(frozen=True)
class Line:
    """runs: stretches of dots that may be joined. end_label: written behind the last dot; on a screen in
    lines where it has some.

    symbol, dash: Plotly's names, which the paper knows too. hides_markers: nothing is drawn at its dots.
    """

    name: str
    color: str
    runs: tuple[tuple[Dot, ...], ...]
    symbol: str = "circle"
    dash: str = "solid"
    width: float = 2
    size: float = 9
    end_label: str = ""
    hides_markers: bool = False

    @property
    def dots(self) -> Iterator[Dot]:
        for run in self.runs:
            yield from run


@dataclass(frozen=True)
class ValueBand:
    """A band between two values over positions: a range of a forecast, or of peers.

    label: written at its end, of one that is not drawn from known values; "" = none.
    """

    name: str
    color: str
    # position, low, high
    edges: tuple[tuple[float, float, float], ...]
    label: str = ""


@dataclass(frozen=True)
class LevelZone:
    """A named range of values between two positions, as the ground of a screen's chart: a level.

    color: "" = the page's ground. tooltip: of its name.
    """

    left: float
    right: float
    low: float
    high: float
    name: str
    color: str = ""
    tooltip: str = ""


@dataclass(frozen=True)
class ReferenceLine:
    """A thin level line with its name on it, from one position to another.

    short_name: used where the full one does not fit, "" = the same. tooltip: of its name.
    """

    left: float
    right: float
    value: float
    name: str
    short_name: str = ""
    tooltip: str = ""


@dataclass(frozen=True)
class Mark:
    """Something that happened at a position: a break of the rules, or an event of the agency.

    sign: short, beside the chart's top, as "(1)". note: the sentence that the sign stands for.
    strong: both sides can't be compared. count: how many things the sign stands for. source: where
    the note on the authority's rules comes from, for the sign's tooltip.
    """

    position: float
    sign: str
    note: str
    color: str
    strong: bool = False
    count: int = 1
    source: str = ""


@dataclass(frozen=True)
class LineChart:
    """Values over categories.

    zones: stand on a screen for the reference lines, which paper has instead.
    height_factor: share of a chart's usual height, for one that is not its page's subject.
    """

    title: str
    alt: str
    categories: tuple[str, ...]
    low: float
    high: float
    lines: tuple[Line, ...]
    bands: tuple[ValueBand, ...] = ()
    reference_lines: tuple[ReferenceLine, ...] = ()
    marks: tuple[Mark, ...] = ()
    zones: tuple[LevelZone, ...] = ()
    height_factor: float = 1

    @property
    def labelled_ends(self) -> tuple[tuple[Line, Dot], ...]:
        """Lines with a label at their end, each with its last dot."""
        ends = ((line, list(line.dots)) for line in self.lines if line.end_label)
        return tuple((line, dots[-1]) for line, dots in ends if dots)


@dataclass(frozen=True)
class Bar:
    """A bar of one category from start to end; label: written at its end. strong: a sum.

    hatched: rests on less than it seems to, as the label says.
    """

    category: str
    start: float
    end: float
    color: str
    label: str
    tooltip: str
    strong: bool = False
    hatched: bool = False


@dataclass(frozen=True)
class BarChart:
    """Horizontal bars, one a line, in the order given: names are long and phones are narrow.

    is_waterfall: each bar begins where the one before ended, and thin lines join them.
    """

    title: str
    alt: str
    low: float
    high: float
    bars: tuple[Bar, ...]
    reference_lines: tuple[ReferenceLine, ...] = ()
    is_waterfall: bool = False


@dataclass(frozen=True)
class GridCell:
    """One cell of a grid. value: None where there is none, and then nothing is coloured.

    color: of the background.
    """

    text: str
    tooltip: str
    value: float | None = None
    color: str = ""
    text_color: str = ""
    link: str = ""


@dataclass(frozen=True)
class CellGrid:
    """Rows × columns of cells; every row has as many cells as there are columns."""

    title: str
    alt: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[GridCell, ...]], ...]


Chart: TypeAlias = LineChart | BarChart | CellGrid


def spread_labels(positions: Sequence[float], gap: float) -> tuple[float, ...]:
    """Moves labels beside an axis apart: as near to `positions` as possible, `gap` apart, same order.

    Used where labels are directly at the ends of lines instead of a legend.
    """
    order = sorted(range(len(positions)), key=lambda index: positions[index])
    groups: list[list[int]] = []
    for index in order:
        groups.append([index])
        while len(groups) > 1 and (
            _bottom(groups[-2], positions, gap) + gap * len(groups[-2])
            > _bottom(groups[-1], positions, gap)
        ):
            last = groups.pop()
            groups[-1].extend(last)
    spread = [0.0] * len(positions)
    for group in groups:
        start = _bottom(group, positions, gap)
        for step, index in enumerate(group):
            spread[index] = start + step * gap
    return tuple(spread)


def _bottom(group: Sequence[int], positions: Sequence[float], gap: float) -> float:
    """The position of a group's lowest label: the group is centred on the mean of its positions."""
    middle = sum(positions[index] for index in group) / len(group)
    return middle - gap * (len(group) - 1) / 2
