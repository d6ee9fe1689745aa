"""Steps 3 to 5: the draft through the same checks as every file, what changes, confirmation."""

from __future__ import annotations

import streamlit as st

from ita.exports.templates import template_csv
from ita.i18n import _
from ita.imports.datasets import Dataset
from ita.imports.readers.sheets import AUTO
from ita.planning.analysis import PlanAnalysis
from ita.planning.plan_files import plan_template
from ita.ui.components import queries
from ita.ui.components.navigation import scroll_to
from ita.ui.plan.draft_session import DraftSession, discard_draft_session, sent_draft_hash
from ita.ui.upload.choosing import Choice
from ita.ui.upload.looking import preview_file
from ita.ui.upload.problems import problems
from ita.ui.upload.saving import confirm, effect, receipt_shown
from ita.ui.upload.taking import UploadedFile
from ita.web.store_access import get_reference

# The container of what a check found; the page goes there when somebody has asked for one.
CHECK_CONTAINER = "plan-checked"


def show_receipt(analysis: PlanAnalysis, version: queries.DataVersion) -> None:
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
    receipt_shown(_("ปิดข้อความนี้"))


def check_and_save(analysis: PlanAnalysis, session: DraftSession) -> None:
    """What the draft would change, and the save; nothing where it was not checked as it stands."""
    if session.checked_draft is None:
        return
    if session.checked_draft != session.current_draft:
        st.info(_("ร่างเปลี่ยนไปหลังการตรวจ กรุณากดตรวจร่างอีกครั้งก่อนบันทึก"))
        return
    year = analysis.years.year
    choice = Choice(Dataset.MEASURES, analysis.agency_id, year, None)
    made = plan_template(session.checked_draft, analysis.agency_id, year, get_reference())
    source = UploadedFile(template_csv(made), source_name(analysis, session))
    session.sent_hash = source.digest
    looked = preview_file(choice, source, AUTO)
    with st.container(key=CHECK_CONTAINER):
        problems(choice, source, looked, mend_here=False)
        outcome = looked.preview.outcome
        if outcome.accepted and not outcome.batch:
            effect(choice, source, looked)
            confirm(choice, source, looked)
    if session.scroll_to_check:
        session.scroll_to_check = False
        scroll_to(CHECK_CONTAINER, turn=session.turn)


def source_name(analysis: PlanAnalysis, session: DraftSession) -> str:
    """What the history calls the draft: where it came from."""
    if session.stored_measures or analysis.years.work_year is None:
        return f"ร่างแผน {int(analysis.years.year)}.csv"
    return f"ร่างจากแผน {int(analysis.years.work_year)}.csv"
