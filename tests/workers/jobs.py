"""Jobs that a worker process finds by their names: well-behaved ones, and ones that eat it."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from ita.i18n import language
from ita.workers.process import report_progress


def add(one: int, other: int) -> int:
    return one + other


def language_there() -> str:
    return language()


def same(content: bytes) -> tuple[bytes, int]:
    return content, os.getpid()


def text_of(length: int) -> str:
    return "ก" * length


def sleep(seconds: float, mark: str = "") -> int:
    if mark:
        unfinished = Path(f"{mark}.part")
        unfinished.write_text(str(os.getpid()))
        unfinished.rename(mark)  # whoever sees the file sees what it says
    time.sleep(seconds)
    return os.getpid()


def wait_for(file: str, mark: str) -> int:
    """Keeps its place until the file is there."""
    sleep(0.0, mark)
    while not Path(file).exists():
        time.sleep(0.01)
    return os.getpid()


def loop() -> None:
    while True:
        pass


def hold_the_interpreter() -> None:
    """A pattern that backtracks: no other thread of the process runs meanwhile."""
    import re

    re.match(r"(a+)+$", "a" * 60 + "b")


def eat_memory() -> int:
    held = [bytearray(8_000_000) for _ in range(100_000)]
    return len(held)


def eat_memory_in_texts() -> int:
    return len([str(number) * 20 for number in range(10**9)])


def kill_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave() -> None:
    sys.exit(3)


def raise_a_mistake() -> None:
    raise ValueError("the person's own text")


def print_and_add() -> int:
    print("not a frame")
    sys.stdout.flush()
    return 3


def count_up(to: int) -> int:
    for number in range(to):
        report_progress(number, to)
        time.sleep(0.15)
    return to


def write_down(file: str, word: str) -> None:
    with Path(file).open("a") as lines:
        lines.write(f"{word}\n")
    time.sleep(0.05)


def hold_and_forget(size: int) -> int:
    """Grow for good, as a library's cache would."""
    _HELD.append(b"x" * size)
    return os.getpid()


_HELD: list[bytes] = []
