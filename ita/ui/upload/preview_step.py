"""The preview of a file: checked, compared, and its effect on figures; nothing is stored.

Before it, what a file leaves open and a person answers with a click: the year of one that names none,
its scale, rows that look like no records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import streamlit as st

from ita.config import current_settings
from ita.domain import FiscalYear, Scale, thai_today
from ita.formatting import year_text
from ita.i18n import _, language
from ita.imports.agencies import AgencyDirectory
from ita.imports.cells import CellError, cell_text
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.header import lacks_year, years_in_titles
from ita.imports.problems import Problem, ProblemKind
from ita.imports.readers.sheets import Dialect
from ita.imports.saving import ImportPreview, preview_import
from ita.imports.validation.rows import ValidatedFile
from ita.reports.published_figures import Figures, figure_changes, load_published_figures
from ita.store import Cursor
from ita.store.spellings import header_meanings
from ita.tables import Kind, Table, screen_columns
from ita.ui.components import queries
from ita.ui.components.jobs import sheet_of
from ita.ui.components.markup import SPACE, escape_markdown, html, nl2br, render_html, tag
from ita.ui.components.tables import show_table
from ita.ui.upload.file_step import UploadedFile, line_label
from ita.ui.upload.import_choice import ImportChoice
from ita.web.current_user import current_user
from ita.web.store_access import get_reference, get_store

SHOWN_ROWS = 20
MAX_OPEN_CONVERSIONS, MAX_SHOWN_CONVERSIONS = 30, 200
"""Converted figures that are shown open, and at all."""


Answer = Literal["kept rows", "given year", "given scale"]
"""What a person can say of one file, as the session keeps it."""


def _saved_answer(answer: Answer, kind: Dataset, source: UploadedFile) -> Any:
    """What was said of this file; None where nothing was."""
    return st.session_state.get(answer, {}).get((source.first_digest, kind))


def _save_answer(answer: Answer, choice: ImportChoice, source: UploadedFile, value: object) -> None:
    """Keep what a person says of this file, and look at it anew."""
    st.session_state.setdefault(answer, {})[source.first_digest, choice.kind] = value
    st.rerun()


def _discard_answer(answer: Answer, choice: ImportChoice, source: UploadedFile) -> None:
    del st.session_state[answer][source.first_digest, choice.kind]
    st.rerun()


def rows_are_kept(kind: Dataset, source: UploadedFile) -> bool:
    """Whether a person has said that rows of this file, which look like none, are data."""
    return bool(_saved_answer("kept rows", kind, source))


def given_year(kind: Dataset, source: UploadedFile) -> FiscalYear | None:
    """The year that a person has said for every row of this file; None where nobody has."""
    year: FiscalYear | None = _saved_answer("given year", kind, source)
    return year


def given_scale(kind: Dataset, source: UploadedFile) -> Scale | None:
    """What a person has said of the fractions of this file; None where nobody has."""
    scale: Scale | None = _saved_answer("given scale", kind, source)
    return scale


def offer_scale(choice: ImportChoice, source: UploadedFile, problems: Sequence[Problem]) -> None:
    """Whether figures within 0–1 are fractions, with one click; and back."""
    given = given_scale(choice.kind, source)
    if given is not None:
        st.info(
            _("อ่านค่าระหว่าง 0 ถึง 1 เป็นสัดส่วน แล้วคูณ 100 ตามที่เลือก")
            if given is Scale.FRACTION
            else _("อ่านคะแนน IIT, EIT, OIT เป็นคะแนนถ่วงน้ำหนัก ตามที่เลือก")
            if given is Scale.WEIGHTED
            else _("อ่านค่าระหว่าง 0 ถึง 1 เป็นร้อยละจริง ตามที่เลือก")
        )
        if st.button(_("เลือกใหม่")):
            _discard_answer("given scale", choice, source)
        return
    fraction_problems = [
        problem for problem in problems if problem.kind is ProblemKind.FRACTION_SCALE
    ]
    if not fraction_problems:
        return
    columns = ", ".join(problem.column or "" for problem in fraction_problems)
    st.info(_("ค่าในคอลัมน์ {columns} เป็นแบบใด", columns=escape_markdown(columns)))
    example = fraction_problems[0].expected["example"]
    fractions = _("เป็นสัดส่วน 0–1 (คูณ 100: {example})", example=example)
    with st.container(horizontal=True):
        for label, scale in ((fractions, Scale.FRACTION), (_("เป็นร้อยละจริง"), Scale.PERCENT)):
            if st.button(label, type="primary" if scale is Scale.FRACTION else "secondary"):
                _save_answer("given scale", choice, source, scale)


def offer_weights(choice: ImportChoice, source: UploadedFile, problems: Sequence[Problem]) -> None:
    """Whether instrument scores are of 100 or weighted, with one click, where the figures can't tell."""
    if not any(problem.kind is ProblemKind.AMBIGUOUS_SCALE for problem in problems):
        return
    weights = get_reference().latest_rules.weights_text
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("คะแนน IIT, EIT, OIT ในไฟล์เป็น"), width="content")
        for label, scale in (
            (_("คะแนนเต็ม 100"), Scale.PERCENT),
            (_("คะแนนถ่วงน้ำหนัก ({weights})", weights=weights), Scale.WEIGHTED),
        ):
            if st.button(label):
                _save_answer("given scale", choice, source, scale)


def show_conversions(source: UploadedFile, problems: Sequence[Problem]) -> None:
    """Each figure as it was read and as it is kept."""
    conversions = [c for problem in problems for c in problem.expected.get("conversions", ())]
    count = sum(
        problem.expected.get("count", 0)
        for problem in problems
        if "conversions" in problem.expected
    )
    if not conversions:
        return
    with st.expander(
        _("ค่าในไฟล์ → ค่าที่จะเก็บ ({count})", count=f"{count:,}"),
        expanded=count <= MAX_OPEN_CONVERSIONS,
    ):
        columns = screen_columns(
            (line_label(source), Kind.FIGURE),
            (_("คอลัมน์"), Kind.TEXT),
            (_("ในไฟล์ → เก็บเป็น"), Kind.TEXT),
        )
        shown = conversions[:MAX_SHOWN_CONVERSIONS]
        show_table(Table(columns, [(c.line, c.column, c.text) for c in shown]))
        if count > MAX_SHOWN_CONVERSIONS:
            st.caption(_("และอีก {more} รายการ", more=count - MAX_SHOWN_CONVERSIONS))


def offer_year(
    choice: ImportChoice,
    source: UploadedFile,
    checked: ValidatedFile,
    problems: Sequence[Problem] = (),
) -> None:
    """A year for every row of a file that has no such column: those that its titles name, and the
    chosen one; and back."""
    given = given_year(choice.kind, source)
    if given is not None:
        st.info(_("ใช้{year} กับทุกแถว ตามที่เลือก", year=year_text(given)))
        if st.button(_("ไม่ใช้ปีนี้")):
            _discard_answer("given year", choice, source)
    elif any(map(lacks_year, problems)):
        st.info(_("ไฟล์นี้ไม่มีคอลัมน์ปีงบประมาณ หากทุกแถวเป็นของปีเดียวกัน เลือกได้ที่นี่"))
        titled = years_in_titles(source.read_as or checked.sheet)
        years = list(dict.fromkeys([*map(FiscalYear, titled), choice.year]))
        with st.container(horizontal=True):
            for index, year in enumerate(years):
                label = _("ใช้{year} กับทุกแถว", year=year_text(year))
                if int(year) in titled:
                    label += " " + _("(ตามหัวเรื่องในไฟล์)")
                kind: Literal["primary", "secondary"] = "secondary" if index else "primary"
                if st.button(label, type=kind):
                    _save_answer("given year", choice, source, year)


def offer_skipped(choice: ImportChoice, source: UploadedFile, checked: ValidatedFile) -> None:
    """The rows that are passed over, to be taken in with one click; and back."""
    if rows_are_kept(choice.kind, source):
        st.info(_("นำทุกแถวเข้า รวมถึงแถวที่ดูเหมือนผลรวม ลายเซ็น หรือหมายเหตุ"))
        if st.button(_("ข้ามแถวเหล่านั้นตามเดิม")):
            _discard_answer("kept rows", choice, source)
        return
    skipped = checked.skipped
    if not skipped:
        return
    # A header that comes again is counted in the sentence above, but nobody takes it in as data.
    if checked.sheet.repeated_headers:
        st.markdown(_("ในจำนวนนี้ **{count} แถวนำเข้าได้** หากเป็นข้อมูลจริง", count=len(skipped)))
    else:
        st.markdown(_("**ข้าม {count} แถวนี้** เพราะไม่ใช่ข้อมูล", count=len(skipped)))
    columns = screen_columns((line_label(source), Kind.TEXT), (_("ข้อความในแถว"), Kind.WORDS))
    rows = [
        (row.line, nl2br(" · ".join(cell for cell in row.cells if cell.strip())))
        for row in skipped[:SHOWN_ROWS]
    ]
    show_table(Table(columns, rows))
    if len(skipped) > SHOWN_ROWS:
        st.caption(_("และอีก {more} รายการ", more=len(skipped) - SHOWN_ROWS))
    if st.button(_("เป็นข้อมูลจริง นำ {count} แถวนี้เข้าด้วย", count=len(skipped))):
        _save_answer("kept rows", choice, source, True)


FIGURES_ROWS = 20_000
"""Above this many rows the effect on figures is not worked out: it costs a whole import."""
FIGURES_AGENCIES = 5
NAMED_AGENCIES = 12


@dataclass(frozen=True)
class FilePreview:
    """What a file would do, and the request that would do it. agencies: the rows of each, by id, of
    a file that names several itself; empty where all is for the chosen one."""

    request: ImportRequest
    preview: ImportPreview[Figures]
    agencies: Mapping[str, int] = field(default_factory=dict)


def preview_file(choice: ImportChoice, source: UploadedFile, dialect: Dialect) -> FilePreview:
    """The preview of a file; made anew when the file, the choice or the store changed."""
    request = import_request(choice, source, dialect)
    key = (request, language(), queries.data_version())
    kept = st.session_state.get("preview")
    if kept and kept[0] == key:
        file_preview: FilePreview = kept[1]
        return file_preview
    note_stale(kept[0] if kept else None, key)
    before = kept[1].request if kept and kept[0][0] == request else None
    request = replace(request, sheet=before.sheet if before else sheet_of(request, source.digest))
    with st.spinner(_("กำลังตรวจไฟล์ …")):
        file_preview = _load_preview(request)
    st.session_state["preview"] = (key, file_preview)
    return file_preview


def note_stale(kept: tuple[object, ...] | None, key: tuple[object, ...]) -> None:
    """Note whether only the store, the last of a key, changed since what was shown was made.

    kept: the key of what was shown; None where nothing was.
    """
    if kept is None:
        return
    if kept[:-1] == key[:-1]:
        st.session_state["stale"] = True
    else:
        st.session_state.pop("stale", None)


def import_request(choice: ImportChoice, source: UploadedFile, dialect: Dialect) -> ImportRequest:
    """A file with all that was said of it."""
    with get_store().reading() as cursor:
        mapping = header_meanings(cursor, choice.kind.value) | header_answers(choice.kind)
    return ImportRequest(
        choice.kind,
        source.content,
        source.name,
        choice.agency,
        given_scale(choice.kind, source) or choice.scale,
        tuple(sorted(mapping.items())),
        dialect,
        keep_rows=rows_are_kept(choice.kind, source),
        year=given_year(choice.kind, source),
        agency_mapping=_mapping_of_agencies(choice.kind),
        source=_given_source() if choice.kind is Dataset.SCORES else "",
    )


SOURCE = "score source"


def _given_source() -> str:
    """The source of scores that was typed in this visit."""
    kept = str(st.session_state.get(SOURCE, st.session_state.get(f"{SOURCE} kept", "")))
    return " ".join(kept.split())


def offer_source(choice: ImportChoice, file_preview: FilePreview) -> None:
    """Where scores come from, of a file that does not say it in each row."""
    checked = file_preview.preview.checked
    if choice.kind is not Dataset.SCORES or checked is None or not checked.accepted:
        return
    if not _given_source() and all(checked.cells.get("source", (None,))):
        return
    if SOURCE not in st.session_state:
        st.session_state[SOURCE] = st.session_state.get(f"{SOURCE} kept", "")
    st.session_state[f"{SOURCE} kept"] = st.text_input(
        _("แหล่งที่มาของคะแนน (ใช้กับแถวที่ไฟล์ไม่ได้ระบุ)"),
        key=SOURCE,
        max_chars=500,
        placeholder=_("เช่น ประกาศผลการประเมิน ITA ของสำนักงาน ป.ป.ช."),
    )


def header_answers(kind: Dataset) -> dict[str, str]:
    """What was said of headers in this visit, by who may not say it for everybody."""
    kept: dict[str, str] = st.session_state.setdefault(f"headers {kind}", {})
    return kept


def agency_answers(kind: Dataset) -> dict[str, str]:
    """Which agencies texts were said to mean in this visit: text → id."""
    answers: dict[str, str] = st.session_state.setdefault(f"agencies {kind}", {})
    return answers


def _mapping_of_agencies(kind: Dataset) -> tuple[tuple[str, str], ...]:
    """The same for a request, without agencies that have gone since."""
    names = queries.agencies(queries.data_version()).names
    answers = agency_answers(kind).items()
    return tuple(sorted(pair for pair in answers if kind is Dataset.AGENCIES or pair[1] in names))


def _load_preview(request: ImportRequest) -> FilePreview:
    """A file of several agencies is looked at again as what it says itself."""
    preview = _preview(request)
    known = queries.agencies(queries.data_version())
    if not _names_several(preview, known, dict(request.agency_mapping)):
        return FilePreview(request, preview)
    by_itself = replace(request, agency=None)
    preview = _preview(by_itself)
    named = preview.checked.cells["agency"] if preview.checked else ()
    return FilePreview(by_itself, preview, Counter(agency for agency in named if agency))


def _preview(request: ImportRequest) -> ImportPreview[Figures]:
    return preview_import(
        get_store(),
        request,
        get_reference(),
        current_settings().limits,
        current_user(),
        load_figures,
    )


def _names_several(
    preview: ImportPreview[Figures], known: AgencyDirectory, answers: Mapping[str, str]
) -> bool:
    """Whether a file names more than one agency that we know, or one that a person has said. One alone
    that is not the chosen one is else somebody else's file, and stays refused."""
    checked = preview.checked
    if checked is None or not any(map(is_of_another, checked.problems)):
        return False
    position = checked.header.places["agency"]
    written = {row[position] for row in checked.sheet.rows if position < len(row)}
    named = {_id_of(text, known, answers) for text in written}
    return len(named - {None}) > 1 or any(cell_text(text) in answers for text in written)


def is_of_another(problem: Problem) -> bool:
    """Whether a row names another agency than the chosen one."""
    return (
        problem.kind is ProblemKind.UNKNOWN_AGENCY and problem.expected.get("why") == "agency-other"
    )


def _id_of(text: str, known: AgencyDirectory, answers: Mapping[str, str]) -> str | None:
    try:
        return answers.get(cell_text(text)) or known.find(cell_text(text))
    except CellError:
        return None


def show_agencies(choice: ImportChoice, file_preview: FilePreview) -> None:
    """Whose rows a file of several agencies holds; each goes to the agency that it names."""
    if not file_preview.agencies:
        return
    version = queries.data_version()
    chosen = queries.agency_name(version, choice.agency or "")
    notes: list[str] = [
        tag(_("ไฟล์นี้มีข้อมูลของ {count} หน่วยงาน", count=len(file_preview.agencies)), "warn"),
        _("แต่ละแถวจะเข้าหน่วยงานที่ไฟล์ระบุ ไม่ใช่เฉพาะ “{agency}” ที่เลือกไว้", agency=chosen),
    ]
    if choice.agency not in file_preview.agencies:
        notes.append(tag(_("ไม่มีแถวของ “{agency}” ในไฟล์นี้", agency=chosen), "warn"))
    items = [
        f"{queries.agency_name(version, agency)} · {_('{count} แถว', count=f'{count:,}')}"
        for agency, count in list(file_preview.agencies.items())[:NAMED_AGENCIES]
    ]
    render_html(html("paragraph", SPACE.join(notes)) + html("bullets", items))
    if len(file_preview.agencies) > NAMED_AGENCIES:
        st.caption(_("และอีก {more} หน่วยงาน", more=len(file_preview.agencies) - NAMED_AGENCIES))


def load_figures(cursor: Cursor, checked: ValidatedFile) -> Figures | None:
    """Every figure that people see of the agencies and years of a file; None where it moves none,
    or is too large to try."""
    cells = checked.cells
    if not {"agency", "fiscal_year"} <= cells.keys() or len(checked.lines) > FIGURES_ROWS:
        return None
    figures: Figures = {}
    years_of: dict[str, set[FiscalYear]] = {}
    for agency, year in dict.fromkeys(zip(cells["agency"], cells["fiscal_year"], strict=True)):
        years_of.setdefault(agency, set()).add(FiscalYear(year))
    for agency, years in list(years_of.items())[:FIGURES_AGENCIES]:
        agency_figures = load_published_figures(
            cursor, agency, years, get_reference(), thai_today()
        )
        prefix = f"{agency}: " if len(years_of) > 1 else ""
        figures |= {f"{prefix}{name}": value for name, value in agency_figures.items()}
    return figures


def show_stale() -> None:
    st.warning(_("มีผู้บันทึกข้อมูลระหว่างที่ท่านตรวจดู จึงยังไม่ได้บันทึก กรุณาดูสิ่งที่จะเปลี่ยนอีกครั้งแล้วยืนยัน"))


def show_figure_changes(before: Figures | None, after: Figures | None) -> None:
    """The figures that people see and that a change moves; nothing where it moves none."""
    changes = figure_changes(before or {}, after or {})
    if changes:
        columns = screen_columns(
            (_("ตัวเลขที่คนเห็น"), Kind.TEXT), (_("เดิม"), Kind.TEXT), (_("ใหม่"), Kind.TEXT)
        )
        show_table(Table(columns, [(c.name, c.before, html("bold", c.after)) for c in changes]))
