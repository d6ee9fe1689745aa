"""ตัวชี้วัด: each indicator over the years, how far it is from the marks, what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import streamlit as st
from markupsafe import Markup

from ita.charts.sparkline import sparkline_svg
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
from ita.theme import INK
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency, show_import_link, show_no_data
from ita.ui.components.charts import (
    Download,
    draw_chart,
    show_downloads,
    source_line,
)
from ita.ui.components.frame import guard
from ita.ui.components.markup import (
    DOT,
    SPACE,
    escape_markdown,
    html,
    page_theme,
    render_html,
    tag,
    tooltip,
)
from ita.ui.components.measure_links import IndicatorMeasures, indicator_href
from ita.ui.components.navigation import link_html, show_page_link
from ita.ui.components.pickers import (
    filter_label,
    pick_indicator,
    pick_instruments,
    pick_view,
    pick_years,
)
from ita.ui.components.url_state import is_narrowed
from ita.web.paths import PROGRESS, UPLOAD
from ita.web.store_access import get_reference

# The two views of the page, by their value in the URL.
LATEST, YEARS = "latest", "years"


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
    headline = st.container()
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        view = pick_view({LATEST: _("ปีล่าสุด"), YEARS: _("รายปี")})
        narrowed = is_narrowed("instruments", [i.value for i in Instrument])
        with st.popover(filter_label(narrowed), key="more filters"):
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
    with headline:
        show_headline(table)
    show_missing_aims(table, work)
    details_row, details = table.row(selected), None
    if details_row:
        with st.container(border=True, key="card-indicator"):
            details = show_indicator_details(details_row, table, work)
    with st.container(border=True, key="card-indicators"):
        if view == YEARS:
            show_heat_table(table, links, work, selected)
        else:
            show_latest(table, links, work, selected)
    show_table_notes(table, trend, get_reference())
    show_indicator_downloads(table, work, agency, details)


def indicator_links(agency: str, table: IndicatorTable) -> dict[Part, str]:
    """Where each indicator is looked at closely."""
    return {row.number: indicator_href(agency, row.number) for row in table.rows}


def show_headline(table: IndicatorTable) -> None:
    """One sentence above everything: what is below the pass mark now."""
    mark = tag(_(FICTIONAL_MARK), "note") if any(map(is_fictional, table.sources)) else Markup()
    render_html(html("lead", weak_sentence(table)) + mark)


def show_missing_aims(table: IndicatorTable, work: IndicatorMeasures) -> None:
    """That measures name no indicator, said once, with the button that mends it."""
    note = work.note(table)
    if not note:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(escape_markdown(note), width="content")
        year = int(work.year) if work.year else None
        label = _("ระบุตัวชี้วัด") if work.year else _("นำเข้ามาตรการ")
        show_page_link(UPLOAD, label, agency=work.agency, kind="measures", year=year)


def show_latest(
    table: IndicatorTable,
    links: Mapping[Part, str],
    work: IndicatorMeasures,
    selected: Part | None,
) -> None:
    """A row per indicator, the one that lacks most to its mark first; its years as a small line."""
    scale, reference = common_scale(table), get_reference()
    rows = sorted(table.rows, key=_distance)
    means = {row.number: _nation_mean(row, reference) for row in rows}
    year = table.latest_year
    score_head = _("คะแนน{year}", year=year_text(year)) if year else _("คะแนน")
    heads = [_("ตัวชี้วัด"), score_head, _("ถึงเกณฑ์หรือยัง"), measures_heading(work.year)]
    cells = [
        (
            row.number == selected,
            link_html(links[row.number], row_name(row)),
            row.instrument,
            _line(row, table, scale),
            _latest_score(row, table.latest_year),
            DOT.join(filter(None, (gap_text(row), means[row.number]))),
            work.count_html(row),
        )
        for row in rows
    ]
    render_html(html("indicators.latest", heads, cells), stacked=True)


def _distance(row: IndicatorRow) -> tuple[bool, Decimal, int]:
    """Sorts by the distance of the latest score to its pass mark, furthest below first; those without
    a score last."""
    latest = row.latest_cell
    if latest is None or latest.score is None:
        return True, Decimal(0), int(row.number)
    mark = row.targets[0] if row.targets else Decimal(0)
    return False, latest.score - mark, int(row.number)


def _nation_mean(row: IndicatorRow, reference: Reference) -> str:
    """The nation's mean of the latest score's year, where it was published."""
    latest = row.latest_cell
    mean = reference.national_mean(latest.fiscal_year, row.number) if latest else None
    if mean is None or mean.mean is None:
        return ""
    return _("ประเทศ {mean}", mean=score_text(mean.mean))


def _line(row: IndicatorRow, table: IndicatorTable, scale: tuple[float, float]) -> Markup:
    """The scores of the years shown, with the pass mark; "" for a single score."""
    chart = indicator_chart(row, table, scale)
    if sum(len(run) for line in chart.lines for run in line.runs) < 2:
        return Markup()
    return html("indicators.picture", chart.alt, sparkline_svg(chart, INK[page_theme()]))


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
    """A change from the year before as HTML; a fall warns only where the mark is not reached."""
    change = cell.change or Decimal(0)
    if not change:
        return html("no_wrap", _("เท่าเดิม"))
    text = html("no_wrap", f"{'▲' if change > 0 else '▼'} {change_text(change)}")
    is_weak = change < 0 and cell.zone not in (Zone.PASSED, Zone.BEST)
    return tag(change_text(change), "warn") if is_weak else text


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


def show_table_notes(table: IndicatorTable, trend: Trend, reference: Reference) -> None:
    """What a reader must know: which years have no indicators and why, names that changed."""
    notes = [
        _(
            "สีเทียบกับเกณฑ์ของคะแนนรวมในปีนั้น (สำนักงาน ป.ป.ช. ไม่ได้ประกาศระดับรายตัวชี้วัด) "
            "“–” คือไม่มีข้อมูล ไม่ใช่ศูนย์"
        ),
        *year_notes(trend, reference),
    ]
    for row in table.rows:
        for year, thai, english in row.earlier_names:
            notes.append(_renamed(row.number, year, thai, english))
    body = html("bullets", notes, "ita-quiet")
    render_html(html("details", _("ข้อสังเกต"), body, False, "ita-fold"))


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


def show_indicator_downloads(
    table: IndicatorTable, work: IndicatorMeasures, agency: str, details: Download | None
) -> None:
    """The grid as a picture and the table as filtered, with source and day above. details: of the one
    indicator that is looked at, beside them."""
    render_html(html("quiet", source_line(table.sources)))
    notes = tuple(rule_citation_sentences(table.years, get_reference()))
    file_table = indicator_file(table, work.counts, work.year, notes)
    stem, chart = f"ita-indicators-{agency}", indicator_grid(table)
    name = chart.title if details else ""
    grid = Download(file_table, stem, chart, table.sources, name)
    show_downloads(*filter(None, (details, grid)))


# One indicator looked at closely, with its measures.


def _latest_score(row: IndicatorRow, heading_year: FiscalYear | None = None) -> Markup:
    """The latest score with its change. heading_year: the year that the heading names."""
    latest = row.latest_cell
    if latest is None:
        return html("paragraph", _("ไม่มีข้อมูลในช่วงที่เลือก"))
    mark = change_tag(latest) if latest.change is not None else ""
    year = "" if latest.fiscal_year == heading_year else year_text(latest.fiscal_year)
    beside = SPACE.join(filter(None, (year, mark)))
    return html("indicators.score", score_text(latest.score), beside)


def show_indicator_details(
    row: IndicatorRow, table: IndicatorTable, work: IndicatorMeasures
) -> Download | None:
    """One indicator: its latest score and gaps, the measures that aim at it, and its scores as a chart,
    which is returned for the menu of downloads."""
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
    if row.latest_cell is None:
        return None
    row_table = IndicatorTable(table.years, (row,), table.starts)
    chart = indicator_chart(row, row_table, common_scale(row_table), small=False)
    with right:
        draw_chart(chart, "one indicator")
        render_html(html("quiet", source_line(row_table.sources)))
    stem = f"ita-indicator-{work.agency}-{row.number}"
    file_table = indicator_file(row_table, work.counts, work.year)
    return Download(file_table, stem, chart, row_table.sources, chart.title)


if __name__ == "__main__":
    show_page()
