"""Backup and restore: a copy of the whole store, made while others go on reading and saving, and put back."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ita.i18n import _
from ita.store import Store, open_store
from ita.store.engine import checkpoint_file
from ita.store.files import (
    BEFORE_RESTORE,
    copy_permissions,
    existing_logs,
    free_name,
    log_path,
    remove_database,
    sync_to_disk,
)
from ita.store.instance import copy_store, is_open_here
from ita.store.unavailable import StoreUnavailable, Trouble, classify_fault


@dataclass(frozen=True)
class Backup:
    """A copy that was read again and is equal. rows: of all tables."""

    path: Path
    last_batch: int
    rows: int
    size: int


class BackupRefused(Exception):
    """A backup can't be written to that path; the text says why. Nothing was changed."""


def backup(store: Store, path: Path) -> Backup:
    """Copy everything into a file; one of that name is replaced when the copy is whole.

    Raises:
        BackupRefused: the path is the store itself, a folder, or another store.
        StoreUnavailable: the store can't be read, or the copy not be written; says which.
    """
    path = check_backup_path(store.database, path)
    with store.reading() as cursor:
        fingerprint = copy_store(cursor, path)
    copy_permissions(path, store.database)
    rows = sum(number for number, _unused in fingerprint.tables.values())
    return Backup(path, fingerprint.last_batch, rows, path.stat().st_size)


def check_backup_path(database: Path, path: Path) -> Path:
    """The resolved path of a backup; its folder is created.

    Raises:
        BackupRefused: no backup may be written there; says why.
        StoreUnavailable: the folder can't be created.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Only once the folder is there it is certain where a path with ".." in it leads.
        path = path.parent.resolve() / path.name
        is_store = path == database.resolve() or (
            path.exists() and database.exists() and path.samefile(database)
        )
    except OSError as fault:
        raise StoreUnavailable(Trouble.NO_FOLDER, path) from fault
    if is_store:
        raise BackupRefused(_("{place} คือฐานข้อมูลที่ใช้งานอยู่ กรุณาตั้งชื่อไฟล์สำรองเป็นอย่างอื่น", place=path))
    if path.is_dir() or not path.name:
        raise BackupRefused(_("{place} เป็นโฟลเดอร์ กรุณาระบุชื่อไฟล์สำรองด้วย", place=path))
    if existing_logs(path):
        raise BackupRefused(
            _(
                "{place} มีไฟล์ .wal อยู่คู่กัน จึงน่าจะเป็นฐานข้อมูลที่ใช้งานอยู่ กรุณาตั้งชื่อไฟล์สำรองเป็นอย่างอื่น",
                place=path,
            )
        )
    return path


# Restore: a backup replaces the store, of which a copy stays in the folder.


@dataclass(frozen=True)
class RestoreResult:
    """previous_store: the path of the store that was there before; None if there was none."""

    last_batch: int
    previous_store: Path | None


class RestoreRefused(Exception):
    """A file can't replace the store; the text says why. Nothing was changed."""


def restore(
    source: Path, database: Path, validate: Callable[[Store], Sequence[str]]
) -> RestoreResult:
    """Replace the store by the data of a backup; the backup itself stays as it is.

    It is read, validated and copied before anything is moved, so that a kill at any moment leaves
    the old store or the new one, and a copy of the old one in the folder.

    Args:
        validate: gives the messages of what is wrong with the copy, one of which is enough to
            refuse; it may write into the copy what is to be there from the first moment.

    Raises:
        RestoreRefused: the file is missing, or its data break a rule.
        StoreUnavailable: the present store is in use, or the file no store that can be read.
    """
    check_source(source, database)
    checkpoint_database(database)
    source_copy, new_store = (
        database.with_name(f".{database.name}.{w}") for w in ("taken", "restoring")
    )
    try:
        last_batch = _prepare(source, database, source_copy, new_store, validate)
        if database.exists():
            copy_permissions(new_store, database)
        previous_store = _set_aside(database)
        new_store.replace(database)
        for log in existing_logs(database):
            log.unlink()
        sync_to_disk(database.parent)
    except OSError as fault:
        raise classify_fault(fault, database) from fault
    finally:
        remove_database(source_copy)
        remove_database(new_store)
    return RestoreResult(last_batch, previous_store)


def check_source(source: Path, database: Path) -> None:
    """Check that a backup can be restored.

    Raises:
        RestoreRefused: there is no such file, it may not be read, or it is the store itself.
    """
    if not source.is_file():
        raise RestoreRefused(_("ไม่พบไฟล์สำรอง {place} กรุณาตรวจชื่อและที่อยู่ของไฟล์", place=source))
    if not os.access(source, os.R_OK):
        raise RestoreRefused(_("ไม่มีสิทธิ์อ่านไฟล์สำรอง {place} กรุณาตรวจสิทธิ์ของไฟล์", place=source))
    if database.exists() and source.samefile(database):
        raise RestoreRefused(_("{place} คือฐานข้อมูลที่ใช้งานอยู่ ไม่ใช่ไฟล์สำรอง", place=source))


def checkpoint_database(database: Path) -> None:
    """Have the present store write its log into its file; a damaged one is left as it is.

    Raises:
        StoreUnavailable: another program has it open.
    """
    if is_open_here(database):
        raise StoreUnavailable(Trouble.IN_USE, database)
    if not database.exists():
        return
    try:
        checkpoint_file(database)
    except StoreUnavailable as fault:
        if fault.trouble is Trouble.IN_USE:
            raise


def _prepare(
    source: Path,
    database: Path,
    source_copy: Path,
    new_store: Path,
    validate: Callable[[Store], Sequence[str]],
) -> int:
    """Write a validated copy of the source at `new_store`, migrated; returns its last batch."""
    remove_database(source_copy)
    source_copy.parent.mkdir(parents=True, exist_ok=True)
    _copy_private(source, source_copy)
    if log_path(source).exists():
        _copy_private(log_path(source), log_path(source_copy))
    try:
        with open_store(source_copy) as store:
            faults = validate(store)
            if faults:
                headline = _(
                    "ข้อมูลในไฟล์ {place} ผิดกฎของระบบ {count} เรื่อง จึงไม่นำกลับมาใช้ ฐานข้อมูลปัจจุบันไม่ถูกเปลี่ยน:",
                    place=source,
                    count=len(faults),
                )
                raise RestoreRefused("\n".join([headline, *faults[:MAX_SHOWN_FAULTS]]))
            with store.reading() as cursor:
                return copy_store(cursor, new_store).last_batch
    except StoreUnavailable as fault:
        if fault.trouble in _BACKUP_TROUBLES:
            raise StoreUnavailable(_BACKUP_TROUBLES[fault.trouble], source) from fault
        raise fault.for_database(
            database if fault.trouble in _LOCAL_DISK_TROUBLES else source
        ) from fault


def _copy_private(source: Path, copy: Path) -> None:
    """Copy a file, readable by nobody else: accounts are in it."""
    copy.touch(0o600)
    shutil.copyfile(source, copy)


_LOCAL_DISK_TROUBLES = (Trouble.DISK_FULL, Trouble.NO_PERMISSION)
# Advice about the store does not apply to the file that was to replace it.
_BACKUP_TROUBLES = {
    Trouble.NOT_A_STORE: Trouble.NOT_A_BACKUP,
    Trouble.DAMAGED: Trouble.DAMAGED_BACKUP,
}

MAX_SHOWN_FAULTS = 5


def _set_aside(database: Path) -> Path | None:
    """Give the present store a second name, its log too; nothing is removed yet."""
    files = [*[database] * database.exists(), *existing_logs(database)]
    if not files:
        return None
    new_path = free_name(database, BEFORE_RESTORE, datetime.now())
    for file in files:
        path = new_path.with_name(new_path.name + file.name.removeprefix(database.name))
        try:
            os.link(file, path)
        except OSError:  # a file system without hard links
            shutil.copy2(file, path)
            sync_to_disk(path)
    return new_path


# A snapshot of a store that another program has open: a copy of its files while they don't change.
# Only from outside of the process that has it open (see `ita.store.files`).

MAX_TRIES = 40
# Longer than the resolution in which file systems store the time of a change.
QUIET_SECONDS = 0.05


@contextmanager
def open_snapshot(database: Path) -> Iterator[Store]:
    """A temporary store with what the other program has committed; deleted when the block ends.

    A write while the files are copied makes the copy start again. A partly written commit is at the
    end of the log and is ignored.

    Raises:
        StoreUnavailable: the files can't be read (as on Windows), or change all the time.
    """
    with TemporaryDirectory(prefix="ita-copy-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / database.name
        try:
            _copy_when_quiet(database, copy)
        except PermissionError as fault:
            raise StoreUnavailable(Trouble.IN_USE, database) from fault
        except OSError as fault:
            raise classify_fault(fault, database) from fault
        with open_store(copy) as store:
            yield store


def _copy_when_quiet(database: Path, copy: Path) -> None:
    for _try in range(MAX_TRIES):
        with suppress(FileNotFoundError):  # a log that was removed meanwhile
            stats_before = _file_stats(database)
            time.sleep(QUIET_SECONDS)
            remove_database(copy)
            for file in (database, *existing_logs(database)):
                shutil.copyfile(file, copy.parent / file.name)
                copy_permissions(copy.parent / file.name, file)  # the copy is as private
            if _file_stats(database) == stats_before:
                return
    raise StoreUnavailable(Trouble.IN_USE, database)


def _file_stats(database: Path) -> list[tuple[str, int, int, int]]:
    """Name, number, size and time of change of each file."""
    files = ((file.name, file.stat()) for file in (database, *existing_logs(database)))
    return [(name, s.st_ino, s.st_size, s.st_mtime_ns) for name, s in files]
