"""From checked rows to the store: the difference first, then one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Generic, TypeVar

import pandas as pd
import pyarrow as pa

from ita.importing.checking import Checked, check
from ita.importing.decoding import Unreadable
from ita.importing.draft import Request
from ita.importing.kinds import DECIMAL, KEYS, Column, Kind, columns_of
from ita.importing.problems import Problem, ProblemKind
from ita.importing.reading import well_formed
from ita.reference import Reference
from ita.settings import Limits
from ita.store import Cursor, Store, last_batch, one_value
from ita.store.batches import BatchNote, batch_of_request, encoding_of, save
from ita.store.changes import Difference, difference
from ita.store.tables import TABLES

T = TypeVar("T")

TABLE_OF = {
    Kind.AGENCIES: "agency",
    Kind.MEASURES: "measure",
    Kind.PROGRESS: "completion",
    Kind.NARRATIVE: "narrative",
}


@dataclass(frozen=True)
class FieldChange:
    """One field of one row of the file: key as {column: value}, old and new None where missing."""

    key: Mapping[str, Any]
    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Counts:
    """Rows of the file by what they do to the store."""

    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True)
class Outcome:
    """What an import did, or would do. batch: None where nothing was stored."""

    accepted: bool
    batch: int | None
    encoding: str | None
    counts: Counts
    problems: tuple[Problem, ...]
    differences: tuple[FieldChange, ...] = field(default=())
    missing: int = 0
    stale: bool = False


class _NotKept(Exception):
    """Ends a transaction whose effect was only to be looked at."""


@dataclass(frozen=True)
class Preview(Generic[T]):
    """What an import would do, by the store of one version.

    checked: None where the file can't be read. before, after: what `look` saw without the import
    and with it; None where it would not be accepted.
    """

    outcome: Outcome
    checked: Checked | None
    version: int
    before: T | None = None
    after: T | None = None


def preview(
    store: Store,
    request: Request,
    reference: Reference,
    limits: Limits,
    look: Callable[[Cursor, Checked], T],
) -> Preview[T]:
    """Check a file, list what would change, and look at the store as it would be; nothing is kept.

    look: reads whatever a person wants to compare, before and after, of the rows checked.

    Raises:
        StoreUnavailable: the store failed.
    """
    found: list[Preview[T]] = []
    try:
        with store.writing() as cursor:
            version = last_batch(cursor)
            outcome, tables, checked = _prepare(cursor, request, reference, limits, True)
            found.append(Preview(outcome, checked, version))
            if tables and checked is not None:
                before = look(cursor, checked)
                save(cursor, _note(request, outcome, "", ""), tables)
                after = look(cursor, checked)
                found.append(Preview(outcome, checked, version, before, after))
            raise _NotKept
    except _NotKept:
        return found[-1]


def bring_in(
    store: Store,
    request: Request,
    reference: Reference,
    limits: Limits,
    person: str,
    reason: str = "",
    dry_run: bool = False,
    seen_version: int | None = None,
) -> Outcome:
    """Check a file and, unless something blocks or it is a dry run, store it: all of it or nothing.

    The check and the save see the same store: both happen under the write lock, in one transaction.
    seen_version: the store that the person confirmed on; if somebody saved since, nothing is stored
    and the outcome is `stale`, to be looked at again.

    Raises:
        StoreUnavailable: the store failed; nothing of the file is stored.
    """
    with store.writing() as cursor:
        outcome, tables, _ = _prepare(cursor, request, reference, limits, list_changes=dry_run)
        if dry_run or not outcome.accepted or outcome.batch:
            return outcome
        if seen_version is not None and seen_version != last_batch(cursor):
            return replace(outcome, accepted=False, stale=True)
        note = _note(request, outcome, person, reason)
        return replace(outcome, batch=save(cursor, note, tables, request.content))


def _prepare(
    cursor: Cursor,
    request: Request,
    reference: Reference,
    limits: Limits,
    list_changes: bool,
) -> tuple[Outcome, Mapping[str, pa.Table], Checked | None]:
    earlier = batch_of_request(cursor, _fingerprint(request))
    if earlier:
        already = Problem(ProblemKind.ALREADY_IMPORTED, value=str(earlier))
        encoding = encoding_of(cursor, earlier)
        return Outcome(True, earlier, encoding, Counts(), (already,)), {}, None
    try:
        checked = check(request, cursor, reference, limits)
    except Unreadable as fault:
        return Outcome(False, None, None, Counts(), (fault.problem,)), {}, None
    if not checked.accepted:
        return Outcome(False, None, checked.encoding, Counts(), checked.problems), {}, checked
    tables = tables_of(checked, reference)
    differences = [difference(cursor, name, rows) for name, rows in tables.items()]
    counts = _counts(checked, differences)
    listed = differences if list_changes else []
    changes = tuple(change for found in listed for change in _field_changes(found))
    missing = _not_in_file(cursor, checked, tables) if list_changes else 0
    outcome = Outcome(
        True, None, checked.encoding, counts, checked.problems, changes, missing=missing
    )
    return outcome, tables, checked


def _not_in_file(cursor: Cursor, checked: Checked, tables: Mapping[str, pa.Table]) -> int:
    """Stored rows of the same agencies and periods that the file does not speak of."""
    name = "annual_result" if checked.kind is Kind.SCORES else TABLE_OF[checked.kind]
    if checked.kind in (Kind.AGENCIES, Kind.SCORES):
        return 0
    rows = tables[name]
    period = [n for n in ("agency_id", "fiscal_year", "quarter") if n in TABLES[name].key]
    same = " AND ".join(f"s.{n} = f.{n}" for n in period)
    whole = " AND ".join(f"s.{n} = f.{n}" for n in TABLES[name].key)
    cursor.register("file_rows", rows)
    try:
        return one_value(
            cursor,
            f"SELECT count(*) FROM {name} AS s "
            f"WHERE EXISTS (SELECT 1 FROM file_rows AS f WHERE {same}) "
            f"AND NOT EXISTS (SELECT 1 FROM file_rows AS f WHERE {whole})",
        )
    finally:
        cursor.unregister("file_rows")


def file_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _fingerprint(request: Request) -> str:
    """The same file, read the same way: what makes an import the same import."""
    how = f"{request.kind} {request.agency or ''} {request.scale or 'auto'}"
    if request.mapping:
        how += f" {sorted(request.mapping)}"
    return well_formed(f"{file_hash(request.content)} {how}")


def _note(request: Request, outcome: Outcome, person: str, reason: str) -> BatchNote:
    return BatchNote(
        well_formed(person),
        request.kind.value,
        well_formed(reason),
        _fingerprint(request),
        well_formed(request.file_name),
        file_hash(request.content),
        outcome.encoding,
        outcome.counts.new,
        outcome.counts.changed,
        outcome.counts.same,
    )


def tables_of(checked: Checked, reference: Reference) -> dict[str, pa.Table]:
    """Accepted rows as rows of the store's tables."""
    columns = {column.name: column for column in columns_of(checked.kind, reference)}
    if checked.kind is Kind.SCORES:
        return {
            "annual_result": _annual_results(checked, columns),
            "score": _scores(checked, columns),
        }
    names = [name for name in checked.frame.columns if name in columns]
    rows = pa.table({_stored(name): _array(checked.frame[name], columns[name]) for name in names})
    return {TABLE_OF[checked.kind]: rows}


def _stored(name: str) -> str:
    return "agency_id" if name == "agency" else name


def _array(values: pd.Series[Any], column: Column) -> pa.Array:
    return pa.array(values.tolist(), type=column.arrow)


def _annual_results(checked: Checked, columns: Mapping[str, Column]) -> pa.Table:
    frame = checked.frame
    arrays = {_stored(name): _array(frame[name], columns[name]) for name in KEYS[Kind.SCORES]}
    if "level" in frame:
        arrays["level"] = _array(frame["level"], columns["level"])
    if "source" in frame:
        # A row of a file makes its agency-year known even without a source: "" and not null.
        sources = [source or "" for source in frame["source"].tolist()]
        arrays["source"] = pa.array(sources, pa.string())
    return pa.table(arrays)


def _scores(checked: Checked, columns: Mapping[str, Column]) -> pa.Table:
    frame = checked.frame
    parts = [column for column in columns.values() if column.part and column.name in frame]
    agencies = frame["agency"].tolist()
    years = frame["fiscal_year"].tolist()
    values: list[Decimal | None] = [v for column in parts for v in frame[column.name].tolist()]
    return pa.table(
        {
            "agency_id": pa.array(agencies * len(parts), pa.string()),
            "fiscal_year": pa.array(years * len(parts), pa.int32()),
            "part": pa.array([c.part for c in parts for _ in agencies], pa.string()),
            "value": pa.array(values, DECIMAL),
        }
    )


def _file_key(row: Mapping[str, Any]) -> dict[str, Any]:
    names = {"agency_id": "agency"}
    return {names.get(name, name): value for name, value in row.items() if name != "part"}


def _field_of_part(part: str) -> str:
    return f"ind{part}" if part.isdigit() else part.lower()


def _field_changes(found: Difference) -> list[FieldChange]:
    changes = []
    for row in found.frame.astype(object).to_dict("records"):
        key = {name: _plain(row[name]) for name in found.table.key}
        for name in found.brought:
            old, new = _plain(row[f"old_{name}"]), _plain(row[f"new_{name}"])
            if old != new:
                shown = _field_of_part(key["part"]) if "part" in key else name
                shown_key = _file_key(key)
                if found.table.name == "agency":
                    shown_key = key
                changes.append(FieldChange(shown_key, shown, old, new))
    return changes


def _plain(value: Any) -> Any:
    """A value as JSON knows it; a missing one is None, whatever pandas calls it."""
    if pd.isna(value) or value == "":
        return None
    if isinstance(value, Decimal):
        return float(value)
    return value.item() if hasattr(value, "item") else value


def _counts(checked: Checked, differences: list[Difference]) -> Counts:
    """Rows of the file: new if their key is, changed if any of their fields is."""
    keys = [_stored(name) for name in KEYS[checked.kind]]
    touched: set[tuple[Any, ...]] = set()
    new: set[tuple[Any, ...]] = set()
    for found in differences:
        rows = list(found.frame[keys].itertuples(index=False, name=None))
        touched.update(rows)
        if found.table.name != "score":
            new.update(r for r, n in zip(rows, found.frame["is_new"], strict=True) if n)
    return Counts(len(new), len(touched - new), len(checked.frame) - len(touched))
