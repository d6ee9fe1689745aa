"""import: a file, checked and stored whole or not at all."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ita.commands.bundles import import_all
from ita.commands.declaring import add, json_switch
from ita.commands.exits import DONE, REFUSED, WrongCall
from ita.commands.outcomes import (
    check_problems_place,
    outcome_json,
    outcome_text,
    tell_problems,
    write_problems,
)
from ita.commands.session import Session, person
from ita.commands.words import (
    SEPARATOR_NAMES,
    encoding,
    line,
    scale,
    separator,
    text_and_id,
    year,
)
from ita.importing.draft import Request
from ita.importing.files import ALL
from ita.importing.kinds import Kind
from ita.importing.reading import Reading
from ita.importing.refusals import Unreadable, check_size
from ita.importing.saving import Counts, Outcome, bring_in
from ita.wording import say

LONG_FILE = 1024 * 1024


def declare(commands: Any) -> None:
    importing = add(commands, "import", import_file, say("ตรวจและนำเข้าแฟ้ม"))
    kinds = (*(kind.value for kind in Kind), ALL)
    importing.add_argument("kind", choices=kinds, metavar="KIND", help=", ".join(kinds))
    importing.add_argument("file", metavar="FILE")
    importing.add_argument("--agency", metavar="A", help=say("รหัสหรือชื่อหน่วยงาน"))
    importing.add_argument(
        "--year", type=year, metavar="Y", help=say("ปีงบประมาณของทุกแถว เมื่อแฟ้มไม่มีคอลัมน์นี้")
    )
    importing.add_argument(
        "--scale", type=scale, default=None, help="auto, percent, weighted, fraction"
    )
    importing.add_argument(
        "--encoding", type=encoding, metavar="E", help="utf-8, utf-16, windows-874"
    )
    importing.add_argument(
        "--separator", type=separator, metavar="S", help=", ".join(SEPARATOR_NAMES)
    )
    importing.add_argument(
        "--header-line", type=line, metavar="N", help=say("บรรทัดของหัวตาราง ถ้าระบบหาไม่ถูก")
    )
    importing.add_argument(
        "--keep-rows",
        action="store_true",
        help=say("นำแถวที่ดูเหมือนผลรวม ลายเซ็น หรือหมายเหตุเข้าด้วย"),
    )
    importing.add_argument(
        "--sheet",
        action="append",
        default=[],
        metavar="NAME",
        help=say("แผ่นงานที่จะอ่าน ใส่ซ้ำได้หลายแผ่น ถ้าระบบเลือกไม่ถูก"),
    )
    importing.add_argument(
        "--hidden-rows",
        choices=("read", "skip"),
        default="read",
        help=say("อ่านหรือข้ามแถวที่ถูกซ่อนหรือกรองออกในแผ่นงาน"),
    )
    importing.add_argument(
        "--same-agency",
        action="append",
        default=[],
        type=text_and_id,
        metavar="TEXT=ID",
        help=say("หน่วยงานที่ข้อความหรือรหัสในแฟ้มหมายถึง เช่น 41=0041 (ใช้ซ้ำได้ 41=41 คือรหัสถูกต้องแล้ว)"),
    )
    importing.add_argument("--dry-run", action="store_true", help=say("ตรวจเท่านั้น ไม่บันทึก"))
    importing.add_argument("--problems", metavar="FILE", help=say("เขียนรายการปัญหาทั้งหมดเป็นแฟ้ม CSV"))
    importing.add_argument("--reason", default="", metavar="TEXT", help=say("เหตุผลของการนำเข้า"))
    json_switch(importing)


def import_file(session: Session) -> int:
    arguments = session.arguments
    check_problems_place(session)
    if arguments.kind == ALL:
        return import_all(session)
    place = Path(arguments.file)
    limits = session.settings.limits
    try:
        check_size(place.stat().st_size, limits)
        with place.open("rb") as stream:
            content = stream.read(limits.file_bytes + 1)  # of what has no size, not more than this
    except Unreadable as fault:
        outcome = Outcome(False, None, None, Counts(), (fault.problem,))
    except (OSError, ValueError):
        raise WrongCall(say("เปิดแฟ้ม {file} ไม่ได้ กรุณาตรวจชื่อและที่อยู่ของแฟ้ม", file=place)) from None
    else:
        if len(content) > LONG_FILE:
            print(say("กำลังตรวจ {file} …", file=place.name), file=sys.stderr)
        outcome = bring_in(
            session.store,
            _request(arguments, place.name, content),
            session.reference,
            limits,
            person(),
            arguments.reason,
            arguments.dry_run,
        )
    if arguments.json:
        session.answer(outcome_json(outcome, arguments.dry_run))
    else:
        tell_problems(session, place.name, outcome)
        session.say(outcome_text(outcome))
    write_problems(session, {place.name: outcome.problems})
    return DONE if outcome.accepted else REFUSED


def _request(arguments: argparse.Namespace, name: str, content: bytes) -> Request:
    return Request(
        Kind(arguments.kind),
        content,
        name,
        arguments.agency,
        arguments.scale,
        reading=Reading(
            arguments.encoding,
            arguments.separator,
            arguments.header_line,
            tuple(arguments.sheet),
            arguments.hidden_rows == "skip",
        ),
        keep_rows=arguments.keep_rows,
        agency_mapping=tuple(arguments.same_agency),
        year=arguments.year,
    )
