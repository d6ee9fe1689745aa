"""What to do next on the overview: a row per kind, with the place where it is mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from ita.domain import FiscalYear
from ita.formatting import shortened, year_text
from ita.i18n import _
from ita.measures.statuses import JudgedMeasure
from ita.reports.next_steps import NextStep, NextStepKind, StepItem
from ita.ui.components.markup import render_html, tag
from ita.ui.components.measure_links import late_filter
from ita.ui.components.navigation import show_page_link
from ita.web.page_list import CLAIMS, INDICATORS, NARRATIVE, PROGRESS, PageSpec

MAX_SHOWN_ITEMS = 3


def _step_link(kind: NextStepKind) -> tuple[PageSpec, str]:
    """Where a kind is mended, and how the link is called."""
    return {
        NextStepKind.WEAK_INDICATOR: (INDICATORS, _("ดูตัวชี้วัด")),
        NextStepKind.LATE_MEASURE: (PROGRESS, _("ดูมาตรการ")),
        NextStepKind.REPORT_GAP: (NARRATIVE, _("เปิดรายงานผล")),
        NextStepKind.CONTRADICTED_CLAIM: (CLAIMS, _("ดูข้อความกับตัวเลข")),
    }[kind]


def step_list(
    steps: Sequence[NextStep],
    agency: str,
    year: FiscalYear,
    late: Mapping[FiscalYear, Sequence[JudgedMeasure]],
    remark: str = "",
) -> None:
    """The kinds of things to do, ranked, each with a link to its place; below them a remark.

    late: what is outstanding, by year."""
    st.header(_("สิ่งที่ควรทำต่อ {year}", year=year_text(year)), anchor=False)
    if not steps:
        render_html(tag(_("มาตรการและรายงานครบถ้วน ไม่มีสิ่งค้าง"), "good"))
    for rank, step in enumerate(steps, start=1):
        page, label = _step_link(step.kind)
        step_year = step.year or year
        choices = late_filter(late.get(step_year, ())) if page is PROGRESS else {}
        with st.container(border=True):
            render_html(_step(rank, step))
            show_page_link(page, label, agency=agency, year=int(step_year), **choices)
    if remark:
        render_html(f'<p class="ita-quiet">{escape(remark)}</p>')


def _step(rank: int, step: NextStep) -> str:
    first, more_items = step.items[:MAX_SHOWN_ITEMS], step.items[MAX_SHOWN_ITEMS:]
    more = ""
    if more_items:
        more_text = escape(_("และอีก {more} รายการ", more=len(more_items)))
        more = f"<details><summary>{more_text}</summary>{_items(more_items)}</details>"
    return f'<p class="ita-step"><b>{rank}. {escape(step.title)}</b></p>{_items(first)}{more}'


def _items(items: Sequence[StepItem]) -> str:
    return f"<ul>{''.join(map(_item, items))}</ul>"


def _item(item: StepItem) -> str:
    text = f" {escape(shortened(item.text))}" if item.text else ""
    return f"<li><b>{escape(item.name)}</b>{text} {escape(item.message)}</li>"
