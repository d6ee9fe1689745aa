"""Whether the engine's indexes agree with its tables: a key that is gone can be brought in again."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from ita.store import Cursor, Store
from ita.store.changes import column_types, key_of_row, key_part
from ita.store.tables import TABLES, Table


class _NotKept(Exception):
    """Ends a transaction whose effect was only to be looked at."""


def stale_indexes(store: Store) -> list[str]:
    """Tables whose index still holds a key that the change log knows and the table does not.

    Such an index refuses a row, or worse. It is tried out by bringing the keys in, which is taken
    back; nothing is changed.

    Raises:
        StoreUnavailable: the store failed.
    """
    return [table.name for table in TABLES.values() if not _takes_its_gone_keys(store, table)]


def _takes_its_gone_keys(store: Store, table: Table) -> bool:
    try:
        with store.writing() as cursor:
            query = _bring_gone_keys_in(cursor, table)
            try:
                cursor.execute(query, {"table_name": table.name})
            except duckdb.ConstraintException:
                return False
            raise _NotKept
    except _NotKept:
        return True


def _bring_gone_keys_in(cursor: Cursor, table: Table) -> str:
    """SQL for rows of the gone keys, with something in every other column that must have a value."""
    types = column_types(cursor, table)
    owed = [name for name in _must_have(cursor, table) if name not in table.key]
    columns = ", ".join((*table.key, *owed))
    values = ", ".join(
        (
            *(key_part(table, n, types) for n in table.key),
            *(f"CAST('0' AS {types[n]})" for n in owed),
        )
    )
    return (
        f"INSERT INTO {table.name} ({columns}) SELECT {values} FROM "
        "(SELECT DISTINCT row_key FROM change WHERE table_name = $table_name) AS logged "
        f"WHERE row_key NOT IN (SELECT {key_of_row(table, 't')} FROM {table.name} AS t)"
    )


def _must_have(cursor: Cursor, table: Table) -> Iterator[str]:
    rows = cursor.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name = $table_name AND is_nullable = 'NO'",
        {"table_name": table.name},
    ).fetchall()
    yield from (name for (name,) in rows)
