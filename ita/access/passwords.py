"""Passwords: what a good one is, and how one is kept and compared."""

from __future__ import annotations

import secrets
import unicodedata
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from ita.wording import later, say

LEAST_CHARACTERS = 10
MOST_CHARACTERS = 256
LEAST_DISTINCT = 4


class PasswordFault(StrEnum):
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    TOO_SIMPLE = "too-simple"
    HOLDS_NAME = "holds-name"
    TOO_COMMON = "too-common"


FAULT_SENTENCES = {
    PasswordFault.TOO_SHORT: later("รหัสผ่านต้องมีอย่างน้อย {least} ตัวอักษร จะเป็นประโยคภาษาไทยก็ได้"),
    PasswordFault.TOO_LONG: later("รหัสผ่านยาวเกินไป ใช้ได้ไม่เกิน {most} ตัวอักษร"),
    PasswordFault.TOO_SIMPLE: later("รหัสผ่านมีตัวอักษรซ้ำกันเกือบทั้งหมด กรุณาใช้ตัวอักษรที่ต่างกันมากกว่านี้"),
    PasswordFault.HOLDS_NAME: later("รหัสผ่านต้องไม่มีชื่อบัญชีหรือชื่อของผู้ใช้อยู่ในนั้น"),
    PasswordFault.TOO_COMMON: later("รหัสผ่านนี้มีคนใช้กันมากจนเดาได้ง่าย กรุณาใช้รหัสอื่น"),
}

COMMONEST = frozenset(
    (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split()
)
"""Long enough, and yet tried first: as they are typed here, in Latin and in Thai letters."""


def normal(password: str) -> str:
    """One form for the same characters, whatever keyboard they come from."""
    return unicodedata.normalize("NFC", password)


def password_fault(password: str, *names: str) -> PasswordFault | None:
    """What is wrong with a new password; None where nothing is. names: of its account."""
    told = normal(password)
    folded = told.casefold()
    if len(told) < LEAST_CHARACTERS:
        return PasswordFault.TOO_SHORT
    if len(told) > MOST_CHARACTERS:
        return PasswordFault.TOO_LONG
    if len(set(folded)) < LEAST_DISTINCT:
        return PasswordFault.TOO_SIMPLE
    if any(len(name) > 2 and normal(name).casefold() in folded for name in names):
        return PasswordFault.HOLDS_NAME
    return PasswordFault.TOO_COMMON if folded in COMMONEST else None


def fault_text(fault: PasswordFault) -> str:
    """What is wrong with a password, and what a good one has."""
    return say(FAULT_SENTENCES[fault], least=LEAST_CHARACTERS, most=MOST_CHARACTERS)


HASHER = PasswordHasher()
"""argon2id by RFC 9106's second choice: 64 MiB and some 0.1 s each."""

AT_ONCE = 2
WAIT_SECONDS = 5.0
_TURNS = BoundedSemaphore(AT_ONCE)


class TooBusy(Exception):
    """So many passwords are being compared that this one had to be turned away."""


def hashed(password: str) -> str:
    """A password as it is kept.

    Raises:
        TooBusy: see there.
    """
    with _Turn():
        return HASHER.hash(_octets(password))


def is_password(kept: str | None, password: str) -> bool:
    """Whether a password is the kept one. kept: None where there is no such account, or it has no
    password; that takes as long, so that nobody learns which names there are.

    Raises:
        TooBusy: see there.
    """
    with _Turn():
        try:
            HASHER.verify(kept or _nobodys(), _octets(password[: MOST_CHARACTERS * 4]))
        except (Argon2Error, InvalidHashError):
            return False
    return kept is not None


def _octets(password: str) -> bytes:
    # What comes over a pipe may hold halves of characters, which are as good as any other.
    return normal(password).encode("utf-8", "surrogatepass")


class _Turn:
    """Each comparison takes 64 MiB; a flood of them must not take the machine's memory."""

    def __enter__(self) -> None:
        if not _TURNS.acquire(timeout=WAIT_SECONDS):
            raise TooBusy

    def __exit__(self, *_: object) -> None:
        _TURNS.release()


@lru_cache
def _nobodys() -> str:
    return HASHER.hash(secrets.token_urlsafe())


_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def one_time_password() -> str:
    """Four groups of four letters that nobody takes for others, to be read out and changed."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
