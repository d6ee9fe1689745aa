"""What an import answers, for people and as JSON."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ita.commands.exits import DiskFull, WrongCall
from ita.commands.session import Session
from ita.commands.writing import write_by
from ita.importing.problems import Problem, ProblemKind
from ita.importing.saving import Outcome
from ita.spreadsheet import csv_bytes
from ita.wording import later, say

MANY_PROBLEMS = 50
"""Above this many only the first of each kind are told one by one."""
SHOWN_OF_A_KIND = 3


def tell_problems(session: Session, file: str, outcome: Outcome) -> None:
    """Every problem, or of a great many the first of each kind and how many more there are."""
    found = outcome.problems
    told: Counter[ProblemKind] = Counter()
    for problem in found:
        if len(found) > MANY_PROBLEMS and told[problem.kind] == SHOWN_OF_A_KIND:
            continue
        told[problem.kind] += 1
        place = say("บรรทัด {line}", line=int(problem.line)) if problem.line else file
        where = f"{place}, {problem.column}" if problem.column else place
        session.say(f"{where}: {problem.message()} [{problem.kind}]")
    for kind, more in (Counter(problem.kind for problem in found) - told).items():
        session.say(say("และอีก {count} แห่งแบบเดียวกัน", count=f"{more:,}") + f" [{kind}]")
    if len(found) > 1:
        blocking = sum(problem.blocks for problem in found)
        session.say(
            say(
                "{file}: ต้องแก้ {blocking} แห่ง ควรตรวจ {warning} แห่ง",
                file=file,
                blocking=f"{blocking:,}",
                warning=f"{len(found) - blocking:,}",
            )
        )


def check_problems_place(session: Session) -> None:
    """Before anything is stored: whether the file of `--problems` can be written and is no other's.

    Raises:
        WrongCall: says why it can't.
    """
    named = session.arguments.problems
    if named is None:
        return
    place = Path(named)
    folder = place.parent
    if not named or place.is_dir() or not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise WrongCall(say("เขียนแฟ้ม {file} ไม่ได้ กรุณาตรวจโฟลเดอร์และสิทธิ์การเขียน", file=named))
    if place.exists() and place.samefile(session.arguments.file):
        raise WrongCall(say("--problems ต้องเป็นแฟ้มอื่น ไม่ใช่แฟ้มที่นำเข้า: {file}", file=named))


def write_problems(session: Session, found: Mapping[str, Sequence[Problem]]) -> None:
    """Every problem of each file into the CSV that `--problems` names; nothing where it names none.

    The import has been answered by then: what goes wrong here is told beside it and changes nothing.
    """
    named = session.arguments.problems
    if named is not None:
        content = csv_bytes(list(map(say, _PROBLEM_COLUMNS)), _problem_rows(found))
        try:
            write_by(session, lambda stream: stream.write(content), Path(named))
        except (DiskFull, WrongCall) as fault:
            print(fault, file=sys.stderr)


_PROBLEM_COLUMNS = (
    later("แฟ้ม"),
    later("บรรทัด"),
    later("คอลัมน์"),
    later("ค่าในแฟ้ม"),
    later("ต้องแก้หรือควรตรวจ"),
    later("ปัญหาและวิธีแก้"),
    later("ชนิดของปัญหา"),
    later("หน่วยงานที่น่าจะเป็น"),
)


def _problem_rows(found: Mapping[str, Sequence[Problem]]) -> Iterator[list[str | int | None]]:
    for file, problems in found.items():
        for problem in problems:
            weight = say("ต้องแก้") if problem.blocks else say("ควรตรวจ")
            told = (problem.line, problem.column, problem.value, weight, problem.message())
            likely = "\n".join(agency.text for agency in problem.candidates)
            yield [file, *told, problem.kind.value, likely]


def outcome_text(outcome: Outcome) -> str:
    counts = outcome.counts
    if not outcome.accepted:
        return say("ไม่ได้บันทึกอะไร กรุณาแก้ไขตามรายการแล้วนำเข้าใหม่")
    told = say(
        "ใหม่ {new} เปลี่ยน {changed} เหมือนเดิม {same}",
        new=counts.new,
        changed=counts.changed,
        same=counts.same,
    )
    if counts.not_reported:
        told += " " + say("ยังไม่รายงาน {count}", count=counts.not_reported)
    return told


def outcome_json(outcome: Outcome, dry_run: bool) -> dict[str, Any]:
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
