"""ประวัติ: every batch, what it changed, its file, and the way back; any table as it was."""

import streamlit as st

from ita.i18n import _
from ita.ui import history as views
from ita.ui.components.agency_picker import show_no_data
from ita.ui.components.frame import guard
from ita.web.paths import HISTORY


def show_page() -> None:
    guard(HISTORY)
    batches = views.visible_batches()
    if not batches:
        show_no_data(_("การนำเข้า"))
        st.stop()
    now, past = st.tabs([_("การนำเข้าทั้งหมด"), _("ข้อมูล ณ วันที่")])
    with now:
        chosen = views.pick_batch(batches)
        views.show_details(chosen)
        views.show_undo(chosen, batches)
        views.show_batch_table(batches)
    with past:
        views.show_as_of(batches)


if __name__ == "__main__":
    show_page()
