"""The audit log as it is read: filtered, page by page, in sentences, by administrators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from ita.auth.audit import AuditEvent, now_utc, record, recording
from ita.auth.audit_entries import (
    DETAIL_LABELS,
    EVENT_LABELS,
    LOGIN_FAILURE_LABELS,
    AuditFilter,
    audit_count,
    audit_entries,
)
from ita.auth.oidc_claims import ClaimFault
from ita.auth.permissions import Action, NotAllowed, Resource, Role, User
from ita.auth.throttling import LoginFailure
from ita.store import Store
from tests.auth.house import OWNER, staff


@pytest.fixture
def told(store: Store) -> Iterator[Store]:
    somsri = User("สมศรี ใจดี", Role.STAFF, "A", account="somsri@example.go.th")
    with recording(store) as cursor:
        for person in (OWNER, somsri):
            for action in (AuditEvent.SIGN_IN, Action.IMPORT, AuditEvent.SIGN_OUT):
                record(cursor, person, action, Resource(frozenset("A"), "scores"))
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
        pages = [audit_entries(cursor, OWNER, limit=4, offset=n) for n in (0, 4, 8)]
    assert [[entry.entry for entry in page] for page in pages] == [[6, 5, 4, 3], [2, 1], []]


@pytest.mark.parametrize("role", [Role.NOBODY, Role.VIEWER, Role.EXECUTIVE, Role.STAFF])
def test_the_log_is_for_administrators(role: Role, told: Store) -> None:
    person = User("x", role, "A")
    with told.reading() as cursor:
        for asked in (audit_count, audit_entries):
            with pytest.raises(NotAllowed):
                asked(cursor, person)


def test_every_word_of_the_log_is_said() -> None:
    assert set(EVENT_LABELS) == {*(a.value for a in Action), *(e.value for e in AuditEvent)}


def test_an_entry_is_told_in_sentences(store: Store) -> None:
    detail: dict[str, Any] = {"of": "x", "role": "staff", "was": "admin", "why": "wrong"}
    with recording(store) as cursor:
        record(cursor, staff(), AuditEvent.ROLE_CHANGED, detail=detail)
    with store.reading() as cursor:
        (entry,) = audit_entries(cursor, OWNER)
    assert entry.action_text() == "เปลี่ยนบทบาทหรือหน่วยงานของบัญชี"
    assert entry.detail_text() == (
        "บัญชี: x · บทบาทของบัญชี: เจ้าหน้าที่ · บทบาทเดิมของบัญชี: ผู้ดูแลระบบ · เหตุผลที่ไม่ให้เข้า: ชื่อหรือรหัสผ่านไม่ถูกต้อง"
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
    assert set(LOGIN_FAILURE_LABELS) == {
        *(why.value for why in LoginFailure),
        *(why.value for why in ClaimFault),
    }


def test_details_have_labels(told: Store) -> None:
    with told.reading() as cursor:
        assert all(
            set(entry.detail) <= set(DETAIL_LABELS) for entry in audit_entries(cursor, OWNER)
        )
