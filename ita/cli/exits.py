"""How a call ends: its exit code, and the errors that end it."""

from __future__ import annotations

DONE, REFUSED, USAGE_ERROR, STORE_UNAVAILABLE = 0, 1, 2, 3


class UsageError(Exception):
    """The arguments are wrong or name what is not there; the text says why."""


class DiskFull(Exception):
    """There is no room for the output file; the text says where."""


class CommandRefused(Exception):
    """The data or a rule refuse the call; nothing was stored. The text says why."""
