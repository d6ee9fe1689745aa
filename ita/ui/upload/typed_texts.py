"""What is typed on the page: it goes the way of a file, and waits in the visit until it is saved."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from ita.exports.templates import Template
from ita.i18n import _
from ita.imports.problems import Problem
from ita.ui.components.markup import SPACE, html, tag
from ita.ui.components.tables import field_label
from ita.ui.components.url_state import is_same_view
from ita.ui.upload.file_step import UploadedFile, as_mended
from ita.ui.upload.import_choice import ImportChoice

FIRST_LINE_NUMBER = 2
"""Of what is typed as a file: its header is line 1."""

Texts = dict[str, str]
"""What was typed and differs from the store: "IIT-3 percent" → its text."""


def typed_source(choice: ImportChoice) -> UploadedFile | None:
    """What was typed and sent to be checked; None while nothing was."""
    typed: tuple[ImportChoice, bytes] | None = st.session_state.get("filled in")
    if typed and typed[0] == choice:
        return as_mended(UploadedFile(typed[1], _("กรอกในหน้าเว็บ"), typed=True))
    return None


def forget_typed(choice: ImportChoice) -> None:
    """It has been saved."""
    st.session_state.pop("filled in", None)
    for kept in (typed_texts(), typed_grids()):
        kept.pop(typed_key(choice), None)


def typed_key(choice: ImportChoice) -> str:
    return f"{choice.kind} {choice.agency} {choice.year} {choice.quarter}"


def is_shown_again(choice: ImportChoice) -> bool:
    """Whether the browser has let go of these fields since they were drawn last."""
    return not is_same_view() or st.session_state.get("typed shown") != typed_key(choice)


def scroll_after_check() -> None:
    """Have the page go to the result once it is there."""
    st.session_state["check turn"] = st.session_state.get("check turn", 0) + 1


def send_typed(choice: ImportChoice, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Have it checked as a file."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([header, *rows])
    st.session_state["filled in"] = (choice, stream.getvalue().encode("utf-8-sig"))
    st.rerun()


RowProblems = Mapping[int, Sequence[tuple[str | None, Problem]]]
"""By the number of a row from 0: what is wrong, with the name of the column."""


def problems_by_row(form: Template, problems: Sequence[Problem]) -> RowProblems:
    names = {column.thai: column.name for column in form.columns}
    by_row: dict[int, list[tuple[str | None, Problem]]] = {}
    for problem in problems:
        if problem.line:
            name = names.get(problem.column or "")
            by_row.setdefault(problem.line - FIRST_LINE_NUMBER, []).append((name, problem))
    return by_row


def typed_texts() -> dict[str, Texts]:
    texts: dict[str, Texts] = st.session_state.setdefault("typed texts", {})
    return texts


def typed_problem_html(name: str | None, problem: Problem) -> Markup:
    label = html("bold", field_label(name)) if name else Markup()
    words = SPACE.join(filter(None, (label, problem.sentence())))
    return tag(words, "bad" if problem.blocks else "warn")


@dataclass
class TypedGrid:
    """rows: the grid's input; current: its content. turn: tells the grids apart."""

    rows: list[list[str]]
    current: list[list[str]]
    turn: int = 0


def typed_grids() -> dict[str, TypedGrid]:
    grids: dict[str, TypedGrid] = st.session_state.setdefault("typed grids", {})
    return grids
