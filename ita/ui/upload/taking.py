"""Step 2: the file, uploaded, mended or filled in on the page."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import pandas as pd
import streamlit as st

from ita.config import current_settings
from ita.exports.writers import as_text
from ita.i18n import _
from ita.imports.datasets import AGENCY, Dataset
from ita.imports.readers.sheets import FILE_TYPES, Sheet
from ita.imports.saving import file_hash
from ita.imports.validation.measures import REPORTED
from ita.ui.components.file_uploader import file_box
from ita.ui.components.frame import lazy_expander
from ita.ui.components.viewer import is_session_lost
from ita.ui.upload.choosing import Choice, the_template


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


GRID_KINDS = (Dataset.PROGRESS, Dataset.SCORES, Dataset.ANNOTATIONS)


def show_lost_upload() -> None:
    """After a restart of the server: the file and what was typed are gone with the session, and the last
    click did nothing. Told until a file is chosen; the box for files is a new one, for the old one shows
    a name without a file."""
    if is_session_lost() and "lost visit" not in st.session_state:
        st.session_state["lost visit"] = True
        st.session_state["upload turn"] = time.time_ns()
    if st.session_state.get("lost visit"):
        st.warning(
            _(
                "ระบบเริ่มทำงานใหม่ระหว่างที่เปิดหน้านี้ไว้ การกดครั้งล่าสุดจึงไม่ได้บันทึกอะไร กรุณาเลือกแฟ้มหรือกรอกอีกครั้ง "
                "สิ่งที่บันทึกไว้ก่อนหน้านั้นยังอยู่ครบ ดูได้ที่หน้าประวัติ"
            )
        )


def upload_file(choice: Choice) -> UploadedFile | None:
    """The file that was uploaded, mended or filled in on the page; None while there is none."""
    with st.container(border=True):
        st.header(_("2. เลือกแฟ้ม หรือกรอกในหน้าเว็บ"), anchor=False)
        uploaded = file_box(
            _("แฟ้มจาก Excel หรือที่ส่งออกจากระบบนี้ ({types})", types=_types_text()),
            # Whatever is picked comes here: the browser would refuse it in English, in a tooltip.
            None,
            f"upload {st.session_state.get('upload turn', 0)}",
            current_settings().limits.file_bytes // 1024**2,
        )
        if choice.kind in GRID_KINDS and uploaded is None:
            lazy_expander(_("กรอกในหน้าเว็บ"), _grid(choice), partial(_fill_in, choice))
    if uploaded is not None:
        if st.session_state.get("lost visit"):
            st.session_state["lost visit"] = False
        st.session_state.pop("filled in", None)
        return _as_mended(UploadedFile(uploaded.content, uploaded.name))
    filled: tuple[Choice, bytes] | None = st.session_state.get("filled in")
    if filled and filled[0] == choice:
        return _as_mended(UploadedFile(filled[1], _("กรอกในหน้าเว็บ"), typed=True))
    return None


def _types_text() -> str:
    return ", ".join(name.upper() for name in FILE_TYPES)


def _as_mended(given: UploadedFile) -> UploadedFile:
    """What came, or what it was mended to on the page; the mending of another file is forgotten."""
    mended = st.session_state.get("mended")
    if mended and mended[0] == given.digest:
        return replace(given, content=mended[1], original=given.digest, read_as=mended[2])
    st.session_state.pop("mended", None)
    return given


def _grid(choice: Choice) -> str:
    return f"grid {choice.kind} {choice.agency} {choice.year} {choice.quarter}"


def _fill_in(choice: Choice) -> None:
    """A grid of what the template would ask for; it goes the same way as a file."""
    found = the_template(choice)
    fixed = [c.thai for c in found.columns if c.name in FIXED]
    frame = pd.DataFrame(
        [[as_text(value) for value in row] for row in found.rows], columns=list(found.headers)
    )
    # Events are added as they happened, all of the chosen agency; other forms have their rows.
    open_ended = choice.kind is Dataset.ANNOTATIONS
    if open_ended:
        blank = pd.DataFrame([[""] * len(frame.columns)], columns=frame.columns)
        frame = pd.concat([frame, blank], ignore_index=True).drop(columns=AGENCY.thai)
    if frame.empty:
        st.info(_("ยังไม่มีมาตรการของปีนี้ กรุณานำเข้ามาตรการก่อน"))
        return
    edited = st.data_editor(
        frame,
        disabled=fixed,
        hide_index=True,
        num_rows="dynamic" if open_ended else "fixed",
        key=_grid(choice),
    )
    if open_ended:
        st.caption(
            _(
                "วันละหนึ่งแถว เขียนวันที่แบบ 21 เม.ย. 2567 ช่องส่วนเว้นว่างได้หากเกี่ยวกับทุกส่วน "
                "การลบแถวที่นี่ไม่ลบสิ่งที่บันทึกไว้แล้ว หากต้องการเอาออก ให้ย้อนที่หน้าประวัติ"
            )
        )
    if st.button(_("ตรวจข้อมูลที่กรอก")):
        cells = edited.fillna("").astype(str)
        open_columns = [c.thai for c in found.columns if c.name in REPORTED]
        asked = cells[open_columns] if choice.kind is Dataset.PROGRESS else cells
        filled = (asked != "").any(axis=1).tolist()
        records = cells.values.tolist()
        # A row left empty is a blank line, so that the numbers of rows are those of the grid.
        rows = [row if told else [] for row, told in zip(records, filled, strict=True)]
        content = csv_text([list(cells.columns), *rows]).encode("utf-8-sig")
        st.session_state["filled in"] = (choice, content)
        st.rerun()


def csv_text(rows: Sequence[Sequence[str]]) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue()


FIXED = ("fiscal_year", "quarter", "agency", "instrument", "seq", "measure_shown")
