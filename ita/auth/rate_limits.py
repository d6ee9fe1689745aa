"""Rate limits and backoff of sign-ins: counted in memory, checked before anything costly."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

FREE_FAILURES = 5
INITIAL_BACKOFF = timedelta(seconds=30)
MAX_BACKOFF = timedelta(minutes=15)


def backoff(failures: int) -> timedelta:
    """How long an account is locked after so many wrong passwords in a row: doubles with each."""
    beyond = failures - FREE_FAILURES
    if beyond < 0:
        return timedelta(0)
    return min(MAX_BACKOFF, INITIAL_BACKOFF * (1 << min(beyond, 10)))


# Names or addresses that are remembered; beyond that the least recent are evicted.
MAX_KEYS = 10_000


@dataclass
class _Bucket:
    tokens: float
    refilled_at: float


class RateLimiter:
    """A token bucket by key: `burst` at once, then `rate_per_second`; an unknown key is full."""

    def __init__(
        self, burst: int, rate_per_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._rate_per_second = rate_per_second
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def acquire(self, key: str) -> float:
        """Take a token; 0 if there was one, else the seconds until the next."""
        with self._lock:
            bucket = self._refill(key)
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                return 0
            return (1 - bucket.tokens) / self._rate_per_second

    def refund(self, key: str) -> None:
        """Return a token: the attempt succeeded and does not count."""
        with self._lock:
            bucket = self._refill(key)
            bucket.tokens = min(self._burst, bucket.tokens + 1)

    def _refill(self, key: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(self._burst, now))
        tokens = bucket.tokens + (now - bucket.refilled_at) * self._rate_per_second
        bucket.tokens, bucket.refilled_at = min(self._burst, tokens), now
        self._buckets.move_to_end(key)
        while len(self._buckets) > MAX_KEYS:
            self._buckets.popitem(last=False)
        return bucket


class UnknownNameThrottle:
    """Wrong passwords of names that have no account: they are locked out as an account would be, so
    that nobody learns from it which names there are."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def attempt(self, name: str) -> float:
        """Count an attempt; 0 if it may be made, else the seconds of lockout that remain."""
        with self._lock:
            failures, until = self._failures.get(name, (0, 0.0))
            now = self._clock()
            if now < until:
                return until - now
            failures += 1
            self._failures[name] = failures, now + backoff(failures).total_seconds()
            self._failures.move_to_end(name)
            while len(self._failures) > MAX_KEYS:
                self._failures.popitem(last=False)
            return 0


def network_of(address: str) -> str:
    """The network that counts as one client: of IPv6 the /64 that one customer has."""
    try:
        ip = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return "?"
    if ip.version == 6:
        mapped = ip.ipv4_mapped
        return str(mapped or ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
