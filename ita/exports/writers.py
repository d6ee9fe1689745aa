"""Stored tables as files; what is written here, `import` reads back to the same store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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

FORMATS = ("csv", "xlsx", "parquet", "json")


class UnknownColumn(Exception):
    """A filter names a column that the table doesn't have, or a value that the column can't have;
    the text says which."""


@dataclass(frozen=True)
class ExportTable:
    """A table to be written. names: English aliases; labels: Thai headers; rows: values in the order of
    the names, which can be read once where they are streamed."""

    table: str
    names: tuple[str, ...]
    labels: tuple[str, ...]
    types: tuple[pa.DataType, ...]
    rows: Iterable[Row]

    @property
    def records(self) -> list[dict[str, Any]]:
        """One mapping per row, by alias."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


def load_export(
    cursor: Cursor,
    table: str,
    reference: Reference,
    where: Sequence[tuple[str, str]] = (),
    selection: Selection = EVERYTHING,
) -> ExportTable:
    """The rows of a table in the form of its import file, filtered by selection and COLUMN=VALUE.

    Columns may be named by alias or Thai header; all filters must hold; values are read as those of
    a file (๒๕๖๗, 67 and 2024 are the year 2567), days also as ISO.

    Raises:
        UnknownColumn: a filter names none of the table's columns, or what none can hold.
    """
    export = stream_export(cursor, table, reference, where, selection)
    return replace(export, rows=list(export.rows))


def stream_export(
    cursor: Cursor,
    table: str,
    reference: Reference,
    where: Sequence[tuple[str, str]] = (),
    selection: Selection = EVERYTHING,
) -> ExportTable:
    """The same, its rows read while they are written: once, and as long as the cursor is open.

    Raises:
        UnknownColumn: a filter names none of the table's columns.
    """
    table_columns = columns(table, reference, selection)
    export = _empty_export(table, table_columns)
    filters = [
        (index, _filter_texts(table_columns[index], value.strip(), cursor, reference))
        for name, value in where
        for index in [export.names.index(_alias(export, name))]
    ]
    rows = stored_rows(cursor, table, reference, selection)
    if filters:
        rows = (
            row
            for row in rows
            if all(not texts.isdisjoint((as_text(row[n]), _raw(row[n]))) for n, texts in filters)
        )
    if table != Dataset.SCORES:
        return replace(export, rows=rows)
    kept_rows = list(
        rows
    )  # eighty thousand in a whole nation's store: their figures decide the header
    shows_scale = _shows_scale(export.names, kept_rows, reference)
    return replace(export if shows_scale else mark_scale(export), rows=kept_rows)


def _empty_export(table: str, table_columns: Sequence[Column]) -> ExportTable:
    return ExportTable(
        table,
        tuple(column.name for column in table_columns),
        tuple(column.thai for column in table_columns),
        tuple(column.arrow for column in table_columns),
        (),
    )


def _shows_scale(names: Sequence[str], rows: Iterable[Row], reference: Reference) -> bool:
    """Whether an import would see from the figures alone that they are on 0–100."""
    part_by_column = {column.name: column.part for column in columns_of(Dataset.SCORES, reference)}
    parts = [(index, part) for index, name in enumerate(names) if (part := part_by_column[name])]
    year = names.index("fiscal_year")
    figures = (
        (
            {part: row[index] for index, part in parts if row[index] is not None},
            reference.rules(row[year]),
        )
        for row in rows
    )
    return detect_scale(figures) is Scale.PERCENT


def mark_scale(export: ExportTable) -> ExportTable:
    """The same, its instrument columns named "of 100"."""
    return _rename_headers(export, {i.lower(): percent_headers(i) for i in Instrument})


def _rename_headers(
    export: ExportTable, headers: Mapping[str, Sequence[str]], rows: Iterable[Row] | None = None
) -> ExportTable:
    """headers: by the name of a column its new Thai header and alias; the others keep theirs."""
    pairs = [
        headers.get(name, (label, name))
        for name, label in zip(export.names, export.labels, strict=True)
    ]
    return replace(
        export,
        names=tuple(alias for _label, alias in pairs),
        labels=tuple(label for label, _alias in pairs),
        rows=export.rows if rows is None else rows,
    )


# Rows after which a column whose figures were all small so far is marked without looking further.
MAX_FRACTION_ROWS = 100_000


def mark_fractions(export: ExportTable, reference: Reference) -> ExportTable:
    """The same; a column whose every figure lies within 0–1, so that an import would ask whether they
    are fractions, says in its header that it is of 100."""
    if export.table not in (Dataset.SCORES, Dataset.PROGRESS):
        return export
    headers = {c.name: c.hundred_headers for c in columns_of(Dataset(export.table), reference)}
    percent_columns = {index for index, name in enumerate(export.names) if headers.get(name)}
    fractions, rows = (
        _fractions_of_batches(export.rows.batches, percent_columns)
        if isinstance(export.rows, StoredRows | BatchRows)
        else _fractions_of_rows(export.rows, percent_columns)
    )
    names = [export.names[index] for index in fractions]
    return _rename_headers(export, {name: headers[name] for name in names}, rows)


def _fractions_of_rows(rows: Iterable[Row], small: set[int]) -> tuple[set[int], Iterable[Row]]:
    """Which of some columns hold nothing but 0–1, and more than zeros; and all rows, to be read once."""
    above_zero: set[int] = set()
    rest = iter(rows)
    seen: list[Row] = []
    for row in islice(rest, MAX_FRACTION_ROWS):
        seen.append(row)
        small = {index for index in small if row[index] is None or row[index] <= 1}
        above_zero |= {index for index in small if row[index]}
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
    while small and sum(batch.num_rows for batch in seen) < MAX_FRACTION_ROWS:
        batch = next(rest, None)
        if batch is None:
            break
        seen.append(batch)
        for index in tuple(small):
            ends = pc.min_max(batch.column(index)).as_py()
            if ends["max"] is not None and ends["max"] > 1:
                small = small - {index}
            elif ends["min"] or ends["max"]:
                above_zero.add(index)
    return small & above_zero, BatchRows(chain(seen, rest))


def _filter_texts(column: Column, value: str, cursor: Cursor, reference: Reference) -> set[str]:
    """The texts that a filter's value means: itself, and what an import would read it as. Of an agency,
    its id, by whatever name it is called.

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
        message = Problem(fault.kind, None, column.thai, value, fault.expected).message()
        raise UnknownColumn(message) from None
    return {value, as_text(_VALUE_LABELS.get((column.name, read), read))}


# What is exported in words: (column, stored value) → the words.
_VALUE_LABELS: Mapping[tuple[str, object], str] = {
    **{("type", code): label for code, label in TYPE_LABELS.items()},
    **{("part", code): label for code, label in PART_LABELS.items()},
}


def _alias(export: ExportTable, name: str) -> str:
    names = {**dict(zip(export.labels, export.names, strict=True)), **{n: n for n in export.names}}
    try:
        return names[name.strip()]
    except KeyError:
        raise UnknownColumn(
            _(
                "ตารางนี้ไม่มีคอลัมน์ {name} คอลัมน์ที่มีคือ {names}",
                name=name,
                names=", ".join(export.names),
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


def write_export(
    stream: IO[bytes], export: ExportTable, file_format: str, notes: Sequence[str] = ()
) -> None:
    """The rows as CSV, XLSX (Thai headers, for people) or Parquet, JSON (aliases, raw values), some at a
    time. notes: what the file says of itself, where its format has room for it beside the rows: XLSX and
    Parquet.

    Raises:
        TooManyRows: more than a sheet of a workbook holds.
    """
    WRITERS[file_format](stream, export, notes)


def _csv(stream: IO[bytes], export: ExportTable, notes: Sequence[str]) -> None:
    write_csv(stream, export)


def write_csv(sink: ByteSink, export: ExportTable) -> int:
    """The rows as CSV; gives their number."""
    if isinstance(export.rows, StoredRows | BatchRows):
        return write_csv_batches(sink, export.labels, export.rows.batches)
    has_days = "date" in export.names or export.table == "history"
    rows = map(_csv_row, export.rows) if has_days else export.rows
    return write_csv_rows(sink, export.labels, rows)


def _csv_row(row: Row) -> list[CellOrDate]:
    return [thai_date(value) if type(value) is date else _cell(value) for value in row]


def _cell(value: Any) -> CellOrDate:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return int(value) if isinstance(value, bool) else value


# Rows whose texts decide how wide a column is.
WIDTH_SAMPLE_ROWS = 200


def _xlsx(stream: IO[bytes], export: ExportTable, notes: Sequence[str]) -> None:
    rows = iter(export.rows)
    first = list(islice(rows, WIDTH_SAMPLE_ROWS))
    cells = ([_cell(value) for value in row] for row in chain(first, rows))
    truncation_note = _("ข้อความที่ยาวเกิน 32,767 อักขระถูกตัดในไฟล์นี้ ข้อความเต็มอยู่ในไฟล์แบบอื่น")
    widths = [_width(name, [row[n] for row in first]) for n, name in enumerate(export.labels)]
    write_xlsx(
        stream, _sheet_name(export.table), export.labels, cells, widths, notes, truncation_note
    )


def _sheet_name(table: str) -> str:
    """Thai in every language, as formulas may refer to it; "History" itself is refused by Excel."""
    return DATASET_LABELS[Dataset(table)] if table in tuple(Dataset) else "ประวัติการนำเข้า"


def _width(label: str, values: Sequence[Any]) -> int:
    longest = max((len(as_text(value)) for value in values), default=0)
    return min(50, max(10, 3 + len(label), 2 + longest))


PARQUET_BATCH_ROWS = 5_000


def _json(stream: IO[bytes], export: ExportTable, notes: Sequence[str]) -> None:
    """A list of records and nothing beside it, which is what `import` and other programs read."""
    opening = "["
    for row in export.rows:
        record = dict(zip(export.names, row, strict=True))
        text = json.dumps(record, ensure_ascii=False, default=_json_value)
        stream.write(f"{opening}\n{text}".encode())
        opening = ","
    stream.write(b"[]" if opening == "[" else b"\n]")


def _json_value(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else str(value)


NOTES_KEY = b"ita.about"


def _parquet(stream: IO[bytes], export: ExportTable, notes: Sequence[str]) -> None:
    fields = zip(export.names, export.types, strict=True)
    schema = pa.schema([pa.field(name, _parquet_type(name, kind)) for name, kind in fields])
    if notes:
        schema = schema.with_metadata({NOTES_KEY: "\n".join(notes).encode()})
    batches = (
        (
            pa.record_batch(_cast(batch.columns, schema), schema=schema)
            for batch in export.rows.batches
        )
        if isinstance(export.rows, StoredRows | BatchRows)
        else _record_batches(export.rows, schema)
    )
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch, row_group_size=PARQUET_BATCH_ROWS)


def _cast(columns: Iterable[pa.Array], schema: pa.Schema) -> list[pa.Array]:
    return [column.cast(field.type) for column, field in zip(columns, schema, strict=True)]


def _record_batches(rows: Iterable[Row], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    remaining = iter(rows)
    while block := list(islice(remaining, PARQUET_BATCH_ROWS)):
        values = zip(*block, strict=True)
        arrays = [pa.array(v, field.type) for v, field in zip(values, schema, strict=True)]
        yield pa.record_batch(arrays, schema=schema)


def _parquet_type(name: str, kind: pa.DataType) -> pa.DataType:
    return pa.date32() if name == "date" else kind


WRITERS: Mapping[str, Callable[[IO[bytes], ExportTable, Sequence[str]], None]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "parquet": _parquet,
    "json": _json,
}


def load_first_rows(
    cursor: Cursor, table: str, reference: Reference, selection: Selection, limit: int
) -> ExportTable:
    """The first rows of a selection, as a preview."""
    rows = stored_rows(cursor, table, reference, selection, limit)
    return replace(_empty_export(table, columns(table, reference, selection)), rows=list(rows))
