"""The choices of the page of measures, each in the URL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from ita.measures.rules import Measure
from ita.measures.scopes import Scope, division_choices, division_text
from ita.measures.statuses import JudgedMeasure, judged_measures
from ita.reference import Reference
from ita.ui import pickers, reads
from ita.ui.measure_links import measure_code, measure_name
from ita.ui.measure_views import no_measures
from ita.vocabulary import Instrument
from ita.wording import either


def pick_work(
    agency: str, version: reads.DataVersion, today: date, reference: Reference
) -> tuple[Scope, tuple[JudgedMeasure, ...], JudgedMeasure | None]:
    """The view that is asked for, every measure of its year judged, and the one looked at closely.

    Without measures the page says so and ends here.
    """
    years = reads.agency_years_of_work(version, agency)
    with st.container(horizontal=True, gap="small"):
        year = pickers.pick_year(years, reads.year_at_hand(version, agency, today))
        measures = reads.agency_measures(version, agency, year) if year else ()
        if year is None or not measures:
            no_measures(agency, year)
            st.stop()
        until = pickers.pick_quarter(year)
        division = _pick_division(measures, reference)
        code = pickers.pick_measure({measure_code(m): measure_name(m) for m in measures})
    reported = reads.agency_completions(version, agency, year)
    every = judged_measures(measures, reported, today, reference.statuses, until)
    with st.container(horizontal=True, gap="medium"):
        instruments = pickers.pick_instruments(tuple(Instrument))
        names = {rule.status: either(rule.name_th, rule.name_en) for rule in reference.statuses}
        statuses = pickers.pick_statuses(names)
    closer = next((found for found in every if measure_code(found.measure) == code), None)
    return Scope(year, until, instruments, division, statuses), every, closer


def _pick_division(measures: Sequence[Measure], reference: Reference) -> str | None:
    codes = division_choices(measures, reference.division)
    return pickers.pick_division({code: division_text(code) for code in codes})
