"""What a group as a whole looks like: its movers, its levels, its weak indicators, its measures."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import streamlit as st
from markupsafe import Markup

from ita.domain import FiscalYear, thai_today
from ita.formatting import (
    no_data,
    percent_in_column,
    thai_order,
    year_text,
)
from ita.i18n import _
from ita.measures.charts import (
    completion_sentence,
    completion_table,
    group_completion_chart,
    reported_share,
)
from ita.measures.means import GroupQuarter, QuarterMean
from ita.measures.model import is_due
from ita.planning.aims import timing_sentence
from ita.scores.league import (
    LevelYear,
    Mover,
    comparison_year,
    compute_group_weaknesses,
    compute_movers,
)
from ita.scores.peer_charts import level_chart, level_label, weak_chart
from ita.scores.peer_tables import (
    empty_group_text,
    level_sentence,
    level_table,
    mover_columns,
    movers_sentence,
    scored_of_stored,
    weak_sentence,
    weak_table,
)
from ita.scores.peers import MIN_RANKED
from ita.tables import Kind, Table, TableColumn
from ita.ui.compare import queries
from ita.ui.compare.choices import (
    CompareChoices,
    HeadlineArea,
    file_notes,
    group_notes,
    show_headline,
    sources_line,
)
from ita.ui.components.charts import show_either
from ita.ui.components.markup import BREAK, SPACE, html, render_html, tag
from ita.ui.components.navigation import link_html, page_href, show_page_link
from ita.ui.components.queries import data_version
from ita.ui.components.tables import show_table, show_table_downloads
from ita.web.paths import COMPARE, PROGRESS
from ita.web.store_access import get_reference


def movers_view(choices: CompareChoices, headline_area: HeadlineArea) -> None:
    """The biggest rises and falls since the last year that compares, the same year for all."""
    before = comparison_year(choices.nation, choices.group, choices.year, get_reference())
    if before is None:
        empty = not choices.group.member_mask(choices.nation).any()
        st.info(
            empty_group_text(choices.group)
            if empty
            else _(
                "ไม่มีปีก่อนหน้า{year}ที่เทียบกันได้ เพราะไม่มีคะแนนหรือรูปแบบการประเมินเปลี่ยน ลองเลือกปีอื่น",
                year=year_text(choices.year),
            )
        )
        return
    movers = compute_movers(choices.nation, choices.group, before, choices.year)
    show_headline(headline_area, movers_sentence(movers))
    columns = mover_columns(before, choices.year, partial(_agency_html, year=choices.year))
    if movers.is_small:
        # In the order of their names, or a list of all would be a ranking.
        moved = sorted((*movers.largest_rises, *movers.largest_falls), key=_by_name)
        _show_movers(Table(columns, moved, _("หน่วยงานที่คะแนนเปลี่ยน")))
    else:
        left, right = st.columns(2)
        with left:
            _show_movers(Table(columns, movers.largest_rises, _("เพิ่มขึ้นมากที่สุด")))
        with right:
            _show_movers(Table(columns, movers.largest_falls, _("ลดลงมากที่สุด")))
    if movers.largest_rises or movers.largest_falls:
        notes = file_notes(choices, movers_sentence(movers))
        all_movers = partial(_all_movers, choices, before)
        stem = f"ita-movers-{int(before)}-{int(choices.year)}"
        show_table_downloads("movers", stem, Table(columns, notes=notes, load_rows=all_movers))


def _all_movers(choices: CompareChoices, before: FiscalYear) -> Iterable[Mover]:
    """Everybody who moved, from the biggest rise to the biggest fall."""
    movers = compute_movers(
        choices.nation, choices.group, before, choices.year, limit=len(choices.nation.agencies)
    )
    return (*movers.largest_rises, *reversed(movers.largest_falls))


def _by_name(mover: Mover) -> tuple[str, str]:
    return thai_order(mover.agency.name)


def _show_movers(table: Table[Mover]) -> None:
    if table.rows:
        show_table(table)
    else:
        render_html(html("paragraph", BREAK.join((html("bold", table.title), "–"))))


def _agency_html(mover: Mover, year: FiscalYear) -> Markup:
    href = page_href(COMPARE, agency=mover.agency.agency_id, year=int(year))
    return BREAK.join(
        (link_html(href, mover.agency.shown_name), html("small", mover.agency.province))
    )


def levels_view(choices: CompareChoices, headline_area: HeadlineArea) -> None:
    """The group by level in the year, and over all years beside it."""
    years = queries.levels(data_version(), choices.group)
    show_headline(headline_area, level_sentence(years, choices.year))
    level_year = next((year for year in years if year.year == choices.year), None)
    table = level_table(years, get_reference(), group_notes(choices))
    chart = None
    if level_year and level_year.scored_agencies >= MIN_RANKED and level_year.has_levels:
        chart = level_chart(level_year, choices.group, get_reference().rules(choices.year))
    shown = _years_table(years)
    show_either(
        chart,
        table,
        "levels chart",
        sources_line(choices),
        "ita-levels",
        owner_name="",
        shown=shown,
    )


def _years_table(years: Iterable[LevelYear]) -> Table[LevelYear]:
    def passed(year: LevelYear) -> str:
        if not (year.has_levels and year.scored_agencies):
            return "–"
        return _count(year, year.passed_agencies)

    columns: list[TableColumn[LevelYear]] = [
        TableColumn(_("ปีงบประมาณ"), lambda year: int(year.year)),
        TableColumn(_("มีคะแนน / ทั้งหมด"), kind=Kind.FIGURE, shown=scored_of_stored),
        TableColumn(_("เฉลี่ย"), lambda year: year.mean, kind=Kind.SCORE),
        TableColumn(_("ผ่านเกณฑ์"), kind=Kind.FIGURE, shown=passed),
        TableColumn(_("ระดับ"), kind=Kind.WORDS, shown=_level_counts),
    ]
    return Table(columns, list(years)[::-1], _("ระดับคะแนนของกลุ่มทุกปี"))


def _count(year: LevelYear, count: int) -> str:
    """A number of agencies with its share, which a few agencies have none of that says anything."""
    if year.scored_agencies < MIN_RANKED:
        return f"{count:,}"
    return f"{count:,} ({percent_in_column(year.share(count))})"


def _level_counts(year: LevelYear) -> str:
    rules = get_reference().rules(year.year)
    counts = [
        f"{level_label(level.level, rules)} {_count(year, level.count)}"
        for level in year.levels
        if level.count
    ]
    return " · ".join(counts) or "–"


def weak_view(choices: CompareChoices, headline_area: HeadlineArea) -> None:
    """The indicators on which most of the group are below the pass mark."""
    weaknesses = compute_group_weaknesses(
        queries.nation_with_indicators(data_version()),
        choices.group,
        choices.year,
        get_reference(),
    )
    show_headline(headline_area, weak_sentence(weaknesses, choices.year))
    if not weaknesses:
        return
    is_small = weaknesses[0].is_small
    chart = None if is_small else weak_chart(weaknesses, choices.group, choices.year)
    table = weak_table(weaknesses, group_notes(choices))
    stem = "ita-weak-indicators"
    show_either(chart, table, "weak chart", sources_line(choices), stem, owner_name="")


def work_view(choices: CompareChoices, headline_area: HeadlineArea) -> None:
    """Completion of the group's measures by quarter, with how much of it was reported."""
    completion = queries.completion(data_version(), choices.group, choices.year)
    show_headline(headline_area, completion_sentence(completion, choices.group.name()))
    if not completion.agencies_with_measures:
        years_text = ", ".join(
            str(int(year)) for year in queries.years_with_measures(data_version())
        )
        st.info(_("ปีที่มีมาตรการในระบบ: {years}", years=years_text or no_data()))
        show_page_link(PROGRESS, _("ดูมาตรการของหน่วยงาน"), agency=choices.agency.agency_id)
        return
    chart = group_completion_chart(completion, choices.group.name())
    table = completion_table(
        completion, group_notes(choices), lambda quarter: _mean_cell(quarter.mean), _reported_cell
    )
    sources = (_("ร้อยละความสำเร็จที่หน่วยงานรายงาน"),)
    stem = f"ita-completion-{int(choices.year)}"
    show_either(chart, table, "work chart", sources, stem, owner_name="")
    counting_note = _(
        "เฉลี่ยเฉพาะมาตรการที่รายงาน ที่ไม่รายงานไม่ถูกนับเป็น 0 มาตรการที่เสร็จแล้วไม่ต้องรายงานอีกและนับเป็น 100 "
        "ไตรมาสที่ไม่มีใครรายงานไม่มีค่าเฉลี่ย ที่รายงานไม่ถึงครึ่งของที่ต้องรายงานมีเครื่องหมายกำกับ"
    )
    timing = timing_sentence(choices.year, get_reference())
    render_html(html("quiet", BREAK.join((counting_note, timing))))


def _reported_cell(quarter: GroupQuarter) -> str:
    """The share reported; a quarter that is not due yet has a tag instead."""
    if not quarter.reporting_agencies and not is_due(quarter.quarter, thai_today()):
        return tag(_("ยังไม่ครบกำหนด"), "note")
    return percent_in_column(reported_share(quarter))


def _mean_cell(mean: QuarterMean) -> str:
    text = percent_in_column(mean.mean)
    if not mean.is_small_sample:
        return text
    return SPACE.join((text, tag(_("รายงานไม่ถึงครึ่ง"), "warn")))
