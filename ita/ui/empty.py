"""What a page shows when there is nothing to show: what is missing and how to get it in."""

from __future__ import annotations

import streamlit as st

from ita.wording import say


def nothing_yet(what: str) -> None:
    """No data of this page's kind: say so, and say the next step."""
    st.info(
        say(
            "ยังไม่มีข้อมูล{what} เมื่อนำเข้าแล้วหน้านี้จะแสดงผลทันที วิธีนำเข้า: "
            "ปิดหน้าเว็บนี้ (กด Ctrl+C ในหน้าต่างที่เปิดโปรแกรม) แล้วใช้คำสั่งด้านล่าง จากนั้นเปิดใหม่",
            what=what,
        )
    )
    st.code(
        "python -m ita import agencies  agencies.csv\n"
        "python -m ita import scores    scores.csv\n"
        "python -m ita import measures  measures.csv\n"
        "python -m ita import progress  progress.csv\n"
        "python -m ita import narrative narrative.csv",
        language=None,
    )
