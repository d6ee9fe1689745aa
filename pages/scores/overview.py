"""ภาพรวม: where the agency stands, whether it is better, what is late, what the report lacks."""

from datetime import date

import streamlit as st

from ita.scores.standing import standing
from ita.ui import cards, reads
from ita.ui.empty import nothing_yet, the_agency
from ita.ui.frame import guard
from ita.ui.opening import the_reference
from ita.ui.pages import NARRATIVE, TREND, link
from ita.vocabulary import TOTAL, Instrument
from ita.wording import say

guard()
agency = the_agency()
version, today = reads.data_version(), date.today()
found = reads.agency_trend(version, agency)
total = standing(found, TOTAL, the_reference())
if total is None:
    nothing_yet(say("คะแนนของหน่วยงานนี้"))
else:
    instruments = [s for i in Instrument if (s := standing(found, i, the_reference()))]
    cards.total_card(total, instruments)
    link(TREND, say("ดูแนวโน้มทุกปี"), agency=agency)
    cards.instrument_cards(instruments)
years = reads.agency_years_of_work(version, agency)
if years:
    left, right = st.columns(2)
    with left:
        cards.outstanding_list(
            years[-1], reads.agency_outstanding(version, agency, years[-1], today)
        )
    with right:
        cards.gap_list(reads.agency_report(version, agency, years[-1], today))
        link(NARRATIVE, say("เปิดรายงานผล"), agency=agency, year=int(years[-1]))
