"""Where the words of a Thai text end, which is written without spaces between them."""

from __future__ import annotations

import gzip
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LEADING_VOWELS = "เแโใไ"
"""Stand before their consonant: no word ends with one."""
MARKS = "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e"
"""Stand above or below the letter before them."""
FOLLOWING_VOWELS = "ะาำๅ"
"""Stand behind their consonant: no word begins with one."""
CLUSTER = re.compile(
    rf"[{LEADING_VOWELS}]?[\u0e01-\u0e2e][{MARKS}]*[{FOLLOWING_VOWELS}]*|.",
    re.DOTALL,
)
"""Letters between which no word ends."""
MAX_WORD_LENGTH = 20
_WORD_COST = 10
_UNKNOWN_COST = 17
"""Of a cluster that is of no known word: two of them cost more than any word."""
_SPACE_COST = 5
"""Of a space inside a word: a word with one is likelier than two words, but not than one word."""


@cache
def thai_words() -> frozenset[str]:
    """Words and compounds; source and licence are in the file."""
    file = Path(__file__).parent / "thai_words.txt.gz"
    lines = gzip.decompress(file.read_bytes()).decode("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@dataclass(frozen=True)
class WordCuts:
    """The likeliest words of a run. ends: the offsets at which they end. unknown: clusters of no word."""

    ends: tuple[int, ...]
    unknown: int


def cut_words(run: str, spaces: Collection[int] = ()) -> WordCuts:
    """Cut a run of Thai letters into the fewest known words.

    Args:
        run: letters without spaces.
        spaces: offsets before which the text has a space, which may be within a word.
    """
    words = thai_words()
    breaks = sorted(spaces)
    starts = [match.start() for match in CLUSTER.finditer(run)]
    bounds = {*starts, len(run)}
    best: dict[int, tuple[int, int, int]] = {
        0: (0, 0, 0)
    }  # cost, unknown clusters, start of the last
    for number, start in enumerate(starts):
        cost, unknown, _start = best[start]
        next_start = starts[number + 1] if number + 1 < len(starts) else len(run)
        _offer(best, next_start, (cost + _UNKNOWN_COST, unknown + 1, start))
        for end in range(start + 1, min(start + MAX_WORD_LENGTH, len(run)) + 1):
            if end in bounds and run[start:end] in words:
                within = bisect_left(breaks, end) - bisect_right(breaks, start)
                _offer(best, end, (cost + _WORD_COST + within * _SPACE_COST, unknown, start))
    ends = []
    end = len(run)
    while end:
        ends.append(end)
        end = best[end][2]
    return WordCuts(tuple(reversed(ends)), best[len(run)][1])


def _offer(
    best: dict[int, tuple[int, int, int]], end: int, candidate: tuple[int, int, int]
) -> None:
    if end not in best or candidate[:2] < best[end][:2]:
        best[end] = candidate
