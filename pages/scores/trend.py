"""แนวโน้ม: scores over the years, with levels, breaks, the national mean and the table beside."""

import streamlit as st

from ita.scores.charts import trend_alt, trend_chart
from ita.scores.tables import trend_points
from ita.style import CHART_CONFIG
from ita.ui import reads, score_views
from ita.ui.empty import nothing_yet, the_agency
from ita.ui.frame import guard
from ita.ui.opening import the_reference
from ita.ui.pickers import pick_parts, pick_years
from ita.wording import say

guard()
agency = the_agency()
version = reads.data_version()
found = reads.agency_trend(version, agency)
if not found.points:
    nothing_yet(say("คะแนนของหน่วยงานนี้"))
    st.stop()
with st.container(horizontal=True, gap="small"):
    years = pick_years(found.years)
    parts = pick_parts(score_views.drawable_parts(found))
score_views.verdict_list(found, parts, the_reference())
st.plotly_chart(
    trend_chart(found, parts, years, the_reference()),
    config=CHART_CONFIG,
    alt=trend_alt(found, parts, years),
    key="trend",
)
score_views.chart_notes(found, years, the_reference())
points = trend_points(found, parts, years)
score_views.point_table(points, parts)
score_views.point_downloads(points, agency)
