"""นำเข้าข้อมูล: choose, upload or fill in, mend, look at what changes, confirm."""

import streamlit as st

from ita.ui.file_box import forget_read_file
from ita.ui.frame import guard
from ita.ui.pages import UPLOAD
from ita.ui.upload.choosing import choose
from ita.ui.upload.looking import looked_at, tell_agencies
from ita.ui.upload.picking import (
    header_is_settled,
    pick_sheets,
    pick_text_reading,
    tell_reading,
)
from ita.ui.upload.problems import problems
from ita.ui.upload.same_agency import tell_matched
from ita.ui.upload.saving import confirm, effect, receipt_shown
from ita.ui.upload.taking import lost_visit_told, take_file

guard(UPLOAD)
if receipt_shown():
    forget_read_file()
    st.stop()
lost_visit_told()
choice = choose()
source = take_file(choice)
if source is None:
    forget_read_file()
    st.stop()
reading = pick_text_reading(choice, source)
if reading is None:
    st.stop()
looked = looked_at(choice, source, reading)
if not header_is_settled(choice, source, looked):
    st.stop()
tell_reading(choice, source, looked)
pick_sheets(choice, source, looked)
tell_agencies(choice, looked)
tell_matched(looked)
problems(choice, source, looked)
outcome = looked.preview.outcome
if outcome.accepted and not outcome.batch:
    effect(choice, source, looked)
    confirm(choice, source, looked)
