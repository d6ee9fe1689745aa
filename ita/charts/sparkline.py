"""Small charts as SVG of a few hundred bytes, for several on a page where Plotly would be heavy."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ita.charts.values import Dot, Line, LineChart, ReferenceLine

WIDTH, HEIGHT = 320, 112
# Room for the first year's name, the label at the end, the highest dot and the years.
LEFT, RIGHT, TOP, BOTTOM = 14, 58, 12, 24
FONT = 'font-family="Sarabun, sans-serif" font-size="14"'


def sparkline_svg(chart: LineChart, text_color: str) -> str:
    """An SVG without tooltips: lines, reference lines, first and last category, the label at the end.

    text_color: of text on the page's background; a picture knows no theme.
    """
    body = "".join(
        [
            *(_reference_line(line, chart, text_color) for line in chart.reference_lines),
            *(_line(line, chart, text_color) for line in chart.lines),
            *_category_labels(chart, text_color),
        ]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" {FONT}>{body}</svg>'
    )


def _x(chart: LineChart, position: float) -> float:
    steps = max(1, len(chart.categories) - 1)
    return LEFT + position / steps * (WIDTH - LEFT - RIGHT)


def _y(chart: LineChart, value: float) -> float:
    share = (value - chart.low) / ((chart.high - chart.low) or 1)
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _reference_line(line: ReferenceLine, chart: LineChart, text_color: str) -> str:
    """Clipped to the categories: half a step outside them is another chart's area."""
    left = _x(chart, max(line.left, 0)) - 8
    right = _x(chart, min(line.right, len(chart.categories) - 1)) + 8
    y = _y(chart, line.value)
    return (
        f'<line x1="{left:.0f}" y1="{y:.1f}" x2="{right:.0f}" y2="{y:.1f}" stroke="{text_color}" '
        f'stroke-opacity=".55" stroke-dasharray="2 3"/>'
    )


def _line(line: Line, chart: LineChart, text_color: str) -> str:
    dots = list(line.dots)
    polylines = ""
    for run in line.runs:
        if len(run) > 1:
            points = " ".join(f"{_x(chart, d.position):.0f},{_y(chart, d.value):.1f}" for d in run)
            polylines += f'<polyline points="{points}" fill="none" stroke="{line.color}" stroke-width="2.5"/>'
    marks = "".join(
        f'<circle cx="{_x(chart, d.position):.0f}" cy="{_y(chart, d.value):.1f}" '
        f'r="{5 if d is dots[-1] else 3.2}" fill="{line.color}"/>'
        for d in dots
    )
    return polylines + marks + (_end_label(line, dots[-1], chart, text_color) if dots else "")


def _end_label(line: Line, last: Dot, chart: LineChart, text_color: str) -> str:
    x, y = _x(chart, last.position) + 10, _y(chart, last.value) + 5
    return (
        f'<text x="{x:.0f}" y="{y:.1f}" fill="{text_color}" font-weight="600">'
        f"{escape(line.end_label)}</text>"
    )


def _category_labels(chart: LineChart, text_color: str) -> Iterator[str]:
    """The labels of the first and the last category; all of them would overlap."""
    ends = sorted({0, len(chart.categories) - 1}) if chart.categories else []
    for position in ends:
        anchor = "start" if position == 0 else "middle"
        x = _x(chart, position) - (LEFT if position == 0 else 0)
        yield (
            f'<text x="{x:.0f}" y="{HEIGHT - 6}" fill="{text_color}" fill-opacity=".8" '
            f'text-anchor="{anchor}">{escape(chart.categories[position])}</text>'
        )
