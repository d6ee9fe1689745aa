"""Which agency each row is of, and the ids that a list of agencies settles on."""

from __future__ import annotations

from ita.importing.agencies import AgencyDirectory
from ita.importing.cells import Misread, fold, is_missing
from ita.importing.draft import Draft
from ita.importing.kinds import AGENCY
from ita.importing.problems import ProblemKind


def settle_ids(draft: Draft, agencies: AgencyDirectory) -> None:
    """An id that differs from a stored one, or from one above it, in case or spaces only, is that id."""
    if not draft.has("agency_id"):
        return
    spelled: dict[str, str] = {}
    ids = [
        text and spelled.setdefault(fold(text), agencies.id_like(text) or text)
        for text in draft.values("agency_id")
    ]
    draft.put("agency_id", ids)


def find_agencies(draft: Draft, agencies: AgencyDirectory, default: str | None) -> None:
    """The agency of each row as its id; a row that names another than the chosen one is a mistake."""
    if not draft.has("agency"):
        draft.put("agency", [default] * len(draft.lines))
        return
    names = draft.coded("agency")
    misread: dict[str | None, Misread] = {}

    def found(name: str | None) -> str | None:
        try:
            return _agency_of(name, agencies, default)
        except Misread as fault:
            misread[name] = fault
            return None

    draft.put("agency", names.map(found))
    for row in names.rows_where(misread.__contains__):
        # A cell that could not be read at all has its own problem already.
        if names[row] is not None or is_missing(draft.texts["agency"][row]):
            fault = misread[names[row]]
            draft.report(fault.kind, row, "agency", **fault.expected)


def _agency_of(name: str | None, agencies: AgencyDirectory, default: str | None) -> str:
    if name is None:
        if default is None:
            raise Misread(ProblemKind.REQUIRED_VALUE, what=AGENCY.thai)
        return default
    found = agencies.find(name)
    if default is not None and found != default:
        raise Misread(ProblemKind.UNKNOWN_AGENCY, why="agency-other")
    return found
