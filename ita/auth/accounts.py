"""Local accounts: persons with their roles, some with a password stored here.

Every change checks `may` and is recorded, inside its own transaction.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ita.auth.audit import AuditEvent, now_utc, record, recording
from ita.auth.passwords import TooBusy, fault_text, hash_password, one_time_password, password_fault
from ita.auth.permissions import ROLES, Action, Role, User, require
from ita.i18n import _
from ita.store import Cursor, Store, one_value
from ita.store.batches import SAMPLE_PERSON

# Which names and role grants an account may have, each rule with its message.


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


def _refuse(faults: list[str]) -> None:
    """Raise all faults at once, a line each; nothing where there are none."""
    if faults:
        raise AccountFault("\n".join(faults))


def name_faults(name: str, display_name: str) -> list[str]:
    """What is wrong with the names of an account, a sentence each."""
    faults = []
    key = account_key(name)
    if not 2 <= len(key) <= MAX_NAME_LENGTH or _UNUSABLE.search(key) or not _is_visible(key):
        faults.append(
            _(
                "ชื่อผู้ใช้ต้องมี 2–{most} ตัวอักษร ใช้ตัวอักษรไทยหรืออังกฤษ ตัวเลข และ . _ - @ โดยไม่มีช่องว่าง",
                most=MAX_NAME_LENGTH,
            )
        )
    if (
        not display_name.strip()
        or len(display_name) > MAX_NAME_LENGTH
        or not _is_visible(display_name)
    ):
        faults.append(_("กรุณาใส่ชื่อที่แสดง ไม่เกิน {most} ตัวอักษร", most=MAX_NAME_LENGTH))
    if RESERVED_NAMES & {key, account_key(display_name)}:
        faults.append(_("ชื่อ “{name}” ใช้โดยโปรแกรม กรุณาใช้ชื่ออื่น", name=name))
    return faults


def _is_visible(text: str) -> bool:
    """No control characters, no marks of direction, no halves of characters."""
    return not any(unicodedata.category(character)[0] == "C" for character in text)


def _grant_faults(cursor: Cursor, grant: RoleGrant) -> list[str]:
    """Whether the role is one of an account, and the agency and divisions fit it."""
    if grant.role not in ROLES:
        return [_("กรุณาเลือกบทบาทของบัญชี")]
    if grant.role is Role.STAFF:
        return _agency_faults(cursor, grant.agency_id)
    if grant.agency_id or grant.divisions:
        return [_("หน่วยงานและกอง กำหนดได้เฉพาะบัญชีเจ้าหน้าที่")]
    return []


def _agency_faults(cursor: Cursor, agency_id: str | None) -> list[str]:
    if not agency_id:
        return [_("บัญชีเจ้าหน้าที่ต้องมีหน่วยงาน")]
    agency_count = one_value(
        cursor, "SELECT count(*) FROM agency WHERE agency_id = $agency_id", agency_id=agency_id
    )
    return [] if agency_count else [_("ไม่มีหน่วยงานรหัส “{agency}” ในระบบ", agency=agency_id)]


@dataclass(frozen=True)
class Account:
    """One account. account: its key, by which one signs in; name: as the history shows it.

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
    def grant(self) -> RoleGrant:
        return RoleGrant(self.role, self.agency_id, self.divisions)


_COLUMNS = (
    "account, name, role, agency_id, divisions, subject, password_hash IS NOT NULL AS has_password, "
    "must_change, disabled, failures, locked_until, created_at"
)


def _to_account(row: tuple[Any, ...]) -> Account:
    key, name, role, agency_id, divisions, *other_columns = row
    names = frozenset(divisions.split("\n")) if divisions else frozenset()
    return Account(key, name, Role(role), agency_id, names, *other_columns)


def list_accounts(cursor: Cursor) -> tuple[Account, ...]:
    """Every account, in the order of the keys."""
    rows = cursor.execute(f"SELECT {_COLUMNS} FROM account ORDER BY account").fetchall()
    return tuple(_to_account(row) for row in rows)


def find_account(cursor: Cursor, name: str) -> Account | None:
    """The account that a name means, however it is typed; None where there is none."""
    row = cursor.execute(
        f"SELECT {_COLUMNS} FROM account WHERE account = $account", {"account": account_key(name)}
    ).fetchone()
    return _to_account(row) if row else None


def load_password_hash(cursor: Cursor, key: str) -> str | None:
    """An account's stored password hash; None where it has none, or there is no such account."""
    row = cursor.execute(
        "SELECT password_hash FROM account WHERE account = $account", {"account": key}
    ).fetchone()
    return row[0] if row else None


def has_accounts(cursor: Cursor) -> bool:
    return one_value(cursor, "SELECT count(*) FROM account") > 0


def has_admin(cursor: Cursor) -> bool:
    """Whether there is an administrator who can sign in and manage accounts."""
    return (
        one_value(cursor, "SELECT count(*) FROM account WHERE role = 'admin' AND NOT disabled") > 0
    )


def person_of(account: Account) -> User:
    """The person behind an account; nobody's rights while a one-time password waits to be changed."""
    role = Role.NOBODY if account.must_change else account.role
    return User(account.name, role, account.agency_id, account.divisions, account.account)


def add_account(
    store: Store,
    user: User,
    name: str,
    display_name: str,
    grant: RoleGrant,
    password: str | None = None,
    subject: str | None = None,
) -> str | None:
    """Add an account with a password. Where none is given, one is generated, returned, and must be
    changed at the first sign-in. subject: by which an organisation's sign-in knows the same person.

    Raises:
        NotAllowed: only who manages accounts may.
        AccountFault: the name, the grant or the password is not allowed; says why.
    """
    require(user, Action.MANAGE_ACCOUNTS)
    new_password = one_time_password() if password is None else password
    new_hash = hash_new_password(new_password, name, display_name)
    with recording(store) as cursor:
        insert_account(cursor, name, display_name, grant, new_hash, password is None, subject)
        _record(cursor, user, AuditEvent.ACCOUNT_ADDED, account_key(name), grant)
    return new_password if password is None else None


def add_sso_account(
    store: Store,
    user: User,
    email: str,
    display_name: str,
    grant: RoleGrant,
    subject: str | None = None,
) -> None:
    """Add somebody who signs in by the organisation only: known by e-mail, or by its subject.

    Raises:
        NotAllowed, AccountFault: as of `add_account`.
    """
    with recording(store) as cursor:
        require(user, Action.MANAGE_ACCOUNTS)
        insert_account(cursor, email, display_name, grant, None, False, subject)
        _record(cursor, user, AuditEvent.ACCOUNT_ADDED, account_key(email), grant)


def insert_account(
    cursor: Cursor,
    name: str,
    display_name: str,
    grant: RoleGrant,
    new_hash: str | None,
    must_change: bool,
    subject: str | None = None,
) -> None:
    """Insert a new account, inside the caller's transaction, which has checked and records.

    Raises:
        AccountFault: see `add_account`.
    """
    _refuse([*name_faults(name, display_name), *_grant_faults(cursor, grant)])
    if find_account(cursor, name):
        raise AccountFault(_("มีบัญชี “{name}” อยู่แล้ว", name=account_key(name)))
    cursor.execute(
        "INSERT INTO account VALUES ($account, $name, $role, $agency_id, $divisions, $subject, "
        "$password_hash, $must_change, FALSE, 0, NULL, $created_at)",
        {
            "account": account_key(name),
            "name": unicodedata.normalize("NFC", display_name.strip()),
            **_grant_columns(grant),
            "subject": subject or None,
            "password_hash": new_hash,
            "must_change": must_change,
            "created_at": now_utc(),
        },
    )


def change_role(store: Store, user: User, name: str, grant: RoleGrant) -> None:
    """Give an account another role, agency or divisions; its sessions end.

    Raises:
        NotAllowed, AccountFault: also where no administrator would be left.
    """
    with recording(store) as cursor:
        account = _find_managed_account(cursor, user, name)
        _refuse(_grant_faults(cursor, grant))
        _update(cursor, account, **_grant_columns(grant))
        _check_admin_left(cursor)
        end_sessions(cursor, account.account)
        old_role = {"was": account.role.value}
        _record(cursor, user, AuditEvent.ROLE_CHANGED, account.account, grant, old_role)


def disable_account(store: Store, user: User, name: str) -> None:
    """Disable an account; its sessions end. Accounts are never deleted: the log names them.

    Raises:
        NotAllowed, AccountFault: also where no administrator would be left.
    """
    with recording(store) as cursor:
        account = _find_managed_account(cursor, user, name)
        _update(cursor, account, disabled=True)
        _check_admin_left(cursor)
        end_sessions(cursor, account.account)
        _record(cursor, user, AuditEvent.ACCOUNT_DISABLED, account.account)


def enable_account(store: Store, user: User, name: str) -> None:
    """Enable an account again, also one that is locked out after wrong passwords.

    Raises:
        NotAllowed, AccountFault: see there.
    """
    with recording(store) as cursor:
        account = _find_managed_account(cursor, user, name)
        _update(cursor, account, disabled=False, failures=0, locked_until=None)
        _record(cursor, user, AuditEvent.ACCOUNT_ENABLED, account.account)


def reset_password(store: Store, user: User, name: str, password: str | None = None) -> str:
    """Give an account a password that must be changed at the next sign-in, and return it; its
    sessions and its lockout end. password: where the administrator chooses it.

    Raises:
        NotAllowed, AccountFault: see there.
    """
    require(user, Action.MANAGE_ACCOUNTS)
    new_password = one_time_password() if password is None else password
    new_hash = hash_new_password(new_password, name)
    with recording(store) as cursor:
        account = _find_managed_account(cursor, user, name)
        set_password(cursor, account.account, new_hash, must_change=True)
        end_sessions(cursor, account.account)
        _record(cursor, user, AuditEvent.PASSWORD_RESET, account.account)
    return new_password


def hash_new_password(password: str, *names: str) -> str:
    """The hash of a new password.

    Raises:
        AccountFault: the password is not allowed; says why.
    """
    fault = password_fault(password, *names)
    if fault:
        raise AccountFault(fault_text(fault))
    try:
        return hash_password(password)
    except TooBusy:
        raise AccountFault(_("ระบบกำลังทำงานมาก กรุณารอสักครู่แล้วลองใหม่")) from None


def set_password(cursor: Cursor, key: str, new_hash: str, must_change: bool) -> None:
    """Store a password hash, inside the caller's transaction, which has checked and records."""
    cursor.execute(
        "UPDATE account SET password_hash = $hash, must_change = $must_change, failures = 0, "
        "locked_until = NULL WHERE account = $account",
        {"account": key, "hash": new_hash, "must_change": must_change},
    )


def end_sessions(cursor: Cursor, key: str) -> None:
    """End every session of an account, inside the caller's transaction."""
    cursor.execute("DELETE FROM sign_in_session WHERE account = $account", {"account": key})


def _find_managed_account(cursor: Cursor, user: User, name: str) -> Account:
    require(user, Action.MANAGE_ACCOUNTS)
    account = find_account(cursor, name)
    if account is None:
        raise AccountFault(_("ไม่มีบัญชี “{name}”", name=name))
    return account


def _update(cursor: Cursor, account: Account, **values: Any) -> None:
    assignments = ", ".join(f"{column} = ${column}" for column in values)
    cursor.execute(
        f"UPDATE account SET {assignments} WHERE account = $account",
        {**values, "account": account.account},
    )


def _grant_columns(grant: RoleGrant) -> dict[str, Any]:
    return {
        "role": grant.role.value,
        "agency_id": grant.agency_id,
        "divisions": "\n".join(sorted(grant.divisions)) or None,
    }


def _check_admin_left(cursor: Cursor) -> None:
    if not has_admin(cursor):
        raise AccountFault(_("ต้องมีผู้ดูแลระบบที่ใช้งานได้อย่างน้อยหนึ่งบัญชี กรุณาตั้งผู้ดูแลระบบคนอื่นก่อน"))


def _record(
    cursor: Cursor,
    user: User,
    event: AuditEvent,
    key: str,
    grant: RoleGrant | None = None,
    extra_detail: dict[str, str] | None = None,
) -> None:
    grant_detail = {"role": grant.role.value, "agency": grant.agency_id} if grant else {}
    record(cursor, user, event, detail={"of": key, **grant_detail, **(extra_detail or {})})
