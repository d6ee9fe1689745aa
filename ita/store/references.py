"""Rows that refer to others: everything to its agency, completion and results to their measures.

DuckDB's foreign keys don't survive an upsert, so the import checks its rows, and this what an undo
would leave behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ita.store import Cursor
from ita.store.tables import TABLES

_MEASURE = ("agency_id", "fiscal_year", "instrument", "seq")
# What is no number, as only somebody beside the program can have written it, refers to nothing.
_LINKS = (
    "(SELECT agency_id, fiscal_year, instrument, type, seq AS number, "
    "TRY_CAST(unnest(string_to_array(measures, ',')) AS INTEGER) AS seq "
    "FROM narrative WHERE measures IS NOT NULL)"
)
_REFERENCES = (
    *((table, table, "agency", ("agency_id",)) for table in TABLES if table != "agency"),
    ("completion", "completion", "measure", _MEASURE),
    ("narrative", _LINKS, "measure", _MEASURE),
)
"""Table, where its references are read, the table referred to, the columns that refer."""


def _key_sql(alias: str, names: tuple[str, ...]) -> str:
    return f"CAST(json_array({', '.join(f'{alias}.{name}' for name in names)}) AS VARCHAR)"


def _row_names(table: str, source: str) -> tuple[str, ...]:
    renamed = {"seq": "number"} if source == _LINKS else {}
    return tuple(renamed.get(name, name) for name in TABLES[table].key)


@dataclass(frozen=True)
class Orphan:
    """A row whose agency or measure is missing. row_key: as the change log has it."""

    table: str
    parent: str
    row_key: str


def find_orphans(cursor: Cursor) -> Iterator[Orphan]:
    """Every row that refers to a missing one, once for each table that it refers to."""
    for table, source, parent, names in _REFERENCES:
        join = " AND ".join(f"p.{name} = t.{name}" for name in names)
        rows = cursor.execute(
            f"SELECT DISTINCT {_key_sql('t', _row_names(table, source))} AS row_key "
            f"FROM {source} AS t LEFT JOIN {parent} AS p ON {join} "
            "WHERE p.agency_id IS NULL ORDER BY row_key"
        ).fetchall()
        yield from (Orphan(table, parent, key) for (key,) in rows)


def batches_of_orphans(cursor: Cursor, batch_id: int, undone: int) -> tuple[int, ...]:
    """Batches whose rows a batch has left without their agency or measure, oldest first.

    batch_id: the undo, already applied in the caller's transaction; undone: the batch that it undid.
    """
    batch_ids: set[int] = set()
    for table, source, parent, names in _REFERENCES:
        join = " AND ".join(f"p.{name} = t.{name}" for name in names)
        rows = cursor.execute(
            f"WITH orphan AS (SELECT {_key_sql('t', _row_names(table, source))} AS row_key, "
            f"{_key_sql('t', names)} AS parent_key FROM {source} AS t LEFT JOIN {parent} AS p ON {join} "
            "WHERE p.agency_id IS NULL) "
            "SELECT DISTINCT max(c.batch_id) AS batch_id FROM orphan AS o JOIN change AS c "
            "ON (c.table_name = $child AND c.row_key = o.row_key) "
            "OR (c.table_name = $parent AND c.row_key = o.parent_key) "
            "WHERE c.batch_id NOT IN ($batch_id, $undone) GROUP BY o.row_key",
            {"child": table, "parent": parent, "batch_id": batch_id, "undone": undone},
        ).fetchall()
        batch_ids |= {number for (number,) in rows}
    return tuple(sorted(batch_ids))
