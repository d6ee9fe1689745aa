"""Chart values as Plotly figures for the screen; ground and text colour come from the page's theme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape
from textwrap import wrap
from typing import Any
from unicodedata import category

import plotly.graph_objects as go

from ita.charts.values import Bar, BarChart, Line, LineChart, Mark, Rule, Spread, spread_labels
from ita.style import FONT, LINE_COLOR

LINE_HEIGHT, SMALL_HEIGHT, BAR_HEIGHT = 430, 170, 46
"""Pixels: of a chart, of one of several, of one bar with its name above it."""
LABEL_HEIGHT = 19
"""Pixels that a label at the end of a line needs for itself."""
LABEL_SHIFT = 9
"""Pixels from the end of a line to its label."""
LETTER_WIDTH = 6.8
PHONE_WIDTH = 240
"""Pixels that the places of a chart share on the narrowest screen."""
CLOSE, SIGN_HEIGHT = 0.75, 17
"""Places between two marks whose signs would touch there, and pixels by which one then stands higher."""
ALONE = 0.2
"""Steps to either side that the band of a single year takes."""
MOST_FULL_NAMES = 6
"""Beyond so many categories the whole name of a level line would run over those of others."""
RULE_SIZE = 12
"""Size of the name of a level line, in pixels; labels at the ends of lines have 14."""
TOLD_WIDTH = 46
"""Letters in a line of what is said of something that is pointed at."""
SYMBOLS = {"circle": "●", "square": "■", "triangle-up": "▲", "diamond": "◆"}
KEPT = 128
Dict = dict[str, Any]
Drawn = tuple[list[Dict], Dict]
"""Traces and layout, as Plotly takes them."""


@lru_cache(maxsize=KEPT)
def figure(chart: LineChart | BarChart, ink: str) -> go.Figure:
    """The figure of a chart; the same value is drawn on paper elsewhere. ink: colour of its text.

    Kept, because Plotly checks every property when a figure is made; it is only read afterwards.
    """
    traces, layout = _lines(chart) if isinstance(chart, LineChart) else _bars(chart)
    # Streamlit's template greys texts beyond what can be read well.
    for note in layout["annotations"]:
        note["font"].setdefault("color", ink)
        if "hoverlabel" in note:
            note["hoverlabel"]["font"]["color"] = ink
    for trace in traces:
        trace["textfont"] = {"size": 14, "color": ink}
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


def _note(text: str, x: float, y: float, **more: Any) -> Dict:
    """A text on the chart. Plotly reads some HTML in every text, so ours comes escaped."""
    return {"text": text, "x": x, "y": y, "showarrow": False, **more}


def _plain(text: str) -> str:
    return escape(text, quote=False)


def _folded(text: str) -> str:
    """A text in lines that a phone is wide enough for; Plotly breaks none itself."""
    return "<br>".join(map(_plain, wrap(text, TOLD_WIDTH, tabsize=1)))


def _pointed_at(told: str) -> Dict:
    """What a text on the chart says when it is pointed at or tapped."""
    if not told:
        return {}
    return {"hovertext": _folded(told), "hoverlabel": {"font": {"family": FONT, "size": 14}}}


def _lines(chart: LineChart) -> Drawn:
    """Lines over categories. Names stand at the lines' ends, so no legend is needed."""
    height = SMALL_HEIGHT if chart.small else round(LINE_HEIGHT * chart.tall)
    ends = tuple(_end_labels(chart, height))
    # Names at the very end stand where the last half step would be empty, and beyond it.
    last = len(chart.categories) - 1
    beyond = [text for text, place, _ in ends if place == last]
    right = last + (0.15 if beyond else 0.5)
    step = PHONE_WIDTH / len(chart.categories)
    room = (_width(text) - (right - place) * step for text, place, _ in ends)
    margin = 12 + LABEL_SHIFT + max([0.0, *room])
    layout = _layout(height, margin) | {
        "shapes": [
            *map(_spread, chart.spreads),
            *(_rule_line(rule, right) for rule in chart.rules),
            *map(_mark_line, chart.marks),
        ],
        "annotations": [
            *(
                _line_name(rule, chart, height, (right - rule.left) * step + margin)
                for rule in chart.rules
            ),
            *_mark_signs(chart.marks),
            *(
                _note(t, x, y, xanchor="left", xshift=LABEL_SHIFT, font={"size": 14})
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
            mode = "lines" if line.bare else "lines+markers"
            yield {
                "type": "scatter",
                "x": [chart.categories[dot.place] for dot in run],
                "y": [dot.value for dot in run],
                "name": _plain(line.name),
                "mode": f"{mode}+text" if labelled else mode,
                "text": [dot.label for dot in run] if labelled else None,
                "textposition": [f"{'bottom' if dot.below else 'top'} center" for dot in run],
                "cliponaxis": False,
                "line": {"color": line.color, "width": line.width, "dash": line.dash},
                "marker": _marker(line, [dot.hollow for dot in run]),
                "customdata": [_folded(dot.told) for dot in run],
                "hovertemplate": "%{customdata}<extra></extra>",
            }


def _marker(line: Line, hollow: Sequence[bool]) -> Dict:
    return {
        "symbol": [f"{line.symbol}-open" if open_ else line.symbol for open_ in hollow],
        "size": line.size,
        "color": line.color,
        "line": {"width": 2, "color": line.color},
    }


def _spread(spread: Spread) -> Dict:
    """The area of a band, up one side and back the other.

    A shape, because a trace would take a place between two categories for a category of its own.
    """
    edges = spread.edges
    if len(edges) == 1:  # one year alone would be an area without width
        ((place, low, high),) = edges
        edges = ((place - ALONE, low, high), (place + ALONE, low, high))
    there = [(place, high) for place, _, high in edges]
    back = [(place, low) for place, low, _ in reversed(edges)]
    path = " L ".join(f"{place:g},{value:g}" for place, value in there + back)
    return {
        "type": "path",
        "path": f"M {path} Z",
        "fillcolor": spread.color,
        "opacity": 0.25,
        "line": {"width": 0},
        "layer": "below",
    }


def _end_labels(chart: LineChart, height: int) -> Iterator[tuple[str, float, float]]:
    """Text, place and height of the names at the ends of lines, moved apart where they would meet."""
    ended = [(line, dots[-1]) for line in chart.lines if line.end_label and (dots := [*line.dots])]
    gap = LABEL_HEIGHT * (chart.high - chart.low) / (height - 60)
    for place in sorted({dot.place for _, dot in ended}):
        here = [(line, dot) for line, dot in ended if dot.place == place]
        heights = spread_labels([dot.value for _, dot in here], gap)
        for (line, _), y in zip(here, heights, strict=True):
            sign = SYMBOLS.get(line.symbol, "")
            yield (
                f'<span style="color:{line.color}">{sign}</span> {_plain(line.end_label)}',
                place,
                y,
            )


def _width(text: str) -> float:
    """About how wide a label is in pixels; signs above and below a Thai letter take no width."""
    shown = text.rsplit("</span>", maxsplit=1)[-1]
    return LETTER_WIDTH * (2 + sum(category(letter) != "Mn" for letter in shown))


def _rule_line(rule: Rule, right: float) -> Dict:
    return {
        "type": "line",
        "x0": rule.left,
        "x1": min(rule.right, right),
        "y0": rule.value,
        "y1": rule.value,
        "line": {"color": LINE_COLOR, "width": 1},
        "layer": "below",
    }


def _line_name(rule: Rule, chart: LineChart, height: int, room: float) -> Dict:
    """The name of a level line: in short where the years leave no room, and on the side of the line
    on which fewer scores and their labels stand. room: pixels to the chart's edge on a phone."""
    wide = _width(rule.name) * RULE_SIZE / 14 > room
    crowded = wide or len(chart.categories) > MOST_FULL_NAMES
    name = rule.short if crowded and rule.short else rule.name
    gap = LABEL_HEIGHT * (chart.high - chart.low) / (height - 60)
    drawn = [dot for line in chart.lines for dot in line.dots if rule.left < dot.place < rule.right]
    labels = [dot.value - gap if dot.below else dot.value + gap for dot in drawn if dot.label]
    heights = [dot.value for dot in drawn] + labels
    above = sum(0 <= at - rule.value < 1.5 * gap for at in heights)
    below = sum(0 < rule.value - at < 1.5 * gap for at in heights)
    under = above > below
    shown = _rule_name(replace(rule, name=name))
    return shown | {"yanchor": "top" if under else "bottom"}


def _rule_name(rule: Rule) -> Dict:
    quiet = {"font": {"size": RULE_SIZE}, "opacity": 0.75, **_pointed_at(rule.told)}
    return _note(
        _plain(rule.name),
        rule.left,
        rule.value,
        xanchor="left",
        yanchor="bottom",
        xshift=3,
        **quiet,
    )


def _mark_line(mark: Mark) -> Dict:
    dash = "dash" if mark.strong else "dot"
    return {
        "type": "line",
        "x0": mark.place,
        "x1": mark.place,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": mark.color, "width": 1.5, "dash": dash},
    }


def _mark_signs(marks: Sequence[Mark]) -> Iterator[Dict]:
    """Signs above their lines; where two would touch, every second one stands higher."""
    before, high = -CLOSE, False
    for mark in sorted(marks, key=lambda mark: mark.place):
        high = not high and mark.place - before < CLOSE
        before = mark.place
        yield _note(
            _plain(mark.sign),
            mark.place,
            1,
            yref="paper",
            yanchor="bottom",
            yshift=SIGN_HEIGHT * high,
            font={"size": 13, "color": mark.color},
            **_pointed_at(" · ".join(filter(None, (mark.said, mark.source)))),
        )


def _bars(chart: BarChart) -> Drawn:
    """Lying bars, the first on top. A bar's name stands above it, so a phone loses no width."""
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
        "customdata": [_plain(bar.told) for bar in chart.bars],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    widest = max((_width(bar.label) for bar in chart.bars), default=0)
    notes = (n for place, bar in enumerate(chart.bars) for n in _bar_notes(place, bar, chart.low))
    layout = _layout(count * BAR_HEIGHT + 56, widest) | {
        "hovermode": "closest",
        "shapes": [*map(_upright, chart.rules), *(_joints(chart.bars) if chart.steps else ())],
        "annotations": [*map(_upright_name, chart.rules), *notes],
        "xaxis": {"range": [chart.low, chart.high], "fixedrange": True, "showgrid": False},
        "yaxis": {"range": [count - 0.6, -0.85], "fixedrange": True, "visible": False},
    }
    return [trace], layout


def _bar_notes(place: int, bar: Bar, low: float) -> Iterator[Dict]:
    name, label = _plain(bar.category), _plain(bar.label)
    if bar.strong:
        name, label = f"<b>{name}</b>", f"<b>{label}</b>"
    yield _note(name, low, place - 0.48, xanchor="left", font={"size": 14})
    yield _note(label, max(bar.start, bar.end), place, xanchor="left", xshift=4, font={"size": 14})


def _joints(bars: Sequence[Bar]) -> Iterator[Dict]:
    for place, bar in enumerate(bars[:-1]):
        yield {
            "type": "line",
            "x0": bar.end,
            "x1": bar.end,
            "y0": place - 0.19,
            "y1": place + 1.19,
            "line": {"color": LINE_COLOR, "width": 1, "dash": "dot"},
        }


def _upright(rule: Rule) -> Dict:
    return {
        "type": "line",
        "x0": rule.value,
        "x1": rule.value,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": LINE_COLOR, "width": 1},
        "layer": "below",
    }


def _upright_name(rule: Rule) -> Dict:
    quiet = {"font": {"size": RULE_SIZE}, "opacity": 0.75, **_pointed_at(rule.told)}
    return _note(_plain(rule.name), rule.value, 1, yref="paper", yanchor="bottom", **quiet)
