"""Measures beside the weak indicators, and which work came too late for the year's score."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ita.measures.rules import Measure
from ita.reference import Reference, load_reference
from ita.report.aims import Aims, aims, timing_sentence, too_late_quarters
from ita.scores.totals import YearScores
from ita.vocabulary import FiscalYear
from tests.builders import EIT, IIT, OIT, measure, quarter, reference_folder, rewrite, year_scores

YEAR = FiscalYear(2567)
SCORES = [year_scores(2566, ind1="90", ind4="79.9", ind7="78.52"), year_scores(2567, ind1="70")]


def _aims(
    measures: Sequence[Measure], reference: Reference, scores: Sequence[YearScores] = SCORES
) -> Aims:
    return aims(measures, scores, reference.years, YEAR)


def test_weak_indicators_stand_beside_their_measures_weakest_first(reference: Reference) -> None:
    planned = [
        measure(IIT, 1, indicators=("4", "1")),
        measure(EIT, 1),
        measure(OIT, 1, indicators=("9",)),
    ]
    found = _aims(planned, reference)
    assert found.scored == 2566
    assert [(a.indicator.number, [m.key for m in a.measures]) for a in found.weak] == [
        ("7", []),
        ("4", [(IIT, 1)]),
    ]
    assert [a.indicator.number for a in found.bare] == ["7"]
    assert [m.key for m in found.aimless] == [(EIT, 1)]
    assert [m.key for m in found.elsewhere] == [(OIT, 1)]
    assert found.sentence() == "ตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่านในปี 2566 2 ตัว ยังไม่มีมาตรการที่มุ่งแก้ 1 ตัว"


def test_all_weak_indicators_have_measures(reference: Reference) -> None:
    found = _aims([measure(indicators=("4", "7"))], reference)
    assert found.bare == ()
    assert "มีมาตรการที่มุ่งแก้ครบทุกตัว" in found.sentence()


def test_the_year_itself_speaks_where_the_year_before_has_no_indicators(
    reference: Reference,
) -> None:
    found = _aims([], reference, [year_scores(2566, total="90"), year_scores(2567, ind1="70")])
    assert (found.scored, [a.indicator.number for a in found.weak]) == (2567, ["1"])


def test_no_scores_is_not_the_same_as_no_weak_indicator(reference: Reference) -> None:
    none = _aims([], reference, [])
    strong = _aims([], reference, [year_scores(2566, ind1="90")])
    assert (none.scored, strong.scored) == (None, 2566)
    assert none.weak == strong.weak == ()
    assert "ปี 2566 หรือปี 2567" in none.sentence()
    assert strong.sentence() == "คะแนนปี 2566 ไม่มีตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่าน"


def test_quarter_four_came_too_late_for_the_score(reference: Reference) -> None:
    assert too_late_quarters(YEAR, reference) == (quarter(4),)
    told = timing_sentence(YEAR, reference)
    assert "เก็บ 1 ม.ค. 2567 ถึง 30 มิ.ย. 2567 งานของไตรมาส 4 จึงไม่มีผลต่อคะแนนของปีเดียวกัน" in told
    assert "ยังไม่ได้ตรวจ" in told


def test_the_days_come_from_the_table_and_not_from_the_code(tmp_path: Path) -> None:
    folder = reference_folder(tmp_path)
    rewrite(folder, "collection.csv", "2567,2024-01-01,2024-06-30", "2567,2024-01-01,2024-03-15")
    reference = load_reference(folder)
    assert too_late_quarters(YEAR, reference) == (quarter(3), quarter(4))
    assert "งานของไตรมาส 3, 4" in timing_sentence(YEAR, reference)


def test_a_year_whose_days_are_not_known_says_so(reference: Reference) -> None:
    assert too_late_quarters(FiscalYear(2572), reference) == ()
    assert "ยังไม่มีวันเก็บข้อมูลของปี 2572" in timing_sentence(FiscalYear(2572), reference)


def test_collection_to_the_end_of_the_year_leaves_no_quarter_out(tmp_path: Path) -> None:
    folder = reference_folder(tmp_path)
    rewrite(folder, "collection.csv", "2567,2024-01-01,2024-06-30", "2567,2024-01-01,2024-09-15")
    told = timing_sentence(YEAR, load_reference(folder))
    assert told == "ข้อมูลสำหรับคะแนนปี 2567 เก็บถึง 15 ก.ย. 2567 งานหลังวันนั้นไม่มีผลต่อคะแนนของปีเดียวกัน"
