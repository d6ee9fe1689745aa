"""Rules between the cells of a row, between rows, and with the store: each broken rule at its place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ita.store import Store
from tests.builders import NEW_YEAR
from tests.imports.bringing import (
    MEASURES,
    NARRATIVE,
    PARTS,
    PROGRESS,
    SCORES,
    found,
    part,
    rows,
    take,
    taken,
    two_agencies,
    with_measures,
)


def test_duplicate_keys_name_the_first_line(store: Store) -> None:
    outcome = take(
        two_agencies(store), "scores", f"{SCORES}2567,A,80\n\n67,เทศบาลเมือง ก,81\n2024,a,82\n"
    )
    assert found(outcome) == [("duplicate-key", 4, None), ("duplicate-key", 5, None)]
    assert [problem.expected["first"] for problem in outcome.problems] == [2, 2]


def test_scores_need_a_year_with_rules_and_measures_may_run_ahead(store: Store) -> None:
    two_agencies(store)
    assert found(take(store, "scores", f"{SCORES}{NEW_YEAR},A,80\n")) == [
        ("unknown-year", 2, "ปีงบประมาณ")
    ]
    taken(store, "measures", f"{MEASURES}{NEW_YEAR},A,IIT,1,หนึ่ง\n{NEW_YEAR + 1},A,IIT,1,หนึ่ง\n")
    assert found(take(store, "measures", f"{MEASURES}{NEW_YEAR + 2},A,IIT,1,หนึ่ง\n")) == [
        ("unknown-year", 2, "ปีงบประมาณ")
    ]


def test_scores_of_0_to_100_are_recognised(store: Store) -> None:
    taken(two_agencies(store), "scores", f"{PARTS}2567,A,88,90,92.5,90.4\n")
    assert (part(store, 2567, "IIT"), part(store, 2567, "OIT")) == (88, Decimal("92.5"))


def test_weighted_scores_of_several_years_are_recognised_and_stored_as_0_to_100(
    store: Store,
) -> None:
    text = f"{PARTS}2566,A,26.4,27,36,89.4\n2567,A,27,27,37,91\n2568,B,15,15,20,50\n2565,B,,,20,\n"
    taken(two_agencies(store), "scores", text)
    assert [part(store, 2566, name) for name in ("IIT", "EIT", "OIT", "total")] == [
        88,
        90,
        90,
        Decimal("89.4"),
    ]
    assert part(store, 2567, "OIT") == Decimal("92.5")
    assert part(store, 2565, "OIT", "B") == 50


def test_the_scale_of_the_call_decides(store: Store) -> None:
    text = f"{PARTS}2567,A,27,27,36,\n"
    assert found(take(two_agencies(store), "scores", text)) == [("ambiguous-scale", None, None)]
    taken(store, "scores", text, scale="percent")
    assert part(store, 2567, "IIT") == 27
    taken(store, "scores", text, scale="weighted")
    assert part(store, 2567, "IIT") == 90


def test_points_above_the_weight_are_out_of_range_on_the_weighted_scale(store: Store) -> None:
    text = f"{PARTS}2567,A,30,30,40,\n2568,A,30.01,30,40.01,\n"
    outcome = take(two_agencies(store), "scores", text, scale="weighted")
    assert found(outcome) == [
        ("scale-converted", None, None),
        ("out-of-range", 3, "IIT"),
        ("out-of-range", 3, "OIT"),
    ]


def test_indicators_decide_the_scale_too(store: Store) -> None:
    text = "ปีงบประมาณ,หน่วยงาน,EIT,ตัวชี้วัด 6,ตัวชี้วัด 7,ตัวชี้วัด 8\n2567,A,24,70,80,90\n"
    taken(two_agencies(store), "scores", text)
    assert part(store, 2567, "EIT") == 80


def test_a_score_row_without_any_figure_lacks_something(store: Store) -> None:
    outcome = take(two_agencies(store), "scores", f"{PARTS}2567,A,-,N/A,,\n")
    assert found(outcome) == [("required-value", 2, None)]


def test_a_figure_that_cannot_be_read_is_one_problem_not_two(store: Store) -> None:
    outcome = take(two_agencies(store), "scores", f"{SCORES}2567,A,x\n")
    assert found(outcome) == [("not-a-number", 2, "คะแนนรวม")]


def test_what_was_published_is_kept_beside_a_mismatch(store: Store) -> None:
    outcome = taken(two_agencies(store), "scores", f"{PARTS}2567,A,90,90,90,85\n")
    assert found(outcome) == [("total-mismatch", 2, "คะแนนรวม")]
    assert part(store, 2567, "total") == 85


@pytest.mark.parametrize(("total", "kinds"), [("92.66", []), ("92.67", ["total-mismatch"])])
def test_round_scores_of_100_are_held_to_a_hundredth(
    store: Store, total: str, kinds: list[str]
) -> None:
    outcome = taken(two_agencies(store), "scores", f"{PARTS}2567,A,85.50,90,100,{total}\n")
    assert [problem.kind for problem in outcome.problems] == kinds


def test_progress_below_an_earlier_quarter_of_the_file_or_the_store_is_asked_about(
    store: Store,
) -> None:
    taken(with_measures(store), "progress", f"{PROGRESS}2567,1,A,IIT,1,50\n")
    outcome = taken(
        store, "progress", f"{PROGRESS}2567,3,A,IIT,1,40\n2567,4,A,IIT,1,30\n2567,2,A,IIT,2,5\n"
    )
    assert found(outcome) == [
        ("progress-fell", 2, "ร้อยละความสำเร็จ"),
        ("progress-fell", 3, "ร้อยละความสำเร็จ"),
    ]
    assert [problem.expected["quarter"] for problem in outcome.problems] == [1, 3]


def test_progress_above_a_later_quarter_of_the_store_is_asked_about(store: Store) -> None:
    taken(with_measures(store), "progress", f"{PROGRESS}2567,4,A,IIT,1,10\n2567,4,A,IIT,2,90\n")
    outcome = taken(store, "progress", f"{PROGRESS}2567,2,A,IIT,1,20\n2567,2,A,IIT,2,20\n")
    assert found(outcome) == [("progress-fell", 2, "ร้อยละความสำเร็จ")]
    assert "มากกว่าไตรมาส 4 (10" in outcome.problems[0].message()
    # Where the later quarter is in the file, its own row is told, once.
    both = f"{PROGRESS}2567,3,A,IIT,1,30\n2567,4,A,IIT,1,20\n"
    assert found(taken(store, "progress", both)) == [("progress-fell", 3, "ร้อยละความสำเร็จ")]


def test_a_file_that_mends_the_store_is_measured_by_its_own_figures(store: Store) -> None:
    taken(with_measures(store), "progress", f"{PROGRESS}2567,1,A,IIT,1,90\n")
    text = f"{PROGRESS}2567,1,A,IIT,1,20\n2567,2,A,IIT,1,40\n"
    assert found(taken(store, "progress", text)) == []


def test_results_link_to_measures_that_are_stored(store: Store) -> None:
    with_measures(store)
    text = f'{NARRATIVE}2567,A,IIT,สรุปผล,1,ทำแล้ว,"2, 1"\n2567,A,EIT,outcome,,ดีขึ้น,\n'
    taken(store, "narrative", text)
    assert rows(store, "narrative", "type, seq, text, measures") == [
        ("outcome", 0, "ดีขึ้น", None),
        ("result", 1, "ทำแล้ว", "1,2"),
    ]
    linked = take(store, "narrative", f'{NARRATIVE}2567,A,EIT,สรุปผล,1,ทำแล้ว,"1,2,3"\n')
    assert [(p.kind, p.value) for p in linked.problems] == [
        ("unknown-measure", "2"),
        ("unknown-measure", "3"),
    ]


def test_a_result_needs_its_number_and_an_outcome_none(store: Store) -> None:
    with_measures(store)
    text = f"{NARRATIVE}2567,A,IIT,สรุปผล,,ทำแล้ว,\n2567,A,IIT,ผลลัพธ์,7,ดี,\n"
    assert found(take(store, "narrative", text)) == [("required-value", 2, "ลำดับ")]


def test_two_outcomes_of_an_instrument_are_duplicates(store: Store) -> None:
    text = f"{NARRATIVE}2567,A,IIT,ผลลัพธ์,1,ดี,\n2567,A,IIT,ผลลัพธ์,2,ดีขึ้น,\n"
    outcome = take(two_agencies(store), "narrative", text)
    assert found(outcome) == [("duplicate-key", 3, None)]


def test_a_period_cannot_end_before_the_start_that_is_stored(store: Store) -> None:
    with_measures(store)
    starts = MEASURES.strip() + ",ไตรมาสเริ่ม\n2567,A,IIT,1,หนึ่ง,3\n"
    ends = MEASURES.strip() + ",ไตรมาสสิ้นสุด\n2567,A,IIT,1,หนึ่ง,{}\n"
    taken(store, "measures", starts)
    assert found(take(store, "measures", ends.format(2))) == [("unknown-quarter", 2, "ไตรมาสสิ้นสุด")]
    taken(store, "measures", ends.format(3))


def test_indicators_of_a_measure_are_those_of_its_year(store: Store) -> None:
    text = MEASURES.strip() + ',ตัวชี้วัด\n2567,A,IIT,1,หนึ่ง,"8,10"\n2567,A,IIT,2,สอง,11\n'
    assert found(take(two_agencies(store), "measures", text)) == [("out-of-range", 3, "ตัวชี้วัด")]
