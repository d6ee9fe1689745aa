"""import: a file, validated and stored whole or not at all."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ita.cli.exporting import import_all
from ita.cli.old_reports import add_ocr_option
from ita.cli.options import (
    SEPARATOR_NAMES,
    add_command,
    add_json_option,
    parse_agency_mapping,
    parse_encoding,
    parse_line_number,
    parse_scale,
    parse_separator,
    parse_year,
)
from ita.cli.output import (
    check_problems_path,
    outcome_json,
    outcome_text,
    print_problems,
    write_problems,
)
from ita.cli.report_import import REPORT, import_reports
from ita.cli.session import DONE, REFUSED, CliSession, UsageError, person
from ita.exports.files import ALL
from ita.i18n import _
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.readers.limits import Unreadable, check_size
from ita.imports.readers.sheets import Dialect
from ita.imports.saving import ImportResult, RowCounts, import_file

PROGRESS_MESSAGE_BYTES = 1024 * 1024


def declare(commands: Any) -> None:
    parser = add_command(commands, "import", run_import, _("ตรวจและนำเข้าไฟล์"))
    kinds = (*(kind.value for kind in Dataset), REPORT, ALL)
    parser.add_argument("kind", choices=kinds, metavar="KIND", help=", ".join(kinds))
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help=_("ของ report ใส่ได้หลายไฟล์หรือทั้งโฟลเดอร์ นอกนั้นไฟล์เดียว"),
    )
    parser.add_argument("--agency", metavar="A", help=_("รหัสหรือชื่อหน่วยงาน"))
    parser.add_argument(
        "--year", type=parse_year, metavar="Y", help=_("ปีงบประมาณของทุกแถว เมื่อไฟล์ไม่มีคอลัมน์นี้")
    )
    parser.add_argument(
        "--scale", type=parse_scale, default=None, help="auto, percent, weighted, fraction"
    )
    parser.add_argument(
        "--encoding", type=parse_encoding, metavar="E", help="utf-8, utf-16, windows-874"
    )
    parser.add_argument(
        "--separator", type=parse_separator, metavar="S", help=", ".join(SEPARATOR_NAMES)
    )
    parser.add_argument(
        "--header-line",
        type=parse_line_number,
        metavar="N",
        help=_("บรรทัดของหัวตาราง ถ้าระบบหาไม่ถูก"),
    )
    parser.add_argument(
        "--keep-rows",
        action="store_true",
        help=_("นำแถวที่ดูเหมือนผลรวม ลายเซ็น หรือหมายเหตุเข้าด้วย"),
    )
    parser.add_argument(
        "--sheet",
        action="append",
        default=[],
        metavar="NAME",
        help=_("แผ่นงานที่จะอ่าน ใส่ซ้ำได้หลายแผ่น ถ้าระบบเลือกไม่ถูก"),
    )
    parser.add_argument(
        "--hidden-rows",
        choices=("read", "skip"),
        default="read",
        help=_("อ่านหรือข้ามแถวที่ถูกซ่อนหรือกรองออกในแผ่นงาน"),
    )
    parser.add_argument(
        "--same-agency",
        action="append",
        default=[],
        type=parse_agency_mapping,
        metavar="TEXT=ID",
        help=_("หน่วยงานที่ข้อความหรือรหัสในไฟล์หมายถึง เช่น 41=0041 (ใช้ซ้ำได้ 41=41 คือรหัสถูกต้องแล้ว)"),
    )
    parser.add_argument(
        "--links",
        action="store_true",
        help=_("ของ report: บันทึกการโยงสรุปผลกับมาตรการตามที่ระบบเสนอ ซึ่งควรให้คนตรวจก่อน"),
    )
    add_ocr_option(parser)
    parser.add_argument("--dry-run", action="store_true", help=_("ตรวจเท่านั้น ไม่บันทึก"))
    parser.add_argument("--problems", metavar="FILE", help=_("เขียนรายการปัญหาทั้งหมดเป็นไฟล์ CSV"))
    parser.add_argument("--reason", default="", metavar="TEXT", help=_("เหตุผลของการนำเข้า"))
    add_json_option(parser)


def run_import(session: CliSession) -> int:
    arguments = session.arguments
    check_problems_path(session)
    if arguments.kind == REPORT:
        return import_reports(session)
    if len(arguments.files) > 1:
        raise UsageError(
            _("ชนิด {kind} นำเข้าได้ครั้งละไฟล์ ใส่หลายไฟล์ได้เฉพาะชนิด report", kind=arguments.kind)
        )
    if arguments.kind == ALL:
        return import_all(session)
    path = Path(arguments.files[0])
    limits = session.settings.limits
    try:
        check_size(path.stat().st_size, limits)
        with path.open("rb") as stream:
            content = stream.read(limits.file_bytes + 1)  # of what has no size, not more than this
    except Unreadable as fault:
        outcome = ImportResult(False, None, None, RowCounts(), (fault.problem,))
    except (OSError, ValueError):
        raise UsageError(_("เปิดไฟล์ {file} ไม่ได้ กรุณาตรวจชื่อและที่อยู่ของไฟล์", file=path)) from None
    else:
        if len(content) > PROGRESS_MESSAGE_BYTES:
            print(_("กำลังตรวจ {file} …", file=path.name), file=sys.stderr)
        outcome = import_file(
            session.store,
            _request(arguments, path.name, content),
            session.reference,
            limits,
            person(),
            arguments.reason,
            arguments.dry_run,
        )
    if arguments.json:
        session.print_json(outcome_json(outcome, arguments.dry_run))
    else:
        print_problems(session, path.name, outcome)
        session.print_message(outcome_text(outcome))
    write_problems(session, {path.name: outcome.problems})
    return DONE if outcome.accepted else REFUSED


def _request(arguments: argparse.Namespace, name: str, content: bytes) -> ImportRequest:
    return ImportRequest(
        Dataset(arguments.kind),
        content,
        name,
        arguments.agency,
        arguments.scale,
        dialect=Dialect(
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
