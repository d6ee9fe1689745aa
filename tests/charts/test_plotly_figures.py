"""Charts as Plotly draws them: what stands where, for one year, many, holes and nonsense in texts."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from ita.charts.plotly_figures import plotly_figure
from ita.charts.values import (
    Bar,
    BarChart,
    Dot,
    LevelZone,
    Line,
    LineChart,
    Mark,
    ReferenceLine,
    ValueBand,
)

INK = "#123456"


def _line(*values: float | None, name: str = "IIT") -> Line:
    runs: list[list[Dot]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(Dot(place, value, f"{name} {value}", str(value)))
    return Line(name, "#2F74B5", tuple(tuple(r) for r in runs if r), end_label=name)


def _chart(*lines: Line, years: int = 5, **more: Any) -> LineChart:
    categories = tuple(str(2560 + n) for n in range(years))
    return LineChart("title", "alt", categories, 60, 100, lines, **more)


def _drawn(chart: LineChart | BarChart) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(plotly_figure(chart, INK).to_json())
    return found


def _notes(chart: LineChart | BarChart) -> list[str]:
    return [note["text"] for note in _drawn(chart)["layout"].get("annotations", [])]


@pytest.mark.parametrize("years", [1, 2, 15])
def test_every_value_stands_at_its_year(years: int) -> None:
    values = [70.0 + n for n in range(years)]
    (trace,) = _drawn(_chart(_line(*values), years=years))["data"]
    assert dict(zip(trace["x"], trace["y"], strict=True)) == {
        str(2560 + n): value for n, value in enumerate(values)
    }


def test_a_hole_parts_the_line() -> None:
    first, second = _drawn(_chart(_line(70, 71, None, 73, 74)))["data"]
    assert (first["x"], second["x"]) == (["2560", "2561"], ["2563", "2564"])


def test_computed_values_are_hollow() -> None:
    run = (Dot(0, 70, "published"), Dot(1, 71, "computed", hollow=True))
    (trace,) = _drawn(_chart(Line("IIT", "#000000", (run,))))["data"]
    assert trace["marker"]["symbol"] == ["circle", "circle-open"]


def test_names_stand_at_the_ends_of_lines_apart_and_need_no_legend() -> None:
    lines = [_line(80, 80, 80, 80, 80, name=name) for name in ("IIT", "EIT", "OIT")]
    drawn = _drawn(_chart(*lines))
    ends = [note for note in drawn["layout"]["annotations"] if "IT" in note["text"]]
    heights = sorted(note["y"] for note in ends)
    assert len(ends) == 3
    assert heights[1] - heights[0] == pytest.approx(heights[2] - heights[1])
    assert heights[1] - heights[0] > 1
    assert drawn["layout"]["showlegend"] is False


def test_a_break_an_event_and_a_level_are_drawn_with_their_signs() -> None:
    chart = _chart(
        _line(80, 81),
        marks=(
            Mark(0.5, "(1)", "rules changed", "#B23A48", True),
            Mark(1.2, "ก", "event", "#6B5FB0"),
        ),
        reference_lines=(ReferenceLine(-0.5, 1.5, 85, "ผ่าน"),),
    )
    shapes = _drawn(chart)["layout"]["shapes"]
    # Only what parts years that can't be compared goes through the plot; on the axis each has a circle.
    upright = [shape["x0"] for shape in shapes if shape["line"].get("dash") == "dash"]
    assert upright == [0.5]
    assert [s["xanchor"] for s in shapes if s["type"] == "circle"] == [0.5, 1.2]
    assert [s["y0"] for s in shapes if s["line"]["width"] == 1] == [85]
    assert {"1", "ก", "ผ่าน"} <= set(_notes(chart))


def test_zones_stand_for_reference_lines_with_their_names_beside_the_plot() -> None:
    zones = (LevelZone(1.5, 4.5, 85, 100, "ผ่าน"), LevelZone(-0.5, 1.5, 85, 100, "A"))
    rules = (ReferenceLine(-0.5, 4.5, 85, "เกณฑ์"),)
    drawn = _drawn(_chart(_line(70, 71, 72, 73, 74), zones=zones, reference_lines=rules))["layout"]
    assert [(s["x0"], s["y0"]) for s in drawn["shapes"]] == [(1.5, 85), (-0.5, 85)]
    notes = {note["text"]: note["x"] for note in drawn["annotations"]}
    assert notes["ผ่าน"] == drawn["xaxis"]["range"][1]
    assert notes["A"] < 1.5
    assert "เกณฑ์" not in notes


def test_a_spread_covers_its_low_and_high() -> None:
    chart = _chart(
        _line(80, 81), bands=(ValueBand("range", "#777777", ((1, 81, 81), (2, 79, 84))),)
    )
    (shape,) = (s for s in _drawn(chart)["layout"]["shapes"] if s["type"] == "path")
    assert shape["path"] == "M 1,81 L 2,84 L 2,79 L 1,81 Z"


def test_bars_reach_from_start_to_end_also_downwards() -> None:
    bars = (
        Bar("2566", 0, 84, "#000000", "84.41", "2566", True),
        Bar("1", 84, 86, "#111111", "+2.00", "up"),
        Bar("2", 86, 85, "#222222", "−1.00", "down"),
    )
    chart = BarChart("t", "a", 80, 90, bars, is_waterfall=True)
    (trace,) = _drawn(chart)["data"]
    assert (trace["base"], trace["x"]) == ([0, 84, 86], [84, 2, -1])
    assert {"<b>2566</b>", "1", "−1.00"} <= set(_notes(chart))


def test_texts_are_never_markup() -> None:
    evil = '<a href="javascript:alert(1)">x</a>'
    bars = BarChart("t", "a", 0, 1, (Bar(evil, 0, 1, "#000000", evil, evil),))
    lines = _chart(_line(80, 81, name=evil), reference_lines=(ReferenceLine(0, 1, 85, evil),))
    for chart in (bars, lines):
        assert "<a" not in json.dumps(_drawn(chart))


def test_text_is_drawn_in_the_ink_of_the_page() -> None:
    chart = _chart(_line(80, 81), reference_lines=(ReferenceLine(0, 1, 85, "ผ่าน"),))
    drawn = _drawn(chart)
    assert {note["font"]["color"] for note in drawn["layout"]["annotations"]} == {INK}
    assert {drawn["layout"][axis]["tickfont"]["color"] for axis in ("xaxis", "yaxis")} == {INK}


def _mark(place: float, sign: str) -> Mark:
    return Mark(place, sign, sign, "#000000")


def test_signs_that_would_touch_stand_beside_each_other() -> None:
    marks = (_mark(2.5, "(1)"), _mark(2.6, "A"), _mark(3.9, "C"))
    notes = _drawn(_chart(_line(70, 71), marks=marks))["layout"]["annotations"]
    shifts = {n["text"]: n["xshift"] for n in notes if n["text"] in ("1", "A", "C")}
    assert shifts["1"] < 0 < shifts["A"]
    assert shifts["C"] == 0


def test_the_name_of_a_level_is_short_where_the_full_one_has_no_room() -> None:
    long = ReferenceLine(
        0.5, 5.5, 85, "Passed / Passed, good (every instrument ≥ 85)", "Passed / Passed, good"
    )
    late = _chart(_line(70, 71, 72, 73, 74, 75), years=6, reference_lines=(long,))
    assert long.short_name in _notes(late)
    early = replace(late, reference_lines=(replace(long, name="Passed, good (all ≥ 85)"),))
    assert "Passed, good (all ≥ 85)" in _notes(early)


def test_a_name_at_the_end_counts_its_distance_from_the_line() -> None:
    named = Line("x", "#2F74B5", ((Dot(9, 70, "70"),),), end_label="หน่วยงาน 88.92")
    margin = _drawn(_chart(named, years=10))["layout"]["margin"]["r"]
    # A browser draws the name 102 pixels wide after its sign of 15; 9 pixels are from the line.
    assert margin > 102 + 15 + 9
