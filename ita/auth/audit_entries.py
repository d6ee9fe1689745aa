"""The audit log as a person reads it: filtered, the newest first, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ita.auth.audit import AuditEvent, parse_detail
from ita.auth.oidc_claims import ClaimFault
from ita.auth.permissions import ACTION_LABELS, Action, Role, User, require, role_text
from ita.auth.throttling import LoginFailure
from ita.i18n import N_, _
from ita.store import Cursor, one_value

# Every value that an entry's `action` may have → its label.
EVENT_LABELS: Mapping[str, str] = {
    **{action.value: label for action, label in ACTION_LABELS.items()},
    AuditEvent.SIGN_IN: N_("เข้าสู่ระบบ"),
    AuditEvent.SIGN_IN_REFUSED: N_("เข้าสู่ระบบไม่สำเร็จ"),
    AuditEvent.SIGN_OUT: N_("ออกจากระบบ"),
    AuditEvent.FIRST_ADMIN: N_("สร้างผู้ดูแลระบบคนแรก"),
    AuditEvent.ACCOUNT_ADDED: N_("เพิ่มบัญชี"),
    AuditEvent.ROLE_CHANGED: N_("เปลี่ยนบทบาทหรือหน่วยงานของบัญชี"),
    AuditEvent.PASSWORD_CHANGED: N_("เปลี่ยนรหัสผ่านของตนเอง"),
    AuditEvent.PASSWORD_RESET: N_("ตั้งรหัสผ่านให้ใหม่"),
    AuditEvent.ACCOUNT_DISABLED: N_("ปิดบัญชี"),
    AuditEvent.ACCOUNT_ENABLED: N_("เปิดบัญชี"),
}

DETAIL_LABELS = {
    "kind": N_("ชนิดข้อมูล"),
    "agencies": N_("หน่วยงาน"),
    "agency_count": N_("จำนวนหน่วยงาน"),
    "file_hash": N_("SHA-256 ของไฟล์"),
    "new": N_("แถวใหม่"),
    "changed": N_("แถวที่เปลี่ยน"),
    "removed": N_("แถวที่เอาออก"),
    "same": N_("แถวเหมือนเดิม"),
    "not_reported": N_("แถวที่ยังไม่รายงาน"),
    "undoes": N_("ยกเลิกครั้งที่"),
    "headers": N_("จำนวนหัวคอลัมน์"),
    "of": N_("บัญชี"),
    "role": N_("บทบาทของบัญชี"),
    "was": N_("บทบาทเดิมของบัญชี"),
    "agency": N_("หน่วยงาน"),
    "why": N_("เหตุผลที่ไม่ให้เข้า"),
    "network": N_("เครือข่าย"),
    "untold_before": N_("ก่อนหน้านี้ที่ไม่ได้บันทึกแยก"),
    "file": N_("ไฟล์"),
    "last_batch": N_("ถึงการนำเข้าครั้งที่"),
}
NO_NAMES: Mapping[str, str] = {}
# Left out of the brief text.
FULL_DETAILS = frozenset({"file_hash", "agency_count"})


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

    def detail_text(self, kinds: Mapping[str, str] = NO_NAMES, brief: bool = False) -> str:
        """The entry's detail as "label: value" in one line. kinds: labels of files, by name. brief:
        without what only a check elsewhere needs, and without counts of nothing."""
        return " · ".join(
            f"{_(DETAIL_LABELS[name]) if name in DETAIL_LABELS else name}: {_format_detail(name, value, kinds)}"
            for name, value in self.detail.items()
            if value is not None and not (brief and (value == 0 or name in FULL_DETAILS))
        )


def event_text(action: str) -> str:
    """An entry's `action` in the language that is spoken."""
    return _(EVENT_LABELS[action]) if action in EVENT_LABELS else action


# By the values of both enums; they share "disabled".
LOGIN_FAILURE_LABELS: Mapping[str, str] = {
    LoginFailure.WRONG: N_("ชื่อหรือรหัสผ่านไม่ถูกต้อง"),
    LoginFailure.LOCKED_OUT: N_("ระงับชั่วคราวหลังใส่รหัสผ่านผิดหลายครั้ง"),
    LoginFailure.TOO_OFTEN: N_("ลองบ่อยเกินไป"),
    LoginFailure.DISABLED: N_("บัญชีถูกปิด"),
    LoginFailure.BUSY: N_("ระบบไม่ว่าง"),
    LoginFailure.SIGNED_OUT: N_("การเข้าสู่ระบบสิ้นสุดแล้ว"),
    ClaimFault.EXPIRED: N_("โทเค็นขององค์กรหมดอายุ"),
    ClaimFault.NOT_YET: N_("โทเค็นขององค์กรยังไม่ถึงเวลา"),
    ClaimFault.OTHER_AUDIENCE: N_("โทเค็นออกให้ระบบอื่น"),
    ClaimFault.OTHER_ISSUER: N_("โทเค็นไม่ได้มาจากองค์กรที่กำหนด"),
    ClaimFault.NO_SUBJECT: N_("โทเค็นไม่บอกว่าเป็นใคร"),
    ClaimFault.UNKNOWN: N_("ไม่มีสิทธิ์ในระบบนี้"),
}
SHOWN_HASH_LENGTH = 12


def _format_detail(name: str, value: Any, kinds: Mapping[str, str]) -> str:
    if name == "kind":
        return kinds.get(str(value), str(value))
    if name in ("role", "was") and value in tuple(Role):
        return role_text(Role(value))
    if name == "why" and value in LOGIN_FAILURE_LABELS:
        return _(LOGIN_FAILURE_LABELS[value])
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


def audit_count(cursor: Cursor, user: User, audit_filter: AuditFilter = EVERY_ENTRY) -> int:
    """How many entries a filter leaves.

    Raises:
        NotAllowed: the log is for administrators.
    """
    require(user, Action.READ_AUDIT)
    return one_value(
        cursor, f"SELECT count(*) FROM audit {_WHERE}", **_query_parameters(audit_filter)
    )


def audit_entries(
    cursor: Cursor,
    user: User,
    audit_filter: AuditFilter = EVERY_ENTRY,
    limit: int = 100,
    offset: int = 0,
) -> tuple[AuditEntry, ...]:
    """The entries that a filter leaves, the newest first, a page of them.

    Raises:
        NotAllowed: the log is for administrators.
    """
    require(user, Action.READ_AUDIT)
    rows = cursor.execute(
        "SELECT entry, happened_at, person, account, role, action, batch_id, detail, hash "
        f"FROM audit {_WHERE} ORDER BY entry DESC LIMIT $limit OFFSET $offset",
        {**_query_parameters(audit_filter), "limit": limit, "offset": offset},
    ).fetchall()
    return tuple(_to_entry(row) for row in rows)


def _to_entry(row: tuple[Any, ...]) -> AuditEntry:
    entry, moment, user, account, role, action, batch, detail, digest = row
    known = Role(role) if role in tuple(Role) else Role.NOBODY
    return AuditEntry(
        entry, moment, user, account, known, action, batch, parse_detail(detail), digest
    )
