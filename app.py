"""Front door: page config, the frame, the list of pages. Nothing else.

Streamlit runs this file anew for every visit; `streamlit run` and ASGI servers import it for `app`.
"""

import streamlit as st
from starlette.middleware import Middleware
from starlette_compress import CompressMiddleware

from ita.ui.components.bar import PageBar, show_tabs
from ita.ui.components.frame import (
    open_frame,
    run_page,
    show_fault,
    show_footer,
    show_samples_banner,
)
from ita.ui.components.navigation import build_menu, set_page_title
from ita.ui.components.viewer import record_visit, require_viewer
from ita.web.index_page import DownloadProbe, IndexPage, PrecompressedStatic
from ita.web.security_middleware import SecurityMiddleware
from ita.web.server import lifespan, routes
from ita.web.sockets import BoundedConnections
from ita.web.streamlit_internals import disable_pages_directory


def visit() -> None:
    st.set_page_config(page_title="ITA Trends", page_icon="static/icon.png", layout="wide")
    open_frame()
    run_page(show)


def show() -> None:
    person = require_viewer()
    menu = build_menu(person)
    page = st.navigation(menu, position="hidden")
    set_page_title(page.title)
    record_visit(person, page.url_path)
    bar = PageBar(person, menu, page)
    with st.container(horizontal=True, key="title", vertical_alignment="center", gap="small"):
        st.title(page.title, anchor=False, width="content")
        show_tabs(menu, page)
        show_samples_banner(person)
    try:
        page.run()
    finally:  # also where a page stops early
        bar.finish()
        show_footer()


if __name__ == "__main__":
    visit()
else:
    disable_pages_directory()
    app = st.App(
        "app.py",
        on_script_error=show_fault,
        lifespan=lifespan,
        routes=routes(),
        middleware=[
            Middleware(BoundedConnections),
            Middleware(SecurityMiddleware),
            Middleware(PrecompressedStatic),
            Middleware(CompressMiddleware),
            Middleware(IndexPage),
            Middleware(DownloadProbe),
        ],
    )
