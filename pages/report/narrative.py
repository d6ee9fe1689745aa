"""รายงานผล: whether it is ready, and the authority's five columns, marked and edited in place."""

from __future__ import annotations

from functools import partial

import streamlit as st
from markupsafe import Markup

from ita.auth.permissions import Action, Resource, can
from ita.domain import thai_today
from ita.formatting import year_text
from ita.i18n import _
from ita.imports.datasets import Dataset
from ita.reports.gaps import GapKind
from ita.reports.narrative import COLUMNS, NarrativeReport, NarrativeRow, report_text
from ita.reports.next_steps import open_report_year
from ita.reports.readiness import (
    CellAddress,
    Readiness,
    ReadinessKind,
    ReadinessLine,
    ReportCell,
    assess_readiness,
)
from ita.tables import Kind, Table, screen_columns
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency, show_no_data
from ita.ui.components.frame import guard
from ita.ui.components.markup import BREAK, SPACE, html, nl2br, render_html, tag
from ita.ui.components.navigation import show_page_link
from ita.ui.components.pickers import pick_instruments, pick_year
from ita.ui.components.tables import table_html
from ita.ui.components.tags import claim_mark, gap_mark
from ita.ui.narrative import documents
from ita.ui.narrative.drafts import (
    apply_scroll,
    has_any_unsaved,
    has_unsaved,
    open_cell,
    open_editor,
    row_container,
    row_key_of,
)
from ita.ui.narrative.editor import editor
from ita.ui.narrative.saving import show_receipt
from ita.web.current_user import current_user
from ita.web.paths import CLAIMS, NARRATIVE


def show_page() -> None:
    guard()
    agency = require_agency()
    version = queries.data_version()
    with st.container(horizontal=True, gap="small"):
        years, today = queries.agency_years_of_work(version, agency), thai_today()
        year = pick_year(years, queries.year_at_hand(version, agency, today))
        if year is None:
            show_no_data(_("มาตรการและรายงานผลของหน่วยงานนี้"))
            st.stop()
        whole = queries.agency_report(version, agency, year, today)
        report = whole.narrow_to(pick_instruments([row.instrument for row in whole.rows]))
    editable = may_edit(whole)
    if before := open_report_year(years, year, today):
        open_report_note(queries.agency_report(version, agency, before, today))
    readiness_block(whole, editable)
    report_rows(report, editable)
    documents.report_downloads(report)


def report_rows(report: NarrativeReport, editable: bool) -> None:
    """Every row of the table; the editor stands in the place of the one that is written in."""
    address = open_cell(report) if editable else None
    linked = editable and not has_any_unsaved()
    for row in report.rows:
        with st.container(key=row_container(row.instrument)):
            is_open = address is not None and address.instrument is row.instrument
            _row_head(report, row, editable and not is_open)
            show_receipt(row_key_of(report, row.instrument))
            if address and is_open:
                editor(report, row, address)
            else:
                columns = screen_columns(*((label, Kind.TEXT) for label in COLUMNS))
                table = Table(columns, [_cells(row, report, linked)])
                render_html(html("narrative.row", table_html(table)), stacked=True)
    apply_scroll()


def _row_head(report: NarrativeReport, row: NarrativeRow, with_button: bool) -> None:
    """Whose row it is, whether anything typed waits in it, and the way to edit it."""
    unsaved = has_unsaved(row_key_of(report, row.instrument))
    unsaved_tag = tag(_("มีข้อความที่ยังไม่บันทึก"), "warn") if unsaved else Markup()
    title = _("แบบวัด {instrument}", instrument=row.instrument)
    with st.container(horizontal=True, vertical_alignment="center"):
        render_html(html("heading", SPACE.join((title, unsaved_tag))))
        if with_button:
            report_key = (report.agency_id, int(report.fiscal_year))
            st.button(
                _("แก้ไข {instrument}", instrument=row.instrument.value),
                key=f"edit {row.instrument}",
                on_click=partial(open_editor, report_key, CellAddress(row.instrument)),
            )


def _cells(
    row: NarrativeRow, report: NarrativeReport, linked: bool
) -> tuple[str, str, str, str, str]:
    def marks(*kinds: GapKind, seq: int | None = None) -> Markup:
        gaps = (gap for gap in row.gaps_of(seq) if not kinds or gap.kind in kinds)
        return Markup().join(gap_mark(gap, report, linked) for gap in gaps)

    measures = [
        (measure.seq, SPACE.join((nl2br(report_text(measure)), marks(seq=measure.seq))))
        for measure in row.measures
    ]
    results = [nl2br(result.text) for result in row.results]
    duties = [BREAK.join(row.divisions), *(("ดำเนินการ", nl2br(row.period)) if row.period else ())]
    claims = Markup().join(claim_mark(claim, report, linked) for claim in row.claims)
    return (
        row.title,
        html("numbered", measures) + marks(GapKind.WEAK_INDICATOR_WITHOUT_MEASURE),
        html("bullets", results, "dashed"),
        BREAK.join((*duties, marks(GapKind.NO_PERIOD))),
        BREAK.join((nl2br(row.outcome or ""), marks(GapKind.NO_OUTCOME))) + claims,
    )


# Whether the report is ready to hand in, with links to what it still lacks.

# Repair buttons beside one line; the next ones appear when these are done.
MAX_SHOWN_ADDRESSES = 4


def readiness_block(report: NarrativeReport, editable: bool) -> None:
    """Five things that must be there, each with its count and, for those who may write, the way to
    what lacks it."""
    result = assess_readiness(report)
    render_html(html("lead", BREAK.join((report.title, report.agency))))
    with st.container(border=True, key="readiness"):
        render_html(_head(result))
        for line in result.lines:
            _line(line, report, editable)
        if result.missing_instruments:
            missing_text = _(
                "รายงานนี้ยังไม่มี {instruments}", instruments=", ".join(result.missing_instruments)
            )
            render_html(tag(missing_text, "note") + html("quiet", _missing_instruments_hint()))


def open_report_note(report: NarrativeReport) -> None:
    """That the report of the year before, which is handed in during the one shown, still lacks
    something, with the way to it."""
    result = assess_readiness(report)
    if result.is_ready:
        return
    words = {"year": year_text(report.fiscal_year), "missing": result.total - result.done}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        render_html(tag(_("รายงานผล{year} ยังไม่พร้อมส่ง ขาดอีก {missing} รายการ", **words), "warn"))
        choices = {"agency": report.agency_id, "year": int(report.fiscal_year)}
        show_page_link(NARRATIVE, _("เปิดรายงานผล{year}", year=words["year"]), **choices)


def _missing_instruments_hint() -> str:
    return _("เมื่อนำเข้ามาตรการหรือผลของแบบวัดนี้แล้ว แถวจะปรากฏในตาราง")


def _head(result: Readiness) -> Markup:
    words = {"done": result.done, "total": result.total}
    count_text = _("ครบแล้ว {done} จาก {total} รายการ", **words)
    mark = tag(_("พร้อมส่ง"), "good") if result.is_ready else tag(_("ยังไม่พร้อมส่ง"), "warn")
    if result.is_early:
        mark = tag(_("ยังไม่ถึงกำหนดรายงาน"), "note")
    heading = html("heading", SPACE.join((_("ความพร้อมของรายงาน"), mark)))
    return heading + html("narrative.progress", result.done, max(1, result.total), count_text)


def _line(line: ReadinessLine, report: NarrativeReport, editable: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        render_html(_line_html(line))
        if editable:
            _repair_buttons(line, (report.agency_id, int(report.fiscal_year)))
        if line.kind is ReadinessKind.CLAIMS and line.total:
            show_page_link(
                CLAIMS, _("เทียบกับคะแนน"), agency=report.agency_id, year=int(report.fiscal_year)
            )


def _repair_buttons(line: ReadinessLine, report_key: tuple[str, int]) -> None:
    for address in line.addresses[:MAX_SHOWN_ADDRESSES]:
        st.button(
            repair_label(address, line.kind),
            key=f"mend {line.kind} {address.code}",
            on_click=partial(open_editor, report_key, address),
        )
    if len(line.addresses) > MAX_SHOWN_ADDRESSES:
        st.caption(
            _("และอีก {more} แห่ง", more=len(line.addresses) - MAX_SHOWN_ADDRESSES), width="content"
        )


def _line_html(line: ReadinessLine) -> Markup:
    mark = tag(_("ครบ"), "good") if line.is_complete else tag(_("ยังไม่ครบ"), "warn")
    if line.is_early:
        mark = tag(_("ยังไม่ถึงกำหนด"), "note")
    words = {"done": line.done, "total": line.total}
    count = _("{done} จาก {total}", **words) if line.total else _("ไม่มี")
    return SPACE.join((mark, line.label, html("bold", count)))


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
