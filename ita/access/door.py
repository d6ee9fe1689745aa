"""What the door remembers of tries, and what it says to whom it does not let in."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ita.access.attempts import Allowance, UnknownNames
from ita.access.people import Person
from ita.wording import later, say


class Why(StrEnum):
    """Why somebody was not let in."""

    WRONG = "wrong"
    RESTING = "resting"
    TOO_OFTEN = "too-often"
    DISABLED = "disabled"
    BUSY = "busy"
    SIGNED_OUT = "signed-out"


_SENTENCES = {
    Why.WRONG: later("ชื่อบัญชีหรือรหัสผ่านไม่ถูกต้อง กรุณาลองใหม่ หากลืมรหัสผ่าน โปรดแจ้งผู้ดูแลระบบให้ตั้งใหม่"),
    Why.RESTING: later(
        "ใส่รหัสผ่านผิดหลายครั้ง กรุณารอ {wait} แล้วลองใหม่ หากลืมรหัสผ่าน โปรดแจ้งผู้ดูแลระบบให้ตั้งใหม่"
    ),
    Why.TOO_OFTEN: later("มีการลองเข้าสู่ระบบจากเครือข่ายนี้ถี่เกินไป กรุณารอ {wait} แล้วลองใหม่"),
    Why.DISABLED: later("บัญชีนี้ถูกปิดไว้ กรุณาติดต่อผู้ดูแลระบบ"),
    Why.SIGNED_OUT: later("การเข้าสู่ระบบสิ้นสุดแล้ว กรุณาเข้าสู่ระบบใหม่"),
    Why.BUSY: later("มีผู้เข้าสู่ระบบพร้อมกันมาก กรุณารอสักครู่แล้วลองใหม่"),
}


@dataclass(frozen=True)
class Refusal:
    """Not let in, and after how many seconds another try makes sense."""

    why: Why
    wait: float = 0

    def message(self) -> str:
        return say(_SENTENCES[self.why], wait=wait_text(self.wait))


def wait_text(seconds: float) -> str:
    if seconds <= 90:
        return say("{seconds} วินาที", seconds=max(1, math.ceil(seconds)))
    return say("{minutes} นาที", minutes=math.ceil(seconds / 60))


@dataclass(frozen=True)
class SignedIn:
    """Let in. token: for the browser alone. must_change: only to change the password."""

    person: Person
    token: str
    must_change: bool


class Door:
    """What one process remembers of tries; one for all its visitors."""

    ADDRESS_BURST, ADDRESS_A_SECOND = 20, 1 / 3
    ENTRIES_BURST, ENTRIES_A_SECOND = 30, 1 / 60

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.addresses = Allowance(self.ADDRESS_BURST, self.ADDRESS_A_SECOND, clock)
        self.unknown = UnknownNames(clock)
        self._entries = Allowance(self.ENTRIES_BURST, self.ENTRIES_A_SECOND, clock)
        self._untold = 0

    def entries_due(self) -> int | None:
        """How many refusals went by untold since the last entry of one, if another may be made now.

        A flood of them must not fill the store.
        """
        if self._entries.take("") > 0:
            self._untold += 1
            return None
        return self.told()

    def told(self) -> int:
        """How many went by untold; they are told now."""
        untold, self._untold = self._untold, 0
        return untold
