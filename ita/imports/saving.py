"""From checked rows to the store: the difference first, then one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from ita import logs
from ita.auth.audit import record, recording
from ita.auth.permissions import (
    Action,
    NotAllowed,
    PermissionScope,
    Resource,
    User,
    permission_scope,
    require,
    require_on_some,
)
from ita.config import Limits
from ita.imports.affected import resource_of_changes, resource_of_rows
from ita.imports.datasets import KEYS, TABLE_OF, Dataset
from ita.imports.diff import FieldChange, FieldChanges
from ita.imports.draft import ImportRequest
from ita.imports.problems import Problem, ProblemKind
from ita.imports.readers.cell_text import well_formed
from ita.imports.readers.limits import Unreadable
from ita.imports.readers.sheets import AUTO, Dialect
from ita.imports.readers.worksheets import SheetNames
from ita.imports.stored_rows import stored_name, tables_of
from ita.imports.validation.rows import ValidatedFile, validate
from ita.reference import Reference
from ita.store import Cursor, Rollback, Store, last_batch, one_value
from ita.store.batches import (
    BatchMetadata,
    batch_of_request,
    encoding_of,
    later_batches,
    save_batch,
)
from ita.store.changes import Difference, compute_difference, file_hash
from ita.store.originals import save_original
from ita.store.spellings import header_meanings
from ita.store.tables import TABLES

T = TypeVar("T")


@dataclass(frozen=True)
class RowCounts:
    """Rows of the file by what they do to the store; not_reported: rows of a form left empty, which
    do nothing."""

    new: int = 0
    changed: int = 0
    same: int = 0
    not_reported: int = 0


@dataclass(frozen=True)
class ImportResult:
    """What an import did, or would do. batch: None where nothing was stored. sheets: of a workbook
    that was read. file, kind: as they were asked for."""

    accepted: bool
    batch: int | None
    encoding: str | None
    counts: RowCounts
    problems: tuple[Problem, ...]
    differences: Sequence[FieldChange] = ()
    missing: int = 0
    stale: bool = False
    sheets: SheetNames | None = None
    file: str = ""
    kind: Dataset | None = None


@dataclass(frozen=True)
class ImportPreview(Generic[T]):
    """What an import would do, by the store of one version.

    checked: None where the file can't be read. before, after: what `look` saw without the import
    and with it; None where it would not be accepted.
    """

    outcome: ImportResult
    checked: ValidatedFile | None
    version: int
    before: T | None = None
    after: T | None = None


def preview_import(
    store: Store,
    request: ImportRequest,
    reference: Reference,
    limits: Limits,
    user: User,
    look: Callable[[Cursor, ValidatedFile], T | None],
) -> ImportPreview[T]:
    """Check a file, list what would change, and look at the store as it would be; nothing is kept.

    user: who must be allowed to bring it in, for what it would do shows the store. look: reads
    whatever a person wants to compare, before and after, of the rows checked; None where it would
    not look, so that nothing has to be stored to be looked at.

    Raises:
        StoreUnavailable: the store failed.
    """
    with store.dry_run() as cursor:
        version = last_batch(cursor)
        found = check_within(cursor, request, reference, limits, user)
        before = look(cursor, found.checked) if found.differences and found.checked else None
        if before is None or found.checked is None:
            return ImportPreview(found.outcome, found.checked, version)
        apply_within(cursor, found)
        after = look(cursor, found.checked)
        return ImportPreview(found.outcome, found.checked, version, before, after)


@dataclass(frozen=True)
class CheckedRequest:
    """A file checked inside a transaction. differences: what it would change there; checked: None where
    it can't be read or may not be shown."""

    request: ImportRequest
    outcome: ImportResult
    differences: Sequence[Difference]
    checked: ValidatedFile | None


def check_within(
    cursor: Cursor, request: ImportRequest, reference: Reference, limits: Limits, user: User
) -> CheckedRequest:
    """Check a file inside the caller's transaction, and list what it would change; nothing is written."""
    known = _with_meanings(cursor, request)
    outcome, differences, checked = _prepare(
        cursor, known, file_hash(request.content), reference, limits, user, list_changes=True
    )
    outcome = replace(outcome, file=request.file_name, kind=request.kind)
    return CheckedRequest(known, outcome, differences, checked)


def apply_within(cursor: Cursor, found: CheckedRequest) -> None:
    """Have what follows in a dry run see the store with a file that was accepted in it."""
    digest = file_hash(found.request.content)
    save_batch(cursor, _note(found.request, digest, found.outcome, "", ""), found.differences)


def import_file(
    store: Store,
    request: ImportRequest,
    reference: Reference,
    limits: Limits,
    user: User,
    reason: str = "",
    dry_run: bool = False,
    seen_version: int | None = None,
) -> ImportResult:
    """`import_files` of one file."""
    (outcome,) = import_files(
        store, [request], reference, limits, user, reason, dry_run, seen_version
    )
    return outcome


def import_files(
    store: Store,
    requests: Iterable[ImportRequest],
    reference: Reference,
    limits: Limits,
    user: User,
    reason: str = "",
    dry_run: bool = False,
    seen_version: int | None = None,
) -> tuple[ImportResult, ...]:
    """Check files and, unless something blocks or it is a dry run, store them in one transaction, each
    a batch of its own: all of them or none, with the outcomes up to the first that is refused.

    The check and the save see the same store: both happen under the write lock. Each file is compared
    with what the ones before it bring.
    user: who must be allowed it, by the agencies and measures that the rows name; else the
    outcome is the problem `not-allowed`. seen_version: the store that the person confirmed on; if
    somebody saved since, nothing is stored and the outcome is `stale`, to be looked at again.
    A dry run lists what would change.

    Raises:
        StoreUnavailable: the store failed; nothing is stored.
    """
    done: list[ImportResult] = []
    try:
        with recording(store) as cursor:
            for request, is_last in _with_last(requests):
                seen = None if any(map(_is_stored, done)) else seen_version
                outcome = import_within(
                    cursor,
                    request,
                    reference,
                    limits,
                    user,
                    reason,
                    seen_version=seen,
                    list_changes=dry_run,
                    save=not (dry_run and is_last),
                )
                done.append(outcome)
                if not outcome.accepted:
                    raise Rollback
            if dry_run:
                raise Rollback
    except Rollback:
        # Of a dry run an outcome still says which batch the same file was before.
        refused = not all(outcome.accepted for outcome in done)
        done = [replace(one, batch=None) if refused or _is_stored(one) else one for one in done]
    if not dry_run:
        for outcome in done:
            # What would have been accepted has no batch where another file was refused.
            if outcome.batch is not None or not outcome.accepted:
                _log(outcome)
    return tuple(done)


def _with_last(requests: Iterable[ImportRequest]) -> Iterator[tuple[ImportRequest, bool]]:
    """Each request, and whether it is the last; no more than two files are held at a time."""
    waiting: ImportRequest | None = None
    for request in requests:
        if waiting is not None:
            yield waiting, False
        waiting = request
    if waiting is not None:
        yield waiting, True


def _is_stored(outcome: ImportResult) -> bool:
    """Whether an outcome has made a batch now, and not found that of the same request before."""
    already = (problem.kind is ProblemKind.ALREADY_IMPORTED for problem in outcome.problems)
    return outcome.batch is not None and not any(already)


def _log(outcome: ImportResult) -> None:
    """A line for whoever runs the machine: what kind of file, and how it went; nothing out of it."""
    if outcome.accepted:
        counts = vars(outcome.counts)
        logs.log_event(logs.LogEvent.IMPORTED, kind=outcome.kind, batch=outcome.batch, **counts)
        return
    why = "stale" if outcome.stale else next((p.kind.value for p in outcome.problems), "unknown")
    logs.log_event(logs.LogEvent.IMPORT_REFUSED, kind=outcome.kind, reason=why)


def import_within(
    cursor: Cursor,
    request: ImportRequest,
    reference: Reference,
    limits: Limits,
    user: User,
    reason: str = "",
    seen_version: int | None = None,
    list_changes: bool = False,
    save: bool = True,
) -> ImportResult:
    """One file inside the caller's transaction, so that several are stored together or none."""
    digest = file_hash(request.content)
    request = _with_meanings(cursor, request)
    outcome, differences, checked = _prepare(
        cursor, request, digest, reference, limits, user, list_changes=list_changes
    )
    outcome = replace(outcome, file=request.file_name, kind=request.kind)
    if not save or not outcome.accepted or outcome.batch:
        return outcome
    if seen_version is not None and seen_version != last_batch(cursor):
        return replace(outcome, accepted=False, stale=True)
    note = _note(request, digest, outcome, user.name, reason)
    batch = save_batch(cursor, note, differences, request.content)
    if request.original and checked:
        save_original(cursor, batch, _reports(checked), request.original)
    _record(cursor, user, checked, outcome, batch, digest)
    return replace(outcome, batch=batch)


def _reports(checked: ValidatedFile) -> set[tuple[str, int]]:
    """The agencies and years that the rows of a file are of."""
    return set(zip(checked.cells["agency"], checked.cells["fiscal_year"], strict=True))


def _record(
    cursor: Cursor,
    user: User,
    checked: ValidatedFile | None,
    outcome: ImportResult,
    batch: int,
    digest: str,
) -> None:
    thing = resource_of_rows(checked) if checked else Resource()
    detail = {"file_hash": digest, **vars(outcome.counts)}
    record(cursor, user, Action.IMPORT, thing, detail, batch)


def _with_meanings(cursor: Cursor, request: ImportRequest) -> ImportRequest:
    """What people have said of headers before holds for every way in."""
    meanings = {**header_meanings(cursor, request.kind.value), **dict(request.mapping)}
    return replace(request, mapping=tuple(sorted(meanings.items())))


def _prepare(
    cursor: Cursor,
    request: ImportRequest,
    digest: str,
    reference: Reference,
    limits: Limits,
    user: User,
    list_changes: bool,
) -> tuple[ImportResult, Sequence[Difference], ValidatedFile | None]:
    """The outcome as far as nothing is stored, what would change, and the rows where they may be shown."""
    try:
        return _validate_and_diff(
            cursor, request, digest, reference, limits, user, list_changes=list_changes
        )
    except Unreadable as fault:
        return ImportResult(False, None, None, RowCounts(), (fault.problem,)), (), None
    except NotAllowed as fault:
        problem = Problem(ProblemKind.NOT_ALLOWED, expected={"reason": str(fault)})
        return ImportResult(False, None, None, RowCounts(), (problem,)), (), None


def _validate_and_diff(
    cursor: Cursor,
    request: ImportRequest,
    digest: str,
    reference: Reference,
    limits: Limits,
    user: User,
    list_changes: bool,
) -> tuple[ImportResult, Sequence[Difference], ValidatedFile | None]:
    """
    Raises:
        Unreadable: the file as a whole can't be read.
        NotAllowed: somebody else's data.
    """
    require_on_some(user, Action.IMPORT)
    already = _earlier_import(cursor, _fingerprint(request, digest))
    if already and permission_scope(user, Action.IMPORT) is PermissionScope.ALL:
        return already, (), None
    checked = validate(request, cursor, reference, limits)
    speaks_of = resource_of_rows(checked)
    if speaks_of.agencies or checked.accepted:
        # Problems of another agency's rows tell what is stored of it, as their effects would.
        require(user, Action.IMPORT, speaks_of)
    if already:
        return already, (), None
    if not checked.accepted:
        return (
            ImportResult(
                False,
                None,
                checked.encoding,
                RowCounts(),
                checked.problems,
                sheets=checked.sheet.sheets,
            ),
            (),
            checked,
        )
    tables = tables_of(checked, reference)
    differences = [compute_difference(cursor, name, rows) for name, rows in tables.items()]
    if user.divisions:
        changes_of = resource_of_changes(cursor, checked, differences, reference)
        require(user, Action.IMPORT, changes_of)
    counts = _counts(checked, differences)
    changes = (FieldChanges(differences) or ()) if list_changes else ()
    missing = _not_in_file(cursor, checked, tables) if list_changes else 0
    outcome = ImportResult(
        True,
        None,
        checked.encoding,
        counts,
        checked.problems,
        changes,
        missing=missing,
        sheets=checked.sheet.sheets,
    )
    return outcome, differences, checked


def _earlier_import(cursor: Cursor, fingerprint: str) -> ImportResult | None:
    """The same file, read the same way, that is in already and still as it was brought in."""
    earlier = batch_of_request(cursor, fingerprint)
    if not earlier or later_batches(cursor, earlier):
        return None
    problem = Problem(ProblemKind.ALREADY_IMPORTED, value=str(earlier))
    return ImportResult(True, earlier, encoding_of(cursor, earlier), RowCounts(), (problem,))


def _not_in_file(cursor: Cursor, checked: ValidatedFile, tables: Mapping[str, pa.Table]) -> int:
    """Stored rows of the same agencies and periods that the file does not speak of."""
    name = TABLE_OF[checked.kind]
    if checked.kind in (Dataset.AGENCIES, Dataset.SCORES, Dataset.ANNOTATIONS):
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


def _fingerprint(request: ImportRequest, digest: str) -> str:
    """The same file, read the same way: what makes an import the same import."""
    how = f"{request.kind} {request.agency or ''} {request.scale or 'auto'}"
    if request.mapping:
        how += f" {sorted(request.mapping)}"
    if request.dialect != AUTO:
        how += f" {_how_read(request.dialect)}"
    if request.blank_erases:
        how += " blank-erases"
    if request.keep_rows:
        how += " keep-rows"
    if request.agency_mapping:
        how += f" agencies {sorted(request.agency_mapping)}"
    if request.year is not None:
        how += f" year={int(request.year)}"
    if request.source:
        how += f" source={request.source!r}"
    return well_formed(f"{digest} {how}")


def _how_read(reading: Dialect) -> str:
    """What was said of the reading, in the words in which earlier imports are remembered."""
    said = (
        f"encoding={reading.encoding!r}, separator={reading.separator!r}, "
        f"header_line={reading.header_line!r}"
    )
    if reading.sheets:
        said += f", sheets={sorted(reading.sheets)!r}"
    if reading.skip_hidden:
        said += ", skip_hidden=True"
    return f"Reading({said})"


def _note(
    request: ImportRequest, digest: str, outcome: ImportResult, person: str, reason: str
) -> BatchMetadata:
    return BatchMetadata(
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


def _counts(checked: ValidatedFile, differences: Sequence[Difference]) -> RowCounts:
    """Rows of the file: new if their key is, changed if any of their fields is."""
    touched = _affected_rows(KEYS[checked.kind], differences)
    new = sum(
        pc.sum(found.differing.column("is_new")).as_py() or 0
        for found in differences
        if found.table.name != "score"
    )
    same = len(checked.lines) - touched
    return RowCounts(new, touched - new, same, checked.not_reported)


def _affected_rows(key: Sequence[str], differences: Sequence[Difference]) -> int:
    """Rows of the file that differ from the store in any of its tables."""
    if len(differences) == 1:
        return int(differences[0].differing.num_rows)
    names = [stored_name(name) for name in key]
    keys = [
        found.rows.select(names).take(found.differing.column("position")) for found in differences
    ]
    return int(pa.concat_tables(keys).group_by(names).aggregate([]).num_rows)
