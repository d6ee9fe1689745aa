"""The pages' open connections: what they may still carry, and when they are begun anew.

A page stays open for hours, a session may end meanwhile. So each message is looked at: of a visitor
who is not welcome any more only the wish to draw the page goes through, and that tells them so. A
part of a page or a file made on a click would come without the page's own questions.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine
from contextlib import suppress

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ita.auth.audit import sha256
from ita.auth.permissions import User
from ita.config import current_bounds
from ita.logs import LogEvent, log_event
from ita.store.unavailable import StoreUnavailable
from ita.web.current_user import can_view, owner_of, session_to_resume, user_of, visitor_of
from ita.web.export_queue import ExportClicks, parse_client_message, requested_export
from ita.web.forms import choose_language
from ita.web.limits import ADMISSION, Holder, Pace, is_address_long
from ita.web.requests import LANGUAGE_COOKIE, cookies
from ita.web.sockets import STRANGERS_BYTES, BoundedWebSocket, protocol_of
from ita.web.streamlit_internals import BackMsg, active_session, get_instance, rerun_session

# What a page may ask of the server over its connection, beside what Streamlit would do for it.
# Streamlit's messages can also empty the caches of everybody, the open store among them, read the
# program's git history and install files for programmers. No page of ours asks for that.

_RERUN = "rerun_script"
_ALLOWED_ALWAYS = frozenset({_RERUN, "stop_script", "app_heartbeat"})
_ALLOWED_FOR_VIEWERS = _ALLOWED_ALWAYS | {"file_urls_request", "deferred_file", "dataframe_chunk"}
_TRIGGER_SUFFIX = "trigger_value"


def filter_client_message(raw: bytes, welcome: bool, is_lost: bool = False) -> bytes | None:
    """What of a message is passed on; None for nothing. welcome: from somebody who may look. is_lost:
    from a page whose session the server no longer has, so that no part of it can be drawn by itself.

    Nonsense is passed on: Streamlit hangs up on it.
    """
    request, bounds = parse_client_message(raw), current_bounds()
    if request is None:
        return raw
    kind = _kind(request)
    if kind not in (_ALLOWED_FOR_VIEWERS if welcome else _ALLOWED_ALWAYS):
        log_event(LogEvent.REFUSED, reason="wish")
        return None
    if kind == _RERUN and is_address_long(0, request.rerun_script.query_string.encode(), bounds):
        log_event(LogEvent.REFUSED, reason="address-too-long")
        return None
    if kind != _RERUN or (welcome and not is_lost):
        return raw
    if welcome:
        request.rerun_script.ClearField("fragment_id")
        whole: bytes = request.SerializeToString()
        return whole
    return _without_clicks(request)


def is_draw_request(raw: bytes) -> bool:
    """Whether a message asks for a page or a part of one."""
    request = parse_client_message(raw)
    return request is not None and _kind(request) == _RERUN


def _kind(request: BackMsg) -> str:
    """What is asked for; of an operation its own name."""
    kind = str(request.WhichOneof("type"))
    if kind != "backend_operation_request":
        return kind
    return str(request.backend_operation_request.WhichOneof("payload"))


def _without_clicks(request: BackMsg) -> bytes:
    """A wish to draw the page, not a part of it, and without its clicks; what was typed stays with
    the session, for whoever signs in again."""
    request.rerun_script.ClearField("fragment_id")
    states = request.rerun_script.widget_states.widgets
    typed = [
        state for state in states if not str(state.WhichOneof("value")).endswith(_TRIGGER_SUFFIX)
    ]
    del states[:]
    states.extend(typed)
    whole: bytes = request.SerializeToString()
    return whole


_GOING_AWAY, _TOO_BIG, _POLICY = 1012, 1009, 1008


class PageConnection:
    """One WebSocket between a page and the script behind it."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.visitor = visitor_of(scope)
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._user: User | None = None
        self.ended = False
        self.clicks: ExportClicks | None = None
        self.protocol: BoundedWebSocket | None = None
        self.is_lost = False
        """Whether its page wanted to go on with a session that is gone, as after a restart, and has not
        been drawn whole since."""

    def is_of(self, token: str | None, browser: str | None) -> bool:
        """Whether it was opened with a token, or by the browser of a mark."""
        same_token = token is not None and token == self.visitor.token
        return same_token or (browser is not None and browser == self.visitor.browser)

    async def send(self, message: Message) -> None:
        # What the script still says after the end has nobody to go to.
        if self.ended:
            return
        if self.clicks and message.get("bytes"):
            message = {**message, "bytes": self.clicks.answered(message["bytes"])}
        await self._send(message)

    async def end(self, code: int = _GOING_AWAY) -> None:
        """Close it; the page in the browser connects anew by itself, with the cookies of then."""
        if not self.ended:
            self.ended = True
            with suppress(RuntimeError):  # it has gone by itself
                await self._send({"type": "websocket.close", "code": code})

    def allow_large_messages(self) -> None:
        """Take messages as large as a page's state may be, as nobody may send without looking."""
        if self.protocol:
            self.protocol.set_max_message_size(
                int(st.get_option("server.maxWidgetStateSize")) * 1024**2
            )
            self.protocol = None

    def close_unused(self) -> None:
        """Close a connection on which nobody has asked for anything."""
        log_event(LogEvent.REFUSED, reason="no-first-run")
        asyncio.ensure_future(self.end(_POLICY))  # noqa: RUF006  the loop keeps it until it is sent

    async def is_welcome(self) -> bool:
        """Whether who opened it may look, and is still the same: also where anybody may look, what
        was drawn for one person is not another's."""
        try:
            user = await run_in_threadpool(user_of, self.visitor)
        except StoreUnavailable:
            return True  # the page says so, and no more can be read
        self._user = self._user or user
        return can_view(user) and user.account == self._user.account

    def reconnect_later(self) -> None:
        """Close it a little later, out of any thread."""
        end = lambda: asyncio.ensure_future(self.end())  # noqa: E731
        self._loop.call_soon_threadsafe(self._loop.call_later, RECONNECT_SECONDS, end)


_open: set[PageConnection] = set()


def open_connections() -> int:
    return len(_open)


RECONNECT_SECONDS = 0.5
"""So that the browser has its new cookie by then."""


def reconnect_browser(token: str | None, browser: str | None = None) -> None:
    """Let a browser's pages connect anew, and be drawn anew: somebody has signed in or out there.

    token: of the sign-in until now; browser: its mark.
    """
    if token:
        _ended_tokens[sha256(token)] = None
        while len(_ended_tokens) > MAX_REMEMBERED:
            _ended_tokens.popitem(last=False)
    for connection in tuple(_open):
        if connection.is_of(token, browser):
            connection.reconnect_later()


MAX_REMEMBERED = 1_000
_ended_tokens: OrderedDict[str, None] = OrderedDict()
"""Tokens of sign-ins that were ended or followed by another."""


def _redraw_resumed(session_id: str) -> None:
    """Draw a page that came back by itself; a browser asks for that only when something is clicked."""
    owner = owner_of(session_id)
    token = owner.visitor.token if owner else None
    if token is not None and sha256(token) in _ended_tokens:
        redraw(session_id)


def redraw(session_id: str) -> None:
    """Draw a session's page again, as it stands, where its tab is open."""
    owner = owner_of(session_id)
    if owner:
        rerun_session(session_id, owner.drawn.url, owner.drawn.query)


async def serve_connection(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, holder: Holder
) -> None:
    """Run a page's connection to its end. holder: whom it is counted for."""
    connection = PageConnection(scope, send)
    connection.protocol = protocol_of(receive)
    if not holder.stranger:
        connection.allow_large_messages()
    _open.add(connection)
    bounds = current_bounds()
    paces = (Pace(bounds.messages_second), ADMISSION.pace(holder))
    connected, resumed = False, session_to_resume(scope)
    loop, inbox = asyncio.get_running_loop(), Inbox(receive)
    clicks = connection.clicks = ExportClicks(
        holder, choose_language(None, "", cookies(scope).get(LANGUAGE_COOKIE))
    )
    first_run_timer = loop.call_later(bounds.first_run_seconds, connection.close_unused)

    async def received() -> Message:
        nonlocal connected, resumed
        if connected and resumed:  # Streamlit listens now, so it has taken the session up
            _redraw_resumed(resumed)
            connection.is_lost = active_session(get_instance(), resumed) is None
            if not connection.is_lost:  # it has been drawn before, and asks when it is clicked
                first_run_timer.cancel()
            resumed = None
        while True:
            message, has_waited = await inbox.next()
            connected = True
            if message["type"] != "websocket.receive":
                return message
            for pace in filter(None, paces):
                await asyncio.sleep(pace.wait(loop.time()))
            first_run_timer.cancel()
            allowed = await _filter_message(connection, message)
            wanted = requested_export(allowed.get("bytes") or b"") if allowed else None
            if allowed and wanted and not has_waited:
                inbox.begin(_forward_in_turn(connection, clicks, wanted, allowed, inbox))
            elif allowed:
                return allowed

    try:
        with ADMISSION.holding(holder):
            await app(scope, received, connection.send)
    finally:
        first_run_timer.cancel()
        inbox.close()
        clicks.close()
        _open.discard(connection)


class Inbox:
    """What reaches the script: the visitor's messages as they come, and those that waited for a turn."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ready: asyncio.Queue[Message] = asyncio.Queue()
        self._coming: asyncio.Future[Message] | None = None
        self._waiting: set[asyncio.Task[None]] = set()

    def begin(self, waiting: Coroutine[None, None, None]) -> None:
        """Let something wait beside, which may `put` a message in the end."""
        task = asyncio.create_task(waiting)
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    def put(self, message: Message) -> None:
        self._ready.put_nowait(message)

    async def next(self) -> tuple[Message, bool]:
        """The next message, and whether it has waited."""
        self._coming = self._coming or asyncio.ensure_future(self._receive())
        ready = asyncio.ensure_future(self._ready.get())
        try:
            await asyncio.wait({self._coming, ready}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not ready.done():
                ready.cancel()
        if ready.done() and not ready.cancelled():
            return ready.result(), True
        message, self._coming = self._coming.result(), None
        return message, False

    def close(self) -> None:
        for task in tuple(self._waiting):
            task.cancel()
        if self._coming:
            self._coming.cancel()


async def _forward_in_turn(
    connection: PageConnection,
    clicks: ExportClicks,
    request_id: str,
    message: Message,
    inbox: Inbox,
) -> None:
    """Pass a click on a download on when it is its turn."""
    answer = await clicks.begin(request_id)
    if answer is None:
        inbox.put(message)
    else:
        await connection.send({"type": "websocket.send", "bytes": answer})


async def _filter_message(connection: PageConnection, message: Message) -> Message | None:
    """What of a message reaches the script."""
    raw = message.get("bytes")
    if raw is None:
        return message  # a text, which Streamlit does not speak: it hangs up
    welcome = await connection.is_welcome()
    if not welcome and len(raw) > STRANGERS_BYTES:
        log_event(LogEvent.REFUSED, reason="message-too-large", bytes=len(raw))
        await connection.end(_TOO_BIG)
        return None
    if welcome:
        connection.allow_large_messages()
    filtered = filter_client_message(raw, welcome, connection.is_lost)
    connection.is_lost = connection.is_lost and not is_draw_request(raw)
    return {"type": "websocket.receive", "bytes": filtered} if filtered else None
