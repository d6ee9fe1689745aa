"""Backup and restore by a person: permission, and the audit entry."""

from __future__ import annotations

from pathlib import Path

from ita.auth.audit import record, recording
from ita.auth.permissions import Action, User, require
from ita.auth.sessions import end_every_session
from ita.integrity.checking import check_integrity
from ita.reference import Reference
from ita.store import Store, last_batch
from ita.store.backup import Backup, RestoreResult, backup, restore
from ita.store.unavailable import StoreUnavailable, Trouble


def back_up_store(store: Store, path: Path, user: User) -> Backup:
    """Copy everything into a file, while others go on.

    Raises:
        NotAllowed: only an administrator may.
        BackupRefused: the path is the store itself, a folder, or another store.
        StoreUnavailable: the store can't be read, or the copy not be written; says which.
    """
    require(user, Action.BACK_UP)
    try:  # before: who has everything in a file is in the log
        with recording(store) as cursor:
            record(cursor, user, Action.BACK_UP, detail={"last_batch": last_batch(cursor)})
    except StoreUnavailable as fault:
        # Whoever can read the file may save what is on a full disk without an entry.
        if user.account or fault.trouble is not Trouble.DISK_FULL:
            raise
    return backup(store, path)


def restore_store(source: Path, database: Path, user: User, reference: Reference) -> RestoreResult:
    """Replace the store by a backup that passes every check; a copy of the store stays.

    Raises:
        NotAllowed: only an administrator may.
        RestoreRefused: the file is missing, or its data break a rule.
        StoreUnavailable: the present store is in use, or the file no store that can be read.
    """
    require(user, Action.RESTORE)

    def look_over(store: Store) -> list[str]:
        faults = [one.message() for one in check_integrity(store, reference) if not one.is_warning]
        if not faults:
            with recording(store) as cursor:
                end_every_session(cursor)  # those of the day of the backup
                record(cursor, user, Action.RESTORE, detail={"last_batch": last_batch(cursor)})
        return faults

    return restore(source, database, look_over)
