"""ข้อความกับตัวเลข: each claim of the outcome texts beside the scores, and what would be true."""

import streamlit as st

from ita.domain import thai_today
from ita.i18n import _
from ita.reports.next_steps import open_report_year
from ita.ui import claim_views
from ita.ui.claim_files import show_claim_downloads
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency, show_no_data
from ita.ui.components.frame import guard
from ita.ui.components.pickers import pick_instruments, pick_year
from ita.ui.text_check import stored_of, text_check

guard()
agency = require_agency()
version = queries.data_version()
trend = queries.agency_trend(version, agency)
years, today = queries.agency_years_of_work(version, agency) or trend.years, thai_today()
with st.container(horizontal=True, gap="small"):
    year = pick_year(years, queries.year_at_hand(version, agency, today))
    if year is None:
        show_no_data(_("รายงานผลและคะแนนของหน่วยงานนี้"))
        st.stop()
    report = queries.agency_report(version, agency, year, today)
    written = [row for row in report.rows if row.outcome]
    if written:
        shown = report.narrow_to(pick_instruments([row.instrument for row in report.rows]))
name = queries.agencies(version).names.get(agency, agency)
text_check(
    trend, name, year, stored_of(version, agency, today), queries.text_agency(version, agency)
)
if not written:
    if before := open_report_year(years, year, today):
        claim_views.show_previous_claims_link(queries.agency_report(version, agency, before, today))
    claim_views.show_without_outcomes(trend, agency, year)
    st.stop()
cards = claim_views.outcome_cards(shown.rows, queries.text_agency(version, agency))
claim_views.show_summary(cards)
for card in cards:
    claim_views.show_card(card, trend, agency, year)
show_claim_downloads(cards, trend, agency, year)
claim_views.show_notes(trend)
