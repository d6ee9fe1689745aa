"""Whose the rows of a file are: by id or name, by the call, and refused when it is in doubt."""

from __future__ import annotations

import pytest

from ita.store import Store
from tests.imports.bringing import SCORES, found, rows, take, taken, two_agencies


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
