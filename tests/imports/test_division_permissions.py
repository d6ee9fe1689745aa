"""Staff of some divisions bring in and take back what is of their divisions' measures, row by row."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ita.auth.permissions import NotAllowed, Role, User
from ita.store import Store, open_memory_store
from tests.imports.bringing import AGENCIES, NARRATIVE, PROGRESS, committed_reference, taken
from tests.imports.persons import OWN, WITH_DIVISIONS, WORKS, brought, kinds, undone
from tests.tiers import examples


@pytest.mark.parametrize(
    ("seqs", "allowed"),
    [
        ((1,), True),
        ((3,), True),
        ((1, 3), True),
        ((2,), False),
        ((4,), False),
        ((1, 2), False),
    ],
)
def test_staff_of_a_division_report_on_its_measures(
    seqs: tuple[int, ...], allowed: bool, filled: Store
) -> None:
    rows = "".join(f"2567,1,A,IIT,{seq},50\n" for seq in seqs)
    outcome = brought(filled, WORKS, "progress", PROGRESS + rows)
    assert outcome.accepted == allowed
    if not allowed:
        assert "กองช่าง" in outcome.problems[0].message()


def test_rows_of_others_that_change_nothing_may_stand_in_the_form(filled: Store) -> None:
    rows = [f"2567,1,A,IIT,{seq},50\n" for seq in (1, 2, 3, 4)]
    taken(filled, "progress", PROGRESS + "".join(rows))
    rows[0] = "2567,1,A,IIT,1,80\n"
    outcome = brought(filled, WORKS, "progress", PROGRESS + "".join(rows))
    assert (outcome.accepted, outcome.counts.changed, outcome.counts.same) == (True, 1, 3)


@pytest.mark.parametrize("kind", ["scores", "measures", "annotations"])
def test_staff_of_a_division_bring_in_nothing_else(kind: str, filled: Store) -> None:
    assert kinds(brought(filled, WORKS, kind, OWN[kind])) == ["not-allowed"]


@pytest.mark.parametrize(
    ("rows", "allowed"),
    [
        (["A,IIT,สรุปผล,1,ดี,1"], True),
        (["A,IIT,สรุปผล,1,ดี,3"], True),
        (['A,IIT,สรุปผล,1,ดี,"1,2"'], True),
        (["A,IIT,สรุปผล,1,ดี,2"], False),
        (["A,IIT,สรุปผล,1,ดี,4"], False),
        (["A,IIT,สรุปผล,1,ดี,"], False),
        (["A,IIT,ผลลัพธ์,,ดี,"], False),
        (["A,IIT,ระยะเวลา,,ดี,"], False),
        (["A,IIT,สรุปผล,1,ดี,1", "A,IIT,ผลลัพธ์,,ดี,"], False),
        (["A,IIT,สรุปผล,2,ดี,1"], False),  # takes another's result over
        (["A,IIT,สรุปผล,3,ดี,1"], True),
    ],
)
def test_staff_of_a_division_write_the_results_of_its_measures(
    rows: list[str], allowed: bool, filled: Store
) -> None:
    of_others = "2567,A,IIT,สรุปผล,2,ของเดิม,2\n2567,A,IIT,สรุปผล,3,ของเรา,3\n"
    taken(filled, "narrative", NARRATIVE + of_others)
    content = NARRATIVE + "".join(f"2567,{row}\n" for row in rows)
    assert brought(filled, WORKS, "narrative", content).accepted == allowed


def test_a_division_is_known_by_every_spelling(filled: Store) -> None:
    aliases = committed_reference().divisions
    alias, name = next((a, n) for a, n in aliases.items() if a != "".join(n.split()))
    taken(filled, "measures", f"{WITH_DIVISIONS}2567,A,EIT,1,ก,{name}\n2567,A,EIT,2,ข,{alias}\n")
    for spelled in (alias, name):
        person = User("x", Role.STAFF, "A", frozenset({spelled}), "x")
        for seq in (1, 2):
            row = f"2567,1,A,EIT,{seq},{40 + len(spelled)}\n"
            outcome = brought(filled, person, "progress", PROGRESS + row, dry_run=True)
            assert outcome.accepted, (spelled, seq)


MEASURED = {1: {"กองช่าง"}, 2: {"สำนักปลัด"}, 3: {"กองช่าง", "สำนักปลัด"}, 4: set[str]()}
"""The divisions of each measure of both agencies in `reported`; of each a quarter is stored."""


@pytest.fixture(scope="module")
def reported() -> Iterator[Store]:
    with open_memory_store() as store:
        taken(store, "agencies", AGENCIES)
        measures = "".join(
            f"2567,{agency},IIT,{seq},ก,{'/'.join(sorted(named))}\n"
            for agency in "AB"
            for seq, named in MEASURED.items()
        )
        taken(store, "measures", WITH_DIVISIONS + measures)
        stored = "".join(f"2567,1,{a},IIT,{n},25\n" for a in "AB" for n in MEASURED)
        taken(store, "progress", PROGRESS + stored)
        yield store


@pytest.mark.slow
@settings(max_examples=examples(30))
@given(
    rows=st.lists(
        st.tuples(st.sampled_from("AB"), st.integers(1, 4), st.integers(0, 3)),
        min_size=1,
        max_size=8,
        unique_by=lambda row: row[:2],
    ),
    divisions=st.sets(st.sampled_from(["กองช่าง", "สำนักปลัด", "กองคลัง"])),
)
def test_progress_is_let_in_row_by_row_as_the_words_say(
    reported: Store, rows: list[tuple[str, int, int]], divisions: set[str]
) -> None:
    """Percents are 0 or more quarters of what is stored, so that some rows change nothing."""
    person = User("x", Role.STAFF, "A", frozenset(divisions), "x")
    content = PROGRESS + "".join(f"2567,1,{a},IIT,{n},{25 * q}\n" for a, n, q in rows)
    outcome = brought(reported, person, "progress", content, dry_run=True)
    changed = [(agency, seq) for agency, seq, quarters in rows if quarters != 1]
    expected = {agency for agency, _, _ in rows} == {"A"} and all(
        not divisions or divisions & MEASURED[seq] for _, seq in changed
    )
    # A fall only warns.
    assert outcome.accepted == expected


@pytest.mark.slow
@pytest.mark.parametrize(("seq", "allowed"), [(1, True), (3, True), (2, False), (4, False)])
def test_staff_of_a_division_take_back_what_is_its(seq: int, allowed: bool, filled: Store) -> None:
    progress = taken(filled, "progress", f"{PROGRESS}2567,1,A,IIT,{seq},50\n").batch or 0
    result = f"{NARRATIVE}2567,A,IIT,สรุปผล,1,ดี,{seq}\n"
    narrative = taken(filled, "narrative", result).batch or 0
    for batch in (progress, narrative):
        if allowed:
            undone(filled, undone(filled, batch, WORKS), WORKS)
        else:
            with pytest.raises(NotAllowed):
                undone(filled, batch, WORKS)


def test_taking_back_a_change_counts_both_sides_of_it(filled: Store) -> None:
    taken(filled, "narrative", f"{NARRATIVE}2567,A,IIT,สรุปผล,1,ดี,2\n")
    changing = taken(filled, "narrative", f"{NARRATIVE}2567,A,IIT,สรุปผล,1,ดี,1\n").batch or 0
    with pytest.raises(NotAllowed):  # it would give the result back to another division's measure
        undone(filled, changing, WORKS)
