"""Small charts as SVG of a few hundred bytes, for several on a page where Plotly would be heavy."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ita.charts.values import Dot, Line, LineChart, Rule

WIDTH, HEIGHT = 320, 112
LEFT, RIGHT, TOP, BOTTOM = 14, 58, 12, 24
"""Room for the first year's name, the label at the end, the highest dot and the years."""
FONT = 'font-family="Sarabun, sans-serif" font-size="14"'


def small_svg(chart: LineChart, ink: str) -> str:
    """A chart without hover: its lines, level lines, first and last category, the label at the end.

    ink: the colour of text on the page's ground; a picture knows no theme.
    """
    body = "".join(
        [
            *(_rule(rule, chart, ink) for rule in chart.rules),
            *(_line(line, chart, ink) for line in chart.lines),
            *_years(chart, ink),
        ]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" {FONT}>{body}</svg>'
    )


def _x(chart: LineChart, place: float) -> float:
    steps = max(1, len(chart.categories) - 1)
    return LEFT + place / steps * (WIDTH - LEFT - RIGHT)


def _y(chart: LineChart, value: float) -> float:
    share = (value - chart.low) / ((chart.high - chart.low) or 1)
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _rule(rule: Rule, chart: LineChart, ink: str) -> str:
    """Within the places that there are: half a step beside them is another chart's ground."""
    left = _x(chart, max(rule.left, 0)) - 8
    right = _x(chart, min(rule.right, len(chart.categories) - 1)) + 8
    y = _y(chart, rule.value)
    return (
        f'<line x1="{left:.0f}" y1="{y:.1f}" x2="{right:.0f}" y2="{y:.1f}" stroke="{ink}" '
        f'stroke-opacity=".55" stroke-dasharray="2 3"/>'
    )


def _line(line: Line, chart: LineChart, ink: str) -> str:
    dots = list(line.dots)
    joined = "".join(
        f'<polyline points="{_points(run, chart)}" fill="none" stroke="{line.color}" '
        f'stroke-width="2.5"/>'
        for run in line.runs
        if len(run) > 1
    )
    marks = "".join(
        f'<circle cx="{_x(chart, d.place):.0f}" cy="{_y(chart, d.value):.1f}" '
        f'r="{5 if d is dots[-1] else 3.2}" fill="{line.color}"/>'
        for d in dots
    )
    return joined + marks + (_end(line, dots[-1], chart, ink) if dots else "")


def _points(run: tuple[Dot, ...], chart: LineChart) -> str:
    return " ".join(f"{_x(chart, dot.place):.0f},{_y(chart, dot.value):.1f}" for dot in run)


def _end(line: Line, last: Dot, chart: LineChart, ink: str) -> str:
    x, y = _x(chart, last.place) + 10, _y(chart, last.value) + 5
    return (
        f'<text x="{x:.0f}" y="{y:.1f}" fill="{ink}" font-weight="600">'
        f"{escape(line.end_label)}</text>"
    )


def _years(chart: LineChart, ink: str) -> Iterator[str]:
    """The first and the last category; all would run into each other."""
    ends = sorted({0, len(chart.categories) - 1}) if chart.categories else []
    for place in ends:
        anchor = "start" if place == 0 else "middle"
        x = _x(chart, place) - (LEFT if place == 0 else 0)
        yield (
            f'<text x="{x:.0f}" y="{HEIGHT - 6}" fill="{ink}" fill-opacity=".8" '
            f'text-anchor="{anchor}">{escape(chart.categories[place])}</text>'
        )
