"""ภาพรวม: where the agency stands, whether it is better, what holds it back, what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

import streamlit as st
from markupsafe import Markup

from ita.charts.plotly_figures import plotly_figure
from ita.domain import FICTIONAL_MARK, TOTAL, FiscalYear, Instrument, thai_today
from ita.formatting import no_data, part_text, score_text, shortened, year_text
from ita.i18n import _, language, language_set_to
from ita.measures.model import current_work_year
from ita.measures.statuses import JudgedMeasure
from ita.reference import Reference
from ita.reports.next_steps import (
    NextStep,
    NextStepKind,
    StepItem,
    latest_weakness,
    next_steps,
    open_report_year,
    plan_remark,
    weak_steps,
)
from ita.scores.charts import trend_chart
from ita.scores.citations import level_note, means_note, next_level_note, weight_note
from ita.scores.levels import localized_level
from ita.scores.standing import (
    IndicatorScore,
    Standing,
    change_label,
    compute_standing,
    costliest_text,
    indicator_scores,
    trend_text,
)
from ita.scores.trends import Trend
from ita.scores.what_if import next_level_sentence
from ita.store import Store
from ita.theme import CHART_CONFIG, part_style
from ita.ui.components import queries
from ita.ui.components.agency_picker import pick_agency
from ita.ui.components.charts import page_text_color
from ita.ui.components.frame import guard
from ita.ui.components.markup import BREAK, SPACE, Tone, html, render_html, sparkline, tag, tooltip
from ita.ui.components.measure_links import late_filter, late_year_html, next_due_html
from ita.ui.components.navigation import page_link_html, show_page_link
from ita.ui.components.start_guide import show_start_guide
from ita.ui.components.tags import comparison_tags
from ita.web.paths import CLAIMS, INDICATORS, NARRATIVE, PROGRESS, TREND, UPLOAD, WHAT_IF, PageSpec
from ita.web.store_access import get_reference, get_store


def show_page() -> None:
    guard()
    agency = pick_agency()
    if agency is None:
        show_start_guide(None)
        return
    version, today = queries.data_version(), thai_today()
    trend = queries.agency_trend(version, agency)
    total = compute_standing(trend, TOTAL, get_reference())
    years = queries.agency_years_of_work(version, agency)
    year = queries.year_at_hand(version, agency, today)
    late = queries.late_by_year(version, agency, today)
    late_text, due_text = late_html(late, years, agency), next_due_html(version, agency, today)
    if total is None:
        show_start_guide(agency)
        if years:
            work_card(late_text, due_text)
    else:
        instruments = [s for i in Instrument if (s := compute_standing(trend, i, get_reference()))]
        indicators = indicator_scores(trend, get_reference())
        next_level = next_level_sentence(trend, get_reference())
        source = source_text(total, queries.recorded_reason(version, agency, total.year))
        total_card(trend, total, instruments, indicators, next_level, late_text, due_text, source)
        instrument_cards(instruments)
        trend_card(trend)
        with st.container(horizontal=True):
            show_page_link(TREND, _("ดูแนวโน้มทุกปี"), agency=agency)
            show_page_link(WHAT_IF, _("จำลองคะแนนสู่ระดับถัดไป"), agency=agency)
        if indicators:
            extremes_card(indicators)
            show_page_link(INDICATORS, _("ดูทุกตัวชี้วัด"), agency=agency)
    show_brief_download(agency, trend.years, years, today)
    planned = [m for y in years for m in queries.agency_measures(version, agency, y)]
    weak = latest_weakness(trend, planned, get_reference())
    if year:
        report = queries.agency_report(version, agency, year, today)
        before = open_report_year(years, year, today)
        earlier = queries.agency_report(version, agency, before, today) if before else None
        late_measures = [measure for measures in late.values() for measure in measures]
        steps = next_steps(report, late_measures, weak, earlier)
        step_list(steps, agency, year, late, plan_remark(report, weak))
    elif weak.year and weak.points:
        step_list(weak_steps(weak), agency, weak.year, late)


def trend_card(trend: Trend) -> None:
    """The total over all its years beside the nation's mean, and what its signs mean.

    What the agency did stands on the page of the trend; here a glance must do.
    """
    chart = trend_chart(trend, (TOTAL,), trend.years, get_reference())
    render_html(html("heading", _("คะแนนรวมรายปี (เต็ม 100)")))
    st.plotly_chart(
        plotly_figure(replace(chart, height_factor=0.65), page_text_color()),
        config=CHART_CONFIG,
        alt=chart.alt,
        key="trend",
    )
    notes = [
        _("จุดทึบคือคะแนนที่ประกาศ จุดโปร่งคือคะแนนที่คำนวณ"),
        *(mark.note for mark in chart.marks),
    ]
    render_html(html("quiet", " · ".join(notes)))


def _level_tag(total: Standing) -> tuple[str, Tone, str]:
    """The level's name, how it is shown, and what it asks for with its source."""
    point = total.point
    level_code = (point.published_level or point.level) if point else None
    level = localized_level(level_code, get_reference().rules(total.year))
    if level is None:
        return _("ไม่ทราบระดับ"), "note", ""
    rules = get_reference().rules(total.year)
    band = rules.band(level_code or "")
    reached = rules.passes(band) if band else total.has_passed
    note = level_note(level_code, rules)
    if point and point.has_level_mismatch:
        words = {"published": level, "computed": localized_level(point.level, rules) or no_data()}
        return _("ประกาศ {published} แต่ตามคะแนนคือ {computed}", **words), "warn", note
    return _("ระดับ {level}", level=level), "good" if reached else "warn", note


def _change_tag(part: Standing) -> Markup:
    """The change with its year, as HTML; "" where nothing compares."""
    if part.change_since is None:
        return Markup()
    tones: dict[int, Tone] = {1: "good", 0: "note", -1: "bad"}
    nation = part.national_change_since is not None
    note = means_note(part, get_reference()) if nation else ""
    return tag(change_label(part), tones[part.change_sign], note)


def total_card(
    trend: Trend,
    total: Standing,
    instruments: Sequence[Standing],
    indicators: Sequence[IndicatorScore],
    next_level: str | None,
    late: str,
    due: str,
    source: str,
) -> None:
    """The total, its level and its change, above an executive's questions, a line each.

    next_level: what the least effort to a better level would be, where that can be told. late: what
    is late, due: what is due next, both as HTML. source: where the total comes from.
    """
    rules = get_reference().rules(total.year)
    marks = tag(*_level_tag(total)) + _change_tag(total) + comparison_tags(total)
    if total.is_fictional:
        marks += tag(_(FICTIONAL_MARK), "note")
    next_level_text = next_level or total.targets_text
    next_level_html = tooltip(next_level_text, next_level_note(rules)) if next_level_text else ""
    held_back = costliest_text(instruments, indicators)
    weights = weight_note(tuple(rules.instruments), rules)
    answers = {
        _("งานที่ล่าช้า"): late,  # first: on a phone the other lines are below the first screen
        _("แนวโน้ม"): trend_text(trend, total, get_reference()),
        _("สิ่งที่ฉุดคะแนน"): tooltip(held_back, weights) if held_back else "",
        _("กำหนดถัดไป"): due,
        _("ระดับถัดไป"): next_level_html,
    }
    out_of = "" if total.score is None else _("จาก 100")
    part = f"{part_text(total.part)} {year_text(total.year)}"
    with st.container(border=True, key="card-total"):
        render_html(
            html("overview.total", part, score_text(total.score), out_of, marks)
            + html("overview.answers", answers)
            + html("quiet", source)
        )


def source_text(total: Standing, reason: str) -> str:
    """Where the total comes from; reason: what was recorded with it, for a file that names no source."""
    source = total.point.source if total.point else ""
    if source or not reason:
        return _("แหล่งที่มา: {source}", source=source or no_data())
    return _("ไฟล์ไม่ได้ระบุแหล่งที่มา ผู้นำเข้าบันทึกไว้ว่า “{reason}”", reason=reason)


def work_card(late: str, due: str) -> None:
    """What is late and what is due next, for an agency without scores. late, due: as HTML."""
    with st.container(border=True, key="card-work"):
        render_html(html("overview.answers", {_("งานที่ล่าช้า"): late, _("กำหนดถัดไป"): due}))


def late_html(
    late: Mapping[FiscalYear, Sequence[JudgedMeasure]], years: Sequence[FiscalYear], agency: str
) -> Markup:
    """What is late, a line for each year, as HTML that leads to it. late: what is outstanding of every
    year. years: those of which there is work at all."""
    if not years:
        import_link = page_link_html(UPLOAD, _("นำเข้ามาตรการ"), agency=agency, kind="measures")
        return SPACE.join((tag(_("ยังไม่มีข้อมูลมาตรการ"), "note"), import_link))
    if not late:
        last_years = ", ".join(map(year_text, years[-2:]))
        return SPACE.join((tag(_("ไม่มีงานล่าช้า"), "good"), last_years))
    return BREAK.join(
        late_year_html(year, late_measures, agency) for year, late_measures in late.items()
    )


def instrument_cards(instruments: Sequence[Standing]) -> None:
    """One card per instrument: score, spark line, distance to the targets, a sentence."""
    if all(standing.score is None for standing in instruments):
        names = ", ".join(standing.part for standing in instruments)
        year = year_text(instruments[0].year) if instruments else ""
        st.info(
            _(
                "ยังไม่มีคะแนนรายแบบวัด ({names}) ของ{year} เมื่อนำเข้าแล้วจะบอกได้ว่าแบบวัดใดดีขึ้นหรือยังได้ไม่เต็ม",
                names=names,
                year=year,
            )
        )
        return
    for column, standing in zip(st.columns(len(instruments)), instruments, strict=True):
        with column, st.container(border=True, key=f"card-{standing.part}", height="stretch"):
            render_html(_instrument_card(standing))


def _instrument_card(standing: Standing) -> Markup:
    score = "–" if standing.score is None else score_text(standing.score)
    change = _change_tag(standing) + comparison_tags(standing)
    history_text = ", ".join(
        f"{int(p.fiscal_year)}: {score_text(p.score)}"
        for p in standing.history
        if p.score is not None
    )
    line = sparkline(
        [None if p.score is None else float(p.score) for p in standing.history],
        part_style(standing.part).color,
        f"{part_text(standing.part)} {history_text}",
    )
    card = html("overview.score", part_text(standing.part), score, change) + line
    if details := standing.change_details():
        card += html("paragraph", details)
    if standing.score is not None:
        note = next_level_note(get_reference().rules(standing.year))
        card += html("quiet", tooltip(standing.targets_text, note))
    return card


def extremes_card(indicators: Sequence[IndicatorScore]) -> None:
    """The strongest and the weakest indicators of the year, all of those that share a score."""
    if len(indicators) < 2:
        return
    best, worst = indicators[0].score, indicators[-1].score
    if best == worst:
        rows = {_("ทุกตัวชี้วัดได้คะแนนเท่ากัน"): score_text(best)}
    else:
        rows = {
            _("ตัวชี้วัดที่ได้คะแนนสูงสุด"): _labels(indicators, best),
            _("ตัวชี้วัดที่ได้คะแนนต่ำสุด"): _labels(indicators, worst),
        }
    with st.container(border=True, key="card-extremes"):
        render_html(html("overview.extremes", rows))


def _labels(indicators: Sequence[IndicatorScore], score: Decimal) -> str:
    """The indicators of a score, with it."""
    return ", ".join(indicator.label for indicator in indicators if indicator.score == score)


# What to do next on the overview: a row per kind, with the place where it is mended.

MAX_SHOWN_ITEMS = 3


def _step_link(kind: NextStepKind) -> tuple[PageSpec, str]:
    """Where a kind is mended, and how the link is called."""
    return {
        NextStepKind.WEAK_INDICATOR: (INDICATORS, _("ดูตัวชี้วัด")),
        NextStepKind.LATE_MEASURE: (PROGRESS, _("ดูมาตรการ")),
        NextStepKind.REPORT_GAP: (NARRATIVE, _("เปิดรายงานผล")),
        NextStepKind.CONTRADICTED_CLAIM: (CLAIMS, _("ดูตรวจถ้อยคำกับคะแนน")),
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
        with st.container(border=True, key=f"card-step-{rank}"):
            render_html(_step(rank, step))
            show_page_link(page, label, agency=agency, year=int(step_year), **choices)
    if remark:
        render_html(html("quiet", remark))


def _step(rank: int, step: NextStep) -> Markup:
    items = list(map(_item, step.items))
    first, more_items = items[:MAX_SHOWN_ITEMS], items[MAX_SHOWN_ITEMS:]
    title = html("bold", f"{rank}. {step.title}")
    shown = html("paragraph", title) + html("bullets", first)
    if not more_items:
        return shown
    more_text = _("และอีก {more} รายการ", more=len(more_items))
    return shown + html("details", more_text, html("bullets", more_items))


def _item(item: StepItem) -> Markup:
    texts = (html("bold", item.name), shortened(item.text), item.message)
    return SPACE.join(filter(None, texts))


# The executive's brief to take along: two pages of PDF, made on the click.


def show_brief_download(
    agency: str, score_years: Sequence[FiscalYear], work_years: Sequence[FiscalYear], today: date
) -> None:
    """A button for the brief of an agency's latest year, where it has any.

    scored, worked: its years with scores and with work; a year that is only planned doesn't count.
    """
    current_year = current_work_year(work_years, today, get_reference().handover_days)
    year = max([*score_years, *([current_year] if current_year else [])], default=None)
    if year is None:
        return
    # Made outside the run that knows store and language: both are chosen now.
    make_file = partial(_brief_bytes, get_store(), get_reference(), agency, year, today, language())
    st.download_button(
        _("บทสรุปผู้บริหาร {year} (PDF)", year=year_text(year)),
        data=make_file,
        file_name=f"ita-brief-{agency}-{int(year)}.pdf",
        mime="application/pdf",
        on_click="ignore",
        key="brief",
    )


def _brief_bytes(
    store: Store,
    reference: Reference,
    agency: str,
    year: FiscalYear,
    today: date,
    file_language: str,
) -> bytes:
    from ita.reports.brief import brief_pdf, build_brief  # with typst, for this click only

    with language_set_to(file_language):
        with store.reading() as cursor:
            brief = build_brief(cursor, agency, year, reference, today)
        return brief_pdf(brief)


if __name__ == "__main__":
    show_page()
