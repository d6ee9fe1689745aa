"""Chart values as Plotly figures for the screen; ground and text colour come from the page's theme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from textwrap import wrap
from typing import Any
from unicodedata import category

import plotly.graph_objects as go

from ita.charts.values import (
    Bar,
    BarChart,
    LineChart,
    Mark,
    ReferenceLine,
    ValueBand,
    spread_labels,
)
from ita.theme import AXIS_COLOR, FONT, LINE_COLOR

# Pixels: of a chart, of one of several, of one bar with its name above it.
LINE_HEIGHT, SMALL_HEIGHT, BAR_HEIGHT = 430, 170, 46
# Pixels that a label at the end of a line needs for itself.
LABEL_HEIGHT = 19
# Pixels from the end of a line to its label.
LABEL_SHIFT = 9
LETTER_WIDTH = 6.8
# Pixels that the categories of a chart share on the narrowest screen.
PHONE_WIDTH = 240
# Categories between two marks whose signs would touch there, and pixels by which one is then raised.
MIN_SIGN_DISTANCE, SIGN_HEIGHT = 0.75, 17
# Steps to either side that the band of a single year takes.
SINGLE_YEAR_HALF_WIDTH = 0.2
# Beyond so many categories the full name of a reference line would overlap others.
MAX_FULL_NAMES = 6
# Font size of the name of a reference line, in pixels; labels at the ends of lines have 14.
REFERENCE_FONT_SIZE = 12
# Letters in a line of a tooltip.
TOOLTIP_WIDTH = 46
SYMBOLS = {"circle": "●", "square": "■", "triangle-up": "▲", "diamond": "◆"}
FIGURE_CACHE_SIZE = 128
Dict = dict[str, Any]
# Traces and layout, as Plotly takes them.
TracesAndLayout = tuple[list[Dict], Dict]


@lru_cache(maxsize=FIGURE_CACHE_SIZE)
def plotly_figure(chart: LineChart | BarChart, text_color: str) -> go.Figure:
    """The Plotly figure of a chart. text_color: of all its texts.

    Cached, because Plotly checks every property when a figure is made; it is only read afterwards.
    """
    traces, layout = _lines(chart) if isinstance(chart, LineChart) else _bars(chart)
    # Streamlit's template greys texts beyond what can be read well, and makes them small.
    for axis in (layout["xaxis"], layout["yaxis"]):
        axis["tickfont"] = {"size": 14, "color": AXIS_COLOR.get(text_color, text_color)}
    for note in layout["annotations"]:
        note["font"].setdefault("color", text_color)
        if "hoverlabel" in note:
            note["hoverlabel"]["font"]["color"] = text_color
    for trace in traces:
        trace["textfont"] = {"size": 14, "color": text_color}
    return go.Figure(traces, layout)


def _layout(height: int, right: float) -> Dict:
    return {
        "height": height,
        "margin": {"l": 8, "r": right, "t": 44, "b": 8, "autoexpand": True},
        "font": {"family": FONT, "size": 15},
        "hovermode": "x unified",
        "dragmode": False,
        "showlegend": False,
        "hoverlabel": {"font": {"family": FONT, "size": 15}},
    }


def _annotation(text: str, x: float, y: float, **more: Any) -> Dict:
    """A text on the chart. Plotly reads some HTML in every text, so ours comes escaped."""
    return {"text": text, "x": x, "y": y, "showarrow": False, **more}


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def _wrapped_html(text: str) -> str:
    """A text wrapped to the width of a phone; Plotly breaks no lines itself."""
    return "<br>".join(map(_escaped, wrap(text, TOOLTIP_WIDTH, tabsize=1)))


def _tooltip(text: str) -> Dict:
    """The annotation properties of a tooltip; {} for ""."""
    if not text:
        return {}
    return {"hovertext": _wrapped_html(text), "hoverlabel": {"font": {"family": FONT, "size": 14}}}


def _lines(chart: LineChart) -> TracesAndLayout:
    """Lines over categories. Names stand at the lines' ends, so no legend is needed."""
    height = SMALL_HEIGHT if chart.small else round(LINE_HEIGHT * chart.height_factor)
    ends = tuple(_end_labels(chart, height))
    # Names at the very end fill the last half step and go beyond it.
    last = len(chart.categories) - 1
    outside = [text for text, position, _ in ends if position == last]
    right = last + (0.15 if outside else 0.5)
    step = PHONE_WIDTH / len(chart.categories)
    missing_widths = (_width(text) - (right - position) * step for text, position, _ in ends)
    margin = 12 + LABEL_SHIFT + max([0.0, *missing_widths])
    layout = _layout(height, margin) | {
        "shapes": [
            *map(_band_shape, chart.bands),
            *(_reference_line(line, right) for line in chart.reference_lines),
            *map(_mark_line, chart.marks),
        ],
        "annotations": [
            *(
                _reference_label(line, chart, height, (right - line.left) * step + margin)
                for line in chart.reference_lines
            ),
            *_mark_signs(chart.marks),
            *(
                _annotation(t, x, y, xanchor="left", xshift=LABEL_SHIFT, font={"size": 14})
                for t, x, y in ends
            ),
        ],
        "xaxis": {
            "type": "category",
            "categoryorder": "array",
            "categoryarray": list(chart.categories),
            "range": [-0.5, right],
            "fixedrange": True,
            "showgrid": False,
        },
        "yaxis": {
            "range": [chart.low, chart.high],
            "fixedrange": True,
            "showgrid": False,
            "ticksuffix": " ",
        },
    }
    return list(_traces(chart)), layout


def _traces(chart: LineChart) -> Iterator[Dict]:
    for line in chart.lines:
        for run in line.runs:
            labelled = any(dot.label for dot in run)
            mode = "lines" if line.hides_markers else "lines+markers"
            yield {
                "type": "scatter",
                "x": [chart.categories[dot.position] for dot in run],
                "y": [dot.value for dot in run],
                "name": _escaped(line.name),
                "mode": f"{mode}+text" if labelled else mode,
                "text": [dot.label for dot in run] if labelled else None,
                "textposition": [f"{'bottom' if dot.below else 'top'} center" for dot in run],
                "cliponaxis": False,
                "line": {"color": line.color, "width": line.width, "dash": line.dash},
                "marker": {
                    "symbol": [f"{line.symbol}{'-open' * dot.hollow}" for dot in run],
                    "size": line.size,
                    "color": line.color,
                    "line": {"width": 2, "color": line.color},
                },
                "customdata": [_wrapped_html(dot.tooltip) for dot in run],
                "hovertemplate": "%{customdata}<extra></extra>",
            }


def _band_shape(band: ValueBand) -> Dict:
    """The area of a band, up one side and back the other.

    A shape, because a trace would make a category of a position between two categories.
    """
    edges = band.edges
    if len(edges) == 1:  # one year alone would be an area without width
        ((position, low, high),) = edges
        edges = (
            (position - SINGLE_YEAR_HALF_WIDTH, low, high),
            (position + SINGLE_YEAR_HALF_WIDTH, low, high),
        )
    upper_edge = [(position, high) for position, _, high in edges]
    lower_edge = [(position, low) for position, low, _ in reversed(edges)]
    path = " L ".join(f"{position:g},{value:g}" for position, value in upper_edge + lower_edge)
    return {
        "type": "path",
        "path": f"M {path} Z",
        "fillcolor": band.color,
        "opacity": 0.25,
        "line": {"width": 0},
        "layer": "below",
    }


def _end_labels(chart: LineChart, height: int) -> Iterator[tuple[str, float, float]]:
    """Text, position and value of the labels at the ends of lines, moved apart where they would meet."""
    ended = [(line, dots[-1]) for line in chart.lines if line.end_label and (dots := [*line.dots])]
    gap = LABEL_HEIGHT * (chart.high - chart.low) / (height - 60)
    for position in sorted({dot.position for _, dot in ended}):
        same_position = [(line, dot) for line, dot in ended if dot.position == position]
        heights = spread_labels([dot.value for _, dot in same_position], gap)
        for (line, _), y in zip(same_position, heights, strict=True):
            sign = SYMBOLS.get(line.symbol, "")
            yield (
                f'<span style="color:{line.color}">{sign}</span> {_escaped(line.end_label)}',
                position,
                y,
            )


def _width(text: str) -> float:
    """About how wide a label is in pixels; signs above and below a Thai letter take no width."""
    visible = text.rsplit("</span>", maxsplit=1)[-1]
    return LETTER_WIDTH * (2 + sum(category(letter) != "Mn" for letter in visible))


_THIN: Dict = {"color": LINE_COLOR, "width": 1}


def _line_shape(
    start: tuple[float, float], end: tuple[float, float], look: Dict = _THIN, **more: str
) -> Dict:
    (x0, y0), (x1, y1) = start, end
    return {"type": "line", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "line": look, **more}


def _reference_line(line: ReferenceLine, right: float) -> Dict:
    end = min(line.right, right), line.value
    return _line_shape((line.left, line.value), end, layer="below")


def _reference_label(line: ReferenceLine, chart: LineChart, height: int, room: float) -> Dict:
    """The name of a reference line: its short one where the full one does not fit, on the side of the
    line with fewer values and labels. room: pixels to the chart's edge on a phone."""
    too_wide = _width(line.name) * REFERENCE_FONT_SIZE / 14 > room
    crowded = too_wide or len(chart.categories) > MAX_FULL_NAMES
    name = line.short_name if crowded and line.short_name else line.name
    gap = LABEL_HEIGHT * (chart.high - chart.low) / (height - 60)
    dots = [
        dot for drawn in chart.lines for dot in drawn.dots if line.left < dot.position < line.right
    ]
    labels = [dot.value - gap if dot.below else dot.value + gap for dot in dots if dot.label]
    heights = [dot.value for dot in dots] + labels
    above = sum(0 <= y - line.value < 1.5 * gap for y in heights)
    below = sum(0 < line.value - y < 1.5 * gap for y in heights)
    is_below = above > below
    side = "top" if is_below else "bottom"
    return _annotation(
        _escaped(name),
        line.left,
        line.value,
        xanchor="left",
        yanchor=side,
        xshift=3,
        **_quiet(line),
    )


def _quiet(line: ReferenceLine) -> Dict:
    """How the name of a reference line looks, with its tooltip."""
    return {"font": {"size": REFERENCE_FONT_SIZE}, "opacity": 0.75, **_tooltip(line.tooltip)}


def _mark_line(mark: Mark) -> Dict:
    look = {"color": mark.color, "width": 1.5, "dash": "dash" if mark.strong else "dot"}
    return _line_shape((mark.position, 0), (mark.position, 1), look, yref="paper")


def _mark_signs(marks: Sequence[Mark]) -> Iterator[Dict]:
    """Signs above their lines; where two would touch, every second one is raised."""
    previous, is_raised = -MIN_SIGN_DISTANCE, False
    for mark in sorted(marks, key=lambda mark: mark.position):
        is_raised = not is_raised and mark.position - previous < MIN_SIGN_DISTANCE
        previous = mark.position
        yield _annotation(
            _escaped(mark.sign),
            mark.position,
            1,
            yref="paper",
            yanchor="bottom",
            yshift=SIGN_HEIGHT * is_raised,
            font={"size": 13, "color": mark.color},
            **_tooltip(" · ".join(filter(None, (mark.note, mark.source)))),
        )


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
        "customdata": [_escaped(bar.tooltip) for bar in chart.bars],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    widest = max((_width(bar.label) for bar in chart.bars), default=0)
    notes = (
        n for index, bar in enumerate(chart.bars) for n in _bar_annotations(index, bar, chart.low)
    )
    layout = _layout(count * BAR_HEIGHT + 56, widest) | {
        "hovermode": "closest",
        "shapes": [
            *map(_vertical_line, chart.reference_lines),
            *(_waterfall_connectors(chart.bars) if chart.is_waterfall else ()),
        ],
        "annotations": [*map(_vertical_line_label, chart.reference_lines), *notes],
        "xaxis": {"range": [chart.low, chart.high], "fixedrange": True, "showgrid": False},
        "yaxis": {"range": [count - 0.6, -0.85], "fixedrange": True, "visible": False},
    }
    return [trace], layout


def _bar_annotations(index: int, bar: Bar, low: float) -> Iterator[Dict]:
    name, label = _escaped(bar.category), _escaped(bar.label)
    if bar.strong:
        name, label = f"<b>{name}</b>", f"<b>{label}</b>"
    yield _annotation(name, low, index - 0.48, xanchor="left", font={"size": 14})
    yield _annotation(
        label, max(bar.start, bar.end), index, xanchor="left", xshift=4, font={"size": 14}
    )


def _waterfall_connectors(bars: Sequence[Bar]) -> Iterator[Dict]:
    for index, bar in enumerate(bars[:-1]):
        yield _line_shape((bar.end, index - 0.19), (bar.end, index + 1.19), _THIN | {"dash": "dot"})


def _vertical_line(line: ReferenceLine) -> Dict:
    return _line_shape((line.value, 0), (line.value, 1), yref="paper", layer="below")


def _vertical_line_label(line: ReferenceLine) -> Dict:
    at = {"yref": "paper", "yanchor": "bottom"}
    return _annotation(_escaped(line.name), line.value, 1, **at, **_quiet(line))
