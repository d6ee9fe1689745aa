"""From checked rows to the store: the difference first, then one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

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
from ita.store import Cursor, Store
from ita.store.batches import BatchNote, batch_of_request, encoding_of, save
from ita.store.changes import Difference, difference

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


def bring_in(
    store: Store,
    request: Request,
    reference: Reference,
    limits: Limits,
    person: str,
    reason: str = "",
    dry_run: bool = False,
) -> Outcome:
    """Check a file and, unless something blocks or it is a dry run, store it: all of it or nothing.

    The check and the save see the same store: both happen under the write lock, in one transaction.

    Raises:
        StoreUnavailable: the store failed; nothing of the file is stored.
    """
    with store.writing() as cursor:
        outcome, tables = _prepare(cursor, request, reference, limits, list_changes=dry_run)
        if dry_run or not outcome.accepted or outcome.batch:
            return outcome
        note = _note(request, outcome, person, reason)
        return replace(outcome, batch=save(cursor, note, tables, request.content))


def _prepare(
    cursor: Cursor,
    request: Request,
    reference: Reference,
    limits: Limits,
    list_changes: bool,
) -> tuple[Outcome, Mapping[str, pa.Table]]:
    earlier = batch_of_request(cursor, _fingerprint(request))
    if earlier:
        already = Problem(ProblemKind.ALREADY_IMPORTED, value=str(earlier))
        encoding = encoding_of(cursor, earlier)
        return Outcome(True, earlier, encoding, Counts(), (already,)), {}
    try:
        checked = check(request, cursor, reference, limits)
    except Unreadable as fault:
        return Outcome(False, None, None, Counts(), (fault.problem,)), {}
    if not checked.accepted:
        return Outcome(False, None, checked.encoding, Counts(), checked.problems), {}
    tables = tables_of(checked, reference)
    differences = [difference(cursor, name, rows) for name, rows in tables.items()]
    counts = _counts(checked, differences)
    listed = differences if list_changes else []
    changes = tuple(change for found in listed for change in _field_changes(found))
    return Outcome(True, None, checked.encoding, counts, checked.problems, changes), tables


def file_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _fingerprint(request: Request) -> str:
    """The same file, read the same way: what makes an import the same import."""
    how = f"{request.kind} {request.agency or ''} {request.scale or 'auto'}"
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
