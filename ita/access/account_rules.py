"""What an account may be called and be: rules with their sentences."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ita.access.people import ROLES, Role
from ita.store import Cursor, one_value
from ita.store.batches import SAMPLE_PERSON
from ita.wording import say


class AccountFault(Exception):
    """An account can't be made or changed so; nothing was. The text says why and what to do."""


@dataclass(frozen=True)
class Standing:
    """What an account may do. agency_id, divisions: of staff only."""

    role: Role
    agency_id: str | None = None
    divisions: frozenset[str] = frozenset()


def key_of(name: str) -> str:
    """A sign-in name as it is compared: the same for capitals and for all forms of a character."""
    composed = unicodedata.normalize("NFC", name.strip())
    return unicodedata.normalize("NFC", composed.casefold())


MOST_CHARACTERS = 100
_UNUSABLE = re.compile(r"[\s<>\"'`&\\/,;]")
RESERVED = frozenset({SAMPLE_PERSON})
"""Who does what the program does by itself; nobody may be taken for it."""


def check_name(name: str, shown: str) -> None:
    """
    Raises:
        AccountFault: nobody can sign in by that name, or be told apart by it.
    """
    key = key_of(name)
    if not 2 <= len(key) <= MOST_CHARACTERS or _UNUSABLE.search(key) or not _is_visible(key):
        raise AccountFault(
            say(
                "ชื่อบัญชีต้องมี 2–{most} ตัวอักษร ใช้ตัวอักษรไทยหรืออังกฤษ ตัวเลข และ . _ - @ โดยไม่มีช่องว่าง",
                most=MOST_CHARACTERS,
            )
        )
    if not shown.strip() or len(shown) > MOST_CHARACTERS or not _is_visible(shown):
        raise AccountFault(say("กรุณาใส่ชื่อที่แสดง ไม่เกิน {most} ตัวอักษร", most=MOST_CHARACTERS))
    if RESERVED & {key, key_of(shown)}:
        raise AccountFault(say("ชื่อ “{name}” ใช้โดยโปรแกรม กรุณาใช้ชื่ออื่น", name=name))


def _is_visible(text: str) -> bool:
    """No control characters, no marks of direction, no halves of characters."""
    return not any(unicodedata.category(sign)[0] == "C" for sign in text)


def check_standing(cursor: Cursor, standing: Standing) -> None:
    """
    Raises:
        AccountFault: no account can be that.
    """
    if standing.role not in ROLES:
        raise AccountFault(say("กรุณาเลือกบทบาทของบัญชี"))
    if standing.role is Role.STAFF:
        _check_agency(cursor, standing.agency_id)
    elif standing.agency_id or standing.divisions:
        raise AccountFault(say("หน่วยงานและกอง กำหนดได้เฉพาะบัญชีเจ้าหน้าที่"))


def _check_agency(cursor: Cursor, agency_id: str | None) -> None:
    if not agency_id:
        raise AccountFault(say("บัญชีเจ้าหน้าที่ต้องมีหน่วยงาน"))
    found = one_value(
        cursor, "SELECT count(*) FROM agency WHERE agency_id = $agency_id", agency_id=agency_id
    )
    if not found:
        raise AccountFault(say("ไม่มีหน่วยงานรหัส “{agency}” ในระบบ", agency=agency_id))
