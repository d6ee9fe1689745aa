"""A long list of changes is looked at in pieces, and each piece is what the whole list has there."""

from __future__ import annotations

import random

import pytest

from ita.imports.diff import FieldChanges, altered_and_new
from ita.store import Store
from tests.imports.bringing import taken, two_agencies

HEAD = "ปีงบประมาณ,หน่วยงาน,IIT,EIT,OIT,คะแนนรวม,แหล่งที่มา\n"


@pytest.fixture
def changes(store: Store) -> FieldChanges:
    """Of two tables: scores, and a source that the year's result keeps."""
    taken(two_agencies(store), "scores", f"{HEAD}2566,A,80,,,,ก\n2567,A,81,90,,,\n")
    told = f"{HEAD}2566,A,80,70,,,ข\n2567,A,82,,60,,ค\n2567,B,82,81,60,,\n2568,B,90,90,,,ง\n"
    found = taken(store, "scores", told, dry_run=True).differences
    assert isinstance(found, FieldChanges)
    return found


def test_any_slice_is_the_slice_of_the_list(changes: FieldChanges) -> None:
    whole = list(changes)
    assert len(whole) == len(changes) > 10
    chance = random.Random(5)
    for _ in range(300):
        ends = [chance.choice([None, *range(-20, 21)]) for _ in range(2)]
        part = slice(*ends, chance.choice([None, 1, 2, 3, -1]))
        assert list(changes[part]) == whole[part], part
    assert [changes[place] for place in range(-len(whole), len(whole))] == whole * 2


def test_what_had_a_value_and_what_had_none_stand_apart(changes: FieldChanges) -> None:
    altered, new = altered_and_new(changes)
    assert list(altered) == [change for change in changes if change.old is not None]
    assert list(new) == [change for change in changes if change.old is None]
    assert {change.field for change in altered} >= {"iit", "eit", "source"}
    assert list(new[2:5]) == list(new)[2:5]
    assert len(altered) + len(new) == len(changes)


def test_a_list_of_nothing_has_two_empty_parts() -> None:
    assert [list(part) for part in altered_and_new(())] == [[], []]
    assert [list(part) for part in altered_and_new(FieldChanges(()))] == [[], []]
