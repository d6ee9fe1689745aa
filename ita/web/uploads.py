"""Files that are sent, and bodies of requests while they come in: in time, and no more than there is room for.

Streamlit keeps what is sent to a session in memory, asks for no widget that wanted it, and gives it
back when Python happens to collect the session. Here it has room per person and in all, and is given
back when no page names it any more and when its tab is gone.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum

from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive, Scope

from ita.auth.permissions import Action, User, can_on_some
from ita.config import Bounds, current_bounds
from ita.logs import LogEvent, log_event
from ita.web.current_user import sessions_of
from ita.web.requests import header
from ita.web.streamlit_internals import (
    Runtime,
    active_session,
    close_session,
    exists,
    get_instance,
    uploaded_file_ids,
    uploaded_files,
)
from ita.workers.process import return_memory

UPLOAD_ACTIONS = (Action.IMPORT, Action.IMPORT_ALL, Action.KEEP_LOOKS)
"""What files are sent for."""

AT_ONCE = 4
"""So many of the largest files may lie in one person's pages together, where the bounds allow it."""

MIN_BYTES = 64 * 1024
"""What a file counts for at least, so that nobody keeps a million small ones."""

MEGABYTE = 1024**2

_incoming: Counter[str | None] = Counter()
"""Bytes on their way, by account; asked and changed in the server's one loop only."""


class Shortage(StrEnum):
    """Why an upload was not taken: in the log, in the metrics, and on the page as a sentence.

    YOURS: the person's own pages hold too much. FULL: all pages together do. SLOW: it stalled.
    SHAPE: it is not what a page sends.
    """

    YOURS = "uploads-too-many"
    FULL = "uploads-full"
    SLOW = "body-slow"
    SHAPE = "upload-shape"


def can_upload(user: User) -> bool:
    """Whether there is anything for which this person could send a file."""
    return any(can_on_some(user, action).allowed for action in UPLOAD_ACTIONS)


@contextmanager
def reserve_upload(user: User, size: int, largest: int) -> Iterator[Shortage | None]:
    """Why there is no room for a file, or None; while the block lasts it counts as being on its way.

    largest: bytes of the largest file there may be.
    """
    key, counted = user.account, max(size, MIN_BYTES)
    shortage = _shortage(user, counted, largest)
    if shortage:
        yield shortage
        return
    _incoming[key] += counted
    try:
        yield None
    finally:
        _incoming[key] -= counted
        if _incoming[key] <= 0:
            del _incoming[key]


def _shortage(user: User, size: int, largest: int) -> Shortage | None:
    bounds = current_bounds()
    most = min(bounds.uploads_mb_each * MEGABYTE, AT_ONCE * largest)
    if uploaded_bytes(user) + _incoming[user.account] + size > most:
        return Shortage.YOURS
    if uploaded_bytes() + sum(_incoming.values()) + size > bounds.uploads_mb * MEGABYTE:
        return Shortage.FULL
    return None


def uploaded_bytes(user: User | None = None) -> int:
    """Bytes of the files that lie in a person's pages, or in all."""
    sizes = {
        session: list(of.values()) for session, of in list(uploaded_files().file_storage.items())
    }
    among = sizes if user is None else sessions_of(user, sizes)
    return sum(max(len(file.data), MIN_BYTES) for s in among for file in sizes[s])


MAX_REFUSALS = 1_000
_refusals: OrderedDict[str, Shortage] = OrderedDict()
"""What the pages of sessions have to be told, until they are."""


def note_refusal(session_id: str, shortage: Shortage) -> None:
    _refusals[session_id] = shortage
    while len(_refusals) > MAX_REFUSALS:
        _refusals.popitem(last=False)


def take_refusal(session_id: str) -> Shortage | None:
    """Why the last upload to a session was not taken; told once."""
    return _refusals.pop(session_id, None)


RELEASE_SECONDS = 5.0
"""Seconds from one look after files that nobody needs to the next."""

RETURNED_BYTES = 1024**2
"""Above this much memory that fell free it is worth while to give it back to the system."""


class UploadRelease:
    """Gives back files that no page names, and sessions with files whose tab is gone.

    A page has `upload_kept_seconds` to name a file that it sent, and a tab that lost its connection
    as long to come back. What is named once and then no more goes at once.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._unnamed_since: dict[tuple[str, str], float] = {}
        """When a file was first seen without a page that names it, by session and file."""
        self._named: set[tuple[str, str]] = set()

    def release(self, runtime: Runtime, bounds: Bounds) -> int:
        """Let go what is due; returns the bytes of it. In the server's loop only."""
        manager, now, freed = uploaded_files(), self._clock(), 0
        held = {session: dict(of) for session, of in list(manager.file_storage.items())}
        seen: set[tuple[str, str]] = set()
        for session_id, files in held.items():
            active = active_session(runtime, session_id)
            named = uploaded_file_ids(active) if active else frozenset()
            gone = set()
            for file_id, file in files.items():
                key = (session_id, file_id)
                seen.add(key)
                if file_id in named:
                    self._named.add(key)
                    self._unnamed_since.pop(key, None)
                    continue
                since = self._unnamed_since.setdefault(key, now)
                dropped = active is not None and key in self._named
                if dropped or now - since >= bounds.upload_kept_seconds:
                    gone.add(file_id)
                    freed += len(file.data)
            if active is None and gone:
                close_session(runtime, session_id)
                manager.remove_session_files(session_id)
                freed += sum(len(f.data) for i, f in files.items() if i not in gone)
            for file_id in gone:
                seen.discard((session_id, file_id))
                manager.remove_file(session_id, file_id)
            if not manager.file_storage.get(session_id):
                manager.file_storage.pop(session_id, None)
        self._unnamed_since = {key: at for key, at in self._unnamed_since.items() if key in seen}
        self._named &= seen
        return freed


LEFT_BEHIND_BYTES = 8 * MEGABYTE
"""What a tab without a connection holds of a person who sends a file elsewhere is let go from here on;
less waits its time, for a phone that is in a tunnel."""


def release_left_behind(runtime: Runtime, user: User) -> int:
    """Let go the large files of a person's tabs that are gone, at once: a new one is coming, and both
    would lie in memory with all that was read of them. In the server's loop only; returns the bytes."""
    manager, freed = uploaded_files(), 0
    for session_id in sessions_of(user, list(manager.file_storage)):
        held = sum(len(file.data) for file in manager.file_storage.get(session_id, {}).values())
        if held >= LEFT_BEHIND_BYTES and active_session(runtime, session_id) is None:
            close_session(runtime, session_id)
            manager.remove_session_files(session_id)
            manager.file_storage.pop(session_id, None)
            freed += held
    return freed


async def release_uploads() -> None:
    """Look after files that nobody needs, until the server ends."""
    releasing = UploadRelease()
    while True:
        await asyncio.sleep(RELEASE_SECONDS)
        if not exists():
            continue
        await note_released(releasing.release(get_instance(), current_bounds()))


async def note_released(freed: int) -> None:
    """Log that files were let go, and give their memory back. freed: bytes."""
    if freed:
        log_event(LogEvent.UPLOADS_RELEASED, bytes=freed)
    if freed > RETURNED_BYTES:
        await run_in_threadpool(return_memory)


def shortage_facts(shortage: Shortage) -> Mapping[str, int]:
    """The numbers in what a page says of a shortage."""
    bounds = current_bounds()
    return {
        "most": bounds.uploads_mb_each if shortage is Shortage.YOURS else bounds.uploads_mb,
        "seconds": bounds.body_seconds,
    }


# The body of a request while it comes in: in time, and an upload as the one part that a page sends.
# Streamlit reads whatever comes for as long as it comes: one byte a minute, a hundred thousand parts,
# a part whose header alone has a megabyte.

PART_HEADER_BYTES = 8 * 1024
"""The most that the header of an upload's part may have; a name of 255 letters takes some 2 kB."""

BOUNDARY_BYTES = 70
"""The most that RFC 2046 allows."""


class BodyRefused(OSError):
    """Why a body is not read on. An OSError, at which Starlette closes its temporary files."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


def receive_in_time(
    receive: Receive, bounds: Bounds, clock: Callable[[], float] = time.monotonic
) -> Receive:
    """Receive a body that neither stalls nor trickles.

    Raises, out of what it returns:
        BodyRefused: nothing came for `body_seconds`, or all of it together too slowly.
    """
    begun, received, is_whole = clock(), 0, False

    async def receive_in_time() -> Message:
        nonlocal received, is_whole
        if is_whole:  # what comes now is that the visitor has gone
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), bounds.body_seconds)
        except TimeoutError:
            raise BodyRefused("body-slow", 408) from None
        received += len(message.get("body", b""))
        is_whole = not message.get("more_body", False)
        due = (clock() - begun - bounds.body_seconds) * bounds.least_kb_second * 1024
        if not is_whole and received < due:
            raise BodyRefused("body-slow", 408)
        return message

    return receive_in_time


def boundary_of(scope: Scope) -> bytes | None:
    """What stands between the parts of an upload; None where it is no upload of a page."""
    kind, options = parse_options_header(header(scope, "content-type") or "")
    boundary = options.get(b"boundary", b"")
    return (
        boundary if kind == b"multipart/form-data" and 0 < len(boundary) <= BOUNDARY_BYTES else None
    )


def receive_one_part(receive: Receive, boundary: bytes) -> Receive:
    """Receive an upload of one part with a header of a file's size.

    Raises, out of what it returns:
        BodyRefused: it has more parts, or a header without an end.
    """
    delimiter, delimiters, head, tail = b"--" + boundary, 0, b"", b""
    is_head = True

    async def receive_part() -> Message:
        nonlocal delimiters, head, tail, is_head
        message = await receive()
        body = message.get("body", b"")
        if is_head:
            head += body[: PART_HEADER_BYTES + 1 - len(head)]
            is_head = b"\r\n\r\n" not in head
            if is_head and len(head) > PART_HEADER_BYTES:
                raise BodyRefused("upload-shape", 400)
        looked = tail + body
        delimiters += looked.count(delimiter)
        tail = (
            looked[len(looked) - len(delimiter) + 1 :] if len(delimiter) <= len(looked) else looked
        )
        if delimiters > 2:
            raise BodyRefused("upload-shape", 400)
        return message

    return receive_part
