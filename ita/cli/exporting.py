"""export: a table, or the whole store, as a file."""

from __future__ import annotations

from typing import IO, Any

from ita.cli.bundles import export_all
from ita.cli.exits import CommandRefused, UsageError
from ita.cli.options import add_command
from ita.cli.output_files import write_output
from ita.cli.session import CliSession, person
from ita.exports.files import ALL, FORMS, write_table
from ita.exports.writers import TABLES, UnknownColumn
from ita.i18n import _
from ita.tables import TooManyRows


def declare(commands: Any) -> None:
    export = add_command(commands, "export", export_table, _("ส่งออกตาราง"))
    tables = (*TABLES, ALL)
    export.add_argument("table", choices=tables, metavar="TABLE", help=", ".join(tables))
    export.add_argument("--format", choices=FORMS, required=True)
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
