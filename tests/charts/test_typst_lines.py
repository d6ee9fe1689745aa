"""Charts as drawn on paper: higher values stand higher, names stay apart, signs where they belong."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ita.charts.label_placement import fit_axis, typst_color
from ita.charts.typst_figures import HEIGHT, LABEL_HEIGHT, line_chart_data, png_bytes, svg_bytes
from ita.charts.values import CellGrid, Chart, GridCell, Line
from ita.i18n import language_set_to
from tests.charts.printing import CAPTION, page_of, squeezed
from tests.charts.shapes import (
    BLUE,
    BREAK,
    CASES,
    FULL,
    RED,
    WATERFALL,
    bar_chart,
    cell_grid,
    line_chart,
    line_of,
)
from tests.tiers import examples


@pytest.mark.slow
@given(st.lists(st.integers(5001, 9999), min_size=2, max_size=6, unique=True))
@settings(max_examples=examples(25), deadline=None)
def test_higher_value_is_drawn_higher(hundredths: list[int]) -> None:
    # Gaps keep labels apart from lines, so that all stand on the same side of their dots.
    values: list[float | None] = []
    for number in hundredths:
        values += [number / 100, None]
    svg = svg_bytes(
        line_chart(values, lines=(replace(line_of(values), end_label=""),)), CAPTION
    ).decode()
    dots = re.findall(rf'fill="{BLUE.lower()}"[^>]*translate\(([\d.]+) ([\d.]+)\)', svg)
    # The key names the line that has no name at its end; its mark is the first.
    across, down = zip(*[(float(x), float(y)) for x, y in dots[1:]], strict=True)
    assert list(across) == sorted(across)
    by_value = sorted(range(len(hundredths)), key=lambda n: -hundredths[n])
    assert by_value == sorted(range(len(hundredths)), key=lambda n: down[n])
    step = (down[by_value[-1]] - down[by_value[0]]) / (max(hundredths) - min(hundredths))
    assert step == pytest.approx(HEIGHT / 5150, rel=1e-3)


@given(
    st.lists(st.floats(50, 100), min_size=1, max_size=12),
    st.integers(1, 4),
)
def test_names_at_line_ends_stay_apart_and_within(values: list[float], years: int) -> None:
    lines = tuple(line_of([80.0] * (years - 1) + [v], f"เส้น {n}") for n, v in enumerate(values))
    ends = line_chart_data(line_chart([80.0] * years, lines=lines))["ends"]
    places = sorted(end["at"] for end in ends)
    gap = LABEL_HEIGHT / HEIGHT
    assert len(places) == len(values)
    assert all(high - low >= gap - 1e-9 for low, high in pairwise(places))
    assert places[0] >= -1e-9
    assert places[-1] <= 1 + 1e-9
    by_value = [end["dot"] for end in sorted(ends, key=lambda end: end["at"])]
    assert by_value == sorted(by_value)


def test_names_of_equal_lines_do_not_cover_each_other() -> None:
    lines = tuple(line_of([95.0, 100.0], name) for name in ("รวม", "IIT", "EIT", "OIT"))
    page = page_of(line_chart([95.0, 100.0], lines=lines))
    boxes = sorted((page.box(f"{line.name} 100.00") for line in lines), key=lambda box: box[1])
    assert all(lower[3] <= upper[1] for lower, upper in pairwise(boxes))


def test_too_many_or_too_long_names_go_to_a_key() -> None:
    for lines in (
        tuple(line_of([80.0 + n, 90.0], f"หน่วยงานที่ {n}") for n in range(20)),
        (line_of([80.0, 90.0], "องค์การบริหารส่วนตำบล" * 3),),
    ):
        chart = line_chart([80.0, 90.0], lines=lines)
        drawn = line_chart_data(chart)
        assert drawn["ends"] == []
        assert [entry["text"] for entry in drawn["key"]] == [line.end_label for line in lines]
        printed = squeezed(page_of(chart).text)
        assert all(squeezed(line.end_label) in printed for line in lines)


def test_no_key_where_names_stand_at_the_lines() -> None:
    assert line_chart_data(line_chart([80.0, 90.0]))["key"] == []


def test_hollow_dots_are_hollow_and_explained() -> None:
    line = line_of([80.0, 90.0, 95.0])
    dots = tuple(replace(dot, hollow=dot.position == 1) for dot in line.dots)
    svg = svg_bytes(line_chart([80.0] * 3, lines=(replace(line, runs=(dots,)),)), CAPTION).decode()
    marks = re.findall(rf'<path fill="(#\w+)"[^>]*stroke="{BLUE.lower()}"', svg)
    assert sorted(marks) == ["#2f74b5", "#2f74b5", "#2f74b5", "#ffffff"]  # with the name's own
    chart = line_chart([80.0] * 3, lines=(replace(line, runs=(dots,)),))
    assert "คำนวณ" in page_of(chart).text
    with language_set_to("en"):
        assert "computed" in page_of(chart).text


def test_lines_differ_by_dash_and_end_at_gaps() -> None:
    def dashes(dash: str) -> list[str]:
        line = line_of([80.0, 85.0, None, 90.0, 91.0], color=RED, dash=dash)
        svg = svg_bytes(line_chart([1.0] * 5, lines=(line,)), CAPTION).decode()
        drawn = re.findall(rf'<path fill="none" stroke="{RED.lower()}"([^>]*)', svg)
        assert len(drawn) == 2
        return re.findall(r'stroke-dasharray="([\d. ]+)"', drawn[0])

    found = [dashes(dash) for dash in ("solid", "dash", "dot", "dashdot")]
    assert found[0] == []
    assert len({tuple(dash) for dash in found}) == 4


def test_break_stands_between_the_years_under_its_sign() -> None:
    page = page_of(line_chart([80.0, 85.0, 86.0, 87.0], marks=(BREAK,)))
    left, bottom, right, _ = page.box("(1)")
    before, after = page.box("2554"), page.box("2555")
    assert before[2] < (left + right) / 2 < after[0]
    # What the sign stands for is said under the chart.
    assert page.box("(1)", 1)[3] < before[1] < bottom
    strong, weak = (
        re.search(
            rf'stroke="{RED.lower()}"[^>]*dasharray="([\d. ]+)"',
            svg_bytes(line_chart([80.0] * 4, marks=(replace(BREAK, strong=s),)), CAPTION).decode(),
        )
        for s in (True, False)
    )
    assert strong
    assert weak
    assert strong[1] != weak[1]


def test_signs_of_one_place_stand_above_each_other() -> None:
    page = page_of(FULL)
    first, second = page.box("(1)"), page.box("ก", page.text.count("ก", 0, page.text.index("(1)")))
    assert first[1] >= second[3] or second[1] >= first[3]


def test_label_of_a_valley_stands_under_its_dot() -> None:
    page = page_of(line_chart([90.0, 70.0, 90.5, 80.0]))
    drawn = line_chart_data(line_chart([90.0, 70.0, 90.5, 80.0]))["lines"][0]["runs"][0]
    assert [dot["below"] for dot in drawn[:3]] == [False, True, False]
    assert page.box("70.00")[3] < page.box("90.00")[1]


def test_bars_go_to_their_side_and_steps_are_joined() -> None:
    page = page_of(CASES["negative bars"])
    assert page.box("-5.90")[2] < page.box("-0.10")[0] < page.box("+5.90")[0]
    svg = svg_bytes(WATERFALL, CAPTION).decode()
    loose = svg_bytes(replace(WATERFALL, is_waterfall=False), CAPTION).decode()
    assert (
        svg.count("stroke-dasharray") - loose.count("stroke-dasharray") == len(WATERFALL.bars) - 1
    )


def test_empty_cells_have_no_ground() -> None:
    row = (
        GridCell("80.00", "", 80, RED),
        GridCell("–", "", None, RED),
        GridCell("70.00", "", 70, RED),
    )
    chart = CellGrid("ตาราง", "", ("2565", "2566", "2567"), (("รวม", row),))
    assert svg_bytes(chart, CAPTION).decode().count(f'fill="{RED.lower()}"') == 2
    assert "–" in page_of(chart).text


@pytest.mark.parametrize(
    "chart",
    [
        line_chart([], lines=()),
        line_chart([None, None], lines=(Line("รวม", BLUE, ()),)),
        bar_chart([]),
        cell_grid(0, 0),
        cell_grid(0, 5),
        cell_grid(3, 0),
    ],
)
def test_chart_without_values_says_so(chart: Chart) -> None:
    assert "ไม่มีข้อมูล" in page_of(chart).text
    assert png_bytes(chart, CAPTION)
    assert svg_bytes(chart, CAPTION)


def test_values_beyond_the_axis_widen_it() -> None:
    assert fit_axis(0, 100, [120, -5]).share(120) == 1
    assert fit_axis(0, 100, [float("nan"), 50]).high == 100
    assert [tick["text"] for tick in fit_axis(-6, 6, []).ticks(6)][:2] == ["−6", "−4"]
    assert [tick["text"] for tick in fit_axis(62, 101.5, []).ticks(5)] == ["70", "80", "90", "100"]


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 8))
def test_ticks_are_few_round_and_within(low: float, span: float, about: int) -> None:
    axis = fit_axis(low, low + span, [])
    ticks = axis.ticks(about)
    assert 1 <= len(ticks) <= 2 * about + 1
    assert all(0 <= tick["at"] <= 1 for tick in ticks)
    assert len({tick["text"] for tick in ticks}) == len(ticks)


@pytest.mark.parametrize(
    ("written", "typst"),
    [
        ("#2F74B5", "#2F74B5"),
        ("rgba(125,135,144,0.45)", "#7D879073"),
        ("rgb(1, 2, 300)", "#0102FFFF"),
        ("", "#5B6770"),
        ("red); #panic(", "#5B6770"),
    ],
)
def test_colours_of_the_screen_are_known_on_paper(written: str, typst: str) -> None:
    assert typst_color(written) == typst
