"""A chart of lines as data for the template: where labels and names stand without covering lines.

A share is 0 at the low end of the value axis and 1 at its high end. Places stay places; how wide a
step is, only the template knows, which can measure texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ita.charts.axis import LONGEST_NAME, QUIET, Axis, Data, axis_over, color, plain, short
from ita.charts.spots import (
    LETTER,
    Spot,
    Spots,
    held,
    label_spot,
    line_spots,
    moved_aside,
    name_spot,
    value_spots,
)
from ita.charts.values import Dot, Line, LineChart, Mark, Rule
from ita.wording import say

HEIGHT, SMALL_HEIGHT = 264.0, 120.0
"""Points between the low and the high end of a chart, and of one of several on a page."""
LABEL_HEIGHT = 19.0
"""Points that a label at the end of a line needs for itself."""
LONGEST_SIGN, LONGEST_VALUE, LONGEST_END = 12, 32, 44
"""Letters. A longer text at the end of a line goes to the key; the others are shortened."""


def lines_drawing(chart: LineChart) -> Data:
    height = (SMALL_HEIGHT if chart.small else HEIGHT) * chart.tall
    axis = axis_over(
        chart.low, chart.high, (dot.value for line in chart.lines for dot in line.dots)
    )
    gap, count = LABEL_HEIGHT / height, len(chart.categories)
    taken = tuple(line_spots(chart.lines, axis))
    ends = _ends(chart, axis, taken, gap)
    # The widest line matters most and lies on top.
    lines = [
        _line(line, axis, taken, gap, count)
        for line in sorted(chart.lines, key=lambda line: line.width)
    ]
    covered = (*taken, *_value_spots(lines, gap, count))
    notes = {_note(mark): mark.count for mark in chart.marks}
    return {
        "kind": "lines",
        "small": chart.small,
        "height": height,
        "categories": [short(text) for text in chart.categories],
        "ticks": axis.ticks(3 if chart.small else 5),
        "spreads": [
            {
                "color": color(spread.color),
                "edges": [[p, axis.share(low), axis.share(high)] for p, low, high in spread.edges],
            }
            for spread in chart.spreads
        ],
        "rules": [
            _rule(rule, axis, covered, count - (0.85 if ends else 0.5), gap, count)
            for rule in chart.rules
            if axis.low <= rule.value <= axis.high
        ],
        "marks": [*_marks(chart.marks)],
        "lines": lines,
        "ends": ends,
        "key": [*_key(chart, bool(ends))],
        "notes": [*notes],
        "counts": [*notes.values()],
    }


def _value_spots(lines: Sequence[Data], gap: float, count: int) -> Iterator[Spot]:
    """Where scores are written at dots, so that the name of a level line keeps off them."""
    for line in lines:
        for dot in (dot for run in line["runs"] for dot in run if dot["label"]):
            yield from value_spots(dot["place"] + dot["shift"], dot["at"], dot["below"], gap, count)


def _line(line: Line, axis: Axis, taken: Spots, gap: float, count: int) -> Data:
    return _look(line) | {
        "runs": [[_dot(dot, line, axis, taken, gap, count) for dot in run] for run in line.runs]
    }


def _look(line: Line) -> Data:
    return {
        "color": color(line.color),
        "symbol": line.symbol.removesuffix("-open"),
        "dash": line.dash,
        "width": line.width,
        "size": line.size,
        "bare": line.bare,
    }


def _dot(dot: Dot, line: Line, axis: Axis, taken: Spots, gap: float, count: int) -> Data:
    at = axis.share(dot.value)
    shift, below = label_spot(dot, at, taken, gap, count) if dot.label else (0.0, dot.below)
    return {
        "place": dot.place,
        "at": at,
        "label": short(dot.label, LONGEST_VALUE),
        "shift": shift,
        "below": below,
        "hollow": dot.hollow or line.symbol.endswith("-open"),
    }


def _ends(chart: LineChart, axis: Axis, taken: Spots, gap: float) -> list[Data]:
    """Names behind the last dots, moved apart; none at all where they find no room."""
    ended = [(line, [*line.dots][-1]) for line in chart.lines if line.end_label and any(line.dots)]
    if any(len(line.end_label) > LONGEST_END for line, _ in ended) or len(ended) * gap > 1:
        return []
    found = []
    for place in sorted({dot.place for _, dot in ended}):
        here = [(line, dot) for line, dot in ended if dot.place == place]
        dots = [axis.share(dot.value) for _, dot in here]
        labels = held(dots, gap)
        if place < len(chart.categories) - 1:
            wide = len(chart.categories) * LETTER * max(len(line.end_label) for line, _ in here)
            labels = moved_aside(labels, place, wide, taken, gap)
        for (line, _), dot_at, at in zip(here, dots, labels, strict=True):
            text = {"text": plain(line.end_label), "place": place}
            found.append(_look(line) | text | {"dot": dot_at, "at": at})
    return found


def _rule(rule: Rule, axis: Axis, taken: Spots, edge: float, gap: float, count: int) -> Data:
    """A level line; its name stands on it or under it, as far left as it covers nothing."""
    at, left, right = axis.share(rule.value), max(rule.left, -0.5), min(rule.right, edge)
    names = [short(name, LONGEST_NAME) for name in (rule.name, rule.short) if name]
    chosen, name_at, below = name_spot(names, at, (left, right), taken, gap, count)
    name = {"name": chosen, "name_at": name_at, "below": below}
    return {"left": left, "right": min(rule.right, count - 0.5), "at": at} | name


def _marks(marks: Sequence[Mark]) -> Iterator[Data]:
    """Upright lines; signs of the same place stand above each other."""
    for place in dict.fromkeys(mark.place for mark in marks):
        here = [mark for mark in marks if mark.place == place]
        yield {
            "place": place,
            "strong": any(mark.strong for mark in here),
            "color": color(max(here, key=lambda mark: mark.strong).color),
            "signs": [
                {"text": short(mark.sign, LONGEST_SIGN), "color": color(mark.color)}
                for mark in here
            ],
        }


def _note(mark: Mark) -> tuple[str, str]:
    """A mark's sign and sentence; some sentences begin with their sign."""
    return short(mark.sign, LONGEST_SIGN), plain(mark.said).removeprefix(plain(mark.sign)).lstrip()


def _key(chart: LineChart, direct: bool) -> Iterator[Data]:
    """What the chart doesn't say where it stands: unnamed lines, bands, hollow dots."""
    named: set[tuple[str, str]] = set()
    for line in chart.lines:
        text = line.name if direct else line.end_label or line.name
        if (direct and line.end_label) or not text or (text, line.color) in named:
            continue
        named.add((text, line.color))
        yield _look(line) | {"sort": "line", "text": short(text)}
    for spread in chart.spreads:
        if spread.name and (spread.name, spread.color) not in named:
            named.add((spread.name, spread.color))
            yield {"sort": "band", "color": color(spread.color), "text": short(spread.name)}
    # Crosses have no inside; hollow or not, they look the same.
    full = [line for line in chart.lines if not line.bare and not line.symbol.startswith("x-thin")]
    seen = {dot.hollow: line.symbol for line in reversed(full) for dot in line.dots}
    if True in seen:
        for hollow in sorted(seen):
            said = say("คำนวณ") if hollow else say("ประกาศ")
            look = {"color": QUIET, "symbol": seen[True].removesuffix("-open"), "size": 9}
            yield look | {"sort": "dot", "hollow": hollow, "text": said}
