"""read: an old report's file as a draft; nothing is stored."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from ita.cli.options import add_command, add_json_option, parse_year
from ita.cli.output import write_bytes
from ita.cli.session import (
    DONE,
    REFUSED,
    CliSession,
    CommandRefused,
    Opens,
    UsageError,
    open_or_snapshot,
)
from ita.i18n import _
from ita.imports.agencies import directory
from ita.imports.cells import CellError
from ita.reports.old_report_owner import ReportRefusal
from ita.reports.reading.draft_files import draft_xlsx
from ita.reports.reading.errors import READ_LIMITS, ReadError
from ita.reports.reading.ocr import ocr_is_available
from ita.reports.reading.reader import has_thai_letters, read_draft, with_request
from ita.reports.reading.report_draft import (
    REPAIR_LABELS,
    SURENESS_LABELS,
    Doubt,
    DraftRow,
    ReportDraft,
    doubt_sentence,
)
from ita.store.files import log_path
from ita.store.unavailable import StoreUnavailable
from ita.workers import WorkerFailure


def declare(commands: Any) -> None:
    parser = add_command(
        commands, "read", read_report, _("อ่านรายงานเดิมเป็นร่าง โดยไม่บันทึก"), opens=Opens.NOTHING
    )
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--agency", metavar="A", help=_("รหัสหรือชื่อหน่วยงาน"))
    parser.add_argument(
        "--year", type=parse_year, metavar="Y", help=_("ปีงบประมาณของรายงาน ถ้าเอกสารไม่ได้บอก")
    )
    parser.add_argument(
        "--out",
        metavar="DRAFT.xlsx",
        help=_("ไฟล์ Excel ของร่าง ซึ่งนำเข้าได้ด้วย import measures และ narrative"),
    )
    add_ocr_option(parser)
    add_json_option(parser)


def add_ocr_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--ocr",
        action="store_true",
        help=_("อ่านหน้าที่เป็นภาพด้วย Tesseract ถ้าติดตั้งไว้ ทุกข้อความที่อ่านได้จะทำเครื่องหมายให้ตรวจ"),
    )


def read_report(session: CliSession) -> int:
    arguments = session.arguments
    try:
        content = document_bytes(Path(arguments.file))
        found = read_draft(content, session.reference, ocr=arguments.ocr)
    except WorkerFailure as fault:
        raise CommandRefused(fault.sentence) from None
    if isinstance(found, ReadError):
        raise CommandRefused(read_error_text(found))
    draft = with_request(found, _agency_name(session), arguments.year)
    draft = replace(draft, agency=arguments.agency or found.agency)
    if arguments.json:
        session.print_json(draft_json(draft))
    else:
        _print_draft(session, draft)
    if not draft.rows:
        session.print_message(ReportRefusal("no-table").message())
        return REFUSED
    if arguments.out:
        return write_bytes(session, draft_xlsx(draft, session.reference))
    return DONE


def _agency_name(session: CliSession) -> str | None:
    """The name of the agency of `--agency` where that is an id which a store that is there knows; else as
    it was given. A name needs no store, of which there may be a gigabyte to copy while it is in use."""
    given: str | None = session.arguments.agency
    database = session.settings.database
    is_there = database.exists() or log_path(database).exists()
    if not given or has_thai_letters(given) or not is_there:
        return given
    try:
        with open_or_snapshot(database) as store, store.reading() as cursor:
            agencies = directory(cursor, session.reference)
        return agencies.names[agencies.find(given)]
    except (StoreUnavailable, CellError):
        return given


def read_error_text(error: ReadError) -> str:
    """Why a file is not read, and that a scan can be, where it can."""
    if error.code == "scan" and ocr_is_available():
        return f"{error.message()} {_('หรือสั่งให้อ่านจากภาพด้วย --ocr')}"
    return error.message()


def document_bytes(file: Path) -> bytes:
    """The bytes of a file; of one that is too large, one more than may be read.

    Raises:
        UsageError: there is no such file.
    """
    try:
        with file.open("rb") as stream:
            return stream.read(READ_LIMITS.file_bytes + 1)
    except (OSError, ValueError):
        raise UsageError(_("เปิดไฟล์ {file} ไม่ได้ กรุณาตรวจชื่อและที่อยู่ของไฟล์", file=file)) from None


def draft_json(draft: ReportDraft) -> dict[str, Any]:
    return {
        "fiscal_year": None if draft.fiscal_year is None else int(draft.fiscal_year),
        "agency": draft.agency,
        "title": draft.title,
        "rows": [_row_json(row) for row in draft.rows],
        "unplaced": list(draft.unplaced),
        "repairs": [
            {
                "kind": kind.value,
                "count": sure.total(),
                "sure": {sureness.value: count for sureness, count in sure.items()},
            }
            for kind, sure in draft.repair_counts().items()
        ],
        "doubts": [doubt_json(doubt) for doubt in draft.doubts],
    }


def _row_json(row: DraftRow) -> dict[str, Any]:
    return {
        "instrument": row.instrument.value,
        "measures": list(row.measures),
        "results": list(row.results),
        "divisions": list(row.divisions),
        "period": row.period,
        "outcome": row.outcome,
    }


def doubt_json(doubt: Doubt) -> dict[str, Any]:
    return {
        "instrument": doubt.instrument.value if doubt.instrument else None,
        "column": doubt.column.value if doubt.column else None,
        "text": doubt.text,
        "why": doubt.why,
        "message": doubt_sentence(doubt.why),
    }


def doubt_lines(draft: ReportDraft) -> list[str]:
    """What should be looked at. Of a scan every text is doubtful; to say it once is enough."""
    sentences = (
        f"{doubt_sentence(doubt.why)} {'' if doubt.why == 'ocr' else doubt.text}".strip()
        for doubt in draft.doubts
    )
    return list(dict.fromkeys(sentences))


def _print_draft(session: CliSession, draft: ReportDraft) -> None:
    if draft.title:
        session.print_message(draft.title)
    for row in draft.rows:
        session.print_message(f"\n{row.instrument.value}")
        for title, texts in (
            (_("มาตรการ"), [f"{n}. {text}" for n, text in enumerate(row.measures, 1)]),
            (_("สรุปผล"), [f"- {text}" for text in row.results]),
            (_("ผู้รับผิดชอบ"), [", ".join(row.divisions)]),
            (_("ระยะเวลา"), [row.period or _("ไม่มีในเอกสาร")]),
            (_("ผลลัพธ์"), [row.outcome or _("ไม่มีในเอกสาร")]),
        ):
            session.print_message(f"  {title}")
            for text in texts:
                session.print_message(f"    {text}")
    if draft.unplaced:
        session.print_message("\n" + _("อ่านไม่ออก"))
        for text in draft.unplaced:
            session.print_message(f"  {text}")
    for sentence in doubt_lines(draft):
        session.print_message(sentence)
    session.print_message(_("ซ่อมตัวอักษรและวรรค {count} แห่ง", count=f"{len(draft.repairs):,}"))
    for kind, sure in draft.repair_counts().items():
        counts = ", ".join(f"{_(SURENESS_LABELS[s])} {count:,}" for s, count in sure.items())
        session.print_message(f"  {_(REPAIR_LABELS[kind])}: {counts}")
