"""How a call ends: its exit code, and the two ways in which it may not be carried out."""

from __future__ import annotations

DONE, REFUSED, WRONG_CALL, STORE_UNAVAILABLE = 0, 1, 2, 3


class WrongCall(Exception):
    """The call can't be carried out as it stands; the text says why."""


class DiskFull(Exception):
    """There is no room for the file that was asked for; the text says where."""


class Refused(Exception):
    """The data say no; nothing was stored. The text says why."""
