"""Links to pages inside our own HTML, where Streamlit's own can't stand."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from ita.ui.pages import PagePlace, link_choices, opens


def page_href(place: PagePlace, **choices: object) -> str:
    """A relative address for HTML, with the choices that open the page at the right place."""
    return f"{place.url or '.'}?{urlencode(link_choices(choices))}"


def way(place: PagePlace, text: str, **choices: object) -> str:
    """A link inside HTML to a page, with its choices; nothing for whoever may not use the page for it."""
    return anchor(page_href(place, **choices), text) if opens(place, **choices) else ""


def anchor(href: str, text: str) -> str:
    """A link inside HTML that opens in the same tab."""
    return f'<a href="{escape(href)}" target="_self">{escape(text)}</a>'
