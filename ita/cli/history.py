"""history, undo, remove: the batches, taking one back, and taking out what was stored by mistake."""

from __future__ import annotations

from typing import Any

from ita.cli.options import (
    add_command,
    add_json_option,
    cell_parser,
    parse_batch_number,
    parse_year,
)
from ita.cli.session import DONE, REFUSED, CliSession, CommandRefused, UsageError, person
from ita.domain import Instrument
from ita.exports.writers import load_export
from ita.i18n import _
from ita.imports.cells import day, instrument, narrative_type, part, seq
from ita.imports.datasets import Dataset, columns_of, dataset_label, key_text
from ita.imports.diff import FieldChanges
from ita.imports.history import preview_undo, undo
from ita.imports.quarters import quarter
from ita.imports.removal import (
    REMOVABLE,
    Removal,
    RemovalPreview,
    RemovalRefused,
    RemovedRow,
    key_fields,
    preview_removal,
    remove,
)
from ita.imports.validation.narrative import ONLY_ONE
from ita.store.batches import UndoBlocked, UndoPreview


def declare_history(commands: Any) -> None:
    history = add_command(commands, "history", show_history, _("ประวัติการนำเข้า"))
    add_json_option(history)
    undoing = add_command(commands, "undo", undo_batch, _("ยกเลิกการนำเข้าหนึ่งครั้ง"))
    undoing.add_argument("batch", type=parse_batch_number, metavar="BATCH")
    undoing.add_argument("--reason", default="", metavar="TEXT", help=_("เหตุผลของการยกเลิก"))
    undoing.add_argument(
        "--dry-run", action="store_true", help=_("บอกว่าจะเปลี่ยนอะไรหรือติดอะไร ไม่บันทึก")
    )
    add_json_option(undoing)


def show_history(session: CliSession) -> int:
    with session.store.reading() as cursor:
        table = load_export(cursor, "history", session.reference)
    if session.arguments.json:
        session.print_json(table.records)
        return DONE
    for record in table.records:
        undone = _(" (ยกเลิกแล้วโดยครั้งที่ {batch})", batch=record["undone_by"])
        print(
            f"{record['batch_id']}\t{record['saved_at']:%Y-%m-%d %H:%M} UTC\t{record['kind']}"
            f"\t{record['file_name'] or ''}\t{record['person']}\t+{record['rows_new']}"
            f" ~{record['rows_changed']} ={record['rows_same']}\t{record['reason']}"
            f"{undone if record['undone_by'] else ''}"
        )
    return DONE


def undo_batch(session: CliSession) -> int:
    arguments = session.arguments
    preview = preview_undo(session.store, arguments.batch, person(), session.reference)
    if preview.blocked is not None:
        return _report_blocked(session, preview)
    if arguments.dry_run:
        if arguments.json:
            session.print_json(_undo_json(preview))
        else:
            _print_undo_effect(session, preview)
        return DONE
    try:
        batch = undo(session.store, arguments.batch, person(), arguments.reason, session.reference)
    except UndoBlocked as fault:
        raise CommandRefused(str(fault)) from None
    if arguments.json:
        session.print_json(_undo_json(preview) | {"batch": batch})
    session.print_message(
        _("ยกเลิกครั้งที่ {batch} แล้ว บันทึกเป็นครั้งที่ {undo}", batch=arguments.batch, undo=batch)
    )
    return DONE


def _undo_json(preview: UndoPreview) -> dict[str, Any]:
    blocked = preview.blocked
    return {
        "undoes": preview.batch_id,
        "batch": None,
        "possible": blocked is None,
        "message": str(blocked) if blocked else None,
        "undo_first": list(preview.undo_first),
        "diff": [vars(change) for change in FieldChanges(preview.differences)],
    }


def _report_blocked(session: CliSession, preview: UndoPreview) -> int:
    """Say what hinders an undo, and what would have to be undone before, in that order."""
    if session.arguments.json and session.arguments.dry_run:
        session.print_json(_undo_json(preview))
        return REFUSED
    message = str(preview.blocked)
    if len(preview.undo_first) > 1:
        order = ", ".join(map(str, preview.undo_first))
        message += "\n" + _("ลำดับที่ต้องยกเลิก: {order}", order=order)
    raise CommandRefused(message)


MAX_PRINTED_CHANGES = 50


def _print_undo_effect(session: CliSession, preview: UndoPreview) -> None:
    changes = FieldChanges(preview.differences)
    session.print_message(
        _(
            "ยกเลิกครั้งที่ {batch} ได้ จะเปลี่ยน {count} ค่า",
            batch=preview.batch_id,
            count=f"{len(changes):,}",
        )
    )
    for change in changes[:MAX_PRINTED_CHANGES]:
        session.print_message(
            f"  {key_text(change.key)} · {change.field}: {_shown(change.old)} → {_shown(change.new)}"
        )
    if len(changes) > MAX_PRINTED_CHANGES:
        session.print_message(_("  … แสดง {most} ค่าแรก ดูทั้งหมดด้วย --json", most=MAX_PRINTED_CHANGES))


def _shown(value: object) -> str:
    return "–" if value is None else str(value).replace("\n", " / ")


# remove: one row that was stored by mistake, with what hangs on it.


def _options_of(kind: Dataset) -> tuple[str, ...]:
    """The options that name a row of a kind, beside `--agency`."""
    fields = (field for field in key_fields(kind) if field != "agency")
    return tuple("year" if field == "fiscal_year" else field for field in fields)


def declare_removal(commands: Any) -> None:
    removing = add_command(
        commands, "remove", remove_row, _("เอาข้อมูลที่บันทึกผิดออกหนึ่งรายการ พร้อมสิ่งที่ผูกกับรายการนั้น")
    )
    kinds = tuple(kind.value for kind in REMOVABLE)
    removing.add_argument("kind", choices=kinds, metavar="KIND", help=", ".join(kinds))
    removing.add_argument("--agency", metavar="A", help=_("รหัสหรือชื่อหน่วยงาน"))
    removing.add_argument("--year", type=parse_year, metavar="Y", help=_("ปีงบประมาณ เช่น 2567"))
    for name, read, about in (
        ("quarter", quarter, _("ไตรมาส 1 ถึง 4")),
        ("instrument", instrument, "IIT, EIT, OIT"),
        ("type", narrative_type, "result, outcome, period"),
        ("seq", seq, _("ลำดับของมาตรการหรือสรุปผล")),
        ("part", part, _("total, IIT, EIT, OIT หรือเลขตัวชี้วัด ไม่ระบุ = คะแนนทั้งปี")),
        ("date", day, _("วันของเหตุการณ์ เช่น 21 เม.ย. 2567")),
    ):
        removing.add_argument(
            f"--{name}", type=cell_parser(read), metavar=name[0].upper(), help=about
        )
    removing.add_argument("--dry-run", action="store_true", help=_("บอกสิ่งที่จะหายไป ไม่บันทึก"))
    removing.add_argument("--reason", default="", metavar="TEXT", help=_("เหตุผลของการเอาออก"))
    add_json_option(removing)


def remove_row(session: CliSession) -> int:
    arguments = session.arguments
    removal = _removal(session)
    try:
        preview = preview_removal(session.store, removal, person(), session.reference)
        batch = None
        if not arguments.dry_run:
            batch = remove(session.store, removal, person(), arguments.reason, session.reference)
    except RemovalRefused as fault:
        raise CommandRefused(str(fault)) from None
    if arguments.json:
        session.print_json(_removal_json(preview, batch))
        return DONE
    for row in preview.rows:
        _print_removed_row(session, row)
    session.print_message(
        _("ยังไม่ได้เอาออก เพราะเป็นการลองดู")
        if batch is None
        else _("เอาออกแล้ว บันทึกเป็นครั้งที่ {batch} นำกลับมาได้ด้วยคำสั่ง undo {batch}", batch=batch)
    )
    return DONE


def _removal(session: CliSession) -> Removal:
    """
    Raises:
        UsageError: an option that the kind needs is not given, or one that it doesn't know is.
    """
    arguments = session.arguments
    kind = Dataset(arguments.kind)
    allowed = _options_of(kind)
    names = dict.fromkeys(name for other in REMOVABLE for name in _options_of(other))
    given = {name for name in names if getattr(arguments, name) is not None}
    is_text = kind is Dataset.NARRATIVE and arguments.type in ("outcome", "period")
    optional = {"part"} | ({"seq"} if is_text else set())
    missing = [f"--{name}" for name in allowed if name not in given | optional]
    extra = [f"--{name}" for name in names if name in given and name not in allowed]
    if is_text and "seq" in given:
        extra.append("--seq")
    if missing or extra:
        sentence = (
            _("คำสั่ง remove {kind} ต้องระบุ {options}", kind=kind, options=" ".join(missing))
            if missing
            else _("คำสั่ง remove {kind} ไม่ใช้ {options}", kind=kind, options=" ".join(extra))
        )
        raise UsageError(sentence)
    return Removal(
        kind,
        session.agency(),
        arguments.year,
        arguments.quarter,
        Instrument(arguments.instrument) if arguments.instrument else None,
        arguments.type,
        ONLY_ONE if is_text else arguments.seq,
        arguments.part,
        arguments.date,
    )


def _removal_json(preview: RemovalPreview, batch: int | None) -> dict[str, Any]:
    def named(is_gone: bool) -> list[dict[str, Any]]:
        return [
            {"kind": row.kind.value, "key": row.key}
            for row in preview.rows
            if row.is_gone is is_gone
        ]

    return {
        "batch": batch,
        "removed": named(True),
        "changed": named(False),
        "diff": [
            {"kind": row.kind.value, "key": row.key, "field": field, "old": old, "new": new}
            for row in preview.rows
            for field, old, new in row.fields
        ],
    }


def _print_removed_row(session: CliSession, row: RemovedRow) -> None:
    head = _("เอาออก") if row.is_gone else _("เปลี่ยน")
    session.print_message(f"{head} {dataset_label(row.kind)}: {row.name}")
    labels = {column.name: column.thai for column in columns_of(row.kind, session.reference)}
    for field, old, new in row.fields:
        after = "" if row.is_gone else f" → {_shown(new)}"
        session.print_message(f"    {labels.get(field, field)}: {_shown(old)}{after}")
