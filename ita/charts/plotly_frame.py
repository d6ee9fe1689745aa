"""The frame of a line chart on the screen: how large its plot is on the narrowest one, and the texts
beside and below it that decide that."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ita.charts.plotly_parts import LABEL_HEIGHT, escaped, text_width
from ita.charts.values import LevelZone, Line, LineChart, Mark

# Pixels from the end of a line to its label.
LABEL_SHIFT = 9
# Pixels: a chart on the narrowest screen; of it the values of the axis; above and below the plot, with
# the names of categories in one line or turned; of the strip of marks, and of a mark.
PHONE_WIDTH, AXIS_WIDTH, TOP, BOTTOM, TURNED_BOTTOM = 316, 40, 12, 32, 22
MARK_SIZE = 22
# Pixels that a browser keeps between the names of two categories.
NAME_GAP = 8
# Letters in a line of the name of a zone.
ZONE_WIDTH = 14
SYMBOLS = {"circle": "●", "square": "■", "triangle-up": "▲", "diamond": "◆", "x-thin-open": "✕"}


@dataclass(frozen=True)
class PlotFrame:
    """The plot of a chart on the narrowest screen, in pixels from its lower left corner; on any other it
    is as high and at least as wide."""

    chart: LineChart
    right: float  # the position at its right edge
    margin: float  # pixels beside it, for names
    bottom: float  # pixels under it, for the names of categories
    strip: float  # pixels of its own under the values, for marks
    total_height: float

    @property
    def height(self) -> float:
        """Of the values, the same on every screen."""
        return self.total_height - TOP - self.bottom - self.strip

    @property
    def strip_share(self) -> float:
        """The share of the strip in the whole plot."""
        return self.strip / (self.height + self.strip)

    @property
    def width(self) -> float:
        return PHONE_WIDTH - AXIS_WIDTH - self.margin

    @property
    def step(self) -> float:
        return self.width / (self.right + 0.5)

    def x(self, position: float) -> float:
        return (position + 0.5) * self.step

    def y(self, value: float) -> float:
        return (value - self.chart.low) / (self.chart.high - self.chart.low) * self.height

    def value(self, y: float) -> float:
        return self.chart.low + y / self.height * (self.chart.high - self.chart.low)


def plot_frame(chart: LineChart, height: int) -> PlotFrame:
    last = len(chart.categories) - 1
    names = [zone_name(zone) for zone in edge_zones(chart)] or [
        end_text(line) for line, _dot in chart.labelled_ends
    ]
    right = last + (0.5 if chart.zones or chart.marks or not names else 0.15)
    margin = 4 + LABEL_SHIFT + max([0.0, *map(text_width, names)])
    rows = mark_rows(chart.marks, PHONE_WIDTH - AXIS_WIDTH - margin) if chart.marks else 0
    strip = rows * (MARK_SIZE + 2) + 6 * bool(rows)
    step = (PHONE_WIDTH - AXIS_WIDTH - margin) / max(right + 0.5, 1)
    bottom: float = BOTTOM + LABEL_HEIGHT * any(
        "<br>" in name for name in map(two_lines, chart.categories)
    )
    if is_turned(chart, step):
        bottom = TURNED_BOTTOM + max(map(text_width, chart.categories))
    return PlotFrame(chart, right, margin, bottom, strip, height)


def is_turned(chart: LineChart, step: float) -> bool:
    """Whether the names of the categories would touch on a phone, which then turns them."""
    return max([0.0, *map(text_width, map(two_lines, chart.categories))]) + NAME_GAP > step


def two_lines(category: str) -> str:
    """FY2567 over (2024): side by side two would touch."""
    return escaped(category).replace(" (", "<br>(")


def edge_zones(chart: LineChart) -> list[LevelZone]:
    """The zones at the right end, which have their names beside the plot."""
    right = max((zone.right for zone in chart.zones), default=0)
    return [zone for zone in chart.zones if zone.right == right]


def zone_name(zone: LevelZone) -> str:
    """Its name in short lines: Thai breaks before โดย, other words at their spaces."""
    words = zone.name.replace("โดย", " โดย") if len(zone.name) > ZONE_WIDTH else zone.name
    joiner = "" if " " not in zone.name else " "
    lines: list[str] = []
    for word in words.split():
        if lines and len(lines[-1]) + len(word) < ZONE_WIDTH:
            lines[-1] += joiner + word
        else:
            lines.append(word)
    return "<br>".join(map(escaped, lines))


def end_text(line: Line) -> str:
    sign = SYMBOLS.get(line.symbol, "")
    text = escaped(line.end_label).replace("\n", "<br>")
    return f'<span style="color:{line.color}">{sign}</span> {text}'


def mark_rows(marks: Sequence[Mark], width: float) -> int:
    """How many rows of marks there must be so that no two touch."""
    return max(1, math.ceil(len(marks) * (max(map(mark_width, marks), default=0) + 2) / width))


def mark_width(mark: Mark) -> float:
    return max(MARK_SIZE, text_width(bare_sign(mark.sign)) + 4)


def bare_sign(sign: str) -> str:
    """(1) stands in a circle of its own."""
    return sign.strip("()")
