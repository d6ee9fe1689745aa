"""Changing one's own password: by who knows the present one, and has signed in."""

from __future__ import annotations

from datetime import datetime

from ita.access import passwords
from ita.access.account_rules import AccountFault
from ita.access.accounts import (
    account_named,
    end_sessions,
    hashed_password,
    person_of,
    set_password,
)
from ita.access.audit import Event, now_utc, record, recording
from ita.access.door import Door, Refusal, SignedIn, Why
from ita.access.sessions import session_of, start_session
from ita.access.sign_in import sign_in
from ita.settings import SignInSettings
from ita.store import Store
from ita.wording import say


def change_own_password(
    store: Store,
    door: Door,
    settings: SignInSettings,
    token: str | None,
    present: str,
    new: str,
    address: str,
    now: datetime | None = None,
) -> SignedIn | Refusal:
    """Change the password of a session's account. All its sessions end, and a new one begins.

    Raises:
        AccountFault: the new password won't do; says why.
        StoreUnavailable: the store failed; the password is as it was.
    """
    session = session_of(store, token, settings, now)
    if session is None or session.person.account is None:
        return Refusal(Why.SIGNED_OUT)
    key = session.person.account
    if passwords.normal(new) == passwords.normal(present):
        raise AccountFault(say("รหัสผ่านใหม่ต้องไม่ใช่รหัสเดิม"))
    kept_new = hashed_password(new, key, session.person.name)
    found = sign_in(store, door, settings, key, present, address, now)
    if isinstance(found, Refusal):
        return found
    moment = now or now_utc()
    with recording(store) as cursor:
        set_password(cursor, key, kept_new, must_change=False)
        end_sessions(cursor, key)
        fresh = start_session(cursor, key, settings, moment)
        account = account_named(cursor, key)
        person = person_of(account) if account else session.person
        record(cursor, person, Event.PASSWORD_CHANGED)
    return SignedIn(person, fresh, must_change=False)
