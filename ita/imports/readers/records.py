"""Parquet and JSON, as `export` writes them, as rows of text cells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ita.config import Limits
from ita.imports.columns import text_array
from ita.imports.readers.cell_text import KEEP_STORED, LOST_LETTER, Row, value_text, well_formed
from ita.imports.readers.decoding import text_stream
from ita.imports.readers.delimited import ColumnRows
from ita.imports.readers.limits import (
    MAX_CELL_LENGTH,
    Budget,
    Unreadable,
    too_large,
    too_long,
    unreadable,
)
from ita.workers import report_progress

_JSON_RECORDS = re.compile(r"\s*\[\s*[{\]]")
"""How a list of records begins; "[ร่าง] คะแนน" above a table begins otherwise."""


def is_json(text: str, file_name: str) -> bool:
    return bool(_JSON_RECORDS.match(text)) or file_name.casefold().endswith(".json")


# Parquet: a file of kilobytes may hold gigabytes, so its footer is looked at first, long texts stay
# numbers of a dictionary, and a batch is measured before its values are made.

LARGEST_FOOTER = 4 * 1024 * 1024
BATCH = 65_536
DEEPEST = 16
"""Levels of lists within lists."""


def parquet_rows(content: bytes, limits: Limits) -> Sequence[Row]:
    """The names of the columns, and the rows below them; kept by column where there are several.

    Raises:
        Unreadable: too many rows, columns, cells or characters, or it is damaged.
    """
    try:
        metadata = _parquet_metadata(content, limits)
        leaves = [metadata.schema.column(at) for at in range(metadata.num_columns)]
        texts = [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY"]
        file = pq.ParquetFile(pa.BufferReader(content), metadata=metadata, read_dictionary=texts)
        budget = Budget(limits)
        names = [well_formed(name, LOST_LETTER) for name in file.schema_arrow.names]
        pieces = [
            pa.record_batch(
                [text_array([name]) for name in names], list(map(str, range(len(names))))
            )
        ]
        done = 0
        for batch in file.iter_batches(BATCH, use_threads=False):
            budget.take_characters(sum(map(_characters, batch.columns)))
            columns = [_column_texts(column, limits) for column in batch.columns]
            pieces.append(pa.record_batch(columns, pieces[0].schema))
            budget.take_bytes(pieces[-1].nbytes)
            done += batch.num_rows
            report_progress(done, metadata.num_rows)
        rows = ColumnRows(pa.Table.from_batches(pieces))
        return rows if len(names) > 1 else list(rows)
    except Unreadable:
        raise
    except Exception as fault:  # damaged pages, and times that Python has no value for
        raise unreadable("broken-data-file") from fault


def _parquet_metadata(content: bytes, limits: Limits) -> Any:
    """
    Raises:
        Unreadable: the footer says of more than is read.
    """
    length = int.from_bytes(content[-8:-4], "little")
    if LARGEST_FOOTER < length < len(content):
        raise too_large(_megabytes(length), _megabytes(LARGEST_FOOTER), "unpacked")
    metadata = pq.read_metadata(pa.BufferReader(content))
    rows, columns = metadata.num_rows, metadata.num_columns
    if columns > limits.columns:
        raise too_large(f"{columns:,}", f"{limits.columns:,}", "columns")
    if rows > limits.rows:
        raise too_large(f"{rows:,}", f"{limits.rows:,}", "rows")
    Budget(limits).take_cells(rows * columns)
    values = unpacked = 0
    for at in range(metadata.num_row_groups):
        group = metadata.row_group(at)
        for place in range(columns):
            chunk = group.column(place)
            values += chunk.num_values
            unpacked += max(chunk.total_uncompressed_size, 0)
    if unpacked > limits.file_bytes:
        raise too_large(_megabytes(unpacked), _megabytes(limits.file_bytes), "unpacked")
    Budget(limits).take_cells(values)
    if any(metadata.schema.column(at).max_definition_level > DEEPEST for at in range(columns)):
        raise unreadable("broken-data-file")
    return metadata


def _megabytes(count: int) -> str:
    return f"{count / 1024**2:,.1f}"


def _characters(column: pa.Array) -> int:
    """Characters of a column, those of a text that stands in several rows as often as it stands."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        lengths = _lengths(column.dictionary)
        return int(pc.sum(lengths.take(column.indices)).as_py() or 0)
    if pa.types.is_struct(kind):
        return sum(map(_characters, column.flatten()))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _characters(column.flatten())
    if pa.types.is_map(kind):
        return _characters(column.keys) + _characters(column.items)
    return int(pc.sum(_lengths(column)).as_py() or 0)


def _lengths(texts: pa.Array) -> pa.Array:
    """Characters of each text, of bytes their number; of other values 0."""
    kind = texts.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return pc.utf8_length(texts)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pc.binary_length(texts)
    return pa.array([0], pa.int32()).take(pa.array(np.zeros(len(texts), np.int32)))


def _column_texts(column: pa.Array, limits: Limits) -> pa.StringArray:
    """
    Raises:
        Unreadable: a text is longer than is read.
    """
    is_coded = pa.types.is_dictionary(column.type)
    if is_coded and len(column.dictionary) > len(column):
        # It is that of the whole column, which hardly says anything twice.
        column, is_coded = column.dictionary_decode(), False
    if is_coded:
        texts = [value_text(value) for value in column.dictionary.to_pylist()]
        missing = pa.scalar(len(texts), column.indices.type)
        cells = text_array([*texts, ""]).take(column.indices.fill_null(missing))
    else:
        cells = text_array([value_text(value) for value in column.to_pylist()])
    longest = pc.max(pc.utf8_length(cells)).as_py() or 0
    if longest > MAX_CELL_LENGTH:
        raise too_long(f"{longest:,}", limits)
    return cells


# JSON: a record after the other, so that a list of millions is no list of millions in memory.

MAX_RECORD_LENGTH = 2_000_000
"""Characters."""
_BLANKS = re.compile(r"[ \t\n\r]*")


def _record(fields: list[tuple[str, object]]) -> dict[str, object]:
    """A record with all that it says: of a field written twice the first value is not lost, but both
    are a list."""
    record = dict(fields)
    if len(record) < len(fields):
        values: dict[str, list[object]] = {}
        for name, value in fields:
            values.setdefault(name, []).append(value)
        for name, several in values.items():
            if any(value != several[0] for value in several):
                record[name] = several
    return record


def json_rows(
    content: bytes, limits: Limits, encoding: str = "utf-8", length: int | None = None
) -> list[Row]:
    """The names that any record has, and a row per record; of what one lacks it says nothing.

    encoding: as `decode` says it. length: characters after which the text ends; None = with the file.

    Raises:
        Unreadable: too many records, names, cells or characters, or it is no list of records.
    """
    places: dict[str, int] = {}
    rows: list[list[str]] = []
    empty: set[int] = set()
    try:
        budget = Budget(limits, len(content))
        for count, record in enumerate(_Records(content, encoding, length), start=1):
            if count > limits.rows:
                raise too_large(f"{count:,} +", f"{limits.rows:,}", "rows")
            for name in record:
                places.setdefault(name, len(places))
            if len(places) > limits.columns:
                raise too_large(f"{len(places):,} +", f"{limits.columns:,}", "columns")
            if not record:
                empty.add(len(rows))
            lacking = KEEP_STORED if record else ""
            row = [value_text(record[n]) if n in record else lacking for n in places]
            rows.append(budget.keep(row))
    except (ValueError, AttributeError, TypeError, ArithmeticError, RecursionError) as fault:
        raise unreadable("broken-data-file") from fault
    Budget(limits).take_cells(len(rows) * len(places))
    for at, row in enumerate(rows):
        row.extend(["" if at in empty else KEEP_STORED] * (len(places) - len(row)))
    return [[well_formed(name, LOST_LETTER) for name in places], *rows]


class _Records:
    """The records of a list, read from pieces of its text."""

    def __init__(self, content: bytes, encoding: str, length: int | None) -> None:
        self._stream = text_stream(content, encoding)
        self._size = len(content)
        self._left = len(content) if length is None else length  # no more characters than bytes
        self._piece, self._at = "", 0
        self._decoder = json.JSONDecoder(parse_float=Decimal, object_pairs_hook=_record)

    def __iter__(self) -> Iterator[dict[str, object]]:
        """
        Raises:
            ValueError: it is no list of records.
            Unreadable: a record is longer than is read.
        """
        self._pass("[")
        ended = self._next() == "]"
        while not ended:
            record = self._one()
            if not isinstance(record, dict):
                raise ValueError(record)
            yield record
            ended = self._next() == "]"
            if not ended:
                self._pass(",")
        self._pass("]")
        if self._next():
            raise ValueError(self._next())

    def _more(self) -> bool:
        """Go on to the next piece with what is left of this one; False at the end of the text."""
        report_progress(self._stream.buffer.tell(), self._size)
        more = self._stream.read(min(MAX_RECORD_LENGTH, self._left))
        self._left -= len(more)
        self._piece, self._at = self._piece[self._at :] + more, 0
        return bool(more)

    def _next(self) -> str:
        """What stands behind the blanks; "" at the end."""
        while True:
            self._at = _BLANKS.match(self._piece, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._piece) or not self._more():
                return self._piece[self._at : self._at + 1]

    def _pass(self, mark: str) -> None:
        if self._next() != mark:
            raise ValueError(self._next())
        self._at += 1

    def _one(self) -> object:
        self._next()
        while True:
            try:
                record, self._at = self._decoder.raw_decode(self._piece, self._at)
            except json.JSONDecodeError as fault:
                cut = fault.pos > len(self._piece) - _MAX_WORD_LENGTH
                if not cut and not fault.msg.startswith("Unterminated"):
                    raise
                if len(self._piece) - self._at >= MAX_RECORD_LENGTH:
                    limit = f"{MAX_RECORD_LENGTH:,}"
                    raise too_large(f"{limit} +", limit, "record-characters") from None
                if not self._more():
                    raise
            else:
                return record


_MAX_WORD_LENGTH = 20
"""Characters at the end of a piece that a word or an escape may have been cut in."""
