"""Functions that change or give out data ask who may, by the rows and not by what was asked for."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ita.access.audit_check import audit_findings
from ita.access.people import Person, Role, anonymous
from ita.access.rules import NotAllowed
from ita.importing.draft import Request
from ita.importing.files import table_bytes, whole_store_bytes
from ita.importing.headings import forget, remember
from ita.importing.history import batches_seen_by
from ita.importing.kinds import Kind
from ita.importing.samples import remove_samples
from ita.importing.saving import Outcome, bring_in, preview
from ita.importing.selection import TABLES
from ita.importing.together import bring_in_together, preview_together
from ita.importing.unbundling import bring_in_bundle
from ita.importing.undoing import undo
from ita.settings import Limits
from ita.store import Store, open_memory_store
from ita.store.batches import batches
from tests.importing.bringing import (
    AGENCIES,
    MEASURES,
    NARRATIVE,
    PROGRESS,
    SCORES,
    TESTER,
    committed_reference,
    everything,
    taken,
)

OF_A = Person("สมศรี", Role.STAFF, "A", account="somsri")
OF_NOBODY = Person("ใหม่", Role.STAFF, None, account="new")
CHIEF = Person("ผู้บริหาร", Role.EXECUTIVE, account="chief")
NO_ONE = anonymous(public=False)
WORKS = Person("ช่าง", Role.STAFF, "A", frozenset({"กองช่าง"}), "works")
WITH_DIVISIONS = "ปีงบประมาณ,หน่วยงาน,แบบวัด,ลำดับ,มาตรการ,ผู้รับผิดชอบ\n"
MEASURES_OF_ALL = (
    f"{WITH_DIVISIONS}2567,A,IIT,1,ก,กองช่าง\n2567,A,IIT,2,ข,สำนักปลัด\n"
    "2567,A,IIT,3,ค,กองช่าง/สำนักปลัด\n2567,A,IIT,4,ง,\n2567,B,IIT,1,จ,กองช่าง\n"
)


@pytest.fixture
def filled(store: Store) -> Store:
    taken(store, "agencies", AGENCIES)
    taken(store, "measures", MEASURES_OF_ALL)
    return store


def brought(
    store: Store, person: Person, kind: str, content: str, agency: str | None = None, **how: bool
) -> Outcome:
    request = Request(Kind(kind), content.encode(), "file.csv", agency)
    return bring_in(store, request, committed_reference(), Limits(), person, "r", **how)


def kinds(outcome: Outcome) -> list[str]:
    return [problem.kind.value for problem in outcome.problems]


OWN = {
    "scores": f"{SCORES}2567,A,80\n",
    "measures": f"{MEASURES}2567,A,IIT,9,ใหม่\n",
    "progress": f"{PROGRESS}2567,1,A,IIT,1,50\n",
    "narrative": f"{NARRATIVE}2567,A,IIT,สรุปผล,1,ดีขึ้น,1\n",
    "annotations": "วันที่,หน่วยงาน,เหตุการณ์\n1 ม.ค. 2567,A,เหตุ\n",
}


@pytest.mark.parametrize("kind", OWN)
def test_staff_bring_in_what_is_their_agencys(kind: str, filled: Store) -> None:
    assert brought(filled, OF_A, kind, OWN[kind]).accepted


@pytest.mark.parametrize("kind", OWN)
@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("whose", ["another's", "a mixed one", "said to be mine"])
def test_staff_bring_in_nothing_of_others(
    kind: str, dry_run: bool, whose: str, filled: Store
) -> None:
    header, row = OWN[kind].splitlines()
    others = row.replace(",A,", ",B,")
    rows = [row, others] if whose == "a mixed one" else [others]
    before = everything(filled)
    content = "\n".join([header, *rows, ""])
    asked_for = "A" if whose == "said to be mine" else None
    outcome = brought(filled, OF_A, kind, content, asked_for, dry_run=dry_run)
    assert not outcome.accepted
    assert not outcome.differences
    if whose == "said to be mine":
        # The rows name another than the chosen agency: nothing of it is read at all.
        assert kinds(outcome) == ["unknown-agency"]
    else:
        assert kinds(outcome) == ["not-allowed"]
        assert "หน่วยงานอื่น" in outcome.problems[0].message()
    assert everything(filled) == before


@pytest.mark.parametrize("person", [CHIEF, anonymous(), NO_ONE, OF_NOBODY], ids=str)
@pytest.mark.parametrize("kind", [*OWN, "agencies"])
def test_others_bring_in_nothing(person: Person, kind: str, filled: Store) -> None:
    before = everything(filled)
    content = OWN.get(kind, "agency_id,name_th\nC,ใหม่\n")
    for dry_run in (False, True):
        outcome = brought(filled, person, kind, content, dry_run=dry_run)
        assert kinds(outcome) == ["not-allowed"]
    assert everything(filled) == before


def test_the_list_of_agencies_is_for_administrators(filled: Store) -> None:
    for content in ("agency_id,name_th\nA,ชื่อใหม่\n", "agency_id,name_th\nC,ใหม่\n"):
        assert kinds(brought(filled, OF_A, "agencies", content)) == ["not-allowed"]


def test_a_faulty_file_of_another_tells_nothing_of_what_is_stored(filled: Store) -> None:
    taken(filled, "progress", f"{PROGRESS}2567,1,B,IIT,1,70\n")
    outcome = brought(filled, OF_A, "progress", f"{PROGRESS}2567,2,B,IIT,1,60\n2567,2,B,IIT,9,x\n")
    assert kinds(outcome) == ["not-allowed"]


def test_a_faulty_file_of_ones_own_is_told_as_ever(filled: Store) -> None:
    outcome = brought(filled, OF_A, "scores", f"{SCORES}2567,A,180\n")
    assert kinds(outcome) == ["out-of-range"]
    assert kinds(brought(filled, OF_A, "scores", "")) == ["empty-file"]


def test_a_file_that_is_in_already_is_told_to_those_who_may_bring_it_in(filled: Store) -> None:
    mine, theirs = f"{SCORES}2567,A,80\n", f"{SCORES}2567,B,80\n"
    taken(filled, "scores", mine)
    taken(filled, "scores", theirs)
    assert kinds(brought(filled, OF_A, "scores", mine)) == ["already-imported"]
    assert kinds(brought(filled, OF_A, "scores", theirs)) == ["not-allowed"]
    assert kinds(brought(filled, TESTER, "scores", theirs)) == ["already-imported"]


def test_a_preview_shows_nothing_to_who_may_not(filled: Store) -> None:
    looked: list[int] = []
    request = Request(Kind.SCORES, f"{SCORES}2567,B,80\n".encode(), "file.csv")
    found = preview(
        filled,
        request,
        committed_reference(),
        Limits(),
        OF_A,
        lambda cursor, checked: looked.append(1),
    )
    assert kinds(found.outcome) == ["not-allowed"]
    assert found.checked is None
    assert looked == []


# ---- staff of some divisions --------------------------------------------------------------------


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
        person = Person("x", Role.STAFF, "A", frozenset({spelled}), "x")
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


@settings(max_examples=30)
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
    person = Person("x", Role.STAFF, "A", frozenset(divisions), "x")
    content = PROGRESS + "".join(f"2567,1,{a},IIT,{n},{25 * q}\n" for a, n, q in rows)
    outcome = brought(reported, person, "progress", content, dry_run=True)
    changed = [(agency, seq) for agency, seq, quarters in rows if quarters != 1]
    expected = {agency for agency, _, _ in rows} == {"A"} and all(
        not divisions or divisions & MEASURED[seq] for _, seq in changed
    )
    # A fall only warns.
    assert outcome.accepted == expected


# ---- taking back --------------------------------------------------------------------------------


def undone(store: Store, batch: int, person: Person) -> int:
    return undo(store, batch, person, "r", committed_reference())


def test_staff_take_back_what_is_their_agencys(filled: Store) -> None:
    mine = taken(filled, "scores", f"{SCORES}2567,A,80\n").batch or 0
    inverse = undone(filled, mine, OF_A)
    assert undone(filled, inverse, OF_A) == inverse + 1


@pytest.mark.parametrize("person", [OF_A, WORKS, CHIEF, anonymous(), NO_ONE, OF_NOBODY], ids=str)
def test_nobody_takes_back_what_is_anothers(person: Person, filled: Store) -> None:
    of_b = taken(filled, "scores", f"{SCORES}2567,B,80\n").batch or 0
    of_both = taken(filled, "scores", f"{SCORES}2568,A,80\n2568,B,80\n").batch or 0
    before = everything(filled)
    for batch in (1, 2, of_b, of_both, 99):
        with pytest.raises(NotAllowed):
            undone(filled, batch, person)
    assert everything(filled) == before


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


# ---- everything else that changes or gives out --------------------------------------------------


def test_only_administrators_do_what_touches_everybody(filled: Store) -> None:
    reference, limits = committed_reference(), Limits()
    bundle = whole_store_bytes(filled, TESTER, reference)
    calls: list[Callable[[Person], object]] = [
        lambda p: bring_in_bundle(filled, io.BytesIO(bundle), reference, limits, p, dry_run=True),
        lambda p: remember(filled, p, Kind.SCORES, {"ก": "total"}),
        lambda p: forget(filled, p, Kind.SCORES),
        lambda p: remove_samples(filled, p),
    ]
    for call, person in itertools.product(calls, (OF_A, WORKS, CHIEF, anonymous(), NO_ONE)):
        before = everything(filled)
        with pytest.raises(NotAllowed):
            call(person)
        assert everything(filled) == before
    for call in calls:
        call(TESTER)


def test_who_takes_everything_out() -> None:
    with open_memory_store() as store:
        for person in (OF_A, WORKS, anonymous(), NO_ONE):
            with pytest.raises(NotAllowed):
                whole_store_bytes(store, person, committed_reference())
        assert whole_store_bytes(store, CHIEF, committed_reference())


def test_tables_are_for_everybody_but_the_history_tells_names(filled: Store) -> None:
    def downloads(person: Person, table: str) -> bool:
        with filled.reading() as cursor:
            try:
                return bool(table_bytes(cursor, table, "csv", committed_reference(), person))
            except NotAllowed:
                return False

    assert all(downloads(anonymous(), table) for table in TABLES if table != "history")
    assert not any(downloads(NO_ONE, table) for table in TABLES)
    told = [downloads(person, "history") for person in (TESTER, CHIEF, OF_A, anonymous())]
    assert told == [True, True, False, False]


def test_staff_of_the_only_agency_may_have_its_history(store: Store) -> None:
    taken(store, "agencies", "agency_id,name_th\nA,ก\n")
    with store.reading() as cursor:
        assert table_bytes(cursor, "history", "csv", committed_reference(), OF_A)


def test_the_history_shows_staff_what_changed_their_agency_alone(filled: Store) -> None:
    mine = taken(filled, "scores", f"{SCORES}2567,A,80\n").batch
    taken(filled, "scores", f"{SCORES}2567,B,80\n")
    taken(filled, "scores", f"{SCORES}2568,A,80\n2568,B,80\n")
    with filled.reading() as cursor:
        every = batches(cursor)
        assert [batch.batch_id for batch in batches_seen_by(cursor, OF_A)] == [mine]
        assert batches_seen_by(cursor, TESTER) == batches_seen_by(cursor, CHIEF) == every
        for person in (anonymous(), NO_ONE, OF_NOBODY):
            assert batches_seen_by(cursor, person) == ()


@pytest.mark.parametrize("agency", ['A"1', "A\\", "A,B", "ก ข", "[A]", "%"])
def test_whose_a_batch_is_shows_for_every_id(agency: str, store: Store) -> None:
    quoted = agency.replace('"', '""')
    listed = taken(store, "agencies", f'agency_id,name_th\n"{quoted}",ก\nA,ข\n')
    assert listed.batch == 1
    theirs = taken(store, "scores", f'{SCORES}2567,"{quoted}",80\n').batch or 0
    person = Person("x", Role.STAFF, agency, account="x")
    with store.reading() as cursor:
        assert [batch.batch_id for batch in batches_seen_by(cursor, person)] == [theirs]
        assert batches_seen_by(cursor, OF_A) == ()
    undone(store, theirs, person)


def test_several_files_together_ask_for_each(filled: Store) -> None:
    asked = [
        Request(Kind.SCORES, OWN["scores"].encode(), "a.csv"),
        Request(Kind.PROGRESS, OWN["progress"].replace(",A,", ",B,").encode(), "b.csv"),
    ]
    before = everything(filled)
    reference, limits = committed_reference(), Limits()
    seen = preview_together(filled, asked, reference, limits, OF_A, lambda cursor: None)
    assert [kinds(outcome) for outcome in seen.outcomes] == [[], ["not-allowed"]]
    done = bring_in_together(filled, asked, reference, limits, OF_A)
    assert [kinds(outcome) for outcome in done] == [[], ["not-allowed"]]
    assert everything(filled) == before
    with filled.reading() as cursor:
        assert audit_findings(cursor) == ()
