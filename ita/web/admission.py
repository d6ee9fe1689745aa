"""How many pages one person may have open, and all strangers together.

A stranger is who has not signed in; all of one address count as one, for nothing tells them apart.
An office of 200 behind one address fits, and whoever signs in is counted for themselves. Whoever sits
at the machine, where nobody else has an account, is only bound by what the machine can hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ita.auth.throttling import network_of
from ita.auth.users import Role, User
from ita.config import Bounds, current_bounds
from ita.web.descriptors import sockets_that_fit
from ita.web.refusals import PAGES_FULL, STRANGERS_FULL, YOUR_PAGES, Refusal


@dataclass(frozen=True)
class Holder:
    """Who pages are counted for. key: of the account or the address, "" for the machine's owner."""

    key: str
    stranger: bool


OWNER = Holder("", False)


def holder_of(user: User, address: str | None) -> Holder:
    """address: that connected, or that a trusted proxy named."""
    if user.account:
        return Holder(f"account {user.account}", False)
    if user.role is Role.ADMIN:  # without an account only the machine's owner is one
        return OWNER
    return Holder(f"address {network_of(address or '')}", True)


class Pace:
    """A queue that moves on so many times a second, after a burst of twice as many at once."""

    def __init__(self, a_second: int) -> None:
        self._each, self._burst = 1 / a_second, 2.0
        self._next = 0.0

    def wait(self, now: float) -> float:
        """Take the next place; the seconds until it is its turn. now: by a clock that only goes on."""
        self._next = max(self._next, now - self._burst) + self._each
        return max(0.0, self._next - now)


class Admission:
    """The pages that are open, by who holds them."""

    def __init__(self) -> None:
        self._open: Counter[Holder] = Counter()
        self._paces: dict[Holder, Pace] = {}

    def crowd(self, holder: Holder, bounds: Bounds | None = None) -> Refusal | None:
        """Why there is no room for one more page; None where there is."""
        bounds = bounds or current_bounds()
        most = sockets_that_fit(bounds)
        strangers = most // 2
        if holder.stranger:
            if self._open[holder] >= min(bounds.sockets_address, strangers * 3 // 4):
                return YOUR_PAGES
            if sum(count for one, count in self._open.items() if one.stranger) >= strangers:
                return STRANGERS_FULL
        elif holder != OWNER and self._open[holder] >= bounds.sockets_account:
            return YOUR_PAGES
        return PAGES_FULL if sum(self._open.values()) >= most else None

    @contextmanager
    def holding(self, holder: Holder) -> Iterator[None]:
        """One page is open for as long as the block lasts."""
        self._open[holder] += 1
        try:
            yield
        finally:
            self._open[holder] -= 1
            if not self._open[holder]:
                del self._open[holder]
                self._paces.pop(holder, None)

    def pace(self, holder: Holder) -> Pace | None:
        """The queue in which one person's pages wait for their runs; None where nobody else waits."""
        if holder == OWNER:
            return None
        return self._paces.setdefault(holder, Pace(current_bounds().runs_second))

    def counts(self) -> tuple[int, int]:
        """Open pages of those who are known, and of strangers."""
        strangers = sum(count for holder, count in self._open.items() if holder.stranger)
        return sum(self._open.values()) - strangers, strangers


ADMISSION = Admission()
