"""A browser's preferences: the agency and the language that were chosen last, in a cookie each.

A script on the page writes them, for a choice comes over the socket and never in a request. They hold
the choice and nothing else, are read as any text from outside is, and only where neither the address
nor the visit says another.
"""

from __future__ import annotations

from collections.abc import Container
from html import escape
from urllib.parse import quote, unquote

import streamlit as st

from ita.auth.users import Role
from ita.config import LANGUAGES
from ita.web.current_user import connection, current_user
from ita.web.marks import LANGUAGE_COOKIE
from ita.web.page_scripts import REMEMBER_SCRIPT
from ita.web.places import root

AGENCY_COOKIE = "ita_agency"
# Characters of a cookie's value; browsers store 4,096 with its name and attributes.
MAX_COOKIE_LENGTH = 1_000


def default_agency(known: Container[str]) -> str | None:
    """The agency that a person's pages are of without a choice: the account's for who works in it, else
    the one that was chosen last in this browser; None where neither is known."""
    user = current_user()
    account_agency = user.agency_id if user.role in (Role.STAFF, Role.EXECUTIVE) else None
    cookie_agency = unquote(connection()[1].get(AGENCY_COOKIE, "")[:MAX_COOKIE_LENGTH])
    return next(
        (agency for agency in (account_agency, cookie_agency) if agency and agency in known), None
    )


def preferred_language() -> str:
    """The language that was chosen last in this browser, else the first."""
    cookie_language = connection()[1].get(LANGUAGE_COOKIE)
    return cookie_language if cookie_language in LANGUAGES else LANGUAGES[0]


def remember_choice(cookie: str, choice: str) -> None:
    """Save a choice that was just made; the next run writes its cookie."""
    choices: dict[str, str] = st.session_state.setdefault("remembered", {})
    choices[cookie] = choice


def write_cookies() -> None:
    """Have the browser store what was chosen in this visit."""
    for cookie, choice in st.session_state.get("remembered", {}).items():
        value = quote(choice, safe="")
        if len(value) <= MAX_COOKIE_LENGTH:
            attributes = f'data-name="{cookie}" data-value="{value}" data-path="{escape(root())}/"'
            st.html(
                f"<script data-tongue {attributes}>{REMEMBER_SCRIPT}</script>",
                unsafe_allow_javascript=True,
            )
