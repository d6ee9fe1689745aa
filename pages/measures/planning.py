"""วางแผนปีถัดไป: last year's weak points, where measures are needed, the draft, the save, the document."""

from ita.domain import thai_today
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency
from ita.ui.components.frame import guard
from ita.ui.planning.analysis import pick_analysis, show_analysis, show_needs
from ita.ui.planning.draft import edit_refusal, get_draft_session, show_draft
from ita.ui.planning.saving import check_and_save, plan_downloads, show_receipt

guard()
agency = require_agency()
version = queries.data_version()
found = pick_analysis(agency, version, thai_today())
show_receipt(found, version)
stored = queries.agency_measures(version, agency, found.years.year)
desk = get_draft_session(found, stored)
show_analysis(found, stored)
show_needs(found, stored)
show_draft(found, desk, stored)
writes = not edit_refusal(found)
if writes:
    check_and_save(found, desk)
plan_downloads(found, desk if writes else None, stored)
