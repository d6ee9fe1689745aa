"""Which agency a file or a person means, by id or by name."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from ita.importing.cells import Misread, fold
from ita.importing.problems import ProblemKind
from ita.store import Cursor


class AgencyDirectory:
    """The agencies of the store, found by id, Thai name or English name, spaces and case aside."""

    def __init__(self, agencies: Iterable[tuple[str, str, str | None]]) -> None:
        self._agencies = tuple(agencies)
        self.names: dict[str, str] = {agency_id: name for agency_id, name, _ in self._agencies}

    # Folded when somebody is looked for: pages ask thousands of agencies for their names only.
    @cached_property
    def _by_id(self) -> dict[str, str]:
        return {fold(agency_id): agency_id for agency_id in self.names}

    @cached_property
    def _by_name(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for agency_id, *names in self._agencies:
            for name in filter(None, names):
                found.setdefault(fold(name), set()).add(agency_id)
        return found

    @property
    def only(self) -> str | None:
        """The one agency of a store that holds just one."""
        return next(iter(self.names)) if len(self.names) == 1 else None

    def id_like(self, text: str) -> str | None:
        """The id that a text is but for case, spaces and Thai digits."""
        return self._by_id.get(fold(text))

    def find(self, text: str) -> str:
        """The id behind an id or a name.

        Raises:
            Misread: nobody, or more than one agency, is called so.
        """
        found = self.id_like(text)
        if found is not None:
            return found
        named = self._by_name.get(fold(text), set())
        if len(named) == 1:
            return next(iter(named))
        why = "agency-shared-name" if named else "agency-unknown"
        raise Misread(ProblemKind.UNKNOWN_AGENCY, why=why)


def directory(cursor: Cursor) -> AgencyDirectory:
    return AgencyDirectory(
        cursor.execute(
            "SELECT agency_id, name_th, name_en FROM agency ORDER BY agency_id"
        ).fetchall()
    )
