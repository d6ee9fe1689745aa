"""What a request says of where it comes from, read off an ASGI scope.

"Near" is a browser on this machine that came straight here. It is the one request that may be
taken for the owner of the machine's, so each sign of a way round speaks against it: a proxy on this
machine connects from here too.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import HTTPConnection
from starlette.types import Scope

from ita.web.hosts import host_name, is_loopback, origin_host

_FORWARDING = frozenset(
    {b"forwarded", b"via", b"x-real-ip", b"x-client-ip", b"x-cluster-client-ip", b"true-client-ip"}
    | {b"cf-connecting-ip", b"x-original-host", b"x-original-forwarded-for", b"x-proxyuser-ip"}
)


def header(scope: Scope, name: str) -> str | None:
    """A header's value, the first where it stands twice."""
    wanted = name.encode("latin-1")
    found = (value for key, value in scope["headers"] if key == wanted)
    return next((value.decode("latin-1") for value in found), None)


def stands_twice(scope: Scope, name: str) -> bool:
    """Whether a header that stands once stands more often: two readers may read two values."""
    return [key for key, _ in scope["headers"]].count(name.encode("latin-1")) > 1


def cookies(scope: Scope) -> dict[str, str]:
    """Every cookie by its name, read as Starlette reads them for Streamlit."""
    return dict(HTTPConnection(scope).cookies)


def peer(scope: Scope) -> str | None:
    """The address that connected, or that a trusted proxy named."""
    return scope["client"][0] if scope.get("client") else None


def own_address(scope: Scope) -> str | None:
    """Our end of the connection."""
    return scope["server"][0] if scope.get("server") else None


def is_forwarded(scope: Scope) -> bool:
    """Whether something stands between the asker and us, by its own word."""
    return any(key in _FORWARDING or key.startswith(b"x-forwarded") for key, _ in scope["headers"])


def is_near(scope: Scope) -> bool:
    """Whether a browser on this machine asks, and straight.

    A proxy that forwards without a word still passes on the Origin that its visitor's browser names.
    """
    host = header(scope, "host")
    origin = header(scope, "origin")
    return (
        is_loopback(peer(scope))
        and is_loopback(own_address(scope))
        and is_loopback(host_name(host))
        and not is_forwarded(scope)
        and (origin is None or origin_host(origin) == (host or "").lower())
    )


def is_over_tls(scope: Scope) -> bool:
    """Whether the visitor's connection is encrypted, by our own knowledge or by a proxy's word.

    Whoever says so without one only makes their own cookies travel more carefully.
    """
    return scope.get("scheme") in ("https", "wss") or header(scope, "x-forwarded-proto") == "https"


def is_of_this_site(scope: Scope, hosts: Iterable[str]) -> bool:
    """Whether the page that asks, if a browser names it, is one of ours.

    hosts: further names of ours; a proxy may pass on another Host than the visitor's.
    """
    origin = header(scope, "origin")
    if origin is None:
        return True
    named = origin_host(origin)
    if named is None:
        return False
    return named == (header(scope, "host") or "").lower() or host_name(named) in frozenset(hosts)
