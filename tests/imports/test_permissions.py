"""Functions that change or give out data ask who may, by the rows and not by what was asked for."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable

import pytest

from ita.auth.audit import audit_findings
from ita.auth.permissions import NotAllowed, Role, User, anonymous
from ita.config import Limits
from ita.exports.files import table_bytes, whole_store_bytes
from ita.exports.selection import TABLES
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.header_mappings import forget, remember
from ita.imports.history import batches_seen_by
from ita.imports.samples import remove_samples
from ita.imports.saving import import_files, preview_import
from ita.imports.several_files import import_bundle, preview_files
from ita.store import Store, open_memory_store
from ita.store.batches import list_batches
from tests.imports.bringing import (
    PROGRESS,
    SCORES,
    TESTER,
    committed_reference,
    everything,
    taken,
)
from tests.imports.persons import (
    CHIEF,
    NO_ONE,
    OF_A,
    OF_NOBODY,
    OWN,
    WORKS,
    brought,
    kinds,
    undone,
)


@pytest.mark.parametrize("kind", OWN)
def test_staff_bring_in_what_is_their_agencys(kind: str, filled: Store) -> None:
    assert brought(filled, OF_A, kind, OWN[kind]).accepted


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("person", [CHIEF, anonymous(), NO_ONE, OF_NOBODY], ids=str)
@pytest.mark.parametrize("kind", [*OWN, "agencies"])
def test_others_bring_in_nothing(person: User, kind: str, filled: Store) -> None:
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
    request = ImportRequest(Dataset.SCORES, f"{SCORES}2567,B,80\n".encode(), "file.csv")
    found = preview_import(
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


# ---- taking back --------------------------------------------------------------------------------


def test_staff_take_back_what_is_their_agencys(filled: Store) -> None:
    mine = taken(filled, "scores", f"{SCORES}2567,A,80\n").batch or 0
    inverse = undone(filled, mine, OF_A)
    assert undone(filled, inverse, OF_A) == inverse + 1


@pytest.mark.parametrize("person", [OF_A, WORKS, CHIEF, anonymous(), NO_ONE, OF_NOBODY], ids=str)
def test_nobody_takes_back_what_is_anothers(person: User, filled: Store) -> None:
    of_b = taken(filled, "scores", f"{SCORES}2567,B,80\n").batch or 0
    of_both = taken(filled, "scores", f"{SCORES}2568,A,80\n2568,B,80\n").batch or 0
    before = everything(filled)
    for batch in (1, 2, of_b, of_both, 99):
        with pytest.raises(NotAllowed):
            undone(filled, batch, person)
    assert everything(filled) == before


# ---- everything else that changes or gives out --------------------------------------------------


@pytest.mark.slow
def test_only_administrators_do_what_touches_everybody(filled: Store) -> None:
    reference, limits = committed_reference(), Limits()
    bundle = whole_store_bytes(filled, TESTER, reference)
    calls: list[Callable[[User], object]] = [
        lambda p: import_bundle(filled, io.BytesIO(bundle), reference, limits, p, dry_run=True),
        lambda p: remember(filled, p, Dataset.SCORES, {"ก": "total"}),
        lambda p: forget(filled, p, Dataset.SCORES),
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
    def downloads(person: User, table: str) -> bool:
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
        every = list_batches(cursor)
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
    person = User("x", Role.STAFF, agency, account="x")
    with store.reading() as cursor:
        assert [batch.batch_id for batch in batches_seen_by(cursor, person)] == [theirs]
        assert batches_seen_by(cursor, OF_A) == ()
    undone(store, theirs, person)


def test_several_files_together_ask_for_each(filled: Store) -> None:
    asked = [
        ImportRequest(Dataset.SCORES, OWN["scores"].encode(), "a.csv"),
        ImportRequest(Dataset.PROGRESS, OWN["progress"].replace(",A,", ",B,").encode(), "b.csv"),
    ]
    before = everything(filled)
    reference, limits = committed_reference(), Limits()
    seen = preview_files(filled, asked, reference, limits, OF_A, lambda cursor: None)
    assert [kinds(outcome) for outcome in seen.outcomes] == [[], ["not-allowed"]]
    done = import_files(filled, asked, reference, limits, OF_A)
    assert [kinds(outcome) for outcome in done] == [[], ["not-allowed"]]
    assert everything(filled) == before
    with filled.reading() as cursor:
        assert audit_findings(cursor) == ()
