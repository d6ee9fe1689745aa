"""Where a plan needs measures, as a list."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

import streamlit as st

from ita.formatting import shortened
from ita.i18n import _
from ita.measures.model import Measure
from ita.planning.analysis import PlanAnalysis
from ita.planning.needs import Need, NeedKind, answering_measures
from ita.ui.components.markup import Tone, render_html, tag
from ita.ui.components.navigation import show_page_link
from ita.ui.plan.names import measure_names
from ita.web.page_list import INDICATORS

TONES: dict[NeedKind, Tone] = {
    NeedKind.NO_MEASURE: "bad",
    NeedKind.NOT_RISEN: "warn",
    NeedKind.GO_ON: "note",
    NeedKind.UNFINISHED: "warn",
}


def show_needs(analysis: PlanAnalysis, stored: Sequence[Measure]) -> None:
    """Where measures are needed, by kind, each with its reason and what the plan has for it."""
    st.markdown(f"**{_('ที่ที่ควรมีมาตรการ')}**")
    if not analysis.needs:
        render_html(tag(_("ไม่มีเรื่องที่ต้องเพิ่มหรือทำต่อ"), "good"))
        return
    blocks = []
    for kind, needs in groupby(analysis.needs, key=lambda need: need.kind):
        kind_needs = list(needs)
        items = "".join(
            f"<li>{_need_html(need)}{_plan_tag(need, stored)}</li>" for need in kind_needs
        )
        blocks.append(f"{tag(kind_needs[0].label(), TONES[kind])}<ul>{items}</ul>")
    render_html("".join(blocks))
    show_page_link(INDICATORS, _("ดูตัวชี้วัด"), agency=analysis.agency_id)


def _plan_tag(need: Need, stored: Sequence[Measure]) -> str:
    """What the plan has for a need, as a mark."""
    names = measure_names(answering_measures(need, stored))
    return f" {tag(_('ในแผนมี {names}', names=names), 'good')}" if names else ""


def _need_html(need: Need) -> str:
    names = escape(measure_names(need.measures))
    if need.weak_point is not None:
        names_html = f" ({names})" if names else ""
        return f"<b>{escape(need.weak_point.name)}</b>{names_html} {escape(need.reason())}"
    text = shortened(need.measures[0].text) if need.measures else ""
    return f"<b>{names}</b> {escape(text)}<br>{escape(need.reason())}"
