"""What the rows of a file may cost, counted while they are read, and the problems of what is refused whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from sys import getsizeof

from ita.config import Limits
from ita.imports.problems import Problem, ProblemKind
from ita.imports.readers.cell_text import filled_width

# Files that can't be read as a whole, each with the problem that says why.


class Unreadable(Exception):
    """The file as a whole can't be read; carries the problem to show."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.kind)


def unreadable(why: str) -> Unreadable:
    """why: a word of `problems.REASONS`."""
    return Unreadable(Problem(ProblemKind.UNREADABLE_ENCODING, expected={"why": why}))


def empty_file(why: str = "no-rows", line: int | None = None) -> Problem:
    """why: a word of REASONS."""
    return Problem(ProblemKind.EMPTY_FILE, line, expected={"why": why})


def check_size(length: int, limits: Limits) -> None:
    """Refuse a file by its size alone, before anything of it is read.

    Raises:
        Unreadable: it is larger than the limit.
    """
    if length > limits.file_bytes:
        raise too_many_bytes(length, limits.file_bytes)


def too_many_bytes(length: int, limit: int) -> Unreadable:
    return too_large(f"{length / 1024**2:,.1f}", f"{limit / 1024**2:,.1f}", "megabytes")


def too_long(length: str, limits: Limits, line: int | None = None) -> Unreadable:
    """A text that no cell may hold, and that is not read to its end."""
    expected = {"limit": limits.cell_characters}
    return Unreadable(Problem(ProblemKind.TEXT_TOO_LONG, line, value=length, expected=expected))


def too_large(found: str, limit: str, unit: str) -> Unreadable:
    """unit: a word of REASONS."""
    expected = {"limit": limit, "unit": unit}
    return Unreadable(Problem(ProblemKind.FILE_TOO_LARGE, value=found, expected=expected))


MAX_ROW = 1_048_576
"""Rows that a sheet of any program has at most."""
MAX_OTHER_ROWS = 100
"""Titles, headers, totals: rows that a sheet may hold beside its data."""
NO_CELLS: tuple[str, ...] = ()
"""A row of nothing, the same one for each gap."""
MAX_CELL_LENGTH = 1_000_000
"""Characters; up to here a cell that is too long is told with its column, beyond it isn't read on."""
MAX_SHARED = 50_000
"""Different texts that are remembered to be shared; then it begins anew."""
_ROW_BYTES = 112
"""Of a list, and of the number of its line beside it."""
_PLACE_BYTES = 8


MAX_SHEETS = 1_000


def check_sheets(count: int) -> None:
    """
    Raises:
        Unreadable: more sheets than are read.
    """
    if count > MAX_SHEETS:
        raise too_large(f"{count:,} +", f"{MAX_SHEETS:,}", "sheets")


class Budget:
    """What was read of a file so far: rows that hold anything, cells, characters and bytes of memory.

    Several sheets of a workbook share one.

    Args:
        held: bytes that are in memory all the while, as the file's own.
    """

    def __init__(self, limits: Limits, held: int = 0) -> None:
        self.limits = limits
        self.rows = self.cells = self.characters = 0
        self.kept = held
        self._texts: dict[str, str] = {}

    def keep(self, row: Sequence[str]) -> list[str]:
        """The row as it is kept, counted: with the same text where an equal one came before, for a file
        says few different things.

        Raises:
            Unreadable: with it the file is more than is read.
        """
        if len(self._texts) > MAX_SHARED:
            self._texts.clear()
        before, share = len(self._texts), self._texts.setdefault
        kept = [share(text, text) for text in row]
        new = islice(reversed(self._texts), len(self._texts) - before)
        self._take(row, 1, sum(map(getsizeof, new)))
        return kept[:]  # which has no room left over for more, as a list that has grown has

    def take(self, row: Sequence[str], times: int = 1) -> None:
        """Count a row, or one that comes several times.

        Raises:
            Unreadable: with it the file is more than is read.
        """
        self._take(row, times, sum(map(getsizeof, filter(None, row))))

    def _take(self, row: Sequence[str], times: int, text_bytes: int) -> None:
        limits, width = self.limits, len(row)
        texts = list(filter(None, row))
        if width > limits.columns and (width := filled_width(row)) > limits.columns:
            raise too_large(f"{width:,}", f"{limits.columns:,}", "columns")
        self.rows += times * bool(texts)
        self.take_cells(len(row) * times)
        characters = sum(map(len, texts))
        if characters > MAX_CELL_LENGTH:
            longest = max(map(len, texts))
            if longest > MAX_CELL_LENGTH:
                raise too_long(f"{longest:,}", limits)
        self.take_characters(characters * times)
        self.take_bytes((_ROW_BYTES + _PLACE_BYTES * len(row)) * times + text_bytes)
        if self.rows > limits.rows + MAX_OTHER_ROWS:  # before minutes have gone into the rest
            raise too_large(f"{self.rows:,} +", f"{limits.rows:,}", "rows")

    def take_cells(self, count: int) -> None:
        self.cells += count
        if self.cells > self.limits.cells:
            raise too_large(f"{self.cells:,} +", f"{self.limits.cells:,}", "cells")

    def take_characters(self, count: int) -> None:
        self.characters += count
        if self.characters > self.limits.characters:
            raise too_large(f"{self.characters:,} +", f"{self.limits.characters:,}", "characters")

    def take_bytes(self, count: int) -> None:
        self.kept += count
        limit = self.limits.kept_bytes
        if self.kept > limit:
            raise too_large(f"{self.kept / 1024**2:,.0f} +", f"{limit / 1024**2:,.0f}", "unpacked")

    def taken(self, rows: Iterable[Sequence[str]]) -> Iterator[list[str]]:
        """The rows as they are kept, each counted before it is passed on."""
        for place, row in enumerate(rows):
            if place >= MAX_ROW:
                raise too_large(f"{place + 1:,} +", f"{MAX_ROW:,}", "rows")
            yield self.keep(row)
