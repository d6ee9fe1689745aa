"""มาตรการ: each measure's four quarters beside its pace, what is late, what it does for the scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape

import streamlit as st

from ita.domain import Instrument, MeasureStatus, thai_today
from ita.formatting import quarter_text, year_text
from ita.i18n import _
from ita.measures.model import Measure
from ita.measures.statuses import JudgedMeasure, judge_measures
from ita.measures.tables import MeasureFilter, division_choices, division_text
from ita.planning.aims import compute_aims, timing_sentence
from ita.reference import Reference
from ita.ui.components import pickers, queries, url_state
from ita.ui.components.agency_picker import require_agency
from ita.ui.components.frame import guard
from ita.ui.components.markup import nl2br, render_html
from ita.ui.components.measure_links import (
    evidence_html,
    measure_code,
    measure_name,
    show_late_of_other_years,
    upload_choices,
)
from ita.ui.components.navigation import show_page_link
from ita.ui.measures import tables
from ita.ui.measures.aims import measures_against_scores
from ita.ui.measures.quarters import quarters_block
from ita.ui.measures.tables import (
    measure_duties,
    quarter_cell,
    show_headline,
    show_no_measures,
    status_cell,
    status_name,
)
from ita.web.page_list import NARRATIVE, PROGRESS, UPLOAD
from ita.web.store_access import get_reference


def show_page() -> None:
    guard()
    agency = require_agency()
    version, today, reference = queries.data_version(), thai_today(), get_reference()
    picked = pick_measures(agency, version, today, reference)
    scope, every, mine, shown = (
        picked.measure_filter,
        picked.all_measures,
        picked.matching,
        picked.shown,
    )
    if picked.selected:
        measure_details(picked.selected, agency, reference)
    tables.show_filter(len(shown), len(every), scope, agency)
    tables.measure_tables(shown, agency, picked.selected, reference)
    tables.measure_downloads(shown, scope, agency, reference)
    planned = [found.measure for found in mine]
    reported = queries.agency_completions(version, agency, scope.year)
    notes = (timing_sentence(scope.year, reference), scope.describe(reference))
    quarters_block(planned, reported, agency, today, scope.until, reference, notes)
    measures = [found.measure for found in every]
    scores = queries.agency_scores(version, agency)
    found = compute_aims(measures, scores, reference.years, scope.year)
    measures_against_scores(found, every, agency, reference, tables.TONES)


@dataclass(frozen=True)
class FilteredMeasures:
    """all_measures: of the year; matching: those of the chosen instruments and division, whatever their
    status; selected: the one whose details are shown."""

    measure_filter: MeasureFilter
    all_measures: tuple[JudgedMeasure, ...]
    matching: tuple[JudgedMeasure, ...]
    selected: JudgedMeasure | None

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
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        year = pickers.pick_year(years, queries.year_at_hand(version, agency, today))
        measures = queries.agency_measures(version, agency, year) if year else ()
        if year is None or not measures:
            show_no_measures(agency, year)
            st.stop()
        filter_label = _filter_label(measures, reference)
        with st.popover(filter_label, key="more filters"):
            until = pickers.pick_quarter(year)
            division = _pick_division(measures, reference)
            instruments = pickers.pick_instruments(tuple(Instrument))
            code = pickers.pick_measure({measure_code(m): measure_name(m) for m in measures})
    reported = queries.agency_completions(version, agency, year)
    all_measures = judge_measures(measures, reported, today, reference.statuses, until)
    any_status = MeasureFilter(year, until, instruments, division, tuple(MeasureStatus))
    matching = any_status.select_by_instrument_and_division(all_measures, reference.division)
    show_headline(matching, any_status, today, reference)
    show_late_of_other_years(queries.late_by_year(version, agency, today), year, agency)
    names = {rule.status: status_name(rule.status, reference) for rule in reference.statuses}
    statuses = pickers.pick_statuses(names, Counter(judged.status for judged in matching))
    selected = next(
        (judged for judged in all_measures if measure_code(judged.measure) == code), None
    )
    return FilteredMeasures(
        replace(any_status, statuses=statuses), all_measures, matching, selected
    )


def _filter_label(measures: Sequence[Measure], reference: Reference) -> str:
    """The name of the folded choices, with how many of them leave something out."""
    options = {
        "quarter": ("1", "2", "3", "4"),
        "division": division_choices(measures, reference.division),
        "instruments": tuple(i.value for i in Instrument),
    }
    active = sum(url_state.is_narrowed(key, all_values) for key, all_values in options.items())
    return _("กรอง ({count})", count=active) if active else _("กรอง")


def _pick_division(measures: Sequence[Measure], reference: Reference) -> str | None:
    codes = division_choices(measures, reference.division)
    return pickers.pick_division({code: division_text(code) for code in codes})


def measure_details(judged_measure: JudgedMeasure, agency: str, reference: Reference) -> None:
    """One measure in full: its text, its duties and every quarter's report."""
    measure = judged_measure.measure
    rows = "".join(_report_row(judged_measure, number) for number in range(4))
    heads = "".join(
        f'<th scope="col">{escape(name)}</th>'
        for name in (
            _("ไตรมาส"),
            _("ความสำเร็จ"),
            _("ผลการดำเนินงาน"),
            _("ปัญหา/อุปสรรค"),
            _("หลักฐาน"),
        )
    )
    with st.container(border=True):
        render_html(
            f"<h2>{escape(measure_name(measure))} <small>{escape(year_text(measure.fiscal_year))}"
            f"</small></h2><p>{nl2br(measure.text)}</p>"
            f'<p class="ita-quiet">{measure_duties(judged_measure, agency)}</p><p>{status_cell(judged_measure, reference)}</p>'
        )
        render_html(
            f'<table class="ita-reports"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
        )
        _links(judged_measure, agency)


def _links(judged_measure: JudgedMeasure, agency: str) -> None:
    """From a measure to its line of the report, to the import of what it lacks, back to all."""
    measure = judged_measure.measure
    choices = {"agency": agency, "year": int(measure.fiscal_year)}
    with st.container(horizontal=True):
        for quarter in judged_measure.progress.unreported_quarters:
            label = _("นำเข้า{quarter}", quarter=quarter_text(quarter))
            show_page_link(UPLOAD, label, **upload_choices(agency, measure.fiscal_year, quarter))
        show_page_link(NARRATIVE, _("เปิดรายงานผล"), instruments=measure.instrument.value, **choices)
        show_page_link(PROGRESS, _("ดูทุกมาตรการ"), measure="", **choices)


def _report_row(judged_measure: JudgedMeasure, index: int) -> str:
    quarter = judged_measure.measure.fiscal_year.quarters[index]
    report = next((r for r in judged_measure.progress.reports if r.quarter == quarter), None)
    texts = (report.note, report.obstacle) if report else (None, None)
    evidence = evidence_html(report.evidence) if report and report.evidence else "–"
    words = "".join(f'<td class="words">{nl2br(text) if text else "–"}</td>' for text in texts)
    return (
        f'<tr><th scope="row">{escape(quarter_text(quarter))}</th>{quarter_cell(judged_measure, quarter)}'
        f'{words}<td class="words">{evidence}</td></tr>'
    )


if __name__ == "__main__":
    show_page()
