"""The menu of pages, links to them, the title of the one that runs, and scrolling in it.

Their paths in the URL are part of the outward contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup

from ita.auth.permissions import Action, Resource, User, can, can_on_some
from ita.config import LANGUAGES
from ita.i18n import _, language
from ita.ui.components.markup import html
from ita.ui.components.url_state import preferred_language
from ita.web.current_user import current_user
from ita.web.paths import (
    HANDBOOK,
    OVERVIEW,
    PAGES,
    PageSpec,
    page_titles,
)
from ita.web.security_headers import LEAVE_SCRIPT, SCROLL_SCRIPT

# Streamlit's name of the section of top-level pages.
NO_SECTION = ""


def build_menu(user: User) -> dict[str, list[st.Page]]:
    """Every page under its section of the menu, in the current language; the first page is in none.
    Visible are those that a person may see.

    The others stay registered, so that their address shows why it is empty; at the top level, or the
    menu would have a section with nothing in it.
    """
    sections = {
        "scores": _("ผลคะแนน"),
        "measures": _("แผนและมาตรการ"),
        "report": _("รายงาน"),
        "data": _("ข้อมูล"),
        "admin": _("การดูแลระบบ"),
    }
    menu: dict[str, list[st.Page]] = {NO_SECTION: []}
    for page in PAGES:
        visible = can_on_some(user, page.action).allowed
        is_top_level = page is OVERVIEW or not visible
        section = NO_SECTION if is_top_level else sections[page.section]
        menu_page = st.Page(
            page.file,
            title=page_titles()[page],
            url_path=page.url or None,
            default=page is OVERVIEW,
            visibility="visible" if visible else "hidden",
        )
        menu.setdefault(section, []).append(menu_page)
    return menu


def can_open(page: PageSpec, **choices: object) -> bool:
    """Whether the current person may use a page; of an import, with the kind of file and the agency
    that the choices name."""
    agency, kind = choices.get("agency"), choices.get("kind")
    if page.action is Action.IMPORT and agency is not None and kind is not None:
        thing = Resource(frozenset({str(agency)}), str(kind))
        return can(current_user(), page.action, thing).allowed
    return can_on_some(current_user(), page.action).allowed


def link_query(choices: Mapping[str, object]) -> dict[str, str]:
    """Choices as a URL's query, with the language where the browser would start in another."""
    query = {name: str(value) for name, value in choices.items() if value is not None}
    if language() != preferred_language() or language() != LANGUAGES[0]:
        query["lang"] = language()
    return query


def show_page_link(page: PageSpec, label: str, **choices: object) -> None:
    """A link to a page with its choices; nothing for those who may not use the page for them."""
    if not can_open(page, **choices):
        return
    st.page_link(page.file, label=f"{label} →", query_params=link_query(choices))


# Links to pages inside our own HTML, where Streamlit's own can't be.


def page_href(page: PageSpec, **choices: object) -> str:
    """A relative URL of a page with its choices, for HTML."""
    return f"{page.url or '.'}?{urlencode(link_query(choices))}"


def page_link_html(page: PageSpec, text: str, **choices: object) -> Markup:
    """HTML of a link to a page with its choices; "" for those who may not use the page for them."""
    return link_html(page_href(page, **choices), text) if can_open(page, **choices) else Markup()


def link_html(href: str, text: str) -> Markup:
    """HTML of a link that opens in the same tab."""
    return html("link", href, text)


def word_help_html(word: str, name: str) -> Markup:
    """HTML of a question mark that leads to a word of the handbook. word: its slug; name: as shown."""
    href = page_href(HANDBOOK, topic="words", word=word)
    return html("help_link", href, _("ความหมายของ {name}", name=name))


PROGRAM = "ITA Trends"
_title: ContextVar[str] = ContextVar("title", default="")


def set_page_title(title: str) -> None:
    """Set the title of the running page, in the tab."""
    _title.set(title)
    st.set_page_config(page_title=_joined(title, PROGRAM))


def set_page_agency(name: str) -> None:
    """Add the agency's name to the tab's title."""
    st.set_page_config(page_title=_joined(_title.get(), name, PROGRAM))


def _joined(*names: str) -> str:
    return " · ".join(filter(None, names))


def ask_before_leaving(unsaved: bool) -> None:
    """Have the browser ask before the page is loaded anew or left, where something typed would be lost."""
    data = {"unsaved": "yes" if unsaved else ""}
    st.html(html("script", LEAVE_SCRIPT, data), unsafe_allow_javascript=True)


def scroll_to(*keys: str, turn: int) -> None:
    """Scroll to the first container there is with one of the keys, and put the focus on its first
    field.

    keys: ours, of letters, digits and hyphens. turn: another one each time, for the browser does
    not run again what has not changed.
    """
    st.html(html("scroll_to", " ".join(keys), turn, SCROLL_SCRIPT), unsafe_allow_javascript=True)
