"""On which year the pages open, and what they say of the others, on the days around a year's end."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from ita import domain
from ita.store import open_store
from tests.imports.bringing import NARRATIVE, taken
from tests.pages.conftest import OpenPage
from tests.pages.measures_page import MEASURES, fill_store
from tests.pages.moves import html_of

REPORT, CLAIMS = "pages/report/narrative.py", "pages/report/claims.py"
OVERVIEW = "pages/scores/overview.py"


@pytest.fixture
def two_years(database: Path) -> None:
    """Work of 2569, one measure of which stopped at 40 % in quarter 2, and a plan of 2570."""
    fill_store(
        database,
        "2569,T,IIT,1,ก,1,กองคลัง,1,4\n2569,T,IIT,2,ข,1,กองคลัง,1,2\n2570,T,IIT,1,ค,1,กองคลัง,1,4\n",
        "".join(f"2569,{q},T,IIT,1,{25 * q},,,\n" for q in (1, 2, 3))
        + "2569,1,T,IIT,2,30,,,\n2569,2,T,IIT,2,40,,,\n",
        "2569,T,ทดสอบ,80,90\n",
    )
    with open_store(database) as store:
        taken(store, "narrative", f"{NARRATIVE}2569,T,IIT,ผลลัพธ์,,ดีขึ้น,\n")


DAYS = {
    date(2026, 9, 30): (2569, "ไตรมาส 4/2569 ส่งภายใน 30 ต.ค. 2569 (เหลืออีก 30 วัน)"),
    date(2026, 10, 1): (2569, "ไตรมาส 4/2569 ส่งภายใน 30 ต.ค. 2569 (เหลืออีก 29 วัน)"),
    date(2026, 10, 30): (2569, "ไตรมาส 4/2569 ส่งภายใน 30 ต.ค. 2569"),
    date(2026, 10, 31): (2570, "ไตรมาส 1/2570 ส่งภายใน 30 ม.ค. 2570"),
    date(2027, 1, 30): (2570, "ไตรมาส 1/2570 ส่งภายใน 30 ม.ค. 2570"),
    date(2027, 1, 31): (2570, "ไตรมาส 2/2570 ส่งภายใน 30 เม.ย. 2570"),
}
"""A day, the year at hand, and which report is due next."""


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html))


@pytest.mark.slow
@pytest.mark.usefixtures("two_years")
@pytest.mark.parametrize("day", DAYS)
def test_every_page_opens_on_the_year_at_hand(
    day: date, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain, "thai_today", lambda: day)
    year, due = DAYS[day]
    for page in (MEASURES, REPORT, CLAIMS):
        app = open_page(page)
        assert not app.exception
        assert app.selectbox(key="year").value == str(year), page
    told = words_of(html_of(open_page(OVERVIEW)))
    assert due in told
    # What stopped in quarter 2 is late whichever year is at hand.
    named = "" if year == 2569 else "ปี 2569 "
    assert re.search(rf"มาตรการ{named}ที่ล่าช้าหรือขาดรายงาน \d มาตรการ", told)


@pytest.mark.slow
@pytest.mark.usefixtures("two_years")
def test_the_new_years_results_lack_only_once_a_quarter_is_due(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain, "thai_today", lambda: date(2027, 1, 30))
    before = words_of(html_of(open_page(REPORT)))
    assert "ยังไม่ถึงกำหนดรายงาน" in before
    assert "จึงยังส่งไม่ได้" not in before
    assert "รายงานผลปี 2569 ยังไม่พร้อมส่ง ขาดอีก 2 รายการ" in before
    assert "สิ่งที่รายงานยังขาด" not in words_of(html_of(open_page(OVERVIEW)))
    monkeypatch.setattr(domain, "thai_today", lambda: date(2027, 1, 31))
    after = words_of(html_of(open_page(REPORT)))
    assert "ยังขาด 2 รายการ จึงยังส่งไม่ได้" in after
    assert "สิ่งที่รายงานยังขาด 2 รายการ" in words_of(html_of(open_page(OVERVIEW)))


@pytest.mark.parametrize("scores", ["", "2569,T,ทดสอบ,80,90\n"])
def test_late_and_due_are_told_with_scores_and_without(
    scores: str, database: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_store(database, "2569,T,IIT,1,ก,1,กองคลัง,1,4\n", "2569,1,T,IIT,1,5,,,\n", scores)
    monkeypatch.setattr(domain, "thai_today", lambda: date(2026, 10, 15))
    app = open_page(OVERVIEW)
    assert not app.exception
    told = words_of(html_of(app))
    assert "มาตรการที่ล่าช้าหรือขาดรายงาน 1 มาตรการ" in told
    assert (
        "ครบกำหนดถัดไป ไตรมาส 4/2569 ส่งภายใน 30 ต.ค. 2569 (เหลืออีก 15 วัน) ยังไม่รายงาน 1 มาตรการ"
        in told
    )


@pytest.mark.slow
@pytest.mark.usefixtures("two_years")
def test_the_claims_of_last_years_report_are_one_step_from_an_empty_year(
    database: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(database) as store:
        text = "คะแนนตัวชี้วัดที่ 1 ปี 2569 สูงกว่าปี 2568"
        taken(store, "narrative", f"{NARRATIVE}2569,T,EIT,ผลลัพธ์,,คะแนน ITA แบบวัด EIT {text},\n")
    monkeypatch.setattr(domain, "thai_today", lambda: date(2026, 11, 30))
    app = open_page(CLAIMS)
    assert not app.exception
    (link,) = [p for p in app.get("page_link") if "ดูข้อความในรายงานผลปี 2569" in p.proto.label]
    assert "year=2569" in link.proto.query_string
