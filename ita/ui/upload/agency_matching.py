"""Names and ids of a file that name no agency, each with the agencies that it may be: one click says
which, for every row of that text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from ita.i18n import _
from ita.imports.agencies import AgencyDirectory
from ita.imports.datasets import Dataset
from ita.imports.problems import LikelyAgency, Problem, ProblemKind, format_count
from ita.imports.validation.agencies import row_text
from ita.imports.validation.rows import ValidatedFile
from ita.ui.components import queries
from ita.ui.components.agency_picker import MAX_LISTED_AGENCIES
from ita.ui.components.markup import DOT, escape_markdown, html, render_html
from ita.ui.upload.import_choice import ImportChoice
from ita.ui.upload.preview_step import FilePreview, agency_answers

SHOWN_TEXTS = 20
SHOWN_MATCHES = 12
SPOILT_REASONS = ("id-scientific", "id-precision")
"""What a spreadsheet did to an id that can't be an id as it stands."""


@dataclass(frozen=True)
class _Question:
    """A text of the file that may mean one of several agencies. text: what an answer is kept under.
    own_id: the id in a list of agencies, where it may be right as it stands."""

    text: str
    rows: int
    candidates: tuple[LikelyAgency, ...]
    own_id: str | None


def choose_agencies(choice: ImportChoice, checked: ValidatedFile) -> None:
    """Ask which agency each unknown name or spoilt id means."""
    questions = _questions(choice.kind, checked)
    if not questions:
        return
    with st.container(border=True, key="same-agency"):
        st.subheader(_("แถวเหล่านี้เป็นของหน่วยงานใด"), anchor=False)
        st.caption(_("กดเลือกหนึ่งครั้งต่อข้อความ ใช้กับทุกแถวที่เขียนเหมือนกัน ไฟล์ต้นฉบับไม่เปลี่ยน"))
        _offer_all(choice.kind, questions)
        for question in questions[:SHOWN_TEXTS]:
            _show_question(choice.kind, question, format_count(question.rows, checked.problems))
        if len(questions) > SHOWN_TEXTS:
            st.caption(
                _(
                    "และอีก {count} ข้อความ เลือกข้างบนก่อนแล้วจะแสดงต่อ",
                    count=len(questions) - SHOWN_TEXTS,
                )
            )


def _questions(kind: Dataset, checked: ValidatedFile) -> list[_Question]:
    row_of = {line: row for row, line in enumerate(checked.lines)}
    questions: dict[str, _Question] = {}
    for problem in checked.problems:
        if problem.line is None or not _is_question(problem):
            continue
        value = problem.value or ""
        if kind is Dataset.AGENCIES:
            text = _row_text(checked, row_of[problem.line], value)
        else:
            text = row_text(value, None, problem.expected.get("province"))
        may_stay = kind is Dataset.AGENCIES and problem.expected.get("why") not in SPOILT_REASONS
        before = questions.get(text)
        questions[text] = _Question(
            text,
            before.rows + 1 if before else 1,
            problem.candidates,
            value if may_stay else None,
        )
    return list(questions.values())


def _is_question(problem: Problem) -> bool:
    if problem.kind is ProblemKind.UNKNOWN_AGENCY:
        return problem.expected.get("why") != "agency-other"
    return problem.kind is ProblemKind.SPOILT_ID


def _row_text(checked: ValidatedFile, row: int, agency_id: str) -> str:
    name, province = (
        checked.cells[column][row] if column in checked.cells else None
        for column in ("name_th", "province")
    )
    return row_text(agency_id, name, province)


def _offer_all(kind: Dataset, questions: list[_Question]) -> None:
    """One click for all spoilt ids of which each can be one agency only."""
    sure = {q.text: q.candidates[0].agency_id for q in questions if len(q.candidates) == 1}
    if kind is not Dataset.AGENCIES or len(sure) < 2:
        return
    if st.button(
        _("ใช้รหัสที่มีในระบบกับทั้ง {count} แถว", count=len(sure)), type="primary", key="same all"
    ):
        _save_answers(kind, sure)


def _show_question(kind: Dataset, question: _Question, rows: str) -> None:
    count = _("{count} แถว", count=rows)
    render_html(html("paragraph", DOT.join((html("bold", f"“{question.text}”"), count))))
    with st.container(horizontal=True):
        for agency in question.candidates:
            label = _("หมายถึง {agency}", agency=agency.text)
            if st.button(escape_markdown(label), key=f"same {question.text} {agency.agency_id}"):
                _save_answers(kind, {question.text: agency.agency_id})
        if question.own_id and st.button(
            escape_markdown(_("เป็นหน่วยงานใหม่ ใช้รหัส {agency_id}", agency_id=question.own_id)),
            key=f"new {question.text}",
        ):
            _save_answers(kind, {question.text: question.own_id})
    known = queries.agencies(queries.data_version())
    if kind is not Dataset.AGENCIES and len(known.names) <= MAX_LISTED_AGENCIES:
        other = st.selectbox(
            _("หรือเลือกหน่วยงานอื่น"),
            list(known.names),
            index=None,
            format_func=lambda agency_id: known.agency(agency_id).text,
            key=f"other {question.text}",
            placeholder=_("หรือเลือกหน่วยงานอื่น"),
            label_visibility="collapsed",
            width=420,
        )
        if other:
            _save_answers(kind, {question.text: other})


def _save_answers(kind: Dataset, answers: Mapping[str, str]) -> None:
    agency_answers(kind).update(answers)
    st.rerun()


def _show_answers(kind: Dataset, answers: Mapping[str, str]) -> None:
    """What was said of texts so far, and the way back."""
    st.caption(_("หน่วยงานที่เลือกไว้ในการเข้าใช้ครั้งนี้"))
    render_html(_matches_html(answers))
    if st.button(_("ยกเลิกที่เลือกไว้"), key="same none"):
        agency_answers(kind).clear()
        for key in [key for key in st.session_state if str(key).startswith("other ")]:
            del st.session_state[key]
        st.rerun()


def show_matched(file_preview: FilePreview) -> None:
    """Which agencies short names and names with a province were taken for, and what was said of
    texts in this visit, with the way back."""
    checked = file_preview.preview.checked
    answers = agency_answers(file_preview.request.kind)
    if answers:
        _show_answers(file_preview.request.kind, answers)
    matched = checked.matched_agencies if checked else {}
    short = {text: agency for text, agency in matched.items() if text not in answers}
    if not short:
        return
    title = _("ชื่อในไฟล์ที่ตรงกับหน่วยงานเดียว ({count})", count=len(short))
    render_html(html("details", title, _matches_html(short), open=True))


def _agency_text(agency_id: str, known: AgencyDirectory) -> str:
    if agency_id in known.names:
        return known.agency(agency_id).text
    return f"{agency_id} {_('หน่วยงานใหม่')}"


def _matches_html(matched: Mapping[str, str]) -> Markup:
    known = queries.agencies(queries.data_version())
    listed = [
        f"“{text}” → {_agency_text(agency, known)}"
        for text, agency in list(matched.items())[:SHOWN_MATCHES]
    ]
    more = len(matched) - SHOWN_MATCHES
    rest = [_("และอีก {more} รายการ", more=more)] if more > 0 else []
    return html("bullets", listed + rest)
