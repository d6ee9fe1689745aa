"""Expanders whose content is rendered and sent when somebody opens them."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ita.ui.frame import guarded_fragment

# In the session: the expanders that were opened, so that closing one loses nothing typed.
OPENED_KEY = "opened folds"


@guarded_fragment
def lazy_expander(title: str, key: str, render: Callable[[], None], expanded: bool = False) -> None:
    """An expander; opening it reruns nothing else of the page. key: unique within the page, and of the
    content: once opened, it is rendered by this key."""
    with st.expander(title, expanded=expanded, key=f"fold {key}", on_change="rerun") as expander:
        opened_keys: set[str] = st.session_state.setdefault(OPENED_KEY, set())
        if expander.open:
            opened_keys.add(key)
        if key in opened_keys:
            render()
