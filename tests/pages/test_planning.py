"""วางแผนปีถัดไป as people use it: look, draft, check, save, undo, print, and go on another day."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from streamlit.testing.v1 import AppTest

from ita.auth.permissions import Role, User
from ita.i18n import set_language
from ita.planning.plan_document import DRAFT_MARK
from ita.store.batches import list_batches
from ita.web import current_user
from ita.web.store_access import get_store
from tests.imports.bringing import AGENCIES, SCORES, everything, taken, undo
from tests.imports.nasty import NASTY
from tests.pages.conftest import MadeFiles, OpenPage
from tests.pages.moves import HISTORY, button, labels, text_of
from tests.pages.plan_moves import (
    ADD,
    CHECK,
    NEEDED,
    RUNNING,
    SAVE,
    drafted,
    save,
    session,
    stored,
    typed,
    write,
)


@pytest.fixture
def page(planning: OpenPage) -> AppTest:
    return planning(agency="SAMPLE")


def test_the_running_year_is_planned_from_the_last_scores(page: AppTest) -> None:
    assert page.selectbox(key="plan_year").value == str(int(RUNNING))
    assert page.selectbox(key="basis").value == "2567"
    told = text_of(page)
    assert "ต่ำกว่าเกณฑ์ผ่าน 2 ตัว คะแนนลดลง 0 ตัว ควรมีมาตรการเพิ่ม 2 เรื่อง" in told
    assert told.index("7 ประสิทธิภาพการสื่อสาร") < told.index("4 การใช้ทรัพย์สินของราชการ")
    assert "82.31" in told and "2.69 ถึง 85" in told and "ข้อมูลสมมติ" in told
    assert "มาตรการเดิมที่มุ่งแก้" in told
    assert "แหล่งข้อมูลบอกวันปิดการประเมินปี 2567 ไม่ตรงกัน" in told


def test_the_draft_is_last_years_work_and_a_row_for_each_need(page: AppTest) -> None:
    assert [row[:2] for row in drafted(page)] == [
        *(("IIT", n) for n in "1234"),
        *(("EIT", n) for n in "1234"),
        *(("OIT", n) for n in "123"),
    ]
    rows = typed(page)
    blank = [row for row in rows if not row.measure]
    assert [row.indicator for row in blank] == ["4", "7"]
    assert blank[0].cause == (
        "ตัวชี้วัดที่ 4 การใช้ทรัพย์สินของราชการ ได้ 83.05 คะแนนในปี 2567 ต่ำกว่าเกณฑ์ผ่าน 85"
    )
    assert [row.origin for row in rows[1:3]] == ["ปี 2567 IIT 2", "ปี 2567 IIT 3 · ยังไม่เสร็จ"]
    assert stored() == {}


@pytest.mark.slow
def test_rows_that_were_not_filled_in_are_told_at_their_lines(page: AppTest) -> None:
    before = everything(get_store())
    write(page)
    told = text_of(page)
    assert "ยังบันทึกไม่ได้: ต้องแก้ 2 แห่ง" in told
    assert "ยังไม่ได้กรอก มาตรการ" in told
    drawn = next(e.proto.body for e in page.get("html") if ">แถวที่<" in e.proto.body)
    numbered = re.findall(r'<td data-label="แถวที่"[^>]*>(\d+)</td>', drawn)
    assert numbered == ["4", "8"]  # as the rows are numbered
    assert "IIT 4 แถวที่ 4 · ยังไม่มีมาตรการ" in " ".join(told.split())
    assert SAVE not in labels(page)
    assert everything(get_store()) == before


@pytest.mark.slow
def test_a_plan_is_looked_at_saved_and_taken_back(page: AppTest, open_page: OpenPage) -> None:
    write(page, NEEDED)
    told = text_of(page)
    assert "ไม่พบข้อผิดพลาด" in told and "ใหม่ 11" in told
    save(page)
    found = stored()
    assert len(found) == 11
    assert found["IIT", 4].text == "จัดทำทะเบียนคุมทรัพย์สิน"
    assert found["IIT", 4].indicators == ("4",)
    assert "ต่ำกว่าเกณฑ์ผ่าน 85" in (found["EIT", 4].cause or "")
    assert found["IIT", 1].divisions == ("สำนักปลัด", "กองคลัง", "กองช่าง", "กองการศึกษาฯ")
    with get_store().reading() as cursor:
        last = list_batches(cursor)[0]
    assert (last.kind, last.file_name) == ("measures", "ร่างจากแผน 2567.csv")
    assert (last.person, last.reason) == ("สมศรี", "แผนประจำปี")
    history = open_page(HISTORY)
    assert "ร่างจากแผน 2567.csv" in text_of(history)
    undo(get_store(), last.batch_id, "สมศรี", "ผิดปี")
    assert stored() == {}


@pytest.mark.slow
def test_after_a_save_the_draft_is_what_is_stored_and_can_be_gone_on_with(page: AppTest) -> None:
    write(page, NEEDED)
    save(page)
    assert "เอกสารแผนที่บันทึกแล้ว" in text_of(page)
    assert "เอกสารแผนตามร่างในหน้านี้" not in text_of(page)
    button(page, "ปิดข้อความนี้").click().run()
    assert "บันทึกแล้ว เป็นการนำเข้า" not in text_of(page)
    assert {row.origin for row in typed(page)} == {"บันทึกไว้แล้ว"}
    write(page, {0: {"target": "ครบทุกกอง"}}, [{"instrument": "IIT", "measure": "เพิ่มอีกข้อ"}], [1])
    told = text_of(page)
    assert "ใหม่ 1" in told and "เปลี่ยน 1" in told
    assert "มีในระบบแต่ไม่อยู่ในไฟล์ 1 (คงไว้)" in told
    assert "แถวที่ลบออกจากร่างยังคงอยู่ในระบบ" in told
    save(page)
    found = stored()
    assert len(found) == 12, "what was left out of the draft is still there"
    assert found["IIT", 1].target == "ครบทุกกอง"
    assert found["IIT", 5].text == "เพิ่มอีกข้อ", "a new row never takes a stored number"


@pytest.mark.slow
def test_rows_are_moved_by_their_numbers_and_numbered_without_holes(page: AppTest) -> None:
    write(
        page,
        {**NEEDED, 2: {"seq": "๐"}},
        [{"instrument": "OIT", "seq": "1.5", "measure": "แทรก"}],
        [0],
    )
    assert [row[:2] for row in drafted(page)][:3] == [("IIT", "1"), ("IIT", "2"), ("IIT", "3")]
    assert drafted(page)[0][2].startswith("การกำกับดูแล")
    assert [row[2] for row in drafted(page)].index("แทรก") == 8
    assert "ไม่พบข้อผิดพลาด" in text_of(page)


@pytest.mark.slow
def test_a_row_opens_where_it_stands_and_keeps_what_is_typed(page: AppTest) -> None:
    assert labels(page).count("กรอก") == 2 and labels(page).count("แก้ไข") == 9
    assert not page.text_area
    button(page, "กรอก").click().run()
    assert session(page).open_row == 3
    area = next(area for area in page.text_area if area.key.endswith(" measure"))
    area.set_value("จัดทำทะเบียนคุมทรัพย์สิน")
    button(page, "ปิด").click().run()  # typing ends with the click that closes the row
    assert not page.text_area
    assert drafted(page)[3] == ("IIT", "4", "จัดทำทะเบียนคุมทรัพย์สิน")
    assert "IIT 4 จัดทำทะเบียนคุมทรัพย์สิน แถวที่ 4" in " ".join(text_of(page).split())


@pytest.mark.slow
def test_a_division_of_ones_own_and_a_removed_row(page: AppTest) -> None:
    write(
        page, {0: {"divisions": ["กองคลัง", "ศูนย์ดำรงธรรม"], "start_quarter": "2"}}, None, [1], None
    )
    rows = typed(page)
    assert len(rows) == 10
    assert (rows[0].divisions, rows[0].start_quarter) == ("กองคลัง\nศูนย์ดำรงธรรม", "2")
    assert rows[1].origin.startswith("ปี 2567 IIT 3")


@pytest.mark.slow
def test_nasty_texts_go_in_and_come_out_as_they_are(page: AppTest) -> None:
    texts = [text for text in NASTY if text.strip() and not text.startswith("'")]
    added = [
        {
            "instrument": "OIT",
            "measure": text,
            "cause": text,
            "divisions": ["กองคลัง"],
            "target": text,
        }
        for text in texts
    ]
    write(page, NEEDED, added)
    assert "<script>" not in "".join(
        e.proto.body for e in page.get("html") if "<table" in e.proto.body
    )
    assert "ไม่พบข้อผิดพลาด" in text_of(page)
    save(page)
    kept = [measure.text for key, measure in sorted(stored().items()) if key[0] == "OIT"]
    assert kept[3:] == [text.strip() for text in texts]


@pytest.mark.slow
def test_faults_of_the_rows_are_checked_as_a_file_is(page: AppTest) -> None:
    write(page, {**NEEDED, 0: {"start_quarter": "4", "end_quarter": "1"}, 4: {"instrument": ""}})
    told = text_of(page)
    assert "ไตรมาสสิ้นสุดมาก่อนไตรมาสเริ่ม" in told
    assert "ยังไม่ได้กรอก แบบวัด" in told
    assert SAVE not in labels(page)


@pytest.mark.slow
def test_the_document_is_given_in_every_format(planning: OpenPage, made: MadeFiles) -> None:
    planning(agency="SAMPLE", lang="en")
    set_language("en")
    forms = ("html", "csv", "xlsx", "docx", "pdf")
    keys = [f"plan document True {form.upper()}" for form in forms]
    files = made(*keys)
    assert [files[key][0] for key in keys] == [
        f"ita-plan-SAMPLE-{int(RUNNING)}-draft.{form}" for form in forms
    ]
    html, _, xlsx, docx, pdf = (files[key][1] for key in keys)
    assert DRAFT_MARK in html.decode() and "ต้องแก้ไขโดยเร่งด่วน" in html.decode()
    assert pdf.startswith(b"%PDF")
    assert openpyxl.load_workbook(io.BytesIO(xlsx)).worksheets[0].max_row == 12
    assert Document(io.BytesIO(docx)).paragraphs[0].text.startswith("มาตรการส่งเสริมคุณธรรม")


def _filled(store_path: Path, *files: tuple[str, str]) -> None:
    taken(get_store(), "agencies", AGENCIES)
    for kind, content in files:
        taken(get_store(), kind, content)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([], "ยังไม่มีคะแนนของปีใดก่อน"),
        ([("scores", f"{SCORES}2568,A,91.15\n")], "ปี 2568 มีเฉพาะคะแนนรวม (91.15)"),
        ([("scores", f"{SCORES}2561,A,91.15\n")], "มาจากรูปแบบการประเมินเดิม"),
        (
            [("scores", "fiscal_year,agency,iit,eit,oit\n2568,A,96,97,98\n")],
            "ทุกตัวชี้วัดอยู่ในระดับสูงสุดแล้ว",
        ),
        ([("scores", "fiscal_year,agency,iit,eit,oit\n2568,A,80,97,98\n")], "IIT แบบวัดการรับรู้"),
    ],
)
@pytest.mark.parametrize("lang", ["th", "en"])
def test_what_can_not_be_analysed_is_said_and_a_draft_can_be_begun(
    files: list[tuple[str, str]], told: str, lang: str, empty_store: Path, planning: OpenPage
) -> None:
    _filled(empty_store, *files)
    page = planning(agency="A", lang=lang)
    assert not page.exception and not page.error
    if lang == "th":
        assert told in text_of(page)
        write(
            page, None, [{"instrument": "IIT", "measure": "ข้อแรก"}], list(range(len(drafted(page))))
        )
        save(page)
        assert [m.text for m in stored("A").values()] == ["ข้อแรก"]


def test_a_viewer_sees_the_analysis_and_no_draft(
    open_page: OpenPage, planning: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page()  # loads the samples
    monkeypatch.setattr(
        current_user, "user_of", lambda asking: User("ผู้ชม", Role.VIEWER, account="v")
    )
    page = planning(agency="SAMPLE")
    told = text_of(page)
    assert "ต่ำกว่าเกณฑ์ผ่าน 2 ตัว" in told
    assert not {CHECK, ADD, "กรอก", "แก้ไข"} & set(labels(page))
    assert "นำเข้าหรือแก้ไขข้อมูลไม่ได้" in told


def test_the_page_of_measures_leads_here(open_page: OpenPage) -> None:
    page = open_page("pages/measures/progress.py", agency="SAMPLE")
    links = [e.proto.label for e in page.get("page_link")]
    assert "วางแผนปีถัดไป" in links


@pytest.mark.slow
def test_what_the_plan_has_for_a_need_is_told_once_it_is_stored(page: AppTest) -> None:
    write(page, NEEDED)
    save(page)
    told = text_of(page)
    assert "แผนมีมาตรการครบทุกเรื่อง" in told
    assert "ในแผนมี EIT 4" in told and "ในแผนมี IIT 4" in told
