"""มาตรการ: each measure's four quarters beside its pace, what is late, what it does for the scores."""

import streamlit as st

from ita.report.aims import aims, timing_sentence
from ita.ui import measure_views, reads
from ita.ui.empty import the_agency
from ita.ui.frame import guard
from ita.ui.late_lines import late_of_other_years
from ita.ui.measure_closely import closely
from ita.ui.measure_filters import pick_work
from ita.ui.measure_views_aims import against_scores
from ita.ui.measure_views_quarters import quarters_block
from ita.ui.opening import the_reference
from ita.vocabulary import thai_today

guard()
agency = the_agency()
version, today, reference = reads.data_version(), thai_today(), the_reference()
top = st.container()  # on a phone the choices fill a screen, and who looks for a minute reads this
scope, every, closer = pick_work(agency, version, today, reference)
mine = scope.of_instruments_and_division(every, reference.division)
shown = scope.of_status(mine)
with top:
    measure_views.lead(mine, scope, today, reference)
    late_of_other_years(reads.late_by_year(version, agency, today), scope.year, agency)
if closer:
    closely(closer, agency, reference)
measure_views.tell_filter(len(shown), len(every), scope, agency)
measure_views.measure_tables(shown, agency, closer, reference)
measure_views.downloads(shown, scope, agency, reference)
planned = [found.measure for found in mine]
reported = reads.agency_completions(version, agency, scope.year)
notes = (timing_sentence(scope.year, reference), scope.told(reference))
quarters_block(planned, reported, agency, today, scope.until, reference, notes)
measures = [found.measure for found in every]
scores = reads.agency_scores(version, agency)
found = aims(measures, scores, reference.years, scope.year)
against_scores(found, every, agency, reference, measure_views.TONES)
