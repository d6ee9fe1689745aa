"""The gate: ASGI middleware that every request passes before anything of Streamlit sees it.

It refuses names that are not ours, pages of others and bodies above their cap before they are
read; sends a visitor to the entrance that is theirs; keeps data from whoever may not look; and puts
the headers of `ita.web.headers` on each answer.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, suppress
from urllib.parse import quote

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import get_instance

from ita.auth.users import anonymous, machine_owner
from ita.config import current_bounds, current_settings
from ita.i18n import N_, bilingual
from ita.logs import LogEvent, log_event
from ita.store.unavailable import StoreUnavailable
from ita.web import places, uploads
from ita.web.admission import ADMISSION, Holder, holder_of
from ita.web.arrivals import arrived
from ita.web.bodies import BodyRefused, boundary_of, in_time, one_part
from ita.web.connections import carry, redraw
from ita.web.current_user import can_view, house_is_known, person_of, the_house
from ita.web.entrances import Entrance, entrance_of
from ita.web.headers import with_safe_headers
from ita.web.hosts import answers_to, host_name
from ita.web.listening import is_exposed, note_arrival
from ita.web.marks import marked
from ita.web.places import RouteKind
from ita.web.refusals import LARGE_HEADERS, LONG_ADDRESS, is_long, refuse_socket, refused
from ita.web.requests import (
    header,
    is_near,
    is_of_this_site,
    is_over_tls,
    own_address,
    peer,
    stands_twice,
)
from ita.web.visitors import person_behind, visitor_of
from ita.web.whose import account_before, is_of_this_visitor

HANDSHAKES = 2
"""WebSockets that are asked about and given a session at a time. Hundreds at once would make each turn of
the event loop long, and what is quick to answer, as /health, takes several of its turns."""

FORM_BYTES = 16 * 1024
"""The most that a form of ours may hold."""

_READS = ("GET", "HEAD", "OPTIONS")


class SecurityMiddleware:
    """See the module."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._handshakes = asyncio.Semaphore(HANDSHAKES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        note_arrival(scope)
        place = places.route_kind(places.below_root(scope["path"]))
        if scope["type"] == "websocket":
            await self._shake_hands(scope, place, receive, send)
            return
        answer = refusal(scope, place) or await instead(scope, place)
        safely = _safely(scope, place, send)
        if answer is None and _is_upload(scope):
            await self._take(scope, receive, safely)
        else:
            asked = answer or self._app
            await _read(asked, marked(scope, False, None), receive, safely)

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A file that is sent to a page. All that can be known beforehand is asked before it is read."""
        session_id = places.below_root(scope["path"]).removeprefix(places.UPLOADS).partition("/")[0]
        try:
            user = await run_in_threadpool(person_behind, scope)
        except StoreUnavailable:
            await _not_now()(scope, receive, send)
            return
        if not uploads.may_send(user):
            await _refused("no-import", 403)(scope, receive, send)
            return
        size, boundary = _told_size(scope), boundary_of(scope)
        if not get_instance().is_active_session(session_id):
            await _refused("no-session", 404, _CHOOSE_AGAIN)(scope, receive, send)
            return
        if size is None:
            await _refused("no-length", 411, _CHOOSE_AGAIN)(scope, receive, send)
            return
        if boundary is None:
            await _refused(uploads.Shortage.SHAPE, 400, _CHOOSE_AGAIN)(scope, receive, send)
            return
        with uploads.room_for(user, size, _most_bytes(scope)) as shortage:
            lacking = shortage
            if lacking:
                status = 413 if lacking is uploads.Shortage.YOURS else 503
                await _refused(lacking, status, _TOO_LARGE)(scope, receive, send)
            else:
                taken = one_part(receive, boundary)
                reason = await _read(self._app, marked(scope, False, None), taken, send)
                lacking = uploads.Shortage(reason) if reason else None
        if lacking:
            uploads.note_refusal(session_id, lacking)
            redraw(session_id)

    async def _shake_hands(
        self, scope: Scope, place: RouteKind, receive: Receive, send: Send
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

            answer = refusal(scope, place) or await instead(scope, place)
            await self._connect(answer, scope, receive, sent)

    async def _connect(
        self, answer: Response | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if answer:
            await receive()  # the wish to connect
            await send({"type": "websocket.close", "code": 1008})
            return
        known, holder = await run_in_threadpool(_account_of, scope)
        crowd = ADMISSION.crowd(holder)
        if crowd:
            await refuse_socket(crowd, scope, receive, send)
            return
        near = visitor_of(scope).is_local
        await carry(self._app, marked(scope, near, known), receive, send, holder)


def refusal(scope: Scope, place: RouteKind) -> Response | None:
    """Why a request is nothing for us, whoever sends it; None where it is."""
    name = host_name(header(scope, "host"))
    hosts = current_settings().hosts
    if (
        name is None
        or stands_twice(scope, "host")
        or not answers_to(name, hosts, own_address(scope))
    ):
        return _refused(
            "host",
            400,
            N_("ระบบนี้ไม่ตอบในชื่อที่ใช้เปิด ให้ผู้ดูแลเครื่องเพิ่มชื่อนี้ในค่า ITA_HOSTS แล้วเปิดโปรแกรมใหม่"),
        )
    changes = scope["type"] == "websocket" or scope["method"] not in _READS
    if changes and not is_of_this_site(scope, hosts):
        return _refused("origin", 403, N_("ปฏิเสธคำขอที่มาจากเว็บไซต์อื่น"))
    if place is RouteKind.SHUT:
        return _refused("path", 404, N_("ไม่มีหน้านี้"))
    return _too_large(scope)


def _too_large(scope: Scope) -> Response | None:
    """Why a request is larger than any of ours; None where it is not."""
    bounds = current_bounds()
    if is_long(len(scope.get("raw_path") or b""), scope["query_string"], bounds):
        return refused(LONG_ADDRESS, scope)
    if sum(len(name) + len(value) for name, value in scope["headers"]) > bounds.headers_kb * 1024:
        return refused(LARGE_HEADERS, scope)
    if (_told_size(scope) or 0) > _most_bytes(scope):
        return _refused("body-too-large", 413, _TOO_LARGE)
    return None


_TOO_LARGE = N_("ข้อมูลที่ส่งมาใหญ่เกินไป")
_CHOOSE_AGAIN = N_("ระบบไม่ได้รับแฟ้มนี้ ยังไม่มีการบันทึกใด ๆ กรุณาเปิดหน้านี้ใหม่แล้วเลือกแฟ้มอีกครั้ง")
_NOT_READ = N_("ระบบรับข้อมูลที่ส่งมาไม่ครบ ยังไม่มีการบันทึกใด ๆ กรุณาลองอีกครั้ง")


async def _read(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> str:
    """Answer a request whose body must come in time; returns why it was not read to its end, or ""."""
    begun = False

    async def sent(message: Message) -> None:
        nonlocal begun
        begun = True
        await send(message)

    try:
        await app(scope, in_time(receive, current_bounds()), sent)
    except BodyRefused as fault:
        answer = _refused(fault.reason, fault.status, _NOT_READ)
        answer.headers["connection"] = "close"  # what still comes is nobody's
        if not begun:
            await answer(scope, receive, send)
        return fault.reason
    return ""


async def instead(scope: Scope, place: RouteKind) -> Response | None:
    """What a visitor gets instead of what they asked for; None where they get that."""
    if place is RouteKind.OPEN:
        return None
    if place is not RouteKind.DATA and not house_is_known() and _may_be_owner(scope):
        return None  # the usual start: no page waits for the store, and its script asks anew
    try:
        return await run_in_threadpool(_instead, scope, place)
    except StoreUnavailable:
        return _not_now() if place is RouteKind.DATA else None


def _instead(scope: Scope, place: RouteKind) -> Response | None:
    asking = visitor_of(scope)
    if entrance_of(asking.is_local, the_house()) is Entrance.FIRST_ADMIN:
        return (
            _sent_to(places.FIRST_ADMIN) if place is RouteKind.PAGE else _refused("no-admin", 403)
        )
    if place is RouteKind.STREAM:
        return None  # the script says what is the matter
    user = person_of(asking)
    if not can_view(user):
        return _to_sign_in(scope) if place is RouteKind.PAGE else _refused("not-signed-in", 403)
    if place is RouteKind.DATA and not is_of_this_visitor(scope, asking):
        return _refused("other-session", 403)
    crowd = ADMISSION.crowd(holder_of(user, peer(scope))) if place is RouteKind.PAGE else None
    return refused(crowd, scope) if crowd else None


def _may_be_owner(scope: Scope) -> bool:
    return is_near(scope) and not is_exposed()


def _account_of(scope: Scope) -> tuple[str | None, Holder]:
    """Whose session Streamlit may take up again, and for whom a page counts.

    The first: who has signed in; else whose it was, for the tab of somebody who is about to sign in
    again. What is shown there is asked anew in any case.
    """
    asking = visitor_of(scope)
    user = anonymous(public=False)
    if not house_is_known() and _may_be_owner(scope):
        user = machine_owner("")  # nobody waits for the store at the usual start
    if house_is_known() or asking.token or asking.claims:
        with suppress(StoreUnavailable):
            user = person_of(asking)
    return user.account or account_before(scope, asking), holder_of(user, peer(scope))


def _to_sign_in(scope: Scope) -> Response:
    query = scope["query_string"].decode("latin-1")
    asked = scope["path"] + (f"?{query}" if query else "")
    return _sent_to(f"{places.SIGN_IN}?next={quote(asked, safe='/')}")


def _sent_to(place: str) -> Response:
    return RedirectResponse(f"{places.root()}{place}", 303, {"cache-control": "no-store"})


def _refused(reason: str, status: int, told: str = N_("ปฏิเสธคำขอนี้")) -> Response:
    log_event(LogEvent.REFUSED, reason=reason, status=status)
    return PlainTextResponse(bilingual(told), status)


def _not_now() -> Response:
    return _refused("store", 503, N_("ใช้ระบบไม่ได้ในขณะนี้"))


def _told_size(scope: Scope) -> int | None:
    """The size of a body by its own word; None where it says none."""
    told = header(scope, "content-length") if scope["type"] == "http" else None
    return int(told) if told and told.isdecimal() else None


def _is_upload(scope: Scope) -> bool:
    path = places.below_root(scope["path"])
    return bool(scope["method"] == "PUT" and path.startswith(places.UPLOADS))


def _most_bytes(scope: Scope) -> int:
    if places.below_root(scope["path"]).startswith(places.UPLOADS):
        return (int(st.get_option("server.maxUploadSize")) + 1) * 1024 * 1024
    return FORM_BYTES


def _safely(scope: Scope, place: RouteKind, send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            if places.below_root(scope["path"]) == places.WAY_BACK:
                message = await arrived(scope, message)
            headers = with_safe_headers(
                list(message["headers"]), is_over_tls(scope), place is RouteKind.DATA
            )
            message = {**message, "headers": headers}
        await send(message)

    return sent
