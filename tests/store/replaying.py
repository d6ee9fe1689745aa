"""The oracle of the change log: the present, worked out from nothing but its rows."""

from __future__ import annotations

import json
from typing import Any

from ita.store import Store
from ita.store.tables import TABLES

Tables = dict[str, dict[str, dict[str, Any]]]


def replayed(store: Store) -> Tables:
    """Table → key → row, by going through all changes; each must start from where the last left.

    The log keeps a new row by its key only. What it held is what the next change found there;
    where there is none the row must stand, and is taken from its table.
    """
    tables: Tables = {name: {} for name in TABLES}
    with store.reading() as cursor:
        changes = cursor.execute(
            "SELECT batch_id, table_name, row_key, before_row, after_row FROM change "
            "ORDER BY batch_id"
        ).fetchall()
    unsaid: set[tuple[str, str]] = set()
    for batch_id, table, key, before, after in changes:
        rows = tables[table]
        if (table, key) in unsaid:
            assert before, (batch_id, table, key)
            unsaid.remove((table, key))
        else:
            assert rows.get(key) == (json.loads(before) if before else None), (batch_id, table, key)
        if after is not None:
            rows[key] = json.loads(after)
        elif before is None:
            rows[key] = {}
            unsaid.add((table, key))
        else:
            del rows[key]
    stand = present(store)
    for table, key in unsaid:
        tables[table][key] = stand[table][key]
    return tables


def present(store: Store) -> Tables:
    """Table → key → row, as the current tables have them."""
    tables: Tables = {}
    with store.reading() as cursor:
        for name, table in TABLES.items():
            found = cursor.execute(f"SELECT {', '.join(table.columns)} FROM {name}").fetchall()
            rows = [dict(zip(table.columns, row, strict=True)) for row in found]
            tables[name] = {
                json.dumps([row[part] for part in table.key], ensure_ascii=False).replace(
                    ", ", ","
                ): {column: _plain(value) for column, value in row.items()}
                for row in rows
            }
    return tables


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else float(value)
