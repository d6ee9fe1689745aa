"""The audit log as a person reads it: filtered, the newest first, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ita.access.audit import AuditEvent, parse_detail
from ita.access.oidc_claims import ClaimFault
from ita.access.people import Person, Role, role_text
from ita.access.permissions import ACTION_LABELS, Action, check_may
from ita.access.throttling import LoginFailure
from ita.store import Cursor, one_value
from ita.wording import later, say

# Every value that an entry's `action` may have → its label.
EVENT_LABELS: Mapping[str, str] = {
    **{action.value: label for action, label in ACTION_LABELS.items()},
    AuditEvent.SIGN_IN: later("เข้าสู่ระบบ"),
    AuditEvent.SIGN_IN_REFUSED: later("เข้าสู่ระบบไม่สำเร็จ"),
    AuditEvent.SIGN_OUT: later("ออกจากระบบ"),
    AuditEvent.FIRST_ADMIN: later("สร้างผู้ดูแลระบบคนแรก"),
    AuditEvent.ACCOUNT_ADDED: later("เพิ่มบัญชี"),
    AuditEvent.ROLE_CHANGED: later("เปลี่ยนระดับหรือหน่วยงานของบัญชี"),
    AuditEvent.PASSWORD_CHANGED: later("เปลี่ยนรหัสผ่านของตนเอง"),
    AuditEvent.PASSWORD_RESET: later("ตั้งรหัสผ่านให้ใหม่"),
    AuditEvent.ACCOUNT_DISABLED: later("ปิดบัญชี"),
    AuditEvent.ACCOUNT_ENABLED: later("เปิดบัญชี"),
}

DETAIL_LABELS = {
    "kind": later("ชนิดข้อมูล"),
    "agencies": later("หน่วยงาน"),
    "agency_count": later("จำนวนหน่วยงาน"),
    "file_hash": later("SHA-256 ของแฟ้ม"),
    "new": later("แถวใหม่"),
    "changed": later("แถวที่เปลี่ยน"),
    "same": later("แถวเหมือนเดิม"),
    "undoes": later("ย้อนครั้งที่"),
    "headers": later("จำนวนหัวคอลัมน์"),
    "of": later("บัญชี"),
    "role": later("บทบาทของบัญชี"),
    "was": later("บทบาทเดิมของบัญชี"),
    "agency": later("หน่วยงาน"),
    "why": later("เหตุที่ไม่ให้เข้า"),
    "network": later("เครือข่าย"),
    "untold_before": later("ก่อนหน้านี้ที่ไม่ได้บันทึกแยก"),
    "file": later("แฟ้ม"),
    "last_batch": later("ถึงการนำเข้าครั้งที่"),
}
NO_NAMES: Mapping[str, str] = {}


@dataclass(frozen=True)
class AuditEntry:
    """One entry. happened_at: UTC. action: a key of `EVENT_LABELS`. account: of the person, if any."""

    entry: int
    happened_at: datetime
    person: str
    account: str | None
    role: Role
    action: str
    batch: int | None
    detail: Mapping[str, Any]
    hash: str

    def action_text(self) -> str:
        return event_text(self.action)

    def detail_text(self, kinds: Mapping[str, str] = NO_NAMES) -> str:
        """The entry's detail as "label: value" in one line. kinds: labels of files, by name."""
        return " · ".join(
            f"{say(DETAIL_LABELS[name]) if name in DETAIL_LABELS else name}: {_format_detail(name, value, kinds)}"
            for name, value in self.detail.items()
            if value is not None
        )


def event_text(action: str) -> str:
    """An entry's `action` in the language that is spoken."""
    return say(EVENT_LABELS[action]) if action in EVENT_LABELS else action


# By the values of both enums; they share "disabled".
LOGIN_FAILURE_LABELS: Mapping[str, str] = {
    LoginFailure.WRONG: later("ชื่อหรือรหัสผ่านไม่ถูกต้อง"),
    LoginFailure.LOCKED_OUT: later("พักอยู่หลังใส่รหัสผิดหลายครั้ง"),
    LoginFailure.TOO_OFTEN: later("ลองถี่เกินไป"),
    LoginFailure.DISABLED: later("บัญชีถูกปิด"),
    LoginFailure.BUSY: later("ระบบไม่ว่าง"),
    LoginFailure.SIGNED_OUT: later("การเข้าสู่ระบบสิ้นสุดแล้ว"),
    ClaimFault.EXPIRED: later("โทเค็นขององค์กรหมดอายุ"),
    ClaimFault.NOT_YET: later("โทเค็นขององค์กรยังไม่ถึงเวลา"),
    ClaimFault.OTHER_AUDIENCE: later("โทเค็นออกให้ระบบอื่น"),
    ClaimFault.OTHER_ISSUER: later("โทเค็นไม่ได้มาจากองค์กรที่กำหนด"),
    ClaimFault.NO_SUBJECT: later("โทเค็นไม่บอกว่าเป็นใคร"),
    ClaimFault.UNKNOWN: later("ไม่มีสิทธิ์ในระบบนี้"),
}
SHOWN_HASH_LENGTH = 12


def _format_detail(name: str, value: Any, kinds: Mapping[str, str]) -> str:
    if name == "kind":
        return kinds.get(str(value), str(value))
    if name in ("role", "was") and value in tuple(Role):
        return role_text(Role(value))
    if name == "why" and value in LOGIN_FAILURE_LABELS:
        return say(LOGIN_FAILURE_LABELS[value])
    return str(value)[:SHOWN_HASH_LENGTH] if name == "file_hash" else str(value)


@dataclass(frozen=True)
class AuditFilter:
    """Which entries. person: a part of the name or of the account. action: of `EVENT_LABELS`; since,
    until: UTC, the latter left out."""

    person: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


EVERY_ENTRY = AuditFilter()

_WHERE = (
    "WHERE ($person = '' OR lower(person) LIKE $pattern ESCAPE '!' "
    "OR lower(coalesce(account, '')) LIKE $pattern ESCAPE '!') "
    "AND ($action = '' OR action = $action) "
    "AND ($since IS NULL OR happened_at >= $since) "
    "AND ($until IS NULL OR happened_at < $until)"
)


def _query_parameters(audit_filter: AuditFilter) -> dict[str, Any]:
    name_part = audit_filter.person.strip().lower()
    for wildcard in "!%_":
        name_part = name_part.replace(wildcard, f"!{wildcard}")
    return {**vars(audit_filter), "person": name_part, "pattern": f"%{name_part}%"}


def audit_count(cursor: Cursor, person: Person, audit_filter: AuditFilter = EVERY_ENTRY) -> int:
    """How many entries a filter leaves.

    Raises:
        NotAllowed: the log is for administrators.
    """
    check_may(person, Action.READ_AUDIT)
    return one_value(
        cursor, f"SELECT count(*) FROM audit {_WHERE}", **_query_parameters(audit_filter)
    )


def audit_entries(
    cursor: Cursor,
    person: Person,
    audit_filter: AuditFilter = EVERY_ENTRY,
    limit: int = 100,
    offset: int = 0,
) -> tuple[AuditEntry, ...]:
    """The entries that a filter leaves, the newest first, a page of them.

    Raises:
        NotAllowed: the log is for administrators.
    """
    check_may(person, Action.READ_AUDIT)
    rows = cursor.execute(
        "SELECT entry, happened_at, person, account, role, action, batch_id, detail, hash "
        f"FROM audit {_WHERE} ORDER BY entry DESC LIMIT $limit OFFSET $offset",
        {**_query_parameters(audit_filter), "limit": limit, "offset": offset},
    ).fetchall()
    return tuple(_to_entry(row) for row in rows)


def _to_entry(row: tuple[Any, ...]) -> AuditEntry:
    entry, moment, person, account, role, action, batch, detail, digest = row
    known = Role(role) if role in tuple(Role) else Role.NOBODY
    return AuditEntry(
        entry, moment, person, account, known, action, batch, parse_detail(detail), digest
    )
