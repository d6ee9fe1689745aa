"""Steps 4 and 5: what would change, the confirmation, the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st
from markupsafe import Markup

from ita.auth.permissions import User
from ita.config import current_settings
from ita.domain import thai_today
from ita.i18n import _
from ita.imports.affected import resource_of_batch
from ita.imports.datasets import Dataset
from ita.imports.diff import FieldChange, altered_and_new
from ita.imports.saving import import_file
from ita.imports.validation.rows import ValidatedFile
from ita.tables import Table, plain_number
from ita.ui.components.confirm_form import confirm_form
from ita.ui.components.frame import guarded_fragment, lazy_expander
from ita.ui.components.markup import render_html, tag
from ita.ui.components.navigation import show_page_link
from ita.ui.components.start_guide import agency_at_hand, show_next_step
from ita.ui.components.tables import change_columns, show_table, show_table_downloads, value_html
from ita.ui.upload.file_step import ImportChoice, UploadedFile
from ita.ui.upload.preview_step import FilePreview, show_figure_changes, show_stale
from ita.web.paths import HISTORY
from ita.web.store_access import get_reference, get_store

SHOWN_CHANGES = 200
MAX_OPEN_NEW = 40
"""New values that are shown open; a longer list would hide the confirmation below it."""


def show_effect(choice: ImportChoice, source: UploadedFile, file_preview: FilePreview) -> None:
    """What would be stored, and what it does to the figures that people see."""
    preview = file_preview.preview
    st.header(_("4. สิ่งที่จะเปลี่ยน"), anchor=False)
    outcome = preview.outcome
    counts = outcome.counts
    marks = [
        tag(_("ใหม่ {count}", count=counts.new), "good" if counts.new else "note"),
        tag(_("เปลี่ยน {count}", count=counts.changed), "warn" if counts.changed else "note"),
        tag(_("เหมือนเดิม {count}", count=counts.same), "note"),
    ]
    if outcome.missing:
        marks.append(tag(_("มีในระบบแต่ไม่อยู่ในไฟล์ {count} (คงไว้)", count=outcome.missing), "note"))
    render_html(Markup().join(marks))
    show_figure_changes(preview.before, preview.after)
    altered, fresh = altered_and_new(outcome.differences)
    for title, listed in (
        (_("ค่าที่เปลี่ยน ({count})", count=len(altered)), altered),
        (_("ค่าใหม่ ({count})", count=len(fresh)), fresh),
    ):
        if listed:
            name = "changed" if listed is altered else "new"
            short = not altered and len(listed) <= MAX_OPEN_NEW
            lazy_expander(
                title,
                f"{name} {source.digest[:12]} {preview.version}",
                partial(_show_differences, choice, name, listed),
                expanded=listed is altered or short,
            )


def _show_differences(choice: ImportChoice, name: str, listed: Sequence[FieldChange]) -> None:
    columns = change_columns(_value_html)
    table = Table(columns, listed[:SHOWN_CHANGES], load_rows=lambda: listed)
    show_table(table)
    if len(listed) > SHOWN_CHANGES:
        st.caption(_("และอีก {more} รายการ", more=len(listed) - SHOWN_CHANGES))
    stem = f"ita-{choice.kind}-{name}-{thai_today().isoformat()}"
    show_table_downloads(f"diff {name}", stem, table)


def _value_html(value: object) -> str:
    return plain_number(value) if isinstance(value, float) else value_html(value)


@guarded_fragment
def confirm_import(choice: ImportChoice, source: UploadedFile, file_preview: FilePreview) -> None:
    """Reason, name, acknowledgement of warnings; then one transaction."""
    preview = file_preview.preview
    outcome = preview.outcome
    warned = [problem for problem in outcome.problems if not problem.blocks]
    # What was agreed to or clicked belongs to what was seen: this file, on this state of the store.
    seen = f"{source.digest[:12]} {preview.version}"
    with st.container(border=True, key="card-confirm"):
        st.header(_("5. ยืนยันและบันทึก"), anchor=False)
        other = _other_period(choice, preview.checked)
        if other:
            st.warning(other)
        to_be_sure = bool(warned or other or file_preview.agencies)
        agree = _("ตรวจดูข้อควรระวังแล้ว ยืนยันว่าถูกต้อง") if to_be_sure else None
        confirmation = confirm_form(seen, _("บันทึก"), agreement=agree, reason_key=source.digest[:12])
        if confirmation:
            _store(file_preview, *confirmation)


def _other_period(choice: ImportChoice, checked: ValidatedFile | None) -> str | None:
    """A file of another period than the chosen one is asked about."""
    if checked is None or "fiscal_year" not in checked.cells or choice.kind is Dataset.SCORES:
        return None
    years = set(map(int, set(checked.cells["fiscal_year"])))
    quarters = set(map(int, set(checked.cells["quarter"]))) if choice.quarter else set[int]()
    if years == {int(choice.year)} and (not choice.quarter or quarters == {choice.quarter.number}):
        return None
    period = ", ".join(map(str, sorted(years)))
    if quarters:
        period += " " + _("ไตรมาส {numbers}", numbers=", ".join(map(str, sorted(quarters))))
    return _("ไฟล์นี้เป็นของปี {period} ไม่ตรงกับช่วงเวลาที่เลือก", period=period)


def _store(file_preview: FilePreview, user: User, reason: str) -> None:
    outcome = import_file(
        get_store(),
        file_preview.request,
        get_reference(),
        current_settings().limits,
        user,
        reason,
        seen_version=file_preview.preview.version,
    )
    st.session_state.pop("preview", None)
    if outcome.stale:
        st.session_state["stale"] = True
    elif outcome.accepted:
        st.session_state["receipt"] = outcome
        for key in ("mended", "filled in", "stale"):
            st.session_state.pop(key, None)
        st.session_state["upload turn"] = st.session_state.get("upload turn", 0) + 1
    st.rerun()


def show_receipt(put_away: str | None = None) -> bool:
    """What was stored, and the ways on; True while it is shown. put_away: what the button says that
    ends it."""
    if st.session_state.pop("stale", False):
        show_stale()
    outcome = st.session_state.get("receipt")
    if outcome is None:
        return False
    st.session_state["import again"] = True
    counts = outcome.counts
    st.success(
        _(
            "บันทึกแล้ว เป็นการนำเข้าครั้งที่ {batch}: ใหม่ {new} เปลี่ยน {changed} เหมือนเดิม {same}",
            batch=outcome.batch,
            new=counts.new,
            changed=counts.changed,
            same=counts.same,
        )
    )
    show_next_step(_stored_agency(outcome.batch), ("receipt", "import again"))
    show_page_link(HISTORY, _("ดูประวัติหรือยกเลิก"))
    if st.button(put_away or _("นำเข้าไฟล์อื่น")):
        del st.session_state["receipt"]
        st.rerun()
    return True


def _stored_agency(batch: int | None) -> str | None:
    """The agency that goes on after an import: that of the visit, where the import changed it."""
    agency = agency_at_hand()
    if batch is None:
        return agency
    with get_store().reading() as cursor:
        changed = resource_of_batch(cursor, batch).agencies
    return agency if not changed or agency in changed else min(changed)
