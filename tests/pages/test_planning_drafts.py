"""A draft of the plan until it is saved: it stays, is thrown away, is downloaded and taken up again."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ita.i18n import set_language
from ita.web.store_access import get_store
from tests.imports.bringing import MEASURES, delimited, taken
from tests.pages.conftest import MadeFiles, OpenPage
from tests.pages.moves import button, choose, labels, sign, text_of, upload
from tests.pages.plan_moves import (
    NEEDED,
    PLANNING,
    RUNNING,
    SAVE,
    drafted,
    save,
    stored,
    typed,
    write,
)


@pytest.fixture
def page(planning: OpenPage) -> AppTest:
    return planning(agency="SAMPLE")


def test_what_is_typed_stays_through_language_and_pages(page: AppTest) -> None:
    write(page, {0: {"method": "ประชุมทุกเดือน"}}, click=None)
    assert "ร่างอยู่ในหน้าต่างนี้เท่านั้น" in text_of(page)
    page.segmented_control(key="lang").set_value("en").run()
    set_language("en")  # AppTest finds choices by what they are called in this thread
    assert not page.exception
    assert typed(page)[0].method == "ประชุมทุกเดือน"
    page.segmented_control(key="lang").set_value("th").run()
    set_language("th")
    page.switch_page("pages/scores/trend.py").run()
    page.switch_page(PLANNING).run()
    assert typed(page)[0].method == "ประชุมทุกเดือน"
    assert stored() == {}


def test_each_year_and_agency_has_a_draft_of_its_own(page: AppTest) -> None:
    write(page, {0: {"method": "ปีนี้"}}, click=None)
    page.selectbox(key="plan_year").set_value(str(int(RUNNING) + 1)).run()
    assert typed(page, RUNNING + 1)[0].method == ""
    page.selectbox(key="plan_year").set_value(str(int(RUNNING))).run()
    assert typed(page)[0].method == "ปีนี้"


def test_a_draft_changed_after_its_check_is_not_saved_as_it_was(page: AppTest) -> None:
    write(page, NEEDED)
    assert SAVE in labels(page)
    write(page, {0: {"measure": "แก้ทีหลัง"}}, click=None)
    assert SAVE not in labels(page)
    assert "กรุณากดตรวจร่างอีกครั้ง" in text_of(page)


def test_a_draft_can_be_thrown_away(page: AppTest) -> None:
    first = drafted(page)
    write(page, {0: {"measure": "ผิด"}}, click=None)
    button(page, "ลบร่างนี้").click().run()
    assert drafted(page) == first


@pytest.mark.slow
@pytest.mark.parametrize("form", ["XLSX", "CSV"])
def test_a_draft_is_downloaded_and_taken_up_again(
    form: str, planning: OpenPage, made: MadeFiles
) -> None:
    page = planning(agency="SAMPLE")
    write(page, {**NEEDED, 0: {"follow_up": "=1+1", "method": "หนึ่ง\nสอง"}}, click=None)
    ((name, content),) = made(f"plan file {form}").values()
    assert name == f"ita-plan-SAMPLE-{int(RUNNING)}.{form.lower()}"
    before = typed(page)
    button(page, "ลบร่างนี้").click().run()
    page.file_uploader[0].set_value((name, content, "")).run()
    assert not page.exception and not page.error
    assert typed(page) == before
    assert stored() == {}
    write(page)
    save(page)
    assert (stored()["IIT", 1].follow_up, stored()["IIT", 1].method) == ("=1+1", "หนึ่ง\nสอง")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "ไฟล์นี้ไม่มีข้อมูล"),
        (b"%PDF-1.7", "PDF"),
        ("ก,ข\n1,2\n".encode(), "ไม่พบคอลัมน์"),
        (f"{MEASURES}2567,IPST,IIT,1,ของคนอื่น\n".encode(), "ไฟล์นี้ไม่มีข้อมูล"),
    ],
)
def test_a_file_that_is_no_draft_is_told_and_the_draft_stays(
    content: bytes, told: str, page: AppTest
) -> None:
    write(page, {0: {"method": "พิมพ์ไว้"}}, click=None)
    page.file_uploader[0].set_value(("x.csv", content, "text/csv")).run()
    assert not page.exception
    assert told in page.error[0].value
    assert typed(page)[0].method == "พิมพ์ไว้"


@pytest.mark.slow
def test_two_who_plan_the_same_year_do_not_overwrite_each_other(page: AppTest) -> None:
    write(page, NEEDED)
    sign(page, reason="แผน")
    table = [
        ["ปีงบประมาณ", "หน่วยงาน", "แบบวัด", "ลำดับ", "มาตรการ"],
        [str(int(RUNNING)), "SAMPLE", "IIT", "1", "ของคนอื่น"],
    ]
    taken(get_store(), "measures", delimited(table))
    button(page, SAVE).click().run()
    assert "มีผู้บันทึกข้อมูลระหว่างที่ท่านตรวจดู" in text_of(page)
    assert stored()["IIT", 1].text == "ของคนอื่น"
    assert "ของคนอื่น" in text_of(page), "the difference shows what would be written over"


@pytest.mark.slow
def test_a_receipt_of_another_page_neither_shows_here_nor_ends_the_draft(
    planning: OpenPage,
) -> None:
    page = planning(agency="SAMPLE")
    write(page, {0: {"method": "พิมพ์ไว้"}})
    page.switch_page("pages/data/upload.py").run()
    choose(page, 2568, None, "measures")
    upload(page, f"{MEASURES}2568,SAMPLE,IIT,1,จากไฟล์\n")
    sign(page)
    button(page, SAVE).click().run()
    assert "บันทึกแล้ว เป็นการนำเข้า" in text_of(page)
    page.switch_page(PLANNING).run()
    assert "บันทึกแล้ว เป็นการนำเข้า" not in text_of(page)
    assert typed(page)[0].method == "พิมพ์ไว้"
