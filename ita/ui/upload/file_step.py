"""The files, uploaded or mended on the page."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cached_property

import streamlit as st

from ita.config import current_settings
from ita.i18n import _
from ita.imports.readers.sheets import FILE_TYPES, Sheet
from ita.store.changes import file_hash
from ita.ui.components.file_uploader import REPORT_BOX, files_box
from ita.ui.components.markup import escape_markdown
from ita.ui.components.viewer import is_session_lost

PROBLEMS = "problems"
"""The anchor of what must be mended."""

MAX_FILES = 40
"""That are taken together."""


@dataclass(frozen=True)
class UploadedFile:
    """The bytes to be read, and what they are called.

    typed: filled in on the page. original: the hash of what was uploaded or typed, where that has been
    mended on the page since; read_as: how that was read.
    """

    content: bytes
    name: str
    typed: bool = False
    original: str | None = None
    read_as: Sheet | None = None

    @cached_property
    def digest(self) -> str:
        return file_hash(self.content)

    @property
    def first_digest(self) -> str:
        """Of the file as it came: what a person has said of it holds for its mended form, too."""
        return self.original or self.digest


def line_label(source: UploadedFile) -> str:
    """What the numbers of rows are called: a grid of the page has rows and no lines."""
    return _("แถวที่") if source.typed else _("บรรทัด")


def line_number(source: UploadedFile, line: int) -> int:
    """The number of a row as a person sees it: of what was typed, from 1 and without the header."""
    return line - 1 if source.typed else line


def show_lost_upload() -> None:
    """After a restart of the server: the file and what was typed are gone with the session, and the last
    click did nothing. Told until a file is chosen; the box for files is a new one, for the old one shows
    a name without a file."""
    if is_session_lost() and "lost visit" not in st.session_state:
        st.session_state["lost visit"] = True
        st.session_state["upload turn"] = st.session_state[REPORT_BOX] = time.time_ns()
    if st.session_state.get("lost visit"):
        st.warning(
            _(
                "ระบบเริ่มทำงานใหม่ระหว่างที่เปิดหน้านี้ไว้ การกดครั้งล่าสุดจึงไม่ได้บันทึกอะไร กรุณาเลือกไฟล์หรือกรอกอีกครั้ง "
                "สิ่งที่บันทึกไว้ก่อนหน้านั้นยังอยู่ครบ ดูได้ที่หน้าประวัติ"
            )
        )


def upload_files() -> tuple[UploadedFile, ...]:
    """The files that were uploaded, as they came or as they were mended on the page, in the order in
    which they were chosen; of two of one name the later one."""
    chosen = files_box(
        _("ลากไฟล์มาวางที่นี่ หรือเลือกไฟล์ ({types}) ได้หลายไฟล์พร้อมกัน", types=_types_text()),
        # Whatever is picked comes here: the browser would refuse it in English, in a tooltip.
        None,
        f"upload {st.session_state.get('upload turn', 0)}",
        current_settings().limits.file_bytes // 1024**2,
    )
    if chosen and st.session_state.get("lost visit"):
        st.session_state["lost visit"] = False
    newest = {file.name: UploadedFile(file.content, file.name) for file in chosen}
    names = [file.name for file in chosen]
    again = ", ".join(name for name in newest if names.count(name) > 1)
    if again:
        st.caption(
            _("เลือกไฟล์ชื่อเดียวกันมากกว่าหนึ่งครั้ง ใช้ไฟล์ที่เลือกหลังสุด: {names}", names=escape_markdown(again))
        )
    files = list(newest.values())
    if len(files) > MAX_FILES:
        left_out = ", ".join(file.name for file in files[MAX_FILES:])
        st.error(
            _(
                "รับได้ครั้งละไม่เกิน {count} ไฟล์ ยังไม่ได้อ่านไฟล์เหล่านี้ กรุณานำเข้าในครั้งถัดไป: {names}",
                count=MAX_FILES,
                names=escape_markdown(left_out),
            )
        )
    digests = {file.digest for file in files}
    mended: Mended = st.session_state.get(MENDED, {})
    for digest in [digest for digest in mended if digest not in digests]:
        del mended[digest]  # another file's
    return tuple(map(as_mended, files[:MAX_FILES]))


def _types_text() -> str:
    return ", ".join(name.upper() for name in FILE_TYPES)


Mended = dict[str, tuple[bytes, Sheet]]
MENDED = "mended"
"""Of the session: by the digest of a file, what it was mended to, and how the file was read."""


def save_mended(source: UploadedFile, content: bytes, read_as: Sheet) -> None:
    st.session_state.setdefault(MENDED, {})[source.first_digest] = (content, read_as)


def as_mended(uploaded: UploadedFile) -> UploadedFile:
    """What came, or what it was mended to on the page."""
    mended: Mended = st.session_state.get(MENDED, {})
    if uploaded.digest not in mended:
        return uploaded
    content, read_as = mended[uploaded.digest]
    return replace(uploaded, content=content, original=uploaded.digest, read_as=read_as)
