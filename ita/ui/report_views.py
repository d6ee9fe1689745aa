"""The narrative report on screen: the authority's five columns, marked and edited in place."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from ita.i18n import _
from ita.reports.gaps import GapKind
from ita.reports.narrative import COLUMNS, NarrativeReport, NarrativeRow
from ita.reports.repair_hints import CellAddress
from ita.ui.components.markup import nl2br, render_html, tag
from ita.ui.components.tables import TableColumn, html_table
from ita.ui.report_edit.drafts import (
    apply_scroll,
    has_any_unsaved,
    has_unsaved,
    open_cell,
    open_editor,
    row_container,
    row_key_of,
)
from ita.ui.report_edit.panel import editor
from ita.ui.report_edit.saving import show_receipt
from ita.ui.report_marks import claim_mark, gap_mark


def report_rows(report: NarrativeReport, editable: bool) -> None:
    """Every row of the table; the editor stands in the place of the one that is written in."""
    address = open_cell(report) if editable else None
    linked = editable and not has_any_unsaved()
    for row in report.rows:
        with st.container(key=row_container(row.instrument)):
            is_open = address is not None and address.instrument is row.instrument
            _head(report, row, editable and not is_open)
            show_receipt(row_key_of(report, row.instrument))
            if address and is_open:
                editor(report, row, address)
            else:
                columns = [TableColumn(label) for label in COLUMNS]
                cells = html_table(columns, [_cells(row, report, linked)])
                render_html(f'{WIDTHS}<div class="ita-report">{cells}</div>', stacked=True)
    apply_scroll()


# The rows are tables of their own, whose columns stand below each other all the same.
WIDTHS = """<style>
@media (min-width: 641px) {
  .ita-report table { table-layout: fixed }
  .ita-report th:nth-child(1) { width: 13% } .ita-report th:nth-child(2) { width: 25% }
  .ita-report th:nth-child(3) { width: 24% } .ita-report th:nth-child(4) { width: 16% }
}
</style>"""


def _head(report: NarrativeReport, row: NarrativeRow, with_button: bool) -> None:
    """Whose row it is, whether anything typed waits in it, and the way to edit it."""
    unsaved = has_unsaved(row_key_of(report, row.instrument))
    unsaved_tag = tag(_("มีข้อความที่ยังไม่บันทึก"), "warn") if unsaved else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        render_html(
            f"<h2>{escape(_('แบบวัด {instrument}', instrument=row.instrument))} {unsaved_tag}</h2>"
        )
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
    def marks(*kinds: GapKind, seq: int | None = None) -> str:
        gaps = (gap for gap in row.gaps_of(seq) if not kinds or gap.kind in kinds)
        return "".join(gap_mark(gap, report, linked) for gap in gaps)

    measures = "".join(
        f'<li value="{measure.seq}">{nl2br(measure.text)} {marks(seq=measure.seq)}</li>'
        for measure in row.measures
    )
    results = "".join(f"<li>{nl2br(result.text)}</li>" for result in row.results)
    divisions = "<br>".join(escape(name) for name in row.divisions)
    period = f"<br>{escape('ดำเนินการ')}<br>{nl2br(row.period)}" if row.period else ""
    return (
        escape(row.title),
        f"<ol>{measures}</ol>{marks(GapKind.WEAK_INDICATOR_WITHOUT_MEASURE)}",
        f'<ul class="dashed">{results}</ul>',
        f"{divisions}{period}<br>{marks(GapKind.NO_PERIOD)}",
        f"{nl2br(row.outcome or '')}<br>{marks(GapKind.NO_OUTCOME)}"
        + "".join(claim_mark(claim, report, linked) for claim in row.claims),
    )
