"""What a chart shows, free of any drawing library.

Three kinds: lines over years, bars from one value to another, a grid of cells. Places on a
category axis count from 0; between two categories lies half a step. Values are what the axis
says, mostly scores of 0–100. Everything a person reads is a finished sentence in the language of
the moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Dot:
    """One value of a line. hollow: computed rather than published. told: said when pointed at."""

    place: int
    value: float
    told: str
    label: str = ""
    below: bool = False
    hollow: bool = False


@dataclass(frozen=True)
class Line:
    """runs: stretches of dots that may be joined. end_label: written behind the last dot.

    symbol, dash: Plotly's names, which the paper knows too. bare: no marks at its dots.
    """

    name: str
    color: str
    runs: tuple[tuple[Dot, ...], ...]
    symbol: str = "circle"
    dash: str = "solid"
    width: float = 2
    size: float = 9
    end_label: str = ""
    bare: bool = False

    @property
    def dots(self) -> Iterator[Dot]:
        for run in self.runs:
            yield from run


@dataclass(frozen=True)
class Spread:
    """A band between two values over places: a range of a forecast, or of peers."""

    name: str
    color: str
    edges: tuple[tuple[float, float, float], ...]
    """place, low, high"""


@dataclass(frozen=True)
class Rule:
    """A thin level line with its name on it, from one place to another.

    short: the name where the whole one finds no room on paper, "" = the same. told: said when its
    name is pointed at.
    """

    left: float
    right: float
    value: float
    name: str
    short: str = ""
    told: str = ""


@dataclass(frozen=True)
class Mark:
    """Something that happened at a place: a break of the rules, or an event of the agency.

    sign: short, beside the chart's top, as "(1)". said: the sentence that the sign stands for.
    strong: what is on both sides can't be compared. count: how many such things the sign stands for.
    source: where what is said of the authority's rules comes from, for whoever points at the sign.
    """

    place: float
    sign: str
    said: str
    color: str
    strong: bool = False
    count: int = 1
    source: str = ""


@dataclass(frozen=True)
class LineChart:
    """Values over categories. small: one of several on a page, drawn with less around it.

    tall: share of a chart's usual height, for one that is not its page's subject.
    """

    title: str
    alt: str
    categories: tuple[str, ...]
    low: float
    high: float
    lines: tuple[Line, ...]
    spreads: tuple[Spread, ...] = ()
    rules: tuple[Rule, ...] = ()
    marks: tuple[Mark, ...] = ()
    small: bool = False
    tall: float = 1


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
    told: str
    strong: bool = False
    hatched: bool = False


@dataclass(frozen=True)
class BarChart:
    """Bars that lie, one a line, in the order given: names are long and phones are narrow.

    steps: each bar begins where the one before ended (a waterfall), and thin lines join them.
    """

    title: str
    alt: str
    low: float
    high: float
    bars: tuple[Bar, ...]
    rules: tuple[Rule, ...] = ()
    steps: bool = False


@dataclass(frozen=True)
class Cell:
    """One field of a grid. value: None where there is none, and then nothing is coloured.

    color: of the ground; ink: of the text on it.
    """

    text: str
    told: str
    value: float | None = None
    color: str = ""
    ink: str = ""
    link: str = ""


@dataclass(frozen=True)
class CellGrid:
    """Rows × columns of cells; every row has as many cells as there are columns."""

    title: str
    alt: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


Chart: TypeAlias = LineChart | BarChart | CellGrid


def spread_labels(wanted: Sequence[float], gap: float) -> tuple[float, ...]:
    """Places for labels beside an axis: as near to those wanted as can be, `gap` apart, same order.

    Used where labels stand directly at the ends of lines instead of a legend.
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    groups: list[list[int]] = []
    for index in order:
        groups.append([index])
        while len(groups) > 1 and _top(groups[-2], wanted, gap) + gap > _bottom(
            groups[-1], wanted, gap
        ):
            last = groups.pop()
            groups[-1].extend(last)
    places = [0.0] * len(wanted)
    for group in groups:
        start = _bottom(group, wanted, gap)
        for step, index in enumerate(group):
            places[index] = start + step * gap
    return tuple(places)


def _bottom(group: Sequence[int], wanted: Sequence[float], gap: float) -> float:
    """Where the lowest label of a group stands: the group lies around the mean of its wishes."""
    middle = sum(wanted[index] for index in group) / len(group)
    return middle - gap * (len(group) - 1) / 2


def _top(group: Sequence[int], wanted: Sequence[float], gap: float) -> float:
    return _bottom(group, wanted, gap) + gap * (len(group) - 1)
