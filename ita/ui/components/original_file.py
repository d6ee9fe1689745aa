"""The button that gives out the document a report was read from."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath

import streamlit as st

from ita.auth.permissions import Action, Resource, can
from ita.i18n import _
from ita.store.originals import ReportOriginal, load_original
from ita.ui.components.markup import escape_markdown
from ita.web.current_user import checked_on_click, current_user
from ita.web.store_access import get_store

DOCX_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MIMES = {
    ".pdf": "application/pdf",
    ".docx": DOCX_MIME,
    ".html": "text/html",
    ".htm": "text/html",
    ".txt": "text/plain",
}
"""By the ending, which is that of the content (`ita.reports.old_report_import.original_name`)."""


def show_original_button(original: ReportOriginal) -> None:
    """Nothing for those who may not look into imported files; asked again on the click."""
    thing = Resource(original.agencies)
    if not can(current_user(), Action.VIEW_HISTORY, thing).allowed:
        return
    note = _(
        "{file} ไฟล์ที่อ่านรายงานนี้มา เก็บไว้กับการนำเข้าครั้งที่ {batch}",
        file=escape_markdown(original.file_name),
        batch=original.batch_id,
    )
    st.download_button(
        _("ต้นฉบับ"),
        data=checked_on_click(
            partial(_original_bytes, original.batch_id), Action.VIEW_HISTORY, thing
        ),
        file_name=original.file_name,
        mime=_MIMES.get(PurePath(original.file_name).suffix.casefold(), "application/octet-stream"),
        on_click="ignore",
        key=f"original {original.batch_id}",
        help=note,
    )


def _original_bytes(batch_id: int) -> bytes:
    with get_store().reading() as cursor:
        file = load_original(cursor, batch_id)
    return file.content if file else b""
