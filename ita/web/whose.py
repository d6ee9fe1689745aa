"""Whose a session of Streamlit's is: the tab's memory, under an id that its browser shows again.

A session takes files from the browser it belongs to only, where Streamlit asks no more than that it
is open; and a tab whose person has to sign in again finds it as it was.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from starlette.types import Scope

from ita.auth.users import User
from ita.web import places
from ita.web.current_user import Visitor
from ita.web.requests import header

MAX_SESSIONS = 10_000


@dataclass(frozen=True)
class Drawn:
    """What a session shows. url: of the page; query: its choices."""

    url: str
    query: str


@dataclass(frozen=True)
class SessionOwner:
    """Who a session was last drawn for, as what visitor, and as which account."""

    visitor: Visitor
    account: str | None
    drawn: Drawn


_owners: OrderedDict[str, SessionOwner] = OrderedDict()
"""By the session's id; those that were drawn least lately are forgotten."""


def note_session(session_id: str, asking: Visitor, user: User, drawn: Drawn) -> None:
    """A page is drawn in this session, for that visitor, who is that person."""
    _owners[session_id] = SessionOwner(asking, user.account, drawn)
    _owners.move_to_end(session_id)
    while len(_owners) > MAX_SESSIONS:
        _owners.popitem(last=False)


def shown_session(scope: Scope) -> str | None:
    """The session that a tab which lost its connection wants to go on with: Streamlit's page names
    it after the protocol and a token."""
    return session_in(header(scope, PROTOCOLS))


PROTOCOLS = "sec-websocket-protocol"


def session_in(protocols: str | None) -> str | None:
    """The session that the header `PROTOCOLS` names; None where it names none."""
    shown = (protocols or "").split(",")
    return shown[2].strip() or None if len(shown) > 2 else None


def owner_of(session_id: str | None) -> SessionOwner | None:
    return _owners.get(session_id or "")


def sessions_of(user: User, among: Iterable[str]) -> list[str]:
    """Those of some sessions that were last drawn for a person."""
    owners = ((session_id, owner_of(session_id)) for session_id in among)
    return [s for s, owner in owners if owner and owner.account == user.account]


def account_before(scope: Scope, asking: Visitor) -> str | None:
    """Whose tab it was that wants to go on, where the same browser shows it again."""
    owner = owner_of(shown_session(scope))
    if owner is None:
        return None
    same_token = asking.token is not None and asking.token == owner.visitor.token
    same_browser = asking.browser is not None and asking.browser == owner.visitor.browser
    return owner.account if same_token or same_browser else None


def is_of_this_visitor(scope: Scope, asking: Visitor) -> bool:
    """Whether a file is sent to, or taken from, a session of the one who asks."""
    path = places.below_root(scope["path"])
    if not path.startswith(places.UPLOADS):
        return True
    owner = owner_of(path.removeprefix(places.UPLOADS).partition("/")[0])
    return owner is not None and _identity(owner.visitor) == _identity(asking)


def _identity(visitor: Visitor) -> tuple[object, ...]:
    claims = visitor.claims or {}
    return visitor.token, claims.get("iss"), claims.get("sub")
