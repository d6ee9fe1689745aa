"""Several files that are one change: their preview, together or each apart, and the ZIP of a whole store."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import IO, Generic, TypeVar

from ita.auth.permissions import Action, User, require
from ita.config import Limits
from ita.i18n import _
from ita.imports.datasets import SUMS, Dataset
from ita.imports.diff import FieldChange, FieldChanges
from ita.imports.draft import ImportRequest
from ita.imports.saving import (
    CheckedRequest,
    ImportPreview,
    ImportResult,
    apply_within,
    check_within,
    import_files,
    import_within,
)
from ita.imports.validation.rows import ValidatedFile
from ita.reference import Reference
from ita.store import Cursor, Store, last_batch
from ita.store.changes import Difference, compare_files, file_hash

T = TypeVar("T")


@dataclass(frozen=True)
class FilesPreview(Generic[T]):
    """What several files would do, by the store of one version; outcomes up to the first refused.

    before, after: what `look` saw without them and with them; None where they change nothing.
    """

    outcomes: tuple[ImportResult, ...]
    version: int
    before: T | None = None
    after: T | None = None

    @property
    def accepted(self) -> bool:
        return all(outcome.accepted for outcome in self.outcomes)

    @property
    def changes(self) -> bool:
        return self.accepted and any(outcome.differences for outcome in self.outcomes)


def preview_files(
    store: Store,
    requests: Sequence[ImportRequest],
    reference: Reference,
    limits: Limits,
    user: User,
    look: Callable[[Cursor], T],
) -> FilesPreview[T]:
    """Check files one after the other, list what would change, and look at the store as it would be.
    user: who must be allowed to bring them in.

    Raises:
        StoreUnavailable: the store failed.
    """
    with store.dry_run() as cursor:
        version = last_batch(cursor)
        before = look(cursor)
        preview = FilesPreview[T](
            tuple(_dry_run_each(cursor, requests, reference, limits, user)), version
        )
        return replace(preview, before=before, after=look(cursor)) if preview.changes else preview


def _dry_run_each(
    cursor: Cursor,
    requests: Sequence[ImportRequest],
    reference: Reference,
    limits: Limits,
    user: User,
) -> Iterator[ImportResult]:
    """Each file's outcome with what it would change, on top of those before it."""
    for request in requests:
        outcome = import_within(cursor, request, reference, limits, user, list_changes=True)
        yield replace(outcome, batch=None)
        if not outcome.accepted:
            return


# Files that a person brings together: what is right goes in, each file that is not stays out alone.


@dataclass(frozen=True)
class FileScope:
    """What the good rows of a file are of. agencies: rows of each, by id; quarters: of completion."""

    agencies: Mapping[str, int]
    years: tuple[int, ...]
    quarters: tuple[int, ...]


@dataclass(frozen=True)
class Rival:
    """Another file of the same kind with other values for the same rows. example: one of them, `old` the
    other file's."""

    position: int
    count: int
    example: FieldChange


@dataclass(frozen=True)
class FileCheck(Generic[T]):
    """One of several files, checked on top of those before it that go in.

    request: with what was settled. scope: None where no row can be read. is_certain: whether it is
    clear how it is read. rivals: of which nobody has said which holds. preview: of the one looked into.
    """

    request: ImportRequest
    outcome: ImportResult
    scope: FileScope | None
    is_certain: bool
    rivals: tuple[Rival, ...] = ()
    preview: ImportPreview[T] | None = None

    @property
    def is_right(self) -> bool:
        """Whether it can be stored: nothing blocks, and it is not stored already."""
        return self.is_certain and self.outcome.accepted and not self.outcome.batch


@dataclass(frozen=True)
class FilesCheck(Generic[T]):
    """Several files by the store of one version, in the order of the requests."""

    files: tuple[FileCheck[T], ...]
    version: int


@dataclass(frozen=True)
class FilesReading(Generic[T]):
    """What a person has said of several files. wanted: the positions of those that are to be stored.

    settle: another request to be checked instead of one that was checked; None where there is none.
    is_certain: whether it is clear how a file is read. look: as of `preview_import`, for the file at
    `opened`; None = the first that is not right.
    """

    wanted: Collection[int]
    settle: Callable[[CheckedRequest], ImportRequest | None]
    is_certain: Callable[[CheckedRequest], bool]
    look: Callable[[Cursor, ValidatedFile], T | None]
    opened: int | None = None


def check_files(
    store: Store,
    requests: Sequence[ImportRequest],
    reference: Reference,
    limits: Limits,
    user: User,
    reading: FilesReading[T],
) -> FilesCheck[T]:
    """Check files one after the other in the order given, each with what those before it bring; nothing
    is kept. One that is refused, not wanted or contradicted by another brings nothing.

    Raises:
        StoreUnavailable: the store failed.
    """
    contradicted: set[int] = set()
    while True:
        with store.dry_run() as cursor:
            version = last_batch(cursor)
            turn = _Turn(cursor, reference, limits, user, reading, version, contradicted)
            for position, request in enumerate(requests):
                turn.check(position, request)
        known = set(turn.rivals)
        if known <= contradicted:
            files = [
                replace(found, rivals=tuple(turn.rivals.get(position, ())))
                for position, found in enumerate(turn.files)
            ]
            return FilesCheck(tuple(files), version)
        # What comes after them has seen values of which nobody has said that they hold.
        contradicted |= known


@dataclass
class _Turn(Generic[T]):
    """Files on their way through one dry run. rows: what was read of those that may go in."""

    cursor: Cursor
    reference: Reference
    limits: Limits
    user: User
    reading: FilesReading[T]
    version: int
    contradicted: Collection[int]
    files: list[FileCheck[T]] = field(default_factory=list)
    rivals: dict[int, list[Rival]] = field(default_factory=dict)
    rows: dict[int, Sequence[Difference]] = field(default_factory=dict)
    looked_into: int | None = None

    def check(self, position: int, request: ImportRequest) -> None:
        found = self._found(request)
        settled = self.reading.settle(found)
        if settled is not None:
            found = self._found(settled)
        is_certain = found.checked is None or self.reading.is_certain(found)
        scope = scope_of(found.checked) if found.checked else None
        checked = FileCheck[T](found.request, found.outcome, scope, is_certain)
        is_wanted = checked.is_right and position in self.reading.wanted
        if is_wanted:
            self._find_rivals(position, found)
        is_opened = position == self.reading.opened
        if self.reading.opened is None and self.looked_into is None:
            is_opened = not checked.is_right and not found.outcome.batch
        before = after = None
        if is_wanted and position not in self.contradicted:
            before = self._look(found) if is_opened else None
            apply_within(self.cursor, found)
            after = self._look(found) if before is not None else None
        if is_opened:
            self.looked_into = position
            preview = ImportPreview(found.outcome, found.checked, self.version, before, after)
            checked = replace(checked, preview=preview)
        else:  # the differences hold all rows of a file
            checked = replace(checked, outcome=replace(found.outcome, differences=()))
        self.files.append(checked)

    def _found(self, request: ImportRequest) -> CheckedRequest:
        return check_within(self.cursor, request, self.reference, self.limits, self.user)

    def _look(self, found: CheckedRequest) -> T | None:
        return self.reading.look(self.cursor, found.checked) if found.checked else None

    def _find_rivals(self, position: int, found: CheckedRequest) -> None:
        for other, differences in self.rows.items():
            if self.files[other].request.kind is not found.request.kind:
                continue
            for back, pairs in (
                (False, zip(found.differences, differences, strict=True)),
                (True, zip(differences, found.differences, strict=True)),
            ):
                values = FieldChanges([compare_files(self.cursor, *pair) for pair in pairs])
                if values:
                    file, rival = (other, position) if back else (position, other)
                    self.rivals.setdefault(file, []).append(Rival(rival, len(values), values[0]))
        self.rows[position] = found.differences


def scope_of(checked: ValidatedFile) -> FileScope:
    """What the good rows of a file are of."""
    cells = checked.cells
    years, quarters = (
        tuple(sorted({int(number) for number in set(cells.get(name, ())) if number}))
        for name in ("fiscal_year", "quarter")
    )
    return FileScope(Counter(filter(None, cells.get("agency", ()))), years, quarters)


# A bundle back into a store: all of its files in one transaction, or none.

_NAME = re.compile(rf"(?:\d+_)?({'|'.join(Dataset)})(?:_(\d+))?\.csv")

_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError)
"""What zipfile raises of archives that are damaged, encrypted or packed in a way it doesn't know."""


class BundleError(Exception):
    """A file is no bundle, or a damaged one; nothing was stored. The text says what to do."""


def import_bundle(
    store: Store,
    source: IO[bytes],
    reference: Reference,
    limits: Limits,
    user: User,
    reason: str = "",
    dry_run: bool = False,
) -> tuple[ImportResult, ...]:
    """Import every table of a bundle as `import_files` does, in the order of import.

    Raises:
        NotAllowed: only an administrator may.
        BundleError: it can't be read as a bundle.
        StoreUnavailable: the store failed; nothing is stored.
    """
    require(user, Action.IMPORT_ALL)
    requests = _requests(source, limits)
    return import_files(store, requests, reference, limits, user, reason, dry_run)


def _requests(source: IO[bytes], limits: Limits) -> Iterator[ImportRequest]:
    """The tables of a bundle that hold rows, in the order in which they are imported."""
    try:
        with zipfile.ZipFile(source) as archive:
            tables = _tables(archive.namelist())
            if not tables:
                raise _no_bundle()
            sums = _sums(archive)
            for name, kind in tables:
                rows = _content(archive, name, limits)
                if name in sums and file_hash(rows) != sums[name]:
                    raise BundleError(
                        _(
                            "ไฟล์ {file} ในชุดนี้ไม่ตรงกับเลขตรวจสอบใน {sums} จึงไม่ได้นำเข้า กรุณาใช้ชุดเดิมที่ระบบส่งออก "
                            "หากแก้ไขไฟล์โดยตั้งใจ กรุณาแตก ZIP แล้วนำเข้าทีละไฟล์",
                            file=name,
                            sums=SUMS,
                        )
                    )
                if b"\n" in rows.rstrip(b"\r\n"):  # else only a header: nothing was stored of it
                    yield ImportRequest(kind, rows, name)
    except _DAMAGED as fault:
        raise _no_bundle() from fault


def _no_bundle() -> BundleError:
    return BundleError(
        _("ไฟล์นี้ไม่ใช่ชุดข้อมูล ZIP ที่ระบบส่งออก หรือไฟล์เสียหาย กรุณาใช้ไฟล์จาก export all --format zip")
    )


def _tables(names: Iterable[str]) -> list[tuple[str, Dataset]]:
    """The files that are tables, in the order of import and of their parts."""
    found = [(name, match) for name in names if (match := _NAME.fullmatch(name))]
    kinds = list(Dataset)
    found.sort(key=lambda pair: (kinds.index(Dataset(pair[1][1])), int(pair[1][2] or 1)))
    return [(name, Dataset(match[1])) for name, match in found]


def _sums(archive: zipfile.ZipFile) -> dict[str, str]:
    if SUMS not in archive.namelist():
        return {}
    with archive.open(SUMS) as stream:
        lines = stream.read(10_000_000).decode("utf-8", "replace").splitlines()
    return {name: digest for digest, _unused, name in (line.partition("  ") for line in lines)}


def _content(archive: zipfile.ZipFile, name: str, limits: Limits) -> bytes:
    """A file's bytes; of what says less than it holds, not more than the limit is unpacked."""
    with archive.open(name) as stream:
        content = stream.read(limits.file_bytes + 1)
    if len(content) > limits.file_bytes:
        raise BundleError(
            _(
                "ไฟล์ {file} ในชุดนี้ใหญ่เกินไป รับได้ไม่เกิน {limit} MB ต่อไฟล์",
                file=name,
                limit=limits.file_bytes // 1024**2,
            )
        )
    return content
