"""Two tiers of tests: the quick ones of `make test`, and all of them (`make test-all`).

A test that takes more than MOST_CPU_SECONDS, starts a process, or drives a browser is marked `slow`.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pytest

FULL = os.environ.get("ITA_TESTS") == "full"
"""Every test, and property tests with all their examples."""
QUICK_EXAMPLES = 20
MOST_CPU_SECONDS = 6.0
"""Far above what a quick test takes (0.4), for CPU seconds swell where others load the machine: one of 1.5 took 3.1."""


def examples(count: int) -> int:
    """How many examples a property test tries in this tier, of the `count` that it tries in full."""
    return count if FULL else min(count, QUICK_EXAMPLES)


def cpu_seconds() -> float:
    """CPU seconds used so far by this process and the children it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def takes_times(item: pytest.Item) -> bool:
    """Whether a test measures how long something takes, which means less where statements are counted."""
    code = getattr(getattr(item, "obj", None), "__code__", None)
    return code is not None and "takes_at_most" in code.co_names


def cases_beyond_a_few(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """Of a test with a store or a page that has many cases, all but the first and the last: what ten
    forms of a file prove, two do for whoever changes a line."""
    groups = defaultdict(list)
    for item in items:
        if isinstance(item, pytest.Function) and {"store", "open_page"} & {*item.fixturenames}:
            groups[item.path, item.originalname].append(item)
    for group in groups.values():
        yield from group[1:-1]
