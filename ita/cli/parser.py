"""The whole command line as one parser."""

from __future__ import annotations

from ita.cli import (
    analysis,
    documents,
    exporting,
    history,
    importing,
    maintenance,
    old_reports,
    setup,
    users,
)
from ita.cli.options import Parser
from ita.i18n import _

# In the order of the help.
SUBJECTS = (
    setup,
    importing,
    old_reports,
    analysis,
    documents,
    exporting,
    history,
    maintenance,
    users,
)


def argument_parser() -> Parser:
    """The whole command line; compared with the documentation by a test."""
    parser = Parser(prog="python -m ita", description=_("ITA Trends บรรทัดคำสั่ง"))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for subject in SUBJECTS:
        subject.declare(commands)
    return parser
