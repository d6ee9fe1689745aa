"""วางแผนปีถัดไป: last year's weak points, where measures are needed, the draft, the save, the document."""

from ita.ui import reads
from ita.ui.empty import require_agency
from ita.ui.frame import guard
from ita.ui.plan.analysis_views import analysis
from ita.ui.plan.choosing import pick_analysis
from ita.ui.plan.desk import the_desk
from ita.ui.plan.documents import documents
from ita.ui.plan.drafting import draft_of_plan, why_not
from ita.ui.plan.need_views import proposals
from ita.ui.plan.saving import check_and_save, tell_receipt
from ita.vocabulary import thai_today

guard()
agency = require_agency()
version = reads.data_version()
found = pick_analysis(agency, version, thai_today())
tell_receipt(found, version)
stored = reads.agency_measures(version, agency, found.years.year)
desk = the_desk(found, stored)
analysis(found, stored)
proposals(found, stored)
draft_of_plan(found, desk, stored)
writes = not why_not(found)
if writes:
    check_and_save(found, desk)
documents(found, desk if writes else None, stored)
