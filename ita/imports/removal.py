"""Taking out what was stored by mistake: one measure, percent, score or text, with all that hangs on it.

A removal is a batch like an import: it says who and why, shows its effect before, is in the change log
row by row, and can be undone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ita import logs
from ita.auth.audit import record, recording
from ita.auth.permissions import Action, Resource, User, require
from ita.domain import FiscalYear, Instrument, Part
from ita.i18n import _
from ita.imports.affected import resource_of_removal
from ita.imports.cells import TYPE_LABELS
from ita.imports.datasets import KEYS, TABLE_OF, Dataset, dataset_label, key_text
from ita.imports.diff import file_key, plain_value
from ita.imports.readers.cell_text import well_formed
from ita.imports.stored_rows import stored_name
from ita.reference import Reference
from ita.store import Cursor, Store, last_batch, one_value
from ita.store.batches import REMOVAL_PREFIX, BatchMetadata, save_batch
from ita.store.changes import Difference, compute_difference
from ita.store.tables import TABLES

REMOVABLE = tuple(kind for kind in Dataset if kind is not Dataset.AGENCIES)
"""Kinds of which a row can be taken out; an agency is what everything else hangs on."""


def key_fields(kind: Dataset) -> tuple[str, ...]:
    """The fields of a `Removal` that name a row of a kind; of scores the last may be left out."""
    return (*KEYS[kind], "part") if kind is Dataset.SCORES else KEYS[kind]


@dataclass(frozen=True)
class Removal:
    """What is to be taken out: a row of a kind, by its key. Fields that the kind's key lacks are None.

    part: of scores: one figure of the year, None = the whole year. seq: of a text 0 where its
    instrument has just one. date: ISO.
    """

    kind: Dataset
    agency: str
    fiscal_year: FiscalYear | None = None
    quarter: int | None = None
    instrument: Instrument | None = None
    type: str | None = None
    seq: int | None = None
    part: Part | None = None
    date: str | None = None

    @property
    def key(self) -> Mapping[str, Any]:
        """The key by the names that files use, without what is None."""
        values = {name: getattr(self, name) for name in key_fields(self.kind)}
        return {name: _stored(value) for name, value in values.items() if value is not None}

    @property
    def resource(self) -> Resource:
        """What it touches, but for the divisions."""
        return Resource(frozenset({self.agency}), self.kind.value)

    @property
    def name(self) -> str:
        """The key as a person reads it."""
        return _key_name(self.key)


def _stored(value: Any) -> Any:
    return value.value if isinstance(value, Instrument) else value


@dataclass(frozen=True)
class RemovedRow:
    """A row that a removal takes out or, where is_gone is false, changes. fields: column, before, after."""

    kind: Dataset
    key: Mapping[str, Any]
    is_gone: bool
    fields: tuple[tuple[str, Any, Any], ...]

    @property
    def name(self) -> str:
        """The row's key as a person reads it."""
        return _key_name(self.key)


def _key_name(key: Mapping[str, Any]) -> str:
    """A key without its agency, which the reader knows."""
    values = {name: value for name, value in key.items() if name != "agency"}
    return key_text({n: TYPE_LABELS.get(v, v) if n == "type" else v for n, v in values.items()})


@dataclass(frozen=True)
class RemovalPreview:
    """What a removal would do to the store of a version. rows: the requested one first."""

    removal: Removal
    rows: tuple[RemovedRow, ...]
    version: int


class RemovalRefused(Exception):
    """Nothing was taken out; the text says why. stale: somebody has saved since it was looked at."""

    def __init__(self, message: str, stale: bool = False) -> None:
        self.stale = stale
        super().__init__(message)


def preview_removal(
    store: Store, removal: Removal, user: User, reference: Reference
) -> RemovalPreview:
    """What a removal would take out and change; nothing is kept.

    Raises:
        RemovalRefused: there is no such row.
        NotAllowed: it is not this person's to take out; says who can.
        StoreUnavailable: the store failed.
    """
    with store.dry_run() as cursor:
        require(user, Action.IMPORT, removal.resource)
        differences = _existing_differences(cursor, removal)
        require(user, Action.IMPORT, _resource_of(cursor, removal, differences, user, reference))
        return RemovalPreview(removal, removed_rows(differences), last_batch(cursor))


def remove(
    store: Store,
    removal: Removal,
    user: User,
    reason: str,
    reference: Reference,
    seen_version: int | None = None,
) -> int:
    """Take a row out with what hangs on it, as a batch; returns its number.

    seen_version: the store that the person confirmed on; if somebody saved since, nothing is done.

    Raises:
        RemovalRefused: there is no such row, no reason, or it is stale.
        NotAllowed: it is not this person's to take out; says who can.
        StoreUnavailable: the store failed.
    """
    if not reason.strip():
        raise RemovalRefused(_("กรุณาบอกเหตุผลของการเอาออก"))
    with recording(store) as cursor:
        require(user, Action.IMPORT, removal.resource)
        differences = _existing_differences(cursor, removal)
        thing = _resource_of(cursor, removal, differences, user, reference)
        require(user, Action.IMPORT, thing)
        if seen_version is not None and seen_version != last_batch(cursor):
            raise RemovalRefused(_("มีผู้บันทึกข้อมูลหลังจากที่ดูผลนี้ กรุณาดูอีกครั้งก่อนยืนยัน"), stale=True)
        rows = removed_rows(differences)
        metadata = BatchMetadata(
            well_formed(user.name),
            removal.kind.value,
            well_formed(reason),
            well_formed(f"{REMOVAL_PREFIX}{removal.kind} {dict(removal.key)}"),
            rows_changed=_count_file_rows(rows),
        )
        batch = save_batch(cursor, metadata, differences)
        # As every entry of a batch it bears the batch's own counts, with which `check` compares it.
        detail = {"changed": metadata.rows_changed, "removed": sum(row.is_gone for row in rows)}
        record(cursor, user, Action.IMPORT, thing, detail, batch)
    logs.log_event(logs.LogEvent.REMOVED, kind=removal.kind, batch=batch, rows=len(rows))
    return batch


def _existing_differences(cursor: Cursor, removal: Removal) -> list[Difference]:
    """
    Raises:
        RemovalRefused: there is no such row.
    """
    differences = [
        difference for difference in _differences(cursor, removal) if difference.differing.num_rows
    ]
    if not differences:
        raise RemovalRefused(
            _("ไม่มี{kind} {name} ในระบบ", kind=dataset_label(removal.kind), name=removal.name)
        )
    return differences


def _resource_of(
    cursor: Cursor,
    removal: Removal,
    differences: Sequence[Difference],
    user: User,
    reference: Reference,
) -> Resource:
    """What a removal touches; with the divisions of its measures where it depends on them."""
    if not user.divisions:
        return removal.resource
    rows = [difference.rows for difference in differences]
    return resource_of_removal(cursor, removal.resource, rows, reference)


# What goes with a row: the quarters of a measure, the name of the measure in the results that answer
# it; the year of a score where nothing else of it is left.


def _differences(cursor: Cursor, removal: Removal) -> Iterator[Difference]:
    key = {stored_name(name): value for name, value in removal.key.items()}
    kind = removal.kind
    if kind is Dataset.SCORES:
        yield from _score_differences(cursor, key)
        return
    yield _without(cursor, TABLE_OF[kind], key)
    if kind is Dataset.MEASURES:
        yield _without(cursor, "completion", key)
        yield _answering_no_more(cursor, key)


def _score_differences(cursor: Cursor, key: Mapping[str, Any]) -> Iterator[Difference]:
    year = {name: key[name] for name in ("agency_id", "fiscal_year")}
    figures = _without(cursor, "score", key)
    yield figures
    stored = one_value(cursor, f"SELECT count(*) FROM score WHERE {_condition(year)}", **year)
    # A year is known by its figures; without any it is as if its row had never come in.
    if stored == figures.differing.num_rows and ("part" not in key or stored):
        yield _without(cursor, "annual_result", year)


def _without(cursor: Cursor, table_name: str, key: Mapping[str, Any]) -> Difference:
    """The stored rows of a key, or of a part of one, as a difference that takes them out."""
    table = TABLES[table_name]
    blank = ", ".join(f"nullif({name}, {name}) AS {name}" for name in table.values)
    rows = cursor.execute(
        f"SELECT {', '.join(table.key)}, {blank} FROM {table_name} WHERE {_condition(key)} "
        f"ORDER BY {', '.join(table.key)}",
        dict(key),
    ).to_arrow_table()
    return compute_difference(cursor, table_name, rows)


def _condition(key: Mapping[str, Any]) -> str:
    return " AND ".join(f"{name} = ${name}" for name in key)


def _answering_no_more(cursor: Cursor, measure: Mapping[str, Any]) -> Difference:
    """The results that answer a measure, without it; their texts stay."""
    import pyarrow as pa

    key = TABLES["narrative"].key
    of_instrument = {name: value for name, value in measure.items() if name != "seq"}
    rows = cursor.execute(
        f"SELECT {', '.join(key)}, measures FROM narrative WHERE {_condition(of_instrument)} "
        f"AND list_contains(string_to_array(measures, ','), CAST($number AS VARCHAR)) "
        f"ORDER BY {', '.join(key)}",
        {**of_instrument, "number": measure["seq"]},
    ).to_arrow_table()
    gone = str(measure["seq"])
    left = [
        ",".join(number for number in numbers.split(",") if number != gone) or None
        for numbers in rows.column("measures").to_pylist()
    ]
    rows = rows.set_column(len(key), "measures", pa.array(left, pa.string()))
    return compute_difference(cursor, "narrative", rows)


_KIND_OF = {**{table: kind for kind, table in TABLE_OF.items()}, "score": Dataset.SCORES}


def removed_rows(differences: Sequence[Difference]) -> tuple[RemovedRow, ...]:
    """The rows that differences take out or change, table by table."""
    return tuple(row for difference in differences for row in _rows_of(difference))


def _rows_of(difference: Difference) -> Iterator[RemovedRow]:
    table = difference.table
    after_rows = difference.rows.take(difference.differing.column("position")).to_pylist()
    for before, after in zip(difference.differing.to_pylist(), after_rows, strict=True):
        is_gone = table.presence in difference.value_columns and after[table.presence] is None
        pairs = ((name, before[f"old_{name}"], after[name]) for name in difference.value_columns)
        yield RemovedRow(
            _KIND_OF[table.name],
            file_key({name: plain_value(after[name]) for name in table.key}),
            is_gone,
            tuple(
                (name, plain_value(old), plain_value(new)) for name, old, new in pairs if old != new
            ),
        )


def _count_file_rows(rows: Sequence[RemovedRow]) -> int:
    """Rows as a file has them: a year's scores are one."""
    scores = {row.kind for row in rows if row.kind is Dataset.SCORES}
    return sum(row.kind is not Dataset.SCORES for row in rows) + len(scores)
