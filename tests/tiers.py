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


def crossed_beyond_need(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """Where a test with a store is tried with every value of one parameter crossed with every value of
    another, all but a few in which each value comes once: what fails for a kind of row fails in one
    form of file as in five, and what fails for a form fails with one kind."""
    crossed = defaultdict(list)
    for item in items:
        if (
            isinstance(item, pytest.Function)
            and {"store", "open_page"} & {*item.fixturenames}
            and len([*item.iter_markers("parametrize")]) > 1
        ):
            crossed[item.path, item.originalname].append(item)
    for group in crossed.values():
        values = {
            item: {(name, repr(value)) for name, value in item.callspec.params.items()}
            for item in group
        }
        tried: set[tuple[str, str]] = set()
        needed: set[pytest.Item] = set()
        for item in group:  # first those of which every value is new
            if not values[item] & tried:
                needed.add(item)
                tried |= values[item]
        for item in group:
            if values[item] - tried:
                needed.add(item)
                tried |= values[item]
        yield from (item for item in group if item not in needed)
