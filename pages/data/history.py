"""ประวัติ: every batch, what it changed, its file, and the way back; any table as it was."""

import streamlit as st

from ita.ui import history_views as views
from ita.ui.empty import nothing_yet
from ita.ui.frame import guard
from ita.ui.pages import HISTORY
from ita.wording import say

guard(HISTORY)
batches = views.batches_shown()
if not batches:
    nothing_yet(say("การนำเข้า"))
    st.stop()
now, past = st.tabs([say("การนำเข้าทั้งหมด"), say("ข้อมูล ณ วันที่")])
with now:
    chosen = views.pick_batch(batches)
    views.details(chosen)
    views.way_back(chosen)
    views.batch_table(batches)
with past:
    views.as_of(batches)
