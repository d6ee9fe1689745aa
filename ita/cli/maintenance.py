"""init, demo, backup, restore, check: a store's life, with the permission and the audit entry."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ita.auth.audit import record, recording
from ita.auth.permissions import Action, User, require
from ita.auth.sessions import end_every_session
from ita.cli.options import add_command, add_json_option
from ita.cli.output import outcome_text
from ita.cli.session import DONE, REFUSED, CliSession, CommandRefused, Opens, UsageError, person
from ita.i18n import _
from ita.imports.samples import load_samples
from ita.integrity.checking import check_integrity, is_sound
from ita.integrity.findings import IntegrityFinding
from ita.reference import Reference
from ita.store import Store, last_batch
from ita.store.backup import (
    Backup,
    BackupRefused,
    RestoreRefused,
    RestoreResult,
    backup,
    check_backup_path,
    restore,
)
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


def declare(commands: Any) -> None:
    copying = add_command(
        commands, "backup", make_backup, _("สำรองข้อมูลทั้งหมดเป็นไฟล์เดียว"), Opens.COPY
    )
    copying.add_argument("file", metavar="FILE")
    add_json_option(copying)
    restoring = add_command(
        commands, "restore", restore_backup, _("นำไฟล์สำรองกลับมาใช้"), Opens.NOTHING
    )
    restoring.add_argument("file", metavar="FILE")
    add_json_option(restoring)
    checking = add_command(commands, "check", check_store, _("ตรวจข้อมูลที่เก็บไว้ตามกฎทุกข้อ"), Opens.COPY)
    add_json_option(checking)


def make_backup(session: CliSession) -> int:
    path = Path(session.arguments.file)
    try:
        check_backup_path(session.settings.database, path)
        finished = back_up_store(session.store, path, person())
    except BackupRefused as fault:
        raise UsageError(str(fault)) from None
    if session.arguments.json:
        session.print_json(
            {
                "file": str(finished.path),
                "last_batch": finished.last_batch,
                "rows": finished.rows,
                "bytes": finished.size,
            }
        )
        return DONE
    session.print_message(
        _(
            "สำรองแล้วที่ {place}: ถึงการนำเข้าครั้งที่ {batch} รวม {rows} แถว เปิดอ่านและเทียบแล้วตรงกัน",
            place=finished.path,
            batch=finished.last_batch,
            rows=finished.rows,
        )
    )
    return DONE


def restore_backup(session: CliSession) -> int:
    source, database = Path(session.arguments.file), session.settings.database
    try:
        restored = restore_store(source, database, person(), session.reference)
    except RestoreRefused as fault:
        raise CommandRefused(str(fault)) from None
    if session.arguments.json:
        aside = str(restored.previous_store) if restored.previous_store else None
        session.print_json({"last_batch": restored.last_batch, "aside": aside})
        return DONE
    session.print_message(
        _("นำ {place} กลับมาใช้แล้ว ถึงการนำเข้าครั้งที่ {batch}", place=source, batch=restored.last_batch)
    )
    if restored.previous_store:
        session.print_message(_("ฐานข้อมูลก่อนหน้านี้เก็บไว้ที่ {place}", place=restored.previous_store))
    return DONE


def check_store(session: CliSession) -> int:
    print(_("กำลังตรวจ {file} …", file=session.settings.database), file=sys.stderr)
    findings = check_integrity(session.store, session.reference)
    if session.arguments.json:
        session.print_json(
            {"sound": is_sound(findings), "findings": [one.as_json() for one in findings]}
        )
    else:
        _print_findings(session, findings)
    return DONE if is_sound(findings) else REFUSED


def _print_findings(session: CliSession, findings: tuple[IntegrityFinding, ...]) -> None:
    for finding in findings:
        session.print_message(f"{finding.message()} [{finding.kind}]\n  {finding.remedy()}")
    if not findings:
        session.print_message(_("ข้อมูลถูกต้องครบทุกข้อ"))
    elif is_sound(findings):
        session.print_message(_("ไม่พบข้อมูลเสียหาย มีเพียงข้อควรดูข้างต้น"))


# init and demo: a new store, empty or with the samples.


def declare_setup(commands: Any) -> None:
    add_command(commands, "init", init, _("สร้างหรือปรับรุ่นฐานข้อมูล"))
    add_command(commands, "demo", demo, _("นำเข้าข้อมูลตัวอย่าง"))


def init(session: CliSession) -> int:
    session.store.version()  # ready is what can be read
    session.print_message(_("ฐานข้อมูลพร้อมใช้: {place}", place=session.settings.database))
    return DONE


def demo(session: CliSession) -> int:
    for name, outcome in load_samples(session.store, session.reference, session.settings):
        session.print_message(f"{name}: {outcome_text(outcome)}")
        if not outcome.accepted:
            return REFUSED
    return DONE
