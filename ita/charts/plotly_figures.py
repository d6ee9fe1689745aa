"""Chart values as Plotly figures for the screen; ground and text colour come from the page's theme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import plotly.graph_objects as go

from ita.charts.plotly_lines import lines_figure
from ita.charts.plotly_parts import (
    FONT_SIZE,
    THIN,
    Dict,
    TracesAndLayout,
    annotation,
    base_layout,
    escaped,
    line_shape,
    quiet_look,
    text_width,
)
from ita.charts.values import Bar, BarChart, LineChart, ReferenceLine
from ita.theme import AXIS_COLOR

# Pixels of one bar with its name above it.
BAR_HEIGHT = 46
FIGURE_CACHE_SIZE = 128


@lru_cache(maxsize=FIGURE_CACHE_SIZE)
def plotly_figure(chart: LineChart | BarChart, text_color: str) -> go.Figure:
    """The Plotly figure of a chart. text_color: of all its texts.

    Cached, because Plotly checks every property when a figure is made; it is only read afterwards.
    """
    traces, layout = lines_figure(chart) if isinstance(chart, LineChart) else _bars(chart)
    # Streamlit's template greys texts beyond what can be read well, and makes them small.
    for axis in (layout["xaxis"], layout["yaxis"]):
        axis["tickfont"] = {"size": FONT_SIZE, "color": AXIS_COLOR.get(text_color, text_color)}
    for note in layout["annotations"]:
        note["font"].setdefault("color", text_color)
        if "hoverlabel" in note:
            note["hoverlabel"]["font"]["color"] = text_color
    return go.Figure(traces, layout)


def _bars(chart: BarChart) -> TracesAndLayout:
    """Horizontal bars, the first on top. A bar's name is above it, so a phone loses no width."""
    count = len(chart.bars)
    trace = {
        "type": "bar",
        "y": list(range(count)),
        "x": [bar.end - bar.start for bar in chart.bars],
        "base": [bar.start for bar in chart.bars],
        "orientation": "h",
        "width": 0.38,
        "marker": {
            "color": [bar.color for bar in chart.bars],
            "pattern": {"shape": ["/" if bar.hatched else "" for bar in chart.bars]},
        },
        "customdata": [escaped(bar.tooltip) for bar in chart.bars],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    widest = max((text_width(bar.label) for bar in chart.bars), default=0)
    notes = (
        n for index, bar in enumerate(chart.bars) for n in _bar_annotations(index, bar, chart.low)
    )
    top = 44 if chart.reference_lines else 8
    layout = base_layout(count * BAR_HEIGHT + top + 12, widest) | {
        "hovermode": "closest",
        "shapes": [
            *map(_vertical_line, chart.reference_lines),
            *(_waterfall_connectors(chart.bars) if chart.is_waterfall else ()),
        ],
        "annotations": [*map(_vertical_line_label, chart.reference_lines), *notes],
        "xaxis": {"range": [chart.low, chart.high], "fixedrange": True, "showgrid": False},
        "yaxis": {"range": [count - 0.6, -0.85], "fixedrange": True, "visible": False},
    }
    layout["margin"]["t"] = top
    return [trace], layout


def _bar_annotations(index: int, bar: Bar, low: float) -> Iterator[Dict]:
    name, label = escaped(bar.category), escaped(bar.label)
    if bar.strong:
        name, label = f"<b>{name}</b>", f"<b>{label}</b>"
    yield annotation(name, low, index - 0.48, xanchor="left", font={"size": 14})
    yield annotation(
        label, max(bar.start, bar.end), index, xanchor="left", xshift=4, font={"size": 14}
    )


def _waterfall_connectors(bars: Sequence[Bar]) -> Iterator[Dict]:
    for index, bar in enumerate(bars[:-1]):
        yield line_shape((bar.end, index - 0.19), (bar.end, index + 1.19), THIN | {"dash": "dot"})


def _vertical_line(line: ReferenceLine) -> Dict:
    return line_shape((line.value, 0), (line.value, 1), yref="paper", layer="below")


def _vertical_line_label(line: ReferenceLine) -> Dict:
    at = {"yref": "paper", "yanchor": "bottom"}
    return annotation(escaped(line.name), line.value, 1, **at, **quiet_look(line.tooltip))
