"""init and demo: a new store, empty or with the samples."""

from __future__ import annotations

from typing import Any

from ita.cli.options import add_command
from ita.cli.output import outcome_text
from ita.cli.session import DONE, REFUSED, CliSession
from ita.i18n import _
from ita.imports.samples import load_samples


def declare(commands: Any) -> None:
    add_command(commands, "init", init, _("สร้างหรือปรับรุ่นฐานข้อมูล"))
    add_command(commands, "demo", demo, _("นำเข้าข้อมูลตัวอย่าง"))


def init(session: CliSession) -> int:
    session.store.version()  # ready is what can be read
    session.print_message(_("ฐานข้อมูลพร้อมใช้: {place}", place=session.settings.database))
    return DONE


def demo(session: CliSession) -> int:
    for name, outcome in load_samples(session.store, session.reference, session.settings):
        session.print_message(f"{name}: {outcome_text(outcome)}")
        if not outcome.accepted:
            return REFUSED
    return DONE
