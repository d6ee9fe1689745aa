"""The page of measures: its table, its file, and what it does with bad, many and missing data."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from ita.domain import FiscalYear, thai_today
from ita.store import open_store
from ita.ui.components import charts
from ita.ui.components.measure_links import evidence_html
from tests.imports.bringing import taken
from tests.pages.conftest import OpenPage
from tests.pages.measures_page import (
    MEASURES,
    asked_by,
    fill_store,
    links_of,
    measures_shown,
)
from tests.pages.moves import html_of, text_of


def test_measures_of_the_samples(open_page: OpenPage) -> None:
    app = open_page(MEASURES)
    told = re.sub(r"\s+", " ", text_of(app))
    assert not app.exception
    for words in (
        "ปี 2567: เสร็จ 5 จาก 9 · ล่าช้า 2 · ขาดรายงาน 2",
        "ต้องลงมือ 4 ข้อ",
        "ครบกำหนดเมื่อสิ้นไตรมาส 4 แล้วยังไม่เสร็จ: 80 %",
        "ไม่มีรายงานไตรมาส 3, 4 ซึ่งครบกำหนดตั้งแต่ 30 ก.ค. 2567 รายงานล่าสุดคือไตรมาส 2 ได้ 50 %",
        "ยังไม่ระบุระยะเวลาดำเนินการ",
        "ช้ากว่าแผนเกิน 10 % นับว่าล่าช้า",
    ):
        assert words in told, words
    assert told.count("ข้อมูลสมมติ") == 1 + 9  # the headline, and each one's evidence
    assert counts_of(app) == ["✓ เสร็จสิ้น **5**", "✕ ล่าช้า **2**", "! ไม่มีรายงาน **2**"]
    assert measures_shown(app) == [
        *("IIT 3", "EIT 1", "EIT 3", "OIT 2"),
        *("IIT 1", "IIT 2", "EIT 2", "OIT 1", "OIT 3"),
    ]
    assert told.count("กองการศึกษาฯ") == 1  # all have the same, which is said once
    assert "แก้ไข" in told
    assert not app.get("plotly_chart")


def test_the_summary_of_the_samples(open_page: OpenPage) -> None:
    app = open_page(MEASURES, show="summary")
    told = re.sub(r"\s+", " ", text_of(app))
    assert not app.exception
    for words in (
        "ส่งภายใน",
        "ไตรมาส 4/2567 30 ต.ค. 2567",
        "! ขาด 2 จาก 9",
        "95.71 % แผน 100 %",
        "ยังไม่มีมาตรการที่มุ่งแก้ 5 ตัว",
        "แหล่งข้อมูลบอกวันปิดการประเมินปี 2567 ไม่ตรงกัน",
    ):
        assert words in told, words
    assert measures_shown(app) == []
    assert len(app.get("plotly_chart")) == 1
    table = open_page(MEASURES, show="summary", **{"as": "table"})
    assert "EIT 3 23.33 % (3/3) 50 % (3/3) 80 % (2/3) 95 % (2/3)" in re.sub(
        r"\s+", " ", text_of(table)
    )
    assert not table.get("plotly_chart")


def counts_of(app: AppTest) -> list[str]:
    """How the measures stand, which is also the choice of statuses."""
    return [*app.button_group(key="status").options]


def test_a_tap_on_a_count_shows_only_what_it_counts(open_page: OpenPage) -> None:
    app = open_page(MEASURES)
    pills = app.button_group(key="status")
    assert list(pills.value) == []  # none chosen: all are shown
    pills.set_value(["late"]).run()
    assert measures_shown(app) == ["IIT 3", "EIT 1"]
    assert app.query_params["status"] in ("late", ["late"])
    assert "แสดง 2 จาก 9 มาตรการ" in text_of(app)
    app.button_group(key="status").set_value([]).run()
    assert len(measures_shown(app)) == 9
    assert "status" not in app.query_params


def test_a_tap_stays_when_other_choices_change_its_count(open_page: OpenPage) -> None:
    app = open_page(MEASURES)
    app.button_group(key="status").set_value(["late"]).run()
    app.button_group(key="instruments").set_value(["IIT"]).run()
    assert counts_of(app)[1] == "✕ ล่าช้า **1**"
    assert list(app.button_group(key="status").value) == ["late"]
    assert measures_shown(app) == ["IIT 3"]


@pytest.mark.parametrize(
    "every", ["done,late,no_report,not_started,on_plan", "late,done,no_report"]
)
def test_a_link_of_before_that_named_every_status_shows_all(
    every: str, open_page: OpenPage
) -> None:
    app = open_page(MEASURES, status=every, instruments="IIT,EIT,OIT")
    assert len(measures_shown(app)) == 9
    assert list(app.button_group(key="status").value) == []
    assert "แสดง " not in text_of(app)


def test_a_choice_that_nothing_fits_says_so_and_leads_back(open_page: OpenPage) -> None:
    app = open_page(MEASURES, status="on_plan")
    assert measures_shown(app) == []
    assert "! ไม่มีรายงาน **2**" in counts_of(app)
    assert "i ตามแผน **0**" in counts_of(app)
    assert "ไม่มีมาตรการที่ตรงกับตัวกรอง" in text_of(app)
    assert any(re.search("status=(&|$)", link) for link in links_of(app))


def test_the_list_comes_before_the_folded_choices_are_opened(open_page: OpenPage) -> None:
    """On the page itself stand the year, how the measures stand, and the list; the rest is folded."""
    main = open_page(MEASURES, division="กองคลัง").main
    (more,) = [p for p in main.get("popover") if p.proto.popover.label.startswith("กรอง")]
    assert more.proto.popover.label == "กรอง (1)"
    folded = {widget.key for widget in more.selectbox}
    assert folded == {"quarter", "division", "measure"}


@pytest.mark.slow
def test_late_work_of_another_year_is_told_beside_a_new_plan(
    database: Path, open_page: OpenPage
) -> None:
    running = _this_year()
    last = int(running) - 1
    done = "".join(f"{last},{q},T,IIT,2,100,,,\n" for q in (1, 2, 3, 4))
    fill_store(
        database,
        f"{last},T,IIT,1,ก,1,กองคลัง,1,1\n{last},T,IIT,2,ข,1,กองคลัง,1,4\n"
        f"{int(running)},T,IIT,1,ค,1,กองคลัง,4,4\n",
        f"{last},1,T,IIT,1,40,,,\n{done}",
    )
    app = open_page(MEASURES)
    told = re.sub(r"\s+", " ", text_of(app))
    assert f"ปี {int(running)}: เสร็จ 0 จาก 1" in told
    assert f"ปีอื่นที่ยังค้าง: ปี {last} ✕ ล่าช้า 1 มาตรการ" in told
    (lead,) = [asked_by(link) for link in links_of(app) if "status=late" in link]
    assert (lead["year"], lead["status"]) == (str(last), "late")
    assert measures_shown(open_page(MEASURES, **lead)) == ["IIT 1"]


def test_as_of_a_quarter(open_page: OpenPage) -> None:
    app = open_page(MEASURES, quarter="2")
    told = re.sub(r"\s+", " ", text_of(app))
    assert "นับถึงสิ้นไตรมาส 2/2567" in told
    assert counts_of(app) == ["✕ ล่าช้า **1**", "i ตามแผน **8**"]
    assert "ถึงไตรมาส 2 ควรได้ 50 % แต่รายงาน 30 %" in told
    assert "ยังไม่นับ" in told


def test_english_has_no_thai_but_what_is_data(open_page: OpenPage) -> None:
    app = open_page(MEASURES, lang="en", measure="IIT-3")
    assert not app.exception
    told = text_of(app)
    for words in ("Late", "No report", "plan 75 %", "Q4 of FY2567", "30 Oct 2024"):
        assert words in told, words


def test_the_filtered_table_goes_out_with_its_filter(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: dict[str, Callable[[], bytes]] = {}

    def note(label: str, data: Callable[[], bytes], file_name: str, **_: object) -> None:
        made[file_name] = data

    monkeypatch.setattr(charts.st, "download_button", note)
    open_page(MEASURES, status="no_report")
    open_page(MEASURES, status="no_report", show="summary")
    book = openpyxl.load_workbook(io.BytesIO(made["ita-measures-SAMPLE-2567.xlsx"]()))
    sheet, about = book.worksheets
    assert [row[2:4] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        ("EIT", 3),
        ("OIT", 2),
    ]
    notes = [str(row[0]) for row in about.iter_rows(values_only=True)]
    assert any("ตัวกรอง: ปี 2567" in note and "ไม่มีรายงาน" in note for note in notes)
    assert any("ข้อมูล ณ" in note for note in notes)
    csv = made["ita-measures-SAMPLE-2567.csv"]().decode("utf-8-sig")
    assert csv.splitlines()[0].startswith("ปีงบประมาณ,หน่วยงาน,แบบวัด,ลำดับ,มาตรการ")
    assert "ไม่มีรายงานไตรมาส 3, 4" in csv
    # The means are of all measures: a status narrows the list alone.
    means = made["ita-completion-SAMPLE-2567.csv"]().decode("utf-8-sig").splitlines()
    assert "2567,EIT,4,95,100,2,0,3," in means
    aims = made["ita-aims-SAMPLE-2567.csv"]().decode("utf-8-sig").splitlines()
    assert aims[1] == "7 ประสิทธิภาพการสื่อสาร,78.52,,,ยังไม่มีมาตรการ,"
    assert len(aims) == 1 + 5 + 9


# --- bad and missing input ---


@pytest.mark.slow
def test_texts_of_the_store_are_harmless(database: Path, open_page: OpenPage) -> None:
    bad = "<script>alert(1)</script>"
    fill_store(
        database,
        f'2567,T,IIT,1,"{bad} {"ก" * 4000}",1,"{bad}",1,4\n',
        f'2567,1,T,IIT,1,25,"{bad}","{bad}","javascript:alert(1) https://a.go.th/?a=1&b=""2"""\n',
    )
    for app in (open_page(MEASURES), open_page(MEASURES, measure="IIT-1")):
        html = html_of(app)
        assert not app.exception
        assert "<script>alert" not in html
        assert 'href="javascript' not in html
    assert "ก" * 4000 in unescape(html)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("https://www.go.th/ก?a=1&b=2", ["https://www.go.th/ก?a=1&b=2"]),
        ("ดู HTTP://a.go.th และ\nhttps://b.go.th", ["HTTP://a.go.th", "https://b.go.th"]),
        ("javascript:alert(1)", []),
        ("data:text/html,<b>", []),
        ("ftp://a.go.th //a.go.th www.a.go.th", []),
        ("https://", []),
        ("http://[::1", []),
        ("https://www.nacc.go.th@evil.example/", []),
        ("https://a.go.th/\u202egpj.exe", []),
        ("https://a.go.th/\u200bx", []),
        ("https://a.go.th\tb", []),
        ('https://a.go.th/"onmouseover="x', ['https://a.go.th/"onmouseover="x']),
        ("<a href=https://a.go.th>", []),
    ],
)
def test_only_an_address_of_the_web_becomes_a_link(text: str, addresses: list[str]) -> None:
    html = evidence_html(text)
    assert [unescape(found) for found in re.findall(r'href="([^"]*)"', html)] == addresses
    assert html.count("<a ") == len(addresses) == html.count('rel="noopener noreferrer"')
    plain = unescape(re.sub(r"</?a[^>]*>", "", html.replace("<br>", "\n")))
    assert plain == text


@pytest.mark.slow
def test_a_long_list_is_cut_until_all_is_asked_for(database: Path, open_page: OpenPage) -> None:
    rows = "".join(f"2567,T,IIT,{n},ข้อที่ {n},1,กองช่าง,1,4\n" for n in range(1, 61))
    fill_store(database, rows + "2567,T,OIT,1,ก,1,กองช่าง,1,4\n", "2567,4,T,OIT,1,100,,,\n")
    app = open_page(MEASURES)
    assert measures_shown(app) == [*(f"IIT {n}" for n in range(1, 21)), "OIT 1"]
    assert "ต้องลงมือ 60 ข้อ แสดง 20 ข้อแรก" in text_of(app)
    app.toggle(key="rows").set_value(True).run()
    assert len(measures_shown(app)) == 61
    assert app.query_params["rows"] in ("all", ["all"])
    assert len(measures_shown(open_page(MEASURES, rows="all"))) == 61
    assert len(measures_shown(open_page(MEASURES, rows="nonsense"))) == 21


@pytest.mark.slow
def test_what_needs_hands_is_open_and_the_rest_folded(database: Path, open_page: OpenPage) -> None:
    rows = [f"2567,T,{i},{n},ข้อที่ {n},1,กองช่าง,1,4\n" for i in ("IIT", "OIT") for n in (1, 2, 3)]
    done = [f"2567,4,T,OIT,{n},100,,,\n" for n in (1, 2, 3)] + ["2567,4,T,IIT,1,100,,,\n"]
    done += [f"2567,{q},T,IIT,3,5,,,\n" for q in (1, 2, 3, 4)]
    fill_store(database, "".join(rows), "".join(done))
    assert folds_of(open_page(MEASURES)) == [("เสร็จสิ้น 4", False), ("วิธีอ่าน", False)]
    assert measures_shown(open_page(MEASURES))[:2] == ["IIT 3", "IIT 2"]  # late before unreported
    # Nothing needs hands there: the first fold is open, as are chosen statuses.
    assert folds_of(open_page(MEASURES, instruments="OIT"))[0] == ("เสร็จสิ้น 3", True)
    assert folds_of(open_page(MEASURES, status="done"))[0] == ("เสร็จสิ้น 4", True)


def folds_of(app: AppTest) -> list[tuple[str, bool]]:
    """What is folded in the list, and whether it is open."""
    found = re.findall(r'<details class="ita-fold"( open)?><summary>(.*?)</summary>', html_of(app))
    return [(title, bool(is_open)) for is_open, title in found]


def test_a_division_that_differs_stands_in_its_row(database: Path, open_page: OpenPage) -> None:
    rows = [f"2567,T,IIT,{n},ข้อ,1,{'กองคลัง' if n == 2 else 'กองช่าง'},1,4\n" for n in (1, 2, 3)]
    fill_store(database, "".join(rows))
    told = text_of(open_page(MEASURES))
    assert "ผู้รับผิดชอบ (เว้นแต่ข้อที่ระบุไว้): กองช่าง" in told
    assert (told.count("กองช่าง"), told.count("กองคลัง")) == (1, 1)


def test_all_cancelled_says_so(database: Path, open_page: OpenPage) -> None:
    fill_store(database, "2567,T,IIT,1,ก,1,กองช่าง,1,4\n2567,T,IIT,2,ข,1,กองช่าง,1,4\n")
    head = "fiscal_year,agency,instrument,seq,measure,cancelled\n"
    with open_store(database) as store:
        taken(store, "measures", f"{head}2567,T,IIT,1,ก,งบไม่พอ\n2567,T,IIT,2,ข,ซ้ำกัน\n")
    app = open_page(MEASURES)
    assert "ปี 2567: เสร็จ 0 จาก 0 · ยกเลิก 2" in text_of(app)
    assert folds_of(app)[0] == ("ยกเลิก 2", True)
    summary = open_page(MEASURES, show="summary")
    assert not summary.exception


def test_no_measures_says_what_to_do(open_page: OpenPage) -> None:
    told = text_of(open_page(MEASURES, agency="IPST"))
    assert "ยังไม่มีข้อมูลมาตรการของหน่วยงานนี้" in told


def test_a_year_of_narrative_alone_leads_to_the_import(database: Path, open_page: OpenPage) -> None:
    fill_store(database)
    with open_store(database) as store:
        head = "fiscal_year,agency,instrument,type,seq,text\n"
        taken(store, "narrative", head + "2567,T,IIT,outcome,,ดีขึ้น\n")
    app = open_page(MEASURES)
    assert not app.exception
    assert "ยังไม่มีมาตรการของปี 2567" in text_of(app)
    assert any("kind=measures" in link for link in links_of(app))


def test_measures_without_any_report(database: Path, open_page: OpenPage) -> None:
    fill_store(database, "2567,T,IIT,1,ก,,,,\n2567,T,OIT,1,ข,,กองช่าง,2,3\n")
    app = open_page(MEASURES)
    assert not app.exception
    assert text_of(app).count("และยังไม่เคยรายงาน") == 2
    app = open_page(MEASURES, show="summary")
    told = text_of(app)
    assert "ไม่มีข้อมูล (0/1)" in re.sub(r"\s+", " ", told)
    assert "ไม่ระบุผู้รับผิดชอบ" in told
    assert "ยังไม่มีคะแนนรายตัวชี้วัดของปี 2566 หรือปี 2567" in told
    assert not app.get("plotly_chart")
    assert measures_shown(open_page(MEASURES, division="-")) == ["IIT 1"]


def _this_year() -> FiscalYear:
    return FiscalYear.containing(thai_today())


def test_plan_of_a_future_year_is_not_late(database: Path, open_page: OpenPage) -> None:
    # Straight into the store: files may only be of years that have rules.
    now = _this_year()
    fill_store(database)
    with open_store(database) as store, store.writing() as cursor:
        for year in (now - 1, now + 2):
            cursor.execute(
                "INSERT INTO measure BY NAME SELECT 'T' AS agency_id, $year AS fiscal_year, "
                "'IIT' AS instrument, 1 AS seq, 'แผน' AS measure, '1' AS indicator, "
                "'กองช่าง' AS divisions, 1 AS start_quarter, 4 AS end_quarter",
                {"year": int(year)},
            )
    app = open_page(MEASURES)
    assert app.selectbox(key="year").value == str(now - 1)
    app = open_page(MEASURES, year=str(now + 2))
    told = re.sub(r"\s+", " ", text_of(app))
    assert not app.exception
    assert f"ปี {now + 2}: เสร็จ 0 จาก 1" in told
    assert counts_of(app) == ["i ยังไม่เริ่ม **1**"]
    assert "เริ่มดำเนินการในไตรมาส 1" in told
    app = open_page(MEASURES, year=str(now + 2), show="summary")
    assert text_of(app).count("ยังไม่ถึงไตรมาส") == 4
    assert not app.get("plotly_chart")
