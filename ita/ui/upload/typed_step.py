"""Data typed on the page: a quarter's completion measure by measure, one agency, and grids of the
other kinds. What is typed goes the way of a file, and waits in the visit until it is saved."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ita.domain import Quarter
from ita.exports.templates import Template
from ita.exports.writers import as_text
from ita.formatting import percent_text, year_text
from ita.i18n import _
from ita.imports.agencies import next_agency_id
from ita.imports.datasets import AGENCY, Dataset
from ita.imports.problems import Problem
from ita.imports.validation.measures import REPORTED
from ita.measures.model import Completion, Measure, expected_percent, pair_with_reports
from ita.ui.components import queries
from ita.ui.components.frame import guarded_fragment
from ita.ui.components.markup import BREAK, SPACE, html, render_html, tag
from ita.ui.components.measure_links import measure_code, measure_name
from ita.ui.components.navigation import show_page_link
from ita.ui.components.tables import field_label
from ita.ui.components.url_state import is_same_view
from ita.ui.upload.file_step import PROBLEMS, ImportChoice, UploadedFile, as_mended, import_template
from ita.web.paths import PLANNING, UPLOAD

FIRST_WRONG = "measure-row-wrong"
"""The container of the first row that has something to be mended."""

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


def show_fields(choice: ImportChoice, problems: Sequence[Problem]) -> None:
    """The fields of a kind. problems: of what was typed and checked, each to stand at its row."""
    if choice.kind is not Dataset.AGENCIES and choice.agency is None:
        st.info(_("ยังไม่มีหน่วยงานในระบบ เลือก “รายชื่อหน่วยงาน” แล้วพิมพ์ชื่อหน่วยงานก่อน"))
    elif choice.kind is Dataset.PROGRESS:
        _show_quarter(choice, problems)
    elif choice.kind is Dataset.AGENCIES:
        _show_agency(choice, problems)
    else:
        show_grid(choice)
    st.session_state["typed shown"] = _key(choice)


def forget_typed(choice: ImportChoice) -> None:
    """It has been saved."""
    st.session_state.pop("filled in", None)
    for kept in (_all_texts(), _grids()):
        kept.pop(_key(choice), None)


def _key(choice: ImportChoice) -> str:
    return f"{choice.kind} {choice.agency} {choice.year} {choice.quarter}"


def _is_shown_again(choice: ImportChoice) -> bool:
    """Whether the browser has let go of these fields since they were drawn last."""
    return not is_same_view() or st.session_state.get("typed shown") != _key(choice)


def scroll_after_check() -> None:
    """Have the page go to the result once it is there."""
    st.session_state["check turn"] = st.session_state.get("check turn", 0) + 1


def _send(choice: ImportChoice, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Have it checked as a file."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([header, *rows])
    st.session_state["filled in"] = (choice, stream.getvalue().encode("utf-8-sig"))
    st.rerun()


# A quarter: each measure one row, with what is known of it beside the fields.


@dataclass(frozen=True)
class QuarterRow:
    """A measure with its row of the form. last: its latest report before the quarter."""

    measure: Measure
    quarter: Quarter
    stored: Mapping[str, str]
    last: Completion | None

    @property
    def code(self) -> str:
        return measure_code(self.measure)

    def facts(self) -> str:
        """The last percent and the plan, or why there is none."""
        first = self.measure.quarters[0]
        if self.quarter < first:
            number = first.number
            return tag(_("ยังไม่เริ่ม (เริ่มไตรมาส {number})", number=number), "note")
        plan = _(
            "แผน {percent}", percent=percent_text(expected_percent(self.measure, self.quarter))
        )
        if self.last is None:
            return f"{_('ยังไม่เคยรายงาน')} · {plan}"
        last = _(
            "ไตรมาส {number}: {percent}",
            number=self.last.quarter.number,
            percent=percent_text(self.last.percent),
        )
        return f"{last} · {plan}"


def _quarter_rows(choice: ImportChoice, form: Template) -> list[QuarterRow]:
    """The measures of a quarter in the order of the form."""
    quarter = choice.quarter
    if choice.agency is None or quarter is None:
        return []
    version = queries.data_version()
    measures = queries.agency_measures(version, choice.agency, choice.year)
    completions = queries.agency_completions(version, choice.agency, choice.year)
    paired = {m.key: (m, reports) for m, reports in pair_with_reports(measures, completions)}
    names = [column.name for column in form.columns]
    rows = []
    for values in form.rows:
        stored = dict(zip(names, map(as_text, values), strict=True))
        measure, reports = next(
            pair
            for key, pair in paired.items()
            if (str(key[0]), str(key[1])) == (stored["instrument"], stored["seq"])
        )
        before = [report for report in reports if report.quarter < quarter]
        rows.append(QuarterRow(measure, quarter, stored, before[-1] if before else None))
    return rows


def _show_quarter(choice: ImportChoice, problems: Sequence[Problem]) -> None:
    form = import_template(choice)
    rows = _quarter_rows(choice, form)
    if not rows:
        st.info(
            _(
                "{year} ยังไม่มีมาตรการ เพิ่มมาตรการก่อน แล้วจึงกรอกความสำเร็จรายไตรมาสได้",
                year=year_text(choice.year),
            )
        )
        with st.container(horizontal=True):
            year = int(choice.year)
            show_page_link(
                UPLOAD, _("นำเข้ามาตรการ"), agency=choice.agency, kind="measures", year=year
            )
            show_page_link(PLANNING, _("วางแผนในหน้าเว็บ"), agency=choice.agency, plan_year=year)
        return
    turn = st.session_state.get("typed turn", 0)
    if _is_shown_again(choice):
        turn = st.session_state["typed turn"] = turn + 1
    _quarter_fields(choice, form, tuple(rows), _problems_by_row(form, problems), turn)


RowProblems = Mapping[int, Sequence[tuple[str | None, Problem]]]
"""By the number of a row from 0: what is wrong, with the name of the column."""


def _problems_by_row(form: Template, problems: Sequence[Problem]) -> RowProblems:
    names = {column.thai: column.name for column in form.columns}
    by_row: dict[int, list[tuple[str | None, Problem]]] = {}
    for problem in problems:
        if problem.line:
            name = names.get(problem.column or "")
            by_row.setdefault(problem.line - FIRST_LINE_NUMBER, []).append((name, problem))
    return by_row


def _all_texts() -> dict[str, Texts]:
    texts: dict[str, Texts] = st.session_state.setdefault("typed texts", {})
    return texts


@guarded_fragment
def _quarter_fields(
    choice: ImportChoice,
    form: Template,
    rows: Sequence[QuarterRow],
    problems: RowProblems,
    turn: int,
) -> None:
    """turn: another one whenever the fields are to be given what they had."""
    texts = _all_texts().setdefault(_key(choice), {})
    again = st.session_state.get("typed drawn") != turn
    st.session_state["typed drawn"] = turn
    more = st.toggle(_("กรอกปัญหา/อุปสรรคและหลักฐานด้วย"), key="typed more")
    names = REPORTED if more else REPORTED[:2]
    for index, row in enumerate(rows):
        found = problems.get(index, ())
        is_first = bool(found) and index == min(problems)
        with st.container(key=FIRST_WRONG if is_first else f"measure-row-{row.code}"):
            anchor = PROBLEMS if is_first else ""
            _show_row(choice, row, names, texts, again, anchor)
            if found:
                render_html(BREAK.join(_problem_html(name, problem) for name, problem in found))
    header, content = list(form.headers), _file_rows(form, rows, texts)
    sent = st.session_state.get("filled in")
    if sent is None or sent[0] != choice:
        if st.button(_("ตรวจข้อมูลที่กรอก"), type="primary"):
            st.session_state["typed sent"] = dict(texts)
            scroll_after_check()
            _send(choice, header, content)
    elif texts != st.session_state.get("typed sent"):
        # Once it was checked, each change is checked at once.
        st.session_state["typed sent"] = dict(texts)
        _send(choice, header, content)


def _show_row(
    choice: ImportChoice,
    row: QuarterRow,
    names: Sequence[str],
    texts: Texts,
    again: bool,
    anchor: str,
) -> None:
    about, fields = st.columns([5, 6], vertical_alignment="center", gap="small")
    with about:
        name, text = measure_name(row.measure), row.measure.text
        render_html(html("upload.measure", name, text, row.facts(), anchor))
    with fields:
        for pair in (names[:2], names[2:]):
            if pair:
                with st.container(horizontal=True, gap="small"):
                    for name in pair:
                        _show_field(choice, row, name, texts, again)


def _show_field(
    choice: ImportChoice, row: QuarterRow, name: str, texts: Texts, again: bool
) -> None:
    place, stored = f"{row.code} {name}", row.stored[name]
    key = f"typed {_key(choice)} {place}"
    if again or key not in st.session_state:
        st.session_state[key] = texts.get(place, stored)
    label = field_label(name)
    typed = st.text_input(
        f"{measure_name(row.measure)} {label}",
        key=key,
        placeholder="%" if name == "percent" else label,
        label_visibility="collapsed",
        width=96 if name == "percent" else "stretch",
    )
    if typed == stored:
        texts.pop(place, None)
    else:
        texts[place] = typed


def _problem_html(name: str | None, problem: Problem) -> Markup:
    label = html("bold", field_label(name)) if name else Markup()
    words = SPACE.join(filter(None, (label, problem.sentence())))
    return tag(words, "bad" if problem.blocks else "warn")


def _file_rows(form: Template, rows: Sequence[QuarterRow], texts: Texts) -> list[list[str]]:
    """The rows as a file has them; one left empty is a blank line, so that each keeps its number."""
    names = [column.name for column in form.columns]
    content = []
    for row in rows:
        cells = {**row.stored} | {
            name: texts.get(f"{row.code} {name}", row.stored[name]) for name in REPORTED
        }
        filled = any(cells[name].strip() for name in REPORTED)
        content.append([cells[name] for name in names] if filled else [])
    return content


# One agency: its name is enough.

AGENCY_FIELDS = ("name_th", "agency_type", "province", "name_en")


def _show_agency(choice: ImportChoice, problems: Sequence[Problem]) -> None:
    form = import_template(choice)
    texts = _all_texts().setdefault(_key(choice), {})
    again = _is_shown_again(choice)
    _agency_field(choice, "name_th", texts, again)
    with st.expander(_("ประเภท จังหวัด ชื่อภาษาอังกฤษ (ไม่บังคับ)")):
        for name in AGENCY_FIELDS[1:]:
            _agency_field(choice, name, texts, again)
    found = [item for items in _problems_by_row(form, problems).values() for item in items]
    if found:
        render_html(BREAK.join(_problem_html(name, problem) for name, problem in found))
    sent = st.session_state.get("filled in")
    if not texts.get("name_th"):
        st.caption(_("พิมพ์ชื่อแล้วกด Enter ระบบตั้งรหัสหน่วยงานให้เอง"))
        if sent and sent[0] == choice:
            del st.session_state["filled in"]
            st.rerun()
    elif not (sent and sent[0] == choice) or texts != st.session_state.get("typed sent"):
        st.session_state["typed sent"] = dict(texts)
        known = queries.agencies(queries.data_version()).names
        values = texts | {"agency_id": next_agency_id(known)}
        _send(choice, form.headers, [[values.get(c.name, "") for c in form.columns]])


def _agency_field(choice: ImportChoice, name: str, texts: Texts, again: bool) -> None:
    key = f"typed {_key(choice)} {name}"
    if again or key not in st.session_state:
        st.session_state[key] = texts.get(name, "")
    texts[name] = st.text_input(field_label(name), key=key, max_chars=500).strip()


# The other kinds: a grid of what the form would ask for.


@dataclass
class TypedGrid:
    """rows: the grid's input; current: its content. turn: tells the grids apart."""

    rows: list[list[str]]
    current: list[list[str]]
    turn: int = 0


def _grids() -> dict[str, TypedGrid]:
    grids: dict[str, TypedGrid] = st.session_state.setdefault("typed grids", {})
    return grids


HIDDEN_COLUMNS = {
    Dataset.SCORES: ("fiscal_year", AGENCY.name),
    Dataset.MEASURES: ("fiscal_year", AGENCY.name),
    Dataset.ANNOTATIONS: (AGENCY.name,),
}
"""What is the same in each row stands in the line above the grid."""

OPEN_ENDED = (Dataset.AGENCIES, Dataset.MEASURES, Dataset.ANNOTATIONS)
"""Rows are added as there are more of them; scores have one a year."""


def show_grid(choice: ImportChoice) -> None:
    """A grid that goes the same way as a file."""
    form = import_template(choice)
    hidden = HIDDEN_COLUMNS.get(choice.kind, ())
    shown = [i for i, column in enumerate(form.columns) if column.name not in hidden]
    stored = [[as_text(row[i]) for i in shown] for row in form.rows]
    if choice.kind in OPEN_ENDED:
        stored.append([""] * len(shown))
    grid = _grids().get(_key(choice))
    if grid is None:
        grid = _grids()[_key(choice)] = TypedGrid(stored, stored)
    elif _is_shown_again(choice):
        grid.rows, grid.turn = grid.current, grid.turn + 1
    headers = [form.columns[i].thai for i in shown]
    labels = {form.columns[i].thai: field_label(form.columns[i].name) for i in shown}
    edited = st.data_editor(
        pd.DataFrame(grid.rows, columns=headers),
        column_config=labels,
        hide_index=True,
        num_rows="dynamic" if choice.kind in OPEN_ENDED else "fixed",
        key=f"grid {_key(choice)} {grid.turn}",
    )
    grid.current = edited.fillna("").astype(str).values.tolist()
    if note := _grid_note(choice.kind):
        st.caption(note)
    if st.button(_("ตรวจข้อมูลที่กรอก"), type="primary"):
        scroll_after_check()
        _send(
            choice,
            list(form.headers),
            [_whole_row(choice, form, shown, row) for row in grid.current],
        )


def _whole_row(
    choice: ImportChoice, form: Template, shown: Sequence[int], row: Sequence[str]
) -> list[str]:
    """A row of the grid with the columns that it leaves out; one left empty is a blank line."""
    if not any(cell.strip() for cell in row):
        return []
    whole = {"fiscal_year": str(int(choice.year)), AGENCY.name: choice.agency or ""}
    whole |= {form.columns[i].name: cell for i, cell in zip(shown, row, strict=True)}
    return [whole[column.name] for column in form.columns]


def _grid_note(kind: Dataset) -> str:
    if kind is Dataset.ANNOTATIONS:
        return _(
            "วันละหนึ่งแถว เขียนวันที่แบบ 21 เม.ย. 2567 ช่องส่วนเว้นว่างได้หากเกี่ยวกับทุกส่วน "
            "การลบแถวที่นี่ไม่ลบสิ่งที่บันทึกไว้แล้ว หากต้องการเอาออก ให้ยกเลิกที่หน้าประวัติ"
        )
    if kind is Dataset.MEASURES:
        return _("หนึ่งมาตรการหนึ่งแถว การลบแถวที่นี่ไม่ลบมาตรการที่บันทึกไว้แล้ว")
    return ""
