"""แนวโน้ม: scores over the years, with levels, breaks, the national mean and the table beside."""

import streamlit as st

from ita.domain import TOTAL
from ita.i18n import _
from ita.scores.charts import trend_chart
from ita.scores.citations import means_line
from ita.scores.events import event_marks, mark_notes
from ita.scores.forecasts import forecast_bands
from ita.scores.tables import trend_points
from ita.ui import change_views, score_views, statistics_views
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency, show_no_data
from ita.ui.components.charts import show_chart
from ita.ui.components.frame import guard
from ita.ui.components.pickers import pick_parts, pick_years
from ita.web.store_access import get_reference

guard()
agency = require_agency()
version = queries.data_version()
trend = queries.agency_trend(version, agency)
if not trend.points:
    show_no_data(_("คะแนนของหน่วยงานนี้"))
    st.stop()
with st.container(horizontal=True, gap="small"):
    years = pick_years(trend.years)
    parts = pick_parts(score_views.drawable_parts(trend))
score_views.show_verdicts(trend, parts, get_reference())
events = queries.agency_events(version, agency)
chart = trend_chart(
    trend,
    parts,
    years,
    get_reference(),
    event_marks(events, years, None, get_reference()),
    forecast_bands(trend, [part for part in parts if part == TOTAL], years, get_reference()),
)
points = trend_points(trend, parts, years)
notes = mark_notes(events, years, None, get_reference())
records = score_views.point_records(points, notes, agency, parts)
sources = [p.source for p in points]
if TOTAL in parts:
    sources.append(means_line(years, get_reference()))
show_chart(chart, "trend", sources, records, f"ita-scores-{agency}")
score_views.show_chart_notes(chart, trend, years, get_reference())
score_views.show_point_table(trend, points, parts)
statistics_views.show_statistics(
    trend, queries.agency_scores(version, agency), parts, get_reference()
)
change_views.show_change_split(agency)
