"""What a browser remembers of a person's last choices: the agency and the language, in a cookie each.

A script on the page writes them, for a choice comes over the socket and never in a request. They hold
the choice and nothing else, are read as any text from outside is, and only where neither the address
nor the visit says another.
"""

from __future__ import annotations

from collections.abc import Container
from html import escape
from urllib.parse import quote, unquote

import streamlit as st

from ita.access.people import Role
from ita.settings import LANGUAGES
from ita.ui.sign_in import connection, the_person
from ita.ui.web.marks import LANGUAGE_COOKIE
from ita.ui.web.places import root

AGENCY_COOKIE = "ita_agency"
LONGEST = 1_000
"""Characters of a cookie's value; browsers keep 4,096 with its name and terms."""

REMEMBER_SCRIPT = """
(function () {
  const choice = document.currentScript.dataset;
  const safely = location.protocol === "https:" ? "; secure" : "";
  document.cookie = choice.name + "=" + choice.value + "; path=" + choice.path
    + "; max-age=31536000; samesite=lax" + safely;
})();
"""
"""One text for every choice, as the page's policy lists scripts by their hash."""


def own_agency(known: Container[str]) -> str | None:
    """The agency that a person's pages are of without a choice: the account's for who works in it, else
    the one that was chosen last in this browser; None where neither is known."""
    person = the_person()
    of_account = person.agency_id if person.role in (Role.STAFF, Role.EXECUTIVE) else None
    last = unquote(connection()[1].get(AGENCY_COOKIE, "")[:LONGEST])
    return next((agency for agency in (of_account, last) if agency and agency in known), None)


def usual_language() -> str:
    """The language that was chosen last in this browser, else the first."""
    last = connection()[1].get(LANGUAGE_COOKIE)
    return last if last in LANGUAGES else LANGUAGES[0]


def remember(cookie: str, choice: str) -> None:
    """Keep a choice that a person has just made; the next run tells the browser."""
    kept: dict[str, str] = st.session_state.setdefault("remembered", {})
    kept[cookie] = choice


def tell_browser() -> None:
    """Have the browser keep what was chosen in this visit."""
    for cookie, choice in st.session_state.get("remembered", {}).items():
        value = quote(choice, safe="")
        if len(value) <= LONGEST:
            told = f'data-name="{cookie}" data-value="{value}" data-path="{escape(root())}/"'
            st.html(
                f"<script data-tongue {told}>{REMEMBER_SCRIPT}</script>",
                unsafe_allow_javascript=True,
            )
