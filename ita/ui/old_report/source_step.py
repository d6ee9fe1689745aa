"""The document: uploaded or pasted, read in the worker process, and its draft as the visit keeps it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import streamlit as st

from ita.config import current_settings
from ita.domain import Instrument
from ita.i18n import _
from ita.imports.several_files import FilesPreview
from ita.reports.published_figures import Figures
from ita.reports.reading.errors import MEGABYTE, READ_LIMITS, ReadError
from ita.reports.reading.ocr import ocr_is_available
from ita.reports.reading.reader import read_draft
from ita.reports.reading.report_draft import ReportDraft
from ita.reports.result_links import propose_links
from ita.store.changes import file_hash
from ita.ui.components.file_uploader import (
    KEPT_REPORT_BYTES,
    OPEN_REPORT,
    REPORT_BOX,
    REPORT_IMAGES,
    file_box,
)
from ita.ui.components.frame import lazy_expander
from ita.ui.components.jobs import await_job
from ita.ui.components.markup import escape_markdown, render_html, tag
from ita.ui.old_report.edits import ReportEdits
from ita.web.store_access import get_reference
from ita.workers.pool import OnStatus

REFUSED, BY_OCR = "report refused", "report by ocr"
"""Why the file can't be read; the digest of a scan that a person wants to be read by OCR."""
MAX_PASTED = 200_000
"""Characters; a hundred pages."""
PASTED_NAME = "pasted-report.txt"


@dataclass
class OpenReport:
    """A document and its draft, for as long as the visit lasts or until another one is chosen.

    content: None where a large file has been let go with its page; the same file brings it back.
    turn: distinguishes the fields of reports, and of one report before and after its page was left.
    decided: the agency and the year that a person keeps to, although the document names others.
    instrument: whose cells are shown. last_preview: the preview with its cache key.
    """

    digest: str
    name: str
    content: bytes | None
    edits: ReportEdits
    turn: int
    decided: set[tuple[str, str]] = field(default_factory=set)
    instrument: Instrument | None = None
    last_preview: tuple[Any, FilesPreview[Figures]] | None = None

    @property
    def read(self) -> ReportDraft:
        return self.edits.read


def current_report() -> OpenReport | None:
    """What is open in this visit."""
    report: OpenReport | None = st.session_state.get(OPEN_REPORT)
    return report


def pick_report() -> OpenReport | None:
    """The document that is open with its draft; None while there is none, or it can't be read."""
    with st.container(border=True, key="card-source"):
        st.header(_("2. เลือกไฟล์รายงาน หรือวางข้อความ"), anchor=False)
        source = _source()
    if source is None:
        return None
    name, content = source
    digest = file_hash(content)
    report = current_report()
    if report is None or report.digest != digest:
        report = _read(name, content, digest)
    elif report.content is None:
        report.content = content
    return report


def _source() -> tuple[str, bytes] | None:
    """Name and bytes of what was chosen last, a file or a text."""
    most = min(READ_LIMITS.file_bytes, current_settings().limits.file_bytes)
    uploaded = file_box(
        _("ไฟล์รายงานเดิม (PDF, DOCX, HTML, TXT)"),
        # Whatever is picked comes here: the browser would refuse it in English, in a tooltip.
        None,
        f"old report {st.session_state.get(REPORT_BOX, 0)}",
        most // MEGABYTE,
    )
    report = current_report()
    if uploaded is not None:
        st.session_state["lost visit"] = False
        st.session_state.pop("pasted report", None)
        return uploaded.name, uploaded.content
    if report is not None and len(report.content or b"") > KEPT_REPORT_BYTES:
        report.content = None  # it is in the box no more, and the visit would keep it for long
    if report is not None and report.content is None:
        words = {"name": escape_markdown(report.name)}
        st.info(_("สิ่งที่แก้ไว้ใน {name} ยังอยู่ กรุณาเลือกไฟล์เดิมอีกครั้งเพื่อทำต่อ", **words))
    pasted: bytes | None = st.session_state.get("pasted report")
    if pasted is not None:
        return _show_kept(PASTED_NAME, _("ข้อความที่วาง"), pasted)
    if report is not None and report.content is not None:
        return _show_kept(report.name, report.name, report.content)
    lazy_expander(_("หรือวางข้อความของรายงาน"), "paste report", _show_paste)
    return None


def _show_kept(name: str, label: str, content: bytes) -> tuple[str, bytes]:
    """What is open without standing in the box, and the way to another one."""
    with st.container(horizontal=True, vertical_alignment="center"):
        render_html(tag(_("เปิดค้างไว้: {name}", name=label), "note"))
        st.button(_("ใช้ไฟล์หรือข้อความอื่น"), key="other report", on_click=forget_report)
    return name, content


def _show_paste() -> None:
    st.text_area(
        _("ข้อความของรายงาน ตั้งแต่ชื่อรายงานจนจบตาราง"),
        key="report text",
        height=220,
        max_chars=MAX_PASTED,
    )
    if st.button(_("อ่านข้อความนี้"), type="primary", key="read pasted"):
        text = str(st.session_state.get("report text") or "")
        if not text.strip():
            st.error(_("กรุณาวางข้อความก่อน"))
            return
        forget_report()
        st.session_state["pasted report"] = text.encode("utf-8", "replace")
        st.rerun()


def forget_report() -> None:
    """Let go the document and all that was made of it, for another one."""
    for key in (OPEN_REPORT, REPORT_IMAGES, "pasted report", "report year kept"):
        st.session_state.pop(key, None)
    st.session_state[REPORT_BOX] = time.time_ns()


def _read(name: str, content: bytes, digest: str) -> OpenReport | None:
    """A document's draft as the one that is open now; None where it can't be read, which is told."""
    ocr = st.session_state.get(BY_OCR) == digest
    refused: tuple[str, bool, ReadError] | None = st.session_state.get(REFUSED)
    if refused is None or refused[:2] != (digest, ocr):
        st.session_state.pop(REFUSED, None)
        outcome = await_job(
            f"old report {digest} {ocr}",
            _("กำลังอ่าน {name} …", name=escape_markdown(name)),
            partial(_read_draft, content, ocr),
        )
        if isinstance(outcome, ReportDraft):
            edits = ReportEdits(outcome, propose_links(outcome))
            report = OpenReport(digest, name, content, edits, time.time_ns())
            st.session_state[OPEN_REPORT] = report
            return report
        refused = st.session_state[REFUSED] = (digest, ocr, outcome)
    _show_refused(digest, refused[2])
    return None


def _read_draft(
    content: bytes, ocr: bool, owner: str, on_status: OnStatus
) -> ReportDraft | ReadError:
    return read_draft(content, get_reference(), owner, on_status, ocr)


def _read_by_ocr(digest: str) -> None:
    st.session_state[BY_OCR] = digest


def _show_refused(digest: str, error: ReadError) -> None:
    """Why a document can't be read; a scan by OCR where there is one, and its text as a person copies it."""
    st.error(error.message())
    if error.code == "scan" and ocr_is_available():
        st.caption(
            _(
                "เครื่องนี้อ่านอักษรจากภาพได้ ใช้เวลาหลายวินาทีต่อหน้า ข้อความที่ได้อาจผิดทุกตัวอักษร ต้องเทียบกับต้นฉบับทุกช่อง"
            )
        )
        read = partial(_read_by_ocr, digest)
        st.button(_("อ่านจากภาพ"), type="primary", key="read by ocr", on_click=read)
    st.caption(
        _(
            "ไม่มีข้อมูลใดเปลี่ยน หากเปิดเอกสารนี้แล้วเลือกข้อความได้ ให้คัดลอกทั้งรายงานมาวางข้างล่างแทนได้ "
            "หรือกรอกในแบบฟอร์มของชนิด “มาตรการ” และ “รายงานผล”"
        )
    )
    lazy_expander(_("หรือวางข้อความของรายงาน"), "paste report", _show_paste)
