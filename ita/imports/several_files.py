"""Several files that are one change: their preview, and the ZIP of a whole store."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, Generic, TypeVar

from ita.auth.permissions import Action, User, require
from ita.config import Limits
from ita.i18n import _
from ita.imports.datasets import SUMS, Dataset
from ita.imports.draft import ImportRequest
from ita.imports.saving import ImportResult, import_files, import_within
from ita.reference import Reference
from ita.store import Cursor, Store, last_batch
from ita.store.changes import file_hash

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
