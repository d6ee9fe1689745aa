from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ita.measures.rules import Completion, Measure
from ita.measures.statuses import JudgedMeasure, outstanding
from ita.reference import load_reference
from ita.report.gaps import Gap, GapKind, WeakIndicator
from ita.report.narrative import NarrativeReport, NarrativeRow
from ita.report.next_steps import StepKind, next_steps
from ita.scores.claims import judged_claims
from ita.scores.trends import trend
from ita.settings import Settings
from ita.vocabulary import FiscalYear, Instrument
from tests.builders import EIT, IIT, OIT, completion, measure, quarter, year_scores

REFERENCE = load_reference(Settings().reference)
YEAR = FiscalYear(2567)
LATER = date(2025, 1, 1)


def _report(*gaps: Gap, outcomes: dict[Instrument, str] | None = None) -> NarrativeReport:
    scores = [year_scores(2566, IIT="90"), year_scores(2567, IIT="80")]
    claims = judged_claims(outcomes or {}, trend(scores, REFERENCE).points, YEAR, REFERENCE)
    row = NarrativeRow(IIT, "แบบวัด IIT", (), (), None, None, (), claims)
    return NarrativeReport("A", "หน่วยงาน", YEAR, (row,), gaps)


def _late(
    measures: Sequence[Measure], completions: Sequence[Completion], today: date
) -> tuple[JudgedMeasure, ...]:
    return outstanding(measures, completions, today, REFERENCE.statuses)


def _weak(number: str, score: str) -> Gap:
    weak = WeakIndicator(number, "ชื่อ", "name", score, FiscalYear(2566), "85")
    return Gap(EIT, None, GapKind.WEAK_INDICATOR_WITHOUT_MEASURE, indicator=weak)


def test_nothing_to_do_gives_no_step() -> None:
    assert next_steps(_report(), ()) == ()


def test_kinds_come_in_their_rank_each_with_its_count() -> None:
    late = _late([measure(seq=1), measure(seq=2)], [completion(4, "40")], LATER)
    report = _report(
        Gap(OIT, None, GapKind.NO_PERIOD),
        Gap(IIT, 3, GapKind.NO_RESULT),
        _weak("7", "78.52"),
        outcomes={IIT: "ส่งผลให้คะแนน IIT เพิ่มขึ้นทุกปี"},
    )
    steps = next_steps(report, late)
    assert [step.kind for step in steps] == list(StepKind)
    assert [len(step.items) for step in steps] == [1, 2, 2, 1]
    assert steps[2].title == "สิ่งที่รายงานยังขาด 2 รายการ"


def test_the_weakest_indicator_comes_first() -> None:
    (step,) = next_steps(_report(_weak("4", "79.90"), _weak("7", "78.52"), _weak("8", "84")), ())
    assert ["ตัวชี้วัดที่ 7" in step.items[0].said, "ตัวชี้วัดที่ 8" in step.items[2].said] == [True] * 2


def test_what_is_over_comes_before_what_only_lacks_reports() -> None:
    planned = [measure(seq=1), measure(seq=2, quarters=(1, 1))]
    late = _late(planned, [completion(1, "50", seq=2)], date(2024, 6, 1))
    (step,) = next_steps(_report(), late)
    assert [item.name for item in step.items] == ["IIT 2", "IIT 1"]
    assert "ยังไม่เสร็จ: 50 %" in step.items[0].said


def test_a_missing_report_of_progress_is_late_and_not_counted_twice() -> None:
    late = _late([measure()], [], LATER)
    gap = Gap(IIT, 1, GapKind.NO_PROGRESS, (quarter(1),))
    (step,) = next_steps(_report(gap), late)
    assert step.kind is StepKind.LATE_MEASURE
