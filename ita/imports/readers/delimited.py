"""Large delimited text, read by column: as `csv.reader` reads it, in a tenth of the time."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from ita.imports.columns import CodedColumn, coded
from ita.imports.readers.limits import MAX_ROW


class ColumnRows(Sequence[Sequence[str]]):
    """Rows of equal width that are kept by column; a row is made when somebody looks at it."""

    AT_ONCE = 1_000

    @classmethod
    def joined(cls, parts: Sequence[ColumnRows]) -> ColumnRows:
        """Rows of equal columns, one below the other."""
        return cls(pa.concat_tables([part._table for part in parts]))

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]], width: int) -> ColumnRows:
        """Rows of a width, as they are where they are kept by column."""
        if isinstance(rows, ColumnRows):
            return rows
        columns = {str(at): pa.array([row[at] for row in rows], pa.string()) for at in range(width)}
        return cls(pa.table(columns))

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._coded: dict[int, CodedColumn] = {}

    @property
    def columns(self) -> Sequence[pa.ChunkedArray]:
        return list(self._table.columns)

    def coded(self, at: int) -> CodedColumn:
        """A column by its distinct texts; rules that look through the same column share it."""
        if at not in self._coded:
            self._coded[at] = coded(self._table.column(at))
        return self._coded[at]

    def filled(self) -> Sequence[int]:
        """The positions of the rows that hold anything but spaces."""
        blank = np.arange(len(self))
        for at, column in enumerate(self._table.columns):
            is_whole = len(blank) == len(self)
            cells = self.coded(at) if is_whole else coded(column.take(pa.array(blank)))
            blank = blank[cells.rows_where(lambda text: not text or text.isspace())]
            if not len(blank):
                return range(len(self))
        filled = np.ones(len(self), bool)
        filled[blank] = False
        places: list[int] = np.flatnonzero(filled).tolist()
        return places

    def rows_with(self, text: str) -> list[int]:
        """The positions of the rows of which a cell is this text."""
        found = np.zeros(len(self), bool)
        for column in self._table.columns:
            found |= pc.fill_null(pc.equal(column, text), False).to_numpy()
        places: list[int] = np.flatnonzero(found).tolist()
        return places

    def at(self, places: Sequence[int]) -> ColumnRows:
        """Some rows, in the order of the file. By a mask: `take` makes one piece of all first."""
        if len(places) == len(self):
            return self
        chosen = np.zeros(len(self), bool)
        chosen[places] = True
        return ColumnRows(self._table.filter(pa.array(chosen)))

    def __len__(self) -> int:
        return int(self._table.num_rows)

    @overload
    def __getitem__(self, index: int) -> list[str]: ...
    @overload
    def __getitem__(self, index: slice) -> ColumnRows: ...
    def __getitem__(self, index: int | slice) -> list[str] | ColumnRows:
        places = range(len(self))[index]
        if isinstance(places, int):
            return [column[places].as_py() for column in self._table.columns]
        if places.step == 1:
            return ColumnRows(self._table.slice(places.start, len(places)))
        return ColumnRows(self._table.take(pa.array(places, pa.int64())))

    def __iter__(self) -> Iterator[list[str]]:
        for start in range(0, len(self), self.AT_ONCE):
            block = self._table.slice(start, self.AT_ONCE)
            columns = [column.to_pylist() for column in block.columns]
            yield from map(list, zip(*columns, strict=True))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == [list(row) for row in other]

    __hash__ = None  # type: ignore[assignment]


def rows_at(rows: Sequence[Sequence[str]], positions: Sequence[int]) -> Sequence[Sequence[str]]:
    """Some rows of a sheet, kept by column where they are."""
    return rows.at(positions) if isinstance(rows, ColumnRows) else [rows[at] for at in positions]


BLOCK = 2 * 1024 * 1024
"""Bytes that Arrow parses at a time; a row must fit in one."""
QUOTE = ord('"')
MAX_QUOTES = 4_000_000
"""Their positions are looked at all together; text with more is read row by row."""


def rows_by_column(
    content: bytes, separator: str, width: int, most_cells: int = 2**31
) -> ColumnRows | None:
    """The rows of delimited UTF-8 text, with or without its mark; all cells text.

    None where there are more cells or rows than may be, and wherever Arrow could read other cells or
    other rows than a strict `csv.reader`: stray quotes, rows of another width, empty lines, NULs, bytes
    that aren't UTF-8.
    """
    start = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
    if content.startswith(codecs.BOM_UTF8, start) or width < 2:
        return None
    # Both let go of the interpreter, so they run at the same time; more threads for Arrow's half cost
    # more than they win.
    with ThreadPoolExecutor(1) as parser:
        parsed = parser.submit(_parsed, content, separator, width, most_cells)
        is_plain = b"\x00" not in content and _quotes_are_whole(
            np.frombuffer(content, np.uint8)[start:], separator
        )
        table = parsed.result()
    types = [pa.string()] * width
    return ColumnRows(table) if is_plain and table and table.schema.types == types else None


def _parsed(content: bytes, separator: str, width: int, most_cells: int) -> pa.Table | None:
    """The cells as Arrow reads them, block by block; None where it reads none, or too many."""
    texts = {f"f{place}": pa.string() for place in range(width)}
    most_rows = min(most_cells // width, MAX_ROW)
    batches = []
    try:
        reader = csv.open_csv(
            pa.py_buffer(content),
            csv.ReadOptions(autogenerate_column_names=True, block_size=BLOCK, use_threads=False),
            csv.ParseOptions(
                delimiter=separator, newlines_in_values=True, ignore_empty_lines=False
            ),
            csv.ConvertOptions(column_types=texts, null_values=[]),
        )
        for batch in reader:
            most_rows -= batch.num_rows
            if most_rows < 0:
                return None
            batches.append(batch)
    except pa.ArrowInvalid:
        return None
    return pa.Table.from_batches(batches, reader.schema)


def _quotes_are_whole(data: np.ndarray[tuple[int], np.dtype[np.uint8]], separator: str) -> bool:
    """Whether every quote begins or ends a cell or stands doubled within one.

    Quotes then lead in and out by turns: one that leads in follows a border or another quote, one
    that leads out is followed by one. Any other file is left to the reader that says what is wrong.
    """
    blocks = range(0, len(data), BLOCK)
    found, count = [], 0
    for at in blocks:
        found.append(np.flatnonzero(data[at : at + BLOCK] == QUOTE) + at)
        count += len(found[-1])
        if count > MAX_QUOTES:
            return False
    places = np.concatenate(found) if found else np.empty(0, np.int64)
    if len(places) % 2:
        return False
    border = np.zeros(256, bool)
    border[[ord(separator), ord("\r"), ord("\n"), QUOTE]] = True
    into, out = places[0::2], places[1::2]
    into, out = into[into > 0], out[out + 1 < len(data)]
    return bool(border[data[into - 1]].all() and border[data[out + 1]].all())
