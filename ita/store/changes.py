"""Rows into the current tables, each with its before and after in the change log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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


def _of_stored(rows: pa.Table, name: str) -> str:
    """A column of a stored row as it will be: from the file where it brings it, else as it is."""
    return f"{'incoming' if name in rows.column_names else 'current'}.{name}"


def _of_new(table: Table, rows: pa.Table, name: str) -> str:
    """A column of a new row: from the file where it brings it, else what its absence means."""
    if name in rows.column_names:
        return f"incoming.{name}"
    if name == table.presence and table.presence_default is not None:
        return f"'{table.presence_default}'"
    return "NULL"


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
            f"OR (NOT ({exists}) AND {_of_new(table, rows, table.presence)} IS NOT NULL) "
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


def apply(cursor: Cursor, batch_id: int, found: Difference) -> None:
    """Bring the differing rows of a file into their table, with their history.

    Inside the caller's transaction, in which the difference was found. A row whose presence column
    is null is removed.
    """
    import pyarrow.compute as pc

    is_new = found.found.column("is_new")
    for rows, bring in (
        (_rows_at(found, is_new), _add),
        (_rows_at(found, pc.invert(is_new)), _change),
    ):
        if rows.num_rows:
            with _incoming(cursor, rows):
                bring(cursor, batch_id, found.table, rows)


def _rows_at(found: Difference, chosen: pa.ChunkedArray) -> pa.Table:
    """The chosen ones of the differing rows, in the order of the file."""
    places = found.found.column("place").filter(chosen)
    # Most often all of them or none; `take` would join all the texts of the file even for none.
    if len(places) in (0, found.rows.num_rows):
        return found.rows.slice(0, len(places))
    return found.rows.take(places.sort())


def _add(cursor: Cursor, batch_id: int, table: Table, rows: pa.Table) -> None:
    """New rows. The log keeps their keys only: the rows are there, in their table or as the
    `before` of the next change, and their texts need not be written twice."""
    cursor.execute(
        "INSERT INTO change (batch_id, table_name, row_key) "
        f"SELECT $batch_id, $table_name, {key_of_row(table, 'incoming')} FROM incoming",
        {"batch_id": batch_id, "table_name": table.name},
    )
    values = ", ".join(_of_new(table, rows, name) for name in table.columns)
    cursor.execute(
        f"INSERT INTO {table.name} ({', '.join(table.columns)}) SELECT {values} FROM incoming"
    )


def _change(cursor: Cursor, batch_id: int, table: Table, rows: pa.Table) -> None:
    """Stored rows that the file changes, or takes out where it has nothing for their presence."""
    merged = ", ".join(f"{_of_stored(rows, name)} AS {name}" for name in table.columns)
    cursor.execute(
        "INSERT INTO change (batch_id, table_name, row_key, before_row, after_row) "
        f"SELECT $batch_id, $table_name, {key_of_row(table, 'merged')}, before_row, "
        f"CASE WHEN {table.presence} IS NOT NULL THEN {json_of_row(table, 'merged')} END "
        f"FROM (SELECT {merged}, {json_of_row(table, 'current')} AS before_row "
        f"FROM incoming JOIN {table.name} AS current ON {_same_key(table)}) AS merged",
        {"batch_id": batch_id, "table_name": table.name},
    )
    values = ", ".join(f"{name} = incoming.{name}" for name in _brought(table, rows))
    present = f"{_of_stored(rows, table.presence)} IS NOT NULL"
    cursor.execute(
        f"UPDATE {table.name} AS current SET {values} FROM incoming "
        f"WHERE {_same_key(table)} AND {present}"
    )
    cursor.execute(
        f"DELETE FROM {table.name} AS current USING incoming "
        f"WHERE {_same_key(table)} AND NOT ({present})"
    )


PACKED = "zstd"
PACKING_LEVEL = 1
"""Packing takes less time than writing the bytes as they are; higher levels save little more."""


def keep_upload(cursor: Cursor, file_hash: str, content: bytes) -> None:
    """Keep a file's bytes beside its batch, each file once; packed where that makes them fewer."""
    import pyarrow as pa

    packed = pa.Codec(PACKED, PACKING_LEVEL).compress(content)
    shrunk = packed.size < len(content)
    kept = packed if shrunk else pa.py_buffer(content)
    # As a column and not as a parameter, which DuckDB writes out escaped: seconds for a large file.
    ends = pa.array([0, kept.size], pa.int64()).buffers()[1]
    column = pa.LargeBinaryArray.from_buffers(pa.large_binary(), 1, [None, ends, kept])
    codec = pa.array([PACKED if shrunk else None], pa.string())
    file = pa.table({"file_hash": pa.array([file_hash]), "content": column, "codec": codec})
    with _incoming(cursor, file):
        cursor.execute(
            "INSERT INTO upload (file_hash, content, codec) "
            "SELECT file_hash, content, codec FROM incoming ON CONFLICT DO NOTHING"
        )


def unpacked(content: bytes, codec: str | None) -> bytes:
    """A kept file's bytes as they came."""
    if codec is None:
        return content
    import pyarrow as pa

    return bytes(pa.input_stream(pa.py_buffer(content), compression=codec).read())


def rows_before(cursor: Cursor, batch_id: int, table_name: str) -> pa.Table:
    """The rows of a table as they were before a batch; those it made come without values."""
    table = TABLES[table_name]
    types = column_types(cursor, table)
    picked = ", ".join(f"{_of_log(table, name, types)} AS {name}" for name in table.columns)
    return cursor.execute(
        f"SELECT {picked} FROM change WHERE batch_id = $batch_id AND table_name = $table_name",
        {"batch_id": batch_id, "table_name": table.name},
    ).to_arrow_table()


def column_types(cursor: Cursor, table: Table) -> Mapping[str, str]:
    described = cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_name = $table_name",
        {"table_name": table.name},
    )
    return dict(described.fetchall())


def _of_log(table: Table, name: str, types: Mapping[str, str]) -> str:
    if name in table.key:
        return key_part(table, name, types)
    return f"CAST(json_extract_string(before_row, '$.{name}') AS {types[name]})"


def key_part(table: Table, name: str, types: Mapping[str, str]) -> str:
    """SQL for a column of the key out of a logged `row_key`."""
    return f"CAST(json_extract_string(row_key, '$[{table.key.index(name)}]') AS {types[name]})"
