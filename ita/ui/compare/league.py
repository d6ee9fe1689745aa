"""The league table: agencies of the group by score, page by page, downloaded as filtered."""

from __future__ import annotations

from functools import partial

import streamlit as st
from markupsafe import Markup

from ita.domain import TOTAL
from ita.formatting import change_text, score_text, year_text
from ita.i18n import _
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
from ita.scores.peer_tables import (
    league_file,
    percent_below_text,
    scored_agencies_text,
    small_group_text,
)
from ita.ui.compare import queries
from ita.ui.compare.choices import STANDING, CompareChoices, HeadlineArea, file_notes, show_headline
from ita.ui.components.markup import BREAK, escape_markdown, html, render_html
from ita.ui.components.navigation import link_html, page_href
from ita.ui.components.pickers import pick_level, pick_order, pick_page
from ita.ui.components.queries import data_version
from ita.ui.components.tables import show_table_downloads
from ita.web.paths import COMPARE
from ita.web.store_access import get_reference


def league_view(choices: CompareChoices, headline_area: HeadlineArea) -> None:
    levels = _levels(choices)
    controls, warnings = st.container(horizontal=True, gap="small"), st.container()
    with controls:
        level = pick_level(levels, warnings)
        order = LeagueOrder(pick_order(_orders()))
        league = queries.league(data_version(), choices.group, choices.year, order, level or None)
        page = pick_page(
            league.page_count, f"{choices.group} {choices.year} {level} {order}", warnings
        )
    show_headline(headline_area, _sentence(choices, league))
    if not len(league.table):
        st.info(_("ไม่มีหน่วยงานตามตัวกรองนี้ ลองเลือกระดับ ประเภท จังหวัด หรือปีอื่น"))
        return
    _show_own_page_link(choices, league, page)
    render_html(_league_html(choices, league, page))
    _show_downloads(choices, league, levels.get(level, ""))


def _levels(choices: CompareChoices) -> dict[str, str]:
    """The levels of the year's rules, and the options for agencies without one."""
    rules = get_reference().rules(choices.year)
    names = [*(band.level for band in rules.bands), PASSED_LEVEL_UNKNOWN]
    labels = {name: localized_level(name, rules) or name for name in names} if rules.bands else {}
    unknown = {LEVEL_UNKNOWN: level_label(LEVEL_UNKNOWN, rules), NO_SCORE: _("ยังไม่มีคะแนน")}
    return labels | unknown


def _orders() -> dict[str, str]:
    return {
        LeagueOrder.BEST: _("คะแนนมากไปน้อย"),
        LeagueOrder.WORST: _("คะแนนน้อยไปมาก"),
        LeagueOrder.RISE: _("เพิ่มขึ้นมากที่สุด"),
        LeagueOrder.FALL: _("ลดลงมากที่สุด"),
        LeagueOrder.NAME: _("ชื่อหน่วยงาน"),
    }


def _sentence(choices: CompareChoices, league: League) -> str:
    year = queries.peers(data_version(), choices.group, TOTAL, choices.agency.agency_id).find_year(
        choices.year
    )
    small_text = small_group_text(year, choices.group) if year else None
    if small_text:
        return small_text
    return _(
        "{group} {year} {reported} แสดง {shown} แห่งตามตัวกรอง",
        group=choices.group.name(),
        year=year_text(choices.year),
        reported=scored_agencies_text(league.scored_agencies, league.stored_agencies),
        shown=f"{len(league.table):,}",
    )


def _show_own_page_link(choices: CompareChoices, league: League, page: int) -> None:
    """The way to the agency's own row where that is on another page."""
    own_page = league.page_of(choices.agency.agency_id)
    if own_page is None or own_page == page:
        return
    label = _(
        "ไปยังแถวของ {agency} (หน้า {page})",
        agency=escape_markdown(choices.agency.shown_name),
        page=f"{own_page:,}",
    )
    st.button(label, type="tertiary", on_click=partial(_turn_to, own_page), key="own page")


def _turn_to(page: int) -> None:
    st.session_state["p"] = page
    st.session_state["p kept"] = page


def _league_html(choices: CompareChoices, league: League, page: int) -> Markup:
    columns = (
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
    first = (page - 1) * PAGE_ROWS + 1
    caption = _(
        "แถวที่ {first}–{last} จาก {all}",
        first=f"{first:,}",
        last=f"{min(page * PAGE_ROWS, len(league.table)):,}",
        all=f"{len(league.table):,}",
    )
    rows = [_row(choices, row) for row in league.page(page)]
    return html("compare.league", caption, columns, rows)


def _row(choices: CompareChoices, row: LeagueRow) -> dict[str, object]:
    href = page_href(COMPARE, agency=row.agency.agency_id, year=int(choices.year), show=STANDING)
    kind = "" if choices.group.type else row.agency.type
    level = localized_level(row.level, get_reference().rules(choices.year)) or "–"
    return {
        "is_own": row.agency.agency_id == choices.agency.agency_id,
        "rank": f"{row.rank.rank:,}" if row.rank else "–",
        "name": link_html(href, row.agency.shown_name),
        "subtitle": " · ".join(filter(None, [kind, row.agency.province])),
        "score": "–" if row.score is None else score_text(row.score),
        "level": level,
        "change": _change(choices, row),
        "below": percent_below_text(row.rank) if row.rank else "–",
        "instruments": ["–" if s is None else score_text(s) for s in row.instruments],
    }


def _change(choices: CompareChoices, row: LeagueRow) -> str:
    if row.change is None:
        return "–"
    change = change_text(row.change)
    if not row.since or row.since == choices.year - 1:
        return change
    return BREAK.join((change, html("small", _("จาก{year}", year=year_text(row.since)))))


def _show_downloads(choices: CompareChoices, league: League, level: str) -> None:
    notes = file_notes(choices, *([_("ระดับ: {level}", level=level)] if level else []))
    table = league_file(league.rows, choices.year, get_reference(), notes)
    show_table_downloads("league", f"ita-league-{int(choices.year)}", table)
