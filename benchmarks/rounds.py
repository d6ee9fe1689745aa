"""Sides measured in turn, round by round, and the table of their ratios."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import psutil

LEAST_IDLE = 0.85
PATIENCE = 0.6
"""Seconds that a round waits for a quiet machine before it starts anyway, marked."""

BESIDE_GOALS = "--all" in sys.argv[1:]
"""Whether figures are wanted too that no goal names: floors, other screens, memory of one task. They
take as long as the goals."""

Side = Callable[[], float]
"""Does its work once and gives its figure: seconds, bytes."""


class NotMeasured(Exception):
    """A figure that doesn't count, or can't be had here; says why."""


@dataclass(frozen=True)
class Round:
    """The figures of one round by side, and how idle the machine was when it started."""

    figures: Mapping[str, float]
    idle: float

    @property
    def marked(self) -> bool:
        return self.idle < LEAST_IDLE


@dataclass(frozen=True)
class Goal:
    """number: the line of the table of performance goals it belongs to. mark: what the ratio may be
    at most, or, where more is better, must be at least."""

    number: int
    mark: float
    least: bool = False

    def met(self, ratio: float) -> bool:
        return ratio >= self.mark if self.least else ratio <= self.mark

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.mark:g}"


@dataclass(frozen=True)
class Row:
    """One line of the table. goal: None where there is only a figure. note: what it is and is not."""

    name: str
    unit: str
    ours: Sequence[float]
    theirs: Sequence[float]
    marked: int
    goal: Goal | None = None
    note: str = ""

    @property
    def ratios(self) -> list[float]:
        return [mine / other for mine, other in zip(self.ours, self.theirs, strict=True)]


@dataclass(frozen=True)
class Missing:
    """A line without a figure, and why."""

    name: str
    why: str


def interleaved(sides: Mapping[str, Side], rounds: int) -> list[Round]:
    """Every side once a round, the side that begins changing from round to round."""
    names = list(sides)
    done = []
    for number in range(rounds):
        share = idle()
        first = number % len(names)
        figures = {name: sides[name]() for name in names[first:] + names[:first]}
        done.append(Round(figures, share))
    return done


def idle() -> float:
    """The idle share of the machine, after some patience with what still runs on it."""
    until = time.perf_counter() + PATIENCE
    while True:
        share = 1 - float(psutil.cpu_percent(interval=0.2)) / 100
        if share >= LEAST_IDLE or time.perf_counter() > until:
            return share


def against(rounds: Sequence[Round], mine: str, other: str) -> float:
    """The median ratio of two sides."""
    return statistics.median(one.figures[mine] / one.figures[other] for one in rounds)


def row(
    name: str,
    unit: str,
    rounds: Sequence[Round],
    ours: str,
    theirs: str,
    goal: Goal | None = None,
    note: str = "",
) -> Row:
    return Row(
        name,
        unit,
        [one.figures[ours] for one in rounds],
        [one.figures[theirs] for one in rounds],
        sum(one.marked for one in rounds),
        goal,
        note,
    )


_SCALES = {
    "s": (1, "s"),
    "ms": (1e3, "ms"),
    "kB": (1e-3, "kB"),
    "MB": (1e-6, "MB"),
    "/s": (1, "/s"),
}
_HEAD = ("", "ours", "against", "ratio", "min–max", "rounds", "goal", "")


def table(lines: Sequence[Row | Missing]) -> str:
    """The lines under each other, the figures of both sides beside their ratio."""
    return aligned([_HEAD, *map(cells, lines)])


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows of texts under each other, the first a heading; all but the first column to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    printed = [
        "  ".join(
            text.ljust(width) if i == 0 else text.rjust(width)
            for i, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([printed[0], "-" * max(map(len, printed)), *printed[1:]])


def cells(line: Row | Missing) -> tuple[str, ...]:
    """A line as texts, as the table's heading has them."""
    if isinstance(line, Missing):
        return (line.name, "–", "–", "–", "–", "–", "–", "not measured")
    ratios = line.ratios
    median = statistics.median(ratios)
    scale, unit = _SCALES[line.unit]
    goal, verdict = "–", ""
    if line.goal:
        goal = f"#{line.goal.number} {line.goal}"
        verdict = "met" if line.goal.met(median) else "short"
    return (
        line.name,
        f"{statistics.median(line.ours) * scale:.4g} {unit}",
        f"{statistics.median(line.theirs) * scale:.4g} {unit}",
        f"{median:.2f}",
        f"{min(ratios):.2f}–{max(ratios):.2f}",
        f"{len(ratios)}{f' ({line.marked}*)' if line.marked else ''}",
        goal,
        verdict,
    )


def notes(lines: Sequence[Row | Missing]) -> str:
    said = [
        f"{line.name}: {line.why if isinstance(line, Missing) else line.note}"
        for line in lines
        if isinstance(line, Missing) or line.note
    ]
    return "\n".join(said)
