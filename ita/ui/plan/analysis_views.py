"""Step 1: last year's weak points and measures, and where the plan needs measures.

Links here are Streamlit's own: one inside HTML would load the page anew, and the draft with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from ita.domain import FICTIONAL_MARK, TOTAL, is_fictional
from ita.formatting import change_text, part_text, score_text, year_text
from ita.i18n import _
from ita.measures.model import Measure
from ita.planning.analysis import PlanAnalysis, TargetedIndicator
from ita.planning.needs import Weakness, answering_measures
from ita.ui.components.markup import render_html, tag
from ita.ui.components.navigation import show_page_link
from ita.ui.components.tables import TableColumn, html_table
from ita.ui.plan.names import measure_names
from ita.ui.plan.weak_views import show_weak_points
from ita.web.page_list import PROGRESS, UPLOAD, WHAT_IF


def show_analysis(analysis: PlanAnalysis, stored: Sequence[Measure]) -> None:
    """What the year before shows: scores, weak points, what was aimed at. stored: of the plan."""
    scored = analysis.years.score_year
    title = year_text(scored) if scored else _("ปีก่อน")
    st.header(_("1. วิเคราะห์ผลของ{year}", year=title), anchor=False)
    render_html(
        f'<p class="ita-lead">{escape(analysis_headline(analysis, stored))}</p>{_scores(analysis)}'
    )
    if analysis.obstacle:
        st.info(analysis.obstacle)
        if scored:
            show_page_link(
                UPLOAD,
                _("นำเข้าคะแนน"),
                agency=analysis.agency_id,
                kind="scores",
                year=int(scored),
            )
    show_weak_points(analysis, analysis_headline(analysis, ()))
    if analysis.next_level:
        render_html(f'<p class="ita-quiet">{escape(analysis.next_level)}</p>')
        show_page_link(
            WHAT_IF, _("ลองปรับคะแนน"), agency=analysis.agency_id, year=scored and int(scored)
        )
    _targeted_indicators(analysis)


def analysis_headline(analysis: PlanAnalysis, stored: Sequence[Measure]) -> str:
    """The result in one sentence, and how much of it no measure of the plan answers yet."""
    if analysis.years.score_year is None:
        return _("ยังไม่มีคะแนนให้วิเคราะห์")
    kinds = [weak.weakness for weak in analysis.weak_points]
    words = {"below": kinds.count(Weakness.BELOW_MARK), "fallen": kinds.count(Weakness.FALLEN)}
    if not analysis.weak_points:
        text = _("ยังบอกจุดอ่อนไม่ได้") if analysis.obstacle else _("ทุกตัวชี้วัดอยู่ในระดับสูงสุดแล้ว")
    elif not any(words.values()):
        text = _("ไม่มีตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่านหรือคะแนนลดลง เหลือ {count} ตัวที่ยังไปต่อได้", count=len(kinds))
    else:
        text = _("ต่ำกว่าเกณฑ์ผ่าน {below} ตัว คะแนนลดลง {fallen} ตัว", **words)
    new_needs = [need for need in analysis.needs if need.needs_new_row]
    count = sum(not answering_measures(need, stored) for need in new_needs)
    if count:
        return _("{told} ควรมีมาตรการเพิ่ม {count} เรื่อง", told=text, count=count)
    return _("{told} แผนมีมาตรการครบทุกเรื่อง", told=text) if new_needs else text


def _scores(analysis: PlanAnalysis) -> str:
    parts = [
        escape(f"{part_text(point.part)} {score_text(point.score)}") for point in analysis.scores
    ]
    if analysis.level and any(point.part == TOTAL for point in analysis.scores):
        parts.insert(1, escape(_("ระดับ {level}", level=analysis.level)))
    marks = tag(_(FICTIONAL_MARK), "note") if any(map(is_fictional, analysis.sources)) else ""
    sources = " / ".join(analysis.sources)
    source = escape(_("แหล่งที่มา: {source}", source=sources)) if sources else ""
    body = "<br>".join(filter(None, (" · ".join(parts), source)))
    return f'{marks}<p class="ita-quiet">{body}</p>' if parts else ""


def _targeted_indicators(analysis: PlanAnalysis) -> None:
    """What the last year's measures aimed at, beside figures; nothing says that one made the other."""
    if analysis.years.work_year is None:
        st.caption(_("ยังไม่มีมาตรการของปีใดก่อน{year} ให้ทำต่อ", year=year_text(analysis.years.year)))
        return
    year = year_text(analysis.years.work_year)
    with st.expander(_("มาตรการของ{year} มุ่งแก้อะไร และคะแนนเปลี่ยนไปเท่าใด", year=year)):
        if analysis.targeted_indicators:
            columns = [
                TableColumn(_("ตัวชี้วัด"), words=True),
                TableColumn(_("มาตรการ"), words=True),
                TableColumn(_("คะแนนก่อน"), figure=True),
                TableColumn(_("คะแนนที่วิเคราะห์"), figure=True),
                TableColumn(_("เปลี่ยนแปลง"), figure=True),
            ]
            render_html(
                html_table(columns, map(_targeted_cells, analysis.targeted_indicators)),
                stacked=True,
            )
        if analysis.without_indicator:
            label = _("มาตรการที่ไม่ระบุตัวชี้วัด {count} ข้อ:", count=len(analysis.without_indicator))
            render_html(
                f"<p><b>{escape(label)}</b> {escape(measure_names(analysis.without_indicator))}</p>"
            )
        if analysis.timing_note:
            st.caption(analysis.timing_note)
        else:
            st.caption(_("คะแนนที่วิเคราะห์ไม่ใช่ของปีเดียวกับมาตรการ จึงไม่ควรเทียบกันตรง ๆ"))
        show_page_link(
            PROGRESS,
            _("ดูมาตรการและความสำเร็จ"),
            agency=analysis.agency_id,
            year=int(analysis.years.work_year),
        )


def _targeted_cells(indicator: TargetedIndicator) -> list[str]:
    previous = ""
    if indicator.previous is not None:
        year = year_text(indicator.previous.fiscal_year)
        previous = _("{score} ({year})", score=score_text(indicator.previous.score), year=year)
    return [
        escape(indicator.name),
        escape(measure_names(indicator.measures)),
        escape(previous or "–"),
        escape(score_text(indicator.score)),
        escape(change_text(indicator.change)),
    ]
