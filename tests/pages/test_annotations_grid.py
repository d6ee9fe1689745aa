"""An agency's own events filled in on the upload page, and looked at in the history."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ita.web.store_access import get_store
from tests.imports.bringing import everything, rows
from tests.pages.conftest import OpenPage
from tests.pages.moves import HISTORY, UPLOAD, button, choose, edit, sign, text_of, unfold

CHECK, SAVE = "ตรวจข้อมูลที่กรอก", "บันทึก"
CHANGES = "สิ่งที่ครั้งนี้เปลี่ยน"


@pytest.fixture
def page(open_page: OpenPage) -> AppTest:
    app = open_page(UPLOAD, agency="SAMPLE")
    choose(app, quarter=None, kind="annotations")
    return app


def test_the_grid_holds_the_events_of_the_year_and_a_blank_row(page: AppTest) -> None:
    frame = page.data_editor[0].value
    assert list(frame.columns) == ["วันที่", "เหตุการณ์", "ส่วน", "แหล่งที่มา"]
    assert frame["วันที่"].tolist() == ["21 พ.ย. 2566", "18 ธ.ค. 2566", ""]


@pytest.mark.slow
def test_an_event_is_added_on_the_page(page: AppTest, open_page: OpenPage) -> None:
    cells = {"วันที่": "๒๔ มิ.ย. ๖๗", "เหตุการณ์": "ประชุมชี้แจง", "ส่วน": "IIT"}
    edit(page, {2: cells}, CHECK)
    unfold(page, "ค่าใหม่")
    told = text_of(page)
    assert "ใหม่ 1" in told and "เหมือนเดิม 2" in told
    assert "24 มิ.ย. 2567" in told
    assert "มีในระบบแต่ไม่อยู่ในไฟล์" not in told
    sign(page)
    button(page, SAVE).click().run()
    assert "บันทึกแล้ว" in text_of(page)
    stored = rows(get_store(), "annotation", "agency_id, day, event, part")
    assert ("SAMPLE", "2024-06-24", "ประชุมชี้แจง", "IIT") in stored
    history = open_page(HISTORY)
    unfold(history, CHANGES)
    assert not history.exception
    assert "SAMPLE 24 มิ.ย. 2567" in text_of(history)


def test_a_day_that_is_none_is_told_and_stores_nothing(page: AppTest) -> None:
    before = everything(get_store())
    edit(page, {2: {"วันที่": "30 ก.พ. 2567", "เหตุการณ์": "ก"}}, CHECK)
    assert "ไม่มีวันนี้ในปฏิทิน" in text_of(page)
    assert everything(get_store()) == before


def test_events_as_of_a_day_are_shown_in_thai_years(open_page: OpenPage) -> None:
    app = open_page(HISTORY)
    app.selectbox(key="past kind").set_value("annotations").run()
    assert not app.exception
    assert "21 พ.ย. 2566" in text_of(app)


def test_an_empty_store_has_a_place_for_events_too(empty_store: Path, open_page: OpenPage) -> None:
    app = open_page(UPLOAD)
    app.segmented_control(key="kind").set_value("annotations").run()
    assert not app.exception
    assert not app.error
