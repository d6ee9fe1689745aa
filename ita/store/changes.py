"""The change log: rows written with their before and after, read back row by row, a table as it was, and
whether the engine's indexes know all its keys."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb

from ita.store import Cursor, Store
from ita.store.tables import TABLES, StoreTable

if TYPE_CHECKING:
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


def _same_key_sql(table: StoreTable, left: str = "current", right: str = "incoming") -> str:
    return " AND ".join(f"{left}.{name} = {right}.{name}" for name in table.key)


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
    differs = " OR ".join(f"current.{n} IS DISTINCT FROM incoming.{n}" for n in value_columns)
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
            f"WHERE ({exists} AND ({differs or 'FALSE'})) "
            f"OR (NOT ({exists}) AND {_new_column_sql(table, rows, table.presence)} IS NOT NULL) "
            f"ORDER BY {', '.join(f'incoming.{name}' for name in table.key)}"
        ).to_arrow_table()
    return Difference(table, value_columns, rows, differing)


def compare_files(cursor: Cursor, own: Difference, other: Difference) -> Difference:
    """The rows of one table that two files both have with other values; `old_…` are the other file's."""
    import pyarrow as pa

    names = tuple(name for name in own.value_columns if name in other.value_columns)
    differs = " OR ".join(f"other_rows.{n} IS DISTINCT FROM incoming.{n}" for n in names)
    others = [f"other_rows.{name} AS old_{name}" for name in names]
    positions = pa.array(range(own.rows.num_rows), pa.int64())
    cursor.register("other_rows", other.rows)
    try:
        with _incoming(cursor, own.rows.append_column("position", positions)):
            differing = cursor.execute(
                f"SELECT {', '.join(['position', 'FALSE AS is_new', *others])} "
                f"FROM incoming JOIN other_rows ON {_same_key_sql(own.table, 'other_rows')} "
                f"WHERE {differs or 'FALSE'} ORDER BY position"
            ).to_arrow_table()
    finally:
        cursor.unregister("other_rows")
    return Difference(own.table, names, own.rows, differing)


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


def file_hash(content: bytes) -> str:
    """SHA-256 of a file's bytes, by which the store knows it."""
    return hashlib.sha256(content).hexdigest()


def store_upload(cursor: Cursor, digest: str, content: bytes) -> None:
    """Store a file's bytes with its batch, each file once; compressed where that is smaller."""
    import pyarrow as pa

    compressed = pa.Codec(UPLOAD_CODEC, UPLOAD_COMPRESSION_LEVEL).compress(content)
    is_smaller = compressed.size < len(content)
    stored = compressed if is_smaller else pa.py_buffer(content)
    # As a column and not as a parameter, which DuckDB writes out escaped: seconds for a large file.
    ends = pa.array([0, stored.size], pa.int64()).buffers()[1]
    column = pa.LargeBinaryArray.from_buffers(pa.large_binary(), 1, [None, ends, stored])
    codec = pa.array([UPLOAD_CODEC if is_smaller else None], pa.string())
    file = pa.table({"file_hash": pa.array([digest]), "content": column, "codec": codec})
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


# What a batch changed, row by row, and a table as it was after an earlier batch.

Record = dict[str, Any]


@dataclass(frozen=True)
class RowChange:
    """A change of one row of one table: None before = it was new, None after = it was deleted."""

    table: str
    before: Record | None
    after: Record | None

    @property
    def key(self) -> Record:
        row = self.after or self.before or {}
        return {name: row.get(name) for name in TABLES[self.table].key}

    @property
    def fields(self) -> tuple[tuple[str, Any, Any], ...]:
        """Fields that differ: name, before, after."""
        old, new = self.before or {}, self.after or {}
        values = ((n, old.get(n), new.get(n)) for n in TABLES[self.table].values)
        return tuple((name, a, b) for name, a, b in values if a != b)


def _parse_record(text: str | None) -> Record | None:
    return None if text is None else dict(json.loads(text))


def load_changes(cursor: Cursor, batch_id: int, limit: int) -> tuple[RowChange, ...]:
    """The rows that a batch changed, at most `limit`."""
    rows = cursor.execute(
        "SELECT table_name, row_key, before_row, after_row FROM change WHERE batch_id = $batch_id "
        "ORDER BY table_name, row_key LIMIT $limit",
        {"batch_id": batch_id, "limit": limit},
    ).fetchall()
    names = {name for name, _, old, new in rows if old is None and new is None}
    added_rows = {name: _load_added_rows(cursor, TABLES[name], batch_id, limit) for name in names}
    return tuple(
        RowChange(
            name, _parse_record(old), _parse_record(new or (None if old else added_rows[name][key]))
        )
        for name, key, old, new in rows
    )


def _load_added_rows(
    cursor: Cursor, table: StoreTable, batch_id: int, limit: int
) -> dict[str, str]:
    """Key → row as JSON, of the first rows that a batch added to a table and logged by key only.

    The first later change knows what such a row was before; without one it is unchanged.
    """
    types = column_types(cursor, table)
    same_key = " AND ".join(f"current.{n} = {key_column_sql(table, n, types)}" for n in table.key)
    rows = cursor.execute(
        f"WITH added AS (SELECT row_key FROM change WHERE batch_id = $batch_id "
        f"AND table_name = $table_name AND before_row IS NULL AND after_row IS NULL "
        f"ORDER BY row_key LIMIT $limit), "
        f"{_later_changes_sql('AND row_key IN (SELECT row_key FROM added)')}, "
        f"present AS (SELECT added.row_key, {row_json_sql(table, 'current')} AS row "
        f"FROM added JOIN {table.name} AS current ON {same_key}) "
        f"SELECT added.row_key, coalesce(later.before_row, present.row) FROM added "
        f"LEFT JOIN later ON later.row_key = added.row_key AND later.turn = 1 "
        f"LEFT JOIN present ON present.row_key = added.row_key",
        {"batch_id": batch_id, "table_name": table.name, "limit": limit},
    ).fetchall()
    return dict(rows)


def last_batch_before(cursor: Cursor, moment: datetime, now: datetime | None = None) -> int:
    """The number of the last batch saved before a moment (UTC), 0 if there was none.

    The clock of the machine may have been wrong, the order of batches can't: one that seems older
    than those before it was saved after them, and a moment in the future (after now) is ignored.
    """
    row = cursor.execute(
        "WITH ordered AS (SELECT batch_id, coalesce(max(CASE WHEN saved_at <= $now THEN saved_at END) "
        "OVER (ORDER BY batch_id), $now) AS saved_by FROM batch) "
        "SELECT max(batch_id) FROM ordered WHERE saved_by < $moment",
        {"moment": moment, "now": now or datetime.now(UTC).replace(tzinfo=None)},
    ).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def _later_changes_sql(condition: str = "") -> str:
    """SQL for the changes of a table's rows after a batch; the first of each row is its `turn` 1."""
    return (
        "later AS (SELECT row_key, before_row, row_number() OVER "
        "(PARTITION BY row_key ORDER BY batch_id) AS turn FROM change "
        f"WHERE table_name = $table_name AND batch_id > $batch_id {condition})"
    )


def rows_as_of(
    cursor: Cursor, table_name: str, batch_id: int, limit: int | None = None
) -> list[Record]:
    """A table's rows as they were after a batch, by key, at most `limit`: the present rows with later
    changes undone.

    The first later change of a row knows what it was before. Keys are selected first: of a nation's
    millions only the requested rows are made into records.
    """
    table = TABLES[table_name]
    keys = ", ".join(table.key)
    by_key = ", ".join(f"CAST({name} AS VARCHAR)" for name in table.key)
    rows = cursor.execute(
        f"WITH {_first_changes_sql(cursor, table)}, "
        f"past_rows AS (SELECT {keys}, CAST(NULL AS VARCHAR) AS before_row FROM {table.name} AS t "
        f"WHERE NOT EXISTS (SELECT 1 FROM first WHERE {_same_key_sql(table, 'first', 't')}) "
        f"UNION ALL SELECT {keys}, before_row FROM first WHERE before_row IS NOT NULL), "
        f"selected AS (SELECT * FROM past_rows ORDER BY {by_key} LIMIT $limit) "
        f"SELECT coalesce(selected.before_row, {row_json_sql(table, 't')}) AS row "
        f"FROM selected LEFT JOIN {table.name} AS t ON {_same_key_sql(table, 'selected', 't')}",
        {"table_name": table.name, "batch_id": batch_id, "limit": limit},
    ).fetchall()
    records = [record for (text,) in rows if (record := _parse_record(text)) is not None]
    return sorted(records, key=lambda record: [str(record[name]) for name in table.key])


def count_as_of(cursor: Cursor, table_name: str, batch_id: int) -> int:
    """How many rows a table had after a batch."""
    table = TABLES[table_name]
    rows = cursor.execute(
        f"WITH {_first_changes_sql(cursor, table)} SELECT (SELECT count(*) FROM {table.name}) "
        f"- (SELECT count(*) FROM first WHERE EXISTS "
        f"(SELECT 1 FROM {table.name} AS t WHERE {_same_key_sql(table, 'first', 't')})) "
        "+ (SELECT count(*) FROM first WHERE before_row IS NOT NULL)",
        {"table_name": table.name, "batch_id": batch_id},
    ).fetchall()
    return int(rows[0][0])


def _first_changes_sql(cursor: Cursor, table: StoreTable) -> str:
    """SQL for the first change of each row after a batch, with the key's columns."""
    types = column_types(cursor, table)
    parts = ", ".join(f"{key_column_sql(table, name, types)} AS {name}" for name in table.key)
    return (
        f"{_later_changes_sql()}, first AS (SELECT before_row, {parts} FROM later WHERE turn = 1)"
    )


def load_upload(cursor: Cursor, batch_id: int) -> tuple[str, bytes] | None:
    """The uploaded file of a batch: its name and bytes; None where it had none."""
    row = cursor.execute(
        "SELECT b.file_name, u.content, u.codec FROM batch AS b JOIN upload AS u "
        "ON u.file_hash = b.file_hash WHERE b.batch_id = $batch_id",
        {"batch_id": batch_id},
    ).fetchone()
    return (str(row[0] or f"batch-{batch_id}"), decompress_upload(row[1], row[2])) if row else None


# Whether the engine's indexes agree with its tables: a deleted key can be inserted again.


def stale_indexes(store: Store) -> list[str]:
    """Tables whose index still has a key that the change log knows and the table does not.

    Such an index refuses a row, or worse. The keys are inserted on trial and rolled back; nothing
    is changed.

    Raises:
        StoreUnavailable: the store failed.
    """
    return [table.name for table in TABLES.values() if not _accepts_deleted_keys(store, table)]


def _accepts_deleted_keys(store: Store, table: StoreTable) -> bool:
    with store.dry_run() as cursor:
        query = _insert_deleted_keys_sql(cursor, table)
        try:
            cursor.execute(query, {"table_name": table.name})
        except duckdb.ConstraintException:
            return False
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            pass  # a key that was changed behind the program's back; `log-differs` reports it
    return True


def _insert_deleted_keys_sql(cursor: Cursor, table: StoreTable) -> str:
    """SQL that inserts the deleted keys, with a dummy in every other column that must have a value."""
    types = column_types(cursor, table)
    not_null = cursor.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name = $table_name AND is_nullable = 'NO'",
        {"table_name": table.name},
    ).fetchall()
    required = [name for (name,) in not_null if name not in table.key]
    columns = ", ".join((*table.key, *required))
    values = ", ".join(
        (
            *(key_column_sql(table, n, types) for n in table.key),
            *(f"CAST('0' AS {types[n]})" for n in required),
        )
    )
    return (
        f"INSERT INTO {table.name} ({columns}) SELECT {values} FROM "
        "(SELECT DISTINCT row_key FROM change WHERE table_name = $table_name) AS logged "
        f"WHERE row_key NOT IN (SELECT {row_key_sql(table, 't')} FROM {table.name} AS t)"
    )
