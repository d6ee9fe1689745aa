"""How a command and its options are declared."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, NoReturn

from ita.cli.argument_types import parse_year
from ita.cli.exits import UsageError
from ita.cli.session import CliSession, Opens
from ita.i18n import _


class Parser(argparse.ArgumentParser):
    """A parser whose errors are raised like every other usage error."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.format_usage()}{message}")


def add_command(
    commands: Any,
    name: str,
    run: Callable[[CliSession], int],
    about: str,
    opens: Opens = Opens.STORE,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(run=run, opens=opens)
    return parser


def add_report_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--agency", metavar="A", help=_("รหัสหรือชื่อหน่วยงาน"))
    parser.add_argument("--year", type=parse_year, required=True, help=_("ปีงบประมาณ เช่น 2567"))


def add_json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=_("ตอบเป็น JSON"))
