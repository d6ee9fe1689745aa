"""An old report on นำเข้าข้อมูล: read, mended beside its original, confirmed; refused in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ita.auth.accounts import RoleGrant, add_account
from ita.auth.permissions import Role, machine_owner
from ita.domain import FiscalYear, Instrument
from ita.i18n import set_language
from ita.reports.narrative import COLUMNS
from ita.store import open_store
from ita.store.originals import load_original, original_of_report
from ita.web.store_access import get_store
from tests.imports.bringing import rows, taken
from tests.pages.conftest import OpenPage
from tests.pages.measures_page import links_of
from tests.pages.moves import SAVE, UPLOAD, button, labels, sign, text_of, to_copy, unfold, version
from tests.pages.test_admin_pages import as_account
from tests.reports.reading.bad_pdfs import encrypted, one_page
from tests.reports.reading.invented import NAMES, TOWN, InventedReport

AGENCIES = "agency_id,name_th\nB,เทศบาลเมืองท่าเกวียน\nT,เทศบาลตำบลหนองบัวทอง\nV,ศูนย์วิจัยข้าวทุ่งกระเจียว\n"
AGREED = "ตรวจร่างเทียบกับต้นฉบับและข้อควรระวังข้างบนแล้ว ยืนยันว่าถูกต้อง"
STRAY = "ลงชื่อผู้รายงาน ปลัดเทศบาล"


def as_html(report: InventedReport, above: str = "", below: str = "") -> bytes:
    """A report as the table of a web page."""
    cells = [
        (
            NAMES[row.instrument],
            "<br>".join(f"{n}. {escape(text)}" for n, text in enumerate(row.measures, 1)),
            "<br>".join(f"- {escape(text)}" for text in row.results),
            "<br>".join([*row.divisions, f"ดำเนินการ<br>{row.period}" if row.period else ""]),
            row.outcome,
        )
        for row in report.rows
    ]
    table = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in (COLUMNS, *cells)
    )
    title = f"<p>{report.title} ประจำปีงบประมาณ {report.year}</p>"
    page = f"<html><body>{above}{title}<table>{table}</table>{below}</body></html>"
    return page.encode()


HTML = as_html(TOWN, below=f"<p>{STRAY}</p>")


@pytest.fixture
def towns(database: Path) -> Path:
    """Two agencies; the report's is not the first."""
    with open_store(database) as store:
        taken(store, "agencies", AGENCIES)
    return database


OpenReport = Callable[..., AppTest]


@pytest.fixture
def open_upload(towns: Path, open_page: OpenPage) -> OpenReport:
    def run(content: bytes = HTML, name: str = "รายงาน 2566.html", **choices: str) -> AppTest:
        app = open_page(UPLOAD, kind="report", **choices)
        drop(app, content, name)
        return app

    return run


def drop(app: AppTest, content: bytes, name: str) -> None:
    app.file_uploader[0].set_value((name, content, "application/octet-stream")).run()
    assert not app.exception


def field(app: AppTest, label: str) -> Any:
    return next(area for area in app.text_area if area.label == label)


def show_instrument(app: AppTest, instrument: Instrument) -> None:
    next(c for c in app.segmented_control if c.label == "แบบวัด").set_value(instrument).run()


def save(app: AppTest) -> None:
    sign(app, reason="รายงานปีก่อน")
    for box in app.checkbox:
        if box.label == AGREED:
            box.check()
    button(app, SAVE).click().run()
    assert not app.exception


def narrative() -> dict[tuple[str, str, int], str]:
    stored = rows(get_store(), "narrative", "instrument, type, seq, text")
    return {(instrument, kind, seq): text for instrument, kind, seq, text in stored}


def test_a_link_opens_the_kind_with_nothing_of_the_others(towns: Path, open_page: OpenPage) -> None:
    app = open_page(UPLOAD, kind="report")
    assert app.segmented_control(key="kind").value == "report"
    assert app.file_uploader[0].label == "ไฟล์รายงานเดิม (PDF, DOCX, HTML, TXT)"
    assert not [b.label for b in app.get("download_button") if "แบบฟอร์ม" in b.proto.label]
    assert SAVE not in labels(app)


@pytest.mark.slow
def test_an_empty_store_says_what_comes_first(empty_store: Path, open_page: OpenPage) -> None:
    app = open_page(UPLOAD, kind="report")
    drop(app, HTML, "a.html")
    assert "กรุณานำเข้ารายชื่อหน่วยงานก่อน" in text_of(app)
    assert SAVE not in labels(app)


@pytest.mark.slow
def test_a_draft_is_read_looked_at_and_saved_with_its_original(open_upload: OpenReport) -> None:
    app = open_upload()
    told = text_of(app)
    assert "จะบันทึกเป็นของ เทศบาลตำบลหนองบัวทอง ปี 2566" in told  # both as the document says
    iit = TOWN.rows[0]
    assert [field(app, f"มาตรการ {n}").value for n in (1, 2, 3)] == list(iit.measures)
    assert [field(app, f"สรุปผลที่ {n}").value for n in (1, 2, 3)] == list(iit.results)
    assert STRAY in to_copy(app)
    assert "ข้อความในร่างกับคะแนน" in told
    assert "ระบบเสนอการจับคู่" in told
    save(app)
    assert "พร้อมเก็บต้นฉบับไว้กับรายงาน" in text_of(app)
    assert any("year=2566" in link and "agency=T" in link for link in links_of(app))
    kept = narrative()
    assert kept["IIT", "outcome", 0] == iit.outcome
    assert kept["IIT", "result", 2] == iit.results[1]
    assert len(rows(get_store(), "measure")) == sum(len(row.measures) for row in TOWN.rows)
    with get_store().reading() as cursor:
        original = original_of_report(cursor, "T", FiscalYear(2566))
        assert original is not None
        assert load_original(cursor, original.batch_id).content == HTML
    button(app, "นำเข้ารายงานเดิมอีกฉบับ").click().run()
    assert not app.text_area or field(app, "ข้อความของรายงาน ตั้งแต่ชื่อรายงานจนจบตาราง")


@pytest.mark.slow
def test_what_is_mended_stays_in_another_language_and_on_another_kind(
    open_upload: OpenReport,
) -> None:
    app = open_upload()
    field(app, "มาตรการ 2").set_value("กำหนดหลักเกณฑ์การใช้รถส่วนกลาง").run()
    show_instrument(app, Instrument.OIT)
    show_instrument(app, Instrument.IIT)
    assert field(app, "มาตรการ 2").value == "กำหนดหลักเกณฑ์การใช้รถส่วนกลาง"
    app.segmented_control(key="kind").set_value("progress").run()
    app.segmented_control(key="kind").set_value("report").run()
    assert field(app, "มาตรการ 2").value == "กำหนดหลักเกณฑ์การใช้รถส่วนกลาง"
    app.query_params["lang"] = "en"
    app.run()
    set_language("en")  # AppTest finds choices by what they are called in this thread
    assert field(app, "Measure 2").value == "กำหนดหลักเกณฑ์การใช้รถส่วนกลาง"
    drop(app, as_html(TOWN), "another.html")
    assert field(app, "Measure 2").value == TOWN.rows[0].measures[1]  # another file begins anew


@pytest.mark.slow
def test_rows_are_added_moved_and_taken_out_and_no_text_is_lost(open_upload: OpenReport) -> None:
    app = open_upload()
    first, second, third = TOWN.rows[0].measures
    button(app, "เลื่อนขึ้น").click().run()
    assert [field(app, f"มาตรการ {n}").value for n in (1, 2)] == [second, first]
    button(app, "เอาข้อนี้ออก").click().run()
    assert [field(app, f"มาตรการ {n}").value for n in (1, 2)] == [first, third]
    assert to_copy(app)[:2] == [STRAY, second]
    target = [box for box in app.selectbox if box.label == "ใส่ในช่อง"][1]
    target.set_value(next(o for o in target.options if o == "IIT · มาตรการ")).run()
    [b for b in app.button if b.label == "ใส่"][1].click().run()
    assert field(app, "มาตรการ 3").value == second
    assert to_copy(app)[:1] == [STRAY]
    button(app, "เพิ่มสรุปผล").click().run()
    field(app, "สรุปผลที่ 4").set_value("รายงานผู้บริหารทุกไตรมาส").run()
    save(app)
    assert narrative()["IIT", "result", 4] == "รายงานผู้บริหารทุกไตรมาส"
    stored = rows(get_store(), "measure", "instrument, seq, measure")
    assert [row for row in stored if row[0] == "IIT"] == [
        ("IIT", 1, first),
        ("IIT", 2, third),
        ("IIT", 3, second),
    ]


def test_links_are_proposed_until_somebody_has_looked(open_upload: OpenReport) -> None:
    app = open_upload()
    proposed = "ตอบมาตรการข้อ (ระบบเสนอ กรุณาตรวจ)"
    count = sum(group.label == proposed for group in app.pills)
    assert count
    button(app, "ตรวจแล้ว ใช้ตามที่เสนอ").click().run()
    assert not [group for group in app.pills if group.label == proposed]
    pills = next(group for group in app.pills if group.label == "ตอบมาตรการข้อ")
    pills.set_value([pills.options[-1] and app.session_state[pills.key][0]]).run()
    assert not app.exception


@pytest.mark.slow
def test_the_same_report_again_says_how_many_cells_it_changes(open_upload: OpenReport) -> None:
    app = open_upload()
    save(app)
    button(app, "นำเข้ารายงานเดิมอีกฉบับ").click().run()
    drop(app, HTML + b"<!-- again -->", "again.html")
    assert "มีรายงานของปีนี้อยู่แล้ว" in text_of(app)
    assert "ร่างนี้ตรงกับที่บันทึกไว้แล้วทุกช่อง" in text_of(app)
    field(app, "สรุปผลที่ 1").set_value("จัดทำคู่มือครบทุกส่วนราชการ").run()
    assert "มีรายงานปีนี้อยู่แล้ว: บันทึกนี้จะแก้ 1 ช่อง" in text_of(app)


@pytest.mark.slow
def test_another_year_than_chosen_is_asked_about(open_upload: OpenReport) -> None:
    app = open_upload(agency="T", year="2567")
    assert "เอกสารเป็นของปี 2566 แต่เลือกไว้เป็นปี 2567" in text_of(app)
    assert SAVE not in labels(app)
    button(app, "ใช้ปี 2567 ที่เลือกไว้").click().run()
    assert "จะบันทึกเป็นของ เทศบาลตำบลหนองบัวทอง ปี 2567" in text_of(app)
    assert SAVE in labels(app)


def test_another_agency_than_chosen_is_asked_about(open_upload: OpenReport) -> None:
    app = open_upload(as_html(TOWN), agency="T")
    assert "แต่เลือกไว้" not in text_of(app)
    app.selectbox(key="agency").set_value("B").run()
    told = text_of(app)
    assert "“เทศบาลตำบลหนองบัวทอง” แต่เลือกไว้เป็น “เทศบาลเมืองท่าเกวียน”" in told
    assert SAVE not in labels(app)
    button(app, "ใช้หน่วยงานตามเอกสาร").click().run()
    assert app.selectbox(key="agency").value == "T"
    assert SAVE in labels(app)


def test_an_agency_of_a_kind_that_readers_do_not_know_is_known_by_its_stored_name(
    open_upload: OpenReport,
) -> None:
    app = open_upload(as_html(replace(TOWN, agency="ศูนย์วิจัยข้าวทุ่งกระเจียว")), agency="T")
    assert "“ศูนย์วิจัยข้าวทุ่งกระเจียว” แต่เลือกไว้เป็น “เทศบาลตำบลหนองบัวทอง”" in text_of(app)
    assert SAVE not in labels(app)
    button(app, "ใช้หน่วยงานตามเอกสาร").click().run()
    assert app.selectbox(key="agency").value == "V"


@pytest.mark.slow
def test_a_report_without_a_year_waits_for_one(open_upload: OpenReport) -> None:
    app = open_upload(HTML.replace(b"2566", b"").replace(b"2565", b""))
    assert "ไม่พบปีงบประมาณในเอกสาร" in text_of(app)
    assert SAVE not in labels(app)
    app.selectbox(key="report year").set_value(FiscalYear(2565)).run()
    assert SAVE in labels(app)


@pytest.mark.slow
def test_text_is_pasted(towns: Path, open_page: OpenPage) -> None:
    app = open_page(UPLOAD, kind="report", agency="T")
    unfold(app, "หรือวางข้อความของรายงาน")
    button(app, "อ่านข้อความนี้").click().run()
    assert "กรุณาวางข้อความก่อน" in text_of(app)
    text = HTML.decode()
    field(app, "ข้อความของรายงาน ตั้งแต่ชื่อรายงานจนจบตาราง").set_value(text)
    button(app, "อ่านข้อความนี้").click().run()
    assert field(app, "มาตรการ 1").value == TOWN.rows[0].measures[0]
    save(app)
    assert narrative()
    button(app, "นำเข้ารายงานเดิมอีกฉบับ").click().run()
    assert not [area for area in app.text_area if area.label == "มาตรการ 1"]


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "รายงาน.pdf", "ไฟล์นี้เป็นรูปภาพ"),
        (encrypted("secret"), "รายงาน.pdf", "ไฟล์นี้มีรหัสผ่าน"),
        (b"%PDF-1.7\n%%EOF", "รายงาน.pdf", "เปิดไฟล์นี้ไม่ได้"),
        (one_page(b"100 0 0 100 0 0 cm"), "ว่าง.pdf", "ไฟล์นี้ไม่มีข้อความ"),
        (b"  \n", "ว่าง.txt", "ไฟล์นี้ว่าง"),
        (b"PK\x03\x04 broken", "รายงาน.docx", "เปิดไฟล์นี้ไม่ได้"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(
    content: bytes, name: str, told: str, open_upload: OpenReport
) -> None:
    app = open_upload(content, name, agency="T")
    before = version()
    assert told in text_of(app)
    assert "คัดลอกทั้งรายงานมาวาง" in text_of(app)
    assert SAVE not in labels(app)
    drop(app, HTML, "รายงาน.html")
    assert field(app, "มาตรการ 1")
    assert version() == before


@pytest.mark.slow
def test_a_refused_file_leaves_what_was_mended_before(open_upload: OpenReport) -> None:
    app = open_upload(agency="T")
    field(app, "มาตรการ 1").set_value("จัดทำคู่มือ").run()
    drop(app, b"  ", "ว่าง.txt")
    assert "ไฟล์นี้ว่าง" in text_of(app)
    drop(app, HTML, "รายงาน 2566.html")
    assert field(app, "มาตรการ 1").value == "จัดทำคู่มือ"


def test_a_document_without_such_a_table_can_still_be_put_into_cells(
    open_upload: OpenReport,
) -> None:
    app = open_upload(
        b"Minutes of the meeting\n\nThe committee met twice.", "minutes.txt", agency="T"
    )
    assert "ไม่พบตารางรายงานในเอกสารนี้" in text_of(app)
    assert SAVE not in labels(app)
    assert any("committee met twice" in text for text in to_copy(app))


@pytest.mark.slow
def test_staff_bring_in_reports_of_their_own_agency_only(
    open_upload: OpenReport, monkeypatch: pytest.MonkeyPatch, towns: Path
) -> None:
    with open_store(towns) as store:
        owner = machine_owner("x")
        add_account(store, owner, "admin", "ผู้ดูแล", RoleGrant(Role.ADMIN), "ฝนตกที่บ้านนา2567")
        grant = RoleGrant(Role.STAFF, "B")
        add_account(store, owner, "staff", "เจ้าหน้าที่", grant, "ฝนตกที่บ้านนา2567")
    as_account(monkeypatch, "staff")
    app = open_upload()
    assert "ท่านไม่มีสิทธิ์นำเข้าข้อมูลของ “เทศบาลตำบลหนองบัวทอง”" in text_of(app)
    assert "ใช้หน่วยงานตามเอกสาร" not in labels(app)
    app.selectbox(key="agency").set_value("T").run()
    assert SAVE not in labels(app)
    assert "ยังบันทึกไม่ได้" in text_of(app)
