"""Links to and from the page of measures: its filters in the URL, the overview, the scores, the import."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ita.domain import FiscalYear, thai_today
from tests.pages.conftest import OpenPage
from tests.pages.measures_page import (
    MEASURES,
    asked_by,
    fill_store,
    links_of,
    measures_shown,
)
from tests.pages.moves import UPLOAD, html_of, text_of

INDICATORS = "pages/scores/indicators.py"


def test_the_overview_leads_to_exactly_its_late_measures(open_page: OpenPage) -> None:
    overview = open_page()
    steps = [e.proto.body for e in overview.get("html") if "มาตรการที่ล่าช้า" in e.proto.body]
    late = steps[0].split("มาตรการที่ล่าช้า")[-1].split("</ul>")[0]
    listed = re.findall(r"<li><b><a [^>]*>([A-Z]+ \d)</a></b>", late)
    asked, *others = [asked_by(link) for link in links_of(overview) if "status=late" in link]
    assert all(other == asked for other in others)
    assert asked["status"] == "late,no_report"
    app = open_page(MEASURES, **asked)
    assert sorted(measures_shown(app)) == sorted(listed) == ["EIT 1", "EIT 3", "IIT 3", "OIT 2"]
    assert "แสดง 4 จาก 9 มาตรการ" in text_of(app)


@pytest.mark.slow
def test_the_overview_names_each_year_with_its_late_work(
    database: Path, open_page: OpenPage
) -> None:
    running = int(FiscalYear.containing(thai_today()))
    old, last = running - 2, running - 1
    fill_store(
        database,
        f"{old},T,IIT,1,ก,1,กองคลัง,1,1\n{last},T,IIT,1,ข,1,กองคลัง,1,2\n"
        f"{last},T,EIT,1,ค,1,กองคลัง,1,2\n{running},T,IIT,1,ง,1,กองคลัง,4,4\n",
        f"{old},1,T,IIT,1,40,,,\n{last},2,T,IIT,1,90,,,\n",
        f"{last},T,ทดสอบ,80,90\n",
    )
    app = open_page()
    card = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html_of(app)))
    assert f"มาตรการปี {old} ที่ล่าช้าหรือขาดรายงาน 1 มาตรการ" in card
    assert "ไม่มีงานล่าช้า" not in card
    asked = [asked_by(link) for link in links_of(app) if "status=late" in link]
    assert {(a["year"], a["status"]) for a in asked} == {
        (str(old), "late"),
        (str(last), "late,no_report"),
    }
    assert f"มาตรการปี {last} ที่ล่าช้าหรือขาดรายงาน 2 มาตรการ" in card
    assert f"สิ่งที่รายงานผลปี {last} ยังขาด" in card


def test_the_overview_takes_back_what_was_filtered_before(open_page: OpenPage) -> None:
    app = open_page(MEASURES, instruments="IIT", division="กองช่าง")
    app.switch_page("pages/scores/overview.py").run()
    asked, *others = [asked_by(link) for link in links_of(app) if "status=late" in link]
    assert all(other == asked for other in others)
    assert asked["instruments"] == ""
    app.switch_page(MEASURES)
    for name, value in asked.items():
        app.query_params[name] = value
    app.run()
    assert sorted(measures_shown(app)) == ["EIT 1", "EIT 3", "IIT 3", "OIT 2"]


def test_a_link_takes_back_what_was_filtered_before(open_page: OpenPage) -> None:
    app = open_page(MEASURES, instruments="IIT", division="กองช่าง", quarter="1", status="on_plan")
    assert measures_shown(app) == ["IIT 1", "IIT 2"]
    (clear,) = [link for link in links_of(app) if re.search("division=(&|$)", link)]
    for name, value in asked_by(clear).items():
        app.query_params[name] = value
    app.run()
    assert len(measures_shown(app)) == 9
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
    assert sorted(measures_shown(app)) == sorted(shown)
    for name, value in choices.items():
        assert app.query_params[name] in (value, [value])


@pytest.mark.parametrize("nonsense", ["", "x", "5", "<script>", "IIT-99", "late;done", "-", ",,"])
def test_nonsense_in_the_url_shows_everything(nonsense: str, open_page: OpenPage) -> None:
    names = ("quarter", "division", "status", "measure", "year", "instruments")
    app = open_page(MEASURES, **dict.fromkeys(names, nonsense))
    assert not app.exception
    assert not app.error
    assert len(measures_shown(app)) == 9
    assert "<script>" not in html_of(app).replace("<script>document", "")


@pytest.mark.slow
def test_choices_outlive_each_other(database: Path, open_page: OpenPage) -> None:
    fill_store(
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
    assert measures_shown(app) == ["IIT 1"]


def test_a_measure_in_the_url_is_opened_with_all_its_reports(open_page: OpenPage) -> None:
    app = open_page(MEASURES, measure="EIT-3", status="done")
    html = html_of(app)
    assert app.selectbox(key="measure").value == "EIT-3"
    reports = html.split('class="ita-reports"')[1].split("</table>")[0]
    assert re.findall(r"ไตรมาส \d/2567", reports) == [f"ไตรมาส {n}/2567" for n in (1, 2, 3, 4)]
    uploads = [asked_by(link) for link in links_of(app) if "kind=progress" in link]
    assert {(u["year"], u["quarter"]) for u in uploads} == {("2567", "3"), ("2567", "4")}


# --- against the scores, there and back ---


@pytest.mark.slow
def test_measures_stand_beside_the_weak_indicators(database: Path, open_page: OpenPage) -> None:
    fill_store(
        database,
        '2567,T,IIT,1,ก,"1",กองช่าง,1,4\n2567,T,IIT,2,ข,,กองช่าง,1,4\n',
        scores="2566,T,ประกาศ,80,70\n",
    )
    app = open_page(MEASURES, show="summary")
    assert "ตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่านในปี 2566 2 ตัว ยังไม่มีมาตรการที่มุ่งแก้ 1 ตัว" in text_of(app)
    assert "มาตรการที่ไม่ระบุตัวชี้วัด 1 ข้อ:" in text_of(app)
    links = links_of(app)
    assert "measures?agency=T&year=2567&measure=IIT-1" in links
    assert "indicators?agency=T&indicator=1" in links
    back = open_page(INDICATORS, indicator="1")
    assert "measures?agency=T&year=2567&measure=IIT-1" in links_of(back)


def test_the_missing_quarter_is_chosen_on_the_page_of_imports(open_page: OpenPage) -> None:
    links = [asked_by(link) for link in links_of(open_page(MEASURES)) if "kind=progress" in link]
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
