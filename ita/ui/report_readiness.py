"""Whether the report is ready to hand in, with links to what it still lacks."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from ita.formatting import year_text
from ita.i18n import _
from ita.reports.narrative import NarrativeReport
from ita.reports.readiness import Readiness, ReadinessKind, ReadinessLine, assess_readiness
from ita.reports.repair_hints import CellAddress, ReportCell
from ita.ui.components.markup import render_html, tag
from ita.ui.components.navigation import show_page_link
from ita.ui.report_edit.drafts import open_editor
from ita.web.page_list import CLAIMS, NARRATIVE

# Repair buttons beside one line; the next ones appear when these are done.
MAX_SHOWN_ADDRESSES = 4


def readiness_block(report: NarrativeReport, editable: bool) -> None:
    """Five things that must be there, each with its count and, for those who may write, the way to
    what lacks it."""
    result = assess_readiness(report)
    render_html(f'<p class="ita-lead">{escape(report.title)}<br>{escape(report.agency)}</p>')
    with st.container(border=True, key="readiness"):
        render_html(_head(result))
        for line in result.lines:
            _line(line, report, editable)
        if result.missing_instruments:
            missing_text = _(
                "รายงานนี้ยังไม่มี {instruments}", instruments=", ".join(result.missing_instruments)
            )
            render_html(
                f'{tag(missing_text, "note")}<p class="ita-quiet">{escape(_missing_instruments_hint())}</p>'
            )


def open_report_note(report: NarrativeReport) -> None:
    """That the report of the year before, which is handed in during the one shown, still lacks
    something, with the way to it."""
    result = assess_readiness(report)
    if result.is_ready:
        return
    words = {"year": year_text(report.fiscal_year), "missing": result.total - result.done}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        render_html(tag(_("รายงานผล{year} ยังไม่พร้อมส่ง ขาดอีก {missing} รายการ", **words), "warn"))
        choices = {"agency": report.agency_id, "year": int(report.fiscal_year)}
        show_page_link(NARRATIVE, _("เปิดรายงานผล{year}", year=words["year"]), **choices)


def _missing_instruments_hint() -> str:
    return _("เมื่อนำเข้ามาตรการหรือผลของแบบวัดนี้แล้ว แถวจะปรากฏในตาราง")


def _head(result: Readiness) -> str:
    words = {"done": result.done, "total": result.total}
    count_text = _("ครบแล้ว {done} จาก {total} รายการ", **words)
    mark = tag(_("พร้อมส่ง"), "good") if result.is_ready else tag(_("ยังไม่พร้อมส่ง"), "warn")
    if result.is_early:
        mark = tag(_("ยังไม่ถึงกำหนดรายงาน"), "note")
    bar = f'<progress value="{result.done}" max="{max(1, result.total)}" aria-label="{escape(count_text)}">'
    return (
        f"{STYLE}<h2>{escape(_('ความพร้อมของรายงาน'))} {mark}</h2>"
        f"<p>{bar}</progress> {escape(count_text)}</p>"
    )


STYLE = """<style>
.ita progress { width: 14rem; max-width: 100%; vertical-align: middle; accent-color: #1E7B57 }
.ita-dark progress { accent-color: #62C79B }
.st-key-readiness h2 { padding-top: 0 }
</style>"""


def _line(line: ReadinessLine, report: NarrativeReport, editable: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        render_html(_line_html(line))
        if editable:
            _repair_buttons(line, (report.agency_id, int(report.fiscal_year)))
        if line.kind is ReadinessKind.CLAIMS and line.total:
            show_page_link(
                CLAIMS, _("เทียบกับคะแนน"), agency=report.agency_id, year=int(report.fiscal_year)
            )


def _repair_buttons(line: ReadinessLine, report_key: tuple[str, int]) -> None:
    for address in line.addresses[:MAX_SHOWN_ADDRESSES]:
        st.button(
            repair_label(address, line.kind),
            key=f"mend {line.kind} {address.code}",
            on_click=partial(open_editor, report_key, address),
        )
    if len(line.addresses) > MAX_SHOWN_ADDRESSES:
        st.caption(
            _("และอีก {more} แห่ง", more=len(line.addresses) - MAX_SHOWN_ADDRESSES), width="content"
        )


def _line_html(line: ReadinessLine) -> str:
    mark = tag(_("ครบ"), "good") if line.is_complete else tag(_("ยังไม่ครบ"), "warn")
    if line.is_early:
        mark = tag(_("ยังไม่ถึงกำหนด"), "note")
    words = {"done": line.done, "total": line.total}
    count = _("{done} จาก {total}", **words) if line.total else _("ไม่มี")
    return f"{mark} {escape(line.label)} <b>{escape(count)}</b>"


def repair_label(address: CellAddress, kind: ReadinessKind) -> str:
    """The label of a button that opens a cell."""
    words = {"instrument": address.instrument.value, "number": address.seq or ""}
    if address.cell is ReportCell.OUTCOME and kind is ReadinessKind.CLAIMS:
        return _("แก้ถ้อยคำ {instrument}", **words)
    if address.cell is ReportCell.OUTCOME:
        return _("เขียนผลลัพธ์ {instrument}", **words)
    if address.cell is ReportCell.PERIOD:
        return _("ระบุระยะเวลา {instrument}", **words)
    if address.cell is ReportCell.DIVISIONS:
        return _("ผู้รับผิดชอบ {instrument} ข้อ {number}", **words)
    return _("สรุปผล {instrument} ข้อ {number}", **words)
