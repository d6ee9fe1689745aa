"""Our own forms in plain HTML, without a script: how they look, how a posted one is read and believed."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape
from urllib.parse import parse_qs, parse_qsl, urlencode

import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ita.config import LANGUAGES, current_settings
from ita.i18n import LANGUAGE_NAMES, _, language, language_set_to
from ita.logs import LogEvent, log_event
from ita.store.unavailable import StoreUnavailable
from ita.web.current_user import Visitor, visitor_of
from ita.web.paths import local_path, root
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
        NotAForm: too large, not UTF-8, or not the kind that browsers send.
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
    title: str, body: str, here: str, next_path: str = "", status: int = 200, head: str = ""
) -> HTMLResponse:
    """A page. body: HTML; here: its path, which the language switch opens again."""
    content = _PAGE.format(
        language=language(),
        title=escape(title),
        style=_style(),
        root=root(),
        head=head,
        switch=_switch(here, next_path),
        heading=escape(title),
        body=body,
    )
    policy = {POLICY.decode(): form_policy(), "cache-control": "no-store"}
    return HTMLResponse(content, status, policy)


def form(action: str, fields: Iterable[FormField], button: str, hidden: dict[str, str]) -> str:
    """A form that is posted to a path of ours. hidden: what goes along unseen."""
    unseen = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in hidden.items()
    )
    return (
        f'<form method="post" action="{root()}{action}">{unseen}'
        f"{''.join(map(_field, fields))}<button>{escape(button)}</button></form>"
    )


def _field(field: FormField) -> str:
    hint = f'<small id="{field.name}-hint">{escape(field.hint)}</small>' if field.hint else ""
    described_by = f' aria-describedby="{field.name}-hint"' if hint else ""
    return (
        f'<label for="{field.name}">{escape(field.label)}</label>{hint}'
        f'<input id="{field.name}" name="{field.name}" type="{field.kind}" required{described_by} '
        f'autocomplete="{field.filled_by}" value="{escape(field.value)}" maxlength="1024" '
        'autocapitalize="none" spellcheck="false">'
    )


def alert(text: str) -> str:
    """What went wrong, told at once to those who listen to the page."""
    return f'<p class="alert" role="alert">{escape(text)}</p>' if text else ""


def paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def link(path: str, text: str, look: str = "", **query: str) -> str:
    """A link to a path of ours. look: "button" for one that is a way in."""
    query_string = f"?{urlencode(query)}" if query else ""
    named = f' class="{look}"' if look else ""
    return f'<p><a{named} href="{root()}{escape(path + query_string)}">{escape(text)}</a></p>'


def _switch(here: str, next_path: str) -> str:
    others = (code for code in LANGUAGES if code != language())
    links = []
    for code in others:
        query = urlencode({"lang": code, **({"next": next_path} if next_path else {})})
        shown = escape(LANGUAGE_NAMES[code])
        links.append(f'<a lang="{code}" href="{root()}{here}?{escape(query)}">{shown}</a>')
    return " ".join(links)


def choose_language(chosen: str | None, next_path: str, last: str | None) -> str:
    """The language of a page: as chosen, else as the page spoke that sent the visitor here, else the
    one that was chosen last in this browser."""
    before = dict(parse_qsl(next_path.partition("?")[2])).get("lang")
    return next((one for one in (chosen, before, last) if one in LANGUAGES), LANGUAGES[0])


_PAGE = """<!doctype html>
<html lang="{language}" translate="no"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">{head}
<title>{title} · ITA Trends</title><link rel="icon" href="{root}/app/static/icon.png">
<style>{style}</style></head>
<body><header><a href="{root}/"><b>ITA Trends</b></a><nav>{switch}</nav></header>
<main><h1>{heading}</h1>{body}</main></body></html>"""


@cache
def _style() -> str:
    """The look of the dashboard: its colours and letters out of .streamlit/config.toml."""
    faces = "".join(
        f"@font-face{{font-family:Sarabun;font-weight:{weight};font-display:swap;"
        f"src:url({root()}/app/static/Sarabun-{name}.woff2) format('woff2')}}"
        for weight, name in ((400, "Regular"), (600, "SemiBold"), (700, "Bold"))
    )
    dark = f"@media (prefers-color-scheme: dark){{:root{{{_colours('dark')}}}}}"
    return f"{faces}:root{{{_colours('light')}}}{dark}{_LAYOUT}"


def _colours(theme: str) -> str:
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
    variables = "".join(f"--{name}:{value};" for name, value in (chosen | signs).items())
    return f"color-scheme:{theme};{variables}"


_LAYOUT = """
*{box-sizing:border-box}
body{margin:0;font:400 17px/1.6 Sarabun,sans-serif;background:var(--ground);color:var(--ink)}
header{display:flex;justify-content:space-between;padding:1rem 1.25rem}
header a{color:inherit}
main{max-width:26rem;margin:2rem auto;padding:0 1.25rem 3rem}
h1{font-size:1.7rem;font-weight:700;line-height:1.35;margin:0 0 1rem}
a{color:var(--link)}
label{display:block;font-weight:600;margin:1.1rem 0 .25rem}
small{display:block;font-size:.88rem;margin:-.1rem 0 .35rem}
input{width:100%;font:inherit;color:inherit;background:var(--field);padding:.6rem .75rem;
border:1px solid color-mix(in srgb,var(--ink) 55%,transparent);border-radius:10px}
button,a.button{display:block;width:100%;font:inherit;font-weight:600;text-align:center;
text-decoration:none;padding:.7rem 1rem;margin-top:1.5rem;border:1px solid var(--primary);
border-radius:10px;cursor:pointer;background:var(--primary);color:var(--on)}
a.button{background:transparent;color:var(--link);margin-top:1rem}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.alert{border-left:4px solid var(--bad);padding:.5rem .9rem;margin:0 0 1rem;
background:var(--field);font-weight:600}
code{font:600 1em monospace;overflow-wrap:anywhere}
hr{border:0;border-top:1px solid var(--line);margin:2rem 0 1rem}
"""


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
            return _again(request, 400)
        next_path = local_path((fields or request.query_params).get("next"))
        csrf = csrf_token(request)
        with language_set_to(
            choose_language(
                request.query_params.get("lang"), next_path, request.cookies.get(LANGUAGE_COOKIE)
            )
        ):
            if fields is not None and not is_csrf_valid(request, fields):
                log_event(LogEvent.REFUSED, reason="form-mark", status=403)
                response = _again(request, 403)
            else:
                response = await _answered(answer, FormRequest(request, fields, next_path, csrf))
        return set_csrf_cookie(response, csrf, is_over_tls(request.scope))

    return route


async def _answered(answer: Answer, form_request: FormRequest) -> Response:
    try:
        return await answer(form_request)
    except StoreUnavailable as fault:
        log_event(LogEvent.STORE_UNAVAILABLE, reason=fault.trouble.value)
        sentence = fault if form_request.visitor.is_local else fault.without_local_details()
        return form_page(
            _("ใช้ระบบไม่ได้ในขณะนี้"), alert(str(sentence)), form_request.request.url.path, status=503
        )


def _again(request: Request, status: int) -> Response:
    here = request.url.path
    sentence = _("แบบฟอร์มนี้เปิดไว้นานหรือเปิดจากที่อื่น ยังไม่มีการบันทึกใด ๆ กรุณาเปิดหน้านี้ใหม่แล้วกรอกอีกครั้ง")
    retry = f'<p><a class="button" href="{here}">{_("เปิดหน้านี้ใหม่")}</a></p>'
    return form_page(_("กรุณาลองอีกครั้ง"), alert(sentence) + retry, here, status=status)


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
