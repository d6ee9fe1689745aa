"""What the gate found out of a connection, handed on to the script that runs for it.

Streamlit gives a script the headers of its connection and nothing else. Ours carry a secret of
this process, and those that came from outside under the same names are taken out.
"""

from __future__ import annotations

from secrets import token_hex
from urllib.parse import quote

from starlette.types import Scope

from ita.web.hosts import origin_host

NEAR, ACCOUNT = "x-ita-near", "x-ita-account"
SECRET = token_hex(16)
"""The value of `NEAR` where a browser on this machine came straight here."""

COOKIE, BROWSER_COOKIE = "ita_session", "ita_form"
LANGUAGE_COOKIE = "ita_lang"
NEXT_COOKIE = "ita_next"
"""Where to go on to after the organisation's sign-in, which always comes back to the first page."""


def marked(scope: Scope, near: bool, account: str | None) -> Scope:
    """The scope with our headers instead of anybody else's.

    account: by `server.trustedUserHeaders` a broken connection is only taken up again by the same.
    """
    headers = [pair for pair in scope["headers"] if not pair[0].startswith(b"x-ita-")]
    headers = _as_asked_by_browser(headers)
    if near:
        headers.append((NEAR.encode(), SECRET.encode()))
    if account:
        headers.append((ACCOUNT.encode(), quote(account).encode()))
    return {**scope, "headers": headers}


def _as_asked_by_browser(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """With the host that the browser's page came from, which the gate has found to be ours.

    A proxy may name us otherwise. Streamlit would then ask the internet what our address is.
    """
    origin = next((value for name, value in headers if name == b"origin"), None)
    host = origin_host(origin.decode("latin-1")) if origin else None
    if host is None:
        return headers
    return [(n, host.encode("latin-1") if n == b"host" else value) for n, value in headers]
