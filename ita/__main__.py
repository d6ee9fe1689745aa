"""The command line: python -m ita …

Exit codes: 0 done, 1 refused because of the data (nothing stored), 2 wrong call, 3 the store can't
be used now. With --json, standard output is one JSON document and nothing else.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any, NoReturn

from ita.importing.agencies import AgencyDirectory, directory
from ita.importing.bundle import write_bundle
from ita.importing.cells import Misread, fiscal_year
from ita.importing.decoding import ENCODINGS, Unreadable
from ita.importing.draft import Request
from ita.importing.export import TABLES, UnknownColumn, exported
from ita.importing.files import ALL, FORMS, write_table
from ita.importing.kinds import Kind
from ita.importing.reading import SEPARATORS, Reading, check_size
from ita.importing.samples import load_samples
from ita.importing.saving import Counts, Outcome, bring_in
from ita.importing.unbundling import Brought, BundleFault, bring_in_bundle
from ita.reference import Reference, ReferenceFault, load_reference
from ita.report.brief import brief
from ita.report.documents import DOCUMENTS, LOOKS
from ita.report.narrative import NarrativeReport, narrative_report
from ita.scores.claims import JudgedClaim
from ita.scores.levels import said_level
from ita.scores.queries import published_scores
from ita.scores.trends import Point, Trend, TrendVerdict, trend
from ita.settings import Settings, current_settings
from ita.spreadsheet import TooManyRows, whole_file
from ita.store import Store, open_store
from ita.store.batches import UndoBlocked, undo
from ita.store.unavailable import StoreUnavailable
from ita.vocabulary import FiscalYear, Scale
from ita.wording import (
    change_text,
    no_data,
    part_text,
    say,
    score_text,
    speak,
    verdict_text,
    year_text,
)

DONE, REFUSED, WRONG_CALL, STORE_UNAVAILABLE = 0, 1, 2, 3
LONG_FILE = 1024 * 1024


class WrongCall(Exception):
    """The call can't be carried out as it stands; the text says why."""


class Refused(Exception):
    """The data say no; nothing was stored. The text says why."""


class Session:
    """One call: its arguments, settings, reference data and store."""

    def __init__(self, arguments: argparse.Namespace, settings: Settings) -> None:
        self.arguments = arguments
        self.settings = settings
        self.reference: Reference = load_reference(settings.reference)
        self.store: Store = open_store(settings.database)

    def say(self, sentence: str) -> None:
        """A sentence for a person; with --json it goes to standard error."""
        print(sentence, file=sys.stderr if getattr(self.arguments, "json", False) else sys.stdout)

    def answer(self, document: Any) -> None:
        print(json.dumps(document, ensure_ascii=False, indent=1, default=str))

    def agencies(self) -> AgencyDirectory:
        with self.store.reading() as cursor:
            return directory(cursor)

    def agency(self) -> str:
        """The agency that is meant: named, or the only one in question.

        Raises:
            WrongCall: there is no such agency, or it must be named.
        """
        agencies = self.agencies()
        if self.arguments.agency:
            try:
                return agencies.find(self.arguments.agency)
            except Misread:
                raise WrongCall(
                    say(
                        "ไม่มีหน่วยงาน “{name}” ในระบบ ดูรายชื่อได้ด้วยคำสั่ง export agencies",
                        name=self.arguments.agency,
                    )
                ) from None
        candidates = list(agencies.names)
        if len(candidates) > 1 and hasattr(self.arguments, "year"):
            candidates = self._agencies_with_a_report()
        if len(candidates) != 1:
            raise WrongCall(say("กรุณาระบุหน่วยงานด้วย --agency (รหัสหรือชื่อ)"))
        return candidates[0]

    def _agencies_with_a_report(self) -> list[str]:
        with self.store.reading() as cursor:
            rows = cursor.execute(
                "SELECT agency_id FROM measure WHERE fiscal_year = $year "
                "UNION SELECT agency_id FROM narrative WHERE fiscal_year = $year",
                {"year": int(self.arguments.year)},
            ).fetchall()
        return sorted(agency_id for (agency_id,) in rows)

    def report(self) -> NarrativeReport:
        agency_id = self.agency()
        with self.store.reading() as cursor:
            return narrative_report(
                cursor, agency_id, self.arguments.year, self.reference, date.today()
            )


def init(session: Session) -> int:
    session.say(say("ฐานข้อมูลพร้อมใช้: {place}", place=session.settings.database))
    return DONE


def demo(session: Session) -> int:
    for name, outcome in load_samples(session.store, session.reference, session.settings):
        session.say(f"{name}: {_outcome_text(outcome)}")
        if not outcome.accepted:
            return REFUSED
    return DONE


def import_file(session: Session) -> int:
    arguments = session.arguments
    if arguments.kind == ALL:
        return _import_all(session)
    place = Path(arguments.file)
    limits = session.settings.limits
    try:
        check_size(place.stat().st_size, limits)
        with place.open("rb") as stream:
            content = stream.read(limits.file_bytes + 1)  # of what has no size, not more than this
    except Unreadable as fault:
        outcome = Outcome(False, None, None, Counts(), (fault.problem,))
    except (OSError, ValueError):
        raise WrongCall(say("เปิดแฟ้ม {file} ไม่ได้ กรุณาตรวจชื่อและที่อยู่ของแฟ้ม", file=place)) from None
    else:
        if len(content) > LONG_FILE:
            print(say("กำลังตรวจ {file} …", file=place.name), file=sys.stderr)
        outcome = bring_in(
            session.store,
            Request(
                Kind(arguments.kind),
                content,
                place.name,
                arguments.agency,
                arguments.scale,
                reading=Reading(arguments.encoding, arguments.separator, arguments.header_line),
            ),
            session.reference,
            limits,
            _person(),
            arguments.reason,
            arguments.dry_run,
        )
    if arguments.json:
        session.answer(_outcome_json(outcome, arguments.dry_run))
    else:
        _tell_problems(session, place.name, outcome)
        session.say(_outcome_text(outcome))
    return DONE if outcome.accepted else REFUSED


def _tell_problems(session: Session, file: str, outcome: Outcome) -> None:
    for problem in outcome.problems:
        place = say("บรรทัด {line}", line=problem.line) if problem.line else file
        where = f"{place}, {problem.column}" if problem.column else place
        session.say(f"{where}: {problem.message()} [{problem.kind}]")


def _import_all(session: Session) -> int:
    """The whole of what `export all` gave out: all of its files, or none."""
    arguments = session.arguments
    given = ("agency", "scale", "encoding", "separator", "header_line")
    if any(getattr(arguments, name) is not None for name in given):
        raise WrongCall(say("import all อ่านชุดข้อมูล ZIP ตามที่ส่งออกไว้ จึงไม่รับตัวเลือกวิธีอ่าน"))
    try:
        with Path(arguments.file).open("rb") as stream:
            brought = bring_in_bundle(
                session.store,
                stream,
                session.reference,
                session.settings.limits,
                _person(),
                arguments.reason,
                arguments.dry_run,
            )
    except BundleFault as fault:
        raise Refused(str(fault)) from None
    except (OSError, ValueError):
        raise WrongCall(
            say("เปิดแฟ้ม {file} ไม่ได้ กรุณาตรวจชื่อและที่อยู่ของแฟ้ม", file=arguments.file)
        ) from None
    accepted = all(one.outcome.accepted for one in brought)
    if arguments.json:
        files = [_brought_json(one) for one in brought]
        session.answer({"accepted": accepted, "files": files})
        return DONE if accepted else REFUSED
    for one in brought:
        _tell_problems(session, one.file, one.outcome)
        if one.outcome.accepted:
            session.say(f"{one.file}: {_outcome_text(one.outcome)}")
    if not accepted:
        session.say(say("ไม่ได้บันทึกอะไร กรุณาแก้ไขตามรายการแล้วนำเข้าใหม่"))
    return DONE if accepted else REFUSED


def _brought_json(one: Brought) -> dict[str, Any]:
    return {
        "file": one.file,
        "kind": one.kind.value,
        **_outcome_json(one.outcome, dry_run=False),
    }


def _person() -> str:
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # a container's user may have no name
        return "?"


def _outcome_text(outcome: Outcome) -> str:
    counts = outcome.counts
    if not outcome.accepted:
        return say("ไม่ได้บันทึกอะไร กรุณาแก้ไขตามรายการแล้วนำเข้าใหม่")
    return say(
        "ใหม่ {new} เปลี่ยน {changed} เหมือนเดิม {same}",
        new=counts.new,
        changed=counts.changed,
        same=counts.same,
    )


def _outcome_json(outcome: Outcome, dry_run: bool) -> dict[str, Any]:
    document: dict[str, Any] = {
        "accepted": outcome.accepted,
        "batch": outcome.batch,
        "encoding": outcome.encoding,
        "counts": vars(outcome.counts),
        "problems": [problem.as_json() for problem in outcome.problems],
    }
    if dry_run:
        document["diff"] = [vars(change) for change in outcome.differences]
    return document


def show_trend(session: Session) -> int:
    agency_id = session.agency()
    with session.store.reading() as cursor:
        found = trend(published_scores(cursor, agency_id), session.reference)
    if session.arguments.json:
        session.answer(_trend_json(agency_id, found))
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
    if not found.points:
        print(no_data())
    return DONE


def _level(session: Session, point: Point) -> str:
    told = point.level or point.level_published
    if told is None or not session.reference.knows(point.fiscal_year):
        return told or ""
    return said_level(told, session.reference.rules(point.fiscal_year)) or ""


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _point_json(point: Point) -> dict[str, Any]:
    return {
        "fiscal_year": int(point.fiscal_year),
        "part": str(point.part),
        "score": _number(point.score),
        "published": _number(point.published),
        "computed": _number(point.computed),
        "level": point.level,
        "level_published": point.level_published,
        "change": _number(point.change),
        "comparable": point.comparable,
        "national": _number(point.national),
        "source": point.source,
    }


def _verdict_json(verdict: TrendVerdict) -> dict[str, Any]:
    return {
        "part": str(verdict.part),
        "from": verdict.first,
        "to": verdict.last,
        "verdict": verdict.verdict.value,
        "years": [int(year) for year in verdict.years],
        "against": [
            {"fiscal_year": int(c.fiscal_year), "change": float(c.change)} for c in verdict.against
        ],
    }


def _trend_json(agency_id: str, found: Trend) -> dict[str, Any]:
    return {
        "agency": agency_id,
        "points": [_point_json(point) for point in found.points],
        "verdicts": [_verdict_json(verdict) for verdict in found.verdicts],
    }


def show_claims(session: Session) -> int:
    claims = session.report().claims
    if session.arguments.json:
        decidable = [judged for judged in claims if judged.of_stored_figures]
        session.answer([_claim_json(judged) for judged in decidable])
        return DONE
    for judged in claims:
        print(f"{judged.instrument}: {judged.claim.text}\n  {judged.message()}")
    if not claims:
        print(say("ไม่พบข้อความที่อ้างถึงคะแนน"))
    return DONE


def _claim_json(judged: JudgedClaim) -> dict[str, Any]:
    return {
        "instrument": judged.instrument.value,
        "text": judged.claim.text,
        "claim": judged.claim.kind.value,
        "part": str(judged.claim.part),
        "verdict": judged.verdict.value,
        "evidence": [
            {
                "fiscal_year": int(evidence.fiscal_year),
                "score": _number(evidence.score),
                "change": _number(evidence.change),
            }
            for evidence in judged.evidence
        ],
    }


def show_gaps(session: Session) -> int:
    gaps = session.report().gaps
    if session.arguments.json:
        session.answer([gap.as_json() for gap in gaps])
        return DONE
    for gap in gaps:
        where = f"{gap.instrument} {gap.seq}" if gap.seq else gap.instrument.value
        print(f"{where}: {gap.message()} [{gap.kind}]")
    if not gaps:
        print(say("รายงานครบถ้วน"))
    return DONE


def make_report(session: Session) -> int:
    report = session.report()
    if not report.rows:
        raise Refused(
            say(
                "ยังไม่มีมาตรการหรือรายงานผลของหน่วยงานนี้ใน{year} จึงยังออกรายงานไม่ได้",
                year=year_text(session.arguments.year),
            )
        )
    return _write(session, _document(session.arguments, report))


def _document(arguments: argparse.Namespace, report: NarrativeReport) -> bytes:
    looks: dict[str, bytes] = {}
    for name in LOOKS:
        file = getattr(arguments, name)
        if file and arguments.format not in LOOKS[name]:
            allowed = ", ".join(LOOKS[name])
            raise WrongCall(say("--{option} ใช้ได้กับ {formats}", option=name, formats=allowed))
        if file:
            looks[name] = (_crest if name == "crest" else _template)(file)
    return DOCUMENTS[arguments.format](report, **looks)


def _crest(file: str) -> bytes:
    from ita.report.crests import CREST_BYTES, CrestFault, checked_crest

    try:
        return checked_crest(_content(file, CREST_BYTES))
    except CrestFault as fault:
        raise Refused(str(fault)) from None


def _template(file: str) -> bytes:
    from ita.report.docx_templates import TEMPLATE_BYTES, TemplateFault, checked_template

    try:
        return checked_template(_content(file, TEMPLATE_BYTES))
    except TemplateFault as fault:
        raise Refused(str(fault)) from None


def _content(file: str, most: int) -> bytes:
    """The bytes of a file, and one more than `most` of one that is too large."""
    try:
        with Path(file).open("rb") as stream:
            return stream.read(most + 1)
    except (OSError, ValueError):
        raise WrongCall(say("เปิดแฟ้ม {file} ไม่ได้ กรุณาตรวจชื่อและที่อยู่ของแฟ้ม", file=file)) from None


def make_brief(session: Session) -> int:
    agency_id = session.agency()
    with session.store.reading() as cursor:
        found = brief(cursor, agency_id, session.arguments.year, session.reference, date.today())
    if found.empty:
        raise Refused(
            say(
                "ยังไม่มีคะแนนจนถึง{year} และไม่มีมาตรการหรือรายงานผลของปีนั้น จึงยังออกบทสรุปไม่ได้",
                year=year_text(session.arguments.year),
            )
        )
    from ita.report.brief_pdf import brief_pdf  # with typst's template, for this command only

    return _write(session, brief_pdf(found))


def export_table(session: Session) -> int:
    arguments = session.arguments
    if arguments.table == ALL:
        return _export_all(session)
    where = [_condition(text) for text in arguments.where]

    def make(stream: IO[bytes]) -> None:
        with session.store.reading() as cursor:
            write_table(
                stream, cursor, arguments.table, arguments.format, session.reference, where=where
            )

    try:
        return _write_by(session, make)
    except UnknownColumn as fault:
        raise WrongCall(str(fault)) from None
    except TooManyRows as fault:
        raise Refused(
            say("แผ่นงานของ XLSX รับได้ไม่เกิน {rows} แถว กรุณาใช้แบบอื่น หรือกรองด้วย --where", rows=fault)
        ) from None


def _export_all(session: Session) -> int:
    if session.arguments.format != "zip" or session.arguments.where:
        raise WrongCall(say("ทั้งระบบส่งออกได้เป็น ZIP เท่านั้น: export all --format zip --out FILE"))

    def make(stream: IO[bytes]) -> None:
        with session.store.reading() as cursor:
            write_bundle(stream, cursor, session.reference)

    return _write_by(session, make)


def _condition(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise WrongCall(say("ตัวกรอง “{text}” ต้องเขียนเป็น คอลัมน์=ค่า", text=text))
    return name, value


def _write(session: Session, content: bytes) -> int:
    return _write_by(session, lambda stream: stream.write(content))


def _write_by(session: Session, make: Callable[[IO[bytes]], object]) -> int:
    """Write the file that was asked for, whole or not at all."""
    place = Path(session.arguments.out)
    try:
        with whole_file(place) as stream:
            make(stream)
    except (OSError, ValueError):  # a path without a file name is a ValueError
        raise WrongCall(
            say("เขียนแฟ้ม {file} ไม่ได้ กรุณาตรวจโฟลเดอร์และสิทธิ์การเขียน", file=place)
        ) from None
    session.say(say("เขียนแฟ้ม {file} แล้ว", file=place))
    return DONE


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
        batch = undo(session.store, arguments.batch, _person(), arguments.reason)
    except UndoBlocked as fault:
        raise Refused(str(fault)) from None
    session.say(say("ย้อนครั้งที่ {batch} แล้ว บันทึกเป็นครั้งที่ {undo}", batch=arguments.batch, undo=batch))
    return DONE


def _year(text: str) -> FiscalYear:
    try:
        return FiscalYear(fiscal_year(text))
    except Misread:
        raise argparse.ArgumentTypeError(say("ไม่รู้จักปี “{year}” เช่น 2567", year=text)) from None


def _scale(text: str) -> Scale | None:
    if text == "auto":
        return None
    try:
        return Scale(text)
    except ValueError:
        raise argparse.ArgumentTypeError("auto, percent, weighted") from None


def _encoding(text: str) -> str:
    found = {"windows-874": "cp874"}.get(text.casefold(), text.casefold())
    if found not in ENCODINGS:
        raise argparse.ArgumentTypeError("utf-8, utf-16, windows-874")
    return found


SEPARATOR_NAMES = dict(zip(("comma", "semicolon", "tab", "pipe"), SEPARATORS, strict=True))
"""Words for what a shell would take for itself."""


def _separator(text: str) -> str:
    found = SEPARATOR_NAMES.get(text.casefold(), text)
    if found not in SEPARATORS:
        raise argparse.ArgumentTypeError(", ".join(SEPARATOR_NAMES))
    return found


def _line(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("1, 2, 3, …")
    return int(text)


class Parser(argparse.ArgumentParser):
    """A parser whose complaints take the same way as every other wrong call."""

    def error(self, message: str) -> NoReturn:
        raise WrongCall(f"{self.format_usage()}{message}")


def _add(
    commands: Any, name: str, run: Callable[[Session], int], about: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(run=run)
    return parser


def _of_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--agency", metavar="A", help=say("รหัสหรือชื่อหน่วยงาน"))
    parser.add_argument("--year", type=_year, required=True, help=say("ปีงบประมาณ เช่น 2567"))


def _json_switch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=say("ตอบเป็น JSON"))


def argument_parser() -> argparse.ArgumentParser:
    """The whole command line; compared with the documentation by a test."""
    parser = Parser(prog="python -m ita", description=say("ITA Trends บรรทัดคำสั่ง"))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "init", init, say("สร้างหรือปรับรุ่นฐานข้อมูล"))
    _add(commands, "demo", demo, say("นำเข้าข้อมูลตัวอย่าง"))

    importing = _add(commands, "import", import_file, say("ตรวจและนำเข้าแฟ้ม"))
    kinds = (*(kind.value for kind in Kind), ALL)
    importing.add_argument("kind", choices=kinds, metavar="KIND", help=", ".join(kinds))
    importing.add_argument("file", metavar="FILE")
    importing.add_argument("--agency", metavar="A", help=say("รหัสหรือชื่อหน่วยงาน"))
    importing.add_argument("--scale", type=_scale, default=None, help="auto, percent, weighted")
    importing.add_argument(
        "--encoding", type=_encoding, metavar="E", help="utf-8, utf-16, windows-874"
    )
    importing.add_argument(
        "--separator", type=_separator, metavar="S", help=", ".join(SEPARATOR_NAMES)
    )
    importing.add_argument(
        "--header-line", type=_line, metavar="N", help=say("บรรทัดของหัวตาราง ถ้าระบบหาไม่ถูก")
    )
    importing.add_argument("--dry-run", action="store_true", help=say("ตรวจเท่านั้น ไม่บันทึก"))
    importing.add_argument("--reason", default="", metavar="TEXT", help=say("เหตุผลของการนำเข้า"))
    _json_switch(importing)

    of_agency = _add(commands, "trend", show_trend, say("คะแนนรายปีและแนวโน้ม"))
    of_agency.add_argument("--agency", metavar="A", help=say("รหัสหรือชื่อหน่วยงาน"))
    _json_switch(of_agency)
    for name, run, about in (
        ("claims", show_claims, say("ข้อความในรายงานเทียบกับคะแนน")),
        ("gaps", show_gaps, say("สิ่งที่รายงานยังขาด")),
    ):
        of_year = _add(commands, name, run, about)
        _of_report(of_year)
        _json_switch(of_year)

    report = _add(commands, "report", make_report, say("รายงานผลเป็นแฟ้ม"))
    _of_report(report)
    report.add_argument("--format", choices=list(DOCUMENTS), required=True)
    report.add_argument("--out", required=True, metavar="FILE")
    report.add_argument("--template", metavar="FILE", help=say("แม่แบบ Word ของหน่วยงาน (กับ docx)"))
    report.add_argument(
        "--crest", metavar="FILE", help=say("ภาพตราหน่วยงาน PNG หรือ JPEG (กับ docx และ pdf)")
    )

    short = _add(commands, "brief", make_brief, say("บทสรุปผู้บริหารสองหน้าเป็นแฟ้ม"))
    _of_report(short)
    short.add_argument("--format", choices=["pdf"], required=True)
    short.add_argument("--out", required=True, metavar="FILE")

    export = _add(commands, "export", export_table, say("ส่งออกตาราง"))
    tables = (*TABLES, ALL)
    export.add_argument("table", choices=tables, metavar="TABLE", help=", ".join(tables))
    export.add_argument("--format", choices=FORMS, required=True)
    export.add_argument("--out", required=True, metavar="FILE")
    export.add_argument("--where", nargs="+", default=[], metavar="COLUMN=VALUE", action="extend")

    history = _add(commands, "history", show_history, say("ประวัติการนำเข้า"))
    _json_switch(history)
    undoing = _add(commands, "undo", undo_batch, say("ย้อนการนำเข้าหนึ่งครั้ง"))
    undoing.add_argument("batch", type=int, metavar="BATCH")
    undoing.add_argument("--reason", default="", metavar="TEXT", help=say("เหตุผลของการย้อน"))
    return parser


def _fail(as_json: bool, code: int, sentence: str) -> int:
    print(sentence, file=sys.stderr)
    if as_json:
        print(json.dumps({"error": {"exit": code, "message": sentence}}, ensure_ascii=False))
    return code


def main(words: Sequence[str] | None = None) -> int:
    """Carry out one call and give its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # Windows consoles still open in cp874 or cp437; Thai and arrows must not end in a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    settings = current_settings()
    speak(settings.language)
    given = sys.argv[1:] if words is None else list(words)
    as_json = "--json" in given
    try:
        arguments = argument_parser().parse_args(given)
        session = Session(arguments, settings)
        with session.store:
            code = int(arguments.run(session))
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever read us has seen enough; what Python still holds for them must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except WrongCall as fault:
        return _fail(as_json, WRONG_CALL, str(fault))
    except (Refused, ReferenceFault) as fault:
        return _fail(as_json, REFUSED, str(fault))
    except StoreUnavailable as fault:
        return _fail(as_json, STORE_UNAVAILABLE, str(fault))


if __name__ == "__main__":
    sys.exit(main())
