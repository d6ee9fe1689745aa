"""Files that can't be read as a whole, each with the problem that says why."""

from __future__ import annotations

from ita.config import Limits
from ita.imports.problems import Problem, ProblemKind


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
