"""A chart on the screen with what belongs under it: what it stands on, as a file, and its link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from ita.charts.plotly_figures import plotly_figure
from ita.charts.values import BarChart, Chart, LineChart
from ita.formatting import date_text, no_data
from ita.i18n import _, language, language_set_to
from ita.tables import Table
from ita.theme import CHART_CONFIG, INK
from ita.ui.components.agency_picker import agency_at_hand
from ita.ui.components.markup import escape_markdown, html, page_theme, render_html
from ita.ui.components.queries import agency_index, data_date, data_version
from ita.ui.components.tables import show_table, table_makers
from ita.ui.components.url_state import segmented, view_link

# Forms of a picture, with their media types.
PICTURES = {"PNG": "image/png", "SVG": "image/svg+xml", "PDF": "application/pdf"}


def show_either(
    chart: LineChart | BarChart | None,
    table: Table[Any],
    key: str,
    sources: Sequence[str],
    stem: str,
    owner_name: str | None = None,
    shown: Table[Any] | None = None,
) -> None:
    """The switch between a chart and its table, the menu of downloads, what is chosen, its source.

    chart: None where there is only the table. key: of the element, one a page. stem: of the files'
    names. owner_name: after the title in a file; None = the agency of the page. shown: the table on
    the screen, where files have another.
    """
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        as_table = chart is None or pick_chart_or_table()
        show_downloads(Download(table, stem, chart, sources, owner_name=owner_name))
    with st.container(border=True, key=f"card-{key}"):
        if chart is None or as_table:
            show_table(table if shown is None else shown, stacked=True)
        else:
            draw_chart(chart, key)
        render_html(html("quiet", source_line(sources)))


def draw_chart(chart: LineChart | BarChart, key: str) -> None:
    """A chart alone. key: of the element, one a page."""
    st.plotly_chart(
        plotly_figure(chart, page_text_color()), config=CHART_CONFIG, alt=chart.alt, key=key
    )


def pick_chart_or_table() -> bool:
    """The page's switch กราฟ | ตาราง, saved in the URL; whether the table is chosen."""
    names = {"chart": _("กราฟ"), "table": _("ตาราง")}
    return segmented("as", _("แสดงเป็น"), names) == "table"


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


def source_line(sources: Sequence[str]) -> str:
    """Where figures come from and of which day they are."""
    return f"{source_text(sources)} · {day_text()}"


@dataclass(frozen=True)
class Download:
    """Figures that a page offers as files: a table and, where there is one, its chart as a picture.

    Attributes:
        stem: of the files' names, one a page.
        sources: where the figures are from.
        name: over its buttons, where a page has several.
        owner_name: after the chart's title in a file; None = the agency of the page.
    """

    table: Table[Any]
    stem: str
    chart: Chart | None = None
    sources: Sequence[str] = ()
    name: str = ""
    owner_name: str | None = None


def show_downloads(*downloads: Download) -> None:
    """The page's one menu of downloads: every chart and table in every form."""
    with st.popover(_("ดาวน์โหลด")):
        for download in downloads:
            if download.name:
                st.markdown(f"**{escape_markdown(download.name)}**")
            _show_forms(download)


def _show_forms(download: Download) -> None:
    """A button a form of file; and the picture itself, which a browser copies."""
    # Files are made on a click, outside the run that knows the language and the link: all that is
    # said in them is said now.
    source, day, link = source_text(download.sources), day_text(), _public_link()
    chart, stem = download.chart, download.stem
    notes = [*download.table.notes, source, day, link]
    picture: Callable[[str], bytes] | None = None
    if chart is not None:
        owner = download.owner_name
        if owner is None and (agency := agency_at_hand()):
            owner = agency_index(data_version()).name(agency)
        chart = replace(chart, title=" · ".join(filter(None, [chart.title, owner])))
        notes.insert(0, chart.title)
        picture = partial(_picture_bytes, chart, source, day, link, language())
    makers: dict[str, tuple[str, Callable[[], bytes]]] = {
        form: (mime, partial(picture, form.lower())) for form, mime in PICTURES.items() if picture
    }
    makers |= table_makers(replace(download.table, notes=tuple(filter(None, notes))), stem)
    with st.container(horizontal=True, gap="small"):
        for form, (mime, make_file) in makers.items():
            st.download_button(
                form,
                data=make_file,
                file_name=f"{stem}.{form.lower()}",
                mime=mime,
                on_click="ignore",
                key=f"{stem} {form}",
            )
        copied = picture is not None and st.button(_("คัดลอกภาพ"), key=f"{stem} copy")
    if picture and copied:
        st.image(picture("png"), caption=_("กดค้างหรือคลิกขวาที่ภาพ แล้วเลือกคัดลอก"))


def _picture_bytes(
    chart: Chart, source: str, day: str, link: str, picture_language: str, file_format: str
) -> bytes:
    from ita.charts import typst_figures  # with typst, for this click only

    caption = typst_figures.Caption(source, day, link)
    render = {
        "png": typst_figures.png_bytes,
        "svg": typst_figures.svg_bytes,
        "pdf": typst_figures.pdf_bytes,
    }[file_format]
    with language_set_to(picture_language):
        return render(chart, caption)


def _public_link() -> str:
    """The view's address for a file that others open; "" where only this office's network knows it."""
    link = view_link()
    host = urlsplit(link).hostname or ""
    try:
        is_public = ip_address(host).is_global
    except ValueError:
        is_public = "." in host and not host.endswith(".local")
    return link if is_public else ""
