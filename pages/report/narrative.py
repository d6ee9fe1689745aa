"""รายงานผล: whether it is ready, and the authority's five columns, marked and edited in place."""

import streamlit as st

from ita.ui import reads, report_downloads, report_views
from ita.ui.empty import nothing_yet, the_agency
from ita.ui.frame import guard
from ita.ui.pickers import pick_instruments, pick_year
from ita.ui.report_edit.permission import may_edit
from ita.ui.report_readiness import readiness_block
from ita.vocabulary import thai_today
from ita.wording import say

guard()
agency = the_agency()
version = reads.data_version()
with st.container(horizontal=True, gap="small"):
    year = pick_year(reads.agency_years_of_work(version, agency))
    if year is None:
        nothing_yet(say("มาตรการและรายงานผลของหน่วยงานนี้"))
        st.stop()
    whole = reads.agency_report(version, agency, year, thai_today())
    report = whole.only(pick_instruments([row.instrument for row in whole.rows]))
editable = may_edit(whole)
readiness_block(whole, editable)
report_views.rows(report, editable)
report_downloads.downloads(report)
