"""The audit log: who did what, append-only, each entry chained to the one before by its hash.

An entry is written inside the transaction that it records, so that both commit or roll back together.
It never contains a password or the contents of a cell.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from heapq import nsmallest
from typing import Any

from ita.auth.permissions import Action, Resource, User
from ita.i18n import N_, _
from ita.store import Cursor, Store

LOG = logging.getLogger("ita.audit")


class AuditEvent(StrEnum):
    """What is recorded besides the actions of `ita.auth.permissions`."""

    SIGN_IN = "sign-in"
    SIGN_IN_REFUSED = "sign-in-refused"
    SIGN_OUT = "sign-out"
    FIRST_ADMIN = "first-admin"
    ACCOUNT_ADDED = "account-added"
    ROLE_CHANGED = "role-changed"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105
    PASSWORD_RESET = "password-reset"  # noqa: S105
    ACCOUNT_DISABLED = "account-disabled"
    ACCOUNT_ENABLED = "account-enabled"


Detail = Mapping[str, str | int | bool | None]

# Agencies named in an entry; of more only their number is recorded.
MAX_NAMED_AGENCIES = 20


@dataclass(frozen=True)
class ChainHead:
    """Where the chain ends. entry, hash: of the last entry, 0 and "" before the first.

    batches_before: the last batch that was there when the log began; it has no entry.
    """

    entry: int
    hash: str
    batches_before: int

    @property
    def link(self) -> str:
        """What the next entry is chained to; the first one to where the log began."""
        return self.hash or sha256(f"batches {self.batches_before}")


def now_utc() -> datetime:
    """The moment as it is stored: UTC, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


@contextmanager
def recording(store: Store) -> Iterator[Cursor]:
    """`store.writing()`, after which the new end of the chain is written to the program's log.

    Whoever stores that log elsewhere can show that entries were removed from the end of the chain.

    Raises:
        StoreUnavailable: the store failed; nothing was changed or recorded.
    """
    with store.writing() as cursor:
        head_before = load_head(cursor)
        yield cursor
        head_after = load_head(cursor)
    if head_after != head_before:
        LOG.info("audit entry %d %s", head_after.entry, head_after.hash)


def record(
    cursor: Cursor,
    user: User,
    action: Action | AuditEvent,
    thing: Resource | None = None,
    detail: Detail | None = None,
    batch: int | None = None,
) -> None:
    """Add an entry inside the caller's transaction. batch: the batch that the entry records."""
    previous = load_head(cursor)
    full_detail = {**_thing_detail(thing or Resource()), **(detail or {})}
    entry = {
        "entry": previous.entry + 1,
        "happened_at": now_utc(),
        "person": user.name.encode("utf-8", "replace").decode(),
        "account": user.account,
        "role": user.role.value,
        "action": action.value,
        "batch_id": batch,
        "detail": canonical_json({name: v for name, v in full_detail.items() if v is not None}),
    }
    digest = entry_hash(previous.link, entry)
    cursor.execute(
        "INSERT INTO audit VALUES ($entry, $happened_at, $person, $account, $role, $action, "
        "$batch_id, $detail, $hash)",
        {**entry, "hash": digest},
    )
    cursor.execute(
        "UPDATE audit_head SET entry = $entry, hash = $hash",
        {"entry": entry["entry"], "hash": digest},
    )


_HEAD = "SELECT entry, hash, batches_before FROM audit_head"


def load_head(cursor: Cursor) -> ChainHead:
    """The end of the chain."""
    row = cursor.execute(_HEAD).fetchone()
    return ChainHead(*row) if row else ChainHead(0, "", 0)


def last_entry(store: Store) -> tuple[str, int]:
    """Which opening of the store, and the number of the chain's last entry there; cheap."""
    opening, row = store.cached_row(_HEAD)
    return opening, row[0] if row else 0


def _thing_detail(thing: Resource) -> dict[str, Any]:
    detail: dict[str, Any] = {}
    if thing.kind:
        detail["kind"] = thing.kind
    if thing.agencies:
        detail["agency_count"] = len(thing.agencies)
        detail["agencies"] = ", ".join(nsmallest(MAX_NAMED_AGENCIES, thing.agencies))
    return detail


def canonical_json(values: Mapping[str, Any]) -> str:
    """Values as the one JSON text that is hashed."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def parse_detail(text: str) -> Mapping[str, Any]:
    """An entry's detail as it was recorded; one that is no JSON object, as text under "?"."""
    try:
        detail = json.loads(text)
    except ValueError:
        return {"?": text}
    return detail if isinstance(detail, dict) else {"?": text}


def entry_hash(link: str, entry: Mapping[str, Any]) -> str:
    """The hash that chains an entry to the one before; `happened_at` to the microsecond."""
    moment = entry["happened_at"].isoformat(timespec="microseconds")
    return sha256(f"{link}\n{canonical_json({**entry, 'happened_at': moment})}")


def sha256(text: str) -> str:
    # Names may come out of a request with halves of characters, which UTF-8 does not know.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# Whether the audit log is whole: every entry as it was written, none missing, none inserted. Whoever
# can write the store's file can write a whole new chain. The end of the chain in the program's log
# and in every backup shows that.


class AuditFault(StrEnum):
    """What can be wrong with the log."""

    NO_HEAD = "audit-no-head"
    CHANGED = "audit-changed"
    MISSING = "audit-missing"
    END_MISSING = "audit-end-missing"
    BATCH_WITHOUT_ENTRY = "audit-batch-without-entry"
    BATCH_DIFFERS = "audit-batch-differs"


_SENTENCES = {
    AuditFault.NO_HEAD: N_("ไม่พบจุดเริ่มและจุดท้ายของบันทึกการใช้งาน บันทึกอาจถูกลบหรือแก้ไข"),
    AuditFault.CHANGED: N_("บันทึกการใช้งานรายการที่ {entry} ไม่ตรงกับที่บันทึกไว้เดิม ถูกแก้ไข สลับ หรือแทรก"),
    AuditFault.MISSING: N_("บันทึกการใช้งานรายการที่ {entry} หายไป"),
    AuditFault.END_MISSING: N_(
        "ท้ายบันทึกการใช้งานไม่ตรงกับจุดท้ายที่จดไว้ (รายการที่ {entry}) อาจมีรายการถูกลบหรือเติมต่อท้าย"
    ),
    AuditFault.BATCH_WITHOUT_ENTRY: N_("การนำเข้าครั้งที่ {batch} ไม่มีในบันทึกการใช้งาน"),
    AuditFault.BATCH_DIFFERS: N_(
        "การนำเข้าครั้งที่ {batch} ไม่ตรงกับบันทึกการใช้งานรายการที่ {entry} ประวัติหรือบันทึกถูกแก้ไข"
    ),
}


@dataclass(frozen=True)
class AuditFinding:
    """One fault of the log, with the entry and the batch that it is about."""

    kind: AuditFault
    entry: int | None = None
    batch: int | None = None

    def message(self) -> str:
        return _(_SENTENCES[self.kind], entry=self.entry, batch=self.batch)


_COLUMNS = ("entry", "happened_at", "person", "account", "role", "action", "batch_id", "detail")
_BATCH_SIZE = 1_000


def audit_findings(cursor: Cursor) -> tuple[AuditFinding, ...]:
    """Everything that is wrong with the log, in one snapshot; empty where it is whole."""
    heads = cursor.execute("SELECT entry, hash, batches_before FROM audit_head").fetchall()
    if len(heads) != 1:
        return (AuditFinding(AuditFault.NO_HEAD),)
    end = ChainHead(*heads[0])
    return (*_check_chain(cursor, end), *_check_batches(cursor, end))


def _check_chain(cursor: Cursor, end: ChainHead) -> Iterator[AuditFinding]:
    last = ChainHead(0, "", end.batches_before)
    cursor.execute(f"SELECT {', '.join(_COLUMNS)}, hash FROM audit ORDER BY entry")
    while rows := cursor.fetchmany(_BATCH_SIZE):
        for *values, digest in rows:
            entry: dict[str, Any] = dict(zip(_COLUMNS, values, strict=True))
            number = entry["entry"]
            yield from (
                AuditFinding(AuditFault.MISSING, missing)
                for missing in range(last.entry + 1, min(number, last.entry + _BATCH_SIZE))
            )
            # Chained to the stored hash of the entry before, so that one fault is reported once.
            if entry_hash(last.link, entry) != digest:
                yield AuditFinding(AuditFault.CHANGED, number)
            last = ChainHead(number, digest, end.batches_before)
    if (last.entry, last.hash) != (end.entry, end.hash):
        yield AuditFinding(AuditFault.END_MISSING, end.entry)


def _check_batches(cursor: Cursor, end: ChainHead) -> Iterator[AuditFinding]:
    """Batches since the log began, compared with their entries."""
    rows = cursor.execute(
        "SELECT coalesce(a.batch_id, b.batch_id) AS number, a.entry, a.person, a.detail, "
        "b.batch_id, b.person, b.file_hash, b.undoes, "
        "b.kind, b.rows_new, b.rows_changed, b.rows_same "
        "FROM batch AS b FULL OUTER JOIN (SELECT * FROM audit WHERE batch_id IS NOT NULL) AS a "
        "ON a.batch_id = b.batch_id "
        "WHERE coalesce(b.batch_id, a.batch_id) > $before OR a.entry IS NOT NULL "
        "ORDER BY number, a.entry",
        {"before": end.batches_before},
    ).fetchall()
    for number, entry, recorder, detail, batch, user, file_hash, undoes, *stored in rows:
        if entry is None:
            yield AuditFinding(AuditFault.BATCH_WITHOUT_ENTRY, batch=number)
            continue
        audit_detail = parse_detail(detail)
        # The samples are undone by somebody in the program's name.
        is_same = undoes is not None or (
            user == recorder and audit_detail.get("file_hash") == file_hash
        )
        # Entries of older versions hold fewer of these.
        is_same &= all(
            audit_detail.get(name, value) == value
            for name, value in zip(("kind", "new", "changed", "same"), stored, strict=True)
        )
        if batch is None or not is_same or audit_detail.get("undoes") != undoes:
            yield AuditFinding(AuditFault.BATCH_DIFFERS, entry, number)
