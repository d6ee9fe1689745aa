"""Grids of the page of imports: what is wrong in a file is mended in one, a report is filled in in one."""

from __future__ import annotations

from pathlib import Path

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
    pick_way,
    sign,
    text_of,
    type_percent,
    upload,
)


@pytest.fixture
def page(open_page: OpenPage) -> AppTest:
    app = open_page(UPLOAD, agency="SAMPLE")
    choose(app)
    return app


@pytest.mark.slow
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


CHECK = "ตรวจข้อมูลที่กรอก"


def test_a_quarter_shows_what_is_known_of_each_measure(page: AppTest) -> None:
    fields = [str(f.key) for f in page.text_input if str(f.key).endswith("percent")]
    assert [key.split()[-2] for key in fields] == [
        *("IIT-1", "IIT-2", "IIT-3", "EIT-1", "EIT-2", "EIT-3", "OIT-1", "OIT-2", "OIT-3"),
    ]
    told = text_of(page)
    assert "ไตรมาส 4/2567 · 9 มาตรการ" in told
    assert "ไตรมาส 3: 80 % · แผน 100 %" in told


@pytest.mark.slow
def test_completion_is_filled_in_on_the_page(page: AppTest) -> None:
    type_percent(page, "OIT-2", "88", note="เกือบเสร็จ")
    button(page, CHECK).click().run()
    told = text_of(page)
    assert "ใหม่ 1" in told and "เหมือนเดิม 7" in told and "ผิด 0" in told
    assert "มีในระบบแต่ไม่อยู่ในไฟล์" not in told
    sign(page)
    button(page, SAVE).click().run()
    assert "บันทึกแล้ว" in text_of(page)
    stored = rows(get_store(), "completion", "quarter, instrument, seq, percent, note")
    assert (4, "OIT", 2, 88, "เกือบเสร็จ") in stored


@pytest.mark.slow
def test_a_mistake_stands_at_its_row_and_is_mended_there(page: AppTest) -> None:
    type_percent(page, "OIT-2", "มาก")
    button(page, CHECK).click().run()
    told = text_of(page)
    assert told.count("“มาก” ไม่ใช่ตัวเลข") == 1
    assert "ผิด 1" in told and SAVE not in [b.label for b in page.button]
    # Checked once, each change is checked at once.
    type_percent(page, "OIT-2", "๘๘")
    assert "ไม่พบข้อผิดพลาด" in text_of(page)
    assert "ใหม่ 1" in text_of(page)


@pytest.mark.slow
def test_what_is_typed_outlives_the_way_the_page_and_the_language(page: AppTest) -> None:
    type_percent(page, "OIT-2", "88")
    pick_way(page, "file")
    pick_way(page, "typed")
    page.switch_page("pages/data/history.py").run()
    page.switch_page(UPLOAD).run()
    assert page.segmented_control(key="import quarter").value == 4
    page.segmented_control(key="lang").set_value("en").run()
    field = next(f for f in page.text_input if str(f.key).endswith(" OIT-2 percent"))
    assert field.value == "88"


@pytest.mark.slow
def test_scores_are_filled_in_beside_what_is_stored(page: AppTest) -> None:
    choose(page, quarter=None, kind="scores")
    before = {row[:3] for row in rows(get_store(), "score")}
    pick_way(page, "typed")
    edit(page, {0: {"ตัวชี้วัด 1": "95"}}, CHECK)
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
    pick_way(page, "typed")
    first = page.data_editor[0].proto.id
    page.selectbox(key="agency").set_value("IPST").run()
    assert page.data_editor[0].proto.id != first


@pytest.mark.slow
def test_a_measure_is_typed_on_the_page(page: AppTest) -> None:
    choose(page, year=2570, quarter=None, kind="measures")
    pick_way(page, "typed")
    assert "ปีงบประมาณ" not in page.data_editor[0].value.columns
    cells = {"มาตรการ": "ตรวจพัสดุทุกเดือน", "ไตรมาสเริ่ม": "1", "ไตรมาสสิ้นสุด": "4"}
    gone = dict.fromkeys(("แบบวัด", "ลำดับ"), "")
    edit(page, {0: cells, 1: gone, 2: gone}, CHECK)
    assert "ใหม่ 1" in text_of(page)
    sign(page)
    button(page, SAVE).click().run()
    stored = rows(get_store(), "measure", "fiscal_year, instrument, seq, measure")
    assert (2570, "IIT", 1, "ตรวจพัสดุทุกเดือน") in stored


def test_an_agency_needs_only_its_name(empty_store: Path, open_page: OpenPage) -> None:
    app = open_page(UPLOAD)
    next(f for f in app.text_input if str(f.key).endswith(" name_th")).set_value(
        "เทศบาลตำบลลำน้ำใส"
    ).run()
    assert "ใหม่ 1" in text_of(app)
    app.text_input(key="person").set_value("สมศรี")
    button(app, SAVE).click().run()
    assert "บันทึกแล้ว" in text_of(app)
    assert rows(get_store(), "agency", "agency_id, name_th") == [("A001", "เทศบาลตำบลลำน้ำใส")]


def test_an_agency_without_measures_is_told_what_comes_first(page: AppTest) -> None:
    choose(page, year=2564)
    assert "ปี 2564 ยังไม่มีมาตรการ" in text_of(page)
    assert "นำเข้ามาตรการ →" in [link.label for link in page.page_link]


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
    assert "สิ่งที่จะเปลี่ยน" in text_of(page)


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
    choose(page, quarter=None, kind="annotations")
    edit(page, {1: {"วันที่": "30 ก.พ. 2567"}}, CHECK)
    told = text_of(page)
    assert "แถวที่" in told and "หัวตารางอยู่บรรทัด" not in told and "UTF-8" not in told
    drawn = next(e.proto.body for e in page.get("html") if "<details>" in e.proto.body)
    assert '<td data-label="แถวที่" class="figure">2</td>' in drawn or ">2<" in drawn


@pytest.mark.slow
def test_a_note_typed_without_its_percent_is_not_lost(page: AppTest) -> None:
    type_percent(page, "OIT-2", "", note="ทำแล้ว")
    button(page, CHECK).click().run()
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


@pytest.mark.slow
def test_a_new_agency_never_takes_a_code_that_is_taken(open_page: OpenPage) -> None:
    app = open_page(UPLOAD, kind="agencies")
    fields = {str(f.key).split()[-1]: f for f in app.text_input}
    fields["name_th"].set_value("อบต.ใหม่")
    fields["agency_id"].set_value(" sample ").run()
    assert "รหัส “sample” เป็นของหน่วยงานอื่นแล้ว" in text_of(app)
    assert SAVE not in [b.label for b in app.button]
    fields = {str(f.key).split()[-1]: f for f in app.text_input}
    fields["agency_id"].set_value("ใหม่-1").run()
    sign(app)
    button(app, SAVE).click().run()
    assert ("ใหม่-1", "อบต.ใหม่") in rows(get_store(), "agency", "agency_id, name_th")


@pytest.mark.parametrize("kind", ["scores", "measures", "annotations"])
def test_a_grid_has_an_example_that_is_not_stored(kind: str, open_page: OpenPage) -> None:
    app = open_page(UPLOAD, agency="SAMPLE", kind=kind, way="typed")
    assert "ตัวอย่างการกรอก ไม่ถูกบันทึก" in text_of(app)
    example = {"scores": "86.50", "measures": "2 รุ่น", "annotations": "ยื่นคำร้อง"}[kind]
    assert example in text_of(app)
    assert not app.data_editor[0].value.map(lambda cell: example in str(cell)).any(axis=None)
