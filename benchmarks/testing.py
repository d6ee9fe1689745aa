"""How long the README's own test command takes."""

from __future__ import annotations

import subprocess
import time

from benchmarks.rounds import LEAST_IDLE, Goal, Missing, Row, idle
from benchmarks.server import PROJECT


def measure_tests() -> list[Row | Missing]:
    """The row of goal 20: once, for it takes as long as the other parts; nothing stands against it."""
    name = "make test"
    subprocess.run(["make", ".venv/test-ready"], cwd=PROJECT, capture_output=True, check=True)
    marked = int(idle() < LEAST_IDLE)
    started = time.perf_counter()
    done = subprocess.run(
        ["make", "test"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        return [Missing(name, f"the tests failed: {done.stdout[-300:]}")]
    last = done.stdout.strip().splitlines()[-1].strip("= ")
    note = f"one run, against one second; its environment made before the clock; {last}"
    return [Row(name, "s", [seconds], [1.0], marked, Goal(20, 180), note)]
