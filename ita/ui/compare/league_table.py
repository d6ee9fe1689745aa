"""The league table: agencies of the group by score, page by page, downloaded as filtered."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from ita.scores.league import (
    LEVEL_UNKNOWN,
    NO_SCORE,
    PAGE_ROWS,
    League,
    LeagueOrder,
    LeagueRow,
)
from ita.scores.levels import PASSED_LEVEL_UNKNOWN, localized_level
from ita.scores.peer_charts import level_label
from ita.scores.peer_sentences import percent_below_text, scored_agencies_text, small_group_text
from ita.scores.peer_tables import league_header, league_records
from ita.spreadsheet import CellValue
from ita.ui import compare_reads
from ita.ui.compare.choices import PLACE, CompareChoices
from ita.ui.compare.notes import HeadlineArea, file_notes, show_headline
from ita.ui.markup import escape_markdown, render_html
from ita.ui.opening import get_reference
from ita.ui.page_links import link_html, page_href
from ita.ui.pages import COMPARE
from ita.ui.pickers import pick_level, pick_order, pick_page
from ita.ui.reads import data_version
from ita.ui.table_files import show_table_downloads
from ita.vocabulary import TOTAL
from ita.wording import _, change_text, language, language_set_to, score_text, year_text

STYLE = """
<style>
.ita-league tr.own th, .ita-league tr.own td { font-weight: 700;
  background: color-mix(in srgb, currentColor 9%, transparent) }
.ita-league tbody th { font-weight: 400; min-width: 11rem }
.ita-league small { white-space: normal }
.ita-league .less { display: none }
@media (max-width: 640px) { .ita-league .less { display: block } .ita-league th, .ita-league td { padding: .4rem .3rem; min-width: 0 }
  .ita-league tbody th { min-width: 7.5rem } }
</style>
"""


def league_table(asked: CompareChoices, lead: HeadlineArea) -> None:
    st.html(STYLE)
    levels = _levels(asked)
    choices, lacks = st.container(horizontal=True, gap="small"), st.container()
    with choices:
        level = pick_level(levels, lacks)
        order = LeagueOrder(pick_order(_orders()))
        found = compare_reads.league(data_version(), asked.group, asked.year, order, level or None)
        page = pick_page(found.page_count, f"{asked.group} {asked.year} {level} {order}", lacks)
    show_headline(lead, _sentence(asked, found))
    if not len(found.table):
        st.info(_("ไม่มีหน่วยงานตามตัวกรองนี้ ลองเลือกระดับ ประเภท จังหวัด หรือปีอื่น"))
        return
    _own_page(asked, found, page)
    render_html(_html(asked, found, page))
    _files(asked, found, levels.get(level, ""))


def _levels(asked: CompareChoices) -> dict[str, str]:
    """The levels that the year's rules have, and what stands for none."""
    rules = get_reference().rules(asked.year)
    names = [*(band.level for band in rules.bands), PASSED_LEVEL_UNKNOWN]
    shown = {name: localized_level(name, rules) or name for name in names} if rules.bands else {}
    unknown = {LEVEL_UNKNOWN: level_label(LEVEL_UNKNOWN, rules), NO_SCORE: _("ยังไม่มีคะแนน")}
    return shown | unknown


def _orders() -> dict[str, str]:
    return {
        LeagueOrder.BEST: _("คะแนนมากไปน้อย"),
        LeagueOrder.WORST: _("คะแนนน้อยไปมาก"),
        LeagueOrder.RISE: _("เพิ่มขึ้นมากที่สุด"),
        LeagueOrder.FALL: _("ลดลงมากที่สุด"),
        LeagueOrder.NAME: _("ชื่อหน่วยงาน"),
    }


def _sentence(asked: CompareChoices, found: League) -> str:
    year = compare_reads.peers(
        data_version(), asked.group, TOTAL, asked.agency.agency_id
    ).find_year(asked.year)
    few = small_group_text(year, asked.group) if year else None
    if few:
        return few
    return _(
        "{group} {year} {reported} แสดง {shown} แห่งตามตัวกรอง",
        group=asked.group.name(),
        year=year_text(asked.year),
        reported=scored_agencies_text(found.scored_agencies, found.stored_agencies),
        shown=f"{len(found.table):,}",
    )


def _own_page(asked: CompareChoices, found: League, page: int) -> None:
    """The way to the agency's own row where that is on another page."""
    own = found.page_of(asked.agency.agency_id)
    if own is None or own == page:
        return
    label = _(
        "ไปยังแถวของ {agency} (หน้า {page})",
        agency=escape_markdown(asked.agency.name),
        page=f"{own:,}",
    )
    st.button(label, type="tertiary", on_click=partial(_turn_to, own), key="own page")


def _turn_to(page: int) -> None:
    st.session_state["p"] = page
    st.session_state["p kept"] = page


def _html(asked: CompareChoices, found: League, page: int) -> str:
    heads = (
        (_("อันดับ"), "figure"),
        (_("หน่วยงาน"), ""),
        (_("คะแนนรวม"), "figure"),
        (_("ระดับ"), "more"),
        (_("เปลี่ยนแปลง"), "figure more"),
        (_("สูงกว่า"), "figure more"),
        ("IIT", "figure more"),
        ("EIT", "figure more"),
        ("OIT", "figure more"),
    )
    head = "".join(f'<th scope="col" class="{kind}">{escape(text)}</th>' for text, kind in heads)
    body = "".join(_row(asked, row) for row in found.page(page))
    first = (page - 1) * PAGE_ROWS + 1
    caption = _(
        "แถวที่ {first}–{last} จาก {all}",
        first=f"{first:,}",
        last=f"{min(page * PAGE_ROWS, len(found.table)):,}",
        all=f"{len(found.table):,}",
    )
    return (
        f'<table class="ita-league"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(asked: CompareChoices, row: LeagueRow) -> str:
    own = row.agency.agency_id == asked.agency.agency_id
    href = page_href(COMPARE, agency=row.agency.agency_id, year=int(asked.year), show=PLACE)
    mark = '<span aria-hidden="true">▶ </span>' if own else ""
    kind = "" if asked.group.type else row.agency.type
    where = " · ".join(filter(None, [kind, row.agency.province]))
    level = localized_level(row.level, get_reference().rules(asked.year)) or "–"
    scores = "".join(
        f'<td class="figure more">{_figure(score_text(s) if s is not None else "")}</td>'
        for s in row.instruments
    )
    return (
        f"<tr{' class=own' if own else ''}>"
        f'<td class="figure">{f"{row.rank.rank:,}" if row.rank else "–"}</td>'
        f'<th scope="row">{mark}{link_html(href, row.agency.name)}<br><small>{escape(where)}</small></th>'
        f'<td class="figure">{_figure(score_text(row.score) if row.score is not None else "")}'
        # On a phone what has no column of its own stands under the score.
        f'<small class="less">{_change(asked, row)}<br>{escape(level)}</small></td>'
        f'<td class="more">{escape(level)}</td>'
        f'<td class="figure more">{_change(asked, row)}</td>'
        f'<td class="figure more">{percent_below_text(row.rank) if row.rank else "–"}</td>'
        f"{scores}</tr>"
    )


def _figure(text: str) -> str:
    return escape(text) or "–"


def _change(asked: CompareChoices, row: LeagueRow) -> str:
    if row.change is None:
        return "–"
    since = ""
    if row.since and row.since != asked.year - 1:
        since = f"<br><small>{escape(_('จาก{year}', year=year_text(row.since)))}</small>"
    return f"{escape(change_text(row.change))}{since}"


def _files(asked: CompareChoices, found: League, level: str) -> None:
    notes = file_notes(asked, *([_("ระดับ: {level}", level=level)] if level else []))
    spoken = language()

    def rows() -> list[tuple[CellValue, ...]]:
        # On a click, outside the run that knows the language.
        with language_set_to(spoken):
            return list(league_records(found.rows(), asked.year, get_reference()))

    widths = (8, 14, 44, 24, 18, 10, 10, 8, 8, 8, 22, 10, 12, 12)
    show_table_downloads(
        "league", f"ita-league-{int(asked.year)}", league_header(), rows, widths, notes
    )
