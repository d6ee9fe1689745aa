"""Words of measures and reports, looked for over all agencies of the group."""

from __future__ import annotations

import re
from functools import partial
from html import escape

import streamlit as st

from ita.importing.cells import tidy
from ita.report.text_search import PAGE_ROWS, TextMatch, TextQuery, TextSource, search_texts
from ita.spreadsheet import CellValue
from ita.ui import compare_reads
from ita.ui.charts import day_text
from ita.ui.compare.choices import CompareChoices
from ita.ui.compare.notes import HeadlineArea, show_headline
from ita.ui.markup import TableColumn, html_table, nl2br, render_html
from ita.ui.opening import get_reference, get_store
from ita.ui.page_links import link_html, page_href
from ita.ui.pages import NARRATIVE, PROGRESS
from ita.ui.pickers import pick_any_year, pick_page, pick_texts, pick_words
from ita.ui.reads import data_version
from ita.ui.table_files import show_table_downloads
from ita.wording import _, language, language_set_to

LEAST_LETTERS = 2


def texts_view(asked: CompareChoices, lead: HeadlineArea) -> None:
    choices = st.container(horizontal=True, gap="small", vertical_alignment="bottom")
    lacks = st.container()
    with choices:
        words = tuple(tidy(pick_words()).split())
        where = TextSource(
            pick_texts(
                {TextSource.NARRATIVE: _("รายงานผล"), TextSource.MEASURES: _("มาตรการ")},
            )
        )
        year = pick_any_year(compare_reads.years_with_measures(data_version()), lacks)
    if sum(map(len, words)) < LEAST_LETTERS:
        st.info(
            _(
                "พิมพ์คำที่ต้องการค้นอย่างน้อย {least} ตัวอักษร หลายคำคั่นด้วยช่องว่างหมายถึงต้องมีครบทุกคำ",
                least=LEAST_LETTERS,
            )
        )
        return
    wanted = TextQuery(where, words, year, asked.group.type, asked.group.province)
    count = compare_reads.text_count(data_version(), wanted)
    if not count:
        st.info(_("ไม่พบข้อความที่มีคำเหล่านี้ ลองใช้คำที่สั้นลง ปีอื่น หรือกลุ่มที่กว้างขึ้น"))
        return
    pages = -(-count // PAGE_ROWS)
    page = pick_page(pages, str(wanted), lacks)
    found = compare_reads.texts(data_version(), wanted, page)
    columns = [
        TableColumn(_("หน่วยงาน"), words=True),
        TableColumn(_("ปี")),
        TableColumn(_("ที่"), words=True),
        TableColumn(_("ข้อความ"), words=True),
    ]
    title = _("พบ {count} ข้อความ", count=f"{count:,}")
    show_headline(lead, title)
    render_html(html_table(columns, [_cells(text, words) for text in found]), stacked=True)
    notes = (_("กลุ่ม: {group}", group=asked.group.name()), " ".join(words), title, day_text())
    rows = partial(_records, wanted, language())
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
        _marked(text.text, words),
    ]


def _kind(text: TextMatch) -> str:
    return {
        "": _("มาตรการ"),
        "result": _("สรุปผล"),
        "outcome": _("ผลลัพธ์"),
        "period": _("ระยะเวลา"),
    }[text.type]


def _marked(text: str, words: tuple[str, ...]) -> str:
    """A text with the words marked in it; each piece is escaped by itself."""
    pieces = re.split(f"({'|'.join(map(re.escape, words))})", text, flags=re.IGNORECASE)
    return "".join(
        f"<mark>{nl2br(piece)}</mark>" if place % 2 else nl2br(piece)
        for place, piece in enumerate(pieces)
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


def _records(wanted: TextQuery, spoken: str) -> list[tuple[CellValue, ...]]:
    # On a click, outside the run that knows the language.
    with language_set_to(spoken), get_store().reading() as cursor:
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
            for text in search_texts(cursor, wanted, get_reference())
        ]
