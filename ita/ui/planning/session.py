"""The draft of a plan in a session: kept while other pages are visited, until it is saved or discarded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import streamlit as st

from ita.domain import FiscalYear, Instrument
from ita.measures.model import Measure
from ita.measures.plan_drafts import PlanDraft, PlannedRow, renumber
from ita.planning.analysis import PlanAnalysis
from ita.planning.drafts import build_first_draft


@dataclass
class DraftSession:
    """initial_draft: as first offered, from the measures stored then (stored_measures) or of an earlier
    year; current_draft: as it is now; offered: as it was when its fields were made, so that their choices
    stay the same while they are open. first: the positions of rows that are to be filled in, which stand
    above the others; open_row: the position of the one whose fields are open. turn: distinguishes the
    fields of one draft from those of the next. checked_draft: what is previewed before it is saved;
    sent_hash: of it as a file. scroll_to_check: whether the page has yet to scroll to the result of the
    check."""

    stored_measures: tuple[Measure, ...]
    initial_draft: PlanDraft
    current_draft: PlanDraft
    offered: PlanDraft = ()
    turn: int = 0
    first: set[int] = field(default_factory=set)
    open_row: int | None = None
    checked_draft: PlanDraft | None = None
    sent_hash: str | None = None
    scroll_to_check: bool = False

    @property
    def is_changed(self) -> bool:
        return self.current_draft != self.initial_draft

    def reset(self, draft: Sequence[PlannedRow]) -> None:
        """Puts a draft in the place of what there is."""
        self.current_draft = self.offered = tuple(draft)
        self.first = {at for at, row in enumerate(self.current_draft) if not row.measure.strip()}
        self.open_row, self.turn = None, self.turn + 1

    def add_row(self) -> None:
        """Adds a blank row, open to be written."""
        self.open_row = len(self.current_draft)
        self.first.add(self.open_row)
        self.current_draft += (PlannedRow(Instrument.IIT.value),)
        self.offered += self.current_draft[-1:]

    def remove_row(self, position: int) -> None:
        """Removes a row; those after it move up."""
        rest = (*self.current_draft[:position], *self.current_draft[position + 1 :])
        first = {at - (at > position) for at in self.first if at != position}
        self.reset(rest)
        self.first = first

    def toggle_row(self, position: int) -> None:
        """Opens the fields of a row, or closes them."""
        self.open_row = None if self.open_row == position else position

    def set_field(self, turn: int, position: int, name: str, text: str) -> None:
        """Takes what was typed in a field; nothing of a turn that is over."""
        if turn == self.turn:
            rows = list(self.current_draft)
            rows[position] = replace(rows[position], **{name: text})
            self.current_draft = tuple(rows)

    def check(self, stored: Sequence[Measure]) -> None:
        """Removes rows without content, renumbers, and marks the rest to be previewed."""
        rows_with_content = [row for row in self.current_draft if row.has_content]
        self.reset(renumber(rows_with_content, measure_keys(stored)))
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
            turn = session.turn if session else 0
            session = _sessions()[key] = DraftSession(tuple(stored), draft, draft, turn=turn)
            session.reset(draft)
    return session


def discard_draft_session(analysis: PlanAnalysis) -> None:
    """Discards the draft: after a save, or on request."""
    _sessions().pop((analysis.agency_id, analysis.years.year), None)


def sent_draft_hash(analysis: PlanAnalysis) -> str | None:
    """The hash of the draft that was last previewed as a file."""
    session = _sessions().get((analysis.agency_id, analysis.years.year))
    return session.sent_hash if session else None
