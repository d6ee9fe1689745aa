"""The server's side: whose turn it is, what a job may take, and the process that is killed for it."""

from __future__ import annotations

import atexit
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from ita.config import PROJECT
from ita.i18n import language
from ita.logs import LogEvent, log_event
from ita.workers.failures import (
    MEGABYTE,
    USUAL_LIMITS,
    JobFailed,
    QueueFull,
    ResultTooLarge,
    WorkerDied,
    WorkerFailure,
    WorkerLimits,
    WorkerMemoryExceeded,
    WorkerTimeout,
)
from ita.workers.process import (
    Frame,
    FramePart,
    FrameTooLarge,
    Job,
    packed,
    read_frame,
    unpacked,
    write_frame,
)

T = TypeVar("T")
POLL_SECONDS = 0.2
"""From one look at a job, and one call of its `on_status`, to the next."""
MAX_WAITING = 12
MAX_WAITING_EACH = 3
"""Jobs that wait for their turn: of all persons, of one."""
GROWN_BYTES = 64 * MEGABYTE
"""Beyond so much more than when it was new, a process is not used again: its memory goes back."""
NEW_BYTES = 140 * MEGABYTE
"""What a process holds at most when it has loaded what its jobs need."""
SPARE_BYTES = 16 * MEGABYTE
"""What a result may weigh beyond its limit in its frame: pickled values around the large ones."""


@dataclass(frozen=True)
class Status:
    """How a job stands. ahead: jobs before it in the queue, None when its turn has come. seconds: since
    it was asked for, or since its turn came. done, total: as the job reports them, 0 = it does not."""

    ahead: int | None
    seconds: float
    done: int = 0
    total: int = 0


OnStatus = Callable[[Status], None]


def silent(_: Status) -> None:
    """Nobody is told how the job stands."""


class _Ticket:
    """A place in the queue. `lock` is the pool's."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.turn = False


class _Died(Exception):
    """The process is gone. code: as of `subprocess`. began: whether it had begun with the job."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code
        self.began = False


@dataclass(frozen=True)
class _Answer:
    kind: Frame
    parts: list[FramePart]


class _Process:
    """One worker process, and the thread that speaks with it: who waits for a job never blocks."""

    def __init__(self) -> None:
        self.used = False
        self._popen = subprocess.Popen(
            [sys.executable, "-m", "ita.workers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=PROJECT,
            env=_environment(),
        )
        self._jobs: queue.SimpleQueue[tuple[list[FramePart], int] | None] = queue.SimpleQueue()
        self.answers: queue.SimpleQueue[_Answer | _Died] = queue.SimpleQueue()
        self._new_bytes: int | None = None
        threading.Thread(target=self._talk, name="worker", daemon=True).start()
        # One that ends while it is idle is not left a zombie until the next job looks for it.
        threading.Thread(target=self._popen.wait, name="worker end", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._popen.pid

    def send(self, parts: list[FramePart], most: int) -> None:
        self._jobs.put((parts, most))

    def is_alive(self) -> bool:
        return self._popen.poll() is None

    def has_grown(self) -> bool:
        """Whether it holds much more than after its first job."""
        held = resident_bytes(self.pid)
        if held is None:
            return False
        if self._new_bytes is None:
            self._new_bytes = min(held, NEW_BYTES)
        return held > self._new_bytes + GROWN_BYTES

    def kill(self) -> None:
        self._popen.kill()
        self._popen.wait()
        self._jobs.put(None)

    def _talk(self) -> None:
        out, come = self._popen.stdin, self._popen.stdout
        if out is None or come is None:
            raise AssertionError("started with both pipes")
        try:
            while (job := self._jobs.get()) is not None:
                parts, most = job
                del job
                write_frame(out, Frame.JOB, parts)
                parts.clear()
                kind = Frame.PROGRESS
                while kind is Frame.PROGRESS:
                    kind, answer = read_frame(come, most)
                    self.answers.put(_Answer(kind, answer))
        except FrameTooLarge:
            self.answers.put(_Answer(Frame.TOO_LARGE, []))
        except (EOFError, OSError, ValueError):
            self.answers.put(_Died(self._popen.wait()))
        finally:
            for pipe in (out, come):
                with suppress(OSError):
                    pipe.close()


def _environment() -> dict[str, str]:
    """One thread and one heap each, for threads and their heaps reserve address space by the gigabyte.
    What is large is mapped by itself, so that it is given back when it falls free: glibc else keeps up
    to 32 MB and the holes between, a third of what a large file's cells take."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH")))),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "ARROW_IO_THREADS": "1",
        "MALLOC_ARENA_MAX": "1",
        "MALLOC_MMAP_THRESHOLD_": "131072",
        "MALLOC_TRIM_THRESHOLD_": "131072",
    }


def resident_bytes(pid: int) -> int | None:
    """Memory that a process holds; None where the system has no /proc."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


class WorkerPool:
    """A worker process, started with the first job, and the queue before it.

    Waiting jobs take turns by person: who brings five waits behind who brings one.
    """

    def __init__(
        self, most_waiting: int = MAX_WAITING, most_waiting_each: int = MAX_WAITING_EACH
    ) -> None:
        self._most, self._most_each = most_waiting, most_waiting_each
        self._lock = threading.Condition()
        self._waiting: OrderedDict[str, deque[_Ticket]] = OrderedDict()
        self._busy = False
        self._process: _Process | None = None

    def run(
        self,
        function: Callable[..., T],
        *arguments: Any,
        owner: str = "",
        limits: WorkerLimits = USUAL_LIMITS,
        on_status: OnStatus = silent,
        patience: float = 0.0,
        **named: Any,
    ) -> T:
        """The result of a function of ours, called in the worker process.

        function: stands at the top of a module; it, its arguments and its result are pickled. owner:
        whose job it is. on_status: called all the while, in the caller's thread; whatever it raises
        stops the job and goes on to the caller, which is how a job is cancelled. patience: seconds in
        which a full queue may become shorter, for a caller who has no other way to come again.

        Raises:
            WorkerFailure: there is no result; its sentence says why. Nothing else was affected.
        """
        try:
            with self._turn(owner, on_status, patience):
                parts = packed(Job(function, arguments, named, limits, language()))
                found: T = self._result(parts, limits, on_status)
                return found
        except WorkerFailure as failure:
            log_event(LogEvent.WORKER_FAILED, reason=failure.reason)
            raise

    def close(self) -> None:
        """Stop the process, whatever it is doing."""
        with self._lock:
            process, self._process = self._process, None
        if process:
            process.kill()

    @property
    def pid(self) -> int | None:
        """The worker process that there is now."""
        process = self._process
        return process.pid if process else None

    @property
    def waiting(self) -> int:
        with self._lock:
            return sum(map(len, self._waiting.values()))

    @contextmanager
    def _turn(self, owner: str, on_status: OnStatus, patience: float) -> Iterator[None]:
        """
        Raises:
            QueueFull: too many wait.
        """
        ticket = self._enter(owner, patience)
        asked = time.monotonic()
        try:
            while not self._is_turn(ticket):
                on_status(Status(self._ahead(ticket), time.monotonic() - asked))
            yield
        finally:
            self._leave(ticket)

    def _enter(self, owner: str, patience: float) -> _Ticket:
        last = time.monotonic() + patience
        with self._lock:
            while count := self._too_many(owner):
                if time.monotonic() >= last:
                    raise QueueFull(count)
                self._lock.wait(POLL_SECONDS)
            ticket = _Ticket(owner)
            self._waiting.setdefault(owner, deque()).append(ticket)
            self._call_next()
            return ticket

    def _too_many(self, owner: str) -> int:
        """With the lock: how many wait where one more of an owner may not, else 0."""
        mine = len(self._waiting.get(owner, ()))
        count = sum(map(len, self._waiting.values()))
        if not self._busy or (count < self._most and mine < self._most_each):
            return 0
        return count if count >= self._most else mine

    def _call_next(self) -> None:
        """With the lock: the first job of whoever is next gets its turn."""
        if self._busy or not self._waiting:
            return
        owner, tickets = next(iter(self._waiting.items()))
        tickets.popleft().turn = self._busy = True
        if tickets:
            self._waiting.move_to_end(owner)
        else:
            del self._waiting[owner]
        self._lock.notify_all()

    def _is_turn(self, ticket: _Ticket) -> bool:
        with self._lock:
            return ticket.turn or self._lock.wait_for(lambda: ticket.turn, POLL_SECONDS)

    def _ahead(self, ticket: _Ticket) -> int:
        """How many jobs come before one, the one at work among them, if nobody else comes."""
        with self._lock:
            place = self._waiting.get(ticket.owner, deque())
            before = place.index(ticket) if ticket in place else 0
            others = (len(q) for owner, q in self._waiting.items() if owner != ticket.owner)
            return 1 + before + sum(min(before + 1, count) for count in others)

    def _leave(self, ticket: _Ticket) -> None:
        with self._lock:
            if ticket.turn:
                self._busy = False
            elif tickets := self._waiting.get(ticket.owner):
                tickets.remove(ticket)
                if not tickets:
                    del self._waiting[ticket.owner]
            self._call_next()

    def _result(self, parts: list[FramePart], limits: WorkerLimits, on_status: OnStatus) -> Any:
        """With the turn. The process is as good as new afterwards, or gone."""
        process = self._ready()
        try:
            process.send(list(parts), limits.result_bytes + SPARE_BYTES)
            answer = self._answer(process, sum(map(len, parts)), limits, on_status)
        except _Died as death:
            self._discard(process)
            if process.used and not death.began:
                # Idle, it ended, or was ended, before it saw the job.
                return self._result(parts, limits, on_status)
            # SIGXCPU is the limit on seconds of the processor; any other end is not ours.
            is_over = death.code == -getattr(signal, "SIGXCPU", 0)
            raise (WorkerTimeout(limits.cpu_seconds) if is_over else WorkerDied()) from None
        except BaseException:
            self._discard(process)
            raise
        process.used = True
        if process.has_grown() or (answer.kind is Frame.TOO_LARGE and not answer.parts):
            self._discard(process)
        if answer.kind is Frame.RESULT:
            return unpacked(answer.parts)
        if answer.kind is Frame.NO_MEMORY:
            self._discard(process)
            raise WorkerMemoryExceeded(limits.memory_bytes)
        if answer.kind is Frame.TOO_LARGE:
            raise ResultTooLarge(limits.result_bytes)
        kind, passed = unpacked(answer.parts)
        log_event(LogEvent.FAULT, type=kind, where=",".join(passed[-2:]))
        raise JobFailed

    def _answer(
        self, process: _Process, sent: int, limits: WorkerLimits, on_status: OnStatus
    ) -> _Answer:
        """Wait for the end of a job. sent: bytes of it.

        Raises:
            _Died: the process is gone.
            WorkerFailure: it was over a limit.
        """
        started = time.monotonic()
        began, done, total = False, 0, 0
        most = max(resident_bytes(process.pid) or 0, NEW_BYTES) + sent + limits.memory_bytes
        while True:
            with suppress(queue.Empty):
                answer = process.answers.get(timeout=POLL_SECONDS)
                if isinstance(answer, _Died):
                    answer.began = began
                    raise answer
                if answer.kind is not Frame.PROGRESS:
                    return answer
                began, (done, total) = True, unpacked(answer.parts)
            seconds = time.monotonic() - started
            if seconds > limits.seconds:
                raise WorkerTimeout(limits.seconds)
            held = resident_bytes(process.pid)
            if held is not None and held > most:
                raise WorkerMemoryExceeded(limits.memory_bytes)
            on_status(Status(None, seconds, done, total))

    def _ready(self) -> _Process:
        with self._lock:
            if self._process is None or not self._process.is_alive():
                self._process = _Process()
            return self._process

    def _discard(self, process: _Process) -> None:
        with self._lock:
            if self._process is process:
                self._process = None
        process.kill()


@cache
def get_pool(name: str = "") -> WorkerPool:
    """A pool of this server, whose process ends with it. name: of another one than the usual, for jobs of
    minutes behind which nobody should wait with a job of seconds."""
    pool = WorkerPool()
    atexit.register(pool.close)
    return pool


def run_limited(
    function: Callable[..., T],
    *arguments: Any,
    owner: str = "",
    limits: WorkerLimits = USUAL_LIMITS,
    on_status: OnStatus = silent,
    patience: float = 0.0,
    **named: Any,
) -> T:
    """`WorkerPool.run` in the pool of this server.

    Raises:
        WorkerFailure: there is no result; its sentence says why.
    """
    return get_pool().run(
        function,
        *arguments,
        owner=owner,
        limits=limits,
        on_status=on_status,
        patience=patience,
        **named,
    )
