"""เปรียบเทียบ: an agency among its peers, league table, movers, levels, weak indicators, texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

import streamlit as st
from markupsafe import Markup

from ita.formatting import part_text
from ita.i18n import _
from ita.imports.cells import tidy
from ita.reports.text_search import PAGE_ROWS, TextMatch, TextQuery, TextSource, search_texts
from ita.scores.peer_charts import inner_band_name, outer_band_name, peer_chart
from ita.scores.peer_tables import peer_table, rank_sentence
from ita.scores.peers import MIN_RANKED, PeerTrend
from ita.tables import Kind, Table, TableColumn
from ita.ui.compare import choices, queries
from ita.ui.compare.choices import (
    CompareChoices,
    HeadlineArea,
    group_notes,
    show_headline,
    sources_line,
)
from ita.ui.compare.groups import levels_view, movers_view, weak_view, work_view
from ita.ui.compare.league import league_view
from ita.ui.compare.lines import lines_view
from ita.ui.components.agency_picker import require_agency, show_no_data
from ita.ui.components.charts import day_text, show_either
from ita.ui.components.frame import guard
from ita.ui.components.markup import BREAK, html, render_html
from ita.ui.components.navigation import link_html, page_href
from ita.ui.components.pickers import pick_any_year, pick_page, pick_texts, pick_words
from ita.ui.components.queries import agency_name, data_version
from ita.ui.components.tables import show_table, show_table_downloads
from ita.web.paths import NARRATIVE, PROGRESS
from ita.web.store_access import get_reference, get_store


def show_page() -> None:
    guard()
    views = {
        choices.AGENCY_LINES: lines_view,
        choices.STANDING: peers_view,
        choices.LEAGUE: league_view,
        choices.MOVERS: movers_view,
        choices.LEVELS: levels_view,
        choices.WEAK: weak_view,
        choices.WORK: work_view,
        choices.TEXTS: texts_view,
    }

    agency = require_agency()
    headline_area = st.container()
    comparison = choices.pick_comparison(agency)
    if comparison is None:
        show_no_data(_("คะแนนให้เปรียบเทียบ"))
        st.stop()
    views[comparison.view](comparison, headline_area)


def peers_view(choices: CompareChoices, headline_area: HeadlineArea) -> None:
    peer_trend = queries.peers(
        data_version(), choices.group, choices.part, choices.agency.agency_id
    )
    year = peer_trend.find_year(choices.year)
    if year:
        show_headline(headline_area, rank_sentence(peer_trend, year, get_reference()))
    chart = peer_chart(peer_trend, get_reference())
    table = peer_table(peer_trend, (*group_notes(choices), part_text(choices.part)))
    stem = f"ita-peers-{choices.agency.agency_id}"
    show_either(chart, table, "peers chart", sources_line(choices), stem)
    _show_peer_notes(peer_trend, [mark.note for mark in chart.marks])


def _show_peer_notes(peer_trend: PeerTrend, marks: list[str]) -> None:
    bands = _(
        "แถบอ่อน: {outer} แถบเข้ม: {inner} เส้นประ: ค่ากลางของกลุ่ม",
        outer=outer_band_name(),
        inner=inner_band_name(),
    )
    has_band = any(year.percentiles for year in peer_trend.years)
    notes = [
        *([bands] if has_band else []),
        _("นับเฉพาะหน่วยงานที่มีคะแนนของปีนั้น ที่ไม่มีคะแนนไม่ถูกนับเป็น 0"),
        *marks,
    ]
    small_years = [
        str(int(year.year)) for year in peer_trend.years if year.is_small and year.scored_agencies
    ]
    if small_years:
        notes.append(
            _(
                "ปี {years} มีคะแนนน้อยกว่า {fewest} แห่ง จึงไม่วาดแถบและไม่จัดอันดับ",
                years=", ".join(small_years),
                fewest=MIN_RANKED,
            )
        )
    render_html(html("bullets", notes, "ita-quiet"))


# Words of measures and reports, looked for over all agencies of the group.

MIN_SEARCH_LETTERS = 2


def texts_view(choices: CompareChoices, headline_area: HeadlineArea) -> None:
    controls = st.container(horizontal=True, gap="small", vertical_alignment="bottom")
    warnings = st.container()
    with controls:
        words = tuple(tidy(pick_words()).split())
        source = TextSource(
            pick_texts(
                {TextSource.NARRATIVE: _("รายงานผล"), TextSource.MEASURES: _("มาตรการ")},
            )
        )
        year = pick_any_year(queries.years_with_measures(data_version()), warnings)
    if sum(map(len, words)) < MIN_SEARCH_LETTERS:
        st.info(
            _(
                "พิมพ์คำที่ต้องการค้นอย่างน้อย {least} ตัวอักษร หลายคำคั่นด้วยช่องว่างหมายถึงต้องมีครบทุกคำ",
                least=MIN_SEARCH_LETTERS,
            )
        )
        return
    query = TextQuery(source, words, year, choices.group.type, choices.group.province)
    count = queries.text_count(data_version(), query)
    if not count:
        st.info(_("ไม่พบข้อความที่มีคำเหล่านี้ ลองใช้คำที่สั้นลง ปีอื่น หรือกลุ่มที่กว้างขึ้น"))
        return
    pages = -(-count // PAGE_ROWS)
    page = pick_page(pages, str(query), warnings)
    matches = queries.texts(data_version(), query, page)
    title = _("พบ {count} ข้อความ", count=f"{count:,}")
    show_headline(headline_area, title)
    notes = (_("กลุ่ม: {group}", group=choices.group.name()), " ".join(words), title, day_text())
    table = Table(_text_columns(words), matches, notes=notes, load_rows=partial(_all_texts, query))
    show_table(table, stacked=True)
    show_table_downloads("texts", "ita-texts", table)


def _text_columns(words: tuple[str, ...]) -> list[TableColumn[TextMatch]]:
    def name(text: TextMatch) -> str:
        return agency_name(data_version(), text.agency_id)

    def agency_html(text: TextMatch) -> Markup:
        page = PROGRESS if not text.type else NARRATIVE
        href = page_href(page, agency=text.agency_id, year=int(text.year))
        return BREAK.join((link_html(href, name(text)), html("small", text.province)))

    def cell_name(text: TextMatch) -> str:
        number = f" {text.seq}" if text.seq else ""
        return f"{text.instrument} · {_text_kind(text)}{number}"

    return [
        TableColumn(_("รหัสหน่วยงาน"), lambda text: text.agency_id, 14, screen=False),
        TableColumn(_("หน่วยงาน"), name, 40, Kind.WORDS, agency_html),
        TableColumn(_("จังหวัด"), lambda text: text.province or None, 18, screen=False),
        TableColumn(_("ปีงบประมาณ"), lambda text: int(text.year), 10, heading=_("ปี")),
        TableColumn(_("แบบวัด"), lambda text: text.instrument.value, 10, screen=False),
        TableColumn(_("ชนิดข้อความ"), _text_kind, 14, Kind.WORDS, cell_name, heading=_("ที่")),
        TableColumn(_("ลำดับ"), lambda text: text.seq or None, 8, screen=False),
        TableColumn(
            _("ข้อความ"),
            lambda text: text.text,
            90,
            Kind.WORDS,
            lambda text: _highlight(text.text, words),
        ),
    ]


def _all_texts(query: TextQuery) -> Sequence[TextMatch]:
    with get_store().reading() as cursor:
        return list(search_texts(cursor, query, get_reference()))


def _text_kind(text: TextMatch) -> str:
    return {
        "": _("มาตรการ"),
        "result": _("สรุปผล"),
        "outcome": _("ผลลัพธ์"),
        "period": _("ระยะเวลา"),
    }[text.type]


def _highlight(text: str, words: tuple[str, ...]) -> Markup:
    """A text with the words marked in it."""
    pieces = re.split(f"({'|'.join(map(re.escape, words))})", text, flags=re.IGNORECASE)
    return html("compare.highlighted", pieces)


if __name__ == "__main__":
    show_page()
