"""Small charts as SVG of a few hundred bytes, for several on a page where Plotly would be heavy."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape

from ita.charts.values import Line, LineChart, Mark, ReferenceLine, spread_labels
from ita.config import PROJECT

WIDTH, HEIGHT, MARGIN = 120, 32, 6
"""Of a bare line in a row of a table."""
FONT_SIZE = 14
FONT = f'font-family="Sarabun, sans-serif" font-size="{FONT_SIZE}"'
DIGIT_FONTS = {weight: PROJECT / "static" / f"digits-{weight}.woff2" for weight in (400, 600)}
"""Of Sarabun, what scores and years are written with, a kilobyte each (tests/web/test_icon_font.py makes them)."""
# Room for the names of reference lines, for the highest dot and the categories; for a letter of a label.
LEFT, TOP, BOTTOM, LETTER = 34, 12, 24, 8.2
LABEL_GAP = 17
CATEGORY_WIDTH = 44
"""Of a category's name with the room around it."""


@dataclass(frozen=True)
class _Area:
    """A chart and the picture that it is drawn into. full: with every category that fits, names of
    lines and marks; else lines alone. right: room for the labels at the lines' ends."""

    chart: LineChart
    width: int
    height: int
    right: float
    full: bool

    @property
    def left(self) -> float:
        return LEFT if self.full else MARGIN

    @property
    def top(self) -> float:
        return TOP if self.full else MARGIN

    @property
    def bottom(self) -> float:
        return self.height - (BOTTOM if self.full else MARGIN)

    def x(self, position: float) -> float:
        steps = max(1, len(self.chart.categories) - 1)
        return self.left + position / steps * (self.width - self.left - self.right)

    def y(self, value: float) -> float:
        chart = self.chart
        share = (value - chart.low) / ((chart.high - chart.low) or 1)
        return self.bottom - share * (self.bottom - self.top)


def sparkline_svg(chart: LineChart, text_color: str, size: tuple[int, int] | None = None) -> str:
    """An SVG without tooltips: lines, reference lines, categories, the labels at the ends of the lines.

    text_color: of text on the page's background; a picture knows no theme. size: width and height of a
    picture with room for every category, the reference lines' names and marks; None = lines alone, for
    a row of a table.
    """
    width, height = size or (WIDTH, HEIGHT)
    ends = [line.end_label for line in chart.lines]
    right = max(map(len, ends), default=0) * LETTER + 12 if size else MARGIN
    area = _Area(chart, width, height, right, size is not None)
    body = "".join(
        [
            _font_faces() if area.full else "",
            *(_reference_line(line, area, text_color) for line in chart.reference_lines),
            *(_mark(mark, area) for mark in chart.marks if area.full),
            *(_line(line, area) for line in chart.lines),
            *(_end_labels(area, text_color) if area.full else ()),
            *(_category_labels(area, text_color) if area.full else ()),
        ]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" {FONT}>{body}</svg>'
    )


@cache
def _font_faces() -> str:
    """The fonts of the picture in itself: a picture loads nothing, nor has it the fonts of its page."""
    faces = (
        f"@font-face{{font-family:Sarabun;font-weight:{weight};"
        f"src:url(data:font/woff2;base64,{b64encode(file.read_bytes()).decode()})}}"
        for weight, file in DIGIT_FONTS.items()
    )
    return f"<style>{''.join(faces)}</style>"


def _reference_line(line: ReferenceLine, area: _Area, text_color: str) -> str:
    """Clipped to the categories: half a step outside them is another chart's area."""
    beyond = 8 if area.full else MARGIN
    left = area.x(max(line.left, 0)) - beyond
    right = area.x(min(line.right, len(area.chart.categories) - 1)) + beyond
    y = area.y(line.value)
    drawn = (
        f'<line x1="{left:.0f}" y1="{y:.1f}" x2="{right:.0f}" y2="{y:.1f}" stroke="{text_color}" '
        f'stroke-opacity=".55" stroke-dasharray="2 3"/>'
    )
    if not area.full:
        return drawn
    return drawn + (
        f'<text x="{max(0, left - 26):.0f}" y="{y + 5:.1f}" fill="{text_color}" fill-opacity=".8">'
        f"{escape(line.name)}</text>"
    )


def _mark(mark: Mark, area: _Area) -> str:
    x = area.x(mark.position)
    return (
        f'<line x1="{x:.0f}" y1="{TOP}" x2="{x:.0f}" y2="{area.bottom:g}" '
        f'stroke="{mark.color}" stroke-dasharray="4 3"/>'
    )


def _line(line: Line, area: _Area) -> str:
    dots = list(line.dots)
    dashes = "" if line.dash == "solid" or not area.full else ' stroke-dasharray="2 4"'
    polylines = ""
    for run in line.runs:
        if len(run) > 1:
            points = " ".join(f"{area.x(d.position):.0f},{area.y(d.value):.1f}" for d in run)
            polylines += (
                f'<polyline points="{points}" fill="none" stroke="{line.color}" '
                f'stroke-width="{line.width if area.full else 2:g}"{dashes}/>'
            )
    small, large = (2, 3) if dashes or not area.full else (3.2, 5)
    marks = "".join(
        f'<circle cx="{area.x(d.position):.0f}" cy="{area.y(d.value):.1f}" '
        f'r="{large if d is dots[-1] else small}" fill="{line.color}"/>'
        for d in dots
    )
    return polylines + marks


def _end_labels(area: _Area, text_color: str) -> Iterator[str]:
    """The label behind each line's last dot, moved apart where two would cover each other."""
    ends = area.chart.labelled_ends
    heights = spread_labels([area.y(dot.value) + 5 for _line, dot in ends], LABEL_GAP)
    for (line, dot), y in zip(ends, heights, strict=True):
        weight = 400 if line.dash != "solid" else 600
        yield (
            f'<text x="{area.x(dot.position) + 10:.0f}" y="{y:.1f}" fill="{text_color}" '
            f'font-weight="{weight}">{escape(line.end_label)}</text>'
        )


def _category_labels(area: _Area, text_color: str) -> Iterator[str]:
    """The labels of the categories, as many as stand beside each other; the last one always."""
    # Of FY2567 (2024) the year of the office alone.
    categories = [category.partition(" (")[0] for category in area.chart.categories]
    if not categories:
        return
    last = len(categories) - 1
    width = max(CATEGORY_WIDTH, max(map(len, categories)) * LETTER + 8)
    room = max(1, int((area.x(last) - area.x(0)) // width))
    step = -(-last // room) or 1
    for position in sorted({0, last} if step >= last else set(range(last, -1, -step))):
        yield (
            f'<text x="{area.x(position):.0f}" y="{area.height - 6}" fill="{text_color}" '
            f'fill-opacity=".8" text-anchor="middle">{escape(categories[position])}</text>'
        )
