"""Parquet and JSON, as `export` writes them, as rows of text cells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

from ita.importing.refusals import Unreadable, too_large, unreadable
from ita.importing.values import KEEP_STORED, LOST_LETTER, Row, value_text, well_formed
from ita.settings import Limits

_JSON_RECORDS = re.compile(r"\s*\[\s*[{\]]")
"""How a list of records begins; "[ร่าง] คะแนน" above a table begins otherwise."""


def is_json(text: str, file_name: str) -> bool:
    return bool(_JSON_RECORDS.match(text)) or file_name.casefold().endswith(".json")


def _records(header: Iterable[str], records: Iterable[Iterable[object]]) -> list[Row]:
    names = [well_formed(name, LOST_LETTER) for name in header]
    return [names, *([value_text(value) for value in record] for record in records)]


def _check_cells(rows: int, columns: int, limits: Limits) -> None:
    if rows * columns > limits.cells:
        raise too_large(f"{rows * columns:,}", f"{limits.cells:,}", "cells")


def parquet_rows(content: bytes, limits: Limits) -> list[Row]:
    """The names of the columns, and the rows below them.

    Raises:
        Unreadable: too many cells, or it is damaged.
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        _check_cells(file.metadata.num_rows, file.metadata.num_columns, limits)
        table = file.read()
        columns = [column.to_pylist() for column in table.columns]
        return _records(table.column_names, zip(*columns, strict=True))
    except Unreadable:
        raise
    except Exception as fault:  # damaged pages, and times that Python has no value for
        raise unreadable("broken-data-file") from fault


def _record(fields: list[tuple[str, object]]) -> dict[str, object]:
    """A record with all that it says: of a field written twice the first value is not lost, but both
    are a list."""
    record = dict(fields)
    if len(record) < len(fields):
        for name in record:
            values = [value for field, value in fields if field == name]
            if any(value != values[0] for value in values):
                record[name] = values
    return record


def json_rows(text: str, limits: Limits) -> list[Row]:
    """The names that any record has, and a row per record; of what one lacks it says nothing.

    Raises:
        Unreadable: too many cells, or it is no list of records.
    """
    try:
        records = json.loads(text, parse_float=Decimal, object_pairs_hook=_record)
        header = list(dict.fromkeys(name for record in records for name in record))
        _check_cells(len(records), len(header), limits)
        lacking = ("" if not record else KEEP_STORED for record in records)
        rows = zip(records, lacking, strict=True)
        return _records(header, ([record.get(n, lack) for n in header] for record, lack in rows))
    except (ValueError, AttributeError, TypeError, ArithmeticError, RecursionError) as fault:
        raise unreadable("broken-data-file") from fault
