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

from ita.auth.users import User, anonymous
from ita.logs import LogEvent, log_event
from ita.store.unavailable import StoreUnavailable
from ita.web import places
from ita.web.connections import begin_anew
from ita.web.current_user import Visitor, refusal_of_claims, signed_in_person
from ita.web.desk import the_door
from ita.web.marks import BROWSER_COOKIE, COOKIE, NEXT_COOKIE
from ita.web.requests import cookies, peer
from ita.web.store_access import get_store
from ita.web.visitors import claims_in


async def arrived(scope: Scope, message: Message) -> Message:
    """The start of Streamlit's answer to the way back, with our place to go on to."""
    claims = claims_in(_cookies_set(message))
    if not claims:
        return message
    await run_in_threadpool(_record, claims, peer(scope) or "?")
    shown = cookies(scope)
    begin_anew(shown.get(COOKIE), shown.get(BROWSER_COOKIE))
    onward = places.local_path(shown.get(NEXT_COOKIE))
    headers = [pair for pair in message["headers"] if pair[0].lower() != b"location"]
    gone = f"{NEXT_COOKIE}=; Path={places.root()}/; Max-Age=0; HttpOnly; SameSite=lax"
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

    asking = Visitor(claims=claims)
    detail: dict[str, str | int | bool | None] = {"network": network_of(address)}
    try:
        user = signed_in_person(asking)
        if user:
            with recording(get_store()) as cursor:
                record(cursor, user, Audited.SIGN_IN, detail=detail)
            log_event(LogEvent.SIGNED_IN, reason="organisation")
            return
        log_event(LogEvent.SIGN_IN_FAILED, reason="organisation")
        untold = the_door().unrecorded_if_due()
        if untold is not None:
            refusal = refusal_of_claims(asking)
            detail |= {"why": refusal.fault.value if refusal else None, "untold_before": untold}
            with recording(get_store()) as cursor:
                record(cursor, _stranger(claims), Audited.SIGN_IN_REFUSED, detail=detail)
    except StoreUnavailable as fault:
        log_event(LogEvent.STORE_UNAVAILABLE, reason=fault.trouble.value)


def _stranger(claims: Mapping[str, Any]) -> User:
    """Whom the organisation knows and we don't."""
    name = claims.get("name") or claims.get("email") or claims.get("sub") or ""
    return User(str(name)[:100], anonymous(public=False).role)
