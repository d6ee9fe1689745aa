"""Rows into the current tables, each with its before and after in the change log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ita.store import Cursor
from ita.store.tables import TABLES, Table

if TYPE_CHECKING:  # the first page reads only, and must not wait for it
    import pyarrow as pa


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
    """What a file would do to one table, its rows compared with the store.

    rows: the file's. found: one row per differing one, in the order of the keys: `place`, its
    position in `rows`, `is_new`, and `old_…` of each value column that the file brought.
    """

    table: Table
    brought: tuple[str, ...]
    rows: pa.Table
    found: pa.Table


def difference(cursor: Cursor, table_name: str, rows: pa.Table) -> Difference:
    """Compare incoming rows with the store; nothing is written. Rows without presence are removals."""
    import pyarrow as pa

    table = TABLES[table_name]
    brought = _brought(table, rows)
    exists = f"current.{table.key[0]} IS NOT NULL"
    picked = ", ".join(
        ["place", f"NOT ({exists}) AS is_new"]
        + [f"current.{name} AS old_{name}" for name in brought]
    )
    # Only positions and old values are fetched: a file's own long texts are at hand already.
    places = pa.array(range(rows.num_rows), pa.int64())
    with _incoming(cursor, rows.append_column("place", places)):
        found = cursor.execute(
            f"SELECT {picked} "
            f"FROM incoming LEFT JOIN {table.name} AS current ON {_same_key(table)} "
            f"WHERE ({exists} AND ({_differs(table, brought)})) "
            f"OR (NOT ({exists}) AND {_merged(table, rows, table.presence)} IS NOT NULL) "
            f"ORDER BY {', '.join(f'incoming.{name}' for name in table.key)}"
        ).to_arrow_table()
    return Difference(table, brought, rows, found)


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
    # Two statements: ON CONFLICT would look every new row up once more, under the same key.
    cursor.execute(
        f"INSERT INTO {table.name} ({columns}) "
        f"SELECT {columns} FROM pending WHERE {present} AND before_row IS NULL"
    )
    if brought:
        cursor.execute(
            f"UPDATE {table.name} AS current "
            f"SET {', '.join(f'{name} = pending.{name}' for name in brought)} "
            f"FROM pending WHERE {_same_key(table).replace('incoming.', 'pending.')} "
            f"AND {present} AND before_row IS NOT NULL"
        )
    cursor.execute(
        f"DELETE FROM {table.name} AS current USING pending WHERE "
        f"{' AND '.join(f'current.{n} = pending.{n}' for n in table.key)} "
        f"AND pending.{table.presence} IS NULL"
    )
    cursor.execute("DROP TABLE pending")


def keep_upload(cursor: Cursor, file_hash: str, content: bytes) -> None:
    """Keep a file's bytes beside its batch, each file once."""
    import pyarrow as pa

    # As a column and not as a parameter, which DuckDB writes out escaped: seconds for a large file.
    ends = pa.array([0, len(content)], pa.int64()).buffers()[1]
    bytes_of_file = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), 1, [None, ends, pa.py_buffer(content)]
    )
    file = pa.table({"file_hash": pa.array([file_hash]), "content": bytes_of_file})
    with _incoming(cursor, file):
        cursor.execute(
            "INSERT INTO upload SELECT file_hash, content FROM incoming ON CONFLICT DO NOTHING"
        )


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
