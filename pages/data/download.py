"""ดาวน์โหลด: any table as filtered, in open formats, and the whole store at once."""

import streamlit as st

from ita.ui import download_views as views
from ita.ui import reads
from ita.ui.empty import nothing_yet
from ita.ui.frame import guard
from ita.ui.pages import DOWNLOAD
from ita.wording import say

guard(DOWNLOAD)
if not reads.batch_list(reads.data_version()):
    nothing_yet(say("ให้ดาวน์โหลด"))
    st.stop()
asked = views.choose()
views.files(asked)
views.look(asked)
views.whole_store()
