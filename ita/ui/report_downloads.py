"""The narrative report to download in every format, in the agency's own Word form where it has one."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

import streamlit as st

from ita.report.documents import DOCUMENTS, LOOKS
from ita.report.narrative import NarrativeReport
from ita.spreadsheet import XLSX_MIME
from ita.wording import language, say, speaking

DOCX_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MIMES = {
    "html": "text/html",
    "csv": "text/csv",
    "xlsx": XLSX_MIME,
    "docx": DOCX_MIME,
    "pdf": "application/pdf",
}


def downloads(report: NarrativeReport) -> None:
    """The table as filtered, in every format of the report."""
    stem = f"ita-report-{report.agency_id}-{int(report.fiscal_year)}"
    place = st.container(horizontal=True)
    with st.expander(say("แม่แบบ Word และตราของหน่วยงาน")):
        looks = _looks()
    with place:
        for name, make in DOCUMENTS.items():
            mine = {look: content for look, content in looks.items() if name in LOOKS[look]}
            st.download_button(
                say("ดาวน์โหลด {format}", format=name.upper()),
                data=partial(make, report, **mine),
                file_name=f"{stem}.{name}",
                mime=MIMES[name],
                on_click="ignore",
            )


def _looks() -> dict[str, bytes]:
    """What the agency has of its own for these documents, checked; kept for this visit only."""
    st.caption(
        say(
            "DOCX ใช้แบบฟอร์มของหน่วยงานเองได้ เริ่มจากแม่แบบตั้งต้น จัดหน้าใน Word แล้วเลือกแฟ้มที่นี่ "
            "ข้อความในวงเล็บปีกกาคือที่ที่ระบบจะเติม ส่วนตราจะอยู่เหนือชื่อรายงานใน DOCX และ PDF"
        )
    )
    st.download_button(
        say("ดาวน์โหลดแม่แบบตั้งต้น"),
        data=_starter,
        file_name="ita-report-template.docx",
        mime=DOCX_MIME,
        on_click="ignore",
    )
    template = _chosen(
        say("แม่แบบ Word ของหน่วยงาน (.docx)"), ["docx"], 5, "template", _template_fault
    )
    crest = _chosen(
        say("ภาพตราหน่วยงาน (PNG หรือ JPEG)"), ["png", "jpg", "jpeg"], 2, "crest", _crest_fault
    )
    return {name: found for name, found in (("template", template), ("crest", crest)) if found}


def _starter() -> bytes:
    from ita.report.docx_form import starter_template

    return starter_template()


Check = Callable[[bytes, str], str]
"""A file and the language spoken → why it won't do, or nothing."""


def _chosen(label: str, types: list[str], megabytes: int, key: str, fault: Check) -> bytes | None:
    uploaded = st.file_uploader(label, type=types, max_upload_size=megabytes, key=f"report {key}")
    if uploaded is None:
        return None
    content = uploaded.getvalue()
    if why := fault(content, language()):
        st.error(why)
        return None
    st.success(say("ใช้ {file} กับแฟ้มที่ดาวน์โหลดจากหน้านี้", file=uploaded.name.replace("`", "'")))
    return content


# A page runs again with every choice; the same file is not tried out each time.
@lru_cache(maxsize=8)
def _template_fault(content: bytes, spoken: str) -> str:
    from ita.report.docx_templates import TemplateFault, checked_template

    try:
        with speaking(spoken):
            checked_template(content)
    except TemplateFault as fault:
        return str(fault)
    return ""


@lru_cache(maxsize=8)
def _crest_fault(content: bytes, spoken: str) -> str:
    from ita.report.crests import CrestFault, checked_crest

    try:
        with speaking(spoken):
            checked_crest(content)
    except CrestFault as fault:
        return str(fault)
    return ""
