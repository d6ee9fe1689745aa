"""The details of one measure: its full text, every quarter's report, and links."""

from __future__ import annotations

from html import escape

import streamlit as st

from ita.formatting import quarter_text, year_text
from ita.i18n import _
from ita.measures.statuses import JudgedMeasure
from ita.reference import Reference
from ita.ui.components.markup import nl2br, render_html
from ita.ui.components.measure_links import evidence_html, measure_name, upload_choices
from ita.ui.components.navigation import show_page_link
from ita.ui.measures.tables import measure_duties, quarter_cell, status_cell
from ita.web.page_list import NARRATIVE, PROGRESS, UPLOAD


def measure_details(judged_measure: JudgedMeasure, agency: str, reference: Reference) -> None:
    """One measure in full: its text, its duties and every quarter's report."""
    measure = judged_measure.measure
    rows = "".join(_report_row(judged_measure, number) for number in range(4))
    heads = "".join(
        f'<th scope="col">{escape(name)}</th>'
        for name in (
            _("ไตรมาส"),
            _("ความสำเร็จ"),
            _("ผลการดำเนินงาน"),
            _("ปัญหา/อุปสรรค"),
            _("หลักฐาน"),
        )
    )
    with st.container(border=True):
        render_html(
            f"<h2>{escape(measure_name(measure))} <small>{escape(year_text(measure.fiscal_year))}"
            f"</small></h2><p>{nl2br(measure.text)}</p>"
            f'<p class="ita-quiet">{measure_duties(judged_measure, agency)}</p><p>{status_cell(judged_measure, reference)}</p>'
        )
        render_html(
            f'<table class="ita-reports"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
        )
        _links(judged_measure, agency)


def _links(judged_measure: JudgedMeasure, agency: str) -> None:
    """From a measure to its line of the report, to the import of what it lacks, back to all."""
    measure = judged_measure.measure
    choices = {"agency": agency, "year": int(measure.fiscal_year)}
    with st.container(horizontal=True):
        for quarter in judged_measure.progress.unreported_quarters:
            label = _("นำเข้า{quarter}", quarter=quarter_text(quarter))
            show_page_link(UPLOAD, label, **upload_choices(agency, measure.fiscal_year, quarter))
        show_page_link(NARRATIVE, _("เปิดรายงานผล"), instruments=measure.instrument.value, **choices)
        show_page_link(PROGRESS, _("ดูทุกมาตรการ"), measure="", **choices)


def _report_row(judged_measure: JudgedMeasure, index: int) -> str:
    quarter = judged_measure.measure.fiscal_year.quarters[index]
    report = next((r for r in judged_measure.progress.reports if r.quarter == quarter), None)
    texts = (report.note, report.obstacle) if report else (None, None)
    evidence = evidence_html(report.evidence) if report and report.evidence else "–"
    words = "".join(f'<td class="words">{nl2br(text) if text else "–"}</td>' for text in texts)
    return (
        f'<tr><th scope="row">{escape(quarter_text(quarter))}</th>{quarter_cell(judged_measure, quarter)}'
        f'{words}<td class="words">{evidence}</td></tr>'
    )
