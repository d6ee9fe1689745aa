"""Words of Streamlit's own that no setting of it changes, said in the language of the page.

By style sheet, for Streamlit's script would put its own words back whenever it draws.
"""

from __future__ import annotations

import json

import streamlit as st

from ita.wording import language, say

PLACES = {
    "choose": '[data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"]',
    "limit": '[data-testid="stFileUploaderDropzoneInstructions"] > div',
    "enter": '[data-testid="stTextInput"] [data-testid="InputInstructions"]',
    "control": '[data-testid="stTextArea"] [data-testid="InputInstructions"]',
}
"""What holds the words, as Streamlit 1.67 draws it."""


def widget_words() -> str:
    """The style sheet that says them; in English only what Streamlit says with a sign alone."""
    menu = _said('[data-testid="stExpandSidebarButton"]', "", say("เมนู"))
    if language() == "en":
        return f"<style>{menu}</style>"
    most = say("ไม่เกิน {most} MB", most=st.get_option("server.maxUploadSize"))
    rules = (
        menu,
        _said(PLACES["choose"], "> p", say("เลือกแฟ้ม")),
        _said(PLACES["limit"], "> span", most),
        # Two words stand there once something is typed: what to press, and how many letters.
        _said(PLACES["enter"], "> span:nth-last-child(2)", say("กด Enter"), "::before"),
        _said(PLACES["control"], "> span:nth-last-child(2)", say("กด Ctrl+Enter"), "::before"),
    )
    return f"<style>{''.join(rules)}</style>"


def _said(place: str, hidden: str, text: str, where: str = "::after") -> str:
    """What hides one text and shows another; only where the one that is hidden stands there."""
    there = f"{place}:has({hidden})" if hidden else place
    # Not taken away: a button's name must stand in the page, a style sheet alone gives none.
    hide = f"{place} {hidden} {{ font-size: 0 }}" if hidden else ""
    return f"{hide} {there}{where} {{ content: {json.dumps(text, ensure_ascii=False)} }}\n"
