"""The title of the page that runs, in the browser's tab and above the page, with the agency's name."""

from __future__ import annotations

from contextvars import ContextVar
from html import escape

import streamlit as st

from ita.ui.markup import render_html

PROGRAM = "ITA Trends"
_title: ContextVar[str] = ContextVar("title", default="")


def set_page_title(title: str) -> None:
    """Set the title of the running page, in the tab."""
    _title.set(title)
    st.set_page_config(page_title=_joined(title, PROGRAM))


def show_agency_name(name: str, heading: bool) -> None:
    """Add the agency's name to the tab's title; heading: also above the page, where no picker shows it."""
    st.set_page_config(page_title=_joined(_title.get(), name, PROGRAM))
    if heading:
        render_html(f'<p class="ita-lead ita-agency"><b>{escape(name)}</b></p>')


def _joined(*names: str) -> str:
    return " · ".join(filter(None, names))
