"""นำเข้าข้อมูล: type or upload, one file or several, mend, look at what changes, save."""

from collections.abc import Sequence

import streamlit as st

from ita.i18n import _
from ita.imports.datasets import Dataset
from ita.imports.readers.sheets import AUTO
from ita.ui.components.file_uploader import forget_read_file, leave_report
from ita.ui.components.frame import guard
from ita.ui.components.markup import render_html
from ita.ui.components.navigation import scroll_to
from ita.ui.old_report.cells import (
    draft_summary,
    show_cells,
    show_doubt,
    show_repairs,
    show_unplaced,
)
from ita.ui.old_report.claims import draft_claims, show_claims
from ita.ui.old_report.original import show_original
from ita.ui.old_report.saving import (
    confirm_report,
    draft_requests,
    preview_draft,
    show_report_effect,
    show_report_problems,
    show_report_receipt,
)
from ita.ui.old_report.source_step import OpenReport, pick_report
from ita.ui.old_report.target import resolve_target
from ita.ui.upload.agency_matching import show_matched
from ita.ui.upload.confirm_step import confirm_import, show_effect, show_receipt, show_refused
from ita.ui.upload.dialect_step import is_header_certain, pick_dialect, pick_sheets, show_dialect
from ita.ui.upload.file_step import UploadedFile, show_lost_upload, upload_files
from ita.ui.upload.import_choice import ImportChoice, ReportChoice, Way, pick_import
from ita.ui.upload.preview_step import FilePreview, offer_source, preview_file, show_agencies
from ita.ui.upload.problems_step import show_problems
from ita.ui.upload.several_saving import confirm_files, show_files_receipt
from ita.ui.upload.several_step import check_together, show_files
from ita.ui.upload.typed_quarter import FIRST_WRONG
from ita.ui.upload.typed_step import show_fields
from ita.ui.upload.typed_texts import typed_source
from ita.web.paths import UPLOAD


def show_page() -> None:
    guard(UPLOAD)
    if show_receipt() or show_files_receipt() or show_report_receipt():
        forget_read_file()
        return
    show_lost_upload()
    choice = pick_import()
    if isinstance(choice, ReportChoice):
        import_old_report(choice)
        return
    leave_report()
    if choice.way is Way.TYPED:
        looked = look_at_typed(choice)
    else:
        with st.container(border=True, key="card-file"):
            sources = upload_files()
        if len(sources) > 1:
            import_together(choice, sources)
            return
        looked = look_at_file(choice, sources[0] if sources else None)
    if looked is None:
        return
    source, file_preview = looked
    outcome = file_preview.preview.outcome
    if outcome.accepted and not outcome.batch:
        confirm_import(choice, source, file_preview)
    elif not outcome.accepted:
        show_refused(file_preview)


RESULT = "import-result"
"""The container of what a check found; the page goes there once for each check."""


def look_at_typed(choice: ImportChoice) -> tuple[UploadedFile, FilePreview] | None:
    """The fields of the page, and what was found of what is typed; None while nothing was sent."""
    source = typed_source(choice)
    fields = st.container(border=True, key="card-typed")
    if source is None:
        forget_read_file()
        with fields:
            show_fields(choice, ())
        return None
    file_preview = preview_file(choice, source, AUTO)
    with fields:
        show_fields(choice, file_preview.preview.outcome.problems)
    at_rows = choice.kind in (Dataset.PROGRESS, Dataset.AGENCIES)
    with st.container(key=RESULT):
        show_problems(choice, source, file_preview, repairable=False, apart=at_rows)
        offer_source(choice, file_preview)
        show_effect(choice, source, file_preview)
    scroll_to_check(source.name, FIRST_WRONG, RESULT)
    return source, file_preview


def look_at_file(
    choice: ImportChoice, source: UploadedFile | None
) -> tuple[UploadedFile, FilePreview] | None:
    """How a file is read and what was found in it; None while there is none, or a question of how it is
    read."""
    if source is None:
        forget_read_file()
        return None
    dialect = pick_dialect(choice, source)
    if dialect is None:
        return None
    file_preview = preview_file(choice, source, dialect)
    if not is_header_certain(choice, source, file_preview):
        return None
    with st.container(key=RESULT):
        show_dialect(choice, source, file_preview)
        pick_sheets(choice, source, file_preview)
        show_agencies(choice, file_preview)
        show_matched(file_preview)
        show_problems(choice, source, file_preview)
        offer_source(choice, file_preview)
        show_effect(choice, source, file_preview)
    scroll_to_check(source.first_digest, RESULT)
    return source, file_preview


def import_together(choice: ImportChoice, sources: Sequence[UploadedFile]) -> None:
    """Several files, each with what was found in it, and one save."""
    files = check_together(choice, sources)
    with st.container(key=RESULT):
        show_files(files)
    scroll_to_check(" ".join(source.first_digest for source in sources), RESULT)
    confirm_files(files)


def scroll_to_check(checked: str, *containers: str) -> None:
    """Once for each file or check: to what must be mended, else to the result."""
    check = (checked, st.session_state.get("check turn", 0))
    if st.session_state.get("scrolled to") == check:
        return
    st.session_state["scrolled to"] = check
    st.session_state["scroll turn"] = st.session_state.get("scroll turn", 0) + 1
    scroll_to(*containers, turn=st.session_state["scroll turn"])


def import_old_report(choice: ReportChoice) -> None:
    """A document becomes a draft beside its original; then it goes the way of every import."""
    report = pick_report()
    if report is None:
        return
    st.header(_("ร่างที่อ่านได้ เทียบกับต้นฉบับ"), anchor=False)
    target = resolve_target(choice, report)
    show_draft(report)
    if target is None:
        st.info(_("เมื่อเลือกหน่วยงานและปีของรายงานแล้ว จะแสดงสิ่งที่จะเปลี่ยนและปุ่มบันทึก"))
        return
    st.header(_("ข้อความในร่างกับคะแนน"), anchor=False)
    claims = draft_claims(report, target)
    show_claims(report, target, claims)
    st.header(_("ผลการตรวจและสิ่งที่จะเปลี่ยน"), anchor=False)
    requests = draft_requests(report, target)
    if not requests:
        st.info(_("ร่างนี้ยังไม่มีข้อความในช่องใด จึงไม่มีอะไรให้บันทึก"))
        return
    preview = preview_draft(report, target, requests)
    show_report_problems(report, target, requests, preview)
    if preview.changes:
        show_report_effect(target, preview)
        with st.container(border=True, key="card-confirm"):
            st.header(_("ยืนยันและบันทึก"), anchor=False)
            confirm_report(report, target, requests, preview, claims)
    elif preview.accepted:
        st.info(_("ร่างนี้ตรงกับที่บันทึกไว้แล้วทุกช่อง จึงไม่มีอะไรเปลี่ยน"))


def show_draft(report: OpenReport) -> None:
    """The original on the left, where it stays in sight, and what was read of it on the right."""
    render_html(draft_summary(report))
    for position, doubt in report.edits.doubts(None):
        show_doubt(report.edits, position, doubt)
    if not report.read.rows:
        st.warning(
            _(
                "ไม่พบตารางรายงานในเอกสารนี้ ข้อความทั้งหมดอยู่ในรายการข้างล่าง หากเป็นรายงานผลจริง เลือกช่องแล้วใส่ได้"
            )
        )
    original, draft = st.columns([9, 11])
    with original, st.container(key="original"):
        show_original(report)
    with draft:
        show_unplaced(report)
        show_cells(report)
        show_repairs(report)


if __name__ == "__main__":
    show_page()
