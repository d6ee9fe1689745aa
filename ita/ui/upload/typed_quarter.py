"""A quarter's completion typed on the page: each measure one row, with what is known of it beside the
fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from ita.domain import Quarter
from ita.exports.templates import Template
from ita.exports.writers import as_text
from ita.formatting import percent_text, year_text
from ita.i18n import _
from ita.imports.problems import Problem
from ita.imports.validation.measures import REPORTED
from ita.measures.model import Completion, Measure, expected_percent, pair_with_reports
from ita.ui.components import queries
from ita.ui.components.frame import guarded_fragment
from ita.ui.components.markup import BREAK, html, render_html, tag
from ita.ui.components.measure_links import measure_code, measure_name
from ita.ui.components.navigation import show_page_link
from ita.ui.components.tables import field_label
from ita.ui.upload.file_step import PROBLEMS
from ita.ui.upload.import_choice import ImportChoice, import_template
from ita.ui.upload.typed_texts import (
    RowProblems,
    Texts,
    is_shown_again,
    problems_by_row,
    scroll_after_check,
    send_typed,
    typed_key,
    typed_problem_html,
    typed_texts,
)
from ita.web.paths import PLANNING, UPLOAD

FIRST_WRONG = "measure-row-wrong"
"""The container of the first row that has something to be mended."""


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


def show_quarter(choice: ImportChoice, problems: Sequence[Problem]) -> None:
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
    if is_shown_again(choice):
        turn = st.session_state["typed turn"] = turn + 1
    _quarter_fields(choice, form, tuple(rows), problems_by_row(form, problems), turn)


@guarded_fragment
def _quarter_fields(
    choice: ImportChoice,
    form: Template,
    rows: Sequence[QuarterRow],
    problems: RowProblems,
    turn: int,
) -> None:
    """turn: another one whenever the fields are to be given what they had."""
    texts = typed_texts().setdefault(typed_key(choice), {})
    again = st.session_state.get("typed drawn") != turn
    st.session_state["typed drawn"] = turn
    more = st.toggle(_("กรอกปัญหา/อุปสรรคและหลักฐานด้วย"), key="typed more")
    names = REPORTED if more else REPORTED[:2]
    example = _("ตัวอย่างการกรอก ไม่ถูกบันทึก: 75 · อบรมแล้ว 2 จาก 3 รุ่น ตามบันทึกเลขที่ 12")
    render_html(html("quiet", example))
    for index, row in enumerate(rows):
        found = problems.get(index, ())
        is_first = bool(found) and index == min(problems)
        with st.container(key=FIRST_WRONG if is_first else f"measure-row-{row.code}"):
            anchor = PROBLEMS if is_first else ""
            _show_row(choice, row, names, texts, again, anchor)
            if found:
                render_html(
                    BREAK.join(typed_problem_html(name, problem) for name, problem in found)
                )
    header, content = list(form.headers), _file_rows(form, rows, texts)
    sent = st.session_state.get("filled in")
    if sent is None or sent[0] != choice:
        if st.button(_("ตรวจข้อมูลที่กรอก"), type="primary"):
            st.session_state["typed sent"] = dict(texts)
            scroll_after_check()
            send_typed(choice, header, content)
    elif texts != st.session_state.get("typed sent"):
        # Once it was checked, each change is checked at once.
        st.session_state["typed sent"] = dict(texts)
        send_typed(choice, header, content)


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
    key = f"typed {typed_key(choice)} {place}"
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
