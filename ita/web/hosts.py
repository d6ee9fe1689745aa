"""Names and addresses of a request: what is this machine, and under which names we answer."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

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


def answers_to(name: str, hosts: Iterable[str], own_address: str | None) -> bool:
    """Whether we answer under a name.

    hosts: the names that were set, `*.` for all below; own_address: of the socket that was asked.
    A page elsewhere can point a name of its own at us, but never an address: the address itself
    needs no setting.
    """
    if is_loopback(name) or _matches(name, hosts):
        return True
    asked = as_address(name)
    return asked is not None and asked == as_address(own_address)


def _matches(name: str, hosts: Iterable[str]) -> bool:
    return any(name.endswith(h[1:]) if h.startswith("*.") else name == h for h in hosts)
