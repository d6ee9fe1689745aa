"""What a page shows without data: what is missing and how to import it."""

from __future__ import annotations

import streamlit as st

from ita.i18n import _
from ita.ui.agency_picker import pick_agency
from ita.ui.pages import can_open, show_page_link
from ita.web.page_list import UPLOAD


def show_no_data(what: str) -> None:
    """A notice that there are no data of this page's kind, with a link to the import."""
    st.info(_("ยังไม่มีข้อมูล{what} เมื่อนำเข้าแล้วหน้านี้จะแสดงผลทันที", what=what))
    if can_open(UPLOAD):
        st.write(
            _(
                "ลำดับการนำเข้า: รายชื่อหน่วยงาน → คะแนนรายปี → มาตรการ → ความสำเร็จรายไตรมาส → รายงานผล "
                "แต่ละชนิดมีแบบฟอร์มให้ดาวน์โหลดในหน้านำเข้าข้อมูล"
            )
        )
    show_import_link(_("ไปหน้านำเข้าข้อมูล"))


def show_import_link(label: str, **choices: object) -> None:
    """A link to the import; for those who may not import, who may."""
    if can_open(UPLOAD, **choices):
        show_page_link(UPLOAD, label, **choices)
    else:
        st.write(_("ผู้นำเข้าข้อมูลคือเจ้าหน้าที่ของหน่วยงานนั้นหรือผู้ดูแลระบบ"))


def require_agency() -> str:
    """The agency that a page is about; without any agency the page shows that and stops."""
    agency = pick_agency()
    if agency is None:
        show_no_data(_("หน่วยงาน"))
        st.stop()
    return agency
