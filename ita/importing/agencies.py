"""Which agency a file or a person means, by id or by name."""

from __future__ import annotations

from collections.abc import Iterable

from ita.importing.cells import Misread, fold
from ita.importing.problems import ProblemKind
from ita.store import Cursor


class AgencyDirectory:
    """The agencies of the store, found by id, Thai name or English name, spaces and case aside."""

    def __init__(self, agencies: Iterable[tuple[str, str, str | None]]) -> None:
        self.names: dict[str, str] = {}
        self._by_id: dict[str, str] = {}
        self._by_name: dict[str, set[str]] = {}
        for agency_id, name_th, name_en in agencies:
            self.names[agency_id] = name_th
            self._by_id[fold(agency_id)] = agency_id
            for name in (name_th, name_en):
                if name:
                    self._by_name.setdefault(fold(name), set()).add(agency_id)

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
