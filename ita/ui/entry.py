"""Who is let in to look, what the others are told, and the corner that says who is there."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any
from urllib.parse import quote, urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ita.access.people import Person, Role, anonymous, role_text
from ita.store.unavailable import StoreUnavailable
from ita.ui.file_box import forget_read_file
from ita.ui.markup import escape_markdown, render_html
from ita.ui.pages import OVERVIEW, UPLOAD, link, pages
from ita.ui.pickers import note_view
from ita.ui.sign_in import connection, is_welcome, session_of, the_house, the_person, visitor
from ita.ui.web import places
from ita.ui.web.entrances import Entrance, entrance_of
from ita.ui.web.whose import PROTOCOLS, Drawn, note_session, session_in
from ita.wording import language, say

OWNER_KEY, KEPT_KEY = "whose session", "kept for its owner"


def let_in() -> Person:
    """Whoever may look, or the end of this run, with what to do instead.

    Raises:
        StoreUnavailable: the store can't be asked.
    """
    try:
        person = the_person()
    except StoreUnavailable:
        # So that the page keeps its address, and is the one that comes when the store is back.
        st.navigation(pages(anonymous(public=False)), position="hidden")
        raise
    if not is_welcome(person):
        page = st.navigation(pages(person), position="hidden")
        _keep_what_was_typed()
        _tell_stranger(page.url_path)
        st.stop()
    _is_whose(person)
    return person


def note_visit(person: Person, url: str) -> None:
    """Remember which page is drawn, and for whom the session is."""
    note_view(url)
    if url != UPLOAD.url:
        forget_read_file()
    context = get_script_run_ctx()
    if context:
        drawn = Drawn(url, urlencode(st.query_params.to_dict()))
        note_session(context.session_id, visitor(), person, drawn)


def is_another_session() -> bool:
    """Whether the tab wanted to go on with another session, which the server no longer has: after a
    restart, or a very long pause."""
    context = get_script_run_ctx()
    wanted = session_in(connection()[0].get(PROTOCOLS))
    return context is not None and wanted is not None and wanted != context.session_id


def _is_whose(person: Person) -> None:
    """What one person left in a session is never another's."""
    state = st.session_state
    if state.setdefault(OWNER_KEY, person.account) != person.account:
        state.clear()
        state[OWNER_KEY] = person.account
    for key, value in state.pop(KEPT_KEY, {}).items():
        state[key] = value


def _keep_what_was_typed() -> None:
    """For a page without its widgets forgets them; whoever signs in again finds them as they were.

    Only what may be written back: buttons and files refuse that, and keep themselves.
    """
    state = st.session_state
    if OWNER_KEY in state and KEPT_KEY not in state:
        state[KEPT_KEY] = {key: value for key, value in state.items() if _may_be_kept(value)}


def _may_be_kept(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_may_be_kept, value))
    return isinstance(value, str | int | float | date) and not isinstance(value, bool)


def not_allowed(person: Person, reason: str) -> None:
    """A page that a person may not see: why, and what can be done."""
    st.warning(escape_markdown(reason))
    if person.account is None and person.role is not Role.ADMIN:
        _way(places.SIGN_IN, say("เข้าสู่ระบบ"))
    else:
        link(OVERVIEW, say("ไปหน้าภาพรวม"))


def _tell_stranger(url: str) -> None:
    asking = visitor()
    if entrance_of(asking.near, the_house()) is Entrance.FIRST_ADMIN:
        st.info(say("ระบบนี้ยังไม่มีผู้ดูแลระบบ จึงยังไม่แสดงข้อมูลใด ๆ"))
        _way(places.FIRST_ADMIN, say("ตั้งผู้ดูแลระบบคนแรก"))
    elif session_of(asking):
        st.info(say("รหัสผ่านนี้ใช้ได้ครั้งเดียว กรุณาตั้งรหัสผ่านของท่านเองก่อนใช้งาน"))
        _way(places.NEW_PASSWORD, say("เปลี่ยนรหัสผ่าน"))
    elif OWNER_KEY in st.session_state:
        st.warning(
            say(
                "การเข้าสู่ระบบสิ้นสุดแล้ว ข้อมูลที่บันทึกไว้ยังอยู่ครบ กรุณาเข้าสู่ระบบอีกครั้งในแท็บใหม่ "
                "แล้วกลับมาหน้านี้ สิ่งที่กรอกค้างไว้จะยังอยู่"
            )
        )
        _way(places.SIGN_IN, say("เข้าสู่ระบบในแท็บใหม่"), new_tab=True)
    else:
        st.info(say("กรุณาเข้าสู่ระบบก่อนดูข้อมูล"))
        _way(places.SIGN_IN, say("เข้าสู่ระบบ"), next=_here(url))


def _here(url: str) -> str:
    asked = urlencode(st.query_params.to_dict())
    return f"{places.root()}/{url}" + (f"?{asked}" if asked else "")


def _way(place: str, text: str, new_tab: bool = False, **query: str) -> None:
    target = ' target="_blank"' if new_tab else ' target="_self"'
    render_html(
        f'<p class="ita-lead"><a href="{_href(place, **query)}"{target}>{escape(text)}</a></p>'
    )


def _href(place: str, **query: str) -> str:
    asked = {**query, **({"lang": language()} if language() != "th" else {})}
    return escape(
        places.root() + place + (f"?{urlencode(asked, quote_via=quote)}" if asked else "")
    )


def who_is_there(person: Person) -> None:
    """The corner: who has signed in, and the way out; for the public the way in. The owner of the
    machine needs neither."""
    if person.account is not None:
        told = f"{person.name} · {role_text(person.role)}"
        out = _link(places.SIGN_OUT, say("ออกจากระบบ"))
        render_html(
            f'<div class="ita-who"><span title="{escape(told)}">{escape(told)}</span>{out}</div>'
        )
    elif person.role is not Role.ADMIN:
        render_html(f'<div class="ita-who">{_link(places.SIGN_IN, say("เข้าสู่ระบบ"))}</div>')


def _link(place: str, text: str) -> str:
    return f'<a href="{_href(place)}" target="_self">{escape(text)}</a>'
