"""นำเข้าข้อมูล as people use it: choose, upload, look, confirm, receipt; files of others and of several."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ita.config import Settings
from ita.domain import thai_today
from ita.exports.writers import load_export
from ita.i18n import set_language
from ita.imports.expected import last_ended_quarter, running_quarter
from ita.imports.readers.sheets import FILE_TYPES
from ita.web.store_access import get_store
from tests.imports.bringing import (
    SCORES,
    committed_reference,
    everything,
    export_bytes,
    rows,
    taken,
)
from tests.pages.conftest import OpenPage
from tests.pages.measures_page import fill_store
from tests.pages.moves import (
    PROGRESS,
    RIGHT,
    SAVE,
    UPLOAD,
    WRONG,
    button,
    choose,
    labels,
    pick_way,
    sign,
    text_of,
    unfold,
    upload,
    version,
)

SAMPLES = Settings().samples
FALLS = f"{PROGRESS}2567,4,SAMPLE,OIT,2,10,\n"


@pytest.fixture
def page(open_page: OpenPage) -> AppTest:
    app = open_page(UPLOAD, agency="SAMPLE")
    choose(app)
    return app


NAME, REASON, AGREED = "ผู้นำเข้า", "เหตุผลหรือที่มาของข้อมูล", "ตรวจดูข้อควรระวังแล้ว ยืนยันว่าถูกต้อง"


def reason_of(app: AppTest) -> str:
    return str(next(t for t in app.text_input if t.key.startswith("reason ")).value)


def lacking(app: AppTest) -> set[str]:
    """What a click on save is told to lack."""
    button(app, SAVE).click().run()
    return {name for error in app.error for name in re.findall("“(.+?)”", error.value)}


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_page_of_an_empty_store_runs_clean(
    lang: str, empty_store: Path, open_page: OpenPage
) -> None:
    app = open_page(UPLOAD, lang=lang)
    set_language(lang)  # AppTest finds choices by what they are called in this thread
    for kind in ("progress", "agencies", "scores", "measures", "narrative"):
        app.segmented_control(key="kind").set_value(kind).run()
        assert not app.exception
        assert not app.error
    assert ("ยังไม่เคยนำเข้า" if lang == "th" else "Nothing of this kind") in text_of(app)


def test_an_empty_store_takes_its_first_files(empty_store: Path, open_page: OpenPage) -> None:
    app = open_page(UPLOAD)
    app.segmented_control(key="kind").set_value("agencies").run()
    upload(app, (SAMPLES / "agencies.csv").read_bytes(), "agencies.csv")
    assert "ใหม่ 3" in text_of(app)
    sign(app)
    button(app, SAVE).click().run()
    assert "บันทึกแล้ว เป็นการนำเข้าครั้งที่ 1: ใหม่ 3" in text_of(app)
    assert len(rows(get_store(), "agency")) == 3


def test_what_is_expected_now_is_chosen(open_page: OpenPage) -> None:
    app = open_page(UPLOAD, agency="SAMPLE")
    assert app.segmented_control(key="kind").value == "progress"
    assert "ส่งภายใน" in text_of(app)
    assert r"นำเข้าล่าสุด: ครั้งที่ 5 progress\_fictional\.csv" in text_of(app)  # never markup


@pytest.mark.parametrize("silent", [0, 1])
def test_a_quarter_that_is_complete_is_not_asked_for_again(
    silent: int, database: Path, open_page: OpenPage
) -> None:
    ended, runs = last_ended_quarter(thai_today()), running_quarter(thai_today())
    year, next_year = int(ended.fiscal_year), int(runs.fiscal_year)
    planned = "".join(f"{y},T,IIT,{n},ก,,กองคลัง,1,4\n" for y in {year, next_year} for n in (1, 2))
    told = "".join(f"{year},{ended.number},T,IIT,{n},100,,,\n" for n in range(1, 3 - silent))
    fill_store(database, planned, told)
    app = open_page(UPLOAD)
    words = text_of(app)
    expected = ended if silent else runs
    assert app.selectbox(key="import year").value == expected.fiscal_year
    assert app.segmented_control(key="import quarter").value == expected.number
    complete = f"รายงานไตรมาส {ended.number}/{year} ครบทุกมาตรการแล้ว"
    assert (complete in words) is not silent
    assert f"ยังไม่รายงาน {1 if silent else 2} มาตรการ" in words
    assert ("เลยกำหนดแล้ว" in words) is (bool(silent) and ended.report_due < thai_today())


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("agencies", "agencies.csv"),
        ("scores", "scores_fictional.csv"),
        ("measures", "measures.csv"),
        ("progress", "progress_fictional.csv"),
        ("narrative", "narrative.csv"),
    ],
)
def test_a_sample_again_is_already_imported_or_the_same(
    kind: str, name: str, lang: str, open_page: OpenPage
) -> None:
    app = open_page(UPLOAD, agency="SAMPLE", lang=lang)
    set_language(lang)
    choose(app, quarter=None, kind=kind)
    before, kept = version(), everything(get_store())
    upload(app, (SAMPLES / name).read_bytes(), name)
    assert not app.exception
    assert not app.error
    sentence = ("เหมือนเดิม", "นำเข้าไปแล้ว") if lang == "th" else ("unchanged", "already")
    assert any(words in text_of(app) for words in sentence)
    assert (version(), everything(get_store())) == (before, kept)


def test_a_right_file_shows_what_changes_before_anything_is_stored(page: AppTest) -> None:
    before = version()
    upload(page, RIGHT)
    unfold(page, "ค่าใหม่")
    told = text_of(page)
    assert "ไม่พบข้อผิดพลาด" in told
    assert "ใหม่ 1" in told
    assert "ความสำเร็จเฉลี่ยไตรมาส 4/2567" in told
    assert "(รายงาน 8 จาก 9 มาตรการ)" in told
    assert "ใกล้เสร็จ" in told
    assert "OIT 2 จัดทำรายงานการใช้จ่ายงบประมาณประจำปี" in told  # a row by its measure, not its key
    assert "มีในระบบแต่ไม่อยู่ในไฟล์ 7" in told
    assert "ผิด 0" in told
    assert version() == before


@pytest.mark.slow
def test_confirming_needs_name_and_reason_and_gives_a_receipt(page: AppTest) -> None:
    before = version()
    upload(page, RIGHT)
    assert lacking(page) == {NAME}  # the reason is proposed
    assert reason_of(page) == "รายงานความสำเร็จไตรมาส 4/2567"
    sign(page, person="สมศรี", reason="  ")
    assert lacking(page) == {REASON}
    assert version() == before
    sign(page)
    button(page, SAVE).click().run()
    told = text_of(page)
    assert f"บันทึกแล้ว เป็นการนำเข้าครั้งที่ {before + 1}: ใหม่ 1 เปลี่ยน 0 เหมือนเดิม 0" in told
    assert not page.file_uploader
    assert "ดูประวัติหรือยกเลิก →" in [link.label for link in page.page_link]
    page.run()
    assert "บันทึกแล้ว" in text_of(page)  # a reload neither stores again nor hides it
    assert version() == before + 1
    button(page, "นำเข้าไฟล์อื่น").click().run()
    assert not page.file_uploader[0].value
    assert "บันทึกแล้ว" not in text_of(page)
    # The period stays, and who is signed is remembered.
    assert page.selectbox(key="import year").value == 2567
    assert page.segmented_control(key="import quarter").value == 4
    upload(page, RIGHT.replace(",90,", ",91,"))
    assert page.text_input(key="person").value == "สมศรี"
    assert reason_of(page) == "รายงานไตรมาส"


@pytest.mark.slow
def test_the_batch_is_in_the_history_with_who_and_why(page: AppTest) -> None:
    upload(page, RIGHT, "ไตรมาส 4.csv")
    sign(page, person="สมศรี", reason="ส่งโดยกองช่าง")
    button(page, SAVE).click().run()
    page.switch_page("pages/data/history.py").run()
    told = text_of(page)
    for words in ("สมศรี", "ส่งโดยกองช่าง", "ไตรมาส 4.csv", "1 / 0 / 0"):
        assert words in told


def test_errors_are_told_at_once_and_nothing_can_be_saved(page: AppTest) -> None:
    upload(page, WRONG)
    told = text_of(page)
    assert "ยังบันทึกไม่ได้: ต้องแก้ 1 แห่ง" in told
    assert "“เก้าสิบ” ไม่ใช่ตัวเลข" in told
    assert "เฉพาะแถวที่มีปัญหา" in told
    assert SAVE not in labels(page)
    downloads = [element.label for element in page.download_button]
    assert "ดาวน์โหลดแถวพร้อมปัญหา (Excel)" in downloads


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "a.csv"), (b"%PDF-1.7", "a.csv"), (b"PK\x03\x04", "a.xlsx"), (b"\x00\x01", "a.txt")],
)
def test_what_cannot_be_read_is_a_sentence(content: bytes, name: str, page: AppTest) -> None:
    upload(page, content, name)
    assert not page.exception
    assert "ยังบันทึกไม่ได้" in text_of(page)
    assert SAVE not in labels(page)


@pytest.mark.slow
def test_warnings_are_acknowledged_and_not_fought(page: AppTest) -> None:
    upload(page, FALLS)
    assert "มี 1 แห่งที่ควรตรวจดู แต่บันทึกได้" in text_of(page)
    sign(page)
    before = version()
    assert lacking(page) == {AGREED}
    page.checkbox[0].check()
    # The acknowledgement is of this file, not of the next one.
    upload(page, FALLS.replace(",10,", ",5,"))
    sign(page)
    assert not page.checkbox[0].value
    assert lacking(page) == {AGREED}
    assert version() == before
    page.checkbox[0].check()
    button(page, SAVE).click().run()
    assert version() == before + 1


def test_a_file_of_another_period_is_asked_about(page: AppTest) -> None:
    upload(page, RIGHT.replace("2567,4,", "2567,3,"))
    assert "ไฟล์นี้เป็นของปี 2567 ไตรมาส 3 ไม่ตรงกับช่วงเวลาที่เลือก" in text_of(page)
    sign(page)
    assert lacking(page) == {AGREED}


@pytest.mark.slow
def test_a_file_of_another_kind_is_recognised_and_offered(page: AppTest) -> None:
    upload(page, (SAMPLES / "measures.csv").read_bytes(), "measures.csv")
    assert "ไฟล์นี้ดูเหมือนเป็น “มาตรการ”" in text_of(page)
    button(page, "นำเข้าเป็น “มาตรการ” แทน").click().run()
    assert page.segmented_control(key="kind").value == "measures"
    assert "นำเข้าไปแล้ว" in text_of(page) or "เหมือนเดิม 9" in text_of(page)


@pytest.mark.slow
@pytest.mark.parametrize("header", ["ผลสำเร็จ", " ผลสำเร็จ "])
def test_an_unknown_header_is_mapped_and_remembered(header: str, page: AppTest) -> None:
    content = RIGHT.replace("ร้อยละความสำเร็จ", header)
    upload(page, content)
    assert "จับคู่หัวคอลัมน์ที่ไม่รู้จัก" in [expander.label for expander in page.expander]
    page.selectbox(key="map progress ผลสำเร็จ").set_value("percent").run()
    button(page, "ใช้การจับคู่นี้ และจำไว้").click().run()
    assert "ไม่พบข้อผิดพลาด" in text_of(page)
    upload(page, content.replace("90", "91"), "next.csv")
    assert "ไม่พบข้อผิดพลาด" in text_of(page)


@pytest.mark.slow
def test_somebody_else_saves_meanwhile_and_the_diff_is_shown_again(page: AppTest) -> None:
    upload(page, RIGHT)
    sign(page)
    taken(get_store(), "progress", f"{PROGRESS}2567,4,SAMPLE,OIT,2,55,คนอื่น\n")
    before = version()
    button(page, SAVE).click().run()
    told = text_of(page)
    assert version() == before
    assert "มีผู้บันทึกข้อมูลระหว่างที่ท่านตรวจดู" in told
    assert "55" in told and "เปลี่ยน 1" in told
    button(page, SAVE).click().run()
    assert version() == before + 1
    assert "มีผู้บันทึกข้อมูลระหว่าง" not in text_of(page)


@pytest.mark.slow
def test_the_language_can_change_in_the_middle(page: AppTest) -> None:
    upload(page, RIGHT)
    page.segmented_control(key="lang").set_value("en").run()
    set_language("en")
    told = text_of(page)
    assert "Mean completion, Q4 of FY2567" in told
    assert "ความสำเร็จเฉลี่ย" not in told
    assert "1 new" in told
    sign(page)
    button(page, "Save").click().run()
    assert "Saved as import" in text_of(page)


SEVERAL = f"{SCORES}2566,SAMPLE,88\n2566,IPST,89\n2565,IPST,87\n"


@pytest.mark.slow
def test_a_file_of_several_agencies_is_taken_for_what_it_says(page: AppTest) -> None:
    choose(page, quarter=None, kind="scores")
    upload(page, SEVERAL)
    told = text_of(page)
    assert "ไฟล์นี้มีข้อมูลของ 2 หน่วยงาน" in told
    assert "ยังบันทึกไม่ได้" not in told
    names = dict(rows(get_store(), "agency", "agency_id, name_th"))
    for agency, count in (("SAMPLE", 1), ("IPST", 2)):
        assert f"{names[agency]} · {count} แถว" in told
    sign(page)
    assert lacking(page) == {AGREED}
    page.checkbox[0].check()
    button(page, SAVE).click().run()
    stored = {row[:3]: row[3] for row in rows(get_store(), "score")}
    assert stored["IPST", 2565, "total"] == 87
    assert stored["SAMPLE", 2566, "total"] == 88


def test_a_file_of_several_agencies_without_the_chosen_one_says_so(page: AppTest) -> None:
    choose(page, quarter=None, kind="scores")
    upload(page, SEVERAL.replace("SAMPLE", "YALA"))
    chosen = dict(rows(get_store(), "agency", "agency_id, name_th"))["SAMPLE"]
    assert f"ไม่มีแถวของ “{chosen}” ในไฟล์นี้" in text_of(page)


def test_somebody_elses_file_stays_refused(page: AppTest) -> None:
    choose(page, quarter=None, kind="scores")
    upload(page, f"{SCORES}2566,IPST,88\n2565,IPST,89\n")
    told = text_of(page)
    assert "ไม่ตรงกับหน่วยงานที่เลือกนำเข้า" in told
    assert SAVE not in labels(page)
    assert "ไฟล์นี้มีข้อมูลของ" not in told


def test_a_name_that_nobody_knows_does_not_make_several(page: AppTest) -> None:
    choose(page, quarter=None, kind="scores")
    upload(page, f"{SCORES}2566,IPST,88\n2565,ไม่รู้จัก,89\n")
    assert "ไม่ตรงกับหน่วยงานที่เลือกนำเข้า" in text_of(page)
    assert SAVE not in labels(page)


def test_a_row_without_an_agency_in_a_file_of_several_is_asked_for(page: AppTest) -> None:
    choose(page, quarter=None, kind="scores")
    upload(page, f"{SEVERAL}2564,,80\n")
    told = text_of(page)
    assert "ยังไม่ได้กรอก หน่วยงาน" in told
    assert SAVE not in labels(page)


def test_the_types_that_are_named_are_those_that_are_taken(page: AppTest) -> None:
    pick_way(page, "file")
    uploader = page.file_uploader[0]
    assert list(uploader.proto.type) == []  # the browser's refusal would be in English
    assert all(name.upper() in uploader.label for name in FILE_TYPES)


@pytest.mark.slow
def test_every_type_that_is_named_can_be_read(page: AppTest) -> None:
    forms = {"csv", "xlsx", "json", "parquet"}
    choose(page, quarter=None, kind="agencies")
    with get_store().reading() as cursor:
        found = load_export(cursor, "agencies", committed_reference(), [])
    for name in FILE_TYPES:
        content = export_bytes(found, name if name in forms else "csv", ())
        upload(page, content, f"agencies.{name}")
        assert "เหมือนเดิม" in text_of(page)


def test_bad_rows_show_what_is_wrong_and_fold_the_rest(page: AppTest) -> None:
    upload(page, WRONG)
    drawn = next(e.proto.body for e in page.get("html") if "<details>" in e.proto.body)
    heads = re.findall(r"<th[^>]*>([^<]*)</th>", drawn)
    assert heads == ["บรรทัด", "แถว", "สิ่งที่ต้องแก้", "ช่องอื่น"]
    wrong, folded = drawn.split("<details>")[:2]
    assert ">SAMPLE 2567 4 OIT 2<" in wrong
    assert "<b>ร้อยละความสำเร็จ</b> เก้าสิบ" in wrong
    assert "ผลการดำเนินงาน" not in wrong
    assert "<b>ผลการดำเนินงาน</b> ใกล้เสร็จ" in folded
    assert "เก้าสิบ" not in folded


def test_what_is_wrong_with_a_whole_row_stands_beside_it(page: AppTest) -> None:
    upload(page, f"{RIGHT}2567,4,SAMPLE,EIT,1\n")
    drawn = next(e.proto.body for e in page.get("html") if "<details>" in e.proto.body)
    assert "แถวนี้มี 5 ช่อง" in drawn


def test_a_file_larger_than_the_limit_is_refused_by_the_server(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ita.config import Limits
    from ita.ui.upload import file_step, preview_step

    limits = Settings(limits=Limits(file_bytes=1024**2, rows=3))
    for module in (preview_step, file_step):
        monkeypatch.setattr(module, "current_settings", lambda: limits)
    upload(page, RIGHT + RIGHT.split("\n")[1] * 20_000)
    assert SAVE not in labels(page)
    upload(page, RIGHT + f"{RIGHT.split(chr(10))[1]}\n" * 5)
    assert "ไฟล์ใหญ่เกินไป" in text_of(page)
    assert SAVE not in labels(page)


@pytest.mark.slow
def test_the_source_of_scores_is_a_field_of_its_own(page: AppTest) -> None:
    choose(page, quarter=None, kind="scores")
    upload(page, "ปีงบประมาณ,หน่วยงาน,คะแนนรวม,แหล่งที่มา\n2562,SAMPLE,81,\n2563,SAMPLE,82,รายงานเดิม\n")
    page.text_input(key="score source").set_value(" ประกาศ  ป.ป.ช. ").run()
    sign(page)
    if page.checkbox:
        page.checkbox[0].check()
    button(page, SAVE).click().run()
    stored = dict(rows(get_store(), "annual_result", "fiscal_year, source"))
    assert (stored[2562], stored[2563]) == ("ประกาศ ป.ป.ช.", "รายงานเดิม")


def test_choices_stand_in_the_address(page: AppTest) -> None:
    assert (page.query_params["year"], page.query_params["quarter"]) == ("2567", "4")
    pick_way(page, "file")
    assert page.query_params["way"] == "file"
    page.segmented_control(key="kind").set_value("scores").run()
    assert page.query_params["kind"] == "scores"
