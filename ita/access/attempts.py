"""How often somebody may try: counted in memory, asked before anything that costs is done."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

FREE_FAILURES = 5
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)


def pause_after(failures: int) -> timedelta:
    """How long an account rests after so many wrong passwords in a row: it doubles with each."""
    beyond = failures - FREE_FAILURES
    if beyond < 0:
        return timedelta(0)
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(beyond, 10)))


MOST_KEYS = 10_000
"""So many names or addresses are remembered; of more, those are forgotten that came least lately."""


@dataclass
class _Bucket:
    tokens: float
    filled_at: float


class Allowance:
    """Tokens by key: `burst` at once, then so many a second; a key that is not known is full."""

    def __init__(
        self, burst: int, a_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._a_second = a_second
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str) -> float:
        """Take a token; 0 if there was one, else the seconds until the next."""
        with self._lock:
            bucket = self._filled(key)
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                return 0
            return (1 - bucket.tokens) / self._a_second

    def give_back(self, key: str) -> None:
        """The try was a good one and counts as none."""
        with self._lock:
            bucket = self._filled(key)
            bucket.tokens = min(self._burst, bucket.tokens + 1)

    def _filled(self, key: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(self._burst, now))
        grown = bucket.tokens + (now - bucket.filled_at) * self._a_second
        bucket.tokens, bucket.filled_at = min(self._burst, grown), now
        self._buckets.move_to_end(key)
        while len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
        return bucket


class UnknownNames:
    """Wrong passwords of names that have no account: they rest as an account would, so that nobody
    learns from it which names there are."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def attempt(self, name: str) -> float:
        """Count a try; 0 if it may be made, else the seconds that the name still rests."""
        with self._lock:
            failures, until = self._failed.get(name, (0, 0.0))
            now = self._clock()
            if now < until:
                return until - now
            failures += 1
            self._failed[name] = failures, now + pause_after(failures).total_seconds()
            self._failed.move_to_end(name)
            while len(self._failed) > MOST_KEYS:
                self._failed.popitem(last=False)
            return 0


def network_of(address: str) -> str:
    """What counts as one address: of IPv6 the network that one customer has."""
    try:
        found = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return "?"
    if found.version == 6:
        mapped = found.ipv4_mapped
        return str(mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)
