"""Texts of Streamlit's own that no setting of it changes, in the language of the page.

By style sheet, as Streamlit's script would restore its own texts whenever it renders.
"""

from __future__ import annotations

import json

import streamlit as st

from ita.i18n import _, language

# The elements of the texts, as Streamlit 1.67 renders them.
SELECTORS = {
    "choose": '[data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"]',
    "limit": '[data-testid="stFileUploaderDropzoneInstructions"] > div',
    "enter": '[data-testid="stTextInput"] [data-testid="InputInstructions"]',
    "control": '[data-testid="stTextArea"] [data-testid="InputInstructions"]',
}


def widget_text_css() -> str:
    """The style sheet of the texts; in English only those that Streamlit shows as an icon alone."""
    menu = _replace_text_css('[data-testid="stExpandSidebarButton"]', "", _("เมนู"))
    if language() == "en":
        return f"<style>{menu}</style>"
    limit = _("ไม่เกิน {most} MB", most=st.get_option("server.maxUploadSize"))
    rules = (
        menu,
        _replace_text_css(SELECTORS["choose"], "> p", _("เลือกแฟ้ม")),
        _replace_text_css(SELECTORS["limit"], "> span", limit),
        # Two words stand there once something is typed: what to press, and how many letters.
        _replace_text_css(
            SELECTORS["enter"], "> span:nth-last-child(2)", _("กด Enter"), "::before"
        ),
        _replace_text_css(
            SELECTORS["control"], "> span:nth-last-child(2)", _("กด Ctrl+Enter"), "::before"
        ),
    )
    return f"<style>{''.join(rules)}</style>"


def _replace_text_css(
    selector: str, hidden_selector: str, text: str, pseudo_element: str = "::after"
) -> str:
    """CSS that hides one text and shows another; only where the hidden one is there."""
    shown_selector = f"{selector}:has({hidden_selector})" if hidden_selector else selector
    # Not removed: a button's accessible name must be in the page, a style sheet alone gives none.
    hide_rule = f"{selector} {hidden_selector} {{ font-size: 0 }}" if hidden_selector else ""
    return f"{hide_rule} {shown_selector}{pseudo_element} {{ content: {json.dumps(text, ensure_ascii=False)} }}\n"
