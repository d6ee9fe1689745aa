"""What moved the total: two years to choose, a sentence, the steps as a chart and as a table."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from ita.formatting import change_text, score_text, year_text
from ita.i18n import _
from ita.reference import Reference
from ita.scores.contributions import (
    NoSplit,
    Split,
    Step,
    StepKind,
    last_comparable_pair,
    split_change,
    totals_by_year,
)
from ita.scores.waterfall import (
    change_headline,
    refusal_text,
    split_notes,
    split_table,
    step_name,
    waterfall_chart,
)
from ita.tables import Kind, Table, screen_columns
from ita.ui.components import queries
from ita.ui.components.agency_picker import show_import_link
from ita.ui.components.charts import Download, draw_chart
from ita.ui.components.markup import html, render_html
from ita.ui.components.pickers import pick_year_pair
from ita.ui.components.tables import show_table
from ita.web.store_access import get_reference


def show_change_split(agency: str, *, as_table: bool) -> Download | None:
    """The section below the trend, and its files; where the change can't be split, what is missing
    for it."""
    st.header(_("อะไรทำให้คะแนนรวมเปลี่ยน"), anchor=False)
    reference = get_reference()
    scores = {s.fiscal_year: s for s in queries.agency_scores(queries.data_version(), agency)}
    years = list(totals_by_year(scores.values(), reference))
    default_pair = last_comparable_pair(years, reference)
    if default_pair is None:
        st.info(_("ต้องมีคะแนนรวมอย่างน้อยสองปีจึงจะบอกได้ว่าอะไรทำให้คะแนนเปลี่ยน"))
        show_import_link(_("ไปหน้านำเข้าข้อมูล"), agency=agency, kind="scores")
        return None
    earlier, later = pick_year_pair(years, default_pair)
    split = split_change(scores[earlier], scores[later], reference)
    if isinstance(split, NoSplit):
        _show_no_split(split, agency)
        return None
    notes = tuple(split_notes(split))
    chart, headline = waterfall_chart(split, reference), change_headline(split, reference)
    with st.container(border=True, key="card-moved"):
        render_html(html("lead", headline))
        if as_table:
            show_table(_step_table(split, reference))
        elif any(step.points for step in split.steps):
            draw_chart(chart, "moved")
            notes = (
                *notes,
                _("แกนของกราฟไม่ได้เริ่มที่ 0 ความยาวของคะแนนรวมจึงเทียบกันไม่ได้ ให้ดูที่ขั้นและตัวเลข"),
            )
        render_html(html("details", _("หมายเหตุ"), html("bullets", notes, "ita-quiet")))
    stem = f"ita-change-{agency}-{int(split.earlier)}-{int(split.later)}"
    sources = [scores[earlier].source, scores[later].source]
    table = split_table(split, reference, notes)
    return Download(table, stem, chart, sources, _("อะไรทำให้คะแนนรวมเปลี่ยน"))


def _show_no_split(refusal: NoSplit, agency: str) -> None:
    st.info(refusal_text(refusal))
    if refusal.missing:
        show_import_link(_("ไปหน้านำเข้าข้อมูล"), agency=agency, kind="scores")


def _step_table(split: Split, reference: Reference) -> Table[tuple[str, str, str]]:
    columns = screen_columns(
        (_("ขั้น"), Kind.WORDS),
        (_("คะแนนรวมเปลี่ยน"), Kind.FIGURE),
        (_("คะแนนของส่วนนั้น"), Kind.FIGURE),
    )
    rows = [
        _total_row(split.earlier, split.start),
        *(_step_row(step, split, reference) for step in split.steps),
        _total_row(split.later, split.end),
    ]
    title = _("ทุกขั้นรวมกันได้ {change} พอดี", change=change_text(split.change))
    return Table(columns, rows, title)


def _total_row(year: int, total: Decimal) -> tuple[str, str, str]:
    name = _("คะแนนรวม {year}", year=year_text(year))
    return html("bold", name), html("bold", score_text(total)), ""


def _step_row(step: Step, split: Split, reference: Reference) -> tuple[str, str, str]:
    scores_text = "–"
    if step.kind is StepKind.PART:
        scores_text = f"{score_text(step.before)} → {score_text(step.after)}"
    return step_name(step, split, reference), change_text(step.points), scores_text
