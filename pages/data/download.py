"""ดาวน์โหลด: any table as filtered, in open formats, and the whole store at once."""

import streamlit as st

from ita.i18n import _
from ita.ui import download_views as views
from ita.ui import reads
from ita.ui.empty import show_no_data
from ita.ui.frame import guard
from ita.web.page_list import DOWNLOAD

guard(DOWNLOAD)
if not reads.batch_list(reads.data_version()):
    show_no_data(_("ให้ดาวน์โหลด"))
    st.stop()
asked = views.choose_table()
views.show_files(asked)
views.show_preview(asked)
views.show_whole_store()
