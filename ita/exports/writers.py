"""Stored tables as files; what is written here, `import` reads back to the same store."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ita.domain import Instrument, Scale
from ita.exports.selection import (
    EVERYTHING,
    TABLES,
    BatchRows,
    Row,
    Selection,
    StoredRows,
    columns,
    stored_rows,
)
from ita.formatting import thai_date
from ita.i18n import _
from ita.imports.agencies import directory
from ita.imports.cells import PART_LABELS, TYPE_LABELS, CellError, is_missing
from ita.imports.datasets import DATASET_LABELS, Column, Dataset, columns_of, percent_headers
from ita.imports.problems import Problem
from ita.reference import Reference
from ita.scores.totals import detect_scale
from ita.store import Cursor
from ita.tables import ByteSink, CellOrDate, write_csv_rows, write_xlsx
from ita.tables.csv_batches import write_csv_batches

__all__ = [
    "FORMATS",
    "TABLES",
    "Exported",
    "UnknownColumn",
    "as_text",
    "exported",
    "first_records",
    "streamed",
    "with_marked_fractions",
    "with_scale",
    "write",
    "write_csv",
    "written",
]
FORMATS = ("csv", "xlsx", "parquet", "json")


class UnknownColumn(Exception):
    """A filter names a column that the table doesn't have, or a value that the column can't have;
    the text says which."""


@dataclass(frozen=True)
class Exported:
    """A table on its way out. names: English aliases; labels: Thai headers; rows: values in the
    order of the names, to be had once where they are streamed."""

    table: str
    names: tuple[str, ...]
    labels: tuple[str, ...]
    types: tuple[pa.DataType, ...]
    rows: Iterable[Row]

    @property
    def records(self) -> list[dict[str, Any]]:
        """One mapping per row, by alias."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


def exported(
    cursor: Cursor,
    table: str,
    reference: Reference,
    where: Sequence[tuple[str, str]] = (),
    selection: Selection = EVERYTHING,
) -> Exported:
    """The rows of a table in the form of its import file, filtered by selection and COLUMN=VALUE.

    Columns may be named by alias or Thai header; all filters must hold; values are read as those of
    a file (๒๕๖๗, 67 and 2024 are the year 2567), days also as ISO.

    Raises:
        UnknownColumn: a filter names none of the table's columns, or what none can hold.
    """
    found = streamed(cursor, table, reference, where, selection)
    return replace(found, rows=list(found.rows))


def streamed(
    cursor: Cursor,
    table: str,
    reference: Reference,
    where: Sequence[tuple[str, str]] = (),
    selection: Selection = EVERYTHING,
) -> Exported:
    """The same, its rows read while they are written: once, and as long as the cursor is open.

    Raises:
        UnknownColumn: a filter names none of the table's columns.
    """
    of_table = columns(table, reference)
    found = _headed(table, of_table)
    wanted = [
        (place, _wanted(of_table[place], value.strip(), cursor, reference))
        for name, value in where
        for place in [found.names.index(_alias(found, name))]
    ]
    rows = stored_rows(cursor, table, reference, selection)
    if wanted:
        rows = (
            row
            for row in rows
            if all(not v.isdisjoint((as_text(row[n]), _raw(row[n]))) for n, v in wanted)
        )
    if table != Dataset.SCORES:
        return replace(found, rows=rows)
    kept = list(rows)  # eighty thousand in a whole nation's store: what they say decides the header
    tells = _tells_its_scale(found.names, kept, reference)
    return replace(found if tells else with_scale(found), rows=kept)


def _headed(table: str, of_table: Sequence[Column]) -> Exported:
    return Exported(
        table,
        tuple(column.name for column in of_table),
        tuple(column.thai for column in of_table),
        tuple(column.arrow for column in of_table),
        (),
    )


def _tells_its_scale(names: Sequence[str], rows: Iterable[Row], reference: Reference) -> bool:
    """Whether an import would see from the figures alone that they are on 0–100."""
    parts = {column.name: column.part for column in columns_of(Dataset.SCORES, reference)}
    places = [(place, part) for place, name in enumerate(names) if (part := parts[name])]
    year = names.index("fiscal_year")
    figures = (
        (
            {part: row[place] for place, part in places if row[place] is not None},
            reference.rules(row[year]),
        )
        for row in rows
    )
    return detect_scale(figures) is Scale.PERCENT


def with_scale(found: Exported) -> Exported:
    """The same, its instrument columns named "of 100"."""
    said = {i.lower(): percent_headers(i) for i in Instrument}
    pairs = zip(found.names, found.labels, strict=True)
    both = [(said[n][1], said[n][0]) if n in said else (n, label) for n, label in pairs]
    return replace(
        found,
        names=tuple(name for name, _unused in both),
        labels=tuple(label for _unused, label in both),
    )


LOOKED_AT = 100_000
"""Rows beyond which a column whose figures were all small so far is marked without looking further."""


def with_marked_fractions(found: Exported, reference: Reference) -> Exported:
    """The same; a column whose every figure lies within 0–1, so that an import would ask whether they
    are fractions, says in its header that it is of 100."""
    if found.table not in (Dataset.SCORES, Dataset.PROGRESS):
        return found
    headers = {c.name: c.hundred_headers for c in columns_of(Dataset(found.table), reference)}
    small = {place for place, name in enumerate(found.names) if headers.get(name)}
    fractions, rows = (
        _fractions_of_batches(found.rows.batches, small)
        if isinstance(found.rows, StoredRows | BatchRows)
        else _fractions_of_rows(found.rows, small)
    )
    marked = {found.names[place]: headers[found.names[place]] for place in fractions}
    pairs = zip(found.names, found.labels, strict=True)
    both = [(marked[n][1], marked[n][0]) if n in marked else (n, label) for n, label in pairs]
    return replace(
        found,
        names=tuple(name for name, _unused in both),
        labels=tuple(label for _unused, label in both),
        rows=rows,
    )


def _fractions_of_rows(rows: Iterable[Row], small: set[int]) -> tuple[set[int], Iterable[Row]]:
    """Which of some columns hold nothing but 0–1, and more than zeros; and all the rows, to be had once."""
    above_zero: set[int] = set()
    rest = iter(rows)
    seen: list[Row] = []
    for row in islice(rest, LOOKED_AT):
        seen.append(row)
        small = {place for place in small if row[place] is None or row[place] <= 1}
        above_zero |= {place for place in small if row[place]}
        if not small:
            break
    return small & above_zero, chain(seen, rest)


def _fractions_of_batches(
    batches: Iterable[pa.RecordBatch], small: set[int]
) -> tuple[set[int], BatchRows]:
    """The same of rows by column."""
    above_zero: set[int] = set()
    rest = iter(batches)
    seen: list[pa.RecordBatch] = []
    while small and sum(batch.num_rows for batch in seen) < LOOKED_AT:
        batch = next(rest, None)
        if batch is None:
            break
        seen.append(batch)
        for place in tuple(small):
            ends = pc.min_max(batch.column(place)).as_py()
            if ends["max"] is not None and ends["max"] > 1:
                small = small - {place}
            elif ends["min"] or ends["max"]:
                above_zero.add(place)
    return small & above_zero, BatchRows(chain(seen, rest))


def _wanted(column: Column, value: str, cursor: Cursor, reference: Reference) -> set[str]:
    """The texts that a filter means: what it says, and what a file that says so would be read as. Of an
    agency, its id, by whatever name it is called.

    Raises:
        UnknownColumn: no cell of the column can hold it.
    """
    if is_missing(value):
        return {value, ""}
    try:
        if column.name in ("agency", "agency_id"):
            return {directory(cursor, reference).find(value)}
        read = column.read(value)
    except CellError as fault:
        told = Problem(fault.kind, None, column.thai, value, fault.expected).message()
        raise UnknownColumn(told) from None
    return {value, as_text(_SAID.get((column.name, read), read))}


_SAID: Mapping[tuple[str, object], str] = {
    **{("type", code): label for code, label in TYPE_LABELS.items()},
    **{("part", code): label for code, label in PART_LABELS.items()},
}
"""What is exported in words: (column, stored value) → the words."""


def _alias(found: Exported, name: str) -> str:
    names = {**dict(zip(found.labels, found.names, strict=True)), **{n: n for n in found.names}}
    try:
        return names[name.strip()]
    except KeyError:
        raise UnknownColumn(
            _(
                "ตารางนี้ไม่มีคอลัมน์ {name} คอลัมน์ที่มีคือ {names}",
                name=name,
                names=", ".join(found.names),
            )
        ) from None


def as_text(value: Any) -> str:
    """A stored value as a person types it; nothing for a missing one."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return thai_date(value) if type(value) is date else str(value)


def _raw(value: Any) -> str:
    return value.isoformat() if type(value) is date else as_text(value)


def written(found: Exported, file_format: str, notes: Sequence[str] = ()) -> bytes:
    """The rows as CSV, XLSX (Thai headers, for people) or Parquet, JSON (aliases, raw values).

    Raises:
        TooManyRows: more than a sheet of a workbook holds.
    """
    stream = io.BytesIO()
    write(stream, found, file_format, notes)
    return stream.getvalue()


def write(stream: IO[bytes], found: Exported, file_format: str, notes: Sequence[str] = ()) -> None:
    """The same into a stream, some rows at a time. notes: what the file says of itself, where its
    format has room for it beside the rows: XLSX and Parquet."""
    WRITERS[file_format](stream, found, notes)


def _csv(stream: IO[bytes], found: Exported, notes: Sequence[str]) -> None:
    write_csv(stream, found)


def write_csv(sink: ByteSink, found: Exported) -> int:
    """The rows as CSV; gives their number."""
    if isinstance(found.rows, StoredRows | BatchRows):
        return write_csv_batches(sink, found.labels, found.rows.batches)
    has_days = "date" in found.names or found.table == "history"
    rows = map(_csv_row, found.rows) if has_days else found.rows
    return write_csv_rows(sink, found.labels, rows)


def _csv_row(row: Row) -> list[CellOrDate]:
    return [thai_date(value) if type(value) is date else _cell(value) for value in row]


def _cell(value: Any) -> CellOrDate:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return int(value) if isinstance(value, bool) else value


MEASURED_ROWS = 200
"""Rows whose texts decide how wide a column is."""


def _xlsx(stream: IO[bytes], found: Exported, notes: Sequence[str]) -> None:
    rows = iter(found.rows)
    first = list(islice(rows, MEASURED_ROWS))
    cells = ([_cell(value) for value in row] for row in chain(first, rows))
    cut = _("ข้อความที่ยาวเกิน 32,767 อักขระถูกตัดในแฟ้มนี้ ข้อความเต็มอยู่ในแฟ้มแบบอื่น")
    widths = [_width(name, [row[n] for row in first]) for n, name in enumerate(found.labels)]
    write_xlsx(stream, _sheet_name(found.table), found.labels, cells, widths, notes, cut)


def _sheet_name(table: str) -> str:
    """Thai in every language, as formulas may refer to it; "History" itself is refused by Excel."""
    return DATASET_LABELS[Dataset(table)] if table in tuple(Dataset) else "ประวัติการนำเข้า"


def _width(label: str, values: Sequence[Any]) -> int:
    longest = max((len(as_text(value)) for value in values), default=0)
    return min(50, max(10, 3 + len(label), 2 + longest))


RECORDS_AT_ONCE = 5_000


def _json(stream: IO[bytes], found: Exported, notes: Sequence[str]) -> None:
    """A list of records and nothing beside it, which is what `import` and other programs read."""
    opening = "["
    for row in found.rows:
        record = dict(zip(found.names, row, strict=True))
        text = json.dumps(record, ensure_ascii=False, default=_json_value)
        stream.write(f"{opening}\n{text}".encode())
        opening = ","
    stream.write(b"[]" if opening == "[" else b"\n]")


def _json_value(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else str(value)


NOTES_KEY = b"ita.about"


def _parquet(stream: IO[bytes], found: Exported, notes: Sequence[str]) -> None:
    fields = zip(found.names, found.types, strict=True)
    schema = pa.schema([pa.field(name, _parquet_type(name, kind)) for name, kind in fields])
    if notes:
        schema = schema.with_metadata({NOTES_KEY: "\n".join(notes).encode()})
    rows = iter(found.rows)
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        while block := list(islice(rows, RECORDS_AT_ONCE)):
            values = zip(*block, strict=True)
            arrays = [pa.array(v, f.type) for v, f in zip(values, schema, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def _parquet_type(name: str, kind: pa.DataType) -> pa.DataType:
    return pa.date32() if name == "date" else kind


WRITERS: Mapping[str, Callable[[IO[bytes], Exported, Sequence[str]], None]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "parquet": _parquet,
    "json": _json,
}


def first_records(
    cursor: Cursor, table: str, reference: Reference, selection: Selection, most: int
) -> Exported:
    """The first rows of a selection, for a look."""
    found = _headed(table, columns(table, reference))
    rows = stored_rows(cursor, table, reference, selection, most)
    return replace(found, rows=list(rows))
