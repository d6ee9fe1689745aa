"""import all, export all: the whole store as one ZIP."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from ita.commands.exits import DONE, REFUSED, Refused, WrongCall
from ita.commands.outcomes import outcome_json, outcome_text, tell_problems, write_problems
from ita.commands.session import Session, person
from ita.commands.writing import write_by
from ita.importing.files import write_whole_store
from ita.importing.unbundling import Brought, BundleFault, bring_in_bundle
from ita.wording import say


def import_all(session: Session) -> int:
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
                person(),
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
    else:
        _tell(session, brought, accepted)
    write_problems(session, {one.file: one.outcome.problems for one in brought})
    return DONE if accepted else REFUSED


def _tell(session: Session, brought: Sequence[Brought], accepted: bool) -> None:
    for one in brought:
        tell_problems(session, one.file, one.outcome)
        if one.outcome.accepted:
            session.say(f"{one.file}: {outcome_text(one.outcome)}")
    if not accepted:
        session.say(say("ไม่ได้บันทึกอะไร กรุณาแก้ไขตามรายการแล้วนำเข้าใหม่"))


def _brought_json(one: Brought) -> dict[str, Any]:
    return {
        "file": one.file,
        "kind": one.kind.value,
        **outcome_json(one.outcome, dry_run=False),
    }


def export_all(session: Session) -> int:
    if session.arguments.format != "zip" or session.arguments.where:
        raise WrongCall(say("ทั้งระบบส่งออกได้เป็น ZIP เท่านั้น: export all --format zip --out FILE"))

    def make(stream: IO[bytes]) -> None:
        write_whole_store(stream, session.store, person(), session.reference)

    return write_by(session, make)
