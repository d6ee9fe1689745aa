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
from tests.pages.measures_page import MEASURES, fill_store, html_of, measures_shown
from tests.pages.moves import button, labels, sign, text_of, unfold

ACTIONS = "ยกเลิก หรือเอาสิ่งที่บันทึกผิดออก"
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
    unfold(app, ACTIONS)
    if action:
        app.segmented_control(key="action IIT-1").set_value(action).run()
    assert not app.exception
    return app


@pytest.mark.slow
def test_it_is_folded_and_offers_both(worked: Path, open_page: OpenPage) -> None:
    app = open_page(MEASURES, year="2567", measure="IIT-1")
    (fold,) = [e for e in app.expander if e.label == ACTIONS]
    assert not fold.proto.expanded
    unfold(app, ACTIONS)
    assert [o.content for o in app.segmented_control(key="action IIT-1").proto.options] == [
        "ยกเลิกมาตรการนี้",
        "เอาออก (บันทึกผิด)",
    ]
    assert not app.text_input


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
    monkeypatch.setattr("ita.ui.measures.actions.current_user", lambda: chief)
    app = open_page(MEASURES, year="2567", measure="IIT-1")
    assert ACTIONS not in [e.label for e in app.expander]


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("action", ["cancel", "remove"])
def test_in_both_languages(worked: Path, open_page: OpenPage, lang: str, action: str) -> None:
    with language_set_to(lang):
        app = open_page(MEASURES, year="2567", measure="IIT-1", lang=lang)
        unfold(app, ACTIONS if lang == "th" else "Cancel, or take")
        app.segmented_control(key="action IIT-1").set_value(action).run()
        assert not app.exception
        assert len(app.text_input) == 2
