"""Sessions of local accounts: a token that only the browser has; the store keeps its hash."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from ita.auth.accounts import find_account, person_of
from ita.auth.audit import AuditEvent, now_utc, record, recording, sha256
from ita.auth.permissions import User
from ita.config import SignInSettings
from ita.store import Cursor, Store

# An account's concurrent sessions; beyond that the oldest end.
MAX_SESSIONS = 20

MAX_TOKEN_LENGTH = 100
# A session from further in the future comes from a wrong clock, and its age is not known.
CLOCK_SLACK = timedelta(minutes=5)
# After a sign-in with a password to be used once, a new one is taken without it for so long.
CODE_HOLDS = timedelta(minutes=15)


@dataclass(frozen=True)
class Session:
    """A valid sign-in. must_change: nothing is allowed before the password is changed.

    started_at: UTC.
    """

    user: User
    must_change: bool
    started_at: datetime

    def has_just_given_code(self, now: datetime | None = None) -> bool:
        """Whether the sign-in with a password to be used once was so short a time ago that its form
        need not ask for it again."""
        age = (now or now_utc()) - self.started_at
        return self.must_change and -CLOCK_SLACK < age < CODE_HOLDS


def start_session(
    cursor: Cursor, account: str, settings: SignInSettings, now: datetime | None = None
) -> str:
    """A new session's token, inside the caller's transaction; expired sessions are deleted."""
    moment = now or now_utc()
    token = secrets.token_urlsafe(32)
    cursor.execute(
        "DELETE FROM sign_in_session WHERE started_at < $oldest OR seen_at < $idle",
        {
            "oldest": moment - timedelta(hours=settings.session_hours),
            "idle": moment - timedelta(minutes=settings.idle_minutes),
        },
    )
    cursor.execute(
        "DELETE FROM sign_in_session WHERE account = $account AND token_hash NOT IN "
        "(SELECT token_hash FROM sign_in_session WHERE account = $account "
        "ORDER BY started_at DESC LIMIT $limit)",
        {"account": account, "limit": MAX_SESSIONS - 1},
    )
    cursor.execute(
        "INSERT INTO sign_in_session VALUES ($token_hash, $account, $now, $now)",
        {"token_hash": sha256(token), "account": account, "now": moment},
    )
    return token


def load_session(
    store: Store, token: str | None, settings: SignInSettings, now: datetime | None = None
) -> Session | None:
    """The session of a token; None where there is none, it is over, or its account is disabled.

    Runs on every run of a page, so it only reads; now and then it stores the last activity, and
    where that fails, as on a full disk, holds it in memory: viewing must go on.
    """
    if not token or len(token) > MAX_TOKEN_LENGTH:
        return None
    moment = now or now_utc()
    digest = sha256(token)
    with store.reading() as cursor:
        row = cursor.execute(
            "SELECT account, started_at, seen_at FROM sign_in_session WHERE token_hash = $digest",
            {"digest": digest},
        ).fetchone()
        account = find_account(cursor, row[0]) if row else None
    if row is None or account is None or account.disabled:
        return None
    _, started_at, stored_at = row
    seen_at = max(stored_at, _unstored_seen_at.get(digest, stored_at))
    ends_at = started_at + timedelta(hours=settings.session_hours)
    idle = timedelta(minutes=settings.idle_minutes)
    if not (started_at - CLOCK_SLACK < moment < ends_at and moment < seen_at + idle):
        return None
    if moment > seen_at + min(idle / 10, timedelta(minutes=5)):
        _note_seen(store, digest, moment)
    return Session(person_of(account), account.must_change, started_at)


def sign_out(store: Store, token: str | None) -> None:
    """End a session; a token without one is ignored."""
    if not token or len(token) > MAX_TOKEN_LENGTH:
        return
    with recording(store) as cursor:
        ended_row = cursor.execute(
            "DELETE FROM sign_in_session WHERE token_hash = $digest RETURNING account",
            {"digest": sha256(token)},
        ).fetchone()
        account = find_account(cursor, ended_row[0]) if ended_row else None
        if account:
            record(cursor, person_of(account), AuditEvent.SIGN_OUT)


def end_every_session(cursor: Cursor) -> None:
    """End all sessions, inside the caller's transaction: of a store restored from a backup."""
    cursor.execute("DELETE FROM sign_in_session")


# Last activity that could not be stored, by the hash of the session's token.
_unstored_seen_at: OrderedDict[str, datetime] = OrderedDict()
MAX_UNSTORED = 10_000


def _note_seen(store: Store, digest: str, moment: datetime) -> None:
    is_stored = store.write_best_effort(
        "UPDATE sign_in_session SET seen_at = $moment WHERE token_hash = $digest",
        {"moment": moment, "digest": digest},
    )
    if is_stored:
        _unstored_seen_at.pop(digest, None)
        return
    _unstored_seen_at[digest] = moment
    with suppress(KeyError):  # another tab of the session has stored it meanwhile
        _unstored_seen_at.move_to_end(digest)
    while len(_unstored_seen_at) > MAX_UNSTORED:
        _unstored_seen_at.popitem(last=False)
