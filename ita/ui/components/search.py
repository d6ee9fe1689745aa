"""The search in the bar: pages, agencies, measures and indicators by their words, each as a link to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import streamlit as st

from ita.formatting import shortened
from ita.i18n import _, either
from ita.imports.agency_names import MAX_SEARCH_CHARACTERS, words_of
from ita.imports.cells import fold
from ita.ui.components import queries
from ita.ui.components.frame import guarded_fragment
from ita.ui.components.markup import escape_markdown
from ita.ui.components.measure_links import measure_code, measure_name
from ita.ui.components.navigation import can_open, link_query
from ita.ui.components.url_state import saved_choice
from ita.web.paths import COMPARE, INDICATORS, OVERVIEW, PROGRESS
from ita.web.store_access import get_reference

MAX_OF_A_KIND = 6
"""Links of each kind; who wants more types another word."""


class FoundLink(NamedTuple):
    """What a search leads to. choices: of the page, as its address has them."""

    page: st.Page | str
    label: str
    choices: Mapping[str, object]


@guarded_fragment
def show_search(titles: Mapping[str, st.Page]) -> None:
    """A field and what is found. titles: the pages that the person may open, by their titles."""
    text = st.text_input(
        _("ค้นหาหน้า หน่วยงาน มาตรการ หรือตัวชี้วัด"),
        key="search words",
        placeholder=_("พิมพ์คำแล้วกด Enter"),
        max_chars=MAX_SEARCH_CHARACTERS,
    )[:MAX_SEARCH_CHARACTERS]
    words = tuple(words_of(text))
    if not words:
        return
    links = [*_links(words, text, titles)]
    if not links:
        st.caption(_("ไม่พบ “{text}” ลองพิมพ์คำที่สั้นลง", text=escape_markdown(text)))
    for link in links:
        label = escape_markdown(shortened(link.label))
        st.page_link(link.page, label=label, query_params=link_query(link.choices))
    if can_open(COMPARE):
        st.page_link(
            COMPARE.file,
            label=_("ค้นในข้อความของทุกหน่วยงาน"),
            query_params=link_query({"show": "texts", "words": text.strip()}),
        )


def _links(words: Sequence[str], text: str, titles: Mapping[str, st.Page]) -> Iterator[FoundLink]:
    version = queries.data_version()
    for title, page in titles.items():
        if _holds(words, title):
            yield FoundLink(page, title, {})
    if len(queries.agencies(version).names) > 1:
        index = queries.agency_index(version)
        for agency in index.search(text, MAX_OF_A_KIND).agencies:
            name = " · ".join(filter(None, (index.name(agency.agency_id), agency.province)))
            yield FoundLink(OVERVIEW.file, name, {"agency": agency.agency_id})
    agency_id = str(saved_choice("agency") or "")
    if agency_id in queries.agencies(version).names:
        yield from _measures(words, version, agency_id)
    yield from _indicators(words, agency_id)


def _measures(
    words: Sequence[str], version: queries.DataVersion, agency_id: str
) -> Iterator[FoundLink]:
    """Of the agency that the page is about, the latest year first."""
    found = 0
    for year in sorted(queries.agency_years_of_work(version, agency_id), reverse=True):
        for measure in queries.agency_measures(version, agency_id, year):
            if found < MAX_OF_A_KIND and _holds(words, f"{measure_name(measure)} {measure.text}"):
                found += 1
                choices = {"agency": agency_id, "year": int(year), "measure": measure_code(measure)}
                label = f"{int(year)} · {measure_name(measure)} {measure.text}"
                yield FoundLink(PROGRESS.file, label, choices)


def _indicators(words: Sequence[str], agency_id: str) -> Iterator[FoundLink]:
    for number, indicator in get_reference().latest_rules.indicators.items():
        label = _(
            "ตัวชี้วัดที่ {number} {name}",
            number=number,
            name=either(indicator.name_th, indicator.name_en),
        )
        if _holds(words, label):
            choices = {"agency": agency_id or None, "indicator": number}
            yield FoundLink(INDICATORS.file, label, choices)


def _holds(words: Sequence[str], text: str) -> bool:
    """Whether a text holds every word, as the search of agencies compares them."""
    folded = fold(text)
    return all(word in folded for word in words)
