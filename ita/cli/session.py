"""One call of the command line: its arguments, what it works with, and how it ends."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from contextlib import AbstractContextManager, ExitStack
from enum import Enum, auto
from pathlib import Path
from typing import Any

from ita.auth.permissions import User, machine_owner
from ita.config import Settings
from ita.domain import thai_today
from ita.i18n import _
from ita.imports.agencies import AgencyDirectory, directory
from ita.imports.cells import CellError
from ita.imports.problems import Problem
from ita.reference import Reference, load_reference
from ita.reports.narrative import NarrativeReport, load_narrative_report
from ita.store import Store, open_store
from ita.store.backup import open_snapshot
from ita.store.files import log_path
from ita.store.unavailable import StoreUnavailable, Trouble

# How a call ends: its exit code, and the errors that end it.

DONE, REFUSED, USAGE_ERROR, STORE_UNAVAILABLE = 0, 1, 2, 3


class UsageError(Exception):
    """The arguments are wrong or name what is not there; the text says why."""


class DiskFull(Exception):
    """There is no room for the output file; the text says where."""


class CommandRefused(Exception):
    """The data or a rule refuse the call; nothing was stored. The text says why."""


class Opens(Enum):
    """What a command needs to be open while it runs."""

    STORE = auto()
    COPY = auto()  # a store that is there already, or a copy of it where another program has it
    NOTHING = auto()


class CliSession:
    """One call: its arguments, settings, reference data and, inside `with`, its store."""

    def __init__(self, arguments: argparse.Namespace, settings: Settings) -> None:
        self.arguments = arguments
        self.settings = settings
        self.reference: Reference = load_reference(settings.reference)
        self._store: Store | None = None
        self._open = ExitStack()

    def __enter__(self) -> CliSession:
        database = self.settings.database
        if self.arguments.opens is Opens.STORE:
            self._store = self._open.enter_context(open_store(database))
        elif self.arguments.opens is Opens.COPY:
            self._store = self._open.enter_context(open_or_snapshot(database))
        return self

    def __exit__(self, *fault: Any) -> None:
        self._open.__exit__(*fault)

    @property
    def store(self) -> Store:
        assert self._store, "the command declares what it opens"  # noqa: S101
        return self._store

    def print_message(self, sentence: str) -> None:
        """Print a message; with --json it goes to standard error."""
        print(sentence, file=sys.stderr if getattr(self.arguments, "json", False) else sys.stdout)

    def print_json(self, document: Any) -> None:
        print(json.dumps(document, ensure_ascii=False, indent=1, default=str))

    def agencies(self) -> AgencyDirectory:
        with self.store.reading() as cursor:
            return directory(cursor, self.reference)

    def agency(self) -> str:
        """The agency of `--agency`, or the only one there is.

        Raises:
            UsageError: there is no such agency, or it must be named.
        """
        agencies = self.agencies()
        if self.arguments.agency:
            try:
                return agencies.find(self.arguments.agency)
            except CellError as fault:
                if fault.expected.get("why") == "agency-shared-name":
                    name = self.arguments.agency
                    message = Problem(fault.kind, None, None, name, fault.expected).message()
                    raise UsageError(message) from None
                raise UsageError(
                    _(
                        "ไม่มีหน่วยงาน “{name}” ในระบบ ดูรายชื่อได้ด้วยคำสั่ง export agencies",
                        name=self.arguments.agency,
                    )
                ) from None
        candidates = list(agencies.names)
        if len(candidates) > 1 and hasattr(self.arguments, "year"):
            candidates = self._agencies_with_a_report()
        if len(candidates) != 1:
            raise UsageError(_("กรุณาระบุหน่วยงานด้วย --agency (รหัสหรือชื่อ)"))
        return candidates[0]

    def _agencies_with_a_report(self) -> list[str]:
        with self.store.reading() as cursor:
            rows = cursor.execute(
                "SELECT agency_id FROM measure WHERE fiscal_year = $year "
                "UNION SELECT agency_id FROM narrative WHERE fiscal_year = $year",
                {"year": int(self.arguments.year)},
            ).fetchall()
        return sorted(agency_id for (agency_id,) in rows)

    def report(self) -> NarrativeReport:
        agency_id = self.agency()
        with self.store.reading() as cursor:
            return load_narrative_report(
                cursor, agency_id, self.arguments.year, self.reference, thai_today()
            )


def open_or_snapshot(database: Path) -> AbstractContextManager[Store]:
    """A store that is there already, or a copy of it where another program has it.

    Raises:
        StoreUnavailable: there is none, or it can't be read; says why.
    """
    if not database.exists() and not log_path(database).exists():
        raise StoreUnavailable(Trouble.GONE, database)
    try:
        return open_store(database)
    except StoreUnavailable as fault:
        if fault.trouble is not Trouble.IN_USE:
            raise
    return open_snapshot(database)


def person() -> User:
    """Whoever starts the command line on this machine, by their name there."""
    try:
        return machine_owner(getpass.getuser())
    except (ImportError, KeyError, OSError):  # a container's user may have no name
        return machine_owner("?")
