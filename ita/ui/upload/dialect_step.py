"""How a file is read: said where it is certain; where it is not, shown side by side to be picked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from ita.i18n import N_, _
from ita.imports.candidates import Candidate, header_candidates, text_candidates
from ita.imports.datasets import columns_of
from ita.imports.header import recogniser
from ita.imports.heavy import is_heavy
from ita.imports.problems import ProblemKind
from ita.imports.readers.sheets import AUTO, Dialect, HeaderScore
from ita.imports.readers.worksheets import SheetNames
from ita.store.spellings import header_meanings
from ita.ui.components import queries
from ita.ui.components.jobs import run_job
from ita.ui.components.markup import escape_markdown, render_html
from ita.ui.components.tables import TableColumn, html_table
from ita.ui.upload.file_step import Choice, UploadedFile
from ita.ui.upload.preview_step import FilePreview
from ita.web.store_access import get_reference, get_store
from ita.workers.messages import Beside

ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp874": "windows-874",
    "xlsx": "Excel",
    "xls": "Excel 97–2003 (.xls)",
    "xlsb": "Excel (.xlsb)",
    "ods": "OpenDocument (.ods)",
    "xml": "Excel XML 2003",
    "html": "HTML",
    "parquet": "Parquet",
}
SEPARATOR_LABELS = {
    ",": N_("จุลภาค ( , )"),
    ";": N_("อัฒภาค ( ; )"),
    "\t": N_("แท็บ"),
    "|": N_("ขีดตั้ง ( | )"),
}
MAX_CELL_LENGTH = 40
WORD = 12
"""Characters of a cell that needs no room for a sentence."""
BESIDE = 2
"""Readings in one row of the page; on a phone they stand below each other."""


def pick_dialect(choice: Choice, source: UploadedFile) -> Dialect | None:
    """How the text of a file is read; None while the person has yet to pick, which ends the page."""
    picked = _picked(choice, source)
    if picked is not None:
        return picked
    found = _text_candidates(choice, source)
    if not found:
        return AUTO
    _offer(
        choice,
        source,
        found,
        _("แฟ้มนี้อ่านได้มากกว่าหนึ่งแบบ กรุณาเลือกแบบที่ตัวอักษรและช่องตารางถูกต้อง ยังไม่มีอะไรถูกบันทึก"),
    )
    return None


def header_is_settled(choice: Choice, source: UploadedFile, looked: FilePreview) -> bool:
    """Whether it is clear, or said, which row is the header; draws the choice where it is not."""
    checked = looked.preview.checked
    if checked is None:
        return True
    found = header_candidates(checked.sheet, looked.request.dialect, _score(choice))
    if not found:
        return True
    _offer(
        choice,
        source,
        found,
        _("มีหลายแถวที่ดูเหมือนเป็นหัวตาราง กรุณาเลือกแถวที่ถูกต้อง แถวเหนือหัวตารางจะไม่ถูกนำเข้า"),
    )
    return False


def show_dialect(choice: Choice, source: UploadedFile, looked: FilePreview) -> None:
    """Which encoding, separator and header row were found or picked; a pick can be taken back.

    Of what was mended on the page, how the file itself was read; of what was typed, nothing was.
    """
    checked = looked.preview.checked
    if checked is not None and not source.typed:
        sheet = source.read_as or checked.sheet
        told = _reading_text(sheet.encoding, sheet.separator, sheet.header_line, sheet.sheets)
        if source.read_as:
            name = escape_markdown(source.name)
            st.caption(_("แก้ในหน้าเว็บแล้ว จากแฟ้ม {name} ที่อ่านเป็น {reading}", name=name, reading=told))
        else:
            st.caption(_("อ่านเป็น {reading}", reading=told))
    if _picked(choice, source) is not None and st.button(_("เลือกวิธีอ่านใหม่")):
        del st.session_state["reading"]
        st.rerun()


def pick(choice: Choice, source: UploadedFile, reading: Dialect) -> None:
    """Remember how a file is read, for this file as this kind only."""
    st.session_state["reading"] = (source.digest, choice.kind, reading)


def _picked(choice: Choice, source: UploadedFile) -> Dialect | None:
    """What was picked for this file as this kind; that of another one does not count."""
    digest, kind, reading = st.session_state.get("reading", (None, None, None))
    return reading if (digest, kind) == (source.digest, choice.kind) else None


def _score(choice: Choice) -> HeaderScore:
    with get_store().reading() as cursor:
        mapping = header_meanings(cursor, choice.kind.value)
    return recogniser(columns_of(choice.kind, get_reference()), tuple(mapping.items()))


def _text_candidates(choice: Choice, source: UploadedFile) -> tuple[Candidate, ...]:
    """Kept for the session: a large file is not gone through again with every click."""
    key = (source.digest, source.name, choice.kind, queries.data_version())
    kept = st.session_state.get("text candidates")
    if kept and kept[0] == key:
        found: tuple[Candidate, ...] = kept[1]
        return found
    score = _score(choice)
    if is_heavy(source.content) and not source.content.startswith((b"PK", b"PAR1")):
        found = run_job(
            f"candidates {source.digest} {choice.kind}",
            _("กำลังอ่านแฟ้ม {name} …", name=escape_markdown(source.name)),
            text_candidates,
            Beside(source.content),
            source.name,
            score,
        )
    else:
        found = text_candidates(source.content, source.name, score)
    st.session_state["text candidates"] = (key, found)
    return found


def _offer(choice: Choice, source: UploadedFile, found: Sequence[Candidate], question: str) -> None:
    with st.container(border=True):
        st.header(_("เลือกวิธีอ่านแฟ้ม"), anchor=False)
        st.warning(question)
        for start in range(0, len(found), BESIDE):
            beside = st.columns(BESIDE, gap="medium")
            for place, candidate in enumerate(found[start : start + BESIDE], start=start):
                with beside[place - start]:
                    _draw_candidate(candidate, place)
                    if st.button(
                        _("อ่านแบบที่ {number}", number=place + 1),
                        key=f"pick {place}",
                        type="primary",
                    ):
                        pick(choice, source, candidate.reading)
                        st.rerun()


def _draw_candidate(candidate: Candidate, place: int) -> None:
    """The first rows of a reading, as a table under its own header."""
    width = len(candidate.header)
    texts = [
        [_short(cell) for cell in [*cells, *[""] * width][:width]]
        for _unused, cells in candidate.rows
    ]
    order = _telling_first(candidate, texts)
    columns = [TableColumn(_("บรรทัด"), figure=True)]
    for position in order:
        # On a phone a sentence would else stand one word a line.
        words = any(len(row[position]) > WORD for row in texts)
        columns.append(TableColumn(_short(candidate.header[position]), words=words))
    rows = [
        [str(line), *(escape(cells[position]) for position in order)]
        for (line, _unused), cells in zip(candidate.rows, texts, strict=True)
    ]
    caption = _(
        "แบบที่ {number}: {reading}",
        number=place + 1,
        reading=_reading_text(candidate.encoding, candidate.separator, candidate.header_line),
    )
    render_html(html_table(columns, rows, caption))


def _telling_first(candidate: Candidate, texts: Sequence[Sequence[str]]) -> list[int]:
    """The columns in their order; where letters are in question, those with such letters first, for
    on a phone the others may lie beyond the edge."""
    columns = list(range(len(candidate.header)))
    if candidate.reading.encoding is None:
        return columns
    return sorted(columns, key=lambda at: all(row[at].isascii() for row in texts))


def _short(text: str) -> str:
    return text if len(text) <= MAX_CELL_LENGTH else f"{text[: MAX_CELL_LENGTH - 1]}…"


def _reading_text(
    encoding: str, separator: str | None, header_line: int, sheets: SheetNames | None = None
) -> str:
    parts = [ENCODING_NAMES[encoding]]
    if separator is not None:
        parts.append(_("คั่นด้วย{separator}", separator=_(SEPARATOR_LABELS[separator])))
    if sheets is not None:
        parts.append(_("แผ่นงาน {names}", names=_quoted(sheets.read)))
    if sheets is None or len(sheets.read) == 1:
        parts.append(_("หัวตารางอยู่บรรทัดที่ {line}", line=int(header_line)))
    return " · ".join(parts)


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"“{escape_markdown(name)}”" for name in names)


def pick_sheets(choice: Choice, source: UploadedFile, looked: FilePreview) -> None:
    """Which sheets of a workbook are read, and whether rows are that it hides; both can be changed."""
    checked = looked.preview.checked
    if checked is None or source.typed or checked.sheet.sheets is None:
        return
    sheets, reading = checked.sheet.sheets, looked.request.dialect
    _tell_left_out(sheets)
    hidden = sum(len(p.lines) for p in checked.problems if p.kind is ProblemKind.HIDDEN_ROWS)
    offer = _("ข้ามแถวที่ซ่อน {count} แถว", count=hidden)
    if reading.skip_hidden:
        offer = _("อ่านแถวที่ซ่อน {count} แถวด้วย", count=hidden)
    if hidden and st.button(offer):
        pick(choice, source, replace(reading, skip_hidden=not reading.skip_hidden))
        st.rerun()
    names = (*sheets.read, *sheets.not_read)
    if len(names) < 2:
        return
    told = {p.kind for p in checked.problems}
    left_out = ProblemKind.SHEETS_NOT_READ in told and bool(sheets.not_read)
    doubled = ProblemKind.DUPLICATE_KEY in told and len(sheets.read) > 1
    with st.expander(
        _("เลือกแผ่นงาน ({read} จาก {count})", read=len(sheets.read), count=len(names)),
        expanded=left_out or doubled,
    ):
        chosen = st.multiselect(
            _("แผ่นงานที่จะอ่านรวมกัน"),
            names,
            default=sheets.read,
            key=f"sheets {source.digest[:12]} {choice.kind} {reading}",
        )
        if st.button(_("อ่านแผ่นงานที่เลือก")):
            if not chosen:
                st.error(_("กรุณาเลือกอย่างน้อยหนึ่งแผ่นงาน"))
                return
            pick(choice, source, replace(reading, sheets=tuple(chosen)))
            st.rerun()


def _tell_left_out(sheets: SheetNames) -> None:
    parts = []
    if sheets.not_read:
        parts.append(_("ไม่ได้อ่านแผ่นงาน {names}", names=_quoted(sheets.not_read)))
    if sheets.hidden:
        parts.append(_("แผ่นงานที่ซ่อนอยู่ {names}", names=_quoted(sheets.hidden)))
    if parts:
        st.caption(" · ".join(parts))
