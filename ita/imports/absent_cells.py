"""Cells that a file leaves unsaid: what is stored there stays, where an empty cell would erase it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from ita.imports.datasets import KEYS, TABLE_OF, Dataset
from ita.imports.draft import Validation
from ita.store import Cursor
from ita.store.tables import TABLES

BEFORE_RULES = frozenset({Dataset.MEASURES})
"""Kinds whose rules compare a row's cells with each other; the scale of scores is of the file alone."""


def keep_stored(draft: Validation, cursor: Cursor, lacks: Mapping[int, frozenset[int]]) -> None:
    """Put the stored values into cells that rows don't say.

    lacks: row → the positions of the columns of which it says nothing.
    """
    if not lacks or not draft.has(*KEYS[draft.kind]):
        return
    unsaid: dict[str, list[int]] = {}
    for name, place in draft.header.places.items():
        rows = [row for row, places in lacks.items() if place in places]
        if rows and name not in KEYS[draft.kind]:
            unsaid[name] = rows
    keys = _keys(draft, sorted(lacks))
    parts = {name: c.part for name in unsaid if (c := draft.columns[name]).part}
    others = [name for name in unsaid if name not in parts]
    stored = _stored(cursor, TABLE_OF[draft.kind], keys, others)
    if parts:
        for (row, part), value in _stored_scores(cursor, keys).items():
            stored.update({(row, name): value for name, p in parts.items() if p == part})
    for name, rows in unsaid.items():
        values = draft.values(name)
        for row in rows:
            values[row] = stored.get((row, name))
        draft.set_values(name, values)


def _keys(draft: Validation, rows: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """The whole keys of rows."""
    columns = [draft.cells[name] for name in KEYS[draft.kind]]
    keys = {row: tuple(column[row] for column in columns) for row in rows}
    return {row: key for row, key in keys.items() if None not in key}


def _stored(
    cursor: Cursor, table: str, keys: Mapping[int, tuple[Any, ...]], names: Iterable[str]
) -> dict[tuple[int, str], Any]:
    wanted = [name for name in names if name in TABLES[table].values]
    if not wanted or not keys:
        return {}
    key = TABLES[table].key
    picked = ", ".join(f"t.{name}" for name in wanted)
    found = _joined(cursor, table, key, keys, picked)
    return {
        (row, name): v for row, *values in found for name, v in zip(wanted, values, strict=True)
    }


def _stored_scores(
    cursor: Cursor, keys: Mapping[int, tuple[Any, ...]]
) -> dict[tuple[int, str], Any]:
    if not keys:
        return {}
    found = _joined(cursor, "score", TABLES[TABLE_OF[Dataset.SCORES]].key, keys, "t.part, t.value")
    return {(row, part): value for row, part, value in found}


def _joined(
    cursor: Cursor, table: str, key: Sequence[str], keys: Mapping[int, tuple[Any, ...]], picked: str
) -> list[tuple[Any, ...]]:
    # Keys of kinds and of their tables stand in the same order.
    columns = zip(*keys.values(), strict=True)
    rows = {name: pa.array(list(column)) for name, column in zip(key, columns, strict=True)}
    cursor.register("unsaid", pa.table({"place": pa.array(list(keys), pa.int64()), **rows}))
    same = " AND ".join(f"t.{name} = u.{name}" for name in key)
    try:
        return cursor.execute(
            f"SELECT u.place, {picked} FROM unsaid AS u JOIN {table} AS t ON {same}"
        ).fetchall()
    finally:
        cursor.unregister("unsaid")
