"""/first-admin, for who can read the console, and /change-password."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from ita.config import current_settings
from ita.i18n import _
from ita.logs import LogEvent, log_event
from ita.web import places
from ita.web.asked import FormRequest, go_on, keep_token
from ita.web.connections import begin_anew
from ita.web.current_user import find_session, has_local_admin, the_house
from ita.web.desk import first_admin_code, in_turn, the_door
from ita.web.form_pages import Field, alert, form, link, page, paragraph
from ita.web.store_access import get_store


async def first_admin(asked: FormRequest) -> Response:
    """The one form there is before there is an administrator."""
    if not await run_in_threadpool(_is_open):
        return go_on(f"{places.root()}{places.SIGN_IN}")
    if asked.fields is None:
        return _first_admin_page(asked, "")
    return await in_turn(_make, asked)


def _is_open() -> bool:
    """Whether an administrator may be made here: there is none, and others could come."""
    house = the_house()
    return not has_local_admin() and (house.wide or house.accounts)


def _make(asked: FormRequest) -> Response:
    from ita.auth.accounts import AccountFault
    from ita.auth.first_admin import make_first_admin

    if asked.field("password") != asked.field("again"):
        return _first_admin_page(asked, _not_the_same())
    try:
        make_first_admin(
            get_store(),
            first_admin_code(),
            asked.field("code"),
            asked.field("account"),
            asked.field("name"),
            asked.field("password"),
        )
    except AccountFault as fault:
        log_event(LogEvent.SIGN_IN_FAILED, reason="first-admin")
        return _first_admin_page(asked, str(fault), 400)
    log_event(LogEvent.SIGNED_IN, reason="first-admin")
    return go_on(f"{places.root()}{places.SIGN_IN}")


def _first_admin_page(asked: FormRequest, wrong: str, status: int = 200) -> Response:
    first_admin_code()  # printed now, if it was not before
    fields = (
        Field("code", _("รหัสใช้ครั้งเดียว"), hint=_("อยู่ในหน้าจอที่เปิดโปรแกรม")),
        Field("account", _("ชื่อบัญชี"), filled_by="username", value=asked.field("account")[:256]),
        Field("name", _("ชื่อที่แสดง"), filled_by="name", value=asked.field("name")[:256]),
        *_new_password(),
    )
    body = [
        alert(wrong),
        paragraph(
            _("ระบบนี้เปิดให้เครื่องอื่นเข้าถึง แต่ยังไม่มีผู้ดูแลระบบ จึงยังไม่แสดงข้อมูลใด ๆ กรุณาตั้งผู้ดูแลระบบคนแรก")
        ),
        form(places.FIRST_ADMIN, fields, _("ตั้งผู้ดูแลระบบ"), asked.hidden()),
        "<hr>",
        paragraph(_("หรือปิดโปรแกรม แล้วสั่งที่เครื่องนี้")),
        "<p><code>python -m ita user add</code></p>",
    ]
    title = _("ตั้งผู้ดูแลระบบคนแรก")
    return page(title, "".join(body), places.FIRST_ADMIN, asked.next_path, status)


def _new_password() -> tuple[Field, Field]:
    from ita.auth.passwords import MIN_LENGTH

    hint = _("อย่างน้อย {least} ตัวอักษร จะเป็นประโยคภาษาไทยก็ได้", least=MIN_LENGTH)
    return (
        Field("password", _("รหัสผ่านใหม่"), "password", "new-password", hint=hint),
        Field("again", _("รหัสผ่านใหม่อีกครั้ง"), "password", "new-password"),
    )


def _not_the_same() -> str:
    return _("รหัสผ่านใหม่สองครั้งไม่ตรงกัน กรุณากรอกใหม่")


async def change_password(asked: FormRequest) -> Response:
    """A new password for who has signed in, also where an administrator gave one to be used once."""
    session = await run_in_threadpool(find_session, asked.visitor)
    if session is None:
        return go_on(f"{places.root()}{places.SIGN_IN}")
    if asked.fields is None:
        return _change_page(asked, "", session.must_change)
    return await in_turn(_change, asked, session.must_change)


def _change(asked: FormRequest, must_change: bool) -> Response:
    from ita.auth.accounts import AccountFault
    from ita.auth.sign_in import change_own_password
    from ita.auth.throttling import SignInRefusal

    if asked.field("password") != asked.field("again"):
        return _change_page(asked, _not_the_same(), must_change, 400)
    try:
        found = change_own_password(
            get_store(),
            the_door(),
            current_settings().sign_in,
            asked.visitor.token,
            asked.field("present"),
            asked.field("password"),
            asked.address,
        )
    except AccountFault as fault:
        return _change_page(asked, str(fault), must_change, 400)
    if isinstance(found, SignInRefusal):
        log_event(LogEvent.SIGN_IN_FAILED, reason=found.failure.value)
        return _change_page(asked, found.message(), must_change, 429 if found.wait else 401)
    log_event(LogEvent.SIGNED_IN, reason="new-password")
    begin_anew(asked.visitor.token, asked.mark)
    return keep_token(go_on(asked.next_path), found.token, asked.over_tls)


def _change_page(asked: FormRequest, wrong: str, must_change: bool, status: int = 200) -> Response:
    fields = (
        Field("present", _("รหัสผ่านปัจจุบัน"), "password", "current-password"),
        *_new_password(),
    )
    why = _("รหัสผ่านนี้ใช้ได้ครั้งเดียว กรุณาตั้งรหัสผ่านของท่านเองก่อนใช้งาน") if must_change else ""
    body = alert(wrong) + (paragraph(why) if why else "")
    body += form(places.NEW_PASSWORD, fields, _("เปลี่ยนรหัสผ่าน"), asked.hidden())
    body += link(places.SIGN_OUT, _("ออกจากระบบ"))
    return page(_("เปลี่ยนรหัสผ่าน"), body, places.NEW_PASSWORD, asked.next_path, status)
