"""What the server gives at a time, to one person and in all, and what is said to who is refused.

Descriptors that the system allows, pages that may be open, runs of heavy pages. The numbers are
`ITA_BOUNDS` (`ita.config.Bounds`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from math import ceil
from urllib.parse import parse_qs

from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from ita.auth.permissions import Role, User
from ita.auth.throttling import RateLimiter, network_of
from ita.config import Bounds, current_bounds
from ita.i18n import N_, _, bilingual, language_set_to
from ita.logs import LogEvent, log_event
from ita.web.forms import choose_language, form_page, link, paragraph
from ita.web.paths import below_root
from ita.web.requests import LANGUAGE_COOKIE, cookies, header

try:
    import resource
except ImportError:  # Windows, which has no such limit
    resource = None  # type: ignore[assignment]

RESERVED_DESCRIPTORS = 208
"""Descriptors for the store, files that are read and made, and what is taken before it is counted."""

DESCRIPTORS_PER_PAGE = 4
"""Descriptors of an open page: its connection, and the event loop that Streamlit gives each session."""

DESCRIPTORS_OF_LOST_TABS = 384
"""Descriptors of the 128 sessions whose tab is gone, which Streamlit keeps for it to come back."""

WANTED_DESCRIPTORS = 16_384
"""What the process asks of the system, where it may: systemd gives 1,024 unless it is asked."""

LOW_DESCRIPTORS = 4_096
"""Below this whoever runs it is told."""


def raise_descriptor_limit() -> int | None:
    """Let the process open as many as it may, up to `WANTED`; returns the limit, None where there is
    none (Windows)."""
    if resource is None:
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    wanted = WANTED_DESCRIPTORS if hard == unlimited else min(WANTED_DESCRIPTORS, hard)
    if soft != unlimited and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        descriptor_limit.cache_clear()
    return descriptor_limit()


@cache
def descriptor_limit() -> int | None:
    """How many descriptors the process may have open; None for as many as it likes."""
    if resource is None:
        return None
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return None if soft == resource.RLIM_INFINITY else soft


def connections_that_fit(bounds: Bounds) -> int:
    """How many connections may be open at a time, of any kind."""
    room = _visitor_descriptors()
    if room is None:
        return bounds.connections
    return min(bounds.connections, _pages_that_fit(room) + room // 4)


def sockets_that_fit(bounds: Bounds) -> int:
    """How many of them may be open pages; the others are for what comes and goes."""
    room = _visitor_descriptors()
    most = bounds.sockets if room is None else min(bounds.sockets, _pages_that_fit(room))
    return min(most, connections_that_fit(bounds) * 3 // 4)


def _visitor_descriptors() -> int | None:
    """Descriptors for visitors; None for as many as they need."""
    allowed = descriptor_limit()
    return (
        None
        if allowed is None
        else max(allowed - RESERVED_DESCRIPTORS - DESCRIPTORS_OF_LOST_TABS, allowed // 4)
    )


def _pages_that_fit(room: int) -> int:
    """Pages for which three quarters of the descriptors do."""
    return room * 3 // 4 // DESCRIPTORS_PER_PAGE


@dataclass(frozen=True)
class Refusal:
    """reason: in the log and the metrics. seconds: after which to try again, 0 where that is no use."""

    reason: str
    status: int
    seconds: int = 0


YOUR_PAGES = Refusal("pages-too-many", 429, 30)
STRANGERS_FULL = Refusal("strangers-full", 503, 30)
PAGES_FULL = Refusal("pages-full", 503, 30)
LONG_ADDRESS = Refusal("address-too-long", 414)
LARGE_HEADERS = Refusal("headers-too-large", 431)

TITLES = {
    YOUR_PAGES: N_("เปิดหน้าค้างไว้มากเกินไป"),
    STRANGERS_FULL: N_("ขณะนี้มีผู้ชมเต็มจำนวน"),
    PAGES_FULL: N_("ขณะนี้มีผู้ใช้เต็มจำนวน"),
    LONG_ADDRESS: N_("ที่อยู่ยาวเกินไป"),
    LARGE_HEADERS: N_("คำขอใหญ่เกินไป"),
}
SENTENCES = {
    YOUR_PAGES: N_(
        "ท่านเปิดระบบนี้ค้างไว้หลายแท็บเกินจำนวนที่ตั้งไว้ กรุณาปิดแท็บที่ไม่ใช้ แล้วลองอีกครั้ง หากยังไม่ได้เข้าสู่ระบบ ผู้ที่ใช้เครือข่ายเดียวกันนับรวมกัน การเข้าสู่ระบบทำให้นับแยกเป็นรายคน"
    ),
    STRANGERS_FULL: N_(
        "มีผู้เปิดดูโดยไม่เข้าสู่ระบบเต็มจำนวนที่ตั้งไว้ ข้อมูลยังอยู่ครบ กรุณาลองอีกครั้งในอีกสักครู่ หรือเข้าสู่ระบบ"
    ),
    PAGES_FULL: N_("มีผู้เปิดระบบพร้อมกันเต็มจำนวนที่ตั้งไว้ ข้อมูลยังอยู่ครบ กรุณาลองอีกครั้งในอีกสักครู่"),
    LONG_ADDRESS: N_("ที่อยู่ (URL) ที่เปิดยาวหรือมีตัวเลือกมากเกินไป อาจถูกคัดลอกมาผิด กรุณาเปิดหน้าแรกแล้วเลือกใหม่"),
    LARGE_HEADERS: N_("ข้อมูลที่เบราว์เซอร์ส่งมากับคำขอ เช่น คุกกี้ ใหญ่เกินไป กรุณาลบคุกกี้ของเว็บไซต์นี้แล้วลองอีกครั้ง"),
}


def refusal_response(refusal: Refusal, scope: Scope) -> Response:
    """The answer: a page where a browser opens one, else text."""
    log_event(LogEvent.REFUSED, reason=refusal.reason, status=refusal.status)
    if scope["type"] == "http" and "text/html" in (header(scope, "accept") or ""):
        answer = _refusal_page(refusal, scope)
    else:
        answer = PlainTextResponse(bilingual(SENTENCES[refusal]), refusal.status)
    if refusal.seconds:
        answer.headers["retry-after"] = str(refusal.seconds)
    return answer


def _refusal_page(refusal: Refusal, scope: Scope) -> Response:
    query = scope["query_string"][:_LANGUAGE_SEARCH_LENGTH].decode("latin-1")
    chosen = parse_qs(query, max_num_fields=_LANGUAGE_SEARCH_LENGTH).get("lang", [None])[0]
    last = None if refusal is LARGE_HEADERS else cookies(scope).get(LANGUAGE_COOKIE)
    here = below_root(scope["path"]) if refusal.seconds else "/"
    with language_set_to(choose_language(chosen, "", last)):
        again = _("ลองอีกครั้ง") if refusal.seconds else _("ไปหน้าแรก")
        body = [paragraph(_(SENTENCES[refusal])), link(here, again, "button")]
        return form_page(_(TITLES[refusal]), body, here, status=refusal.status)


_LANGUAGE_SEARCH_LENGTH = 1_000
"""Letters of an address in which its language is looked for."""


def is_address_long(path_bytes: int, query: bytes, bounds: Bounds) -> bool:
    """Whether an address is longer, or says more, than any view of ours."""
    size = path_bytes + len(query)
    return size > bounds.address_kb * 1024 or query.count(b"&") >= bounds.address_choices


async def refuse_socket(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer the wish to open a WebSocket with a status and a sentence, where the server can."""
    await receive()
    if "websocket.http.response" in scope.get("extensions", {}):
        await refusal_response(refusal, scope)(scope, receive, send)
    else:
        log_event(LogEvent.REFUSED, reason=refusal.reason)
        await send({"type": "websocket.close", "code": 1008})


# How many pages one person may have open, and all strangers together. A stranger is who has not
# signed in; all of one address count as one, for nothing tells them apart. An office of 200 behind
# one address fits, and whoever signs in is counted for themselves. Whoever sits at the machine, where
# nobody else has an account, is only bound by what the machine can hold.


@dataclass(frozen=True)
class Holder:
    """Who pages are counted for. key: of the account or the address, "" for the machine's owner."""

    key: str
    stranger: bool


OWNER = Holder("", False)


def holder_of(user: User, address: str | None) -> Holder:
    """address: that connected, or that a trusted proxy named."""
    if user.account:
        return Holder(f"account {user.account}", False)
    if user.role is Role.ADMIN:  # without an account only the machine's owner is one
        return OWNER
    return Holder(f"address {network_of(address or '')}", True)


class Pace:
    """A queue that moves on so many times a second, after a burst of twice as many at once."""

    def __init__(self, a_second: int) -> None:
        self._each, self._burst = 1 / a_second, 2.0
        self._next = 0.0

    def wait(self, now: float) -> float:
        """Take the next place; the seconds until it is its turn. now: by a clock that only goes on."""
        self._next = max(self._next, now - self._burst) + self._each
        return max(0.0, self._next - now)


class Admission:
    """The pages that are open, by who holds them."""

    def __init__(self) -> None:
        self._open: Counter[Holder] = Counter()
        self._paces: dict[Holder, Pace] = {}

    def refusal_for(self, holder: Holder, bounds: Bounds | None = None) -> Refusal | None:
        """Why there is no room for one more page; None where there is."""
        bounds = bounds or current_bounds()
        most = sockets_that_fit(bounds)
        strangers = most // 2
        if holder.stranger:
            if self._open[holder] >= min(bounds.sockets_address, strangers * 3 // 4):
                return YOUR_PAGES
            if sum(count for one, count in self._open.items() if one.stranger) >= strangers:
                return STRANGERS_FULL
        elif holder != OWNER and self._open[holder] >= bounds.sockets_account:
            return YOUR_PAGES
        return PAGES_FULL if sum(self._open.values()) >= most else None

    @contextmanager
    def holding(self, holder: Holder) -> Iterator[None]:
        """One page is open for as long as the block lasts."""
        self._open[holder] += 1
        try:
            yield
        finally:
            self._open[holder] -= 1
            if not self._open[holder]:
                del self._open[holder]
                self._paces.pop(holder, None)

    def pace(self, holder: Holder) -> Pace | None:
        """The queue in which one person's pages wait for their runs; None where nobody else waits."""
        if holder == OWNER:
            return None
        return self._paces.setdefault(holder, Pace(current_bounds().runs_second))

    def counts(self) -> tuple[int, int]:
        """Open pages of those who are known, and of strangers."""
        strangers = sum(count for holder, count in self._open.items() if holder.stranger)
        return sum(self._open.values()) - strangers, strangers


ADMISSION = Admission()


@cache
def _limiter(per_minute: int) -> RateLimiter:
    return RateLimiter(max(1, per_minute // 2), per_minute / 60)


def seconds_until_heavy_run(user: User, address: str | None) -> int:
    """Count one run of a heavy page; 0 if it may be, else the seconds until the next may.

    address: of whoever has not signed in.
    """
    holder = holder_of(user, address)
    if holder == OWNER:
        return 0
    seconds = _limiter(current_bounds().heavy_minute).acquire(holder.key)
    if seconds:
        log_event(LogEvent.REFUSED, reason="pages-too-often")
    return ceil(seconds)
