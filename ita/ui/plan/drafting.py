"""Step 2 around the grid: who may write, checking, starting anew, the draft as a file and back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from ita.auth.permissions import Action, Resource, can
from ita.config import current_settings
from ita.exports.templates import Template, template_csv, template_xlsx
from ita.formatting import year_text
from ita.i18n import _
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.saving import file_hash
from ita.measures.model import Measure
from ita.measures.plan_drafts import PlanDraft, renumber
from ita.planning.aims import timing_sentence
from ita.planning.analysis import PlanAnalysis
from ita.planning.plan_files import plan_template, read_plan
from ita.tables import XLSX_MIME
from ita.ui.components import queries
from ita.ui.components.file_uploader import file_box
from ita.ui.components.jobs import sheet_of
from ita.ui.components.markup import escape_markdown
from ita.ui.plan.draft_session import DraftSession, discard_draft_session, measure_keys
from ita.ui.plan.grid import draft_grid
from ita.web.current_user import current_user
from ita.web.store_access import get_reference

DRAFT_TYPES = ("csv", "xlsx")


def show_draft(analysis: PlanAnalysis, session: DraftSession, stored: Sequence[Measure]) -> None:
    """The draft: where it comes from, the grid, and what can be done with it."""
    year = analysis.years.year
    st.header(_("2. ร่างมาตรการของ{year}", year=year_text(year)), anchor=False)
    refusal = edit_refusal(analysis)
    if refusal:
        st.info(refusal)
        return
    st.write(_origin_text(analysis, session))
    if session.stored_measures != tuple(stored):
        st.warning(
            _(
                "มาตรการของปีนี้ในระบบเปลี่ยนไปหลังจากเริ่มร่าง ร่างของท่านยังอยู่ครบ "
                "กรุณาดูสิ่งที่จะเปลี่ยนก่อนบันทึก หรือเริ่มร่างใหม่จากข้อมูลในระบบ"
            )
        )
    if stored:
        st.caption(
            _(
                "มาตรการที่บันทึกไว้แล้วใช้ลำดับเดิม เพราะความสำเร็จรายไตรมาสผูกกับลำดับ "
                "แถวที่ลบออกจากร่างยังคงอยู่ในระบบ หากต้องการเอาออก ให้ย้อนการนำเข้าที่หน้าประวัติ"
            )
        )
    version = queries.data_version()
    draft_grid(session, year, get_reference(), _divisions(analysis, stored))
    st.caption(timing_sentence(year, get_reference()))
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(_("ตรวจร่าง"), type="primary", disabled=not session.current_draft):
            session.check(stored)
            st.rerun()
        _files(analysis, session)
        _begin_anew(analysis, session)
    _take_up(analysis, session, stored, version)
    if session.is_changed:
        st.caption(_("ร่างอยู่ในหน้าต่างนี้เท่านั้นจนกว่าจะบันทึก ดาวน์โหลดเก็บไว้แล้วนำกลับมาทำต่อได้"))


def edit_refusal(analysis: PlanAnalysis) -> str:
    """Why whoever looks may not write the plan; "" where they may."""
    thing = Resource(frozenset({analysis.agency_id}), Dataset.MEASURES.value)
    return can(current_user(), Action.IMPORT, thing).reason


def _origin_text(analysis: PlanAnalysis, session: DraftSession) -> str:
    rows = sum(row.measure == "" for row in session.initial_draft)
    words = {"year": year_text(analysis.years.year), "rows": rows}
    if session.stored_measures:
        return _(
            "{year} มีมาตรการในระบบแล้ว {count} ข้อ ร่างเริ่มจากมาตรการเหล่านั้น และมีแถวว่าง {rows} แถวสำหรับเรื่องที่ยังไม่มีมาตรการ",
            count=len(session.stored_measures),
            **words,
        )
    if analysis.years.work_year:
        return _(
            "คัดลอกมาตรการของ{worked} มา {count} ข้อ ให้ลำดับใหม่ต่อเนื่องกัน และเพิ่มแถวว่าง {rows} แถวตามเรื่องข้างต้น "
            "แก้ไข เพิ่ม หรือลบได้ ยังไม่มีอะไรถูกบันทึก",
            worked=year_text(analysis.years.work_year),
            count=len(analysis.measures),
            **words,
        )
    return _("ยังไม่มีมาตรการเดิมให้คัดลอก เพิ่มแถวในตารางได้เลย ยังไม่มีอะไรถูกบันทึก")


def _divisions(analysis: PlanAnalysis, stored: Sequence[Measure]) -> list[str]:
    """To choose from: those that the agency's measures name, then the usual ones."""
    named = [name for measure in (*stored, *analysis.measures) for name in measure.divisions]
    return list(dict.fromkeys([*named, *get_reference().divisions.values()]))


def _template(analysis: PlanAnalysis, draft: PlanDraft) -> Template:
    return plan_template(draft, analysis.agency_id, analysis.years.year, get_reference())


def _files(analysis: PlanAnalysis, session: DraftSession) -> None:
    stem = f"ita-plan-{analysis.agency_id}-{int(analysis.years.year)}"
    makers = {"XLSX": (XLSX_MIME, template_xlsx), "CSV": ("text/csv", template_csv)}
    made = _template(analysis, session.current_draft)
    for name, (mime, make) in makers.items():
        st.download_button(
            _("ดาวน์โหลดร่าง {form}", form=name),
            data=partial(make, made),
            file_name=f"{stem}.{name.lower()}",
            mime=mime,
            on_click="ignore",
            key=f"plan file {name}",
        )


def _begin_anew(analysis: PlanAnalysis, session: DraftSession) -> None:
    if not (session.is_changed or session.checked_draft):
        return
    with st.popover(_("เริ่มร่างใหม่")):
        st.write(_("ทิ้งสิ่งที่แก้ในร่างนี้ แล้วเริ่มจากข้อมูลในระบบอีกครั้ง"))
        if st.button(_("ทิ้งร่างนี้")):
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
            _("แฟ้มร่างหรือแบบฟอร์มมาตรการ (XLSX หรือ CSV) จะแทนที่ร่างในตาราง ยังไม่บันทึก"),
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
        session.reset_grid(renumber(taken.draft, measure_keys(stored)))
        session.checked_draft = None
        told = _("นำร่างเข้าตารางแล้ว {count} แถว", count=len(taken.draft))
        if taken.passed_over:
            told += " " + _("ข้าม {count} แถวของหน่วยงานหรือปีอื่น", count=taken.passed_over)
        st.toast(told)
        st.rerun()
