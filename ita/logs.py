"""What happened, as one line of JSON an event and as counts: for whoever runs the machine.

A line holds numbers and words out of our own code only. Names, cells, file names, addresses and
queries can't get in: what does not look like a word of ours is left out.
"""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from secrets import token_hex
from threading import Lock
from types import MappingProxyType
from typing import TextIO

from ita.settings import PROJECT

Fact = int | float | str | None


class Event(StrEnum):
    """All that is noted. A word once given out is kept: people search and count by it."""

    STARTED = "started"
    STOPPED = "stopped"
    STORE_OPENED = "store-opened"
    STORE_UNAVAILABLE = "store-unavailable"
    STORE_REOPENED = "store-reopened"
    STORE_RESCUED = "store-rescued"
    BACKED_UP = "backed-up"
    BACKUP_FAILED = "backup-failed"
    REFUSED = "refused"
    SIGNED_IN = "signed-in"
    SIGN_IN_FAILED = "sign-in-failed"
    SIGNED_OUT = "signed-out"
    NOT_ALLOWED = "not-allowed"
    IMPORTED = "imported"
    IMPORT_REFUSED = "import-refused"
    UNDONE = "undone"
    UPLOADS_RELEASED = "uploads-released"
    EXPORTED_ALL = "exported-all"
    WORKER_FAILED = "worker-failed"
    FAULT = "fault"
    OF_A_LIBRARY = "of-a-library"


_WORD = re.compile(r"[A-Za-z0-9_.,:/+-]{1,80}")
_log = logging.getLogger("ita.events")
_lock = Lock()
_counts: Counter[tuple[Event, str]] = Counter()

LINES_AT_ONCE, LINES_A_SECOND = 20, 1.0
"""So many lines of one refusal are written at once, and then so many a second; all are counted."""


@dataclass
class _Flow:
    """Lines of one refusal: what may still be written, since when, and what was not."""

    tokens: float = LINES_AT_ONCE
    filled_at: float = 0.0
    unwritten: int = 0


_flows: dict[str, _Flow] = {}


def note(event: Event, **facts: Fact) -> None:
    """Write one line and count it. facts: numbers, or words of our own; others are left out.

    `reason`, where there is one, is counted apart. Of a flood of refusals not every one is a line, for
    whoever is refused would fill the disk with them; the next line says how many were `unwritten`.
    """
    kept = {name: fact for name, fact in facts.items() if _is_ours(fact)}
    reason = str(kept.get("reason", ""))
    with _lock:
        _counts[event, reason] += 1
        unwritten = _unwritten(reason) if event is Event.REFUSED else 0
    if unwritten is None:
        return
    if unwritten:
        kept["unwritten"] = unwritten
    level = logging.ERROR if event is Event.FAULT else logging.INFO
    _log.log(level, event.value, extra={"ita_facts": kept})


def _unwritten(reason: str) -> int | None:
    """How many lines were left out before this one; None where it is left out itself."""
    now = time.monotonic()
    flow = _flows.setdefault(reason, _Flow(filled_at=now))
    grown = flow.tokens + (now - flow.filled_at) * LINES_A_SECOND
    flow.tokens, flow.filled_at = min(LINES_AT_ONCE, grown), now
    if flow.tokens < 1:
        flow.unwritten += 1
        return None
    flow.tokens -= 1
    before, flow.unwritten = flow.unwritten, 0
    return before


def counts() -> MappingProxyType[tuple[Event, str], int]:
    """How often each event was noted since the start: (event, its reason or "") → times."""
    with _lock:
        return MappingProxyType(dict(_counts))


def note_fault(fault: BaseException) -> str:
    """Note a mistake of ours by its type and the places it passed; its text may hold data.

    Returns the number under which the line can be found, to be told to the person.
    """
    number = token_hex(3)
    places = [
        f"{_place(Path(frame.filename))}:{frame.lineno}:{frame.name}"
        for frame in traceback.extract_tb(fault.__traceback__)
    ]
    facts = {"number": number, "type": type(fault).__name__, "places": places[-12:]}
    with _lock:
        _counts[Event.FAULT, ""] += 1
    _log.error(Event.FAULT.value, extra={"ita_facts": facts})
    return number


def _is_ours(fact: Fact) -> bool:
    if isinstance(fact, str):
        return bool(_WORD.fullmatch(fact))
    return fact is not None


def _place(file: Path) -> str:
    """A file as the project or its package names it, never with the home of whoever installed it."""
    if file.is_relative_to(PROJECT):
        return file.relative_to(PROJECT).as_posix()
    return "/".join(file.parts[-3:])


class OneLineEach(logging.Formatter):
    """A record as one line of JSON.

    Of a library's record only its words stand there, not what it filled in, and of its exception
    the type: Streamlit and uvicorn put addresses, names and texts of exceptions into theirs.
    """

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        if record.name == _log.name:
            told |= {"event": record.getMessage(), **getattr(record, "ita_facts", {})}
        else:
            told |= _told_elsewhere(record)
        return json.dumps(told, ensure_ascii=False)


def _told_elsewhere(record: logging.LogRecord) -> dict[str, object]:
    ours = record.name.startswith("ita.")
    words = record.getMessage() if ours else record.msg
    text = words if isinstance(words, str) and words.isascii() else ""
    kind = record.exc_info[0] if record.exc_info else None
    told: dict[str, object] = {"event": "told" if ours else Event.OF_A_LIBRARY.value}
    told |= {"logger": record.name, "text": " ".join(text.split())[:MOST_TEXT]}
    return told | ({"type": kind.__name__} if kind else {})


MOST_TEXT = 200


def take_over(logger: logging.Logger, stream: TextIO) -> None:
    """Let a logger write lines of JSON to a stream, and nothing else anywhere else."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLineEach())
    logger.handlers = [handler]
    logger.propagate = False


def write_logs_to(stream: TextIO) -> None:
    """Send our own events to a stream."""
    ours = logging.getLogger("ita")
    ours.setLevel(logging.INFO)
    take_over(ours, stream)
