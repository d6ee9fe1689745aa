"""Chart values as plain data for the typst template, fit for JSON."""

from __future__ import annotations

from ita.charts.axis import LONGEST_NAME, Axis, Data, axis_over, color, plain, short
from ita.charts.line_drawing import LONGEST_END, lines_drawing
from ita.charts.values import Bar, BarChart, Cell, CellGrid, Chart, LineChart
from ita.wording import no_data


def drawing(chart: Chart) -> Data:
    """All that the template draws of a chart, fit for JSON."""
    if isinstance(chart, LineChart):
        found = lines_drawing(chart)
    elif isinstance(chart, BarChart):
        found = _bars(chart)
    else:
        found = _grid(chart)
    shown = {"title": plain(chart.title), "alt": plain(chart.alt)}
    return shown | {"empty": "" if _holds(chart) else no_data()} | found


def _holds(chart: Chart) -> bool:
    """Whether there is anything to see."""
    if isinstance(chart, LineChart):
        return any(any(line.dots) for line in chart.lines) or bool(chart.spreads)
    return bool(chart.bars if isinstance(chart, BarChart) else chart.rows and chart.columns)


def _bars(chart: BarChart) -> Data:
    axis = axis_over(chart.low, chart.high, (bar.end for bar in chart.bars))
    return {
        "kind": "bars",
        "small": False,
        "steps": chart.steps,
        "ticks": axis.ticks(6),
        "zero": axis.share(0) if axis.low < 0 < axis.high else None,
        "rules": [
            {"at": axis.share(rule.value), "name": short(rule.name, LONGEST_NAME)}
            for rule in chart.rules
            if axis.low <= rule.value <= axis.high
        ],
        "bars": [_bar(bar, axis) for bar in chart.bars],
        "key": [],
        "notes": [],
        "counts": [],
    }


def _bar(bar: Bar, axis: Axis) -> Data:
    return {
        "category": short(bar.category),
        "start": axis.share(bar.start),
        "end": axis.share(bar.end),
        "back": bar.end < bar.start,
        "color": color(bar.color),
        "label": short(bar.label, LONGEST_END),
        "strong": bar.strong,
        "hatched": bar.hatched,
    }


def _grid(chart: CellGrid) -> Data:
    return {
        "kind": "grid",
        "small": False,
        "columns": [short(text) for text in chart.columns],
        "rows": [
            {"name": short(name), "cells": [_cell(cell) for cell in cells]}
            for name, cells in chart.rows
        ],
        "key": [],
        "notes": [],
        "counts": [],
    }


def _cell(cell: Cell) -> Data:
    filled = cell.value is not None and bool(cell.color)
    return {
        "text": short(cell.text),
        "color": color(cell.color) if filled else None,
        "ink": color(cell.ink) if filled and cell.ink else None,
    }
