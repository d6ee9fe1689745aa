"""Whether others than this machine may reach the server."""

from __future__ import annotations

import streamlit as st
from starlette.types import Scope

from ita.config import current_settings
from ita.web.hosts import is_loopback
from ita.web.requests import own_address

_reached_from_outside = False


def is_exposed() -> bool:
    """Whether Streamlit was told to listen beyond this machine, names were set for others to come
    by, or somebody came in by another address of this machine.

    The last, as uvicorn can be started with an address that Streamlit never hears of.
    """
    address = st.get_option("server.address")
    return _reached_from_outside or not is_loopback(address) or bool(current_settings().hosts)


def note_arrival(scope: Scope) -> None:
    """Remember it if a connection came in by an address that is not this machine's alone."""
    global _reached_from_outside  # noqa: PLW0603  one server a process
    address = own_address(scope)
    if address is not None and not is_loopback(address):
        _reached_from_outside = True
