"""Scrolling to a part of the page, and setting the keyboard's focus in it."""

from __future__ import annotations

from html import escape

import streamlit as st

from ita.web.page_scripts import SCROLL_SCRIPT


def scroll_to(*keys: str, turn: int) -> None:
    """Scroll to the first container there is with one of the keys, and put the focus on its first
    field.

    keys: ours, of letters, digits and hyphens. turn: another one each time, for the browser does
    not run again what has not changed.
    """
    marker = f'<span hidden data-ita-go-to="{escape(" ".join(keys))}" data-turn="{turn}"></span>'
    st.html(f"{marker}<script>{SCROLL_SCRIPT}</script>", unsafe_allow_javascript=True)
