"""The narrative report to download in every format, in the agency's own Word form where it has one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any

import streamlit as st

from ita.auth.permissions import Action, NotAllowed, Resource, User, can
from ita.formatting import no_data, year_text
from ita.i18n import _, language, language_set_to
from ita.reference import ReportItem
from ita.reports.looks import LOOKS, MEGABYTE, look_fault, remove_look, save_look
from ita.reports.narrative import NarrativeReport
from ita.reports.readiness import Readiness
from ita.reports.report_document import DOCUMENT_WRITERS
from ita.store.looks import look_contents, look_names
from ita.tables import XLSX_MIME
from ita.ui.components import queries
from ita.ui.components.file_uploader import file_box
from ita.ui.components.markup import escape_markdown, render_html, tag
from ita.ui.components.original_file import DOCX_MIME, show_original_button
from ita.ui.components.tables import FileMakers, show_download_buttons
from ita.web.current_user import checked_on_click, current_user
from ita.web.export_queue import note_failure
from ita.web.store_access import get_store
from ita.workers import WorkerFailure, WorkerLimits, run_limited

# The agency's own template and crest for printed reports: chosen for this visit, or kept.

# A template that is in order takes a tenth of it.
TEMPLATE_LIMITS = WorkerLimits(memory_bytes=256 * MEGABYTE, seconds=30.0, cpu_seconds=5.0)
PATIENCE_SECONDS = 60.0
"""How long a click on a document waits for a place in a full queue; Streamlit's page waits longer."""


def chosen_looks(agency: str) -> dict[str, bytes]:
    """The files chosen in this visit, by look; stored ones are used without being chosen."""
    chosen: dict[str, dict[str, bytes]] = st.session_state.setdefault("looks chosen", {})
    return chosen.setdefault(agency, {})


def pick_looks(agency: str) -> None:
    """The files for documents of an agency, to use in this visit or to keep."""
    st.caption(
        _(
            "DOCX ใช้แบบฟอร์มของหน่วยงานเองได้ เริ่มจากแม่แบบตั้งต้น จัดหน้าใน Word แล้วเลือกไฟล์ที่นี่ "
            "ข้อความในวงเล็บปีกกาคือที่ที่ระบบจะเติม ส่วนตราจะอยู่เหนือชื่อรายงานใน DOCX และ PDF"
        )
    )
    st.download_button(
        _("ดาวน์โหลดแม่แบบตั้งต้น"),
        data=_starter_template,
        file_name="ita-report-template.docx",
        mime=DOCX_MIME,
        on_click="ignore",
    )
    with get_store().reading() as cursor:
        stored_names = look_names(cursor, agency)
    may_save = can(current_user(), Action.KEEP_LOOKS, Resource(frozenset({agency}))).allowed
    labels = {
        "template": _("แม่แบบ Word ของหน่วยงาน (.docx)"),
        "crest": _("ภาพตราหน่วยงาน (PNG หรือ JPEG)"),
    }
    chosen = {
        n: _pick_look(agency, n, label, stored_names.get(n), may_save)
        for n, label in labels.items()
    }
    of_visit = chosen_looks(agency)
    of_visit.clear()
    of_visit.update({name: content for name, content in chosen.items() if content})


def looks_for(agency: str, file_format: str, chosen: dict[str, bytes]) -> dict[str, bytes]:
    """The files for a document of a format: chosen on the page, else stored."""
    with get_store().reading() as cursor:
        contents = look_contents(cursor, agency) | chosen
    return {n: content for n, content in contents.items() if file_format in LOOKS[n].formats}


def _starter_template() -> bytes:
    from ita.reports.docx_document import starter_template

    return starter_template()


def _pick_look(
    agency: str, name: str, label: str, stored_name: str | None, may_save: bool
) -> bytes | None:
    look = LOOKS[name]
    turn = st.session_state.get("report look turn", 0)
    box = f"report {name} {agency} {turn}"
    uploaded = file_box(label, list(look.types), box, look.max_bytes // MEGABYTE)
    if uploaded is None:
        if stored_name:
            _show_stored(agency, name, stored_name, may_save)
        return None
    content = uploaded.content
    if fault := _fault_text(name, content, language()):
        st.error(escape_markdown(fault))
        return None
    st.success(_("ใช้ {file} กับไฟล์ที่ดาวน์โหลดในครั้งนี้", file=escape_markdown(uploaded.name)))
    if may_save and st.button(_("เก็บไว้ใช้ครั้งต่อไป"), key=f"keep {name}"):
        _change(partial(save_look, file_name=uploaded.name, content=content), agency, name)
    return content


def _show_stored(agency: str, name: str, file: str, may_save: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        render_html(tag(_("ใช้ {file} ที่เก็บไว้ของหน่วยงาน", file=file), "good"))
        if may_save and st.button(_("เลิกใช้"), key=f"forget {name}", type="tertiary"):
            _change(remove_look, agency, name)


def _change(change: Callable[..., None], agency: str, name: str) -> None:
    try:
        change(get_store(), current_user(), agency_id=agency, look=name)
    except NotAllowed as fault:
        st.error(escape_markdown(str(fault)))
        return
    st.session_state["report look turn"] = st.session_state.get("report look turn", 0) + 1
    st.rerun()


def _fault_text(name: str, content: bytes, spoken: str) -> str:
    """Why a file can't be used, in the given language; "" where it can. A template is untrusted, so it
    is filled in the worker process."""
    try:
        with st.spinner(_("กำลังตรวจไฟล์ …")):
            return _validation_fault(name, content, spoken)
    except WorkerFailure as failure:
        return failure.sentence


# A page runs again with every choice; the same file is not tried out each time.
@lru_cache(maxsize=8)
def _validation_fault(name: str, content: bytes, spoken: str) -> str:
    with language_set_to(spoken):
        return run_limited(look_fault, name, content, limits=TEMPLATE_LIMITS)


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


def document_makers(agency: str, make_bytes: Callable[[str], bytes]) -> FileMakers:
    """An agency's document in every format, for those who may download it.

    make_bytes: the name of a format → the file.
    """
    resource = Resource(frozenset({agency}))
    return {
        name.upper(): (
            mime,
            checked_on_click(partial(make_bytes, name), Action.DOWNLOAD, resource),
        )
        for name, mime in DOCUMENT_MIMES.items()
    }


def report_downloads(report: NarrativeReport, readiness: Readiness) -> None:
    """The whole report in every format, and before it what the file will lack or say against the scores."""
    is_draft = readiness.lacking > 0
    label = _("ดาวน์โหลดฉบับร่าง") if is_draft else _("ดาวน์โหลด")
    with st.popover(label, type="secondary" if is_draft else "primary"):
        for warning in download_warnings(report, readiness):
            render_html(tag(warning, "warn"))
        stem = f"ita-report-{report.agency_id}-{int(report.fiscal_year)}"
        looks = chosen_looks(report.agency_id)
        make_bytes = partial(_document_bytes, report, looks, current_user(), language())
        show_download_buttons(stem, document_makers(report.agency_id, make_bytes), width="stretch")
        original = queries.report_original(
            queries.data_version(), report.agency_id, report.fiscal_year
        )
        if original:
            show_original_button(original)
        if report.checklist_item:
            st.caption(checklist_item_text(report.checklist_item))


def download_warnings(report: NarrativeReport, readiness: Readiness) -> Iterator[str]:
    """What whoever hands the file on must know of it."""
    if readiness.lacking:
        yield _("ยังขาด {count} รายการ ไฟล์ที่ได้เป็นฉบับร่าง", count=readiness.lacking)
    if contradicted := len(report.contradicted_claims):
        yield _("ข้อความ {count} แห่งขัดกับคะแนน และจะอยู่ในไฟล์ตามที่เขียนไว้", count=contradicted)


def _document_bytes(
    report: NarrativeReport,
    chosen_looks: dict[str, bytes],
    user: User,
    page_language: str,
    name: str,
) -> bytes:
    """A template is a stranger's program, also when it was tried out: where the worker's queue stays
    full, no file is made, and the page says so."""
    writer = DOCUMENT_WRITERS[name]
    looks: dict[str, Any] = looks_for(report.agency_id, name, chosen_looks)
    if "template" in looks:
        try:
            return run_limited(
                writer,
                report,
                owner=user.account or "",
                limits=TEMPLATE_LIMITS,
                patience=PATIENCE_SECONDS,
                **looks,
            )
        except WorkerFailure as failure:
            with language_set_to(page_language):
                note_failure(user, failure.sentence)
            raise
    return writer(report, **looks)
