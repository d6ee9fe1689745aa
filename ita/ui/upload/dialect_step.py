"""How a file is read: said where it is certain; where it is not, shown side by side to be picked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from ita.i18n import N_, _
from ita.imports.candidates import Candidate, header_candidates, text_candidates
from ita.imports.datasets import Dataset, columns_of
from ita.imports.header import recogniser
from ita.imports.heavy import is_heavy
from ita.imports.problems import ProblemKind
from ita.imports.readers.sheets import AUTO, Dialect, HeaderScore
from ita.imports.readers.worksheets import SheetNames
from ita.store.spellings import header_meanings
from ita.tables import Kind, Table, screen_columns
from ita.ui.components import queries
from ita.ui.components.jobs import run_job
from ita.ui.components.markup import escape_markdown
from ita.ui.components.tables import show_table
from ita.ui.upload.file_step import UploadedFile
from ita.ui.upload.import_choice import ImportChoice
from ita.ui.upload.preview_step import FilePreview
from ita.web.store_access import get_reference, get_store
from ita.workers.process import Beside

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
MAX_WORD_LENGTH = 12
"""Characters of a cell that needs no room for a sentence."""
CANDIDATES_PER_ROW = 2
"""Readings in one row of the page; on a phone they stand below each other."""


def pick_dialect(choice: ImportChoice, source: UploadedFile) -> Dialect | None:
    """How the text of a file is read; None while the person has yet to pick, which ends the page."""
    dialect = certain_dialect(choice, source)
    if dialect is not None:
        return dialect
    _show_candidates(
        choice,
        source,
        _text_candidates(choice, source),
        _("ไฟล์นี้อ่านได้มากกว่าหนึ่งแบบ กรุณาเลือกแบบที่ตัวอักษรและช่องตารางถูกต้อง ยังไม่มีอะไรถูกบันทึก"),
    )
    return None


def certain_dialect(choice: ImportChoice, source: UploadedFile) -> Dialect | None:
    """How the text of a file is read, where it is clear or was picked; else None."""
    saved = _saved_dialect(choice, source)
    if saved is not None:
        return saved
    return None if _text_candidates(choice, source) else AUTO


def is_header_certain(
    choice: ImportChoice, source: UploadedFile, file_preview: FilePreview
) -> bool:
    """Whether it is clear, or said, which row is the header; draws the choice where it is not."""
    checked = file_preview.preview.checked
    if checked is None:
        return True
    score = header_score(choice.kind)
    candidates = header_candidates(checked.sheet, file_preview.request.dialect, score)
    if not candidates:
        return True
    _show_candidates(
        choice,
        source,
        candidates,
        _("มีหลายแถวที่ดูเหมือนเป็นหัวตาราง กรุณาเลือกแถวที่ถูกต้อง แถวเหนือหัวตารางจะไม่ถูกนำเข้า"),
    )
    return False


def show_dialect(choice: ImportChoice, source: UploadedFile, file_preview: FilePreview) -> None:
    """Which encoding, separator and header row were found or picked; a pick can be taken back.

    Of what was mended on the page, how the file itself was read; of what was typed, nothing was.
    """
    checked = file_preview.preview.checked
    if checked is not None and not source.typed:
        sheet = source.read_as or checked.sheet
        dialect_text = _dialect_text(
            sheet.encoding, sheet.separator, sheet.header_line, sheet.sheets
        )
        if source.read_as:
            name = escape_markdown(source.name)
            st.caption(
                _("แก้ในหน้าเว็บแล้ว จากไฟล์ {name} ที่อ่านเป็น {reading}", name=name, reading=dialect_text)
            )
        else:
            st.caption(_("อ่านเป็น {reading}", reading=dialect_text))
    if _saved_dialect(choice, source) is not None and st.button(_("เลือกวิธีอ่านใหม่")):
        del st.session_state["reading"][source.digest, choice.kind]
        st.rerun()


def save_dialect(choice: ImportChoice, source: UploadedFile, dialect: Dialect) -> None:
    """Remember how a file is read, for this file as this kind only."""
    st.session_state.setdefault("reading", {})[source.digest, choice.kind] = dialect


def _saved_dialect(choice: ImportChoice, source: UploadedFile) -> Dialect | None:
    """What was picked for this file as this kind; that of another one does not count."""
    saved: dict[tuple[str, Dataset], Dialect] = st.session_state.get("reading", {})
    return saved.get((source.digest, choice.kind))


def header_score(kind: Dataset) -> HeaderScore:
    """What tells how many columns of a kind a row names."""
    with get_store().reading() as cursor:
        mapping = header_meanings(cursor, kind.value)
    return recogniser(columns_of(kind, get_reference()), tuple(mapping.items()))


def _text_candidates(choice: ImportChoice, source: UploadedFile) -> tuple[Candidate, ...]:
    """Kept for the session: a large file is not gone through again with every click."""
    version = queries.data_version()
    kept_version, kept = st.session_state.get("text candidates", (None, {}))
    if kept_version != version:
        st.session_state["text candidates"] = (version, kept := {})
    key = (source.digest, source.name, choice.kind)
    if key in kept:
        candidates: tuple[Candidate, ...] = kept[key]
        return candidates
    score = header_score(choice.kind)
    if is_heavy(source.content) and not source.content.startswith((b"PK", b"PAR1")):
        candidates = run_job(
            f"candidates {source.digest} {choice.kind}",
            _("กำลังอ่านไฟล์ {name} …", name=escape_markdown(source.name)),
            text_candidates,
            Beside(source.content),
            source.name,
            score,
        )
    else:
        candidates = text_candidates(source.content, source.name, score)
    kept[key] = candidates
    return candidates


def _show_candidates(
    choice: ImportChoice, source: UploadedFile, candidates: Sequence[Candidate], question: str
) -> None:
    with st.container(border=True, key="card-dialect"):
        st.header(_("เลือกวิธีอ่านไฟล์"), anchor=False)
        st.warning(question)
        for start in range(0, len(candidates), CANDIDATES_PER_ROW):
            columns = st.columns(CANDIDATES_PER_ROW, gap="medium")
            for index, candidate in enumerate(
                candidates[start : start + CANDIDATES_PER_ROW], start=start
            ):
                with columns[index - start]:
                    _show_candidate(candidate, index)
                    if st.button(
                        _("ใช้แบบที่ {number}", number=index + 1),
                        key=f"pick {index}",
                        type="primary",
                    ):
                        save_dialect(choice, source, candidate.reading)
                        st.rerun()


def _show_candidate(candidate: Candidate, index: int) -> None:
    """The first rows of a reading, as a table under its own header."""
    width = len(candidate.header)
    texts = [
        [_short(cell) for cell in [*cells, *[""] * width][:width]]
        for _unused, cells in candidate.rows
    ]
    order = _order_columns(candidate, texts)
    columns = [(_("บรรทัด"), Kind.FIGURE)]
    for position in order:
        # On a phone a sentence would else stand one word a line.
        is_long = any(len(row[position]) > MAX_WORD_LENGTH for row in texts)
        kind = Kind.WORDS if is_long else Kind.TEXT
        columns.append((_short(candidate.header[position]), kind))
    rows = [
        (line, *(cells[position] for position in order))
        for (line, _unused), cells in zip(candidate.rows, texts, strict=True)
    ]
    caption = _(
        "แบบที่ {number}: {reading}",
        number=index + 1,
        reading=_dialect_text(candidate.encoding, candidate.separator, candidate.header_line),
    )
    show_table(Table(screen_columns(*columns), rows, caption))


def _order_columns(candidate: Candidate, texts: Sequence[Sequence[str]]) -> list[int]:
    """The columns in their order; where letters are in question, those with such letters first, for
    on a phone the others may lie beyond the edge."""
    columns = list(range(len(candidate.header)))
    if candidate.reading.encoding is None:
        return columns
    return sorted(columns, key=lambda column: all(row[column].isascii() for row in texts))


def _short(text: str) -> str:
    return text if len(text) <= MAX_CELL_LENGTH else f"{text[: MAX_CELL_LENGTH - 1]}…"


def _dialect_text(
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


def pick_sheets(choice: ImportChoice, source: UploadedFile, file_preview: FilePreview) -> None:
    """Which sheets of a workbook are read, and whether rows are that it hides; both can be changed."""
    checked = file_preview.preview.checked
    if checked is None or source.typed or checked.sheet.sheets is None:
        return
    sheets, dialect = checked.sheet.sheets, file_preview.request.dialect
    _show_unread_sheets(sheets)
    hidden = sum(len(p.lines) for p in checked.problems if p.kind is ProblemKind.HIDDEN_ROWS)
    offer = _("ข้ามแถวที่ซ่อน {count} แถว", count=hidden)
    if dialect.skip_hidden:
        offer = _("อ่านแถวที่ซ่อน {count} แถวด้วย", count=hidden)
    if hidden and st.button(offer):
        save_dialect(choice, source, replace(dialect, skip_hidden=not dialect.skip_hidden))
        st.rerun()
    names = (*sheets.read, *sheets.not_read)
    if len(names) < 2:
        return
    kinds = {p.kind for p in checked.problems}
    left_out = ProblemKind.SHEETS_NOT_READ in kinds and bool(sheets.not_read)
    doubled = ProblemKind.DUPLICATE_KEY in kinds and len(sheets.read) > 1
    with st.expander(
        _("เลือกแผ่นงาน ({read} จาก {count})", read=len(sheets.read), count=len(names)),
        expanded=left_out or doubled,
    ):
        chosen = st.multiselect(
            _("แผ่นงานที่จะอ่านรวมกัน"),
            names,
            default=sheets.read,
            key=f"sheets {source.digest[:12]} {choice.kind} {dialect}",
        )
        if st.button(_("อ่านแผ่นงานที่เลือก")):
            if not chosen:
                st.error(_("กรุณาเลือกอย่างน้อยหนึ่งแผ่นงาน"))
                return
            save_dialect(choice, source, replace(dialect, sheets=tuple(chosen)))
            st.rerun()


def _show_unread_sheets(sheets: SheetNames) -> None:
    parts = []
    if sheets.not_read:
        parts.append(_("ไม่ได้อ่านแผ่นงาน {names}", names=_quoted(sheets.not_read)))
    if sheets.hidden:
        parts.append(_("แผ่นงานที่ซ่อนอยู่ {names}", names=_quoted(sheets.hidden)))
    if parts:
        st.caption(" · ".join(parts))
