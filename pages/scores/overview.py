"""ภาพรวม: where the agency stands, whether it is better, what holds it back, what to do next."""

import streamlit as st

from ita.domain import TOTAL, Instrument, thai_today
from ita.i18n import _
from ita.reports.next_steps import (
    latest_weakness,
    next_steps,
    open_report_year,
    plan_remark,
    weak_steps,
)
from ita.scores.least_effort import next_level_sentence
from ita.scores.standing import compute_standing, indicator_scores
from ita.ui import brief_views, cards
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency, show_no_data
from ita.ui.components.frame import guard
from ita.ui.components.measure_links import next_due_html
from ita.ui.components.navigation import show_page_link
from ita.ui.step_cards import step_list
from ita.web.page_list import INDICATORS, TREND, WHAT_IF
from ita.web.store_access import get_reference

guard()
agency = require_agency()
version, today = queries.data_version(), thai_today()
trend = queries.agency_trend(version, agency)
total = compute_standing(trend, TOTAL, get_reference())
years = queries.agency_years_of_work(version, agency)
year = queries.year_at_hand(version, agency, today)
late = queries.late_by_year(version, agency, today)
late_text, due_text = cards.late_html(late, years, agency), next_due_html(version, agency, today)
if total is None:
    show_no_data(_("คะแนนของหน่วยงานนี้"))
    if years:
        cards.work_card(late_text, due_text)
else:
    instruments = [s for i in Instrument if (s := compute_standing(trend, i, get_reference()))]
    indicators = indicator_scores(trend, get_reference())
    next_level = next_level_sentence(trend, get_reference())
    source = cards.source_text(total, queries.recorded_reason(version, agency, total.year))
    cards.total_card(trend, total, instruments, indicators, next_level, late_text, due_text, source)
    cards.instrument_cards(instruments)
    cards.trend_card(trend)
    with st.container(horizontal=True):
        show_page_link(TREND, _("ดูแนวโน้มทุกปี"), agency=agency)
        show_page_link(WHAT_IF, _("ไปให้ถึงระดับถัดไป"), agency=agency)
    if indicators:
        cards.extremes_card(indicators)
        show_page_link(INDICATORS, _("ดูทุกตัวชี้วัด"), agency=agency)
brief_views.show_brief_download(agency, trend.years, years, today)
planned = [m for y in years for m in queries.agency_measures(version, agency, y)]
weak = latest_weakness(trend, planned, get_reference())
if year:
    report = queries.agency_report(version, agency, year, today)
    before = open_report_year(years, year, today)
    earlier = queries.agency_report(version, agency, before, today) if before else None
    late_measures = [measure for measures in late.values() for measure in measures]
    steps = next_steps(report, late_measures, weak, earlier)
    step_list(steps, agency, year, late, plan_remark(report, weak))
elif weak.year and weak.points:
    step_list(weak_steps(weak), agency, weak.year, late)
