"""Grids of the page of imports: what is wrong in a file is mended in one, a report is filled in in one."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ita.web.store_access import get_store
from tests.imports.bringing import rows
from tests.pages.conftest import OpenPage
from tests.pages.moves import (
    PROGRESS,
    SAVE,
    UPLOAD,
    WRONG,
    button,
    choose,
    edit,
    sign,
    text_of,
    unfold,
    upload,
)


@pytest.fixture
def page(open_page: OpenPage) -> AppTest:
    app = open_page(UPLOAD, agency="SAMPLE")
    choose(app)
    return app


def test_a_mistake_is_mended_in_the_grid_and_checked_again(page: AppTest) -> None:
    upload(page, WRONG)
    edit(page, {0: {"6. ร้อยละความสำเร็จ": "90"}}, "ตรวจอีกครั้ง")
    assert not page.exception
    told = text_of(page)
    assert "ไม่พบข้อผิดพลาด" in told
    assert "ใหม่ 1" in told and "เปลี่ยน 1" in told
    sign(page)
    button(page, SAVE).click().run()
    stored = rows(get_store(), "completion", "quarter, instrument, seq, percent")
    assert {(4, "OIT", 2, 90), (4, "EIT", 1, 95)} <= set(stored)


@pytest.mark.slow
def test_mending_goes_on_where_it_left(page: AppTest) -> None:
    two = WRONG.replace("EIT,1,95", "EIT,1,มาก")
    upload(page, two)
    edit(page, {0: {"6. ร้อยละความสำเร็จ": "90"}}, "ตรวจอีกครั้ง")
    assert "ต้องแก้ 1 แห่ง" in text_of(page)
    assert "“มาก”" in text_of(page) and "“เก้าสิบ”" not in text_of(page)
    edit(page, {0: {"ลบแถว": True}}, "ตรวจอีกครั้ง")
    assert "ไม่พบข้อผิดพลาด" in text_of(page)


@pytest.mark.slow
def test_the_mending_of_one_file_is_not_that_of_the_next(page: AppTest) -> None:
    upload(page, WRONG.replace("EIT,1,95", "EIT,1,มาก"))
    edit(page, {0: {"6. ร้อยละความสำเร็จ": "90"}}, "ตรวจอีกครั้ง")
    upload(page, WRONG, "other.csv")
    assert "“เก้าสิบ”" in text_of(page)
    edit(page, {0: {"6. ร้อยละความสำเร็จ": "91"}}, "ตรวจอีกครั้ง")
    assert "ไม่พบข้อผิดพลาด" in text_of(page)


def test_a_row_too_long_is_shown_whole_in_the_grid(page: AppTest) -> None:
    upload(page, f"{PROGRESS}2567,4,SAMPLE,OIT,2,90,มี,ตัวคั่น\n")
    assert "ตัวคั่น" in text_of(page)
    frame = page.data_editor[0].value
    assert "ตัวคั่น" in frame.iloc[0].tolist()
    edit(page, {0: {"7. ผลการดำเนินงาน": "มี,ตัวคั่น", "8. ": ""}}, "ตรวจอีกครั้ง")
    assert "ไม่พบข้อผิดพลาด" in text_of(page)


GRID = "กรอกในหน้าเว็บ"


def test_the_grid_is_made_when_it_is_opened_and_outlives_its_folding(page: AppTest) -> None:
    assert len(page.data_editor) == 0
    unfold(page, GRID)
    assert len(page.data_editor) == 1
    unfold(page, GRID, opened=False)
    assert len(page.data_editor) == 1  # what was typed would go with it


@pytest.mark.slow
def test_completion_is_filled_in_on_the_page(page: AppTest) -> None:
    unfold(page, GRID)
    frame = page.data_editor[0].value
    place = frame.index[(frame["แบบวัด"] == "OIT") & (frame["ลำดับ"] == "2")][0]
    assert frame.loc[place, "ร้อยละความสำเร็จ"] == ""
    assert "100" in frame["ร้อยละความสำเร็จ"].tolist()
    cells = {"ร้อยละความสำเร็จ": "88", "ผลการดำเนินงาน": "เกือบเสร็จ"}
    edit(page, {int(place): cells}, "ตรวจข้อมูลที่กรอก")
    told = text_of(page)
    assert "ใหม่ 1" in told and "เหมือนเดิม 7" in told
    assert "มีในระบบแต่ไม่อยู่ในไฟล์" not in told
    sign(page)
    button(page, SAVE).click().run()
    assert "บันทึกแล้ว" in text_of(page)
    stored = rows(get_store(), "completion", "quarter, instrument, seq, percent, note")
    assert (4, "OIT", 2, 88, "เกือบเสร็จ") in stored


@pytest.mark.slow
def test_what_was_filled_in_wrong_is_mended_too(page: AppTest) -> None:
    unfold(page, GRID)
    frame = page.data_editor[0].value
    place = frame.index[(frame["แบบวัด"] == "OIT") & (frame["ลำดับ"] == "2")][0]
    edit(page, {int(place): {"ร้อยละความสำเร็จ": "มาก"}}, "ตรวจข้อมูลที่กรอก")
    assert "“มาก” ไม่ใช่ตัวเลข" in text_of(page)
    column = next(c for c in page.data_editor[1].value.columns if "ร้อยละ" in c)
    edit(page, {0: {column: "88"}}, "ตรวจอีกครั้ง", grid=1)
    assert "ไม่พบข้อผิดพลาด" in text_of(page)
    assert "ใหม่ 1" in text_of(page)


@pytest.mark.slow
def test_scores_are_filled_in_beside_what_is_stored(page: AppTest) -> None:
    choose(page, quarter=None, kind="scores")
    before = {row[:3] for row in rows(get_store(), "score")}
    unfold(page, GRID)
    edit(page, {0: {"ตัวชี้วัด 1": "95"}}, "ตรวจข้อมูลที่กรอก")
    assert not page.exception
    if page.checkbox:
        page.checkbox[0].check()
    sign(page)
    button(page, SAVE).click().run()
    assert "บันทึกแล้ว" in text_of(page)
    stored = {row[:3]: row[3] for row in rows(get_store(), "score")}
    assert stored[("SAMPLE", 2567, "1")] == 95
    assert stored.keys() == before


def test_the_grid_of_one_agency_is_not_that_of_another(page: AppTest) -> None:
    choose(page, quarter=None, kind="scores")
    unfold(page, GRID)
    first = page.data_editor[0].proto.id
    page.selectbox(key="agency").set_value("IPST").run()
    assert len(page.data_editor) == 0
    unfold(page, GRID)
    assert page.data_editor[0].proto.id != first


@pytest.mark.slow
def test_rows_passed_over_are_shown_and_can_be_taken_in(page: AppTest) -> None:
    upload(
        page, f"{PROGRESS}2567,4,SAMPLE,OIT,2,90,ดี\nรวม ๑ มาตรการ,,,,,90,\nผู้จัดทำ นางสมใจ,,,,,,\n"
    )
    told = text_of(page)
    assert "ข้าม 2 แถวนี้" in told and "ผู้จัดทำ นางสมใจ" in told
    button(page, "เป็นข้อมูลจริง นำ 2 แถวนี้เข้าด้วย").click().run()
    assert "ยังบันทึกไม่ได้" in text_of(page)
    button(page, "ข้ามแถวเหล่านั้นตามเดิม").click().run()
    assert "ข้าม 2 แถวนี้" in text_of(page)
    assert "ใหม่ 1" in text_of(page)


def test_a_form_half_filled_can_be_saved(page: AppTest) -> None:
    upload(
        page, f"{PROGRESS}2567,4,SAMPLE,OIT,2,90,ดี\n2567,4,SAMPLE,EIT,1,,\n2567,4,SAMPLE,EIT,2,-,\n"
    )
    assert "2 แถวยังไม่รายงาน" in text_of(page)
    assert "4. สิ่งที่จะเปลี่ยน" in text_of(page)


@pytest.mark.slow
def test_the_chosen_year_counts_for_a_file_without_one(page: AppTest) -> None:
    upload(page, f"{PROGRESS.removeprefix('ปีงบประมาณ,')}4,SAMPLE,OIT,2,91,ดี\n")
    assert "ไม่พบคอลัมน์ ปีงบประมาณ" in text_of(page)
    button(page, "ใช้ปี 2567 กับทุกแถว").click().run()
    told = text_of(page)
    assert "ใช้ปี 2567 กับทุกแถว ตามที่เลือก" in told and "ไม่พบข้อผิดพลาด" in told
    sign(page)
    button(page, SAVE).click().run()
    stored = rows(get_store(), "completion", "fiscal_year, quarter, instrument, seq, percent")
    assert (2567, 4, "OIT", 2, 91) in stored


def test_the_year_can_be_taken_back(page: AppTest) -> None:
    upload(page, f"{PROGRESS.removeprefix('ปีงบประมาณ,')}4,SAMPLE,OIT,2,91,ดี\n")
    button(page, "ใช้ปี 2567 กับทุกแถว").click().run()
    button(page, "ไม่ใช้ปีนี้").click().run()
    assert "ไม่พบคอลัมน์ ปีงบประมาณ" in text_of(page)


@pytest.mark.slow
def test_what_is_typed_has_rows_and_no_lines(page: AppTest) -> None:
    choose(page, quarter=3)
    unfold(page, GRID)
    frame = page.data_editor[0].value
    place = int(frame.index[(frame["แบบวัด"] == "OIT") & (frame["ลำดับ"] == "2")][0])
    edit(page, {place: {"ร้อยละความสำเร็จ": "มาก"}}, "ตรวจข้อมูลที่กรอก")
    told = text_of(page)
    assert "แถวที่" in told and "หัวตารางอยู่บรรทัด" not in told and "UTF-8" not in told
    assert page.data_editor[1].value["แถวที่"].tolist() == [place + 1]


@pytest.mark.slow
def test_a_note_typed_without_its_percent_is_not_lost(page: AppTest) -> None:
    choose(page, quarter=1)
    unfold(page, GRID)
    frame = page.data_editor[0].value
    blank = frame.index[frame["ร้อยละความสำเร็จ"] == ""]
    place = int(blank[0]) if len(blank) else 0
    cells = {"ร้อยละความสำเร็จ": "", "ผลการดำเนินงาน": "ทำแล้ว"}
    edit(page, {place: cells}, "ตรวจข้อมูลที่กรอก")
    assert "ยังไม่ได้กรอก ร้อยละความสำเร็จ" in text_of(page)


def test_the_likeliest_column_is_chosen_already(page: AppTest) -> None:
    text = PROGRESS.replace("ร้อยละความสำเร็จ", "ร้อยละผลสำเร็จ").replace("ผลการดำเนินงาน", "สีปก")
    upload(page, f"{text}2567,4,SAMPLE,OIT,2,92,ฟ้า\n")
    picked = {box.label: box.value for box in page.selectbox if box.label.startswith("คอลัมน์")}
    assert picked == {"คอลัมน์ “ร้อยละผลสำเร็จ” คือ": "percent", "คอลัมน์ “สีปก” คือ": ""}
    assert "ยังบันทึกไม่ได้" in text_of(page)
    next(b for b in page.button if b.label.startswith("ใช้การจับคู่นี้")).click().run()
    assert "ใหม่ 1" in text_of(page)


def test_the_year_of_the_title_is_offered_first(page: AppTest) -> None:
    title = "รายงานผล ประจำปีงบประมาณ พ.ศ. ๒๕๖๖,,,,,\n"
    upload(page, f"{title}{PROGRESS.removeprefix('ปีงบประมาณ,')}4,SAMPLE,OIT,2,91,ดี\n")
    offered = [label for label in (b.label for b in page.button) if "กับทุกแถว" in label]
    assert offered == ["ใช้ปี 2566 กับทุกแถว (ตามหัวเรื่องในไฟล์)", "ใช้ปี 2567 กับทุกแถว"]
