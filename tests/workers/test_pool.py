"""Real processes: what a job may not do to anybody else, and whose turn it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from ita.config import PROJECT
from ita.i18n import language_set_to
from ita.workers import (
    JobFailed,
    QueueFull,
    ResultTooLarge,
    Status,
    WorkerDied,
    WorkerFailure,
    WorkerLimits,
    WorkerMemoryExceeded,
    WorkerPool,
    WorkerTimeout,
)
from ita.workers.failures import MEGABYTE
from ita.workers.process import Beside
from tests.patience import PATIENCE
from tests.workers import jobs

LITTLE = WorkerLimits(memory_bytes=128 * MEGABYTE, seconds=PATIENCE, cpu_seconds=30.0)


@pytest.fixture(scope="module")
def shared() -> Iterator[WorkerPool]:
    """One pool for all: what one test did to it must not matter to the next."""
    pool = WorkerPool()
    yield pool
    pool.close()


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(most_waiting=4, most_waiting_each=2)
    yield made
    made.close()


def _wait_until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_job_runs_in_another_process_that_stays(shared: WorkerPool) -> None:
    content = os.urandom(3 * MEGABYTE)
    first, pid = shared.run(jobs.same, Beside(content))
    again, same_pid = shared.run(jobs.same, content)
    assert first == again == content
    assert type(first) is bytes
    assert pid == same_pid == shared.pid != os.getpid()


def test_nothing_is_started_before_the_first_job(pool: WorkerPool) -> None:
    assert pool.pid is None


def test_a_job_speaks_the_language_of_who_wants_it(shared: WorkerPool) -> None:
    with language_set_to("en"):
        assert shared.run(jobs.language_there) == "en"
    assert shared.run(jobs.language_there) == "th"


def test_what_a_library_prints_is_no_answer(shared: WorkerPool) -> None:
    assert shared.run(jobs.print_and_add) == 3


def _says_it_all(failure: WorkerFailure) -> bool:
    with language_set_to("en"):
        english = failure.sentence
    return "ไม่มีข้อมูลใดเปลี่ยน" in failure.sentence and english.isascii()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("job", "arguments", "limits", "expected"),
    [
        (jobs.kill_itself, (), LITTLE, WorkerDied),
        (jobs.crash, (), LITTLE, WorkerDied),
        (jobs.leave, (), LITTLE, JobFailed),
        (jobs.raise_a_mistake, (), LITTLE, JobFailed),
        (jobs.eat_memory, (), LITTLE, WorkerMemoryExceeded),
        (jobs.eat_memory_in_texts, (), WorkerLimits(64 * MEGABYTE, 60.0), WorkerMemoryExceeded),
        (jobs.sleep, (60.0,), WorkerLimits(seconds=0.5), WorkerTimeout),
        (jobs.loop, (), WorkerLimits(seconds=0.5), WorkerTimeout),
        (jobs.hold_the_interpreter, (), WorkerLimits(seconds=0.5), WorkerTimeout),
        (jobs.hold_the_interpreter, (), WorkerLimits(cpu_seconds=0.5), WorkerTimeout),
        (jobs.text_of, (MEGABYTE,), WorkerLimits(result_bytes=MEGABYTE), ResultTooLarge),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_job_that_misbehaves_is_a_sentence_and_the_next_one_runs(
    shared: WorkerPool,
    job: Callable[..., object],
    arguments: tuple[object, ...],
    limits: WorkerLimits,
    expected: type[WorkerFailure],
) -> None:
    with pytest.raises(WorkerFailure) as caught:
        shared.run(job, *arguments, limits=limits)
    assert type(caught.value) is expected
    assert _says_it_all(caught.value)
    assert "text" not in str(caught.value)
    assert shared.run(jobs.add, 1, 2) == 3


def test_killed_from_outside_in_the_middle(shared: WorkerPool, tmp_path: Path) -> None:
    mark = tmp_path / "pid"

    def kill(_: Status) -> None:
        if mark.exists():
            os.kill(int(mark.read_text()), signal.SIGKILL)

    with pytest.raises(WorkerDied):
        shared.run(jobs.sleep, PATIENCE, str(mark), on_status=kill)
    assert shared.run(jobs.add, 1, 2) == 3


def test_killed_between_two_jobs(shared: WorkerPool) -> None:
    pid = shared.run(jobs.sleep, 0.0)
    os.kill(pid, signal.SIGKILL)
    _wait_until(lambda: not psutil.pid_exists(pid))  # nor does it stay a zombie
    assert shared.run(jobs.sleep, 0.0) != pid


class _Enough(BaseException):
    """As Streamlit ends a script run."""


def test_whatever_the_caller_raises_cancels_the_job(shared: WorkerPool, tmp_path: Path) -> None:
    mark = tmp_path / "pid"

    def cancel(_: Status) -> None:
        if mark.exists():
            raise _Enough

    started, limits = time.monotonic(), WorkerLimits(seconds=2 * PATIENCE)
    with pytest.raises(_Enough):
        shared.run(jobs.sleep, 3 * PATIENCE, str(mark), on_status=cancel, limits=limits)
    assert time.monotonic() - started < PATIENCE
    _wait_until(lambda: not _is_running(int(mark.read_text())))
    assert shared.run(jobs.add, 1, 2) == 3


def test_progress_comes_while_the_job_runs(shared: WorkerPool) -> None:
    seen: list[Status] = []
    assert shared.run(jobs.count_up, 8, on_status=seen.append) == 8
    assert {one.total for one in seen} >= {8}
    done = [one.done for one in seen]
    assert done == sorted(done)
    assert done[-1] > 0


def test_a_process_that_grew_is_not_used_again(pool: WorkerPool) -> None:
    first = pool.run(jobs.hold_and_forget, 0)
    assert pool.run(jobs.hold_and_forget, MEGABYTE) == first
    assert pool.run(jobs.hold_and_forget, 200 * MEGABYTE) == first
    _wait_until(lambda: not _is_running(first))
    assert pool.run(jobs.hold_and_forget, 0) != first


class _Person(threading.Thread):
    """Wants a job done; `outcome` is its result or what was raised."""

    def __init__(
        self, pool: WorkerPool, owner: str, job: Any, *arguments: Any, patience: float = 0.0
    ) -> None:
        super().__init__(daemon=True)
        self._ask = lambda: pool.run(job, *arguments, owner=owner, patience=patience)
        self.outcome: object = None
        self.start()

    def run(self) -> None:
        try:
            self.outcome = self._ask()
        except WorkerFailure as failure:
            self.outcome = failure


def test_persons_take_turns_and_a_full_queue_says_so(pool: WorkerPool, tmp_path: Path) -> None:
    first, order, all_in_line = tmp_path / "first", tmp_path / "order", tmp_path / "go"
    order.touch()
    people = [_Person(pool, "a", jobs.wait_for, str(all_in_line), str(first))]
    _wait_until(first.exists)
    for owner, word in (("a", "a1"), ("a", "a2"), ("b", "b1"), ("c", "c1")):
        before = pool.waiting
        people.append(_Person(pool, owner, jobs.write_down, str(order), word))
        _wait_until(lambda before=before: pool.waiting > before)
    with pytest.raises(QueueFull) as full:
        pool.run(jobs.add, 1, 2, owner="d")
    assert _says_it_all(full.value)
    with pytest.raises(QueueFull):
        pool.run(jobs.add, 1, 2, owner="a")
    begun = time.monotonic()
    with pytest.raises(QueueFull):
        pool.run(jobs.add, 1, 2, owner="d", patience=0.3)
    assert time.monotonic() - begun >= 0.3
    people.append(_Person(pool, "d", jobs.write_down, str(order), "d1", patience=PATIENCE))
    all_in_line.touch()
    for person in people:
        person.join(PATIENCE)
    assert sorted(order.read_text().split()) == ["a1", "a2", "b1", "c1", "d1"]
    assert order.read_text().split()[:3] == ["a1", "b1", "c1"]
    assert pool.run(jobs.add, 1, 2, owner="a") == 3


def test_who_gives_up_waiting_leaves_the_queue(pool: WorkerPool, tmp_path: Path) -> None:
    mark, gone = tmp_path / "first", tmp_path / "go"
    busy = _Person(pool, "a", jobs.wait_for, str(gone), str(mark))
    _wait_until(mark.exists)
    ahead: list[int | None] = []

    def give_up(status: Status) -> None:
        ahead.append(status.ahead)
        raise _Enough

    with pytest.raises(_Enough):
        pool.run(jobs.add, 1, 2, owner="b", on_status=give_up)
    assert (ahead, pool.waiting) == ([1], 0)
    gone.touch()
    busy.join(PATIENCE)
    assert isinstance(busy.outcome, int)


_SERVER = """
import sys, threading
from ita.workers import run_limited
from tests.workers import jobs
run_limited(jobs.add, 1, 2)
threading.Thread(target=run_limited, args=(jobs.sleep, 600.0, sys.argv[1]), daemon=True).start()
sys.stdin.read()
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", ["killed", "ended"])
def test_no_process_outlives_the_server(tmp_path: Path, how: str) -> None:
    mark = tmp_path / "pid"
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(mark)], cwd=PROJECT, stdin=subprocess.PIPE
    )
    _wait_until(mark.exists)
    pid = int(mark.read_text())
    assert _is_running(pid)
    if how == "killed":
        server.kill()
    server.communicate(timeout=PATIENCE)  # the end of its input is what an ended one waits for
    _wait_until(lambda: not _is_running(pid))
