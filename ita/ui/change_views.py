"""What moved the total: two years to choose, a sentence, the steps as a chart and as a table."""

from __future__ import annotations

from html import escape

import streamlit as st

from ita.domain import FICTIONAL_MARK, is_fictional
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
from ita.scores.totals import YearScores
from ita.scores.waterfall import (
    change_headline,
    refusal_text,
    split_header,
    split_notes,
    split_records,
    step_name,
    waterfall_chart,
)
from ita.ui.components import queries
from ita.ui.components.agency_picker import show_import_link
from ita.ui.components.charts import Records, show_chart
from ita.ui.components.markup import render_html, tag
from ita.ui.components.pickers import pick_year_pair
from ita.ui.components.tables import TableColumn, html_table
from ita.web.store_access import get_reference

WIDTHS = (44, 10, 12, 12, 16, 14, 16)


def show_change_split(agency: str) -> None:
    """The section below the trend; where the change can't be split, what is missing for it."""
    st.header(_("อะไรทำให้คะแนนรวมเปลี่ยน"), anchor=False)
    reference = get_reference()
    scores = {s.fiscal_year: s for s in queries.agency_scores(queries.data_version(), agency)}
    years = list(totals_by_year(scores.values(), reference))
    default_pair = last_comparable_pair(years, reference)
    if default_pair is None:
        st.info(_("ต้องมีคะแนนรวมอย่างน้อยสองปีจึงจะบอกได้ว่าอะไรทำให้คะแนนเปลี่ยน"))
        show_import_link(_("ไปหน้านำเข้าข้อมูล"), agency=agency, kind="scores")
        return
    earlier, later = pick_year_pair(years, default_pair)
    split = split_change(scores[earlier], scores[later], reference)
    if isinstance(split, NoSplit):
        _show_refusal(split, agency)
    else:
        _show_steps(split, (scores[earlier], scores[later]), agency, reference)


def _show_refusal(refusal: NoSplit, agency: str) -> None:
    st.info(refusal_text(refusal))
    if refusal.missing:
        show_import_link(_("ไปหน้านำเข้าข้อมูล"), agency=agency, kind="scores")


def _show_steps(
    split: Split, scores: tuple[YearScores, YearScores], agency: str, reference: Reference
) -> None:
    sources = [year.source for year in scores]
    fictional_tag = tag(_(FICTIONAL_MARK), "note") if any(map(is_fictional, sources)) else ""
    render_html(
        f'<p class="ita-lead">{escape(change_headline(split, reference))}</p>{fictional_tag}'
    )
    notes = (
        *split_notes(split, reference),
        _("แกนของกราฟไม่ได้เริ่มที่ 0 ความยาวของคะแนนรวมจึงเทียบกันไม่ได้ ให้ดูที่ขั้นและตัวเลข"),
    )
    records = Records(split_header(), list(split_records(split, reference)), WIDTHS, notes)
    stem = f"ita-change-{agency}-{int(split.earlier)}-{int(split.later)}"
    left, right = st.columns([11, 9], gap="large")
    with left:
        show_chart(waterfall_chart(split, reference), "moved", sources, records, stem)
    with right:
        render_html(_table(split, reference))
        items = "".join(f"<li>{escape(note)}</li>" for note in notes)
        render_html(f'<ul class="ita-quiet">{items}</ul>')


def _table(split: Split, reference: Reference) -> str:
    columns = [
        TableColumn(_("ขั้น"), words=True),
        TableColumn(_("คะแนนรวมเปลี่ยน"), figure=True),
        TableColumn(_("คะแนนของส่วนนั้น"), figure=True),
    ]
    rows = [
        [_total(split.earlier), f"<b>{score_text(split.start)}</b>", ""],
        *(_row(step, split, reference) for step in split.steps),
        [_total(split.later), f"<b>{score_text(split.end)}</b>", ""],
    ]
    return html_table(
        columns, rows, _("ทุกขั้นรวมกันได้ {change} พอดี", change=change_text(split.change))
    )


def _total(year: int) -> str:
    return f"<b>{escape(_('คะแนนรวม {year}', year=year_text(year)))}</b>"


def _row(step: Step, split: Split, reference: Reference) -> list[str]:
    scores_text = "–"
    if step.kind is StepKind.PART:
        scores_text = f"{score_text(step.before)} → {score_text(step.after)}"
    return [escape(step_name(step, split, reference)), change_text(step.points), scores_text]
