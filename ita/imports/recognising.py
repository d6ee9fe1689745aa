"""Which columns of a kind a row names: what tells a header from data, and one form from another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ita.imports.header_names import names_in_header

BESIDE = 24
"""Characters of a form's number and a unit beside a header's name."""


@dataclass(frozen=True)
class Recogniser:
    """Called with a row, it counts the distinct columns that the row names.

    known: folded header → column name. likely: further names, with a form's numbers and units aside,
    which hold where no other cell names their column. required: columns that no table of the kind lacks. keys: the
    columns by which rows are told apart.
    """

    known: Mapping[str, str]
    required: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    likely: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, row: Sequence[str]) -> int:
        return len(self.names(row))

    def name(self, cell: str) -> str | None:
        """The column that a cell names, if it names one."""
        if len(cell) > self.longest:
            return None
        return next(iter(names_in_header([cell], self.known, self.likely)), None) or None

    def names(self, row: Sequence[str]) -> frozenset[str]:
        short = [cell if len(cell) <= self.longest else "" for cell in row]
        return frozenset(name for name in names_in_header(short, self.known, self.likely) if name)

    def same_form(self, one: frozenset[str], other: frozenset[str]) -> bool:
        """Whether two headers are of one form, so that their rows can stand in one table.

        Neither lacks a required column that the other has, and they share something that is no key:
        a table of totals and one of indicators speak of the same agencies and years, and their rows
        would be each other's doubles.
        """
        shared = bool((one & other) - self.keys)
        return one == other or (shared and one & self.required == other & self.required)

    @cached_property
    def longest(self) -> int:
        """Characters beyond which no cell is looked at as a header; spaces may stand between all."""
        return 2 * max(map(len, [*self.known, *self.likely]), default=0) + BESIDE
