"""Whether the audit log is whole: every entry as it was written, none missing, none put in between.

Who can write the store's file can write a whole new chain. Against that helps the end of the chain
in the program's log, and in every backup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ita.access.audit import Head, detail_of, entry_hash
from ita.store import Cursor
from ita.wording import later, say


class AuditFault(StrEnum):
    """What can be wrong with the log."""

    NO_HEAD = "audit-no-head"
    CHANGED = "audit-changed"
    MISSING = "audit-missing"
    END_MISSING = "audit-end-missing"
    BATCH_WITHOUT_ENTRY = "audit-batch-without-entry"
    BATCH_DIFFERS = "audit-batch-differs"


_SENTENCES = {
    AuditFault.NO_HEAD: later("ไม่พบจุดเริ่มและจุดท้ายของบันทึกการใช้งาน บันทึกอาจถูกลบหรือแก้ไข"),
    AuditFault.CHANGED: later("บันทึกการใช้งานรายการที่ {entry} ไม่ตรงกับที่บันทึกไว้เดิม ถูกแก้ไข สลับ หรือแทรก"),
    AuditFault.MISSING: later("บันทึกการใช้งานรายการที่ {entry} หายไป"),
    AuditFault.END_MISSING: later(
        "ท้ายบันทึกการใช้งานไม่ตรงกับจุดท้ายที่จดไว้ (รายการที่ {entry}) อาจมีรายการถูกลบหรือเติมต่อท้าย"
    ),
    AuditFault.BATCH_WITHOUT_ENTRY: later("การนำเข้าครั้งที่ {batch} ไม่มีในบันทึกการใช้งาน"),
    AuditFault.BATCH_DIFFERS: later(
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
        return say(_SENTENCES[self.kind], entry=self.entry, batch=self.batch)


_COLUMNS = ("entry", "happened_at", "person", "account", "role", "action", "batch_id", "detail")
_AT_ONCE = 1_000


def audit_findings(cursor: Cursor) -> tuple[AuditFinding, ...]:
    """Everything that is wrong with the log, of one moment; nothing where it is whole."""
    heads = cursor.execute("SELECT entry, hash, batches_before FROM audit_head").fetchall()
    if len(heads) != 1:
        return (AuditFinding(AuditFault.NO_HEAD),)
    end = Head(*heads[0])
    return (*_of_chain(cursor, end), *_of_batches(cursor, end))


def _of_chain(cursor: Cursor, end: Head) -> Iterator[AuditFinding]:
    last = Head(0, "", end.batches_before)
    cursor.execute(f"SELECT {', '.join(_COLUMNS)}, hash FROM audit ORDER BY entry")
    while rows := cursor.fetchmany(_AT_ONCE):
        for *values, digest in rows:
            entry: dict[str, Any] = dict(zip(_COLUMNS, values, strict=True))
            number = entry["entry"]
            yield from (
                AuditFinding(AuditFault.MISSING, missing)
                for missing in range(last.entry + 1, min(number, last.entry + _AT_ONCE))
            )
            # Held against the hash that stands before it, so that one fault is told once.
            if entry_hash(last.link, entry) != digest:
                yield AuditFinding(AuditFault.CHANGED, number)
            last = Head(number, digest, end.batches_before)
    if (last.entry, last.hash) != (end.entry, end.hash):
        yield AuditFinding(AuditFault.END_MISSING, end.entry)


def _of_batches(cursor: Cursor, end: Head) -> Iterator[AuditFinding]:
    """Batches since the log began and their entries, held against each other."""
    rows = cursor.execute(
        "SELECT coalesce(a.batch_id, b.batch_id) AS number, a.entry, a.person, a.detail, "
        "b.batch_id, b.person, b.file_hash, b.undoes "
        "FROM batch AS b FULL OUTER JOIN (SELECT * FROM audit WHERE batch_id IS NOT NULL) AS a "
        "ON a.batch_id = b.batch_id "
        "WHERE coalesce(b.batch_id, a.batch_id) > $before OR a.entry IS NOT NULL "
        "ORDER BY number, a.entry",
        {"before": end.batches_before},
    ).fetchall()
    for number, entry, recorder, detail, batch, person, file_hash, undoes in rows:
        if entry is None:
            yield AuditFinding(AuditFault.BATCH_WITHOUT_ENTRY, batch=number)
            continue
        told = detail_of(detail)
        # The samples are taken back by somebody in the program's name.
        same = undoes is not None or (person == recorder and told.get("file_hash") == file_hash)
        if batch is None or not same or told.get("undoes") != undoes:
            yield AuditFinding(AuditFault.BATCH_DIFFERS, entry, number)
