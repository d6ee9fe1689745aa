"""Measures against the scores: weak indicators with and without measures, measures without an aim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape

import streamlit as st

from ita.measures.filters import status_text
from ita.measures.model import Measure
from ita.measures.statuses import JudgedMeasure
from ita.reference import Reference
from ita.report.aims import Aim, Aims, timing_sentence
from ita.spreadsheet import CellValue
from ita.ui.charts import day_text, view_link
from ita.ui.indicator_work import indicator_href
from ita.ui.markup import TableColumn, Tone, html_table, render_html, tag
from ita.ui.measure_links import measure_href, measure_name
from ita.ui.page_links import link_html
from ita.ui.pages import INDICATORS, PLANNING, UPLOAD, show_page_link
from ita.ui.table_files import show_table_downloads
from ita.vocabulary import Instrument, MeasureStatus
from ita.wording import either, say, year_text

MOST_NAMED = 30
"""Measures without an aim that are named one by one; of 500 the number says enough."""


def against_scores(
    found: Aims,
    judged: Sequence[JudgedMeasure],
    agency: str,
    reference: Reference,
    tones: dict[MeasureStatus, Tone],
) -> None:
    """Which weak indicators have measures, which have none, which measures aim at nothing."""
    st.header(say("มาตรการกับคะแนน"), anchor=False)
    render_html(f'<p class="ita-lead">{escape(found.sentence())}</p>')
    if found.weak_indicators:
        by_key = {one.measure.key: one for one in judged}
        columns = [
            TableColumn(say("ตัวชี้วัด"), words=True),
            TableColumn(
                say("คะแนน{year}", year=year_text(found.weak_indicators[0].indicator.year)),
                figure=True,
            ),
            TableColumn(say("มาตรการที่มุ่งแก้"), words=True),
        ]
        rows = [
            _aim_cells(aim, agency, [by_key[m.key] for m in aim.measures], reference, tones)
            for aim in found.weak_indicators
        ]
        render_html(html_table(columns, rows), stacked=True)
    _aimless(found, agency)
    if found.weak_indicators or found.without_indicator:
        _files(found, judged, agency, reference)
    render_html(f'<p class="ita-quiet">{escape(timing_sentence(found.year, reference))}</p>')
    show_page_link(PLANNING, say("วางแผนปีถัดไป"), agency=agency)


def _files(found: Aims, judged: Sequence[JudgedMeasure], agency: str, reference: Reference) -> None:
    """A row per weak indicator and measure; measures without an aim at the end."""
    statuses = {one.measure.key: status_text(one.status, reference) for one in judged}
    rows: list[tuple[CellValue, ...]] = []
    for aim in found.weak_indicators:
        weak = aim.indicator
        name = f"{weak.number} {either(weak.name_th, weak.name_en)}"
        for measure in aim.measures or (None,):
            rows.append((name, Decimal(weak.score), *_measure_cells(measure, statuses)))
    for measure in (*found.on_other_indicators, *found.without_indicator):
        told = ", ".join(measure.indicators) or say("ไม่ระบุตัวชี้วัด")
        rows.append((told, None, *_measure_cells(measure, statuses)))
    header = (say("ตัวชี้วัด"), say("คะแนน"), say("แบบวัด"), say("ลำดับ"), say("มาตรการ"), say("สถานะ"))
    notes = (found.sentence(), timing_sentence(found.year, reference), day_text(), view_link())
    stem = f"ita-aims-{agency}-{int(found.year)}"
    show_table_downloads("aims", stem, header, lambda: rows, (30, 10, 10, 8, 50, 14), notes)


def _measure_cells(
    measure: Measure | None, statuses: Mapping[tuple[Instrument, int], str]
) -> tuple[CellValue, CellValue, CellValue, CellValue]:
    if measure is None:
        return None, None, say("ยังไม่มีมาตรการ"), None
    return measure.instrument.value, measure.seq, measure.text, statuses[measure.key]


def _aim_cells(
    aim: Aim,
    agency: str,
    mine: Sequence[JudgedMeasure],
    reference: Reference,
    tones: dict[MeasureStatus, Tone],
) -> list[str]:
    weak = aim.indicator
    name = f"{weak.number} {either(weak.name_th, weak.name_en)}"
    said = "<br>".join(
        f"{link_html(measure_href(agency, one.measure), measure_name(one.measure))} "
        f"{tag(status_text(one.status, reference), tones[one.status])}"
        for one in mine
    )
    return [
        link_html(indicator_href(agency, weak.number), name),
        escape(say("{score} (เกณฑ์ {mark})", score=weak.score, mark=weak.pass_mark)),
        said or tag(say("ยังไม่มีมาตรการ"), "bad"),
    ]


def _aimless(found: Aims, agency: str) -> None:
    """Measures that name no indicator, and those that aim at none of the weak ones."""
    if found.without_indicator:
        told = say("มาตรการที่ไม่ระบุตัวชี้วัด {count} ข้อ:", count=len(found.without_indicator))
        render_html(f"<p><b>{escape(told)}</b> {_named(found.without_indicator, agency)}</p>")
        with st.container(horizontal=True):
            choices = {"kind": "measures", "year": int(found.year)}
            show_page_link(UPLOAD, say("ระบุตัวชี้วัดในแฟ้มมาตรการ"), agency=agency, **choices)
            show_page_link(INDICATORS, say("ดูตัวชี้วัด"), agency=agency)
    if found.weak_indicators and found.on_other_indicators:
        told = say("มาตรการที่มุ่งตัวชี้วัดที่ผ่านเกณฑ์แล้ว {count} ข้อ:", count=len(found.on_other_indicators))
        render_html(f"<p><b>{escape(told)}</b> {_named(found.on_other_indicators, agency)}</p>")


def _named(measures: Sequence[Measure], agency: str) -> str:
    names = ", ".join(
        link_html(measure_href(agency, m), measure_name(m)) for m in measures[:MOST_NAMED]
    )
    return f"{names} …" if len(measures) > MOST_NAMED else names
