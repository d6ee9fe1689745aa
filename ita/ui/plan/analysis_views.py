"""Step 1: last year's weak points and measures, and where the plan needs measures.

Links here are Streamlit's own: one inside HTML would load the page anew, and the draft with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from ita.measures.model import Measure
from ita.report.planning.analysis import PlanAnalysis
from ita.report.planning.needs import answering_measures
from ita.report.planning.targeted_indicators import TargetedIndicator
from ita.report.planning.weak_points import Weakness
from ita.ui.markup import TableColumn, html_table, render_html, tag
from ita.ui.pages import PROGRESS, UPLOAD, WHAT_IF, show_page_link
from ita.ui.plan.names import names_of
from ita.ui.plan.weak_views import weak_points
from ita.vocabulary import FICTIONAL_MARK, TOTAL, is_fictional
from ita.wording import change_text, part_text, say, score_text, year_text


def analysis(found: PlanAnalysis, stored: Sequence[Measure]) -> None:
    """What the year before shows: scores, weak points, what was aimed at. stored: of the plan."""
    scored = found.years.score_year
    title = year_text(scored) if scored else say("ปีก่อน")
    st.header(say("1. วิเคราะห์ผลของ{year}", year=title), anchor=False)
    render_html(f'<p class="ita-lead">{escape(lead(found, stored))}</p>{_scores(found)}')
    if found.obstacle:
        st.info(found.obstacle)
        if scored:
            show_page_link(
                UPLOAD, say("นำเข้าคะแนน"), agency=found.agency_id, kind="scores", year=int(scored)
            )
    weak_points(found, lead(found, ()))
    if found.next_level:
        render_html(f'<p class="ita-quiet">{escape(found.next_level)}</p>')
        show_page_link(
            WHAT_IF, say("ลองปรับคะแนน"), agency=found.agency_id, year=scored and int(scored)
        )
    _aimed(found)


def lead(found: PlanAnalysis, stored: Sequence[Measure]) -> str:
    """The finding in one sentence, and how much of it no measure of the plan answers yet."""
    if found.years.score_year is None:
        return say("ยังไม่มีคะแนนให้วิเคราะห์")
    kinds = [weak.weakness for weak in found.weak_points]
    words = {"below": kinds.count(Weakness.BELOW_MARK), "fallen": kinds.count(Weakness.FALLEN)}
    if not found.weak_points:
        told = say("ยังบอกจุดอ่อนไม่ได้") if found.obstacle else say("ทุกตัวชี้วัดอยู่ในระดับสูงสุดแล้ว")
    elif not any(words.values()):
        told = say("ไม่มีตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่านหรือคะแนนลดลง เหลือ {count} ตัวที่ยังไปต่อได้", count=len(kinds))
    else:
        told = say("ต่ำกว่าเกณฑ์ผ่าน {below} ตัว คะแนนลดลง {fallen} ตัว", **words)
    asked = [need for need in found.needs if need.needs_new_row]
    count = sum(not answering_measures(need, stored) for need in asked)
    if count:
        return say("{told} ควรมีมาตรการเพิ่ม {count} เรื่อง", told=told, count=count)
    return say("{told} แผนมีมาตรการครบทุกเรื่อง", told=told) if asked else told


def _scores(found: PlanAnalysis) -> str:
    told = [escape(f"{part_text(point.part)} {score_text(point.score)}") for point in found.scores]
    if found.level and any(point.part == TOTAL for point in found.scores):
        told.insert(1, escape(say("ระดับ {level}", level=found.level)))
    marks = tag(say(FICTIONAL_MARK), "note") if any(map(is_fictional, found.sources)) else ""
    sources = " / ".join(found.sources)
    source = escape(say("แหล่งที่มา: {source}", source=sources)) if sources else ""
    body = "<br>".join(filter(None, (" · ".join(told), source)))
    return f'{marks}<p class="ita-quiet">{body}</p>' if told else ""


def _aimed(found: PlanAnalysis) -> None:
    """What the last year's measures aimed at, beside figures; nothing says that one made the other."""
    if found.years.work_year is None:
        st.caption(say("ยังไม่มีมาตรการของปีใดก่อน{year} ให้ทำต่อ", year=year_text(found.years.year)))
        return
    year = year_text(found.years.work_year)
    with st.expander(say("มาตรการของ{year} มุ่งแก้อะไร และคะแนนเปลี่ยนไปเท่าใด", year=year)):
        if found.targeted_indicators:
            columns = [
                TableColumn(say("ตัวชี้วัด"), words=True),
                TableColumn(say("มาตรการ"), words=True),
                TableColumn(say("คะแนนก่อน"), figure=True),
                TableColumn(say("คะแนนที่วิเคราะห์"), figure=True),
                TableColumn(say("เปลี่ยนแปลง"), figure=True),
            ]
            render_html(
                html_table(columns, map(_aimed_cells, found.targeted_indicators)), stacked=True
            )
        if found.without_indicator:
            told = say("มาตรการที่ไม่ระบุตัวชี้วัด {count} ข้อ:", count=len(found.without_indicator))
            render_html(f"<p><b>{escape(told)}</b> {escape(names_of(found.without_indicator))}</p>")
        if found.timing_note:
            st.caption(found.timing_note)
        else:
            st.caption(say("คะแนนที่วิเคราะห์ไม่ใช่ของปีเดียวกับมาตรการ จึงไม่ควรเทียบกันตรง ๆ"))
        show_page_link(
            PROGRESS,
            say("ดูมาตรการและความสำเร็จ"),
            agency=found.agency_id,
            year=int(found.years.work_year),
        )


def _aimed_cells(aimed: TargetedIndicator) -> list[str]:
    before = ""
    if aimed.previous is not None:
        year = year_text(aimed.previous.fiscal_year)
        before = say("{score} ({year})", score=score_text(aimed.previous.score), year=year)
    return [
        escape(aimed.name),
        escape(names_of(aimed.measures)),
        escape(before or "–"),
        escape(score_text(aimed.score)),
        escape(change_text(aimed.change)),
    ]
