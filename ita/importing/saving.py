"""From checked rows to the store: the difference first, then one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Generic, TypeVar, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ita.importing.checking import Checked, check
from ita.importing.columns import arrow_of
from ita.importing.decoding import Unreadable
from ita.importing.draft import Request
from ita.importing.kinds import DECIMAL, KEYS, STORED_NAMES, Column, Kind, columns_of
from ita.importing.problems import Problem, ProblemKind
from ita.importing.reading import BY_RULE, well_formed
from ita.reference import Reference
from ita.settings import Limits
from ita.store import Cursor, Store, last_batch, one_value
from ita.store.batches import BatchNote, batch_of_request, encoding_of, later_batches, save
from ita.store.changes import Difference, difference
from ita.store.headers import header_meanings
from ita.store.tables import TABLES

T = TypeVar("T")

TABLE_OF = {
    Kind.AGENCIES: "agency",
    Kind.MEASURES: "measure",
    Kind.PROGRESS: "completion",
    Kind.NARRATIVE: "narrative",
    Kind.ANNOTATIONS: "annotation",
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
    differences: Sequence[FieldChange] = ()
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
    look: Callable[[Cursor, Checked], T | None],
) -> Preview[T]:
    """Check a file, list what would change, and look at the store as it would be; nothing is kept.

    look: reads whatever a person wants to compare, before and after, of the rows checked; None
    where it would not look, so that nothing has to be stored to be looked at.

    Raises:
        StoreUnavailable: the store failed.
    """
    found: list[Preview[T]] = []
    try:
        with store.writing() as cursor:
            version = last_batch(cursor)
            request = _with_meanings(cursor, request)
            digest = file_hash(request.content)
            outcome, differences, checked = _prepare(
                cursor, request, digest, reference, limits, list_changes=True
            )
            found.append(Preview(outcome, checked, version))
            if differences and checked is not None:
                before = look(cursor, checked)
                if before is not None:
                    save(cursor, _note(request, digest, outcome, "", ""), differences)
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
        return bring_in_within(
            cursor, request, reference, limits, person, reason, dry_run, seen_version
        )


def bring_in_within(
    cursor: Cursor,
    request: Request,
    reference: Reference,
    limits: Limits,
    person: str,
    reason: str = "",
    dry_run: bool = False,
    seen_version: int | None = None,
) -> Outcome:
    """`bring_in` inside the caller's transaction, so that several files are stored together or none."""
    digest = file_hash(request.content)
    request = _with_meanings(cursor, request)
    outcome, differences, _ = _prepare(
        cursor, request, digest, reference, limits, list_changes=dry_run
    )
    if dry_run or not outcome.accepted or outcome.batch:
        return outcome
    if seen_version is not None and seen_version != last_batch(cursor):
        return replace(outcome, accepted=False, stale=True)
    note = _note(request, digest, outcome, person, reason)
    return replace(outcome, batch=save(cursor, note, differences, request.content))


def _with_meanings(cursor: Cursor, request: Request) -> Request:
    """What people have said of headers before holds for every way in."""
    meanings = {**header_meanings(cursor, request.kind.value), **dict(request.mapping)}
    return replace(request, mapping=tuple(sorted(meanings.items())))


def _prepare(
    cursor: Cursor,
    request: Request,
    digest: str,
    reference: Reference,
    limits: Limits,
    list_changes: bool,
) -> tuple[Outcome, Sequence[Difference], Checked | None]:
    earlier = batch_of_request(cursor, _fingerprint(request, digest))
    if earlier and not later_batches(cursor, earlier):
        already = Problem(ProblemKind.ALREADY_IMPORTED, value=str(earlier))
        encoding = encoding_of(cursor, earlier)
        return Outcome(True, earlier, encoding, Counts(), (already,)), (), None
    try:
        checked = check(request, cursor, reference, limits)
    except Unreadable as fault:
        return Outcome(False, None, None, Counts(), (fault.problem,)), (), None
    if not checked.accepted:
        return Outcome(False, None, checked.encoding, Counts(), checked.problems), (), checked
    tables = tables_of(checked, reference)
    differences = [difference(cursor, name, rows) for name, rows in tables.items()]
    counts = _counts(checked, differences)
    changes = (_FieldChanges(differences) or ()) if list_changes else ()
    missing = _not_in_file(cursor, checked, tables) if list_changes else 0
    outcome = Outcome(
        True, None, checked.encoding, counts, checked.problems, changes, missing=missing
    )
    return outcome, differences, checked


def _not_in_file(cursor: Cursor, checked: Checked, tables: Mapping[str, pa.Table]) -> int:
    """Stored rows of the same agencies and periods that the file does not speak of."""
    name = "annual_result" if checked.kind is Kind.SCORES else TABLE_OF[checked.kind]
    if checked.kind in (Kind.AGENCIES, Kind.SCORES, Kind.ANNOTATIONS):
        return 0  # of these no file claims to be whole
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


def _fingerprint(request: Request, digest: str) -> str:
    """The same file, read the same way: what makes an import the same import."""
    how = f"{request.kind} {request.agency or ''} {request.scale or 'auto'}"
    if request.mapping:
        how += f" {sorted(request.mapping)}"
    if request.reading != BY_RULE:
        how += f" {request.reading}"
    return well_formed(f"{digest} {how}")


def _note(request: Request, digest: str, outcome: Outcome, person: str, reason: str) -> BatchNote:
    return BatchNote(
        well_formed(person),
        request.kind.value,
        well_formed(reason),
        _fingerprint(request, digest),
        well_formed(request.file_name),
        digest,
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
    arrays = {
        _stored(name): arrow_of(cells, columns[name].arrow)
        for name, cells in checked.cells.items()
        if name in columns
    }
    return {TABLE_OF[checked.kind]: pa.table(arrays)}


def _stored(name: str) -> str:
    return STORED_NAMES.get(name, name)


def _annual_results(checked: Checked, columns: Mapping[str, Column]) -> pa.Table:
    cells = checked.cells
    brought = [n for n in TABLES["annual_result"].values if n in cells and n != "source"]
    kept = (*KEYS[Kind.SCORES], *brought)
    arrays = {_stored(name): arrow_of(cells[name], columns[name].arrow) for name in kept}
    if "source" in cells:
        # A row of a file makes its agency-year known even without a source: "" and not null.
        sources = [source or "" for source in cells["source"]]
        arrays["source"] = pa.array(sources, pa.string())
    return pa.table(arrays)


def _scores(checked: Checked, columns: Mapping[str, Column]) -> pa.Table:
    cells = checked.cells
    parts = [column for column in columns.values() if column.part and column.name in cells]
    agencies = list(cells["agency"])
    years = list(cells["fiscal_year"])
    values: list[Any] = [v for column in parts for v in cells[column.name]]
    return pa.table(
        {
            "agency_id": pa.array(agencies * len(parts), pa.string()),
            "fiscal_year": pa.array(years * len(parts), pa.int32()),
            "part": pa.array([c.part for c in parts for _ in agencies], pa.string()),
            "value": pa.array(values, DECIMAL),
        }
    )


def _file_key(row: Mapping[str, Any]) -> dict[str, Any]:
    names = {stored: name for name, stored in STORED_NAMES.items()}
    return {names.get(name, name): value for name, value in row.items() if name != "part"}


def _field_of_part(part: str) -> str:
    return f"ind{part}" if part.isdigit() else part.lower()


class _FieldChanges(Sequence[FieldChange]):
    """Every changed field, table by table, in the order of the keys. Which have changed is found at
    once; each is made when it is read: a large file changes many, a person looks at some."""

    AT_ONCE = 1_000

    def __init__(self, differences: Sequence[Difference]) -> None:
        self._parts = [(found, *_changed_places(found)) for found in differences]

    def __len__(self) -> int:
        return sum(len(rows) for _, rows, _ in self._parts)

    @overload
    def __getitem__(self, index: int) -> FieldChange: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[FieldChange]: ...
    def __getitem__(self, index: int | slice) -> FieldChange | Sequence[FieldChange]:
        if isinstance(index, slice):
            return tuple(self[place] for place in range(len(self))[index])
        place = range(len(self))[index]
        for found, rows, fields in self._parts:
            if place < len(rows):
                return _field_changes(found, rows[[place]], fields[[place]])[0]
            place -= len(rows)
        raise IndexError(index)

    def __iter__(self) -> Iterator[FieldChange]:
        for found, rows, fields in self._parts:
            for start in range(0, len(rows), self.AT_ONCE):
                block = slice(start, start + self.AT_ONCE)
                yield from _field_changes(found, rows[block], fields[block])


Places = np.ndarray[tuple[int], np.dtype[np.int64]]


def _changed_places(found: Difference) -> tuple[Places, Places]:
    """The changed fields of a table: positions among its differing rows, and among `brought`."""
    changed = [_is_changed(found, name) for name in found.brought]
    rows, fields = np.nonzero(np.column_stack(changed)) if changed else np.empty((2, 0), np.int64)
    return rows, fields


def _is_changed(found: Difference, name: str) -> Any:
    old, new = found.found.column(f"old_{name}"), found.rows.column(name)
    places = found.found.column("place")
    if old.null_count == len(old):  # as of new rows: nothing to compare long texts with
        return pc.take(_says(new), places).to_numpy()
    said, says = _says(old), pc.take(_says(new), places)
    same = pc.fill_null(pc.equal(old, pc.take(new, places)), False)
    return pc.and_(pc.or_(said, says), pc.invert(same)).to_numpy()


def _field_changes(found: Difference, rows: Places, fields: Places) -> list[FieldChange]:
    distinct, of_field = np.unique(rows, return_inverse=True)
    olds = found.found.take(distinct)
    news = found.rows.take(olds.column("place")).to_pylist()
    both = list(zip(olds.to_pylist(), news, strict=True))
    return [
        _field_change(found, found.brought[field], *both[row])
        for row, field in zip(of_field.tolist(), fields.tolist(), strict=True)
    ]


def _field_change(
    found: Difference, name: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> FieldChange:
    key = {part: _plain(new[part]) for part in found.table.key}
    shown = _field_of_part(key["part"]) if "part" in key else name
    shown_key = key if found.table.name == "agency" else _file_key(key)
    return FieldChange(shown_key, shown, _plain(old[f"old_{name}"]), _plain(new[name]))


def _says(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Where a value is there; an empty text says as little as a missing one."""
    if not pa.types.is_string(values.type):
        return pc.is_valid(values)
    return pc.fill_null(pc.greater(pc.binary_length(values), 0), False)


def _plain(value: Any) -> Any:
    """A value as JSON knows it; an empty text is None, as a missing one."""
    if value == "":
        return None
    return float(value) if isinstance(value, Decimal) else value


def _counts(checked: Checked, differences: Sequence[Difference]) -> Counts:
    """Rows of the file: new if their key is, changed if any of their fields is."""
    touched = _touched(KEYS[checked.kind], differences)
    new = sum(
        pc.sum(found.found.column("is_new")).as_py() or 0
        for found in differences
        if found.table.name != "score"
    )
    return Counts(new, touched - new, len(checked.lines) - touched)


def _touched(key: Sequence[str], differences: Sequence[Difference]) -> int:
    """Rows of the file that differ from the store in any of its tables."""
    if len(differences) == 1:
        return int(differences[0].found.num_rows)
    names = [_stored(name) for name in key]
    keys = [found.rows.select(names).take(found.found.column("place")) for found in differences]
    return int(pa.concat_tables(keys).group_by(names).aggregate([]).num_rows)
