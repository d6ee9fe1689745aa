"""What a header says beside its name (number, unit, scale), which names it may mean, which columns a row names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from ita.imports.cells import cell_text, fold, is_missing
from ita.imports.datasets import Column

_FORM_NUMBER = re.compile(
    r"(?:\([0-9]{1,2}\)|\[[0-9]{1,2}\]|[0-9]{1,2}[.)]|ช่องที่[0-9]{1,2}[:.)]?)(?=[^0-9])"
)
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]$")
_SCALE = re.compile(r"(?:คะแนน)?(?:เต็ม)?([0-9]{1,3})(?:คะแนน)?")
_FULL_MARK = re.compile(r"(?:คะแนน)?เต็ม([0-9]{1,3})(?:คะแนน)?$")
_UNITS = re.compile(
    r"(?:คะแนน)?(?:เต็ม|น้ำหนัก)?(?:ร้อยละ)?[0-9]{1,3}(?:%|คะแนน)?|%|ร้อยละ|คะแนน|บาท|คน|แห่ง|ครั้ง|พ\.?ศ\.?|"
    r"สะสม|ร้อยละสะสม|ถ้ามี|ระบุ|โปรดระบุ|ภาษาไทย|[0-9]{1,2}"
)

MAX_HEADER_CHARACTERS = 300
"""A longer cell is a text and names no column: what stands beside a name is taken off piece by piece."""


@dataclass(frozen=True)
class HeaderName:
    """name: folded, without what stands beside it. scale: the highest score, where the header names
    one ("IIT (๓๐)", "คะแนนรวม (เต็ม ๑๐๐)")."""

    name: str
    scale: int | None = None


@lru_cache(maxsize=4_096)  # the first rows are asked several times over
def header_name(cell: str) -> HeaderName:
    """A header without a form's number, a unit in brackets and the star of a required field.

    Brackets with anything else stay: ร้อยละความสำเร็จ (แผน) is not what was done.
    """
    text = fold(cell).lstrip("*").rstrip("*:")
    if len(text) > MAX_HEADER_CHARACTERS:
        return HeaderName(text)
    number = _FORM_NUMBER.match(text)
    text = text[number.end() :] if number else text
    scale: int | None = None
    while True:
        bracket, mark = _IN_BRACKETS.search(text), _FULL_MARK.search(text)
        if bracket and _UNITS.fullmatch(bracket[1]):
            said = _SCALE.fullmatch(bracket[1])
            text, scale = text[: bracket.start()], int(said[1]) if said else scale
        elif mark and mark.start():
            text, scale = text[: mark.start()], int(mark[1])
        else:
            return HeaderName(text, scale)


def column_scales(labels: Mapping[str, str]) -> dict[str, int]:
    """Column → the highest score that its header names, of those that name one."""
    found = {name: header_name(label).scale for name, label in labels.items()}
    return {name: scale for name, scale in found.items() if scale is not None}


def names_in_header(
    cells: Sequence[str], exact: Mapping[str, str], likely: Mapping[str, str]
) -> list[str | None]:
    """The column that each cell of a header names; "" = to be passed over, None = unknown.

    exact: folded header → column. likely: further names, which hold where no other cell of the header
    names their column, and only one could.
    """
    found = [exact.get(fold(cell)) for cell in cells]
    taken = set(found)
    further = [
        None if name is not None else _further(cell, exact, likely)
        for name, cell in zip(found, cells, strict=True)
    ]
    for position, name in enumerate(further):
        if name == "" or (name is not None and name not in taken and further.count(name) == 1):
            found[position] = name
    return found


def _further(cell: str, exact: Mapping[str, str], likely: Mapping[str, str]) -> str | None:
    bare, whole = header_name(cell).name, fold(cell)
    return next(
        (
            names[text]
            for names, text in ((likely, whole), (exact, bare), (likely, bare))
            if text in names
        ),
        None,
    )


MIN_LIKE = 70
"""Out of 100; below, a guess would as often be wrong as right."""
CLEARLY = 5
"""Points by which the best guess must be ahead of the next."""


@dataclass(frozen=True)
class Guess:
    """column: its name. likeness: 0–100."""

    column: str
    likeness: float


MIN_PART_LENGTH = 5
"""Letters of a name that count as part of a longer header; "ที่" stands in every other one."""
OF_PART = 0.85


def guesses(cell: str, columns: Iterable[Column]) -> tuple[Guess, ...]:
    """The columns that an unknown header is most like, the likeliest first. Never taken unseen."""
    bare = header_name(cell).name
    if _IN_BRACKETS.search(bare):
        return ()  # ร้อยละความสำเร็จ (แผน) is like what was done, and is not it
    found = [Guess(column.name, _likeness(bare, column)) for column in columns]
    near = [guess for guess in found if guess.likeness >= MIN_LIKE]
    return tuple(sorted(near, key=lambda guess: -guess.likeness))


def _likeness(text: str, column: Column) -> float:
    from rapidfuzz import fuzz  # for files with an unknown header only

    likeness = 0.0
    for name in (*column.headers, *column.likely_headers):
        likeness = max(likeness, fuzz.ratio(text, name))
        if min(len(text), len(name)) >= MIN_PART_LENGTH:
            likeness = max(likeness, OF_PART * fuzz.partial_ratio(text, name))
    return likeness


def best_guesses(samples: Mapping[str, Sequence[str]], columns: Sequence[Column]) -> dict[str, str]:
    """Header → the one column that it is clearly most like, each column at most once.

    samples: header → cells below it, most of which the column must be able to read.
    """
    wanted: list[tuple[float, str, str]] = []
    by_name = {column.name: column for column in columns}
    for cell, below in samples.items():
        near = [g for g in guesses(cell, columns) if _reads_most(by_name[g.column], below)]
        if near and (len(near) == 1 or near[0].likeness - near[1].likeness >= CLEARLY):
            wanted.append((near[0].likeness, cell, near[0].column))
    best: dict[str, str] = {}
    for _, cell, name in sorted(wanted, reverse=True):
        if name not in best.values():
            best[cell] = name
    return best


def _reads_most(column: Column, below: Sequence[str]) -> bool:
    filled = [text for cell in below if not is_missing(text := cell_text(cell))]
    return sum(map(column.can_read, filled)) * 2 >= len(filled)


# Which columns of a kind a row names: what tells a header from data, and one form from another.

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
