"""What a person does on the pages of data, step by step, and files for it."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from streamlit.testing.v1 import AppTest

from ita.domain import FiscalYear
from ita.web.store_access import get_store

UPLOAD, HISTORY = "pages/data/upload.py", "pages/data/history.py"
PROGRESS = "ปีงบประมาณ,ไตรมาส,หน่วยงาน,แบบวัด,ลำดับ,ร้อยละความสำเร็จ,ผลการดำเนินงาน\n"
RIGHT = f"{PROGRESS}2567,4,SAMPLE,OIT,2,90,ใกล้เสร็จ\n"
WRONG = f"{PROGRESS}2567,4,SAMPLE,OIT,2,เก้าสิบ,ใกล้เสร็จ\n2567,4,SAMPLE,EIT,1,95,ดี\n"
SAVE = "บันทึก"


def version() -> int:
    return get_store().version()


def html_of(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def text_of(app: AppTest) -> str:
    """All that a person reads, without markup."""
    told = [html_of(app)]
    told += [element.value for element in (*app.markdown, *app.info, *app.warning, *app.error)]
    told += [element.value for element in (*app.title, *app.header, *app.caption, *app.success)]
    return unescape(re.sub(r"<[^>]+>", " ", "\n".join(told)))


def to_copy(app: AppTest) -> list[str]:
    """The texts that a page offers to be copied."""
    return [code.value for code in app.code]


def button(app: AppTest, label: str) -> Any:
    return next(b for b in app.button if b.label == label)


def labels(app: AppTest) -> list[str]:
    return [b.label for b in app.button]


def choose(app: AppTest, year: int = 2567, quarter: int | None = 4, kind: str = "progress") -> None:
    if app.segmented_control(key="kind").value != kind:
        app.segmented_control(key="kind").set_value(kind).run()
    if kind != "agencies":
        app.selectbox(key="import year").set_value(FiscalYear(year))
    if quarter:
        app.segmented_control(key="import quarter").set_value(quarter)
    app.run()


def pick_way(app: AppTest, way: str) -> None:
    """Typed on the page or as a file; the report has no choice."""
    for control in app.segmented_control:
        if str(control.key).startswith("way ") and control.value != way:
            control.set_value(way).run()


def upload(app: AppTest, content: str | bytes, name: str = "file.csv") -> None:
    if not app.file_uploader:
        pick_way(app, "file")
    raw = content.encode() if isinstance(content, str) else content
    app.file_uploader[0].set_value((name, raw, "text/csv")).run()


def type_percent(app: AppTest, measure: str, percent: str, **others: str) -> None:
    """Fill in a measure's row of the quarter, "OIT-2"; others: by the column's name."""
    for name, text in {"percent": percent, **others}.items():
        field = next(f for f in app.text_input if str(f.key).endswith(f" {measure} {name}"))
        field.set_value(text).run()


def unfold(app: AppTest, title: str, opened: bool = True) -> None:
    """Open (or close) what is made when it is opened; AppTest has no click for it."""
    fold = next(e for e in app.expander if e.label.startswith(title))
    app.session_state[fold.proto.id.split("-", 2)[2]] = opened
    app.run()


def sign(app: AppTest, person: str = "สมศรี", reason: str = "รายงานไตรมาส") -> None:
    """Fill in who and why; a form holds them until its button is clicked."""
    app.text_input(key="person").set_value(person)
    next(t for t in app.text_input if t.key.startswith("reason ")).set_value(reason)


def edit(app: AppTest, rows: dict[int, dict[str, Any]], then_click: str, grid: int = 0) -> None:
    """Change cells of a grid and click: AppTest has no edits of grids, so they go in as states."""
    chosen = app.data_editor[grid]
    button(app, then_click).click()
    states = app._tree.get_widget_states()
    state = states.widgets.add()
    state.id = chosen.proto.id
    state.string_value = json.dumps(
        {
            "edited_rows": {str(row): cells for row, cells in rows.items()},
            "added_rows": [],
            "deleted_rows": [],
        }
    )
    app._run(states)
