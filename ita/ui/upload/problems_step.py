"""Step 3: what must be mended and what should be looked at; headers and cells mended in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ita.auth.permissions import Action, can
from ita.config import current_settings
from ita.i18n import _
from ita.imports.cells import tidy
from ita.imports.datasets import KEYS, Dataset, columns_of, dataset_label
from ita.imports.header_mappings import forget, remember
from ita.imports.header_names import best_guesses
from ita.imports.heavy import is_heavy
from ita.imports.problems import Problem, ProblemKind, format_count, line_list
from ita.imports.readers.cell_text import SheetLine
from ita.imports.readers.sheets import AUTO, Dialect
from ita.imports.repairs import (
    BadRow,
    ProblemGroup,
    bad_rows,
    grouped,
    padded,
    problems_csv,
    problems_xlsx,
    rebuilt,
    rebuilt_reading,
    recognised_kind,
    wide_header,
)
from ita.imports.validation.rows import ValidatedFile
from ita.store.spellings import header_meanings
from ita.tables import XLSX_MIME, Kind, Table, TableColumn
from ita.ui.components.jobs import run_job
from ita.ui.components.markup import (
    BREAK,
    SPACE,
    Tone,
    escape_markdown,
    html,
    nl2br,
    render_html,
    tag,
)
from ita.ui.components.tables import show_table
from ita.ui.upload.agency_matching import choose_agencies
from ita.ui.upload.dialect_step import save_dialect
from ita.ui.upload.file_step import (
    PROBLEMS,
    UploadedFile,
    line_label,
    line_number,
    save_mended,
)
from ita.ui.upload.import_choice import OFFERED_KIND, ImportChoice
from ita.ui.upload.preview_step import (
    FilePreview,
    header_answers,
    offer_scale,
    offer_skipped,
    offer_year,
    show_conversions,
)
from ita.web.current_user import current_user
from ita.web.store_access import get_reference, get_store
from ita.workers.process import Beside

MAX_BAD_ROWS = 100
MAX_OPEN_ROWS = 12
"""Bad rows whose grid is open already."""


def show_problems(
    choice: ImportChoice,
    source: UploadedFile,
    file_preview: FilePreview,
    repairable: bool = True,
    apart: bool = False,
    may_be_other_kind: bool = True,
) -> None:
    """What must be mended and what should be looked at: of the file grouped by how it is mended, of
    rows at the rows.

    repairable: whether headers and cells can be mended below; a draft is mended in its own grid.
    apart: whether the problems of rows stand at the fields in which they were typed.
    may_be_other_kind: whether another kind is offered for the page.
    """
    preview = file_preview.preview
    outcome = preview.outcome
    if not apart:
        st.header(_("ผลการตรวจ"), anchor=PROBLEMS)
    if repairable and preview.checked is not None and not outcome.problems:
        offer_scale(choice, source, ())
        offer_year(choice, source, preview.checked)
        offer_skipped(choice, source, preview.checked)
    if not outcome.problems:
        render_html(tag(_("ไม่พบข้อผิดพลาด"), "good"))
        return
    blocking = sum(problem.blocks for problem in outcome.problems)
    warning = len(outcome.problems) - blocking
    if apart:  # the bar counts them, the rows name them
        _show_groups(source, preview.checked, outcome.problems, apart)
        return
    if blocking:
        st.error(
            _(
                "ยังบันทึกไม่ได้: ต้องแก้ {count} แห่ง ไม่มีอะไรถูกบันทึก ข้อมูลเดิมยังอยู่ครบ",
                count=format_count(blocking, outcome.problems),
            )
        )
    elif not outcome.batch:
        st.warning(_("มี {count} แห่งที่ควรตรวจดู แต่บันทึกได้", count=f"{warning:,}"))
    _show_groups(source, preview.checked, outcome.problems, apart)
    if not repairable:
        if preview.checked is not None:
            if choice.kind is Dataset.SCORES:
                offer_scale(choice, source, outcome.problems)
                show_conversions(source, outcome.problems)
            _show_bad_rows(source, preview.checked)
        return
    if may_be_other_kind:
        _offer_kind(choice, source, file_preview.request.dialect, outcome.problems)
    if preview.checked is not None:
        offer_scale(choice, source, outcome.problems)
        show_conversions(source, outcome.problems)
        offer_year(choice, source, preview.checked, outcome.problems)
        offer_skipped(choice, source, preview.checked)
        _map_headers(choice, preview.checked)
        choose_agencies(choice, preview.checked)
        _show_repair(choice, source, preview.checked, file_preview.request.dialect)


def _show_groups(
    source: UploadedFile,
    checked: ValidatedFile | None,
    problems: Sequence[Problem],
    apart: bool,
) -> None:
    """Problems by how they are mended. Those of rows stand at the rows: here only where there are too
    many rows to show them all."""
    rows = bad_rows(checked) if checked else ()
    if apart or 0 < len(rows) <= MAX_BAD_ROWS:
        lines = {row.line for row in rows}
        problems = [p for p in problems if not (p.line and (apart or p.line in lines))]
    groups = grouped(problems)
    columns: list[TableColumn[ProblemGroup]] = [
        TableColumn(_("ปัญหาและวิธีแก้"), shown=_group_html),
        TableColumn(_("จำนวน"), lambda group: group.count, kind=Kind.COUNT),
        TableColumn(line_label(source), shown=lambda group: _lines_of(source, group) or "–"),
    ]
    if groups:
        show_table(Table(columns, groups), stacked=True)


def _lines_of(source: UploadedFile, group: ProblemGroup) -> str:
    return line_list(
        [line_number(source, line) for line in group.lines] if source.typed else group.lines
    )


def problem_html(message: str, blocks: bool) -> Markup:
    """What is wrong, behind a mark whether it must be mended."""
    mark = tag(_("ต้องแก้"), "bad") if blocks else tag(_("ควรตรวจ"), "warn")
    return SPACE.join((mark, nl2br(message)))


def _group_html(group: ProblemGroup) -> Markup:
    message = problem_html(group.message, group.blocks)
    if not group.columns:
        return message
    return BREAK.join((message, html("small", ", ".join(group.columns))))


def _offer_kind(
    choice: ImportChoice, source: UploadedFile, dialect: Dialect, problems: Sequence[Problem]
) -> None:
    """A file of another kind is recognised and offered as what it is."""
    if not any(problem.kind is ProblemKind.MISSING_COLUMN for problem in problems):
        return
    kind = recognise_kind(source, dialect)
    if kind is None or kind is choice.kind:
        return
    st.info(_("ไฟล์นี้ดูเหมือนเป็น “{kind}”", kind=dataset_label(kind)))
    if st.button(_("นำเข้าเป็น “{kind}” แทน", kind=dataset_label(kind))):
        st.session_state[OFFERED_KIND] = kind
        st.rerun()


def recognise_kind(
    source: UploadedFile, dialect: Dialect = AUTO, or_nearest: bool = False
) -> Dataset | None:
    """`recognised_kind` of a file; kept for the session, for each is tried in turn."""
    key = (source.digest, dialect, or_nearest)
    kinds: dict[object, Dataset | None] = st.session_state.setdefault("recognised kinds", {})
    if key in kinds:
        return kinds[key]
    limits = current_settings().limits
    if is_heavy(source.content):
        kind = run_job(
            f"kind {source.digest} {dialect}",
            _("กำลังตรวจว่าไฟล์นี้เป็นข้อมูลชนิดใด …"),
            recognised_kind,
            Beside(source.content),
            source.name,
            get_reference(),
            limits,
            dialect,
            or_nearest,
        )
    else:
        kind = recognised_kind(
            source.content, source.name, get_reference(), limits, dialect, or_nearest
        )
    kinds[key] = kind
    return kind


def _map_headers(choice: ImportChoice, checked: ValidatedFile) -> None:
    """A header that nobody knows can be told the meaning of: for the kind by who may, else for as
    long as the visit lasts."""
    unknown = [p.column for p in checked.problems if _is_unknown_header(p, checked)]
    missing = [
        c for c in columns_of(choice.kind, get_reference()) if c.name not in checked.header.places
    ]
    known = {tidy(label) for label in checked.sheet.header}
    named = [label for label in unknown if label in known]
    _show_header_meanings(choice)
    if not named or not missing:
        return
    with st.expander(_("จับคู่หัวคอลัมน์ที่ไม่รู้จัก"), expanded=True):
        names = {c.name: c.thai for c in missing}
        guessed = best_guesses(_samples(checked, named), missing)
        if guessed:
            st.caption(_("ระบบเดาจากชื่อและข้อมูลในคอลัมน์ให้ก่อน กรุณาตรวจแล้วกดใช้การจับคู่"))
        chosen = {
            label: st.selectbox(
                _("คอลัมน์ “{label}” คือ", label=escape_markdown(label)),
                ["", *names],
                index=["", *names].index(guessed.get(label, "")),
                format_func=lambda name: names.get(name, _("ไม่นำเข้า")),
                key=f"map {choice.kind} {label}",
            )
            for label in named
        }
        user = current_user()
        for_all = can(user, Action.REMEMBER_HEADERS).allowed
        if st.button(_("ใช้การจับคู่นี้ และจำไว้") if for_all else _("ใช้การจับคู่นี้กับไฟล์ของฉัน")):
            meanings = {label: name or "" for label, name in chosen.items()}
            if for_all:
                remember(get_store(), user, choice.kind, meanings)
            else:
                header_answers(choice.kind).update(meanings)
            st.rerun()


def _is_unknown_header(problem: Problem, checked: ValidatedFile) -> bool:
    """Also of one that lost its letters: a person may know which column it is, or that it is none."""
    broken = problem.kind is ProblemKind.BROKEN_TEXT and problem.line == checked.sheet.header_line
    return broken or problem.kind is ProblemKind.UNKNOWN_COLUMN


def _samples(checked: ValidatedFile, labels: Sequence[str]) -> dict[str, list[str]]:
    """The first cells below some headers."""
    positions = {tidy(label): position for position, label in enumerate(checked.sheet.header)}
    rows = checked.sheet.rows[:MAX_BAD_ROWS]
    return {
        label: [row[positions[label]] for row in rows if positions[label] < len(row)]
        for label in labels
    }


def _show_header_meanings(choice: ImportChoice) -> None:
    """What is remembered of headers stands open, and can be taken back."""
    with get_store().reading() as cursor:
        meanings = header_meanings(cursor, choice.kind.value)
    if not meanings:
        return
    thai = {c.name: c.thai for c in columns_of(choice.kind, get_reference())}
    with st.expander(_("หัวคอลัมน์ที่จำไว้ ({count})", count=len(meanings))):
        lines = (f"{header} → {thai.get(name, _('ไม่นำเข้า'))}" for header, name in meanings.items())
        render_html(BREAK.join(lines))
        user = current_user()
        if not can(user, Action.REMEMBER_HEADERS).allowed:
            return
        if st.button(_("ล้างที่จำไว้ทั้งหมด")):
            forget(get_store(), user, choice.kind)
            st.rerun()


def _show_repair(
    choice: ImportChoice, source: UploadedFile, checked: ValidatedFile, dialect: Dialect
) -> None:
    """The bad rows with their cells marked, to download or to mend in place."""
    _show_bad_rows(source, checked)
    if bad_rows(checked) and not checked.accepted:
        is_open = len(bad_rows(checked)) <= MAX_OPEN_ROWS
        with st.expander(_("แก้ในหน้าเว็บแล้วตรวจอีกครั้ง"), expanded=is_open):
            _repair_grid(choice, source, checked, dialect)


def _show_bad_rows(source: UploadedFile, checked: ValidatedFile) -> None:
    rows = bad_rows(checked)
    if not rows:
        return
    st.markdown(_("**เฉพาะแถวที่มีปัญหา** ({count} แถว)", count=len(rows)))
    show_table(_bad_rows_table(source, checked, rows[:MAX_BAD_ROWS]), stacked=True)
    if len(rows) > MAX_BAD_ROWS:
        st.caption(_("และอีก {more} รายการ", more=len(rows) - MAX_BAD_ROWS))
    with st.container(horizontal=True):
        st.download_button(
            _("ดาวน์โหลดแถวพร้อมปัญหา (Excel)"),
            data=partial(problems_xlsx, checked),
            file_name="ita-problems.xlsx",
            mime=XLSX_MIME,
            on_click="ignore",
        )
        st.download_button(
            _("ดาวน์โหลดแถวพร้อมปัญหา (CSV)"),
            data=partial(problems_csv, checked),
            file_name="ita-problems.csv",
            mime="text/csv",
            on_click="ignore",
        )


def _bad_rows_table(
    source: UploadedFile, checked: ValidatedFile, rows: Sequence[BadRow]
) -> Table[BadRow]:
    """Which row, what is wrong with it, and the rest to be opened: as short on a phone as it gets."""
    header = wide_header(checked)
    keys = [checked.header.places[n] for n in KEYS[checked.kind] if n in checked.header.places]

    def texts(row: BadRow) -> Sequence[str]:
        return padded(row.cells, len(header))

    def key_html(row: BadRow) -> Markup:
        cells = texts(row)
        return nl2br(" ".join(cells[position] for position in keys if cells[position]))

    def errors_html(row: BadRow) -> Markup:
        cells = texts(row)
        errors = [tag(text, "bad") for text in row.of_row]
        errors += [_problem_html(row, n, header[n], cells[n]) for n in sorted(row.wrong)]
        return BREAK.join(errors)

    def others_html(row: BadRow) -> str:
        cells = texts(row)
        others = [n for n in range(len(header)) if n not in row.wrong and cells[n]]
        return _other_cells_html(header, cells, others)

    columns: list[TableColumn[BadRow]] = [
        TableColumn(line_label(source), lambda row: line_number(source, row.line)),
        TableColumn(_("ข้อมูล") if source.typed else _("แถว"), kind=Kind.WORDS, shown=key_html),
        TableColumn(_("สิ่งที่ต้องแก้"), kind=Kind.WORDS, shown=errors_html),
        TableColumn(_("ช่องอื่น"), kind=Kind.WORDS, shown=others_html),
    ]
    return Table(columns, rows)


def _other_cells_html(header: Sequence[str], texts: Sequence[str], positions: Sequence[int]) -> str:
    """Cells with nothing wrong, behind a line that opens them."""
    if not positions:
        return "–"
    cells = [_cell_html(header[position], texts[position]) for position in positions]
    return html("details", _("ดู {count} ช่อง", count=len(positions)), BREAK.join(cells))


def _cell_html(label: str, cell: str) -> Markup:
    return SPACE.join((html("bold", label), nl2br(cell)))


def _problem_html(row: BadRow, position: int, label: str, cell: str) -> Markup:
    tone: Tone = "warn" if position in row.warned else "bad"
    return BREAK.join((_cell_html(label, cell), tag(row.wrong[position], tone)))


def _repair_grid(
    choice: ImportChoice, source: UploadedFile, checked: ValidatedFile, dialect: Dialect
) -> None:
    rows = bad_rows(checked)[:MAX_BAD_ROWS]
    # Two headers may be equal, a grid's columns may not.
    names = [f"{position + 1}. {label}" for position, label in enumerate(wide_header(checked))]
    frame = pd.DataFrame([padded(row.cells, len(names)) for row in rows], columns=names)
    wrong = [
        names[position] for position in sorted({position for row in rows for position in row.wrong})
    ]
    label = line_label(source)
    numbers = [line_number(source, row.line) for row in rows]
    several = any(isinstance(number, SheetLine) for number in numbers)
    frame.insert(0, label, list(map(str, numbers)) if several else numbers)
    frame.insert(1, _("ลบแถว"), [False] * len(rows))
    edited = st.data_editor(
        frame,
        # What must be mended stands beside the line, without scrolling on a phone.
        column_order=[*frame.columns[:2], *wrong, *(name for name in names if name not in wrong)],
        disabled=[label],
        hide_index=True,
        key=f"mend {source.digest[:12]} {dialect}",
    )
    if st.button(_("ตรวจอีกครั้ง"), type="primary"):
        values = edited.astype(object).where(edited.notna(), "").values.tolist()
        removed = {
            row.place for row, (_unused, gone, *_unused) in zip(rows, values, strict=True) if gone
        }
        cells = {
            row.place: [str(cell) for cell in rest]
            for row, (_unused, _unused, *rest) in zip(rows, values, strict=True)
        }
        content = rebuilt(checked, cells, removed)
        read_as = source.read_as or replace(checked.sheet, rows=[], lines=[])
        save_mended(source, content, read_as)
        if dialect != AUTO:  # who has picked once is not asked again of the same rows
            save_dialect(choice, UploadedFile(content, source.name), rebuilt_reading(checked))
        st.rerun()
