"""What a page shows when there is nothing to show: what is missing and how to get it in."""

from __future__ import annotations

import streamlit as st

from ita.ui.agency_picker import pick_agency
from ita.ui.pages import UPLOAD, link, opens
from ita.wording import say


def nothing_yet(what: str) -> None:
    """No data of this page's kind: say so, and lead to the next step."""
    st.info(say("ยังไม่มีข้อมูล{what} เมื่อนำเข้าแล้วหน้านี้จะแสดงผลทันที", what=what))
    if opens(UPLOAD):
        st.write(
            say(
                "ลำดับการนำเข้า: รายชื่อหน่วยงาน → คะแนนรายปี → มาตรการ → ความสำเร็จรายไตรมาส → รายงานผล "
                "แต่ละชนิดมีแบบฟอร์มให้ดาวน์โหลดในหน้านำเข้าข้อมูล"
            )
        )
    lead_to_import(say("ไปหน้านำเข้าข้อมูล"))


def lead_to_import(label: str, **choices: object) -> None:
    """The way to bring data in; whose data it is not is told who brings them."""
    if opens(UPLOAD, **choices):
        link(UPLOAD, label, **choices)
    else:
        st.write(say("ผู้นำเข้าข้อมูลคือเจ้าหน้าที่ของหน่วยงานนั้นหรือผู้ดูแลระบบ"))


def the_agency() -> str:
    """The agency that a page is about; without any agency the page says so and ends here."""
    agency = pick_agency()
    if agency is None:
        nothing_yet(say("หน่วยงาน"))
        st.stop()
    return agency
