"""ตัวชี้วัด: each indicator over the years, how far it is from the marks, what is done about it."""

import streamlit as st

from ita.domain import Instrument
from ita.i18n import _
from ita.scores.indicator_charts import row_name
from ita.scores.indicators import indicator_table, indicator_years
from ita.ui import indicator_cards, indicator_views
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency, show_no_data
from ita.ui.components.frame import guard
from ita.ui.components.measure_links import IndicatorMeasures
from ita.ui.components.pickers import pick_indicator, pick_instruments, pick_years
from ita.web.store_access import get_reference

guard()
agency = require_agency()
version = queries.data_version()
trend = queries.agency_trend(version, agency)
all_years = indicator_years(trend, get_reference())
if not trend.points:
    show_no_data(_("คะแนนของหน่วยงานนี้"))
    st.stop()
if not all_years:
    indicator_views.show_no_indicators(trend, get_reference())
    st.stop()
with st.container(horizontal=True, gap="small"):
    years = pick_years(all_years)
    instruments = pick_instruments(tuple(Instrument))
    table = indicator_table(trend, years, instruments, get_reference())
    selected = pick_indicator({row.number: row_name(row) for row in table.rows})
years_of_work = queries.agency_years_of_work(version, agency)
year = years_of_work[-1] if years_of_work else None
work = IndicatorMeasures(
    agency, year, queries.agency_measures(version, agency, year) if year else ()
)
links = indicator_views.indicator_links(agency, table)
indicator_views.show_headline(table)
details_row = table.row(selected)
if details_row:
    indicator_cards.show_indicator_details(details_row, table, work)
indicator_views.show_heat_table(table, links, work, selected)
indicator_views.show_indicator_downloads(table, work, agency)
indicator_cards.show_indicator_cards(table, links, work, selected)
indicator_views.show_table_notes(table, work, trend, get_reference())
