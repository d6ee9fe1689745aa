"""What somebody reads who is refused for a bound: a page with a way back, or the same as plain text."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from ita.config import Bounds
from ita.i18n import N_, _, bilingual, language_set_to
from ita.logs import LogEvent, log_event
from ita.web.form_pages import link, page, paragraph, said_in
from ita.web.marks import LANGUAGE_COOKIE
from ita.web.places import below_root
from ita.web.requests import cookies, header


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


def refused(refusal: Refusal, scope: Scope) -> Response:
    """The answer: a page where a browser opens one, else text."""
    log_event(LogEvent.REFUSED, reason=refusal.reason, status=refusal.status)
    answer = _page(refusal, scope) if _opens_a_page(scope) else None
    answer = answer or PlainTextResponse(bilingual(SENTENCES[refusal]), refusal.status)
    if refusal.seconds:
        answer.headers["retry-after"] = str(refusal.seconds)
    return answer


def _opens_a_page(scope: Scope) -> bool:
    return scope["type"] == "http" and "text/html" in (header(scope, "accept") or "")


def _page(refusal: Refusal, scope: Scope) -> Response:
    query = scope["query_string"][:_LANGUAGE_WITHIN].decode("latin-1")
    chosen = parse_qs(query, max_num_fields=_LANGUAGE_WITHIN).get("lang", [None])[0]
    last = None if refusal is LARGE_HEADERS else cookies(scope).get(LANGUAGE_COOKIE)
    here = below_root(scope["path"]) if refusal.seconds else "/"
    with language_set_to(said_in(chosen, "", last)):
        again = _("ลองอีกครั้ง") if refusal.seconds else _("ไปหน้าแรก")
        body = paragraph(_(SENTENCES[refusal])) + link(here, again, "button")
        return page(_(TITLES[refusal]), body, here, status=refusal.status)


_LANGUAGE_WITHIN = 1_000
"""Letters of an address in which its language is looked for."""


def is_long(path_bytes: int, query: bytes, bounds: Bounds) -> bool:
    """Whether an address is longer, or says more, than any view of ours."""
    size = path_bytes + len(query)
    return size > bounds.address_kb * 1024 or query.count(b"&") >= bounds.address_choices


async def refuse_socket(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer the wish to open a WebSocket with a status and a sentence, where the server can."""
    await receive()
    if "websocket.http.response" in scope.get("extensions", {}):
        await refused(refusal, scope)(scope, receive, send)
    else:
        log_event(LogEvent.REFUSED, reason=refusal.reason)
        await send({"type": "websocket.close", "code": 1008})
