"""The audit log: everything is in it, it stands or falls with what it tells of, and no edit hides."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.access.audit import Event, head, now_utc, record, recording
from ita.access.audit_check import AuditFault, AuditFinding, audit_findings
from ita.access.audit_entries import (
    DETAIL_LABELS,
    EVENT_LABELS,
    WHY_LABELS,
    AuditFilter,
    audit_count,
    audit_entries,
)
from ita.access.claims import ClaimFault
from ita.access.door import Why
from ita.access.people import Person, Role, owner_of_machine
from ita.access.rules import Action, NotAllowed, Thing
from ita.importing.files import whole_store_bytes
from ita.importing.headings import forget, remember
from ita.importing.kinds import Kind
from ita.importing.samples import load_samples, remove_samples
from ita.settings import Settings
from ita.store import Cursor, Store, one_value, open_memory_store
from ita.store.batches import UndoBlocked
from tests.access.house import OWNER, staff
from tests.importing.bringing import (
    AGENCIES,
    SCORES,
    TESTER,
    committed_reference,
    take,
    taken,
    undo,
)

ENTRIES = 6


def findings(store: Store) -> tuple[AuditFinding, ...]:
    with store.reading() as cursor:
        return audit_findings(cursor)


def with_entries(store: Store) -> Store:
    """Batches 1, 2 and an undo, then entries of other kinds."""
    taken(store, "agencies", AGENCIES)
    undo(store, taken(store, "scores", f"{SCORES}2567,A,80\n").batch or 0, "p", "r")
    with recording(store) as cursor:
        for n in range(ENTRIES - 3):
            record(cursor, OWNER, Event.SIGN_IN, detail={"n": n})
    return store


def newest(store: Store, most: int = 1) -> list[tuple[str, str, int | None]]:
    with store.reading() as cursor:
        found = audit_entries(cursor, OWNER, most=most)
    return [(entry.action, entry.person, entry.batch) for entry in found]


def test_a_whole_log_has_no_findings(store: Store) -> None:
    assert findings(store) == ()
    assert findings(with_entries(store)) == ()


def test_imports_and_undos_are_recorded_with_their_batch(store: Store) -> None:
    taken(store, "agencies", AGENCIES)
    batch = taken(store, "scores", f"{SCORES}2567,A,80\n").batch or 0
    inverse = undo(store, batch, "ผู้ย้อน", "r")
    assert newest(store, 2) == [("undo", "ผู้ย้อน", inverse), ("import", "tester", batch)]
    with store.reading() as cursor:
        imported = audit_entries(cursor, OWNER, most=2)[1]
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
        assert head(cursor).entry == 1
    assert findings(store) == ()


def test_an_entry_falls_with_what_it_tells_of(store: Store) -> None:
    with pytest.raises(RuntimeError), recording(store) as cursor:
        record(cursor, OWNER, Action.BACK_UP)
        raise RuntimeError
    with store.reading() as cursor:
        assert one_value(cursor, "SELECT count(*) FROM audit") == 0
        assert head(cursor).entry == 0


def test_samples_come_and_go_on_record(store: Store) -> None:
    for _, outcome in load_samples(store, committed_reference(), Settings()):
        assert outcome.accepted
    loaded = newest(store, 100)
    remove_samples(store, owner_of_machine("หัวหน้า"))
    removed = newest(store, len(loaded))
    assert {person for _, person, _ in loaded} == {"demo"}
    assert {(action, person) for action, person, _ in removed} == {("manage-samples", "หัวหน้า")}
    assert findings(store) == ()


def test_exports_of_everything_and_meanings_of_headers_are_recorded(store: Store) -> None:
    taken(store, "agencies", AGENCIES)
    whole_store_bytes(store, TESTER, committed_reference())
    assert newest(store) == [("export-all", "tester", None)]
    remember(store, TESTER, Kind.SCORES, {"ก": "total"})
    forget(store, TESTER, Kind.SCORES)
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
        detail = audit_entries(cursor, OWNER, most=1)[0].detail
    assert detail["agency_count"] == 100
    assert detail["agencies"].startswith("A000, A001, ")
    assert len(detail["agencies"]) < 200


def test_names_that_no_table_can_hold_are_recorded_all_the_same(store: Store) -> None:
    with recording(store) as cursor:
        record(cursor, Person("\udca4x", Role.ADMIN), Action.CHECK)
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
        end = head(cursor)
    told = [r.getMessage() + str(r.__dict__) for r in caplog.records if end.hash in str(r.__dict__)]
    assert len(told) == 1


# ---- nothing hides ------------------------------------------------------------------------------

TEXTS = ("person", "account", "role", "action", "detail", "hash")


@pytest.fixture(scope="module")
def logged() -> Iterator[Store]:
    """One log for all; whatever is done to it is taken back."""
    with open_memory_store() as store:
        yield with_entries(store)


class _NotKept(Exception):
    """Ends a transaction of which nothing is to stay."""


def spoilt(store: Store, change: Callable[[Cursor], object]) -> tuple[AuditFinding, ...]:
    """What is found after a change, which is then taken back."""
    found: list[tuple[AuditFinding, ...]] = []
    with pytest.raises(_NotKept), store.writing() as cursor:
        change(cursor)
        found.append(audit_findings(cursor))
        raise _NotKept
    return found[0]


@given(st.integers(1, ENTRIES), st.sampled_from(TEXTS), st.text(max_size=20))
def test_an_edited_text_shows(logged: Store, entry: int, column: str, text: str) -> None:
    def edit(cursor: Cursor) -> None:
        cursor.execute(
            f"UPDATE audit SET {column} = $text WHERE entry = $entry",
            {"text": text.encode("utf-8", "replace").decode(), "entry": entry},
        )

    assert spoilt(logged, edit)


@given(st.integers(1, ENTRIES), st.integers(1, 10**12))
def test_an_edited_moment_shows(logged: Store, entry: int, microseconds: int) -> None:
    def edit(cursor: Cursor) -> None:
        cursor.execute(
            "UPDATE audit SET happened_at = happened_at + to_microseconds($n) WHERE entry = $entry",
            {"n": microseconds, "entry": entry},
        )

    assert AuditFault.CHANGED in {finding.kind for finding in spoilt(logged, edit)}


@given(st.integers(1, ENTRIES), st.none() | st.integers(-5, 50))
def test_an_edited_batch_number_shows(logged: Store, entry: int, batch: int | None) -> None:
    with logged.reading() as cursor:
        row = cursor.execute(f"SELECT batch_id FROM audit WHERE entry = {entry}").fetchone()

    def edit(cursor: Cursor) -> None:
        cursor.execute(
            f"UPDATE audit SET batch_id = $batch WHERE entry = {entry}", {"batch": batch}
        )

    assert bool(spoilt(logged, edit)) == (row != (batch,))


@given(st.sets(st.integers(1, ENTRIES), min_size=1))
def test_removed_entries_show_wherever_they_stood(logged: Store, gone: set[int]) -> None:
    def remove(cursor: Cursor) -> None:
        cursor.execute(f"DELETE FROM audit WHERE entry IN ({', '.join(map(str, gone))})")

    found = spoilt(logged, remove)
    assert found
    missing = {f.entry for f in found if f.kind is AuditFault.MISSING}
    last = max(set(range(1, ENTRIES + 1)) - gone, default=0)
    assert missing == {entry for entry in gone if entry < last}


@given(st.permutations(range(1, ENTRIES + 1)))
def test_a_new_order_shows(logged: Store, order: list[int]) -> None:
    def reorder(cursor: Cursor) -> None:
        rows = cursor.execute("SELECT * FROM audit ORDER BY entry").fetchall()
        cursor.execute("CREATE TABLE other AS SELECT * FROM audit WHERE FALSE")
        for row, entry in zip(rows, order, strict=True):
            cursor.execute(f"INSERT INTO other VALUES ({', '.join('?' * 9)})", (entry, *row[1:]))
        cursor.execute("DROP TABLE audit")
        cursor.execute("ALTER TABLE other RENAME TO audit")

    assert bool(spoilt(logged, reorder)) == (order != sorted(order))


@given(st.integers(1, ENTRIES), st.booleans())
def test_an_entry_put_in_between_shows(logged: Store, place: int, renumber: bool) -> None:
    def insert(cursor: Cursor) -> None:
        (row,) = cursor.execute(f"SELECT * FROM audit WHERE entry = {place}").fetchall()
        cursor.execute("CREATE TABLE other AS SELECT * FROM audit")
        if renumber:
            cursor.execute(f"UPDATE other SET entry = entry + 1 WHERE entry > {place}")
        new = place + 1 if renumber else ENTRIES + 1
        cursor.execute(f"INSERT INTO other VALUES ({', '.join('?' * 9)})", (new, *row[1:]))
        cursor.execute("DROP TABLE audit")
        cursor.execute("ALTER TABLE other RENAME TO audit")

    assert spoilt(logged, insert)


def test_one_edit_is_told_once(logged: Store) -> None:
    found = spoilt(
        logged, lambda cursor: cursor.execute("UPDATE audit SET person = 'x' WHERE entry = 5")
    )
    assert found == (AuditFinding(AuditFault.CHANGED, 5),)


SPOILT_ELSEWHERE: dict[str, tuple[str, AuditFault]] = {
    "the head is gone": ("DELETE FROM audit_head", AuditFault.NO_HEAD),
    "there are two heads": (
        "INSERT INTO audit_head SELECT * FROM audit_head",
        AuditFault.NO_HEAD,
    ),
    "the head is set back": ("UPDATE audit_head SET entry = entry - 1", AuditFault.END_MISSING),
    "the log begins later": ("UPDATE audit_head SET batches_before = 2", AuditFault.CHANGED),
    "a batch is gone": ("DELETE FROM batch WHERE batch_id = 2", AuditFault.BATCH_DIFFERS),
    "a batch is another's": (
        "UPDATE batch SET person = 'x' WHERE batch_id = 2",
        AuditFault.BATCH_DIFFERS,
    ),
    "a batch had another file": (
        "UPDATE batch SET file_hash = 'x' WHERE batch_id = 2",
        AuditFault.BATCH_DIFFERS,
    ),
    "an undo took back another": (
        "UPDATE batch SET undoes = 1 WHERE batch_id = 3",
        AuditFault.BATCH_DIFFERS,
    ),
    "an undo is no undo": (
        "UPDATE batch SET undoes = NULL WHERE batch_id = 3",
        AuditFault.BATCH_DIFFERS,
    ),
    "a batch came past the log": (
        "INSERT INTO batch SELECT 4, saved_at, person, kind, file_name, file_hash, encoding, "
        "request, reason, rows_new, rows_changed, rows_same, undoes FROM batch WHERE batch_id = 2",
        AuditFault.BATCH_WITHOUT_ENTRY,
    ),
}


@pytest.mark.parametrize("what", SPOILT_ELSEWHERE)
def test_what_is_spoilt_around_the_log_shows(what: str, logged: Store) -> None:
    sql, fault = SPOILT_ELSEWHERE[what]
    found = spoilt(logged, lambda cursor: cursor.execute(sql))
    assert fault in {finding.kind for finding in found}


def test_everything_taken_out_shows_by_the_batches(logged: Store) -> None:
    def erase(cursor: Cursor) -> None:
        cursor.execute("DELETE FROM audit")
        cursor.execute("UPDATE audit_head SET entry = 0, hash = ''")

    assert {f.kind for f in spoilt(logged, erase)} == {AuditFault.BATCH_WITHOUT_ENTRY}


@pytest.mark.parametrize("fault", AuditFault)
def test_every_finding_is_a_sentence(fault: AuditFault) -> None:
    assert "{" not in AuditFinding(fault, 1, 2).message()


# ---- reading ------------------------------------------------------------------------------------


@pytest.fixture
def told(store: Store) -> Iterator[Store]:
    somsri = Person("สมศรี ใจดี", Role.STAFF, "A", account="somsri@example.go.th")
    with recording(store) as cursor:
        for person in (OWNER, somsri):
            for action in (Event.SIGN_IN, Action.IMPORT, Event.SIGN_OUT):
                record(cursor, person, action, Thing(frozenset("A"), "scores"))
    yield store


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        (AuditFilter(), 6),
        (AuditFilter(person="สมศรี"), 3),
        (AuditFilter(person=" SOMSRI@ "), 3),
        (AuditFilter(person="%"), 0),
        (AuditFilter(person="_"), 0),
        (AuditFilter(person="!"), 0),
        (AuditFilter(action="import"), 2),
        (AuditFilter(person="เครื่อง", action="sign-out"), 1),
        (AuditFilter(action="unheard-of"), 0),
        (AuditFilter(since=now_utc() + timedelta(days=1)), 0),
        (AuditFilter(until=now_utc() - timedelta(days=1)), 0),
        (AuditFilter(since=now_utc() - timedelta(days=1), until=now_utc() + timedelta(1)), 6),
    ],
)
def test_the_log_is_filtered(chosen: AuditFilter, count: int, told: Store) -> None:
    with told.reading() as cursor:
        assert audit_count(cursor, OWNER, chosen) == count
        assert len(audit_entries(cursor, OWNER, chosen)) == count


def test_the_newest_come_first_page_by_page(told: Store) -> None:
    with told.reading() as cursor:
        pages = [audit_entries(cursor, OWNER, most=4, passed_over=n) for n in (0, 4, 8)]
    assert [[entry.entry for entry in page] for page in pages] == [[6, 5, 4, 3], [2, 1], []]


@pytest.mark.parametrize("role", [Role.NOBODY, Role.VIEWER, Role.EXECUTIVE, Role.STAFF])
def test_the_log_is_for_administrators(role: Role, told: Store) -> None:
    person = Person("x", role, "A")
    with told.reading() as cursor:
        for asked in (audit_count, audit_entries):
            with pytest.raises(NotAllowed):
                asked(cursor, person)


def test_every_word_of_the_log_is_said() -> None:
    assert set(EVENT_LABELS) == {*(a.value for a in Action), *(e.value for e in Event)}


def test_an_entry_is_told_in_sentences(store: Store) -> None:
    detail: dict[str, Any] = {"of": "x", "role": "staff", "was": "admin", "why": "wrong"}
    with recording(store) as cursor:
        record(cursor, staff(), Event.ROLE_CHANGED, detail=detail)
    with store.reading() as cursor:
        (entry,) = audit_entries(cursor, OWNER)
    assert entry.action_text() == "เปลี่ยนระดับหรือหน่วยงานของบัญชี"
    assert entry.detail_text() == (
        "บัญชี: x · บทบาทของบัญชี: เจ้าหน้าที่ · บทบาทเดิมของบัญชี: ผู้ดูแลระบบ · เหตุที่ไม่ให้เข้า: ชื่อหรือรหัสผ่านไม่ถูกต้อง"
    )


def test_what_was_spoilt_is_shown_as_it_stands(store: Store) -> None:
    with recording(store) as cursor:
        record(cursor, OWNER, Action.CHECK)
        cursor.execute("UPDATE audit SET detail = '[broken', role = 'x', action = 'y'")
    with store.reading() as cursor:
        (entry,) = audit_entries(cursor, OWNER)
    assert (entry.action_text(), entry.role, entry.detail_text()) == (
        "y",
        Role.NOBODY,
        "?: [broken",
    )


def test_every_reason_of_a_refusal_is_said() -> None:
    assert set(WHY_LABELS) == {*(why.value for why in Why), *(why.value for why in ClaimFault)}


def test_details_have_labels(told: Store) -> None:
    with told.reading() as cursor:
        assert all(
            set(entry.detail) <= set(DETAIL_LABELS) for entry in audit_entries(cursor, OWNER)
        )
