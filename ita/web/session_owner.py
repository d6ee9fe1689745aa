"""Whose a session of Streamlit's is: the tab's memory, under an id that its browser shows again.

A session takes files from the browser it belongs to only, where Streamlit asks no more than that it
is open; and a tab whose person has to sign in again finds it as it was.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from starlette.types import Scope

from ita.auth.permissions import User
from ita.web import paths
from ita.web.current_user import Visitor
from ita.web.requests import header

MAX_SESSIONS = 10_000


@dataclass(frozen=True)
class ShownPage:
    """What a session shows. url: of the page; query: its choices."""

    url: str
    query: str


@dataclass(frozen=True)
class SessionOwner:
    """Who a session was last drawn for, as what visitor, and as which account."""

    visitor: Visitor
    account: str | None
    drawn: ShownPage


_owners: OrderedDict[str, SessionOwner] = OrderedDict()
"""By the session's id; those that were drawn least lately are forgotten."""


def note_session(session_id: str, visitor: Visitor, user: User, drawn: ShownPage) -> None:
    """A page is drawn in this session, for that visitor, who is that person."""
    _owners[session_id] = SessionOwner(visitor, user.account, drawn)
    _owners.move_to_end(session_id)
    while len(_owners) > MAX_SESSIONS:
        _owners.popitem(last=False)


def session_to_resume(scope: Scope) -> str | None:
    """The session that a tab which lost its connection wants to go on with: Streamlit's page names
    it after the protocol and a token."""
    return session_in(header(scope, PROTOCOLS))


PROTOCOLS = "sec-websocket-protocol"


def session_in(protocols: str | None) -> str | None:
    """The session that the header `PROTOCOLS` names; None where it names none."""
    parts = (protocols or "").split(",")
    return parts[2].strip() or None if len(parts) > 2 else None


def owner_of(session_id: str | None) -> SessionOwner | None:
    return _owners.get(session_id or "")


def sessions_of(user: User, among: Iterable[str]) -> list[str]:
    """Those of some sessions that were last drawn for a person."""
    owners = ((session_id, owner_of(session_id)) for session_id in among)
    return [s for s, owner in owners if owner and owner.account == user.account]


def account_of_resumed(scope: Scope, visitor: Visitor) -> str | None:
    """Whose tab it was that wants to go on, where the same browser shows it again."""
    owner = owner_of(session_to_resume(scope))
    if owner is None:
        return None
    same_token = visitor.token is not None and visitor.token == owner.visitor.token
    same_browser = visitor.browser is not None and visitor.browser == owner.visitor.browser
    return owner.account if same_token or same_browser else None


def owns_upload_session(scope: Scope, visitor: Visitor) -> bool:
    """Whether a file is sent to, or taken from, a session of the one who asks."""
    path = paths.below_root(scope["path"])
    if not path.startswith(paths.UPLOADS):
        return True
    owner = owner_of(path.removeprefix(paths.UPLOADS).partition("/")[0])
    return owner is not None and _identity(owner.visitor) == _identity(visitor)


def _identity(visitor: Visitor) -> tuple[object, ...]:
    claims = visitor.claims or {}
    return visitor.token, claims.get("iss"), claims.get("sub")
