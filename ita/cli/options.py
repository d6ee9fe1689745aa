"""How a command and its options are declared, and the types of their arguments."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, NoReturn

from ita.cli.session import CliSession, Opens, UsageError
from ita.domain import FiscalYear, Scale
from ita.i18n import _
from ita.imports.cells import CellError, cell_text, fiscal_year
from ita.imports.problems import Problem
from ita.imports.readers.decoding import ENCODINGS
from ita.imports.readers.sheets import SEPARATORS

# Argument types of the command line: years, scales, encodings, separators, line numbers.


def parse_year(text: str) -> FiscalYear:
    try:
        return FiscalYear(fiscal_year(text))
    except CellError:
        raise argparse.ArgumentTypeError(_("ไม่รู้จักปี “{year}” เช่น 2567", year=text)) from None


def parse_batch_number(text: str) -> int:
    digits = text.strip().removeprefix("#")
    if not digits.isdecimal():
        raise argparse.ArgumentTypeError(
            _("ไม่ใช่เลขครั้งที่นำเข้า: “{text}” ดูได้จากคำสั่ง history", text=text)
        )
    return int(digits)


def parse_scale(text: str) -> Scale | None:
    if text == "auto":
        return None
    try:
        return Scale(text)
    except ValueError:
        raise argparse.ArgumentTypeError("auto, percent, weighted, fraction") from None


def parse_encoding(text: str) -> str:
    name = {"windows-874": "cp874"}.get(text.casefold(), text.casefold())
    if name not in ENCODINGS:
        raise argparse.ArgumentTypeError("utf-8, utf-16, windows-874")
    return name


# Names for characters that a shell would interpret itself.
SEPARATOR_NAMES = dict(zip(("comma", "semicolon", "tab", "pipe"), SEPARATORS, strict=True))


def parse_separator(text: str) -> str:
    character = SEPARATOR_NAMES.get(text.casefold(), text)
    if character not in SEPARATORS:
        raise argparse.ArgumentTypeError(", ".join(SEPARATOR_NAMES))
    return character


def parse_line_number(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("1, 2, 3, …")
    return int(text)


def parse_agency_mapping(argument: str) -> tuple[str, str]:
    """TEXT=ID → a text of the file and the id of the agency that it means."""
    text, equals, agency_id = argument.rpartition("=")
    if not equals or not text.strip() or not agency_id.strip():
        raise argparse.ArgumentTypeError("41=0041")
    return text.strip(), agency_id.strip()


def cell_parser(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """An argument type that takes what a cell of a file may say."""

    def parse(text: str) -> Any:
        try:
            return read(cell_text(text))
        except CellError as fault:
            problem = Problem(fault.kind, None, None, text, fault.expected)
            raise argparse.ArgumentTypeError(problem.message()) from None

    return parse


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
