"""How the dashboard is open: who can reach the server, and which entrance a visitor stands at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import streamlit as st
from starlette.types import Scope

from ita.config import current_settings
from ita.web.requests import is_loopback, own_address


class Entrance(StrEnum):
    """OWNER: nobody but the machine's owner can stand there. SIGN_IN: sign in first. PUBLIC: looking
    is free, more needs a sign-in. FIRST_ADMIN: nobody does anything before there is one."""

    OWNER = "owner"
    SIGN_IN = "sign-in"
    PUBLIC = "public"
    FIRST_ADMIN = "first-admin"


@dataclass(frozen=True)
class ServerExposure:
    """How the dashboard is open. wide: others than this machine may reach it. accounts: somebody can
    sign in. admin: somebody who signs in can be an administrator. public: looking is free."""

    wide: bool
    accounts: bool
    admin: bool
    public: bool


def entrance_of(is_local: bool, exposure: ServerExposure) -> Entrance:
    """near: a browser on this machine that came straight here."""
    if is_local and not exposure.wide and not exposure.accounts:
        return Entrance.OWNER
    if not exposure.admin:
        return Entrance.FIRST_ADMIN
    return Entrance.PUBLIC if exposure.public else Entrance.SIGN_IN


_is_reached_from_outside = False


def is_exposed() -> bool:
    """Whether Streamlit was told to listen beyond this machine, names were set for others to come
    by, or somebody came in by another address of this machine.

    The last, as uvicorn can be started with an address that Streamlit never hears of.
    """
    address = st.get_option("server.address")
    return _is_reached_from_outside or not is_loopback(address) or bool(current_settings().hosts)


def note_server_address(scope: Scope) -> None:
    """Remember it if a connection came in by an address that is not this machine's alone."""
    global _is_reached_from_outside  # noqa: PLW0603  one server a process
    address = own_address(scope)
    if address is not None and not is_loopback(address):
        _is_reached_from_outside = True
