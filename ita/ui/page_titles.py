"""The title of the page that runs, in the browser's tab and above the page, with the agency's name."""

from __future__ import annotations

from contextvars import ContextVar
from html import escape

import streamlit as st

from ita.ui.markup import render_html

PROGRAM = "ITA Trends"
_title: ContextVar[str] = ContextVar("title", default="")


def title_page(title: str) -> None:
    """Call the page that runs by its title, in the tab."""
    _title.set(title)
    st.set_page_config(page_title=_joined(title, PROGRAM))


def name_agency(name: str, heading: bool) -> None:
    """Put the agency's name into the tab; heading: also above the page, where no choice shows it."""
    st.set_page_config(page_title=_joined(_title.get(), name, PROGRAM))
    if heading:
        render_html(f'<p class="ita-lead ita-agency"><b>{escape(name)}</b></p>')


def _joined(*names: str) -> str:
    return " · ".join(filter(None, names))
