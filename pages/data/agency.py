"""หน่วยงานของเรา: what an agency is called, who signs its documents, their digits, its crest and Word form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from ita.auth.permissions import Action, Resource, Role, can, role_text
from ita.documents.settings import load_agency_settings
from ita.i18n import _
from ita.imports.cells import IN_ARABIC, IN_THAI
from ita.imports.datasets import SIGNATORIES, Dataset
from ita.store.looks import look_contents
from ita.tables import Kind, Table, screen_columns
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency, show_no_data
from ita.ui.components.frame import guard
from ita.ui.components.markup import html, render_html
from ita.ui.components.navigation import link_query, show_page_link
from ita.ui.components.row_form import RowForm, show_change_receipt
from ita.ui.components.start_guide import show_next_step
from ita.ui.components.tables import field_label, show_table, value_html
from ita.ui.narrative.documents import pick_looks
from ita.web.current_user import current_user
from ita.web.paths import UPLOAD
from ita.web.store_access import get_reference, get_store

CREST_WIDTH = 96
NEW_AGENCY = {"kind": Dataset.AGENCIES.value, "way": "typed"}
"""What the page of imports is to show for another agency."""


def show_page() -> None:
    guard()
    if may_edit(None) and st.query_params.get("new") == "1":  # of an older link
        st.switch_page(UPLOAD.file, query_params=link_query(NEW_AGENCY))
    if not queries.agencies(queries.data_version()).names:
        show_no_data(_("หน่วยงาน"))
        if may_edit(None):
            show_page_link(UPLOAD, _("เพิ่มหน่วยงาน"), **NEW_AGENCY)
        st.stop()
    agency = require_agency()
    if show_change_receipt():
        show_next_step(agency)
    show_settings(agency)
    with st.container(border=True, key="card-looks"):
        st.header(_("ตราและแม่แบบ Word"), anchor=False)
        with get_store().reading() as cursor:
            crest = look_contents(cursor, agency).get("crest")
        if crest:
            st.image(crest, width=CREST_WIDTH)
        pick_looks(agency)
    if may_edit(None):
        show_page_link(UPLOAD, _("เพิ่มหน่วยงานอื่น"), **NEW_AGENCY)


def may_edit(agency: str | None) -> bool:
    """Whether the current person may change an agency, or for None add one; the save checks again."""
    thing = Resource(frozenset({agency} if agency else ()), Dataset.AGENCIES.value)
    return can(current_user(), Action.IMPORT, thing).allowed


def show_settings(agency: str) -> None:
    """The form of who may change it; others read what it says."""
    with get_store().reading() as cursor:
        stored = load_agency_settings(cursor, agency)
    with st.container(border=True, key="card-agency"):
        render_html(html("quiet", _("รหัสหน่วยงาน {code}", code=agency)))
        if not may_edit(agency):
            _show_values(stored)
            return
        form = RowForm(Dataset.AGENCIES, f"agency {agency}", agency, {"agency_id": agency}, stored)
        receipt = _("บันทึกข้อมูลหน่วยงานแล้ว")
        form.confirm(
            _("บันทึก"),
            partial(_show_fields, form, stored),
            receipt,
            reason=_("ปรับข้อมูลหน่วยงาน"),
        )


def _show_values(stored: Mapping[str, str]) -> None:
    columns = screen_columns((_("ช่อง"), Kind.WORDS), (_("ค่า"), Kind.TEXT))
    rows = [(field_label(name), value_html(text or None)) for name, text in stored.items()]
    show_table(Table(columns, rows))
    render_html(html("quiet", _("ผู้แก้ไขได้คือ{who}", who=role_text(Role.ADMIN))))


def _show_fields(form: RowForm, stored: Mapping[str, str]) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        form.show("name_th", st.text_input)
        form.show("name_en", st.text_input)
        reference = get_reference()
        for name, known in (
            ("agency_type", reference.agency_types.values()),
            ("province", reference.provinces.values()),
        ):
            form.show(name, partial(_pick_known, sorted(set(known)), stored[name]))
    with right:
        for name in SIGNATORIES:
            form.show(name, st.text_input)
        form.show("digits", _pick_digits)
        render_html(
            html(
                "quiet", _("ชื่อและตำแหน่งจะอยู่ในช่องลงนามท้ายรายงานผลและแผน หากเว้นว่างทั้งหมดจะไม่มีช่องลงนาม")
            )
        )


def _pick_known(known: Sequence[str], stored: str, label: str, key: str) -> None:
    """One of the spellings of the reference data, or another that is typed."""
    options = list(dict.fromkeys(["", *([stored] if stored else []), *known]))
    st.selectbox(
        label,
        options,
        format_func=lambda text: text or _("ไม่ระบุ"),
        key=key,
        accept_new_options=True,
    )


def _pick_digits(label: str, key: str) -> None:
    labels = {"": _("ตามที่เขียน"), IN_THAI: _("เลขไทย ๑๒๓"), IN_ARABIC: _("เลขอารบิก 123")}
    st.radio(label, list(labels), format_func=labels.__getitem__, key=key, horizontal=True)


if __name__ == "__main__":
    show_page()
