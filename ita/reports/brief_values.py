"""The values of an executive's brief; every text is a finished sentence in the current language."""

from __future__ import annotations

from dataclasses import dataclass

from ita.charts.values import BarChart, CellGrid, LineChart
from ita.reports.next_steps import StepItem
from ita.scores.standing import ScoreComparison


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
class BriefStanding:
    """The agency's standing. level: "" where unknown. has_passed: whether it reached the pass mark.
    direction: as of a tile. comparisons: with the national mean and the agency's own best year.

    ahead: what the next level takes, or how far the marks are. notes: on the score. without_tiles:
    why there are no instruments.
    """

    title: str
    score: str
    level: str
    has_passed: bool
    change: str
    direction: int
    comparisons: tuple[ScoreComparison, ...]
    headline: str
    ahead: str
    tiles: tuple[Tile, ...]
    without_tiles: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class BriefSection:
    """A heading, a sentence, a chart where there is one, and notes.

    charts: the same figures in several sizes, the fullest first; the page takes one that fits.
    Without any, the headline says what is missing. legend: colours of cells and what they mean.
    """

    title: str
    headline: str
    charts: tuple[LineChart | BarChart | CellGrid, ...] = ()
    notes: tuple[str, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Todo:
    """One kind of things to do, the most pressing items first; counts: what they add up to."""

    title: str
    counts: str
    items: tuple[StepItem, ...]


@dataclass(frozen=True)
class WorkSection:
    """Measures and report of the year. all_clear: which kinds have nothing to do."""

    title: str
    headline: str
    todos: tuple[Todo, ...]
    all_clear: str
    notes: tuple[str, ...]
