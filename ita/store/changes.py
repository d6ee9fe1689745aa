"""Writing rows into the current tables, each with its before and after in the change log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ita.store import Cursor
from ita.store.tables import TABLES, StoreTable

if TYPE_CHECKING:  # the first page only reads, and must not wait for it
    import pyarrow as pa


@contextmanager
def _incoming(cursor: Cursor, rows: pa.Table) -> Iterator[None]:
    cursor.register("incoming", rows)
    try:
        yield
    finally:
        cursor.unregister("incoming")


def _value_columns(table: StoreTable, rows: pa.Table) -> tuple[str, ...]:
    """The value columns that a file has; the others stay as they are stored."""
    return tuple(name for name in table.values if name in rows.column_names)


def _same_key_sql(table: StoreTable) -> str:
    return " AND ".join(f"current.{name} = incoming.{name}" for name in table.key)


def _differs_sql(table: StoreTable, value_columns: Sequence[str]) -> str:
    conditions = (f"current.{name} IS DISTINCT FROM incoming.{name}" for name in value_columns)
    return " OR ".join(conditions) or "FALSE"


def _stored_column_sql(rows: pa.Table, name: str) -> str:
    """A column of a stored row as it will be: from the file where it has it, else as it is."""
    return f"{'incoming' if name in rows.column_names else 'current'}.{name}"


def _new_column_sql(table: StoreTable, rows: pa.Table, name: str) -> str:
    """A column of a new row: from the file where it has it, else its default."""
    if name in rows.column_names:
        return f"incoming.{name}"
    if name == table.presence and table.presence_default is not None:
        return f"'{table.presence_default}'"
    return "NULL"


@dataclass(frozen=True)
class Difference:
    """What a file would change in one table, its rows compared with the store.

    rows: the file's. differing: one row per differing one, in the order of the keys: `position` in
    `rows`, `is_new`, and `old_…` of each of `value_columns`, those that the file has.
    """

    table: StoreTable
    value_columns: tuple[str, ...]
    rows: pa.Table
    differing: pa.Table


def compute_difference(cursor: Cursor, table_name: str, rows: pa.Table) -> Difference:
    """Compare incoming rows with the store; nothing is written. Rows without presence are removals."""
    import pyarrow as pa

    table = TABLES[table_name]
    value_columns = _value_columns(table, rows)
    exists = f"current.{table.key[0]} IS NOT NULL"
    select_list = ", ".join(
        ["position", f"NOT ({exists}) AS is_new"]
        + [f"current.{name} AS old_{name}" for name in value_columns]
    )
    # Only positions and old values are fetched: the file's own long texts are in memory already.
    positions = pa.array(range(rows.num_rows), pa.int64())
    with _incoming(cursor, rows.append_column("position", positions)):
        differing = cursor.execute(
            f"SELECT {select_list} "
            f"FROM incoming LEFT JOIN {table.name} AS current ON {_same_key_sql(table)} "
            f"WHERE ({exists} AND ({_differs_sql(table, value_columns)})) "
            f"OR (NOT ({exists}) AND {_new_column_sql(table, rows, table.presence)} IS NOT NULL) "
            f"ORDER BY {', '.join(f'incoming.{name}' for name in table.key)}"
        ).to_arrow_table()
    return Difference(table, value_columns, rows, differing)


def row_json_sql(table: StoreTable, alias: str) -> str:
    """SQL for a row as JSON text; the change log stores rows in this form."""
    fields = ", ".join(f"{name} := {alias}.{name}" for name in table.columns)
    return f"CAST(to_json(struct_pack({fields})) AS VARCHAR)"


def row_key_sql(table: StoreTable, alias: str) -> str:
    """SQL for a row's key as JSON text; the change log finds rows by it."""
    return f"CAST(json_array({', '.join(f'{alias}.{name}' for name in table.key)}) AS VARCHAR)"


def apply_difference(cursor: Cursor, batch_id: int, difference: Difference) -> None:
    """Write the differing rows of a file into their table, and the change log.

    Inside the caller's transaction, in which the difference was computed. A row whose presence
    column is null is removed.
    """
    import pyarrow.compute as pc

    is_new = difference.differing.column("is_new")
    for rows, write_rows in (
        (_differing_rows(difference, is_new), _insert_rows),
        (_differing_rows(difference, pc.invert(is_new)), _update_rows),
    ):
        if rows.num_rows:
            with _incoming(cursor, rows):
                write_rows(cursor, batch_id, difference.table, rows)


def _differing_rows(difference: Difference, mask: pa.ChunkedArray) -> pa.Table:
    """The differing rows where the mask is true, in the order of the file."""
    positions = difference.differing.column("position").filter(mask)
    # Most often all of them or none; `take` would join all the texts of the file even for none.
    if len(positions) in (0, difference.rows.num_rows):
        return difference.rows.slice(0, len(positions))
    return difference.rows.take(positions.sort())


def _insert_rows(cursor: Cursor, batch_id: int, table: StoreTable, rows: pa.Table) -> None:
    """Insert new rows. The log stores their keys only: the rows are there, in their table or as the
    `before` of the next change, and their texts need not be written twice."""
    cursor.execute(
        "INSERT INTO change (batch_id, table_name, row_key) "
        f"SELECT $batch_id, $table_name, {row_key_sql(table, 'incoming')} FROM incoming",
        {"batch_id": batch_id, "table_name": table.name},
    )
    values = ", ".join(_new_column_sql(table, rows, name) for name in table.columns)
    cursor.execute(
        f"INSERT INTO {table.name} ({', '.join(table.columns)}) SELECT {values} FROM incoming"
    )


def _update_rows(cursor: Cursor, batch_id: int, table: StoreTable, rows: pa.Table) -> None:
    """Update stored rows, or delete them where the file has nothing in their presence column."""
    merged = ", ".join(f"{_stored_column_sql(rows, name)} AS {name}" for name in table.columns)
    cursor.execute(
        "INSERT INTO change (batch_id, table_name, row_key, before_row, after_row) "
        f"SELECT $batch_id, $table_name, {row_key_sql(table, 'merged')}, before_row, "
        f"CASE WHEN {table.presence} IS NOT NULL THEN {row_json_sql(table, 'merged')} END "
        f"FROM (SELECT {merged}, {row_json_sql(table, 'current')} AS before_row "
        f"FROM incoming JOIN {table.name} AS current ON {_same_key_sql(table)}) AS merged",
        {"batch_id": batch_id, "table_name": table.name},
    )
    values = ", ".join(f"{name} = incoming.{name}" for name in _value_columns(table, rows))
    is_present = f"{_stored_column_sql(rows, table.presence)} IS NOT NULL"
    cursor.execute(
        f"UPDATE {table.name} AS current SET {values} FROM incoming "
        f"WHERE {_same_key_sql(table)} AND {is_present}"
    )
    cursor.execute(
        f"DELETE FROM {table.name} AS current USING incoming "
        f"WHERE {_same_key_sql(table)} AND NOT ({is_present})"
    )


UPLOAD_CODEC = "zstd"
# Compressing takes less time than writing the bytes as they are; higher levels save little more.
UPLOAD_COMPRESSION_LEVEL = 1


def store_upload(cursor: Cursor, file_hash: str, content: bytes) -> None:
    """Store a file's bytes with its batch, each file once; compressed where that is smaller."""
    import pyarrow as pa

    compressed = pa.Codec(UPLOAD_CODEC, UPLOAD_COMPRESSION_LEVEL).compress(content)
    is_smaller = compressed.size < len(content)
    stored = compressed if is_smaller else pa.py_buffer(content)
    # As a column and not as a parameter, which DuckDB writes out escaped: seconds for a large file.
    ends = pa.array([0, stored.size], pa.int64()).buffers()[1]
    column = pa.LargeBinaryArray.from_buffers(pa.large_binary(), 1, [None, ends, stored])
    codec = pa.array([UPLOAD_CODEC if is_smaller else None], pa.string())
    file = pa.table({"file_hash": pa.array([file_hash]), "content": column, "codec": codec})
    with _incoming(cursor, file):
        cursor.execute(
            "INSERT INTO upload (file_hash, content, codec) "
            "SELECT file_hash, content, codec FROM incoming ON CONFLICT DO NOTHING"
        )


def decompress_upload(content: bytes, codec: str | None) -> bytes:
    """A stored file's original bytes."""
    if codec is None:
        return content
    import pyarrow as pa

    return bytes(pa.input_stream(pa.py_buffer(content), compression=codec).read())


def rows_before(cursor: Cursor, batch_id: int, table_name: str) -> pa.Table:
    """The rows of a table as they were before a batch; those it added have no values."""
    table = TABLES[table_name]
    types = column_types(cursor, table)
    select_list = ", ".join(
        f"{_logged_column_sql(table, name, types)} AS {name}" for name in table.columns
    )
    return cursor.execute(
        f"SELECT {select_list} FROM change WHERE batch_id = $batch_id AND table_name = $table_name",
        {"batch_id": batch_id, "table_name": table.name},
    ).to_arrow_table()


def column_types(cursor: Cursor, table: StoreTable) -> Mapping[str, str]:
    rows = cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_name = $table_name",
        {"table_name": table.name},
    )
    return dict(rows.fetchall())


def _logged_column_sql(table: StoreTable, name: str, types: Mapping[str, str]) -> str:
    if name in table.key:
        return key_column_sql(table, name, types)
    return f"CAST(json_extract_string(before_row, '$.{name}') AS {types[name]})"


def key_column_sql(table: StoreTable, name: str, types: Mapping[str, str]) -> str:
    """SQL for a column of the key out of a logged `row_key`."""
    return f"CAST(json_extract_string(row_key, '$[{table.key.index(name)}]') AS {types[name]})"
