"""นำเข้าข้อมูล: choose, upload or fill in, mend, look at what changes, confirm."""

import streamlit as st

from ita.i18n import _
from ita.ui.components.file_uploader import forget_read_file, leave_report
from ita.ui.components.frame import guard
from ita.ui.components.markup import render_html
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
from ita.ui.upload.confirm_step import confirm_import, show_effect, show_receipt
from ita.ui.upload.dialect_step import is_header_certain, pick_dialect, pick_sheets, show_dialect
from ita.ui.upload.file_step import ReportChoice, pick_import, show_lost_upload, upload_file
from ita.ui.upload.preview_step import preview_file, show_agencies
from ita.ui.upload.problems_step import show_problems
from ita.web.paths import UPLOAD


def show_page() -> None:
    guard(UPLOAD)
    if show_receipt() or show_report_receipt():
        forget_read_file()
        return
    show_lost_upload()
    choice = pick_import()
    if isinstance(choice, ReportChoice):
        import_old_report(choice)
        return
    leave_report()
    source = upload_file(choice)
    if source is None:
        forget_read_file()
        return
    dialect = pick_dialect(choice, source)
    if dialect is None:
        return
    file_preview = preview_file(choice, source, dialect)
    if not is_header_certain(choice, source, file_preview):
        return
    show_dialect(choice, source, file_preview)
    pick_sheets(choice, source, file_preview)
    show_agencies(choice, file_preview)
    show_matched(file_preview)
    show_problems(choice, source, file_preview)
    outcome = file_preview.preview.outcome
    if outcome.accepted and not outcome.batch:
        show_effect(choice, source, file_preview)
        confirm_import(choice, source, file_preview)


def import_old_report(choice: ReportChoice) -> None:
    """A document becomes a draft beside its original; then it goes the way of every import."""
    report = pick_report()
    if report is None:
        return
    st.header(_("3. ร่างที่อ่านได้ เทียบกับต้นฉบับ"), anchor=False)
    target = resolve_target(choice, report)
    show_draft(report)
    if target is None:
        st.info(_("เมื่อเลือกหน่วยงานและปีของรายงานแล้ว จะแสดงสิ่งที่จะเปลี่ยนและปุ่มบันทึก"))
        return
    st.header(_("4. ข้อความในร่างกับคะแนน"), anchor=False)
    claims = draft_claims(report, target)
    show_claims(report, target, claims)
    st.header(_("5. ผลการตรวจและสิ่งที่จะเปลี่ยน"), anchor=False)
    requests = draft_requests(report, target)
    if not requests:
        st.info(_("ร่างนี้ยังไม่มีข้อความในช่องใด จึงไม่มีอะไรให้บันทึก"))
        return
    preview = preview_draft(report, target, requests)
    show_report_problems(report, target, requests, preview)
    if preview.changes:
        show_report_effect(target, preview)
        with st.container(border=True, key="card-confirm"):
            st.header(_("6. ยืนยันและบันทึก"), anchor=False)
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
