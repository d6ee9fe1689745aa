"""import report: old reports' files, read as drafts, each stored whole or not at all, with its original."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ita.cli.old_reports import document_bytes, doubt_json, doubt_lines, read_error_text
from ita.cli.output import outcome_json, outcome_text, print_problems, write_problems
from ita.cli.session import DONE, REFUSED, CliSession, UsageError, person
from ita.formatting import year_text
from ita.i18n import _
from ita.imports.agencies import AgencyDirectory
from ita.imports.datasets import dataset_label
from ita.imports.problems import LikelyAgency, Problem
from ita.imports.saving import ImportResult
from ita.reports.old_report_import import (
    DraftCell,
    ResultLinks,
    cell_of_change,
    cell_of_problem,
    cells_not_stored,
    import_report,
    preview_report,
    report_requests,
)
from ita.reports.old_report_owner import ReportOwner, ReportRefusal, has_report, report_owner
from ita.reports.reading.errors import ReadError
from ita.reports.reading.reader import read_draft, with_request
from ita.reports.reading.report_draft import ReportDraft
from ita.reports.result_links import propose_links
from ita.store.changes import file_hash
from ita.store.originals import OriginalFile
from ita.workers import WorkerFailure

REPORT = "report"
"""The kind of `import` that is no kind of table."""
SUFFIXES = frozenset({".pdf", ".docx", ".html", ".htm", ".txt"})
"""Of the files that are read out of a folder; a file that is named itself is read whatever it is called."""
_TABLE_OPTIONS = ("scale", "encoding", "separator", "header_line")
MAX_SHOWN_CHANGES = 50


@dataclass(frozen=True)
class FileRefusal:
    """Why nothing of a document is stored, in words. code: stable, of the readers or of `report_owner`."""

    code: str
    message: str
    candidates: tuple[LikelyAgency, ...] = ()


@dataclass(frozen=True)
class ReadFile:
    """A file as it was read. label: how the person knows it; digest: of its bytes."""

    path: Path
    label: str
    digest: str = ""
    draft: ReportDraft | None = None
    owner: ReportOwner | None = None
    refusal: FileRefusal | None = None


@dataclass(frozen=True)
class StoredReport:
    """What became of a file. was_there: whether a report of its agency and year was stored before."""

    file: ReadFile
    outcomes: tuple[ImportResult, ...] = ()
    was_there: bool = False
    proposed: ResultLinks = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        return bool(self.outcomes) and all(outcome.accepted for outcome in self.outcomes)


def import_reports(session: CliSession) -> int:
    """Every file is an import of its own: one that is refused keeps none of the others out."""
    arguments = session.arguments
    is_table_option = any(getattr(arguments, name) is not None for name in _TABLE_OPTIONS)
    if is_table_option or arguments.sheet or arguments.keep_rows:
        raise UsageError(_("import report อ่านเอกสาร ไม่ใช่ตาราง จึงไม่รับตัวเลือกวิธีอ่านตาราง"))
    files, passed_over = _documents(arguments.files)
    agencies = session.agencies()
    given = session.agency() if arguments.agency else None
    read = [_read(session, path, label, given, agencies, len(files) > 1) for path, label in files]
    reports = [_stored(session, file) for file in _without_rivals(read, agencies)]
    accepted = all(report.accepted for report in reports)
    if arguments.json:
        documents = [_report_json(session, report) for report in reports]
        session.print_json({"accepted": accepted, "files": documents, "passed_over": passed_over})
    else:
        for report in reports:
            _print_report(session, report, agencies)
        if passed_over:
            names = ", ".join(passed_over)
            session.print_message(
                _("ไม่ได้อ่าน {names} เพราะไม่ใช่ PDF, Word (.docx), HTML หรือไฟล์ข้อความ", names=names)
            )
        if len(reports) > 1:
            stored = sum(report.accepted for report in reports)
            session.print_message(
                _("รับได้ {stored} จาก {count} ไฟล์", stored=stored, count=len(reports))
            )
    write_problems(session, {report.file.label: _problems(session, report) for report in reports})
    return DONE if accepted else REFUSED


def _documents(names: Sequence[str]) -> tuple[list[tuple[Path, str]], list[str]]:
    """The documents with their labels, of folders in the order of their names, and what else lies there.

    Raises:
        UsageError: there is no such file, or no document in a folder.
    """
    documents: dict[Path, str] = {}
    passed_over: list[str] = []
    for name in names:
        path = Path(name)
        if not path.is_dir():
            documents.setdefault(path, path.name)
            continue
        files = [
            file for file in sorted(path.rglob("*")) if file.is_file() and not _is_hidden(file)
        ]
        if not any(map(_is_document, files)):
            raise UsageError(
                _("ในโฟลเดอร์ {file} ไม่มีไฟล์ PDF, Word (.docx), HTML หรือไฟล์ข้อความ", file=name)
            )
        for file in files:
            label = str(file.relative_to(path))
            if _is_document(file):
                documents.setdefault(file, label)
            else:
                passed_over.append(label)
    return list(documents.items()), passed_over


def _is_document(file: Path) -> bool:
    return file.suffix.casefold() in SUFFIXES


def _is_hidden(file: Path) -> bool:
    """Also what an office program lays beside a document that is open. file: from the folder on."""
    return any(part.startswith((".", "~$")) for part in file.parts)


def _read(
    session: CliSession,
    path: Path,
    label: str,
    given: str | None,
    agencies: AgencyDirectory,
    is_one_of_many: bool,
) -> ReadFile:
    arguments = session.arguments
    content = document_bytes(path)
    if is_one_of_many:
        print(_("กำลังอ่าน {name} …", name=label), file=sys.stderr)
    file = ReadFile(path, label, file_hash(content))
    try:
        draft = read_draft(content, session.reference, ocr=arguments.ocr)
    except WorkerFailure as fault:
        return replace(file, refusal=FileRefusal("failed", fault.sentence))
    if isinstance(draft, ReadError):
        return replace(file, refusal=FileRefusal(draft.code, read_error_text(draft)))
    same_agencies = dict(arguments.same_agency)
    owner = report_owner(draft, agencies, given, arguments.year, same_agencies)
    if isinstance(owner, ReportRefusal):
        return _with_refusal(replace(file, draft=draft), owner)
    return replace(file, draft=with_request(draft, None, arguments.year), owner=owner)


def _with_refusal(file: ReadFile, refusal: ReportRefusal) -> ReadFile:
    """A file with the refusal in words."""
    words = FileRefusal(refusal.code, refusal.message(), refusal.candidates)
    return replace(file, refusal=words)


def _without_rivals(read: Sequence[ReadFile], agencies: AgencyDirectory) -> Iterator[ReadFile]:
    """The files; those of one agency and year are refused together, for which one holds nobody said."""
    of_owner: dict[ReportOwner, list[str]] = {}
    for file in read:
        if file.owner:
            of_owner.setdefault(file.owner, []).append(file.label)
    for file in read:
        rivals = of_owner[file.owner] if file.owner else []
        if file.owner and len(rivals) > 1:
            words = {
                "agency": agencies.names[file.owner.agency],
                "year": int(file.owner.year),
                "files": ", ".join(rivals),
            }
            yield _with_refusal(file, ReportRefusal("same-report", words))
        else:
            yield file


def _stored(session: CliSession, file: ReadFile) -> StoredReport:
    """A file looked at and, unless it is a dry run, stored; its outcomes list what changes either way."""
    if file.refusal or not file.draft or not file.owner:
        return StoredReport(file)
    content = document_bytes(file.path)
    if file_hash(content) != file.digest:
        return StoredReport(_with_refusal(file, ReportRefusal("changed")))
    arguments, store, owner = session.arguments, session.store, file.owner
    limits, user = session.settings.limits, person()
    proposed = propose_links(file.draft)
    links = proposed if arguments.links else {}
    requests = report_requests(
        file.draft, owner.agency, owner.year, links, file.path.name, session.reference
    )
    if not requests:
        return StoredReport(_with_refusal(file, ReportRefusal("no-table")))
    with store.reading() as cursor:
        was_there = has_report(cursor, owner)
    preview = preview_report(
        store, requests, owner.agency, owner.year, session.reference, limits, user
    )
    outcomes = preview.outcomes
    if preview.accepted and not arguments.dry_run:
        stored = import_report(
            store,
            requests,
            OriginalFile(file.path.name, content),
            session.reference,
            limits,
            user,
            arguments.reason,
            seen_version=preview.version,
        )
        outcomes = tuple(
            replace(outcome, differences=before.differences, missing=before.missing)
            for outcome, before in zip(stored, outcomes, strict=True)
        )
    return StoredReport(file, outcomes, was_there, proposed)


def _located(
    session: CliSession, report: StoredReport, outcome: ImportResult
) -> list[tuple[Problem, DraftCell | None]]:
    """The problems of an outcome, each with the cell of the draft that it is about.

    The line and the header of the file that was made of the draft say nothing to whoever has the
    document: the cell stands in their place.
    """
    located: list[tuple[Problem, DraftCell | None]] = []
    for problem in outcome.problems:
        draft, kind = report.file.draft, outcome.kind
        cell = cell_of_problem(draft, kind, problem, session.reference) if draft and kind else None
        shown = replace(problem, line=None, column=cell.label()) if cell else problem
        located.append((shown, cell))
    return located


def _problems(session: CliSession, report: StoredReport) -> list[Problem]:
    return [
        problem
        for outcome in report.outcomes
        for problem, _cell in _located(session, report, outcome)
    ]


def _problem_json(problem: Problem, cell: DraftCell | None) -> dict[str, Any]:
    document = problem.as_json()
    if cell:
        document["cell"] = _cell_json(cell)
    return document


def _cell_json(cell: DraftCell) -> dict[str, Any]:
    return {
        "instrument": cell.instrument.value,
        "column": cell.column.value,
        "item": cell.item,
        "of_links": cell.of_links,
    }


def _report_json(session: CliSession, report: StoredReport) -> dict[str, Any]:
    file, dry_run = report.file, session.arguments.dry_run
    refusal = file.refusal
    owner, draft = file.owner, file.draft
    return {
        "file": file.label,
        "accepted": report.accepted,
        "agency": owner.agency if owner else None,
        "fiscal_year": int(owner.year) if owner else draft and draft.fiscal_year,
        "already_stored": report.was_there,
        "error": refusal
        and {
            "code": refusal.code,
            "message": refusal.message,
            "candidates": [vars(agency) for agency in refusal.candidates],
        },
        "imports": [
            {
                "kind": outcome.kind,
                **outcome_json(outcome, dry_run or report.was_there),
                "problems": [
                    _problem_json(problem, cell)
                    for problem, cell in _located(session, report, outcome)
                ],
            }
            for outcome in report.outcomes
        ],
        "links": {
            "stored": bool(session.arguments.links and report.accepted and not dry_run),
            "proposed": [
                {"instrument": instrument.value, "seq": seq, "measures": list(measures)}
                for (instrument, seq), measures in report.proposed.items()
            ],
        },
        "unplaced": list(draft.unplaced) if draft else [],
        "not_stored": [_cell_json(cell) for cell in cells_not_stored(draft)] if draft else [],
        "doubts": [doubt_json(doubt) for doubt in draft.doubts] if draft else [],
    }


def _print_report(session: CliSession, report: StoredReport, agencies: AgencyDirectory) -> None:
    file, draft = report.file, report.file.draft
    if file.refusal:
        session.print_message(f"{file.label}: {file.refusal.message}")
        return
    if not file.owner or not draft:
        return
    name = agencies.names[file.owner.agency]
    session.print_message(f"{file.label}: {name} {year_text(file.owner.year)}")
    for outcome in report.outcomes:
        problems = tuple(problem for problem, _cell in _located(session, report, outcome))
        print_problems(session, file.label, replace(outcome, problems=problems))
        if outcome.accepted and not report.accepted:
            continue  # it was not stored either
        kind = dataset_label(outcome.kind) if outcome.kind else ""
        batch = f" ({_('ครั้งที่ {batch}', batch=outcome.batch)})" if outcome.batch else ""
        session.print_message(f"  {kind}: {outcome_text(outcome)}{batch}")
        if outcome.missing:
            session.print_message(
                "  "
                + _("ในระบบมีอีก {count} แถวของปีนี้ที่เอกสารไม่มี ยังคงอยู่", count=f"{outcome.missing:,}")
            )
    if report.was_there:
        _print_changes(session, report)
    if report.proposed and report.accepted:
        _print_links(session, report.proposed)
    if draft.unplaced:
        session.print_message("  " + _("อ่านไม่ออก"))
        for text in draft.unplaced:
            session.print_message(f"    {text}")
    for cell in cells_not_stored(draft):
        session.print_message(
            "  " + _("{cell}: ไม่ได้บันทึก เพราะเอกสารไม่มีมาตรการของแบบวัดนี้ให้ผูกไว้", cell=cell.label())
        )
    for sentence in doubt_lines(draft):
        session.print_message(f"  {sentence}")


def _print_changes(session: CliSession, report: StoredReport) -> None:
    """What differs from the report that is stored."""
    lines = dict.fromkeys(
        f"    {cell_of_change(outcome.kind, change).label()}: {change.old or '–'} → {change.new or '–'}"
        for outcome in report.outcomes
        if outcome.kind
        for change in outcome.differences[: MAX_SHOWN_CHANGES + 1]
    )
    sentence = (
        _("ในระบบมีรายงานปีนี้ของหน่วยงานนี้อยู่แล้ว สิ่งที่ต่างกัน:")
        if lines
        else _("ในระบบมีรายงานปีนี้ของหน่วยงานนี้อยู่แล้ว และไม่มีอะไรต่างกัน")
    )
    session.print_message(f"  {sentence}")
    for line in list(lines)[:MAX_SHOWN_CHANGES]:
        session.print_message(line)
    if len(lines) > MAX_SHOWN_CHANGES:
        session.print_message("    " + _("และมีมากกว่านี้ ดูทั้งหมดด้วย --json"))


def _print_links(session: CliSession, proposed: ResultLinks) -> None:
    words = {"count": len(proposed)}
    session.print_message(
        "  "
        + (
            _("โยงสรุปผล {count} ข้อกับมาตรการตามที่ระบบเสนอ กรุณาตรวจในหน้ารายงานผล", **words)
            if session.arguments.links
            else _(
                "ระบบเสนอให้โยงสรุปผล {count} ข้อกับมาตรการ แต่ยังไม่ได้บันทึกการโยง "
                "เพราะต้องมีคนยืนยัน (บรรทัดคำสั่ง: --links)",
                **words,
            )
        )
    )
