"""Who may see pages, what the others see instead, and the user menu."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

import streamlit as st
from markupsafe import Markup

from ita.auth.permissions import Role, User, anonymous, role_text
from ita.i18n import _, language
from ita.store.unavailable import StoreUnavailable
from ita.ui.components.file_uploader import forget_read_file
from ita.ui.components.markup import escape_markdown, html, render_html
from ita.ui.components.navigation import build_menu, show_page_link
from ita.ui.components.url_state import record_view, viewed_url
from ita.web import paths
from ita.web.current_user import (
    PROTOCOLS,
    ShownPage,
    can_view,
    connection,
    current_user,
    current_visitor,
    find_session,
    note_session,
    server_exposure,
    session_in,
)
from ita.web.paths import OVERVIEW
from ita.web.requests import Entrance, entrance_of
from ita.web.streamlit_internals import script_session_id

OWNER_KEY, SAVED_KEY = "whose session", "kept for its owner"


def require_viewer() -> User:
    """Whoever may look, or the end of this run, with what to do instead.

    Raises:
        StoreUnavailable: the store can't be asked.
    """
    try:
        user = current_user()
    except StoreUnavailable:
        # So that the page keeps its address, and is the one that comes when the store is back.
        st.navigation(build_menu(anonymous(public=False)), position="hidden")
        raise
    if not can_view(user):
        page = st.navigation(build_menu(user), position="hidden")
        _save_typed_values()
        _show_sign_in(page.url_path)
        st.stop()
    _reset_for_owner(user)
    return user


def record_visit(user: User, url: str) -> None:
    """Record which page is drawn, and the session's owner; what the page before read of a file goes."""
    if viewed_url() != url:
        forget_read_file()
    record_view(url)
    session_id = script_session_id()
    if session_id:
        drawn = ShownPage(url, urlencode(st.query_params.to_dict()))
        note_session(session_id, current_visitor(), user, drawn)


def is_session_lost() -> bool:
    """Whether the tab wanted to go on with another session, which the server no longer has: after a
    restart, or a very long pause."""
    session_id = script_session_id()
    requested_id = session_in(connection()[0].get(PROTOCOLS))
    return session_id is not None and requested_id is not None and requested_id != session_id


def _reset_for_owner(user: User) -> None:
    """Clear the session's state where another person has signed in."""
    state = st.session_state
    if state.setdefault(OWNER_KEY, user.account) != user.account:
        state.clear()
        state[OWNER_KEY] = user.account
    for key, value in state.pop(SAVED_KEY, {}).items():
        state[key] = value


def _save_typed_values() -> None:
    """For a page without its widgets forgets them; whoever signs in again finds them as they were.

    Only what may be written back: buttons and files refuse that, and keep themselves.
    """
    state = st.session_state
    if OWNER_KEY in state and SAVED_KEY not in state:
        state[SAVED_KEY] = {key: value for key, value in state.items() if _is_restorable(value)}


def _is_restorable(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_is_restorable, value))
    return isinstance(value, str | int | float | date) and not isinstance(value, bool)


def show_not_allowed(user: User, reason: str) -> None:
    """Instead of a page that a person may not see: why, and what can be done."""
    st.warning(escape_markdown(reason))
    if user.account is None and user.role is not Role.ADMIN:
        _show_link(paths.SIGN_IN, _("เข้าสู่ระบบ"))
    else:
        show_page_link(OVERVIEW, _("ไปหน้าภาพรวม"))


def _show_sign_in(url: str) -> None:
    visitor = current_visitor()
    if entrance_of(visitor.is_local, server_exposure()) is Entrance.FIRST_ADMIN:
        st.info(_("ระบบนี้ยังไม่มีผู้ดูแลระบบ จึงยังไม่แสดงข้อมูลใด ๆ"))
        _show_link(paths.FIRST_ADMIN, _("ตั้งผู้ดูแลระบบคนแรก"))
    elif find_session(visitor):
        st.info(_("รหัสผ่านนี้ใช้ได้ครั้งเดียว กรุณาตั้งรหัสผ่านของท่านเองก่อนใช้งาน"))
        _show_link(paths.CHANGE_PASSWORD, _("เปลี่ยนรหัสผ่าน"))
    elif OWNER_KEY in st.session_state:
        st.warning(
            _(
                "การเข้าสู่ระบบสิ้นสุดแล้ว ข้อมูลที่บันทึกไว้ยังอยู่ครบ กรุณาเข้าสู่ระบบอีกครั้งในแท็บใหม่ "
                "แล้วกลับมาหน้านี้ สิ่งที่กรอกค้างไว้จะยังอยู่"
            )
        )
        _show_link(paths.SIGN_IN, _("เข้าสู่ระบบในแท็บใหม่"), new_tab=True)
    else:
        st.info(_("กรุณาเข้าสู่ระบบก่อนดูข้อมูล"))
        _show_link(paths.SIGN_IN, _("เข้าสู่ระบบ"), next=_current_url(url))


def _current_url(url: str) -> str:
    query = urlencode(st.query_params.to_dict())
    return f"{paths.root()}/{url}" + (f"?{query}" if query else "")


def _show_link(path: str, text: str, new_tab: bool = False, **query: str) -> None:
    target = "_blank" if new_tab else "_self"
    render_html(html("lead", html("link", _href(path, **query), text, target)))


def _href(path: str, **query: str) -> str:
    all_query = {**query, **({"lang": language()} if language() != "th" else {})}
    return paths.root() + path + (f"?{urlencode(all_query, quote_via=quote)}" if all_query else "")


def show_account(user: User) -> None:
    """Who has signed in, with their password and the way out; for the public the way in. The owner of
    the machine needs neither."""
    if user.account is not None:
        with st.popover(escape_markdown(user.name), key="bar-person", type="tertiary"):
            show_account_links(user)
    else:
        show_account_links(user)


def show_account_links(user: User) -> None:
    if user.account is not None:
        links = [_link_html(paths.SIGN_OUT, _("ออกจากระบบ"))]
        if find_session(current_visitor()):  # the organisation's passwords are not ours
            links.insert(0, _link_html(paths.CHANGE_PASSWORD, _("เปลี่ยนรหัสผ่าน")))
        render_html(html("user", f"{user.name} · {role_text(user.role)}", links))
    elif user.role is not Role.ADMIN:
        render_html(html("user", "", [_link_html(paths.SIGN_IN, _("เข้าสู่ระบบ"))]))


def _link_html(path: str, text: str) -> Markup:
    return html("link", _href(path), text)
