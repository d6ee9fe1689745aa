"""The plan to print: what is stored, and the draft on the screen marked as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import streamlit as st

from ita.access.permissions import Action, Thing
from ita.measures.model import Measure
from ita.measures.plan_drafts import PlanDraft, planned_row
from ita.report.planning.analysis import PlanAnalysis
from ita.report.planning.files import DOCUMENT_WRITERS
from ita.report.planning.printed_plan import PrintedPlan, build_printed_plan
from ita.ui import reads
from ita.ui.opening import the_reference
from ita.ui.plan.desk import Desk
from ita.ui.report_downloads import MIMES, item_text
from ita.ui.sign_in import checked_on_click
from ita.vocabulary import thai_today
from ita.wording import say, year_text


def documents(found: PlanAnalysis, desk: Desk | None, stored: Sequence[Measure]) -> None:
    """Every format of the document. desk: of whoever may write the plan."""
    year = found.years.year
    st.header(say("พิมพ์เอกสารแผนของ{year}", year=year_text(year)), anchor=False)
    st.caption(
        say(
            "เอกสารมีผลการวิเคราะห์ จุดอ่อน มาตรการ ผู้รับผิดชอบ ระยะเวลา และกำหนดรายงาน "
            "กระดาษ A4 แนวนอน ช่องที่ยังไม่กรอกจะเว้นว่างไว้"
        )
    )
    item = the_reference().report_item(year, "measures")
    if item:
        st.caption(item_text(item))
    if stored:
        st.markdown(f"**{say('แผนที่บันทึกแล้ว')}**")
        _buttons(found, tuple(map(planned_row, stored)), is_draft=False)
    if desk is not None and (desk.touched or not stored):
        st.markdown(f"**{say('ร่างในหน้านี้ (ยังไม่บันทึก)')}**")
        _buttons(found, desk.now, is_draft=True)
    elif not stored:
        st.info(say("ยังไม่มีมาตรการของ{year} ให้พิมพ์", year=year_text(year)))


def _buttons(found: PlanAnalysis, rows: PlanDraft, is_draft: bool) -> None:
    stem = f"ita-plan-{found.agency_id}-{int(found.years.year)}" + ("-draft" if is_draft else "")
    thing = Thing(frozenset({found.agency_id}))
    with st.container(horizontal=True):
        for name, mime in MIMES.items():
            made = partial(_made, DOCUMENT_WRITERS[name], found, rows, is_draft, thai_today())
            st.download_button(
                say("ดาวน์โหลด {format}", format=name.upper()),
                data=checked_on_click(made, Action.DOWNLOAD, thing),
                file_name=f"{stem}.{name}",
                mime=mime,
                on_click="ignore",
                key=f"plan document {name} {is_draft}",
            )


def _made(
    make: Callable[[PrintedPlan], bytes],
    found: PlanAnalysis,
    rows: PlanDraft,
    is_draft: bool,
    today: date,
) -> bytes:
    """The document is Thai in every language, so its analysis is said anew."""
    years = found.years
    version = reads.data_version()
    thai = reads.agency_plan(version, found.agency_id, years.year, years.score_year, today, "th")
    return make(build_printed_plan(thai, rows, the_reference(), is_draft))
