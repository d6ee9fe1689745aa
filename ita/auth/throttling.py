"""Throttling of sign-in attempts, and the messages of refused ones."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ita.auth.rate_limits import RateLimiter, UnknownNameThrottle
from ita.auth.users import User
from ita.i18n import N_, _


class LoginFailure(StrEnum):
    """Why a sign-in failed."""

    WRONG = "wrong"
    LOCKED_OUT = "resting"
    TOO_OFTEN = "too-often"
    DISABLED = "disabled"
    BUSY = "busy"
    SIGNED_OUT = "signed-out"


_SENTENCES = {
    LoginFailure.WRONG: N_("ชื่อบัญชีหรือรหัสผ่านไม่ถูกต้อง กรุณาลองใหม่ หากลืมรหัสผ่าน โปรดแจ้งผู้ดูแลระบบให้ตั้งใหม่"),
    LoginFailure.LOCKED_OUT: N_(
        "ใส่รหัสผ่านผิดหลายครั้ง กรุณารอ {wait} แล้วลองใหม่ หากลืมรหัสผ่าน โปรดแจ้งผู้ดูแลระบบให้ตั้งใหม่"
    ),
    LoginFailure.TOO_OFTEN: N_("มีการลองเข้าสู่ระบบจากเครือข่ายนี้ถี่เกินไป กรุณารอ {wait} แล้วลองใหม่"),
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
