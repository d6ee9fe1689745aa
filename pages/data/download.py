"""ดาวน์โหลด: any table as filtered, in open formats, and the whole store at once."""

import streamlit as st

from ita.i18n import _
from ita.ui import download as views
from ita.ui.components import queries
from ita.ui.components.agency_picker import show_no_data
from ita.ui.components.frame import guard
from ita.web.paths import DOWNLOAD


def show_page() -> None:
    guard(DOWNLOAD)
    if not queries.batch_list(queries.data_version()):
        show_no_data(_("ให้ดาวน์โหลด"))
        st.stop()
    choice = views.choose_table()
    with st.container(border=True, key="card-files"):
        making = views.show_files(choice)
    with st.container(border=True, key="card-preview"):
        views.show_preview(choice)
    making_store = views.show_whole_store()
    views.make_large_file(choice, making, making_store)


if __name__ == "__main__":
    show_page()
