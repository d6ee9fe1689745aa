"""The labels of a line chart on the screen, each where it covers nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ita.charts.label_boxes import (
    LabelBox,
    LabelPlacer,
    centered_box,
    dot_label_boxes,
    run_boxes,
    spread_pixels,
)
from ita.charts.label_placement import points_between
from ita.charts.plotly_frame import (
    LABEL_SHIFT,
    PlotFrame,
    edge_zones,
    end_text,
    zone_name,
)
from ita.charts.plotly_parts import (
    FONT_SIZE,
    LABEL_HEIGHT,
    Dict,
    annotation,
    escaped,
    quiet_look,
    text_width,
)
from ita.charts.values import Dot, LevelZone, Line, LineChart, ReferenceLine, ValueBand

# Steps from one dot to the next at which labels avoid the line.
SAMPLES = 8
# Heights of a label by which that of a band may stand off its end.
MAX_BAND_STEPS = 6


def placed_labels(chart: LineChart, frame: PlotFrame) -> Iterator[Dict]:
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
    ends = sorted(chart.labelled_ends, key=lambda end: -end[1].value)
    if chart.zones:
        for index, (line, dot) in enumerate(ends):
            below = replace(dot, below=index > 0)
            yield from _dot_label(end_text(line), line, below, frame, placer, far=True)
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
        if zone not in edge_zones(chart):
            yield from _zone_name_inside(zone, frame, placer)


def _sampled_lines(chart: LineChart, frame: PlotFrame) -> Iterator[tuple[float, float]]:
    """Points of what is drawn between the dots."""
    for line in chart.lines:
        for run in line.runs:
            for position, value in points_between(run, SAMPLES):
                yield frame.x(position), frame.y(value)
    for band in chart.bands:
        for position, low, high in band.edges:
            yield from ((frame.x(position), frame.y(value)) for value in (low, high))


def _labels_beside(ended: Sequence[tuple[Line, Dot]], frame: PlotFrame) -> Iterator[Dict]:
    """The names of lines right of the plot, moved apart."""
    texts = [end_text(line) for line, _dot in ended]
    size = max([1, *(text.count("<br>") + 1 for text in texts)]) * LABEL_HEIGHT
    middles = [frame.y(dot.value) for _line, dot in ended]
    for text, y in zip(texts, spread_pixels(middles, size, frame.height), strict=True):
        at = {"xanchor": "left", "align": "left", "xshift": LABEL_SHIFT}
        yield annotation(text, frame.right, frame.value(y), font={"size": FONT_SIZE}, **at)


def _dot_label(
    text: str, line: Line, dot: Dot, frame: PlotFrame, placer: LabelPlacer, *, far: bool
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


def _band_label(band: ValueBand, frame: PlotFrame, placer: LabelPlacer) -> Iterator[Dict]:
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


def _line_name(line: ReferenceLine, frame: PlotFrame, placer: LabelPlacer) -> Iterator[Dict]:
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
    name: str, value: float, box: LabelBox, y: float, frame: PlotFrame, note: str
) -> Dict:
    """A quiet text that begins at the left end of its box."""
    shift = {"xanchor": "left", "xshift": 2, "yshift": (box.low + box.high) / 2 - y}
    left = box.left / frame.step - 0.5
    return annotation(escaped(name), left, value, **shift, **quiet_look(note))


def zone_names(chart: LineChart, frame: PlotFrame) -> Iterator[Dict]:
    """The names of the zones at the right end, in the middle of each and moved apart."""
    zones = edge_zones(chart)
    names = [zone_name(zone) for zone in zones]
    size = LABEL_HEIGHT * max([1, *(name.count("<br>") + 1 for name in names)])
    middles = [frame.y((zone.low + zone.high) / 2) for zone in zones]
    for zone, name, y in zip(zones, names, spread_pixels(middles, size, frame.height), strict=True):
        at = {"xanchor": "left", "xshift": LABEL_SHIFT / 2, "align": "left"}
        look = quiet_look(zone.tooltip) | {"opacity": 0.85}
        yield annotation(name, frame.right, frame.value(y), **at, **look)


def _zone_name_inside(zone: LevelZone, frame: PlotFrame, placer: LabelPlacer) -> Iterator[Dict]:
    """The name of a zone that was valid earlier, where it is free."""
    low, high = frame.y(zone.low), frame.y(zone.high)
    size = text_width(zone.name) + 4, LABEL_HEIGHT
    heights = [(low + high) / 2, high - LABEL_HEIGHT / 2, low + LABEL_HEIGHT / 2]
    fitting = [y for y in heights if low <= y - LABEL_HEIGHT / 2 and y + LABEL_HEIGHT / 2 <= high]
    edges = frame.x(zone.left), frame.x(zone.right)
    if box := placer.place(run_boxes(*edges, fitting, size, frame.step / 4)):
        middle = (zone.low + zone.high) / 2
        yield _run_annotation(zone.name, middle, box, frame.y(middle), frame, zone.tooltip)
