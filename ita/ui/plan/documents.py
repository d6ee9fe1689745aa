"""The plan to print: what is stored, and the draft on the screen marked as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import streamlit as st

from ita.auth.permissions import Action, Resource
from ita.domain import thai_today
from ita.formatting import year_text
from ita.i18n import _
from ita.measures.model import Measure
from ita.measures.plan_drafts import PlanDraft, planned_row
from ita.planning.analysis import PlanAnalysis
from ita.planning.files import DOCUMENT_WRITERS
from ita.planning.printed_plan import PrintedPlan, build_printed_plan
from ita.ui.components import queries
from ita.ui.plan.draft_session import DraftSession
from ita.ui.report_downloads import DOCUMENT_MIMES, checklist_item_text
from ita.web.current_user import checked_on_click
from ita.web.store_access import get_reference


def plan_downloads(
    analysis: PlanAnalysis, session: DraftSession | None, stored: Sequence[Measure]
) -> None:
    """Every format of the document. session: of whoever may write the plan."""
    year = analysis.years.year
    st.header(_("พิมพ์เอกสารแผนของ{year}", year=year_text(year)), anchor=False)
    st.caption(
        _(
            "เอกสารมีผลการวิเคราะห์ จุดอ่อน มาตรการ ผู้รับผิดชอบ ระยะเวลา และกำหนดรายงาน "
            "กระดาษ A4 แนวนอน ช่องที่ยังไม่กรอกจะเว้นว่างไว้"
        )
    )
    item = get_reference().report_item(year, "measures")
    if item:
        st.caption(checklist_item_text(item))
    if stored:
        st.markdown(f"**{_('แผนที่บันทึกแล้ว')}**")
        _buttons(analysis, tuple(map(planned_row, stored)), is_draft=False)
    if session is not None and (session.is_changed or not stored):
        st.markdown(f"**{_('ร่างในหน้านี้ (ยังไม่บันทึก)')}**")
        _buttons(analysis, session.current_draft, is_draft=True)
    elif not stored:
        st.info(_("ยังไม่มีมาตรการของ{year} ให้พิมพ์", year=year_text(year)))


def _buttons(analysis: PlanAnalysis, rows: PlanDraft, is_draft: bool) -> None:
    stem = f"ita-plan-{analysis.agency_id}-{int(analysis.years.year)}" + (
        "-draft" if is_draft else ""
    )
    thing = Resource(frozenset({analysis.agency_id}))
    with st.container(horizontal=True):
        for name, mime in DOCUMENT_MIMES.items():
            make_bytes = partial(
                _document_bytes, DOCUMENT_WRITERS[name], analysis, rows, is_draft, thai_today()
            )
            st.download_button(
                _("ดาวน์โหลด {format}", format=name.upper()),
                data=checked_on_click(make_bytes, Action.DOWNLOAD, thing),
                file_name=f"{stem}.{name}",
                mime=mime,
                on_click="ignore",
                key=f"plan document {name} {is_draft}",
            )


def _document_bytes(
    writer: Callable[[PrintedPlan], bytes],
    analysis: PlanAnalysis,
    rows: PlanDraft,
    is_draft: bool,
    today: date,
) -> bytes:
    """The document is Thai in every language, so its analysis is said anew."""
    years = analysis.years
    version = queries.data_version()
    thai_analysis = queries.agency_plan(
        version, analysis.agency_id, years.year, years.score_year, today, "th"
    )
    return writer(build_printed_plan(thai_analysis, rows, get_reference(), is_draft))
