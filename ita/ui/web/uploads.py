"""Files that are sent: by those who may bring something in, and no more than their pages need.

Streamlit keeps what is sent to a session in memory and asks for no widget that wanted it, so any
program could fill the machine through a page of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from ita.access.people import Person
from ita.access.permissions import Action, may_at_all
from ita.ui.web.whose import sessions_of

BRINGING = (Action.IMPORT, Action.IMPORT_ALL, Action.KEEP_LOOKS)
"""What files are sent for."""

AT_ONCE = 4
"""So many of the largest files may lie in one person's pages together."""

_coming: Counter[str | None] = Counter()
"""Bytes on their way, by account; asked and changed in the server's one loop only."""


def may_send(person: Person) -> bool:
    """Whether there is anything for which this person could send a file."""
    return any(may_at_all(person, action).allowed for action in BRINGING)


@contextmanager
def room_for(person: Person, size: int, largest: int) -> Iterator[bool]:
    """Whether there is room for a file; while the block lasts it counts as being on its way.

    largest: bytes of the largest file there may be.
    """
    key = person.account
    if lying(person) + _coming[key] + size > AT_ONCE * largest:
        yield False
        return
    _coming[key] += size
    try:
        yield True
    finally:
        _coming[key] -= size
        if _coming[key] <= 0:
            del _coming[key]


def lying(person: Person) -> int:
    """Bytes of the files that lie in a person's pages."""
    kept = cast(MemoryUploadedFileManager, get_instance().uploaded_file_mgr)
    files = {session: list(of.values()) for session, of in list(kept.file_storage.items())}
    return sum(len(file.data) for s in sessions_of(person, files) for file in files[s])
