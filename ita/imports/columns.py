"""Columns of a file in few Python objects: a large file holds few distinct words and much long text."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.lib import StringBuilder

from ita.imports.cells import MAX_BLANK_RUN

Codes = np.ndarray[tuple[int], np.dtype[np.int64]]
"""One number a row."""


class LazySequence(Sequence[Any]):
    """A sequence by its length and its single cells."""

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return [self.cell(row) for row in range(len(self))[index]]
        return self.cell(range(len(self))[index])

    @abstractmethod
    def cell(self, row: int) -> Any: ...


@dataclass(frozen=True)
class CodedColumn(LazySequence):
    """Cells by their distinct contents: row i holds `distinct[codes[i]]`."""

    codes: Codes
    distinct: Sequence[Any]

    @classmethod
    def of(cls, cells: Sequence[Any]) -> CodedColumn:
        if isinstance(cells, CodedColumn):
            return cells
        if isinstance(cells, LongTexts):
            return coded(cells.arrow(pa.string()))
        places: dict[Any, int] = {}
        codes = [places.setdefault(cell, len(places)) for cell in cells]
        return cls(np.array(codes, np.int64), list(places))

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[Any]:
        if isinstance(self.distinct, LongTexts):
            return iter(self.distinct.of_rows(self.codes))
        return iter([self.distinct[code] for code in self.codes.tolist()])

    def cell(self, row: int) -> Any:
        return self.distinct[self.codes[row]]

    def of_rows(self, rows: Codes) -> CodedColumn:
        return CodedColumn(self.codes[rows], self.distinct)

    def map(self, change: Callable[[Any], Any]) -> CodedColumn:
        return CodedColumn(self.codes, [change(content) for content in self.distinct])

    def map_texts(self, change: Callable[[Any], str | None]) -> CodedColumn:
        """The same where texts come out; very many stay in Arrow's memory."""
        if isinstance(self.distinct, LongTexts):
            return CodedColumn(self.codes, self.distinct.map(change))
        return self.map(change)

    def rows_where(self, chosen: Callable[[Any], bool]) -> list[int]:
        """The rows whose content is chosen, in their order; each distinct one is asked once."""
        wanted = np.array([bool(chosen(content)) for content in self.distinct], bool)
        return np.flatnonzero(wanted[self.codes]).tolist() if wanted.any() else []

    def present(self) -> list[Any]:
        """The distinct contents that a row really holds."""
        there = np.zeros(len(self.distinct), bool)
        there[self.codes] = True
        if isinstance(self.distinct, LongTexts):
            return list(self.distinct.of_rows(np.flatnonzero(there)))
        return [self.distinct[code] for code in np.flatnonzero(there).tolist()]

    def numbered(self) -> Codes:
        """One number a row, the same for equal contents, -1 for None."""
        if isinstance(self.distinct, LongTexts):
            return self.distinct.numbered()[self.codes]
        numbers: dict[Any, int] = {None: -1}
        same = [numbers.setdefault(content, len(numbers) - 1) for content in self.distinct]
        return np.array(same, np.int64)[self.codes]

    def arrow(self, kind: pa.DataType) -> pa.Array | pa.ChunkedArray:
        return arrow_of(self.distinct, kind).take(pa.array(self.codes))


AT_ONCE = 10_000
"""Texts that are made Python's at a time."""


@dataclass(frozen=True)
class LongTexts(LazySequence):
    """Texts as the file has them, in Arrow's memory, but for the rows in `changed`."""

    raw: pa.ChunkedArray
    changed: Mapping[int, str | None] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.raw)

    def __iter__(self) -> Iterator[str | None]:
        start = 0
        for chunk in self._pieces():
            cells = chunk.to_pylist()
            if self.changed:
                rows = range(start, start + len(cells))
                cells = [self.changed.get(row, text) for row, text in zip(rows, cells, strict=True)]
            yield from cells
            start += len(cells)

    def _pieces(self) -> Iterator[pa.Array]:
        """The texts of the file, so many at a time that they are little as Python keeps them."""
        for chunk in self.raw.chunks:
            for start in range(0, len(chunk), AT_ONCE):
                yield chunk.slice(start, AT_ONCE)

    def of_rows(self, rows: Codes) -> LongTexts:
        return LongTexts(pa.chunked_array([self.arrow(pa.string())]).take(pa.array(rows)))

    def map(self, change: Callable[[Any], str | None]) -> LongTexts:
        """The same rows with what becomes of each text."""
        texts = iter(self)
        pieces = []
        while piece := list(islice(texts, AT_ONCE)):
            pieces.append(text_array([change(text) for text in piece]))
        return LongTexts(pa.chunked_array(pieces, pa.string()))

    def numbered(self) -> Codes:
        """One number a row, the same for equal texts, -1 for None."""
        encoded = pc.dictionary_encode(self.arrow(pa.string()).combine_chunks())
        numbers: Codes = encoded.indices.fill_null(-1).to_numpy().astype(np.int64)
        return numbers

    def cell(self, row: int) -> str | None:
        text: str | None = self.changed[row] if row in self.changed else self.raw[row].as_py()
        return text

    def arrow(self, kind: pa.DataType) -> pa.ChunkedArray:
        if not self.changed:
            return self.raw.cast(kind)
        rows = sorted(self.changed)
        mask = np.zeros(len(self), bool)
        mask[rows] = True
        texts = pa.array([self.changed[row] for row in rows], self.raw.type)
        # In one piece: Arrow counts the replacements anew in each of several.
        whole = self.raw.combine_chunks()
        return pa.chunked_array([pc.replace_with_mask(whole, pa.array(mask), texts).cast(kind)])


Cells = CodedColumn | LongTexts | list[Any]


def arrow_of(cells: Sequence[Any], kind: pa.DataType) -> pa.Array | pa.ChunkedArray:
    return (
        cells.arrow(kind) if isinstance(cells, CodedColumn | LongTexts) else pa.array(cells, kind)
    )


PROBED_ROWS = 1_000
MIN_DIFFERENT = 0.98
"""Of rows of a column by chance: so many differ where it holds 25 times as many texts."""


def is_long(raw: pa.ChunkedArray) -> bool:
    """Whether most cells differ, so that there is nothing to win by reading each content once."""
    probe = raw.slice(0, PROBED_ROWS)
    return len(raw) > PROBED_ROWS and len(pc.unique(probe)) * 2 > PROBED_ROWS


def text_array(texts: Sequence[str | None]) -> pa.StringArray:
    """`pa.array` of texts, which asks for pandas first: 30 MB that a process which only reads does
    without."""
    builder = StringBuilder()
    builder.append_values(texts)
    return builder.finish()


MAX_LISTED = 50_000
"""Distinct texts that are kept as Python keeps them, at 100 bytes and more each; asked one by one they are
ten times as fast. A right file has fewer names of agencies, and long texts are not read by what differs."""


def _all_differ(raw: pa.ChunkedArray) -> bool:
    """Whether very many texts hardly come twice: to find which do takes five times their memory."""
    if len(raw) <= MAX_LISTED:
        return False
    # By chance: at equal distances a file sorted by anything shows each of few names but once.
    probed = np.random.default_rng(0).integers(0, len(raw), PROBED_ROWS)
    return len({raw[row].as_py() for row in probed.tolist()}) > PROBED_ROWS * MIN_DIFFERENT


def coded(raw: pa.ChunkedArray) -> CodedColumn:
    """A column of a file by its distinct texts, in the order of their first row; where very many hardly
    come twice, by all of them."""
    if _all_differ(raw):
        return CodedColumn(np.arange(len(raw)), LongTexts(raw))
    found = pc.dictionary_encode(raw.combine_chunks(), null_encoding="encode")
    if not len(found):
        return CodedColumn(np.empty(0, np.int64), [])
    # `to_numpy` would load pandas.
    codes = np.frombuffer(found.indices.buffers()[1], np.int32)[found.indices.offset :]
    texts = found.dictionary
    distinct = (
        LongTexts(pa.chunked_array([texts])) if len(texts) > MAX_LISTED else texts.to_pylist()
    )
    return CodedColumn(codes[: len(found)].astype(np.int64), distinct)


MAX_NUMBERS = 2**62
"""Beyond it numbers of groups no longer fit in 64 bits, and are made small first."""


def grouped(columns: Sequence[CodedColumn]) -> Codes:
    """One number a row, the same for rows that are equal in every column; -1 where one holds None.

    The numbers have no holes: they are 0, 1, … up to the last group.
    """
    import pandas as pd  # 30 MB that a worker process which only reads does without

    numbered = [column.numbered() for column in columns]
    whole = np.flatnonzero(np.min(numbered, axis=0) >= 0)
    groups, size = np.zeros(len(whole), np.int64), 1
    for column, numbers in zip(columns, numbered, strict=True):
        if size * len(column.distinct) > MAX_NUMBERS:
            groups = pd.factorize(groups)[0]
            size = int(groups.max(initial=0)) + 1
        groups = groups * len(column.distinct) + numbers[whole]
        size *= len(column.distinct)
    found = np.full(len(numbered[0]), -1)
    found[whole] = pd.factorize(groups)[0]
    return found


def first_rows(groups: Codes) -> Codes:
    """The first row of each group, by the group's number."""
    firsts = np.empty(int(groups.max(initial=-1)) + 1, np.int64)
    rows = np.flatnonzero(groups >= 0)[::-1]  # backwards, so that the first is written last
    firsts[groups[rows]] = rows
    return firsts


_MAY_NEED_TIDYING = (
    r"[^\t\n\x20-\x7e\x{0e01}-\x{0e4c}\x{0e4e}-\x{0e5b}\x{2013}\x{2014}\x{2018}\x{2019}\x{201c}\x{201d}\x{2022}\x{2026}]"
    rf"|\x{{0e40}}\x{{0e40}}|^[\t\n ']|[\t\n ]$|[\t\n ]{{{MAX_BLANK_RUN + 1}}}"
    r"|\?\?|\x{0e40}\x{0e18}[\x{0e01}-\x{0e1f}\x{0e40} ]|\x{0e40}[\x{0e18}\x{0e19}][\x{2013}-\x{2026}]"
    r"|^[#\[{(<\\=]|^b['\x22]|^[A-Za-z_.]+[(\[]|&#|\\u0[eE]|#(?:REF|NAME|VALUE|DIV|NULL|NUM)[!?/]"
)
"""Finds every text that `cells.cell_text` would change or `broken_text.damage` tell, and some others."""
_MAX_MISSING_WORD_LENGTH = 64


def unsettled_rows(raw: pa.ChunkedArray, most_characters: int) -> list[int]:
    """Rows whose text must be looked at: it may need tidying, say "missing", or be too long."""
    length = pc.binary_length(raw)
    doubtful = pc.or_(
        pc.or_(pc.less(length, _MAX_MISSING_WORD_LENGTH), pc.greater(length, most_characters)),
        pc.match_substring_regex(raw, _MAY_NEED_TIDYING),
    )
    return np.flatnonzero(doubtful.to_numpy()).tolist()
