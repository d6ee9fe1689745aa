"""Sign-in of local accounts: a name and a password for a session, or a refusal with its reason.

What costs comes last: an address over its rate limit is refused from memory, a locked-out account
from one row, and only then is a password verified, two at a time on the whole machine. At the end: the
first administrator, created with a code of the console.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from datetime import datetime, timedelta
from functools import partial

from ita.auth import passwords
from ita.auth.accounts import (
    Account,
    AccountFault,
    RoleGrant,
    account_key,
    end_sessions,
    find_account,
    has_admin,
    hash_new_password,
    insert_account,
    load_password_hash,
    name_faults,
    person_of,
    set_password,
)
from ita.auth.audit import AuditEvent, now_utc, record, recording, sha256
from ita.auth.passwords import fault_text, password_fault
from ita.auth.permissions import Role, User, anonymous
from ita.auth.sessions import load_session, start_session
from ita.auth.throttling import (
    MAX_BACKOFF,
    LoginFailure,
    LoginThrottle,
    SignedIn,
    SignInRefusal,
    backoff,
    network_of,
)
from ita.config import SignInSettings
from ita.i18n import _
from ita.store import Store

# The person of audit entries about a name that has no account.
NOBODY = anonymous(public=False)


def sign_in(
    store: Store,
    throttle: LoginThrottle,
    settings: SignInSettings,
    name: str,
    password: str,
    address: str,
    now: datetime | None = None,
) -> SignedIn | SignInRefusal:
    """Sign in, or a refusal. address: where the request comes from.

    Raises:
        StoreUnavailable: the store failed; no session was started.
    """
    moment = now or now_utc()
    network = network_of(address)
    refuse = partial(_record_refusal, store, throttle, network)
    wait = throttle.address_limiter.acquire(network)
    if wait:
        return refuse(SignInRefusal(LoginFailure.TOO_OFTEN, wait), None)
    wait, account = _count_attempt(store, throttle, name, moment)
    if wait:
        return refuse(SignInRefusal(LoginFailure.LOCKED_OUT, wait), account)
    try:
        with store.reading() as cursor:
            stored_hash = load_password_hash(cursor, account.account) if account else None
        is_right = passwords.verify_password(stored_hash, password)
    except passwords.TooBusy:
        return SignInRefusal(LoginFailure.BUSY)
    if not is_right or account is None:
        return refuse(SignInRefusal(LoginFailure.WRONG), account)
    if account.disabled:
        return refuse(SignInRefusal(LoginFailure.DISABLED), account)
    throttle.address_limiter.refund(network)
    return _open_session(store, throttle, settings, account, stored_hash, network, moment)


def _count_attempt(
    store: Store, throttle: LoginThrottle, name: str, moment: datetime
) -> tuple[float, Account | None]:
    """Count the attempt before it is made, so that many at once are no more than many in a row."""
    if len(name) > 4 * passwords.MAX_LENGTH:
        name = ""
    with store.reading() as cursor:
        account = find_account(cursor, name)
    if account is None:
        return throttle.unknown_names.attempt(account_key(name)), None
    if wait := _lockout_seconds(account, moment):
        return wait, account
    with store.writing() as cursor:
        account = find_account(cursor, name)
        if account is None:
            return 0, None
        if wait := _lockout_seconds(account, moment):
            return wait, account
        failures = account.failures + 1
        cursor.execute(
            "UPDATE account SET failures = $failures, locked_until = $until "
            "WHERE account = $account",
            {
                "account": account.account,
                "failures": failures,
                "until": moment + backoff(failures),
            },
        )
    return 0, account


def _lockout_seconds(account: Account, moment: datetime) -> float:
    """Seconds of an account's lockout that remain; a clock that was set back makes it no longer."""
    if account.locked_until is None:
        return 0
    remaining = account.locked_until - moment
    return remaining.total_seconds() if timedelta(0) < remaining <= MAX_BACKOFF else 0


def _open_session(
    store: Store,
    throttle: LoginThrottle,
    settings: SignInSettings,
    account: Account,
    stored_hash: str | None,
    network: str,
    moment: datetime,
) -> SignedIn | SignInRefusal:
    with recording(store) as cursor:
        current_account = find_account(cursor, account.account)
        if (
            current_account is None
            or current_account.disabled
            or load_password_hash(cursor, account.account) != stored_hash
        ):
            return SignInRefusal(
                LoginFailure.WRONG
            )  # changed by somebody while the password was compared
        cursor.execute(
            "UPDATE account SET failures = 0, locked_until = NULL WHERE account = $account",
            {"account": account.account},
        )
        token = start_session(cursor, account.account, settings, moment)
        record(
            cursor,
            person_of(current_account),
            AuditEvent.SIGN_IN,
            detail={"network": network, "untold_before": throttle.reset_unrecorded() or None},
        )
    return SignedIn(person_of(current_account), token, current_account.must_change)


def _record_refusal(
    store: Store,
    throttle: LoginThrottle,
    network: str,
    refusal: SignInRefusal,
    account: Account | None,
) -> SignInRefusal:
    """Record a refusal. A name that has no account is left out: it may be a mistyped password."""
    unrecorded = throttle.unrecorded_if_due()
    if unrecorded is None:
        return refusal
    user = User(account.name, Role.NOBODY, account=account.account) if account else NOBODY
    with recording(store) as cursor:
        record(
            cursor,
            user,
            AuditEvent.SIGN_IN_REFUSED,
            detail={
                "why": refusal.failure.value,
                "network": network,
                "untold_before": unrecorded or None,
            },
        )
    return refusal


# Changing one's own password: signed in, and with the current password; right after a sign-in with a
# password to be used once, without it.


def change_own_password(
    store: Store,
    throttle: LoginThrottle,
    settings: SignInSettings,
    token: str | None,
    current_password: str | None,
    new_password: str,
    address: str,
    now: datetime | None = None,
) -> SignedIn | SignInRefusal:
    """Change the password of a session's account. All its sessions end, and a new one begins.

    Args:
        current_password: None where the session has just been given a one-time password.

    Raises:
        AccountFault: the new password is not allowed; says why.
        StoreUnavailable: the store failed; the password is as it was.
    """
    session = load_session(store, token, settings, now)
    if session is None or session.user.account is None:
        return SignInRefusal(LoginFailure.SIGNED_OUT)
    key = session.user.account
    if current_password is None and not session.has_just_given_code(now):
        return SignInRefusal(LoginFailure.WRONG)
    if current_password is not None and _are_same(new_password, current_password):
        raise AccountFault(_("รหัสผ่านใหม่ต้องไม่ใช่รหัสเดิม"))
    new_hash = hash_new_password(new_password, key, session.user.name)
    with store.reading() as cursor:
        stored_hash = load_password_hash(cursor, key)
    if current_password is None:
        try:
            is_same = passwords.verify_password(stored_hash, new_password)
        except passwords.TooBusy:
            return SignInRefusal(LoginFailure.BUSY)
        if is_same:
            raise AccountFault(_("รหัสผ่านใหม่ต้องไม่ใช่รหัสเดิม"))
    else:
        result = sign_in(store, throttle, settings, key, current_password, address, now)
        if isinstance(result, SignInRefusal):
            return result
    moment = now or now_utc()
    with recording(store) as cursor:
        if load_password_hash(cursor, key) != stored_hash:  # reset by somebody meanwhile
            return SignInRefusal(LoginFailure.SIGNED_OUT)
        set_password(cursor, key, new_hash, must_change=False)
        end_sessions(cursor, key)
        new_token = start_session(cursor, key, settings, moment)
        account = find_account(cursor, key)
        user = person_of(account) if account else session.user
        record(cursor, user, AuditEvent.PASSWORD_CHANGED)
    return SignedIn(user, new_token, must_change=False)


def _are_same(password: str, other: str) -> bool:
    return passwords.normalize_password(password) == passwords.normalize_password(other)


# The first administrator: created with a one-time code that is printed on the console.

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
            self._hash, self._tries = sha256(code), MAX_TRIES
        return code

    def verify(self, entered_code: str) -> bool:
        """Whether it is the code. A wrong one counts as an attempt."""
        with self._lock:
            if not self._hash or self._tries < 1:
                return False
            is_right = hmac.compare_digest(self._hash, sha256(entered_code.strip().casefold()))
            self._tries -= not is_right
            return is_right

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
    faults = first_admin_faults(code, entered_code, name, display_name, password)
    if faults:
        raise AccountFault("\n".join(faults))
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


def first_admin_faults(
    code: FirstAdminCode, entered_code: str, name: str, display_name: str, password: str
) -> list[str]:
    """All that is wrong with what was filled in, a sentence each. A wrong code counts as an attempt."""
    faults = []
    if not code.verify(entered_code):
        faults.append(
            _(
                "รหัสไม่ถูกต้อง หรือใส่ผิดเกิน {most} ครั้งแล้ว กรุณาดูรหัสในหน้าจอที่เปิดโปรแกรม หรือเปิดโปรแกรมใหม่เพื่อรับรหัสใหม่",
                most=MAX_TRIES,
            )
        )
    faults += name_faults(name, display_name)
    fault = password_fault(password, name, display_name)
    return [*faults, fault_text(fault)] if fault else faults


def _admin_exists_message() -> str:
    return _("ตั้งผู้ดูแลระบบไว้แล้ว กรุณาเข้าสู่ระบบ หรือขอให้ผู้ดูแลระบบเพิ่มบัญชีให้")
