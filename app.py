"""Front door: page config, the frame, the list of pages. Nothing else.

Streamlit runs this file anew for every visit; `streamlit run` and ASGI servers import it for `app`.
"""

import streamlit as st
from starlette.middleware import Middleware
from starlette_compress import CompressMiddleware

from ita.ui.frame import footer, language_switch, open_frame, run_page, samples_banner, tell_fault
from ita.ui.pages import know_pages_from_the_start, pages
from ita.ui.pickers import note_view


def visit() -> None:
    st.set_page_config(page_title="ITA Trends", page_icon="static/icon.png", layout="wide")
    open_frame()
    page = st.navigation(pages(), position="top")
    note_view(page.url_path)

    def show() -> None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.title(page.title, anchor=False, width="stretch")
            language_switch()
        samples_banner()
        try:
            page.run()
        finally:  # also where a page stops early
            footer()

    run_page(show)


if __name__ == "__main__":
    visit()
else:
    know_pages_from_the_start()
    app = st.App("app.py", on_script_error=tell_fault, middleware=[Middleware(CompressMiddleware)])
