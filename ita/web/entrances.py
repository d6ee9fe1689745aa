"""Which entrance a visitor stands at, before anything is known of who it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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


def entrance_of(near: bool, house: ServerExposure) -> Entrance:
    """near: a browser on this machine that came straight here."""
    if near and not house.wide and not house.accounts:
        return Entrance.OWNER
    if not house.admin:
        return Entrance.FIRST_ADMIN
    return Entrance.PUBLIC if house.public else Entrance.SIGN_IN
