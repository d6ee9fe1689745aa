"""The first administrator: made by who reads the console, with a code that is used once."""

from __future__ import annotations

import hmac
import secrets
import threading

from ita.access.account_rules import AccountFault, Standing, key_of
from ita.access.accounts import has_admin, hashed_password, insert_account
from ita.access.audit import Event, record, recording
from ita.access.people import Person, Role
from ita.access.sessions import token_hash
from ita.store import Store
from ita.wording import say

MOST_TRIES = 5


class FirstAdminCode:
    """A code that only this process knows; after a few wrong tries it opens nothing any more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hash = ""
        self._tries = 0

    def new(self) -> str:
        """Make a code, to be printed on the console; one made before is void."""
        code = secrets.token_hex(8)
        with self._lock:
            self._hash, self._tries = token_hash(code), MOST_TRIES
        return code

    def fits(self, given: str) -> bool:
        """Whether it is the code. Each question counts as a try."""
        with self._lock:
            if not self._hash or self._tries < 1:
                return False
            self._tries -= 1
            return hmac.compare_digest(self._hash, token_hash(given.strip().casefold()))

    def spend(self) -> None:
        """The code has done its work."""
        with self._lock:
            self._hash = ""


def make_first_admin(
    store: Store, code: FirstAdminCode, given: str, name: str, shown: str, password: str
) -> Person:
    """The first administrator's account, for who knows the code.

    Raises:
        AccountFault: the code, the name or the password won't do, or there is one already.
        StoreUnavailable: the store failed; no account was made.
    """
    with store.reading() as cursor:
        if has_admin(cursor):
            raise AccountFault(_there_is_one())
    if not code.fits(given):
        raise AccountFault(
            say(
                "รหัสไม่ถูกต้อง หรือใช้ผิดเกิน {most} ครั้งแล้ว กรุณาดูรหัสในหน้าจอที่เปิดโปรแกรม หรือเปิดโปรแกรมใหม่เพื่อรับรหัสใหม่",
                most=MOST_TRIES,
            )
        )
    kept = hashed_password(password, name, shown)
    with recording(store) as cursor:
        if has_admin(cursor):
            raise AccountFault(_there_is_one())
        insert_account(cursor, name, shown, Standing(Role.ADMIN), kept, must_change=False)
        person = Person(shown.strip(), Role.ADMIN, account=key_of(name))
        record(cursor, person, Event.FIRST_ADMIN)
    code.spend()
    return person


def _there_is_one() -> str:
    return say("มีผู้ดูแลระบบแล้ว กรุณาเข้าสู่ระบบ หรือให้ผู้ดูแลระบบเพิ่มบัญชีให้")
