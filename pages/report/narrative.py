"""รายงานผล: whether it is ready, and the authority's five columns, marked and edited in place."""

import streamlit as st

from ita.domain import thai_today
from ita.i18n import _
from ita.reports.next_steps import open_report_year
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency, show_no_data
from ita.ui.components.frame import guard
from ita.ui.components.pickers import pick_instruments, pick_year
from ita.ui.narrative import documents
from ita.ui.narrative import report as report_views
from ita.ui.narrative.report import may_edit, open_report_note, readiness_block

guard()
agency = require_agency()
version = queries.data_version()
with st.container(horizontal=True, gap="small"):
    years, today = queries.agency_years_of_work(version, agency), thai_today()
    year = pick_year(years, queries.year_at_hand(version, agency, today))
    if year is None:
        show_no_data(_("มาตรการและรายงานผลของหน่วยงานนี้"))
        st.stop()
    whole = queries.agency_report(version, agency, year, today)
    report = whole.narrow_to(pick_instruments([row.instrument for row in whole.rows]))
editable = may_edit(whole)
if before := open_report_year(years, year, today):
    open_report_note(queries.agency_report(version, agency, before, today))
readiness_block(whole, editable)
report_views.report_rows(report, editable)
documents.report_downloads(report)
