"""Large delimited text, read by column: as `csv.reader` reads it, in a tenth of the time."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from ita.config import Limits
from ita.imports.columns import CodedColumn, coded, text_array
from ita.imports.readers.decoding import codec_of
from ita.imports.readers.limits import MAX_OTHER_ROWS, MAX_ROW, too_large


class ColumnRows(Sequence[Sequence[str]]):
    """Rows of equal width that are kept by column; a row is made when somebody looks at it."""

    AT_ONCE = 1_000

    @classmethod
    def joined(cls, parts: Sequence[ColumnRows]) -> ColumnRows:
        """Rows of equal columns, one below the other; in pieces of their own, for a slice is handed
        over with all that it is a slice of."""
        return cls(pa.concat_tables([part._table for part in parts]).combine_chunks())

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]], width: int) -> ColumnRows:
        """Rows of a width, as they are where they are kept by column."""
        if isinstance(rows, ColumnRows):
            return rows
        columns = {str(at): text_array([row[at] for row in rows]) for at in range(width)}
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
        found: set[int] = set()
        wanted = text_array([text])
        for column in self._table.columns:
            there = pc.is_in(column, value_set=wanted)
            found.update(pc.indices_nonzero(there).to_pylist())
        return sorted(found)

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


_MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-8-sig": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}
_UNITS = {"utf-16-le": np.dtype("<u2"), "utf-16-be": np.dtype(">u2")}
"""What a letter takes in a file at least: a byte where nothing else is said."""
Units = np.ndarray[Any, np.dtype[Any]]


def rows_by_column(
    content: bytes, separator: str, width: int, limits: Limits, encoding: str = "utf-8"
) -> ColumnRows | None:
    """The rows of delimited text, with or without its mark; all cells text.

    encoding: as `decode` says it. None where there are more cells or rows than may be, and wherever
    Arrow could read other cells or other rows than a strict `csv.reader`: stray quotes, rows of another
    width, empty lines, NULs, bytes that aren't of the encoding.

    Raises:
        Unreadable: more rows that say anything than are read.
    """
    mark, unit = _MARKS.get(encoding, b""), _UNITS.get(encoding, np.dtype(np.uint8))
    start = len(mark) if content.startswith(mark) else 0
    twice = bool(mark) and content.startswith(mark, start)
    if twice or width < 2 or len(content) % unit.itemsize:
        return None
    # Both let go of the interpreter, so they run at the same time; more threads for Arrow's half cost
    # more than they win.
    with ThreadPoolExecutor(1) as parser:
        parsed = parser.submit(
            _parsed, content, codec_of(content, encoding), separator, width, limits
        )
        data = np.frombuffer(content, unit)[start // unit.itemsize :]
        has_nul = b"\x00" in content if unit.itemsize == 1 else not data.all()
        is_plain = not has_nul and _quotes_are_whole(data, separator)
        table = parsed.result() if is_plain else None
    types = [pa.string()] * width
    return ColumnRows(table) if table and table.schema.types == types else None


def _parsed(
    content: bytes, codec: str, separator: str, width: int, limits: Limits
) -> pa.Table | None:
    """The cells as Arrow reads them, block by block; None where it reads none, or too many.

    Raises:
        Unreadable: more rows that say anything than are read.
    """
    texts = {f"f{place}": pa.string() for place in range(width)}
    most = min(limits.cells // width, MAX_ROW)
    batches: list[pa.RecordBatch] = []
    rows = blank = counted = 0
    try:
        reader = csv.open_csv(
            pa.py_buffer(content),
            csv.ReadOptions(
                autogenerate_column_names=True,
                block_size=BLOCK,
                use_threads=False,
                encoding="utf8" if codec == "utf-8-sig" else codec,
            ),
            csv.ParseOptions(
                delimiter=separator, newlines_in_values=True, ignore_empty_lines=False
            ),
            csv.ConvertOptions(column_types=texts, null_values=[]),
        )
        for batch in reader:
            rows += batch.num_rows
            batches.append(batch)
            if rows > most:
                return None
            if rows - blank > limits.rows + MAX_OTHER_ROWS:
                blank += sum(map(_blank_rows, batches[counted:]))
                counted = len(batches)
            if rows - blank > limits.rows + MAX_OTHER_ROWS:  # before its cells fill the memory
                raise too_large(f"{rows - blank:,} +", f"{limits.rows:,}", "rows")
    except (pa.ArrowInvalid, UnicodeError):
        return None
    return pa.Table.from_batches(batches, reader.schema)


def _blank_rows(batch: pa.RecordBatch) -> int:
    """How many rows have no character in any cell."""
    longest = pc.max_element_wise(*map(pc.binary_length, batch.columns))
    return len(longest) - len(pc.indices_nonzero(longest))


def _quotes_are_whole(data: Units, separator: str) -> bool:
    """Whether every quote begins or ends a cell or stands doubled within one.

    Quotes then lead in and out by turns: one that leads in follows a border or another quote, one
    that leads out is followed by one. Any other file is left to the reader that says what is wrong.
    """
    border = np.zeros(256**data.itemsize, bool)
    border[[ord(separator), ord("\r"), ord("\n"), QUOTE]] = True
    count = 0
    for at in range(0, len(data), BLOCK):
        places = np.flatnonzero(data[at : at + BLOCK] == QUOTE) + at
        into, out = places[count % 2 :: 2], places[1 - count % 2 :: 2]
        into, out = into[into > 0], out[out + 1 < len(data)]
        if not (border[data[into - 1]].all() and border[data[out + 1]].all()):
            return False
        count += len(places)
    return count % 2 == 0
