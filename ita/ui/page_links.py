"""Links to pages inside our own HTML, where Streamlit's own can't stand."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from ita.settings import LANGUAGES
from ita.ui.pages import PagePlace, opens
from ita.ui.remembered import usual_language
from ita.wording import language


def page_href(place: PagePlace, **choices: object) -> str:
    """A relative address for HTML, with the choices that open the page at the right place."""
    asked = {name: str(value) for name, value in choices.items() if value is not None}
    if language() != usual_language() or language() != LANGUAGES[0]:
        asked["lang"] = language()
    return f"{place.url or '.'}?{urlencode(asked)}"


def way(place: PagePlace, text: str, **choices: object) -> str:
    """A link inside HTML to a page, with its choices; nothing for whoever may not use the page for it."""
    return anchor(page_href(place, **choices), text) if opens(place, **choices) else ""


def anchor(href: str, text: str) -> str:
    """A link inside HTML that opens in the same tab."""
    return f'<a href="{escape(href)}" target="_self">{escape(text)}</a>'
