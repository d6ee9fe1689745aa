"""Scheduled backups of the running dashboard, and which of them are kept."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from weakref import ref

from ita.config import BackupSettings, RetentionCounts
from ita.i18n import _
from ita.logs import LogEvent, log_event, log_fault
from ita.store import Store
from ita.store.backup import Backup, BackupRefused, backup
from ita.store.unavailable import StoreUnavailable, classify_fault

# Retention of scheduled backups: the newest of each of the last days, weeks and months.

_NAME = re.compile(r"ita-(\d{8}-\d{6})(?:-\d+)?\.duckdb")
_MOMENT_FORMAT = "%Y%m%d-%H%M%S"


def backup_name(moment: datetime) -> str:
    """The name of a scheduled backup: ita-20261123-170000.duckdb, local time."""
    return f"ita-{moment:{_MOMENT_FORMAT}}.duckdb"


def backup_moment(path: Path) -> datetime | None:
    """When a scheduled backup was started, by its name; None for every other file."""
    match = _NAME.fullmatch(path.name)
    try:
        return datetime.strptime(match[1], _MOMENT_FORMAT) if match else None
    except ValueError:
        return None


def scheduled_backups(files: Iterable[Path]) -> list[Path]:
    """The scheduled backups among some files, the newest first."""
    return sorted((file for file in files if backup_moment(file)), reverse=True)


def backups_to_keep(files: Iterable[Path], keep: RetentionCounts) -> set[Path]:
    """The scheduled backups to keep. Days, weeks and months without one don't count, so a machine
    that was off for a month still has as many. The newest is kept in any case."""
    newest_first = scheduled_backups(files)
    files_to_keep = set(newest_first[:1])
    for period, count in (
        ("%Y-%m-%d", keep.daily),
        ("%G-%V", keep.weekly),
        ("%Y-%m", keep.monthly),
    ):
        newest_of: dict[str, Path] = {}
        for file in newest_first:
            newest_of.setdefault(format(backup_moment(file), period), file)
        files_to_keep |= set(list(newest_of.values())[:count])
    return files_to_keep


# Seconds: the clock of the machine may jump, so it is polled instead of waiting for hours.
CHECK_INTERVAL = 60.0
RETRY_DELAY = timedelta(minutes=15)


@dataclass(frozen=True)
class BackupState:
    """The state of scheduled backups, for administrators and for metrics. Moments are local time.

    last, last_at: the newest backup in the folder, whoever made it. failed_at, failure: of the last
    attempt, where it failed; a message. late: none has succeeded for more than twice the hours.
    """

    folder: Path | None
    last: Path | None = None
    last_at: datetime | None = None
    failed_at: datetime | None = None
    failure: str = ""
    late: bool = False


_lock = threading.Lock()
# Folder → when and why the last attempt failed; deleted by the next that succeeds.
_failures: dict[Path, tuple[datetime, BackupRefused | StoreUnavailable]] = {}


def last_backup(settings: BackupSettings, now: datetime | None = None) -> BackupState:
    """The newest backup in the folder, and whether the last attempt failed."""
    if settings.folder is None:
        return BackupState(None)
    failed_at, fault = _failures.get(settings.folder, (None, None))
    state = BackupState(
        settings.folder, failed_at=failed_at, failure=_failure_text(fault), late=True
    )
    try:
        newest = next(iter(scheduled_backups(settings.folder.iterdir())), None)
    except OSError:  # not there, or not ours to read
        return state
    if newest is None:
        return state
    age = abs((now or datetime.now()) - (backup_moment(newest) or datetime.min))
    late = age > 2 * timedelta(hours=settings.hours)
    return replace(state, last=newest, last_at=backup_moment(newest), late=late)


def _failure_text(fault: BackupRefused | StoreUnavailable | None) -> str:
    """A failure in the current language, not in that of the thread in which it occurred."""
    if isinstance(fault, StoreUnavailable):
        fault = fault.for_database(fault.database)
    return str(fault or "")


def back_up_now(store: Store, settings: BackupSettings) -> Backup:
    """Make one backup in the folder and delete those beyond the retention. One at a time.

    Raises:
        BackupRefused: no folder is set.
        StoreUnavailable: it failed; what was there before is still there.
    """
    if settings.folder is None:
        raise BackupRefused(_("ยังไม่ได้กำหนดโฟลเดอร์สำรองข้อมูล (ITA_BACKUP_FOLDER)"))
    with _lock:
        try:
            finished = _make_backup(store, settings.folder)
            _delete_expired(settings.folder, settings.keep)
        except (BackupRefused, StoreUnavailable) as fault:
            _failures[settings.folder] = datetime.now(), fault
            reason = fault.trouble.value if isinstance(fault, StoreUnavailable) else "refused"
            log_event(LogEvent.BACKUP_FAILED, reason=reason)
            raise
        _failures.pop(settings.folder, None)
        log_event(LogEvent.BACKED_UP, batch=finished.last_batch, bytes=finished.size)
        return finished


def _make_backup(store: Store, folder: Path) -> Backup:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for unfinished in folder.glob(".ita-*.making*"):
            unfinished.unlink(missing_ok=True)
    except OSError as fault:
        raise classify_fault(fault, folder) from fault
    return backup(store, folder / backup_name(datetime.now()))


def _delete_expired(folder: Path, keep: RetentionCounts) -> None:
    """Delete backups beyond the retention: only scheduled ones, known by their names."""
    try:
        files = scheduled_backups(folder.iterdir())
        for file in set(files) - backups_to_keep(files, keep):
            file.unlink(missing_ok=True)
    except OSError as fault:
        raise classify_fault(fault, folder) from fault


def is_due(settings: BackupSettings, now: datetime) -> bool:
    """Whether the newest backup is older than the hours, or in the future of the clock; after a
    failure only once `RETRY_DELAY` is over."""
    state = last_backup(settings, now)
    if state.failed_at and timedelta(0) <= now - state.failed_at < RETRY_DELAY:
        return False
    if state.last_at is None:
        return True
    age = now - state.last_at
    return not timedelta(0) <= age < timedelta(hours=settings.hours)


def start_backups(store: Store, settings: BackupSettings) -> threading.Thread | None:
    """Start scheduled backups in a thread of its own, which ends with the store."""
    if settings.folder is None:
        return None
    thread = threading.Thread(
        target=_run_schedule, args=(ref(store), settings), name="backups", daemon=True
    )
    thread.start()
    return thread


def _run_schedule(store: ref[Store], settings: BackupSettings) -> None:
    while (open_store := store()) is not None and not open_store.closed.is_set():
        try:
            if is_due(settings, datetime.now()):
                with suppress(
                    BackupRefused, StoreUnavailable
                ):  # logged, and shown by `last_backup`
                    back_up_now(open_store, settings)
        except Exception as fault:  # a bug; it ends this attempt and not all later ones
            log_fault(fault)
        closed = open_store.closed
        del open_store
        closed.wait(CHECK_INTERVAL)
