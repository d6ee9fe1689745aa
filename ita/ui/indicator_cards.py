"""Small multiples of the indicators, and one indicator looked at closely with its measures."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import quote

import streamlit as st

from ita.charts.sparkline import sparkline_svg
from ita.charts.values import LineChart
from ita.domain import Part
from ita.formatting import score_text, year_text
from ita.i18n import _
from ita.scores.indicator_charts import (
    common_scale,
    indicator_chart,
    indicator_header,
    indicator_records,
    row_name,
)
from ita.scores.indicators import IndicatorRow, IndicatorTable
from ita.ui.components.charts import Records, page_text_color, show_chart
from ita.ui.components.markup import render_html
from ita.ui.components.measure_links import IndicatorMeasures
from ita.ui.components.navigation import link_html, show_page_link
from ita.ui.indicator_views import change_tag, column_widths, gap_text
from ita.web.page_list import PROGRESS


def show_indicator_cards(
    table: IndicatorTable, links: Mapping[Part, str], work: IndicatorMeasures, selected: Part | None
) -> None:
    """A card per indicator, all charts on one scale."""
    scale, color = common_scale(table), page_text_color()
    note = _(
        "ทุกกราฟใช้แกนเดียวกัน {low}–{high} เส้นประคือเกณฑ์ผ่าน {marks}",
        low=f"{scale[0]:.0f}",
        high=f"{scale[1]:.0f}",
        marks=", ".join(dict.fromkeys(str(starts.passed) for _unused, starts in table.eras)),
    )
    articles = "".join(
        f"<article{' class=chosen' if row.number == selected else ''}>"
        f"<h3>{link_html(links[row.number], row_name(row))} <small>{escape(row.instrument)}</small></h3>"
        f"{_latest_score(row)}{_picture(indicator_chart(row, table, scale), color)}"
        f'<p class="ita-quiet">{escape(gap_text(row))}<br>{work.count_html(row)}</p></article>'
        for row in table.rows
    )
    render_html(f'<p class="ita-quiet">{escape(note)}</p><div class="ita-cards">{articles}</div>')


def _latest_score(row: IndicatorRow) -> str:
    latest = row.latest_cell
    if latest is None:
        return f"<p>{escape(_('ไม่มีข้อมูลในช่วงที่เลือก'))}</p>"
    mark = change_tag(latest) if latest.change is not None else ""
    return (
        f'<p class="ita-score"><b>{score_text(latest.score)}</b>'
        f"<span>{escape(year_text(latest.fiscal_year))} {mark}</span></p>"
    )


def _picture(chart: LineChart, color: str) -> str:
    """As a picture: Streamlit takes SVG elements out of HTML."""
    if not chart.lines:
        return ""
    svg = quote(sparkline_svg(chart, color).replace('"', "'"), safe=" =:/,.()'-")  # a third shorter
    source = f"data:image/svg+xml,{svg}"
    return f'<img alt="{escape(chart.alt)}" src="{source}">'


def show_indicator_details(
    row: IndicatorRow, table: IndicatorTable, work: IndicatorMeasures
) -> None:
    """One indicator: its latest score and gaps, the measures that aim at it, and its scores as a chart."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        heading = f"<h3>{escape(row_name(row))} <small>{escape(row.instrument)}</small></h3>"
        render_html(
            f"{heading}{_latest_score(row)}<p>{escape(gap_text(row))}</p>{work.list_html(row.number)}"
        )
        if work.year is not None:
            label = _("ดูมาตรการของ {instrument}", instrument=row.instrument)
            choices = {"year": int(work.year), "instruments": row.instrument.value}
            show_page_link(PROGRESS, label, agency=work.agency, **choices)
    with right:
        if row.latest_cell:
            _show_chart(row, table, work)


def _show_chart(row: IndicatorRow, table: IndicatorTable, work: IndicatorMeasures) -> None:
    row_table = IndicatorTable(table.years, (row,), table.starts)
    rows = list(indicator_records(row_table, work.counts))
    records = Records(indicator_header(row_table, work.year), rows, column_widths(row_table))
    chart = indicator_chart(row, row_table, common_scale(row_table), small=False)
    stem = f"ita-indicator-{work.agency}-{row.number}"
    show_chart(chart, "one indicator", row_table.sources, records, stem)
