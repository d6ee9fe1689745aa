"""The addresses of the server: what is open to everybody, what holds data, what is nobody's."""

from __future__ import annotations

from enum import Enum, auto
from functools import cache

import streamlit as st

SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
OIDC_SIGN_IN = "/sign-in/organisation"
FIRST_ADMIN, CHANGE_PASSWORD = "/first-admin", "/change-password"
HEALTH, METRICS = "/health", "/metrics"
FORMS = (SIGN_IN, SIGN_OUT, OIDC_SIGN_IN, FIRST_ADMIN, CHANGE_PASSWORD)

OIDC_CALLBACK = "/oauth2callback"
"""Where the organisation's sign-in leads back to; Streamlit's name for it."""
STREAM, UPLOADS, MEDIA = "/_stcore/stream", "/_stcore/upload_file/", "/media/"

_SHUT = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
_OPEN = ("/static/", "/app/static/", "/_stcore/", "/component/", "/auth/")
_OPEN_FILES = ("/favicon.png", "/manifest.json", "/robots.txt", OIDC_CALLBACK)


class RouteKind(Enum):
    """OPEN: the same for everybody. DATA: files of a session. STREAM: the pages' connection. PAGE:
    what a browser opens. SHUT: Streamlit's doors that we don't use."""

    OPEN = auto()
    DATA = auto()
    STREAM = auto()
    PAGE = auto()
    SHUT = auto()


def route_kind(path: str) -> RouteKind:
    """What stands at a path below our own root. Streamlit answers any path it does not know with
    its page, so what is no known place is a page."""
    if path == STREAM:
        return RouteKind.STREAM
    if path.startswith(_SHUT):
        return RouteKind.SHUT
    if path.startswith((MEDIA, UPLOADS)):
        return RouteKind.DATA
    if path.startswith(_OPEN) or path in (*_OPEN_FILES, *FORMS, HEALTH, METRICS):
        return RouteKind.OPEN
    # Streamlit's page looks for its root above the page it was opened at (docs/decisions/).
    return RouteKind.OPEN if "/_stcore/" in path else RouteKind.PAGE


@cache
def root() -> str:
    """Where a proxy has put us: "" or "/ita", without a slash at the end."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def below_root(path: str) -> str:
    """A path as if we stood at the top."""
    base = root()
    below = path == base or path.startswith(f"{base}/")
    return (path.removeprefix(base) or "/") if below else path


def local_path(target: str | None) -> str:
    """Where to go on to inside our own site; our first page for anything else.

    "//host", "/\\host" and "https:" lead elsewhere, and a line end would add a header.
    """
    home = f"{root()}/"
    if not target or not target.startswith(home) or target[1:2] in ("/", "\\"):
        return home
    if "\\" in target or any(ord(sign) < 32 or ord(sign) == 127 for sign in target):
        return home
    path = below_root(target.partition("?")[0])
    return target if route_kind(path) is RouteKind.PAGE and "//" not in path else home
