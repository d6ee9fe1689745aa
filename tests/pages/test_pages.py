"""Every page empty and with data, its choices, and what stands on it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ita.reports.narrative import COLUMNS
from ita.store import open_store
from ita.web import paths
from ita.web.paths import PAGES
from tests.imports.bringing import taken
from tests.pages.conftest import OpenPage
from tests.patience import PATIENCE

FILES = [place.file for place in PAGES]
OVERVIEW, TREND, NARRATIVE = (p.file for p in (paths.OVERVIEW, paths.TREND, paths.NARRATIVE))
ADMIN = (paths.ACCOUNTS, paths.AUDIT)
SHOWING = [p.file for p in PAGES if p not in (paths.UPLOAD, paths.HISTORY, *ADMIN)]


def text_of(app: AppTest) -> str:
    """All that a person reads, without markup."""
    told = [element.proto.body for element in app.get("html")]
    told += [element.value for element in (*app.markdown, *app.info, *app.warning, *app.error)]
    told += [element.value for element in (*app.title, *app.header, *app.caption)]
    return unescape(re.sub(r"<[^>]+>", " ", "\n".join(told)))


@pytest.mark.parametrize("page", [file for file in SHOWING if file != OVERVIEW])
def test_a_page_without_data_says_what_to_do(
    page: str, empty_store: Path, open_page: OpenPage
) -> None:
    app = open_page(page)
    assert not app.exception
    assert "ยังไม่มีข้อมูล" in text_of(app)
    assert "แบบฟอร์มให้ดาวน์โหลดในหน้านำเข้าข้อมูล" in text_of(app)


@pytest.mark.slow
@pytest.mark.parametrize("page", FILES)
@pytest.mark.parametrize("agency", ["SAMPLE", "IPST", "YALA"])
@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_page_with_data_runs_clean(
    page: str, agency: str, lang: str, open_page: OpenPage
) -> None:
    app = open_page(page, agency=agency, lang=lang)
    assert not app.exception
    assert not app.error


@pytest.mark.slow
@pytest.mark.usefixtures("real_first_start")
def test_first_start_loads_the_samples_and_says_so(open_page: OpenPage) -> None:
    assert "ข้อมูลตัวอย่างที่มากับโปรแกรม" in text_of(open_page())


def test_overview_tells_total_level_change_and_that_it_is_fictional(open_page: OpenPage) -> None:
    told = text_of(open_page())
    for words in (
        "88.92",
        "ระดับ ผ่านดี",
        "+4.51 จากปี 2566 (ประเทศ +2.86)",
        "ต่ำกว่าค่าเฉลี่ยประเทศ 4.13",
        "+11.25 จากปี 2564",
        "ข้อมูลสมมติ",
        "IIT",
        "EIT",
        "OIT",
    ):
        assert words in told
    assert "ขาดอีก 6.04 จึงจะถึง 95" in told
    assert "ยังไม่เสร็จ: 80 %" in told


def test_the_first_card_answers_what_an_executive_asks(open_page: OpenPage) -> None:
    (card,) = [
        e.proto.body for e in open_page().get("html") if 'class="ita-answers"' in e.proto.body
    ]
    asked = re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", card)
    answers = {question: re.sub("<[^>]+>", "", told) for question, told in asked}
    assert list(answers) == ["งานที่ล่าช้า", "แนวโน้ม", "สิ่งที่ฉุดคะแนน", "ระดับถัดไป"]
    assert "เพิ่มขึ้นทุกปีในช่วง 2563–2567 (รวม +18.67, ประเทศ +25.15)" in answers["แนวโน้ม"]
    assert "แบบวัด EIT (ยังได้ไม่เต็ม 4.27 จาก 30)" in answers["สิ่งที่ฉุดคะแนน"]
    for words in ("ล่าช้า 2 มาตรการ", "ขาดรายงาน 2 มาตรการ", "ปี 2567"):
        assert words in answers["งานที่ล่าช้า"]
    assert "status=late%2Cno_report" in card
    assert "จาก 100" in card


def test_the_first_card_says_where_measures_come_from(open_page: OpenPage) -> None:
    app = open_page(agency="IPST")
    assert "ยังไม่มีข้อมูลมาตรการ" in text_of(app)
    drawn = "".join(unescape(element.proto.body) for element in app.get("html"))
    assert re.findall('href="([^"]*)"[^>]*>นำเข้ามาตรการ', drawn) == [
        "upload?agency=IPST&kind=measures"
    ]


def test_published_figures_are_not_called_fictional(open_page: OpenPage) -> None:
    assert "ข้อมูลสมมติ" not in text_of(open_page(TREND, agency="IPST")).replace("“ข้อมูลสมมติ”", "")


def test_trend_names_breaks_and_verdict(open_page: OpenPage) -> None:
    told = text_of(open_page(TREND, agency="IPST"))
    assert "(1) 2561 | 2562" in told
    assert "ขึ้นบ้างลงบ้างในช่วง 2562–2567" in told
    assert "สูงมาก" in told


def test_trend_keeps_its_choices_in_the_url(open_page: OpenPage) -> None:
    app = open_page(TREND, agency="IPST", years="2563-2566")
    assert app.select_slider[0].value == ("2563", "2566")
    scores = text_of(app).split("ตารางคะแนน")[1].split("ข้อสังเกตจากตัวเลข")[0]
    assert "90.73" in scores
    assert "91.07" not in scores
    assert app.query_params["agency"] in ("IPST", ["IPST"])


def test_an_unknown_agency_in_the_url_is_said(open_page: OpenPage) -> None:
    told = text_of(open_page(agency="NOBODY"))
    assert "ไม่มีหน่วยงานรหัส “NOBODY”" in told
    assert "88.92" in told


@pytest.mark.parametrize("years", ["", "x", "2563", "2566-2563", "1-2", "2563-2566-2567"])
def test_nonsense_in_the_url_shows_everything(years: str, open_page: OpenPage) -> None:
    app = open_page(TREND, agency="IPST", years=years)
    assert not app.exception
    assert app.select_slider[0].value == ("2558", "2567")


def test_narrative_has_the_columns_and_notes_what_is_missing(open_page: OpenPage) -> None:
    shown = [text_of(open_page(NARRATIVE, instrument=code)) for code in ("IIT", "EIT", "OIT")]
    told = "".join(shown)
    for heading in COLUMNS[1:]:
        assert all(heading in one for one in shown)
    assert [one.count("ยังไม่มีสรุปผลการดำเนินการ") for one in shown] == [1, 1, 1]
    assert "ยังไม่ระบุระยะเวลาดำเนินการ" in told
    for verdict in ("ข้อความตรงกับคะแนน", "ข้อความขัดกับคะแนน", "คะแนนไม่พอที่จะยืนยันข้อความ"):
        assert verdict in told


def test_narrative_narrows_to_an_instrument(open_page: OpenPage) -> None:
    told = text_of(open_page(NARRATIVE, instruments="OIT"))
    assert "หรือแบบวัด OIT" in told
    assert "หรือแบบวัด IIT" not in told


@pytest.mark.slow
def test_the_samples_can_be_taken_out(open_page: OpenPage) -> None:
    app = open_page()
    next(b for b in app.button if b.label == "นำข้อมูลตัวอย่างออก").click().run()
    assert not app.exception
    assert "เริ่มต้นใช้งาน: เสร็จแล้ว 0 จาก 5" in text_of(app)
    assert "88.92" not in text_of(app)


def test_a_store_in_use_is_a_sentence_and_the_page_comes_back(
    database: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ita.store.unavailable import StoreUnavailable, Trouble
    from ita.web import store_access

    def held(place: Path) -> None:
        raise StoreUnavailable(Trouble.IN_USE, place)

    monkeypatch.setattr(store_access, "open_store", held)
    app = open_page()
    assert not app.exception
    assert "กำลังถูกใช้โดยโปรแกรมอื่น" in text_of(app)
    monkeypatch.setattr(store_access, "open_store", open_store)
    app.button[0].click().run()
    assert "88.92" in text_of(app)


def test_a_fault_of_ours_is_a_sentence_without_a_trace(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("ita.scores.standing.compute_standing", broken)
    app = open_page()
    assert not app.exception
    assert "โปรแกรมขัดข้อง" in text_of(app)
    assert "secret detail" not in text_of(app)


@pytest.mark.parametrize("page", FILES)
def test_a_page_alone_shows_nothing(page: str, database: Path) -> None:
    app = AppTest.from_file(str(Path(page).resolve()), default_timeout=PATIENCE).run()
    assert "กรุณาเปิดหน้านี้จากหน้าแรก" in app.error[0].value
    assert not app.get("html")


def test_what_was_recorded_at_the_import_stands_where_the_file_names_no_source(
    database: Path, open_page: OpenPage
) -> None:
    with open_store(database) as store:
        taken(store, "agencies", "agency_id,name_th\nX1,เทศบาลทดลอง\n")
        taken(store, "scores", "fiscal_year,agency,total\n2567,X1,90\n2566,X1,88\n")
    told = text_of(open_page())
    assert "ไฟล์ไม่ได้ระบุแหล่งที่มา ผู้นำเข้าบันทึกไว้ว่า “test”" in told
    assert "+2.00 จากปี 2566 (ประเทศ +2.86)" in told


def test_a_rise_behind_the_nations_is_not_green(database: Path, open_page: OpenPage) -> None:
    with open_store(database) as store:
        taken(store, "agencies", "agency_id,name_th\nX1,เทศบาลทดลอง\n")
        taken(store, "scores", "fiscal_year,agency,total\n2567,X1,90\n2566,X1,88\n")
    drawn = "".join(unescape(element.proto.body) for element in open_page().get("html"))
    (mark,) = re.findall(r'class="ita-tag (\w+)">(?:(?!</span></span>).)*?\+2\.00 จากปี 2566', drawn)
    assert mark == "note"


def test_a_published_level_that_the_scores_deny_is_no_pass(
    database: Path, open_page: OpenPage
) -> None:
    with open_store(database) as store:
        taken(store, "agencies", "agency_id,name_th\nX1,เทศบาลทดลอง\n")
        taken(store, "scores", "fiscal_year,agency,total,level\n2567,X1,83.60,ผ่าน\n")
    app = open_page()
    assert "ประกาศ ผ่าน แต่ตามคะแนนคือ ต้องปรับปรุง" in text_of(app)
    assert "✓" not in text_of(app).split("ประกาศ ผ่าน")[0]
    assert "ไม่ตรงกับคะแนน" in text_of(open_page(TREND))


def test_weak_points_are_the_next_step_before_there_is_any_plan(
    database: Path, open_page: OpenPage
) -> None:
    with open_store(database) as store:
        taken(store, "agencies", "agency_id,name_th\nX1,เทศบาลทดลอง\n")
        taken(store, "scores", "fiscal_year,agency,ind1,ind2\n2568,X1,84.99,85\n")
    told = text_of(open_page())
    assert "ตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่าน 85 ในปี 2568 1 ตัว" in told
    assert "ได้ 84.99 · ยังไม่มีมาตรการที่ระบุตัวชี้วัดนี้" in told


def test_equal_indicators_are_neither_highest_nor_lowest(
    database: Path, open_page: OpenPage
) -> None:
    with open_store(database) as store:
        taken(store, "agencies", "agency_id,name_th\nX1,เทศบาลทดลอง\n")
        head = ",".join(f"ind{n}" for n in range(1, 11))
        taken(
            store,
            "scores",
            f"fiscal_year,agency,total,{head}\n2568,X1,90,{','.join(['90'] * 10)}\n",
        )
    told = text_of(open_page())
    assert re.search(r"ทุกตัวชี้วัดได้คะแนนเท่ากัน\s+90\.00", told)
    assert "ได้คะแนนสูงสุด" not in told


def test_without_a_total_no_distance_is_told(database: Path, open_page: OpenPage) -> None:
    with open_store(database) as store:
        taken(store, "agencies", "agency_id,name_th\nX1,เทศบาลทดลอง\n")
        taken(store, "scores", "fiscal_year,agency,iit,eit\n2568,X1,86,88\n", scale="percent")
    told = text_of(open_page())
    assert "ไม่มีข้อมูล" in told
    assert "เทียบกับ 85 ไม่ได้" not in told
    assert "ระดับถัดไป" not in told.split("คะแนนรวมรายปี")[0]
