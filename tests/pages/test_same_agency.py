"""On the page of imports: unknown names and spoilt ids are answered with one click each."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ita.imports.validation.agencies import MAX_COMPARED
from ita.store import open_store
from ita.ui.upload.agency_matching import SHOWN_TEXTS
from ita.web.store_access import get_store
from tests.imports.bringing import rows, taken
from tests.imports.test_agency_names import workbook
from tests.pages.conftest import OpenPage
from tests.pages.moves import SAVE, UPLOAD, button, choose, labels, sign, text_of, upload

LIST = (
    "รหัสหน่วยงาน,ชื่อหน่วยงาน,ประเภท,จังหวัด\n"
    "0611,เทศบาลตำบลริมคลอง,เทศบาลตำบล,ชัยนาท\n"
    "0612,องค์การบริหารส่วนตำบลไร่ใหญ่,องค์การบริหารส่วนตำบล,ชัยนาท\n"
    "0613,องค์การบริหารส่วนตำบลไร่ใหญ่,องค์การบริหารส่วนตำบล,เลย\n"
)
SCORES = "ปีงบประมาณ,หน่วยงาน,คะแนนรวม\n"


@pytest.fixture
def page(database: Path, open_page: OpenPage) -> AppTest:
    app = open_page(UPLOAD, agency="SAMPLE")
    taken(get_store(), "agencies", LIST)
    return app


def told_by(app: AppTest) -> str:
    return " ".join(text_of(app).split())


def click(app: AppTest, start: str) -> None:
    found = next(b for b in app.button if b.label.replace("\\", "").startswith(start))
    found.click().run()
    assert not app.exception


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_spoilt_ids_take_the_stored_ones_with_one_click(page: AppTest, form: str) -> None:
    choose(page, quarter=None, kind="agencies")
    back = LIST.replace("061", "61").replace("ริมคลอง", "ริมคลอง").replace("เลย", "จ.เลย")
    upload(page, back if form == "csv" else workbook(back), f"back.{form}")
    assert "ต้องแก้ 3 แห่ง" in text_of(page)
    assert "“611 · เทศบาลตำบลริมคลอง · ชัยนาท”" in text_of(page)
    assert "หมายถึง 0613 องค์การบริหารส่วนตำบลไร่ใหญ่ (เลย)" in [
        label.replace("\\", "") for label in labels(page)
    ]
    click(page, "ใช้รหัสที่มีในระบบกับทั้ง 3 แถว")
    assert "เหมือนเดิม 3" in text_of(page)
    assert "“611 · เทศบาลตำบลริมคลอง · ชัยนาท” → 0611" in text_of(page)
    click(page, "ยกเลิกที่เลือกไว้")
    assert "ต้องแก้ 3 แห่ง" in text_of(page)
    assert len(rows(get_store(), "agency")) == 6


@pytest.mark.slow
def test_an_id_may_be_right_as_it_stands(page: AppTest) -> None:
    choose(page, quarter=None, kind="agencies")
    upload(page, "รหัสหน่วยงาน,ชื่อหน่วยงาน,จังหวัด\nCN7,เทศบาลตำบลริมคลอง,ชัยนาท\n")
    assert "ชื่อและจังหวัดตรงกับหน่วยงานที่มีอยู่แล้ว" in text_of(page)
    click(page, "เป็นหน่วยงานใหม่ ใช้รหัส CN7")
    sign(page)
    button(page, SAVE).click().run()
    assert ("CN7",) in rows(get_store(), "agency", "agency_id")


def test_an_id_that_lost_its_digits_is_no_new_agency(page: AppTest) -> None:
    choose(page, quarter=None, kind="agencies")
    upload(page, "รหัสหน่วยงาน,ชื่อหน่วยงาน\n1.10101E+12,หน่วยงานใหม่\n")
    assert "Excel ย่อไว้" in text_of(page)
    assert not [label for label in labels(page) if label.startswith("เป็นหน่วยงานใหม่")]


def test_short_names_are_taken_and_shown(page: AppTest) -> None:
    choose(page, quarter=None, kind="scores")
    upload(page, f"{SCORES}2567,ทต.ริมคลอง,90\n2567,อบต.ไร่ใหญ่ จ.เลย,88\n")
    told = text_of(page)
    assert "ชื่อในไฟล์ที่ตรงกับหน่วยงานเดียว (2)" in told
    assert "“ทต.ริมคลอง” → 0611 เทศบาลตำบลริมคลอง" in told
    assert "“อบต.ไร่ใหญ่ จ.เลย” → 0613" in told
    sign(page)
    page.checkbox[0].check()
    button(page, SAVE).click().run()
    stored = rows(get_store(), "annual_result", "agency_id")
    assert {("0611",), ("0613",)} <= set(stored)


@pytest.mark.slow
def test_an_unknown_name_is_said_once_for_all_its_rows(page: AppTest) -> None:
    choose(page, quarter=None, kind="scores")
    upload(page, f"{SCORES}2566,ทต.ริมคลองง,90\n2567,ทต.ริมคลองง,91\n2567,อบต.ไร่ใหญ่,88\n")
    told = told_by(page)
    assert "“ทต.ริมคลองง” · 2 แถว" in told
    assert "“อบต.ไร่ใหญ่” · 1 แถว" in told
    click(page, "หมายถึง 0611")
    assert "“ทต.ริมคลองง” → 0611 เทศบาลตำบลริมคลอง" in text_of(page)
    click(page, "หมายถึง 0612")
    assert "ต้องแก้" not in text_of(page)
    assert "ไฟล์นี้มีข้อมูลของ 2 หน่วยงาน" in text_of(page)


@pytest.mark.slow
def test_another_agency_than_the_nearest_may_be_meant(page: AppTest) -> None:
    choose(page, quarter=None, kind="scores")
    upload(page, f"{SCORES}2566,หน่วยงานที่ไม่มีใครรู้จัก,90\n")
    page.selectbox(key="other หน่วยงานที่ไม่มีใครรู้จัก").set_value("YALA").run()
    assert "“หน่วยงานที่ไม่มีใครรู้จัก” → YALA" in text_of(page)
    assert "ต้องแก้" not in text_of(page)
    click(page, "ยกเลิกที่เลือกไว้")
    assert "ต้องแก้ 1 แห่ง" in text_of(page)


@pytest.mark.slow
def test_a_great_many_unknown_names_come_by_and_by(page: AppTest) -> None:
    choose(page, quarter=None, kind="scores")
    many = "".join(f"2566,ทต.ริมคลอง <b>{n}*,90\n" for n in range(MAX_COMPARED + 9))
    upload(page, SCORES + many)
    assert not page.exception
    assert f"และอีก {MAX_COMPARED + 9 - SHOWN_TEXTS} ข้อความ" in text_of(page)
    bodies = "".join(element.proto.body for element in page.get("html"))
    assert "ริมคลอง <b>" not in bodies


@pytest.mark.slow
def test_answers_are_of_the_visit_and_of_the_kind(page: AppTest, open_page: OpenPage) -> None:
    choose(page, quarter=None, kind="scores")
    upload(page, f"{SCORES}2566,ทต.ริมคลองง,90\n")
    click(page, "หมายถึง 0611")
    other = open_page(UPLOAD, agency="SAMPLE")
    choose(other, quarter=None, kind="scores")
    upload(other, f"{SCORES}2566,ทต.ริมคลองง,90\n")
    assert "ต้องแก้ 1 แห่ง" in text_of(other)


def test_a_nation_of_agencies_sends_no_list(database: Path, open_page: OpenPage) -> None:
    with open_store(database) as store:
        taken(
            store,
            "agencies",
            "agency_id,name_th\n" + "".join(f"N{n},เทศบาลตำบลที่ {n}\n" for n in range(250)),
        )
    app = open_page(UPLOAD, agency="N1")
    choose(app, quarter=None, kind="scores")
    upload(app, f"{SCORES}2566,เทศบาลตำบลที่เก้า,90\n2566,ทต.ที่ 7,90\n2566,N1,80\n")
    assert not [box for box in app.selectbox if str(box.key).startswith("other")]
    assert "“ทต.ที่ 7” → N7" in text_of(app)
