"""Labels of a chart on the screen cover no mark and no other label and stay on the picture, whatever the
series and however wide the screen."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

import pytest

from ita.charts.plotly_frame import PHONE_WIDTH
from ita.charts.plotly_lines import lines_figure
from ita.charts.plotly_parts import LABEL_HEIGHT, Dict, text_width
from ita.charts.values import Dot, LevelZone, Line, LineChart, Mark, ReferenceLine, ValueBand

LOW, HIGH = 60.0, 101.5
NAMES = ("คะแนนรวม", "เฉลี่ยประเทศ", "IIT", "เทศบาลตำบลหนองบัว", "อบต. ทุ่ง")
LEVELS = ((95, "ผ่านดีเยี่ยม"), (85, "ผ่าน / ผ่านดี"), (70, "ต้องปรับปรุง"), (0, "ต้องปรับปรุงโดยด่วน"))


@dataclass(frozen=True)
class _Rectangle:
    text: str
    left: float
    right: float
    low: float
    high: float

    def touches(self, other: _Rectangle) -> bool:
        return (
            min(self.right, other.right) - max(self.left, other.left) > 0.01
            and min(self.high, other.high) - max(self.low, other.low) > 0.01
        )


def _series(dice: random.Random, years: int) -> tuple[tuple[Dot, ...], ...]:
    """Runs of values over years with holes; now and then all equal, at the top or the bottom."""
    level, spread = dice.choice([(99, 1), (62, 2), (85, 12), (80, 20), (90, 0)])
    last_labelled = dice.random() < 0.3
    runs: list[list[Dot]] = [[]]
    for position in range(years):
        if dice.random() < 0.15:
            runs.append([])
            continue
        value = min(100.0, max(LOW, level + dice.uniform(-spread, spread)))
        label = f"{value:.2f}" if position < years - 1 or last_labelled else ""
        runs[-1].append(Dot(position, value, "", label, below=dice.random() < 0.5))
    return tuple(tuple(run) for run in runs if run)


def _chart(seed: int) -> LineChart:
    dice = random.Random(seed)
    years = dice.randint(1, 15)
    lines = []
    for name in dice.sample(NAMES, dice.randint(1, 5)):
        runs = _series(dice, years)
        if runs:
            value = runs[-1][-1].value
            symbol, size = dice.choice([("circle", 11), ("x-thin-open", 8), ("square", 9)])
            lines.append(
                Line(name, "#2F74B5", runs, symbol, end_label=f"{name}\n{value:.2f}", size=size)
            )
    ahead = dice.random() < 0.5
    categories = years + ahead
    right, era = categories - 0.5, dice.randint(0, categories - 1) - 0.5
    bounds = [*zip((HIGH, *(start for start, _ in LEVELS)), LEVELS, strict=False)]
    zones = [
        LevelZone(era, right, max(LOW, s), end, name) for end, (s, name) in bounds if end > LOW
    ]
    if era > 0:
        zones += [LevelZone(-0.5, era, 85, HIGH, "A"), LevelZone(-0.5, era, LOW, 85, "B")]
    rules = [ReferenceLine(era, right, float(s), name, name[:4]) for s, name in LEVELS if s > LOW]
    band = ValueBand("x", "#2F74B5", ((years - 1, 85, 85), (years, 80, 97)), "คาด 80–97")
    marks = [
        Mark(dice.uniform(-0.5, right), sign, sign, "#6B5FB0")
        for sign in ("(1)", "ก", "ข", "ค–จ", "(2)")[: dice.randint(0, 5)]
    ]
    words = (
        tuple(f"FY{2553 + n} ({2010 + n})" for n in range(categories))
        if dice.random() < 0.3
        else tuple(str(2553 + n) for n in range(categories))
    )
    return LineChart(
        "t",
        "a",
        words,
        LOW,
        HIGH,
        tuple(lines),
        (band,) if ahead else (),
        tuple(rules),
        tuple(marks),
        tuple(zones) if dice.random() < 0.6 else (),
    )


@lru_cache(maxsize=1)
def _figure(chart: LineChart) -> tuple[list[Dict], Dict]:
    return lines_figure(chart)


def _drawn(
    chart: LineChart, width: float
) -> tuple[_Rectangle, list[_Rectangle], list[_Rectangle], list[_Rectangle]]:
    """The plot, the dots, the labels in and beside it, the signs under it, in pixels as a browser has
    them."""
    traces, layout = _figure(chart)
    margin, height = layout["margin"], layout["height"]
    bottom = margin["b"]
    inner_width = width - margin["l"] - margin["r"]
    inner_height = height - margin["t"] - bottom
    base = bottom + inner_height * layout["yaxis"]["domain"][0]
    left, right = layout["xaxis"]["range"]
    step = inner_width / (right - left)

    def x(position: float) -> float:
        return float(margin["l"] + (position - left) * step)

    def y(value: float) -> float:
        share = (value - chart.low) / (chart.high - chart.low)
        return float(base + share * (height - margin["t"] - base))

    plot = _Rectangle("plot", x(left), x(right), base, height - margin["t"])
    dots = [
        _around(x(chart.categories.index(category)), y(value), trace["marker"]["size"])
        for trace in traces
        for category, value in zip(trace["x"], trace["y"], strict=True)
    ]
    labels, signs = [], []
    for note in layout["annotations"]:
        if note.get("yref") == "paper":
            signs.append(_label(note, x(note["x"]), bottom))
        else:
            labels.append(_label(note, x(note["x"]), y(note["y"])))
    return plot, dots, labels, signs


def _around(x: float, y: float, size: float) -> _Rectangle:
    return _Rectangle("dot", x - size / 2, x + size / 2, y - size / 2, y + size / 2)


def _label(note: Dict, x: float, y: float) -> _Rectangle:
    width = text_width(note["text"])
    height = LABEL_HEIGHT * (note["text"].count("<br>") + 1)
    x += note.get("ax", note.get("xshift", 0))
    y += -note["ay"] if "ay" in note else note.get("yshift", 0)
    left = x if note.get("xanchor") == "left" else x - width / 2
    return _Rectangle(note["text"], left, left + width, y - height / 2, y + height / 2)


def _faults(chart: LineChart, width: float) -> Iterator[str]:
    plot, dots, labels, signs = _drawn(chart, width)
    edge = width + 0.01
    for label in labels:
        for dot in dots:
            if label.touches(dot):
                yield f"{label} covers {dot}"
        sideways = plot.left - 0.01 <= label.left and label.right <= plot.right + 0.01
        beside = label.left >= plot.right - 0.01 and label.right <= edge
        if not (sideways or beside) or label.low < plot.low - 0.01 or label.high > plot.high + 0.01:
            yield f"{label} leaves {plot}"
    for one, other in [*combinations(labels, 2), *combinations(signs, 2)]:
        if one.touches(other):
            yield f"{one} covers {other}"
    for sign in signs:
        if sign.left < plot.left or sign.right > plot.right:
            yield f"{sign} leaves the strip"


def _check(seeds: range) -> None:
    placed = 0
    for seed in seeds:
        chart = _chart(seed)
        for width in (PHONE_WIDTH, 430, 760, 1340):
            assert [*_faults(chart, width)] == [], (seed, width)
        placed += len(_drawn(chart, PHONE_WIDTH)[2])
    assert placed > 3 * len(seeds)


def test_labels_of_some_random_series_are_free() -> None:
    _check(range(6))


@pytest.mark.slow
def test_labels_of_many_random_series_are_free() -> None:
    _check(range(6, 500))


def test_the_last_values_are_always_written() -> None:
    for seed in range(15):
        chart = _chart(seed)
        lines = [replace(line, end_label=line.name[:8]) for line in chart.lines[:2]]
        drawn = lines_figure(replace(chart, lines=tuple(lines)))[1]["annotations"]
        for line in lines:
            assert any(line.end_label in note["text"] for note in drawn), (seed, line.end_label)
