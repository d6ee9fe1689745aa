"""Batches and the way back: undo, undo of undo, what stands in the way."""

from __future__ import annotations

import random

import pytest

from ita.imports.datasets import Dataset
from ita.store import Store
from ita.store.batches import UndoBlocked, effective_batches, list_batches
from tests.imports.bringing import (
    MEASURES,
    NARRATIVE,
    PROGRESS,
    SCORES,
    everything,
    rows,
    taken,
    two_agencies,
    undo,
    with_measures,
    with_samples,
)
from tests.store.replaying import present, replayed


def brought(store: Store, text: str, kind: str = "scores") -> int:
    batch = taken(store, kind, text).batch
    assert batch
    return batch


def back(store: Store, batch: int) -> int:
    return undo(store, batch, "tester", "test")


def in_the_way(store: Store, batch: int) -> tuple[int, ...]:
    before, version = everything(store), store.version()
    with pytest.raises(UndoBlocked) as blocked:
        back(store, batch)
    assert everything(store) == before
    assert store.version() == version
    for number in blocked.value.blocking_batches:
        assert str(number) in str(blocked.value)
    return blocked.value.blocking_batches


def standing_batches(store: Store) -> set[int]:
    with store.reading() as cursor:
        return set(effective_batches(cursor))


def test_an_undo_puts_back_what_was(store: Store) -> None:
    brought(two_agencies(store), f"{SCORES.strip()},ระดับ\n2566,A,80,ผ่าน\n")
    before = everything(store)
    batch = brought(store, f"{SCORES.strip()},ระดับ\n2566,A,81,-\n2567,B,70,ผ่าน\n")
    assert everything(store) != before
    assert back(store, batch) == batch + 1
    assert everything(store) == before


@pytest.mark.slow
def test_an_undo_can_be_undone(store: Store) -> None:
    batch = brought(two_agencies(store), f"{SCORES}2567,A,80\n")
    after = everything(store)
    first = back(store, batch)
    assert rows(store, "score") == []
    second = back(store, first)
    assert everything(store) == after
    assert standing_batches(store) == {1, batch}
    third = back(store, second)
    assert rows(store, "score") == []
    assert standing_batches(store) == {1}
    assert in_the_way(store, batch) == (third,)


def test_a_batch_is_taken_back_once_and_then_names_the_last_of_the_chain(store: Store) -> None:
    batch = brought(two_agencies(store), f"{SCORES}2567,A,80\n")
    first = back(store, batch)
    assert in_the_way(store, batch) == (first,)
    second = back(store, first)
    assert in_the_way(store, batch) == (second,)
    assert in_the_way(store, first) == (second,)


def test_there_is_no_batch_of_that_number(store: Store) -> None:
    assert in_the_way(store, 77) == ()


@pytest.mark.slow
def test_later_batches_of_the_same_rows_stand_in_the_way_and_are_named(store: Store) -> None:
    first = brought(two_agencies(store), f"{SCORES}2566,A,80\n2567,A,81\n")
    second = brought(store, f"{SCORES}2567,A,82\n")
    third = brought(store, f"{SCORES}2567,A,83\n2566,A,84\n")
    assert in_the_way(store, first) == (second, third)
    assert in_the_way(store, second) == (third,)
    back(store, third)
    assert in_the_way(store, first) == (second,)
    back(store, second)
    back(store, first)
    assert rows(store, "score") == []


def test_later_batches_of_other_rows_do_not_stand_in_the_way(store: Store) -> None:
    first = brought(two_agencies(store), f"{SCORES}2566,A,80\n")
    brought(store, f"{SCORES}2567,A,82\n2566,B,70\n")
    back(store, first)
    assert rows(store, "score", "agency_id, fiscal_year") == [("A", 2567), ("B", 2566)]


def test_a_pair_that_cancels_does_not_stand_in_the_way(store: Store) -> None:
    first = brought(two_agencies(store), f"{SCORES}2567,A,80\n")
    back(store, brought(store, f"{SCORES}2567,A,81\n"))
    back(store, first)
    assert rows(store, "score") == []


@pytest.mark.slow
def test_agencies_stay_while_anything_stands_on_them(store: Store) -> None:
    two_agencies(store)
    scores = brought(store, f"{SCORES}2567,B,80\n")
    assert in_the_way(store, 1) == (scores,)
    back(store, scores)
    back(store, 1)
    assert rows(store, "agency") == []


@pytest.mark.slow
def test_measures_stay_while_completion_or_results_stand_on_them(store: Store) -> None:
    with_measures(store)
    progress = brought(store, f"{PROGRESS}2567,1,A,IIT,1,10\n", "progress")
    result = brought(store, f'{NARRATIVE}2567,A,IIT,สรุปผล,1,ทำแล้ว,"1,2"\n', "narrative")
    assert in_the_way(store, 2) == (progress, result)
    back(store, progress)
    assert in_the_way(store, 2) == (result,)
    back(store, result)
    back(store, 2)
    assert rows(store, "measure") == []


def test_measures_that_only_changed_can_go_back_under_their_completion(store: Store) -> None:
    with_measures(store)
    changed = brought(store, f"{MEASURES}2567,A,IIT,1,ใหม่\n", "measures")
    brought(store, f"{PROGRESS}2567,1,A,IIT,1,10\n", "progress")
    back(store, changed)
    assert rows(store, "measure", "measure")[1] == ("หนึ่ง",)


@pytest.mark.slow
def test_what_was_taken_back_does_not_return_without_what_it_stands_on(store: Store) -> None:
    with_measures(store)
    progress = brought(store, f"{PROGRESS}2567,1,A,IIT,1,10\n", "progress")
    undone_progress = back(store, progress)
    undone_measures = back(store, 2)
    assert in_the_way(store, undone_progress) == (undone_measures,)
    back(store, undone_measures)
    back(store, undone_progress)
    assert len(rows(store, "completion")) == 1


def test_the_history_says_who_undid_what(store: Store) -> None:
    batch = brought(two_agencies(store), f"{SCORES}2567,A,80\n")
    undoing = back(store, batch)
    with store.reading() as cursor:
        history = {b.batch_id: b for b in list_batches(cursor)}
    assert history[batch].undone_by == undoing
    assert not history[batch].is_effective
    undo = history[undoing]
    assert undo.undoes == batch
    assert (undo.person, undo.reason, undo.kind) == ("tester", "test", "scores")


def test_the_change_log_replays_to_the_present_of_the_samples(store: Store) -> None:
    with_samples(store)
    tables = present(store)
    assert replayed(store) == tables
    assert all(tables.values())


@pytest.mark.slow
def test_the_change_log_replays_to_the_present_after_any_history(store: Store) -> None:
    """Random imports and undos, taken back where that is allowed."""
    dice = random.Random(2567)
    with_measures(store)
    for _ in range(60):
        if dice.random() < 0.35:
            try:
                back(store, dice.randint(1, store.version()))
            except UndoBlocked:
                continue
        else:
            year, agency = dice.choice([2566, 2567]), dice.choice("AB")
            figures = dice.choice(["1,,", ",2,", "3,4,5", "6,-,", ",,ดี"])
            header = "ปีงบประมาณ,หน่วยงาน,ตัวชี้วัด 1,ตัวชี้วัด 2,ระดับ\n"
            text = f"{header}{year},{agency},{figures}\n2565,A,9,{dice.randint(0, 9)},\n"
            if agency == "A" and len(rows(store, "measure")) > 2:
                text = f"{PROGRESS}2567,{dice.randint(1, 4)},A,IIT,1,{dice.randint(0, 100)}\n"
                taken(store, "progress", text)
            elif rows(store, "agency") and figures != ",,ดี":
                taken(store, "scores", text)
        assert replayed(store) == present(store)
    assert store.version() > 30


def test_a_batch_without_any_change_leaves_no_trace_in_the_log(store: Store) -> None:
    brought(two_agencies(store), f"{SCORES}2567,A,80\n")
    again = brought(store, f"{SCORES}2567,A,80.00\n")
    with store.reading() as cursor:
        logged = cursor.execute("SELECT DISTINCT batch_id FROM change").fetchall()
    assert (again,) not in logged


@pytest.mark.slow
def test_every_kind_can_be_undone_to_the_very_same_store(store: Store) -> None:
    with_samples(store)
    before = everything(store)
    changes = {
        Dataset.AGENCIES: "agency_id,name_th,province\nYALA,ชื่อใหม่,\nX,ใหม่,ก\n",
        Dataset.SCORES: f"{SCORES}2567,IPST,90\n2569,IPST,1\n",
        Dataset.MEASURES: f"{MEASURES}2567,SAMPLE,IIT,1,ใหม่\n2567,SAMPLE,IIT,9,เพิ่ม\n",
        Dataset.PROGRESS: f"{PROGRESS}2567,1,SAMPLE,IIT,1,26\n2567,4,SAMPLE,EIT,3,100\n",
        Dataset.NARRATIVE: f"{NARRATIVE}2567,SAMPLE,IIT,สรุปผล,1,ใหม่,3\n2567,SAMPLE,OIT,period,,x,\n",
    }
    for kind, text in changes.items():
        batch = brought(store, text, kind.value)
        assert everything(store) != before
        back(store, batch)
        assert everything(store) == before, kind
