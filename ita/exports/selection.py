"""Which rows of which table, and the query that reads them in the form of their import file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from ita.domain import FiscalYear, Instrument
from ita.imports.cells import PART_LABELS, TYPE_LABELS
from ita.imports.datasets import (
    AGENCY_SHOWN,
    HISTORY,
    MEASURE_SHOWN,
    STORED_NAMES,
    TABLE_OF,
    Column,
    Dataset,
    columns_of,
)
from ita.reference import Reference
from ita.store import Cursor, one_value
from ita.store.batches import Batch, list_batches
from ita.store.tables import TABLES as STORED

if TYPE_CHECKING:  # every page would load it at the server's start
    import pyarrow as pa

Row = tuple[Any, ...]
# Every table, in the order in which files are imported; the history last.
TABLES = (*(kind.value for kind in Dataset), "history")
RESULT = STORED[TABLE_OF[Dataset.SCORES]]
FETCH_ROWS = 5_000
BATCH_ROWS = 10_000


@dataclass(frozen=True)
class Selection:
    """A filter of rows. agency: None = every one; years: the first and the last, None = all; instruments,
    quarters: empty = all. What a table doesn't have is ignored."""

    agency: str | None = None
    years: tuple[FiscalYear, FiscalYear] | None = None
    instruments: tuple[Instrument, ...] = ()
    quarters: tuple[int, ...] = ()


EVERYTHING = Selection()


SHOWN_COLUMNS = {Dataset.PROGRESS: (MEASURE_SHOWN, AGENCY_SHOWN)}
"""At the end of one agency's file, which people read: what its numbers mean. A nation's is read by programs,
and three times as large with them."""


def columns(
    table: str, reference: Reference, selection: Selection = EVERYTHING
) -> tuple[Column, ...]:
    """The columns that a table has in files of a selection."""
    if table == "history":
        return HISTORY
    kind = Dataset(table)
    shown = SHOWN_COLUMNS.get(kind, ()) if selection.agency is not None else ()
    return (*columns_of(kind, reference), *shown)


def has_column(table: str, name: str, reference: Reference) -> bool:
    return any(column.name == name for column in columns(table, reference))


class BatchRows:
    """Rows as Arrow has them: one by one, or as columns. They can be read again where the batches are a
    list."""

    def __init__(self, batches: Iterable[pa.RecordBatch]) -> None:
        self.batches = batches

    def __iter__(self) -> Iterator[Row]:
        for batch in self.batches:
            for start in range(0, batch.num_rows, FETCH_ROWS):
                columns = batch.slice(start, FETCH_ROWS).columns
                yield from zip(*(column.to_pylist() for column in columns), strict=True)


class StoredRows:
    """A query's rows, which can be read once: one by one, or as columns."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def __iter__(self) -> Iterator[Row]:
        while block := self._cursor.fetchmany(FETCH_ROWS):
            yield from block

    @property
    def batches(self) -> pa.RecordBatchReader:
        return self._cursor.to_arrow_reader(BATCH_ROWS)


def stored_rows(
    cursor: Cursor,
    table: str,
    reference: Reference,
    selection: Selection,
    limit: int | None = None,
) -> Iterable[Row]:
    """The rows in the order of their key, at most `limit`, read one by one. `StoredRows` where each is as
    it is stored."""
    if table == "history":
        names = tuple(field.name for field in fields(Batch))
        return ((*(getattr(b, n) for n in names),) for b in list_batches(cursor)[:limit])
    kind = Dataset(table)
    query, values = _query(kind, reference, selection)
    cursor.execute(query if limit is None else f"{query} LIMIT {limit}", values)
    rows = StoredRows(cursor)
    return map(_with_day, rows) if kind is Dataset.ANNOTATIONS else rows


def _with_day(row: Row) -> Row:
    return (date.fromisoformat(row[0]), *row[1:])


def _query(kind: Dataset, reference: Reference, selection: Selection) -> tuple[str, dict[str, Any]]:
    name = TABLE_OF[kind]
    where, values = conditions(name, selection)
    if kind is Dataset.SCORES:
        return _score_query(reference, where, values)
    file_columns = columns(kind, reference, selection)
    expressions = ", ".join(_expression(kind, c.name) for c in file_columns)
    key = ", ".join(STORED[name].key)
    query = f"SELECT {expressions} FROM {name} AS t{where} ORDER BY {key}"
    return query, {**values, **_labels(kind)}


def _expression(kind: Dataset, name: str) -> str:
    """A column of a file out of the stored one, in words where the file has words."""
    if name == MEASURE_SHOWN.name:
        return (
            "(SELECT m.measure FROM measure AS m WHERE m.agency_id = t.agency_id "
            "AND m.fiscal_year = t.fiscal_year AND m.instrument = t.instrument "
            f"AND m.seq = t.seq) AS {name}"
        )
    if name == AGENCY_SHOWN.name:
        return f"(SELECT a.name_th FROM agency AS a WHERE a.agency_id = t.agency_id) AS {name}"
    if (kind, name) == (Dataset.NARRATIVE, "type"):
        cases = " ".join(f"WHEN '{code}' THEN $type_{code}" for code in TYPE_LABELS)
        return f"CASE type {cases} END AS type_label"
    if (kind, name) == (Dataset.NARRATIVE, "seq"):
        return "NULLIF(seq, 0) AS seq_or_null"
    if (kind, name) == (Dataset.ANNOTATIONS, "part"):
        cases = " ".join(f"WHEN '{part}' THEN $part_{part}" for part in PART_LABELS)
        return f"CASE part {cases} ELSE part END AS part_label"
    return STORED_NAMES.get(name, name)


def _labels(kind: Dataset) -> dict[str, Any]:
    if kind is Dataset.NARRATIVE:
        return {f"type_{code}": label for code, label in TYPE_LABELS.items()}
    if kind is Dataset.ANNOTATIONS:
        return {f"part_{part}": label for part, label in PART_LABELS.items()}
    return {}


def conditions(name: str, selection: Selection) -> tuple[str, dict[str, Any]]:
    """The WHERE of a selection in a stored table, and its values."""
    tests: list[str] = []
    values: dict[str, Any] = {}
    key = STORED[name].key
    if selection.agency is not None:
        tests.append("t.agency_id = $agency")
        values["agency"] = selection.agency
    if selection.years:
        first, last = selection.years
        if "fiscal_year" in key:
            tests.append("t.fiscal_year BETWEEN $first AND $last")
            values |= {"first": int(first), "last": int(last)}
        elif "day" in key:
            tests.append("t.day BETWEEN $first AND $last")
            values |= {"first": first.first_day.isoformat(), "last": last.last_day.isoformat()}
    if "instrument" in key:
        _one_of(tests, values, "instrument", [i.value for i in selection.instruments])
    if "quarter" in key:
        _one_of(tests, values, "quarter", list(selection.quarters))
    return (f" WHERE {' AND '.join(tests)}" if tests else ""), values


def _one_of(tests: list[str], values: dict[str, Any], column: str, choices: list[Any]) -> None:
    if choices:
        names = [f"{column}_{number}" for number in range(len(choices))]
        tests.append(f"t.{column} IN ({', '.join(f'${name}' for name in names)})")
        values |= dict(zip(names, choices, strict=True))


def _score_query(
    reference: Reference, where: str, values: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """A row per agency and year, its parts beside each other."""
    score_columns = columns_of(Dataset.SCORES, reference)
    parts = {f"part_{column.name}": column.part for column in score_columns if column.part}
    pivoted = ", ".join(
        f"max(CASE WHEN t.part = ${name} THEN t.value END) AS {name}" for name in parts
    )
    expressions = ", ".join(
        f"s.part_{column.name} AS {column.name}"
        if column.part
        else f"t.{STORED_NAMES.get(column.name, column.name)}"
        for column in score_columns
    )
    return (
        f"SELECT {expressions} FROM {RESULT.name} AS t LEFT JOIN "
        f"(SELECT t.agency_id, t.fiscal_year, {pivoted} FROM score AS t{where} "
        "GROUP BY t.agency_id, t.fiscal_year) AS s "
        "ON s.agency_id = t.agency_id AND s.fiscal_year = t.fiscal_year"
        f"{where} ORDER BY t.agency_id, t.fiscal_year",
        {**values, **parts},
    )


def count_rows(cursor: Cursor, table: str, selection: Selection) -> int:
    """How many rows a selection has."""
    if table == "history":
        return one_value(cursor, "SELECT count(*) FROM batch")
    name = TABLE_OF[Dataset(table)]
    where, values = conditions(name, selection)
    return one_value(cursor, f"SELECT count(*) FROM {name} AS t{where}", **values)


def years_of(cursor: Cursor, table: str, agency: str | None) -> tuple[FiscalYear, ...]:
    """The fiscal years in which a table has rows, of one agency or of all; () where it has no years."""
    if table == "history":
        return ()
    name = TABLE_OF[Dataset(table)]
    key = STORED[name].key
    column = next((c for c in ("fiscal_year", "day") if c in key), None)
    if column is None:
        return ()
    where, values = conditions(name, Selection(agency))
    rows = cursor.execute(f"SELECT DISTINCT t.{column} FROM {name} AS t{where}", values).fetchall()
    years = {
        FiscalYear(value)
        if column == "fiscal_year"
        else FiscalYear.containing(date.fromisoformat(value))
        for (value,) in rows
    }
    return tuple(sorted(years))
