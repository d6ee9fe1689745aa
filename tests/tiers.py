"""Two tiers of tests: the quick ones of `make test`, and all of them (`make test-all`).

A test that takes more than MOST_CPU_SECONDS, starts a process, or drives a browser is marked `slow`.
"""

from __future__ import annotations

import os

FULL = os.environ.get("ITA_TESTS") == "full"
"""Every test, and property tests with all their examples."""
QUICK_EXAMPLES = 20
MOST_CPU_SECONDS = 3.0
"""Far above what a quick test takes (0.4), for CPU seconds swell where others load the machine."""


def examples(count: int) -> int:
    """How many examples a property test tries in this tier, of the `count` that it tries in full."""
    return count if FULL else min(count, QUICK_EXAMPLES)


def cpu_seconds() -> float:
    """CPU seconds used so far by this process and the children it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
