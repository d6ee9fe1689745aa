from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from ita.config import Settings
from ita.domain import FiscalYear, Instrument
from ita.formatting import score_text
from ita.measures.model import Completion, Measure
from ita.measures.statuses import JudgedMeasure, outstanding_measures
from ita.reference import load_reference
from ita.reports.gaps import Gap, GapKind
from ita.reports.narrative import NarrativeReport, NarrativeRow
from ita.reports.next_steps import (
    LatestWeakness,
    NextStepKind,
    latest_weakness,
    next_steps,
    open_report_year,
    plan_remark,
)
from ita.scores.claims.verdicts import judged_claims
from ita.scores.indicators import Zone, indicator_table
from ita.scores.totals import YearScores
from ita.scores.trends import compute_trend
from tests.builders import EIT, IIT, OIT, completion, measure, quarter, weak_point, year_scores

REFERENCE = load_reference(Settings().reference)
YEAR = FiscalYear(2567)
LATER = date(2025, 1, 1)


def _report(*gaps: Gap, outcomes: dict[Instrument, str] | None = None) -> NarrativeReport:
    scores = [year_scores(2566, IIT="90"), year_scores(2567, IIT="80")]
    claims = judged_claims(outcomes or {}, compute_trend(scores, REFERENCE).points, YEAR, REFERENCE)
    row = NarrativeRow(IIT, "แบบวัด IIT", (), (), None, None, (), claims)
    return NarrativeReport("A", "หน่วยงาน", YEAR, (row,), gaps)


def _late(
    measures: Sequence[Measure], completions: Sequence[Completion], today: date
) -> tuple[JudgedMeasure, ...]:
    return outstanding_measures(measures, completions, today, REFERENCE.statuses)


def _old_weak(number: str, score: str, year: int = 2566) -> Gap:
    weak = weak_point(number, "ชื่อ", "name", score, year)
    return Gap(EIT, None, GapKind.WEAK_INDICATOR_WITHOUT_MEASURE, indicator=weak)


def _weakness(*years: YearScores, planned: Sequence[Measure] = ()) -> LatestWeakness:
    return latest_weakness(compute_trend(years, REFERENCE), planned, REFERENCE)


NOTHING = LatestWeakness()
BEFORE = year_scores(2566, ind4="79.90", ind7="78.52", ind8="82.30")
NOW = year_scores(2567, ind4="83.05", ind7="82.31", ind8="86.80")


def test_nothing_to_do_gives_no_step() -> None:
    assert next_steps(_report(), (), NOTHING) == ()


def test_kinds_come_in_their_rank_each_with_its_count() -> None:
    late = _late([measure(seq=1), measure(seq=2)], [completion(4, "40")], LATER)
    report = _report(
        Gap(OIT, None, GapKind.NO_PERIOD),
        Gap(IIT, 3, GapKind.NO_RESULT),
        outcomes={IIT: "ส่งผลให้คะแนน IIT เพิ่มขึ้นทุกปี"},
    )
    steps = next_steps(report, late, _weakness(year_scores(2567, ind7="78.52", ind8="90")))
    assert [step.kind for step in steps] == list(NextStepKind)
    assert [len(step.items) for step in steps] == [1, 2, 2, 1]
    assert steps[2].title == "สิ่งที่รายงานยังขาด 2 รายการ"


def test_only_what_is_weak_in_the_latest_year_is_a_step_the_weakest_first() -> None:
    report = _report(_old_weak("4", "79.90"), _old_weak("7", "78.52"), _old_weak("8", "82.30"))
    weak = _weakness(BEFORE, NOW)
    (step,) = next_steps(report, (), weak)
    assert step.title == "ตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่าน 85 ในปี 2567 2 ตัว"
    assert [item.message for item in step.items] == [
        "ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร ได้ 82.31 · ยังไม่มีมาตรการที่ระบุตัวชี้วัดนี้",
        "ตัวชี้วัดที่ 4 การใช้ทรัพย์สินของราชการ ได้ 83.05 · ยังไม่มีมาตรการที่ระบุตัวชี้วัดนี้",
    ]
    assert plan_remark(report, weak) == (
        "แผนปี 2567 ตั้งจากจุดอ่อนปี 2566 โดยไม่มีมาตรการของตัวชี้วัดที่ 4, 7, 8"
    )


def test_a_plan_that_starts_from_the_latest_scores_needs_no_remark() -> None:
    assert plan_remark(_report(_old_weak("7", "82.31", year=2567)), _weakness(BEFORE, NOW)) == ""
    assert plan_remark(_report(_old_weak("7", "78.52")), NOTHING) == ""
    assert plan_remark(_report(), _weakness(NOW)) == ""


def test_measures_of_the_latest_plan_answer_a_weak_point_and_older_ones_do_not() -> None:
    def aimed(year: int, seq: int) -> Measure:
        return replace(
            measure(instrument=EIT, seq=seq), fiscal_year=FiscalYear(year), indicators=("7",)
        )

    old = _weakness(BEFORE, NOW, planned=[aimed(2566, 1)])
    assert "ยังไม่มีมาตรการ" in next_steps(_report(), (), old)[0].items[0].message
    both = _weakness(BEFORE, NOW, planned=[aimed(2567, 1), aimed(2568, 2), aimed(2568, 3)])
    assert (
        next_steps(_report(), (), both)[0].items[0].message.endswith("มีมาตรการปี 2568: EIT 2, EIT 3")
    )


def test_an_instrument_without_indicators_is_named_itself() -> None:
    weak = _weakness(BEFORE, year_scores(2568, IIT="90", EIT="84.99", OIT="85"))
    (step,) = next_steps(_report(), (), weak)
    assert step.title == "แบบวัดหรือตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่าน 85 ในปี 2568 1 ส่วน"
    assert step.items[0].message.startswith("EIT แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก ได้ 84.99")


def test_a_year_that_has_only_a_total_leaves_the_last_year_with_parts() -> None:
    weak = _weakness(BEFORE, NOW, year_scores(2568, total="90"))
    assert (weak.year, len(weak.points)) == (2567, 2)
    assert _weakness(year_scores(2560, total="80")).year is None


def test_the_steps_and_the_page_of_indicators_name_the_same_ones() -> None:
    spread = {f"ind{n}": score_text(84.97 + n / 100) for n in range(1, 11)}
    found = compute_trend([BEFORE, year_scores(2567, **spread)], REFERENCE)
    table = indicator_table(found, found.years, tuple(Instrument), REFERENCE)
    shown = [row.number for row in table.rows_in_zones(FiscalYear(2567), Zone.FAR, Zone.BELOW)]
    steps = [point.part for point in latest_weakness(found, (), REFERENCE).points]
    assert steps == shown == ["1", "2"]


def test_what_is_over_comes_before_what_only_lacks_reports() -> None:
    planned = [measure(seq=1), measure(seq=2, quarters=(1, 1))]
    late = _late(planned, [completion(1, "50", seq=2)], date(2024, 6, 1))
    (step,) = next_steps(_report(), late, NOTHING)
    assert [item.name for item in step.items] == ["IIT 2", "IIT 1"]
    assert "ยังไม่เสร็จ: 50 %" in step.items[0].message


def test_a_missing_report_of_progress_is_late_and_not_counted_twice() -> None:
    late = _late([measure()], [], LATER)
    gap = Gap(IIT, 1, GapKind.NO_PROGRESS, (quarter(1),))
    (step,) = next_steps(_report(gap), late, NOTHING)
    assert step.kind is NextStepKind.LATE_MEASURE


def test_late_work_of_every_year_is_told_the_oldest_first() -> None:
    old = _late([measure(IIT, 1, year=2566)], [], LATER)
    now = _late([measure(EIT, 2)], [], LATER)
    steps = next_steps(_report(), (*now, *old), NOTHING)
    assert [(step.kind, step.year) for step in steps] == [
        (NextStepKind.LATE_MEASURE, 2566),
        (NextStepKind.LATE_MEASURE, None),
    ]
    assert [step.title for step in steps] == [
        "มาตรการปี 2566 ที่ล่าช้าหรือขาดรายงาน 1 มาตรการ",
        "มาตรการที่ล่าช้าหรือขาดรายงาน 1 มาตรการ",
    ]
    assert [[item.name for item in step.items] for step in steps] == [["IIT 1"], ["EIT 2"]]


def test_the_report_of_the_year_before_stands_beside_this_years() -> None:
    before = replace(_report(Gap(IIT, 3, GapKind.NO_RESULT)), fiscal_year=FiscalYear(2566))
    steps = next_steps(_report(Gap(OIT, None, GapKind.NO_PERIOD)), (), NOTHING, before)
    assert [step.title for step in steps] == [
        "สิ่งที่รายงานผลปี 2566 ยังขาด 1 รายการ",
        "สิ่งที่รายงานยังขาด 1 รายการ",
    ]


@pytest.mark.parametrize(
    ("years", "day", "expected"),
    [
        ((2566, 2567), date(2023, 10, 1), 2566),
        ((2566, 2567), date(2024, 9, 30), 2566),
        ((2566, 2567), date(2024, 10, 1), None),
        ((2567,), date(2024, 1, 1), None),
        ((2565, 2567), date(2024, 1, 1), None),
    ],
)
def test_only_the_report_of_the_year_before_is_handed_in_while_a_year_runs(
    years: tuple[int, ...], day: date, expected: int | None
) -> None:
    assert open_report_year([FiscalYear(year) for year in years], YEAR, day) == expected
