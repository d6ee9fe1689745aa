"""What a group as a whole looks like: its movers, its levels, its weak indicators, its measures."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import streamlit as st

from ita.domain import FiscalYear, thai_today
from ita.formatting import (
    change_text,
    no_data,
    percent_in_column,
    quarter_text,
    score_text,
    thai_order,
    year_text,
)
from ita.i18n import _
from ita.measures.charts import (
    completion_header,
    completion_records,
    completion_sentence,
    group_completion_chart,
    reported_share,
)
from ita.measures.means import GroupQuarter, QuarterMean, reported_text
from ita.measures.model import is_due
from ita.planning.aims import timing_sentence
from ita.scores.group_levels import LevelYear, compute_group_weaknesses
from ita.scores.league import Mover, Movers, comparison_year, compute_movers
from ita.scores.peer_charts import level_chart, level_label, weak_chart, weakness_label
from ita.scores.peer_tables import (
    empty_group_text,
    level_header,
    level_records,
    level_sentence,
    mover_header,
    mover_records,
    movers_sentence,
    weak_header,
    weak_records,
    weak_sentence,
)
from ita.tables import CellValue
from ita.ui.compare import queries
from ita.ui.compare.choices import (
    CompareChoices,
    HeadlineArea,
    file_notes,
    group_notes,
    show_headline,
    sources_line,
)
from ita.ui.components.charts import Records, show_chart
from ita.ui.components.markup import BREAK, SPACE, html, render_html, tag
from ita.ui.components.navigation import link_html, page_href, show_page_link
from ita.ui.components.queries import data_version
from ita.ui.components.tables import TableColumn, html_table, show_table_downloads
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
    if movers.is_small:
        # In the order of their names, or a list of all would be a ranking.
        _show_movers(
            _("หน่วยงานที่คะแนนเปลี่ยน"),
            sorted((*movers.largest_rises, *movers.largest_falls), key=_by_name),
            movers,
        )
    else:
        left, right = st.columns(2)
        with left:
            _show_movers(_("เพิ่มขึ้นมากที่สุด"), movers.largest_rises, movers)
        with right:
            _show_movers(_("ลดลงมากที่สุด"), movers.largest_falls, movers)
    if movers.largest_rises or movers.largest_falls:
        show_table_downloads(
            "movers",
            f"ita-movers-{int(before)}-{int(choices.year)}",
            mover_header(before, choices.year),
            partial(_all_movers, choices, before),
            (14, 44, 24, 18, 10, 10, 12),
            file_notes(choices, movers_sentence(movers)),
        )


def _all_movers(choices: CompareChoices, before: FiscalYear) -> list[tuple[CellValue, ...]]:
    """Everybody who moved, from the biggest rise to the biggest fall."""
    movers = compute_movers(
        choices.nation, choices.group, before, choices.year, limit=len(choices.nation.agencies)
    )
    return list(mover_records((*movers.largest_rises, *reversed(movers.largest_falls))))


def _by_name(mover: Mover) -> tuple[str, str]:
    return thai_order(mover.agency.name)


def _show_movers(title: str, rows_shown: Iterable[Mover], movers: Movers) -> None:
    columns = [
        TableColumn(_("หน่วยงาน"), words=True),
        TableColumn(str(int(movers.before)), figure=True, more=True),
        TableColumn(str(int(movers.after)), figure=True),
        TableColumn(_("เปลี่ยนแปลง"), figure=True),
    ]
    rows = [
        [
            _agency_cell(mover, movers.after),
            score_text(mover.before),
            score_text(mover.after),
            change_text(mover.change),
        ]
        for mover in rows_shown
    ]
    empty = html("paragraph", BREAK.join((html("bold", title), "–")))
    render_html(html_table(columns, rows, title) if rows else empty)


def _agency_cell(mover: Mover, year: FiscalYear) -> str:
    href = page_href(COMPARE, agency=mover.agency.agency_id, year=int(year))
    return BREAK.join((link_html(href, mover.agency.name), html("small", mover.agency.province)))


def levels_view(choices: CompareChoices, headline_area: HeadlineArea) -> None:
    """The group by level in the year, and over all years beside it."""
    years = queries.levels(data_version(), choices.group)
    show_headline(headline_area, level_sentence(years, choices.year))
    level_year = next((year for year in years if year.year == choices.year), None)
    records = Records(
        level_header(),
        list(level_records(years, get_reference())),
        (12, 26, 14, 18, 10, 16, 16),
        group_notes(choices),
    )
    if level_year and level_year.scored_agencies and level_year.has_levels:
        chart = level_chart(level_year, choices.group, get_reference().rules(choices.year))
        show_chart(
            chart, "levels chart", sources_line(choices), records, "ita-levels", owner_name=""
        )
    _show_level_table(years)


def _show_level_table(years: Iterable[LevelYear]) -> None:
    columns = [
        TableColumn(_("ปีงบประมาณ")),
        TableColumn(_("มีคะแนน / ทั้งหมด"), figure=True),
        TableColumn(_("เฉลี่ย"), figure=True),
        TableColumn(_("ผ่านเกณฑ์"), figure=True),
        TableColumn(_("ระดับ"), words=True),
    ]
    rows = [
        [
            str(int(year.year)),
            f"{year.scored_agencies:,} / {year.stored_agencies:,}",
            "–" if year.mean is None else score_text(year.mean),
            percent_in_column(year.share(year.passed_agencies))
            if year.has_levels and year.scored_agencies
            else "–",
            _level_counts(year),
        ]
        for year in reversed(list(years))
    ]
    render_html(html_table(columns, rows, _("ระดับคะแนนของกลุ่มทุกปี")), stacked=True)


def _level_counts(year: LevelYear) -> str:
    rules = get_reference().rules(year.year)
    counts = [
        f"{level_label(level.level, rules)} {level.count:,} ({percent_in_column(year.share(level.count))})"
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
    chart = weak_chart(weaknesses, choices.group, choices.year)
    records = Records(
        weak_header(),
        list(weak_records(weaknesses)),
        (10, 36, 10, 16, 18, 12, 16, 10, 16),
        group_notes(choices),
    )
    show_chart(
        chart, "weak chart", sources_line(choices), records, "ita-weak-indicators", owner_name=""
    )
    columns = [
        TableColumn(_("ตัวชี้วัด"), words=True),
        TableColumn(_("ต่ำกว่าเกณฑ์ผ่าน"), figure=True),
        TableColumn(_("มัธยฐาน"), figure=True),
        TableColumn(_("เฉลี่ย"), figure=True),
        TableColumn(_("มีคะแนน / ทั้งหมด"), figure=True),
    ]
    rows = [
        [
            weakness_label(weakness),
            f"{percent_in_column(weakness.share)} ({weakness.agencies_below:,})",
            score_text(weakness.median),
            score_text(weakness.mean),
            f"{weakness.scored_agencies:,} / {weakness.stored_agencies:,}",
        ]
        for weakness in weaknesses
    ]
    caption = _("ตัวชี้วัดของกลุ่ม อ่อนที่สุดก่อน")
    if weaknesses[0].is_small:
        caption = _("ตัวชี้วัดของกลุ่ม")
    render_html(html_table(columns, rows, caption), stacked=True)


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
    records = Records(
        completion_header(),
        list(completion_records(completion)),
        (16, 18, 16, 18, 18, 16, 14, 16, 18),
        group_notes(choices),
    )
    sources = (_("ร้อยละความสำเร็จที่หน่วยงานรายงาน"),)
    show_chart(
        chart, "work chart", sources, records, f"ita-completion-{int(choices.year)}", owner_name=""
    )
    columns = [
        TableColumn(_("ไตรมาส")),
        TableColumn(_("สำเร็จเฉลี่ย"), figure=True),
        TableColumn(_("รายงานแล้ว"), figure=True),
        TableColumn(_("มาตรการที่รายงาน"), more=True),
        TableColumn(_("หน่วยงานที่รายงาน / ทั้งหมด"), figure=True, more=True),
    ]
    rows = [
        [
            quarter_text(quarter.quarter),
            _mean_cell(quarter.mean),
            _reported_cell(quarter),
            reported_text(quarter.mean),
            f"{quarter.reporting_agencies:,} / {quarter.agencies:,}",
        ]
        for quarter in completion.quarters
    ]
    render_html(html_table(columns, rows, _("ความสำเร็จของมาตรการรายไตรมาส")))
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
