"""Whole files into the store: what is new, changed and the same; all of a file or nothing; the samples."""

from __future__ import annotations

import pytest

from ita.config import Settings
from ita.imports.samples import SAMPLES, load_samples, remove_samples
from ita.store import Store
from ita.store.batches import UndoBlocked, has_only_samples, list_batches
from ita.store.changes import load_upload
from ita.store.spellings import remember_headers
from tests.imports.bringing import (
    AGENCIES,
    MEASURES,
    PARTS,
    SCORES,
    TESTER,
    committed_reference,
    counts,
    everything,
    found,
    part,
    rows,
    take,
    taken,
    two_agencies,
    undo,
    with_measures,
    with_samples,
)


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


@pytest.mark.parametrize("row", ["2567,A,88,12,", "2567,A,88,12,,", "2567,A,88.12,x,"])
def test_a_separator_too_many_is_not_passed_over(store: Store, row: str) -> None:
    """88,12 would be 88, with its decimals for a source."""
    header = "ปีงบประมาณ,หน่วยงาน,คะแนนรวม,แหล่งที่มา\n"
    assert found(take(two_agencies(store), "scores", f"{header}{row}\n2567,B,90,y\n")) == [
        ("ragged-row", 2, None)
    ]
    padded = header.replace("\n", ",\n") + "2567,A,88.12,x,\n2567,B,90,y,\n"
    assert take(store, "scores", padded).accepted  # the header says so too: Excel's empty column


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
        assert load_upload(cursor, batch) == ("a.csv", AGENCIES.encode())


def holds_only_samples(store: Store) -> bool:
    with store.reading() as cursor:
        return has_only_samples(list_batches(cursor))


@pytest.mark.slow
def test_the_samples_can_be_removed_again(store: Store) -> None:
    with_samples(store)
    assert holds_only_samples(store)
    remove_samples(store, TESTER)
    assert all(table == [] for table in everything(store).values())
    assert not holds_only_samples(store)


@pytest.mark.slow
def test_samples_with_own_data_are_not_pulled_from_under_it(store: Store) -> None:
    with_samples(store)
    taken(store, "scores", f"{SCORES}2569,YALA,80\n")
    assert not holds_only_samples(store)
    before = everything(store)
    with pytest.raises(UndoBlocked) as blocked:
        remove_samples(store, TESTER)
    assert blocked.value.blocking_batches == (8,)
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
