"""trend, claims, gaps: what the store knows of one agency."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ita.commands.answers import claim_json, text_claims_json, trend_json
from ita.commands.declaring import add, json_switch, of_report
from ita.commands.exits import DONE, Refused, WrongCall
from ita.commands.session import Session
from ita.importing.decoding import decode
from ita.importing.refusals import Unreadable
from ita.measures.queries import work_of
from ita.report.stored_claims import rank_lookup, work_lookup
from ita.scores.claim_messages import claim_text
from ita.scores.claim_stored import Stored
from ita.scores.claims import judged_text
from ita.scores.levels import said_level
from ita.scores.nation import nation
from ita.scores.queries import agency_trend
from ita.scores.standing import comparisons, standing
from ita.scores.trends import Point
from ita.vocabulary import TOTAL, thai_today
from ita.wording import change_text, no_data, part_text, say, score_text, verdict_text, year_text


def declare(commands: Any) -> None:
    of_agency = add(commands, "trend", show_trend, say("คะแนนรายปีและแนวโน้ม"))
    of_agency.add_argument("--agency", metavar="A", help=say("รหัสหรือชื่อหน่วยงาน"))
    json_switch(of_agency)
    for name, run, about in (
        ("claims", show_claims, say("ข้อความในรายงานเทียบกับคะแนน")),
        ("gaps", show_gaps, say("สิ่งที่รายงานยังขาด")),
    ):
        of_year = add(commands, name, run, about)
        of_report(of_year)
        json_switch(of_year)
        if name == "claims":
            of_year.add_argument(
                "--text",
                metavar="FILE|-",
                help=say("ตรวจข้อความในไฟล์นี้แทนรายงานที่บันทึกไว้ (- = จากสตรีมขาเข้า) ไม่เก็บอะไร"),
            )


def show_trend(session: Session) -> int:
    agency_id = session.agency()
    with session.store.reading() as cursor:
        found = agency_trend(cursor, agency_id, session.reference)
    if session.arguments.json:
        session.answer(trend_json(agency_id, found))
        return DONE
    for point in found.points:
        level = _level(session, point)
        print(
            f"{year_text(point.fiscal_year)}\t{part_text(point.part)}\t{score_text(point.score)}"
            f"\t{change_text(point.change) if point.change is not None else ''}\t{level}".rstrip()
        )
    for verdict in found.verdicts:
        span = f" ({int(verdict.years[0])}–{int(verdict.years[-1])})" if verdict.years else ""
        print(f"{part_text(verdict.part)}: {verdict_text(verdict.verdict)}{span}")
    if total := standing(found, TOTAL, session.reference):
        for one in comparisons(total):
            print(f"{part_text(TOTAL)} {year_text(total.year)}: {one.label}")
    if not found.points:
        print(no_data())
    return DONE


def _level(session: Session, point: Point) -> str:
    told = point.level or point.level_published
    if told is None or not session.reference.knows(point.fiscal_year):
        return told or ""
    return said_level(told, session.reference.rules(point.fiscal_year)) or ""


MOST_BYTES = 1_000_000
"""An announcement is some pages long; what is longer is no text to be checked."""


def show_claims(session: Session) -> int:
    if session.arguments.text:
        return _show_text_claims(session)
    claims = session.report().claims
    if session.arguments.json:
        decidable = [judged for judged in claims if judged.of_stored_figures]
        session.answer([claim_json(judged) for judged in decidable])
        return DONE
    for judged in claims:
        print(f"{judged.instrument}: {judged.claim.text}\n  {judged.message()}")
    if not claims:
        print(say("ไม่พบข้อความที่อ้างถึงคะแนน"))
    return DONE


def _show_text_claims(session: Session) -> int:
    """The claims of any text by the agency's scores, and the words that can't be read for sure."""
    text, agency_id = _text_of(session.arguments.text), session.agency()
    with session.store.reading() as cursor:
        points = agency_trend(cursor, agency_id, session.reference).points
        stored = Stored(
            rank_lookup(lambda: nation(cursor, session.reference), agency_id),
            work_lookup(
                lambda year: work_of(cursor, agency_id, year), session.reference, thai_today()
            ),
        )
        checked = judged_text(text, points, session.arguments.year, session.reference, stored)
    if session.arguments.json:
        session.answer(text_claims_json(text, checked))
        return DONE
    for judged in checked.judged:
        phrase = " ".join(text[judged.claim.start : judged.claim.end].split())
        print(f"{judged.claim.start}: {phrase} [{claim_text(judged.claim)}]\n  {judged.message()}")
    for doubt in checked.doubts:
        phrase = " ".join(text[doubt.start : doubt.end].split())
        print(f"{doubt.start}: {phrase}\n  {say('ระบบอ่านข้อความนี้ไม่แน่ใจ')}")
    if not checked.judged and not checked.doubts:
        print(say("ไม่พบข้อความที่อ้างถึงคะแนน"))
    return DONE


def _text_of(name: str) -> str:
    """A text from a file or from standard input; a line break is one character.

    Raises:
        WrongCall: there is no such file.
        Refused: it is too long, or no text.
    """
    try:
        content = sys.stdin.buffer.read(MOST_BYTES + 1) if name == "-" else _bytes_of(Path(name))
        if len(content) > MOST_BYTES:
            raise Refused(say("ข้อความยาวเกินไป ตรวจได้ไม่เกิน {count} ไบต์", count=f"{MOST_BYTES:,}"))
        text, _ = decode(content)
    except OSError as fault:
        raise WrongCall(say("เปิดไฟล์ {name} ไม่ได้: {why}", name=name, why=fault.strerror)) from None
    except Unreadable as fault:
        raise Refused(fault.problem.message()) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


def show_gaps(session: Session) -> int:
    report = session.report()
    gaps = report.gaps
    if not report.rows:
        # Nothing lacks in what is not there, but nobody may take that for a whole report.
        year = year_text(report.fiscal_year)
        session.say(say("ยังไม่มีมาตรการหรือรายงานผลของหน่วยงานนี้ใน{year}", year=year))
    if session.arguments.json:
        session.answer([gap.as_json() for gap in gaps])
        return DONE
    for gap in gaps:
        where = f"{gap.instrument} {gap.seq}" if gap.seq else gap.instrument.value
        print(f"{where}: {gap.message()} [{gap.kind}]")
    if awaited := len(report.awaited):
        print(say("ยังไม่ถึงกำหนดรายงาน {count} รายการ จึงยังไม่นับว่าขาด", count=awaited))
    if report.rows and not gaps and not awaited:
        print(say("รายงานครบถ้วน"))
    return DONE
