"""ประวัติ: what batches did, the way back and what stands in it, tables of an earlier day."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ita.i18n import language_set_to, set_language
from ita.imports.cells import fold
from ita.imports.datasets import TABLE_OF, Dataset, columns_of
from ita.store.changes import rows_as_of
from ita.store.tables import TABLES
from ita.ui import history
from ita.ui.components.tables import field_label, file_label
from ita.web.paths import PAGES
from ita.web.store_access import get_store
from tests.imports.bringing import committed_reference, everything, rows, taken, undo
from tests.pages.conftest import OpenPage
from tests.pages.moves import HISTORY, PROGRESS, button, labels, text_of, unfold

OVERVIEW = PAGES[0].file
UNDO = "ยกเลิกครั้งนี้"
CHANGES = "สิ่งที่ครั้งนี้เปลี่ยน"


def brought(percent: int = 90, name: str = "ไตรมาส 4.csv") -> int:
    """A batch of our own on top of the samples."""
    content = f"{PROGRESS}2567,4,SAMPLE,OIT,2,{percent},ใกล้เสร็จ\n"
    batch = taken(get_store(), "progress", content, name=name).batch
    assert batch
    return batch


def pick(app: AppTest, batch: int) -> None:
    app.selectbox(key="batch").set_value(batch).run()


def open_undo(app: AppTest, batch: int) -> None:
    pick(app, batch)
    unfold(app, f"ยกเลิกการนำเข้าครั้งที่ {batch}")


def ask_back(app: AppTest, batch: int, reason: str = "ผิดไตรมาส") -> None:
    open_undo(app, batch)
    app.text_input(key="person").set_value("สมชาย")
    app.text_input(key=f"reason undo {batch}").set_value(reason)
    button(app, UNDO).click().run()


def past_table(app: AppTest) -> str:
    """The HTML of the table as of a day, which is the last that is drawn."""
    return [e.proto.body for e in app.get("html") if "<table" in e.proto.body][-1]


def heads_of_the_past(app: AppTest) -> list[str]:
    return re.findall(r"<th[^>]*>([^<]*)</th>", past_table(app))


@pytest.mark.slow
def test_the_way_back_is_folded_and_rows_are_named_with_their_quarter(open_page: OpenPage) -> None:
    """On a phone the list comes within the first screen; of two numbers one is the quarter's."""
    batch = brought()
    app = open_page(HISTORY)
    pick(app, batch)
    (fold,) = [e for e in app.expander if e.label == f"ยกเลิกการนำเข้าครั้งที่ {batch}"]
    assert not fold.proto.expanded
    assert not fold.text_input
    assert "SAMPLE 2567 ไตรมาส 4 OIT 2" not in text_of(app)
    unfold(app, CHANGES)
    assert "SAMPLE 2567 ไตรมาส 4 OIT 2" in text_of(app)
    open_undo(app, batch)
    (fold,) = [e for e in app.expander if e.label == f"ยกเลิกการนำเข้าครั้งที่ {batch}"]
    assert [box.label for box in fold.text_input] == ["ผู้ยกเลิก", "เหตุผล"]


@pytest.mark.parametrize("lang", ["th", "en"])
def test_an_empty_store_leads_to_the_import(
    lang: str, empty_store: Path, open_page: OpenPage
) -> None:
    app = open_page(HISTORY, lang=lang)
    assert not app.exception
    assert ("ยังไม่มีข้อมูล" if lang == "th" else "No imports yet") in text_of(app)
    assert app.page_link


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["th", "en"])
def test_every_batch_can_be_looked_into(lang: str, open_page: OpenPage) -> None:
    app = open_page(HISTORY, lang=lang)
    set_language(lang)
    for batch in range(7, 0, -1):
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
    unfold(app, CHANGES)
    told = text_of(app)
    assert "ใกล้เสร็จ" in told and "90" in told
    assert "ดาวน์โหลดไฟล์ตามที่นำเข้า" in [element.label for element in app.download_button]


@pytest.mark.slow
def test_a_batch_is_undone_with_a_reason_and_its_figures_go(open_page: OpenPage) -> None:
    app = open_page()
    before = everything(get_store())
    batch = brought()
    app = open_page(HISTORY)
    open_undo(app, batch)
    told = text_of(app)
    assert "ถ้ายกเลิก จะเปลี่ยน" in told and "SAMPLE 2567 ไตรมาส 4 OIT 2" in told
    button(app, UNDO).click().run()
    assert "กรุณากรอก “ผู้ยกเลิก”" in text_of(app)
    app.text_input(key="person").set_value("สมชาย")
    button(app, UNDO).click().run()
    assert "กรุณากรอก “เหตุผล”" in text_of(app)
    ask_back(app, batch)
    told = text_of(app)
    assert f"ยกเลิกครั้งที่ {batch} แล้ว บันทึกเป็นครั้งที่ {batch + 1}" in told
    assert f"ยกเลิกแล้วโดยครั้งที่ {batch + 1}" in told
    assert "ผิดไตรมาส" in told and "สมชาย" in told
    assert everything(get_store()) == before


@pytest.mark.slow
def test_an_undone_batch_is_still_told_and_points_to_its_undo(open_page: OpenPage) -> None:
    open_page()
    batch = brought()
    inverse = undo(get_store(), batch, "p", "r")
    app = open_page(HISTORY)
    pick(app, batch)
    unfold(app, CHANGES)
    told = text_of(app)
    assert "ใกล้เสร็จ" in told
    assert f"ให้เลือกครั้งที่ {inverse} แล้วยกเลิกครั้งนั้น" in told
    assert UNDO not in labels(app)


@pytest.mark.slow
def test_an_undo_is_undone(open_page: OpenPage) -> None:
    open_page()
    batch = brought()
    after = everything(get_store())
    inverse = undo(get_store(), batch, "p", "r")
    app = open_page(HISTORY)
    ask_back(app, inverse)
    assert "แล้ว บันทึกเป็นครั้งที่" in text_of(app)
    assert everything(get_store()) == after


@pytest.mark.slow
def test_what_stands_in_the_way_is_named(open_page: OpenPage) -> None:
    open_page()
    first = brought(80, "แรก.csv")
    second = brought(85, "หลัง.csv")
    app = open_page(HISTORY)
    before = everything(get_store())
    open_undo(app, first)
    assert f"เพราะครั้งที่ {second}" in app.error[0].value
    assert "ให้ยกเลิกตามลำดับนี้ก่อน" in text_of(app)
    assert UNDO not in labels(app)  # what can't be done is not filled in
    assert (everything(get_store()), get_store().version()) == (before, second)
    open_undo(app, 4)  # the measures that completion stands on
    assert "ยกเลิกครั้งที่ 4 ไม่ได้" in app.error[0].value


@pytest.mark.slow
def test_a_table_as_it_was_today_is_as_it_is(open_page: OpenPage) -> None:
    open_page()
    batch = brought()
    app = open_page(HISTORY)
    app.selectbox(key="past kind").set_value("progress").run()
    count = len(rows(get_store(), "completion"))
    assert f"หลังการนำเข้าครั้งที่ {batch}: {count} แถว" in text_of(app)
    assert not app.exception


def test_a_look_at_an_earlier_day_reads_what_it_shows_and_the_file_holds_all(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A nation's quarters are millions: they must not be made into rows by each look at the page."""
    open_page()
    count = len(rows(get_store(), "completion"))
    asked: list[int | None] = []

    def counted(cursor: Any, name: str, batch_id: int, most: int | None = None) -> Any:
        asked.append(most)
        return rows_as_of(cursor, name, batch_id, most)

    monkeypatch.setattr(history, "rows_as_of", counted)
    monkeypatch.setattr(history, "MAX_SHOWN_ROWS", 3)
    app = open_page(HISTORY)
    app.selectbox(key="past kind").set_value("progress").run()
    assert set(asked) == {3}
    assert past_table(app).count("<tr>") == 1 + 3
    assert "แสดง 3 แถวแรก ทั้งหมดอยู่ในไฟล์ CSV" in text_of(app)
    assert len(history._load_past_rows("completion", get_store().version())) == count
    monkeypatch.setattr(history, "MAX_FILE_ROWS", 4)
    assert "แสดง 3 แถวแรก ในไฟล์มี 4 แถวแรก" in text_of(app.run())
    assert len(history._load_past_rows("completion", get_store().version())) == 4


@pytest.mark.slow
def test_a_table_as_it_was_yesterday_lacks_what_came_today(open_page: OpenPage) -> None:
    open_page()
    store = get_store()
    count = len(rows(store, "completion"))
    with store.writing() as cursor:  # the samples came two days ago
        cursor.execute("UPDATE batch SET saved_at = saved_at - INTERVAL 2 DAY")
    batch = brought()
    app = open_page(HISTORY)
    app.selectbox(key="past kind").set_value("progress").run()
    today = app.date_input[0].value
    app.date_input[0].set_value(today - timedelta(days=1)).run()
    told = text_of(app)
    assert f"หลังการนำเข้าครั้งที่ {batch - 1}: {count} แถว" in told


@pytest.mark.parametrize("kind", ["agencies", "scores", "measures", "progress", "narrative"])
def test_every_table_can_be_seen_as_it_was(kind: str, open_page: OpenPage) -> None:
    app = open_page(HISTORY)
    app.selectbox(key="past kind").set_value(kind).run()
    assert not app.exception
    assert "ดาวน์โหลด CSV" in [element.label for element in app.download_button]


def test_the_columns_of_a_table_are_called_by_their_names(open_page: OpenPage) -> None:
    app = open_page(HISTORY)
    app.selectbox(key="past kind").set_value("progress").run()
    told = heads_of_the_past(app)
    assert told[:3] == ["รหัสหน่วยงาน", "ปีงบประมาณ", "ไตรมาส"]
    assert "ร้อยละความสำเร็จ" in told
    app.segmented_control(key="lang").set_value("en").run()
    assert heads_of_the_past(app)[:3] == ["Agency id", "Fiscal year", "Quarter"]


@pytest.mark.parametrize("table", list(TABLES))
def test_every_stored_column_has_a_name_for_people(table: str) -> None:
    for name in TABLES[table].columns:
        assert field_label(name) != name
        with language_set_to("en"):
            assert field_label(name) != name
            assert field_label(name).isascii()


def test_scores_as_they_were_name_their_part(open_page: OpenPage) -> None:
    app = open_page(HISTORY)
    app.selectbox(key="past kind").set_value("scores").run()
    assert "ตัวชี้วัดที่ 1" in past_table(app)
    assert ">total<" not in past_table(app)


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize(("kind", "table"), TABLE_OF.items())
def test_a_table_as_it_was_has_the_headers_of_its_files(
    kind: Dataset, table: str, lang: str
) -> None:
    known = {header for c in columns_of(kind, committed_reference()) for header in c.headers}
    with language_set_to(lang):
        assert {fold(file_label(kind, name)) for name in TABLES[table].columns} <= known


@pytest.mark.slow
def test_the_way_back_stands_before_the_long_lists(open_page: OpenPage) -> None:
    open_page()
    for percent in range(12):
        brought(percent + 20, f"ไฟล์ {percent}.csv")
    app = open_page(HISTORY)
    drawn = [element.proto.body for element in app.get("html")]
    lists = [place for place, body in enumerate(drawn) if "ไฟล์ 11.csv" in body and "<th" in body]
    card = next(place for place, body in enumerate(drawn) if "ไฟล์ 11.csv" in body)
    assert card < lists[0]
    assert "<table" not in drawn[card]
    labels_ = [element.label for element in app.expander]
    assert any(label.startswith("ก่อนหน้านั้น (") for label in labels_)


@pytest.mark.slow
def test_the_number_of_changed_rows_is_the_true_one(open_page: OpenPage) -> None:
    open_page()
    shown = history.MAX_SHOWN_CHANGES
    agencies = "".join(f"X{n},หน่วยงาน {n}\n" for n in range(shown + 100))
    batch = taken(get_store(), "agencies", f"agency_id,name_th\n{agencies}").batch
    app = open_page(HISTORY)
    assert app.selectbox(key="batch").value == batch
    assert f"สิ่งที่ครั้งนี้เปลี่ยน ({shown + 100} แถว)" in [e.label for e in app.expander]
    unfold(app, CHANGES)
    assert f"แสดง {shown} ค่าแรก" in text_of(app)


def test_a_batch_that_is_shown_whole_says_nothing_of_a_rest(open_page: OpenPage) -> None:
    open_page()
    brought()
    app = open_page(HISTORY)
    assert "สิ่งที่ครั้งนี้เปลี่ยน (1 แถว)" in [e.label for e in app.expander]
    unfold(app, CHANGES)
    assert "ค่าแรก" not in text_of(app)


def test_the_history_follows_what_happens_elsewhere(open_page: OpenPage) -> None:
    app = open_page(HISTORY)
    assert "มาใหม่.csv" not in text_of(app)
    brought(name="มาใหม่.csv")
    app.run()
    assert "มาใหม่.csv" in text_of(app)


@pytest.mark.parametrize(("linked", "shown"), [("3", 3), ("99", 7), ("x", 7)])
def test_a_link_names_the_import_that_is_shown(
    linked: str, shown: int, open_page: OpenPage
) -> None:
    app = open_page(HISTORY, batch=linked)
    assert app.selectbox(key="batch").value == shown
    assert ("batch" in app.query_params) is (shown == 3)
