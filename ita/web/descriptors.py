"""How many files and connections the system lets this process have open, and how many are visitors'."""

from __future__ import annotations

from functools import cache

from ita.config import Bounds

RESERVE = 208
"""Descriptors for the store, files that are read and made, and what is taken before it is counted."""

EACH_PAGE = 4
"""Descriptors of an open page: its connection, and the event loop that Streamlit gives each session."""

WAITING_PAGES = 384
"""Descriptors of the 128 sessions whose tab is gone, which Streamlit keeps for it to come back."""

WANTED = 16_384
"""What the process asks of the system, where it may: systemd gives 1,024 unless it is asked."""

LOW = 4_096
"""Below this whoever runs it is told."""


def raise_limit() -> int | None:
    """Let the process open as many as it may, up to `WANTED`; returns the limit, None where there is
    none (Windows)."""
    try:
        import resource
    except ImportError:
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    wanted = WANTED if hard == unlimited else min(WANTED, hard)
    if soft != unlimited and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        limit.cache_clear()
    return limit()


@cache
def limit() -> int | None:
    """How many descriptors the process may have open; None for as many as it likes."""
    try:
        import resource
    except ImportError:
        return None
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return None if soft == resource.RLIM_INFINITY else soft


def connections_that_fit(bounds: Bounds) -> int:
    """How many connections may be open at a time, of any kind."""
    room = _room()
    if room is None:
        return bounds.connections
    return min(bounds.connections, _pages(room) + room // 4)


def sockets_that_fit(bounds: Bounds) -> int:
    """How many of them may be open pages; the others are for what comes and goes."""
    room = _room()
    most = bounds.sockets if room is None else min(bounds.sockets, _pages(room))
    return min(most, connections_that_fit(bounds) * 3 // 4)


def _room() -> int | None:
    """Descriptors for visitors; None for as many as they need."""
    allowed = limit()
    return None if allowed is None else max(allowed - RESERVE - WAITING_PAGES, allowed // 4)


def _pages(room: int) -> int:
    """Pages for which three quarters of the descriptors do."""
    return room * 3 // 4 // EACH_PAGE
