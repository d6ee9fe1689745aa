"""What an import answers, for people and as JSON."""

from __future__ import annotations

from typing import Any

from ita.commands.session import Session
from ita.importing.saving import Outcome
from ita.wording import say


def tell_problems(session: Session, file: str, outcome: Outcome) -> None:
    for problem in outcome.problems:
        place = say("บรรทัด {line}", line=problem.line) if problem.line else file
        where = f"{place}, {problem.column}" if problem.column else place
        session.say(f"{where}: {problem.message()} [{problem.kind}]")


def outcome_text(outcome: Outcome) -> str:
    counts = outcome.counts
    if not outcome.accepted:
        return say("ไม่ได้บันทึกอะไร กรุณาแก้ไขตามรายการแล้วนำเข้าใหม่")
    return say(
        "ใหม่ {new} เปลี่ยน {changed} เหมือนเดิม {same}",
        new=counts.new,
        changed=counts.changed,
        same=counts.same,
    )


def outcome_json(outcome: Outcome, dry_run: bool) -> dict[str, Any]:
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
