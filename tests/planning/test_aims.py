"""Measures beside the weak indicators, and which work came too late for the year's score."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ita.domain import FiscalYear
from ita.measures.model import Measure
from ita.planning.aims import Aims, compute_aims, timing_sentence
from ita.reference import Reference, load_reference
from ita.scores.totals import YearScores
from ita.scores.trends import compute_trend
from tests.builders import EIT, IIT, OIT, measure, reference_folder, year_scores

YEAR = FiscalYear(2567)
SCORES = [year_scores(2566, ind1="90", ind4="79.9", ind7="78.52"), year_scores(2567, ind1="70")]


def _aims(
    measures: Sequence[Measure], reference: Reference, scores: Sequence[YearScores] = SCORES
) -> Aims:
    return compute_aims(measures, compute_trend(scores, reference), YEAR, reference)


def test_weak_indicators_stand_beside_their_measures_weakest_first(reference: Reference) -> None:
    planned = [
        measure(IIT, 1, indicators=("4", "1")),
        measure(EIT, 1),
        measure(OIT, 1, indicators=("9",)),
    ]
    found = _aims(planned, reference)
    assert found.score_year == 2566
    assert [(a.indicator.part, [m.key for m in a.measures]) for a in found.weak_indicators] == [
        ("7", []),
        ("4", [(IIT, 1)]),
    ]
    assert [a.indicator.part for a in found.unaddressed] == ["7"]
    assert [m.key for m in found.without_indicator] == [(EIT, 1)]
    assert [m.key for m in found.on_other_indicators] == [(OIT, 1)]
    assert found.sentence() == "ตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่านในปี 2566 2 ตัว ยังไม่มีมาตรการที่มุ่งแก้ 1 ตัว"


def test_all_weak_indicators_have_measures(reference: Reference) -> None:
    found = _aims([measure(indicators=("4", "7"))], reference)
    assert found.unaddressed == ()
    assert "มีมาตรการที่มุ่งแก้ครบทุกตัว" in found.sentence()


def test_the_year_itself_speaks_where_the_year_before_has_no_indicators(
    reference: Reference,
) -> None:
    found = _aims([], reference, [year_scores(2566, total="90"), year_scores(2567, ind1="70")])
    assert (found.score_year, [a.indicator.part for a in found.weak_indicators]) == (2567, ["1"])


def test_no_scores_is_not_the_same_as_no_weak_indicator(reference: Reference) -> None:
    none = _aims([], reference, [])
    strong = _aims([], reference, [year_scores(2566, ind1="90")])
    assert (none.score_year, strong.score_year) == (None, 2566)
    assert none.weak_indicators == strong.weak_indicators == ()
    assert "ปี 2566 หรือปี 2567" in none.sentence()
    assert strong.sentence() == "คะแนนปี 2566 ไม่มีตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่าน"


def test_quarter_four_came_too_late_where_the_year_was_closed_before_it(
    reference: Reference,
) -> None:
    year = FiscalYear(2565)
    sentence = timing_sentence(year, reference)
    assert "ปิดเมื่อ 30 มิ.ย. 2565 งานของไตรมาส 4 จึงไม่มีผลต่อคะแนนของปีเดียวกัน" in sentence
    assert "ts-local.com" in sentence
    assert "(แหล่งรอง)" in sentence


TOO_LATE = "จึงไม่มีผลต่อคะแนนของปีเดียวกัน"


@pytest.mark.parametrize(
    ("year", "said"),
    [
        (2562, "ทราบเพียงว่าประกาศผล 17 ต.ค. 2562"),
        (2563, "ทราบเพียงว่าประกาศผล 28 ก.ย. 2563"),
        (2564, "ปิดเมื่อ 19 ก.ค. 2564 งานหลังวันนั้นไม่มีผล"),
        (2566, "ทราบเพียงว่าประกาศผล 10 ส.ค. 2566"),
        (2567, "ไม่ตรงกัน (30 มิ.ย. 2567, 30 ก.ค. 2567)"),
        (2568, "ทราบเพียงว่าประกาศผล 15 ส.ค. 2568"),
        (2569, "คาดว่าการประเมินปี 2569 ปิดราว 30 มิ.ย. 2569 (ยังไม่พบปฏิทิน) งานของไตรมาส 4 จึงอาจไม่ทัน"),
        (2572, "ยังไม่มีวันปิดการประเมินปี 2572"),
    ],
)
def test_no_quarter_is_called_too_late_where_the_last_day_is_not_known_to_lie_before_it(
    reference: Reference, year: int, said: str
) -> None:
    sentence = timing_sentence(FiscalYear(year), reference)
    assert said in sentence
    assert TOO_LATE not in sentence


def _closed_2567(folder: Path, *rows: str) -> Reference:
    """The shipped years, with what these rows say of 2567 in place of its own."""
    file = folder / "phases.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("2567,")]
    added = [f"2567,{row},ita.example.go.th,second-hand" for row in rows]
    file.write_text("\n".join([*kept, *added]) + "\n", encoding="utf-8")
    return load_reference(folder)


@pytest.mark.parametrize(
    ("rows", "late"),
    [
        (["whole,2024-01-01,2024-03-15"], (3, 4)),
        (["whole,,2024-09-15"], ()),
        (["whole,2024-01-01,"], ()),
        (["answers,2024-01-01,2024-03-15"], ()),
        (["clarification,,2024-05-01", "confirmation,,2024-06-15"], (4,)),
        (["clarification,,2024-05-01", "confirmation,,2024-07-15"], ()),
        (["confirmation,,2024-06-15", "confirmation,,2024-06-15"], (4,)),
        (["confirmation,,2024-06-15", "confirmation,,2024-03-15"], ()),
    ],
)
def test_the_days_come_from_the_table_and_not_from_the_code(
    tmp_path: Path, rows: list[str], late: tuple[int, ...]
) -> None:
    found = _closed_2567(reference_folder(tmp_path), *rows)
    sentence = timing_sentence(YEAR, found)
    assert (TOO_LATE in sentence) is bool(late)
    assert not late or f"งานของไตรมาส {', '.join(map(str, late))} " in sentence


def test_a_folder_without_phases_says_that_nothing_is_known(tmp_path: Path) -> None:
    folder = reference_folder(tmp_path)
    (folder / "phases.csv").unlink()
    assert "ในไฟล์ phases.csv" in timing_sentence(FiscalYear(2565), load_reference(folder))
