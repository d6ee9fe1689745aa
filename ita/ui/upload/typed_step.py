"""The fields of the page: one agency, grids of other kinds, and a quarter's, which are in a module of
their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from ita.exports.templates import Template
from ita.exports.writers import as_text
from ita.i18n import _
from ita.imports.agencies import next_agency_id
from ita.imports.cells import fold
from ita.imports.datasets import AGENCY, Dataset
from ita.imports.problems import Problem
from ita.tables import Kind, Table, screen_columns
from ita.ui.components import queries
from ita.ui.components.markup import BREAK, render_html, tag
from ita.ui.components.tables import field_label, show_table
from ita.ui.upload.import_choice import ImportChoice, import_template
from ita.ui.upload.typed_quarter import show_quarter
from ita.ui.upload.typed_texts import (
    Texts,
    TypedGrid,
    is_shown_again,
    problems_by_row,
    scroll_after_check,
    send_typed,
    typed_grids,
    typed_key,
    typed_problem_html,
    typed_texts,
)


def show_fields(choice: ImportChoice, problems: Sequence[Problem]) -> None:
    """The fields of a kind. problems: of what was typed and checked, each to stand at its row."""
    if choice.kind is not Dataset.AGENCIES and choice.agency is None:
        st.info(_("ยังไม่มีหน่วยงานในระบบ เลือก “รายชื่อหน่วยงาน” แล้วพิมพ์ชื่อหน่วยงานก่อน"))
    elif choice.kind is Dataset.PROGRESS:
        show_quarter(choice, problems)
    elif choice.kind is Dataset.AGENCIES:
        _show_agency(choice, problems)
    else:
        show_grid(choice)
    st.session_state["typed shown"] = typed_key(choice)


# One agency: its name is enough.

AGENCY_FIELDS = ("name_th", "agency_id", "agency_type", "province", "name_en")


def _show_agency(choice: ImportChoice, problems: Sequence[Problem]) -> None:
    form = import_template(choice)
    texts = typed_texts().setdefault(typed_key(choice), {})
    again = is_shown_again(choice)
    known = queries.agencies(queries.data_version()).names
    examples = {"name_th": _("เช่น เทศบาลตำบลลำน้ำใส"), "agency_id": next_agency_id(known)}
    _agency_field(choice, "name_th", texts, again, examples)
    with st.expander(_("รหัส ประเภท จังหวัด ชื่อภาษาอังกฤษ (ไม่บังคับ)")):
        for name in AGENCY_FIELDS[1:]:
            _agency_field(choice, name, texts, again, examples)
    found = [item for items in problems_by_row(form, problems).values() for item in items]
    if found:
        render_html(BREAK.join(typed_problem_html(name, problem) for name, problem in found))
    sent = st.session_state.get("filled in")
    code = texts["agency_id"] or examples["agency_id"]
    is_taken = fold(code) in map(fold, known)
    if is_taken:  # it would change that one
        words = _("รหัส “{code}” เป็นของหน่วยงานอื่นแล้ว กรุณาใช้รหัสอื่น", code=code)
        render_html(tag(words, "bad"))
    if is_taken or not texts.get("name_th"):
        st.caption(_("พิมพ์ชื่อแล้วกด Enter ระบบตั้งรหัสหน่วยงานให้เอง"))
        if sent and sent[0] == choice:
            del st.session_state["filled in"]
            st.rerun()
    elif not (sent and sent[0] == choice) or texts != st.session_state.get("typed sent"):
        st.session_state["typed sent"] = dict(texts)
        values = texts | {"agency_id": code}
        send_typed(choice, form.headers, [[values.get(c.name, "") for c in form.columns]])


def _agency_field(
    choice: ImportChoice, name: str, texts: Texts, again: bool, examples: Mapping[str, str]
) -> None:
    key = f"typed {typed_key(choice)} {name}"
    if again or key not in st.session_state:
        st.session_state[key] = texts.get(name, "")
    example = examples.get(name, "")
    typed = st.text_input(field_label(name), key=key, max_chars=500, placeholder=example)
    texts[name] = typed.strip()


# The other kinds: a grid of what the form would ask for.


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
    grid = typed_grids().get(typed_key(choice))
    if grid is None:
        grid = typed_grids()[typed_key(choice)] = TypedGrid(stored, stored)
    elif is_shown_again(choice):
        grid.rows, grid.turn = grid.current, grid.turn + 1
    headers = [form.columns[i].thai for i in shown]
    labels = {form.columns[i].thai: field_label(form.columns[i].name) for i in shown}
    show_example(choice.kind, [form.columns[i].name for i in shown])
    edited = st.data_editor(
        pd.DataFrame(grid.rows, columns=headers),
        column_config=labels,
        hide_index=True,
        num_rows="dynamic" if choice.kind in OPEN_ENDED else "fixed",
        key=f"grid {typed_key(choice)} {grid.turn}",
    )
    grid.current = edited.fillna("").astype(str).values.tolist()
    if note := _grid_note(choice.kind):
        st.caption(note)
    if st.button(_("ตรวจข้อมูลที่กรอก"), type="primary"):
        scroll_after_check()
        send_typed(
            choice,
            list(form.headers),
            [_whole_row(choice, form, shown, row) for row in grid.current],
        )


def _example(kind: Dataset) -> Mapping[str, str]:
    """A row as it may be filled in, of the columns that need it."""
    return {
        Dataset.SCORES: {
            "iit": "86.50",
            "eit": "82.14",
            "oit": "95.00",
            "total": "88.59",
            "source": _("ประกาศผลการประเมิน ITA ของสำนักงาน ป.ป.ช."),
        },
        Dataset.MEASURES: {
            "instrument": "IIT",
            "seq": "1",
            "measure": _("อบรมเจ้าหน้าที่เรื่องการใช้ทรัพย์สินของราชการ"),
            "divisions": _("สำนักปลัด, กองคลัง"),
            "start_quarter": "1",
            "end_quarter": "3",
            "target": _("2 รุ่น"),
        },
        Dataset.ANNOTATIONS: {
            "date": _("21 เม.ย. 2567"),
            "event": _("เปิดระบบยื่นคำร้องออนไลน์"),
            "part": "OIT",
        },
    }.get(kind, {})


LONG_TEXT = 12
"""Characters of an example that needs a wide column on a phone."""


def show_example(kind: Dataset, names: Sequence[str]) -> None:
    """The example above the grid, greyed: it is no part of it."""
    row = {name: text for name, text in _example(kind).items() if name in names}
    if row:
        kinds = {
            name: Kind.WORDS if len(text) > LONG_TEXT else Kind.TEXT for name, text in row.items()
        }
        columns = screen_columns(*((field_label(name), kind) for name, kind in kinds.items()))
        with st.container(key="typed-example"):
            title = _("ตัวอย่างการกรอก ไม่ถูกบันทึก")
            show_table(Table(columns, [tuple(row.values())], title))


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
