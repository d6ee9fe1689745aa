"""Which names and role grants an account may have, each rule with its message."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ita.auth.users import ROLES, Role
from ita.i18n import _
from ita.store import Cursor, one_value
from ita.store.batches import SAMPLE_PERSON


class AccountFault(Exception):
    """An account can't be made or changed like this; nothing was. The text says why and what to do."""


@dataclass(frozen=True)
class RoleGrant:
    """What an account may do. agency_id, divisions: of staff only."""

    role: Role
    agency_id: str | None = None
    divisions: frozenset[str] = frozenset()


def account_key(name: str) -> str:
    """A sign-in name as it is compared: the same for capitals and for all forms of a character."""
    composed = unicodedata.normalize("NFC", name.strip())
    return unicodedata.normalize("NFC", composed.casefold())


MAX_NAME_LENGTH = 100
_UNUSABLE = re.compile(r"[\s<>\"'`&\\/,;]")
# The program's own entries in the history; no account may be mistaken for them.
RESERVED_NAMES = frozenset({SAMPLE_PERSON})


def check_name(name: str, display_name: str) -> None:
    """
    Raises:
        AccountFault: the name is too short or long, has unusable characters, or is reserved.
    """
    key = account_key(name)
    if not 2 <= len(key) <= MAX_NAME_LENGTH or _UNUSABLE.search(key) or not _is_visible(key):
        raise AccountFault(
            _(
                "ชื่อบัญชีต้องมี 2–{most} ตัวอักษร ใช้ตัวอักษรไทยหรืออังกฤษ ตัวเลข และ . _ - @ โดยไม่มีช่องว่าง",
                most=MAX_NAME_LENGTH,
            )
        )
    if (
        not display_name.strip()
        or len(display_name) > MAX_NAME_LENGTH
        or not _is_visible(display_name)
    ):
        raise AccountFault(_("กรุณาใส่ชื่อที่แสดง ไม่เกิน {most} ตัวอักษร", most=MAX_NAME_LENGTH))
    if RESERVED_NAMES & {key, account_key(display_name)}:
        raise AccountFault(_("ชื่อ “{name}” ใช้โดยโปรแกรม กรุณาใช้ชื่ออื่น", name=name))


def _is_visible(text: str) -> bool:
    """No control characters, no marks of direction, no halves of characters."""
    return not any(unicodedata.category(character)[0] == "C" for character in text)


def check_role_grant(cursor: Cursor, grant: RoleGrant) -> None:
    """
    Raises:
        AccountFault: the role is none of an account, or the agency or divisions don't fit it.
    """
    if grant.role not in ROLES:
        raise AccountFault(_("กรุณาเลือกบทบาทของบัญชี"))
    if grant.role is Role.STAFF:
        _check_agency(cursor, grant.agency_id)
    elif grant.agency_id or grant.divisions:
        raise AccountFault(_("หน่วยงานและกอง กำหนดได้เฉพาะบัญชีเจ้าหน้าที่"))


def _check_agency(cursor: Cursor, agency_id: str | None) -> None:
    if not agency_id:
        raise AccountFault(_("บัญชีเจ้าหน้าที่ต้องมีหน่วยงาน"))
    agency_count = one_value(
        cursor, "SELECT count(*) FROM agency WHERE agency_id = $agency_id", agency_id=agency_id
    )
    if not agency_count:
        raise AccountFault(_("ไม่มีหน่วยงานรหัส “{agency}” ในระบบ", agency=agency_id))
