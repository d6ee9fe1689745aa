"""The choices of the page of measures, each in the URL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from ita.measures.filters import MeasureFilter, division_choices, division_text
from ita.measures.model import Measure
from ita.measures.statuses import JudgedMeasure, judge_measures
from ita.reference import Reference
from ita.ui import pickers, reads
from ita.ui.late_lines import late_of_other_years
from ita.ui.measure_links import measure_code, measure_name
from ita.ui.measure_views import lead, no_measures, status_name
from ita.vocabulary import Instrument, MeasureStatus
from ita.wording import say


@dataclass(frozen=True)
class Picked:
    """every: all measures of the year; mine: those of the chosen instruments and division, whatever
    their status; closer: the one looked at closely."""

    scope: MeasureFilter
    every: tuple[JudgedMeasure, ...]
    mine: tuple[JudgedMeasure, ...]
    closer: JudgedMeasure | None

    @property
    def shown(self) -> tuple[JudgedMeasure, ...]:
        return self.scope.select_by_status(self.mine)


def pick_work(agency: str, version: reads.DataVersion, today: date, reference: Reference) -> Picked:
    """The view that is asked for: year first, then how the measures stand, whose counts are the filter
    by status; what is chosen more rarely is folded.

    Without measures the page says so and ends here.
    """
    years = reads.agency_years_of_work(version, agency)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        year = pickers.pick_year(years, reads.year_at_hand(version, agency, today))
        measures = reads.agency_measures(version, agency, year) if year else ()
        if year is None or not measures:
            no_measures(agency, year)
            st.stop()
        told = _more_label(measures, reference)
        with st.popover(told, key="more filters"):
            until = pickers.pick_quarter(year)
            division = _pick_division(measures, reference)
            instruments = pickers.pick_instruments(tuple(Instrument))
            code = pickers.pick_measure({measure_code(m): measure_name(m) for m in measures})
    reported = reads.agency_completions(version, agency, year)
    every = judge_measures(measures, reported, today, reference.statuses, until)
    wide = MeasureFilter(year, until, instruments, division, tuple(MeasureStatus))
    mine = wide.select_by_instrument_and_division(every, reference.division)
    lead(mine, wide, today, reference)
    late_of_other_years(reads.late_by_year(version, agency, today), year, agency)
    names = {rule.status: status_name(rule.status, reference) for rule in reference.statuses}
    statuses = pickers.pick_statuses(names, Counter(found.status for found in mine))
    closer = next((found for found in every if measure_code(found.measure) == code), None)
    return Picked(replace(wide, statuses=statuses), every, mine, closer)


def _more_label(measures: Sequence[Measure], reference: Reference) -> str:
    """The name of the folded choices, with how many of them leave something out."""
    options = {
        "quarter": ("1", "2", "3", "4"),
        "division": division_choices(measures, reference.division),
        "instruments": tuple(i.value for i in Instrument),
    }
    active = sum(pickers.is_narrowed(key, every) for key, every in options.items())
    return say("กรอง ({count})", count=active) if active else say("กรอง")


def _pick_division(measures: Sequence[Measure], reference: Reference) -> str | None:
    codes = division_choices(measures, reference.division)
    return pickers.pick_division({code: division_text(code) for code in codes})
