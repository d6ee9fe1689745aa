"""The choices of the page of measures, each in the URL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from ita.domain import Instrument, MeasureStatus
from ita.i18n import _
from ita.measures.model import Measure
from ita.measures.statuses import JudgedMeasure, judge_measures
from ita.measures.tables import MeasureFilter, division_choices, division_text
from ita.reference import Reference
from ita.ui.components import pickers, queries, url_state
from ita.ui.components.measure_links import measure_code, measure_name, show_late_of_other_years
from ita.ui.measures.tables import show_headline, show_no_measures, status_name


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
