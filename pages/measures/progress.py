"""มาตรการ: each measure's four quarters beside its pace, what is late, what it does for the scores."""

from ita.domain import thai_today
from ita.planning.aims import compute_aims, timing_sentence
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency
from ita.ui.components.frame import guard
from ita.ui.measure_details import measure_details
from ita.ui.measure_filters import pick_measures
from ita.ui.measures import tables
from ita.ui.measures.aims import measures_against_scores
from ita.ui.measures.quarters import quarters_block
from ita.web.store_access import get_reference

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
