"""The report made ready in place: what it lacks, the way there, the edit, its diff, save and receipt."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from ita.auth.permissions import Role, User
from ita.imports.cells import tidy
from ita.store.batches import list_batches
from ita.ui.narrative.editor import MEASURES_BATCH_SIZE
from ita.web import current_user
from ita.web.store_access import get_store
from tests.imports.bringing import NARRATIVE, everything, rows, taken
from tests.imports.nasty import NASTY
from tests.pages.conftest import OpenPage
from tests.pages.moves import labels, text_of, unfold
from tests.pages.report_moves import (
    ANSWERS,
    CHECK,
    OUTCOME,
    PERIOD,
    REPORT,
    RESULT,
    SAVE,
    cell,
    opened,
    press,
    save,
    stored,
    unnumbered,
    write,
)


@pytest.fixture
def page(open_page: OpenPage) -> AppTest:
    return opened(open_page)


def test_readiness_tells_counts_and_leads_to_each_place(page: AppTest) -> None:
    told = text_of(page)
    assert "ยังขาด 4 รายการ จึงยังส่งไม่ได้" in told
    for line in ("ทุกมาตรการมีสรุปผล 6 จาก 9", "ทุกแบบวัดมีผลลัพธ์ 3 จาก 3"):
        assert line in " ".join(told.split())
    for label in ("1 · สรุปผล IIT ข้อ 3", "4 · ระบุระยะเวลา OIT", "5 · แก้ถ้อยคำ EIT"):
        assert label in labels(page)


def test_readiness_is_that_of_the_whole_report_whatever_is_shown(open_page: OpenPage) -> None:
    for instrument in ("IIT", "OIT"):
        told = text_of(opened(open_page, instrument=instrument))
        assert "ยังขาด 4 รายการ" in told
        assert ("พ.ร.บ.จัดซื้อจัดจ้าง" in told) is (instrument == "OIT")


def test_one_instrument_is_shown_and_links_of_other_pages_name_it(open_page: OpenPage) -> None:
    app = open_page(REPORT, agency="SAMPLE", year="2567", instruments="OIT,EIT")
    assert app.segmented_control(key="instrument").value == "OIT"
    assert app.query_params["instrument"] in ("OIT", ["OIT"])
    assert "instruments" not in app.query_params
    app.segmented_control(key="instrument").set_value("IIT").run()
    assert "แก้ไข IIT" in labels(app) and "แก้ไข OIT" not in labels(app)


@pytest.mark.parametrize("instrument", ["x", "", "IIT,EIT", "<b>"])
def test_an_unknown_tab_is_the_first(instrument: str, open_page: OpenPage) -> None:
    app = opened(open_page, instrument=instrument)
    assert not app.error
    assert app.segmented_control(key="instrument").value == "IIT"


def test_the_cells_of_the_authority_hold_numbers_of_notes_only(page: AppTest) -> None:
    (table,) = [e.proto.body for e in page.get("html") if '"ita-report"' in e.proto.body]
    assert '<sup class="ita-ref">2</sup>' in table
    assert '<sup class="ita-ref">5</sup>' in table
    assert "ita-tag" not in table
    notes = [e.proto.body for e in page.get("html") if '"ita-note"' in e.proto.body]
    assert [re.findall(r">(\d+)</sup>", note) for note in notes] == [["2"], ["5"]]


def test_marks_say_why_and_how(page: AppTest) -> None:
    told = " ".join(text_of(page).split())
    assert "ข้อความขัดกับคะแนน EIT เพิ่มขึ้นทุกปี ขัดกับคะแนนที่มี: ไม่เพิ่มขึ้นในปี 2566" in told
    assert "เพิ่มสรุปผลของมาตรการนี้" in told
    page.segmented_control(key="instrument").set_value("OIT").run()
    assert "นำเข้าคะแนนปี 2565, 2566 หรือปรับถ้อยคำ" in text_of(page)


def test_a_tap_on_a_true_sentence_writes_it_into_the_draft(page: AppTest) -> None:
    wording = "คะแนน EIT ปี 2567 ได้ 85.77 คะแนน เพิ่มขึ้น 4.13 คะแนน จากปี 2566"
    press(page, f"ใช้แทนว่า “{wording}”")
    assert wording in cell(page, OUTCOME).value
    assert "ทุกปี" not in cell(page, OUTCOME).value
    assert wording not in stored(OUTCOME)[0][0]


def test_a_button_of_the_readiness_opens_the_editor_at_its_place(page: AppTest) -> None:
    press(page, "ระบุระยะเวลา OIT")
    assert page.query_params["edit"] in ("OIT-period", ["OIT-period"])
    assert cell(page, PERIOD).value == ""
    assert "แก้ไข OIT" not in labels(page)
    assert page.segmented_control(key="instrument").value == "OIT"


def test_a_link_opens_the_editor_too(open_page: OpenPage) -> None:
    app = opened(open_page, edit="EIT-outcome")
    assert "คะแนน ITA" in cell(app, OUTCOME).value


@pytest.mark.parametrize("code", ["x", "IIT-x", "IIT-result-x", "EIT-result-99"])
def test_nonsense_in_a_link_breaks_nothing(code: str, open_page: OpenPage) -> None:
    app = opened(open_page, edit=code)
    assert not app.error


@pytest.mark.slow
def test_a_period_goes_from_the_click_to_the_receipt_and_back(page: AppTest) -> None:
    before = everything(get_store())
    press(page, "ระบุระยะเวลา OIT")
    write(page, PERIOD, 0, "ไตรมาส 2-4 ปีงบประมาณ 2567")
    press(page, CHECK)
    told = " ".join(text_of(page).split())
    assert "ระยะเวลาดำเนินการ ไม่มีข้อมูล ไตรมาส 2-4 ปีงบประมาณ 2567" in told
    assert "สิ่งที่รายงานยังขาด ปี 2567" in told  # the figures that people see
    assert stored(PERIOD, "OIT") == {}
    save(page)
    told = text_of(page)
    assert "บันทึกแล้ว เป็นการนำเข้าครั้งที่ 8" in told
    assert "ยังขาด 3 รายการ" in told
    assert stored(PERIOD, "OIT") == {0: ("ไตรมาส 2-4 ปีงบประมาณ 2567", None)}
    with get_store().reading() as cursor:
        newest = list_batches(cursor)[0]
    assert (newest.person, newest.reason, newest.rows_new) == ("สมศรี", "แก้ตามที่ตรวจ", 1)
    app = page.switch_page("pages/data/history.py").run()
    unfold(app, "ยกเลิกการนำเข้าครั้งที่ 8")
    next(t for t in app.text_input if t.key.startswith("reason undo ")).set_value("ลอง")
    app.text_input(key="person").set_value("สมศรี")
    press(app, "ยกเลิกครั้งนี้")
    assert everything(get_store()) == before


@pytest.mark.slow
def test_a_measure_gets_its_result_and_the_report_its_line(page: AppTest) -> None:
    press(page, "สรุปผล EIT ข้อ 3")
    press(page, "เพิ่มสรุปผลของมาตรการ 3")
    assert cell(page, ANSWERS, -1).value == [3]
    write(page, RESULT, -1, "เปิดช่องทางติดต่อสอบถามสองทางแล้ว")
    save(page)
    assert stored(RESULT)[4] == ("เปิดช่องทางติดต่อสอบถามสองทางแล้ว", "3")
    told = text_of(page)
    assert "เปิดช่องทางติดต่อสอบถามสองทางแล้ว" in told
    assert "สรุปผล EIT ข้อ 3" not in unnumbered(page)


@pytest.mark.slow
def test_which_measures_a_result_answers_can_be_changed(page: AppTest) -> None:
    press(page, "สรุปผล EIT ข้อ 3")
    text = cell(page, RESULT, 3).value
    write(page, ANSWERS, 3, [3])
    save(page)
    assert stored(RESULT)[3] == (text, "3")


@pytest.mark.slow
def test_divisions_of_a_measure_and_a_text_are_saved_together(page: AppTest) -> None:
    press(page, "แก้ไข EIT")
    write(page, "divisions", 1, ["กองคลัง"])
    write(page, OUTCOME, 0, "ประชาชนได้รับบริการที่ดีขึ้น")
    save(page)
    assert "เป็นการนำเข้าครั้งที่ 8, 9" in text_of(page)
    found = rows(get_store(), "measure", "agency_id, instrument, seq, divisions, measure")
    (kept,) = [row for row in found if row[:3] == ("SAMPLE", "EIT", 1)]
    assert kept[3] == "กองคลัง"
    assert kept[4].startswith("พัฒนาระบบการให้บริการออนไลน์")
    assert stored(OUTCOME)[0][0] == "ประชาชนได้รับบริการที่ดีขึ้น"


@pytest.mark.slow
def test_a_result_can_be_taken_out(page: AppTest) -> None:
    press(page, "แก้ไข EIT")
    assert set(stored(RESULT)) == {1, 2, 3}
    out = [b for b in page.button if b.label == "ลบสรุปผลนี้"]
    out[1].click().run()
    assert "เมื่อบันทึกจะลบสรุปผลนี้จากรายงาน" in text_of(page)
    save(page)
    assert set(stored(RESULT)) == {1, 3}


@pytest.mark.slow
def test_a_claim_is_put_as_a_true_wording_with_one_click(page: AppTest) -> None:
    press(page, "แก้ถ้อยคำ EIT")
    assert "ข้อความขัดกับคะแนน" in text_of(page)
    wording = next(label for label in labels(page) if label.startswith("คะแนน EIT"))
    press(page, wording)
    outcome = cell(page, OUTCOME).value
    assert wording in outcome
    assert outcome.startswith("ประชาชนผู้มาติดต่อ")
    assert "ทุกปี" not in outcome
    save(page)
    assert "แก้ถ้อยคำ EIT" not in unnumbered(page)
    assert stored(OUTCOME)[0][0] == outcome


@pytest.mark.slow
def test_a_text_against_the_scores_is_warned_of_and_still_saved(page: AppTest) -> None:
    press(page, "แก้ไข EIT")
    text = "คะแนน EIT มีแนวโน้มเพิ่มขึ้นทุกปี"
    write(page, OUTCOME, 0, text)
    press(page, CHECK)
    assert "ข้อความนี้ขัดกับคะแนน" in text_of(page)
    page.text_input(key="person").set_value("สมศรี")
    next(t for t in page.text_input if t.key.startswith("reason ")).set_value("ยืนยัน")
    press(page, SAVE)
    assert "กรุณาติ๊ก “ทราบแล้วว่าข้อความขัดกับคะแนน และยืนยันให้บันทึก”" in text_of(page)
    page.checkbox[0].check()
    press(page, SAVE)
    assert stored(OUTCOME)[0][0] == text


TRAPS = [text for text in NASTY if text.startswith(("=H", "<s", "👨", "๒", "-", "'=", "เขา", "ש"))]


@pytest.mark.slow
@pytest.mark.parametrize("traps", [TRAPS[:4], TRAPS[4:8], ["ก" * 5_000, "<r>", "\u202ex\u200b"]])
def test_bad_input_is_text_and_nothing_else(traps: list[str], page: AppTest) -> None:
    press(page, "แก้ไข EIT")
    for number, text in enumerate(traps):
        write(page, RESULT if number else OUTCOME, number, text)
    save(page)
    shown = "".join(e.proto.body for e in page.get("html") if '"ita-report"' in e.proto.body)
    press(page, "แก้ไข EIT")
    shown += "".join(e.proto.body for e in page.get("html"))
    assert "<script>alert" not in shown
    assert "<r>" not in shown
    for number, text in enumerate(traps):
        kept = stored(RESULT if number else OUTCOME)[number][0]
        assert kept == tidy(text)
        assert cell(page, RESULT if number else OUTCOME, number).value == kept


@pytest.fixture
def many(open_page: OpenPage) -> AppTest:
    """EIT of a year to come with more measures than are shown together, a third without a result."""
    opened(open_page)
    count = 2 * MEASURES_BATCH_SIZE + 5
    head = "ปีงบประมาณ,หน่วยงาน,แบบวัด,ลำดับ,มาตรการ\n"
    measures = "".join(f"2568,SAMPLE,EIT,{n},มาตรการ <i>{n}</i>\n" for n in range(1, count + 1))
    taken(get_store(), "measures", head + measures)
    results = "".join(
        f"2568,SAMPLE,EIT,สรุปผล,{n},ทำข้อ {n},{n}\n" for n in range(1, count + 1) if n % 3
    )
    taken(get_store(), "narrative", NARRATIVE + results)
    return open_page(
        REPORT, agency="SAMPLE", year="2568", edit=f"EIT-divisions-{MEASURES_BATCH_SIZE + 1}"
    )


@pytest.mark.slow
def test_of_many_measures_a_part_is_shown_beginning_with_the_one_asked_for(many: AppTest) -> None:
    def shown(name: str) -> set[int]:
        keys = [f.key for kind in (many.text_area, many.multiselect) for f in kind]
        return {int(key.split()[-1]) for key in keys if f" {name} " in key}

    part = set(range(MEASURES_BATCH_SIZE + 1, 2 * MEASURES_BATCH_SIZE + 1))
    assert shown("divisions") == part
    assert shown(RESULT) == {n for n in part if n % 3}
    assert "<i>" not in "".join(e.proto.body for e in many.get("html"))
    write(many, "divisions", MEASURES_BATCH_SIZE + 1, ["กองคลัง"])
    many.selectbox(key=next(s.key for s in many.selectbox if s.key.startswith("part "))).set_value(
        2
    ).run()
    write(many, "divisions", 2 * MEASURES_BATCH_SIZE + 2, ["กองช่าง"])
    save(many)
    found = rows(get_store(), "measure", "fiscal_year, seq, divisions")
    named = {seq: divisions for year, seq, divisions in found if year == 2568 and divisions}
    assert named == {MEASURES_BATCH_SIZE + 1: "กองคลัง", 2 * MEASURES_BATCH_SIZE + 2: "กองช่าง"}


STAFF = User("สมชาย", Role.STAFF, "SAMPLE", account="local:somchai")


def signed_in(monkeypatch: pytest.MonkeyPatch, person: User) -> None:
    monkeypatch.setattr(current_user, "user_of", lambda asking: person)


@pytest.mark.parametrize(
    "person",
    [
        User("ผู้ชม", Role.VIEWER, account="local:v"),
        User("ผู้บริหาร", Role.EXECUTIVE, account="local:e"),
        replace(STAFF, agency_id="YALA"),
    ],
    ids=lambda person: person.role.value,
)
def test_who_may_not_write_reads_the_marks_and_finds_no_way_to_write(
    person: User, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(monkeypatch, person)
    app = opened(open_page, edit="EIT-outcome")
    told = text_of(app)
    assert "ยังขาด 4 รายการ" in told
    assert "ข้อความขัดกับคะแนน" in told
    shown = unnumbered(app)
    assert not [label for label in shown if label.startswith(("แก้", "สรุปผล", "ระบุ", "ใช้แทน"))]
    press(app, "ดู OIT ข้อ 2")
    assert app.segmented_control(key="instrument").value == "OIT"
    assert not app.text_area
    assert not any("edit=" in e.proto.body for e in app.get("html"))


@pytest.mark.slow
def test_staff_of_the_agency_save_under_their_own_name(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(monkeypatch, STAFF)
    app = opened(open_page, edit="OIT-period")
    write(app, PERIOD, 0, "ไตรมาส 1")
    press(app, CHECK)
    next(t for t in app.text_input if t.key.startswith("reason ")).set_value("เติมที่ขาด")
    press(app, SAVE)
    with get_store().reading() as cursor:
        assert list_batches(cursor)[0].person == "สมชาย"


def test_staff_of_a_division_are_told_what_is_not_theirs_and_lose_nothing(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(monkeypatch, replace(STAFF, divisions=frozenset({"กองคลัง"})))
    app = opened(open_page, edit="EIT-divisions-1")
    write(app, "divisions", 1, ["กองคลัง"])
    press(app, CHECK)
    assert "บัญชีของท่านดูแลเฉพาะความสำเร็จและผลของมาตรการของกองคลัง" in text_of(app)
    assert SAVE not in labels(app)
    assert cell(app, "divisions", 1).value == ["กองคลัง"]
