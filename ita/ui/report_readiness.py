"""Whether the report is ready to hand in, and the way to whatever it still lacks."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from ita.report.narrative import NarrativeReport
from ita.report.readiness import Readiness, ReadinessKind, ReadinessLine, assess_readiness
from ita.report.repair_hints import CellAddress, ReportCell
from ita.ui.markup import render_html, tag
from ita.ui.pages import CLAIMS, NARRATIVE, show_page_link
from ita.ui.report_edit.drafts import open_at
from ita.wording import say, year_text

SHOWN_PLACES = 4
"""Ways to mend beside one line; the next ones come up when these are done."""


def readiness_block(report: NarrativeReport, editable: bool) -> None:
    """Five things that must be there, each with its count and, for those who may write, the way to
    what lacks it."""
    found = assess_readiness(report)
    render_html(f'<p class="ita-lead">{escape(report.title)}<br>{escape(report.agency)}</p>')
    with st.container(border=True, key="readiness"):
        render_html(_head(found))
        for line in found.lines:
            _line(line, report, editable)
        if found.missing_instruments:
            told = say(
                "รายงานนี้ยังไม่มี {instruments}", instruments=", ".join(found.missing_instruments)
            )
            render_html(f'{tag(told, "note")}<p class="ita-quiet">{escape(_absent_how())}</p>')


def open_report_note(report: NarrativeReport) -> None:
    """That the report of the year before, which is handed in during the one shown, still lacks
    something, with the way to it."""
    found = assess_readiness(report)
    if found.is_ready:
        return
    words = {"year": year_text(report.fiscal_year), "missing": found.total - found.done}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        render_html(tag(say("รายงานผล{year} ยังไม่พร้อมส่ง ขาดอีก {missing} รายการ", **words), "warn"))
        there = {"agency": report.agency_id, "year": int(report.fiscal_year)}
        show_page_link(NARRATIVE, say("เปิดรายงานผล{year}", year=words["year"]), **there)


def _absent_how() -> str:
    return say("เมื่อนำเข้ามาตรการหรือผลของแบบวัดนี้แล้ว แถวจะปรากฏในตาราง")


def _head(found: Readiness) -> str:
    words = {"done": found.done, "total": found.total}
    told = say("ครบแล้ว {done} จาก {total} รายการ", **words)
    mark = tag(say("พร้อมส่ง"), "good") if found.is_ready else tag(say("ยังไม่พร้อมส่ง"), "warn")
    if found.is_early:
        mark = tag(say("ยังไม่ถึงกำหนดรายงาน"), "note")
    bar = f'<progress value="{found.done}" max="{max(1, found.total)}" aria-label="{escape(told)}">'
    return (
        f"{LOOK}<h2>{escape(say('ความพร้อมของรายงาน'))} {mark}</h2>"
        f"<p>{bar}</progress> {escape(told)}</p>"
    )


LOOK = """<style>
.ita progress { width: 14rem; max-width: 100%; vertical-align: middle; accent-color: #1E7B57 }
.ita-dark progress { accent-color: #62C79B }
.st-key-readiness h2 { padding-top: 0 }
</style>"""


def _line(line: ReadinessLine, report: NarrativeReport, editable: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        render_html(_told(line))
        if editable:
            _ways_to(line, (report.agency_id, int(report.fiscal_year)))
        if line.kind is ReadinessKind.CLAIMS and line.total:
            show_page_link(
                CLAIMS, say("เทียบกับคะแนน"), agency=report.agency_id, year=int(report.fiscal_year)
            )


def _ways_to(line: ReadinessLine, where: tuple[str, int]) -> None:
    for place in line.addresses[:SHOWN_PLACES]:
        st.button(
            place_said(place, line.kind),
            key=f"mend {line.kind} {place.code}",
            on_click=partial(open_at, where, place),
        )
    if len(line.addresses) > SHOWN_PLACES:
        st.caption(
            say("และอีก {more} แห่ง", more=len(line.addresses) - SHOWN_PLACES), width="content"
        )


def _told(line: ReadinessLine) -> str:
    mark = tag(say("ครบ"), "good") if line.is_complete else tag(say("ยังไม่ครบ"), "warn")
    if line.is_early:
        mark = tag(say("ยังไม่ถึงกำหนด"), "note")
    words = {"done": line.done, "total": line.total}
    count = say("{done} จาก {total}", **words) if line.total else say("ไม่มี")
    return f"{mark} {escape(line.label)} <b>{escape(count)}</b>"


def place_said(place: CellAddress, kind: ReadinessKind) -> str:
    """What a button that leads to a place says."""
    words = {"instrument": place.instrument.value, "number": place.seq or ""}
    if place.cell is ReportCell.OUTCOME and kind is ReadinessKind.CLAIMS:
        return say("แก้ถ้อยคำ {instrument}", **words)
    if place.cell is ReportCell.OUTCOME:
        return say("เขียนผลลัพธ์ {instrument}", **words)
    if place.cell is ReportCell.PERIOD:
        return say("ระบุระยะเวลา {instrument}", **words)
    if place.cell is ReportCell.DIVISIONS:
        return say("ผู้รับผิดชอบ {instrument} ข้อ {number}", **words)
    return say("สรุปผล {instrument} ข้อ {number}", **words)
