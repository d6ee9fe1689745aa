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
    users,
)
from ita.cli.options import Parser
from ita.i18n import _

# In the order of the help.
DECLARATIONS = (
    maintenance.declare_setup,
    importing.declare,
    old_reports.declare,
    analysis.declare,
    documents.declare,
    exporting.declare,
    history.declare_history,
    history.declare_removal,
    maintenance.declare,
    users.declare,
)


def argument_parser() -> Parser:
    """The whole command line; compared with the documentation by a test."""
    parser = Parser(prog="python -m ita", description=_("ITA Trends บรรทัดคำสั่ง"))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for declare in DECLARATIONS:
        declare(commands)
    return parser
