"""Words of measures and reports, looked for over all agencies of the group."""

from __future__ import annotations

import re
from functools import partial
from html import escape

import streamlit as st

from ita.i18n import _, language, language_set_to
from ita.imports.cells import tidy
from ita.reports.text_search import PAGE_ROWS, TextMatch, TextQuery, TextSource, search_texts
from ita.tables import CellValue
from ita.ui.compare import queries
from ita.ui.compare.choices import CompareChoices, HeadlineArea, show_headline
from ita.ui.components.charts import day_text
from ita.ui.components.markup import nl2br, render_html
from ita.ui.components.navigation import link_html, page_href
from ita.ui.components.pickers import pick_any_year, pick_page, pick_texts, pick_words
from ita.ui.components.queries import data_version
from ita.ui.components.tables import TableColumn, html_table, show_table_downloads
from ita.web.page_list import NARRATIVE, PROGRESS
from ita.web.store_access import get_reference, get_store

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
    columns = [
        TableColumn(_("หน่วยงาน"), words=True),
        TableColumn(_("ปี")),
        TableColumn(_("ที่"), words=True),
        TableColumn(_("ข้อความ"), words=True),
    ]
    title = _("พบ {count} ข้อความ", count=f"{count:,}")
    show_headline(headline_area, title)
    render_html(html_table(columns, [_cells(text, words) for text in matches]), stacked=True)
    notes = (_("กลุ่ม: {group}", group=choices.group.name()), " ".join(words), title, day_text())
    rows = partial(_records, query, language())
    show_table_downloads(
        "texts", "ita-texts", _header(), rows, (14, 40, 18, 10, 10, 14, 8, 90), notes
    )


def _cells(text: TextMatch, words: tuple[str, ...]) -> list[str]:
    page = PROGRESS if not text.type else NARRATIVE
    href = page_href(page, agency=text.agency_id, year=int(text.year))
    number = f" {text.seq}" if text.seq else ""
    return [
        f"{link_html(href, text.agency)}<br><small>{escape(text.province)}</small>",
        str(int(text.year)),
        escape(f"{text.instrument} · {_kind(text)}{number}"),
        _highlight(text.text, words),
    ]


def _kind(text: TextMatch) -> str:
    return {
        "": _("มาตรการ"),
        "result": _("สรุปผล"),
        "outcome": _("ผลลัพธ์"),
        "period": _("ระยะเวลา"),
    }[text.type]


def _highlight(text: str, words: tuple[str, ...]) -> str:
    """A text with the words marked in it; each piece is escaped by itself."""
    pieces = re.split(f"({'|'.join(map(re.escape, words))})", text, flags=re.IGNORECASE)
    return "".join(
        f"<mark>{nl2br(piece)}</mark>" if index % 2 else nl2br(piece)
        for index, piece in enumerate(pieces)
    )


def _header() -> tuple[str, ...]:
    return (
        _("รหัสหน่วยงาน"),
        _("หน่วยงาน"),
        _("จังหวัด"),
        _("ปีงบประมาณ"),
        _("แบบวัด"),
        _("ชนิดข้อความ"),
        _("ลำดับ"),
        _("ข้อความ"),
    )


def _records(query: TextQuery, file_language: str) -> list[tuple[CellValue, ...]]:
    # On a click, outside the run that knows the language.
    with language_set_to(file_language), get_store().reading() as cursor:
        return [
            (
                text.agency_id,
                text.agency,
                text.province or None,
                int(text.year),
                text.instrument.value,
                _kind(text),
                text.seq or None,
                text.text,
            )
            for text in search_texts(cursor, query, get_reference())
        ]
