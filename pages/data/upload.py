"""นำเข้าข้อมูล: choose, upload or fill in, mend, look at what changes, confirm."""

import streamlit as st

from ita.ui.frame import guard
from ita.ui.upload.choosing import choose
from ita.ui.upload.looking import looked_at
from ita.ui.upload.problems import problems
from ita.ui.upload.saving import confirm, effect, receipt_shown
from ita.ui.upload.taking import take_file

guard()
if receipt_shown():
    st.stop()
choice = choose()
source = take_file(choice)
if source is None:
    st.stop()
found = looked_at(choice, source)
problems(choice, source, found)
if found.outcome.accepted and not found.outcome.batch:
    effect(choice, found)
    confirm(choice, source, found)
