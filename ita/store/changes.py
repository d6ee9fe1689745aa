"""Rows into the current tables, each with its before and after in the change log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from ita.store import Cursor
from ita.store.tables import TABLES, Table


@contextmanager
def _incoming(cursor: Cursor, rows: pa.Table) -> Iterator[None]:
    cursor.register("incoming", rows)
    try:
        yield
    finally:
        cursor.unregister("incoming")


def _brought(table: Table, rows: pa.Table) -> tuple[str, ...]:
    """The value columns that a file brought; the others stay as they are stored."""
    return tuple(name for name in table.values if name in rows.column_names)


def _same_key(table: Table) -> str:
    return " AND ".join(f"current.{name} = incoming.{name}" for name in table.key)


def _differs(table: Table, brought: Sequence[str]) -> str:
    differs = (f"current.{name} IS DISTINCT FROM incoming.{name}" for name in brought)
    return " OR ".join(differs) or "FALSE"


def _merged(table: Table, rows: pa.Table, name: str) -> str:
    """A column as it will be: from the file where it brings it, else as stored."""
    if name in rows.column_names:
        return f"incoming.{name}"
    if name == table.presence and table.presence_default is not None:
        return f"coalesce(current.{name}, '{table.presence_default}')"
    return f"current.{name}"


@dataclass(frozen=True)
class Difference:
    """What a file would do to one table.

    frame: one row per differing row, its key columns, then `old_…` and `new_…` of each value column
    that the file brought, and `is_new`. same: how many rows stay as they are.
    """

    table: Table
    brought: tuple[str, ...]
    frame: pd.DataFrame
    same: int


def difference(cursor: Cursor, table_name: str, rows: pa.Table) -> Difference:
    """Compare incoming rows with the store; nothing is written. Rows without presence are removals."""
    table = TABLES[table_name]
    brought = _brought(table, rows)
    picked = ", ".join(
        [f"incoming.{name} AS {name}" for name in table.key]
        + [f"current.{name} AS old_{name}, incoming.{name} AS new_{name}" for name in brought]
    )
    exists = f"current.{table.key[0]} IS NOT NULL"
    with _incoming(cursor, rows):
        frame = cursor.execute(
            f"SELECT {picked}, NOT ({exists}) AS is_new "
            f"FROM incoming LEFT JOIN {table.name} AS current ON {_same_key(table)} "
            f"WHERE ({exists} AND ({_differs(table, brought)})) "
            f"OR (NOT ({exists}) AND {_merged(table, rows, table.presence)} IS NOT NULL) "
            f"ORDER BY {', '.join(table.key)}"
        ).df()
    removed_never_there = 0
    if table.presence in rows.column_names:
        removed_never_there = rows.column(table.presence).null_count - int(
            (frame[f"new_{table.presence}"].isna()).sum()
        )
    return Difference(table, brought, frame, rows.num_rows - len(frame) - removed_never_there)


def json_of_row(table: Table, alias: str) -> str:
    """SQL for a row as JSON text; the change log keeps rows in this form."""
    fields = ", ".join(f"{name} := {alias}.{name}" for name in table.columns)
    return f"CAST(to_json(struct_pack({fields})) AS VARCHAR)"


def key_of_row(table: Table, alias: str) -> str:
    """SQL for a row's key as JSON text; the change log finds rows by it."""
    return f"CAST(json_array({', '.join(f'{alias}.{name}' for name in table.key)}) AS VARCHAR)"


def apply(cursor: Cursor, batch_id: int, table_name: str, rows: pa.Table) -> None:
    """Bring rows into a current table inside the caller's transaction, with their history.

    rows: the key columns and any of the value columns, one row per key. A row whose presence
    column is null is removed. Only rows that differ are touched and logged.
    """
    table = TABLES[table_name]
    brought = _brought(table, rows)
    if not rows.num_rows:
        return
    merged = ", ".join(f"{_merged(table, rows, name)} AS {name}" for name in table.columns)
    with _incoming(cursor, rows):
        cursor.execute(
            f"CREATE OR REPLACE TEMP TABLE pending AS "
            f"SELECT {merged}, "
            f"CASE WHEN current.{table.key[0]} IS NOT NULL THEN {json_of_row(table, 'current')} END "
            f"AS before_row "
            f"FROM incoming LEFT JOIN {table.name} AS current ON {_same_key(table)} "
            f"WHERE current.{table.key[0]} IS NULL OR {_differs(table, brought)}"
        )
    present = f"pending.{table.presence} IS NOT NULL"
    cursor.execute(
        f"INSERT INTO change SELECT $batch_id, $table_name, {key_of_row(table, 'pending')}, before_row, "
        f"CASE WHEN {present} THEN {json_of_row(table, 'pending')} END "
        f"FROM pending WHERE {present} OR before_row IS NOT NULL",
        {"batch_id": batch_id, "table_name": table.name},
    )
    columns = ", ".join(table.columns)
    updates = ", ".join(f"{name} = excluded.{name}" for name in table.values)
    cursor.execute(
        f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM pending WHERE {present} "
        f"ON CONFLICT ({', '.join(table.key)}) DO UPDATE SET {updates}"
    )
    cursor.execute(
        f"DELETE FROM {table.name} AS current USING pending WHERE "
        f"{' AND '.join(f'current.{n} = pending.{n}' for n in table.key)} "
        f"AND pending.{table.presence} IS NULL"
    )
    cursor.execute("DROP TABLE pending")


def rows_before(cursor: Cursor, batch_id: int, table_name: str) -> pa.Table:
    """The rows of a table as they were before a batch; those it made come without values."""
    table = TABLES[table_name]
    described = cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_name = $table_name",
        {"table_name": table.name},
    )
    types = dict(described.fetchall())
    picked = ", ".join(
        f"CAST(json_extract_string({'row_key' if name in table.key else 'before_row'}, "
        f"'{_path(table, name)}') AS {types[name]}) AS {name}"
        for name in table.columns
    )
    return cursor.execute(
        f"SELECT {picked} FROM change WHERE batch_id = $batch_id AND table_name = $table_name",
        {"batch_id": batch_id, "table_name": table.name},
    ).to_arrow_table()


def _path(table: Table, name: str) -> str:
    return f"$[{table.key.index(name)}]" if name in table.key else f"$.{name}"
