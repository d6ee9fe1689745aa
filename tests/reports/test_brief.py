"""The brief as a value: its figures are those of the rules, and what is missing is said."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from ita.charts.values import BarChart, CellGrid, LineChart
from ita.domain import TOTAL, FiscalYear
from ita.formatting import change_text, score_text
from ita.i18n import language_set_to
from ita.imports.datasets import Dataset
from ita.reference import Reference, load_reference
from ita.reports.brief import build_brief
from ita.reports.brief_scores import HEIGHTS, MAX_TREND_YEARS, WATERFALL_STEP_LIMITS
from ita.reports.brief_work import MAX_NAMED_GAPS
from ita.reports.narrative import load_narrative_report
from ita.reports.next_steps import latest_weakness, next_steps
from ita.scores.queries import load_published_scores
from ita.scores.standing import ScoreComparison
from ita.scores.trends import compute_trend
from ita.store import Store
from tests.builders import reference_folder, rewrite
from tests.imports.bringing import taken
from tests.reports.briefing import (
    TODAY,
    an_agency,
    bring,
    every_indicator,
    made,
    measures,
    totals,
)


def test_place_tells_the_figures_of_the_rules(sample_store: Store, reference: Reference) -> None:
    place = made(sample_store, "SAMPLE").standing
    with sample_store.reading() as cursor:
        found = compute_trend(load_published_scores(cursor, "SAMPLE"), reference)
    last = {point.part: point for point in found.points if point.fiscal_year == 2567}
    assert place
    assert place.score == score_text(last[TOTAL].score) == "88.92"
    assert place.change == f"{change_text(last[TOTAL].change)} จากปี 2566 (ทั้งประเทศ +2.86)"
    assert place.comparisons == (ScoreComparison("ต่ำกว่าค่าเฉลี่ยประเทศ 4.13", is_behind=True),)
    assert (place.direction, place.has_passed) == (1, True)
    assert place.level == "ระดับ ผ่านดี"
    assert [(tile.name, tile.score) for tile in place.tiles] == [
        (part, score_text(last[part].score)) for part in ("IIT", "EIT", "OIT")
    ]
    # OIT has no score in 2566, so its change is against the year before that.
    assert place.tiles[2].change == "+11.25 จากปี 2564"


def test_made_up_figures_are_marked_and_published_ones_are_not(sample_store: Store) -> None:
    assert made(sample_store, "SAMPLE").fictional_mark == "ข้อมูลสมมติ"
    assert made(sample_store, "IPST").fictional_mark == ""


def test_scores_of_later_years_are_left_out(sample_store: Store) -> None:
    found = made(sample_store, "IPST", 2564)
    assert found.standing
    assert found.standing.score == "95.62"
    chart = found.trend.charts[0]
    assert isinstance(chart, LineChart)
    assert chart.categories == tuple(str(year) for year in range(2558, 2565))


def test_a_year_without_scores_shows_the_latest_before_it_and_says_so(sample_store: Store) -> None:
    place = made(sample_store, "IPST", 2569).standing
    assert place
    assert place.score == "91.15"
    assert "ยังไม่มีคะแนนของปี 2569 จึงแสดงปีล่าสุดที่มี คือปี 2567" in place.notes


def test_every_size_of_the_trend_has_the_same_figures(sample_store: Store) -> None:
    charts = made(sample_store, "IPST").trend.charts
    assert len(charts) == len(HEIGHTS)
    lines = {chart.lines for chart in charts if isinstance(chart, LineChart)}
    assert len(lines) == 1
    assert any(line.name == "ค่าเฉลี่ยทั้งประเทศ" for line in lines.pop())
    assert [mark.sign for mark in charts[0].marks] == ["(1)", "(2)", "(3)"]  # type: ignore[union-attr]


def test_steps_that_are_put_together_add_up_to_the_same_change(sample_store: Store) -> None:
    charts = made(sample_store, "SAMPLE").movement.charts
    assert [len(chart.bars) for chart in charts if isinstance(chart, BarChart)] == [
        most + 2 for most in WATERFALL_STEP_LIMITS
    ]
    for chart in charts:
        assert isinstance(chart, BarChart)
        first, *steps, last = chart.bars
        told = sum(Decimal(bar.label.replace("−", "-")) for bar in steps)
        assert Decimal(first.label) + told == Decimal(last.label)
        assert all(a.end == pytest.approx(b.start) for a, b in pairwise(steps))
        assert steps[0].start == pytest.approx(float(first.label))
        assert steps[-1].end == pytest.approx(float(last.label))


def test_the_largest_steps_stay(store: Store) -> None:
    an_agency(store)
    every_indicator(store, 2566)
    scores = ["70", "61", "62", "63", "64", "65", "66", "67", "88", "69"]
    head = ["ปีงบประมาณ", "หน่วยงาน", *(f"ตัวชี้วัด {n}" for n in range(1, 11))]
    bring(store, Dataset.SCORES, head, ["2567", "A", *scores])
    chart = made(store, "A").movement.charts[-1]
    assert isinstance(chart, BarChart)
    # 0.4 / 2 × (88 − 68) and 0.3 / 5 × (70 − 60) points of the total.
    assert [bar.label for bar in chart.bars[1:-1]] == ["+4.00", "+0.60", "+0.00"]


def test_a_split_that_is_impossible_says_why(sample_store: Store) -> None:
    moved = made(sample_store, "IPST").movement
    assert moved.charts == ()
    assert "ยังแยกไม่ได้" in moved.headline


def test_indicators_have_their_scores_zones_and_change(sample_store: Store) -> None:
    section = made(sample_store, "SAMPLE").indicators
    grid = section.charts[0]
    assert isinstance(grid, CellGrid)
    assert grid.columns == ("2566", "2567", "เปลี่ยนแปลง")
    rows = {name.split()[0]: [cell.text for cell in cells] for name, cells in grid.rows}
    assert rows["7"] == ["78.52", "82.31", "+3.79"]
    assert rows["9"] == ["–", "93.00", "–"]
    assert len(section.legend) == 4


def test_work_is_what_the_overview_says(sample_store: Store, reference: Reference) -> None:
    work = made(sample_store, "SAMPLE").work
    with sample_store.reading() as cursor:
        report = load_narrative_report(cursor, "SAMPLE", FiscalYear(2567), reference, TODAY)
        found = compute_trend(load_published_scores(cursor, "SAMPLE"), reference)
    titles = [todo.title for todo in work.todos]
    weak_now = latest_weakness(found, (), reference)
    assert titles[0] == next_steps(report, (), weak_now)[0].title
    assert titles == [
        "ตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่าน 85 ในปี 2567 2 ตัว",
        "มาตรการที่ล่าช้าหรือขาดรายงาน 4 มาตรการ",
        "สิ่งที่รายงานยังขาด 4 รายการ",
        "ข้อความในรายงานที่ขัดกับคะแนน 1 แห่ง",
    ]
    weak, late, gaps, claims = work.todos
    assert weak.items[0].message == ("ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร ได้ 82.31 · ยังไม่มีมาตรการที่ระบุตัวชี้วัดนี้")
    assert work.notes[0] == ("แผนปี 2567 ตั้งจากจุดอ่อนปี 2566 โดยไม่มีมาตรการของตัวชี้วัดที่ 2, 4, 6, 7, 8")
    assert late.counts == ("ล่าช้า 2 · ไม่มีรายงาน 2 · IIT: 1 มาตรการ, EIT: 2 มาตรการ, OIT: 1 มาตรการ")
    assert [item.message for item in gaps.items] == [
        "ยังไม่มีสรุปผลการดำเนินการ (3): IIT 3, EIT 3, OIT 2",
        "ยังไม่ระบุระยะเวลาดำเนินการ (1): OIT",
    ]
    assert claims.items[0].text == "“EIT เพิ่มขึ้นทุกปี”"
    assert "2566 (−1.56)" in claims.items[0].message
    assert "9 มาตรการ" in work.headline
    # When the assessment of 2567 was closed is not known, so no work is called too late.
    assert not any("ไม่มีผลต่อคะแนน" in note for note in work.notes)


def test_many_gaps_of_one_kind_are_one_item_with_their_count(store: Store) -> None:
    an_agency(store)
    measures(store, 60)
    (gap,) = [
        item
        for todo in made(store, "A").work.todos
        for item in todo.items
        if item.message.startswith("ยังไม่มีสรุปผลการดำเนินการ")
    ]
    assert gap.message.startswith("ยังไม่มีสรุปผลการดำเนินการ (60): IIT 1, IIT 2, ")
    assert gap.message.endswith(f"และอีก {60 - MAX_NAMED_GAPS} รายการ")


def test_what_was_looked_for_and_not_found_is_said(store: Store) -> None:
    an_agency(store)
    measures(store, 1)
    work = made(store, "A").work
    assert work.all_clear == "ตรวจแล้วไม่พบ: ข้อความในรายงานที่ขัดกับคะแนน"


def test_without_work_of_the_year_the_latest_that_has_some_is_named(store: Store) -> None:
    an_agency(store)
    measures(store, 1)
    work = made(store, "A", 2568).work
    assert all("ปี 2567" in todo.title for todo in work.todos)
    assert "ยังไม่มีมาตรการและรายงานผลของปี 2568" in work.headline
    assert "(ปีล่าสุดที่มีคือปี 2567)" in work.headline


def test_one_year_can_not_be_compared(store: Store) -> None:
    an_agency(store)
    totals(store, 2567)
    found = made(store, "A")
    assert found.standing
    assert found.standing.change == ""
    assert "เป็นปีแรกที่มีคะแนน" in found.standing.headline
    assert "อย่างน้อยสองปี" in found.movement.headline
    assert "ข้อมูลไม่พอที่จะบอกแนวโน้ม" in found.trend.headline


def test_the_older_model_has_no_instruments_levels_or_steps(store: Store) -> None:
    an_agency(store)
    totals(store, 2559, 2560)
    found = made(store, "A", 2560)
    assert found.standing
    assert found.standing.level == "ไม่ทราบระดับ"
    assert found.standing.ahead == ""
    assert "รูปแบบการประเมินเดิมที่ไม่มีแบบวัด" in found.standing.without_tiles
    assert "รูปแบบการประเมินเดิม" in found.movement.headline
    assert "2559, 2560" in found.indicators.headline


def test_computed_and_contradictory_totals_are_told(store: Store) -> None:
    an_agency(store)
    every_indicator(store, 2566)
    place = made(store, "A", 2566).standing
    assert place
    assert "ยังไม่มีคะแนนรวมที่ประกาศ" in place.notes[0]
    taken(store, "scores", "ปีงบประมาณ,หน่วยงาน,คะแนนรวม,ระดับ\n2566,A,90,ผ่านดี\n")
    place = made(store, "A", 2566).standing
    assert place
    assert place.score == "90.00"
    assert any("(90.00) ต่างจากที่คำนวณ" in note for note in place.notes)


def test_nothing_stored_is_empty_and_any_of_it_is_not(store: Store) -> None:
    an_agency(store)
    assert made(store, "A").is_empty
    measures(store, 1)
    assert not made(store, "A").is_empty
    assert made(store, "A", 2566).is_empty
    totals(store, 2560)
    assert not made(store, "A", 2566).is_empty


def test_scores_of_a_year_without_rules_are_left_out_and_named(
    store: Store, tmp_path_factory: pytest.TempPathFactory
) -> None:
    an_agency(store)
    totals(store, 2566, 2567)
    folder = reference_folder(tmp_path_factory.mktemp("reference"))
    years = (folder / "years.csv").read_text(encoding="utf-8")
    row = next(line for line in years.splitlines() if line.startswith("2567,"))
    rewrite(folder, "years.csv", row + "\n", "")
    with store.reading() as cursor:
        found = build_brief(cursor, "A", FiscalYear(2567), load_reference(folder), TODAY)
    assert found.standing
    assert found.standing.title == "คะแนนรวม ปี 2566"
    assert "ปี 2567" in found.notes[0]
    assert "2567" in found.work.headline


def test_a_long_history_keeps_its_latest_years(store: Store) -> None:
    an_agency(store)
    totals(store, *range(2557, 2570))
    chart = made(store, "A", 2569).trend.charts[0]
    assert isinstance(chart, LineChart)
    assert len(chart.categories) == min(13, MAX_TREND_YEARS)


def test_in_english_nothing_of_ours_stays_thai(sample_store: Store) -> None:
    with language_set_to("en"):
        found = made(sample_store, "SAMPLE")
    place = found.standing
    assert place
    told = [
        found.title,
        found.data_date,
        found.fictional_mark,
        place.title,
        place.headline,
        place.ahead,
    ]
    told += [
        found.trend.headline,
        found.movement.headline,
        *found.movement.notes,
        found.indicators.headline,
    ]
    told += [found.work.title, found.work.headline, *found.work.notes, *found.indicators.notes]
    told += [text for todo in found.work.todos for text in (todo.title, todo.counts)]
    weak, _, gaps, claims = found.work.todos
    told += [item.message for todo in (weak, gaps, claims) for item in todo.items]
    assert [text for text in told if any("ก" <= letter <= "๙" for letter in text)] == []
