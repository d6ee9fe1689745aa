"""วางแผนปีถัดไป: last year's weak points, where measures are needed, the draft, the save, the document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from ita.domain import thai_today
from ita.exports.templates import template_csv
from ita.i18n import _
from ita.imports.datasets import Dataset
from ita.imports.readers.sheets import AUTO
from ita.measures.model import Measure
from ita.measures.plan_drafts import PlanDraft, planned_row
from ita.planning.analysis import PlanAnalysis
from ita.planning.plan_document import DOCUMENT_WRITERS, build_plan_document
from ita.planning.plan_files import plan_template
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency
from ita.ui.components.frame import guard
from ita.ui.components.navigation import scroll_to
from ita.ui.components.tables import FileMakers, show_download_buttons, table_makers
from ita.ui.narrative.documents import checklist_item_text, document_makers
from ita.ui.planning.analysis import pick_analysis, show_analysis, show_needs, weak_points_table
from ita.ui.planning.draft import draft_makers, edit_refusal, show_draft
from ita.ui.planning.session import (
    DraftSession,
    discard_draft_session,
    get_draft_session,
    sent_draft_hash,
)
from ita.ui.upload.confirm_step import confirm_import, show_effect, show_receipt
from ita.ui.upload.file_step import UploadedFile
from ita.ui.upload.import_choice import ImportChoice
from ita.ui.upload.preview_step import preview_file
from ita.ui.upload.problems_step import show_problems
from ita.web.store_access import get_reference


def show_page() -> None:
    guard()
    agency = require_agency()
    version = queries.data_version()
    analysis = pick_analysis(agency, version, thai_today())
    show_plan_receipt(analysis, version)
    stored = queries.agency_measures(version, agency, analysis.years.year)
    session = get_draft_session(analysis, stored)
    show_needs(analysis, stored)
    show_analysis(analysis)
    writes = not edit_refusal(analysis)
    menu = partial(show_downloads, analysis, session if writes else None, stored)
    show_draft(analysis, session, stored, menu)
    if writes:
        check_and_save(analysis, session)


# The container of what a check found; the page goes there when somebody has asked for one.
CHECK_CONTAINER = "plan-checked"


def show_plan_receipt(analysis: PlanAnalysis, version: queries.DataVersion) -> None:
    """What was stored of a plan, until it is put away; its draft is done with then.

    The receipt of another page's file is told there.
    """
    outcome = st.session_state.get("receipt")
    if outcome and st.session_state.get("plan receipt") != outcome.batch:
        stored = {batch.batch_id: batch.file_hash for batch in queries.batch_list(version)}
        if sent_draft_hash(analysis) is None or stored.get(outcome.batch) != sent_draft_hash(
            analysis
        ):
            return
        st.session_state["plan receipt"] = outcome.batch
        discard_draft_session(analysis)
    show_receipt(_("ปิดข้อความนี้"))


def check_and_save(analysis: PlanAnalysis, session: DraftSession) -> None:
    """What the draft would change, and the save; nothing where it was not checked as it stands."""
    if session.checked_draft is None:
        return
    if session.checked_draft != session.current_draft:
        st.info(_("ร่างเปลี่ยนไปหลังการตรวจ กรุณากดตรวจร่างอีกครั้งก่อนบันทึก"))
        return
    year = analysis.years.year
    choice = ImportChoice(Dataset.MEASURES, analysis.agency_id, year, None)
    made = plan_template(session.checked_draft, analysis.agency_id, year, get_reference())
    source = UploadedFile(template_csv(made), source_name(analysis, session), typed=True)
    session.sent_hash = source.digest
    looked = preview_file(choice, source, AUTO)
    with st.container(key=CHECK_CONTAINER):
        show_problems(choice, source, looked, repairable=False)
        outcome = looked.preview.outcome
        show_effect(choice, source, looked)
        if outcome.accepted and not outcome.batch:
            confirm_import(choice, source, looked)
    if session.scroll_to_check:
        session.scroll_to_check = False
        scroll_to(CHECK_CONTAINER, turn=session.turn)


def source_name(analysis: PlanAnalysis, session: DraftSession) -> str:
    """What the history calls the draft: where it came from."""
    if session.stored_measures or analysis.years.work_year is None:
        return f"ร่างแผน {int(analysis.years.year)}.csv"
    return f"ร่างจากแผน {int(analysis.years.work_year)}.csv"


def show_downloads(
    analysis: PlanAnalysis, session: DraftSession | None, stored: Sequence[Measure]
) -> None:
    """The page's one menu: the document of the plan, the draft to go on with, the weak points. session:
    of whoever may write the plan."""
    year, agency = analysis.years.year, analysis.agency_id
    if session is None and not stored and not analysis.weak_points:
        return
    with st.popover(_("ดาวน์โหลด")):
        if stored:
            _show_files(
                _("เอกสารแผนที่บันทึกแล้ว"),
                *_document(analysis, tuple(map(planned_row, stored)), is_draft=False),
            )
        if session is not None and (session.is_changed or not stored):
            rows = session.current_draft
            title = _("เอกสารแผนตามร่างในหน้านี้ (ยังไม่บันทึก)")
            _show_files(title, *_document(analysis, rows, is_draft=True))
        if session is not None:
            stem = f"ita-plan-{agency}-{int(year)}"
            makers = draft_makers(analysis, session)
            _show_files(_("ร่างไว้ทำต่อ"), stem, makers, "plan file")
        if analysis.weak_points:
            stem = f"ita-weak-points-{agency}-{int(year)}"
            makers = table_makers(weak_points_table(analysis), stem)
            _show_files(_("จุดอ่อน"), stem, makers, "weak")
        texts = [
            _(
                "เอกสารมีผลการวิเคราะห์ จุดอ่อน มาตรการ ผู้รับผิดชอบ ระยะเวลา และกำหนดรายงาน "
                "กระดาษ A4 แนวนอน ช่องที่ยังไม่กรอกจะเว้นว่างไว้"
            )
        ]
        if item := get_reference().report_item(year, "measures"):
            texts.append(checklist_item_text(item))
        for text in texts:
            st.caption(text)


def _show_files(title: str, stem: str, makers: FileMakers, key: str) -> None:
    st.markdown(f"**{title}**")
    with st.container(horizontal=True, gap="small"):
        show_download_buttons(stem, makers, key)


def _document(
    analysis: PlanAnalysis, rows: PlanDraft, is_draft: bool
) -> tuple[str, FileMakers, str]:
    """The document of a plan: the stem of its files' names, what makes them, and the key of its buttons."""
    stem = f"ita-plan-{analysis.agency_id}-{int(analysis.years.year)}" + (
        "-draft" if is_draft else ""
    )
    make_bytes = partial(_document_bytes, analysis, rows, is_draft, thai_today())
    return stem, document_makers(analysis.agency_id, make_bytes), f"plan document {is_draft}"


def _document_bytes(
    analysis: PlanAnalysis, rows: PlanDraft, is_draft: bool, today: date, name: str
) -> bytes:
    """The document is Thai in every language, so its analysis is said anew."""
    years = analysis.years
    version = queries.data_version()
    thai_analysis = queries.agency_plan(
        version, analysis.agency_id, years.year, years.score_year, today, "th"
    )
    document = build_plan_document(thai_analysis, rows, get_reference(), is_draft)
    return DOCUMENT_WRITERS[name](document)


if __name__ == "__main__":
    show_page()
