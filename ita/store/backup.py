"""Backup: a copy of the whole store, made while others go on reading and saving."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ita.i18n import _
from ita.store import Store
from ita.store.copying import copy_store
from ita.store.files import copy_permissions, existing_logs
from ita.store.unavailable import StoreUnavailable, Trouble


@dataclass(frozen=True)
class Backup:
    """A copy that was read again and is equal. made_at: local time; rows: of all tables."""

    path: Path
    made_at: datetime
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
    moment = datetime.now()
    with store.reading() as cursor:
        fingerprint = copy_store(cursor, path)
    copy_permissions(path, store.database)
    rows = sum(number for number, _unused in fingerprint.tables.values())
    return Backup(path, moment, fingerprint.last_batch, rows, path.stat().st_size)


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
        raise BackupRefused(_("{place} คือฐานข้อมูลที่ใช้งานอยู่ กรุณาตั้งชื่อแฟ้มสำรองเป็นอย่างอื่น", place=path))
    if path.is_dir() or not path.name:
        raise BackupRefused(_("{place} เป็นโฟลเดอร์ กรุณาระบุชื่อแฟ้มสำรองด้วย", place=path))
    if existing_logs(path):
        raise BackupRefused(
            _(
                "{place} มีแฟ้ม .wal อยู่คู่กัน จึงน่าจะเป็นฐานข้อมูลที่ใช้งานอยู่ กรุณาตั้งชื่อแฟ้มสำรองเป็นอย่างอื่น",
                place=path,
            )
        )
    return path
