"""Passwords: their rules, hashing and verification."""

from __future__ import annotations

import secrets
import unicodedata
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from ita.i18n import N_, _

MIN_LENGTH = 10
MAX_LENGTH = 256
MIN_DISTINCT_CHARACTERS = 4


class PasswordFault(StrEnum):
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    TOO_SIMPLE = "too-simple"
    CONTAINS_NAME = "holds-name"
    TOO_COMMON = "too-common"


FAULT_SENTENCES = {
    PasswordFault.TOO_SHORT: N_("รหัสผ่านต้องมีอย่างน้อย {least} ตัวอักษร จะเป็นประโยคภาษาไทยก็ได้"),
    PasswordFault.TOO_LONG: N_("รหัสผ่านยาวเกินไป ใช้ได้ไม่เกิน {most} ตัวอักษร"),
    PasswordFault.TOO_SIMPLE: N_("รหัสผ่านมีตัวอักษรซ้ำกันเกือบทั้งหมด กรุณาใช้ตัวอักษรที่ต่างกันมากกว่านี้"),
    PasswordFault.CONTAINS_NAME: N_("รหัสผ่านต้องไม่มีชื่อผู้ใช้หรือชื่อจริงอยู่ในนั้น"),
    PasswordFault.TOO_COMMON: N_("รหัสผ่านนี้มีคนใช้กันมากจนเดาได้ง่าย กรุณาใช้รหัสอื่น"),
}

# Long enough, and yet tried first: as they are typed here, in Latin and in Thai letters.
COMMON_PASSWORDS = frozenset(
    (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split()
)


def normalize_password(password: str) -> str:
    """One form for the same characters, whatever keyboard they come from."""
    return unicodedata.normalize("NFC", password)


def password_fault(password: str, *names: str) -> PasswordFault | None:
    """What is wrong with a new password; None where nothing is. names: of its account."""
    normalized = normalize_password(password)
    folded = normalized.casefold()
    if len(normalized) < MIN_LENGTH:
        return PasswordFault.TOO_SHORT
    if len(normalized) > MAX_LENGTH:
        return PasswordFault.TOO_LONG
    if len(set(folded)) < MIN_DISTINCT_CHARACTERS:
        return PasswordFault.TOO_SIMPLE
    if any(len(name) > 2 and normalize_password(name).casefold() in folded for name in names):
        return PasswordFault.CONTAINS_NAME
    return PasswordFault.TOO_COMMON if folded in COMMON_PASSWORDS else None


def fault_text(fault: PasswordFault) -> str:
    """What is wrong with a password, and what a good one has."""
    return _(FAULT_SENTENCES[fault], least=MIN_LENGTH, most=MAX_LENGTH)


# argon2id by RFC 9106's second choice: 64 MiB and some 0.1 s each.
HASHER = PasswordHasher()

MAX_CONCURRENT_HASHES = 2
MAX_WAIT_SECONDS = 5.0
_HASH_SLOTS = BoundedSemaphore(MAX_CONCURRENT_HASHES)


class TooBusy(Exception):
    """All hashing slots stayed in use for `MAX_WAIT_SECONDS`."""


def hash_password(password: str) -> str:
    """The argon2 hash of a password.

    Raises:
        TooBusy: see there.
    """
    with _HashSlot():
        return HASHER.hash(_encode(password))


def verify_password(stored_hash: str | None, password: str) -> bool:
    """Whether a password fits a stored hash. stored_hash: None where there is no such account, or it
    has no password; that takes as long, so that nobody learns which names there are.

    Raises:
        TooBusy: see there.
    """
    with _HashSlot():
        try:
            HASHER.verify(stored_hash or _dummy_hash(), _encode(password[: MAX_LENGTH * 4]))
        except (Argon2Error, InvalidHashError):
            return False
    return stored_hash is not None


def _encode(password: str) -> bytes:
    # What comes over a pipe may hold halves of characters, which are as good as any other.
    return normalize_password(password).encode("utf-8", "surrogatepass")


class _HashSlot:
    """Limits concurrent hashing: each takes 64 MiB, and a flood must not exhaust the memory."""

    def __enter__(self) -> None:
        if not _HASH_SLOTS.acquire(timeout=MAX_WAIT_SECONDS):
            raise TooBusy

    def __exit__(self, *_unused: object) -> None:
        _HASH_SLOTS.release()


@lru_cache
def _dummy_hash() -> str:
    return HASHER.hash(secrets.token_urlsafe())


_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def one_time_password() -> str:
    """Four groups of four letters that nobody takes for others, to be read out and changed."""
    return "-".join(
        "".join(secrets.choice(_LETTERS) for _unused in range(4)) for _unused in range(4)
    )
