"""The worker process: takes one job after the other from its input, under its limits; and the frames it speaks in."""

from __future__ import annotations

import ctypes
import gc
import os
import pickle
import queue
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import IO, Any

from ita.workers.failures import WorkerLimits

# How the server and its worker process speak: pickled values in frames, large parts beside them. A
# frame is a head (its kind, the number of parts, the length of each) and the parts: the pickle first,
# then the buffers that it leaves out, such as bytes and the columns of Arrow tables.

_HEAD = struct.Struct("!BI")
_LENGTH = struct.Struct("!Q")
MAX_PARTS = 100_000
WRITTEN_AT_ONCE = 1024 * 1024


class Frame(IntEnum):
    """What a frame holds; a job is all that the server sends."""

    JOB = 0
    PROGRESS = 1
    RESULT = 2
    FAULT = 3
    NO_MEMORY = 4
    TOO_LARGE = 5


class FrameTooLarge(Exception):
    """More bytes than the receiver takes."""


FramePart = bytes | bytearray | memoryview


def packed(value: object) -> list[FramePart]:
    """A value as the parts of a frame; its buffers are not copied."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    return [head, *(buffer.raw() for buffer in buffers)]


def unpacked(parts: Sequence[FramePart]) -> Any:
    # Of our own process, which runs our own code.
    return pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301


class Beside:
    """Bytes that a frame carries beside its pickle, without a copy; they come out as plain bytes."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __reduce_ex__(self, protocol: Any) -> tuple[Callable[[FramePart], bytes], tuple[object]]:
        return _as_bytes, (pickle.PickleBuffer(self.content),)


def _as_bytes(part: FramePart) -> bytes:
    if isinstance(part, memoryview) and isinstance(part.obj, bytes):
        return part.obj
    return bytes(part)


def write_frame(stream: IO[bytes], kind: Frame, parts: list[FramePart]) -> None:
    """Each part is let go when it is written, so that a large value lies but once in memory.

    Raises:
        OSError: nobody reads any more.
    """
    lengths = b"".join(_LENGTH.pack(len(part)) for part in parts)
    stream.write(_HEAD.pack(kind, len(parts)) + lengths)
    parts.reverse()
    while parts:
        view = memoryview(parts.pop())
        for start in range(0, len(view), WRITTEN_AT_ONCE):
            stream.write(view[start : start + WRITTEN_AT_ONCE])
    stream.flush()


def read_frame(stream: IO[bytes], most: int) -> tuple[Frame, list[FramePart]]:
    """most: bytes of all its parts.

    Raises:
        EOFError: the other side is gone.
        FrameTooLarge: it says that more bytes will come.
    """
    kind, count = _HEAD.unpack(_exactly(stream, _HEAD.size))
    if count > MAX_PARTS:
        raise FrameTooLarge
    lengths = [_LENGTH.unpack(_exactly(stream, _LENGTH.size))[0] for _ in range(count)]
    if sum(lengths) > most:
        raise FrameTooLarge
    return Frame(kind), [_exactly(stream, length) for length in lengths]


def _exactly(stream: IO[bytes], length: int) -> bytes:
    """
    Raises:
        EOFError: fewer came.
    """
    found = stream.read(length)
    if len(found) < length:
        raise EOFError
    return found


try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

IDLE_SECONDS = 15.0
"""After so long without a job the process ends, and gives its memory back."""
NICENESS = 5
"""Who clicks comes first."""
PROGRESS_SECONDS = 0.1


@dataclass(frozen=True)
class Job:
    """function: found again by its module and name, so a function of a module of ours. language: in
    which what it says is worded."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    named: Mapping[str, Any]
    limits: WorkerLimits
    language: str


class _Reporter:
    """Tells the server how far the job is; in any other process nobody listens."""

    def __init__(self) -> None:
        self.stream: IO[bytes] | None = None
        self._last = 0.0

    def report(self, done: int, total: int) -> None:
        now = time.monotonic()
        if self.stream is None or now - self._last < PROGRESS_SECONDS:
            return
        self._last = now
        write_frame(self.stream, Frame.PROGRESS, packed((done, total)))


REPORTER = _Reporter()


def report_progress(done: int, total: int = 0) -> None:
    """Say in a job how far it is, as often as it likes. total: 0 where it is not known."""
    REPORTER.report(done, total)


def main() -> None:
    """Take jobs until nobody sends any more."""
    # What a library prints must not get between the frames.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    REPORTER.stream = out
    _be_modest()
    jobs: queue.Queue[list[Any]] = queue.Queue(1)
    threading.Thread(target=_listen, args=(sys.stdin.buffer, jobs), daemon=True).start()
    while True:
        try:
            parts = jobs.get(timeout=IDLE_SECONDS)
        except queue.Empty:
            os._exit(0)
        _work(parts, out)
        del parts
        return_memory()


def return_memory() -> None:
    """Give free memory back to the system; glibc keeps it for itself otherwise."""
    gc.collect()
    with suppress(OSError, AttributeError, TypeError):  # another C library, which decides by itself
        ctypes.CDLL(None).malloc_trim(0)


def _listen(stream: IO[bytes], jobs: queue.Queue[list[Any]]) -> None:
    """Read jobs; the server that is gone, however it ended, closes the input and so ends this process,
    also in the middle of a job."""
    with suppress(EOFError, OSError):
        while True:
            jobs.put(read_frame(stream, sys.maxsize)[1])
    os._exit(0)


def _be_modest() -> None:
    """Where the machine must choose, this process is what it stops, and whom it serves last."""
    with suppress(OSError, AttributeError):
        os.nice(NICENESS)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _work(parts: list[Any], out: IO[bytes]) -> None:
    """One job, and its answer."""
    answer: tuple[Frame, list[Any]]
    with suppress(OSError):
        write_frame(out, Frame.PROGRESS, packed((0, 0)))
    try:
        job: Job = unpacked(parts)
        parts.clear()
        limits = job.limits
        _limit(limits)
        result = _done(job)
        del job  # a file that was read need not lie here while its rows are handed over
        found = packed(result)
        del result
        if sum(map(len, found)) > limits.result_bytes:
            answer = (Frame.TOO_LARGE, packed(None))
        else:
            answer = (Frame.RESULT, found)
    except MemoryError:
        answer = (Frame.NO_MEMORY, packed(None))
    except BaseException as fault:
        answer = (Frame.FAULT, packed(_of_fault(fault)))
    _unlimit()
    with suppress(OSError):
        write_frame(out, *answer)


def _done(job: Job) -> Any:
    from ita.i18n import language_set_to

    with language_set_to(job.language):
        return job.function(*job.arguments, **job.named)


def _of_fault(fault: BaseException) -> tuple[str, list[str]]:
    """Its type and the code it passed; its text may hold data."""
    frames = traceback.extract_tb(fault.__traceback__)
    return type(fault).__name__, [f"{Path(f.filename).stem}:{f.lineno}:{f.name}" for f in frames]


def _limit(limits: WorkerLimits) -> None:
    if resource is None:
        return
    held = _address_space()
    if held is not None:
        _set_soft(resource.RLIMIT_AS, held + limits.memory_bytes)
    used = resource.getrusage(resource.RUSAGE_SELF)
    # One second more: the whole seconds of the limit are counted down.
    most = int(used.ru_utime + used.ru_stime + limits.cpu_seconds) + 1
    _set_soft(resource.RLIMIT_CPU, most)


def _unlimit() -> None:
    if resource is not None:
        _set_soft(resource.RLIMIT_AS, resource.RLIM_INFINITY)
        _set_soft(resource.RLIMIT_CPU, resource.RLIM_INFINITY)


def _set_soft(which: int, value: int) -> None:
    """Set a limit as far as the system's own allows it."""
    hard = resource.getrlimit(which)[1]
    if hard != resource.RLIM_INFINITY:
        value = hard if value == resource.RLIM_INFINITY else min(value, hard)
    with suppress(ValueError, OSError):
        resource.setrlimit(which, (value, hard))


def _address_space() -> int | None:
    """Bytes that the process has reserved; None where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (OSError, ValueError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
