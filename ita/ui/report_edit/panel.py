"""The editor of one row: its fields, what the scores say to the outcome, what would change, the save."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ita.report.narrative import NarrativeReport, NarrativeRow
from ita.report.repair_hints import CellAddress
from ita.ui.report_edit.claims import claims_beside, typed_claims
from ita.ui.report_edit.drafts import Draft, close, forget, owner_of, the_draft
from ita.ui.report_edit.fields import Wrong, fields, outcome_field, tell_wrong
from ita.ui.report_edit.saving import (
    changes,
    confirm,
    looked_at,
    requests_of,
    tell_if_stale,
    wrong_cells,
)
from ita.wording import say


def editor(report: NarrativeReport, row: NarrativeRow, place: CellAddress) -> None:
    """All cells of one row to write in; nothing is stored before it is looked at and confirmed."""
    draft = the_draft(owner_of(report, row.instrument), row)
    requests = requests_of(draft, row)
    found = looked_at(draft, requests) if draft.checking and requests else None
    wrong: Wrong = wrong_cells(draft, row, found) if found else {}
    with st.container(border=True, key=f"editor-{row.instrument}"):
        fields(draft, row, place, wrong)
        outcome_field(draft, wrong)
        claims_beside(draft, typed_claims(draft))
        tell_if_stale(draft)
        _ways_on(draft, bool(requests))
        if found is None:
            return
        if not found.accepted:
            st.error(say("ยังบันทึกไม่ได้ กรุณาแก้ช่องที่มีเครื่องหมาย ✕ ด้านบน ข้อความที่พิมพ์ไว้ยังอยู่ครบ"))
            tell_wrong(None, wrong)
        elif not found.changes:
            st.info(say("ข้อความที่พิมพ์ตรงกับที่บันทึกไว้แล้ว จึงไม่มีอะไรเปลี่ยน"))
        else:
            st.markdown(f"**{say('สิ่งที่จะเปลี่ยน')}**")
            changes(found)
            confirm(draft, requests, found)


def _ways_on(draft: Draft, has_changes: bool) -> None:
    """Look at what would change, close with what was typed kept, or throw it away."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            say("ตรวจสิ่งที่จะเปลี่ยน"),
            type="secondary" if draft.checking else "primary",
            disabled=not has_changes,
            key=f"check {draft.turn}",
            on_click=partial(setattr, draft, "checking", True),
        )
        st.button(say("ปิด"), key=f"close {draft.turn}", on_click=close)
        if has_changes:
            st.button(
                say("ทิ้งที่แก้ไข"),
                type="tertiary",
                key=f"drop {draft.turn}",
                on_click=partial(_throw_away, draft),
            )
    if not has_changes:
        st.caption(say("ยังไม่ได้แก้ไขช่องใด"))
    elif not draft.checking:
        st.caption(say("ปิดแล้วเปิดใหม่ได้ ข้อความที่พิมพ์ยังอยู่จนกว่าจะบันทึกหรือทิ้ง"))


def _throw_away(draft: Draft) -> None:
    forget(draft.owner)
    close()
