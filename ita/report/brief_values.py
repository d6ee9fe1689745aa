"""What stands in an executive's brief; every text is a finished sentence in the language of the moment."""

from __future__ import annotations

from dataclasses import dataclass

from ita.charts.values import BarChart, CellGrid, LineChart
from ita.report.next_steps import StepItem
from ita.scores.standing import Comparison


@dataclass(frozen=True)
class Tile:
    """One instrument. change: against which year, or why there is none. direction: −1 a fall, 1 a
    rise that has reached the mark, else 0."""

    name: str
    color: str
    score: str
    change: str
    direction: int


@dataclass(frozen=True)
class Place:
    """Where the agency stands. level: "" where none is known; reached: whether the pass mark is.
    direction: as of a tile. beside: against the nation's mean and against the agency's own best year.

    ahead: what the next level takes, or how far the marks are. notes: what a reader must know of
    the score. without_tiles: why there are no instruments.
    """

    head: str
    score: str
    level: str
    reached: bool
    change: str
    direction: int
    beside: tuple[Comparison, ...]
    lead: str
    ahead: str
    tiles: tuple[Tile, ...]
    without_tiles: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A heading, a sentence, a chart where there is one, and notes.

    charts: the same figures in several sizes, the fullest first; the page takes one that fits.
    Without any, the sentence says what is missing. key: colours of cells and what they mean.
    """

    title: str
    lead: str
    charts: tuple[LineChart | BarChart | CellGrid, ...] = ()
    notes: tuple[str, ...] = ()
    key: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Todo:
    """One kind of things to do, the most pressing items first; counts: what they add up to."""

    title: str
    counts: str
    items: tuple[StepItem, ...]


@dataclass(frozen=True)
class Work:
    """Measures and report of the year. settled: which kinds have nothing to do."""

    title: str
    lead: str
    todos: tuple[Todo, ...]
    settled: str
    notes: tuple[str, ...]
