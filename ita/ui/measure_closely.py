"""One measure looked at closely: its whole text, every quarter's report, and the ways on."""

from __future__ import annotations

from html import escape

import streamlit as st

from ita.measures.statuses import JudgedMeasure
from ita.reference import Reference
from ita.ui.markup import nl2br, render_html
from ita.ui.measure_cells import quarter_cell
from ita.ui.measure_links import evidence_html, measure_name, progress_choices
from ita.ui.measure_views import duties, status_cell
from ita.ui.pages import NARRATIVE, PROGRESS, UPLOAD, show_page_link
from ita.wording import quarter_text, say, year_text


def closely(found: JudgedMeasure, agency: str, reference: Reference) -> None:
    """One measure in full: its text, its duties and every quarter's report."""
    measure = found.measure
    rows = "".join(_report_row(found, number) for number in range(4))
    heads = "".join(
        f'<th scope="col">{escape(name)}</th>'
        for name in (
            say("ไตรมาส"),
            say("ความสำเร็จ"),
            say("ผลการดำเนินงาน"),
            say("ปัญหา/อุปสรรค"),
            say("หลักฐาน"),
        )
    )
    with st.container(border=True):
        render_html(
            f"<h2>{escape(measure_name(measure))} <small>{escape(year_text(measure.fiscal_year))}"
            f"</small></h2><p>{nl2br(measure.text)}</p>"
            f'<p class="ita-quiet">{duties(found, agency)}</p><p>{status_cell(found, reference)}</p>'
        )
        render_html(
            f'<table class="ita-reports"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
        )
        _ways_on(found, agency)


def _ways_on(found: JudgedMeasure, agency: str) -> None:
    """From a measure to its line of the report, to the import of what it lacks, back to all."""
    measure = found.measure
    here = {"agency": agency, "year": int(measure.fiscal_year)}
    with st.container(horizontal=True):
        for quarter in found.progress.unreported_quarters:
            told = say("นำเข้า{quarter}", quarter=quarter_text(quarter))
            show_page_link(UPLOAD, told, **progress_choices(agency, measure.fiscal_year, quarter))
        show_page_link(NARRATIVE, say("เปิดรายงานผล"), instruments=measure.instrument.value, **here)
        show_page_link(PROGRESS, say("ดูทุกมาตรการ"), measure="", **here)


def _report_row(found: JudgedMeasure, place: int) -> str:
    quarter = found.measure.fiscal_year.quarters[place]
    report = next((r for r in found.progress.reports if r.quarter == quarter), None)
    told = (report.note, report.obstacle) if report else (None, None)
    evidence = evidence_html(report.evidence) if report and report.evidence else "–"
    words = "".join(f'<td class="words">{nl2br(text) if text else "–"}</td>' for text in told)
    return (
        f'<tr><th scope="row">{escape(quarter_text(quarter))}</th>{quarter_cell(found, quarter)}'
        f'{words}<td class="words">{evidence}</td></tr>'
    )
