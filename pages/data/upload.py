"""นำเข้าข้อมูล: choose, upload or fill in, mend, look at what changes, confirm."""

import streamlit as st

from ita.ui.components.file_uploader import forget_read_file
from ita.ui.components.frame import guard
from ita.ui.upload.agency_matching import show_matched
from ita.ui.upload.confirm_step import confirm_import, show_effect, show_receipt
from ita.ui.upload.dialect_step import is_header_certain, pick_dialect, pick_sheets, show_dialect
from ita.ui.upload.file_step import pick_import, show_lost_upload, upload_file
from ita.ui.upload.preview_step import preview_file, show_agencies
from ita.ui.upload.problems_step import show_problems
from ita.web.paths import UPLOAD


def show_page() -> None:
    guard(UPLOAD)
    if show_receipt():
        forget_read_file()
        st.stop()
    show_lost_upload()
    choice = pick_import()
    source = upload_file(choice)
    if source is None:
        forget_read_file()
        st.stop()
    dialect = pick_dialect(choice, source)
    if dialect is None:
        st.stop()
    file_preview = preview_file(choice, source, dialect)
    if not is_header_certain(choice, source, file_preview):
        st.stop()
    show_dialect(choice, source, file_preview)
    pick_sheets(choice, source, file_preview)
    show_agencies(choice, file_preview)
    show_matched(file_preview)
    show_problems(choice, source, file_preview)
    outcome = file_preview.preview.outcome
    if outcome.accepted and not outcome.batch:
        show_effect(choice, source, file_preview)
        confirm_import(choice, source, file_preview)


if __name__ == "__main__":
    show_page()
