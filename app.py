"""Front door: page config, the frame, the list of pages. Nothing else.

Streamlit runs this file anew for every visit; `streamlit run` and ASGI servers import it for `app`.
"""

import streamlit as st
from starlette.middleware import Middleware
from starlette_compress import CompressMiddleware

from ita.ui.entry import let_in, note_visit, who_is_there
from ita.ui.frame import footer, language_switch, open_frame, run_page, samples_banner, tell_fault
from ita.ui.page_titles import title_page
from ita.ui.pages import know_pages_from_the_start, mark_section, pages
from ita.ui.web.blank_page import BlankPage
from ita.ui.web.gate import Gate
from ita.ui.web.glances import ShortGlances
from ita.ui.web.packed_assets import PackedAssets
from ita.ui.web.serving import lifespan, routes
from ita.ui.web.sockets import BoundedConnections


def visit() -> None:
    st.set_page_config(page_title="ITA Trends", page_icon="static/icon.png", layout="wide")
    open_frame()
    run_page(show)


def show() -> None:
    person = let_in()
    menu = pages(person)
    page = st.navigation(menu, position="top")
    mark_section(menu, page)
    title_page(page.title)
    note_visit(person, page.url_path)
    who_is_there(person)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(page.title, anchor=False, width="stretch")
        language_switch()
    samples_banner(person)
    try:
        page.run()
    finally:  # also where a page stops early
        footer()


if __name__ == "__main__":
    visit()
else:
    know_pages_from_the_start()
    app = st.App(
        "app.py",
        on_script_error=tell_fault,
        lifespan=lifespan,
        routes=routes(),
        middleware=[
            Middleware(BoundedConnections),
            Middleware(Gate),
            Middleware(PackedAssets),
            Middleware(CompressMiddleware),
            Middleware(BlankPage),
            Middleware(ShortGlances),
        ],
    )
