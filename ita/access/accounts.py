"""Local accounts: a list of persons with their roles, some with a password kept here.

Every change asks `may` and is recorded, inside its own transaction.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ita.access.account_rules import AccountFault, Standing, check_name, check_standing, key_of
from ita.access.audit import Event, now_utc, record, recording
from ita.access.passwords import TooBusy, fault_text, hashed, one_time_password, password_fault
from ita.access.people import Person, Role
from ita.access.rules import Action, check_may
from ita.store import Cursor, Store, one_value
from ita.wording import say


@dataclass(frozen=True)
class Account:
    """One account. account: its key, by which one signs in; name: as the history tells it.

    subject: of an organisation's sign-in, "issuer subject". has_password: whether it can sign in
    here. locked_until, created_at: UTC.
    """

    account: str
    name: str
    role: Role
    agency_id: str | None
    divisions: frozenset[str]
    subject: str | None
    has_password: bool
    must_change: bool
    disabled: bool
    failures: int
    locked_until: datetime | None
    created_at: datetime

    @property
    def standing(self) -> Standing:
        return Standing(self.role, self.agency_id, self.divisions)


_COLUMNS = (
    "account, name, role, agency_id, divisions, subject, password_hash IS NOT NULL AS has_password, "
    "must_change, disabled, failures, locked_until, created_at"
)


def _account(row: tuple[Any, ...]) -> Account:
    key, name, role, agency_id, divisions, *rest = row
    return Account(key, name, Role(role), agency_id, _names(divisions), *rest)


def _names(divisions: str | None) -> frozenset[str]:
    return frozenset(divisions.split("\n")) if divisions else frozenset()


def accounts(cursor: Cursor) -> tuple[Account, ...]:
    """Every account, in the order of the keys."""
    found = cursor.execute(f"SELECT {_COLUMNS} FROM account ORDER BY account").fetchall()
    return tuple(_account(row) for row in found)


def account_named(cursor: Cursor, name: str) -> Account | None:
    """The account that a name means, however it is typed; None where there is none."""
    row = cursor.execute(
        f"SELECT {_COLUMNS} FROM account WHERE account = $account", {"account": key_of(name)}
    ).fetchone()
    return _account(row) if row else None


def password_hash(cursor: Cursor, key: str) -> str | None:
    """What is kept of an account's password; None where it has none, or isn't there."""
    row = cursor.execute(
        "SELECT password_hash FROM account WHERE account = $account", {"account": key}
    ).fetchone()
    return row[0] if row else None


def has_accounts(cursor: Cursor) -> bool:
    return one_value(cursor, "SELECT count(*) FROM account") > 0


def has_admin(cursor: Cursor) -> bool:
    """Whether somebody is there who may let others in."""
    return (
        one_value(cursor, "SELECT count(*) FROM account WHERE role = 'admin' AND NOT disabled") > 0
    )


def person_of(account: Account) -> Person:
    """The person behind an account; nobody's rights while a one-time password waits to be changed."""
    role = Role.NOBODY if account.must_change else account.role
    return Person(account.name, role, account.agency_id, account.divisions, account.account)


def add_account(
    store: Store,
    person: Person,
    name: str,
    shown: str,
    standing: Standing,
    password: str | None = None,
    subject: str | None = None,
) -> str | None:
    """Add an account with a password. Without one given, it is made, returned, and must be changed
    at the first sign-in. subject: by which an organisation's sign-in knows the same person.

    Raises:
        NotAllowed: only who manages accounts may.
        AccountFault: the name, the standing or the password won't do; says why.
    """
    check_may(person, Action.MANAGE_ACCOUNTS)
    chosen = one_time_password() if password is None else password
    kept = hashed_password(chosen, name, shown)
    with recording(store) as cursor:
        insert_account(cursor, name, shown, standing, kept, password is None, subject)
        _record(cursor, person, Event.ACCOUNT_ADDED, key_of(name), standing)
    return chosen if password is None else None


def add_known(
    store: Store,
    person: Person,
    email: str,
    shown: str,
    standing: Standing,
    subject: str | None = None,
) -> None:
    """Add somebody who signs in by the organisation only: known by e-mail, or by its subject.

    Raises:
        NotAllowed, AccountFault: as of `add_account`.
    """
    with recording(store) as cursor:
        check_may(person, Action.MANAGE_ACCOUNTS)
        insert_account(cursor, email, shown, standing, None, False, subject)
        _record(cursor, person, Event.ACCOUNT_ADDED, key_of(email), standing)


def insert_account(
    cursor: Cursor,
    name: str,
    shown: str,
    standing: Standing,
    kept: str | None,
    must_change: bool,
    subject: str | None = None,
) -> None:
    """The row of a new account, inside the caller's transaction, which has asked and records.

    Raises:
        AccountFault: see `add_account`.
    """
    check_name(name, shown)
    check_standing(cursor, standing)
    if account_named(cursor, name):
        raise AccountFault(say("มีบัญชี “{name}” อยู่แล้ว", name=key_of(name)))
    cursor.execute(
        "INSERT INTO account VALUES ($account, $name, $role, $agency_id, $divisions, $subject, "
        "$password_hash, $must_change, FALSE, 0, NULL, $created_at)",
        {
            "account": key_of(name),
            "name": unicodedata.normalize("NFC", shown.strip()),
            **_columns_of(standing),
            "subject": subject or None,
            "password_hash": kept,
            "must_change": must_change,
            "created_at": now_utc(),
        },
    )


def change_standing(store: Store, person: Person, name: str, standing: Standing) -> None:
    """Give an account another role, agency or divisions; its sessions end.

    Raises:
        NotAllowed, AccountFault: also where no administrator would be left.
    """
    with recording(store) as cursor:
        account = _managed(cursor, person, name)
        check_standing(cursor, standing)
        _update(cursor, account, **_columns_of(standing))
        _check_admin_left(cursor)
        end_sessions(cursor, account.account)
        was = {"was": account.role.value}
        _record(cursor, person, Event.ROLE_CHANGED, account.account, standing, was)


def disable(store: Store, person: Person, name: str) -> None:
    """Let an account in no more; its sessions end. Accounts are never deleted: the log names them.

    Raises:
        NotAllowed, AccountFault: also where no administrator would be left.
    """
    with recording(store) as cursor:
        account = _managed(cursor, person, name)
        _update(cursor, account, disabled=True)
        _check_admin_left(cursor)
        end_sessions(cursor, account.account)
        _record(cursor, person, Event.ACCOUNT_DISABLED, account.account)


def enable(store: Store, person: Person, name: str) -> None:
    """Let an account in again, also one that rests after wrong passwords.

    Raises:
        NotAllowed, AccountFault: see there.
    """
    with recording(store) as cursor:
        account = _managed(cursor, person, name)
        _update(cursor, account, disabled=False, failures=0, locked_until=None)
        _record(cursor, person, Event.ACCOUNT_ENABLED, account.account)


def reset_password(store: Store, person: Person, name: str, password: str | None = None) -> str:
    """Give an account a password that must be changed at the next sign-in, and return it; its
    sessions end, and it rests no more. password: where the administrator chooses it.

    Raises:
        NotAllowed, AccountFault: see there.
    """
    check_may(person, Action.MANAGE_ACCOUNTS)
    chosen = one_time_password() if password is None else password
    kept = hashed_password(chosen, name)
    with recording(store) as cursor:
        account = _managed(cursor, person, name)
        set_password(cursor, account.account, kept, must_change=True)
        end_sessions(cursor, account.account)
        _record(cursor, person, Event.PASSWORD_RESET, account.account)
    return chosen


def hashed_password(password: str, *names: str) -> str:
    """A new password as it is kept.

    Raises:
        AccountFault: it is none to be used; says why.
    """
    fault = password_fault(password, *names)
    if fault:
        raise AccountFault(fault_text(fault))
    try:
        return hashed(password)
    except TooBusy:
        raise AccountFault(say("ระบบกำลังทำงานมาก กรุณารอสักครู่แล้วลองใหม่")) from None


def set_password(cursor: Cursor, key: str, kept: str, must_change: bool) -> None:
    """Keep a password, inside the caller's transaction, which has asked and records."""
    cursor.execute(
        "UPDATE account SET password_hash = $kept, must_change = $must_change, failures = 0, "
        "locked_until = NULL WHERE account = $account",
        {"account": key, "kept": kept, "must_change": must_change},
    )


def end_sessions(cursor: Cursor, key: str) -> None:
    """End every session of an account, inside the caller's transaction."""
    cursor.execute("DELETE FROM sign_in_session WHERE account = $account", {"account": key})


def _managed(cursor: Cursor, person: Person, name: str) -> Account:
    check_may(person, Action.MANAGE_ACCOUNTS)
    account = account_named(cursor, name)
    if account is None:
        raise AccountFault(say("ไม่มีบัญชี “{name}”", name=name))
    return account


def _update(cursor: Cursor, account: Account, **values: Any) -> None:
    changed = ", ".join(f"{column} = ${column}" for column in values)
    cursor.execute(
        f"UPDATE account SET {changed} WHERE account = $account",
        {**values, "account": account.account},
    )


def _columns_of(standing: Standing) -> dict[str, Any]:
    return {
        "role": standing.role.value,
        "agency_id": standing.agency_id,
        "divisions": "\n".join(sorted(standing.divisions)) or None,
    }


def _check_admin_left(cursor: Cursor) -> None:
    if not has_admin(cursor):
        raise AccountFault(say("ต้องมีผู้ดูแลระบบที่ใช้งานได้อย่างน้อยหนึ่งบัญชี กรุณาตั้งผู้ดูแลระบบคนอื่นก่อน"))


def _record(
    cursor: Cursor,
    person: Person,
    event: Event,
    key: str,
    standing: Standing | None = None,
    more: dict[str, str] | None = None,
) -> None:
    told = {"role": standing.role.value, "agency": standing.agency_id} if standing else {}
    record(cursor, person, event, detail={"of": key, **told, **(more or {})})
