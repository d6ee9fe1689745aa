"""The box for a file: what Streamlit's has, and in our words why the last file was not taken.

Streamlit's box says "AxiosError: Request failed with status code 413" then, in a tooltip.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from ita.i18n import N_, _
from ita.web.streamlit_internals import script_session_id, stored_upload
from ita.web.uploads import Shortage, shortage_facts, take_refusal

SENTENCES = {
    Shortage.YOURS: N_(
        "ยังไม่ได้รับไฟล์นี้ เพราะไฟล์ของท่านที่เปิดค้างไว้ในทุกแท็บรวมกันจะเกิน {most} MB "
        "กรุณาบันทึกหรือปิดแท็บที่มีไฟล์ค้างอยู่ แล้วเลือกไฟล์นี้อีกครั้ง"
    ),
    Shortage.FULL: N_(
        "ยังไม่ได้รับไฟล์นี้ เพราะขณะนี้ระบบถือไฟล์ของทุกคนไว้เกือบเต็ม {most} MB ไม่มีอะไรสูญหาย "
        "กรุณาเลือกไฟล์นี้อีกครั้งในหนึ่งหรือสองนาที"
    ),
    Shortage.SLOW: N_(
        "ยังไม่ได้รับไฟล์นี้ เพราะการส่งหยุดนิ่งเกิน {seconds} วินาที หรือช้าเกินไป กรุณาตรวจการเชื่อมต่ออินเทอร์เน็ต "
        "แล้วเลือกไฟล์นี้อีกครั้ง"
    ),
    Shortage.SHAPE: N_("ยังไม่ได้รับไฟล์นี้ เพราะข้อมูลที่ส่งมาไม่ใช่ไฟล์เดียว กรุณาเลือกไฟล์ทีละไฟล์จากกล่องนี้"),
}

_KEPT, _TURN = "file refused", "file box turn"

SMALL_BYTES = 1024**2
"""What was mended of a file no larger than this waits for the same file to be chosen again."""

OPEN_REPORT, REPORT_IMAGES, REPORT_BOX = "old report", "report images", "report box"
"""Of the session: the old report that is open, pictures and text of its original, the turn of its box."""

HELD = ("preview", "files check", "text candidates", REPORT_IMAGES)
"""What the visit remembers of a file that was read: it is larger than the file."""

KEPT_REPORT_BYTES = 8 * 1024**2
"""An old report no larger than this stays open while other pages are visited."""


@dataclass(frozen=True)
class ChosenFile:
    name: str
    content: bytes


def file_box(label: str, types: Sequence[str] | None, key: str, most_mb: int) -> ChosenFile | None:
    """The file that was chosen; None while there is none, with why the last one was not taken.

    most_mb: megabytes of the largest one.
    """
    return next(iter(_box(label, types, key, most_mb, several=False)), None)


def files_box(
    label: str, types: Sequence[str] | None, key: str, most_mb: int
) -> tuple[ChosenFile, ...]:
    """`file_box` of several files, in the order in which they were chosen."""
    return _box(label, types, key, most_mb, several=True)


def _box(
    label: str, types: Sequence[str] | None, key: str, most_mb: int, several: bool
) -> tuple[ChosenFile, ...]:
    session_id = script_session_id()
    refusal = take_refusal(session_id) if session_id else None
    state = st.session_state
    others = state.get(f"{key} {state.get(_TURN, 0)}")
    others = len(others) if several and others else 0
    if refusal:
        state[_KEPT] = (key, refusal, state.get("view"), others)
        if not others:  # the old box shows the name of a file that never came
            state[_TURN] = state.get(_TURN, 0) + 1
    chosen = st.file_uploader(
        label,
        types,
        key=f"{key} {state.get(_TURN, 0)}",
        max_upload_size=most_mb,
        accept_multiple_files=several,
    )
    files = chosen if isinstance(chosen, list) else [chosen] if chosen else []
    kept = state.get(_KEPT)
    if kept and (kept[0], *kept[2:]) == (key, state.get("view"), len(files)):
        st.error(_(SENTENCES[kept[1]], **shortage_facts(kept[1])))
    elif files:
        state.pop(_KEPT, None)
    came = []
    for file in files:
        stored = stored_upload(file.file_id)
        came.append(ChosenFile(file.name, file.getvalue() if stored is None else stored))
    return tuple(came)


def forget_read_file() -> None:
    """Let go what was read of a file that the page no longer shows."""
    leave_report()
    for name in HELD:
        st.session_state.pop(name, None)
    mended: dict[str, tuple[bytes, object]] = st.session_state.get("mended", {})
    for digest in [
        name for name, (content, _sheet) in mended.items() if len(content) > SMALL_BYTES
    ]:
        del mended[digest]


def leave_report() -> None:
    """The old report that is open is no longer shown: what was mended of it stays, a large file goes.

    Its fields are others when it is shown again: a browser forgets those that are not drawn, the server
    only where the run before ended without `st.stop`.
    """
    report = st.session_state.get(OPEN_REPORT)
    if report is None:
        return
    report.turn = st.session_state[REPORT_BOX] = time.time_ns()
    if len(report.content or b"") > KEPT_REPORT_BYTES:
        report.content = None  # the same file brings it back
