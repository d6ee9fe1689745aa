"""What a command puts out: files written whole or not at all, JSON, and the result of an import."""

from __future__ import annotations

import errno
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from ita.cli.session import DONE, CliSession, DiskFull, UsageError
from ita.i18n import N_, _
from ita.imports.problems import Problem, ProblemKind, format_count
from ita.imports.saving import ImportResult
from ita.scores.claims.verdicts import ClaimVerdict, JudgedClaim, JudgedText
from ita.scores.trends import OwnBest, Point, Trend, TrendVerdict
from ita.tables import atomic_file, csv_bytes

DISK_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT})


def write_bytes(session: CliSession, content: bytes) -> int:
    return write_output(session, lambda stream: stream.write(content))


def write_output(
    session: CliSession, write_content: Callable[[IO[bytes]], object], path: Path | None = None
) -> int:
    """Write the output file, `--out` unless another path is given, whole or not at all.

    Raises:
        DiskFull, UsageError: it can't be written; says why.
    """
    path = path or Path(session.arguments.out)
    try:
        with atomic_file(path) as stream:
            write_content(stream)
    except (OSError, ValueError) as fault:  # a path without a file name is a ValueError
        if isinstance(fault, OSError) and fault.errno in DISK_FULL_ERRNOS:
            raise DiskFull(
                _("ดิสก์เต็ม เขียนไฟล์ {file} ไม่ได้ กรุณาเพิ่มที่ว่างแล้วลองใหม่", file=path)
            ) from None
        raise UsageError(_("เขียนไฟล์ {file} ไม่ได้ กรุณาตรวจโฟลเดอร์และสิทธิ์การเขียน", file=path)) from None
    session.print_message(_("เขียนไฟล์ {file} แล้ว", file=path))
    return DONE


# Trends and claims as JSON.


def trend_json(agency_id: str, trend: Trend) -> dict[str, Any]:
    return {
        "agency": agency_id,
        "points": [_point_json(point) for point in trend.points],
        "verdicts": [_verdict_json(verdict) for verdict in trend.verdicts],
    }


def _point_json(point: Point) -> dict[str, Any]:
    return {
        "fiscal_year": int(point.fiscal_year),
        "part": str(point.part),
        "score": json_number(point.score),
        "published": json_number(point.published_score),
        "computed": json_number(point.computed_score),
        "level": point.level,
        "level_published": point.published_level,
        "change": json_number(point.change),
        "comparable": point.is_comparable,
        "national": json_number(point.national_mean),
        "national_change": json_number(point.national_change),
        "distance_to_national": json_number(point.distance_to_national),
        "type_mean": json_number(point.type_mean.mean if point.type_mean else None),
        "distance_to_type": json_number(point.distance_to_type),
        "own_best": _own_best_json(point.own_best),
        "source": point.source,
    }


def _own_best_json(best: OwnBest | None) -> dict[str, Any] | None:
    if best is None:
        return None
    return {
        "fiscal_year": int(best.fiscal_year),
        "score": float(best.score),
        "distance": float(best.distance),
    }


def _verdict_json(verdict: TrendVerdict) -> dict[str, Any]:
    return {
        "part": str(verdict.part),
        "from": verdict.first,
        "to": verdict.last,
        "verdict": verdict.verdict.value,
        "years": [int(year) for year in verdict.years],
        "against": [
            {"fiscal_year": int(c.fiscal_year), "change": float(c.change)}
            for c in verdict.non_rises
        ],
    }


def claim_json(judged: JudgedClaim) -> dict[str, Any]:
    return {
        "instrument": str(judged.instrument),
        "text": judged.claim.text,
        "claim": judged.claim.kind.value,
        "part": str(judged.claim.part),
        "verdict": judged.verdict.value,
        "evidence": [
            {
                "fiscal_year": int(evidence.fiscal_year),
                "score": json_number(evidence.score),
                "change": json_number(evidence.change),
            }
            for evidence in judged.evidence
        ],
        "content_changed": [int(year) for year in judged.content_changed],
    }


def text_claims_json(text: str, judged_text: JudgedText) -> list[dict[str, Any]]:
    """The claims of a text in their order, each with its position and what it states."""
    claims = [_text_claim_json(text, judged) for judged in judged_text.judged]
    claims += [
        {
            "instrument": None,
            "text": text[doubt.start : doubt.end],
            "claim": "unclear",
            "part": None,
            "verdict": ClaimVerdict.NOT_ENOUGH_DATA.value,
            "evidence": [],
            "start": doubt.start,
            "end": doubt.end,
            "other_agency": doubt.other_agency,
        }
        for doubt in judged_text.doubts
    ]
    return sorted(claims, key=lambda claim: (claim["start"], claim["end"]))


def _text_claim_json(text: str, judged: JudgedClaim) -> dict[str, Any]:
    claim, stated = judged.claim, judged.claim.stated
    stated_values = {
        "amount": json_number(stated.amount),
        "first": json_number(stated.first),
        "level": stated.level or None,
        "since": None if stated.since is None else int(stated.since),
        "years": stated.years,
        "count": stated.count,
    }
    return {
        **claim_json(judged),
        "instrument": None,
        "text": text[claim.start : claim.end],
        "start": claim.start,
        "end": claim.end,
        "sentence": claim.text,
        "year": int(judged.year),
        **stated_values,
        "message": judged.message(),
    }


def json_number(value: Any) -> float | None:
    return None if value is None else float(value)


# The result of an import, for people and as JSON.

# Above this many only the first of each kind are listed one by one.
MAX_LISTED_PROBLEMS = 50
MAX_LISTED_PER_KIND = 3


def print_problems(session: CliSession, file: str, outcome: ImportResult) -> None:
    """Print every problem, or of many the first of each kind and how many more there are."""
    problems = outcome.problems
    listed: Counter[ProblemKind] = Counter()
    for problem in problems:
        if len(problems) > MAX_LISTED_PROBLEMS and listed[problem.kind] == MAX_LISTED_PER_KIND:
            continue
        listed[problem.kind] += 1
        line_or_file = _("บรรทัด {line}", line=int(problem.line)) if problem.line else file
        location = f"{line_or_file}, {problem.column}" if problem.column else line_or_file
        session.print_message(f"{location}: {problem.message()} [{problem.kind}]")
    for kind, unlisted in (Counter(problem.kind for problem in problems) - listed).items():
        session.print_message(_("และอีก {count} แห่งแบบเดียวกัน", count=f"{unlisted:,}") + f" [{kind}]")
    if len(problems) > 1:
        blocking = sum(problem.blocks for problem in problems)
        session.print_message(
            _(
                "{file}: ต้องแก้ {blocking} แห่ง ควรตรวจ {warning} แห่ง",
                file=file,
                blocking=format_count(blocking, problems),
                warning=f"{len(problems) - blocking:,}",
            )
        )


def check_problems_path(session: CliSession) -> None:
    """Before anything is stored: check that the file of `--problems` can be written.

    Raises:
        UsageError: it can't be written, or is an imported file; says which.
    """
    option = session.arguments.problems
    if option is None:
        return
    path = Path(option)
    folder = path.parent
    if not option or path.is_dir() or not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise UsageError(_("เขียนไฟล์ {file} ไม่ได้ กรุณาตรวจโฟลเดอร์และสิทธิ์การเขียน", file=option))
    imported = [file for file in map(Path, session.arguments.files) if file.exists()]
    if path.exists() and any(path.samefile(file) for file in imported):
        raise UsageError(_("--problems ต้องเป็นไฟล์อื่น ไม่ใช่ไฟล์ที่นำเข้า: {file}", file=option))


def write_problems(session: CliSession, problems_by_file: Mapping[str, Sequence[Problem]]) -> None:
    """Write every problem of each file into the CSV of `--problems`; nothing without that option.

    The import is over by then: a failure here goes to standard error and changes nothing.
    """
    option = session.arguments.problems
    if option is not None:
        content = csv_bytes(list(map(_, _PROBLEM_COLUMNS)), _problem_rows(problems_by_file))
        try:
            write_output(session, lambda stream: stream.write(content), Path(option))
        except (DiskFull, UsageError) as fault:
            print(fault, file=sys.stderr)


_PROBLEM_COLUMNS = (
    N_("ไฟล์"),
    N_("บรรทัด"),
    N_("คอลัมน์"),
    N_("ค่าในไฟล์"),
    N_("ต้องแก้หรือควรตรวจ"),
    N_("ปัญหาและวิธีแก้"),
    N_("ชนิดของปัญหา"),
    N_("หน่วยงานที่น่าจะเป็น"),
)


def _problem_rows(
    problems_by_file: Mapping[str, Sequence[Problem]],
) -> Iterator[list[str | int | None]]:
    for file, problems in problems_by_file.items():
        for problem in problems:
            severity = _("ต้องแก้") if problem.blocks else _("ควรตรวจ")
            cells = (problem.line, problem.column, problem.value, severity, problem.message())
            candidates = "\n".join(agency.text for agency in problem.candidates)
            yield [file, *cells, problem.kind.value, candidates]


def outcome_text(outcome: ImportResult) -> str:
    counts = outcome.counts
    if not outcome.accepted:
        return _("ไม่ได้บันทึกอะไร กรุณาแก้ไขตามรายการแล้วนำเข้าใหม่")
    text = _(
        "ใหม่ {new} เปลี่ยน {changed} เหมือนเดิม {same}",
        new=counts.new,
        changed=counts.changed,
        same=counts.same,
    )
    if counts.not_reported:
        text += " " + _("ยังไม่รายงาน {count}", count=counts.not_reported)
    return text


def outcome_json(outcome: ImportResult, dry_run: bool) -> dict[str, Any]:
    document: dict[str, Any] = {
        "accepted": outcome.accepted,
        "batch": outcome.batch,
        "encoding": outcome.encoding,
        "counts": vars(outcome.counts),
        "problems": [problem.as_json() for problem in outcome.problems],
    }
    if outcome.sheets is not None:
        document["sheets"] = outcome.sheets.as_json()
    if dry_run:
        document["diff"] = [vars(change) for change in outcome.differences]
    return document
