"""The draft through the checks, the difference and the effect of every import, to the store."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TypeAlias

import streamlit as st
from markupsafe import Markup

from ita.auth.permissions import User
from ita.config import current_settings
from ita.domain import Instrument
from ita.i18n import _, language
from ita.imports.datasets import Dataset
from ita.imports.diff import FieldChange, altered_and_new
from ita.imports.draft import ImportRequest
from ita.imports.problems import Problem
from ita.imports.several_files import FilesPreview
from ita.reports.old_report_import import (
    DraftCell,
    cell_of_change,
    cell_of_problem,
    import_report,
    preview_report,
    report_requests,
)
from ita.reports.old_report_owner import ReportOwner
from ita.reports.published_figures import Figures
from ita.reports.reading.report_draft import ReportColumn, ReportDraft
from ita.scores.claims.verdicts import ClaimVerdict, JudgedClaim
from ita.store.originals import OriginalFile
from ita.tables import Kind, Table, screen_columns
from ita.ui.components import queries
from ita.ui.components.confirm_form import confirm_form
from ita.ui.components.frame import guarded_fragment
from ita.ui.components.markup import html, nl2br, render_html, tag
from ita.ui.components.navigation import show_page_link
from ita.ui.components.start_guide import show_next_step
from ita.ui.components.tables import field_label, show_table, value_html
from ita.ui.old_report.source_step import OpenReport, forget_report
from ita.ui.old_report.target import is_stored
from ita.ui.upload.preview_step import show_figure_changes, show_stale
from ita.ui.upload.problems_step import problem_html
from ita.web.current_user import current_user
from ita.web.paths import HISTORY, NARRATIVE
from ita.web.store_access import get_reference, get_store

Preview: TypeAlias = FilesPreview[Figures]
Requests: TypeAlias = tuple[ImportRequest, ...]
RECEIPT = "old report receipt"
SHOWN_CHANGES = 200
_CLUSTER = re.compile(
    "[^\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]?[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*", re.DOTALL
)
MAX_COMPARED = 4_000
"""Characters of both values together, whose differences are marked."""


def draft_requests(report: OpenReport, target: ReportOwner) -> Requests:
    """The draft as it stands now, as files."""
    draft = report.edits.draft(target.agency, target.year)
    return report_requests(
        draft, target.agency, target.year, report.edits.links(), report.name, get_reference()
    )


def preview_draft(report: OpenReport, target: ReportOwner, requests: Requests) -> Preview:
    """What the save would do; looked at anew when the draft or the store has changed."""
    key = (requests, queries.data_version(), language())
    last_key, preview = report.last_preview or (None, None)
    if preview is not None and last_key == key:
        return preview
    if last_key and last_key[0] == requests and last_key[1] != key[1]:
        show_stale()
    preview = preview_report(
        get_store(),
        requests,
        target.agency,
        target.year,
        get_reference(),
        current_settings().limits,
        current_user(),
    )
    report.last_preview = (key, preview)
    return preview


def show_report_problems(
    report: OpenReport, target: ReportOwner, requests: Requests, preview: Preview
) -> None:
    """What must be mended, each with its cell, and what should be looked at."""
    draft = report.edits.draft(target.agency, target.year)
    rows = [
        [_cell_label(problem, request, draft), problem_html(problem.message(), problem.blocks)]
        for request, outcome in zip(requests, preview.outcomes, strict=False)
        for problem in outcome.problems
    ]
    blocking = sum(p.blocks for outcome in preview.outcomes for p in outcome.problems)
    if blocking:
        text = _(
            "ยังบันทึกไม่ได้: ต้องแก้ {count} แห่งในร่างข้างบน ไม่มีอะไรถูกบันทึก ข้อมูลเดิมยังอยู่ครบ", count=blocking
        )
        st.error(text)
    if rows:
        columns = screen_columns((_("ช่อง"), Kind.WORDS), (_("ปัญหาและวิธีแก้"), Kind.WORDS))
        show_table(Table(columns, rows), stacked=True)
    elif preview.accepted:
        render_html(tag(_("ไม่พบข้อผิดพลาด"), "good"))


def _cell_label(problem: Problem, request: ImportRequest, draft: ReportDraft) -> str:
    cell = cell_of_problem(draft, request.kind, problem, get_reference())
    return cell.label() if cell else _("ทั้งรายงาน")


def show_report_effect(target: ReportOwner, preview: Preview) -> None:
    """What would be stored, and what it does to the figures that people see."""
    changes = [change for outcome in preview.outcomes for change in outcome.differences]
    altered, fresh = altered_and_new(changes)
    if is_stored(target):
        words = {"altered": len(altered), "fresh": len(fresh)}
        text = _("มีรายงานปีนี้อยู่แล้ว: บันทึกนี้จะแก้ {altered} ช่อง", **words)
        if fresh:
            text = _("มีรายงานปีนี้อยู่แล้ว: บันทึกนี้จะแก้ {altered} ช่อง และเพิ่ม {fresh} ช่อง", **words)
        st.warning(text)
    missing = sum(outcome.missing for outcome in preview.outcomes)
    if missing:
        render_html(tag(_("มีในระบบแต่ไม่อยู่ในร่าง {count} (คงไว้)", count=missing), "note"))
    show_figure_changes(preview.before, preview.after)
    for title, listed, is_open in (
        (_("ค่าที่เปลี่ยน ({count})", count=len(altered)), altered, True),
        (_("ค่าใหม่ ({count})", count=len(fresh)), fresh, not altered),
    ):
        if listed:
            with st.expander(title, expanded=is_open):
                show_table(_change_table(listed[:SHOWN_CHANGES]), stacked=True)
                if len(listed) > SHOWN_CHANGES:
                    st.caption(_("และอีก {more} รายการ", more=len(listed) - SHOWN_CHANGES))


def _change_table(changes: Sequence[FieldChange]) -> Table[tuple[str, ...]]:
    columns = screen_columns((_("ช่อง"), Kind.WORDS), (_("เดิม"), Kind.TEXT), (_("ใหม่"), Kind.TEXT))
    return Table(columns, [(_change_label(change), *_values(change)) for change in changes])


def _change_label(change: FieldChange) -> str:
    """A changed cell as the draft calls it."""
    if "type" in change.key:
        return cell_of_change(Dataset.NARRATIVE, change).label()
    instrument, seq = Instrument(change.key["instrument"]), change.key["seq"]
    label = DraftCell(instrument, ReportColumn.MEASURES, seq).label()
    return label if change.field == "measure" else f"{label} · {field_label(change.field)}"


def _values(change: FieldChange) -> tuple[Markup, Markup]:
    """Both values; of texts the places where they differ are marked, for a space is easily overlooked."""
    old, new = change.old, change.new
    if not (isinstance(old, str) and isinstance(new, str)) or len(old) + len(new) > MAX_COMPARED:
        return value_html(old), value_html(new)
    return _marked_texts(old, new)


# The page runs again with every cell that is mended, and shows the other changes as before.
@lru_cache(maxsize=2 * SHOWN_CHANGES)
def _marked_texts(old: str, new: str) -> tuple[Markup, Markup]:
    # A letter and its marks are one sign: between them no mark of ours can stand.
    before, after = _CLUSTER.findall(old), _CLUSTER.findall(new)
    pieces = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return (
        Markup().join(_marked(before[i:j], kind) for kind, i, j, _m, _n in pieces),
        Markup().join(_marked(after[m:n], kind) for kind, _i, _j, m, n in pieces),
    )


def _marked(clusters: Sequence[str], kind: str) -> Markup:
    text = "".join(clusters)
    return nl2br(text) if kind == "equal" or not text else html("old_report.mark", text)


@guarded_fragment
def confirm_report(
    report: OpenReport,
    target: ReportOwner,
    requests: Requests,
    preview: Preview,
    claims: Sequence[JudgedClaim],
) -> None:
    """Who, why, and what is to be taken note of; then one transaction, with the original kept."""
    if st.session_state.pop("stale", False):
        show_stale()
    notes = _notes(report, target, claims)
    for note in notes:
        render_html(tag(note, "warn"))
    agree = _("ตรวจร่างเทียบกับต้นฉบับและข้อควรระวังข้างบนแล้ว ยืนยันว่าถูกต้อง") if notes else None
    seen = f"{report.turn} {preview.version} {hash(requests)}"
    confirmation = confirm_form(
        seen, _("บันทึก"), agreement=agree, reason_key=f"old report {report.turn}"
    )
    if confirmation:
        _store(report, target, requests, preview.version, *confirmation)


def _notes(report: OpenReport, target: ReportOwner, claims: Sequence[JudgedClaim]) -> list[str]:
    """What a person must have looked at."""
    edits = report.edits
    contradicted = sum(claim.verdict is ClaimVerdict.CONTRADICTED for claim in claims)
    counted = [
        (_("ระบบเสนอการจับคู่ {count} ข้อ กรุณาตรวจ", count=edits.proposed_count), edits.proposed_count),
        (_("ยังไม่ได้ตรวจจุดที่ไม่แน่ใจ {count} แห่ง", count=edits.doubt_count), edits.doubt_count),
        (
            _("ข้อความ {count} รายการไม่อยู่ในช่องใด จะไม่ถูกบันทึก", count=len(edits.unplaced)),
            len(edits.unplaced),
        ),
        (_("ข้อความ {count} แห่งขัดกับคะแนน", count=contradicted), contradicted),
    ]
    return [text for text, count in counted if count] + (
        [_("มีรายงานปีนี้อยู่แล้ว ค่าที่เปลี่ยนจะแทนที่ค่าเดิม")] if is_stored(target) else []
    )


def _store(
    report: OpenReport,
    target: ReportOwner,
    requests: Requests,
    version: int,
    user: User,
    reason: str,
) -> None:
    if report.content is None:
        raise AssertionError("an open report on the page has its file")
    outcomes = import_report(
        get_store(),
        requests,
        OriginalFile(report.name, report.content),
        get_reference(),
        current_settings().limits,
        user,
        reason,
        seen_version=version,
    )
    report.last_preview = None
    if any(outcome.stale for outcome in outcomes):
        st.session_state["stale"] = True
    elif all(outcome.accepted for outcome in outcomes):
        batches = tuple(outcome.batch for outcome in outcomes if outcome.batch)
        st.session_state[RECEIPT] = (target, batches)
        st.session_state.pop("stale", None)
        forget_report()
    st.rerun()


def show_report_receipt() -> bool:
    """What was stored, and the ways on; True while it is shown."""
    receipt: tuple[ReportOwner, tuple[int, ...]] | None = st.session_state.get(RECEIPT)
    if receipt is None:
        return False
    target, batches = receipt
    numbers = ", ".join(map(str, batches))
    st.success(_("บันทึกแล้ว เป็นการนำเข้าครั้งที่ {batches} พร้อมเก็บต้นฉบับไว้กับรายงาน", batches=numbers))
    show_next_step(target.agency, (RECEIPT,))
    link = {"agency": target.agency, "year": int(target.year)}
    show_page_link(NARRATIVE, _("เปิดรายงานผลของปีนี้"), **link)
    show_page_link(HISTORY, _("ดูประวัติหรือยกเลิก"))
    if st.button(_("นำเข้ารายงานเดิมอีกฉบับ")):
        del st.session_state[RECEIPT]
        st.rerun()
    return True
