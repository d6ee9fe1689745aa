"""The whole command line as one parser."""

from __future__ import annotations

from ita.commands import (
    documents,
    exporting,
    history,
    importing,
    keeping,
    looking,
    starting,
    users,
)
from ita.commands.declaring import Parser
from ita.wording import say

SUBJECTS = (starting, importing, looking, documents, exporting, history, keeping, users)
"""In the order of the help."""


def argument_parser() -> Parser:
    """The whole command line; compared with the documentation by a test."""
    parser = Parser(prog="python -m ita", description=say("ITA Trends บรรทัดคำสั่ง"))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for subject in SUBJECTS:
        subject.declare(commands)
    return parser
