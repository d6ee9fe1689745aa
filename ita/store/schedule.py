"""Backups that the running dashboard makes by itself."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from weakref import ref

from ita.logs import Event, note, note_fault
from ita.settings import BackupSettings, Kept
from ita.store import Store
from ita.store.backup import Backup, BackupRefused, backup
from ita.store.retention import kept, moment_of, name_at, scheduled
from ita.store.unavailable import StoreUnavailable, trouble_of
from ita.wording import say

LOOK_EVERY = 60.0
"""Seconds: the clock of the machine may jump, so the hours are looked at and not waited for."""
AFTER_A_FAILURE = timedelta(minutes=15)


@dataclass(frozen=True)
class BackupState:
    """How things stand, for administrators and for metrics. Moments are local time.

    last, last_at: the newest backup in the folder, whoever made it. failed_at, failure: of the last
    try, where it failed; a sentence. late: none has succeeded for more than twice the hours.
    """

    folder: Path | None
    last: Path | None = None
    last_at: datetime | None = None
    failed_at: datetime | None = None
    failure: str = ""
    late: bool = False


_lock = threading.Lock()
_failures: dict[Path, tuple[datetime, BackupRefused | StoreUnavailable]] = {}
"""Folder → when and why the last try failed; gone with the next that succeeds."""


def last_backup(settings: BackupSettings, now: datetime | None = None) -> BackupState:
    """What the folder holds, and whether the last try failed."""
    if settings.folder is None:
        return BackupState(None)
    failed_at, fault = _failures.get(settings.folder, (None, None))
    found = BackupState(settings.folder, failed_at=failed_at, failure=_told(fault), late=True)
    try:
        newest = next(iter(scheduled(settings.folder.iterdir())), None)
    except OSError:  # not there, or not ours to read
        return found
    if newest is None:
        return found
    age = abs((now or datetime.now()) - (moment_of(newest) or datetime.min))
    late = age > 2 * timedelta(hours=settings.hours)
    return replace(found, last=newest, last_at=moment_of(newest), late=late)


def _told(fault: BackupRefused | StoreUnavailable | None) -> str:
    """A failure in the language that is spoken now, not in the one of the thread that met it."""
    if isinstance(fault, StoreUnavailable):
        fault = fault.about(fault.database)
    return str(fault or "")


def back_up_now(store: Store, settings: BackupSettings) -> Backup:
    """Make one backup in the folder and take away those that are not kept. One at a time.

    Raises:
        BackupRefused: no folder is set.
        StoreUnavailable: it failed; what was there before is still there.
    """
    if settings.folder is None:
        raise BackupRefused(say("ยังไม่ได้กำหนดโฟลเดอร์สำรองข้อมูล (ITA_BACKUP_FOLDER)"))
    with _lock:
        try:
            made = _make(store, settings.folder)
            _tidy(settings.folder, settings.keep)
        except (BackupRefused, StoreUnavailable) as fault:
            _failures[settings.folder] = datetime.now(), fault
            reason = fault.trouble.value if isinstance(fault, StoreUnavailable) else "refused"
            note(Event.BACKUP_FAILED, reason=reason)
            raise
        _failures.pop(settings.folder, None)
        note(Event.BACKED_UP, batch=made.last_batch, bytes=made.size)
        return made


def _make(store: Store, folder: Path) -> Backup:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for unfinished in folder.glob(".ita-*.making*"):
            unfinished.unlink(missing_ok=True)
    except OSError as fault:
        raise trouble_of(fault, folder) from fault
    return backup(store, folder / name_at(datetime.now()))


def _tidy(folder: Path, keep: Kept) -> None:
    """Take away what is not kept. Nothing but scheduled backups, known by their names."""
    try:
        files = scheduled(folder.iterdir())
        for file in set(files) - kept(files, keep):
            file.unlink(missing_ok=True)
    except OSError as fault:
        raise trouble_of(fault, folder) from fault


def is_due(settings: BackupSettings, now: datetime) -> bool:
    """Whether the newest backup is older than the hours; one that lies ahead of the clock is no
    reason to wait for it, nor is a failure to wait longer than a quarter of an hour."""
    found = last_backup(settings, now)
    if found.failed_at and timedelta(0) <= now - found.failed_at < AFTER_A_FAILURE:
        return False
    if found.last_at is None:
        return True
    age = now - found.last_at
    return not timedelta(0) <= age < timedelta(hours=settings.hours)


def start_backups(store: Store, settings: BackupSettings) -> threading.Thread | None:
    """Begin to look after backups in a thread of its own, which ends with the store."""
    if settings.folder is None:
        return None
    thread = threading.Thread(
        target=_look_after, args=(ref(store), settings), name="backups", daemon=True
    )
    thread.start()
    return thread


def _look_after(store: ref[Store], settings: BackupSettings) -> None:
    while (present := store()) is not None and not present.closed.is_set():
        try:
            if is_due(settings, datetime.now()):
                with suppress(BackupRefused, StoreUnavailable):  # noted, and told by `last_backup`
                    back_up_now(present, settings)
        except Exception as fault:  # of ours; it ends this try and not all that were to come
            note_fault(fault)
        closed = present.closed
        del present
        closed.wait(LOOK_EVERY)
