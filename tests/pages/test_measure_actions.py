"""มาตรการ: one measure is cancelled, taken up again or taken out where it is seen, each with its effect."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ita.auth.permissions import Role, User
from ita.i18n import language_set_to
from ita.store import open_store
from ita.web.store_access import get_store
from tests.imports.bringing import everything, rows, taken
from tests.pages.conftest import OpenPage
from tests.pages.measures_page import MEASURES, fill_store, measures_shown
from tests.pages.moves import button, html_of, labels, sign, text_of

WORK = "2567,T,IIT,1,อบรมเรื่องทรัพย์สิน,,กองคลัง,1,4\n2567,T,IIT,2,ตอบคำถามประชาชน,,กองช่าง,1,4\n"
DONE = "2567,1,T,IIT,1,10,,,\n2567,1,T,IIT,2,90,,,\n"


@pytest.fixture
def worked(empty_store: Path) -> Path:
    fill_store(empty_store, WORK, DONE)
    with open_store(empty_store) as store:
        head = "fiscal_year,agency,instrument,type,seq,text,measures\n"
        taken(store, "narrative", f'{head}2567,T,IIT,result,1,ทำแล้ว,"1,2"\n')
    return empty_store


def _open(open_page: OpenPage, action: str = "", **choices: str) -> AppTest:
    app = open_page(MEASURES, year="2567", measure="IIT-1", **choices)
    if action:
        app.segmented_control(key="action IIT-1").set_value(action).run()
    assert not app.exception
    return app


@pytest.mark.slow
def test_it_offers_the_report_first(worked: Path, open_page: OpenPage) -> None:
    app = open_page(MEASURES, year="2567", measure="IIT-1")
    actions = app.segmented_control(key="action IIT-1")
    assert [option.content for option in actions.proto.options] == [
        "รายงานหรือแก้ร้อยละ",
        "แก้มาตรการ",
        "ยกเลิกมาตรการนี้",
        "เอาออก (บันทึกผิด)",
    ]
    assert actions.value == "report"


def _report(app: AppTest, quarter: int, percent: str, note: str = "") -> AppTest:
    """Fill in one quarter's report of IIT 1, sign and save."""
    key = f"report T 2567 IIT-1 {quarter}"
    app.text_input(key=f"{key} percent").set_value(percent)
    if note:
        app.text_input(key=f"{key} note").set_value(note)
    sign(app, "สมชาย", "พิมพ์ผิด")
    button(app, f"บันทึกไตรมาส {quarter}/2567").click().run()
    assert not app.exception
    return app


@pytest.mark.parametrize(("typed", "stored"), [("45", 45), ("๔๕", 45), ("0", 0), ("0.5", 0.5)])
def test_one_percent_is_mended_where_it_is_seen(
    typed: str, stored: float, worked: Path, open_page: OpenPage
) -> None:
    app = open_page(MEASURES, year="2567", measure="IIT-1", report="1")
    assert app.text_input(key="report T 2567 IIT-1 1 percent").value == "10"
    _report(app, 1, typed, "แก้ตัวเลข")
    assert "บันทึกไตรมาส 1/2567 ของ IIT 1 แล้ว" in app.success[0].value.replace("\\", "")
    percents = rows(get_store(), "completion", "seq, CAST(percent AS DOUBLE), note")
    assert percents == [(1, stored, "แก้ตัวเลข"), (2, 90, None)]
    with get_store().reading() as cursor:
        saved = cursor.execute(
            "SELECT kind, person, reason FROM batch ORDER BY batch_id"
        ).fetchall()
    assert saved[-1] == ("progress", "สมชาย", "พิมพ์ผิด")


def test_a_missing_report_is_filled_in_beside_the_plan(worked: Path, open_page: OpenPage) -> None:
    app = open_page(MEASURES, year="2567", measure="IIT-1")
    assert "แผน 50 % · ครั้งก่อน ไตรมาส 1/2567 รายงาน 10 %" in text_of(
        app
    )  # the first that is missing
    _report(app, 2, "60")
    assert len(rows(get_store(), "completion")) == 3


@pytest.mark.parametrize(
    ("typed", "problem"),
    [("ครึ่ง", "ไม่ใช่ตัวเลข"), ("120", "อยู่นอกช่วง"), ("", "ยังไม่ได้กรอก"), ("-1", "อยู่นอกช่วง")],
)
def test_what_is_wrong_stands_at_its_field(
    typed: str, problem: str, worked: Path, open_page: OpenPage
) -> None:
    before = everything(get_store())
    app = _report(open_page(MEASURES, year="2567", measure="IIT-1", report="1"), 1, typed, "ก")
    assert problem in app.error[0].value
    assert app.text_input(key="report T 2567 IIT-1 1 percent").value == typed
    assert everything(get_store()) == before


def test_a_fall_is_warned_of_and_stored_when_confirmed(worked: Path, open_page: OpenPage) -> None:
    app = _report(open_page(MEASURES, year="2567", measure="IIT-1", report="2"), 2, "5")
    assert "น้อยกว่าไตรมาส 1" in app.warning[0].value
    assert len(rows(get_store(), "completion")) == 2
    button(app, "บันทึกไตรมาส 2/2567").click().run()
    assert "กรุณาติ๊ก" in app.error[0].value
    app.checkbox[0].check()
    button(app, "บันทึกไตรมาส 2/2567").click().run()
    assert len(rows(get_store(), "completion")) == 3


def test_nothing_changed_stores_nothing(worked: Path, open_page: OpenPage) -> None:
    before = everything(get_store())
    app = _report(open_page(MEASURES, year="2567", measure="IIT-1", report="1"), 1, "10")
    assert "ยังไม่ได้เปลี่ยนอะไร" in app.info[0].value
    assert everything(get_store()) == before


@pytest.mark.slow
def test_what_was_saved_meanwhile_is_not_written_over_unseen(
    worked: Path, open_page: OpenPage
) -> None:
    app = open_page(MEASURES, year="2567", measure="IIT-1", report="1")
    head = "fiscal_year,quarter,agency,instrument,seq,percent\n"
    taken(get_store(), "progress", f"{head}2567,1,T,IIT,1,70\n")
    _report(app, 1, "20")
    assert "มีผู้บันทึกข้อมูลหลังจากเปิดแบบนี้" in app.warning[0].value
    assert rows(get_store(), "completion", "CAST(percent AS INT)") == [(70,), (90,)]
    button(app, "บันทึกไตรมาส 1/2567").click().run()
    # Once it was seen, what is typed is stored.
    assert rows(get_store(), "completion", "CAST(percent AS INT)") == [(20,), (90,)]


def test_a_measure_is_edited_where_it_is_seen(worked: Path, open_page: OpenPage) -> None:
    app = _open(open_page, "edit")
    key = "edit T 2567 IIT-1"
    assert app.text_area(key=f"{key} measure").value == "อบรมเรื่องทรัพย์สิน"
    app.text_area(key=f"{key} measure").set_value("อบรมเรื่องทรัพย์สินทุกไตรมาส")
    app.text_input(key=f"{key} divisions").set_value("กองคลัง, สำนักปลัด")
    app.selectbox(key=f"{key} end_quarter").set_value("2")
    app.multiselect(key=f"{key} indicator").set_value(["1", "4"])
    sign(app, "สมชาย", "ระบุตัวชี้วัด")
    button(app, "บันทึกมาตรการ").click().run()
    assert not app.exception
    assert "แก้ IIT 1 แล้ว" in app.success[0].value
    fields = "measure, divisions, start_quarter, end_quarter, indicator"
    assert rows(get_store(), "measure", fields)[0] == (
        *("อบรมเรื่องทรัพย์สินทุกไตรมาส", "กองคลัง\nสำนักปลัด", 1, 2),
        "1,4",
    )


def test_a_period_that_ends_before_it_begins_is_refused_at_its_field(
    worked: Path, open_page: OpenPage
) -> None:
    app = _open(open_page, "edit")
    app.selectbox(key="edit T 2567 IIT-1 start_quarter").set_value("3")
    app.selectbox(key="edit T 2567 IIT-1 end_quarter").set_value("2")
    sign(app, "สมชาย", "เลื่อน")
    button(app, "บันทึกมาตรการ").click().run()
    assert "ไตรมาสสิ้นสุดมาก่อนไตรมาสเริ่ม" in app.error[0].value


@pytest.mark.slow
def test_cancelled_and_taken_up_again(worked: Path, open_page: OpenPage) -> None:
    before = everything(get_store())
    app = _open(open_page, "cancel")
    assert "ความสำเร็จเฉลี่ยไตรมาส 1/2567: 50 %" in text_of(app)
    assert "→ 90 %" in text_of(app)
    button(app, "ยกเลิกมาตรการนี้").click().run()
    assert "กรุณากรอก “ผู้ยกเลิก”" in text_of(app)
    sign(app, "สมชาย", "ยกเลิก")
    button(app, "ยกเลิกมาตรการนี้").click().run()
    assert "เหตุผลที่ยกเลิก" in app.error[-1].value  # the bare word gives no reason
    assert everything(get_store()) == before
    sign(app, "สมชาย", "งบไม่ผ่านสภา <b>")
    button(app, "ยกเลิกมาตรการนี้").click().run()
    assert not app.exception
    assert "ยกเลิก IIT 1 แล้ว" in app.success[0].value
    assert [row[0] for row in rows(get_store(), "measure", "cancelled")] == ["งบไม่ผ่านสภา <b>", None]
    assert "งบไม่ผ่านสภา &lt;b&gt;" in html_of(app)
    app = _open(open_page, "take_up")
    assert "→ 50 %" in text_of(app)
    sign(app, "สมชาย", "ได้งบแล้ว")
    button(app, "นำมาตรการนี้กลับมาทำ").click().run()
    assert "นำ IIT 1 กลับมาแล้ว" in app.success[0].value
    assert everything(get_store()) == before


def test_the_filter_finds_what_is_cancelled(worked: Path, open_page: OpenPage) -> None:
    head = "fiscal_year,agency,instrument,seq,measure,cancelled\n"
    with open_store(worked) as store:
        taken(store, "measures", f"{head}2567,T,IIT,2,ตอบคำถามประชาชน,ซ้ำกับงานประจำ\n")
    app = open_page(MEASURES, year="2567", status="cancelled")
    assert measures_shown(app) == ["IIT 2"]
    assert "ซ้ำกับงานประจำ" in html_of(app)
    app = open_page(MEASURES, year="2567", status="late,no_report")
    assert measures_shown(app) == ["IIT 1"]


def test_taken_out_with_what_hangs_on_it(worked: Path, open_page: OpenPage) -> None:
    app = _open(open_page, "remove")
    told = text_of(app)
    assert "3 แถว" in told
    assert "ตอบมาตรการ" in told or "มาตรการที่" in told
    sign(app, "สมชาย", "บันทึกซ้ำ")
    button(app, "เอาออก 3 แถว").click().run()
    assert not app.exception
    assert "เอามาตรการ 2567 IIT 1 ออกแล้ว" in app.success[0].value
    assert measures_shown(app) == ["IIT 2"]
    assert rows(get_store(), "narrative", "measures") == [("2",)]


@pytest.mark.slow
def test_one_percent_is_taken_out(worked: Path, open_page: OpenPage) -> None:
    app = _open(open_page, "remove")
    app.selectbox(key="removal IIT-1").set_value("รายงานของไตรมาส 1/2567").run()
    sign(app, "สมชาย", "พิมพ์ผิดไตรมาส")
    button(app, "เอาออก 1 แถว").click().run()
    assert rows(get_store(), "completion", "seq") == [(2,)]
    assert len(rows(get_store(), "measure")) == 2


@pytest.mark.slow
def test_what_somebody_saved_meanwhile_is_looked_at_again(
    worked: Path, open_page: OpenPage
) -> None:
    app = _open(open_page, "remove")
    sign(app, "สมชาย", "บันทึกซ้ำ")
    head = "fiscal_year,quarter,agency,instrument,seq,percent\n"
    taken(get_store(), "progress", f"{head}2567,2,T,IIT,1,70\n")
    app.run()
    assert "เอาออก 4 แถว" in labels(app)
    assert len(rows(get_store(), "measure")) == 2


def test_who_may_not_sees_none_of_it(
    worked: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    chief = User("ผู้บริหาร", Role.EXECUTIVE, account="chief")
    for module in ("ita.ui.measures.actions", "ita.ui.components.navigation"):
        monkeypatch.setattr(f"{module}.current_user", lambda: chief)
    app = open_page(MEASURES, year="2567", measure="IIT-1")
    assert [field.key for field in app.text_input] == ["search words"]
    assert not [c for c in app.segmented_control if c.key == "action IIT-1"]
    assert "แก้ไข" not in html_of(app)
    assert "report=" not in html_of(app)


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("action", ["report", "edit", "cancel", "remove"])
def test_in_both_languages(worked: Path, open_page: OpenPage, lang: str, action: str) -> None:
    with language_set_to(lang):
        app = open_page(MEASURES, year="2567", measure="IIT-1", lang=lang)
        app.segmented_control(key="action IIT-1").set_value(action).run()
        assert not app.exception
        assert len(app.text_input) >= 2
