"""Our own forms in plain HTML, without a script: how they look, how a posted one is read and believed."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ita.config import LANGUAGES, current_settings
from ita.i18n import LANGUAGE_NAMES, _, language, language_set_to
from ita.logs import LogEvent, log_event
from ita.store.unavailable import StoreUnavailable
from ita.web.current_user import Visitor, visitor_of
from ita.web.paths import below_root, local_path, root
from ita.web.requests import (
    BROWSER_COOKIE,
    LANGUAGE_COOKIE,
    SESSION_COOKIE,
    client_address,
    is_over_tls,
)
from ita.web.security_headers import POLICY, form_policy

CSRF_FIELD = "form"
_CSRF_KEY = secrets.token_bytes(32)
MAX_FORM_BYTES = 16 * 1024


class InvalidForm(Exception):
    """What was posted is no form of ours."""


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, each once.

    Raises:
        InvalidForm: too large, not UTF-8, or not the kind that browsers send.
    """
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise InvalidForm
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > MAX_FORM_BYTES:
            raise InvalidForm
    try:
        found = parse_qs(raw.decode("ascii"), True, True, "utf-8", "strict", max_num_fields=20)
    except ValueError:
        raise InvalidForm from None
    return {name: values[0] for name, values in found.items()}


def csrf_token(request: Request) -> str:
    """What tells this browser from others: as it shows it, else a new one."""
    shown = request.cookies.get(BROWSER_COOKIE, "")
    return (
        shown
        if len(shown) == _CSRF_TOKEN_LENGTH and shown.isalnum()
        else secrets.token_hex(_CSRF_TOKEN_LENGTH // 2)
    )


_CSRF_TOKEN_LENGTH = 32


def sign_csrf_token(csrf: str) -> str:
    """What our forms for that browser hold; nobody else can make it."""
    return hmac.new(_CSRF_KEY, csrf.encode(), sha256).hexdigest()


def is_csrf_valid(request: Request, fields: dict[str, str]) -> bool:
    """Whether a form was filled in on a page that we gave to this browser."""
    given = fields.get(CSRF_FIELD, "").encode("utf-8", "surrogatepass")
    return hmac.compare_digest(
        given, sign_csrf_token(request.cookies.get(BROWSER_COOKIE, "")).encode()
    )


def set_csrf_cookie(response: Response, csrf: str, over_tls: bool) -> Response:
    response.set_cookie(
        BROWSER_COOKIE, csrf, path=f"{root()}/", httponly=True, samesite="lax", secure=over_tls
    )
    return response


@dataclass(frozen=True)
class FormField:
    """One thing to fill in. kind, filled_by: HTML's `type` and `autocomplete`."""

    name: str
    label: str
    kind: str = "text"
    filled_by: str = "off"
    value: str = ""
    hint: str = ""


def form_page(
    title: str,
    body: Iterable[Markup],
    here: str,
    next_path: str = "",
    status: int = 200,
    refresh: str = "",
) -> HTMLResponse:
    """A page. body: of `alert`, `form`, … in turn; here: its path, which the language switch opens
    again; refresh: an address that the browser goes on to by itself."""
    query = {"next": next_path} if next_path else {}
    content = (
        _templates()
        .get_template("page.html")
        .render(
            language=language(),
            title=title,
            root=root(),
            colours=_colours,
            languages=[
                (code, LANGUAGE_NAMES[code], urlencode({"lang": code, **query}))
                for code in LANGUAGES
                if code != language()
            ],
            here=here,
            body=Markup("").join(body),
            refresh=refresh,
        )
    )
    policy = {POLICY.decode(): form_policy(), "cache-control": "no-store"}
    return HTMLResponse(content, status, policy)


@cache
def _templates() -> Environment:
    folder = Path(__file__).parent / "templates"
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)


def html_part(name: str, *values: object) -> Markup:
    """A macro of templates/parts.html with its values escaped."""
    part: Markup = getattr(_templates().get_template("parts.html").module, name)(*values)
    return part


def form(action: str, fields: Iterable[FormField], button: str, hidden: dict[str, str]) -> Markup:
    """A form that is posted to a path of ours. hidden: what goes along unseen."""
    return html_part("form", f"{root()}{action}", list(fields), button, hidden)


def alert(text: str) -> Markup:
    """What went wrong, told at once to those who listen to the page."""
    return html_part("alert", text) if text else Markup("")


def paragraph(text: str) -> Markup:
    return html_part("paragraph", text)


def link(path: str, text: str, look: str = "", **query: str) -> Markup:
    """A link to a path of ours. look: "button" for one that is a way in."""
    query_string = f"?{urlencode(query)}" if query else ""
    return html_part("link", f"{root()}{path}{query_string}", text, look)


def choose_language(chosen: str | None, next_path: str, last: str | None) -> str:
    """The language of a page: as chosen, else as the page spoke that sent the visitor here, else the
    one that was chosen last in this browser."""
    before = dict(parse_qsl(next_path.partition("?")[2])).get("lang")
    return next((one for one in (chosen, before, last) if one in LANGUAGES), LANGUAGES[0])


@cache
def _colours(theme: str) -> dict[str, str]:
    """The look of the dashboard: its colours out of .streamlit/config.toml."""
    names = {
        "ground": "backgroundColor",
        "field": "secondaryBackgroundColor",
        "ink": "textColor",
        "line": "borderColor",
        "link": "linkColor",
        "primary": "primaryColor",
    }
    chosen = {name: st.get_option(f"theme.{theme}.{option}") for name, option in names.items()}
    signs = (
        {"on": "#12181D", "bad": "#F2919A"} if theme == "dark" else {"on": "#fff", "bad": "#B23A48"}
    )
    return chosen | signs


@dataclass(frozen=True)
class FormRequest:
    """A request for one of our forms. fields: what was posted, None where the form is asked for.
    next_path: where to go on to afterwards, on our own site. csrf: token of this browser."""

    request: Request
    fields: dict[str, str] | None
    next_path: str
    csrf: str

    @property
    def visitor(self) -> Visitor:
        return visitor_of(self.request.scope)

    @property
    def over_tls(self) -> bool:
        return is_over_tls(self.request.scope)

    @property
    def address(self) -> str:
        return client_address(self.request.scope) or "?"

    def hidden(self) -> dict[str, str]:
        """What goes along unseen with each form of ours."""
        return {CSRF_FIELD: sign_csrf_token(self.csrf), "next": self.next_path}

    def field(self, name: str) -> str:
        return (self.fields or {}).get(name, "")


Answer = Callable[[FormRequest], Awaitable[Response]]


def form_route(answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    """A route of a form: shown on GET, taken on POST where it is ours."""

    async def route(request: Request) -> Response:
        try:
            fields = await read_form(request) if request.method == "POST" else None
        except InvalidForm:
            log_event(LogEvent.REFUSED, reason="form", status=400)
            return _try_again_page(request, 400)
        next_path = local_path((fields or request.query_params).get("next"))
        csrf = csrf_token(request)
        with language_set_to(
            choose_language(
                request.query_params.get("lang"), next_path, request.cookies.get(LANGUAGE_COOKIE)
            )
        ):
            if fields is not None and not is_csrf_valid(request, fields):
                log_event(LogEvent.REFUSED, reason="form-mark", status=403)
                response = _try_again_page(request, 403)
            else:
                response = await _answer_or_unavailable(
                    answer, FormRequest(request, fields, next_path, csrf)
                )
        return set_csrf_cookie(response, csrf, is_over_tls(request.scope))

    return route


async def _answer_or_unavailable(answer: Answer, form_request: FormRequest) -> Response:
    try:
        return await answer(form_request)
    except StoreUnavailable as fault:
        log_event(LogEvent.STORE_UNAVAILABLE, reason=fault.trouble.value)
        sentence = fault if form_request.visitor.is_local else fault.without_local_details()
        return form_page(
            _("ใช้ระบบไม่ได้ในขณะนี้"),
            [alert(str(sentence))],
            below_root(form_request.request.url.path),
            status=503,
        )


def _try_again_page(request: Request, status: int) -> Response:
    here = below_root(request.url.path)
    sentence = _("แบบฟอร์มนี้เปิดไว้นานหรือเปิดจากที่อื่น ยังไม่มีการบันทึกใด ๆ กรุณาเปิดหน้านี้ใหม่แล้วกรอกอีกครั้ง")
    retry = link(here, _("เปิดหน้านี้ใหม่"), "button")
    return form_page(_("กรุณาลองอีกครั้ง"), [alert(sentence), retry], here, status=status)


def redirect(path: str) -> RedirectResponse:
    """To a path of this site that is already known for one."""
    return RedirectResponse(path, 303, {"cache-control": "no-store"})


def set_session_cookie(response: Response, token: str, over_tls: bool) -> Response:
    """Give a session's token to the browser, where no script can read it."""
    seconds = int(current_settings().sign_in.session_hours * 3600)
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=seconds,
        path=f"{root()}/",
        httponly=True,
        samesite="lax",
        secure=over_tls,
    )
    return response


def delete_session_cookie(response: Response) -> Response:
    response.delete_cookie(SESSION_COOKIE, path=f"{root()}/", httponly=True, samesite="lax")
    return response
