"""มาตรการ: each measure's four quarters beside its pace, what is late, what it does for the scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st
from markupsafe import Markup

from ita.domain import Instrument, MeasureStatus, thai_today
from ita.formatting import quarter_text, score_text, year_text
from ita.i18n import _
from ita.measures.model import Measure
from ita.measures.statuses import JudgedMeasure, judge_measures, status_reason
from ita.measures.tables import MeasureFilter, division_choices, division_text, status_text
from ita.planning.aims import Aim, Aims, compute_aims, timing_sentence
from ita.reference import Reference
from ita.tables import CellValue, Kind, Table, TableColumn, cell_columns
from ita.ui.components import pickers, queries, url_state
from ita.ui.components.agency_picker import require_agency
from ita.ui.components.charts import Download, show_downloads
from ita.ui.components.frame import guard
from ita.ui.components.markup import BREAK, COMMA, SPACE, html, nl2br, render_html, tag
from ita.ui.components.measure_links import (
    evidence_html,
    indicator_href,
    measure_code,
    measure_href,
    measure_name,
    show_late_of_other_years,
    upload_choices,
)
from ita.ui.components.navigation import link_html, scroll_to, show_page_link
from ita.ui.components.row_form import show_change_receipt
from ita.ui.components.tables import show_table
from ita.ui.measures import tables
from ita.ui.measures.actions import show_measure_actions
from ita.ui.measures.quarters import quarters_block
from ita.ui.measures.tables import (
    QuarterCell,
    measure_duties,
    quarter_cell,
    show_headline,
    show_no_measures,
    status_name,
    status_tag,
)
from ita.web.paths import NARRATIVE, PLANNING, PROGRESS, UPLOAD
from ita.web.store_access import get_reference

# The two views of the page, by their value in the URL.
LIST, SUMMARY = "list", "summary"
# The container of one measure's details.
DETAILS = "card-measure"


def show_page() -> None:
    guard()
    agency = require_agency()
    show_change_receipt()
    version, today, reference = queries.data_version(), thai_today(), get_reference()
    picked = pick_measures(agency, version, today, reference)
    if picked.view == SUMMARY:
        show_summary(picked, agency, version, today, reference)
        return
    scope, shown = picked.measure_filter, picked.shown
    if picked.selected:
        show_measure_details(picked.selected, picked.all_measures, agency, reference)
        if picked.is_new:
            scroll_to(DETAILS, turn=picked.selected.measure.seq)
    tables.show_filter(len(shown), len(picked.all_measures), scope, agency)
    is_narrowed = len(scope.statuses) < len(reference.statuses)
    tables.measure_list(shown, agency, picked.selected, reference, is_narrowed)
    file_table = tables.measures_file(shown, scope, agency, reference)
    show_downloads(Download(file_table, f"ita-measures-{agency}-{int(scope.year)}"))


def show_summary(
    picked: FilteredMeasures,
    agency: str,
    version: queries.DataVersion,
    today: date,
    reference: Reference,
) -> None:
    """Means by quarter, instrument and division, what is due when, and the measures beside the scores."""
    scope = picked.measure_filter
    planned = [judged.measure for judged in picked.matching]
    reported = queries.agency_completions(version, agency, scope.year)
    notes = (timing_sentence(scope.year, reference), scope.describe(reference))
    downloads = quarters_block(planned, reported, agency, today, scope.until, reference, notes)
    measures = [judged.measure for judged in picked.all_measures]
    trend = queries.agency_trend(version, agency)
    aims = compute_aims(measures, trend, scope.year, reference)
    with st.container(border=True, key="card-aims"):
        measures_against_scores(aims, picked.all_measures, agency, reference)
    if aims.weak_indicators or aims.without_indicator:
        downloads.append(aims_download(aims, picked.all_measures, agency, reference))
    show_downloads(*downloads)


# Measures against the scores: weak indicators with and without measures, measures without an aim.

# Measures without an aim that are named one by one; of 500 the number says enough.
MAX_NAMED = 30


def measures_against_scores(
    aims: Aims,
    judged: Sequence[JudgedMeasure],
    agency: str,
    reference: Reference,
) -> None:
    """Which weak indicators have measures, which have none, which measures aim at nothing."""
    render_html(html("heading", _("มาตรการกับคะแนน")) + html("paragraph", aims.sentence()))
    if aims.weak_indicators:
        by_key = {judged_measure.measure.key: judged_measure for judged_measure in judged}
        year = year_text(aims.weak_indicators[0].indicator.year)

        def indicator_html(aim: Aim) -> Markup:
            weak = aim.indicator
            words = {"score": score_text(weak.score), "mark": f"{weak.pass_mark:f}"}
            score = html("quiet_part", _("{score} (เกณฑ์ {mark})", **words))
            return BREAK.join((link_html(indicator_href(agency, weak.part), weak.name), score))

        def measures_html(aim: Aim) -> Markup:
            aiming = [by_key[measure.key] for measure in aim.measures]
            if not aiming:
                return html("no_wrap", tag(_("ยังไม่มี"), "bad"))
            return BREAK.join(_status_html(judged, agency, reference) for judged in aiming)

        columns: list[TableColumn[Aim]] = [
            TableColumn(_("คะแนน{year}", year=year), kind=Kind.WORDS, shown=indicator_html),
            TableColumn(_("มาตรการ"), shown=measures_html),
        ]
        show_table(Table(columns, aims.weak_indicators))
    _other_measures(aims, agency)
    note = html("quiet", timing_sentence(aims.year, reference))
    render_html(html("details", _("เทียบคะแนนกับมาตรการของปีใด"), note))
    with st.container(horizontal=True, gap="small"):
        if aims.without_indicator:
            choices = {"kind": "measures", "year": int(aims.year)}
            show_page_link(UPLOAD, _("ระบุตัวชี้วัด"), agency=agency, **choices)
        show_page_link(PLANNING, _("วางแผนปีถัดไป"), agency=agency)


def aims_download(
    aims: Aims, judged: Sequence[JudgedMeasure], agency: str, reference: Reference
) -> Download:
    """A row per weak indicator and measure; measures without an aim at the end."""
    statuses = {
        judged_measure.measure.key: status_text(judged_measure.status, reference)
        for judged_measure in judged
    }
    rows: list[tuple[CellValue, ...]] = []
    for aim in aims.weak_indicators:
        weak = aim.indicator
        for measure in aim.measures or (None,):
            rows.append((weak.name, weak.score, *_measure_cells(measure, statuses)))
    for measure in (*aims.on_other_indicators, *aims.without_indicator):
        indicators = ", ".join(measure.indicators) or _("ไม่ระบุตัวชี้วัด")
        rows.append((indicators, None, *_measure_cells(measure, statuses)))
    columns = cell_columns(
        (_("ตัวชี้วัด"), 30),
        (_("คะแนน"), 10),
        (_("แบบวัด"), 10),
        (_("ลำดับ"), 8),
        (_("มาตรการ"), 50),
        (_("สถานะ"), 14),
    )
    notes = (aims.sentence(), timing_sentence(aims.year, reference))
    stem = f"ita-aims-{agency}-{int(aims.year)}"
    return Download(Table(columns, rows, notes=notes), stem, name=_("มาตรการกับคะแนน"))


def _measure_cells(
    measure: Measure | None, statuses: Mapping[tuple[Instrument, int], str]
) -> tuple[CellValue, CellValue, CellValue, CellValue]:
    if measure is None:
        return None, None, _("ยังไม่มีมาตรการ"), None
    return measure.instrument.value, measure.seq, measure.text, statuses[measure.key]


def _status_html(judged: JudgedMeasure, agency: str, reference: Reference) -> Markup:
    """A measure with its status."""
    link = link_html(measure_href(agency, judged.measure), measure_name(judged.measure))
    return SPACE.join((link, status_tag(judged, reference)))


def _other_measures(aims: Aims, agency: str) -> None:
    """Measures that name no indicator, and those that aim at none of the weak ones."""
    if aims.without_indicator:
        label = _("มาตรการที่ไม่ระบุตัวชี้วัด {count} ข้อ:", count=len(aims.without_indicator))
        render_html(_named_measures(label, aims.without_indicator, agency))
    if aims.weak_indicators and aims.on_other_indicators:
        label = _("มาตรการที่มุ่งตัวชี้วัดที่ผ่านเกณฑ์แล้ว {count} ข้อ:", count=len(aims.on_other_indicators))
        render_html(_named_measures(label, aims.on_other_indicators, agency))


def _named_measures(label: str, measures: Sequence[Measure], agency: str) -> Markup:
    links = (link_html(measure_href(agency, m), measure_name(m)) for m in measures[:MAX_NAMED])
    rest = ["…"] if len(measures) > MAX_NAMED else []
    return html("paragraph", SPACE.join((html("bold", label), COMMA.join(links), *rest)))


@dataclass(frozen=True)
class FilteredMeasures:
    """view: LIST or SUMMARY; all_measures: of the year; matching: those of the chosen instruments and
    division, whatever their status; selected: the one whose details are shown; is_new: it was not
    before."""

    view: str
    measure_filter: MeasureFilter
    all_measures: tuple[JudgedMeasure, ...]
    matching: tuple[JudgedMeasure, ...]
    selected: JudgedMeasure | None
    is_new: bool

    @property
    def shown(self) -> tuple[JudgedMeasure, ...]:
        return self.measure_filter.select_by_status(self.matching)


def pick_measures(
    agency: str, version: queries.DataVersion, today: date, reference: Reference
) -> FilteredMeasures:
    """The chosen view: year first, then the statuses, whose counts are the filter by status; rarer
    choices are in a popover.

    Without measures the page says so and ends here.
    """
    years = queries.agency_years_of_work(version, agency)
    is_new = bool(url_state.new_url_value("measure"))
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        year = pickers.pick_year(years, queries.year_at_hand(version, agency, today))
        measures = queries.agency_measures(version, agency, year) if year else ()
        if year is None or not measures:
            show_no_measures(agency, year)
            st.stop()
        filters = _active_filters(measures, reference)
        view = pickers.pick_view({LIST: _("รายการ"), SUMMARY: _("สรุป")})
        with st.popover(pickers.filter_label(filters), key="more filters"):
            until = pickers.pick_quarter(year)
            division = _pick_division(measures, reference)
            instruments = pickers.pick_instruments(tuple(Instrument))
            code = pickers.pick_measure({measure_code(m): measure_name(m) for m in measures})
    reported = queries.agency_completions(version, agency, year)
    all_measures = judge_measures(measures, reported, today, reference.statuses, until)
    any_status = MeasureFilter(year, until, instruments, division, tuple(MeasureStatus))
    matching = any_status.select_by_instrument_and_division(all_measures, reference.division)
    show_headline(matching, any_status, today)
    show_late_of_other_years(queries.late_by_year(version, agency, today), year, agency)
    statuses = any_status.statuses
    if view == LIST:
        names = {rule.status: status_name(rule.status, reference) for rule in reference.statuses}
        statuses = pickers.pick_statuses(names, Counter(judged.status for judged in matching))
    selected = next(
        (judged for judged in all_measures if measure_code(judged.measure) == code), None
    )
    narrowed = replace(any_status, statuses=statuses)
    return FilteredMeasures(view, narrowed, all_measures, matching, selected, is_new)


def _active_filters(measures: Sequence[Measure], reference: Reference) -> int:
    """How many of the folded choices leave something out."""
    options = {
        "quarter": ("1", "2", "3", "4"),
        "division": division_choices(measures, reference.division),
        "instruments": tuple(i.value for i in Instrument),
    }
    return sum(url_state.is_narrowed(key, all_values) for key, all_values in options.items())


def _pick_division(measures: Sequence[Measure], reference: Reference) -> str | None:
    codes = division_choices(measures, reference.division)
    return pickers.pick_division({code: division_text(code) for code in codes})


def show_measure_details(
    judged_measure: JudgedMeasure,
    all_measures: Sequence[JudgedMeasure],
    agency: str,
    reference: Reference,
) -> None:
    """One measure in full: its text, its duties, what can be changed, and every quarter's report."""
    measure = judged_measure.measure
    rows = [_report_row(judged_measure, number) for number in range(4)]
    heads = (
        _("ไตรมาส"),
        _("ความสำเร็จ"),
        _("ผลการดำเนินงาน"),
        _("ปัญหา/อุปสรรค"),
        _("หลักฐาน"),
    )
    year = html("small", year_text(measure.fiscal_year))
    status = SPACE.join((status_tag(judged_measure, reference), status_reason(judged_measure)))
    with st.container(border=True, key=DETAILS):
        render_html(
            html("heading", SPACE.join((measure_name(measure), year)))
            + html("paragraph", nl2br(measure.text))
            + html("quiet", measure_duties(judged_measure, agency))
            + html("paragraph", status)
        )
        show_measure_actions(judged_measure, agency)
        render_html(html("measures.reports", heads, rows), stacked=True)
        _links(judged_measure, all_measures, agency)


def _links(
    judged_measure: JudgedMeasure, all_measures: Sequence[JudgedMeasure], agency: str
) -> None:
    """From a measure to the next that needs hands, to its line of the report, back to all."""
    measure = judged_measure.measure
    choices = {"agency": agency, "year": int(measure.fiscal_year)}
    position = all_measures.index(judged_measure)
    others = (*all_measures[position + 1 :], *all_measures[:position])
    following = next((judged.measure for judged in others if judged.is_urgent), None)
    with st.container(horizontal=True):
        if following:
            label = _("ข้อถัดไปที่ต้องลงมือ: {measure}", measure=measure_name(following))
            show_page_link(PROGRESS, label, measure=measure_code(following), report="", **choices)
        for quarter in judged_measure.progress.unreported_quarters:
            label = _("นำเข้าทั้ง{quarter}", quarter=quarter_text(quarter))
            show_page_link(UPLOAD, label, **upload_choices(agency, measure.fiscal_year, quarter))
        show_page_link(NARRATIVE, _("เปิดรายงานผล"), instruments=measure.instrument.value, **choices)
        show_page_link(PROGRESS, _("ดูทุกมาตรการ"), measure="", report="", **choices)


def _report_row(judged_measure: JudgedMeasure, index: int) -> tuple[str, QuarterCell, list[str]]:
    """The quarter's name, its completion, and the words of its report."""
    quarter = judged_measure.measure.fiscal_year.quarters[index]
    report = judged_measure.progress.report_of(quarter)
    texts = (report.note, report.obstacle) if report else (None, None)
    evidence = evidence_html(report.evidence) if report and report.evidence else "–"
    words = [*(nl2br(text) if text else "–" for text in texts), evidence]
    return quarter_text(quarter), quarter_cell(judged_measure, quarter), words


if __name__ == "__main__":
    show_page()
