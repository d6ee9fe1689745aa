"""What a request says: its headers and cookies, its addresses, whether this machine's owner asks, and at
which entrance a visitor stands.

"Local" is a browser on this machine that came straight here. It is the one request that may be
taken for the owner of the machine's, so each sign of a way round speaks against it: a proxy on this
machine connects from here too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from secrets import token_hex
from urllib.parse import parse_qs, quote, urlsplit

import streamlit as st
from starlette.requests import HTTPConnection
from starlette.types import Scope

from ita.config import LANGUAGES, current_settings

Address = IPv4Address | IPv6Address


def host_name(header: str | None) -> str | None:
    """The name in a Host header, in small letters and without port or brackets; None if malformed."""
    if not header or any(sign in header for sign in "/?#@\\ \t"):
        return None
    try:
        parts = urlsplit(f"//{header}")
        parts.port  # noqa: B018  raises where it is no port
    except ValueError:
        return None
    return (parts.hostname or "").rstrip(".") or None


def origin_host(header: str) -> str | None:
    """Name and port of an Origin header as a Host header has them; None for "null" and nonsense."""
    try:
        parts = urlsplit(header)
    except ValueError:
        return None
    return parts.netloc.lower() if parts.scheme in ("http", "https") and parts.netloc else None


def as_address(text: str | None) -> Address | None:
    """An IP address; one of IPv4 in the clothes of IPv6 as IPv4. None where it is a name."""
    try:
        address = ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_loopback(name: str | None) -> bool:
    """Whether a name or address means this machine and nothing else."""
    address = as_address(name)
    return address.is_loopback if address else name == "localhost"


def outside_host(name: str | None) -> str | None:
    """The name that is set for others, where we are reached by one of this machine's alone."""
    hosts = current_settings().hosts if is_loopback(name) else ()
    return next((host for host in hosts if "*" not in host), None)


def answers_to(name: str, hosts: Iterable[str], own_address: str | None) -> bool:
    """Whether we answer under a name.

    hosts: the names that were set, `*.` for all below; own_address: of the socket that was asked.
    A page elsewhere can point a name of its own at us, but never an address: the address itself
    needs no setting.
    """
    if is_loopback(name) or any(
        name.endswith(host[1:]) if host.startswith("*.") else name == host for host in hosts
    ):
        return True
    address = as_address(name)
    return address is not None and address == as_address(own_address)


_FORWARDING = frozenset(
    {b"forwarded", b"via", b"x-real-ip", b"x-client-ip", b"x-cluster-client-ip", b"true-client-ip"}
    | {b"cf-connecting-ip", b"x-original-host", b"x-original-forwarded-for", b"x-proxyuser-ip"}
)


def header(scope: Scope, name: str) -> str | None:
    """A header's value, the first where it stands twice."""
    wanted = name.encode("latin-1")
    values = (value for key, value in scope["headers"] if key == wanted)
    return next((value.decode("latin-1") for value in values), None)


def is_repeated(scope: Scope, name: str) -> bool:
    """Whether a header that stands once stands more often: two readers may read two values."""
    return [key for key, _ in scope["headers"]].count(name.encode("latin-1")) > 1


def cookies(scope: Scope) -> dict[str, str]:
    """Every cookie by its name, read as Starlette reads them for Streamlit."""
    return dict(HTTPConnection(scope).cookies)


def query_value(scope: Scope, name: str) -> str:
    """The last value of a name in the address; "" where there is none."""
    values: list[str] = parse_qs(scope["query_string"].decode("latin-1")).get(name, [""])
    return values[-1]


def requested_language(scope: Scope) -> str:
    """The language that the address asks for, as the pages read it."""
    chosen = query_value(scope, "lang")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def client_address(scope: Scope) -> str | None:
    """The address that connected, or that a trusted proxy named."""
    return scope["client"][0] if scope.get("client") else None


def own_address(scope: Scope) -> str | None:
    """Our end of the connection."""
    return scope["server"][0] if scope.get("server") else None


def is_forwarded(scope: Scope) -> bool:
    """Whether something stands between the asker and us, by its own word."""
    return any(key in _FORWARDING or key.startswith(b"x-forwarded") for key, _ in scope["headers"])


def is_local_request(scope: Scope) -> bool:
    """Whether a browser on this machine asks, and straight.

    A proxy that forwards without a word still passes on the Origin that its visitor's browser names.
    """
    host = header(scope, "host")
    origin = header(scope, "origin")
    return (
        is_loopback(client_address(scope))
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


def is_same_site(scope: Scope, hosts: Iterable[str]) -> bool:
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


# What the middleware found out of a connection, handed on to the script that runs for it. Streamlit gives a
# script the headers of its connection and nothing else. Ours carry a secret of this process, and
# those that came from outside under the same names are taken out.

LOCAL_HEADER, ACCOUNT_HEADER = "x-ita-near", "x-ita-account"
LOCAL_SECRET = token_hex(16)
"""The value of `LOCAL_HEADER` where a browser on this machine came straight here."""

SESSION_COOKIE, BROWSER_COOKIE = "ita_session", "ita_form"
LANGUAGE_COOKIE = "ita_lang"
NEXT_COOKIE = "ita_next"
"""Where to go on to after the organisation's sign-in, which always comes back to the first page."""


def with_trusted_headers(scope: Scope, is_local: bool, account: str | None) -> Scope:
    """The scope with our headers instead of anybody else's.

    account: by `server.trustedUserHeaders` a broken connection is only taken up again by the same.
    """
    headers = [pair for pair in scope["headers"] if not pair[0].startswith(b"x-ita-")]
    headers = _with_host_of_origin(headers)
    if is_local:
        headers.append((LOCAL_HEADER.encode(), LOCAL_SECRET.encode()))
    if account:
        headers.append((ACCOUNT_HEADER.encode(), quote(account).encode()))
    return {**scope, "headers": headers}


def _with_host_of_origin(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """With the host that the browser's page came from, which the middleware has found to be ours.

    A proxy may name us otherwise. Streamlit would then ask the internet what our address is.
    """
    origin = next((value for name, value in headers if name == b"origin"), None)
    host = origin_host(origin.decode("latin-1")) if origin else None
    if host is None:
        return headers
    return [(n, host.encode("latin-1") if n == b"host" else value) for n, value in headers]


# How the dashboard is open: who can reach the server, and which entrance a visitor stands at.


class Entrance(StrEnum):
    """OWNER: nobody but the machine's owner can stand there. SIGN_IN: sign in first. PUBLIC: looking
    is free, more needs a sign-in. FIRST_ADMIN: nobody does anything before there is one."""

    OWNER = "owner"
    SIGN_IN = "sign-in"
    PUBLIC = "public"
    FIRST_ADMIN = "first-admin"


@dataclass(frozen=True)
class ServerExposure:
    """How the dashboard is open. wide: others than this machine may reach it. accounts: somebody can
    sign in. admin: somebody who signs in can be an administrator. public: looking is free."""

    wide: bool
    accounts: bool
    admin: bool
    public: bool


def entrance_of(is_local: bool, exposure: ServerExposure) -> Entrance:
    """is_local: a browser on this machine that came straight here."""
    if is_local and not exposure.wide and not exposure.accounts:
        return Entrance.OWNER
    if not exposure.admin:
        return Entrance.FIRST_ADMIN
    return Entrance.PUBLIC if exposure.public else Entrance.SIGN_IN


_is_reached_from_outside = False


def is_exposed() -> bool:
    """Whether Streamlit was told to listen beyond this machine, names were set for others to come
    by, or somebody came in by another address of this machine.

    The last, as uvicorn can be started with an address that Streamlit never hears of.
    """
    address = st.get_option("server.address")
    return _is_reached_from_outside or not is_loopback(address) or bool(current_settings().hosts)


def note_server_address(scope: Scope) -> None:
    """Remember it if a connection came in by an address that is not this machine's alone."""
    global _is_reached_from_outside  # noqa: PLW0603  one server a process
    address = own_address(scope)
    if address is not None and not is_loopback(address):
        _is_reached_from_outside = True
