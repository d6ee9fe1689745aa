"""What a person does on the page of the report: open it, write in its cells, save; and what is stored."""

from __future__ import annotations

import re
from typing import Any

from streamlit.testing.v1 import AppTest

from ita.web.store_access import get_store
from tests.imports.bringing import rows
from tests.pages.conftest import OpenPage
from tests.pages.moves import button, labels

REPORT = "pages/report/narrative.py"
CHECK, SAVE = "ตรวจสิ่งที่จะเปลี่ยน", "บันทึก"
RESULT, ANSWERS, PERIOD, OUTCOME = "result", "answers", "period", "outcome"


def opened(open_page: OpenPage, **choices: str) -> AppTest:
    app = open_page(REPORT, agency="SAMPLE", year="2567", **({"instrument": "EIT"} | choices))
    assert not app.exception
    return app


def cell(app: AppTest, name: str, number: int = 0) -> Any:
    """The field of a cell, whichever kind it is."""
    kinds = (app.text_area, app.text_input, app.multiselect, app.pills)
    fields = [f for kind in kinds for f in kind if f.key and f.key.endswith(f" {name} {number}")]
    (found,) = [field for field in fields if field.key.startswith("write ")]
    return found


def write(app: AppTest, name: str, number: int, value: Any) -> None:
    cell(app, name, number).set_value(value).run()
    assert not app.exception


def unnumbered(app: AppTest) -> list[str]:
    """The labels of buttons without the number of the note that they answer."""
    return [re.sub(r"^\d+ · ", "", label) for label in labels(app)]


def press(app: AppTest, label: str) -> None:
    numbered = next((own for own in labels(app) if own.endswith(f" · {label}")), label)
    button(app, numbered).click().run()
    assert not app.exception


def save(app: AppTest, person: str = "สมศรี", reason: str = "แก้ตามที่ตรวจ") -> None:
    if CHECK in labels(app):
        press(app, CHECK)
    app.text_input(key="person").set_value(person)
    next(t for t in app.text_input if t.key.startswith("reason ")).set_value(reason)
    press(app, SAVE)


def stored(kind: str, instrument: str = "EIT") -> dict[int, tuple[str, str | None]]:
    found = rows(get_store(), "narrative", "agency_id, instrument, type, seq, text, measures")
    return {row[3]: (row[4], row[5]) for row in found if row[:3] == ("SAMPLE", instrument, kind)}
