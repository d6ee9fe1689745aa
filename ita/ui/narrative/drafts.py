"""The drafts of report rows in a browser session, kept while other pages are visited, and what the scores
say to an outcome as it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any

import streamlit as st
from markupsafe import Markup

from ita.domain import FiscalYear, Instrument, Part
from ita.i18n import _
from ita.reports.editing import OUTCOME, CellKey, FieldValue, changed_cells, rebase_edits, row_cells
from ita.reports.narrative import NarrativeReport, NarrativeRow
from ita.reports.readiness import CellAddress, ReportCell
from ita.scores.claims.messages import claim_text
from ita.scores.claims.true_wordings import replace_claim, true_wordings
from ita.scores.claims.verdicts import ClaimVerdict, JudgedClaim, judged_claims, unclear_sentences
from ita.ui.components import queries
from ita.ui.components.markup import BREAK, SPACE, html, render_html, tag
from ita.ui.components.navigation import scroll_to
from ita.ui.components.tags import verdict_tag
from ita.ui.components.url_state import new_url_value, save_choice
from ita.web.store_access import get_reference

# Agency, fiscal year, instrument.
RowKey = tuple[str, int, Instrument]


@dataclass
class RowDraft:
    """A row while it is edited. opened: its cells when it was opened; typed: as they are on the screen.

    turn: distinguishes the fields of drafts. is_previewing: whether the changes are shown.
    last_preview: the preview with its cache key.
    """

    row_key: RowKey
    turn: int
    opened: dict[CellKey, FieldValue]
    typed: dict[CellKey, FieldValue]
    is_previewing: bool = False
    last_preview: tuple[Any, Any] | None = None
    is_stale: bool = field(default=False)

    @property
    def changed(self) -> dict[CellKey, FieldValue]:
        return changed_cells(self.opened, self.typed)

    def widget_key(self, cell: CellKey) -> str:
        agency, year, instrument = self.row_key
        return f"write {agency} {year} {instrument} {self.turn} {cell[0]} {cell[1]}"

    def numbers(self, cell: ReportCell) -> tuple[int, ...]:
        """The numbers of a kind of cell: those that are stored, then new ones in their order."""
        numbers = [number for kind, number in self.typed if kind is cell]
        return tuple(sorted(numbers, key=lambda number: (number < 0, abs(number))))

    def text(self, cell: CellKey) -> str:
        value = self.typed.get(cell, "")
        return value if isinstance(value, str) else ""

    def set_value(self, cell: CellKey, value: FieldValue) -> None:
        """Sets a cell from code rather than by its field, which then shows the value."""
        self.typed[cell] = value
        st.session_state[self.widget_key(cell)] = list(value) if isinstance(value, tuple) else value

    def add_result(self, answers: tuple[int, ...]) -> int:
        """An empty result for some measures; its number, which is negative until it is saved."""
        number = min((0, *(n for cell, n in self.typed if cell is ReportCell.RESULT))) - 1
        self.typed[ReportCell.RESULT, number] = ""
        self.typed[ReportCell.ANSWERS, number] = answers
        return number


def _drafts() -> dict[RowKey, RowDraft]:
    drafts: dict[RowKey, RowDraft] = st.session_state.setdefault("report drafts", {})
    return drafts


def report_key_of(report: NarrativeReport) -> tuple[str, int]:
    return report.agency_id, int(report.fiscal_year)


def row_key_of(report: NarrativeReport, instrument: Instrument) -> RowKey:
    return *report_key_of(report), instrument


def get_draft(row_key: RowKey, row: NarrativeRow) -> RowDraft:
    """The draft of a row, on the row as it is stored now."""
    stored = row_cells(row)
    draft = _drafts().get(row_key)
    if draft is None:
        turn = st.session_state["report turn"] = st.session_state.get("report turn", 0) + 1
        draft = _drafts()[row_key] = RowDraft(row_key, turn, stored, dict(stored))
    elif draft.opened != stored:
        typed_before = draft.typed
        draft.opened, draft.typed = rebase_edits(draft.opened, typed_before, stored)
        for cell, value in draft.typed.items():
            if typed_before.get(cell) != value:
                draft.set_value(cell, value)
    return draft


def has_unsaved(row_key: RowKey) -> bool:
    draft = _drafts().get(row_key)
    return draft is not None and bool(draft.changed)


def has_any_unsaved() -> bool:
    """Whether anything typed would be lost with this visit: links that reload the page wait then."""
    return any(draft.changed for draft in _drafts().values())


def discard_draft(row_key: RowKey) -> None:
    _drafts().pop(row_key, None)


def open_cell(report: NarrativeReport, editable: bool) -> CellAddress | None:
    """The cell that is being edited in this report, from the URL or from a button. Who may not write is
    led to its row."""
    requested = CellAddress.parse(new_url_value("edit") or "")
    report_key = report_key_of(report)
    if not editable:
        if requested:
            go_to_row(requested.instrument)
        save_choice("edit", "", "", "")
        return None
    if requested:
        open_editor(report_key, requested)
    stored = st.session_state.get("report place")
    address: CellAddress | None = stored[1] if stored and stored[0] == report_key else None
    if address and address.instrument not in {row.instrument for row in report.rows}:
        address = None
    code = address.code if address else ""
    save_choice("edit", code, code, "")
    return address


def open_editor(report_key: tuple[str, int], address: CellAddress) -> None:
    """Opens the editor at a cell and scrolls to it; the callback of buttons."""
    st.session_state["report place"] = (report_key, address)
    st.session_state.pop("report receipt", None)
    show_instrument(address.instrument)
    request_scroll(_containers(address))


def show_instrument(instrument: Instrument) -> None:
    """Have its tab open; called before the tabs are drawn."""
    st.session_state["instrument"] = instrument.value
    st.query_params.pop("instrument", None)


def go_to_row(instrument: Instrument) -> None:
    """Shows an instrument's row; the callback of buttons."""
    show_instrument(instrument)
    request_scroll((row_container(instrument),))


def close_editor() -> None:
    """Close the editor; what was typed stays."""
    st.session_state.pop("report place", None)


def _containers(address: CellAddress) -> tuple[str, ...]:
    """The keys of the containers that show a cell, the innermost first."""
    row = f"editor-{address.instrument}"
    if address.cell in (ReportCell.RESULT, ReportCell.ANSWERS) and address.seq:
        return f"place-measure-{address.seq}", row
    if address.cell is ReportCell.DIVISIONS and address.seq:
        return f"place-divisions-{address.seq}", row
    return (
        (f"place-{address.cell}", row)
        if address.cell in (ReportCell.PERIOD, ReportCell.OUTCOME)
        else (row,)
    )


def row_container(instrument: Instrument) -> str:
    return f"row-{instrument}"


def request_scroll(containers: tuple[str, ...]) -> None:
    """Scrolls to the first existing of these containers when the run ends."""
    turn = st.session_state["report looks"] = st.session_state.get("report looks", 0) + 1
    st.session_state["report look"] = (containers, turn)


def apply_scroll() -> None:
    """Applies a requested scroll once; called after everything is rendered."""
    if target := st.session_state.pop("report look", None):
        containers, turn = target
        scroll_to(*containers, turn=turn)


# What the scores say to an outcome while it is written, and true wordings to put in its place.

# True wordings offered for one score.
MAX_WORDINGS = 3


def typed_claims(draft: RowDraft) -> tuple[JudgedClaim, ...]:
    """The claims of the outcome as it stands on the screen."""
    agency, year, instrument = draft.row_key
    return outcome_claims(agency, FiscalYear(year), {instrument: draft.text(OUTCOME)})


def outcome_claims(
    agency: str, year: FiscalYear, outcomes: Mapping[Instrument, str]
) -> tuple[JudgedClaim, ...]:
    """The claims of outcomes that are not stored yet."""
    points = queries.agency_trend(queries.data_version(), agency).points
    of = queries.text_agency(queries.data_version(), agency)
    return judged_claims(outcomes, points, year, get_reference(), of)


def show_typed_claims(draft: RowDraft, claims: Sequence[JudgedClaim]) -> None:
    """Each sentence that claims something of a score: the verdict, the figures, and what to write."""
    for number, (text, group) in enumerate(groupby(claims, key=lambda c: c.claim.text)):
        judged = tuple(group)
        render_html(html("quote", text) + Markup().join(map(verdict_html, judged)))
        parts = dict.fromkeys(
            j.claim.part for j in judged if j.verdict is not ClaimVerdict.SUPPORTED
        )
        for part in parts:
            _wordings(draft, text, part, number)
    instrument = draft.row_key[2]
    of = queries.text_agency(queries.data_version(), draft.row_key[0])
    unclear = unclear_sentences(draft.text(OUTCOME), instrument, get_reference(), of)
    show_unclear(unclear)
    if not claims:
        _wordings(draft, "", instrument, 0)


def show_unclear(sentences: Sequence[str]) -> None:
    """Sentences of which nobody but a person can say what they claim."""
    if sentences:
        quotes = Markup().join(html("quote", text) for text in sentences)
        render_html(quotes + tag(_("ระบบอ่านข้อความนี้ไม่แน่ใจ กรุณาตรวจเอง"), "note"))


def verdict_html(judged: JudgedClaim) -> Markup:
    """A claim with what the scores say to it."""
    claim = SPACE.join((verdict_tag(judged.verdict), html("bold", claim_text(judged.claim))))
    return html("paragraph", BREAK.join((claim, html("quiet_part", judged.message()))))


def true_sentences(row_key: RowKey, part: Part) -> tuple[str, ...]:
    """What is true of a score in a report's year, the strongest first."""
    agency, year, _unused = row_key
    points = queries.agency_trend(queries.data_version(), agency).points
    return true_wordings(part, FiscalYear(year), points, get_reference())[:MAX_WORDINGS]


def write_wording(row_key: RowKey, row: NarrativeRow, claimed: str, wording: str) -> None:
    """Puts a true sentence in the place of a claim of the stored outcome, and opens the editor there;
    the callback of buttons."""
    _insert_wording(get_draft(row_key, row), claimed, wording)
    open_editor(row_key[:2], CellAddress(row.instrument, ReportCell.OUTCOME))


def _wordings(draft: RowDraft, claimed: str, part: Part, number: int) -> None:
    """True sentences about a score; one click puts one in the place of what was claimed."""
    sentences = true_sentences(draft.row_key, part)
    if not sentences:
        return
    st.caption(
        _("ถ้อยคำที่คะแนนยืนยันได้ กดเพื่อใช้แทน") if claimed else _("ถ้อยคำที่คะแนนยืนยันได้ กดเพื่อเติมต่อท้าย")
    )
    for index, wording in enumerate(sentences):
        st.button(
            wording,
            key=f"wording {draft.turn} {number} {part} {index}",
            on_click=partial(_insert_wording, draft, claimed, wording),
        )


def _insert_wording(draft: RowDraft, claimed: str, wording: str) -> None:
    draft.set_value(OUTCOME, replace_claim(draft.text(OUTCOME), claimed, wording))
