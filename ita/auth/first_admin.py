"""The first administrator: created with a one-time code that is printed on the console."""

from __future__ import annotations

import hmac
import secrets
import threading

from ita.auth.accounts import (
    AccountFault,
    RoleGrant,
    account_key,
    has_admin,
    hash_new_password,
    insert_account,
)
from ita.auth.audit import AuditEvent, record, recording
from ita.auth.sessions import token_hash
from ita.auth.users import Role, User
from ita.i18n import _
from ita.store import Store

MAX_TRIES = 5


class FirstAdminCode:
    """A code that only this process knows; invalid after a few wrong attempts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hash = ""
        self._tries = 0

    def generate(self) -> str:
        """A new code, to be printed on the console; the one before becomes invalid."""
        code = secrets.token_hex(8)
        with self._lock:
            self._hash, self._tries = token_hash(code), MAX_TRIES
        return code

    def verify(self, entered_code: str) -> bool:
        """Whether it is the code. Each call counts as an attempt."""
        with self._lock:
            if not self._hash or self._tries < 1:
                return False
            self._tries -= 1
            return hmac.compare_digest(self._hash, token_hash(entered_code.strip().casefold()))

    def invalidate(self) -> None:
        """Make the code invalid after its use."""
        with self._lock:
            self._hash = ""


def make_first_admin(
    store: Store,
    code: FirstAdminCode,
    entered_code: str,
    name: str,
    display_name: str,
    password: str,
) -> User:
    """Add the first administrator's account, for whoever knows the code.

    Raises:
        AccountFault: the code, the name or the password is wrong, or there is an administrator.
        StoreUnavailable: the store failed; no account was made.
    """
    with store.reading() as cursor:
        if has_admin(cursor):
            raise AccountFault(_admin_exists_message())
    if not code.verify(entered_code):
        raise AccountFault(
            _(
                "รหัสไม่ถูกต้อง หรือใช้ผิดเกิน {most} ครั้งแล้ว กรุณาดูรหัสในหน้าจอที่เปิดโปรแกรม หรือเปิดโปรแกรมใหม่เพื่อรับรหัสใหม่",
                most=MAX_TRIES,
            )
        )
    new_hash = hash_new_password(password, name, display_name)
    with recording(store) as cursor:
        if has_admin(cursor):
            raise AccountFault(_admin_exists_message())
        insert_account(
            cursor, name, display_name, RoleGrant(Role.ADMIN), new_hash, must_change=False
        )
        user = User(display_name.strip(), Role.ADMIN, account=account_key(name))
        record(cursor, user, AuditEvent.FIRST_ADMIN)
    code.invalidate()
    return user


def _admin_exists_message() -> str:
    return _("มีผู้ดูแลระบบแล้ว กรุณาเข้าสู่ระบบ หรือให้ผู้ดูแลระบบเพิ่มบัญชีให้")
