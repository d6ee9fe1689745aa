"""Throttling and rate limits of sign-in attempts, and the messages of refused ones."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from ita.auth.permissions import User
from ita.i18n import N_, _

# Rate limits and backoff of sign-ins: counted in memory, checked before anything costly.

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


class LoginFailure(StrEnum):
    """Why a sign-in failed."""

    WRONG = "wrong"
    LOCKED_OUT = "resting"
    TOO_OFTEN = "too-often"
    DISABLED = "disabled"
    BUSY = "busy"
    SIGNED_OUT = "signed-out"


_SENTENCES = {
    LoginFailure.WRONG: N_("ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง กรุณาลองใหม่ หากลืมรหัสผ่าน กรุณาแจ้งผู้ดูแลระบบให้ตั้งใหม่"),
    LoginFailure.LOCKED_OUT: N_(
        "ใส่รหัสผ่านผิดหลายครั้ง กรุณารอ {wait} แล้วลองใหม่ หากลืมรหัสผ่าน กรุณาแจ้งผู้ดูแลระบบให้ตั้งใหม่"
    ),
    LoginFailure.TOO_OFTEN: N_("มีการลองเข้าสู่ระบบจากเครือข่ายนี้บ่อยเกินไป กรุณารอ {wait} แล้วลองใหม่"),
    LoginFailure.DISABLED: N_("บัญชีนี้ถูกปิดไว้ กรุณาติดต่อผู้ดูแลระบบ"),
    LoginFailure.SIGNED_OUT: N_("การเข้าสู่ระบบสิ้นสุดแล้ว กรุณาเข้าสู่ระบบใหม่"),
    LoginFailure.BUSY: N_("มีผู้เข้าสู่ระบบพร้อมกันมาก กรุณารอสักครู่แล้วลองใหม่"),
}


@dataclass(frozen=True)
class SignInRefusal:
    """A failed sign-in; wait: seconds until another attempt makes sense."""

    failure: LoginFailure
    wait: float = 0

    def message(self) -> str:
        return _(_SENTENCES[self.failure], wait=wait_text(self.wait))


def wait_text(seconds: float) -> str:
    if seconds <= 90:
        return _("{seconds} วินาที", seconds=max(1, math.ceil(seconds)))
    return _("{minutes} นาที", minutes=math.ceil(seconds / 60))


@dataclass(frozen=True)
class SignedIn:
    """A successful sign-in. token: for the browser alone. must_change: only to change the password."""

    user: User
    token: str
    must_change: bool


class LoginThrottle:
    """Rate limits and counters of sign-in attempts; one a process, for all its visitors."""

    ADDRESS_BURST, ADDRESS_A_SECOND = 20, 1 / 3
    ENTRIES_BURST, ENTRIES_A_SECOND = 30, 1 / 60

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.address_limiter = RateLimiter(self.ADDRESS_BURST, self.ADDRESS_A_SECOND, clock)
        self.unknown_names = UnknownNameThrottle(clock)
        self._entry_limiter = RateLimiter(self.ENTRIES_BURST, self.ENTRIES_A_SECOND, clock)
        self._unrecorded = 0

    def unrecorded_if_due(self) -> int | None:
        """How many refusals were not recorded since the last audit entry of one, if another may be
        made now; None where it may not. A flood of them must not fill the store.
        """
        if self._entry_limiter.acquire("") > 0:
            self._unrecorded += 1
            return None
        return self.reset_unrecorded()

    def reset_unrecorded(self) -> int:
        """How many refusals were not recorded; the count starts again at 0."""
        count, self._unrecorded = self._unrecorded, 0
        return count
