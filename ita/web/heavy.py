"""Pages that add up many agencies, or read all texts: how often one person may have them drawn."""

from __future__ import annotations

from functools import cache
from math import ceil

from ita.auth.throttling import RateLimiter
from ita.auth.users import User
from ita.config import current_bounds
from ita.logs import LogEvent, log_event
from ita.web.admission import OWNER, holder_of


@cache
def _limiter(per_minute: int) -> RateLimiter:
    return RateLimiter(max(1, per_minute // 2), per_minute / 60)


def seconds_to_wait(user: User, address: str | None) -> int:
    """Count one run of a heavy page; 0 if it may be, else the seconds until the next may.

    address: of whoever has not signed in.
    """
    holder = holder_of(user, address)
    if holder == OWNER:
        return 0
    seconds = _limiter(current_bounds().heavy_minute).acquire(holder.key)
    if seconds:
        log_event(LogEvent.REFUSED, reason="pages-too-often")
    return ceil(seconds)
