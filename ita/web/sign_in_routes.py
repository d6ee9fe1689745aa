"""/sign-in and /sign-out: by an account here or by the organisation, through one door."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from streamlit.auth_util import encode_provider_token
from streamlit.url_util import make_url_path

from ita.config import current_settings
from ita.i18n import _
from ita.logs import LogEvent, log_event
from ita.web import organisation, places
from ita.web.asked import FormRequest, forget_token, go_on, keep_token
from ita.web.connections import begin_anew
from ita.web.current_user import (
    find_session,
    person_of,
    refusal_of_claims,
    signed_in_person,
    the_house,
)
from ita.web.desk import in_turn, the_door
from ita.web.entrances import Entrance, entrance_of
from ita.web.form_pages import Field, alert, form, link, page, paragraph
from ita.web.marks import NEXT_COOKIE
from ita.web.store_access import get_store


async def sign_in(asked: FormRequest) -> Response:
    """The form, or the way in."""
    if asked.fields is not None:
        return await in_turn(_let_in, asked)
    return await run_in_threadpool(_ask_in, asked)


def _ask_in(asked: FormRequest) -> Response:
    entrance = entrance_of(asked.visitor.is_local, the_house())
    if entrance is Entrance.OWNER:
        return go_on(asked.next_path)
    if entrance is Entrance.FIRST_ADMIN:
        return go_on(f"{places.root()}{places.FIRST_ADMIN}")
    session = find_session(asked.visitor)
    if session and session.must_change:
        return go_on(f"{places.root()}{places.NEW_PASSWORD}")
    if signed_in_person(asked.visitor):
        return go_on(asked.next_path)
    refused = refusal_of_claims(asked.visitor)
    return _sign_in_page(asked, refused.message() if refused else "")


def _let_in(asked: FormRequest) -> Response:
    from ita.auth.sign_in import sign_in as let_in
    from ita.auth.throttling import SignInRefusal

    before = asked.visitor.token
    found = let_in(
        get_store(),
        the_door(),
        current_settings().sign_in,
        asked.field("account"),
        asked.field("password"),
        asked.address,
    )
    if isinstance(found, SignInRefusal):
        log_event(LogEvent.SIGN_IN_FAILED, reason=found.failure.value)
        return _sign_in_page(asked, found.message(), 429 if found.wait else 401)
    log_event(LogEvent.SIGNED_IN, reason="account")
    begin_anew(before, asked.mark)
    onward = f"{places.root()}{places.NEW_PASSWORD}" if found.must_change else asked.next_path
    return keep_token(go_on(onward), found.token, asked.over_tls)


def _sign_in_page(asked: FormRequest, wrong: str, status: int = 200) -> Response:
    fields = (
        Field("account", _("ชื่อบัญชี"), filled_by="username", value=asked.field("account")[:256]),
        Field("password", _("รหัสผ่าน"), "password", "current-password"),
    )
    body = [
        alert(wrong),
        form(places.SIGN_IN, fields, _("เข้าสู่ระบบ"), asked.hidden()),
        *_by_organisation(asked),
        "<hr>",
        paragraph(_("ไม่มีบัญชีหรือลืมรหัสผ่าน กรุณาติดต่อผู้ดูแลระบบของหน่วยงาน")),
    ]
    if current_settings().sign_in.public:
        body.append(link("/", _("ดูข้อมูลโดยไม่เข้าสู่ระบบ")))
    return page(_("เข้าสู่ระบบ"), "".join(body), places.SIGN_IN, asked.next_path, status)


def _by_organisation(asked: FormRequest) -> list[str]:
    """A way in by each provider that is set."""
    names = organisation.providers()
    shown = {
        name: _("เข้าสู่ระบบด้วยบัญชีขององค์กร") if name == organisation.DEFAULT else name
        for name in names
    }
    return [
        link(places.BY_ORGANISATION, text, "button", provider=name, next=asked.next_path)
        for name, text in shown.items()
    ]


async def by_organisation(asked: FormRequest) -> Response:
    """On to the organisation, which sends the visitor back to Streamlit."""
    name = asked.request.query_params.get("provider", organisation.DEFAULT)
    if name not in organisation.providers():
        return go_on(f"{places.root()}{places.SIGN_IN}")
    way = make_url_path(places.root(), "auth/login")
    response = go_on(f"{way}?provider={encode_provider_token(name)}")
    response.set_cookie(
        NEXT_COOKIE,
        asked.next_path,
        max_age=600,
        path=f"{places.root()}/",
        httponly=True,
        samesite="lax",
        secure=asked.over_tls,
    )
    return response


async def sign_out(asked: FormRequest) -> Response:
    """The question, or the end of the session."""
    if asked.fields is None:
        return await run_in_threadpool(_ask_out, asked)
    await run_in_threadpool(_let_out, asked)
    begin_anew(asked.visitor.token, asked.mark)
    if asked.visitor.claims:
        return forget_token(_leave_organisation())
    return forget_token(go_on(f"{places.root()}{places.SIGN_IN}"))


def _ask_out(asked: FormRequest) -> Response:
    user = person_of(asked.visitor)
    if user.account is None:
        return go_on(f"{places.root()}/")
    body = paragraph(_("ท่านเข้าสู่ระบบในชื่อ {name}", name=user.name))
    body += form(places.SIGN_OUT, (), _("ออกจากระบบ"), asked.hidden())
    return page(_("ออกจากระบบ"), body, places.SIGN_OUT, asked.next_path)


def _let_out(asked: FormRequest) -> None:
    from ita.auth.sessions import sign_out as end_session

    end_session(get_store(), asked.visitor.token)
    log_event(LogEvent.SIGNED_OUT)


def _leave_organisation() -> Response:
    """On to Streamlit's own sign-out, which may lead to the organisation's.

    Not by a redirect: browsers hold the whole way of a posted form to our own site.
    """
    onward = make_url_path(places.root(), "auth/logout")
    body = paragraph(_("กำลังออกจากระบบขององค์กร"))
    body += f'<p><a class="button" href="{onward}">{_("ไปต่อ")}</a></p>'
    refresh = f'<meta http-equiv="refresh" content="0; url={onward}">'
    return page(_("ออกจากระบบ"), body, places.SIGN_OUT, head=refresh)
