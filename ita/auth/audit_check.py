"""Whether the audit log is whole: every entry as it was written, none missing, none inserted.

Whoever can write the store's file can write a whole new chain. The end of the chain in the
program's log and in every backup shows that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ita.auth.audit import ChainHead, entry_hash, parse_detail
from ita.i18n import N_, _
from ita.store import Cursor


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
