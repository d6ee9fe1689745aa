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

from ita.config import PROJECT

LogValue = int | float | str | None


class LogEvent(StrEnum):
    """All that is noted. A word once given out is kept: people search and count by it."""

    STARTED = "started"
    STOPPED = "stopped"
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
    REMOVED = "removed"
    UPLOADS_RELEASED = "uploads-released"
    EXPORTED_ALL = "exported-all"
    WORKER_FAILED = "worker-failed"
    FAULT = "fault"
    FROM_LIBRARY = "of-a-library"


_SAFE_WORD = re.compile(r"[A-Za-z0-9_.,:/+-]{1,80}")
_log = logging.getLogger("ita.events")
_lock = Lock()
_counts: Counter[tuple[LogEvent, str]] = Counter()

# Rate limit of the lines of one refusal: a burst, then so many a second; all are counted.
MAX_LINE_BURST, LINES_PER_SECOND = 20, 1.0


@dataclass
class _Flow:
    """Token bucket of the lines of one refusal, and how many were left out."""

    tokens: float = MAX_LINE_BURST
    filled_at: float = 0.0
    unwritten: int = 0


_flows: dict[str, _Flow] = {}


def log_event(event: LogEvent, **facts: LogValue) -> None:
    """Write one line and count it. facts: numbers, or words of our own; others are left out.

    `reason`, where there is one, is counted separately. A flood of refusals is rate limited, as it
    would fill the disk; the next line says how many were `unwritten`.
    """
    safe_facts = {name: fact for name, fact in facts.items() if _is_safe(fact)}
    reason = str(safe_facts.get("reason", ""))
    with _lock:
        _counts[event, reason] += 1
        unwritten = _unwritten(reason) if event is LogEvent.REFUSED else 0
    if unwritten is None:
        return
    if unwritten:
        safe_facts["unwritten"] = unwritten
    level = logging.ERROR if event is LogEvent.FAULT else logging.INFO
    _log.log(level, event.value, extra={"ita_facts": safe_facts})


def _unwritten(reason: str) -> int | None:
    """How many lines were left out before this one; None where it is left out itself."""
    now = time.monotonic()
    flow = _flows.setdefault(reason, _Flow(filled_at=now))
    grown = flow.tokens + (now - flow.filled_at) * LINES_PER_SECOND
    flow.tokens, flow.filled_at = min(MAX_LINE_BURST, grown), now
    if flow.tokens < 1:
        flow.unwritten += 1
        return None
    flow.tokens -= 1
    before, flow.unwritten = flow.unwritten, 0
    return before


def event_counts() -> MappingProxyType[tuple[LogEvent, str], int]:
    """How often each event was logged since the start: (event, its reason or "") → times."""
    with _lock:
        return MappingProxyType(dict(_counts))


def log_fault(fault: BaseException) -> str:
    """Log a bug by its type and stack frames, without its text, which may contain data.

    Returns:
        The number of the log line, to be shown to the person.
    """
    number = token_hex(3)
    frames = [
        f"{_short_path(Path(frame.filename))}:{frame.lineno}:{frame.name}"
        for frame in traceback.extract_tb(fault.__traceback__)
    ]
    facts = {"number": number, "type": type(fault).__name__, "places": frames[-12:]}
    with _lock:
        _counts[LogEvent.FAULT, ""] += 1
    _log.error(LogEvent.FAULT.value, extra={"ita_facts": facts})
    return number


def _is_safe(fact: LogValue) -> bool:
    if isinstance(fact, str):
        return bool(_SAFE_WORD.fullmatch(fact))
    return fact is not None


def _short_path(file: Path) -> str:
    """A file's path in the project or its package, never with the home of whoever installed it."""
    if file.is_relative_to(PROJECT):
        return file.relative_to(PROJECT).as_posix()
    return "/".join(file.parts[-3:])


class JsonLineFormatter(logging.Formatter):
    """A record as one line of JSON.

    Of a library's record only the message's template is written, without its arguments, and of its
    exception the type: Streamlit and uvicorn put addresses, names and texts of exceptions into theirs.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        if record.name == _log.name:
            line |= {"event": record.getMessage(), **getattr(record, "ita_facts", {})}
        else:
            line |= _foreign_fields(record)
        return json.dumps(line, ensure_ascii=False)


def _foreign_fields(record: logging.LogRecord) -> dict[str, object]:
    is_ours = record.name.startswith("ita.")
    message = record.getMessage() if is_ours else record.msg
    text = message if isinstance(message, str) and message.isascii() else ""
    kind = record.exc_info[0] if record.exc_info else None
    fields: dict[str, object] = {"event": "told" if is_ours else LogEvent.FROM_LIBRARY.value}
    fields |= {"logger": record.name, "text": " ".join(text.split())[:MAX_TEXT_LENGTH]}
    return fields | ({"type": kind.__name__} if kind else {})


MAX_TEXT_LENGTH = 200
MAX_FLOWS = 1_000


class NoFlood(logging.Filter):
    """Leaves out what a library says again and again, as of each request that is none."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("ita."):
            return True
        with _lock:
            if len(_flows) > MAX_FLOWS:
                _flows.clear()
            return _unwritten(f"{record.name} {str(record.msg)[:40]}") is not None


def redirect_logger(logger: logging.Logger, stream: TextIO) -> None:
    """Let a logger write lines of JSON to a stream, and nowhere else."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLineFormatter())
    handler.addFilter(NoFlood())
    logger.handlers = [handler]
    logger.propagate = False


def write_logs_to(stream: TextIO) -> None:
    """Send our own events to a stream."""
    logger = logging.getLogger("ita")
    logger.setLevel(logging.INFO)
    redirect_logger(logger, stream)
