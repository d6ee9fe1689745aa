"""The draft of a plan that lies on somebody's desk: kept for the visit, whatever page is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from ita.measures.model import Measure
from ita.measures.plan_drafts import PlanDraft, PlannedRow, renumber
from ita.report.planning.analysis import PlanAnalysis
from ita.report.planning.first_draft import build_first_draft
from ita.ui.pickers import is_same_view
from ita.vocabulary import FiscalYear


@dataclass
class Desk:
    """begun: the draft as it was first offered, from the measures that were stored then (on), or
    from those of an earlier year. base: what the grid was given; now: what stands in it. turn:
    tells one grid from the next. checked: what is being looked at before it is saved, and sent:
    the hash of it as a file. to_look_at: whether the page has yet to go to what the check found."""

    on: tuple[Measure, ...]
    begun: PlanDraft
    base: PlanDraft
    now: PlanDraft
    turn: int = 0
    checked: PlanDraft | None = None
    sent: str | None = None
    to_look_at: bool = False

    @property
    def touched(self) -> bool:
        return self.now != self.begun

    def lay(self, draft: Sequence[PlannedRow]) -> None:
        """Put a draft into the grid, which is a new one from here on."""
        self.base = self.now = tuple(draft)
        self.turn += 1

    def check(self, taken: Sequence[Measure]) -> None:
        """Rows without a word are left out, numbers put right; what remains is looked at."""
        told = [row for row in self.now if row.has_content]
        self.lay(renumber(told, keys_of(taken)))
        self.checked, self.to_look_at = self.now, True


def keys_of(measures: Sequence[Measure]) -> frozenset[tuple[str, int]]:
    return frozenset((measure.instrument.value, measure.seq) for measure in measures)


def _desks() -> dict[tuple[str, FiscalYear], Desk]:
    found: dict[tuple[str, FiscalYear], Desk] = st.session_state.setdefault("plan drafts", {})
    return found


def the_desk(found: PlanAnalysis, stored: Sequence[Measure]) -> Desk:
    """The draft of a plan in this visit; begun anew where nobody has typed in it yet."""
    key = (found.agency_id, found.years.year)
    desk = _desks().get(key)
    if desk is None or not (desk.touched or desk.checked):
        begun = build_first_draft(found, stored)
        if desk is None or (desk.begun, desk.on) != (begun, tuple(stored)):
            turn = desk.turn + 1 if desk else 0
            desk = _desks()[key] = Desk(tuple(stored), begun, begun, begun, turn)
    if not is_same_view() or st.session_state.get("plan shown") != key:
        # A grid forgets what was typed when it is not drawn, so it is given what it had.
        desk.lay(desk.now)
    st.session_state["plan shown"] = key
    return desk


def forget(found: PlanAnalysis) -> None:
    """Begin anew: after a save, or because somebody wants to."""
    _desks().pop((found.agency_id, found.years.year), None)


def sent_draft(found: PlanAnalysis) -> str | None:
    """The hash of the draft that was last looked at as a file."""
    desk = _desks().get((found.agency_id, found.years.year))
    return desk.sent if desk else None
