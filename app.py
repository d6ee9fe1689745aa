"""Front door: page config, the frame, the list of pages. Nothing else."""

import streamlit as st

from ita.ui.frame import footer, language_switch, open_frame, run_page, samples_banner
from ita.ui.pages import pages

st.set_page_config(page_title="ITA Trends", page_icon="static/icon.png", layout="wide")
open_frame()
page = st.navigation(pages(), position="top")


def show() -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(page.title, anchor=False, width="stretch")
        language_switch()
    samples_banner()
    page.run()
    footer()


run_page(show)
