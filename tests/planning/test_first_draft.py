"""The analysis as a whole, and the first draft that comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ita.config import Settings
from ita.domain import FiscalYear
from ita.measures.model import Completion, Measure
from ita.measures.plan_drafts import PlanDraft
from ita.planning.analysis import PlanAnalysis, PlanYears, analyse_plan
from ita.planning.drafts import build_first_draft
from ita.planning.needs import NeedKind
from ita.reference import Reference, load_reference
from ita.scores.totals import YearScores
from ita.scores.trends import compute_trend
from tests.builders import (
    EIT,
    IIT,
    OIT,
    append_rows,
    completion,
    measure,
    reference_folder,
    rewrite,
    year_scores,
)

REFERENCE = load_reference(Settings().reference)
TODAY = date(2024, 12, 1)
DONE = [completion(4, "100", IIT, 1), completion(4, "100", IIT, 4), completion(4, "100", EIT, 2)]
WORK = [
    measure(IIT, 1, indicators=("1",)),
    measure(IIT, 4, indicators=("4", "5")),
    measure(EIT, 2),
    measure(OIT, 1, None, indicators=("9",)),
]
SCORES = (
    year_scores(2566, total="84", ind1="90", ind4="80", ind7="82", ind9="99"),
    year_scores(2567, total="85", ind1="91", ind4="79", ind7="81", ind9="98"),
)


def _analysed(
    *scores: YearScores,
    measures: Sequence[Measure] = WORK,
    reported: Sequence[Completion] = DONE,
    scored: int | None = 2567,
    worked: int | None = 2567,
    reference: Reference = REFERENCE,
) -> PlanAnalysis:
    years = PlanYears(
        FiscalYear(2568),
        FiscalYear(scored) if scored else None,
        FiscalYear(worked) if worked else None,
    )
    found = compute_trend(scores, reference)
    return analyse_plan("A", "เทศบาล", years, found, measures, reported, reference, TODAY)


def _told(draft: PlanDraft) -> list[tuple[str, str, str, str]]:
    return [(row.instrument, row.seq, row.measure, row.origin) for row in draft]


def test_last_years_measures_numbered_anew_and_a_row_for_each_need() -> None:
    assert _told(build_first_draft(_analysed(*SCORES), ())) == [
        ("IIT", "1", "มาตรการที่ 1", "ปี 2567 IIT 1"),
        ("IIT", "2", "มาตรการที่ 4", "ปี 2567 IIT 4 · ควรทบทวน"),
        ("IIT", "3", "", "มีมาตรการแล้ว แต่คะแนนไม่เพิ่ม"),
        ("EIT", "1", "มาตรการที่ 2", "ปี 2567 EIT 2"),
        ("EIT", "2", "", "ยังไม่มีมาตรการ"),
        ("OIT", "1", "มาตรการที่ 1", "ปี 2567 OIT 1 · ควรทบทวน · ยังไม่เสร็จ"),
        ("OIT", "2", "", "มีมาตรการแล้ว แต่คะแนนไม่เพิ่ม"),
    ]


def test_a_needed_row_says_why_and_leaves_the_rest_to_the_office() -> None:
    row = build_first_draft(_analysed(*SCORES), ())[4]
    assert row.cause == "ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร ได้ 81.00 คะแนนในปี 2567 ต่ำกว่าเกณฑ์ผ่าน 85"
    assert (row.indicator, row.measure, row.divisions, row.start_quarter) == ("7", "", "", "")


def test_what_is_stored_of_the_year_is_the_draft_under_its_own_numbers() -> None:
    stored = [
        replace(measure(IIT, 3, indicators=("4",), year=2568), text="เดิม"),
        replace(measure(OIT, 1, indicators=("9",), year=2568), text="เดิม"),
    ]
    assert _told(build_first_draft(_analysed(*SCORES), stored)) == [
        ("IIT", "3", "เดิม", "บันทึกไว้แล้ว"),
        ("EIT", "1", "", "ยังไม่มีมาตรการ"),
        ("OIT", "1", "เดิม", "บันทึกไว้แล้ว"),
    ]


def test_without_anything_the_draft_is_empty() -> None:
    assert (
        build_first_draft(_analysed(measures=(), reported=(), scored=None, worked=None), ()) == ()
    )


def test_what_was_aimed_at_stands_beside_its_figures_and_no_cause() -> None:
    found = _analysed(*SCORES)
    told = [(aimed.number, aimed.score, aimed.change) for aimed in found.targeted_indicators]
    assert told == [
        ("1", Decimal(91), Decimal(1)),
        ("4", Decimal(79), Decimal(-1)),
        ("5", None, None),
        ("9", Decimal(98), Decimal(-1)),
    ]
    assert [m.key for m in found.without_indicator] == [(EIT, 2)]
    assert "แหล่งข้อมูลบอกวันปิดการประเมินปี 2567 ไม่ตรงกัน" in found.timing_note


def test_work_after_the_score_has_no_figure_beside_it() -> None:
    found = _analysed(*SCORES, measures=[measure(indicators=("1",), year=2568)], worked=2568)
    assert [(aimed.score, aimed.change) for aimed in found.targeted_indicators] == [(None, None)]
    assert found.timing_note == ""


def test_needs_are_those_of_the_weak_points_and_what_is_left_over() -> None:
    assert [(need.kind, need.instrument) for need in _analysed(*SCORES).needs] == [
        (NeedKind.NO_MEASURE, EIT),
        (NeedKind.NOT_RISEN, IIT),
        (NeedKind.NOT_RISEN, OIT),
        (NeedKind.UNFINISHED, OIT),
    ]


@pytest.mark.parametrize(
    ("scores", "scored", "told"),
    [
        ((), None, "ยังไม่มีคะแนนของปีใดก่อนปี 2568"),
        ((year_scores(2567, total="91.15"),), 2567, "ปี 2567 มีเฉพาะคะแนนรวม (91.15)"),
        ((year_scores(2561, total="91.15"),), 2561, "รูปแบบการประเมินเดิม"),
        (SCORES, 2567, ""),
        ((year_scores(2567, IIT="96", EIT="97", OIT="98"),), 2567, ""),
    ],
)
def test_what_stands_in_the_way_is_said(
    scores: Sequence[YearScores], scored: int | None, told: str
) -> None:
    found = _analysed(*scores, scored=scored)
    assert found.obstacle.startswith(told) if not told else told in found.obstacle
    assert bool(found.obstacle) is bool(told)


def test_the_days_of_collection_come_from_the_table(tmp_path: Path) -> None:
    folder = reference_folder(tmp_path)
    rewrite(folder, "phases.csv", "2567,whole,2024-01-01,2024-06-30", "2566,whole,,2023-06-30")
    rewrite(folder, "phases.csv", "2567,whole,,2024-07-30", "2567,answers,,2024-07-30")
    append_rows(folder, "phases.csv", ("2567", "whole", "2024-01-01", "2024-03-15"))
    text = (folder / "phases.csv").read_text(encoding="utf-8")
    text = text.replace("ประกาศของปี,assumed", "ita.example.go.th,second-hand")
    (folder / "phases.csv").write_text(text, encoding="utf-8")
    found = _analysed(*SCORES, reference=load_reference(folder))
    assert "งานของไตรมาส 3, 4" in found.timing_note


def test_level_and_the_way_to_the_next_are_told() -> None:
    whole = {f"ind{n}": "90" for n in range(1, 11)}
    found = _analysed(year_scores(2567, **whole))
    assert found.level == "ผ่านดี"
    assert found.next_level.startswith("คะแนนรวมขาดอีก 5.00 จึงจะถึงระดับ ผ่านดีเยี่ยม")
