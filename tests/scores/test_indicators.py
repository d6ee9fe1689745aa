"""Indicators over the years against the marks of each year."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.charts.sparkline import HEIGHT, WIDTH, sparkline_svg
from ita.config import Settings
from ita.domain import FiscalYear, Instrument
from ita.reference import Reference, load_reference
from ita.scores.charts import total_chart
from ita.scores.indicator_charts import (
    DARK_SHADES,
    SHADES,
    Shade,
    common_scale,
    grid_alt,
    indicator_chart,
    indicator_file,
    indicator_grid,
    weak_sentence,
    year_zones,
    zone_text,
)
from ita.scores.indicators import (
    IndicatorTable,
    Zone,
    indicator_table,
    indicator_years,
    years_of_older_model,
    years_without_indicators,
    zone_starts,
)
from ita.scores.totals import YearScores
from ita.scores.trends import compute_trend
from tests.builders import LAST_YEAR, NEW_YEAR, reference_folder, with_new_year, year_scores

REFERENCE = load_reference(Settings().reference)
TEN = {f"ind{n}": f"{84 + n}" for n in range(1, 11)}
"""85 … 94: each has passed, none is best."""


def _table(
    *years: YearScores,
    instruments: tuple[Instrument, ...] = tuple(Instrument),
    reference: Reference = REFERENCE,
) -> IndicatorTable:
    trend = compute_trend(years, reference)
    return indicator_table(trend, indicator_years(trend, reference), instruments, reference)


# --- zones ---


@pytest.mark.parametrize(
    ("year", "score", "zone"),
    [
        (2567, "95", Zone.BEST),
        (2567, "94.995", Zone.BEST),
        (2567, "94.99", Zone.PASSED),
        (2567, "85", Zone.PASSED),
        (2567, "84.99", Zone.BELOW),
        (2567, "70", Zone.BELOW),
        (2567, "69.99", Zone.FAR),
        (2565, "74.99", Zone.FAR),
        (2565, "75", Zone.BELOW),
        (2565, "0", Zone.FAR),
    ],
)
def test_zone_follows_the_rules_of_its_year(year: int, score: str, zone: Zone) -> None:
    starts = zone_starts(REFERENCE.rules(year))
    assert starts
    assert starts.zone_of(Decimal(score)) is zone


def test_a_model_without_levels_has_no_zones() -> None:
    assert zone_starts(REFERENCE.rules(2561)) is None


def test_a_year_with_other_marks_has_other_zones(tmp_path: Path) -> None:
    extended = load_reference(with_new_year(reference_folder(tmp_path)))
    starts = zone_starts(extended.rules(NEW_YEAR))
    assert starts
    assert (starts.far, starts.passed, starts.best) == (None, 80, 90)
    assert year_zones(starts) == (Zone.BELOW, Zone.PASSED, Zone.BEST)
    assert starts.zone_of(Decimal(0)) is Zone.BELOW
    assert {zone_text(starts, zone) for zone in year_zones(starts)} == {
        "ต่ำกว่า 80 (ต่ำกว่าเกณฑ์ผ่าน)",
        "80 ถึงต่ำกว่า 90 (ผ่านเกณฑ์)",
        "90 ขึ้นไป (ระดับสูงสุด)",
    }


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_higher_score_never_has_a_lower_zone(one: int, other: int) -> None:
    starts = zone_starts(REFERENCE.rules(2567))
    assert starts
    low, high = sorted((Decimal(one).scaleb(-2), Decimal(other).scaleb(-2)))
    assert starts.zone_of(low) <= starts.zone_of(high)


def _luminance(color: str) -> float:
    """WCAG's relative luminance of #RRGGBB."""
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("shades", [SHADES, DARK_SHADES], ids=["light", "dark"])
def test_text_can_be_read_on_every_shade(shades: dict[Zone, Shade]) -> None:
    assert set(shades) == set(Zone)
    for shade in shades.values():
        dark, light = sorted((_luminance(shade.color), _luminance(shade.text_color)))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, shade


@pytest.mark.parametrize("shades", [SHADES, DARK_SHADES], ids=["light", "dark"])
def test_shades_stand_in_order_without_colour(shades: dict[Zone, Shade]) -> None:
    seen = [_luminance(shades[zone].color) for zone in Zone]
    assert seen in (sorted(seen), sorted(seen, reverse=True))
    steps = zip(sorted(seen), sorted(seen)[1:], strict=False)
    assert all((light + 0.05) / (dark + 0.05) > 1.15 for dark, light in steps)


# --- the table ---


def test_years_run_from_the_first_indicator_to_the_last_with_holes() -> None:
    trend = compute_trend(
        [
            year_scores(2560, total="80"),
            year_scores(2563, total="80"),
            year_scores(2564, **TEN),
            year_scores(2566, **TEN),
            year_scores(2567, total="90"),
        ],
        REFERENCE,
    )
    assert indicator_years(trend, REFERENCE) == (2564, 2565, 2566)
    assert years_of_older_model(trend, REFERENCE) == (2560, 2561)
    assert years_without_indicators(trend, REFERENCE) == (2563, 2567)


def test_no_indicator_anywhere_is_no_year() -> None:
    trend = compute_trend([year_scores(2567, total="90", IIT="90")], REFERENCE)
    assert indicator_years(trend, REFERENCE) == ()
    assert _table(year_scores(2567, total="90")).rows == ()
    assert _table(year_scores(2567, total="90")).latest_year is None


def test_every_indicator_has_a_row_and_every_row_a_cell_per_year() -> None:
    table = _table(year_scores(2564, ind1="80"), year_scores(2566, **TEN))
    assert [row.number for row in table.rows] == [str(n) for n in range(1, 11)]
    assert {len(row.cells) for row in table.rows} == {3}
    first = table.rows[0]
    assert [cell.score for cell in first.cells] == [80, None, 85]
    assert [cell.change for cell in first.cells] == [None, None, None]
    assert table.rows[1].cells[0].score is None


def test_latest_score_and_its_distances() -> None:
    table = _table(year_scores(2566, ind7="78.52", ind8="96"), year_scores(2567, ind7="82.31"))
    seven, eight = table.row("7"), table.row("8")
    assert seven
    assert eight
    assert seven.latest_cell
    assert eight.latest_cell
    assert (seven.latest_cell.fiscal_year, seven.latest_cell.change) == (2567, Decimal("3.79"))
    assert [seven.gap(target) for target in seven.targets] == [Decimal("2.69"), Decimal("12.69")]
    assert eight.latest_cell.fiscal_year == 2566
    assert [eight.gap(target) for target in eight.targets] == [0, 0]
    nine = table.row("9")
    assert nine
    assert (nine.latest_cell, nine.targets) == (None, ())


def test_table_narrows_to_instruments() -> None:
    table = _table(year_scores(2567, **TEN), instruments=(Instrument.OIT,))
    assert [row.number for row in table.rows] == ["9", "10"]


def test_names_of_other_years_are_kept(tmp_path: Path) -> None:
    extended = load_reference(with_new_year(reference_folder(tmp_path)))
    table = _table(
        year_scores(LAST_YEAR, **TEN), year_scores(NEW_YEAR, ind11="70", **TEN), reference=extended
    )
    first, eleventh = table.rows[0], table.rows[-1]
    assert first.name == "ตัวชี้วัดใหม่ 1"
    assert [(int(y), thai) for y, thai, _ in first.earlier_names] == [(LAST_YEAR, "การปฏิบัติหน้าที่")]
    assert (eleventh.number, eleventh.earlier_names) == ("11", ())
    assert [cell.is_in_rules for cell in eleventh.cells] == [False, True]
    assert [(tuple(map(int, years)), str(starts.passed)) for years, starts in table.eras] == [
        ((LAST_YEAR,), "85"),
        ((NEW_YEAR,), "80"),
    ]


# --- what is said and drawn ---


def test_weak_indicators_are_named_weakest_first() -> None:
    sentence = weak_sentence(_table(year_scores(2567, **TEN | {"ind4": "83.05", "ind7": "82.31"})))
    assert sentence == (
        "ปี 2567: ต่ำกว่าเกณฑ์ผ่าน 85 อยู่ 2 จาก 10 ตัวชี้วัด ได้แก่ "
        "7 ประสิทธิภาพการสื่อสาร (82.31), 4 การใช้ทรัพย์สินของราชการ (83.05) · ยังไม่มีตัวชี้วัดใดถึง 95"
    )


def test_all_passed_is_said_with_how_many_are_best() -> None:
    sentence = weak_sentence(_table(year_scores(2567, **TEN | {"ind1": "95"})))
    assert sentence == "ปี 2567: ทั้ง 10 ตัวชี้วัดถึงเกณฑ์ผ่าน 85 แล้ว · ถึง 95 แล้ว 1 ตัวชี้วัด"


def test_grid_has_text_in_every_cell_and_no_colour_where_nothing_is_known() -> None:
    table = _table(year_scores(2566, ind1="60"), year_scores(2567, **TEN))
    grid = indicator_grid(table)
    assert grid.columns == ("2566", "2567")
    assert {len(cells) for _, cells in grid.rows} == {2}
    low, known = grid.rows[0][1]
    missing = grid.rows[1][1][0]
    assert (low.text, low.value, low.color) == ("60.00", 60.0, SHADES[Zone.FAR].color)
    assert (known.text, known.color) == ("85.00", SHADES[Zone.PASSED].color)
    assert (missing.text, missing.value, missing.color) == ("–", None, "")
    assert missing.tooltip.endswith("ไม่มีข้อมูล")
    assert "+25.00" in known.tooltip
    assert grid.alt == grid_alt(table)
    assert "10 ตัวชี้วัดในปี 2566–2567" in grid.alt


def test_records_are_typed_and_as_wide_as_the_header() -> None:
    table = _table(year_scores(2566, ind7="78.52"), year_scores(2567, ind7="82.31"))
    file = indicator_file(table, {"7": 2}, FiscalYear(2567))
    assert len(file.header) == len(file.widths)
    assert [*file.records()][6] == (
        7,
        "ประสิทธิภาพการสื่อสาร",
        "EIT",
        Decimal("78.52"),
        Decimal("82.31"),
        2567,
        Decimal("82.31"),
        Decimal("3.79"),
        Decimal("2.69"),
        Decimal("12.69"),
        2,
    )
    assert next(file.records())[3:] == (None, None, None, None, None, None, None, 0)


def test_all_small_charts_share_a_scale_that_holds_every_score() -> None:
    table = _table(year_scores(2566, ind7="61"), year_scores(2567, **TEN))
    scale = common_scale(table)
    assert scale == (50.0, 100.0)
    charts = [indicator_chart(row, table, scale) for row in table.rows]
    assert {(chart.low, chart.high) for chart in charts} == {scale}
    assert {chart.categories for chart in charts} == {("2566", "2567")}
    for chart in charts:
        assert [rule.value for rule in chart.reference_lines] == [85.0]
        assert all(scale[0] <= dot.value <= scale[1] for line in chart.lines for dot in line.dots)


def test_line_breaks_at_a_hole_and_ends_with_its_score() -> None:
    years = [
        year_scores(year, ind1=score) for year, score in ((2563, "80"), (2564, "82"), (2566, "86"))
    ]
    table = _table(*years)
    (line,) = indicator_chart(table.rows[0], table, common_scale(table)).lines
    assert [[dot.position for dot in run] for run in line.runs] == [[0, 1], [3]]
    assert line.end_label == "86.00"


def test_close_chart_has_the_best_level_and_labels_too() -> None:
    table = _table(year_scores(2565, **TEN), year_scores(2566, **TEN))
    chart = indicator_chart(table.rows[0], table, common_scale(table), small=False)
    assert [(r.left, r.right, r.value) for r in chart.reference_lines] == [
        (-0.5, 1.5, 85),
        (-0.5, 1.5, 95),
    ]
    assert [dot.label for dot in chart.lines[0].dots] == ["85.00", ""]


def test_an_indicator_without_a_score_has_no_line() -> None:
    table = _table(year_scores(2567, ind1="80"))
    chart = indicator_chart(table.rows[1], table, common_scale(table))
    assert chart.lines == ()
    assert chart.alt.endswith("ไม่มีข้อมูล")


def test_small_picture_stays_inside_its_frame_and_joins_only_runs() -> None:
    years = [
        year_scores(year, ind1=score) for year, score in ((2563, "0"), (2564, "100"), (2566, "86"))
    ]
    table = _table(*years)
    drawn = sparkline_svg(indicator_chart(table.rows[0], table, common_scale(table)), "#123456")
    root = ElementTree.fromstring(drawn)
    circles = [e for e in root.iter() if e.tag.endswith("circle")]
    assert len(circles) == 3
    assert len([e for e in root.iter() if e.tag.endswith("polyline")]) == 1
    for circle in circles:
        assert 0 < float(circle.attrib["cx"]) < WIDTH
        assert 0 < float(circle.attrib["cy"]) < HEIGHT
    heights = [float(circle.attrib["cy"]) for circle in circles]
    assert heights[1] < heights[2] < heights[0]
    texts = [e.text for e in root.iter() if e.tag.endswith("text")]
    assert texts == []
    assert len(drawn) < 1500


def test_a_larger_picture_names_its_lines_and_every_category_that_fits() -> None:
    years = [year_scores(year, total=f"{70 + year - 2553}") for year in range(2563, 2568)]
    chart = total_chart(compute_trend(years, REFERENCE), REFERENCE)
    root = ElementTree.fromstring(sparkline_svg(chart, "#123456", (560, 210)))
    texts = {e.text: e for e in root.iter() if e.tag.endswith("text")}
    assert set(texts) == {"85", "84.00", "93.05", "2563", "2564", "2565", "2566", "2567"}
    assert root[0].tag.endswith("style") and root[0].text
    assert root[0].text.count("@font-face{font-family:Sarabun") == 2
    assert float(texts["84.00"].attrib["y"]) - float(texts["93.05"].attrib["y"]) >= 17
    narrow = ElementTree.fromstring(sparkline_svg(chart, "#123456", (210, 168)))
    shown = [e.text for e in narrow.iter() if e.tag.endswith("text")]
    assert "2567" in shown and "2564" not in shown


def test_labels_at_the_ends_do_not_cover_each_other() -> None:
    years = [year_scores(2566, total="90.2"), year_scores(2567, total="93")]
    chart = total_chart(compute_trend(years, REFERENCE), REFERENCE)
    root = ElementTree.fromstring(sparkline_svg(chart, "#000000", (326, 168)))
    heights = [float(e.attrib["y"]) for e in root.iter() if e.text in ("93.00", "93.05")]
    assert len(heights) == 2
    assert abs(heights[0] - heights[1]) >= 17 - 0.1


def test_a_line_ends_where_scores_no_longer_compare_and_the_picture_marks_it() -> None:
    years = [year_scores(year, total="80") for year in (2560, 2561, 2562, 2563)]
    chart = total_chart(compute_trend(years, REFERENCE), REFERENCE)
    root = ElementTree.fromstring(sparkline_svg(chart, "#000000", (326, 168)))
    assert len([e for e in root.iter() if e.tag.endswith("polyline")]) == 2
    assert len([mark for mark in chart.marks if mark.strong]) == 1


def test_small_picture_escapes_what_it_says() -> None:
    table = _table(year_scores(2567, ind1="80"))
    chart = indicator_chart(table.rows[0], table, common_scale(table))
    spoilt = type(chart)(
        **{**vars(chart), "categories": ("<script>&",)},
    )
    assert "<script>" not in sparkline_svg(spoilt, "#000000")
    ElementTree.fromstring(sparkline_svg(spoilt, "#000000"))
