"""Small multiples of the indicators, and one indicator looked at closely with its measures."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import quote

import streamlit as st

from ita.charts.sparkline import sparkline_svg
from ita.charts.values import LineChart
from ita.scores.indicator_charts import (
    common_scale,
    indicator_chart,
    indicator_header,
    indicator_records,
    row_name,
)
from ita.scores.indicators import IndicatorRow, IndicatorTable
from ita.ui.charts import Records, ink, show_chart
from ita.ui.indicator_views import change_mark, gap_text, widths
from ita.ui.indicator_work import Work
from ita.ui.markup import render_html
from ita.ui.page_links import link_html
from ita.ui.pages import PROGRESS, show_page_link
from ita.vocabulary import Part
from ita.wording import say, score_text, year_text


def cards(
    table: IndicatorTable, links: Mapping[Part, str], work: Work, chosen: Part | None
) -> None:
    """A card per indicator, all charts on one scale."""
    scale, color = common_scale(table), ink()
    told = say(
        "ทุกกราฟใช้แกนเดียวกัน {low}–{high} เส้นประคือเกณฑ์ผ่าน {marks}",
        low=f"{scale[0]:.0f}",
        high=f"{scale[1]:.0f}",
        marks=", ".join(dict.fromkeys(str(starts.passed) for _, starts in table.eras)),
    )
    found = "".join(
        f"<article{' class=chosen' if row.number == chosen else ''}>"
        f"<h3>{link_html(links[row.number], row_name(row))} <small>{escape(row.instrument)}</small></h3>"
        f"{_standing(row)}{_picture(indicator_chart(row, table, scale), color)}"
        f'<p class="ita-quiet">{escape(gap_text(row))}<br>{work.told(row)}</p></article>'
        for row in table.rows
    )
    render_html(f'<p class="ita-quiet">{escape(told)}</p><div class="ita-cards">{found}</div>')


def _standing(row: IndicatorRow) -> str:
    latest = row.latest
    if latest is None:
        return f"<p>{escape(say('ไม่มีข้อมูลในช่วงที่เลือก'))}</p>"
    mark = change_mark(latest) if latest.change is not None else ""
    return (
        f'<p class="ita-score"><b>{score_text(latest.score)}</b>'
        f"<span>{escape(year_text(latest.fiscal_year))} {mark}</span></p>"
    )


def _picture(chart: LineChart, color: str) -> str:
    """As a picture: Streamlit takes SVG elements out of HTML."""
    if not chart.lines:
        return ""
    drawn = quote(
        sparkline_svg(chart, color).replace('"', "'"), safe=" =:/,.()'-"
    )  # a third shorter
    source = f"data:image/svg+xml,{drawn}"
    return f'<img alt="{escape(chart.alt)}" src="{source}">'


def closely(row: IndicatorRow, table: IndicatorTable, work: Work) -> None:
    """One indicator: where it stands, the measures that aim at it, and its scores as a chart."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        head = f"<h3>{escape(row_name(row))} <small>{escape(row.instrument)}</small></h3>"
        render_html(
            f"{head}{_standing(row)}<p>{escape(gap_text(row))}</p>{work.listed(row.number)}"
        )
        if work.year is not None:
            told = say("ดูมาตรการของ {instrument}", instrument=row.instrument)
            choices = {"year": int(work.year), "instruments": row.instrument.value}
            show_page_link(PROGRESS, told, agency=work.agency, **choices)
    with right:
        if row.latest:
            _chart(row, table, work)


def _chart(row: IndicatorRow, table: IndicatorTable, work: Work) -> None:
    only = IndicatorTable(table.years, (row,), table.starts)
    rows = list(indicator_records(only, work.counts))
    records = Records(indicator_header(only, work.year), rows, widths(only))
    chart = indicator_chart(row, only, common_scale(only), small=False)
    stem = f"ita-indicator-{work.agency}-{row.number}"
    show_chart(chart, "one indicator", only.sources, records, stem)
