"""report, plan, brief and handbook: documents written to a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ita.cli.options import add_command, add_report_options
from ita.cli.output import write_bytes
from ita.cli.session import CliSession, CommandRefused, Opens, UsageError
from ita.domain import thai_today
from ita.formatting import year_text
from ita.i18n import _
from ita.planning.drafts import load_plan_document
from ita.planning.plan_document import DOCUMENT_WRITERS as PLANS
from ita.reports.brief import build_brief
from ita.reports.looks import LOOKS, LookFault, validate_look
from ita.reports.narrative import NarrativeReport
from ita.reports.report_document import DOCUMENT_WRITERS


def declare(commands: Any) -> None:
    report = add_command(commands, "report", make_report, _("รายงานผลเป็นไฟล์"))
    add_report_options(report)
    report.add_argument("--format", choices=list(DOCUMENT_WRITERS), required=True)
    report.add_argument("--out", required=True, metavar="FILE")
    report.add_argument("--template", metavar="FILE", help=_("แม่แบบ Word ของหน่วยงาน (กับ docx)"))
    report.add_argument(
        "--crest", metavar="FILE", help=_("ภาพตราหน่วยงาน PNG หรือ JPEG (กับ docx และ pdf)")
    )

    plan = add_command(commands, "plan", make_plan, _("แผนมาตรการของปีเป็นไฟล์ พร้อมผลการวิเคราะห์ปีก่อน"))
    add_report_options(plan)
    plan.add_argument("--format", choices=list(PLANS), required=True)
    plan.add_argument("--out", required=True, metavar="FILE")

    brief_parser = add_command(commands, "brief", make_brief, _("บทสรุปผู้บริหารสองหน้าเป็นไฟล์"))
    add_report_options(brief_parser)
    brief_parser.add_argument("--format", choices=["pdf"], required=True)
    brief_parser.add_argument("--out", required=True, metavar="FILE")

    handbook = add_command(
        commands, "handbook", make_handbook, _("คู่มือการใช้งานเป็นไฟล์"), Opens.NOTHING
    )
    handbook.add_argument("--format", choices=["pdf", "html"], required=True)
    handbook.add_argument("--out", required=True, metavar="FILE")


def make_report(session: CliSession) -> int:
    report = session.report()
    if not report.rows:
        raise CommandRefused(
            _(
                "ยังไม่มีมาตรการหรือรายงานผลของหน่วยงานนี้ใน{year} จึงยังออกรายงานไม่ได้",
                year=year_text(session.arguments.year),
            )
        )
    return write_bytes(session, _document(session.arguments, report))


def _document(arguments: argparse.Namespace, report: NarrativeReport) -> bytes:
    looks: dict[str, bytes] = {}
    for name in LOOKS:
        file = getattr(arguments, name)
        if file and arguments.format not in LOOKS[name].formats:
            allowed = ", ".join(LOOKS[name].formats)
            raise UsageError(_("--{option} ใช้ได้กับ {formats}", option=name, formats=allowed))
        if file:
            looks[name] = _look(name, file)
    return DOCUMENT_WRITERS[arguments.format](report, **looks)


def _look(name: str, file: str) -> bytes:
    try:
        return validate_look(name, _read_bytes(file, LOOKS[name].max_bytes))
    except LookFault as fault:
        raise CommandRefused(str(fault)) from None


def _read_bytes(file: str, max_bytes: int) -> bytes:
    """The bytes of a file; of one that is too large, one more than `max_bytes`."""
    try:
        with Path(file).open("rb") as stream:
            return stream.read(max_bytes + 1)
    except (OSError, ValueError):
        raise UsageError(_("เปิดไฟล์ {file} ไม่ได้ กรุณาตรวจชื่อและที่อยู่ของไฟล์", file=file)) from None


def make_plan(session: CliSession) -> int:
    year, agency_id = session.arguments.year, session.agency()
    with session.store.reading() as cursor:
        plan = load_plan_document(cursor, agency_id, year, session.reference, thai_today())
    if plan is None:
        raise CommandRefused(
            _(
                "ยังไม่มีคะแนนหรือมาตรการก่อน{year} ให้เริ่มแผน และยังไม่มีมาตรการของปีนั้น จึงยังออกแผนไม่ได้",
                year=year_text(year),
            )
        )
    if plan.is_draft:
        session.print_message(_("{year} ยังไม่มีมาตรการที่บันทึกไว้ ไฟล์จึงเป็นร่าง", year=year_text(year)))
    return write_bytes(session, PLANS[session.arguments.format](plan))


def make_brief(session: CliSession) -> int:
    agency_id = session.agency()
    with session.store.reading() as cursor:
        content = build_brief(
            cursor, agency_id, session.arguments.year, session.reference, thai_today()
        )
    if content.is_empty:
        raise CommandRefused(
            _(
                "ยังไม่มีคะแนนจนถึง{year} และไม่มีมาตรการหรือรายงานผลของปีนั้น จึงยังออกบทสรุปไม่ได้",
                year=year_text(session.arguments.year),
            )
        )
    from ita.reports.brief import brief_pdf  # with typst's template, for this command only

    return write_bytes(session, brief_pdf(content))


def make_handbook(session: CliSession) -> int:
    from ita.documents.html import html_bytes
    from ita.documents.pdf import pdf_bytes
    from ita.handbook.chapters import handbook_document

    write = {"pdf": pdf_bytes, "html": html_bytes}[session.arguments.format]
    return write_bytes(session, write(handbook_document(session.reference)))
