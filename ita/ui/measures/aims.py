"""Measures against the scores: weak indicators with and without measures, measures without an aim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape

import streamlit as st

from ita.domain import Instrument, MeasureStatus
from ita.formatting import year_text
from ita.i18n import _, either
from ita.measures.model import Measure
from ita.measures.statuses import JudgedMeasure
from ita.measures.tables import status_text
from ita.planning.aims import Aim, Aims, timing_sentence
from ita.reference import Reference
from ita.tables import CellValue
from ita.ui.components.charts import day_text, view_link
from ita.ui.components.markup import Tone, render_html, tag
from ita.ui.components.measure_links import indicator_href, measure_href, measure_name
from ita.ui.components.navigation import link_html, show_page_link
from ita.ui.components.tables import TableColumn, html_table, show_table_downloads
from ita.web.page_list import INDICATORS, PLANNING, UPLOAD

# Measures without an aim that are named one by one; of 500 the number says enough.
MAX_NAMED = 30


def measures_against_scores(
    aims: Aims,
    judged: Sequence[JudgedMeasure],
    agency: str,
    reference: Reference,
    tones: dict[MeasureStatus, Tone],
) -> None:
    """Which weak indicators have measures, which have none, which measures aim at nothing."""
    st.header(_("มาตรการกับคะแนน"), anchor=False)
    render_html(f'<p class="ita-lead">{escape(aims.sentence())}</p>')
    if aims.weak_indicators:
        by_key = {judged_measure.measure.key: judged_measure for judged_measure in judged}
        columns = [
            TableColumn(_("ตัวชี้วัด"), words=True),
            TableColumn(
                _("คะแนน{year}", year=year_text(aims.weak_indicators[0].indicator.year)),
                figure=True,
            ),
            TableColumn(_("มาตรการที่มุ่งแก้"), words=True),
        ]
        rows = [
            _aim_cells(aim, agency, [by_key[m.key] for m in aim.measures], reference, tones)
            for aim in aims.weak_indicators
        ]
        render_html(html_table(columns, rows), stacked=True)
    _other_measures(aims, agency)
    if aims.weak_indicators or aims.without_indicator:
        _files(aims, judged, agency, reference)
    render_html(f'<p class="ita-quiet">{escape(timing_sentence(aims.year, reference))}</p>')
    show_page_link(PLANNING, _("วางแผนปีถัดไป"), agency=agency)


def _files(aims: Aims, judged: Sequence[JudgedMeasure], agency: str, reference: Reference) -> None:
    """A row per weak indicator and measure; measures without an aim at the end."""
    statuses = {
        judged_measure.measure.key: status_text(judged_measure.status, reference)
        for judged_measure in judged
    }
    rows: list[tuple[CellValue, ...]] = []
    for aim in aims.weak_indicators:
        weak = aim.indicator
        name = f"{weak.number} {either(weak.name_th, weak.name_en)}"
        for measure in aim.measures or (None,):
            rows.append((name, Decimal(weak.score), *_measure_cells(measure, statuses)))
    for measure in (*aims.on_other_indicators, *aims.without_indicator):
        indicators = ", ".join(measure.indicators) or _("ไม่ระบุตัวชี้วัด")
        rows.append((indicators, None, *_measure_cells(measure, statuses)))
    header = (_("ตัวชี้วัด"), _("คะแนน"), _("แบบวัด"), _("ลำดับ"), _("มาตรการ"), _("สถานะ"))
    notes = (aims.sentence(), timing_sentence(aims.year, reference), day_text(), view_link())
    stem = f"ita-aims-{agency}-{int(aims.year)}"
    show_table_downloads("aims", stem, header, lambda: rows, (30, 10, 10, 8, 50, 14), notes)


def _measure_cells(
    measure: Measure | None, statuses: Mapping[tuple[Instrument, int], str]
) -> tuple[CellValue, CellValue, CellValue, CellValue]:
    if measure is None:
        return None, None, _("ยังไม่มีมาตรการ"), None
    return measure.instrument.value, measure.seq, measure.text, statuses[measure.key]


def _aim_cells(
    aim: Aim,
    agency: str,
    aiming_measures: Sequence[JudgedMeasure],
    reference: Reference,
    tones: dict[MeasureStatus, Tone],
) -> list[str]:
    weak = aim.indicator
    name = f"{weak.number} {either(weak.name_th, weak.name_en)}"
    measures_html = "<br>".join(
        f"{link_html(measure_href(agency, judged_measure.measure), measure_name(judged_measure.measure))} "
        f"{tag(status_text(judged_measure.status, reference), tones[judged_measure.status])}"
        for judged_measure in aiming_measures
    )
    return [
        link_html(indicator_href(agency, weak.number), name),
        escape(_("{score} (เกณฑ์ {mark})", score=weak.score, mark=weak.pass_mark)),
        measures_html or tag(_("ยังไม่มีมาตรการ"), "bad"),
    ]


def _other_measures(aims: Aims, agency: str) -> None:
    """Measures that name no indicator, and those that aim at none of the weak ones."""
    if aims.without_indicator:
        label = _("มาตรการที่ไม่ระบุตัวชี้วัด {count} ข้อ:", count=len(aims.without_indicator))
        render_html(
            f"<p><b>{escape(label)}</b> {_measure_names(aims.without_indicator, agency)}</p>"
        )
        with st.container(horizontal=True):
            choices = {"kind": "measures", "year": int(aims.year)}
            show_page_link(UPLOAD, _("ระบุตัวชี้วัดในแฟ้มมาตรการ"), agency=agency, **choices)
            show_page_link(INDICATORS, _("ดูตัวชี้วัด"), agency=agency)
    if aims.weak_indicators and aims.on_other_indicators:
        label = _("มาตรการที่มุ่งตัวชี้วัดที่ผ่านเกณฑ์แล้ว {count} ข้อ:", count=len(aims.on_other_indicators))
        render_html(
            f"<p><b>{escape(label)}</b> {_measure_names(aims.on_other_indicators, agency)}</p>"
        )


def _measure_names(measures: Sequence[Measure], agency: str) -> str:
    names = ", ".join(
        link_html(measure_href(agency, m), measure_name(m)) for m in measures[:MAX_NAMED]
    )
    return f"{names} …" if len(measures) > MAX_NAMED else names
