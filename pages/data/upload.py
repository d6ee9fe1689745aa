"""นำเข้าข้อมูล: choose, upload or fill in, mend, look at what changes, confirm."""

import streamlit as st

from ita.ui import upload_steps as steps
from ita.ui.frame import guard

guard()
if steps.receipt_shown():
    st.stop()
choice = steps.choose()
source = steps.take_file(choice)
if source is None:
    st.stop()
found = steps.looked_at(choice, source)
steps.problems(choice, source, found)
if found.outcome.accepted and not found.outcome.batch:
    steps.effect(choice, found)
    steps.confirm(choice, source, found)
