"""From a draft to the store: preview, confirmation with reason, receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import streamlit as st
from markupsafe import Markup

from ita.auth.permissions import User
from ita.config import current_settings
from ita.domain import FiscalYear, thai_today
from ita.i18n import _, language
from ita.imports.cells import TYPE_LABELS
from ita.imports.datasets import Dataset
from ita.imports.diff import FieldChange
from ita.imports.draft import ImportRequest, record_of, typed_request
from ita.imports.problems import Problem, ProblemKind
from ita.imports.saving import import_files
from ita.imports.several_files import FilesPreview, preview_files
from ita.reports.editing import OUTCOME, PERIOD, CellKey, EditedText, RowEdit, build_row_edit
from ita.reports.narrative import NarrativeRow
from ita.reports.published_figures import Figures, load_published_figures
from ita.reports.readiness import ReportCell
from ita.scores.claims.verdicts import ClaimVerdict
from ita.store import Cursor
from ita.tables import CellValue, Kind, Table, TableColumn
from ita.ui.components import queries
from ita.ui.components.confirm_form import confirm_form
from ita.ui.components.markup import render_html, tag
from ita.ui.components.navigation import show_page_link
from ita.ui.components.start_guide import show_next_step
from ita.ui.components.tables import field_label, show_table, value_html
from ita.ui.narrative.drafts import (
    RowDraft,
    RowKey,
    close_editor,
    discard_draft,
    request_scroll,
    row_container,
    typed_claims,
)
from ita.ui.upload.preview_step import show_figure_changes, show_stale
from ita.web.current_user import current_user
from ita.web.paths import HISTORY
from ita.web.store_access import get_reference, get_store

Record: TypeAlias = dict[str, CellValue]


def import_requests(draft: RowDraft, row: NarrativeRow) -> tuple[ImportRequest, ...]:
    """The changed cells as files, measures first, for results may speak of them."""
    agency, reference = draft.row_key[0], get_reference()
    edit = build_row_edit(row, draft.changed)
    name = _("แก้ไขในหน้ารายงานผล.csv")
    files = (
        (Dataset.MEASURES, _measure_records(draft.row_key, edit, row)),
        (Dataset.NARRATIVE, [_text_record(draft.row_key, text) for text in edit.texts]),
    )
    return tuple(
        typed_request(kind, agency, records, name, reference, blank_erases=True)
        for kind, records in files
        if records
    )


def _measure_records(row_key: RowKey, edit: RowEdit, row: NarrativeRow) -> list[Record]:
    """Divisions with the measures' own texts, which a file of measures can't be without."""
    return [
        _key_fields(row_key)
        | {"seq": m.seq, "measure": m.text, "divisions": ", ".join(edit.divisions[m.seq])}
        for m in row.measures
        if m.seq in edit.divisions
    ]


def _text_record(row_key: RowKey, text: EditedText) -> Record:
    return _key_fields(row_key) | {
        "type": TYPE_LABELS[text.cell],
        "seq": text.seq,
        "text": text.text,
        "measures": ",".join(map(str, text.answers)) if text.text.strip() else None,
    }


def _key_fields(row_key: RowKey) -> Record:
    agency, year, instrument = row_key
    return {"fiscal_year": year, "agency": agency, "instrument": instrument.value}


def preview_changes(draft: RowDraft, requests: Sequence[ImportRequest]) -> FilesPreview[Figures]:
    """What the save would do; looked at anew when what was typed or the store has changed."""
    version = queries.data_version()
    key = (tuple(requests), version, language())
    if draft.last_preview and draft.last_preview[0] == key:
        preview: FilesPreview[Figures] = draft.last_preview[1]
        return preview
    if draft.last_preview and draft.last_preview[0][1] != version:
        draft.is_stale = True
    agency, year, _unused = draft.row_key

    def load_figures(cursor: Cursor) -> Figures:
        years = (FiscalYear(year),)
        return load_published_figures(cursor, agency, years, get_reference(), thai_today())

    limits = current_settings().limits
    preview = preview_files(
        get_store(), requests, get_reference(), limits, current_user(), load_figures
    )
    draft.last_preview = (key, preview)
    return preview


def cell_errors(
    draft: RowDraft, row: NarrativeRow, preview: FilesPreview[Figures]
) -> dict[CellKey | None, list[str]]:
    """Error messages by cell; None: of the save as a whole."""
    edit = build_row_edit(row, draft.changed)
    measures = [m.seq for m in row.measures if m.seq in edit.divisions]
    errors: dict[CellKey | None, list[str]] = {}
    for outcome, of_measures in zip(preview.outcomes, _are_measures(edit), strict=False):
        for problem in (p for p in outcome.problems if p.blocks):
            number, cell = record_of(problem), None
            if number is not None:
                cell = (
                    (ReportCell.DIVISIONS, measures[number])
                    if of_measures
                    else _cell_of_problem(draft, edit.texts[number], problem)
                )
            errors.setdefault(cell, []).append(problem.message())
    return errors


def _are_measures(edit: RowEdit) -> list[bool]:
    """Which of the files are of measures, in the order of `requests_of`."""
    return [True] * bool(edit.divisions) + [False] * bool(edit.texts)


def _cell_of_problem(draft: RowDraft, text: EditedText, problem: Problem) -> CellKey:
    if text.cell is not ReportCell.RESULT:
        return PERIOD if text.cell is ReportCell.PERIOD else OUTCOME
    typed_numbers = draft.numbers(ReportCell.RESULT)
    new = [n for n in typed_numbers if n < 0 and draft.text((ReportCell.RESULT, n)).strip()]
    old = [n for n in typed_numbers if n > 0]
    number = text.seq or 0
    if number not in old:  # stored under the next free numbers, in their order
        first = number - 1 - max(old, default=0)
        number = new[first] if first < len(new) else new[-1]
    of_answers = problem.kind is ProblemKind.UNKNOWN_MEASURE
    return (ReportCell.ANSWERS if of_answers else ReportCell.RESULT, number)


def show_changes(preview: FilesPreview[Figures]) -> None:
    """What would change, cell by cell, and the figures that people see."""
    differences = [change for outcome in preview.outcomes for change in outcome.differences]
    columns: list[TableColumn[FieldChange]] = [
        TableColumn(_("ช่อง"), kind=Kind.WORDS, shown=_change_label),
        TableColumn(_("เดิม"), shown=lambda change: value_html(change.old)),
        TableColumn(_("ใหม่"), shown=lambda change: value_html(change.new)),
    ]
    show_table(Table(columns, differences), stacked=True)
    show_figure_changes(preview.before, preview.after)


def _change_label(change: FieldChange) -> str:
    """A changed cell as the editor calls it."""
    kind, seq = change.key.get("type"), change.key.get("seq")
    if change.field == "divisions":
        return _("ผู้รับผิดชอบมาตรการ {number}", number=seq)
    if kind == ReportCell.RESULT:
        label = _("สรุปผลข้อ {number}", number=seq)
        return f"{label} · {_('ตอบมาตรการข้อ')}" if change.field == "measures" else label
    return {
        ReportCell.PERIOD.value: _("ระยะเวลาดำเนินการ"),
        ReportCell.OUTCOME.value: _("ผลลัพธ์หรือความสำเร็จ"),
    }.get(str(kind), field_label(change.field))


def confirm_changes(
    draft: RowDraft, requests: Sequence[ImportRequest], preview: FilesPreview[Figures]
) -> None:
    """Who, why, and what is to be taken note of; then one transaction."""
    contradicted = [c for c in typed_claims(draft) if c.verdict is ClaimVerdict.CONTRADICTED]
    contradicted = contradicted if OUTCOME in draft.changed else []
    if contradicted:
        mark = tag(_("ข้อความนี้ขัดกับคะแนน"), "bad")
        render_html(Markup().join(mark + claim.message() for claim in contradicted))
    preview_key = f"{draft.turn} {preview.version} {hash(tuple(requests))}"
    agree = _("ทราบแล้วว่าข้อความขัดกับคะแนน และยืนยันให้บันทึก") if contradicted else None
    confirmation = confirm_form(
        preview_key, _("บันทึก"), agreement=agree, reason_key=f"report {draft.turn}"
    )
    if confirmation:
        _store(draft, requests, preview.version, *confirmation)


def _store(
    draft: RowDraft, requests: Sequence[ImportRequest], version: int, user: User, reason: str
) -> None:
    outcomes = import_files(
        get_store(),
        requests,
        get_reference(),
        current_settings().limits,
        user,
        reason,
        seen_version=version,
    )
    draft.last_preview = None
    if any(outcome.stale for outcome in outcomes):
        draft.is_stale = True
    elif all(outcome.accepted for outcome in outcomes):
        batches = tuple(outcome.batch for outcome in outcomes if outcome.batch)
        st.session_state["report receipt"] = (draft.row_key, batches)
        discard_draft(draft.row_key)
        close_editor()
        request_scroll((row_container(draft.row_key[2]),))
    st.rerun()


def show_receipt(row_key: RowKey) -> None:
    """What was stored of a row just now, and the way back."""
    stored = st.session_state.get("report receipt")
    if not stored or stored[0] != row_key:
        return
    batches = ", ".join(map(str, stored[1]))
    st.success(_("บันทึกแล้ว เป็นการนำเข้าครั้งที่ {batches} รายงานด้านล่างเป็นข้อมูลล่าสุด", batches=batches))
    show_next_step(row_key[0], ("report receipt",))
    show_page_link(HISTORY, _("ดูประวัติหรือยกเลิก"))


def show_if_stale(draft: RowDraft) -> None:
    if draft.is_stale:
        show_stale()
        draft.is_stale = False
