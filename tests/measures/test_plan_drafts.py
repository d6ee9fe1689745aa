"""Numbers of a draft: without holes, and never taken from a measure that is stored."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.domain import Instrument
from ita.measures.plan_drafts import (
    PlannedRow,
    count_missing_fields,
    parse_number,
    planned_row,
    renumber,
)
from tests.builders import IIT, OIT, measure


def _row(instrument: str, seq: str = "", text: str = "x") -> PlannedRow:
    return PlannedRow(instrument, seq, text)


def _told(rows: Sequence[PlannedRow]) -> list[tuple[str, str, str]]:
    return [(row.instrument, row.seq, row.measure) for row in rows]


def test_holes_are_closed_and_rows_without_a_number_come_last() -> None:
    rows = [
        _row("OIT", "7", "ก"),
        _row("IIT", "", "ข"),
        _row("IIT", "๓", "ค"),
        _row("IIT", "9", "ง"),
    ]
    assert _told(renumber(rows)) == [
        ("IIT", "1", "ค"),
        ("IIT", "2", "ง"),
        ("IIT", "3", "ข"),
        ("OIT", "1", "ก"),
    ]


def test_a_place_between_two_numbers_moves_a_row() -> None:
    rows = [
        _row("IIT", "1", "ก"),
        _row("IIT", "2", "ข"),
        _row("IIT", "1.5", "ค"),
        _row("IIT", "0", "ง"),
    ]
    assert [row.measure for row in renumber(rows)] == ["ง", "ก", "ค", "ข"]


def test_a_stored_measure_keeps_its_number_whatever_is_added_or_taken_out() -> None:
    rows = [_row("IIT", "4", "เดิม 4"), _row("IIT", "", "ใหม่"), _row("IIT", "2", "เดิม 2")]
    taken = {("IIT", 1), ("IIT", 2), ("IIT", 4)}
    assert _told(renumber(rows, taken)) == [
        ("IIT", "2", "เดิม 2"),
        ("IIT", "4", "เดิม 4"),
        ("IIT", "3", "ใหม่"),
    ]


def test_of_two_rows_with_a_stored_number_the_first_keeps_it() -> None:
    rows = [_row("IIT", "1", "เดิม"), _row("IIT", "1", "อีกแถว")]
    assert _told(renumber(rows, {("IIT", 1)})) == [("IIT", "1", "เดิม"), ("IIT", "2", "อีกแถว")]


def test_an_unknown_instrument_stays_to_be_complained_of() -> None:
    assert _told(renumber([_row("ITT", "x"), _row("EIT")])) == [
        ("EIT", "1", "x"),
        ("ITT", "1", "x"),
    ]


places = st.sampled_from(["", "1", "2", "3", "๓", "2.5", "x", "0", "-1", "99"])
drafts = st.lists(st.builds(_row, st.sampled_from(["IIT", "EIT", "OIT", ""]), places), max_size=12)
keys = st.sets(st.tuples(st.sampled_from(["IIT", "EIT"]), st.integers(1, 5)), max_size=6)


@given(drafts, keys)
def test_no_number_comes_twice_no_row_is_lost_and_nothing_stored_is_given_away(
    rows: list[PlannedRow], taken: set[tuple[str, int]]
) -> None:
    found = renumber(rows, taken)
    assert len(found) == len(rows)
    numbered = [(row.instrument, int(row.seq)) for row in found]
    assert len(set(numbered)) == len(numbered)
    asked = {(row.instrument, parse_number(row.seq)) for row in rows}
    for key in numbered:
        assert key not in taken or key in asked
    for code in Instrument:
        mine = {n for i, n in numbered if i == code} | {n for i, n in taken if i == code}
        assert mine == set(range(1, len(mine) + 1)) or max(mine) in {n for _, n in taken}


@given(drafts)
def test_numbering_twice_is_numbering_once(rows: list[PlannedRow]) -> None:
    once = renumber(rows)
    assert renumber(once) == once


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("๑๒", 12), ("4.", 4), ("", None), ("0", None), ("1.5", None), ("²", None)],
)
def test_a_number_is_one_or_none(text: str, number: int | None) -> None:
    assert parse_number(text) == number


def test_what_a_plan_should_say_is_counted_where_it_is_blank() -> None:
    whole = PlannedRow("IIT", "1", "ก", "1", "ข", "ค", "กองคลัง", "1", "4", "", "ง")
    assert count_missing_fields([whole, PlannedRow("EIT", "1")]) == {}
    assert count_missing_fields([whole, _row("IIT")]) == dict.fromkeys(
        ("cause", "method", "divisions", "start_quarter", "follow_up"), 1
    )


def test_a_measure_becomes_a_row_of_texts() -> None:
    stored = measure(OIT, 3, (2, 4), ("กองคลัง", "กองช่าง"), ("9", "10"))
    row = planned_row(stored, "ปี 2567")
    assert (row.instrument, row.seq, row.indicator) == ("OIT", "3", "9,10")
    assert (row.divisions, row.start_quarter, row.end_quarter) == ("กองคลัง\nกองช่าง", "2", "4")
    assert row.origin == "ปี 2567"
    assert planned_row(measure(IIT, 1, None)).start_quarter == ""
