"""One row taken out with all that hangs on it, and everything back to the byte by its undo."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from ita.auth.permissions import NotAllowed, Role, User, anonymous
from ita.domain import FiscalYear, Instrument
from ita.imports.datasets import Dataset
from ita.imports.diff import FieldChanges
from ita.imports.history import preview_undo
from ita.imports.removal import Removal, RemovalRefused, preview_removal, remove
from ita.integrity.checking import check_integrity
from ita.store import Store, open_memory_store, open_store
from ita.store.batches import UndoBlocked, list_batches
from ita.store.changes import rows_as_of
from ita.store.tables import TABLES
from tests.calling import killed_after
from tests.imports.bringing import (
    AGENCIES,
    MEASURES,
    NARRATIVE,
    PROGRESS,
    TESTER,
    committed_reference,
    everything,
    taken,
    undo,
    with_samples,
)
from tests.imports.persons import CHIEF, NO_ONE, OF_A, OF_NOBODY, WORKS
from tests.store.replaying import present, replayed

REFERENCE = committed_reference()
YEAR = FiscalYear(2567)
IIT, EIT = Instrument.IIT, Instrument.EIT


def _removals(store: Store) -> list[Removal]:
    """One for each row that is stored, and one for each whole year of scores."""
    tables = everything(store)

    def records(name: str) -> list[dict[str, object]]:
        return [dict(zip(TABLES[name].columns, row, strict=True)) for row in tables[name]]

    return [
        Removal(
            kind,
            str(row["agency_id"]),
            FiscalYear(int(str(row["fiscal_year"]))) if "fiscal_year" in row else None,
            row.get("quarter"),  # type: ignore[arg-type]
            Instrument(row["instrument"]) if "instrument" in row else None,
            row.get("type"),  # type: ignore[arg-type]
            row.get("seq"),  # type: ignore[arg-type]
            row.get("part") if name == "score" else None,  # type: ignore[arg-type]
            row.get("day"),  # type: ignore[arg-type]
        )
        for kind, name in (
            (Dataset.MEASURES, "measure"),
            (Dataset.PROGRESS, "completion"),
            (Dataset.NARRATIVE, "narrative"),
            (Dataset.SCORES, "score"),
            (Dataset.SCORES, "annual_result"),
            (Dataset.ANNOTATIONS, "annotation"),
        )
        for row in records(name)
    ]


def _remove(store: Store, removal: Removal, reason: str = "บันทึกผิดข้อ") -> int:
    return remove(store, removal, TESTER, reason, REFERENCE)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_every_undo_restores_every_row(seed: int) -> None:
    """Removals at random, one after the other, then taken back in the other order."""
    source = random.Random(seed)
    with open_memory_store() as store:
        with_samples(store)
        states, batches = [everything(store)], []
        for _ in range(6):
            removal = source.choice(_removals(store))
            expected = preview_removal(store, removal, TESTER, REFERENCE)
            batches.append(_remove(store, removal))
            states.append(everything(store))
            gone = sum(map(len, states[-2].values())) - sum(map(len, states[-1].values()))
            assert gone == sum(row.is_gone for row in expected.rows) > 0
            assert replayed(store) == present(store)
        # Of samples only a warning about scores may be found, and never a broken row.
        assert [f for f in check_integrity(store, REFERENCE) if not f.is_warning] == []
        for batch in reversed(batches):
            assert everything(store) == states.pop()
            undo(store, batch, "tester", "เอาออกผิด")
        assert everything(store) == states.pop()
        assert [f for f in check_integrity(store, REFERENCE) if not f.is_warning] == []
        assert len(rows_of_day_before(store, batches[0] - 1)) == len(everything(store)["score"])


def rows_of_day_before(store: Store, batch: int) -> list[dict[str, object]]:
    with store.reading() as cursor:
        return rows_as_of(cursor, "score", batch)


@pytest.fixture
def worked(store: Store) -> Store:
    """A: two measures of IIT, reported twice and once, a result for both, one for the first."""
    taken(store, "agencies", AGENCIES)
    taken(store, "measures", f"{MEASURES}2567,A,IIT,1,หนึ่ง\n2567,A,IIT,2,สอง\n2567,B,IIT,1,อื่น\n")
    taken(store, "progress", f"{PROGRESS}2567,1,A,IIT,1,20\n2567,2,A,IIT,1,40\n2567,1,A,IIT,2,5\n")
    results = '2567,A,IIT,สรุปผล,1,ทั้งคู่,"1,2"\n2567,A,IIT,สรุปผล,2,เดียว,1\n2567,A,IIT,ผลลัพธ์,,ดี,\n'
    taken(store, "narrative", NARRATIVE + results)
    return store


MEASURE_1 = Removal(Dataset.MEASURES, "A", YEAR, instrument=IIT, seq=1)


def test_what_hangs_on_a_measure_is_told_and_goes(worked: Store) -> None:
    preview = preview_removal(worked, MEASURE_1, TESTER, REFERENCE)
    assert [(row.kind.value, row.name, row.is_gone) for row in preview.rows] == [
        ("measures", "2567 IIT 1", True),
        ("progress", "2567 ไตรมาส 1 IIT 1", True),
        ("progress", "2567 ไตรมาส 2 IIT 1", True),
        ("narrative", "2567 IIT สรุปผล 1", False),
        ("narrative", "2567 IIT สรุปผล 2", False),
    ]
    assert [row.fields for row in preview.rows[3:]] == [
        (("measures", "1,2", "2"),),
        (("measures", "1", None),),
    ]
    before = everything(worked)
    batch = _remove(worked, MEASURE_1)
    after = everything(worked)
    assert [row[3] for row in after["measure"]] == [2, 1]
    assert len(after["completion"]) == 1
    assert [row[5:] for row in after["narrative"]] == [("ดี", None), ("ทั้งคู่", "2"), ("เดียว", None)]
    with worked.reading() as cursor:
        newest = list_batches(cursor)[0]
    assert (newest.is_removal, newest.kind, newest.rows_changed, newest.reason) == (
        *(True, "measures", 5),
        "บันทึกผิดข้อ",
    )
    assert check_integrity(worked, REFERENCE) == ()
    undo(worked, batch, "tester", "")
    assert everything(worked) == before


def test_a_number_within_another_is_not_the_measure(worked: Store) -> None:
    rows = "".join(f"2567,A,EIT,{n},ม {n}\n" for n in (1, 2, 11, 12, 21))
    taken(worked, "measures", MEASURES + rows)
    taken(worked, "narrative", f'{NARRATIVE}2567,A,EIT,สรุปผล,1,ก,"2,11,12"\n')
    preview = preview_removal(
        worked, Removal(Dataset.MEASURES, "A", YEAR, instrument=EIT, seq=1), TESTER, REFERENCE
    )
    assert preview.rows[1:] == ()
    (_named, changed) = preview_removal(
        worked, Removal(Dataset.MEASURES, "A", YEAR, instrument=EIT, seq=12), TESTER, REFERENCE
    ).rows
    assert changed.fields == (("measures", "2,11,12", "2,11"),)


@pytest.mark.slow
def test_the_last_figure_takes_the_year_along(store: Store) -> None:
    taken(store, "agencies", AGENCIES)
    head = "ปีงบประมาณ,หน่วยงาน,IIT,คะแนนรวม,ระดับ,แหล่งที่มา\n"
    taken(store, "scores", f"{head}2567,A,80,85,ผ่าน,ประกาศ\n2566,A,,70,,ประกาศ\n")
    before = everything(store)
    first = _remove(store, Removal(Dataset.SCORES, "A", YEAR, part="IIT"))
    assert len(everything(store)["annual_result"]) == 2
    second = _remove(store, Removal(Dataset.SCORES, "A", YEAR, part="total"))
    assert [row[1] for row in everything(store)["annual_result"]] == [2566]
    assert check_integrity(store, REFERENCE) == ()
    undo(store, second, "tester", "")
    undo(store, first, "tester", "")
    assert everything(store) == before
    _remove(store, Removal(Dataset.SCORES, "A", FiscalYear(2566)))
    assert [row[1] for row in everything(store)["score"]] == [2567, 2567]


def test_what_is_not_there_and_what_has_no_reason_is_refused(worked: Store) -> None:
    before = everything(worked)
    gone = Removal(Dataset.PROGRESS, "A", YEAR, 4, IIT, seq=1)
    for act in (
        lambda: preview_removal(worked, gone, TESTER, REFERENCE),
        lambda: _remove(worked, gone),
        lambda: _remove(worked, MEASURE_1, "  "),
        lambda: _remove(worked, Removal(Dataset.SCORES, "A", YEAR)),
    ):
        with pytest.raises(RemovalRefused):
            act()
    assert everything(worked) == before


def test_who_saved_meanwhile_makes_it_stale(worked: Store) -> None:
    seen = preview_removal(worked, MEASURE_1, TESTER, REFERENCE).version
    taken(worked, "progress", f"{PROGRESS}2567,3,A,IIT,1,60\n")
    before = everything(worked)
    with pytest.raises(RemovalRefused) as refusal:
        remove(worked, MEASURE_1, TESTER, "ผิด", REFERENCE, seen)
    assert refusal.value.stale
    assert everything(worked) == before


@pytest.mark.parametrize("person", [CHIEF, anonymous(), NO_ONE, OF_NOBODY, WORKS], ids=str)
def test_others_take_nothing_out(person: User, worked: Store) -> None:
    before = everything(worked)
    for removal in (MEASURE_1, Removal(Dataset.PROGRESS, "A", YEAR, 1, IIT, seq=1)):
        for act in (
            lambda removal=removal: preview_removal(worked, removal, person, REFERENCE),
            lambda removal=removal: remove(worked, removal, person, "ผิด", REFERENCE),
        ):
            with pytest.raises(NotAllowed):
                act()
    assert everything(worked) == before


def test_staff_take_out_what_is_theirs(worked: Store) -> None:
    remove(worked, MEASURE_1, OF_A, "ผิด", REFERENCE)
    with pytest.raises(NotAllowed):
        remove(
            worked, Removal(Dataset.MEASURES, "B", YEAR, None, IIT, None, 1), OF_A, "ผ", REFERENCE
        )
    head = "ปีงบประมาณ,หน่วยงาน,แบบวัด,ลำดับ,มาตรการ,ผู้รับผิดชอบ\n"
    taken(worked, "measures", f"{head}2567,A,IIT,2,สอง,กองช่าง\n")
    smiths = User("ช่าง", Role.STAFF, "A", frozenset({"กองช่าง"}), "works")
    others = User("คลัง", Role.STAFF, "A", frozenset({"กองคลัง"}), "money")
    quarter = Removal(Dataset.PROGRESS, "A", YEAR, 1, IIT, seq=2)
    text = Removal(Dataset.NARRATIVE, "A", YEAR, None, IIT, "result", 1)
    for removal in (quarter, text):
        with pytest.raises(NotAllowed):
            remove(worked, removal, others, "ผิด", REFERENCE)
        remove(worked, removal, smiths, "ผิด", REFERENCE)


# The undo says beforehand what it would do.


def test_undo_says_what_it_would_take_back(worked: Store) -> None:
    batch = _remove(worked, Removal(Dataset.PROGRESS, "A", YEAR, 2, IIT, seq=1))
    before = everything(worked)
    preview = preview_undo(worked, batch, TESTER, REFERENCE)
    assert preview.blocked is None
    assert [(c.field, c.old, c.new) for c in FieldChanges(preview.differences)] == [
        ("percent", None, 40.0)
    ]
    assert everything(worked) == before
    with worked.reading() as cursor:
        assert list_batches(cursor)[0].batch_id == batch


@pytest.mark.slow
def test_undo_says_what_has_to_go_first(worked: Store) -> None:
    last = taken(worked, "progress", f"{PROGRESS}2567,1,A,IIT,1,30\n").batch
    assert last
    for batch, first in ((2, (last, 4, 3)), (3, (last,)), (4, ())):
        preview = preview_undo(worked, batch, TESTER, REFERENCE)
        assert preview.undo_first == first
        assert (preview.blocked is None) == (not first)
        assert (preview.differences == ()) == bool(first)
    # What it names works in that order.
    for number in (last, 4, 3):
        undo(worked, number, "tester", "")
    assert preview_undo(worked, 2, TESTER, REFERENCE).blocked is None
    undo(worked, 2, "tester", "")
    over = preview_undo(worked, 2, TESTER, REFERENCE)
    assert over.blocked
    assert over.blocked.is_over
    assert over.undo_first == ()
    with pytest.raises(UndoBlocked):
        undo(worked, 2, "tester", "")


def test_undo_of_others_is_not_shown(worked: Store) -> None:
    with pytest.raises(NotAllowed):
        preview_undo(worked, 2, OF_A, REFERENCE)  # it brought B's measure as well
    with pytest.raises(NotAllowed):
        preview_undo(worked, 3, CHIEF, REFERENCE)


REMOVE_FOR_EVER = """
import sys
from pathlib import Path
from ita.domain import FiscalYear, Instrument
from ita.imports.datasets import Dataset
from ita.imports.removal import Removal
from ita.imports.history import undo
from ita.store import open_store
from tests.imports.test_removal import MEASURE_1, REFERENCE, TESTER, _remove
with open_store(Path(sys.argv[1])) as store:
    while True:
        batch = _remove(store, MEASURE_1)
        print(batch, flush=True)
        print(undo(store, batch, TESTER, "", REFERENCE), flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a signal")
def test_killed_in_the_middle_it_is_whole_or_not_at_all(tmp_path: Path) -> None:
    place = tmp_path / "ita.duckdb"
    with open_store(place) as store:
        taken(store, "agencies", AGENCIES)
        taken(store, "measures", MEASURES + "2567,A,IIT,1,หนึ่ง\n")
        rows = "".join(f"2567,{q},A,IIT,1,{q * 10}\n" for q in (1, 2, 3, 4))
        taken(store, "progress", PROGRESS + rows)
        whole = everything(store)
    for pause in (1, 4, 7):
        acknowledged = killed_after(pause, REMOVE_FOR_EVER, str(place))
        with open_store(place) as store:
            assert store.version() >= acknowledged
            assert replayed(store) == present(store)
            tables = everything(store)
            is_out = not tables["measure"]
            assert (len(tables["completion"]) == 0) == is_out
            assert is_out or tables == whole
            assert [f for f in check_integrity(store, REFERENCE) if not f.is_warning] == []
            if is_out:
                undo(store, store.version(), "tester", "")
            assert everything(store) == whole
