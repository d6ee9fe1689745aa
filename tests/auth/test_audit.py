"""The audit log: everything is in it, and it stands or falls with what it tells of."""

from __future__ import annotations

import logging

import pytest

from ita.auth.audit import load_head, record, recording
from ita.auth.audit_entries import audit_entries
from ita.auth.permissions import Action, Role, User, machine_owner
from ita.config import Settings
from ita.exports.files import whole_store_bytes
from ita.imports.datasets import Dataset
from ita.imports.header_mappings import forget, remember
from ita.imports.samples import load_samples, remove_samples
from ita.store import Store, one_value
from ita.store.batches import UndoBlocked
from tests.auth.house import OWNER
from tests.auth.short_log import findings
from tests.imports.bringing import (
    AGENCIES,
    SCORES,
    TESTER,
    committed_reference,
    take,
    taken,
    undo,
)


def newest(store: Store, most: int = 1) -> list[tuple[str, str, int | None]]:
    with store.reading() as cursor:
        found = audit_entries(cursor, OWNER, limit=most)
    return [(entry.action, entry.person, entry.batch) for entry in found]


def test_imports_and_undos_are_recorded_with_their_batch(store: Store) -> None:
    taken(store, "agencies", AGENCIES)
    batch = taken(store, "scores", f"{SCORES}2567,A,80\n").batch or 0
    inverse = undo(store, batch, "ผู้ยกเลิก", "r")
    assert newest(store, 2) == [("undo", "ผู้ยกเลิก", inverse), ("import", "tester", batch)]
    with store.reading() as cursor:
        imported = audit_entries(cursor, OWNER, limit=2)[1]
    assert imported.detail["agencies"] == "A"
    assert imported.detail["kind"] == "scores"
    assert (imported.detail["new"], imported.detail["changed"]) == (1, 0)


def test_what_stores_nothing_is_not_recorded(store: Store) -> None:
    taken(store, "agencies", AGENCIES)
    take(store, "agencies", AGENCIES)  # already in
    take(store, "scores", f"{SCORES}2567,A,180\n")
    take(store, "scores", f"{SCORES}2567,A,80\n", dry_run=True)
    with pytest.raises(UndoBlocked):
        undo(store, 99, "p", "r")
    with store.reading() as cursor:
        assert load_head(cursor).entry == 1
    assert findings(store) == ()


def test_an_entry_falls_with_what_it_tells_of(store: Store) -> None:
    with pytest.raises(RuntimeError), recording(store) as cursor:
        record(cursor, OWNER, Action.BACK_UP)
        raise RuntimeError
    with store.reading() as cursor:
        assert one_value(cursor, "SELECT count(*) FROM audit") == 0
        assert load_head(cursor).entry == 0


@pytest.mark.slow
def test_samples_come_and_go_on_record(store: Store) -> None:
    for _, outcome in load_samples(store, committed_reference(), Settings()):
        assert outcome.accepted
    loaded = newest(store, 100)
    remove_samples(store, machine_owner("หัวหน้า"))
    removed = newest(store, len(loaded))
    assert {person for _, person, _ in loaded} == {"demo"}
    assert {(action, person) for action, person, _ in removed} == {("manage-samples", "หัวหน้า")}
    assert findings(store) == ()


def test_exports_of_everything_and_meanings_of_headers_are_recorded(store: Store) -> None:
    taken(store, "agencies", AGENCIES)
    whole_store_bytes(store, TESTER, committed_reference())
    assert newest(store) == [("export-all", "tester", None)]
    remember(store, TESTER, Dataset.SCORES, {"ก": "total"})
    forget(store, TESTER, Dataset.SCORES)
    assert newest(store, 2) == [("remember-headers", "tester", None)] * 2


def test_no_cell_gets_into_the_log(store: Store) -> None:
    taken(store, "agencies", "agency_id,name_th\nA,ลับมาก\n")
    taken(store, "measures", "ปีงบประมาณ,แบบวัด,ลำดับ,มาตรการ\n2567,IIT,1,ลับสุดยอด\n")
    with store.reading() as cursor:
        assert "ลับ" not in str(cursor.execute("SELECT * FROM audit").fetchall())


def test_many_agencies_are_counted_and_some_named(store: Store) -> None:
    rows = "".join(f"A{n:03},หน่วย {n}\n" for n in range(100))
    taken(store, "agencies", f"agency_id,name_th\n{rows}")
    with store.reading() as cursor:
        detail = audit_entries(cursor, OWNER, limit=1)[0].detail
    assert detail["agency_count"] == 100
    assert detail["agencies"].startswith("A000, A001, ")
    assert len(detail["agencies"]) < 200


def test_names_that_no_table_can_hold_are_recorded_all_the_same(store: Store) -> None:
    with recording(store) as cursor:
        record(cursor, User("\udca4x", Role.ADMIN), Action.CHECK)
    assert newest(store)[0][1] == "?x"
    assert findings(store) == ()


def test_the_end_of_the_chain_goes_to_the_log_of_the_program(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        with recording(store) as cursor:
            record(cursor, OWNER, Action.CHECK)
        with recording(store) as cursor:
            pass  # nothing recorded, nothing told
        with pytest.raises(RuntimeError), recording(store) as cursor:
            record(cursor, OWNER, Action.CHECK)
            raise RuntimeError
    with store.reading() as cursor:
        end = load_head(cursor)
    told = [r.getMessage() + str(r.__dict__) for r in caplog.records if end.hash in str(r.__dict__)]
    assert len(told) == 1
