"""Where the plan needs measures, and in a fold last year's weak points and what its measures aimed at.

Links here are Streamlit's own: one inside HTML would load the page anew, and the draft with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

import streamlit as st
from markupsafe import Markup

from ita.domain import FICTIONAL_MARK, TOTAL, FiscalYear, Instrument, is_fictional
from ita.formatting import change_text, part_text, score_text, shortened, year_text
from ita.i18n import _, language
from ita.imports.validation.rows import PLANNING_YEARS
from ita.measures.model import Measure
from ita.planning.analysis import (
    PlanAnalysis,
    TargetedIndicator,
    default_plan_year,
    plannable_years,
    years_before,
)
from ita.planning.needs import (
    Need,
    NeedKind,
    Weakness,
    WeakPoint,
    answering_measures,
    measures_aiming_at,
)
from ita.tables import Kind, Table, TableColumn
from ita.ui.components import pickers, queries
from ita.ui.components.charts import day_text
from ita.ui.components.markup import BREAK, SPACE, Tone, html, render_html, tag
from ita.ui.components.measure_links import measure_name
from ita.ui.components.navigation import show_page_link
from ita.ui.components.tables import show_table
from ita.web.paths import PROGRESS, UPLOAD, WHAT_IF
from ita.web.store_access import get_reference

MAX_NAMED = 12


def measure_names(measures: Sequence[Measure]) -> str:
    """IIT 1, IIT 3; of very many the first."""
    names = ", ".join(measure_name(measure) for measure in measures[:MAX_NAMED])
    return f"{names} …" if len(measures) > MAX_NAMED else names


WEAKNESS_TONES: dict[Weakness, Tone] = {
    Weakness.BELOW_MARK: "bad",
    Weakness.FALLEN: "warn",
    Weakness.NEXT_LEVEL: "note",
}


def _show_weak_points(analysis: PlanAnalysis) -> None:
    """The table of weak points; those that passed stand in a fold, unless there are no others."""
    urgent = [weak for weak in analysis.weak_points if weak.weakness is not Weakness.NEXT_LEVEL]
    next_level = [weak for weak in analysis.weak_points if weak.weakness is Weakness.NEXT_LEVEL]
    columns = _weak_columns(analysis) if analysis.weak_points else []
    if urgent:
        show_table(Table(columns, urgent), stacked=True)
    if next_level:
        with st.expander(
            _("ผ่านแล้วแต่ยังไม่ถึงระดับถัดไป {count} ตัว", count=len(next_level)), expanded=not urgent
        ):
            show_table(Table(columns, next_level), stacked=True)
    if any(weak.instrument is Instrument.OIT for weak in analysis.weak_points):
        st.caption(_("ผลรายข้อของ OIT ไม่ได้เก็บในระบบ กรุณาดูข้อที่ไม่ผ่านจากผลตรวจของปีนั้นประกอบ"))


def weak_points_table(analysis: PlanAnalysis) -> Table[WeakPoint]:
    """The weak points as a file, with what they rest on. There is at least one."""
    notes = (analysis_headline(analysis, ()), *analysis.sources, day_text())
    return Table(_weak_columns(analysis), analysis.weak_points, notes=notes)


def _weak_columns(analysis: PlanAnalysis) -> list[TableColumn[WeakPoint]]:
    def aiming(weak: WeakPoint) -> Sequence[Measure]:
        return measures_aiming_at(weak, analysis.measures)

    def name_html(weak: WeakPoint) -> Markup:
        return BREAK.join((weak.name, tag(weak.weakness_label(), WEAKNESS_TONES[weak.weakness])))

    def gap(weak: WeakPoint) -> str:
        if weak.gap is None:
            return _("ถึงระดับสูงสุดแล้ว")
        return _("{gap} ถึง {mark}", gap=score_text(weak.gap), mark=f"{weak.next_mark:f}")

    year = year_text(analysis.weak_points[0].year)
    return [
        TableColumn(_("ตัวชี้วัด"), lambda weak: weak.name, 36, Kind.WORDS, name_html),
        TableColumn(_("แบบวัด"), lambda weak: weak.instrument.value, 10, screen=False),
        TableColumn(
            _("คะแนน"),
            lambda weak: weak.score,
            10,
            Kind.SCORE,
            heading=_("คะแนน{year}", year=year),
        ),
        TableColumn(
            _("เปลี่ยนแปลง"), lambda weak: weak.change, 14, Kind.CHANGE, WeakPoint.format_change
        ),
        TableColumn(_("เกณฑ์"), lambda weak: weak.next_mark, screen=False),
        TableColumn(_("ขาดอีก"), lambda weak: weak.gap, 12, Kind.FIGURE, gap),
        TableColumn(_("คะแนนรวมที่จะเพิ่ม"), lambda weak: weak.total_gain, 12, Kind.SCORE),
        TableColumn(
            _("มาตรการเดิมที่มุ่งแก้"),
            lambda weak: ", ".join(map(measure_name, aiming(weak))) or None,
            24,
            Kind.WORDS,
            lambda weak: measure_names(aiming(weak)) or _("ไม่มี"),
        ),
        TableColumn(_("แหล่งที่มา"), lambda weak: weak.source or None, 40, screen=False),
    ]


def show_analysis(analysis: PlanAnalysis) -> None:
    """What the year before shows, in a fold: scores, weak points, what was aimed at. What hinders the
    analysis stands above it."""
    scored = analysis.years.score_year
    title = year_text(scored) if scored else _("ปีก่อน")
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
    with st.expander(_("วิเคราะห์ผลของ{year}", year=title)):
        render_html(_scores(analysis))
        _show_weak_points(analysis)
        if analysis.next_level:
            render_html(html("quiet", analysis.next_level))
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


def _scores(analysis: PlanAnalysis) -> Markup:
    parts = [f"{part_text(point.part)} {score_text(point.score)}" for point in analysis.scores]
    if not parts:
        return Markup()
    if analysis.level and any(point.part == TOTAL for point in analysis.scores):
        parts.insert(1, _("ระดับ {level}", level=analysis.level))
    marks = tag(_(FICTIONAL_MARK), "note") if any(map(is_fictional, analysis.sources)) else Markup()
    sources = " / ".join(analysis.sources)
    source = _("แหล่งที่มา: {source}", source=sources) if sources else ""
    return marks + html("quiet", BREAK.join(filter(None, (" · ".join(parts), source))))


def _targeted_indicators(analysis: PlanAnalysis) -> None:
    """What the last year's measures aimed at, beside figures; nothing says that one made the other."""
    if analysis.years.work_year is None:
        st.caption(_("ยังไม่มีมาตรการของปีใดก่อน{year} ให้ทำต่อ", year=year_text(analysis.years.year)))
        return
    year = year_text(analysis.years.work_year)
    with st.expander(_("มาตรการของ{year} มุ่งแก้อะไร และคะแนนเปลี่ยนไปเท่าใด", year=year)):
        if analysis.targeted_indicators:
            columns: list[TableColumn[TargetedIndicator]] = [
                TableColumn(_("ตัวชี้วัด"), lambda target: target.name, kind=Kind.WORDS),
                TableColumn(
                    _("มาตรการ"), lambda target: measure_names(target.measures), kind=Kind.WORDS
                ),
                TableColumn(_("คะแนนก่อน"), kind=Kind.FIGURE, shown=_previous_score),
                TableColumn(
                    _("คะแนนที่วิเคราะห์"), kind=Kind.FIGURE, shown=lambda t: score_text(t.score)
                ),
                TableColumn(
                    _("เปลี่ยนแปลง"), kind=Kind.FIGURE, shown=lambda t: change_text(t.change)
                ),
            ]
            show_table(Table(columns, analysis.targeted_indicators), stacked=True)
        if analysis.without_indicator:
            label = _("มาตรการที่ไม่ระบุตัวชี้วัด {count} ข้อ:", count=len(analysis.without_indicator))
            names = measure_names(analysis.without_indicator)
            render_html(html("paragraph", SPACE.join((html("bold", label), names))))
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


def _previous_score(indicator: TargetedIndicator) -> str:
    if indicator.previous is None:
        return "–"
    year = year_text(indicator.previous.fiscal_year)
    return _("{score} ({year})", score=score_text(indicator.previous.score), year=year)


NEED_TONES: dict[NeedKind, Tone] = {
    NeedKind.NO_MEASURE: "bad",
    NeedKind.NOT_RISEN: "warn",
    NeedKind.GO_ON: "note",
    NeedKind.UNFINISHED: "warn",
}


def show_needs(analysis: PlanAnalysis, stored: Sequence[Measure]) -> None:
    """The result in a sentence, and where measures are needed, each with its reason and what the plan
    has for it; what only goes on is folded."""
    render_html(html("lead", analysis_headline(analysis, stored)))
    if not analysis.needs:
        render_html(tag(_("ไม่มีเรื่องที่ต้องเพิ่มหรือทำต่อ"), "good"))
        return
    new, going_on = Markup(), Markup()
    for kind, needs in groupby(analysis.needs, key=lambda need: need.kind):
        kind_needs = list(needs)
        items = [_need_html(need) + _plan_tag(need, stored) for need in kind_needs]
        block = tag(kind_needs[0].label(), NEED_TONES[kind]) + html("bullets", items)
        if kind_needs[0].needs_new_row:
            new += block
        else:
            going_on += block
    count = sum(not need.needs_new_row for need in analysis.needs)
    if going_on:
        label = _("เรื่องที่ทำต่อหรือยังไม่เสร็จ {count} เรื่อง", count=count)
        going_on = html("details", label, going_on, False, "ita-fold")
    title = html("heading", _("เรื่องที่ควรมีมาตรการ")) if new else Markup()
    render_html(html("measures.card", title + new + going_on))


def _plan_tag(need: Need, stored: Sequence[Measure]) -> Markup:
    """What the plan has for a need, as a mark."""
    names = measure_names(answering_measures(need, stored))
    return SPACE + tag(_("ในแผนมี {names}", names=names), "good") if names else Markup()


def _need_html(need: Need) -> Markup:
    names = measure_names(need.measures)
    if need.weak_point is not None:
        texts = (html("bold", need.weak_point.name), f"({names})" if names else "", need.reason())
        return SPACE.join(filter(None, texts))
    text = shortened(need.measures[0].text) if need.measures else ""
    return BREAK.join((SPACE.join((html("bold", names), text)), need.reason()))


def pick_analysis(agency: str, version: queries.DataVersion, today: date) -> PlanAnalysis:
    """The analysis for the year and the basis that are chosen; both stand in the address."""
    points = queries.agency_trend(version, agency).points
    score_years = sorted({point.fiscal_year for point in points if point.score is not None})
    work_years = queries.agency_years_of_work(version, agency)
    last = FiscalYear(max(get_reference().years) + PLANNING_YEARS)
    with st.container(horizontal=True, gap="small"):
        options = plannable_years(score_years, work_years, today, last)
        year = pickers.pick_plan_year(options, default_plan_year(score_years, today))
        basis = pickers.pick_basis_year(years_before(score_years, year))
    return queries.agency_plan(version, agency, year, basis, today, language())
