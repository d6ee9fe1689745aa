"""The narrative report to download in every format, in the agency's own Word form where it has one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import streamlit as st

from ita.auth.permissions import Action, Resource
from ita.formatting import no_data, year_text
from ita.i18n import _
from ita.reference import ReportItem
from ita.reports.files import DOCUMENT_WRITERS
from ita.reports.narrative import NarrativeReport
from ita.tables import XLSX_MIME
from ita.ui.report_looks import DOCX_MIME, TEMPLATE_LIMITS, looks_for, pick_looks
from ita.web.current_user import checked_on_click
from ita.workers import QueueFull, run_limited

# In the order of the buttons: what is handed in comes first.
DOCUMENT_MIMES = {
    "pdf": "application/pdf",
    "docx": DOCX_MIME,
    "xlsx": XLSX_MIME,
    "csv": "text/csv",
    "html": "text/html",
}


def checklist_item_text(item: ReportItem) -> str:
    """Under which item of the year's checklist a document is handed in, and how sure that is."""
    return _(
        "ใช้กับ OIT ข้อ {item} ของ{year}: {title} (ที่มาของข้อ: {citation})",
        item=item.item,
        year=year_text(item.fiscal_year),
        title=item.title_th or no_data(),
        citation=item.citation,
    )


def report_downloads(report: NarrativeReport) -> None:
    """The table as filtered, in every format of the report."""
    if report.checklist_item:
        st.caption(checklist_item_text(report.checklist_item))
    stem = f"ita-report-{report.agency_id}-{int(report.fiscal_year)}"
    thing = Resource(frozenset({report.agency_id}))
    button_row = st.container(horizontal=True)
    with st.expander(_("แม่แบบ Word และตราของหน่วยงาน")):
        chosen_looks = pick_looks(report.agency_id)
    with button_row:
        for name, mime in DOCUMENT_MIMES.items():
            make_bytes = partial(
                _document_bytes, DOCUMENT_WRITERS[name], report, name, chosen_looks
            )
            st.download_button(
                _("ดาวน์โหลด {format}", format=name.upper()),
                data=checked_on_click(make_bytes, Action.DOWNLOAD, thing),
                file_name=f"{stem}.{name}",
                mime=mime,
                on_click="ignore",
            )


def _document_bytes(
    writer: Callable[..., bytes], report: NarrativeReport, name: str, chosen_looks: dict[str, bytes]
) -> bytes:
    looks: dict[str, Any] = looks_for(report.agency_id, name, chosen_looks)
    if "template" in looks:
        with suppress(QueueFull):  # it was tried out when it was chosen
            return run_limited(writer, report, limits=TEMPLATE_LIMITS, **looks)
    return writer(report, **looks)
