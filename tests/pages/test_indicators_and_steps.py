"""The page of the indicators, and what moved the total below the trend."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from streamlit.testing.v1 import AppTest

from ita.store import open_store
from tests.imports.bringing import taken
from tests.pages.conftest import OpenPage
from tests.pages.moves import text_of

INDICATORS = "pages/scores/indicators.py"
TREND = "pages/scores/trend.py"
NARRATIVE = "pages/report/narrative.py"
HEADER = "fiscal_year,agency,total,level,source," + ",".join(f"ind{n}" for n in range(1, 11))


def _store(place: Path, scores: str, measures: str = "") -> None:
    with open_store(place) as store:
        taken(store, "agencies", "agency_id,name_th\nT,เทศบาล <b>ทดสอบ</b>\n")
        taken(store, "scores", f"{HEADER}\n{scores}", scale="percent")
        if measures:
            head = "fiscal_year,agency,instrument,seq,measure,indicator\n"
            taken(store, "measures", head + measures)


def _row(year: int, *scores: str, total: str = "") -> str:
    return f"{year},T,{total},,ประกาศ,{','.join(scores or [''] * 10)}\n"


def _html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def _links(app: AppTest) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="([^"]*)"', _html(app))]


# --- indicators ---


def test_indicators_of_the_samples(open_page: OpenPage) -> None:
    app = open_page(INDICATORS)
    told = text_of(app)
    assert not app.exception
    for words in (
        "ต่ำกว่าเกณฑ์ผ่าน 85 อยู่ 2 จาก 10 ตัวชี้วัด",
        "7 ประสิทธิภาพการสื่อสาร (82.31)",
        "▲ +3.79",
        "ขาดอีก 2.69 จึงจะถึง 85",
        "ข้อมูลสมมติ",
        "ปี 2563, 2564, 2565 มีคะแนนแล้วแต่ยังไม่มีคะแนนรายตัวชี้วัด",
        "มาตรการ 9 จาก 9 ข้อของปี 2567 ยังไม่ระบุตัวชี้วัด",
    ):
        assert words in told, words
    # One number to the next mark: 7 is told what 85 asks for, not what 95 does.
    assert "ขาดอีก 12.69" not in told
    assert told.count("ยังไม่ระบุตัวชี้วัด") == 1
    assert any("kind=measures" in e.proto.query_string for e in app.get("page_link"))
    assert _html(app).count("data:image/svg+xml,") == 8  # two have one year alone
    assert _order(app) == [7, 4, 2, 8, 6, 10, 3, 1, 9, 5]
    assert not app.get("plotly_chart")


def _order(app: AppTest) -> list[int]:
    """The indicators of the list, from its first row on."""
    return [int(n) for n in re.findall(r'<th scope="row"><a [^>]*>(\d+) ', _html(app))]


def test_the_years_stand_in_a_view_of_their_own(open_page: OpenPage) -> None:
    app = open_page(INDICATORS, show="years")
    told = text_of(app)
    assert "78.52" in told
    assert "70 ถึงต่ำกว่า 85" in told
    assert _order(app) == [*range(1, 11)]
    assert "data:image/svg+xml," not in _html(app)


def test_a_line_joins_only_what_compares(database: Path, open_page: OpenPage) -> None:
    """2562 to 2563 the authority changed what it measures; 2565 is missing."""
    years = [_row(year, *["70"] * 10) for year in (2563, 2564, 2566, 2567)]
    _store(database, "".join(years))
    drawn = unquote(_html(open_page(INDICATORS))).split("data:image/svg+xml,")[1:]
    assert len(drawn) == 10
    assert all(one.count("<polyline ") == 2 and one.count("<circle ") == 4 for one in drawn)


def test_a_row_without_a_score_comes_last_and_equal_ones_by_number(
    database: Path, open_page: OpenPage
) -> None:
    _store(database, _row(2567, "", *["85"] * 9))
    app = open_page(INDICATORS)
    assert not app.exception
    assert _order(app) == [*range(2, 11), 1]
    assert "ไม่มีข้อมูลในช่วงที่เลือก" in text_of(app)


def test_an_indicator_in_the_url_is_opened(open_page: OpenPage) -> None:
    app = open_page(INDICATORS, indicator="7")
    assert not app.exception
    assert app.selectbox(key="indicator").value == "7"
    assert len(app.get("plotly_chart")) == 1
    assert "ยังไม่มีมาตรการของปี 2567 ที่ระบุว่ามุ่งแก้ตัวชี้วัดนี้" in text_of(app)
    assert len(re.findall(r"<tr class=chosen", _html(app))) == 1
    menus = [p.proto.popover.label for p in app.get("popover")]
    assert menus.count("ดาวน์โหลด") == 1


@pytest.mark.parametrize("indicator", ["", "0", "99", "x", "<script>", "7,8"])
def test_nonsense_for_an_indicator_shows_all(indicator: str, open_page: OpenPage) -> None:
    app = open_page(INDICATORS, indicator=indicator)
    assert not app.exception
    assert app.selectbox(key="indicator").value == ""
    assert not app.get("plotly_chart")


def test_instruments_narrow_the_indicators(open_page: OpenPage) -> None:
    told = text_of(open_page(INDICATORS, instruments="OIT"))
    assert "9 การเปิดเผยข้อมูล" in told
    assert "7 ประสิทธิภาพการสื่อสาร" not in told


def test_an_agency_without_indicators_is_told_why(open_page: OpenPage) -> None:
    app = open_page(INDICATORS, agency="IPST")
    told = text_of(app)
    assert "ยังไม่มีคะแนนรายตัวชี้วัดของหน่วยงานนี้" in told
    assert "ปี 2558, 2559, 2560, 2561 ใช้รูปแบบการประเมินเดิม" in told
    assert "ปี 2562, 2563, 2564, 2565, 2566, 2567 มีคะแนนแล้ว" in told


def test_no_agency_at_all_says_what_to_do(empty_store: Path, open_page: OpenPage) -> None:
    app = open_page(INDICATORS)
    assert not app.exception
    assert "ยังไม่มีข้อมูล" in text_of(app)


@pytest.mark.slow
def test_measures_lead_there_and_back(database: Path, open_page: OpenPage) -> None:
    _store(
        database,
        _row(2566, *["80"] * 10) + _row(2567, *["84"] * 10),
        '2567,T,IIT,1,คู่มือ <script>alert(1)</script>,"1,2"\n2567,T,EIT,1,บริการ,\n',
    )
    app = open_page(INDICATORS, indicator="1")
    html, told = _html(app), text_of(app)
    assert "<script>alert" not in html
    assert "คู่มือ <script>alert(1)</script>" in unescape(html)
    assert "มาตรการของปี 2567 ที่มุ่งแก้ตัวชี้วัดนี้" in told
    assert "1 มาตรการ" in told
    assert "มาตรการ 1 จาก 2 ข้อของปี 2567 ยังไม่ระบุตัวชี้วัด" in told
    assert "measures?agency=T&year=2567&instruments=IIT" in _links(app)
    assert "indicators?agency=T&indicator=7" in _links(app)
    report = open_page(NARRATIVE, year="2567")
    assert "indicators?agency=T&indicator=3" in _links(report)


def test_links_keep_the_language(open_page: OpenPage) -> None:
    app = open_page(INDICATORS, lang="en")
    inner = [link for link in _links(app) if "?" in link]
    assert inner
    assert all("lang=en" in link for link in inner)


def test_one_year_of_indicators_is_enough(database: Path, open_page: OpenPage) -> None:
    _store(database, _row(2567, *["96"] * 10))
    app = open_page(INDICATORS, indicator="1")
    assert not app.exception
    assert "ถึง 95 แล้ว 10 ตัวชี้วัด" in text_of(app)


# --- what moved the total ---


def test_steps_of_the_samples_add_up_on_the_page(open_page: OpenPage) -> None:
    app = open_page(TREND, **{"as": "table"})
    told = text_of(app)
    assert not app.exception
    assert not app.get("plotly_chart")
    assert "คะแนนรวมเพิ่มขึ้น 4.51 จากปี 2566 ถึงปี 2567" in told
    assert "OIT ไม่มีคะแนนในปี 2566" in told
    cells = re.findall(r"<td[^>]*>([+−][\d.]+)</td>", _html(app).split("ทุกขั้นรวมกันได้")[1])
    assert sum(round(100 * float(cell.replace("−", "-"))) for cell in cells) == 451


def test_the_two_years_stand_in_the_url(open_page: OpenPage) -> None:
    app = open_page(TREND, **{"from": "2564", "to": "2567"})
    told = text_of(app)
    assert not app.exception
    assert "8.65 จากปี 2564 ถึงปี 2567" in told
    assert "IIT, EIT, OIT แยกเป็นรายแบบวัดเท่านั้น" in told


@pytest.mark.parametrize(
    ("earlier", "later", "shown"),
    [
        ("2567", "2566", "จากปี 2565 ถึงปี 2566"),
        ("x", "y", "จากปี 2566 ถึงปี 2567"),
        ("", "2599", "จากปี 2566 ถึงปี 2567"),
        ("2500", "2567", "จากปี 2566 ถึงปี 2567"),
    ],
)
def test_nonsense_for_the_years_falls_back(
    earlier: str, later: str, shown: str, open_page: OpenPage
) -> None:
    app = open_page(TREND, **{"from": earlier, "to": later})
    assert not app.exception
    assert shown in text_of(app)


def test_years_of_two_models_are_refused_with_the_reason(open_page: OpenPage) -> None:
    app = open_page(TREND, agency="IPST", **{"from": "2561", "to": "2562"})
    assert "คะแนนของปี 2561 กับปี 2562 เทียบกันไม่ได้" in text_of(app)


def test_totals_alone_say_what_to_import(open_page: OpenPage) -> None:
    told = text_of(open_page(TREND, agency="IPST"))
    assert "นำเข้าคะแนนที่ขาด (ปี 2566: IIT, EIT, OIT; ปี 2567: IIT, EIT, OIT)" in told


def test_one_year_has_nothing_to_compare(database: Path, open_page: OpenPage) -> None:
    _store(database, _row(2567, *["96"] * 10))
    app = open_page(TREND)
    assert not app.exception
    assert "ต้องมีคะแนนรวมอย่างน้อยสองปี" in text_of(app)
