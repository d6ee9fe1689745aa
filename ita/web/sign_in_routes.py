"""/sign-in, /sign-out, /change-password, /first-admin for who can read the console, and the way back from
the organisation's sign-in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache, partial
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from anyio import CapacityLimiter, to_thread
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Message, Scope

from ita.auth.audit import AuditEvent, record, recording
from ita.auth.permissions import User, anonymous
from ita.auth.sign_in import FirstAdminCode
from ita.auth.throttling import LoginThrottle, SignInRefusal, network_of
from ita.config import current_settings
from ita.i18n import N_, _, bilingual, language
from ita.logs import LogEvent, log_event
from ita.store.unavailable import StoreUnavailable
from ita.web import current_user, paths
from ita.web.current_user import (
    Visitor,
    claims_in,
    claims_refusal,
    find_session,
    has_local_admin,
    server_exposure,
    signed_in_user,
    user_of,
)
from ita.web.forms import (
    FormField,
    FormRequest,
    alert,
    delete_session_cookie,
    form,
    form_page,
    html_part,
    link,
    paragraph,
    redirect,
    set_session_cookie,
)
from ita.web.page_connections import reconnect_browser
from ita.web.paths import FIRST_ADMIN, root
from ita.web.requests import (
    BROWSER_COOKIE,
    NEXT_COOKIE,
    SESSION_COOKIE,
    Entrance,
    client_address,
    cookies,
    entrance_of,
)
from ita.web.store_access import get_store
from ita.web.streamlit_internals import encode_provider_token

if TYPE_CHECKING:  # with what makes passwords, for a click only
    from ita.auth.sessions import Session


@cache
def login_throttle() -> LoginThrottle:
    return LoginThrottle()


PASSWORD_WORKERS = 4
"""So many are let in or told no at a time; the others wait without holding a thread, of which the
pages have few: comparing a password takes long, and a flood of them longer."""


@cache
def _password_limiter() -> CapacityLimiter:
    return CapacityLimiter(PASSWORD_WORKERS)


async def run_password_work(answer: Callable[..., Response], *arguments: object) -> Response:
    """Run what compares or makes a password, when it is its turn."""
    return await to_thread.run_sync(partial(answer, *arguments), limiter=_password_limiter())


@cache
def first_admin_code() -> FirstAdminCode:
    """The code of this process; told on the console when it is first asked for, and nowhere else."""
    made = FirstAdminCode()
    sentence = bilingual(_CODE_SENTENCE).format(page=f"{root()}{FIRST_ADMIN}").replace("\n", "\n  ")
    sys.stdout.write(f"\n  {sentence}\n\n      {made.generate()}\n\n")
    sys.stdout.flush()
    return made


_CODE_SENTENCE = N_("ยังไม่มีผู้ดูแลระบบ เปิดหน้า {page} แล้วใส่รหัสนี้ ใช้ได้ครั้งเดียว")


async def sign_in(form_request: FormRequest) -> Response:
    """The form, or the way in."""
    if form_request.fields is not None:
        return await run_password_work(_sign_in, form_request)
    return await run_in_threadpool(_sign_in_form, form_request)


def _sign_in_form(form_request: FormRequest) -> Response:
    entrance = entrance_of(form_request.visitor.is_local, server_exposure())
    if entrance is Entrance.OWNER:
        return redirect(form_request.next_path)
    if entrance is Entrance.FIRST_ADMIN:
        return redirect(f"{paths.root()}{paths.FIRST_ADMIN}")
    session = find_session(form_request.visitor)
    if session and session.must_change:
        return redirect(_change_url(form_request))
    if signed_in_user(form_request.visitor):
        return redirect(form_request.next_path)
    refused = claims_refusal(form_request.visitor)
    return _sign_in_page(form_request, refused.message() if refused else "")


def _sign_in(form_request: FormRequest) -> Response:
    from ita.auth.sign_in import sign_in as let_in

    before = form_request.visitor.token
    result = let_in(
        get_store(),
        login_throttle(),
        current_settings().sign_in,
        form_request.field("account"),
        form_request.field("password"),
        form_request.address,
    )
    if isinstance(result, SignInRefusal):
        log_event(LogEvent.SIGN_IN_FAILED, reason=result.failure.value)
        return _sign_in_page(form_request, result.message(), 429 if result.wait else 401)
    log_event(LogEvent.SIGNED_IN, reason="account")
    reconnect_browser(before, form_request.csrf)
    onward = _change_url(form_request) if result.must_change else form_request.next_path
    return set_session_cookie(redirect(onward), result.token, form_request.over_tls)


def _change_url(form_request: FormRequest) -> str:
    """The form of a new password, which goes on to the page that was asked for."""
    onward = urlencode({"next": form_request.next_path})
    return f"{paths.root()}{paths.CHANGE_PASSWORD}?{onward}"


def _sign_in_page(form_request: FormRequest, wrong: str, status: int = 200) -> Response:
    fields = (
        _account_field(form_request),
        FormField("password", _("รหัสผ่าน"), "password", "current-password"),
    )
    made = _MADE in form_request.request.query_params and not wrong
    body = [
        alert(wrong),
        *([paragraph(_("ตั้งผู้ดูแลระบบแล้ว กรุณาเข้าสู่ระบบด้วยชื่อและรหัสผ่านที่ตั้งไว้"))] if made else []),
        form(paths.SIGN_IN, fields, _("เข้าสู่ระบบ"), form_request.hidden()),
        *_oidc_links(form_request),
        html_part("rule"),
        paragraph(_("ไม่มีบัญชีหรือลืมรหัสผ่าน กรุณาติดต่อผู้ดูแลระบบของหน่วยงาน")),
        link(paths.HANDBOOK_FILE, _("คู่มือการใช้งาน (PDF)"), lang=language()),
    ]
    if current_settings().sign_in.public:
        body.append(link("/", _("ดูข้อมูลโดยไม่เข้าสู่ระบบ")))
    return form_page(_("เข้าสู่ระบบ"), body, paths.SIGN_IN, form_request.next_path, status)


def _account_field(form_request: FormRequest) -> FormField:
    typed = form_request.field("account")[:256]
    return FormField("account", _("ชื่อผู้ใช้"), filled_by="username", value=typed)


def _oidc_links(form_request: FormRequest) -> list[Markup]:
    """A way in by each provider that is set."""
    texts = {current_user.DEFAULT_PROVIDER: _("เข้าสู่ระบบด้วยบัญชีขององค์กร")}
    return [
        link(
            paths.OIDC_SIGN_IN,
            texts.get(name, name),
            "button",
            provider=name,
            next=form_request.next_path,
        )
        for name in current_user.oidc_providers()
    ]


async def oidc_sign_in(form_request: FormRequest) -> Response:
    """On to the organisation, which sends the visitor back to Streamlit."""
    name = form_request.request.query_params.get("provider", current_user.DEFAULT_PROVIDER)
    if name not in current_user.oidc_providers():
        return redirect(f"{paths.root()}{paths.SIGN_IN}")
    response = redirect(f"{paths.root()}/auth/login?provider={encode_provider_token(name)}")
    response.set_cookie(
        NEXT_COOKIE,
        form_request.next_path,
        max_age=600,
        path=f"{paths.root()}/",
        httponly=True,
        samesite="lax",
        secure=form_request.over_tls,
    )
    return response


async def sign_out(form_request: FormRequest) -> Response:
    """The question, or the end of the session."""
    if form_request.fields is None:
        return await run_in_threadpool(_sign_out_form, form_request)
    await run_in_threadpool(_end_session, form_request)
    reconnect_browser(form_request.visitor.token, form_request.csrf)
    if form_request.visitor.claims:
        return delete_session_cookie(_oidc_sign_out_page())
    return delete_session_cookie(redirect(f"{paths.root()}{paths.SIGN_IN}"))


def _sign_out_form(form_request: FormRequest) -> Response:
    user = user_of(form_request.visitor)
    if user.account is None:
        return redirect(f"{paths.root()}/")
    body = [
        paragraph(_("ท่านเข้าสู่ระบบในชื่อ {name} แล้ว", name=user.name)),
        form(paths.SIGN_OUT, (), _("ออกจากระบบ"), form_request.hidden()),
    ]
    return form_page(_("ออกจากระบบ"), body, paths.SIGN_OUT, form_request.next_path)


def _end_session(form_request: FormRequest) -> None:
    from ita.auth.sessions import sign_out as end_session

    end_session(get_store(), form_request.visitor.token)
    log_event(LogEvent.SIGNED_OUT)


def _oidc_sign_out_page() -> Response:
    """On to Streamlit's own sign-out, which may lead to the organisation's.

    Not by a redirect: browsers hold the whole way of a posted form to our own site.
    """
    onward = f"{paths.root()}/auth/logout"
    body = [paragraph(_("กำลังออกจากระบบขององค์กร")), link("/auth/logout", _("ไปต่อ"), "button")]
    return form_page(_("ออกจากระบบ"), body, paths.SIGN_OUT, refresh=onward)


async def first_admin(form_request: FormRequest) -> Response:
    """The one form there is before there is an administrator."""
    if not await run_in_threadpool(_is_open):
        return redirect(f"{paths.root()}{paths.SIGN_IN}")
    if form_request.fields is None:
        return _first_admin_page(form_request, "")
    return await run_password_work(_create_first_admin, form_request)


def _is_open() -> bool:
    """Whether an administrator may be made here: there is none, and others could come."""
    exposure = server_exposure()
    return not has_local_admin() and (exposure.wide or exposure.accounts)


def _create_first_admin(form_request: FormRequest) -> Response:
    from ita.auth.accounts import AccountFault
    from ita.auth.sign_in import first_admin_faults, make_first_admin

    code = first_admin_code()
    filled = [form_request.field(name) for name in ("code", "account", "name", "password")]
    if form_request.field("password") != form_request.field("again"):
        faults = [_(_PASSWORDS_DIFFER), *first_admin_faults(code, *filled)]
        return _first_admin_page(form_request, "\n".join(faults), 400)
    try:
        make_first_admin(get_store(), code, *filled)
    except AccountFault as fault:
        log_event(LogEvent.SIGN_IN_FAILED, reason="first-admin")
        return _first_admin_page(form_request, str(fault), 400)
    log_event(LogEvent.SIGNED_IN, reason="first-admin")
    return redirect(f"{paths.root()}{paths.SIGN_IN}?{_MADE}=1")


# In the address of the form that follows the first administrator's.
_MADE = "made"


def _first_admin_page(form_request: FormRequest, wrong: str, status: int = 200) -> Response:
    first_admin_code()  # printed now, if it was not before
    fields = (
        FormField(
            "code",
            _("รหัสใช้ครั้งเดียว"),
            value=form_request.field("code")[:256],
            hint=_("อยู่ในหน้าจอที่เปิดโปรแกรม"),
        ),
        _account_field(form_request),
        FormField("name", _("ชื่อที่แสดง"), filled_by="name", value=form_request.field("name")[:256]),
        *_new_password(),
    )
    body = [
        alert(wrong),
        paragraph(
            _("ระบบนี้เปิดให้เครื่องอื่นเข้าถึง แต่ยังไม่มีผู้ดูแลระบบ จึงยังไม่แสดงข้อมูลใด ๆ กรุณาตั้งผู้ดูแลระบบคนแรก")
        ),
        form(paths.FIRST_ADMIN, fields, _("ตั้งผู้ดูแลระบบ"), form_request.hidden()),
        html_part("rule"),
        paragraph(_("หรือปิดโปรแกรม แล้วสั่งที่เครื่องนี้")),
        html_part("command", f"python -m ita user add {_('ชื่อผู้ใช้')} --role admin"),
    ]
    title = _("ตั้งผู้ดูแลระบบคนแรก")
    return form_page(title, body, paths.FIRST_ADMIN, form_request.next_path, status)


def _new_password() -> tuple[FormField, FormField]:
    from ita.auth.passwords import MIN_LENGTH

    hint = _("อย่างน้อย {least} ตัวอักษร จะเป็นประโยคภาษาไทยก็ได้", least=MIN_LENGTH)
    return (
        FormField("password", _("รหัสผ่านใหม่"), "password", "new-password", hint=hint),
        FormField("again", _("รหัสผ่านใหม่อีกครั้ง"), "password", "new-password"),
    )


_PASSWORDS_DIFFER = N_("รหัสผ่านใหม่สองครั้งไม่ตรงกัน กรุณากรอกใหม่")


async def change_password(form_request: FormRequest) -> Response:
    """A new password for who has signed in, also where an administrator gave one to be used once."""
    session = await run_in_threadpool(find_session, form_request.visitor)
    if session is None:
        onward = urlencode({"next": form_request.next_path})
        return redirect(f"{paths.root()}{paths.SIGN_IN}?{onward}")
    if form_request.fields is None:
        return _change_page(form_request, "", session)
    return await run_password_work(_change, form_request, session)


def _change(form_request: FormRequest, session: Session) -> Response:
    from ita.auth.accounts import AccountFault
    from ita.auth.sign_in import change_own_password

    if form_request.field("password") != form_request.field("again"):
        return _change_page(form_request, _(_PASSWORDS_DIFFER), session, 400)
    present = None if session.has_just_given_code() else form_request.field("present")
    if present == "":
        return _change_page(form_request, _("กรุณากรอกรหัสผ่านปัจจุบัน"), session, 400)
    try:
        result = change_own_password(
            get_store(),
            login_throttle(),
            current_settings().sign_in,
            form_request.visitor.token,
            present,
            form_request.field("password"),
            form_request.address,
        )
    except AccountFault as fault:
        return _change_page(form_request, str(fault), session, 400)
    if isinstance(result, SignInRefusal):
        log_event(LogEvent.SIGN_IN_FAILED, reason=result.failure.value)
        return _change_page(form_request, result.message(), session, 429 if result.wait else 401)
    log_event(LogEvent.SIGNED_IN, reason="new-password")
    reconnect_browser(form_request.visitor.token, form_request.csrf)
    return set_session_cookie(redirect(form_request.next_path), result.token, form_request.over_tls)


def _change_page(
    form_request: FormRequest, wrong: str, session: Session, status: int = 200
) -> Response:
    present = FormField("present", _("รหัสผ่านปัจจุบัน"), "password", "current-password")
    fields = (*([] if session.has_just_given_code() else [present]), *_new_password())
    is_forced = session.must_change
    reason = _("รหัสผ่านนี้ใช้ได้ครั้งเดียว กรุณาตั้งรหัสผ่านของท่านเองก่อนใช้งาน") if is_forced else ""
    body = [
        alert(wrong),
        *([paragraph(reason)] if reason else []),
        form(paths.CHANGE_PASSWORD, fields, _("เปลี่ยนรหัสผ่าน"), form_request.hidden()),
        link(paths.SIGN_OUT, _("ออกจากระบบ")),
    ]
    return form_page(_("เปลี่ยนรหัสผ่าน"), body, paths.CHANGE_PASSWORD, form_request.next_path, status)


# Back from the organisation's sign-in: noted in the audit log, and on to the page that was asked for.
# Streamlit answers the way back with a cookie and always leads to the first page.


async def finish_oidc_sign_in(scope: Scope, message: Message) -> Message:
    """The start of Streamlit's answer to the way back, with our place to go on to."""
    claims = claims_in(_cookies_set(message))
    if not claims:
        return message
    await run_in_threadpool(_record, claims, client_address(scope) or "?")
    jar = cookies(scope)
    reconnect_browser(jar.get(SESSION_COOKIE), jar.get(BROWSER_COOKIE))
    onward = paths.local_path(jar.get(NEXT_COOKIE))
    headers = [pair for pair in message["headers"] if pair[0].lower() != b"location"]
    gone = f"{NEXT_COOKIE}=; Path={paths.root()}/; Max-Age=0; HttpOnly; SameSite=lax"
    headers += [(b"location", quote(onward, safe=_URL).encode()), (b"set-cookie", gone.encode())]
    return {**message, "headers": headers}


_URL = "/%?=&+,;:@!$'()*~-._"


def _cookies_set(message: Message) -> dict[str, str]:
    """The cookies that an answer gives; those that it takes away are empty."""
    jar = SimpleCookie()
    for name, value in message["headers"]:
        if name.lower() == b"set-cookie":
            jar.load(value.decode("latin-1"))
    return {name: morsel.value for name, morsel in jar.items() if morsel.value}


def _record(claims: Mapping[str, Any], address: str) -> None:
    visitor = Visitor(claims=claims)
    detail: dict[str, str | int | bool | None] = {"network": network_of(address)}
    try:
        user = signed_in_user(visitor)
        if user:
            with recording(get_store()) as cursor:
                record(cursor, user, AuditEvent.SIGN_IN, detail=detail)
            log_event(LogEvent.SIGNED_IN, reason="organisation")
            return
        log_event(LogEvent.SIGN_IN_FAILED, reason="organisation")
        unrecorded = login_throttle().unrecorded_if_due()
        if unrecorded is not None:
            refusal = claims_refusal(visitor)
            detail |= {"why": refusal.value if refusal else None, "untold_before": unrecorded}
            with recording(get_store()) as cursor:
                record(cursor, _unknown_user(claims), AuditEvent.SIGN_IN_REFUSED, detail=detail)
    except StoreUnavailable as fault:
        log_event(LogEvent.STORE_UNAVAILABLE, reason=fault.trouble.value)


def _unknown_user(claims: Mapping[str, Any]) -> User:
    """Whom the organisation knows and we don't."""
    name = claims.get("name") or claims.get("email") or claims.get("sub") or ""
    return User(str(name)[:100], anonymous(public=False).role)
