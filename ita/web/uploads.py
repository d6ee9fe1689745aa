"""Files that are sent: by those who may bring something in, and no more than memory has room for.

Streamlit keeps what is sent to a session in memory, asks for no widget that wanted it, and gives it
back when Python happens to collect the session. Here it has room per person and in all, and is given
back when no page names it any more and when its tab is gone.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import cast

from starlette.concurrency import run_in_threadpool
from streamlit.runtime import Runtime, exists, get_instance
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from ita.auth.permissions import Action, can_on_some
from ita.auth.users import User
from ita.config import Bounds, current_bounds
from ita.logs import LogEvent, log_event
from ita.web.whose import sessions_of

BRINGING = (Action.IMPORT, Action.IMPORT_ALL, Action.KEEP_LOOKS)
"""What files are sent for."""

AT_ONCE = 4
"""So many of the largest files may lie in one person's pages together, where the bounds allow it."""

MIN_BYTES = 64 * 1024
"""What a file counts for at least, so that nobody keeps a million small ones."""

MEGABYTE = 1024**2

_coming: Counter[str | None] = Counter()
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


def may_send(user: User) -> bool:
    """Whether there is anything for which this person could send a file."""
    return any(can_on_some(user, action).allowed for action in BRINGING)


@contextmanager
def room_for(user: User, size: int, largest: int) -> Iterator[Shortage | None]:
    """Why there is no room for a file, or None; while the block lasts it counts as being on its way.

    largest: bytes of the largest file there may be.
    """
    key, counted = user.account, max(size, MIN_BYTES)
    lacking = _shortage(user, counted, largest)
    if lacking:
        yield lacking
        return
    _coming[key] += counted
    try:
        yield None
    finally:
        _coming[key] -= counted
        if _coming[key] <= 0:
            del _coming[key]


def _shortage(user: User, size: int, largest: int) -> Shortage | None:
    bounds = current_bounds()
    most = min(bounds.uploads_mb_each * MEGABYTE, AT_ONCE * largest)
    if lying(user) + _coming[user.account] + size > most:
        return Shortage.YOURS
    if lying() + sum(_coming.values()) + size > bounds.uploads_mb * MEGABYTE:
        return Shortage.FULL
    return None


def lying(user: User | None = None) -> int:
    """Bytes of the files that lie in a person's pages, or in all."""
    sizes = {session: list(of.values()) for session, of in list(_manager().file_storage.items())}
    among = sizes if user is None else sessions_of(user, sizes)
    return sum(max(len(file.data), MIN_BYTES) for s in among for file in sizes[s])


def _manager() -> MemoryUploadedFileManager:
    return cast(MemoryUploadedFileManager, get_instance().uploaded_file_mgr)


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


EACH = 5.0
"""Seconds from one look after files that nobody needs to the next."""

RETURNED_BYTES = 1024**2
"""Above this much memory that fell free it is worth while to give it back to the system."""


class Releasing:
    """Gives back files that no page names, and sessions with files whose tab is gone.

    A page has `upload_kept_seconds` to name a file that it sent, and a tab that lost its connection
    as long to come back. What is named once and then no more goes at once.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since: dict[tuple[str, str], float] = {}
        """When a file was first seen without a page that names it, by session and file."""
        self._named: set[tuple[str, str]] = set()

    def release(self, runtime: Runtime, bounds: Bounds) -> int:
        """Let go what is due; returns the bytes of it. In the server's loop only."""
        manager, now, freed = _manager(), self._clock(), 0
        held = {session: dict(of) for session, of in list(manager.file_storage.items())}
        seen: set[tuple[str, str]] = set()
        for session_id, files in held.items():
            active = runtime._session_mgr.get_active_session_info(session_id)
            named = files_named(active.session) if active else frozenset()
            gone = set()
            for file_id, file in files.items():
                key = (session_id, file_id)
                seen.add(key)
                if file_id in named:
                    self._named.add(key)
                    self._since.pop(key, None)
                    continue
                since = self._since.setdefault(key, now)
                dropped = active is not None and key in self._named
                if dropped or now - since >= bounds.upload_kept_seconds:
                    gone.add(file_id)
                    freed += len(file.data)
            if active is None and gone:
                _close(runtime, session_id)
                freed += sum(len(f.data) for i, f in files.items() if i not in gone)
            for file_id in gone:
                seen.discard((session_id, file_id))
                manager.remove_file(session_id, file_id)
            if not manager.file_storage.get(session_id):
                manager.file_storage.pop(session_id, None)
        self._since = {key: at for key, at in self._since.items() if key in seen}
        self._named &= seen
        return freed


def files_named(session: AppSession) -> frozenset[str]:
    """The files that the widgets of a session's page hold, by their ids."""
    return frozenset(
        info.file_id
        for state in session.session_state.get_widget_states()
        if state.WhichOneof("value") == "file_uploader_state_value"
        for info in state.file_uploader_state_value.uploaded_file_info
    )


def _close(runtime: Runtime, session_id: str) -> None:
    """End a session whose tab is gone, with all that it remembers: a file read is larger than it was."""
    info = runtime._session_mgr.get_session_info(session_id)
    if info:
        runtime.close_session(session_id)
        info.session.session_state.clear()
    _manager().remove_session_files(session_id)


async def keep_releasing() -> None:
    """Look after files that nobody needs, until the server ends."""
    releasing = Releasing()
    while True:
        await asyncio.sleep(EACH)
        if not exists():
            continue
        freed = releasing.release(get_instance(), current_bounds())
        if freed:
            log_event(LogEvent.UPLOADS_RELEASED, bytes=freed)
        if freed > RETURNED_BYTES:
            await run_in_threadpool(return_memory)


def return_memory() -> None:
    """Give free memory back to the system; glibc keeps it for itself otherwise."""
    gc.collect()
    with suppress(OSError, AttributeError, TypeError):  # another C library, which decides by itself
        ctypes.CDLL(None).malloc_trim(0)


def shortage_facts(shortage: Shortage) -> Mapping[str, int]:
    """The numbers in what a page says of a shortage."""
    bounds = current_bounds()
    return {
        "most": bounds.uploads_mb_each if shortage is Shortage.YOURS else bounds.uploads_mb,
        "seconds": bounds.body_seconds,
    }
