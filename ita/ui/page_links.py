"""Links to pages inside our own HTML, where Streamlit's own can't be."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from ita.ui.pages import can_open, link_query
from ita.web.page_list import PageSpec


def page_href(page: PageSpec, **choices: object) -> str:
    """A relative URL of a page with its choices, for HTML."""
    return f"{page.url or '.'}?{urlencode(link_query(choices))}"


def page_link_html(page: PageSpec, text: str, **choices: object) -> str:
    """HTML of a link to a page with its choices; "" for those who may not use the page for them."""
    return link_html(page_href(page, **choices), text) if can_open(page, **choices) else ""


def link_html(href: str, text: str) -> str:
    """HTML of a link that opens in the same tab."""
    return f'<a href="{escape(href)}" target="_self">{escape(text)}</a>'
