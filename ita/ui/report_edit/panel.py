"""The editor of one row: its fields, what the scores say to the outcome, what would change, the save."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ita.i18n import _
from ita.reports.narrative import NarrativeReport, NarrativeRow
from ita.reports.repair_hints import CellAddress
from ita.ui.report_edit.claims import show_typed_claims, typed_claims
from ita.ui.report_edit.drafts import RowDraft, close_editor, discard_draft, get_draft, row_key_of
from ita.ui.report_edit.fields import CellErrors, edit_fields, outcome_field, show_errors
from ita.ui.report_edit.saving import (
    cell_errors,
    confirm_changes,
    import_requests,
    preview_changes,
    show_changes,
    show_if_stale,
)


def editor(report: NarrativeReport, row: NarrativeRow, address: CellAddress) -> None:
    """All cells of one row to write in; nothing is stored before it is looked at and confirmed."""
    draft = get_draft(row_key_of(report, row.instrument), row)
    requests = import_requests(draft, row)
    preview = preview_changes(draft, requests) if draft.is_previewing and requests else None
    errors: CellErrors = cell_errors(draft, row, preview) if preview else {}
    with st.container(border=True, key=f"editor-{row.instrument}"):
        edit_fields(draft, row, address, errors)
        outcome_field(draft, errors)
        show_typed_claims(draft, typed_claims(draft))
        show_if_stale(draft)
        _buttons(draft, bool(requests))
        if preview is None:
            return
        if not preview.accepted:
            st.error(_("ยังบันทึกไม่ได้ กรุณาแก้ช่องที่มีเครื่องหมาย ✕ ด้านบน ข้อความที่พิมพ์ไว้ยังอยู่ครบ"))
            show_errors(None, errors)
        elif not preview.changes:
            st.info(_("ข้อความที่พิมพ์ตรงกับที่บันทึกไว้แล้ว จึงไม่มีอะไรเปลี่ยน"))
        else:
            st.markdown(f"**{_('สิ่งที่จะเปลี่ยน')}**")
            show_changes(preview)
            confirm_changes(draft, requests, preview)


def _buttons(draft: RowDraft, has_changes: bool) -> None:
    """Look at what would change, close with what was typed kept, or throw it away."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("ตรวจสิ่งที่จะเปลี่ยน"),
            type="secondary" if draft.is_previewing else "primary",
            disabled=not has_changes,
            key=f"check {draft.turn}",
            on_click=partial(setattr, draft, "is_previewing", True),
        )
        st.button(_("ปิด"), key=f"close {draft.turn}", on_click=close_editor)
        if has_changes:
            st.button(
                _("ทิ้งที่แก้ไข"),
                type="tertiary",
                key=f"drop {draft.turn}",
                on_click=partial(_discard, draft),
            )
    if not has_changes:
        st.caption(_("ยังไม่ได้แก้ไขช่องใด"))
    elif not draft.is_previewing:
        st.caption(_("ปิดแล้วเปิดใหม่ได้ ข้อความที่พิมพ์ยังอยู่จนกว่าจะบันทึกหรือทิ้ง"))


def _discard(draft: RowDraft) -> None:
    discard_draft(draft.row_key)
    close_editor()
