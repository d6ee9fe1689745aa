"""trend, claims, gaps: what the store knows of one agency."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ita.cli.options import add_command, add_json_option, add_report_options
from ita.cli.output import claim_json, text_claims_json, trend_json
from ita.cli.session import DONE, CliSession, CommandRefused, UsageError
from ita.domain import TOTAL, thai_today
from ita.formatting import change_text, no_data, part_text, score_text, verdict_text, year_text
from ita.i18n import _
from ita.imports.readers.decoding import decode
from ita.imports.readers.limits import Unreadable
from ita.measures.model import load_work
from ita.reports.claim_lookups import rank_lookup, work_lookup
from ita.scores.claims.evidence import Stored
from ita.scores.claims.messages import claim_text, doubt_text
from ita.scores.claims.verdicts import judged_text
from ita.scores.levels import localized_level
from ita.scores.nation import load_nation
from ita.scores.queries import load_agency_trend, load_text_agency
from ita.scores.standing import compute_standing, score_comparisons
from ita.scores.trends import Point


def declare(commands: Any) -> None:
    trend_parser = add_command(commands, "trend", show_trend, _("คะแนนรายปีและแนวโน้ม"))
    trend_parser.add_argument("--agency", metavar="A", help=_("รหัสหรือชื่อหน่วยงาน"))
    add_json_option(trend_parser)
    for name, run, about in (
        ("claims", show_claims, _("ข้อความในรายงานเทียบกับคะแนน")),
        ("gaps", show_gaps, _("สิ่งที่รายงานยังขาด")),
    ):
        year_parser = add_command(commands, name, run, about)
        add_report_options(year_parser)
        add_json_option(year_parser)
        if name == "claims":
            year_parser.add_argument(
                "--text",
                metavar="FILE|-",
                help=_("ตรวจข้อความในไฟล์นี้แทนรายงานที่บันทึกไว้ (- = จากสตรีมขาเข้า) ไม่เก็บอะไร"),
            )


def show_trend(session: CliSession) -> int:
    agency_id = session.agency()
    with session.store.reading() as cursor:
        trend = load_agency_trend(cursor, agency_id, session.reference)
    if session.arguments.json:
        session.print_json(trend_json(agency_id, trend))
        return DONE
    for point in trend.points:
        level = _level_text(session, point)
        print(
            f"{year_text(point.fiscal_year)}\t{part_text(point.part)}\t{score_text(point.score)}"
            f"\t{change_text(point.change) if point.change is not None else ''}\t{level}".rstrip()
        )
    for verdict in trend.verdicts:
        span = f" ({int(verdict.years[0])}–{int(verdict.years[-1])})" if verdict.years else ""
        print(f"{part_text(verdict.part)}: {verdict_text(verdict.verdict)}{span}")
    if total := compute_standing(trend, TOTAL, session.reference):
        for comparison in score_comparisons(total):
            print(f"{part_text(TOTAL)} {year_text(total.year)}: {comparison.label}")
    if not trend.points:
        print(no_data())
    return DONE


def _level_text(session: CliSession, point: Point) -> str:
    level = point.level or point.published_level
    if level is None or not session.reference.knows(point.fiscal_year):
        return level or ""
    return localized_level(level, session.reference.rules(point.fiscal_year)) or ""


# An announcement is some pages long; what is longer is no text to be checked.
MAX_TEXT_BYTES = 1_000_000


def show_claims(session: CliSession) -> int:
    if session.arguments.text:
        return _show_text_claims(session)
    claims = session.report().claims
    if session.arguments.json:
        decidable = [judged for judged in claims if judged.of_stored_figures]
        session.print_json([claim_json(judged) for judged in decidable])
        return DONE
    for judged in claims:
        print(f"{judged.instrument}: {judged.claim.text}\n  {judged.message()}")
    if not claims:
        print(_("ไม่พบข้อความที่อ้างถึงคะแนน"))
    return DONE


def _show_text_claims(session: CliSession) -> int:
    """The claims of any text by the agency's scores, and the words that can't be read for sure."""
    text, agency_id = _read_text(session.arguments.text), session.agency()
    with session.store.reading() as cursor:
        points = load_agency_trend(cursor, agency_id, session.reference).points
        stored = Stored(
            rank_lookup(
                lambda: load_nation(cursor, session.reference, indicators=False), agency_id
            ),
            work_lookup(
                lambda year: load_work(cursor, agency_id, year), session.reference, thai_today()
            ),
        )
        agency = load_text_agency(cursor, agency_id)
        result = judged_text(
            text, points, session.arguments.year, session.reference, stored, agency
        )
    if session.arguments.json:
        session.print_json(text_claims_json(text, result))
        return DONE
    for judged in result.judged:
        phrase = " ".join(text[judged.claim.start : judged.claim.end].split())
        print(f"{judged.claim.start}: {phrase} [{claim_text(judged.claim)}]\n  {judged.message()}")
    for doubt in result.doubts:
        phrase = " ".join(text[doubt.start : doubt.end].split())
        unsure = doubt_text(doubt) if doubt.other_agency else _("ระบบอ่านข้อความนี้ไม่แน่ใจ")
        print(f"{doubt.start}: {phrase}\n  {unsure}")
    if not result.judged and not result.doubts:
        print(_("ไม่พบข้อความที่อ้างถึงคะแนน"))
    return DONE


def _read_text(name: str) -> str:
    """A text from a file or from standard input; a line break is one character.

    Raises:
        UsageError: there is no such file.
        CommandRefused: it is too long, or no text.
    """
    try:
        content = (
            sys.stdin.buffer.read(MAX_TEXT_BYTES + 1) if name == "-" else _read_bytes(Path(name))
        )
        if len(content) > MAX_TEXT_BYTES:
            raise CommandRefused(
                _("ข้อความยาวเกินไป ตรวจได้ไม่เกิน {count} ไบต์", count=f"{MAX_TEXT_BYTES:,}")
            )
        text, _unused = decode(content)
    except OSError as fault:
        raise UsageError(_("เปิดไฟล์ {name} ไม่ได้: {why}", name=name, why=fault.strerror)) from None
    except Unreadable as fault:
        raise CommandRefused(fault.problem.message()) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MAX_TEXT_BYTES + 1)


def show_gaps(session: CliSession) -> int:
    report = session.report()
    gaps = report.gaps
    if not report.rows:
        # Nothing lacks in what is not there, but nobody may take that for a whole report.
        year = year_text(report.fiscal_year)
        session.print_message(_("ยังไม่มีมาตรการหรือรายงานผลของหน่วยงานนี้ใน{year}", year=year))
    if session.arguments.json:
        session.print_json([gap.as_json() for gap in gaps])
        return DONE
    for gap in gaps:
        position = f"{gap.instrument} {gap.seq}" if gap.seq else gap.instrument.value
        print(f"{position}: {gap.message()} [{gap.kind}]")
    if awaited_count := len(report.gaps_not_due):
        print(_("ยังไม่ถึงกำหนดรายงาน {count} รายการ จึงยังไม่นับว่าขาด", count=awaited_count))
    if report.rows and not gaps and not awaited_count:
        print(_("รายงานครบถ้วน"))
    return DONE
