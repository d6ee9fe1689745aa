"""How an uploaded file is read: said to the person, and picked by the person where it is in doubt."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from ita.i18n import set_language
from ita.web.store_access import get_store
from tests.imports.bringing import PROGRESS, rows
from tests.imports.test_worksheets import Made, workbook
from tests.pages.conftest import OpenPage
from tests.pages.moves import (
    RIGHT,
    SAVE,
    UPLOAD,
    button,
    choose,
    edit,
    labels,
    sign,
    text_of,
    upload,
    version,
)


@pytest.fixture
def page(open_page: OpenPage) -> AppTest:
    app = open_page(UPLOAD, agency="SAMPLE")
    choose(app)
    return app


CAFE = "fiscal_year,agency,total,source\n2567,SAMPLE,90,Café\n"
"""Valid as UTF-8 and as windows-874, and nothing but the source says which."""
BILINGUAL = (
    "ปีงบประมาณ,ไตรมาส,หน่วยงาน,แบบวัด,ลำดับ,ร้อยละความสำเร็จ\n"
    "fiscal_year,quarter,agency,instrument,seq,percent\n"
    "2567,4,SAMPLE,OIT,2,90\n"
)


def test_how_a_file_was_read_is_said(page: AppTest) -> None:
    upload(page, f"แบบรายงาน\n{RIGHT}".replace(",", ";").encode("cp874"))
    told = "อ่านเป็น windows-874 · คั่นด้วยอัฒภาค ( ; ) · หัวตารางอยู่บรรทัดที่ 2"
    assert told in text_of(page)
    assert "เลือกวิธีอ่านใหม่" not in labels(page)


@pytest.mark.slow
def test_an_encoding_in_doubt_is_picked_by_the_person(page: AppTest) -> None:
    choose(page, quarter=None, kind="scores")
    before = version()
    upload(page, CAFE)
    told = text_of(page)
    assert "ไฟล์นี้อ่านได้มากกว่าหนึ่งแบบ" in told
    assert "Café" in told and "Cafรฉ" in told
    assert "3. ผลการตรวจ" not in told and SAVE not in labels(page)
    button(page, "ใช้แบบที่ 2").click().run()
    told = text_of(page)
    assert "อ่านเป็น UTF-8" in told
    assert "Cafรฉ" not in told
    if page.checkbox:
        page.checkbox[0].check()
    sign(page)
    button(page, SAVE).click().run()
    stored = rows(get_store(), "annual_result", "agency_id, fiscal_year, source")
    assert ("SAMPLE", 2567, "Café") in stored
    assert version() == before + 1


def test_the_letters_in_question_stand_in_front(page: AppTest) -> None:
    choose(page, quarter=None, kind="scores")
    upload(page, CAFE)
    drawn = [e.proto.body for e in page.get("html") if "แบบที่ " in e.proto.body]
    for body in drawn:
        heads = re.findall(r"<th[^>]*>([^<]*)</th>", body)
        assert heads == ["บรรทัด", "source", "fiscal_year", "agency", "total"]
    assert len(drawn) == 2


@pytest.mark.slow
def test_a_pick_is_taken_back_and_is_not_that_of_the_next_file(page: AppTest) -> None:
    choose(page, quarter=None, kind="scores")
    upload(page, CAFE)
    button(page, "ใช้แบบที่ 1").click().run()
    assert "อ่านเป็น windows-874" in text_of(page)
    button(page, "เลือกวิธีอ่านใหม่").click().run()
    assert "ไฟล์นี้อ่านได้มากกว่าหนึ่งแบบ" in text_of(page)
    button(page, "ใช้แบบที่ 2").click().run()
    upload(page, CAFE.replace("90", "91"), "next.csv")
    assert "ไฟล์นี้อ่านได้มากกว่าหนึ่งแบบ" in text_of(page)


@pytest.mark.slow
def test_a_header_in_doubt_is_picked_and_mended_on(page: AppTest) -> None:
    upload(page, BILINGUAL)
    assert "มีหลายแถวที่ดูเหมือนเป็นหัวตาราง" in text_of(page)
    assert "3. ผลการตรวจ" not in text_of(page)
    button(page, "ใช้แบบที่ 1").click().run()
    assert "“fiscal_year”" in text_of(page)  # the English header is now a row of data
    edit(page, {0: {"ลบแถว": True}}, "ตรวจอีกครั้ง")
    assert "ไม่พบข้อผิดพลาด" in text_of(page)


def test_the_second_of_two_headers_is_picked(page: AppTest) -> None:
    upload(page, BILINGUAL)
    button(page, "ใช้แบบที่ 2").click().run()
    told = text_of(page)
    assert "หัวตารางอยู่บรรทัดที่ 2" in told
    assert "ไม่พบข้อผิดพลาด" in told and "ใหม่ 1" in told


def test_what_was_mended_is_not_asked_about_again(page: AppTest) -> None:
    """Mended rows are written with commas, whatever else stands in their cells."""
    content = "ก;ข,ค\n1;2,3\n4;5,6\n7;8,9\n"
    upload(page, content)
    button(page, "ใช้แบบที่ 2").click().run()
    assert "คั่นด้วยอัฒภาค" in text_of(page)
    assert "อ่านได้มากกว่าหนึ่งแบบ" not in text_of(page)
    upload(page, BILINGUAL.replace("90", "เก้าสิบ"))
    button(page, "ใช้แบบที่ 1").click().run()
    column = next(c for c in page.data_editor[0].value.columns if "ร้อยละ" in c)
    edit(page, {1: {column: "90"}}, "ตรวจอีกครั้ง")
    assert "ดูเหมือนเป็นหัวตาราง" not in text_of(page)
    assert "“fiscal_year”" in text_of(page)


@pytest.mark.parametrize("lang", ["th", "en"])
def test_nothing_of_a_file_is_markup_where_it_is_picked(lang: str, open_page: OpenPage) -> None:
    app = open_page(UPLOAD, agency="SAMPLE", lang=lang)
    set_language(lang)
    choose(app, quarter=None, kind="scores")
    upload(app, CAFE.replace("Café", "<b>Café</b> **x**"))
    drawn = "".join(element.proto.body for element in app.get("html"))
    assert "&lt;b&gt;Café&lt;/b&gt; **x**" in drawn
    assert not app.exception


def workbook_of_quarters() -> bytes:
    header = PROGRESS.strip().split(",")
    return workbook(
        Made("ไตรมาส 1", [header, [2567, 1, "SAMPLE", "IIT", 1, 33]]),
        Made("ไตรมาส 2", [header, [2567, 2, "SAMPLE", "IIT", 1, "ครึ่ง"]], hidden_lines=[2]),
        Made("ปก", [["รายงาน"]]),
        Made("เดิม", [header], state="hidden"),
    )


def test_sheets_are_told_and_chosen(page: AppTest) -> None:
    choose(page, quarter=None)
    upload(page, workbook_of_quarters(), "quarters.xlsx")
    told = text_of(page)
    assert "อ่านเป็น Excel · แผ่นงาน “ไตรมาส 1”, “ไตรมาส 2”" in told
    assert "ไม่ได้อ่านแผ่นงาน “ปก” · แผ่นงานที่ซ่อนอยู่ “เดิม”" in told
    assert "ไตรมาส 2: 2" in told
    assert "คั่นด้วย" not in told
    page.multiselect[0].set_value(["ไตรมาส 1"]).run()
    button(page, "อ่านแผ่นงานที่เลือก").click().run()
    told = text_of(page)
    assert "แผ่นงาน “ไตรมาส 1” · หัวตารางอยู่บรรทัดที่ 1" in told
    assert "ครึ่ง" not in told


@pytest.mark.slow
def test_hidden_rows_are_left_out_with_one_click_and_taken_back(page: AppTest) -> None:
    choose(page, quarter=None)
    upload(page, workbook_of_quarters(), "quarters.xlsx")
    assert "“ครึ่ง” ไม่ใช่ตัวเลข" in text_of(page)
    button(page, "ข้ามแถวที่ซ่อน 1 แถว").click().run()
    assert "“ครึ่ง” ไม่ใช่ตัวเลข" not in text_of(page)
    button(page, "อ่านแถวที่ซ่อน 1 แถวด้วย").click().run()
    assert "“ครึ่ง” ไม่ใช่ตัวเลข" in text_of(page)


@pytest.mark.slow
def test_a_cell_of_one_of_several_sheets_is_mended_on_the_page(page: AppTest) -> None:
    choose(page, quarter=None)
    upload(page, workbook_of_quarters(), "quarters.xlsx")
    column = next(c for c in page.data_editor[0].value.columns if "ร้อยละ" in c)
    edit(page, {0: {column: "50"}}, "ตรวจอีกครั้ง")
    told = text_of(page)
    assert "ไม่พบข้อผิดพลาด" in told
    assert "แก้ในหน้าเว็บแล้ว" in told
    assert "ที่อ่านเป็น Excel · แผ่นงาน “ไตรมาส 1”, “ไตรมาส 2”" in told


def test_a_file_of_another_kind_is_answered_in_thai(page: AppTest) -> None:
    upload(page, b"%PDF-1.7", "รายงาน.pdf")
    assert "ไฟล์นี้เป็น PDF ไม่ใช่ตาราง" in text_of(page)
