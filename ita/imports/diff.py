"""What a file would change, field by field, each made when somebody looks at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ita.imports.datasets import STORED_NAMES
from ita.store.changes import Difference


@dataclass(frozen=True)
class FieldChange:
    """One field of one row of the file: key as {column: value}, old and new None where missing."""

    key: Mapping[str, Any]
    field: str
    old: Any
    new: Any


Places = np.ndarray[tuple[int], np.dtype[np.int64]]


def file_key(row: Mapping[str, Any]) -> dict[str, Any]:
    """A key of the store by the names of files, without the part of a score."""
    names = {stored: name for name, stored in STORED_NAMES.items()}
    return {names.get(name, name): value for name, value in row.items() if name != "part"}


def _field_of_part(part: str) -> str:
    return f"ind{part}" if part.isdigit() else part.lower()


class FieldChanges(Sequence[FieldChange]):
    """Every changed field, table by table, in the order of the keys. Which have changed is found at
    once; each is made when it is read: a large file changes many, a person looks at some."""

    AT_ONCE = 1_000

    def __init__(self, differences: Sequence[Difference]) -> None:
        self._parts: list[tuple[Difference, Places, Places]] = [
            (found, *_changed_places(found)) for found in differences
        ]

    def __len__(self) -> int:
        return sum(len(rows) for _, rows, _ in self._parts)

    @overload
    def __getitem__(self, index: int) -> FieldChange: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[FieldChange]: ...
    def __getitem__(self, index: int | slice) -> FieldChange | Sequence[FieldChange]:
        if isinstance(index, slice):
            places = range(len(self))[index]
            if places.step != 1:
                return [self[place] for place in places]
            return self._between(places.start, places.stop)
        place = range(len(self))[index]
        return self._between(place, place + 1)[0]

    def __iter__(self) -> Iterator[FieldChange]:
        for found, rows, fields in self._parts:
            for start in range(0, len(rows), self.AT_ONCE):
                block = slice(start, start + self.AT_ONCE)
                yield from _field_changes(found, rows[block], fields[block])

    def _between(self, start: int, stop: int) -> list[FieldChange]:
        made: list[FieldChange] = []
        for found, rows, fields in self._parts:
            block = slice(max(0, start), max(0, stop))
            if len(rows[block]):
                made += _field_changes(found, rows[block], fields[block])
            start, stop = start - len(rows), stop - len(rows)
        return made

    def those(self, *, known_before: bool) -> FieldChanges:
        """Those whose field had a value before, or those whose had none; none of them is made."""
        kept = FieldChanges(())
        for found, rows, fields in self._parts:
            said = [
                _says(found.differing.column(f"old_{name}")).to_numpy()
                for name in found.value_columns
            ]
            if said:
                wanted = np.column_stack(said)[rows, fields] == known_before
                kept._parts.append((found, rows[wanted], fields[wanted]))
        return kept


def altered_and_new(
    changes: Sequence[FieldChange],
) -> tuple[Sequence[FieldChange], Sequence[FieldChange]]:
    """Fields that had another value, and those that had none."""
    if isinstance(changes, FieldChanges):
        return changes.those(known_before=True), changes.those(known_before=False)
    return [c for c in changes if c.old is not None], [c for c in changes if c.old is None]


def _changed_places(found: Difference) -> tuple[Places, Places]:
    """The changed fields of a table: positions among its differing rows, and among `brought`."""
    changed = [_is_changed(found, name) for name in found.value_columns]
    rows, fields = np.nonzero(np.column_stack(changed)) if changed else np.empty((2, 0), np.int64)
    return rows, fields


def _is_changed(found: Difference, name: str) -> Any:
    old, new = found.differing.column(f"old_{name}"), found.rows.column(name)
    places = found.differing.column("position")
    if old.null_count == len(old):  # as of new rows: nothing to compare long texts with
        return pc.take(_says(new), places).to_numpy()
    said, says = _says(old), pc.take(_says(new), places)
    same = pc.fill_null(pc.equal(old, pc.take(new, places)), False)
    return pc.and_(pc.or_(said, says), pc.invert(same)).to_numpy()


def _field_changes(found: Difference, rows: Places, fields: Places) -> list[FieldChange]:
    distinct, of_field = np.unique(rows, return_inverse=True)
    olds = found.differing.take(distinct)
    news = found.rows.take(olds.column("position")).to_pylist()
    both = list(zip(olds.to_pylist(), news, strict=True))
    return [
        _field_change(found, found.value_columns[field], *both[row])
        for row, field in zip(of_field.tolist(), fields.tolist(), strict=True)
    ]


def _field_change(
    found: Difference, name: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> FieldChange:
    key = {part: plain_value(new[part]) for part in found.table.key}
    shown = _field_of_part(key["part"]) if "part" in key else name
    shown_key = key if found.table.name == "agency" else file_key(key)
    return FieldChange(shown_key, shown, plain_value(old[f"old_{name}"]), plain_value(new[name]))


def _says(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Where a value is there; an empty text says as little as a missing one."""
    if not pa.types.is_string(values.type):
        return pc.is_valid(values)
    return pc.fill_null(pc.greater(pc.binary_length(values), 0), False)


def plain_value(value: Any) -> Any:
    """A value as JSON knows it; an empty text is None, as a missing one."""
    if value == "":
        return None
    return float(value) if isinstance(value, Decimal) else value
