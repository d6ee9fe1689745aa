"""A log of a few entries, and what is found when it is checked."""

from __future__ import annotations

from ita.auth.audit import AuditEvent, AuditFinding, audit_findings, record, recording
from ita.store import Store
from tests.auth.house import OWNER
from tests.imports.bringing import AGENCIES, SCORES, taken, undo

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
            record(cursor, OWNER, AuditEvent.SIGN_IN, detail={"n": n})
    return store
