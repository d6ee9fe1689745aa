"""ไปให้ถึงระดับถัดไป: scores moved by hand, judged at once, and the least that reaches a level."""

import streamlit as st

from ita.i18n import _
from ita.scores.what_if import find_starting_point, starting_years, workable_years
from ita.ui import what_if_levers, what_if_views
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency, show_no_data
from ita.ui.components.frame import guard
from ita.ui.components.pickers import pick_year
from ita.web.store_access import get_reference

guard()
agency = require_agency()
trend = queries.agency_trend(queries.data_version(), agency)
with st.container(horizontal=True, gap="small"):
    year = pick_year(starting_years(trend))
    rules = what_if_views.pick_rules(year) if year else None
start = find_starting_point(trend, year, get_reference(), rules) if year else None
if start is None:
    show_no_data(_("คะแนนของหน่วยงานนี้"))
elif not start.levers:
    what_if_views.show_not_enough(start, agency, workable_years(trend, get_reference()))
else:
    what_if_levers.load_scenario(start, agency)
    what_if_views.show_scenario(start, agency)
