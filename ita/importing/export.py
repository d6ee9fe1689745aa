"""Stored tables as files; what is written here, `import` reads back to the same store."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ita.importing.cells import PART_LABELS, TYPE_LABELS
from ita.importing.kinds import Column, Kind, columns_of, percent_headers
from ita.importing.saving import TABLE_OF
from ita.reference import Reference
from ita.scores.totals import scale_of
from ita.spreadsheet import Cell, csv_bytes, xlsx_bytes
from ita.store import Cursor
from ita.store.batches import Batch, batches
from ita.store.tables import TABLES as STORED
from ita.vocabulary import Instrument, Scale
from ita.wording import say, thai_date

FORMATS = ("csv", "xlsx", "parquet", "json")
TABLES = (*(kind.value for kind in Kind), "history")
RESULT = STORED["annual_result"]
ORDER = {
    Kind.AGENCIES: "agency_id",
    Kind.MEASURES: "agency_id, fiscal_year, instrument, seq",
    Kind.PROGRESS: "agency_id, fiscal_year, quarter, instrument, seq",
    Kind.NARRATIVE: "agency_id, fiscal_year, instrument, type, seq",
    Kind.ANNOTATIONS: "agency_id, day",
}


class UnknownColumn(Exception):
    """A filter names a column that the table doesn't have; the text lists those it has."""


@dataclass(frozen=True)
class Exported:
    """names: English aliases; labels: Thai headers; records: one mapping per row, by alias."""

    table: str
    names: tuple[str, ...]
    labels: tuple[str, ...]
    records: list[dict[str, Any]]


def exported(
    cursor: Cursor, table: str, reference: Reference, where: Sequence[tuple[str, str]] = ()
) -> Exported:
    """The rows of a table in the form of its import file, filtered by COLUMN=VALUE.

    Columns may be named by alias or Thai header; all filters must hold; values compare as text,
    days also as ISO.

    Raises:
        UnknownColumn: a filter names none of the table's columns.
    """
    found = _history(cursor) if table == "history" else _of_kind(cursor, Kind(table), reference)
    wanted = [(_alias(found, name), value) for name, value in where]
    records = [
        record
        for record in found.records
        if all(value.strip() in (as_text(record[n]), _raw(record[n])) for n, value in wanted)
    ]
    kept = Exported(found.table, found.names, found.labels, records)
    return _with_scale(kept, reference) if table == Kind.SCORES else kept


def _with_scale(found: Exported, reference: Reference) -> Exported:
    """The same, its instrument columns named "of 100" where the figures alone would not say so."""
    names = {
        column.part: column.name for column in columns_of(Kind.SCORES, reference) if column.part
    }
    rows = (
        (
            {p: record[n] for p, n in names.items() if record[n] is not None},
            reference.rules(record["fiscal_year"]),
        )
        for record in found.records
    )
    if scale_of(rows) is Scale.PERCENT:
        return found
    said = {i.lower(): percent_headers(i) for i in Instrument}
    aliases = {name: said[name][1] if name in said else name for name in found.names}
    labels = tuple(
        said[name][0] if name in said else label
        for name, label in zip(found.names, found.labels, strict=True)
    )
    records = [{aliases[name]: value for name, value in r.items()} for r in found.records]
    return Exported(found.table, tuple(aliases.values()), labels, records)


def _alias(found: Exported, name: str) -> str:
    names = {**dict(zip(found.labels, found.names, strict=True)), **{n: n for n in found.names}}
    try:
        return names[name.strip()]
    except KeyError:
        raise UnknownColumn(
            say(
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


def _history(cursor: Cursor) -> Exported:
    names = tuple(field.name for field in fields(Batch))
    return Exported("history", names, names, [vars(batch) for batch in batches(cursor)])


def _of_kind(cursor: Cursor, kind: Kind, reference: Reference) -> Exported:
    columns = columns_of(kind, reference)
    records = _score_records(cursor, columns) if kind is Kind.SCORES else _records(cursor, kind)
    if kind is Kind.NARRATIVE:
        for record in records:
            record["type"] = TYPE_LABELS[record["type"]]
            record["seq"] = record["seq"] or None
    elif kind is Kind.ANNOTATIONS:
        for record in records:
            record["date"] = date.fromisoformat(record["day"])
            record["part"] = PART_LABELS.get(record["part"], record["part"])
    names = tuple(column.name for column in columns)
    rows = [{name: record.get(name) for name in names} for record in records]
    return Exported(kind.value, names, tuple(column.thai for column in columns), rows)


def _dicts(cursor: Cursor) -> list[dict[str, Any]]:
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _records(cursor: Cursor, kind: Kind) -> list[dict[str, Any]]:
    cursor.execute(f"SELECT * FROM {TABLE_OF[kind]} ORDER BY {ORDER[kind]}")
    records = _dicts(cursor)
    if kind is not Kind.AGENCIES:
        for record in records:
            record["agency"] = record.pop("agency_id")
    return records


def _score_records(cursor: Cursor, columns: Sequence[Column]) -> list[dict[str, Any]]:
    names = {column.part: column.name for column in columns if column.part}
    cursor.execute(
        f"SELECT agency_id AS agency, {', '.join(('fiscal_year', *RESULT.values))} "
        f"FROM {RESULT.name} "
        "ORDER BY agency_id, fiscal_year"
    )
    records = {(r["agency"], r["fiscal_year"]): r for r in _dicts(cursor)}
    for agency, year, part, value in cursor.execute(
        "SELECT agency_id, fiscal_year, part, value FROM score"
    ).fetchall():
        if part in names:
            records[agency, year][names[part]] = value
    return list(records.values())


def written(found: Exported, file_format: str, notes: Sequence[str] = ()) -> bytes:
    """The rows as CSV, XLSX (Thai headers, for people) or Parquet, JSON (aliases, raw values)."""
    if file_format == "csv":
        return csv_bytes(found.labels, _rows(found))
    if file_format == "xlsx":
        widths = [_width(found, name) for name in found.names]
        return xlsx_bytes(found.table, found.labels, _rows(found), widths, notes)
    if file_format == "json":
        return json.dumps(found.records, ensure_ascii=False, indent=1, default=_json_value).encode()
    return _parquet(found)


def _rows(found: Exported) -> list[list[Cell]]:
    return [[_cell(record[name]) for name in found.names] for record in found.records]


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return value if value is None or isinstance(value, int | float | Decimal) else as_text(value)


def _width(found: Exported, name: str) -> int:
    longest = max((len(as_text(record[name])) for record in found.records[:200]), default=0)
    return min(50, max(10, longest + 2))


def _json_value(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else str(value)


def _parquet(found: Exported) -> bytes:
    columns: Mapping[str, list[Any]] = {
        name: [record[name] for record in found.records] for name in found.names
    }
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()
