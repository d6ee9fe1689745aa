"""ประวัติ: what batches did, the way back and what stands in it, tables of an earlier day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ita.store.batches import undo
from ita.ui.opening import the_store
from ita.ui.pages import PAGES
from ita.wording import speak
from tests.importing.bringing import everything, rows, taken
from tests.pages.conftest import OpenPage
from tests.pages.moves import HISTORY, PROGRESS, button, labels, text_of

OVERVIEW = PAGES[0].file
UNDO = "ย้อนครั้งนี้"


def brought(percent: int = 90, name: str = "ไตรมาส 4.csv") -> int:
    """A batch of our own on top of the samples."""
    content = f"{PROGRESS}2567,4,SAMPLE,OIT,2,{percent},ใกล้เสร็จ\n"
    batch = taken(the_store(), "progress", content, name=name).batch
    assert batch
    return batch


def pick(app: AppTest, batch: int) -> None:
    app.selectbox(key="batch").set_value(batch).run()


def ask_back(app: AppTest, batch: int, reason: str = "ผิดไตรมาส") -> None:
    pick(app, batch)
    app.text_input(key="person").set_value("สมชาย")
    app.text_input(key=f"undo reason {batch}").set_value(reason).run()
    button(app, UNDO).click().run()


@pytest.mark.parametrize("lang", ["th", "en"])
def test_an_empty_store_leads_to_the_import(
    lang: str, empty_store: Path, open_page: OpenPage
) -> None:
    app = open_page(HISTORY, lang=lang)
    assert not app.exception
    assert ("ยังไม่มีข้อมูล" if lang == "th" else "No data yet") in text_of(app)
    assert app.page_link


@pytest.mark.parametrize("lang", ["th", "en"])
def test_every_batch_can_be_looked_into(lang: str, open_page: OpenPage) -> None:
    app = open_page(HISTORY, lang=lang)
    speak(lang)
    for batch in range(6, 0, -1):
        pick(app, batch)
        assert not app.exception
        assert not app.error
    told = text_of(app)
    for name in ("agencies.csv", "scores_published.csv", "narrative.csv", "3 / 0 / 0"):
        assert name in told


def test_the_newest_is_looked_into_first(open_page: OpenPage) -> None:
    open_page()
    batch = brought()
    app = open_page(HISTORY)
    assert app.selectbox(key="batch").value == batch
    told = text_of(app)
    assert "ใกล้เสร็จ" in told and "90" in told
    assert "ดาวน์โหลดแฟ้มตามที่นำเข้า" in [element.label for element in app.download_button]


def test_a_batch_is_undone_with_a_reason_and_its_figures_go(open_page: OpenPage) -> None:
    app = open_page()
    before = everything(the_store())
    batch = brought()
    app = open_page(HISTORY)
    assert button(app, UNDO).disabled
    app.text_input(key="person").set_value("สมชาย").run()
    assert button(app, UNDO).disabled
    ask_back(app, batch)
    told = text_of(app)
    assert f"ย้อนครั้งที่ {batch} แล้ว บันทึกเป็นครั้งที่ {batch + 1}" in told
    assert f"ย้อนแล้วโดยครั้งที่ {batch + 1}" in told
    assert "ผิดไตรมาส" in told and "สมชาย" in told
    assert everything(the_store()) == before


def test_an_undone_batch_is_still_told_and_points_to_its_undo(open_page: OpenPage) -> None:
    open_page()
    batch = brought()
    inverse = undo(the_store(), batch, "p", "r")
    app = open_page(HISTORY)
    pick(app, batch)
    told = text_of(app)
    assert "ใกล้เสร็จ" in told
    assert f"ให้เลือกครั้งที่ {inverse} แล้วย้อนครั้งนั้น" in told
    assert UNDO not in labels(app)


def test_an_undo_is_undone(open_page: OpenPage) -> None:
    open_page()
    batch = brought()
    after = everything(the_store())
    inverse = undo(the_store(), batch, "p", "r")
    app = open_page(HISTORY)
    ask_back(app, inverse)
    assert "แล้ว บันทึกเป็นครั้งที่" in text_of(app)
    assert everything(the_store()) == after


def test_what_stands_in_the_way_is_named(open_page: OpenPage) -> None:
    open_page()
    first = brought(80, "แรก.csv")
    second = brought(85, "หลัง.csv")
    app = open_page(HISTORY)
    before = everything(the_store())
    ask_back(app, first)
    assert f"เพราะครั้งที่ {second}" in app.error[0].value
    assert (everything(the_store()), the_store().version()) == (before, second)
    ask_back(app, 4)  # the measures that completion stands on
    assert "ย้อนครั้งที่ 4 ไม่ได้" in app.error[0].value


def test_a_table_as_it_was_today_is_as_it_is(open_page: OpenPage) -> None:
    open_page()
    brought()
    app = open_page(HISTORY)
    app.selectbox(key="past kind").set_value("progress").run()
    count = len(rows(the_store(), "completion"))
    assert f"หลังการนำเข้าครั้งที่ 7: {count} แถว" in text_of(app)
    assert not app.exception


def test_a_table_as_it_was_yesterday_lacks_what_came_today(open_page: OpenPage) -> None:
    open_page()
    store = the_store()
    count = len(rows(store, "completion"))
    with store.writing() as cursor:  # the samples came two days ago
        cursor.execute("UPDATE batch SET saved_at = saved_at - INTERVAL 2 DAY")
    brought()
    app = open_page(HISTORY)
    app.selectbox(key="past kind").set_value("progress").run()
    today = app.date_input[0].value
    app.date_input[0].set_value(today - timedelta(days=1)).run()
    told = text_of(app)
    assert f"หลังการนำเข้าครั้งที่ 6: {count} แถว" in told


@pytest.mark.parametrize("kind", ["agencies", "scores", "measures", "progress", "narrative"])
def test_every_table_can_be_seen_as_it_was(kind: str, open_page: OpenPage) -> None:
    app = open_page(HISTORY)
    app.selectbox(key="past kind").set_value(kind).run()
    assert not app.exception
    assert "ดาวน์โหลด CSV" in [element.label for element in app.download_button]


def test_the_history_follows_what_happens_elsewhere(open_page: OpenPage) -> None:
    app = open_page(HISTORY)
    assert "มาใหม่.csv" not in text_of(app)
    brought(name="มาใหม่.csv")
    app.run()
    assert "มาใหม่.csv" in text_of(app)
