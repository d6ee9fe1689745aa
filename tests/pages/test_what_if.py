"""จำลองคะแนนสู่ระดับถัดไป: scores moved, plans used, links reopened, and what is said without scores."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ita.web.paths import WHAT_IF
from ita.web.store_access import get_store
from tests.imports.bringing import taken
from tests.pages.conftest import OpenPage
from tests.pages.moves import button, labels, text_of

USE, RESET = "ใช้แผนนี้", "กลับเป็นคะแนนเดิม"


def widget(app: AppTest, kind: str, part: str) -> Any:
    """The slider or the number of a part; its key changes whenever another moves it."""
    found = app.slider if kind == "slider" else app.number_input
    return next(w for w in found if w.key.startswith(f"what-if {kind} {part} "))


def number(app: AppTest, part: str) -> float:
    return float(widget(app, "number", part).value)


def slider(app: AppTest, part: str) -> float:
    return float(widget(app, "slider", part).value)


def move(app: AppTest, part: str, score: float, kind: str = "number") -> None:
    widget(app, kind, part).set_value(score).run()


def in_url(app: AppTest, key: str) -> str | None:
    found = app.query_params.get(key)
    return found[0] if isinstance(found, list) else found


def test_the_least_effort_to_the_next_level_is_told(open_page: OpenPage) -> None:
    app = open_page(WHAT_IF.file)
    told = text_of(app)
    for words in (
        "คะแนนรวมขาดอีก 6.08 จึงจะถึงระดับ ผ่านดีเยี่ยม",
        "อย่างน้อยต้องเพิ่มคะแนนตัวชี้วัดรวมกัน 65.35 คะแนน (IIT\u00a0+30.18, EIT\u00a0+27.68, OIT\u00a0+7.49)",
        "7 ประสิทธิภาพการสื่อสาร",
        "+12.69",
        "1 คะแนน = 0.20 ของคะแนนรวม",
        "ไม่ใช่การพยากรณ์",
        "คิดตามเกณฑ์ของปี 2567 (เกณฑ์ของปี 2568 เหมือนกัน)",
        "ข้อมูลสมมติ",
    ):
        assert words in told
    # Before and after of the plan, which is not used before it is asked for.
    assert "ปี 2567 88.92 ✓ ผ่านดี →" in " ".join(told.split())
    assert "ตามแผนนี้ 95.00 ▲ +6.08 ✓ ผ่านดีเยี่ยม" in " ".join(told.split())
    assert in_url(app, "plan") is None


def test_a_moved_score_changes_the_total_at_once_and_stands_in_the_url(open_page: OpenPage) -> None:
    app = open_page(WHAT_IF.file)
    move(app, "9", 98.0)
    told = text_of(app)
    assert "89.92" in told and "+1.00" in told
    assert "**OIT** 91.25 → **93.75** (+2.50)" in [fold.label for fold in app.expander]
    assert "คะแนนรวมขาดอีก 5.08" in told
    assert slider(app, "9") == 98.0
    assert in_url(app, "plan") == "9-98.00"
    move(app, "9", 93.01, "slider")
    assert number(app, "9") == 93.01
    assert in_url(app, "plan") == "9-93.01"
    move(app, "9", 93.0)
    assert in_url(app, "plan") is None
    assert "ตามแผนนี้" in text_of(app)


def test_the_plan_can_be_used_and_taken_back(open_page: OpenPage) -> None:
    app = open_page(WHAT_IF.file)
    button(app, USE).click().run()
    told = text_of(app)
    assert "95.00" in told and "+6.08" in told
    assert "ลองปรับ 95.00 ▲ +6.08 ✓ ผ่านดีเยี่ยม" in " ".join(told.split())
    assert (number(app, "7"), slider(app, "7"), number(app, "9")) == (95.0, 95.0, 94.99)
    assert (in_url(app, "plan") or "").startswith("1-94.99,2-95.00")
    button(app, RESET).click().run()
    assert number(app, "7") == 82.31
    assert in_url(app, "plan") is None
    assert not app.exception


def test_one_hundredth_below_the_plan_misses_the_level(open_page: OpenPage) -> None:
    app = open_page(WHAT_IF.file)
    button(app, USE).click().run()
    move(app, "7", 94.99)
    assert "แต่ EIT ยังต่ำกว่า 95" in text_of(app) or "ขาดอีก 0.01" in text_of(app)


def test_a_link_reopens_a_scenario(open_page: OpenPage) -> None:
    app = open_page(WHAT_IF.file, agency="SAMPLE", plan="5-90.50,9-95")
    assert (number(app, "5"), number(app, "9"), number(app, "1")) == (90.5, 95.0, 92.1)
    assert not app.warning
    assert in_url(app, "plan") == "5-90.50,9-95.00"


@pytest.mark.parametrize(
    ("plan", "ignored"), [("<script>", 1), ("9-101,OIT-50,9-95,99-1", 3), ("𝟗-95", 1)]
)
def test_nonsense_in_the_url_is_left_out_with_a_sentence(
    plan: str, ignored: int, open_page: OpenPage
) -> None:
    app = open_page(WHAT_IF.file, plan=plan)
    assert not app.exception
    assert f"คะแนนในลิงก์ {ignored} รายการใช้ไม่ได้" in app.warning[0].value
    assert "script" not in text_of(app)
    assert number(app, "9") == (95.0 if "9-95" in plan and "𝟗" not in plan else 93.0)


@pytest.mark.parametrize(
    "choices", [{"target": "0"}, {"target": "x"}, {"rules": "9999"}, {"year": "x"}]
)
def test_other_nonsense_in_the_url_shows_the_default(
    choices: dict[str, str], open_page: OpenPage
) -> None:
    app = open_page(WHAT_IF.file, **choices)
    assert not app.exception
    assert "จึงจะถึงระดับ ผ่านดีเยี่ยม" in text_of(app)


def test_a_low_score_in_the_url_widens_the_sliders(open_page: OpenPage) -> None:
    app = open_page(WHAT_IF.file, plan="9-20")
    assert widget(app, "slider", "1").min == 20.0
    assert slider(app, "9") == 20.0
    assert "ต้องปรับปรุง" in text_of(app)


@pytest.mark.parametrize("lang", ["th", "en"])
def test_an_empty_store_leads_to_the_import(
    lang: str, empty_store: Path, open_page: OpenPage
) -> None:
    app = open_page(WHAT_IF.file, lang=lang)
    assert not app.exception
    assert app.page_link


def test_totals_alone_tell_the_gap_and_what_to_bring(open_page: OpenPage) -> None:
    app = open_page(WHAT_IF.file, agency="IPST")
    told = text_of(app)
    assert "ปี 2567 ยังไม่มีคะแนนของ IIT, EIT, OIT" in told
    assert "คะแนนรวมขาดอีก 3.85 จึงจะถึงระดับ ผ่านดีเยี่ยม (ทุกแบบวัดต้องได้ 95 ขึ้นไปด้วย)" in told
    assert "OIT 0.40 (ตัวชี้วัดละ 0.20)" in told
    assert [link.label for link in app.page_link if "นำเข้าข้อมูล" in link.label]
    assert not app.slider


def test_an_older_model_has_no_weights(open_page: OpenPage) -> None:
    app = open_page(WHAT_IF.file, agency="IPST", year="2560")
    assert not app.exception
    assert "เกณฑ์ของปี 2560 ไม่มีน้ำหนัก" in text_of(app)


def test_a_year_with_a_hole_names_it_and_offers_those_that_suffice(open_page: OpenPage) -> None:
    app = open_page(WHAT_IF.file, agency="SAMPLE", year="2566")
    assert "ปี 2566 ยังไม่มีคะแนนของ OIT" in text_of(app)
    offered = [link.label for link in app.page_link if "ลองปรับ" in link.label]
    assert [label.split("ปี ")[1][:4] for label in offered] == ["2567", "2564"]


def test_instruments_are_moved_where_indicators_are_missing(open_page: OpenPage) -> None:
    app = open_page(WHAT_IF.file, agency="SAMPLE", year="2564", target="1")
    told = text_of(app)
    assert len(app.slider) == 3
    assert "จึงปรับที่คะแนนของแบบวัด" in told
    assert "คะแนนรวมขาดอีก 14.73 จึงจะถึงระดับ AA" in told
    button(app, USE).click().run()
    assert number(app, "OIT") == 100.0
    assert "✓ AA" in " ".join(text_of(app).split())


SCORES = "ปีงบประมาณ,หน่วยงาน," + ",".join(f"ตัวชี้วัด {n}" for n in range(1, 11)) + ",แหล่งที่มา\n"


def brought(year: int, *scores: str, agency: str = "YALA", source: str = "ผลที่ประกาศ") -> None:
    content = SCORES + ",".join([str(year), agency, *scores, source]) + "\n"
    assert taken(get_store(), "scores", content).accepted


def test_letters_can_be_judged_by_the_words_of_the_next_year(open_page: OpenPage) -> None:
    open_page()
    brought(2565, *["96"] * 8, "95", "80")
    app = open_page(WHAT_IF.file, agency="YALA", year="2565")
    assert list(app.segmented_control(key="rules").options) == ["ปี 2565", "ปี 2566"]
    assert "จึงจะถึงระดับ AA" in text_of(app)
    app.segmented_control(key="rules").set_value("2566").run()
    assert "คิดตามเกณฑ์ของปี 2566" in text_of(app)
    assert "จึงจะถึงระดับ ผ่านดีเยี่ยม" in text_of(app)
    assert in_url(app, "rules") == "2566"
    reopened = open_page(WHAT_IF.file, agency="YALA", year="2565", rules="2566", target="1")
    assert "จึงจะถึงระดับ ผ่านดีเยี่ยม" in text_of(reopened)


def test_at_the_top_scores_can_still_be_moved(open_page: OpenPage) -> None:
    open_page()
    brought(2568, *["98"] * 10)
    app = open_page(WHAT_IF.file, agency="YALA")
    assert "อยู่ในระดับสูงสุดแล้ว" in text_of(app)
    assert USE not in labels(app)
    move(app, "9", 80.0)
    assert "ผ่านดี" in text_of(app)
    assert not app.exception


def test_another_agency_starts_from_its_own_scores(open_page: OpenPage) -> None:
    open_page()
    brought(2567, *["90"] * 10)
    app = open_page(WHAT_IF.file, agency="SAMPLE", plan="9-95")
    app.selectbox(key="agency").set_value("YALA").run()
    assert number(app, "9") == 90.0
    assert in_url(app, "plan") is None


def test_markup_in_a_source_stays_text(open_page: OpenPage) -> None:
    open_page()
    brought(2568, *["90"] * 10, source="<img src=x onerror=alert(1)>")
    app = open_page(WHAT_IF.file, agency="YALA")
    assert not any("<img src=x" in element.proto.body for element in app.get("html"))


def test_the_scenario_goes_out_as_a_file(open_page: OpenPage, database: Path) -> None:
    from ita.config import Settings
    from ita.domain import FiscalYear
    from ita.reference import load_reference
    from ita.scores.queries import load_published_scores
    from ita.scores.tables import scenario_table
    from ita.scores.trends import compute_trend
    from ita.scores.what_if import find_least_effort, find_starting_point

    app = open_page(WHAT_IF.file)
    assert {"CSV", "XLSX"} <= {e.label for e in app.download_button}
    reference = load_reference(Settings().reference)
    with get_store().reading() as cursor:
        found = compute_trend(load_published_scores(cursor, "SAMPLE"), reference)
    start = find_starting_point(found, FiscalYear(2567), reference)
    assert start
    plan = find_least_effort(start.levers, start.rules, start.rules.bands[0])
    table = scenario_table(start, "SAMPLE", {"9": Decimal("98.00")}, plan)
    text = table.csv().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 10 + 3 + 1
    ninth, total = rows[8], rows[-1]
    assert (ninth["คะแนนปัจจุบัน"], ninth["คะแนนที่ลองปรับ"], ninth["ทางที่ใช้แรงน้อยที่สุด"]) == (
        "93",
        "98",
        "94.99",
    )
    assert (total["คะแนนที่ลองปรับ"], total["ทางที่ใช้แรงน้อยที่สุด"], total["ระดับ"]) == (
        "89.92",
        "95",
        "ผ่านดี",
    )
    assert {row["ปีของคะแนน"] for row in rows} == {"2567"}
    assert all("ข้อมูลสมมติ" in row["แหล่งที่มา"] for row in rows)


@pytest.mark.parametrize("agency", ["SAMPLE", "IPST"])
def test_everything_is_said_in_english(agency: str, open_page: OpenPage) -> None:
    app = open_page(WHAT_IF.file, agency=agency, lang="en")
    assert not app.exception
    told = text_of(app)
    assert "short of Passed, excellent (and every instrument needs 95)" in told
    assert "What one more point is worth in the total: OIT 0.40 (0.20 an indicator)" in told
