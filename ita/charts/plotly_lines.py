"""Lines over categories as Plotly draws them, with every label where it covers nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from ita.charts.label_placement import (
    LabelBox,
    LabelPlacer,
    centered_box,
    dot_label_boxes,
    run_boxes,
    spread_pixels,
)
from ita.charts.plotly_parts import (
    FONT_SIZE,
    LABEL_HEIGHT,
    Dict,
    TracesAndLayout,
    annotation,
    base_layout,
    escaped,
    line_shape,
    text_width,
    tooltip,
    wrapped_html,
)
from ita.charts.values import Dot, LevelZone, Line, LineChart, Mark, ReferenceLine, ValueBand

# Pixels: of a chart, and of one of several.
LINE_HEIGHT, SMALL_HEIGHT = 430, 170
# Pixels from the end of a line to its label.
LABEL_SHIFT = 9
# Pixels: a chart on the narrowest screen; of it the values of the axis; above and below the plot, with
# the names of categories in one line or turned; of the strip of marks, and of a mark.
PHONE_WIDTH, AXIS_WIDTH, TOP, BOTTOM, TURNED_BOTTOM = 316, 40, 12, 32, 22
MARK_SIZE = 22
# Pixels that a browser keeps between the names of two categories, and that a turned one takes.
NAME_GAP, TURNED_WIDTH = 8, 17
# Steps to either side that the band of a single year takes.
SINGLE_YEAR_HALF_WIDTH = 0.2
# Points of a line between two dots that its labels avoid.
SAMPLES = 8
# Heights of a label by which that of a band may stand off its end.
MAX_BAND_STEPS = 6
# Letters in a line of the name of a zone.
ZONE_WIDTH = 14
SYMBOLS = {"circle": "●", "square": "■", "triangle-up": "▲", "diamond": "◆", "x-thin-open": "✕"}


@dataclass(frozen=True)
class _Frame:
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


def _frame(chart: LineChart, height: int) -> _Frame:
    last = len(chart.categories) - 1
    names = [_zone_name(zone) for zone in _edge_zones(chart)] or [
        _end_text(line) for line, _dot in _ends(chart)
    ]
    right = last + (0.5 if chart.zones or chart.marks or not names else 0.15)
    margin = 4 + LABEL_SHIFT + max([0.0, *map(text_width, names)])
    rows = _mark_rows(chart.marks, PHONE_WIDTH - AXIS_WIDTH - margin) if chart.marks else 0
    strip = rows * (MARK_SIZE + 2) + 6 * bool(rows)
    step = (PHONE_WIDTH - AXIS_WIDTH - margin) / max(right + 0.5, 1)
    bottom: float = BOTTOM + LABEL_HEIGHT * any(
        "<br>" in name for name in map(_two_lines, chart.categories)
    )
    if _is_turned(chart, step):
        bottom = TURNED_BOTTOM + max(map(text_width, chart.categories))
    return _Frame(chart, right, margin, bottom, strip, height)


def _is_turned(chart: LineChart, step: float) -> bool:
    """Whether the names of the categories would touch on a phone, which then turns them."""
    return max([0.0, *map(text_width, map(_two_lines, chart.categories))]) + NAME_GAP > step


def _two_lines(category: str) -> str:
    """FY2567 over (2024): side by side two would touch."""
    return escaped(category).replace(" (", "<br>(")


def lines_figure(chart: LineChart) -> TracesAndLayout:
    """Lines over categories. Names stand at the lines' ends, so no legend is needed."""
    height = SMALL_HEIGHT if chart.small else round(LINE_HEIGHT * chart.height_factor)
    frame = _frame(chart, height)
    is_turned = _is_turned(chart, frame.step)
    every = math.ceil(TURNED_WIDTH / frame.step) if is_turned else 1
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
        "annotations": [*_zone_names(chart, frame), *_mark_signs(chart.marks, frame)],
        "xaxis": {
            "type": "category",
            "categoryorder": "array",
            "categoryarray": list(chart.categories),
            "tickvals": list(named),
            "ticktext": list(map(escaped if is_turned else _two_lines, named)),
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
    layout["annotations"] += _placed_labels(chart, frame)
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


def _ends(chart: LineChart) -> list[tuple[Line, Dot]]:
    """Lines with a label, each with its last dot."""
    return [(line, [*line.dots][-1]) for line in chart.lines if line.end_label and any(line.dots)]


def _end_text(line: Line) -> str:
    sign = SYMBOLS.get(line.symbol, "")
    text = escaped(line.end_label).replace("\n", "<br>")
    return f'<span style="color:{line.color}">{sign}</span> {text}'


def _placed_labels(chart: LineChart, frame: _Frame) -> Iterator[Dict]:
    """The labels within the plot and beside it; one that would cover something is left out."""
    dots = [(line, dot) for line in chart.lines for dot in line.dots]
    placer = LabelPlacer(
        LabelBox(0, frame.width, 0, frame.height, 0),
        [
            centered_box(frame.x(dot.position), frame.y(dot.value), line.size + 2, line.size + 2)
            for line, dot in dots
            if not line.hides_markers
        ],
        [*_sampled_lines(chart, frame)],
    )
    ends = sorted(_ends(chart), key=lambda end: -end[1].value)
    if chart.zones:
        for index, (line, dot) in enumerate(ends):
            below = replace(dot, below=index > 0)
            yield from _dot_label(_end_text(line), line, below, frame, placer, far=True)
    else:
        yield from _labels_beside(ends, frame)
    for line, dot in sorted(dots, key=lambda item: -item[0].width):
        if dot.label:
            yield from _dot_label(escaped(dot.label), line, dot, frame, placer, far=False)
    for band in chart.bands:
        if band.label:
            yield from _band_label(band, frame, placer)
    if not chart.zones:
        for reference_line in chart.reference_lines:
            yield from _line_name(reference_line, frame, placer)
    for zone in chart.zones:
        if zone not in _edge_zones(chart):
            yield from _zone_name_inside(zone, frame, placer)


def _sampled_lines(chart: LineChart, frame: _Frame) -> Iterator[tuple[float, float]]:
    """Points of what is drawn between the dots."""
    for line in chart.lines:
        for run in line.runs:
            for left, right in pairwise(run):
                for share in (part / SAMPLES for part in range(1, SAMPLES)):
                    position = left.position + (right.position - left.position) * share
                    value = left.value + (right.value - left.value) * share
                    yield frame.x(position), frame.y(value)
    for band in chart.bands:
        for position, low, high in band.edges:
            yield from ((frame.x(position), frame.y(value)) for value in (low, high))


def _labels_beside(ended: Sequence[tuple[Line, Dot]], frame: _Frame) -> Iterator[Dict]:
    """The names of lines right of the plot, moved apart."""
    texts = [_end_text(line) for line, _dot in ended]
    size = max([1, *(text.count("<br>") + 1 for text in texts)]) * LABEL_HEIGHT
    middles = [frame.y(dot.value) for _line, dot in ended]
    for text, y in zip(texts, spread_pixels(middles, size, frame.height), strict=True):
        at = {"xanchor": "left", "align": "left", "xshift": LABEL_SHIFT}
        yield annotation(text, frame.right, frame.value(y), font={"size": FONT_SIZE}, **at)


def _dot_label(
    text: str, line: Line, dot: Dot, frame: _Frame, placer: LabelPlacer, *, far: bool
) -> Iterator[Dict]:
    """The label of a dot where it is free; moved away, with a thin line to its dot."""
    center = frame.x(dot.position), frame.y(dot.value)
    radius = line.size / 2 + 1
    size = text_width(text), LABEL_HEIGHT * (text.count("<br>") + 1)
    box = placer.place(dot_label_boxes(center, radius, size, dot.below, far))
    if box is None:
        return
    note = _shifted(text, dot.position, dot.value, box, center)
    gap = max(abs(note["yshift"]) - size[1] / 2, abs(note["xshift"]) - size[0] / 2) - radius
    if gap > LABEL_HEIGHT / 2:
        x, y = note.pop("xshift"), note.pop("yshift")
        thin = {"arrowhead": 0, "arrowwidth": 1, "arrowcolor": line.color, "standoff": radius}
        note |= {"showarrow": True, "ax": x, "ay": -y} | thin
    yield note


def _shifted(
    text: str,
    position: float,
    value: float,
    box: LabelBox,
    center: tuple[float, float],
    **more: Any,
) -> Dict:
    """A text in a box, at its distance in pixels from a point of the chart."""
    shift = {
        "xshift": (box.left + box.right) / 2 - center[0],
        "yshift": (box.low + box.high) / 2 - center[1],
    }
    at = {"xanchor": "center", "yanchor": "middle"}
    return annotation(text, position, value, **({"font": {"size": FONT_SIZE}} | at | shift | more))


def _band_label(band: ValueBand, frame: _Frame, placer: LabelPlacer) -> Iterator[Dict]:
    """A forecast's range over or under its end."""
    position, low, high = band.edges[-1]
    text, x = escaped(band.label), frame.x(position)
    size = text_width(text), LABEL_HEIGHT
    tips = ((high, False), (low, True))
    boxes = (
        (value, box)
        for step in range(MAX_BAND_STEPS)
        for value, below in tips
        for box in dot_label_boxes((x, frame.y(value)), step * LABEL_HEIGHT, size, below, far=False)
    )
    for value, candidate in boxes:
        if box := placer.place([candidate]):
            yield _shifted(text, position, value, box, (x, frame.y(value)))
            return


def _line_name(line: ReferenceLine, frame: _Frame, placer: LabelPlacer) -> Iterator[Dict]:
    """The name of a reference line along it, in full where that is free, else in short."""
    left, right = max(line.left, -0.5), min(line.right, frame.right)
    y = frame.y(line.value)
    for name in filter(None, (line.name, line.short_name)):
        size = text_width(name) + 4, LABEL_HEIGHT
        heights = (y + LABEL_HEIGHT / 2 + 1, y - LABEL_HEIGHT / 2 - 1)
        box = placer.place(run_boxes(frame.x(left), frame.x(right), heights, size, frame.step / 4))
        if box:
            yield _run_annotation(name, line.value, box, y, frame, line.tooltip)
            return


def _run_annotation(
    name: str, value: float, box: LabelBox, y: float, frame: _Frame, note: str
) -> Dict:
    """A quiet text that begins at the left end of its box."""
    shift = {"xanchor": "left", "xshift": 2, "yshift": (box.low + box.high) / 2 - y}
    look = {"font": {"size": FONT_SIZE}, "opacity": 0.8, **tooltip(note)}
    return annotation(escaped(name), box.left / frame.step - 0.5, value, **shift, **look)


def _edge_zones(chart: LineChart) -> list[LevelZone]:
    """The zones at the right end, which have their names beside the plot."""
    right = max((zone.right for zone in chart.zones), default=0)
    return [zone for zone in chart.zones if zone.right == right]


def _zone_name(zone: LevelZone) -> str:
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


def _zone_names(chart: LineChart, frame: _Frame) -> Iterator[Dict]:
    """The names of the zones at the right end, in the middle of each and moved apart."""
    zones = _edge_zones(chart)
    names = [_zone_name(zone) for zone in zones]
    size = LABEL_HEIGHT * max([1, *(name.count("<br>") + 1 for name in names)])
    middles = [frame.y((zone.low + zone.high) / 2) for zone in zones]
    for zone, name, y in zip(zones, names, spread_pixels(middles, size, frame.height), strict=True):
        at = {"xanchor": "left", "xshift": LABEL_SHIFT / 2, "align": "left"}
        look = {"font": {"size": FONT_SIZE}, "opacity": 0.85, **tooltip(zone.tooltip)}
        yield annotation(name, frame.right, frame.value(y), **at, **look)


def _zone_name_inside(zone: LevelZone, frame: _Frame, placer: LabelPlacer) -> Iterator[Dict]:
    """The name of a zone that was valid earlier, where it is free."""
    low, high = frame.y(zone.low), frame.y(zone.high)
    size = text_width(zone.name) + 4, LABEL_HEIGHT
    heights = [(low + high) / 2, high - LABEL_HEIGHT / 2, low + LABEL_HEIGHT / 2]
    fitting = [y for y in heights if low <= y - LABEL_HEIGHT / 2 and y + LABEL_HEIGHT / 2 <= high]
    edges = frame.x(zone.left), frame.x(zone.right)
    if box := placer.place(run_boxes(*edges, fitting, size, frame.step / 4)):
        middle = (zone.low + zone.high) / 2
        yield _run_annotation(zone.name, middle, box, frame.y(middle), frame, zone.tooltip)


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


def _mark_line(mark: Mark, frame: _Frame) -> Dict:
    look = {"color": mark.color, "width": 1.5, "dash": "dash" if mark.strong else "dot"}
    return line_shape((mark.position, frame.strip_share), (mark.position, 1), look, yref="paper")


def _mark_rows(marks: Sequence[Mark], width: float) -> int:
    """How many rows of marks there must be so that no two touch."""
    return max(1, math.ceil(len(marks) * (max(map(_mark_width, marks), default=0) + 2) / width))


def _mark_width(mark: Mark) -> float:
    return max(MARK_SIZE, text_width(_bare(mark.sign)) + 4)


def _mark_places(marks: Sequence[Mark], frame: _Frame) -> Iterator[tuple[Mark, float, float]]:
    """Marks on the strip below the plot: how far each is moved aside so that no two touch, and the
    pixels under its middle."""
    ordered = sorted(marks, key=lambda mark: mark.position)
    rows = _mark_rows(ordered, frame.width)
    width = max(map(_mark_width, ordered), default=0) + 2
    for row in range(rows):
        in_row = ordered[row::rows]
        middles = [frame.x(mark.position) for mark in in_row]
        places = spread_pixels(middles, width, frame.width)
        for mark, x, place in zip(in_row, middles, places, strict=True):
            yield mark, place - x, 4 + (row + 0.5) * (MARK_SIZE + 2)


def _bare(sign: str) -> str:
    """(1) stands in a circle of its own."""
    return sign.strip("()")


def _mark_circles(marks: Sequence[Mark], frame: _Frame) -> Iterator[Dict]:
    for mark, shift, middle in _mark_places(marks, frame):
        width = _mark_width(mark)
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


def _mark_signs(marks: Sequence[Mark], frame: _Frame) -> Iterator[Dict]:
    for mark, shift, middle in _mark_places(marks, frame):
        yield annotation(
            escaped(_bare(mark.sign)),
            mark.position,
            0,
            yref="paper",
            yanchor="middle",
            xshift=shift,
            yshift=middle,
            font={"size": FONT_SIZE},
            **tooltip(" · ".join(filter(None, (mark.note, mark.source)))),
        )
