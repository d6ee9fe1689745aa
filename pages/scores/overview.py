"""ภาพรวม: where the agency stands, whether it is better, what holds it back, what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

import streamlit as st
from markupsafe import Markup

from ita.charts.sparkline import sparkline_svg
from ita.domain import FICTIONAL_MARK, TOTAL, FiscalYear, Instrument, thai_today
from ita.formatting import change_text, no_data, part_text, score_text, shortened, year_text
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
from ita.scores.charts import total_chart
from ita.scores.citations import (
    comparison_note,
    level_note,
    means_note,
    next_level_note,
    weight_note,
)
from ita.scores.levels import localized_level
from ita.scores.standing import (
    Standing,
    change_label,
    compute_standing,
    costliest_text,
    headline_caution,
    overview_headline,
    score_comparisons,
)
from ita.scores.trends import Trend
from ita.scores.what_if import next_level_sentence
from ita.store import Store
from ita.theme import INK
from ita.ui.components import queries
from ita.ui.components.agency_picker import pick_agency
from ita.ui.components.frame import guard
from ita.ui.components.markup import SPACE, html, page_theme, render_html, tag, tooltip
from ita.ui.components.measure_links import late_filter, next_due_html
from ita.ui.components.navigation import (
    page_href,
    page_link_html,
    show_page_link,
    word_help_html,
)
from ita.ui.components.start_guide import next_step, show_start_guide
from ita.web.paths import CLAIMS, INDICATORS, NARRATIVE, PROGRESS, TREND, WHAT_IF, PageSpec
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
    brief_year = _brief_year(trend.years, years, today)
    if total is None:
        show_start_guide(agency)
        if brief_year:
            show_brief_download(agency, brief_year, today)
    else:
        show_headline(total)
        left, right = st.columns([11, 9])
        with left, st.container(border=True, key="card-total", height="stretch"):
            show_total(trend, total, agency, queries.recorded_reason(version, agency, total.year))
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                show_brief_download(agency, brief_year or total.year, today)
                show_page_link(TREND, _("ดูแนวโน้ม"), agency=agency)
        with right, st.container(border=True, key="card-instruments", height="stretch"):
            show_instruments(trend, total, agency)
    show_to_dos(trend, years, agency, today)


def show_headline(total: Standing) -> None:
    """What is to be seen, in a sentence, and what takes away from it."""
    caution = headline_caution(total, get_reference())
    sentence = caution[:1].upper() + caution[1:]  # elsewhere it stands within another one
    render_html(html("overview.headline", overview_headline(total), sentence))


def _level_tag(total: Standing) -> Markup:
    """The level's name, with what it asks for and its source on a tap."""
    point = total.point
    level_code = (point.published_level or point.level) if point else None
    rules = get_reference().rules(total.year)
    level = localized_level(level_code, rules)
    if level is None:
        return tag(_("ไม่ทราบระดับ"), "note")
    band = rules.band(level_code or "")
    reached = rules.passes(band) if band else total.has_passed
    note = level_note(level_code, rules)
    if point and point.has_level_mismatch:
        words = {"published": level, "computed": localized_level(point.level, rules) or no_data()}
        return tag(_("ประกาศ {published} แต่ตามคะแนนคือ {computed}", **words), "warn", note)
    return tag(_("ระดับ {level}", level=level), "good" if reached else "warn", note)


def _change_html(part: Standing, label: str, note: str = "") -> Markup:
    """A change as a figure: a rise is no success by itself, a fall stands out."""
    look = "fall" if part.change_sign < 0 else ""
    sign = (
        {True: "▲", False: "▼"}.get((part.change_since or 0) > 0, "") if part.change_since else ""
    )
    return html("overview.fact", sign, tooltip(label, note), look)


def show_total(trend: Trend, total: Standing, agency: str, reason: str) -> None:
    """The total with its level and its distances, its line, and in a fold what it rests on.

    reason: what was recorded with the import of the score.
    """
    reference = get_reference()
    facts = []
    if total.change_since is not None:
        nation = total.national_change_since is not None
        note = means_note(total, reference) if nation else ""
        facts.append(_change_html(total, change_label(total), note))
    facts += [
        html(
            "overview.fact",
            "",
            tooltip(compared.label, comparison_note(total, compared.label, reference)),
            "fall" if compared.is_behind else "",
        )
        for compared in score_comparisons(total)
    ]
    chart = total_chart(trend, reference)
    sizes = {"wide": (560, 210), "narrow": (326, 142)} if len(trend.years) > 1 else {}
    ink = INK[page_theme()]
    pictures = {look: sparkline_svg(chart, ink, size) for look, size in sizes.items()}
    next_level: str | Markup = next_level_sentence(trend, reference) or total.targets_text
    if next_level:
        note = next_level_note(reference.rules(total.year))
        link = page_link_html(WHAT_IF, _("จำลองคะแนนสู่ระดับถัดไป"), agency=agency)
        next_level = SPACE.join((tooltip(next_level, note), link))
    notes = [next_level, *(mark.note for mark in chart.marks), source_text(total, reason)]
    part = SPACE.join((part_text(total.part), year_text(total.year)))
    level = _level_tag(total) + word_help_html("level", _("ระดับ"))
    if total.is_fictional:
        part += SPACE + tag(_(FICTIONAL_MARK), "note")
    render_html(
        html("overview.total", part, score_text(total.score), level, facts)
        + (html("overview.pictures", chart.alt, pictures, chart.lines) if pictures else Markup())
        + html("details", _("ระดับถัดไปและที่มา"), html("bullets", list(filter(None, notes))))
    )


def source_text(total: Standing, reason: str) -> str:
    """Where the total comes from; reason: what was recorded with it, for a file that names no source."""
    source = total.point.source if total.point else ""
    if source:
        return _("แหล่งที่มา: {source}", source=source)
    if not reason:
        return ""
    return _("ไฟล์ไม่ได้ระบุแหล่งที่มา ผู้นำเข้าบันทึกไว้ว่า “{reason}”", reason=reason)


def show_instruments(trend: Trend, total: Standing, agency: str) -> None:
    """A row per instrument: its score against the marks of the year, and its change. total: what the
    headline has told of it is not told again."""
    standings = [s for i in Instrument if (s := compute_standing(trend, i, get_reference()))]
    year = year_text(standings[0].year)
    if all(standing.score is None for standing in standings):
        names = ", ".join(standing.part for standing in standings)
        text = _(
            "ยังไม่มีคะแนนรายแบบวัด ({names}) ของ{year} เมื่อนำเข้าแล้วจะบอกได้ว่าแบบวัดใดดีขึ้นหรือยังได้ไม่เต็ม",
            names=names,
            year=year,
        )
        render_html(html("paragraph", text))
        return
    rules = get_reference().rules(standings[0].year)
    held_back = costliest_text(standings)
    sentence = _("ฉุดมากที่สุด: {part}", part=held_back) if held_back else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(_("รายแบบวัด {year}", year=year), anchor=False, width="content")
        show_page_link(INDICATORS, _("ดูทุกตัวชี้วัด"), agency=agency)
    render_html(
        html(
            "overview.instruments",
            [_instrument_row(s, total.sentence()) for s in standings],
            standings[0].targets,
        )
        + html("quiet", tooltip(sentence, weight_note(tuple(rules.instruments), rules)))
    )


def _instrument_row(part: Standing, told: str) -> Mapping[str, object]:
    """The values of one row of the template. told: a sentence that stands on the page already."""
    last_year = part.since and part.since.fiscal_year == part.year - 1
    short = change_text(part.change_since) if part.change_since else _("เท่าเดิม")
    change = short if last_year else change_label(part)
    sentence = part.sentence() if part.change_since is None else ""
    behind = [compared.label for compared in score_comparisons(part) if compared.is_behind]
    return {
        "name": part_text(part.part) + word_help_html(part.part.lower(), part_text(part.part)),
        "score": "–" if part.score is None else score_text(part.score),
        "width": part.score,
        "reached": part.has_passed,
        "marks": part.targets_text,
        "change": _change_html(part, change) if part.change_since is not None else "",
        "note": " · ".join([*([sentence] if sentence and sentence != told else []), *behind]),
    }


# What to do: a row per kind, which leads to where it is mended; each thing of it one tap away.

MAX_SHOWN_ITEMS = 10


def show_to_dos(trend: Trend, years: Sequence[FiscalYear], agency: str, today: date) -> None:
    """What is weak, late, missing or contradicted, of every open year, and the next deadline."""
    version = queries.data_version()
    late = queries.late_by_year(version, agency, today)
    planned = [m for y in years for m in queries.agency_measures(version, agency, y)]
    weak = latest_weakness(trend, planned, get_reference())
    steps, remark = weak_steps(weak), ""
    year = queries.year_at_hand(version, agency, today)
    if year:
        report = queries.agency_report(version, agency, year, today)
        before = open_report_year(years, year, today)
        earlier = queries.agency_report(version, agency, before, today) if before else None
        late_measures = [measure for measures in late.values() for measure in measures]
        steps = next_steps(report, late_measures, weak, earlier)
        remark = plan_remark(report, weak)
    elif not trend.years:
        return  # the start guide says it all
    rows: list[dict[str, object]] = [
        _to_do(step, agency, step.year or year, late, remark) for step in steps
    ]
    if not years and trend.years and (step := next_step(agency)):
        href = page_href(step.page, **step.choices)
        rows.append({"title": step.label, "href": href, "things": ()})
    notes = []
    if due := next_due_html(version, agency, today):
        notes.append(SPACE.join((html("bold", _("ครบกำหนดถัดไป")), due)))
    if years and not late:
        notes.append(SPACE.join((tag(_("ไม่มีงานล่าช้า"), "good"), year_text(years[-1]))))
    title = _("ต้องทำ {count} เรื่อง", count=len(rows)) if rows else _("ไม่มีเรื่องค้าง")
    with st.container(border=True, key="card-to-do"):
        render_html(
            html("heading", title)
            + (html("overview.to_dos", rows) if rows else Markup())
            + Markup().join(html("paragraph", note) for note in notes)
        )


def _to_do(
    step: NextStep,
    agency: str,
    year: FiscalYear | None,
    late: Mapping[FiscalYear, Sequence[JudgedMeasure]],
    remark: str,
) -> dict[str, object]:
    """The values of one row of the template: its title, where it leads, and the things themselves.

    remark: on what the plan makes of weak indicators.
    """
    page, parameter = _place(step.kind)
    choices: dict[str, object] = {"agency": agency}
    if page is not INDICATORS and year:
        choices["year"] = int(year)
    filters = late_filter(late.get(year, ())) if page is PROGRESS and year else {}
    items = [_item(item, page, choices, parameter) for item in step.items[:MAX_SHOWN_ITEMS]]
    more = len(step.items) - len(items)
    return {
        "title": step.title,
        "href": page_href(page, **(choices | filters)),
        "things": [
            *items,
            *([_("และอีก {more} รายการ", more=more)] if more else []),
            *([remark] if remark and step.kind is NextStepKind.WEAK_INDICATOR else []),
        ],
    }


def _place(kind: NextStepKind) -> tuple[PageSpec, str]:
    """The page where a kind is mended, and the choice of it that one thing is."""
    return {
        NextStepKind.WEAK_INDICATOR: (INDICATORS, "indicator"),
        NextStepKind.LATE_MEASURE: (PROGRESS, "measure"),
        NextStepKind.REPORT_GAP: (NARRATIVE, "edit"),
        NextStepKind.CONTRADICTED_CLAIM: (CLAIMS, ""),
    }[kind]


def _item(item: StepItem, page: PageSpec, choices: Mapping[str, object], parameter: str) -> Markup:
    target = {parameter: item.target} if parameter and item.target else {}
    name = html("link", page_href(page, **choices, **target), item.name)
    return SPACE.join(filter(None, (html("bold", name), shortened(item.text), item.message)))


# The executive's brief to take along: two pages of PDF, made on the click.


def _brief_year(
    scored: Sequence[FiscalYear], worked: Sequence[FiscalYear], today: date
) -> FiscalYear | None:
    """The latest year of which there are scores or work; a year that is only planned doesn't count."""
    current_year = current_work_year(worked, today, get_reference().handover_days)
    return max([*scored, *([current_year] if current_year else [])], default=None)


def show_brief_download(agency: str, year: FiscalYear, today: date) -> None:
    """A button for the brief of a year."""
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
