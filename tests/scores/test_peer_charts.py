"""An agency on the band of its group, as a chart and as a table."""

from __future__ import annotations

from decimal import Decimal

from ita.charts.plotly_figures import plotly_figure
from ita.charts.typst_figures import Caption, svg_bytes
from ita.charts.values import LineChart
from ita.domain import TOTAL
from ita.reference import Reference
from ita.scores.peer_charts import inner_band_name, outer_band_name, peer_chart
from ita.scores.peer_tables import peer_table
from ita.scores.peers import Group, PeerTrend, compute_peer_trend
from tests.scores.nations import nation_of


def peer_trend_of(
    reference: Reference, *years: int, own: float | None = 95.0, count: int = 12
) -> PeerTrend:
    totals = {year: [own, *(90.0 - n for n in range(count - 1))] for year in years}
    return compute_peer_trend(nation_of(reference, totals), Group(), TOTAL, "A000")


def chart_of(peer_trend: PeerTrend, reference: Reference) -> LineChart:
    return peer_chart(peer_trend, reference)


def test_the_band_is_two_areas_behind_the_median_and_the_agency(reference: Reference) -> None:
    chart = chart_of(peer_trend_of(reference, 2566, 2567), reference)
    assert [spread.name for spread in chart.bands] == [outer_band_name(), inner_band_name()]
    (outer, inner) = chart.bands
    assert [(place, low, high) for place, low, high in outer.edges] == [
        (0, 81.1, 89.9),
        (1, 81.1, 89.9),
    ]
    assert inner.edges[0] == (0, 82.75, 88.25)
    median, own = chart.lines
    assert [dot.value for dot in median.dots] == [85.5, 85.5]
    assert [dot.value for dot in own.dots] == [95, 95]
    assert own.end_label == "หน่วยงาน 95.00"
    assert "อันดับ 1 จาก 12" in next(own.dots).tooltip


def test_nothing_is_drawn_across_a_break_or_a_hole(reference: Reference) -> None:
    chart = chart_of(peer_trend_of(reference, 2560, 2561, 2562, 2563), reference)
    assert [[edge[0] for edge in spread.edges] for spread in chart.bands[:2]] == [[0, 1], [2, 3]]
    assert [[dot.position for dot in run] for run in chart.lines[1].runs] == [[0, 1], [2, 3]]
    assert [mark.strong for mark in chart.marks] == [True]


def test_an_agency_without_a_score_leaves_a_hole_in_its_line_only(reference: Reference) -> None:
    totals = {
        year: [95.0 if year != 2566 else None, *(90.0 - n for n in range(12))]
        for year in (2565, 2566, 2567)
    }
    peer_trend = compute_peer_trend(nation_of(reference, totals), Group(), TOTAL, "A000")
    chart = chart_of(peer_trend, reference)
    assert [[dot.position for dot in run] for run in chart.lines[1].runs] == [[0], [2]]
    assert len(chart.bands[0].edges) == 3


def test_a_small_group_is_a_line_without_a_band(reference: Reference) -> None:
    chart = chart_of(peer_trend_of(reference, 2567, count=5), reference)
    assert chart.bands == ()
    assert [line.end_label for line in chart.lines] == ["หน่วยงาน 95.00"]


def test_a_chart_without_anything_is_still_a_chart(reference: Reference) -> None:
    chart = chart_of(peer_trend_of(reference, 2567, own=None, count=3), reference)
    assert chart.lines == ()
    assert plotly_figure(chart, "#000000").layout.height > 100


def test_it_goes_on_screen_and_on_paper(reference: Reference) -> None:
    chart = chart_of(peer_trend_of(reference, 2562, 2563, 2565, 2566, 2567), reference)
    shapes = plotly_figure(chart, "#000000").layout.shapes
    assert sum(shape.type == "path" for shape in shapes) == 4
    assert b"<svg" in svg_bytes(chart, Caption("แหล่งที่มา", "วันนี้"))


def test_a_band_of_one_year_can_be_seen(reference: Reference) -> None:
    (path, _) = plotly_figure(
        chart_of(peer_trend_of(reference, 2567), reference), "#000000"
    ).layout.shapes
    corners = [
        point.split(",") for point in path.path.removeprefix("M ").removesuffix(" Z").split(" L ")
    ]
    assert len({float(x) for x, _ in corners}) == 2


def test_the_alt_text_tells_every_year(reference: Reference) -> None:
    chart = chart_of(peer_trend_of(reference, 2566, 2567), reference)
    assert "2566: 95.00 (ค่ากลาง 85.50 · 8 ใน 10 อยู่ที่ 81.10–89.90" in chart.alt


def test_records_are_typed_and_newest_first(reference: Reference) -> None:
    table = peer_table(peer_trend_of(reference, 2566, 2567))
    records = [dict(zip(table.header, row, strict=True)) for row in table.records()]
    assert [record["ปีงบประมาณ"] for record in records] == [2567, 2566]
    assert records[0]["เปอร์เซ็นไทล์ 50"] == Decimal("85.50")
    assert (records[0]["อันดับ"], records[0]["จาก"], records[0]["มีคะแนน"]) == (1, 12, 12)
    small = peer_table(peer_trend_of(reference, 2567, count=5))
    record = dict(zip(small.header, next(small.records()), strict=True))
    assert record["เปอร์เซ็นไทล์ 10"] is None
