"""history and undo: the batches, and undoing one."""

from __future__ import annotations

from typing import Any

from ita.cli.options import add_command, add_json_option, parse_batch_number
from ita.cli.session import DONE, CliSession, CommandRefused, person
from ita.exports.writers import exported
from ita.i18n import _
from ita.imports.history import undo
from ita.store.batches import UndoBlocked


def declare(commands: Any) -> None:
    history = add_command(commands, "history", show_history, _("ประวัติการนำเข้า"))
    add_json_option(history)
    undoing = add_command(commands, "undo", undo_batch, _("ย้อนการนำเข้าหนึ่งครั้ง"))
    undoing.add_argument("batch", type=parse_batch_number, metavar="BATCH")
    undoing.add_argument("--reason", default="", metavar="TEXT", help=_("เหตุผลของการย้อน"))


def show_history(session: CliSession) -> int:
    with session.store.reading() as cursor:
        table = exported(cursor, "history", session.reference)
    if session.arguments.json:
        session.print_json(table.records)
        return DONE
    for record in table.records:
        undone = _(" (ย้อนแล้วโดยครั้งที่ {batch})", batch=record["undone_by"])
        print(
            f"{record['batch_id']}\t{record['saved_at']:%Y-%m-%d %H:%M} UTC\t{record['kind']}"
            f"\t{record['file_name'] or ''}\t{record['person']}\t+{record['rows_new']}"
            f" ~{record['rows_changed']} ={record['rows_same']}\t{record['reason']}"
            f"{undone if record['undone_by'] else ''}"
        )
    return DONE


def undo_batch(session: CliSession) -> int:
    arguments = session.arguments
    try:
        batch = undo(session.store, arguments.batch, person(), arguments.reason, session.reference)
    except UndoBlocked as fault:
        raise CommandRefused(str(fault)) from None
    session.print_message(
        _("ย้อนครั้งที่ {batch} แล้ว บันทึกเป็นครั้งที่ {undo}", batch=arguments.batch, undo=batch)
    )
    return DONE
