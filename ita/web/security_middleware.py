"""ASGI middleware that every request passes before anything of Streamlit sees it.

It refuses names that are not ours, pages of others and bodies above their cap before they are
read; sends a visitor to the entrance that is theirs; keeps data from whoever may not look; and puts
the headers of `ita.web.security_headers` on each answer.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, suppress
from urllib.parse import quote

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ita.auth.permissions import anonymous, machine_owner
from ita.config import current_bounds, current_settings
from ita.i18n import N_, bilingual
from ita.logs import LogEvent, log_event
from ita.store.unavailable import StoreUnavailable
from ita.web import paths, requests, uploads
from ita.web.current_user import (
    account_of_resumed,
    can_view,
    is_exposure_known,
    owns_upload_session,
    server_exposure,
    user_of,
    visitor_of,
)
from ita.web.forms import MAX_FORM_BYTES
from ita.web.limits import (
    ADMISSION,
    LARGE_HEADERS,
    LONG_ADDRESS,
    Holder,
    holder_of,
    is_address_long,
    refusal_response,
    refuse_socket,
)
from ita.web.page_connections import redraw, serve_connection
from ita.web.paths import RouteKind
from ita.web.security_headers import with_safe_headers
from ita.web.sign_in_routes import finish_oidc_sign_in
from ita.web.streamlit_internals import get_instance
from ita.web.uploads import BodyRefused, boundary_of, receive_in_time, receive_one_part

HANDSHAKES = 2
"""WebSockets that are asked about and given a session at a time. Hundreds at once would make each turn of
the event loop long, and what is quick to answer, as /health, takes several of its turns."""

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class SecurityMiddleware:
    """See the module."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._handshakes = asyncio.Semaphore(HANDSHAKES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        requests.note_server_address(scope)
        kind = paths.route_kind(paths.below_root(scope["path"]))
        if scope["type"] == "websocket":
            await self._shake_hands(scope, kind, receive, send)
            return
        answer = refusal(scope, kind) or await redirect_or_refuse(scope, kind)
        safely = _with_security_headers(scope, kind, send)
        if answer is None and _is_upload(scope):
            await self._receive_upload(scope, receive, safely)
        else:
            asked = answer or self._app
            await _answer_in_time(
                asked, requests.with_trusted_headers(scope, False, None), receive, safely
            )

    async def _receive_upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A file that is sent to a page. All that can be known beforehand is asked before it is read."""
        session_id = paths.below_root(scope["path"]).removeprefix(paths.UPLOADS).partition("/")[0]
        try:
            user = await run_in_threadpool(lambda: user_of(visitor_of(scope)))
        except StoreUnavailable:
            await _store_unavailable()(scope, receive, send)
            return
        if not uploads.can_upload(user):
            await _refuse("no-import", 403)(scope, receive, send)
            return
        size, boundary = _declared_size(scope), boundary_of(scope)
        if not get_instance().is_active_session(session_id):
            await _refuse("no-session", 404, _CHOOSE_AGAIN)(scope, receive, send)
            return
        if size is None:
            await _refuse("no-length", 411, _CHOOSE_AGAIN)(scope, receive, send)
            return
        if boundary is None:
            await _refuse(uploads.Shortage.SHAPE, 400, _CHOOSE_AGAIN)(scope, receive, send)
            return
        await uploads.note_released(uploads.release_left_behind(get_instance(), user))
        with uploads.reserve_upload(user, size, _most_bytes(scope)) as no_room:
            shortage = no_room
            if shortage:
                status = 413 if shortage is uploads.Shortage.YOURS else 503
                await _refuse(shortage, status, _TOO_LARGE)(scope, receive, send)
            else:
                receive_part = receive_one_part(receive, boundary)
                reason = await _answer_in_time(
                    self._app, requests.with_trusted_headers(scope, False, None), receive_part, send
                )
                shortage = uploads.Shortage(reason) if reason else None
        if shortage:
            uploads.note_refusal(session_id, shortage)
            redraw(session_id)

    async def _shake_hands(
        self, scope: Scope, kind: RouteKind, receive: Receive, send: Send
    ) -> None:
        """A WebSocket, when it is its turn."""
        await self._handshakes.acquire()
        with ExitStack() as turn:
            turn.callback(self._handshakes.release)

            async def sent(message: Message) -> None:
                await send(message)
                if message["type"] == "websocket.accept":
                    # Streamlit makes the session at once afterwards, which costs most.
                    asyncio.get_running_loop().call_soon(turn.close)

            answer = refusal(scope, kind) or await redirect_or_refuse(scope, kind)
            await self._connect(answer, scope, receive, sent)

    async def _connect(
        self, answer: Response | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if answer:
            await receive()  # the wish to connect
            await send({"type": "websocket.close", "code": 1008})
            return
        known, holder = await run_in_threadpool(_account_of, scope)
        crowded = ADMISSION.refusal_for(holder)
        if crowded:
            await refuse_socket(crowded, scope, receive, send)
            return
        is_local = visitor_of(scope).is_local
        await serve_connection(
            self._app, requests.with_trusted_headers(scope, is_local, known), receive, send, holder
        )


def refusal(scope: Scope, kind: RouteKind) -> Response | None:
    """Why a request is nothing for us, whoever sends it; None where it is."""
    name = requests.host_name(requests.header(scope, "host"))
    hosts = current_settings().hosts
    if (
        name is None
        or requests.is_repeated(scope, "host")
        or not requests.answers_to(name, hosts, requests.own_address(scope))
    ):
        return _refuse(
            "host",
            400,
            N_("ระบบนี้ไม่ตอบในชื่อที่ใช้เปิด ให้ผู้ดูแลเครื่องเพิ่มชื่อนี้ในค่า ITA_HOSTS แล้วเปิดโปรแกรมใหม่"),
        )
    changes = scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS
    if changes and not requests.is_same_site(scope, hosts):
        return _refuse("origin", 403, N_("ปฏิเสธคำขอที่มาจากเว็บไซต์อื่น"))
    if kind is RouteKind.SHUT:
        return _refuse("path", 404, N_("ไม่มีหน้านี้"))
    return _too_large(scope)


def _too_large(scope: Scope) -> Response | None:
    """Why a request is larger than any of ours; None where it is not."""
    bounds = current_bounds()
    if is_address_long(len(scope.get("raw_path") or b""), scope["query_string"], bounds):
        return refusal_response(LONG_ADDRESS, scope)
    if sum(len(name) + len(value) for name, value in scope["headers"]) > bounds.headers_kb * 1024:
        return refusal_response(LARGE_HEADERS, scope)
    if (_declared_size(scope) or 0) > _most_bytes(scope):
        return _refuse("body-too-large", 413, _TOO_LARGE)
    return None


_TOO_LARGE = N_("ข้อมูลที่ส่งมาใหญ่เกินไป")
_CHOOSE_AGAIN = N_("ระบบไม่ได้รับไฟล์นี้ ยังไม่มีการบันทึกใด ๆ กรุณาเปิดหน้านี้ใหม่แล้วเลือกไฟล์อีกครั้ง")
_NOT_READ = N_("ระบบรับข้อมูลที่ส่งมาไม่ครบ ยังไม่มีการบันทึกใด ๆ กรุณาลองอีกครั้ง")


async def _answer_in_time(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> str:
    """Answer a request whose body must come in time; returns why it was not read to its end, or ""."""
    begun = False

    async def sent(message: Message) -> None:
        nonlocal begun
        begun = True
        await send(message)

    try:
        await app(scope, receive_in_time(receive, current_bounds()), sent)
    except BodyRefused as fault:
        answer = _refuse(fault.reason, fault.status, _NOT_READ)
        answer.headers["connection"] = "close"  # what still comes is nobody's
        if not begun:
            await answer(scope, receive, send)
        return fault.reason
    return ""


async def redirect_or_refuse(scope: Scope, kind: RouteKind) -> Response | None:
    """What a visitor gets instead of what they asked for; None where they get that."""
    if kind is RouteKind.OPEN:
        return None
    if kind is not RouteKind.DATA and not is_exposure_known() and _could_be_owner(scope):
        return None  # the usual start: no page waits for the store, and its script asks anew
    try:
        return await run_in_threadpool(_redirect_or_refuse, scope, kind)
    except StoreUnavailable:
        return _store_unavailable() if kind is RouteKind.DATA else None


def _redirect_or_refuse(scope: Scope, kind: RouteKind) -> Response | None:
    visitor = visitor_of(scope)
    if requests.entrance_of(visitor.is_local, server_exposure()) is requests.Entrance.FIRST_ADMIN:
        return _redirect(paths.FIRST_ADMIN) if kind is RouteKind.PAGE else _refuse("no-admin", 403)
    if kind is RouteKind.STREAM:
        return None  # the script says what is the matter
    user = user_of(visitor)
    if not can_view(user):
        return (
            _redirect_to_sign_in(scope) if kind is RouteKind.PAGE else _refuse("not-signed-in", 403)
        )
    if kind is RouteKind.DATA and not owns_upload_session(scope, visitor):
        return _refuse("other-session", 403)
    crowded = (
        ADMISSION.refusal_for(holder_of(user, requests.client_address(scope)))
        if kind is RouteKind.PAGE
        else None
    )
    return refusal_response(crowded, scope) if crowded else None


def _could_be_owner(scope: Scope) -> bool:
    return requests.is_local_request(scope) and not requests.is_exposed()


def _account_of(scope: Scope) -> tuple[str | None, Holder]:
    """Whose session Streamlit may take up again, and for whom a page counts.

    The first: who has signed in; else whose it was, for the tab of somebody who is about to sign in
    again. What is shown there is asked anew in any case.
    """
    visitor = visitor_of(scope)
    user = anonymous(public=False)
    if not is_exposure_known() and _could_be_owner(scope):
        user = machine_owner("")  # nobody waits for the store at the usual start
    if is_exposure_known() or visitor.token or visitor.claims:
        with suppress(StoreUnavailable):
            user = user_of(visitor)
    return user.account or account_of_resumed(scope, visitor), holder_of(
        user, requests.client_address(scope)
    )


def _redirect_to_sign_in(scope: Scope) -> Response:
    query = scope["query_string"].decode("latin-1")
    asked = scope["path"] + (f"?{query}" if query else "")
    return _redirect(f"{paths.SIGN_IN}?next={quote(asked, safe='/')}")


def _redirect(path: str) -> Response:
    return RedirectResponse(f"{paths.root()}{path}", 303, {"cache-control": "no-store"})


def _refuse(reason: str, status: int, sentence: str = N_("ระบบไม่รับคำขอนี้")) -> Response:
    log_event(LogEvent.REFUSED, reason=reason, status=status)
    return PlainTextResponse(bilingual(sentence), status)


def _store_unavailable() -> Response:
    return _refuse("store", 503, N_("ใช้ระบบไม่ได้ในขณะนี้"))


def _declared_size(scope: Scope) -> int | None:
    """The size of a body by its own word; None where it says none."""
    size = requests.header(scope, "content-length") if scope["type"] == "http" else None
    return int(size) if size and size.isdecimal() else None


def _is_upload(scope: Scope) -> bool:
    path = paths.below_root(scope["path"])
    return bool(scope["method"] == "PUT" and path.startswith(paths.UPLOADS))


def _most_bytes(scope: Scope) -> int:
    if paths.below_root(scope["path"]).startswith(paths.UPLOADS):
        return (int(st.get_option("server.maxUploadSize")) + 1) * 1024 * 1024
    return MAX_FORM_BYTES


def _with_security_headers(scope: Scope, kind: RouteKind, send: Send) -> Send:
    path = paths.below_root(scope["path"])

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            if path == paths.OIDC_CALLBACK:
                message = await finish_oidc_sign_in(scope, message)
            headers = with_safe_headers(
                list(message["headers"]),
                requests.is_over_tls(scope),
                private=kind is RouteKind.DATA,
                is_asset=path.startswith(paths.ASSETS) and message["status"] == 200,
            )
            message = {**message, "headers": headers}
        await send(message)

    return sent
