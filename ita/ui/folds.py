"""Parts of a page that are made and sent when somebody opens them."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ita.ui.frame import by_itself

OPENED = "opened folds"
"""In the session: the folds of this visit that stay made, so that closing one forgets nothing typed."""


@by_itself
def folded(title: str, key: str, draw: Callable[[], None], opened: bool = False) -> None:
    """A folded part. Opening it draws nothing else of the page. key: its own within the page, and of
    what it holds: what is remembered as open is remembered by it."""
    with st.expander(title, expanded=opened, key=f"fold {key}", on_change="rerun") as part:
        made: set[str] = st.session_state.setdefault(OPENED, set())
        if part.open:
            made.add(key)
        if key in made:
            draw()
