"""The door of local accounts: a name and a password for a session, or a sentence why not.

What costs comes last: an address that tries too often is told so from memory, an account that rests
from one row, and only then is a password compared, two at a time on the whole machine.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from ita.access import passwords
from ita.access.account_rules import key_of
from ita.access.accounts import Account, account_named, password_hash, person_of
from ita.access.attempts import LONGEST_PAUSE, network_of, pause_after
from ita.access.audit import Event, now_utc, record, recording
from ita.access.door import Door, Refusal, SignedIn, Why
from ita.access.people import Person, Role, anonymous
from ita.access.sessions import start_session
from ita.settings import SignInSettings
from ita.store import Store

NOBODY = anonymous(public=False)
"""Who failed to sign in by a name that has no account."""


def sign_in(
    store: Store,
    door: Door,
    settings: SignInSettings,
    name: str,
    password: str,
    address: str,
    now: datetime | None = None,
) -> SignedIn | Refusal:
    """Let somebody in, or say why not. address: where the request comes from.

    Raises:
        StoreUnavailable: the store failed; nobody was let in.
    """
    moment = now or now_utc()
    network = network_of(address)
    wait = door.addresses.take(network)
    if wait:
        return _refused(store, door, Refusal(Why.TOO_OFTEN, wait), None, network)
    wait, account = _admitted(store, door, name, moment)
    if wait:
        return _refused(store, door, Refusal(Why.RESTING, wait), account, network)
    try:
        with store.reading() as cursor:
            kept = password_hash(cursor, account.account) if account else None
        is_right = passwords.is_password(kept, password)
    except passwords.TooBusy:
        return Refusal(Why.BUSY)
    if not is_right or account is None:
        return _refused(store, door, Refusal(Why.WRONG), account, network)
    if account.disabled:
        return _refused(store, door, Refusal(Why.DISABLED), account, network)
    door.addresses.give_back(network)
    return _let_in(store, door, settings, account, kept, network, moment)


def _admitted(
    store: Store, door: Door, name: str, moment: datetime
) -> tuple[float, Account | None]:
    """Count the try before it is made, so that many at once are no more than many in a row."""
    if len(name) > 4 * passwords.MOST_CHARACTERS:
        name = ""
    with store.reading() as cursor:
        account = account_named(cursor, name)
    if account is None:
        return door.unknown.attempt(key_of(name)), None
    if wait := _rest_of(account, moment):
        return wait, account
    with store.writing() as cursor:
        account = account_named(cursor, name)
        if account is None:
            return 0, None
        if wait := _rest_of(account, moment):
            return wait, account
        failures = account.failures + 1
        cursor.execute(
            "UPDATE account SET failures = $failures, locked_until = $until "
            "WHERE account = $account",
            {
                "account": account.account,
                "failures": failures,
                "until": moment + pause_after(failures),
            },
        )
    return 0, account


def _rest_of(account: Account, moment: datetime) -> float:
    """Seconds that an account still rests; a clock that was set back makes it no longer."""
    if account.locked_until is None:
        return 0
    left = account.locked_until - moment
    return left.total_seconds() if timedelta(0) < left <= LONGEST_PAUSE else 0


def _let_in(
    store: Store,
    door: Door,
    settings: SignInSettings,
    account: Account,
    kept: str | None,
    network: str,
    moment: datetime,
) -> SignedIn | Refusal:
    with recording(store) as cursor:
        present = account_named(cursor, account.account)
        if present is None or present.disabled or password_hash(cursor, account.account) != kept:
            return Refusal(Why.WRONG)  # changed by somebody while the password was compared
        cursor.execute(
            "UPDATE account SET failures = 0, locked_until = NULL WHERE account = $account",
            {"account": account.account},
        )
        token = start_session(cursor, account.account, settings, moment)
        record(
            cursor,
            person_of(present),
            Event.SIGN_IN,
            detail={"network": network, "untold_before": door.told() or None},
        )
    return SignedIn(person_of(present), token, present.must_change)


def _refused(
    store: Store, door: Door, refusal: Refusal, account: Account | None, network: str
) -> Refusal:
    """Record a refusal. A name that has no account stays untold: it may be a mistyped password."""
    untold = door.entries_due()
    if untold is None:
        return refusal
    person = Person(account.name, Role.NOBODY, account=account.account) if account else NOBODY
    with recording(store) as cursor:
        record(
            cursor,
            person,
            Event.SIGN_IN_REFUSED,
            detail={
                "why": refusal.why.value,
                "network": network,
                "untold_before": untold or None,
            },
        )
    return refusal
