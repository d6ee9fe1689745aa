"""Files that are made on a click: so many at a time for one person and in all, the others in turn.

A click on a download is a message that Streamlit works on at once, in one of a few threads that all
share, and anybody can send a thousand. Those beyond the bounds wait here; the button shows that it
works. Where too many wait, the answer is a sentence, which the page shows below the button.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from google.protobuf.message import DecodeError

from ita.auth.permissions import User
from ita.config import Bounds, current_bounds
from ita.i18n import N_, _, language_set_to
from ita.logs import LogEvent, log_event
from ita.web.limits import Holder, holder_of
from ita.web.streamlit_internals import BackMsg, ForwardMsg

ANSWER_BYTES = 4_096
"""No answer to a click on a download is larger: it names an address, or says what went wrong."""

MAX_SECONDS = 180
"""Streamlit's page waits no longer for a file. A place is free after it, whatever became of the file."""

SENTENCES = {
    "many": N_("กำลังทำไฟล์ที่ขอไว้ก่อนหน้านี้อยู่ กรุณารอให้เสร็จแล้วกดอีกครั้ง"),
    "failed": N_("ทำไฟล์ไม่สำเร็จ ข้อมูลในระบบไม่เปลี่ยน กรุณาเปิดหน้านี้ใหม่แล้วลองอีกครั้ง"),
    "large": N_(
        "ไฟล์นี้ใหญ่เกิน {megabytes} MB จึงทำในหน้าเว็บไม่ได้ ข้อมูลในระบบไม่เปลี่ยน กรุณากรองให้เหลือบางปีหรือบางหน่วยงาน "
        "หรือให้ผู้ดูแลระบบส่งออกจากสำเนาของฐานข้อมูลด้วยคำสั่ง python -m ita export"
    ),
    "busy": N_("กำลังทำไฟล์ขนาดใหญ่ของผู้อื่นอยู่ ข้อมูลในระบบไม่เปลี่ยน กรุณาลองอีกครั้งในหนึ่งหรือสองนาที"),
}

AFTER_CLOSE_SECONDS = 30

MAX_FAILURES = 1_000
_failures: OrderedDict[str, str] = OrderedDict()
"""Why the last file of a person failed, by `Holder.key`: Streamlit tells its page only that one did."""

_alone = threading.Lock()


def note_failure(user: User, sentence: str) -> None:
    """Have a page told why a file could not be made. sentence: in the page's language."""
    _failures[holder_of(user, None).key] = sentence
    while len(_failures) > MAX_FAILURES:
        _failures.popitem(last=False)


@contextmanager
def large_export(user: User) -> Iterator[int]:
    """One large file after the other, for each stands in memory as a whole. Yields the bytes that it
    may have.

    Raises:
        ExportBusy: another one is still being made.
    """
    if not _alone.acquire(timeout=MAX_SECONDS / 2):
        note_failure(user, _(SENTENCES["busy"]))
        raise ExportBusy
    try:
        yield current_bounds().export_mb * 1024**2
    finally:
        _alone.release()


class ExportBusy(Exception):
    """A large file is being made, and another one has waited for it long enough."""


class ExportQueue:
    """Places for files that are being made, and who waits for one, the longest first."""

    def __init__(self) -> None:
        self._running: Counter[Holder] = Counter()
        self._waiting: OrderedDict[asyncio.Future[None], Holder] = OrderedDict()

    async def take(self, holder: Holder, bounds: Bounds | None = None) -> bool:
        """Wait for a place; False where too many wait already, or it takes too long."""
        bounds = bounds or current_bounds()
        if self._is_free(holder, bounds):
            self._running[holder] += 1
            return True
        if sum(one == holder for one in self._waiting.values()) >= bounds.exports_waiting:
            return False
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[turn] = holder
        try:
            await asyncio.wait({turn}, timeout=MAX_SECONDS / 2)
        except (
            asyncio.CancelledError
        ):  # the page has gone, and may have been given a place just then
            if turn.done():
                self.give_back(holder)
            raise
        finally:
            self._waiting.pop(turn, None)
        return turn.done()

    def give_back(self, holder: Holder, bounds: Bounds | None = None) -> None:
        """A file is made; whoever waits longest and may have another gets the place."""
        bounds = bounds or current_bounds()
        self._running[holder] -= 1
        if not self._running[holder]:
            del self._running[holder]
        for turn, waiting in list(self._waiting.items()):
            if not turn.done() and self._is_free(waiting, bounds):
                self._running[waiting] += 1
                turn.set_result(None)

    def _is_free(self, holder: Holder, bounds: Bounds) -> bool:
        in_all = sum(self._running.values())
        return in_all < bounds.exports and self._running[holder] < bounds.exports_each

    def counts(self) -> tuple[int, int]:
        """Files that are being made, and that are waited for."""
        return sum(self._running.values()), len(self._waiting)


EXPORTS = ExportQueue()


def parse_client_message(raw: bytes) -> BackMsg | None:
    """A page's message; None for nonsense."""
    message = BackMsg()
    try:
        message.ParseFromString(raw)
    except DecodeError:
        return None
    return message


def requested_export(raw: bytes) -> str | None:
    """The number of a request for a file, where a page's message is one."""
    message = parse_client_message(raw) if len(raw) <= ANSWER_BYTES else None
    if message is None:
        return None
    request = message.backend_operation_request
    return request.request_id if request.WhichOneof("payload") == "deferred_file" else None


class ExportClicks:
    """The files that one page has asked for and that are not made."""

    def __init__(self, holder: Holder, spoken: str) -> None:
        self._holder, self._spoken = holder, spoken
        self._made: dict[str, asyncio.TimerHandle] = {}

    async def begin(self, request_id: str) -> bytes | None:
        """Wait for the turn of a request; the answer where it has none, else None."""
        if await EXPORTS.take(self._holder):
            loop = asyncio.get_running_loop()
            self._made[request_id] = loop.call_later(MAX_SECONDS, self._end, request_id)
            return None
        log_event(LogEvent.REFUSED, reason="exports-too-many")
        return self._answer(request_id, "many")

    def answered(self, message: bytes) -> bytes:
        """What goes to the page, which may be that a file is made; what Streamlit says of one that
        failed, in our words."""
        if not self._made or len(message) > ANSWER_BYTES:
            return message
        message_out = ForwardMsg()
        try:
            message_out.ParseFromString(message)
        except DecodeError:
            return message
        answer = message_out.backend_operation_response
        if answer.request_id not in self._made:
            return message
        self._end(answer.request_id)
        if not answer.error_msg:
            return message
        noted = _failures.pop(self._holder.key, None)
        return self._answer(answer.request_id, "failed", noted)

    def close(self) -> None:
        """The page is gone, but what it asked for may still be worked on, for a while."""
        loop = asyncio.get_running_loop()
        for request_id, timer in self._made.items():
            timer.cancel()
            self._made[request_id] = loop.call_later(AFTER_CLOSE_SECONDS, self._end, request_id)

    def _end(self, request_id: str) -> None:
        timer = self._made.pop(request_id, None)
        if timer:
            timer.cancel()
            EXPORTS.give_back(self._holder)

    def _answer(self, request_id: str, key: str, sentence: str | None = None) -> bytes:
        message = ForwardMsg()
        message.backend_operation_response.request_id = request_id
        with language_set_to(self._spoken):
            message.backend_operation_response.error_msg = sentence or _(SENTENCES[key])
        answer: bytes = message.SerializeToString()
        return answer
