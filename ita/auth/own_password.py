"""Changing one's own password: signed in, and with the current password."""

from __future__ import annotations

from datetime import datetime

from ita.auth import passwords
from ita.auth.account_rules import AccountFault
from ita.auth.accounts import (
    end_sessions,
    find_account,
    hash_new_password,
    person_of,
    set_password,
)
from ita.auth.audit import AuditEvent, now_utc, record, recording
from ita.auth.sessions import load_session, start_session
from ita.auth.sign_in import sign_in
from ita.auth.throttling import LoginFailure, LoginThrottle, SignedIn, SignInRefusal
from ita.config import SignInSettings
from ita.i18n import _
from ita.store import Store


def change_own_password(
    store: Store,
    throttle: LoginThrottle,
    settings: SignInSettings,
    token: str | None,
    current_password: str,
    new_password: str,
    address: str,
    now: datetime | None = None,
) -> SignedIn | SignInRefusal:
    """Change the password of a session's account. All its sessions end, and a new one begins.

    Raises:
        AccountFault: the new password is not allowed; says why.
        StoreUnavailable: the store failed; the password is as it was.
    """
    session = load_session(store, token, settings, now)
    if session is None or session.user.account is None:
        return SignInRefusal(LoginFailure.SIGNED_OUT)
    key = session.user.account
    if passwords.normalize_password(new_password) == passwords.normalize_password(current_password):
        raise AccountFault(_("รหัสผ่านใหม่ต้องไม่ใช่รหัสเดิม"))
    new_hash = hash_new_password(new_password, key, session.user.name)
    result = sign_in(store, throttle, settings, key, current_password, address, now)
    if isinstance(result, SignInRefusal):
        return result
    moment = now or now_utc()
    with recording(store) as cursor:
        set_password(cursor, key, new_hash, must_change=False)
        end_sessions(cursor, key)
        new_token = start_session(cursor, key, settings, moment)
        account = find_account(cursor, key)
        user = person_of(account) if account else session.user
        record(cursor, user, AuditEvent.PASSWORD_CHANGED)
    return SignedIn(user, new_token, must_change=False)
