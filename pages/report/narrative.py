"""รายงานผล: whether it is ready to hand in, and the authority's table, an instrument at a time, noted and
edited in place."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st
from markupsafe import Markup

from ita.auth.permissions import Action, Resource, can
from ita.domain import thai_today
from ita.formatting import year_text
from ita.i18n import _
from ita.imports.datasets import Dataset
from ita.reports.gaps import Gap, GapKind
from ita.reports.narrative import COLUMNS, NarrativeReport, NarrativeRow, report_text
from ita.reports.next_steps import open_report_year
from ita.reports.readiness import (
    CellAddress,
    Readiness,
    ReadinessKind,
    ReadinessLine,
    ReportCell,
    assess_readiness,
    gap_address,
    headline,
)
from ita.scores.claims.verdicts import ClaimVerdict, JudgedClaim
from ita.tables import Kind, Table, screen_columns
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency, show_no_data
from ita.ui.components.frame import guard
from ita.ui.components.markup import BREAK, html, nl2br, render_html, tag
from ita.ui.components.navigation import ask_before_leaving, show_page_link
from ita.ui.components.pickers import pick_instrument, pick_year
from ita.ui.components.tables import table_html
from ita.ui.components.tags import claim_mark, gap_mark, gap_remark
from ita.ui.narrative import documents
from ita.ui.narrative.drafts import (
    apply_scroll,
    go_to_row,
    has_any_unsaved,
    has_unsaved,
    open_cell,
    open_editor,
    report_key_of,
    row_container,
    row_key_of,
    true_sentences,
    write_wording,
)
from ita.ui.narrative.editor import editor
from ita.ui.narrative.saving import show_receipt
from ita.web.current_user import current_user
from ita.web.paths import NARRATIVE, UPLOAD

Numbers = Mapping[CellAddress, int]


def show_page() -> None:
    guard()
    agency = require_agency()
    version = queries.data_version()
    years, today = queries.agency_years_of_work(version, agency), thai_today()
    year = pick_year(years, queries.year_at_hand(version, agency, today))
    if year is None:
        show_no_data(_("มาตรการและรายงานผลของหน่วยงานนี้"))
        st.stop()
    report = queries.agency_report(version, agency, year, today)
    editable = may_edit(report)
    result = assess_readiness(report)
    if before := open_report_year(years, year, today):
        open_report_note(queries.agency_report(version, agency, before, today))
    address = open_cell(report, editable)
    # The side comes first, so that a phone says what is missing before it shows the table.
    side, main = st.columns([1, 3.5], gap="small")
    with side, st.container(border=True, key="readiness", gap="small"):
        readiness_block(report, result, editable)
    with main:
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            instrument = pick_instrument([row.instrument for row in report.rows])
            row = next((row for row in report.rows if row.instrument is instrument), None)
            if row and editable and not _is_open(row, address):
                st.button(
                    _("แก้ไข {instrument}", instrument=row.instrument.value),
                    key=f"edit {row.instrument}",
                    on_click=partial(
                        open_editor, report_key_of(report), CellAddress(row.instrument)
                    ),
                )
        if row:
            with st.container(key=row_container(row.instrument)):
                show_row(report, row, address, editable, result.numbers)
    ask_before_leaving(has_any_unsaved())
    apply_scroll()


def show_row(
    report: NarrativeReport,
    row: NarrativeRow,
    address: CellAddress | None,
    editable: bool,
    numbers: Numbers,
) -> None:
    """An instrument's row with its notes beside it, or the editor in their place."""
    _row_head(report, row)
    show_receipt(row_key_of(report, row.instrument))
    if address and _is_open(row, address):
        editor(report, row, address)
        return
    cells, notes = st.columns([3.6, 1], gap="small")
    with cells, st.container(border=True, key="card-report-row"):
        columns = screen_columns(*((label, Kind.TEXT) for label in COLUMNS[1:]))
        table = Table(columns, [_cells(row, numbers)])
        render_html(html("narrative.row", table_html(table)), stacked=True)
    with notes, st.container(key="report-notes", gap="small"):
        _notes(report, row, editable, numbers)


def _is_open(row: NarrativeRow, address: CellAddress | None) -> bool:
    return address is not None and address.instrument is row.instrument


def _row_head(report: NarrativeReport, row: NarrativeRow) -> None:
    """The authority's name of the row, and whether anything typed waits in it."""
    unsaved = has_unsaved(row_key_of(report, row.instrument))
    unsaved_tag = tag(_("มีข้อความที่ยังไม่บันทึก"), "warn") if unsaved else Markup()
    render_html(html("narrative.title", row.title, unsaved_tag))


def _cells(row: NarrativeRow, numbers: Numbers) -> tuple[str, str, str, str]:
    """The authority's cells behind the row's name, with nothing of ours in them but the numbers of notes."""

    def marks(*gaps: Gap) -> Markup:
        own = dict.fromkeys(numbers[a] for a in map(gap_address, gaps) if a and a in numbers)
        return Markup().join(html("narrative.mark", number) for number in own)

    measures = [
        (measure.seq, nl2br(report_text(measure)) + marks(*row.gaps_of(measure.seq)))
        for measure in row.measures
    ]
    results = [nl2br(result.text) for result in row.results]
    duties = [BREAK.join(row.divisions), *(("ดำเนินการ", nl2br(row.period)) if row.period else ())]
    periods = [gap for gap in row.gaps if gap.kind is GapKind.NO_PERIOD and gap.seq is None]
    outcome = CellAddress(row.instrument, ReportCell.OUTCOME)
    number = html("narrative.mark", numbers[outcome]) if outcome in numbers else Markup()
    return (
        html("numbered", measures),
        html("bullets", results, "dashed"),
        BREAK.join(duties) + marks(*periods),
        nl2br(row.outcome or "") + number,
    )


def _notes(report: NarrativeReport, row: NarrativeRow, editable: bool, numbers: Numbers) -> None:
    """What is to be said of the row's cells, by the numbers that stand in them; remarks that hold up
    nothing are folded."""
    linked = editable and not has_any_unsaved()
    notes: dict[int, Markup] = {}
    remarks = []
    for gap in row.gaps:
        address = gap_address(gap)
        if address and address in numbers:
            notes.setdefault(numbers[address], gap_mark(gap))
        else:
            remarks.append(gap_remark(gap, report, linked))
    for number, note in sorted(notes.items()):
        render_html(html("narrative.note", number, note))
    outcome = numbers.get(CellAddress(row.instrument, ReportCell.OUTCOME))
    for part in dict.fromkeys(judged.claim.part for judged in row.claims):
        claims = [judged for judged in row.claims if judged.claim.part == part]
        wrong = [judged for judged in claims if judged.verdict is not ClaimVerdict.SUPPORTED]
        for judged in claims:
            own = outcome if judged in wrong else None
            render_html(html("narrative.note", own, claim_mark(judged)))
        if editable and wrong:
            _wording_button(report, row, wrong[0])
    if remarks:
        title = _("ข้อสังเกต ({count})", count=len(remarks))
        render_html(html("details", title, Markup().join(remarks), False, "ita-fold"))


def _wording_button(report: NarrativeReport, row: NarrativeRow, judged: JudgedClaim) -> None:
    """A sentence that the scores bear out; a tap writes it into the draft in the claim's place."""
    row_key = row_key_of(report, row.instrument)
    for wording in true_sentences(row_key, judged.claim.part)[:1]:
        st.button(
            _("ใช้แทนว่า “{wording}”", wording=wording),
            key=f"true wording {row.instrument} {judged.claim.part}",
            on_click=partial(write_wording, row_key, row, judged.claim.text, wording),
        )


# Whether the report is ready to hand in, with links to what it still lacks.

# Buttons beside one line; the next ones appear when these are done.
MAX_SHOWN_ADDRESSES = 6


def readiness_block(report: NarrativeReport, result: Readiness, editable: bool) -> None:
    """The sentence that says it, the files, and what must be there: each with its count and the ways to
    what lacks it."""
    render_html(html("heading", headline(report, result)))
    documents.report_downloads(report, result)
    if not report.rows:
        show_page_link(
            UPLOAD, _("นำเข้ามาตรการ"), kind=Dataset.MEASURES.value, agency=report.agency_id
        )
        return
    for line in sorted(result.lines, key=lambda line: line.is_complete):
        render_html(_line_html(line))
        _addresses(line, report, editable, result.numbers)
    if result.missing_instruments:
        names = ", ".join(result.missing_instruments)
        render_html(html("quiet", _("รายงานนี้ยังไม่มี {instruments}", instruments=names)))


def open_report_note(report: NarrativeReport) -> None:
    """That the report of the year before, which is handed in during the one shown, still lacks
    something, with the way to it."""
    result = assess_readiness(report)
    if not result.lacking:
        return
    words = {"year": year_text(report.fiscal_year), "missing": result.lacking}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        render_html(tag(_("รายงานผล{year} ยังไม่พร้อมส่ง ขาดอีก {missing} รายการ", **words), "warn"))
        choices = {"agency": report.agency_id, "year": int(report.fiscal_year)}
        show_page_link(NARRATIVE, _("เปิดรายงานผล{year}", year=words["year"]), **choices)


def _line_html(line: ReadinessLine) -> Markup:
    sign, tone = ("✓", "good") if line.is_complete else ("!", "warn")
    if line.is_early:
        sign, tone = ("i", "note")
    count = _("{done} จาก {total}", done=line.done, total=line.total) if line.total else _("ไม่มี")
    return html("narrative.requirement", sign, tone, line.label, count)


def _addresses(
    line: ReadinessLine, report: NarrativeReport, editable: bool, numbers: Numbers
) -> None:
    """The way to each cell of a line: into its editor, or for who may not write to its row."""
    if not line.addresses:
        return
    report_key = report_key_of(report)
    with st.container(horizontal=True, gap="xsmall"):
        for address in line.addresses[:MAX_SHOWN_ADDRESSES]:
            label = repair_label(address, line.kind) if editable else row_label(address)
            st.button(
                f"{numbers[address]} · {label}",
                key=f"mend {line.kind} {address.code}",
                on_click=partial(open_editor, report_key, address)
                if editable
                else partial(go_to_row, address.instrument),
            )
    if more := len(line.addresses[MAX_SHOWN_ADDRESSES:]):
        st.caption(_("และอีก {more} แห่ง", more=more))


def row_label(address: CellAddress) -> str:
    """The label of a button that shows a cell's row."""
    if address.seq is None:
        return _("ดู {instrument}", instrument=address.instrument.value)
    return _("ดู {instrument} ข้อ {number}", instrument=address.instrument.value, number=address.seq)


def repair_label(address: CellAddress, kind: ReadinessKind) -> str:
    """The label of a button that opens a cell."""
    words = {"instrument": address.instrument.value, "number": address.seq or ""}
    if address.cell is ReportCell.OUTCOME and kind is ReadinessKind.CLAIMS:
        return _("แก้ถ้อยคำ {instrument}", **words)
    if address.cell is ReportCell.OUTCOME:
        return _("เขียนผลลัพธ์ {instrument}", **words)
    if address.cell is ReportCell.PERIOD:
        return _("ระบุระยะเวลา {instrument}", **words)
    if address.cell is ReportCell.DIVISIONS:
        return _("ผู้รับผิดชอบ {instrument} ข้อ {number}", **words)
    return _("สรุปผล {instrument} ข้อ {number}", **words)


def may_edit(report: NarrativeReport) -> bool:
    """Whether the current user may write in a report; the save checks again."""
    thing = Resource(frozenset({report.agency_id}), Dataset.NARRATIVE.value)
    return can(current_user(), Action.IMPORT, thing).allowed


if __name__ == "__main__":
    show_page()
