"""The server's sockets: how many there are, what may stay unfinished on them, and for how long.

uvicorn waits forever for a request's headers, keeps a connection whose visitor does not read, and
takes a WebSocket's message of 64 MB in pieces without an end. What it makes of each connection is
replaced by the same with bounds, at its start and by its own means (`Config.http_protocol_class`).
Under another server nothing happens, and a proxy in front has to do it.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config

from ita.auth.throttling import network_of
from ita.config import current_bounds
from ita.i18n import N_, bilingual
from ita.logs import LogEvent, log_event
from ita.web.limits import connections_that_fit
from ita.web.requests import is_loopback

GRACE_SECONDS = 1.0

BACKLOG = 64
"""Connections that are taken at a time before one of them is counted; fewer than are kept in reserve."""

QUEUED = 2_048
"""Connections that the system keeps until they are taken; of more it drops the first packet, and who asks
comes again a second later."""

STRANGERS_BYTES = 256 * 1024
"""The most that one message may hold of somebody who has not signed in and may not look."""

UNFINISHED_BYTES = 64 * 1024 * 1024
"""The most of all messages together that have not come whole."""

SMALL_BYTES = 16 * 1024
"""A message that is no larger is not watched while it comes."""

MAX_FRAGMENTS = 4_096
"""Of one message. A browser cuts ten megabytes into some hundred."""

MAX_CONTROL_FRAMES = 100
"""Pings and pongs that a visitor may send in ten seconds; a browser answers one in thirty."""


class BoundedConnections:
    """ASGI middleware, the outermost: lets uvicorn make bounded connections, before it listens.

    `receive` of the lifespan is uvicorn's own and leads to its configuration.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            config = getattr(getattr(receive, "__self__", None), "config", None)
            if isinstance(config, Config):
                bound_connections(config)
        await self._app(scope, receive, send)


def bound_connections(config: Config) -> None:
    """Let a server make bounded connections from now on."""
    http, websocket = config.http_protocol_class, config.ws_protocol_class
    config.http_protocol_class = type("BoundedHttp", (BoundedHttp, http), {})
    if websocket is not None:
        config.ws_protocol_class = type("BoundedWebSocket", (BoundedWebSocket, websocket), {})
    config.backlog = BACKLOG


def _lengthen_accept_queue(transport: asyncio.BaseTransport) -> None:
    """Let the system keep more connections than asyncio takes at a time; its one number says both."""
    for listening in getattr(getattr(transport, "_server", None), "sockets", ()):
        with suppress(OSError, ValueError), listening.dup() as same:
            same.listen(QUEUED)


@dataclass(eq=False)
class TcpConnection:
    """One connection. address: the network that connected, "" where it is a proxy's or our own."""

    transport: asyncio.Transport
    address: str
    holder: Any
    since: float


class TcpConnections:
    """The connections that are open. waiting: those that have not asked anything, the oldest first."""

    def __init__(self) -> None:
        self.open: dict[asyncio.Transport, TcpConnection] = {}
        self.waiting: OrderedDict[asyncio.Transport, None] = OrderedDict()
        self.by_address: Counter[str] = Counter()

    def admit(self, transport: asyncio.Transport, holder: Any) -> bool:
        """Whether there is room for one more; for its sake one goes that waits longest without asking."""
        connection = TcpConnection(transport, _address(transport), holder, time.monotonic())
        most = connections_that_fit(current_bounds())
        crowded = connection.address and self.by_address[connection.address] >= most * 3 // 4
        if (crowded or len(self.open) >= most) and not self._drop_oldest(
            connection.address if crowded else ""
        ):
            return False
        self.open[transport] = connection
        self.by_address[connection.address] += 1
        return True

    def _drop_oldest(self, address: str) -> bool:
        """End what waits longest for a request, or for the rest of a small one; of an address, if any."""
        due = time.monotonic() - GRACE_SECONDS
        waiting = [self.open[transport] for transport in self.waiting]
        half = [connection for connection in self.open.values() if _sends_a_form(connection.holder)]
        old = [connection for connection in (*waiting, *half) if connection.since < due]
        # A connection that has just been made is about to ask, so it goes last.
        for connection in (*old, *half, *waiting):
            if not address or connection.address == address:
                self.leave(connection.transport)
                connection.transport.abort()
                log_event(LogEvent.REFUSED, reason="connection-let-go")
                return True
        return False

    def leave(self, transport: asyncio.Transport) -> None:
        connection = self.open.pop(transport, None)
        self.waiting.pop(transport, None)
        if connection:
            self.by_address[connection.address] -= 1
            if not self.by_address[connection.address]:
                del self.by_address[connection.address]

    def wait(self, transport: asyncio.Transport) -> None:
        """A connection has nothing to answer, from now on."""
        if transport in self.open and transport not in self.waiting:
            self.waiting[transport] = None
            self.open[transport].since = time.monotonic()

    def hold(self, transport: asyncio.Transport, holder: Any) -> None:
        """A connection has become another thing's, a WebSocket's."""
        self.waiting.pop(transport, None)
        if transport in self.open:
            self.open[transport].holder = holder


TCP_CONNECTIONS = TcpConnections()


def _sends_a_form(holder: Any) -> bool:
    """Whether a request's body is still to come that is no upload."""
    cycle = getattr(holder, "cycle", None)
    if cycle is None or cycle.response_complete or not cycle.more_body:
        return False
    return "/_stcore/upload_file/" not in cycle.scope["path"]


def _address(transport: asyncio.Transport) -> str:
    peer = transport.get_extra_info("peername")
    name = peer[0] if isinstance(peer, tuple) and peer else ""
    return "" if not name or is_loopback(name) else network_of(name)


class TurnQueue:
    """Work of which one piece is done in each turn of the event loop, so that no turn is long."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()

    def add(self, loop: asyncio.AbstractEventLoop, work: Callable[[], None]) -> None:
        self._waiting.append(work)
        if len(self._waiting) == 1:
            loop.call_soon(self._next, loop)

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            self._waiting[0]()
        finally:
            self._waiting.popleft()
            if self._waiting:
                loop.call_soon(self._next, loop)


# A handshake takes websockets two milliseconds to read before anything is known of who asks.
UPGRADES = TurnQueue()


class _Bounded(asyncio.Protocol):
    """What connections of both kinds have: they send at once, and end where nobody reads."""

    transport: asyncio.Transport
    loop: asyncio.AbstractEventLoop
    _stall: asyncio.TimerHandle | None = None
    _unsent = 0

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        TCP_CONNECTIONS.leave(self.transport)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        self._unwatch()
        super().resume_writing()

    def _watch(self) -> None:
        self._unwatch()
        self._unsent = self.transport.get_write_buffer_size()
        self._stall = self.loop.call_later(current_bounds().send_seconds, self._check_progress)

    def _check_progress(self) -> None:
        bounds, unsent = current_bounds(), self.transport.get_write_buffer_size()
        least = bounds.least_kb_second * 1024 * bounds.send_seconds
        if unsent and self._unsent - unsent < min(least, self._unsent):
            log_event(LogEvent.REFUSED, reason="not-read")
            self.transport.abort()
        elif unsent:
            self._watch()

    def _unwatch(self) -> None:
        if self._stall:
            self._stall.cancel()
            self._stall = None


class BoundedHttp(_Bounded):
    """Over uvicorn's HTTP protocol: a request's headers come in time, or the connection ends."""

    cycle: Any
    headers: Any
    _due: asyncio.TimerHandle | None = None
    _is_refused = _is_upgrading = False
    _bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if not TCP_CONNECTIONS.open:
            _lengthen_accept_queue(transport)
        _disable_nagle(self.transport)
        if TCP_CONNECTIONS.admit(self.transport, self):
            self._start_header_timer()
        else:
            log_event(LogEvent.REFUSED, reason="connections-full", status=503)
            self._is_refused = True
            self._answer_directly(503, _FULL_SENTENCE)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_header_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_refused or self.transport.is_closing():
            return
        if self._is_upgrading:
            # No browser speaks before it is answered.
            log_event(LogEvent.REFUSED, reason="early-frames")
            self.transport.abort()
            return
        self._bytes += len(data)
        super().data_received(data)
        is_asked = self.cycle is not None and not self.cycle.response_complete
        is_over = self.transport.get_protocol() is not self or self.transport.is_closing()
        if is_asked or is_over:
            self._stop_header_timer()
        else:
            self._start_header_timer()

    def on_response_complete(self) -> None:
        super().on_response_complete()  # type: ignore[misc]
        self._bytes = 0
        if not self.transport.is_closing() and self.cycle.response_complete:
            self._start_header_timer()

    def handle_websocket_upgrade(self, *event: Any) -> None:
        """Refused here where websockets would break off without an answer."""
        if len(self.headers) > MAX_HEADERS or any(
            len(name) + len(value) > MAX_HEADER_LENGTH for name, value in self.headers
        ):
            log_event(LogEvent.REFUSED, reason="headers-too-large", status=431)
            self._answer_directly(431, _HEADERS_SENTENCE)
            return
        self._is_upgrading = True
        upgrade = super().handle_websocket_upgrade  # type: ignore[misc]
        UPGRADES.add(self.loop, lambda: self._upgrade(upgrade, event))

    def _upgrade(self, upgrade: Callable[..., None], event: tuple[Any, ...]) -> None:
        self._stop_header_timer()
        if not self.transport.is_closing():
            upgrade(*event)

    def send_400_response(self, msg: str) -> None:
        """Headers above uvicorn's cap are no "invalid request"."""
        fault = sys.exc_info()[1]
        if getattr(fault, "error_status_hint", 400) != 431:
            log_event(LogEvent.REFUSED, reason="no-http", status=400)
            super().send_400_response(msg)  # type: ignore[misc]
            return
        received = getattr(getattr(self, "conn", None), "trailing_data", (b"",))[0]
        is_address = b"\n" not in received
        log_event(
            LogEvent.REFUSED, reason="address-too-long" if is_address else "headers-too-large"
        )
        self._answer_directly(
            414 if is_address else 431, _ADDRESS_SENTENCE if is_address else _HEADERS_SENTENCE
        )

    def _start_header_timer(self) -> None:
        TCP_CONNECTIONS.wait(self.transport)
        if self._due is None:
            self._due = self.loop.call_later(
                current_bounds().header_seconds, self._headers_timed_out
            )

    def _stop_header_timer(self) -> None:
        TCP_CONNECTIONS.waiting.pop(self.transport, None)
        if self._due:
            self._due.cancel()
            self._due = None

    def _headers_timed_out(self) -> None:
        if self._bytes:  # a browser opens connections that it then does not need: no refusal
            log_event(LogEvent.REFUSED, reason="headers-slow", status=408)
        self.transport.abort()

    def _answer_directly(self, status: int, sentence: str) -> None:
        """Answer beside uvicorn, which has no request to answer."""
        body = bilingual(sentence).encode()
        head = (
            f"HTTP/1.1 {status} {_PHRASES[status]}\r\ncontent-type: text/plain; charset=utf-8\r\n"
            f"content-length: {len(body)}\r\nretry-after: 10\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()


MAX_HEADERS, MAX_HEADER_LENGTH = 120, 8_000
"""What websockets takes of a handshake, and a little less."""

_PHRASES = {414: "URI Too Long", 431: "Request Header Fields Too Large", 503: "Service Unavailable"}
_FULL_SENTENCE = N_("ขณะนี้มีผู้เปิดระบบพร้อมกันเต็มจำนวนที่ตั้งไว้ ข้อมูลยังอยู่ครบ กรุณาลองอีกครั้งในอีกสักครู่")
_ADDRESS_SENTENCE = N_("ที่อยู่ (URL) ที่เปิดยาวเกินไป กรุณาเปิดหน้าแรกแล้วเลือกใหม่")
_HEADERS_SENTENCE = N_("ข้อมูลที่เบราว์เซอร์ส่งมากับคำขอ เช่น คุกกี้ ใหญ่เกินไป กรุณาลบคุกกี้ของเว็บไซต์นี้แล้วลองอีกครั้ง")


class BoundedWebSocket(_Bounded):
    """Over uvicorn's WebSocket: messages come whole, in pieces of a size, and control frames seldom."""

    conn: Any
    close_sent: bool
    handshake_initiated: bool
    handshake_complete: bool
    _bytes = _fragments = _controls = 0
    _counted_from = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        TCP_CONNECTIONS.hold(self.transport, self)
        self.set_max_message_size(STRANGERS_BYTES)

    def connection_lost(self, exc: Exception | None) -> None:
        _unfinished.pop(self, None)
        super().connection_lost(exc)

    def set_max_message_size(self, size: int) -> None:
        """Take messages up to a size from now on."""
        self.conn.max_message_size = size

    def data_received(self, data: bytes) -> None:
        if self.handshake_initiated and not self.handshake_complete:
            # No browser speaks before it is answered; websockets would break off with an exception.
            log_event(LogEvent.REFUSED, reason="early-frames")
            self.transport.abort()
            return
        self._bytes += len(data)
        super().data_received(data)
        if self._bytes > SMALL_BYTES and not self.close_sent:
            _unfinished[self] = self._bytes
            if sum(_unfinished.values()) > UNFINISHED_BYTES:
                max(_unfinished, key=_unfinished.__getitem__).refuse("messages-unfinished", 1013)
        else:
            _unfinished.pop(self, None)

    async def send(self, message: Any) -> None:
        await super().send(message)  # type: ignore[misc]
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True  # else uvicorn logs a refusal as a mistake of ours

    def handle_cont(self, event: Any) -> None:
        self._fragments += 1
        super().handle_cont(event)  # type: ignore[misc]
        if self._fragments > MAX_FRAGMENTS:
            self.refuse("message-in-pieces", 1009)

    def send_receive_event_to_app(self) -> None:
        self._bytes = self._fragments = 0
        super().send_receive_event_to_app()  # type: ignore[misc]

    def handle_connect(self, event: Any) -> None:
        self._bytes = 0
        super().handle_connect(event)  # type: ignore[misc]

    def handle_ping(self) -> None:
        super().handle_ping()  # type: ignore[misc]
        self._count_control()

    def handle_pong(self, event: Any) -> None:
        super().handle_pong(event)  # type: ignore[misc]
        self._count_control()

    def _count_control(self) -> None:
        now = self.loop.time()
        if not self._fragments:
            self._bytes = 0
        if now - self._counted_from > 10:
            self._counted_from, self._controls = now, 0
        self._controls += 1
        if self._controls > MAX_CONTROL_FRAMES:
            self.refuse("control-frames", 1008)

    def handle_parser_exception(self) -> None:
        code = self.conn.close_sent.code if self.conn.close_sent else 0
        if code == 1009:
            log_event(LogEvent.REFUSED, reason="message-too-large")
        super().handle_parser_exception()  # type: ignore[misc]

    def refuse(self, reason: str, code: int) -> None:
        """End it for a reason, whatever it is in the middle of."""
        _unfinished.pop(self, None)
        if self.close_sent:
            return
        log_event(LogEvent.REFUSED, reason=reason)
        self.conn.fail(code)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.transport.close()


_unfinished: dict[BoundedWebSocket, int] = {}
"""Bytes of messages that have not come whole."""


def protocol_of(receive: Receive) -> BoundedWebSocket | None:
    """The connection behind a WebSocket's `receive`; None under another server."""
    protocol = getattr(receive, "__self__", None)
    return protocol if isinstance(protocol, BoundedWebSocket) else None


def _disable_nagle(transport: asyncio.Transport) -> None:
    """Streamlit binds its socket without the protocol's number, so asyncio does not switch Nagle's
    algorithm off, and a rerun's last small messages wait about 40 ms for the browser's receipt."""
    raw = transport.get_extra_info("socket")
    if raw is not None:
        with suppress(OSError, AttributeError):
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
