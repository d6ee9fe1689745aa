"""From checked rows to the store: the difference first, then one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from ita import logs
from ita.access.audit import record, recording
from ita.access.permissions import (
    Action,
    NotAllowed,
    PermissionScope,
    Resource,
    permission_scope,
    require,
    require_on_some,
)
from ita.access.users import User
from ita.importing.checking import Checked, check
from ita.importing.draft import Request
from ita.importing.field_changes import FieldChange, FieldChanges
from ita.importing.kinds import KEYS, TABLE_OF, Kind
from ita.importing.problems import Problem, ProblemKind
from ita.importing.reading import BY_RULE, Reading
from ita.importing.refusals import Unreadable
from ita.importing.stored_rows import stored_name, tables_of
from ita.importing.touched import thing_of_changes, thing_of_rows
from ita.importing.values import well_formed
from ita.importing.worksheets import SheetNames
from ita.reference import Reference
from ita.settings import Limits
from ita.store import Cursor, Store, last_batch, one_value
from ita.store.batches import (
    BatchMetadata,
    batch_of_request,
    encoding_of,
    later_batches,
    save_batch,
)
from ita.store.changes import Difference, compute_difference
from ita.store.headers import header_meanings
from ita.store.tables import TABLES

T = TypeVar("T")


@dataclass(frozen=True)
class Counts:
    """Rows of the file by what they do to the store; not_reported: rows of a form left empty, which
    do nothing."""

    new: int = 0
    changed: int = 0
    same: int = 0
    not_reported: int = 0


@dataclass(frozen=True)
class Outcome:
    """What an import did, or would do. batch: None where nothing was stored. sheets: of a workbook
    that was read."""

    accepted: bool
    batch: int | None
    encoding: str | None
    counts: Counts
    problems: tuple[Problem, ...]
    differences: Sequence[FieldChange] = ()
    missing: int = 0
    stale: bool = False
    sheets: SheetNames | None = None


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
    user: User,
    look: Callable[[Cursor, Checked], T | None],
) -> Preview[T]:
    """Check a file, list what would change, and look at the store as it would be; nothing is kept.

    user: who must be allowed to bring it in, for what it would do shows the store. look: reads
    whatever a person wants to compare, before and after, of the rows checked; None where it would
    not look, so that nothing has to be stored to be looked at.

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
                cursor, request, digest, reference, limits, user, list_changes=True
            )
            found.append(Preview(outcome, checked, version))
            if differences and checked is not None:
                before = look(cursor, checked)
                if before is not None:
                    save_batch(cursor, _note(request, digest, outcome, "", ""), differences)
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
    user: User,
    reason: str = "",
    dry_run: bool = False,
    seen_version: int | None = None,
) -> Outcome:
    """Check a file and, unless something blocks or it is a dry run, store it: all of it or nothing.

    The check and the save see the same store: both happen under the write lock, in one transaction.
    user: who must be allowed it, by the agencies and measures that the rows name; else the
    outcome is the problem `not-allowed`. seen_version: the store that the person confirmed on; if
    somebody saved since, nothing is stored and the outcome is `stale`, to be looked at again.

    Raises:
        StoreUnavailable: the store failed; nothing of the file is stored.
    """
    with recording(store) as cursor:
        outcome = bring_in_within(
            cursor, request, reference, limits, user, reason, dry_run, seen_version
        )
    if not dry_run:
        _log(request.kind, outcome)
    return outcome


def _log(kind: Kind, outcome: Outcome) -> None:
    """A line for whoever runs the machine: what kind of file, and how it went; nothing out of it."""
    if outcome.accepted:
        counts = vars(outcome.counts)
        logs.log_event(logs.LogEvent.IMPORTED, kind=kind.value, batch=outcome.batch, **counts)
        return
    why = "stale" if outcome.stale else next((p.kind.value for p in outcome.problems), "unknown")
    logs.log_event(logs.LogEvent.IMPORT_REFUSED, kind=kind.value, reason=why)


def bring_in_within(
    cursor: Cursor,
    request: Request,
    reference: Reference,
    limits: Limits,
    user: User,
    reason: str = "",
    dry_run: bool = False,
    seen_version: int | None = None,
) -> Outcome:
    """`bring_in` inside the caller's transaction, so that several files are stored together or none."""
    digest = file_hash(request.content)
    request = _with_meanings(cursor, request)
    outcome, differences, checked = _prepare(
        cursor, request, digest, reference, limits, user, list_changes=dry_run
    )
    if dry_run or not outcome.accepted or outcome.batch:
        return outcome
    if seen_version is not None and seen_version != last_batch(cursor):
        return replace(outcome, accepted=False, stale=True)
    note = _note(request, digest, outcome, user.name, reason)
    batch = save_batch(cursor, note, differences, request.content)
    _record(cursor, user, checked, outcome, batch, digest)
    return replace(outcome, batch=batch)


def _record(
    cursor: Cursor,
    user: User,
    checked: Checked | None,
    outcome: Outcome,
    batch: int,
    digest: str,
) -> None:
    thing = thing_of_rows(checked) if checked else Resource()
    detail = {"file_hash": digest, **vars(outcome.counts)}
    record(cursor, user, Action.IMPORT, thing, detail, batch)


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
    user: User,
    list_changes: bool,
) -> tuple[Outcome, Sequence[Difference], Checked | None]:
    """The outcome as far as nothing is stored, what would change, and the rows where they may be shown."""
    try:
        return _looked_through(
            cursor, request, digest, reference, limits, user, list_changes=list_changes
        )
    except Unreadable as fault:
        return Outcome(False, None, None, Counts(), (fault.problem,)), (), None
    except NotAllowed as fault:
        problem = Problem(ProblemKind.NOT_ALLOWED, expected={"reason": str(fault)})
        return Outcome(False, None, None, Counts(), (problem,)), (), None


def _looked_through(
    cursor: Cursor,
    request: Request,
    digest: str,
    reference: Reference,
    limits: Limits,
    user: User,
    list_changes: bool,
) -> tuple[Outcome, Sequence[Difference], Checked | None]:
    """
    Raises:
        Unreadable: the file as a whole can't be read.
        NotAllowed: somebody else's data.
    """
    require_on_some(user, Action.IMPORT)
    already = _already(cursor, _fingerprint(request, digest))
    if already and permission_scope(user, Action.IMPORT) is PermissionScope.ALL:
        return already, (), None
    checked = check(request, cursor, reference, limits)
    speaks_of = thing_of_rows(checked)
    if speaks_of.agencies or checked.accepted:
        # Problems of another agency's rows tell what is stored of it, as their effects would.
        require(user, Action.IMPORT, speaks_of)
    if already:
        return already, (), None
    if not checked.accepted:
        return (
            Outcome(
                False,
                None,
                checked.encoding,
                Counts(),
                checked.problems,
                sheets=checked.sheet.sheets,
            ),
            (),
            checked,
        )
    tables = tables_of(checked, reference)
    differences = [compute_difference(cursor, name, rows) for name, rows in tables.items()]
    if user.divisions:
        changes_of = thing_of_changes(cursor, checked, differences, reference)
        require(user, Action.IMPORT, changes_of)
    counts = _counts(checked, differences)
    changes = (FieldChanges(differences) or ()) if list_changes else ()
    missing = _not_in_file(cursor, checked, tables) if list_changes else 0
    outcome = Outcome(
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


def _already(cursor: Cursor, fingerprint: str) -> Outcome | None:
    """The same file, read the same way, that is in already and still as it was brought in."""
    earlier = batch_of_request(cursor, fingerprint)
    if not earlier or later_batches(cursor, earlier):
        return None
    problem = Problem(ProblemKind.ALREADY_IMPORTED, value=str(earlier))
    return Outcome(True, earlier, encoding_of(cursor, earlier), Counts(), (problem,))


def _not_in_file(cursor: Cursor, checked: Checked, tables: Mapping[str, pa.Table]) -> int:
    """Stored rows of the same agencies and periods that the file does not speak of."""
    name = TABLE_OF[checked.kind]
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
        how += f" {_how_read(request.reading)}"
    if request.blank_erases:
        how += " blank-erases"
    if request.keep_rows:
        how += " keep-rows"
    if request.agency_mapping:
        how += f" agencies {sorted(request.agency_mapping)}"
    if request.year is not None:
        how += f" year={int(request.year)}"
    return well_formed(f"{digest} {how}")


def _how_read(reading: Reading) -> str:
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
    request: Request, digest: str, outcome: Outcome, person: str, reason: str
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


def _counts(checked: Checked, differences: Sequence[Difference]) -> Counts:
    """Rows of the file: new if their key is, changed if any of their fields is."""
    touched = _touched(KEYS[checked.kind], differences)
    new = sum(
        pc.sum(found.differing.column("is_new")).as_py() or 0
        for found in differences
        if found.table.name != "score"
    )
    same = len(checked.lines) - touched
    return Counts(new, touched - new, same, checked.not_reported)


def _touched(key: Sequence[str], differences: Sequence[Difference]) -> int:
    """Rows of the file that differ from the store in any of its tables."""
    if len(differences) == 1:
        return int(differences[0].differing.num_rows)
    names = [stored_name(name) for name in key]
    keys = [
        found.rows.select(names).take(found.differing.column("position")) for found in differences
    ]
    return int(pa.concat_tables(keys).group_by(names).aggregate([]).num_rows)
