"""export and import all: a table as a file, the whole store as a ZIP and back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from ita.cli.options import add_command
from ita.cli.output import outcome_json, outcome_text, print_problems, write_output, write_problems
from ita.cli.session import DONE, REFUSED, CliSession, CommandRefused, UsageError, person
from ita.exports.files import ALL, DOWNLOAD_FORMATS, write_table, write_whole_store
from ita.exports.selection import TABLES
from ita.exports.writers import UnknownColumn
from ita.i18n import _
from ita.imports.saving import ImportResult
from ita.imports.several_files import BundleError, import_bundle
from ita.tables import TooManyRows

# import all, export all: the whole store as one ZIP.


def import_all(session: CliSession) -> int:
    """Import the ZIP of `export all`: all of its files, or none."""
    arguments = session.arguments
    (file,) = arguments.files
    dialect_options = ("agency", "scale", "encoding", "separator", "header_line")
    if any(getattr(arguments, name) is not None for name in dialect_options):
        raise UsageError(_("import all อ่านชุดข้อมูล ZIP ตามที่ส่งออกไว้ จึงไม่รับตัวเลือกวิธีอ่าน"))
    try:
        with Path(file).open("rb") as stream:
            outcomes = import_bundle(
                session.store,
                stream,
                session.reference,
                session.settings.limits,
                person(),
                arguments.reason,
                arguments.dry_run,
            )
    except BundleError as fault:
        raise CommandRefused(str(fault)) from None
    except (OSError, ValueError):
        raise UsageError(_("เปิดไฟล์ {file} ไม่ได้ กรุณาตรวจชื่อและที่อยู่ของไฟล์", file=file)) from None
    accepted = all(outcome.accepted for outcome in outcomes)
    if arguments.json:
        files = [
            {"file": outcome.file, "kind": outcome.kind, **outcome_json(outcome, dry_run=False)}
            for outcome in outcomes
        ]
        session.print_json({"accepted": accepted, "files": files})
    else:
        _print_results(session, outcomes, accepted)
    write_problems(session, {outcome.file: outcome.problems for outcome in outcomes})
    return DONE if accepted else REFUSED


def _print_results(session: CliSession, outcomes: Sequence[ImportResult], accepted: bool) -> None:
    for outcome in outcomes:
        print_problems(session, outcome.file, outcome)
        if outcome.accepted:
            session.print_message(f"{outcome.file}: {outcome_text(outcome)}")
    if not accepted:
        session.print_message(_("ไม่ได้บันทึกอะไร กรุณาแก้ไขตามรายการแล้วนำเข้าใหม่"))


def export_all(session: CliSession) -> int:
    if session.arguments.format != "zip" or session.arguments.where:
        raise UsageError(_("ทั้งระบบส่งออกได้เป็น ZIP เท่านั้น: export all --format zip --out FILE"))

    def write_content(stream: IO[bytes]) -> None:
        write_whole_store(stream, session.store, person(), session.reference)

    return write_output(session, write_content)


def declare(commands: Any) -> None:
    export = add_command(commands, "export", export_table, _("ส่งออกตาราง"))
    tables = (*TABLES, ALL)
    export.add_argument("table", choices=tables, metavar="TABLE", help=", ".join(tables))
    export.add_argument("--format", choices=DOWNLOAD_FORMATS, required=True)
    export.add_argument("--out", required=True, metavar="FILE")
    export.add_argument("--where", nargs="+", default=[], metavar="COLUMN=VALUE", action="extend")


def export_table(session: CliSession) -> int:
    arguments = session.arguments
    if arguments.table == ALL:
        return export_all(session)
    where = [_condition(text) for text in arguments.where]

    def write_content(stream: IO[bytes]) -> None:
        with session.store.reading() as cursor:
            write_table(
                stream,
                cursor,
                arguments.table,
                arguments.format,
                session.reference,
                person(),
                where=where,
            )

    try:
        return write_output(session, write_content)
    except UnknownColumn as fault:
        raise UsageError(str(fault)) from None
    except TooManyRows as fault:
        raise CommandRefused(
            _("แผ่นงานของ XLSX รับได้ไม่เกิน {rows} แถว กรุณาใช้แบบอื่น หรือกรองด้วย --where", rows=fault)
        ) from None


def _condition(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise UsageError(_("ตัวกรอง “{text}” ต้องเขียนเป็น คอลัมน์=ค่า", text=text))
    return name, value
