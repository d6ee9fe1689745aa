"""A store to begin with: empty, or with the samples."""

from __future__ import annotations

from typing import Any

from ita.commands.declaring import add
from ita.commands.exits import DONE, REFUSED
from ita.commands.outcomes import outcome_text
from ita.commands.session import Session
from ita.importing.samples import load_samples
from ita.wording import say


def declare(commands: Any) -> None:
    add(commands, "init", init, say("สร้างหรือปรับรุ่นฐานข้อมูล"))
    add(commands, "demo", demo, say("นำเข้าข้อมูลตัวอย่าง"))


def init(session: Session) -> int:
    session.store.version()  # ready is what can be read
    session.say(say("ฐานข้อมูลพร้อมใช้: {place}", place=session.settings.database))
    return DONE


def demo(session: Session) -> int:
    for name, outcome in load_samples(session.store, session.reference, session.settings):
        session.say(f"{name}: {outcome_text(outcome)}")
        if not outcome.accepted:
            return REFUSED
    return DONE
