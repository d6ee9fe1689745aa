"""How long tests wait for other processes and threads, and how they take the time of what must be fast."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import process_time

PATIENCE = 180
"""Seconds until something counts as hung. Far more than anything takes, for a machine may be busy
with much else; what takes long here is slow and not wrong."""


def takes_at_most(seconds: float, call: Callable[[], object]) -> bool:
    """Whether a call takes no more CPU than that, at best of five: whatever else the machine does swells
    the CPU seconds of one, and never of all; what is slow by itself is slow each time. Where its
    statements are counted (`make test COVERAGE=1`) each takes some times as long."""
    most = 5 * seconds if sys.gettrace() else seconds
    return any(cpu_seconds_of(call) <= most for _ in range(5))


def cpu_seconds_of(call: Callable[[], object]) -> float:
    begun = process_time()
    call()
    return process_time() - begun
