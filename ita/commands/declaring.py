"""How a command and its options are declared."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, NoReturn

from ita.commands.exits import WrongCall
from ita.commands.session import Opens, Session
from ita.commands.words import year
from ita.wording import say


class Parser(argparse.ArgumentParser):
    """A parser whose complaints take the same way as every other wrong call."""

    def error(self, message: str) -> NoReturn:
        raise WrongCall(f"{self.format_usage()}{message}")


def add(
    commands: Any,
    name: str,
    run: Callable[[Session], int],
    about: str,
    opens: Opens = Opens.STORE,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(run=run, opens=opens)
    return parser


def of_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--agency", metavar="A", help=say("รหัสหรือชื่อหน่วยงาน"))
    parser.add_argument("--year", type=year, required=True, help=say("ปีงบประมาณ เช่น 2567"))


def json_switch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=say("ตอบเป็น JSON"))
