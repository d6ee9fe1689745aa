"""history and undo: the batches, and the way back."""

from __future__ import annotations

from typing import Any

from ita.commands.declaring import add, json_switch
from ita.commands.exits import DONE, Refused
from ita.commands.session import Session, person
from ita.commands.words import batch_number
from ita.importing.export import exported
from ita.importing.undoing import undo
from ita.store.batches import UndoBlocked
from ita.wording import say


def declare(commands: Any) -> None:
    history = add(commands, "history", show_history, say("ประวัติการนำเข้า"))
    json_switch(history)
    undoing = add(commands, "undo", undo_batch, say("ย้อนการนำเข้าหนึ่งครั้ง"))
    undoing.add_argument("batch", type=batch_number, metavar="BATCH")
    undoing.add_argument("--reason", default="", metavar="TEXT", help=say("เหตุผลของการย้อน"))


def show_history(session: Session) -> int:
    with session.store.reading() as cursor:
        found = exported(cursor, "history", session.reference)
    if session.arguments.json:
        session.answer(found.records)
        return DONE
    for record in found.records:
        undone = say(" (ย้อนแล้วโดยครั้งที่ {batch})", batch=record["undone_by"])
        print(
            f"{record['batch_id']}\t{record['saved_at']:%Y-%m-%d %H:%M} UTC\t{record['kind']}"
            f"\t{record['file_name'] or ''}\t{record['person']}\t+{record['rows_new']}"
            f" ~{record['rows_changed']} ={record['rows_same']}\t{record['reason']}"
            f"{undone if record['undone_by'] else ''}"
        )
    return DONE


def undo_batch(session: Session) -> int:
    arguments = session.arguments
    try:
        batch = undo(session.store, arguments.batch, person(), arguments.reason, session.reference)
    except UndoBlocked as fault:
        raise Refused(str(fault)) from None
    session.say(say("ย้อนครั้งที่ {batch} แล้ว บันทึกเป็นครั้งที่ {undo}", batch=arguments.batch, undo=batch))
    return DONE
