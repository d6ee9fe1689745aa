"""The draft, a row a measure that opens to be written, with what it still lacks; kept in the session while
other pages are visited; who may write it, starting anew, the draft as a file and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st
from markupsafe import Markup

from ita.auth.permissions import Action, Resource, can
from ita.config import current_settings
from ita.exports.templates import Template, template_csv, template_xlsx
from ita.formatting import year_text
from ita.i18n import _
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.measures.model import Measure
from ita.measures.plan_drafts import PlanDraft, count_missing_fields, renumber
from ita.planning.aims import timing_sentence
from ita.planning.analysis import PlanAnalysis
from ita.planning.plan_files import plan_template, read_plan
from ita.store.changes import file_hash
from ita.tables import XLSX_MIME
from ita.ui.components import queries
from ita.ui.components.file_uploader import file_box
from ita.ui.components.jobs import sheet_of
from ita.ui.components.markup import escape_markdown, html, render_html
from ita.ui.components.tables import FileMakers, field_label
from ita.ui.planning.rows import show_rows
from ita.ui.planning.session import DraftSession, discard_draft_session, measure_keys
from ita.web.current_user import current_user
from ita.web.store_access import get_reference


def missing_fields_text(draft: PlanDraft) -> str:
    """How many rows leave out what the authority expects in a plan; nothing of it blocks."""
    counts = count_missing_fields(draft)
    if not counts:
        return _("ทุกแถวมีประเด็น ขั้นตอน ผู้รับผิดชอบ ระยะเวลา และการติดตาม") if draft else ""
    texts = (
        _("{field} {count} แถว", field=field_label(name), count=count)
        for name, count in counts.items()
    )
    return _("ยังว่าง: {fields}", fields=" · ".join(texts))


DRAFT_TYPES = ("csv", "xlsx")


def show_draft(
    analysis: PlanAnalysis,
    session: DraftSession,
    stored: Sequence[Measure],
    show_menu: Callable[[], None],
) -> None:
    """The draft: its rows, what can be done with them, and in a fold where it comes from. show_menu: of
    the page's downloads."""
    year = analysis.years.year
    refusal = edit_refusal(analysis)
    with st.container(border=True, key="card-plan"):
        count = len(session.current_draft)
        st.header(
            _("ร่างมาตรการของ{year} ({count} แถว)", year=year_text(year), count=count), anchor=False
        )
        if refusal:
            st.info(refusal)
            show_menu()
            return
        if session.stored_measures != tuple(stored):
            st.warning(
                _(
                    "มาตรการของปีนี้ในระบบเปลี่ยนไปหลังจากเริ่มร่าง ร่างของท่านยังอยู่ครบ "
                    "กรุณาดูสิ่งที่จะเปลี่ยนก่อนบันทึก หรือเริ่มร่างใหม่จากข้อมูลในระบบ"
                )
            )
        show_rows(session, year, get_reference(), _divisions(analysis, stored))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if st.button(_("ตรวจร่าง"), type="primary"):
                session.check(stored)
                st.rerun()
            st.button(_("เพิ่มมาตรการ"), on_click=session.add_row)
            show_menu()
            _begin_anew(analysis, session)
        if session.is_changed:
            st.caption(_("ร่างอยู่ในหน้าต่างนี้เท่านั้นจนกว่าจะบันทึก ดาวน์โหลดเก็บไว้แล้วนำกลับมาทำต่อได้"))
        render_html(html("details", _("ที่มาและวิธีทำ"), _notes(analysis, session, stored)))
    _take_up(analysis, session, stored, queries.data_version())


def _notes(analysis: PlanAnalysis, session: DraftSession, stored: Sequence[Measure]) -> Markup:
    """Where the draft comes from, and what to know while writing it."""
    notes = [
        _origin_text(analysis, session),
        missing_fields_text(session.current_draft),
        _(
            "ย้ายแถวโดยแก้ลำดับ (ใส่ 1.5 ให้อยู่ระหว่าง 1 กับ 2) ระบบเรียงลำดับใหม่เมื่อกดตรวจร่าง "
            "และตัดแถวที่ยังไม่ได้กรอกอะไรออก"
        ),
        timing_sentence(analysis.years.year, get_reference()),
    ]
    if stored:
        notes.append(
            _(
                "มาตรการที่บันทึกไว้แล้วใช้ลำดับเดิม เพราะความสำเร็จรายไตรมาสผูกกับลำดับ "
                "แถวที่ลบออกจากร่างยังคงอยู่ในระบบ หากต้องการเอาออก ให้เอาออกหรือยกเลิกที่หน้ามาตรการ"
            )
        )
    return html("bullets", list(filter(None, notes)), "ita-quiet")


def edit_refusal(analysis: PlanAnalysis) -> str:
    """Why whoever looks may not write the plan; "" where they may."""
    thing = Resource(frozenset({analysis.agency_id}), Dataset.MEASURES.value)
    return can(current_user(), Action.IMPORT, thing).reason


def _origin_text(analysis: PlanAnalysis, session: DraftSession) -> str:
    rows = sum(row.measure == "" for row in session.initial_draft)
    blank = _("มีแถวว่าง {rows} แถวสำหรับเรื่องที่ยังไม่มีมาตรการ", rows=rows) if rows else ""
    if session.stored_measures:
        text = _(
            "{year} มีมาตรการในระบบแล้ว {count} ข้อ ร่างเริ่มจากมาตรการเหล่านั้น",
            year=year_text(analysis.years.year),
            count=len(session.stored_measures),
        )
        return f"{text} {blank}".strip()
    if analysis.years.work_year:
        text = _(
            "คัดลอกมาตรการของ{worked} มา {count} ข้อ ให้ลำดับใหม่ต่อเนื่องกัน แก้ไข เพิ่ม หรือลบได้ ยังไม่มีอะไรถูกบันทึก",
            worked=year_text(analysis.years.work_year),
            count=len(analysis.measures),
        )
        return f"{text} {blank}".strip()
    return _("ยังไม่มีมาตรการเดิมให้คัดลอก เพิ่มแถวในตารางได้เลย ยังไม่มีอะไรถูกบันทึก")


def _divisions(analysis: PlanAnalysis, stored: Sequence[Measure]) -> list[str]:
    """To choose from: those that the agency's measures name, then the usual ones."""
    named = [name for measure in (*stored, *analysis.measures) for name in measure.divisions]
    return list(dict.fromkeys([*named, *get_reference().divisions.values()]))


def _template(analysis: PlanAnalysis, draft: PlanDraft) -> Template:
    return plan_template(draft, analysis.agency_id, analysis.years.year, get_reference())


def draft_makers(analysis: PlanAnalysis, session: DraftSession) -> FileMakers:
    """The draft as it stands, as a file to go on with."""
    made = _template(analysis, session.current_draft)
    return {
        "XLSX": (XLSX_MIME, partial(template_xlsx, made)),
        "CSV": ("text/csv", partial(template_csv, made)),
    }


def _begin_anew(analysis: PlanAnalysis, session: DraftSession) -> None:
    if not (session.is_changed or session.checked_draft):
        return
    with st.popover(_("เริ่มร่างใหม่")):
        st.write(_("ลบสิ่งที่แก้ในร่างนี้ แล้วเริ่มจากข้อมูลในระบบอีกครั้ง"))
        if st.button(_("ลบร่างนี้")):
            discard_draft_session(analysis)
            st.rerun()


def _take_up(
    analysis: PlanAnalysis,
    session: DraftSession,
    stored: Sequence[Measure],
    version: queries.DataVersion,
) -> None:
    """A draft that was downloaded, or last year's form: put in the place of what is in the grid."""
    with st.expander(_("นำร่างที่ดาวน์โหลดไว้กลับมาทำต่อ")):
        uploaded = file_box(
            _("ไฟล์ร่างหรือแบบฟอร์มมาตรการ (XLSX หรือ CSV) จะแทนที่ร่างในตาราง ยังไม่บันทึก"),
            list(DRAFT_TYPES),
            f"plan upload {session.turn}",
            current_settings().limits.file_bytes // 1024**2,
        )
        if uploaded is None:
            return
        content = uploaded.content
        request = ImportRequest(Dataset.MEASURES, content, uploaded.name)
        taken = read_plan(
            content,
            uploaded.name,
            analysis.agency_id,
            analysis.years.year,
            queries.agencies(version),
            get_reference(),
            current_settings().limits,
            sheet_of(request, file_hash(content)),
        )
        for problem in taken.problems:
            st.error(escape_markdown(problem.message()))
        if taken.problems:
            return
        session.reset(renumber(taken.draft, measure_keys(stored)))
        session.checked_draft = None
        message = _("นำร่างเข้าตารางแล้ว {count} แถว", count=len(taken.draft))
        if taken.skipped_rows:
            message += " " + _("ข้าม {count} แถวของหน่วยงานหรือปีอื่น", count=taken.skipped_rows)
        st.toast(message)
        st.rerun()
