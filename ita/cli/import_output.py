"""The result of an import, for people and as JSON."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ita.cli.exits import DiskFull, UsageError
from ita.cli.output_files import write_output
from ita.cli.session import CliSession
from ita.i18n import N_, _
from ita.imports.problems import Problem, ProblemKind, format_count
from ita.imports.saving import ImportResult
from ita.tables import csv_bytes

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
        UsageError: it can't be written, or is the imported file; says which.
    """
    option = session.arguments.problems
    if option is None:
        return
    path = Path(option)
    folder = path.parent
    if not option or path.is_dir() or not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise UsageError(_("เขียนแฟ้ม {file} ไม่ได้ กรุณาตรวจโฟลเดอร์และสิทธิ์การเขียน", file=option))
    if path.exists() and path.samefile(session.arguments.file):
        raise UsageError(_("--problems ต้องเป็นแฟ้มอื่น ไม่ใช่แฟ้มที่นำเข้า: {file}", file=option))


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
    N_("แฟ้ม"),
    N_("บรรทัด"),
    N_("คอลัมน์"),
    N_("ค่าในแฟ้ม"),
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
