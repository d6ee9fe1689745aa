"""What somebody is writing in the report: kept for the whole visit, whatever page is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from ita.report.editing import CellKey, FieldValue, changed_cells, rebase_edits, row_cells
from ita.report.narrative import NarrativeReport, NarrativeRow
from ita.report.repair_hints import CellAddress, ReportCell
from ita.ui.focus import scroll_to
from ita.ui.pickers import new_url_value, save_choice
from ita.vocabulary import Instrument

Owner = tuple[str, int, Instrument]
"""Whose row: agency, fiscal year, instrument."""


@dataclass
class Draft:
    """A row while it is written in. opened: as it stood; typed: as it stands on the screen.

    turn: tells the fields of one draft from those of the next. checking: whether what would change
    is being looked at. seen: the last look at it, with what it is a look at.
    """

    owner: Owner
    turn: int
    opened: dict[CellKey, FieldValue]
    typed: dict[CellKey, FieldValue]
    checking: bool = False
    seen: tuple[Any, Any] | None = None
    stale: bool = field(default=False)

    @property
    def changed(self) -> dict[CellKey, FieldValue]:
        return changed_cells(self.opened, self.typed)

    def key(self, spot: CellKey) -> str:
        agency, year, instrument = self.owner
        return f"write {agency} {year} {instrument} {self.turn} {spot[0]} {spot[1]}"

    def numbers(self, cell: ReportCell) -> tuple[int, ...]:
        """The numbers of a kind of cell: those that are stored, then new ones in their order."""
        found = [number for kind, number in self.typed if kind is cell]
        return tuple(sorted(found, key=lambda number: (number < 0, abs(number))))

    def text(self, spot: CellKey) -> str:
        value = self.typed.get(spot, "")
        return value if isinstance(value, str) else ""

    def write(self, spot: CellKey, value: FieldValue) -> None:
        """A value that comes from us and not from the field, which shows it from now on."""
        self.typed[spot] = value
        st.session_state[self.key(spot)] = list(value) if isinstance(value, tuple) else value

    def add_result(self, answers: tuple[int, ...]) -> int:
        """An empty result for some measures; its number, which is negative until it is saved."""
        number = min((0, *(n for cell, n in self.typed if cell is ReportCell.RESULT))) - 1
        self.typed[ReportCell.RESULT, number] = ""
        self.typed[ReportCell.ANSWERS, number] = answers
        return number


def _drafts() -> dict[Owner, Draft]:
    found: dict[Owner, Draft] = st.session_state.setdefault("report drafts", {})
    return found


def owner_of(report: NarrativeReport, instrument: Instrument) -> Owner:
    return report.agency_id, int(report.fiscal_year), instrument


def the_draft(owner: Owner, row: NarrativeRow) -> Draft:
    """The draft of a row, on the row as it is stored now."""
    stored = row_cells(row)
    draft = _drafts().get(owner)
    if draft is None:
        turn = st.session_state["report turn"] = st.session_state.get("report turn", 0) + 1
        draft = _drafts()[owner] = Draft(owner, turn, stored, dict(stored))
    elif draft.opened != stored:
        before = draft.typed
        draft.opened, draft.typed = rebase_edits(draft.opened, before, stored)
        for spot, value in draft.typed.items():
            if before.get(spot) != value:
                draft.write(spot, value)
    return draft


def has_unsaved(owner: Owner) -> bool:
    draft = _drafts().get(owner)
    return draft is not None and bool(draft.changed)


def any_unsaved() -> bool:
    """Whether anything typed would be lost with this visit: links that reload the page wait then."""
    return any(draft.changed for draft in _drafts().values())


def forget(owner: Owner) -> None:
    _drafts().pop(owner, None)


def open_place(report: NarrativeReport) -> CellAddress | None:
    """The place that is being edited in this report, from the address or from a button."""
    asked = CellAddress.parse(new_url_value("edit") or "")
    where = (report.agency_id, int(report.fiscal_year))
    if asked:
        open_at(where, asked)
    kept = st.session_state.get("report place")
    place: CellAddress | None = kept[1] if kept and kept[0] == where else None
    if place and place.instrument not in {row.instrument for row in report.rows}:
        place = None
    code = place.code if place else ""
    save_choice("edit", code, code, "")
    return place


def open_at(where: tuple[str, int], place: CellAddress) -> None:
    """Open the editor at a place, to which the page then goes; the callback of buttons."""
    st.session_state["report place"] = (where, place)
    st.session_state.pop("report receipt", None)
    go_there(_containers(place))


def close() -> None:
    """Close the editor; what was typed stays."""
    st.session_state.pop("report place", None)


def _containers(place: CellAddress) -> tuple[str, ...]:
    """The keys of the containers in which a place is drawn, the nearest first."""
    row = f"editor-{place.instrument}"
    if place.cell in (ReportCell.RESULT, ReportCell.ANSWERS) and place.seq:
        return f"place-measure-{place.seq}", row
    if place.cell is ReportCell.DIVISIONS and place.seq:
        return f"place-divisions-{place.seq}", row
    return (
        (f"place-{place.cell}", row)
        if place.cell in (ReportCell.PERIOD, ReportCell.OUTCOME)
        else (row,)
    )


def row_key(instrument: Instrument) -> str:
    return f"row-{instrument}"


def go_there(containers: tuple[str, ...]) -> None:
    """Where this run ends: in the first of these containers that there is."""
    turn = st.session_state["report looks"] = st.session_state.get("report looks", 0) + 1
    st.session_state["report look"] = (containers, turn)


def look() -> None:
    """Go where somebody was sent, once; called when everything has been drawn."""
    if sent := st.session_state.pop("report look", None):
        containers, turn = sent
        scroll_to(*containers, turn=turn)
