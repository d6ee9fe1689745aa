"""The bar above every page: agency, sections, search, sharing, language, account.

On a phone what does not fit moves into a menu, and four pages stand at the bottom. All of it is
Streamlit's own widgets, laid out by the style sheet, so a link changes the page without loading it anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import urlencode, urlsplit

import streamlit as st

from ita.auth.permissions import User
from ita.config import LANGUAGES
from ita.domain import thai_today
from ita.formatting import date_text
from ita.i18n import LANGUAGE_NAMES, SHORT_LANGUAGE_NAMES, _, language
from ita.ui.components.agency_picker import agency_at_hand, agency_slot, pick_agency
from ita.ui.components.frame import guarded_fragment
from ita.ui.components.markup import DOT, escape_markdown, html, render_html
from ita.ui.components.navigation import NO_SECTION, link_query
from ita.ui.components.pickers import pick_language
from ita.ui.components.queries import agency_index, data_version
from ita.ui.components.search import show_search
from ita.ui.components.url_state import remember_choice, view_link
from ita.ui.components.viewer import show_account, show_account_links
from ita.web.paths import NARRATIVE, OVERVIEW, PROGRESS, TREND
from ita.web.requests import LANGUAGE_COOKIE, is_loopback

Menu = Mapping[str, Sequence[st.Page]]

BOTTOM_PAGES = (OVERVIEW, TREND, PROGRESS, NARRATIVE)
"""On a phone, within reach of the thumb."""
LINE_SHARE = "https://social-plugins.line.me/lineit/share"
"""LINE's own address to send a link; the app opens on a phone."""


class PageBar:
    """The bar of one run. Its agency and its link are known only once the page has been drawn."""

    def __init__(self, user: User, menu: Menu, page: st.Page) -> None:
        self._page = page
        sections = _sections(menu)
        pages = {one.title: one for listed in sections.values() for one in listed}
        self._printed = st.container(key="printed")
        with st.container(horizontal=True, key="bar", vertical_alignment="center", gap="small"):
            agency = st.container(
                horizontal=True, key="bar-agency", vertical_alignment="center", gap="small"
            )
            with st.container(horizontal=True, key="bar-sections", gap=None, width="content"):
                for title, listed in sections.items():
                    _show_link(listed[0], title, here=page in listed)
            with st.container(horizontal=True, key="bar-tools", gap=None, width="content"):
                with st.popover(_("ค้นหา"), key="bar-search", type="tertiary"):
                    show_search(pages)
                self._share = st.container(width="content")
                with st.container(key="bar-language", width="content"):
                    pick_language(SHORT_LANGUAGE_NAMES)
                with st.container(key="bar-account", width="content"):
                    show_account(user)
                with st.popover(_("เมนู"), key="bar-menu", type="tertiary"):
                    _show_menu(user, sections, page)
        with st.container(horizontal=True, key="bar-bottom", gap=None):
            for place in BOTTOM_PAGES:
                bottom_page = next(p for p in _all_pages(menu) if p.url_path == place.url)
                _show_link(bottom_page, bottom_page.title, here=bottom_page is page)
        agency_slot.set(agency)

    def finish(self) -> None:
        """What needs the page: the agency, also where the page asks for none, and the view's link."""
        agency_id = pick_agency()
        agency_slot.set(None)
        name = agency_index(data_version()).name(agency_id) if agency_id else ""
        with self._share:
            _show_sharing()
        with self._printed:
            texts = filter(None, [name, self._page.title, date_text(thai_today())])
            render_html(html("printed", DOT.join(texts)))


def show_tabs(menu: Menu, page: st.Page) -> None:
    """The pages of the section, as tabs beside the title; nothing where it is the only one."""
    section = next((listed for listed in _sections(menu).values() if page in listed), ())
    if len(section) > 1:
        with st.container(horizontal=True, key="tabs", width="stretch", gap=None):
            for one in section:
                _show_link(one, one.title, here=one is page)


def _sections(menu: Menu) -> dict[str, Sequence[st.Page]]:
    """The sections with the pages that the person may see; the first page is a section of its own."""
    first = menu[NO_SECTION][0]
    return {first.title: [first]} | {
        section: listed for section, listed in menu.items() if section != NO_SECTION
    }


def _all_pages(menu: Menu) -> list[st.Page]:
    return [page for listed in menu.values() for page in listed]


def _show_link(page: st.Page, label: str, here: bool = False) -> None:
    """A link to a page. here: bold, by which the style sheet knows where the person is."""
    text = escape_markdown(label)
    # With the agency, also where it is the default: a link that is copied or opened in another window
    # would begin with the default of whoever opens it.
    query = link_query({"agency": agency_at_hand()})
    st.page_link(page, label=f"**{text}**" if here else text, query_params=query)


def _show_menu(user: User, sections: Mapping[str, Sequence[st.Page]], page: st.Page) -> None:
    """On a phone: every page by its section, the language and the account."""
    for title, listed in sections.items():
        if len(listed) > 1:
            render_html(html("quiet", title))
        for one in listed:
            _show_link(one, one.title, here=one is page)
    for code in LANGUAGES:
        if code != language():
            st.button(LANGUAGE_NAMES[code], key=f"menu {code}", on_click=_switch_to, args=(code,))
    show_account_links(user)


def _switch_to(code: str) -> None:
    st.session_state["lang"] = code
    remember_choice(LANGUAGE_COOKIE, code)


@guarded_fragment
def _show_sharing() -> None:
    """A menu with the link of what is shown; made once it is opened, for the code takes milliseconds."""
    with st.popover(_("แชร์"), key="bar-share", type="tertiary", on_change="rerun") as menu:
        if menu.open:
            _show_link_to_view()


def _show_link_to_view() -> None:
    """To copy, for LINE and for the camera of a phone."""
    link = view_link()
    st.markdown(_("ลิงก์ที่เปิดหน้านี้พร้อมทุกตัวเลือก"))
    st.code(link, language=None, wrap_lines=True)
    if is_loopback(urlsplit(link).hostname):
        st.caption(_("ลิงก์นี้เปิดได้เฉพาะเครื่องนี้ ผู้ดูแลระบบตั้งชื่อที่ผู้อื่นใช้เปิดได้ด้วย ITA_HOSTS"))
        return
    st.link_button(_("ส่งทาง LINE"), f"{LINE_SHARE}?{urlencode({'url': link})}", width="stretch")
    render_html(html("qr", _qr_code(link), _("QR ของลิงก์นี้")))


@lru_cache(maxsize=256)
def _qr_code(link: str) -> str:
    """The link as a picture in a data address; a long one needs the smallest redundancy."""
    import segno

    code = segno.make(link, error="l", micro=False, boost_error=True)
    return str(code.svg_data_uri(scale=4, border=3, light="white", dark="black"))
