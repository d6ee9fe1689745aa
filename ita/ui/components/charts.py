"""A chart on the screen with what belongs under it: what it stands on, as a file, and its link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from ita.charts.plotly_figures import plotly_figure
from ita.charts.values import BarChart, Chart, LineChart
from ita.formatting import date_text, no_data
from ita.i18n import _, language, language_set_to
from ita.tables import Table
from ita.tables.table import Row
from ita.theme import CHART_CONFIG, INK
from ita.ui.components.markup import html, page_theme, render_html
from ita.ui.components.queries import agencies, data_date, data_version
from ita.ui.components.tables import FileMakers, table_makers
from ita.ui.components.url_state import saved_choice


def show_chart(
    chart: LineChart | BarChart,
    key: str,
    sources: Sequence[str],
    table: Table[Row],
    stem: str,
    owner_name: str | None = None,
) -> None:
    """Draw a chart, its source and day below, and the menu of its downloads.

    key: of the element, one a page. stem: of the files' names. owner_name: after the title in a
    file; None = the agency of the page.
    """
    st.plotly_chart(
        plotly_figure(chart, page_text_color()), config=CHART_CONFIG, alt=chart.alt, key=key
    )
    source = source_text(sources)
    day = day_text()
    render_html(html("quiet", f"{source} · {day}"))
    download_menu(chart, key, source, table, stem, owner_name)


def page_text_color() -> str:
    """The colour of text on the page's ground."""
    return INK[page_theme()]


def source_text(sources: Sequence[str]) -> str:
    """Where figures come from, each source once."""
    sources_text = " · ".join(dict.fromkeys(source for source in sources if source))
    return _("แหล่งที่มา: {source}", source=sources_text or no_data())


def day_text() -> str:
    day = data_date(data_version())
    return _("ข้อมูล ณ {day}", day=date_text(day) if day else no_data())


def download_menu(
    chart: Chart, key: str, source: str, table: Table[Row], stem: str, owner_name: str | None = None
) -> None:
    """The chart as a picture, its figures as a table, and the link that reopens the view."""
    # Files are made on a click, outside the run that knows the language and the link: all that is
    # said in them is said now.
    day, link = day_text(), view_link()
    owner = _agency() if owner_name is None else owner_name
    titled_chart = replace(chart, title=" · ".join(filter(None, [chart.title, owner])))
    notes = (titled_chart.title, *table.notes, source, day, link)
    picture = partial(_picture_bytes, titled_chart, source, day, link, language())
    makers: FileMakers = {
        "PNG": ("image/png", partial(picture, "png")),
        "SVG": ("image/svg+xml", partial(picture, "svg")),
        **table_makers(replace(table, notes=notes), stem),
    }
    with st.popover(_("ดาวน์โหลดและลิงก์"), type="tertiary"):
        with st.container(horizontal=True):
            for name, (mime, make_file) in makers.items():
                st.download_button(
                    name,
                    data=make_file,
                    file_name=f"{stem}.{name.lower()}",
                    mime=mime,
                    on_click="ignore",
                    key=f"{key} {name}",
                )
        st.caption(_("ลิงก์ที่เปิดมุมมองนี้อีกครั้ง"))
        st.code(link, language=None, wrap_lines=True)


def _agency() -> str:
    """The name of the agency whose view this is, for a picture that leaves the page."""
    names = agencies(data_version()).names
    return names.get(str(saved_choice("agency"))) or next(iter(names.values()), "")


def _picture_bytes(
    chart: Chart, source: str, day: str, link: str, picture_language: str, file_format: str
) -> bytes:
    from ita.charts import typst_figures  # with typst, for this click only

    caption = typst_figures.Caption(source, day, link)
    render = typst_figures.png_bytes if file_format == "png" else typst_figures.svg_bytes
    with language_set_to(picture_language):
        return render(chart, caption)


def view_link() -> str:
    """The address of what is shown now, with all its choices; the agency stands in it also where
    everybody begins with it, for whoever opens the link may begin with their own."""
    query = st.query_params.to_dict()
    agency = str(saved_choice("agency") or "")
    if agency in agencies(data_version()).names and "agency" not in query:
        query = {"agency": agency, **query}
    choices = urlencode(query)
    return f"{st.context.url or ''}{'?' if choices else ''}{choices}"
