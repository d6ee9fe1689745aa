"""A few agencies beside each other: two to five chosen ones, their lines, and the same as a table."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from ita.domain import TOTAL
from ita.i18n import _
from ita.imports.agency_names import MAX_SEARCH_CHARACTERS
from ita.scores.agency_lines import (
    MAX_COMPARED,
    agency_lines_chart,
    agency_lines_table,
    compared_sentence,
    shared_years,
)
from ita.scores.nation import NamedAgency, Nation
from ita.scores.peers import MIN_RANKED, nearest_agencies
from ita.ui.compare.choices import CompareChoices, HeadlineArea, show_headline
from ita.ui.components import queries
from ita.ui.components.agency_picker import show_import_link
from ita.ui.components.charts import (
    Download,
    draw_chart,
    pick_chart_or_table,
    show_downloads,
    source_line,
)
from ita.ui.components.markup import html, render_html
from ita.ui.components.queries import agency_index, data_version
from ita.ui.components.tables import show_table
from ita.ui.components.url_state import new_url_value, save_choice, saved_choice, set_widget_value
from ita.web.store_access import get_reference

# Beyond so many agencies only some are offered, and others are looked for.
MAX_OFFERED = 200
# How many stand beside the own agency without a choice.
DEFAULT_OTHERS = 2
KEY, SEARCH = "with", "compared search"


def lines_view(choices: CompareChoices, headline_area: HeadlineArea) -> None:
    """The lines of the own agency and of those picked beside it."""
    index = queries.agency_index(data_version())
    names = {
        agency_id: index.name(agency_id) for agency_id in queries.agencies(data_version()).names
    }
    own = choices.agency.agency_id
    if len(names) == 1:
        st.info(_("ในระบบมีหน่วยงานเดียว เมื่อนำเข้าคะแนนของหน่วยงานอื่นแล้วจึงเทียบกันได้"))
        show_import_link(_("ไปหน้านำเข้าข้อมูล"), kind="scores")
        return
    others = _pick_others(choices.nation, choices.agency, names)
    trends = {
        agency_id: queries.agency_trend(data_version(), agency_id) for agency_id in (own, *others)
    }
    labels = {agency_id: names[agency_id] for agency_id in trends}
    show_headline(headline_area, compared_sentence(trends, labels, choices.part))
    table = agency_lines_table(trends, labels, choices.part)
    chart = agency_lines_chart(trends, labels, choices.part, get_reference())
    sources = [p.source for trend in trends.values() for p in trend.points_of(TOTAL)]
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        as_table = pick_chart_or_table()
        show_downloads(Download(table, f"ita-compare-{own}", chart, sources, owner_name=""))
    with st.container(border=True, key="card-lines"):
        if not shared_years(trends, choices.part):
            st.info(_("ยังไม่มีคะแนนของส่วนนี้ในหน่วยงานที่เลือก"))
        elif as_table:
            show_table(table)
        else:
            draw_chart(chart, "lines chart")
    notes = [*(mark.note for mark in chart.marks), source_line(sources)]
    if len(choices.nation.agencies) < MIN_RANKED:
        few = _("ในระบบมีน้อยกว่า {fewest} แห่ง จึงไม่จัดอันดับ", fewest=MIN_RANKED)
        notes.insert(0, few)
    render_html(html("details", _("หมายเหตุ"), html("bullets", notes, "ita-quiet"), look="ita-card"))


def _pick_others(nation: Nation, own: NamedAgency, names: Mapping[str, str]) -> list[str]:
    """The agencies beside the own one, in the URL as ids; the nearest peers without a choice."""
    wanted = new_url_value(KEY)
    chosen = wanted.split(",") if wanted is not None else saved_choice(KEY)
    is_same_agency = wanted is not None or st.session_state.get("compared of") == own.agency_id
    st.session_state["compared of"] = own.agency_id
    nearest = nearest_agencies(nation, own, MAX_OFFERED)
    if not is_same_agency or chosen is None:
        chosen = nearest[:DEFAULT_OTHERS]
    chosen = [i for i in dict.fromkeys(chosen) if i in names and i != own.agency_id]
    chosen = chosen[: MAX_COMPARED - 1]
    offered = [i for i in names if i != own.agency_id]
    if len(offered) > MAX_OFFERED:
        offered = list(dict.fromkeys((*chosen, *_search_hits(), *nearest)))
        offered = [i for i in offered if i != own.agency_id]
    set_widget_value(KEY, chosen)
    picked: list[str] = st.multiselect(
        _("เทียบกับ (เลือกได้ {most} แห่ง)", most=MAX_COMPARED - 1),
        offered,
        format_func=lambda agency_id: names[agency_id],
        max_selections=MAX_COMPARED - 1,
        placeholder=_("เลือกหน่วยงาน"),
        key=KEY,
    )
    default = ",".join(nearest[:DEFAULT_OTHERS])
    save_choice(KEY, picked, ",".join(picked), default)
    return picked


def _search_hits() -> list[str]:
    """Agencies by name, of a store that has too many to list."""
    text = st.text_input(
        _("ค้นหาหน่วยงานเพื่อเทียบ"),
        key=SEARCH,
        placeholder=_("ชื่อ รหัส หรือจังหวัด แล้วกด Enter"),
        max_chars=MAX_SEARCH_CHARACTERS,
    )
    if not text.strip():
        return []
    return [hit.agency_id for hit in agency_index(data_version()).search(text).agencies]
