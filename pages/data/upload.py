"""นำเข้าข้อมูล: choose, upload or fill in, mend, look at what changes, confirm."""

import streamlit as st

from ita.ui.components.file_uploader import forget_read_file
from ita.ui.components.frame import guard
from ita.ui.upload.agency_matching import show_matched
from ita.ui.upload.confirm_step import confirm, effect, receipt_shown
from ita.ui.upload.dialect_step import header_is_settled, pick_dialect, pick_sheets, show_dialect
from ita.ui.upload.file_step import choose, show_lost_upload, upload_file
from ita.ui.upload.preview_step import preview_file, show_agencies
from ita.ui.upload.problems_step import problems
from ita.web.page_list import UPLOAD


def show_page() -> None:
    guard(UPLOAD)
    if receipt_shown():
        forget_read_file()
        st.stop()
    show_lost_upload()
    choice = choose()
    source = upload_file(choice)
    if source is None:
        forget_read_file()
        st.stop()
    reading = pick_dialect(choice, source)
    if reading is None:
        st.stop()
    looked = preview_file(choice, source, reading)
    if not header_is_settled(choice, source, looked):
        st.stop()
    show_dialect(choice, source, looked)
    pick_sheets(choice, source, looked)
    show_agencies(choice, looked)
    show_matched(looked)
    problems(choice, source, looked)
    outcome = looked.preview.outcome
    if outcome.accepted and not outcome.batch:
        effect(choice, source, looked)
        confirm(choice, source, looked)


if __name__ == "__main__":
    show_page()
