"""Back from the organisation's sign-in: noted in the audit log, and led on to where one wanted to go.

Streamlit answers the way back with a cookie and always leads to the first page.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Scope

from ita.auth.permissions import User, anonymous
from ita.logs import LogEvent, log_event
from ita.store.unavailable import StoreUnavailable
from ita.web import paths
from ita.web.current_user import Visitor, claims_in, claims_refusal, signed_in_user
from ita.web.page_connections import reconnect_browser
from ita.web.requests import BROWSER_COOKIE, NEXT_COOKIE, SESSION_COOKIE, client_address, cookies
from ita.web.sign_in_routes import login_throttle
from ita.web.store_access import get_store


async def finish_oidc_sign_in(scope: Scope, message: Message) -> Message:
    """The start of Streamlit's answer to the way back, with our place to go on to."""
    claims = claims_in(_cookies_set(message))
    if not claims:
        return message
    await run_in_threadpool(_record, claims, client_address(scope) or "?")
    jar = cookies(scope)
    reconnect_browser(jar.get(SESSION_COOKIE), jar.get(BROWSER_COOKIE))
    onward = paths.local_path(jar.get(NEXT_COOKIE))
    headers = [pair for pair in message["headers"] if pair[0].lower() != b"location"]
    gone = f"{NEXT_COOKIE}=; Path={paths.root()}/; Max-Age=0; HttpOnly; SameSite=lax"
    headers += [(b"location", quote(onward, safe=_URL).encode()), (b"set-cookie", gone.encode())]
    return {**message, "headers": headers}


_URL = "/%?=&+,;:@!$'()*~-._"


def _cookies_set(message: Message) -> dict[str, str]:
    """The cookies that an answer gives; those that it takes away are empty."""
    jar = SimpleCookie()
    for name, value in message["headers"]:
        if name.lower() == b"set-cookie":
            jar.load(value.decode("latin-1"))
    return {name: morsel.value for name, morsel in jar.items() if morsel.value}


def _record(claims: Mapping[str, Any], address: str) -> None:
    from ita.auth.audit import AuditEvent as Audited
    from ita.auth.audit import record, recording
    from ita.auth.throttling import network_of

    visitor = Visitor(claims=claims)
    detail: dict[str, str | int | bool | None] = {"network": network_of(address)}
    try:
        user = signed_in_user(visitor)
        if user:
            with recording(get_store()) as cursor:
                record(cursor, user, Audited.SIGN_IN, detail=detail)
            log_event(LogEvent.SIGNED_IN, reason="organisation")
            return
        log_event(LogEvent.SIGN_IN_FAILED, reason="organisation")
        unrecorded = login_throttle().unrecorded_if_due()
        if unrecorded is not None:
            refusal = claims_refusal(visitor)
            detail |= {"why": refusal.value if refusal else None, "untold_before": unrecorded}
            with recording(get_store()) as cursor:
                record(cursor, _unknown_user(claims), Audited.SIGN_IN_REFUSED, detail=detail)
    except StoreUnavailable as fault:
        log_event(LogEvent.STORE_UNAVAILABLE, reason=fault.trouble.value)


def _unknown_user(claims: Mapping[str, Any]) -> User:
    """Whom the organisation knows and we don't."""
    name = claims.get("name") or claims.get("email") or claims.get("sub") or ""
    return User(str(name)[:100], anonymous(public=False).role)
