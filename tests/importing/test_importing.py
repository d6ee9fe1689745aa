"""Whole files into the store: what is new, changed and the same; rules between cells, rows and store."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ita.importing.samples import SAMPLES, load_samples, remove_samples
from ita.settings import Settings
from ita.store import Store
from ita.store.batches import UndoBlocked, batches, only_samples_stand
from ita.store.headers import remember_headers
from ita.store.past import upload_of
from tests.builders import NEW_YEAR
from tests.importing.bringing import (
    AGENCIES,
    MEASURES,
    NARRATIVE,
    PROGRESS,
    SCORES,
    TESTER,
    committed_reference,
    counts,
    everything,
    found,
    rows,
    take,
    taken,
    two_agencies,
    undo,
    with_measures,
    with_samples,
)

PARTS = "ปีงบประมาณ,หน่วยงาน,IIT,EIT,OIT,คะแนนรวม\n"


def part(store: Store, year: int, name: str, agency: str = "A") -> Decimal | None:
    with store.reading() as cursor:
        row = cursor.execute(
            "SELECT value FROM score WHERE agency_id = ? AND fiscal_year = ? AND part = ?",
            [agency, year, name],
        ).fetchone()
    return row[0] if row else None


def test_rows_are_counted_by_what_they_do(store: Store) -> None:
    two_agencies(store)
    assert counts(taken(store, "scores", f"{SCORES}2566,A,80\n2567,A,81\n")) == (2, 0, 0)
    second = taken(store, "scores", f"{SCORES}2566,A,80\n2567,A,82\n2568,A,83\n")
    assert counts(second) == (1, 1, 1)


def test_a_dry_run_stores_nothing_and_lists_each_change(store: Store) -> None:
    taken(two_agencies(store), "scores", f"{PARTS}2567,A,80,,,\n")
    before = store.version()
    outcome = taken(store, "scores", f"{PARTS}2567,A,81,90,,\n2568,B,,,,70\n", dry_run=True)
    assert [vars(change) for change in outcome.differences] == [
        {"key": {"agency": "A", "fiscal_year": 2567}, "field": "eit", "old": None, "new": 90.0},
        {"key": {"agency": "A", "fiscal_year": 2567}, "field": "iit", "old": 80.0, "new": 81.0},
        {"key": {"agency": "B", "fiscal_year": 2568}, "field": "total", "old": None, "new": 70.0},
    ]
    assert outcome.batch is None
    assert store.version() == before


def test_a_dry_run_names_the_fields_of_a_measure(store: Store) -> None:
    with_measures(store)
    outcome = taken(
        store,
        "measures",
        MEASURES.strip() + ",ไตรมาสเริ่ม\n2567,A,IIT,1,หนึ่ง,2\n2567,B,IIT,1,ใหม่,\n",
        dry_run=True,
    )
    shown = [(c.key["agency"], c.key["seq"], c.field, c.old, c.new) for c in outcome.differences]
    assert shown == [("A", 1, "start_quarter", None, 2), ("B", 1, "measure", None, "ใหม่")]
    assert isinstance(outcome.differences[0].new, int)


def test_a_dry_run_of_an_empty_source_shows_no_change(store: Store) -> None:
    outcome = taken(
        two_agencies(store), "scores", f"{SCORES.strip()},แหล่งที่มา\n2567,A,80,\n", dry_run=True
    )
    assert [change.field for change in outcome.differences] == ["total"]


def test_an_empty_cell_of_a_column_that_is_there_erases(store: Store) -> None:
    taken(two_agencies(store), "scores", f"{PARTS}2567,A,88,90,91,89.8\n")
    shown = taken(store, "scores", f"{PARTS}2567,A,88,-,91,89.8\n", dry_run=True)
    assert [(c.field, c.old, c.new) for c in shown.differences] == [("eit", 90.0, None)]
    assert counts(taken(store, "scores", f"{PARTS}2567,A,88,-,91,89.8\n")) == (0, 1, 0)
    assert part(store, 2567, "EIT") is None


def test_a_column_that_is_not_there_stays_as_it_is(store: Store) -> None:
    taken(two_agencies(store), "scores", f"{PARTS.strip()},ระดับ\n2567,A,88,90,91,89.8,ผ่าน\n")
    taken(store, "scores", f"{SCORES}2567,A,89.9\n")
    assert part(store, 2567, "EIT") == 90
    assert rows(store, "annual_result", "level") == [("ผ่าน",)]


def test_missing_is_stored_as_missing_and_zero_as_zero(store: Store) -> None:
    taken(two_agencies(store), "scores", f"{PARTS}2567,A,0,-,,\n", scale="percent")
    assert part(store, 2567, "IIT") == 0
    assert part(store, 2567, "EIT") is None


def test_an_empty_text_erases_the_text(store: Store) -> None:
    with_measures(store)
    taken(store, "measures", f"{MEASURES.strip()},เป้าหมาย\n2567,A,IIT,1,หนึ่ง,ร้อยละ 80\n")
    taken(store, "measures", f"{MEASURES.strip()},เป้าหมาย\n2567,A,IIT,1,หนึ่ง,\n")
    assert rows(store, "measure", "target") == [(None,)] * 3


def test_one_bad_row_stops_the_whole_file(store: Store) -> None:
    before = everything(two_agencies(store))
    version = store.version()
    outcome = take(store, "scores", f"{SCORES}2567,A,80\n2567,B,180\n2568,B,80\n")
    assert not outcome.accepted
    assert outcome.batch is None
    assert counts(outcome) == (0, 0, 0)
    assert everything(store) == before
    assert store.version() == version


def test_all_problems_of_a_file_come_at_once_in_its_order(store: Store) -> None:
    text = "ปีงบประมาณ,คะแนนรวม,IIT,IIT\n2567,x,91,2\n2567\n99999,101,91,2\n"
    assert found(take(two_agencies(store), "scores", text)) == [
        ("duplicate-column", 1, "IIT"),
        ("missing-column", 1, None),
        ("not-a-number", 2, "คะแนนรวม"),
        ("ragged-row", 3, None),
        ("unknown-year", 4, "ปีงบประมาณ"),
        ("out-of-range", 4, "คะแนนรวม"),
    ]


@pytest.mark.parametrize("word", ["A", "a", "เทศบาลเมือง ก", "เทศบาลเมืองก", "town a", " TOWN  A "])
def test_an_agency_by_id_or_name(store: Store, word: str) -> None:
    taken(two_agencies(store), "scores", f"{SCORES}2567,{word},80\n")
    assert rows(store, "annual_result", "agency_id") == [("A",)]


def test_an_agency_may_be_left_out_when_there_is_one(store: Store) -> None:
    taken(store, "agencies", "agency_id,name_th\nA,เทศบาลเมือง ก\n")
    taken(store, "scores", "ปีงบประมาณ,คะแนนรวม\n2567,80\n")
    assert rows(store, "annual_result", "agency_id") == [("A",)]


def test_an_agency_may_be_left_out_when_it_is_named_in_the_call(store: Store) -> None:
    taken(two_agencies(store), "scores", "ปีงบประมาณ,คะแนนรวม\n2567,80\n", agency="เทศบาลเมือง ข")
    assert rows(store, "annual_result", "agency_id") == [("B",)]


def test_blank_agency_cells_mean_the_agency_of_the_call(store: Store) -> None:
    taken(two_agencies(store), "scores", f"{SCORES}2567,,80\n2568,B,81\n", agency="B")
    assert rows(store, "annual_result", "agency_id") == [("B",), ("B",)]


def test_a_file_of_another_agency_than_the_one_of_the_call_is_refused(store: Store) -> None:
    outcome = take(two_agencies(store), "scores", f"{SCORES}2567,A,80\n2568,B,81\n", agency="B")
    assert found(outcome) == [("unknown-agency", 2, "หน่วยงาน")]
    assert "ไม่ตรงกับหน่วยงานที่เลือก" in outcome.problems[0].message()


def test_an_unknown_agency_in_the_call_is_one_problem_of_the_whole_file(store: Store) -> None:
    outcome = take(two_agencies(store), "scores", "ปีงบประมาณ,คะแนนรวม\n2567,80\n", agency="C")
    assert found(outcome) == [("unknown-agency", None, None)]


def test_a_name_of_two_agencies_is_refused_and_the_id_is_not(store: Store) -> None:
    taken(store, "agencies", "agency_id,name_th\n1,อบต. เดียวกัน\n2,อบต. เดียวกัน\n")
    outcome = take(store, "scores", f"{SCORES}2567,อบต.เดียวกัน,80\n2567,2,80\n")
    assert found(outcome) == [("unknown-agency", 2, "หน่วยงาน")]
    assert "หลายหน่วยงาน" in outcome.problems[0].message()


def test_an_agency_id_keeps_its_leading_zeros(store: Store) -> None:
    taken(store, "agencies", "agency_id,name_th\n0000299,อบต. ก\n")
    assert rows(store, "agency", "agency_id") == [("0000299",)]


def test_an_agency_id_in_other_capitals_is_the_same_agency(store: Store) -> None:
    two_agencies(store)
    taken(store, "agencies", "agency_id,name_th\na,ชื่อใหม่\n")
    assert rows(store, "agency", "agency_id, name_th") == [("A", "ชื่อใหม่"), ("B", "เทศบาลเมือง ข")]
    twice = take(store, "agencies", "agency_id,name_th\nc,หนึ่ง\nC,สอง\n")
    assert found(twice) == [("duplicate-key", 3, None)]


def test_the_same_file_is_not_stored_twice(store: Store) -> None:
    first = taken(two_agencies(store), "scores", f"{SCORES}2567,A,80\n")
    second = taken(store, "scores", f"{SCORES}2567,A,80\n", name="other-name.csv")
    assert found(second) == [("already-imported", None, None)]
    assert second.batch == first.batch == store.version()
    assert second.encoding == first.encoding
    assert counts(second) == (0, 0, 0)


def test_a_file_that_is_in_already_is_no_error_even_if_it_would_be_refused_now(
    store: Store,
) -> None:
    taken(store, "agencies", "agency_id,name_th\nA,เทศบาลเมือง ก\n")
    without_agency = "ปีงบประมาณ,คะแนนรวม\n2567,80\n"
    taken(store, "scores", without_agency)
    taken(store, "agencies", "agency_id,name_th\nB,เทศบาลเมือง ข\n")
    assert found(taken(store, "scores", without_agency)) == [("already-imported", None, None)]


def test_the_same_file_read_otherwise_is_another_import(store: Store) -> None:
    text = "ปีงบประมาณ,IIT,EIT,OIT\n2567,25,26,30\n"
    two_agencies(store)
    first = taken(store, "scores", text, agency="A", scale="percent")
    second = taken(store, "scores", text, agency="A", scale="weighted")
    third = taken(store, "scores", text, agency="B", scale="weighted")
    assert len({first.batch, second.batch, third.batch}) == 3
    assert part(store, 2567, "OIT") == 75


def test_an_undone_file_can_be_brought_in_again(store: Store) -> None:
    first = taken(two_agencies(store), "scores", f"{SCORES}2567,A,80\n")
    assert first.batch
    undo(store, first.batch, "tester", "")
    assert rows(store, "score") == []
    again = taken(store, "scores", f"{SCORES}2567,A,80\n")
    assert found(again) == []
    assert part(store, 2567, "total") == 80


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
    assert found(outcome) == [("out-of-range", 3, "IIT"), ("out-of-range", 3, "OIT")]


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


def test_headers_in_english_any_order_and_any_spacing(store: Store) -> None:
    text = "TOTAL, Agency ,\u200bFiscal_Year\u200e\n80,A,2567\n"
    taken(two_agencies(store), "scores", text)
    assert part(store, 2567, "total") == 80


def test_a_nameless_column_is_passed_over_only_if_it_is_empty(store: Store) -> None:
    two_agencies(store)
    assert found(taken(store, "scores", "ปีงบประมาณ,หน่วยงาน,คะแนนรวม,\n2567,A,80,\n")) == []
    outcome = taken(store, "scores", "ปีงบประมาณ,หน่วยงาน,คะแนนรวม,\n2567,A,80,x\n")
    assert found(outcome) == [("unknown-column", 1, "(4)")]


def test_a_name_of_a_file_or_person_may_hold_any_bytes(store: Store) -> None:
    taken(two_agencies(store), "scores", f"{SCORES}2567,A,80\n", name="\udca4\udcd0.csv")
    with store.reading() as cursor:
        (name,) = cursor.execute("SELECT file_name FROM batch WHERE batch_id = 2").fetchone() or ()
    assert name == "??.csv"


def test_the_file_itself_is_kept(store: Store) -> None:
    batch = taken(store, "agencies", AGENCIES, name="a.csv").batch
    assert batch
    with store.reading() as cursor:
        assert upload_of(cursor, batch) == ("a.csv", AGENCIES.encode())


def holds_only_samples(store: Store) -> bool:
    with store.reading() as cursor:
        return only_samples_stand(batches(cursor))


def test_the_samples_can_be_removed_again(store: Store) -> None:
    with_samples(store)
    assert holds_only_samples(store)
    remove_samples(store, TESTER)
    assert all(table == [] for table in everything(store).values())
    assert not holds_only_samples(store)


def test_samples_with_own_data_are_not_pulled_from_under_it(store: Store) -> None:
    with_samples(store)
    taken(store, "scores", f"{SCORES}2569,YALA,80\n")
    assert not holds_only_samples(store)
    before = everything(store)
    with pytest.raises(UndoBlocked) as blocked:
        remove_samples(store, TESTER)
    assert blocked.value.later == (8,)
    assert everything(store) == before
    assert part(store, 2569, "total", "YALA") == 80


def test_the_samples_load_without_any_problem(store: Store) -> None:
    loaded = list(load_samples(store, committed_reference(), Settings()))
    assert [name for name, _ in loaded] == [name for _, name in SAMPLES]
    assert all(not outcome.problems for _, outcome in loaded)


def test_an_older_file_can_be_brought_back_after_a_newer_one(store: Store) -> None:
    two_agencies(store)
    first, second = f"{SCORES}2566,A,90\n", f"{SCORES}2566,A,90.5\n"
    taken(store, "scores", first)
    taken(store, "scores", second)
    assert counts(taken(store, "scores", first)) == (0, 1, 0)
    assert part(store, 2566, "total", "A") == 90
    again = taken(store, "scores", first)
    assert found(again) == [("already-imported", None, None)]


@pytest.mark.parametrize(
    ("kind", "content", "table"),
    [
        ("agencies", "agency_id,name_th\nX,ก\nรวม,เทศบาลรวมใจ\n", "agency"),
        ("measures", "มาตรการ,ปีงบประมาณ,หน่วยงาน,แบบวัด,ลำดับ\nรวม,2567,A,IIT,2\n", "measure"),
        ("narrative", "ข้อความ,ปีงบประมาณ,หน่วยงาน,แบบวัด,ประเภท\nรวม,2567,A,IIT,ผลลัพธ์\n", "narrative"),
    ],
)
def test_a_row_that_is_only_called_total_is_a_row(
    store: Store, kind: str, content: str, table: str
) -> None:
    two_agencies(store)
    taken(store, kind, content)
    assert any("รวม" in row for row in rows(store, table))


def test_what_a_header_means_is_remembered_on_every_way_in(store: Store) -> None:
    two_agencies(store)
    with store.writing() as cursor:
        remember_headers(cursor, "scores", {"คะแนนของเรา": "total", "ไม่ใช้": ""})
    outcome = taken(store, "scores", "ปีงบประมาณ,หน่วยงาน,คะแนนของเรา,ไม่ใช้\n2567,A,81,x\n")
    assert found(outcome) == []
    assert part(store, 2567, "total", "A") == 81
