"""Chart values drawn as PNG, SVG and PDF with one typst template, without a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any, Literal

from ita.charts.label_placement import (
    LETTER_WIDTH,
    MAX_NAME_LENGTH,
    MUTED_COLOR,
    Axis,
    Obstacle,
    Obstacles,
    TypstData,
    avoid_lines,
    choose_label_offset,
    choose_name_position,
    fit_axis,
    line_obstacles,
    printable_text,
    shorten,
    spread_within_axis,
    typst_color,
    value_obstacles,
)
from ita.charts.values import (
    Bar,
    BarChart,
    CellGrid,
    Chart,
    Dot,
    GridCell,
    Line,
    LineChart,
    Mark,
    ReferenceLine,
)
from ita.config import PROJECT
from ita.formatting import no_data
from ita.i18n import _, language

# A line chart as data for the typst template, its labels placed so that they cover no lines. A share
# is 0 at the low end of the value axis and 1 at its high end. Positions on the category axis stay
# category indexes: only the template, which can measure texts, knows how wide a step is.

# Points between the low and the high end of a chart.
HEIGHT = 264.0
# Points that a label at the end of a line needs for itself.
LABEL_HEIGHT = 19.0
# Letters. A longer label at the end of a line goes to the legend; the others are shortened.
MAX_SIGN_LENGTH, MAX_VALUE_LENGTH, MAX_END_LABEL_LENGTH = 12, 32, 44


def line_chart_data(chart: LineChart) -> TypstData:
    height = HEIGHT * chart.height_factor
    axis = fit_axis(chart.low, chart.high, (dot.value for line in chart.lines for dot in line.dots))
    gap, count = LABEL_HEIGHT / height, len(chart.categories)
    obstacles = tuple(line_obstacles(chart.lines, axis))
    ends = _end_labels(chart, axis, obstacles, gap)
    # The widest line matters most and lies on top.
    lines = [
        _line(line, axis, obstacles, gap, count)
        for line in sorted(chart.lines, key=lambda line: line.width)
    ]
    with_values = (*obstacles, *_value_obstacles(lines, gap, count))
    notes = {_note(mark): mark.count for mark in chart.marks}
    return {
        "kind": "lines",
        "height": height,
        "categories": [shorten(text) for text in chart.categories],
        "ticks": axis.ticks(5),
        "bands": [
            {
                "color": typst_color(band.color),
                "edges": [[p, axis.share(low), axis.share(high)] for p, low, high in band.edges],
            }
            for band in chart.bands
        ],
        "rules": [
            _reference_line(rule, axis, with_values, count - (0.85 if ends else 0.5), gap, count)
            for rule in chart.reference_lines
            if axis.low <= rule.value <= axis.high
        ],
        "marks": [*_marks(chart.marks)],
        "lines": lines,
        "ends": ends,
        "key": [*_legend(chart, bool(ends))],
        "notes": [*notes],
        "counts": [*notes.values()],
    }


def _value_obstacles(lines: Sequence[TypstData], gap: float, count: int) -> Iterator[Obstacle]:
    """The obstacles that values written at dots are for the names of reference lines."""
    for line in lines:
        for dot in (dot for run in line["runs"] for dot in run if dot["label"]):
            yield from value_obstacles(
                dot["position"] + dot["shift"], dot["at"], dot["below"], gap, count
            )


def _line(line: Line, axis: Axis, obstacles: Obstacles, gap: float, count: int) -> TypstData:
    return _line_style(line) | {
        "runs": [[_dot(dot, line, axis, obstacles, gap, count) for dot in run] for run in line.runs]
    }


def _line_style(line: Line) -> TypstData:
    return {
        "color": typst_color(line.color),
        "symbol": line.symbol.removesuffix("-open"),
        "dash": line.dash,
        "width": line.width,
        "size": line.size,
        "bare": line.hides_markers,
    }


def _dot(
    dot: Dot, line: Line, axis: Axis, obstacles: Obstacles, gap: float, count: int
) -> TypstData:
    height = axis.share(dot.value)
    shift, below = (
        choose_label_offset(dot, height, obstacles, gap, count) if dot.label else (0.0, dot.below)
    )
    return {
        "position": dot.position,
        "at": height,
        "label": shorten(dot.label, MAX_VALUE_LENGTH),
        "shift": shift,
        "below": below,
        "hollow": dot.hollow or line.symbol.endswith("-open"),
    }


def _end_labels(chart: LineChart, axis: Axis, obstacles: Obstacles, gap: float) -> list[TypstData]:
    """Names behind the last dots, moved apart; [] where they do not fit."""
    ended = chart.labelled_ends
    if (
        any(len(line.end_label) > MAX_END_LABEL_LENGTH for line, _unused in ended)
        or len(ended) * gap > 1
    ):
        return []
    end_labels = []
    for position in sorted({dot.position for _unused, dot in ended}):
        same_position = [(line, dot) for line, dot in ended if dot.position == position]
        dots = [axis.share(dot.value) for _unused, dot in same_position]
        labels = spread_within_axis(dots, gap)
        if position < len(chart.categories) - 1:
            width = (
                len(chart.categories)
                * LETTER_WIDTH
                * max(len(line.end_label) for line, _unused in same_position)
            )
            labels = avoid_lines(labels, position, width, obstacles, gap)
        for (line, _unused), dot_height, height in zip(same_position, dots, labels, strict=True):
            text = {"text": printable_text(line.end_label), "position": position}
            end_labels.append(_line_style(line) | text | {"dot": dot_height, "at": height})
    return end_labels


def _reference_line(
    line: ReferenceLine, axis: Axis, obstacles: Obstacles, edge: float, gap: float, count: int
) -> TypstData:
    """A reference line; its name is on or under it, as far left as it covers nothing."""
    height, left, right = axis.share(line.value), max(line.left, -0.5), min(line.right, edge)
    names = [shorten(name, MAX_NAME_LENGTH) for name in (line.name, line.short_name) if name]
    chosen, name_start, below = choose_name_position(
        names, height, (left, right), obstacles, gap, count
    )
    name = {"name": chosen, "name_at": name_start, "below": below}
    return {"left": left, "right": min(line.right, count - 0.5), "at": height} | name


def _marks(marks: Sequence[Mark]) -> Iterator[TypstData]:
    """Vertical lines; signs of one position are stacked."""
    for position in dict.fromkeys(mark.position for mark in marks):
        same_position = [mark for mark in marks if mark.position == position]
        yield {
            "position": position,
            "strong": any(mark.strong for mark in same_position),
            "color": typst_color(max(same_position, key=lambda mark: mark.strong).color),
            "signs": [
                {"text": shorten(mark.sign, MAX_SIGN_LENGTH), "color": typst_color(mark.color)}
                for mark in same_position
            ],
        }


def _note(mark: Mark) -> tuple[str, str]:
    """A mark's sign and note; some notes begin with their sign."""
    return shorten(mark.sign, MAX_SIGN_LENGTH), printable_text(mark.note).removeprefix(
        printable_text(mark.sign)
    ).lstrip()


def _legend(chart: LineChart, has_end_labels: bool) -> Iterator[TypstData]:
    """The legend entries of what has no label on the chart: unnamed lines, bands, hollow dots."""
    listed: set[tuple[str, str]] = set()
    for line in chart.lines:
        text = line.name if has_end_labels else line.end_label or line.name
        if (has_end_labels and line.end_label) or not text or (text, line.color) in listed:
            continue
        listed.add((text, line.color))
        yield _line_style(line) | {"sort": "line", "text": shorten(text)}
    for band in chart.bands:
        if band.name and (band.name, band.color) not in listed:
            listed.add((band.name, band.color))
            yield {"sort": "band", "color": typst_color(band.color), "text": shorten(band.name)}
    # Crosses have no inside; hollow or not, they look the same.
    filled = [
        line
        for line in chart.lines
        if not line.hides_markers and not line.symbol.startswith("x-thin")
    ]
    symbols = {dot.hollow: line.symbol for line in reversed(filled) for dot in line.dots}
    if True in symbols:
        for hollow in sorted(symbols):
            text_of_dot = _("คำนวณ") if hollow else _("ประกาศ")
            style = {"color": MUTED_COLOR, "symbol": symbols[True].removesuffix("-open"), "size": 9}
            yield style | {"sort": "dot", "hollow": hollow, "text": text_of_dot}


def chart_data(chart: Chart) -> TypstData:
    """All that the template needs of a chart, JSON-ready."""
    if isinstance(chart, LineChart):
        body = line_chart_data(chart)
    elif isinstance(chart, BarChart):
        body = _bars(chart)
    else:
        body = _grid(chart)
    head = {"title": printable_text(chart.title), "alt": printable_text(chart.alt)}
    return head | {"empty": "" if _has_content(chart) else no_data()} | body


def _has_content(chart: Chart) -> bool:
    if isinstance(chart, LineChart):
        return any(any(line.dots) for line in chart.lines) or bool(chart.bands)
    return bool(chart.bars if isinstance(chart, BarChart) else chart.rows and chart.columns)


_NO_LEGEND: TypstData = {"key": [], "notes": [], "counts": []}


def _bars(chart: BarChart) -> TypstData:
    axis = fit_axis(chart.low, chart.high, (bar.end for bar in chart.bars))
    return {
        "kind": "bars",
        "steps": chart.is_waterfall,
        "ticks": axis.ticks(6),
        "zero": axis.share(0) if axis.low < 0 < axis.high else None,
        "rules": [
            {"at": axis.share(rule.value), "name": shorten(rule.name, MAX_NAME_LENGTH)}
            for rule in chart.reference_lines
            if axis.low <= rule.value <= axis.high
        ],
        "bars": [_bar(bar, axis) for bar in chart.bars],
        **_NO_LEGEND,
    }


def _bar(bar: Bar, axis: Axis) -> TypstData:
    return {
        "category": shorten(bar.category),
        "start": axis.share(bar.start),
        "end": axis.share(bar.end),
        "back": bar.end < bar.start,
        "color": typst_color(bar.color),
        "label": shorten(bar.label, MAX_END_LABEL_LENGTH),
        "strong": bar.strong,
        "hatched": bar.hatched,
    }


def _grid(chart: CellGrid) -> TypstData:
    return {
        "kind": "grid",
        "columns": [shorten(text) for text in chart.columns],
        "rows": [
            {"name": shorten(name), "cells": [_cell(cell) for cell in cells]}
            for name, cells in chart.rows
        ],
        **_NO_LEGEND,
    }


def _cell(cell: GridCell) -> TypstData:
    filled = cell.value is not None and bool(cell.color)
    return {
        "text": shorten(cell.text),
        "color": typst_color(cell.color) if filled else None,
        "ink": typst_color(cell.text_color) if filled and cell.text_color else None,
    }


# Rendering. typst is imported with the first file, not with the program. The template's own texts (what
# a hollow dot means) are in the current `ita.i18n.language()`.

# Templates of all that is printed lie in several rooms of it.
ROOT = PROJECT
FONTS = PROJECT / "ita" / "fonts"
TEMPLATE = Path(__file__).parent / "sheet.typ"
# Two dots for each pixel of a screen: a chart is 1,920 dots wide.
DOTS_PER_INCH = 192
Format = Literal["png", "svg", "pdf"]


@dataclass(frozen=True)
class Caption:
    """The caption under a chart on paper, as finished phrases: source, day of the data, URL."""

    source: str
    data_date: str
    link: str = ""


def png_bytes(chart: Chart, caption: Caption) -> bytes:
    return _compile(chart, caption, "png")


def svg_bytes(chart: Chart, caption: Caption) -> bytes:
    """An SVG with letters as outlines, the same on every machine, and title and desc for readers."""
    svg = _compile(chart, caption, "svg").decode("utf-8")
    opening, inner = svg.split(">", 1)
    title, alt = (escape(printable_text(text), quote=False) for text in (chart.title, chart.alt))
    words = f"<title>{title}</title><desc>{alt}</desc>"
    return f'{opening} role="img">{words}{inner}'.encode()


def pdf_bytes(chart: Chart, caption: Caption) -> bytes:
    return _compile(chart, caption, "pdf")


def _compile(chart: Chart, caption: Caption, file_format: Format) -> bytes:
    caption_texts = {name: printable_text(text) for name, text in asdict(caption).items()}
    data = json.dumps({"chart": chart_data(chart), "caption": caption_texts}, allow_nan=False)
    inputs = {"language": language(), "data": data}
    return compile_template(TEMPLATE, inputs, file_format, ppi=DOTS_PER_INCH)


def compile_template(
    template: Path, inputs: Mapping[str, str], file_format: Format, **options: Any
) -> bytes:
    """A template of typst as a file, in our fonts alone. inputs: texts, which travel as data and are never
    read as typst's code. options: others of `typst.compile`.

    Raises:
        RuntimeError: typst can't draw it; `diagnostic` says what.
    """
    # Here, so that a start doesn't pay for it.
    import typst

    content: bytes = typst.compile(
        str(template),
        root=str(ROOT),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format=file_format,
        sys_inputs=dict(inputs),
        **options,
    )
    return content
