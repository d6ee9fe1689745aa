"""วางแผนปีถัดไป as people use it: look, draft, check, save, undo, print, and go on another day."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from streamlit.testing.v1 import AppTest

from ita.access.people import Person, Role
from ita.measures.plan_drafts import PlanDraft
from ita.measures.queries import measures
from ita.measures.rules import Measure
from ita.report.planning.document import DRAFT_MARK
from ita.store.batches import batches
from ita.ui import sign_in
from ita.ui.opening import the_store
from ita.vocabulary import FiscalYear, thai_today
from ita.wording import speak
from tests.importing.bringing import AGENCIES, MEASURES, SCORES, delimited, everything, taken, undo
from tests.importing.nasty import NASTY
from tests.pages.conftest import MadeFiles, OpenPage
from tests.pages.moves import HISTORY, button, choose, labels, sign, text_of, upload

PLANNING = "pages/measures/planning.py"
CHECK, SAVE = "ตรวจร่าง", "บันทึก"
RUNNING = FiscalYear.containing(thai_today())
NEEDED = {3: {"measure": "จัดทำทะเบียนคุมทรัพย์สิน"}, 7: {"measure": "เปิดช่องทางสอบถามออนไลน์"}}
"""The rows that the sample's two weak indicators ask for, filled in."""


def keep_grids(app: AppTest) -> AppTest:
    """Send what was written in a grid with every later run, as a browser does and AppTest doesn't."""
    run, kept = app._run, app.__dict__.setdefault("kept grids", {})

    def with_grids(states: Any = None, **how: Any) -> AppTest:
        states = states if states is not None else app._tree.get_widget_states()
        for grid in app.data_editor:
            if grid.proto.id in kept:
                state = states.widgets.add()
                state.id, state.string_value = grid.proto.id, kept[grid.proto.id]
        return run(states, **how)

    app._run = with_grids  # type: ignore[method-assign, assignment]
    return app


def write(
    app: AppTest,
    edited: dict[int, dict[str, Any]] | None = None,
    added: list[dict[str, Any]] | None = None,
    deleted: list[int] | None = None,
    click: str | None = CHECK,
) -> None:
    """Write in the grid, and click: AppTest has no edits of grids, so they go in as states."""
    told = {
        "edited_rows": {str(row): cells for row, cells in (edited or {}).items()},
        "added_rows": added or [],
        "deleted_rows": deleted or [],
    }
    app.__dict__["kept grids"][app.data_editor[0].proto.id] = json.dumps(told)
    app.run()
    if click:
        button(app, click).click().run()
    assert not app.exception


def drafted(app: AppTest) -> list[tuple[str, str, str]]:
    frame = app.data_editor[0].value
    return list(zip(frame["instrument"], frame["seq"], frame["measure"], strict=True))


def typed(app: AppTest, year: int = RUNNING) -> PlanDraft:
    """The draft as it stands on the screen."""
    found: PlanDraft = app.session_state["plan drafts"]["SAMPLE", FiscalYear(year)].now
    return found


def stored(agency: str = "SAMPLE", year: int = RUNNING) -> dict[tuple[str, int], Measure]:
    with the_store().reading() as cursor:
        found = measures(cursor, agency, FiscalYear(year))
    return {(m.instrument.value, m.seq): m for m in found}


def save(app: AppTest) -> None:
    sign(app, reason="แผนประจำปี")
    button(app, SAVE).click().run()
    assert not app.exception
    assert "บันทึกแล้ว" in text_of(app)


@pytest.fixture
def planning(open_page: OpenPage) -> OpenPage:
    """The page, opened with choices, its grid as a browser keeps it."""

    def run(**choices: str) -> AppTest:
        return keep_grids(open_page(PLANNING, **choices))

    return run


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
    assert "งานของไตรมาส 4 จึงไม่มีผลต่อคะแนนของปีเดียวกัน" in told


def test_the_draft_is_last_years_work_and_a_row_for_each_need(page: AppTest) -> None:
    assert [row[:2] for row in drafted(page)] == [
        *(("IIT", n) for n in "1234"),
        *(("EIT", n) for n in "1234"),
        *(("OIT", n) for n in "123"),
    ]
    frame = page.data_editor[0].value
    blank = frame[frame["measure"] == ""]
    assert [list(numbers) for numbers in blank["indicator"]] == [["4"], ["7"]]
    assert blank["cause"].tolist()[0] == (
        "ตัวชี้วัดที่ 4 การใช้ทรัพย์สินของราชการ ได้ 83.05 คะแนนในปี 2567 ต่ำกว่าเกณฑ์ผ่าน 85"
    )
    assert frame["origin"].tolist()[1:3] == ["ปี 2567 IIT 2", "ปี 2567 IIT 3 · ยังไม่เสร็จ"]
    assert stored() == {}


def test_rows_that_were_not_filled_in_are_told_at_their_lines(page: AppTest) -> None:
    before = everything(the_store())
    write(page)
    told = text_of(page)
    assert "ยังบันทึกไม่ได้: ต้องแก้ 2 แห่ง" in told
    assert "ยังไม่ได้กรอก มาตรการ" in told
    assert "5, 9" in told
    assert page.data_editor[0].value["line"].tolist()[3] == "5"
    assert SAVE not in labels(page)
    assert everything(the_store()) == before


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
    with the_store().reading() as cursor:
        last = batches(cursor)[0]
    assert (last.kind, last.file_name) == ("measures", "ร่างจากแผน 2567.csv")
    assert (last.person, last.reason) == ("สมศรี", "แผนประจำปี")
    history = open_page(HISTORY)
    assert "ร่างจากแผน 2567.csv" in text_of(history)
    undo(the_store(), last.batch_id, "สมศรี", "ผิดปี")
    assert stored() == {}


def test_after_a_save_the_draft_is_what_is_stored_and_can_be_gone_on_with(page: AppTest) -> None:
    write(page, NEEDED)
    save(page)
    assert "แผนที่บันทึกแล้ว" in text_of(page)
    assert "ร่างในหน้านี้" not in text_of(page)
    button(page, "ปิดข้อความนี้").click().run()
    assert "บันทึกแล้ว เป็นการนำเข้า" not in text_of(page)
    assert set(page.data_editor[0].value["origin"]) == {"บันทึกไว้แล้ว"}
    write(page, {0: {"target": "ครบทุกกอง"}}, [{"instrument": "IIT", "measure": "เพิ่มอีกข้อ"}], [1])
    told = text_of(page)
    assert "ใหม่ 1" in told and "เปลี่ยน 1" in told
    assert "มีในระบบแต่ไม่อยู่ในแฟ้ม 1 (คงไว้)" in told
    assert "แถวที่ลบออกจากร่างยังคงอยู่ในระบบ" in told
    save(page)
    found = stored()
    assert len(found) == 12, "what was left out of the draft is still there"
    assert found["IIT", 1].target == "ครบทุกกอง"
    assert found["IIT", 5].text == "เพิ่มอีกข้อ", "a new row never takes a stored number"


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


def test_what_is_typed_stays_through_language_and_pages(page: AppTest) -> None:
    write(page, {0: {"method": "ประชุมทุกเดือน"}}, click=None)
    assert "ร่างอยู่ในหน้าต่างนี้เท่านั้น" in text_of(page)
    page.segmented_control(key="lang").set_value("en").run()
    speak("en")  # AppTest finds choices by what they are called in this thread
    assert not page.exception
    assert typed(page)[0].method == "ประชุมทุกเดือน"
    page.segmented_control(key="lang").set_value("th").run()
    speak("th")
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
    button(page, "ทิ้งร่างนี้").click().run()
    assert drafted(page) == first


@pytest.mark.parametrize("form", ["XLSX", "CSV"])
def test_a_draft_is_downloaded_and_taken_up_again(
    form: str, planning: OpenPage, made: MadeFiles
) -> None:
    page = planning(agency="SAMPLE")
    write(page, {**NEEDED, 0: {"follow_up": "=1+1", "method": "หนึ่ง\nสอง"}}, click=None)
    ((name, content),) = made(f"plan file {form}").values()
    assert name == f"ita-plan-SAMPLE-{int(RUNNING)}.{form.lower()}"
    before = typed(page)
    button(page, "ทิ้งร่างนี้").click().run()
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
        (b"", "แฟ้มนี้ไม่มีข้อมูล"),
        (b"%PDF-1.7", "PDF"),
        ("ก,ข\n1,2\n".encode(), "ไม่พบคอลัมน์"),
        (f"{MEASURES}2567,IPST,IIT,1,ของคนอื่น\n".encode(), "แฟ้มนี้ไม่มีข้อมูล"),
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


def test_thai_digits_and_faults_of_the_grid_are_checked_as_a_file_is(page: AppTest) -> None:
    write(page, {**NEEDED, 0: {"start_quarter": "4", "end_quarter": "1"}, 4: {"instrument": None}})
    told = text_of(page)
    assert "ไตรมาสสิ้นสุดมาก่อนไตรมาสเริ่ม" in told
    assert "ยังไม่ได้กรอก แบบวัด" in told
    assert SAVE not in labels(page)


def test_the_document_is_given_in_every_format(planning: OpenPage, made: MadeFiles) -> None:
    planning(agency="SAMPLE", lang="en")
    speak("en")
    forms = ("html", "csv", "xlsx", "docx", "pdf")
    keys = [f"plan document {form} True" for form in forms]
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
    taken(the_store(), "agencies", AGENCIES)
    for kind, content in files:
        taken(the_store(), kind, content)


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
        sign_in, "person_of", lambda asking: Person("ผู้ชม", Role.VIEWER, account="v")
    )
    page = planning(agency="SAMPLE")
    told = text_of(page)
    assert "ต่ำกว่าเกณฑ์ผ่าน 2 ตัว" in told
    assert not page.data_editor and CHECK not in labels(page)
    assert "นำเข้าหรือแก้ไขข้อมูลไม่ได้" in told


def test_two_who_plan_the_same_year_do_not_overwrite_each_other(page: AppTest) -> None:
    write(page, NEEDED)
    sign(page, reason="แผน")
    table = [
        ["ปีงบประมาณ", "หน่วยงาน", "แบบวัด", "ลำดับ", "มาตรการ"],
        [str(int(RUNNING)), "SAMPLE", "IIT", "1", "ของคนอื่น"],
    ]
    taken(the_store(), "measures", delimited(table))
    button(page, SAVE).click().run()
    assert "มีผู้บันทึกข้อมูลระหว่างที่ท่านตรวจดู" in text_of(page)
    assert stored()["IIT", 1].text == "ของคนอื่น"
    assert "ของคนอื่น" in text_of(page), "the difference shows what would be written over"


def test_a_receipt_of_another_page_neither_shows_here_nor_ends_the_draft(
    planning: OpenPage,
) -> None:
    page = planning(agency="SAMPLE")
    write(page, {0: {"method": "พิมพ์ไว้"}})
    page.switch_page("pages/data/upload.py").run()
    choose(page, 2568, None, "measures")
    upload(page, f"{MEASURES}2568,SAMPLE,IIT,1,จากแฟ้ม\n")
    sign(page)
    button(page, SAVE).click().run()
    assert "บันทึกแล้ว เป็นการนำเข้า" in text_of(page)
    page.switch_page(PLANNING).run()
    assert "บันทึกแล้ว เป็นการนำเข้า" not in text_of(page)
    assert typed(page)[0].method == "พิมพ์ไว้"


def test_the_page_of_measures_leads_here(open_page: OpenPage) -> None:
    page = open_page("pages/measures/progress.py", agency="SAMPLE")
    links = [e.proto.label for e in page.get("page_link")]
    assert "วางแผนปีถัดไป →" in links


def test_what_the_plan_has_for_a_need_is_told_once_it_is_stored(page: AppTest) -> None:
    write(page, NEEDED)
    save(page)
    told = text_of(page)
    assert "แผนมีมาตรการครบทุกเรื่อง" in told
    assert "ในแผนมี EIT 4" in told and "ในแผนมี IIT 4" in told
