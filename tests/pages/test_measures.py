"""The page of measures: its table, filters, links there and back, and what it does without data."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from ita.store import open_store
from ita.ui import table_files
from ita.ui.measure_links import evidence_html
from ita.vocabulary import FiscalYear, thai_today
from tests.importing.bringing import taken
from tests.pages.conftest import OpenPage
from tests.pages.moves import UPLOAD, text_of

MEASURES = "pages/measures/progress.py"
INDICATORS = "pages/scores/indicators.py"
MEASURE_HEAD = (
    "fiscal_year,agency,instrument,seq,measure,indicator,divisions,start_quarter,end_quarter\n"
)
PROGRESS_HEAD = "fiscal_year,quarter,agency,instrument,seq,percent,note,obstacle,evidence\n"


def _store(place: Path, measures: str = "", progress: str = "", scores: str = "") -> None:
    with open_store(place) as store:
        taken(store, "agencies", "agency_id,name_th\nT,เทศบาลทดสอบ\n")
        if scores:
            head = "fiscal_year,agency,source,ind1,ind2\n"
            taken(store, "scores", head + scores, scale="percent")
        if measures:
            taken(store, "measures", MEASURE_HEAD + measures)
        if progress:
            taken(store, "progress", PROGRESS_HEAD + progress)


def _html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def _links(app: AppTest) -> list[str]:
    """Links in our HTML and Streamlit's own, as path?query."""
    inner = [unescape(link) for link in re.findall(r'href="([^"]*)"', _html(app))]
    outer = [e.proto for e in app.get("page_link")]
    return inner + [f"{link.page}?{link.query_string}" for link in outer]


def _asks(link: str) -> dict[str, str]:
    return {k: v[0] for k, v in parse_qs(urlsplit(link).query, keep_blank_values=True).items()}


def _shown(app: AppTest) -> list[str]:
    """The measures of the tables, in their order."""
    return re.findall(r'<th scope="row"><b><a [^>]*>([A-Z]+ \d+)</a>', _html(app))


def test_measures_of_the_samples(open_page: OpenPage) -> None:
    app = open_page(MEASURES)
    told = re.sub(r"\s+", " ", text_of(app))
    assert not app.exception
    for words in (
        "ปี 2567 มี 9 มาตรการ",
        "5 ✓ เสร็จสิ้น 2 ✕ ล่าช้า 2 ! ไม่มีรายงาน 0 i ยังไม่เริ่ม 0 ✓ ตามแผน",
        "ครบกำหนดเมื่อสิ้นไตรมาส 4 แล้วยังไม่เสร็จ: 80 %",
        "ไม่มีรายงานไตรมาส 3, 4 ซึ่งครบกำหนดตั้งแต่ 30 ก.ค. 2567 รายงานล่าสุดคือไตรมาส 2 ได้ 50 %",
        "ยังไม่ระบุระยะเวลาดำเนินการ",
        "ข้อมูลสมมติ",
        "ไตรมาส 4/2567 30 ต.ค. 2567 14 พ.ย. 2567 7 จาก 9 มาตรการ ! ขาด 2",
        "ยังไม่มีมาตรการที่มุ่งแก้ 5 ตัว",
        "งานของไตรมาส 4 จึงไม่มีผลต่อคะแนนของปีเดียวกัน",
        "95.71 % แผน 100 %",
        "EIT 3 23.33 % (3/3) 50 % (3/3) 80 % (2/3) 95 % (2/3)",
        "ช้ากว่าแผนเกิน 10 % นับว่าล่าช้า",
    ):
        assert words in told, words
    assert _shown(app) == [f"{i} {n}" for i in ("IIT", "EIT", "OIT") for n in (1, 2, 3)]
    assert len(app.get("plotly_chart")) == 1


def test_how_the_measures_stand_comes_before_the_choices(open_page: OpenPage) -> None:
    drawn = [element.proto for element in open_page(MEASURES).main]
    lead = next(n for n, e in enumerate(drawn) if '<ul class="ita-tiles"' in getattr(e, "body", ""))
    year = next(n for n, e in enumerate(drawn) if getattr(e, "label", "") == "ปีงบประมาณ")
    assert lead < year


def test_the_overview_leads_to_exactly_its_late_measures(open_page: OpenPage) -> None:
    overview = open_page()
    steps = [e.proto.body for e in overview.get("html") if "มาตรการที่ล่าช้า" in e.proto.body]
    listed = re.findall(r"<li><b>([A-Z]+ \d)</b>", steps[0])
    asked, *others = [_asks(link) for link in _links(overview) if "status=late" in link]
    assert all(other == asked for other in others)
    assert asked["status"] == "late,no_report"
    app = open_page(MEASURES, **asked)
    assert sorted(_shown(app)) == sorted(listed) == ["EIT 1", "EIT 3", "IIT 3", "OIT 2"]
    assert "แสดง 4 จาก 9 มาตรการ" in text_of(app)


def test_the_overview_takes_back_what_was_filtered_before(open_page: OpenPage) -> None:
    app = open_page(MEASURES, instruments="IIT", division="กองช่าง")
    app.switch_page("pages/scores/overview.py").run()
    asked, *others = [_asks(link) for link in _links(app) if "status=late" in link]
    assert all(other == asked for other in others)
    assert asked["instruments"] == "IIT,EIT,OIT"
    app.switch_page(MEASURES)
    for name, value in asked.items():
        app.query_params[name] = value
    app.run()
    assert sorted(_shown(app)) == ["EIT 1", "EIT 3", "IIT 3", "OIT 2"]


def test_a_link_takes_back_what_was_filtered_before(open_page: OpenPage) -> None:
    app = open_page(MEASURES, instruments="IIT", division="กองช่าง", quarter="1", status="on_plan")
    assert _shown(app) == ["IIT 1", "IIT 2"]
    (clear,) = [link for link in _links(app) if re.search("division=(&|$)", link)]
    for name, value in _asks(clear).items():
        app.query_params[name] = value
    app.run()
    assert len(_shown(app)) == 9
    assert "แสดง " not in text_of(app)


@pytest.mark.parametrize(
    ("choices", "shown"),
    [
        ({"instruments": "OIT"}, ["OIT 1", "OIT 2", "OIT 3"]),
        ({"status": "late"}, ["IIT 3", "EIT 1"]),
        ({"status": "not_started"}, []),
        ({"quarter": "2", "status": "late"}, ["IIT 3"]),
        ({"quarter": "1", "status": "done"}, []),
        (
            {"division": "กองการศึกษา ศาสนาและวัฒนธรรม", "instruments": "EIT"},
            ["EIT 1", "EIT 2", "EIT 3"],
        ),
    ],
)
def test_filters_stand_in_the_url(
    choices: dict[str, str], shown: list[str], open_page: OpenPage
) -> None:
    app = open_page(MEASURES, **choices)
    assert not app.exception
    assert _shown(app) == shown
    for name, value in choices.items():
        assert app.query_params[name] in (value, [value])


@pytest.mark.parametrize("nonsense", ["", "x", "5", "<script>", "IIT-99", "late;done", "-", ",,"])
def test_nonsense_in_the_url_shows_everything(nonsense: str, open_page: OpenPage) -> None:
    names = ("quarter", "division", "status", "measure", "year", "instruments")
    app = open_page(MEASURES, **dict.fromkeys(names, nonsense))
    assert not app.exception
    assert not app.error
    assert len(_shown(app)) == 9
    assert "<script>" not in _html(app).replace("<script>document", "")


def test_choices_outlive_each_other(database: Path, open_page: OpenPage) -> None:
    _store(
        database,
        "2566,T,IIT,1,ก,1,กองคลัง,1,4\n2566,T,EIT,1,ก,1,กองช่าง,1,4\n"
        "2567,T,IIT,1,ก,1,กองคลัง,1,4\n2567,T,IIT,2,ก,1,สำนักปลัด,1,4\n",
    )
    app = open_page(MEASURES, division="กองคลัง", status="no_report", measure="IIT-1")
    app.selectbox(key="quarter").set_value("2").run()
    app.selectbox(key="year").set_value("2566").run()
    assert not app.exception
    assert app.selectbox(key="division").value == "กองคลัง"
    assert app.selectbox(key="measure").value == "IIT-1"
    assert app.selectbox(key="quarter").value == "2"
    assert _shown(app) == ["IIT 1"]


def test_as_of_a_quarter(open_page: OpenPage) -> None:
    told = re.sub(r"\s+", " ", text_of(open_page(MEASURES, quarter="2")))
    assert "นับถึงสิ้นไตรมาส 2/2567" in told
    assert "0 ✓ เสร็จสิ้น 1 ✕ ล่าช้า 0 ! ไม่มีรายงาน" in told
    assert "ถึงไตรมาส 2 ควรได้ 50 % แต่รายงาน 30 %" in told
    assert "ยังไม่นับ" in told


def test_a_measure_in_the_url_is_opened_with_all_its_reports(open_page: OpenPage) -> None:
    app = open_page(MEASURES, measure="EIT-3", status="done")
    html = _html(app)
    assert app.selectbox(key="measure").value == "EIT-3"
    reports = html.split('class="ita-reports"')[1].split("</table>")[0]
    assert re.findall(r"ไตรมาส \d/2567", reports) == [f"ไตรมาส {n}/2567" for n in (1, 2, 3, 4)]
    uploads = [_asks(link) for link in _links(app) if "kind=progress" in link]
    assert {(u["year"], u["quarter"]) for u in uploads} == {("2567", "3"), ("2567", "4")}


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

    monkeypatch.setattr(table_files.st, "download_button", note)
    open_page(MEASURES, status="no_report")
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
    assert "2567,EIT,4,95,100,2,3" in means
    aims = made["ita-aims-SAMPLE-2567.csv"]().decode("utf-8-sig").splitlines()
    assert aims[1] == "7 ประสิทธิภาพการสื่อสาร,78.52,,,ยังไม่มีมาตรการ,"
    assert len(aims) == 1 + 5 + 9


# --- bad and missing input ---


def test_texts_of_the_store_are_harmless(database: Path, open_page: OpenPage) -> None:
    bad = "<script>alert(1)</script>"
    _store(
        database,
        f'2567,T,IIT,1,"{bad} {"ก" * 4000}",1,"{bad}",1,4\n',
        f'2567,1,T,IIT,1,25,"{bad}","{bad}","javascript:alert(1) https://a.go.th/?a=1&b=""2"""\n',
    )
    for app in (open_page(MEASURES), open_page(MEASURES, measure="IIT-1")):
        html = _html(app)
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


def test_a_long_list_is_cut_until_all_is_asked_for(database: Path, open_page: OpenPage) -> None:
    rows = "".join(f"2567,T,IIT,{n},ข้อที่ {n},1,กองช่าง,1,4\n" for n in range(1, 61))
    _store(database, rows + "2567,T,OIT,1,ก,1,กองช่าง,1,4\n")
    app = open_page(MEASURES)
    assert _shown(app) == [*(f"IIT {n}" for n in range(1, 21)), "OIT 1"]
    assert "60 มาตรการ แสดง 20 ข้อแรก" in text_of(app)
    app.toggle(key="rows").set_value(True).run()
    assert len(_shown(app)) == 61
    assert app.query_params["rows"] in ("all", ["all"])
    assert len(_shown(open_page(MEASURES, rows="all"))) == 61
    assert len(_shown(open_page(MEASURES, rows="nonsense"))) == 21


def test_many_measures_are_folded_and_what_presses_comes_first(
    database: Path, open_page: OpenPage
) -> None:
    rows = [f"2567,T,{i},{n},ข้อที่ {n},1,กองช่าง,1,4\n" for i in ("IIT", "OIT") for n in range(1, 13)]
    done = [f"2567,4,T,IIT,{n},100,,,\n" for n in range(1, 13) if n not in (7, 11)]
    done += [f"2567,{q},T,IIT,11,5,,,\n" for q in (1, 2, 3, 4)]
    done += [f"2567,4,T,OIT,{n},100,,,\n" for n in range(1, 13)]
    _store(database, "".join(rows), "".join(done))
    app = open_page(MEASURES)
    folded = re.findall(r"<details([^>]*)><summary>(.*?)</summary>", _html(app))
    assert [re.sub(r"<[^>]*>", "", told).split(" มาตรการ ")[1] for _, told in folded] == [
        "✕ ล่าช้า 1! ไม่มีรายงาน 1",
        "✓ ไม่มีข้อที่ล่าช้าหรือขาดรายงาน",
    ]
    assert not any("open" in options for options, _ in folded)
    assert _shown(app)[:4] == ["IIT 7", "IIT 11", "IIT 1", "IIT 2"]
    assert len(_shown(app)) == 24
    alone = _html(open_page(MEASURES, instruments="OIT", status="done"))
    assert "<details" not in alone  # twelve are few


def test_instruments_are_named_in_the_language_of_the_screen(open_page: OpenPage) -> None:
    told = _html(open_page(MEASURES, lang="en"))
    assert "IIT Internal Integrity and Transparency Assessment: 3 measures" in told


def test_one_long_table_alone_stands_open(database: Path, open_page: OpenPage) -> None:
    _store(database, "".join(f"2567,T,IIT,{n},ข้อ,1,กองช่าง,1,4\n" for n in range(1, 22)))
    assert re.findall(r"<details([^>]*)>", _html(open_page(MEASURES))) == [' class="ita-fold" open']


def test_no_measures_says_what_to_do(open_page: OpenPage) -> None:
    told = text_of(open_page(MEASURES, agency="IPST"))
    assert "ยังไม่มีข้อมูลมาตรการของหน่วยงานนี้" in told


def test_a_year_of_narrative_alone_leads_to_the_import(database: Path, open_page: OpenPage) -> None:
    _store(database)
    with open_store(database) as store:
        head = "fiscal_year,agency,instrument,type,seq,text\n"
        taken(store, "narrative", head + "2567,T,IIT,outcome,,ดีขึ้น\n")
    app = open_page(MEASURES)
    assert not app.exception
    assert "ยังไม่มีมาตรการของปี 2567" in text_of(app)
    assert any("kind=measures" in link for link in _links(app))


def test_measures_without_any_report(database: Path, open_page: OpenPage) -> None:
    _store(database, "2567,T,IIT,1,ก,,,,\n2567,T,OIT,1,ข,,กองช่าง,2,3\n")
    app = open_page(MEASURES)
    told = text_of(app)
    assert not app.exception
    assert told.count("และยังไม่เคยรายงาน") == 2
    assert "ไม่มีข้อมูล (0/1)" in re.sub(r"\s+", " ", told)
    assert "ไม่ระบุผู้รับผิดชอบ" in told
    assert "ยังไม่มีคะแนนรายตัวชี้วัดของปี 2566 หรือปี 2567" in told
    assert not app.get("plotly_chart")
    assert _shown(open_page(MEASURES, division="-")) == ["IIT 1"]


def _this_year() -> FiscalYear:
    return FiscalYear.containing(thai_today())


def test_plan_of_a_future_year_is_not_late(database: Path, open_page: OpenPage) -> None:
    # Straight into the store: files may only be of years that have rules.
    now = _this_year()
    _store(database)
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
    assert f"ปี {now + 2} มี 1 มาตรการ" in told
    assert "1 i ยังไม่เริ่ม" in told
    assert "เริ่มดำเนินการในไตรมาส 1" in told
    assert told.count("ยังไม่ถึงไตรมาส") == 4
    assert not app.get("plotly_chart")


# --- against the scores, there and back ---


def test_measures_stand_beside_the_weak_indicators(database: Path, open_page: OpenPage) -> None:
    _store(
        database,
        '2567,T,IIT,1,ก,"1",กองช่าง,1,4\n2567,T,IIT,2,ข,,กองช่าง,1,4\n',
        scores="2566,T,ประกาศ,80,70\n",
    )
    app = open_page(MEASURES)
    assert "ตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่านในปี 2566 2 ตัว ยังไม่มีมาตรการที่มุ่งแก้ 1 ตัว" in text_of(app)
    assert "มาตรการที่ไม่ระบุตัวชี้วัด 1 ข้อ:" in text_of(app)
    links = _links(app)
    assert "measures?agency=T&year=2567&measure=IIT-1" in links
    assert "indicators?agency=T&indicator=1" in links
    back = open_page(INDICATORS, indicator="1")
    assert "measures?agency=T&year=2567&measure=IIT-1" in _links(back)


def test_the_missing_quarter_is_chosen_on_the_page_of_imports(open_page: OpenPage) -> None:
    links = [_asks(link) for link in _links(open_page(MEASURES)) if "kind=progress" in link]
    assert [link["quarter"] for link in links] == ["3", "4"]
    app = open_page(UPLOAD, **links[0])
    assert not app.exception
    assert app.segmented_control(key="kind").value == "progress"
    assert app.selectbox(key="import year").value == 2567
    assert app.segmented_control(key="import quarter").value == 3
    # Chosen once: afterwards the person decides.
    app.segmented_control(key="import quarter").set_value(1).run()
    assert app.segmented_control(key="import quarter").value == 1
    # Who follows the link again finds what it asks for.
    app.switch_page("pages/scores/trend.py").run()
    app.switch_page(UPLOAD)
    for name, value in links[0].items():
        app.query_params[name] = value
    app.run()
    assert app.segmented_control(key="import quarter").value == 3


@pytest.mark.parametrize(
    "choices", [{"kind": "x"}, {"year": "9999"}, {"quarter": "7"}, {"year": "", "quarter": "<b>"}]
)
def test_nonsense_for_an_import_changes_nothing(
    choices: dict[str, str], open_page: OpenPage
) -> None:
    plain, asked = open_page(UPLOAD), open_page(UPLOAD, **choices)
    assert not asked.exception
    for app in (plain, asked):
        assert app.segmented_control(key="kind").value == "progress"
    assert asked.selectbox(key="import year").value == plain.selectbox(key="import year").value
    assert (
        asked.segmented_control(key="import quarter").value
        == plain.segmented_control(key="import quarter").value
    )
