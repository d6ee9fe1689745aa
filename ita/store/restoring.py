"""Restore: a backup replaces the store, of which a copy stays in the folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ita.i18n import _
from ita.store import Store, open_store
from ita.store.copying import copy_store
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
from ita.store.instance import is_open_here
from ita.store.unavailable import StoreUnavailable, Trouble, classify_fault


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
        raise RestoreRefused(_("ไม่พบแฟ้มสำรอง {place} กรุณาตรวจชื่อและที่อยู่ของแฟ้ม", place=source))
    if not os.access(source, os.R_OK):
        raise RestoreRefused(_("ไม่มีสิทธิ์อ่านแฟ้มสำรอง {place} กรุณาตรวจสิทธิ์ของแฟ้ม", place=source))
    if database.exists() and source.samefile(database):
        raise RestoreRefused(_("{place} คือฐานข้อมูลที่ใช้งานอยู่ ไม่ใช่แฟ้มสำรอง", place=source))


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
                raise RestoreRefused(_refusal_message(source, faults))
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


def _refusal_message(source: Path, faults: Sequence[str]) -> str:
    headline = _(
        "ข้อมูลในแฟ้ม {place} ผิดกฎของระบบ {count} เรื่อง จึงไม่นำกลับมาใช้ ฐานข้อมูลปัจจุบันไม่ถูกเปลี่ยน:",
        place=source,
        count=len(faults),
    )
    return "\n".join([headline, *faults[:MAX_SHOWN_FAULTS]])


def _set_aside(database: Path) -> Path | None:
    """Give the present store a second name, its log too; nothing is removed yet."""
    files = [*[database] * database.exists(), *existing_logs(database)]
    if not files:
        return None
    new_path = free_name(database, BEFORE_RESTORE, datetime.now())
    for file in files:
        _link_or_copy(
            file, new_path.with_name(new_path.name + file.name.removeprefix(database.name))
        )
    return new_path


def _link_or_copy(file: Path, path: Path) -> None:
    try:
        os.link(file, path)
    except OSError:  # a file system without hard links
        shutil.copy2(file, path)
        sync_to_disk(path)
