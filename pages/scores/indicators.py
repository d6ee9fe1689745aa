"""ตัวชี้วัด: each indicator over the years, how far it is from the marks, what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import quote

import streamlit as st
from markupsafe import Markup

from ita.charts.sparkline import sparkline_svg
from ita.charts.values import LineChart
from ita.domain import FICTIONAL_MARK, FiscalYear, Instrument, Part, is_fictional
from ita.formatting import change_text, score_text, year_text
from ita.i18n import _, either
from ita.measures.model import active_measures
from ita.reference import Reference
from ita.scores.citations import next_level_note, rule_citation_sentences
from ita.scores.indicator_charts import (
    DARK_SHADES,
    SHADES,
    Shade,
    common_scale,
    indicator_chart,
    indicator_file,
    indicator_grid,
    measures_heading,
    row_name,
    weak_sentence,
    year_zones,
    zone_text,
)
from ita.scores.indicators import (
    IndicatorCell,
    IndicatorRow,
    IndicatorTable,
    Zone,
    ZoneStarts,
    indicator_table,
    indicator_years,
    years_of_older_model,
    years_without_indicators,
)
from ita.scores.standing import format_targets
from ita.scores.trends import Trend
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency, show_import_link, show_no_data
from ita.ui.components.charts import (
    Download,
    day_text,
    page_text_color,
    show_chart,
    show_downloads,
    source_text,
)
from ita.ui.components.frame import guard
from ita.ui.components.markup import BREAK, SPACE, Tone, html, page_theme, render_html, tag, tooltip
from ita.ui.components.measure_links import IndicatorMeasures, indicator_href
from ita.ui.components.navigation import link_html, show_page_link
from ita.ui.components.pickers import pick_indicator, pick_instruments, pick_years
from ita.web.paths import PROGRESS
from ita.web.store_access import get_reference


def show_page() -> None:
    guard()
    agency = require_agency()
    version = queries.data_version()
    trend = queries.agency_trend(version, agency)
    all_years = indicator_years(trend, get_reference())
    if not trend.points:
        show_no_data(_("คะแนนของหน่วยงานนี้"))
        st.stop()
    if not all_years:
        show_no_indicators(trend, get_reference())
        st.stop()
    with st.container(horizontal=True, gap="small"):
        years = pick_years(all_years)
        instruments = pick_instruments(tuple(Instrument))
        table = indicator_table(trend, years, instruments, get_reference())
        selected = pick_indicator({row.number: row_name(row) for row in table.rows})
    years_of_work = queries.agency_years_of_work(version, agency)
    year = years_of_work[-1] if years_of_work else None
    work = IndicatorMeasures(
        agency,
        year,
        active_measures(queries.agency_measures(version, agency, year)) if year else (),
    )
    links = indicator_links(agency, table)
    show_headline(table)
    details_row = table.row(selected)
    if details_row:
        show_indicator_details(details_row, table, work)
    show_heat_table(table, links, work, selected)
    show_indicator_downloads(table, work, agency)
    show_indicator_cards(table, links, work, selected)
    show_table_notes(table, work, trend, get_reference())


def indicator_links(agency: str, table: IndicatorTable) -> dict[Part, str]:
    """Where each indicator is looked at closely."""
    return {row.number: indicator_href(agency, row.number) for row in table.rows}


def show_headline(table: IndicatorTable) -> None:
    """One sentence above everything: what is below the pass mark now."""
    mark = tag(_(FICTIONAL_MARK), "note") if any(map(is_fictional, table.sources)) else Markup()
    render_html(html("lead", weak_sentence(table)) + mark)


def show_heat_table(
    table: IndicatorTable,
    links: Mapping[Part, str],
    work: IndicatorMeasures,
    selected: Part | None,
) -> None:
    """A real table, so that it is read aloud, printed and fits a phone; the shade is added to it."""
    shades = DARK_SHADES if page_theme() == "dark" else SHADES
    grid = indicator_grid(table, shades, links)
    more = [
        _("เปลี่ยนแปลงล่าสุด"),
        _("ห่างจากเกณฑ์ผ่าน"),
        _("ห่างจากระดับสูงสุด"),
        measures_heading(work.year),
    ]
    rows = [
        (
            row.number == selected,
            link_html(links[row.number], name),
            row.instrument,
            cells,
            _more(row, table),
            work.count_html(row),
        )
        for row, (name, cells) in zip(table.rows, grid.rows, strict=True)
    ]
    legends = [_legend(years, starts, shades) for years, starts in table.eras]
    heads = (_("ตัวชี้วัด"), grid.columns, more)
    render_html(html("indicators.heat", grid.title, heads, rows) + Markup().join(legends))


def _more(row: IndicatorRow, table: IndicatorTable) -> list[str]:
    """The latest change, and how far the latest score is from the pass mark and from the best level."""
    latest = row.latest_cell
    change: str = change_tag(latest) if latest and latest.change is not None else "–"
    if latest and latest.change is not None and latest.fiscal_year != table.latest_year:
        change = SPACE.join((change, html("small", year_text(latest.fiscal_year))))
    ends = (row.targets[0], row.targets[-1]) if row.targets else ()
    gaps = [_gap(row.gap(target)) for target in ends] or ["–", "–"]
    return [change, *gaps]


def _gap(gap: Decimal | None) -> str:
    if gap is None:
        return "–"
    return score_text(gap) if gap else _("ถึงแล้ว")


def change_tag(cell: IndicatorCell) -> Markup:
    """A change from the year before as HTML; a rise is good only where it has reached the mark."""
    change = cell.change or Decimal(0)
    reached = cell.zone in (Zone.PASSED, Zone.BEST)
    tone: Tone = "bad" if change < 0 else "good" if change > 0 and reached else "note"
    return tag(change_text(change), tone)


def gap_text(row: IndicatorRow) -> str:
    """The distance of the latest score to the next mark: the pass mark, then the best level."""
    return format_targets([(t, gap) for t in row.targets if (gap := row.gap(t)) is not None])


def _legend(
    years: tuple[FiscalYear, ...], starts: ZoneStarts, shades: Mapping[Zone, Shade]
) -> Markup:
    """What the shades mean, in the figures of the years they are used for."""
    span = f"{int(years[0])}" if len(years) == 1 else f"{int(years[0])}–{int(years[-1])}"
    note = next_level_note(get_reference().rules(years[-1]))
    title = tooltip(_("เกณฑ์ปี {span}:", span=span), note)
    zones = [(shades[zone].color, zone_text(starts, zone)) for zone in year_zones(starts)]
    return html("indicators.legend", title, zones)


def show_table_notes(
    table: IndicatorTable, work: IndicatorMeasures, trend: Trend, reference: Reference
) -> None:
    """What a reader must know: which years have no indicators and why, names that changed."""
    notes = [
        _(
            "สีใช้เกณฑ์ของคะแนนรวมในปีนั้นเป็นไม้บรรทัด (สำนักงาน ป.ป.ช. ไม่ได้ประกาศระดับรายตัวชี้วัด) "
            "“–” คือไม่มีข้อมูล ไม่ใช่ศูนย์"
        ),
        *year_notes(trend, reference),
        *filter(None, [work.note(table)]),
    ]
    for row in table.rows:
        for year, thai, english in row.earlier_names:
            notes.append(_renamed(row.number, year, thai, english))
    render_html(html("bullets", notes, "ita-quiet"))


def _renamed(number: Part, year: FiscalYear, thai: str, english: str) -> str:
    return _(
        "ตัวชี้วัดที่ {number} ถึงปี {year} ใช้ชื่อ “{name}”",
        number=number,
        year=int(year),
        name=either(thai, english),
    )


def year_notes(trend: Trend, reference: Reference) -> tuple[str, ...]:
    """Which of the agency's years have no indicators, and why."""
    older = years_of_older_model(trend, reference)
    bare = years_without_indicators(trend, reference)
    notes = []
    if older:
        notes.append(_("ปี {years} ใช้รูปแบบการประเมินเดิม ซึ่งไม่มีตัวชี้วัดเหล่านี้", years=_numbers(older)))
    if bare:
        notes.append(
            _(
                "ปี {years} มีคะแนนแล้วแต่ยังไม่มีคะแนนรายตัวชี้วัด นำเข้าได้ในไฟล์คะแนน (ช่อง ตัวชี้วัด 1, 2, …)",
                years=_numbers(bare),
            )
        )
    return tuple(notes)


def _numbers(years: tuple[FiscalYear, ...]) -> str:
    return ", ".join(str(int(year)) for year in years)


def show_no_indicators(trend: Trend, reference: Reference) -> None:
    """The page of an agency with scores and no indicator: why, and what to import."""
    st.info(_("ยังไม่มีคะแนนรายตัวชี้วัดของหน่วยงานนี้ เมื่อนำเข้าแล้วหน้านี้จะแสดงว่าตัวใดอ่อนและตัวใดดีขึ้น"))
    render_html(html("bullets", year_notes(trend, reference)))
    show_import_link(_("ไปหน้านำเข้าข้อมูล"))


def show_indicator_downloads(table: IndicatorTable, work: IndicatorMeasures, agency: str) -> None:
    """The grid as a picture and the table as filtered, with source and day above."""
    render_html(html("quiet", f"{source_text(table.sources)} · {day_text()}"))
    notes = tuple(rule_citation_sentences(table.years, get_reference()))
    file_table = indicator_file(table, work.counts, work.year, notes)
    stem, chart = f"ita-indicators-{agency}", indicator_grid(table)
    show_downloads(Download(file_table, stem, chart, table.sources))


# Small multiples of the indicators, and one indicator looked at closely with its measures.


def show_indicator_cards(
    table: IndicatorTable, links: Mapping[Part, str], work: IndicatorMeasures, selected: Part | None
) -> None:
    """A card per indicator, all charts on one scale."""
    scale, color = common_scale(table), page_text_color()
    note = _(
        "ทุกกราฟใช้แกนเดียวกัน {low}–{high} เส้นประคือเกณฑ์ผ่าน {marks}",
        low=f"{scale[0]:.0f}",
        high=f"{scale[1]:.0f}",
        marks=", ".join(dict.fromkeys(str(starts.passed) for _unused, starts in table.eras)),
    )
    cards = [
        (
            row.number == selected,
            html("indicators.name", link_html(links[row.number], row_name(row)), row.instrument),
            _latest_score(row) + _picture(indicator_chart(row, table, scale), color),
            BREAK.join((gap_text(row), work.count_html(row))),
        )
        for row in table.rows
    ]
    render_html(html("quiet", note) + html("indicators.cards", cards))


def _latest_score(row: IndicatorRow) -> Markup:
    latest = row.latest_cell
    if latest is None:
        return html("paragraph", _("ไม่มีข้อมูลในช่วงที่เลือก"))
    mark = change_tag(latest) if latest.change is not None else ""
    year = SPACE.join((year_text(latest.fiscal_year), mark))
    return html("indicators.score", score_text(latest.score), year)


def _picture(chart: LineChart, color: str) -> Markup:
    """As a picture: Streamlit takes SVG elements out of HTML."""
    if not chart.lines:
        return Markup()
    svg = quote(sparkline_svg(chart, color).replace('"', "'"), safe=" =:/,.()'-")  # a third shorter
    return html("indicators.picture", chart.alt, svg)


def show_indicator_details(
    row: IndicatorRow, table: IndicatorTable, work: IndicatorMeasures
) -> None:
    """One indicator: its latest score and gaps, the measures that aim at it, and its scores as a chart."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        render_html(
            html("indicators.name", row_name(row), row.instrument)
            + _latest_score(row)
            + html("paragraph", gap_text(row))
            + work.list_html(row.number)
        )
        if work.year is not None:
            label = _("ดูมาตรการของ {instrument}", instrument=row.instrument)
            choices = {"year": int(work.year), "instruments": row.instrument.value}
            show_page_link(PROGRESS, label, agency=work.agency, **choices)
    with right:
        if row.latest_cell:
            _show_chart(row, table, work)


def _show_chart(row: IndicatorRow, table: IndicatorTable, work: IndicatorMeasures) -> None:
    row_table = IndicatorTable(table.years, (row,), table.starts)
    file_table = indicator_file(row_table, work.counts, work.year)
    chart = indicator_chart(row, row_table, common_scale(row_table), small=False)
    stem = f"ita-indicator-{work.agency}-{row.number}"
    show_chart(chart, "one indicator", row_table.sources, file_table, stem)


if __name__ == "__main__":
    show_page()
