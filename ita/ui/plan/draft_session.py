"""The draft of a plan in a browser session, kept while other pages are visited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from ita.domain import FiscalYear
from ita.measures.model import Measure
from ita.measures.plan_drafts import PlanDraft, PlannedRow, renumber
from ita.planning.analysis import PlanAnalysis
from ita.planning.drafts import build_first_draft
from ita.ui.components.url_state import is_same_view


@dataclass
class DraftSession:
    """initial_draft: as first offered, from the measures stored then (stored_measures) or of an earlier
    year. grid_draft: the grid's input; current_draft: its content. turn: distinguishes the grids.
    checked_draft: what is previewed before it is saved; sent_hash: of it as a file. scroll_to_check:
    whether the page has yet to scroll to the result of the check."""

    stored_measures: tuple[Measure, ...]
    initial_draft: PlanDraft
    grid_draft: PlanDraft
    current_draft: PlanDraft
    turn: int = 0
    checked_draft: PlanDraft | None = None
    sent_hash: str | None = None
    scroll_to_check: bool = False

    @property
    def is_changed(self) -> bool:
        return self.current_draft != self.initial_draft

    def reset_grid(self, draft: Sequence[PlannedRow]) -> None:
        """Puts a draft into a new grid."""
        self.grid_draft = self.current_draft = tuple(draft)
        self.turn += 1

    def check(self, stored: Sequence[Measure]) -> None:
        """Removes rows without content, renumbers, and marks the rest to be previewed."""
        rows_with_content = [row for row in self.current_draft if row.has_content]
        self.reset_grid(renumber(rows_with_content, measure_keys(stored)))
        self.checked_draft, self.scroll_to_check = self.current_draft, True


def measure_keys(measures: Sequence[Measure]) -> frozenset[tuple[str, int]]:
    return frozenset((measure.instrument.value, measure.seq) for measure in measures)


def _sessions() -> dict[tuple[str, FiscalYear], DraftSession]:
    sessions: dict[tuple[str, FiscalYear], DraftSession] = st.session_state.setdefault(
        "plan drafts", {}
    )
    return sessions


def get_draft_session(analysis: PlanAnalysis, stored: Sequence[Measure]) -> DraftSession:
    """The draft of a plan in this session; built anew while nothing has been typed in it."""
    key = (analysis.agency_id, analysis.years.year)
    session = _sessions().get(key)
    if session is None or not (session.is_changed or session.checked_draft):
        draft = build_first_draft(analysis, stored)
        if session is None or (session.initial_draft, session.stored_measures) != (
            draft,
            tuple(stored),
        ):
            turn = session.turn + 1 if session else 0
            session = _sessions()[key] = DraftSession(tuple(stored), draft, draft, draft, turn)
    if not is_same_view() or st.session_state.get("plan shown") != key:
        # A grid forgets what was typed when it is not drawn, so it is given what it had.
        session.reset_grid(session.current_draft)
    st.session_state["plan shown"] = key
    return session


def discard_draft_session(analysis: PlanAnalysis) -> None:
    """Discards the draft: after a save, or on request."""
    _sessions().pop((analysis.agency_id, analysis.years.year), None)


def sent_draft_hash(analysis: PlanAnalysis) -> str | None:
    """The hash of the draft that was last previewed as a file."""
    session = _sessions().get((analysis.agency_id, analysis.years.year))
    return session.sent_hash if session else None
