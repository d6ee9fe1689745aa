"""backup, restore, check: a copy of everything, the way back, and every rule of the stored data."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ita.commands.declaring import add, json_switch
from ita.commands.exits import DONE, REFUSED, Refused, WrongCall
from ita.commands.session import Opens, Session, person
from ita.keeping.checking import check, is_sound
from ita.keeping.copies import back_up, put_back
from ita.keeping.findings import Finding
from ita.store.backup import BackupRefused, check_place
from ita.store.restoring import RestoreRefused
from ita.wording import say


def declare(commands: Any) -> None:
    copying = add(commands, "backup", make_backup, say("สำรองข้อมูลทั้งหมดเป็นแฟ้มเดียว"), Opens.COPY)
    copying.add_argument("file", metavar="FILE")
    json_switch(copying)
    back = add(commands, "restore", restore_backup, say("นำแฟ้มสำรองกลับมาใช้"), Opens.NOTHING)
    back.add_argument("file", metavar="FILE")
    json_switch(back)
    testing = add(commands, "check", check_store, say("ตรวจข้อมูลที่เก็บไว้ตามกฎทุกข้อ"), Opens.COPY)
    json_switch(testing)


def make_backup(session: Session) -> int:
    place = Path(session.arguments.file)
    try:
        check_place(session.settings.database, place)
        made = back_up(session.store, place, person())
    except BackupRefused as fault:
        raise WrongCall(str(fault)) from None
    if session.arguments.json:
        session.answer(
            {
                "file": str(made.place),
                "last_batch": made.last_batch,
                "rows": made.rows,
                "bytes": made.size,
            }
        )
        return DONE
    session.say(
        say(
            "สำรองแล้วที่ {place}: ถึงการนำเข้าครั้งที่ {batch} รวม {rows} แถว เปิดอ่านและเทียบแล้วตรงกัน",
            place=made.place,
            batch=made.last_batch,
            rows=made.rows,
        )
    )
    return DONE


def restore_backup(session: Session) -> int:
    source, database = Path(session.arguments.file), session.settings.database
    try:
        done = put_back(source, database, person(), session.reference)
    except RestoreRefused as fault:
        raise Refused(str(fault)) from None
    if session.arguments.json:
        aside = str(done.aside) if done.aside else None
        session.answer({"last_batch": done.last_batch, "aside": aside})
        return DONE
    session.say(
        say("นำ {place} กลับมาใช้แล้ว ถึงการนำเข้าครั้งที่ {batch}", place=source, batch=done.last_batch)
    )
    if done.aside:
        session.say(say("ฐานข้อมูลก่อนหน้านี้เก็บไว้ที่ {place}", place=done.aside))
    return DONE


def check_store(session: Session) -> int:
    print(say("กำลังตรวจ {file} …", file=session.settings.database), file=sys.stderr)
    found = check(session.store, session.reference)
    if session.arguments.json:
        session.answer({"sound": is_sound(found), "findings": [one.as_json() for one in found]})
    else:
        _tell(session, found)
    return DONE if is_sound(found) else REFUSED


def _tell(session: Session, found: tuple[Finding, ...]) -> None:
    for one in found:
        session.say(f"{one.message()} [{one.kind}]\n  {one.remedy()}")
    if not found:
        session.say(say("ข้อมูลถูกต้องครบทุกข้อ"))
    elif is_sound(found):
        session.say(say("ไม่พบข้อมูลเสียหาย มีเพียงข้อควรดูข้างต้น"))
