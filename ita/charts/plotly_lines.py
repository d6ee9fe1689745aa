"""Lines over categories as Plotly draws them: lines, levels, bands and marks with their labels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from ita.charts.label_boxes import spread_pixels
from ita.charts.plotly_frame import (
    AXIS_WIDTH,
    MARK_SIZE,
    TOP,
    PlotFrame,
    bare_sign,
    is_turned,
    mark_rows,
    mark_width,
    plot_frame,
    two_lines,
)
from ita.charts.plotly_labels import placed_labels, zone_names
from ita.charts.plotly_parts import (
    FONT_SIZE,
    Dict,
    TracesAndLayout,
    annotation,
    base_layout,
    escaped,
    line_shape,
    tooltip,
    wrapped_html,
)
from ita.charts.values import LevelZone, LineChart, Mark, ReferenceLine, ValueBand

# Pixels of a chart.
LINE_HEIGHT = 430
# Pixels that the turned name of a category takes.
TURNED_WIDTH = 17
# Steps to either side that the band of a single year takes.
SINGLE_YEAR_HALF_WIDTH = 0.2


def lines_figure(chart: LineChart) -> TracesAndLayout:
    """Lines over categories. Names stand at the lines' ends, so no legend is needed."""
    height = round(LINE_HEIGHT * chart.height_factor)
    frame = plot_frame(chart, height)
    turned = is_turned(chart, frame.step)
    every = math.ceil(TURNED_WIDTH / frame.step) if turned else 1
    named = chart.categories[::-1][::every]
    layout = base_layout(height, frame.margin) | {
        "shapes": [
            *map(_zone_shape, chart.zones),
            *map(_band_shape, chart.bands),
            *(
                _reference_line(line, frame.right)
                for line in (() if chart.zones else chart.reference_lines)
            ),
            *(_mark_line(mark, frame) for mark in chart.marks if mark.strong),
            *_mark_circles(chart.marks, frame),
        ],
        "annotations": [*zone_names(chart, frame), *_mark_signs(chart.marks, frame)],
        "xaxis": {
            "type": "category",
            "categoryorder": "array",
            "categoryarray": list(chart.categories),
            "tickvals": list(named),
            "ticktext": list(map(escaped if turned else two_lines, named)),
            "autotickangles": [0, 90],
            "automargin": False,
            "anchor": "free",
            "position": 0,
            "range": [-0.5, frame.right],
            "fixedrange": True,
            "showgrid": False,
        },
        "yaxis": {
            "range": [chart.low, chart.high],
            "domain": [frame.strip_share, 1],
            "fixedrange": True,
            "showgrid": False,
            "ticksuffix": " ",
        },
    }
    layout["margin"] |= {"l": AXIS_WIDTH, "t": TOP, "b": frame.bottom}
    layout["annotations"] += placed_labels(chart, frame)
    return list(_traces(chart)), layout


def _traces(chart: LineChart) -> Iterator[Dict]:
    for line in chart.lines:
        for run in line.runs:
            yield {
                "type": "scatter",
                "x": [chart.categories[dot.position] for dot in run],
                "y": [dot.value for dot in run],
                "name": escaped(line.name),
                "mode": "lines" if line.hides_markers else "lines+markers",
                "cliponaxis": False,
                "line": {"color": line.color, "width": line.width, "dash": line.dash},
                "marker": {
                    "symbol": [f"{line.symbol}{'-open' * dot.hollow}" for dot in run],
                    "size": line.size,
                    "color": line.color,
                    "line": {"width": 2, "color": line.color},
                },
                "customdata": [wrapped_html(dot.tooltip) for dot in run],
                "hovertemplate": "%{customdata}<extra></extra>",
            }


def _zone_shape(zone: LevelZone) -> Dict:
    return {
        "type": "rect",
        "x0": zone.left,
        "x1": zone.right,
        "y0": zone.low,
        "y1": zone.high,
        "fillcolor": zone.color or "rgba(0,0,0,0)",
        "line": {"width": 0},
        "layer": "below",
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
    edge = {"color": band.color, "width": 1.5, "dash": "dash"} if band.label else {"width": 0}
    return {
        "type": "path",
        "path": f"M {path} Z",
        "fillcolor": band.color,
        "opacity": 0.25,
        "line": edge,
        "layer": "below",
    }


def _reference_line(line: ReferenceLine, right: float) -> Dict:
    end = min(line.right, right), line.value
    return line_shape((line.left, line.value), end, layer="below")


def _mark_line(mark: Mark, frame: PlotFrame) -> Dict:
    look = {"color": mark.color, "width": 1.5, "dash": "dash" if mark.strong else "dot"}
    return line_shape((mark.position, frame.strip_share), (mark.position, 1), look, yref="paper")


def _mark_positions(marks: Sequence[Mark], frame: PlotFrame) -> Iterator[tuple[Mark, float, float]]:
    """Marks on the strip below the plot: how far each is moved aside so that no two touch, and the
    pixels under its middle."""
    ordered = sorted(marks, key=lambda mark: mark.position)
    rows = mark_rows(ordered, frame.width)
    width = max(map(mark_width, ordered), default=0) + 2
    for row in range(rows):
        in_row = ordered[row::rows]
        middles = [frame.x(mark.position) for mark in in_row]
        spread = spread_pixels(middles, width, frame.width)
        for mark, x, center in zip(in_row, middles, spread, strict=True):
            yield mark, center - x, 4 + (row + 0.5) * (MARK_SIZE + 2)


def _mark_circles(marks: Sequence[Mark], frame: PlotFrame) -> Iterator[Dict]:
    for mark, shift, middle in _mark_positions(marks, frame):
        width = mark_width(mark)
        yield {
            "type": "circle",
            "xsizemode": "pixel",
            "ysizemode": "pixel",
            "xanchor": mark.position,
            "yanchor": 0,
            "yref": "paper",
            "x0": shift - width / 2,
            "x1": shift + width / 2,
            "y0": middle - MARK_SIZE / 2,
            "y1": middle + MARK_SIZE / 2,
            "line": {"color": mark.color, "width": 1.5},
        }


def _mark_signs(marks: Sequence[Mark], frame: PlotFrame) -> Iterator[Dict]:
    for mark, shift, middle in _mark_positions(marks, frame):
        yield annotation(
            escaped(bare_sign(mark.sign)),
            mark.position,
            0,
            yref="paper",
            yanchor="middle",
            xshift=shift,
            yshift=middle,
            font={"size": FONT_SIZE},
            **tooltip(" · ".join(filter(None, (mark.note, mark.source)))),
        )
