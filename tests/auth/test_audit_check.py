"""No edit of the audit log hides: texts, moments, order, entries gone or put in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.auth.audit import AuditFault, AuditFinding, audit_findings
from ita.store import Cursor, Store, open_memory_store
from tests.auth.short_log import ENTRIES, findings, with_entries


def test_a_whole_log_has_no_findings(store: Store) -> None:
    assert findings(store) == ()
    assert findings(with_entries(store)) == ()


TEXTS = ("person", "account", "role", "action", "detail", "hash")


@pytest.fixture(scope="module")
def logged() -> Iterator[Store]:
    """One log for all; whatever is done to it is taken back."""
    with open_memory_store() as store:
        yield with_entries(store)


def spoilt(store: Store, change: Callable[[Cursor], object]) -> tuple[AuditFinding, ...]:
    """What is found after a change, which is then taken back."""
    with store.dry_run() as cursor:
        change(cursor)
        return audit_findings(cursor)


@pytest.mark.slow
@given(st.integers(1, ENTRIES), st.sampled_from(TEXTS), st.text(max_size=20))
def test_an_edited_text_shows(logged: Store, entry: int, column: str, text: str) -> None:
    def edit(cursor: Cursor) -> None:
        cursor.execute(
            f"UPDATE audit SET {column} = $text WHERE entry = $entry",
            {"text": text.encode("utf-8", "replace").decode(), "entry": entry},
        )

    assert spoilt(logged, edit)


@pytest.mark.slow
@given(st.integers(1, ENTRIES), st.integers(1, 10**12))
def test_an_edited_moment_shows(logged: Store, entry: int, microseconds: int) -> None:
    def edit(cursor: Cursor) -> None:
        cursor.execute(
            "UPDATE audit SET happened_at = happened_at + to_microseconds($n) WHERE entry = $entry",
            {"n": microseconds, "entry": entry},
        )

    assert AuditFault.CHANGED in {finding.kind for finding in spoilt(logged, edit)}


@pytest.mark.slow
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
