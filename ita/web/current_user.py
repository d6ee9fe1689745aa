"""The current user: resolved anew each time, as a session can end in the middle of work.

Two need it: the middleware, of a request, and a page's script, of the connection it runs for. Both
make a `Visitor`, and the rest is one rule.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st
from starlette.types import Scope

from ita.auth import audit
from ita.auth.permissions import (
    Action,
    Resource,
    User,
    anonymous,
    can_on_some,
    machine_owner,
    require,
)
from ita.config import SignInSettings, current_settings
from ita.web import paths
from ita.web.requests import (
    BROWSER_COOKIE,
    LOCAL_HEADER,
    LOCAL_SECRET,
    SESSION_COOKIE,
    Entrance,
    ServerExposure,
    cookies,
    entrance_of,
    header,
    is_exposed,
    is_local_request,
)
from ita.web.store_access import get_store
from ita.web.streamlit_internals import USER_COOKIE_NAME, oidc_section, signed_cookie

if TYPE_CHECKING:
    from ita.auth.oidc_claims import ClaimFault, ClaimMapping
    from ita.auth.sessions import Session


# The organisation's sign-in (OIDC), as `.streamlit/secrets.toml` sets it for Streamlit's `st.login`.
# Streamlit and Authlib do the protocol and check the token's signature when it comes. What they don't
# look at again is asked on every run: see `ita.auth.oidc_claims`.

_WELL_KNOWN = "/.well-known/openid-configuration"
DEFAULT_PROVIDER = "default"


@cache
def oidc_providers() -> Mapping[str, Mapping[str, Any]]:
    """The providers that are set, by Streamlit's names for them; the unnamed one is "default"."""
    auth = dict(oidc_section())
    sections = {name: values for name, values in auth.items() if isinstance(values, dict)}
    sections[DEFAULT_PROVIDER] = auth
    return {name: values for name, values in sections.items() if values.get("server_metadata_url")}


def is_oidc_offered() -> bool:
    return bool(oidc_providers())


def claim_mapping_for(claims: Mapping[str, Any]) -> ClaimMapping | None:
    """What is expected of a token; None where its provider is none of ours."""
    from ita.auth.oidc_claims import claim_mapping

    provider = oidc_providers().get(str(claims.get("provider") or DEFAULT_PROVIDER))
    if provider is None:
        return None
    issuer = _issuer(provider, str(claims.get("iss") or ""))
    return claim_mapping(current_settings().sign_in, issuer, str(provider.get("client_id") or ""))


def _issuer(provider: Mapping[str, Any], named: str) -> str:
    """The issuer we expect: as set, or where the provider's own description lies.

    named: by the token. By OpenID Discovery that address does not tell whether the issuer ends in "/".
    """
    known = str(provider.get("issuer") or "")
    if known:
        return known
    base = str(provider["server_metadata_url"]).removesuffix(_WELL_KNOWN)
    return named if named in (base, f"{base}/") else base


Content = TypeVar("Content")

SESSION_CACHE_SECONDS = 2
"""So long a session is believed without asking the store, unless the audit log has grown since."""


@dataclass(frozen=True)
class Visitor:
    """What a request or a connection shows. is_local: a browser on this machine without a proxy.
    token: of a session. claims: of the organisation's sign-in, its signature checked by Streamlit.
    browser: the mark that our forms have given it; proves nothing."""

    is_local: bool = False
    token: str | None = None
    claims: Mapping[str, Any] | None = None
    browser: str | None = None


def current_visitor() -> Visitor:
    """The visitor that the running script serves."""
    headers, cookies = connection()
    claims = st.user.to_dict() if is_oidc_offered() else None
    is_local, browser = headers.get(LOCAL_HEADER) == LOCAL_SECRET, cookies.get(BROWSER_COOKIE)
    return Visitor(is_local, cookies.get(SESSION_COOKIE), claims or None, browser)


def connection() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Headers, as the middleware has left them, and cookies of the running script's connection."""
    return st.context.headers, st.context.cookies


def current_user() -> User:
    """The person that the running script serves.

    Raises:
        StoreUnavailable: the store can't be read.
    """
    return user_of(current_visitor())


def user_of(visitor: Visitor) -> User:
    """Who a visitor is; `Role.NOBODY` for those who must sign in first.

    Raises:
        StoreUnavailable: the store can't be asked.
    """
    exposure = server_exposure()
    entrance = entrance_of(visitor.is_local, exposure)
    if entrance is Entrance.OWNER:
        return machine_owner("")
    if entrance is Entrance.FIRST_ADMIN:
        return anonymous(public=False)
    return signed_in_user(visitor) or anonymous(exposure.public)


def signed_in_user(visitor: Visitor) -> User | None:
    """Who has signed in, here or at the organisation; None where nobody has, or it is over."""
    session = find_session(visitor)
    if session:
        return session.user
    result = _by_claims(visitor.claims) if visitor.claims else None
    return result if isinstance(result, User) else None


def find_session(visitor: Visitor) -> Session | None:
    """The session here, not at the organisation; None where there is none or it is over."""
    if not visitor.token:
        return None
    settings = current_settings().sign_in
    return _session(
        *_store_state(), visitor.token, settings, int(time.monotonic() / SESSION_CACHE_SECONDS)
    )


def claims_refusal(visitor: Visitor) -> ClaimFault | None:
    """Why the organisation's sign-in lets nobody in; None where it does or there is none."""
    result = _by_claims(visitor.claims) if visitor.claims else None
    return None if isinstance(result, User) else result


def has_local_admin() -> bool:
    """Whether an administrator's account is here that is not disabled."""
    return _account_state(*_store_state())[1]


def is_exposure_known() -> bool:
    """Whether it can be told without waiting for the store to be opened."""
    return _account_state.cache_info().currsize > 0


def server_exposure() -> ServerExposure:
    """How the dashboard is open now."""
    accounts, admin = _account_state(*_store_state())
    offered = is_oidc_offered()
    public = current_settings().sign_in.public
    return ServerExposure(is_exposed(), accounts or offered, admin or offered, public)


def can_view(user: User) -> bool:
    """Whether this person may view pages."""
    return can_on_some(user, Action.VIEW).allowed


def checked_on_click(
    make: Callable[[], Content], action: Action, thing: Resource | None = None
) -> Callable[[], Content]:
    """A function that makes a download's file, checking the permission again on the click.

    Streamlit makes a file on the click without running the script, perhaps long after the page was
    drawn. It raises NotAllowed then, and makes no file.
    """
    visitor = current_visitor()

    def checked() -> Content:
        require(user_of(visitor), action, thing)
        return make()

    return checked


def _store_state() -> tuple[str, int]:
    """Which opening of which store, and how far its audit log has grown: each change of an account
    and each end of a session is an entry there."""
    return audit.last_entry(get_store())


@lru_cache(maxsize=4)
def _account_state(opening: str, entry: int) -> tuple[bool, bool]:
    """Whether there are accounts, and whether an administrator's is among them."""
    from ita.auth.accounts import has_accounts, has_admin

    with get_store().reading() as cursor:
        return has_accounts(cursor), has_admin(cursor)


@lru_cache(maxsize=1024)
def _session(
    opening: str, entry: int, token: str, settings: SignInSettings, cache_period: int
) -> Session | None:
    from ita.auth.sessions import load_session

    return load_session(get_store(), token, settings)


def _by_claims(claims: Mapping[str, Any]) -> User | ClaimFault | None:
    from ita.auth.accounts import list_accounts
    from ita.auth.oidc_claims import person_of_claims

    mapping = claim_mapping_for(claims)
    if mapping is None:
        return None
    with get_store().reading() as cursor:
        return person_of_claims(claims, mapping, list_accounts(cursor))


def visitor_of(scope: Scope) -> Visitor:
    """What a request shows of who asks."""
    jar = cookies(scope)
    return Visitor(
        is_local_request(scope),
        jar.get(SESSION_COOKIE),
        claims_in(jar),
        jar.get(BROWSER_COOKIE),
    )


def claims_in(jar: dict[str, str]) -> Mapping[str, Any] | None:
    """The claims in Streamlit's cookie, where its signature holds; None where there are none."""
    if not is_oidc_offered() or USER_COOKIE_NAME not in jar:
        return None
    signed = signed_cookie(jar, USER_COOKIE_NAME)
    try:
        claims = json.loads(signed) if signed else None
    except ValueError:
        return None
    return claims if isinstance(claims, dict) else None


# Whose a session of Streamlit's is: the tab's memory, under an id that its browser shows again. A
# session takes files from the browser it belongs to only, where Streamlit asks no more than that it
# is open; and a tab whose person has to sign in again finds it as it was.

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
