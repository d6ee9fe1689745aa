"""What was tried and how often it went wrong, as one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Tally:
    """tried: how many times. wrong: how many of them must not be; 0 is the only good number."""

    what: str
    tried: int
    wrong: int
    note: str = ""


HEADER = ("what", "tried", "wrong", "note")


def table(found: Iterable[Tally]) -> str:
    """A table as markdown has it."""
    rows = [HEADER, *((t.what, f"{t.tried:,}", f"{t.wrong:,}", t.note) for t in found)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADER))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])
