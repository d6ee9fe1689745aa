"""Chart values as JSON-ready data for the typst template."""

from __future__ import annotations

from ita.charts.axis import (
    MAX_NAME_LENGTH,
    Axis,
    TypstData,
    fit_axis,
    printable_text,
    shorten,
    typst_color,
)
from ita.charts.typst_lines import MAX_END_LABEL_LENGTH, line_chart_data
from ita.charts.values import Bar, BarChart, CellGrid, Chart, GridCell, LineChart
from ita.formatting import no_data


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


def _bars(chart: BarChart) -> TypstData:
    axis = fit_axis(chart.low, chart.high, (bar.end for bar in chart.bars))
    return {
        "kind": "bars",
        "small": False,
        "steps": chart.is_waterfall,
        "ticks": axis.ticks(6),
        "zero": axis.share(0) if axis.low < 0 < axis.high else None,
        "rules": [
            {"at": axis.share(rule.value), "name": shorten(rule.name, MAX_NAME_LENGTH)}
            for rule in chart.reference_lines
            if axis.low <= rule.value <= axis.high
        ],
        "bars": [_bar(bar, axis) for bar in chart.bars],
        "key": [],
        "notes": [],
        "counts": [],
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
        "small": False,
        "columns": [shorten(text) for text in chart.columns],
        "rows": [
            {"name": shorten(name), "cells": [_cell(cell) for cell in cells]}
            for name, cells in chart.rows
        ],
        "key": [],
        "notes": [],
        "counts": [],
    }


def _cell(cell: GridCell) -> TypstData:
    filled = cell.value is not None and bool(cell.color)
    return {
        "text": shorten(cell.text),
        "color": typst_color(cell.color) if filled else None,
        "ink": typst_color(cell.text_color) if filled and cell.text_color else None,
    }
