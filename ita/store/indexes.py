"""Whether the engine's indexes agree with its tables: a deleted key can be inserted again."""

from __future__ import annotations

import duckdb

from ita.store import Cursor, Store
from ita.store.changes import column_types, key_column_sql, row_key_sql
from ita.store.tables import TABLES, StoreTable


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
