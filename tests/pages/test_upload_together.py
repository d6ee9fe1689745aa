"""Several files chosen together: a line each, one save for what is right, and what stays out says why."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from streamlit.testing.v1 import AppTest

from ita.auth.permissions import Role, User
from ita.imports.datasets import Dataset
from ita.store import open_store
from ita.ui.components import jobs
from ita.ui.upload.file_step import MAX_FILES
from ita.web import current_user
from ita.web.store_access import get_store
from ita.workers import WorkerDied
from tests.imports.bringing import AGENCIES, MEASURES, PROGRESS, SCORES, everything, rows, taken
from tests.pages.conftest import OpenPage
from tests.pages.moves import SAVE, UPLOAD, button, edit, labels, sign, text_of, version
from tests.pages.test_upload_apart import parquet
from tests.pages.test_upload_readings import BILINGUAL, CAFE

Named = tuple[str, str | bytes]
AGENCY_FILE: Named = ("ก หน่วยงาน.csv", "agency_id,name_th\nN1,อบต.หนึ่ง\n")
SCORE_FILE: Named = ("ข คะแนน.csv", f"{SCORES}2567,N1,88\n")
MEASURE_FILE: Named = (
    "ค มาตรการ.csv",
    "ปีงบประมาณ,หน่วยงาน,แบบวัด,ลำดับ,มาตรการ,ไตรมาสเริ่ม,ไตรมาสสิ้นสุด\n2567,N1,IIT,1,อบรม,1,4\n",
)


def quarter(number: int, percent: object, name: str = "", agency: str = "N1") -> Named:
    return (
        name or f"ไตรมาส {number}.csv",
        f"{PROGRESS}2567,{number},{agency},IIT,1,{percent}\n",
    )


def choose(app: AppTest, *files: Named) -> None:
    raw = [
        (name, content.encode() if isinstance(content, str) else content, "text/csv")
        for name, content in files
    ]
    app.file_uploader[0].set_value(raw).run()
    assert not app.exception and "ลองอีกครั้ง" not in labels(app)


def names_in_order(app: AppTest) -> list[str]:
    return [s.label.removeprefix("ชนิดข้อมูลของ ").replace("\\", "") for s in kinds(app)]


def kinds(app: AppTest) -> list[object]:
    return [s for s in app.selectbox if str(s.key).startswith("kind of ")]


def save(app: AppTest) -> None:
    sign(app)
    for box in app.checkbox:
        if str(box.key).startswith("agreed"):
            box.check()
    button(app, SAVE).click().run()
    assert not app.exception


@pytest.fixture
def page(open_page: OpenPage) -> AppTest:
    return open_page(UPLOAD, agency="SAMPLE", way="file")


@pytest.fixture
def bare_page(empty_store: Path, open_page: OpenPage) -> AppTest:
    return open_page(UPLOAD, kind="agencies", way="file")


def sheet_of(*lines: tuple[object, ...]) -> bytes:
    book, stream = Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(stream)
    return stream.getvalue()


@pytest.mark.slow
def test_a_year_of_files_goes_in_in_the_right_order(bare_page: AppTest) -> None:
    second = sheet_of(
        ("ปีงบประมาณ", "ไตรมาส", "หน่วยงาน", "แบบวัด", "ลำดับ", "ร้อยละความสำเร็จ"),
        (2567, 2, "N1", "IIT", 1, 50),
    )
    third = json.dumps(
        [
            {
                "fiscal_year": 2567,
                "quarter": 3,
                "agency": "N1",
                "instrument": "IIT",
                "seq": 1,
                "percent": 75,
            }
        ]
    )
    choose(
        bare_page,
        ("ไตรมาส 3.json", third),
        quarter(1, 25),
        ("ไตรมาส 2.xlsx", second),
        MEASURE_FILE,
        SCORE_FILE,
        AGENCY_FILE,
    )
    assert names_in_order(bare_page) == [
        *(AGENCY_FILE[0], SCORE_FILE[0], MEASURE_FILE[0]),
        *("ไตรมาส 3.json", "ไตรมาส 1.csv", "ไตรมาส 2.xlsx"),
    ]
    told = text_of(bare_page)
    assert "บันทึก 6 ไฟล์ในคราวเดียว" in told
    assert "ไม่บันทึก" not in told
    assert version() == 0
    save(bare_page)
    told = text_of(bare_page)
    assert "บันทึกแล้ว 6 ไฟล์ในคราวเดียว" in told
    assert all(f"ครั้งที่ {number}" in told for number in range(1, 7))
    store = get_store()
    assert rows(store, "agency", "agency_id") == [("N1",)]
    assert set(rows(store, "completion", "quarter, percent")) == {(1, 25), (2, 50), (3, 75)}
    button(bare_page, "นำเข้าไฟล์อื่น").click().run()
    assert not bare_page.file_uploader[0].value


@pytest.mark.slow
def test_one_broken_among_three_stays_out_and_is_mended_in_place(bare_page: AppTest) -> None:
    wrong = quarter(1, "ครึ่ง")
    choose(bare_page, AGENCY_FILE, MEASURE_FILE, wrong)
    told = text_of(bare_page)
    assert "ผิด 1" in told
    assert "“ครึ่ง” ไม่ใช่ตัวเลข" in told  # the one that is wrong is open
    assert "บันทึก 2 ไฟล์ในคราวเดียว" in told
    assert f"ไม่บันทึก 1 ไฟล์: {wrong[0]}" in told
    edit(bare_page, {0: {"6. ร้อยละความสำเร็จ": "50"}}, "ตรวจอีกครั้ง")
    assert "บันทึก 3 ไฟล์ในคราวเดียว" in text_of(bare_page)
    save(bare_page)
    assert rows(get_store(), "completion", "percent") == [(50,)]


@pytest.mark.slow
def test_what_is_left_out_is_named_in_the_receipt(bare_page: AppTest) -> None:
    choose(bare_page, AGENCY_FILE, quarter(1, 50))  # its measure is in no file
    save(bare_page)
    told = text_of(bare_page)
    assert "บันทึกแล้ว 1 ไฟล์" in told
    assert "ไม่ได้บันทึก 1 ไฟล์" in told
    (warning,) = bare_page.warning
    assert "ไตรมาส 1" in warning.value and "ผิด 1" in warning.value
    assert "ไม่มีมาตรการที่ 1" in told
    assert version() == 1


@pytest.mark.slow
def test_two_files_that_contradict_each_other_wait_until_one_is_taken_out(
    bare_page: AppTest,
) -> None:
    other = quarter(1, 40, "อีกฉบับ.csv")
    choose(bare_page, AGENCY_FILE, MEASURE_FILE, quarter(1, 50), other)
    told = text_of(bare_page)
    assert "ขัดกับไฟล์ อีกฉบับ.csv 1 ค่า" in told and "ขัดกับไฟล์ ไตรมาส 1.csv 1 ค่า" in told
    assert "ไฟล์นี้ 50 ไฟล์นั้น 40" in told
    assert "บันทึก 2 ไฟล์ในคราวเดียว" in told
    taken_boxes = [box for box in bare_page.checkbox if str(box.key).startswith("take ")]
    taken_boxes[-1].uncheck().run()
    told = text_of(bare_page)
    assert "ขัดกับไฟล์" not in told
    assert "บันทึก 3 ไฟล์ในคราวเดียว" in told
    save(bare_page)
    assert rows(get_store(), "completion", "percent") == [(50,)]


def test_the_same_file_twice_counts_once(page: AppTest) -> None:
    name, content = quarter(1, 50, agency="SAMPLE")
    choose(page, (name, content), ("สำเนา.csv", content))
    assert f"เหมือนกับไฟล์ {name} ทุกตัวอักษร" in text_of(page)
    assert "บันทึก 1 ไฟล์" in text_of(page)


def test_of_two_of_one_name_the_later_one_counts(page: AppTest) -> None:
    choose(page, ("a.csv", "x"), quarter(2, 60, "a.csv", "SAMPLE"))
    assert "ใช้ไฟล์ที่เลือกหลังสุด: a.csv" in text_of(page).replace("\\", "")
    assert not kinds(page)  # one file, as ever
    assert "ไม่พบข้อผิดพลาด" in text_of(page)


@pytest.mark.slow
def test_twelve_files_and_too_many(page: AppTest) -> None:
    files = [
        (f"คะแนน {year}.csv", f"{SCORES}{year},SAMPLE,{year - 2480}\n")
        for year in range(2556, 2568)
    ]
    choose(page, *files)
    assert len(kinds(page)) == 12
    many = [(f"{n}.csv", f"x\n{n}\n") for n in range(MAX_FILES + 1)]
    choose(page, *many)
    assert f"รับได้ครั้งละไม่เกิน {MAX_FILES} ไฟล์" in text_of(page)
    assert f"{MAX_FILES}.csv" in text_of(page).replace("\\", "")
    assert len(kinds(page)) == MAX_FILES
    assert SAVE not in labels(page)


def test_a_zip_a_document_and_nothing_beside_a_file(page: AppTest) -> None:
    choose(
        page,
        ("ชุด.zip", b"PK\x03\x04" + b"\0" * 60),
        ("รายงาน.pdf", b"%PDF-1.7"),
        ("ว่าง.csv", b""),
        quarter(2, 60, agency="SAMPLE"),
    )
    told = text_of(page)
    assert "ไม่บันทึก 3 ไฟล์" in told and "บันทึก 1 ไฟล์" in told
    assert told.count("ผิด 1") == 3


@pytest.mark.slow
def test_files_of_several_agencies_go_where_they_say(page: AppTest) -> None:
    choose(page, ("หนึ่ง.csv", f"{SCORES}2560,YALA,88\n"), ("สอง.csv", f"{SCORES}2561,IPST,89\n"))
    told = text_of(page)
    names = dict(rows(get_store(), "agency", "agency_id, name_th"))
    assert names["YALA"] in told and names["IPST"] in told
    sign(page)
    button(page, SAVE).click().run()
    assert "กรุณาติ๊ก" in text_of(page)  # they are not of the agency that is chosen
    save(page)
    stored = {row[:2] for row in rows(get_store(), "score")}
    assert {("YALA", 2560), ("IPST", 2561)} <= stored


@pytest.mark.slow
def test_a_file_of_another_agency_than_ones_own_is_refused_alone(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = User("ก", Role.STAFF, "SAMPLE", account="local:s")
    monkeypatch.setattr(current_user, "user_of", lambda asking: person)
    page = open_page(UPLOAD, way="file")
    before = everything(get_store())
    choose(
        page, ("ของเขา.csv", f"{SCORES}2560,YALA,88\n"), ("ของเรา.csv", f"{SCORES}2560,SAMPLE,88\n")
    )
    assert "ไม่บันทึก 1 ไฟล์: ของเขา.csv" in text_of(page)
    button(page, SAVE).click().run()
    after = everything(get_store())
    assert len(after["score"]) == len(before["score"]) + 1


@pytest.mark.slow
def test_the_kind_can_be_changed_and_one_file_looked_into(page: AppTest) -> None:
    choose(page, ("a.csv", f"{SCORES}2560,SAMPLE,88\n"), quarter(2, 60, agency="SAMPLE"))
    assert [k.value for k in kinds(page)] == ["scores", "progress"]
    look = [b for b in page.button if b.label == "ดูสิ่งที่จะเปลี่ยน"]
    look[0].click().run()
    assert "สิ่งที่จะเปลี่ยน" in [h.value for h in page.header]
    kinds(page)[0].set_value("measures").run()
    told = text_of(page)
    assert "ไม่พบคอลัมน์" in told
    assert "บันทึก 1 ไฟล์" in told


@pytest.mark.slow
def test_somebody_saves_meanwhile(page: AppTest) -> None:
    choose(page, ("a.csv", f"{SCORES}2560,SAMPLE,88\n"), ("b.csv", f"{SCORES}2561,SAMPLE,89\n"))
    sign(page)
    taken(get_store(), "scores", f"{SCORES}2560,SAMPLE,77\n")
    before = version()
    button(page, SAVE).click().run()
    assert version() == before
    assert "มีผู้บันทึกข้อมูลระหว่างที่ท่านตรวจดู" in text_of(page)
    assert "เปลี่ยน 1" in text_of(page)
    button(page, SAVE).click().run()
    assert version() == before + 2


@pytest.mark.slow
@pytest.mark.parametrize("unsure", [CAFE, BILINGUAL], ids=["letters", "header"])
def test_a_file_that_reads_in_two_ways_asks_while_the_others_go_on(
    unsure: str, page: AppTest
) -> None:
    choose(page, ("a.csv", unsure), ("b.csv", f"{SCORES}2561,SAMPLE,89\n"))
    told = text_of(page)
    assert "ต้องเลือกวิธีอ่านไฟล์นี้ก่อน" in told
    assert "ไม่บันทึก 1 ไฟล์: a.csv" in told and "บันทึก 1 ไฟล์" in told
    button(page, "ใช้แบบที่ 2").click().run()
    assert not page.exception
    assert "บันทึก 2 ไฟล์" in text_of(page)


def test_large_files_together_are_held_to_the_bound_of_one(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ita.config import Limits, Settings
    from ita.ui.upload import several_step

    small = Settings(limits=Limits(file_bytes=150))
    monkeypatch.setattr(several_step, "current_settings", lambda: small)
    choose(page, ("a.csv", f"{SCORES}2560,SAMPLE,88\n"), ("b.csv", f"{SCORES}2561,SAMPLE,89\n"))
    told = text_of(page)
    assert told.count("ใหญ่เกินกว่าจะอ่านพร้อมกัน") == 1
    assert "ไม่บันทึก 1 ไฟล์: b.csv" in told


@pytest.mark.slow
def test_files_read_in_the_worker_go_in_with_the_others(page: AppTest, jobs_run: list[str]) -> None:
    other = ("b.csv", f"{SCORES}2561,SAMPLE,89\n")
    choose(page, ("q.parquet", parquet("91")), other)
    assert "บันทึก 2 ไฟล์" in text_of(page)
    assert jobs_run == ["recognised_kind", "read_file"]
    save(page)
    assert "บันทึกแล้ว 2 ไฟล์" in text_of(page)
    assert jobs_run == ["recognised_kind", "read_file"]


def test_a_reading_that_fails_says_of_which_file(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(function: Any, *_: Any, **__: Any) -> Dataset:
        if function.__name__ == "read_file":
            raise WorkerDied
        return Dataset.PROGRESS

    monkeypatch.setattr(jobs, "run_limited", fail)
    other = ("b.csv", f"{SCORES}2561,SAMPLE,89\n")
    page.file_uploader[0].set_value(
        [
            (name, raw, "")
            for name, raw in (("q.parquet", parquet("91")), (other[0], other[1].encode()))
        ]
    ).run()
    assert "งานนี้หยุดกลางคัน" in page.error[0].value
    assert "q\\.parquet" in [caption.value for caption in page.caption]
    assert SAVE not in labels(page)


@pytest.mark.slow
def test_cells_of_large_files_count_together(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ita.config import Limits, Settings
    from ita.ui.upload import several_step

    monkeypatch.setattr(several_step, "current_settings", lambda: Settings(limits=Limits(cells=8)))
    choose(page, ("q.parquet", parquet("91")), ("r.parquet", parquet("92")))
    told = text_of(page)
    assert told.count("ใหญ่เกินกว่าจะอ่านพร้อมกัน") == 1
    assert "ไม่บันทึก 1 ไฟล์: r.parquet" in told


@pytest.mark.slow
def test_a_list_of_agencies_is_there_for_the_files_after_it(
    empty_store: Path, open_page: OpenPage
) -> None:
    with open_store(empty_store) as store:
        taken(store, "agencies", AGENCIES)
        taken(store, "measures", f"{MEASURES}2567,A,IIT,1,หนึ่ง\n")
    page = open_page(UPLOAD, way="file")
    choose(page, quarter(1, 10, agency="A"), quarter(2, 5, agency="A"), AGENCY_FILE)
    assert "ควรตรวจ 1" in text_of(
        page
    )  # the second quarter falls behind the first, of another file
