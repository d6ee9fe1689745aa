"""แนวโน้ม: scores over the years, with levels, breaks, the national mean and the table beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st
from markupsafe import Markup

from ita.charts.sparkline import sparkline_svg
from ita.charts.values import Line, LineChart, ReferenceLine
from ita.domain import FICTIONAL_MARK, TOTAL, Certainty, FiscalYear, Instrument, Part, is_fictional
from ita.formatting import part_text, score_text, year_label, year_text
from ita.i18n import _
from ita.reference import Reference
from ita.scores.charts import trend_chart
from ita.scores.citations import assessment_sizes, citation_sentences, means_line
from ita.scores.events import AgencyEvent, event_marks, mark_notes
from ita.scores.forecasts import forecast_bands
from ita.scores.standing import compute_standing, own_change_label, score_comparisons
from ita.scores.tables import trend_points
from ita.scores.trends import Point, Trend
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency, show_no_data
from ita.ui.components.charts import (
    Download,
    draw_chart,
    page_text_color,
    pick_chart_or_table,
    show_downloads,
    source_line,
)
from ita.ui.components.frame import guard
from ita.ui.components.markup import SPACE, html, render_html, tag
from ita.ui.components.pickers import filter_label, is_years_narrowed, pick_parts, pick_years
from ita.ui.components.url_state import is_narrowed
from ita.ui.trend.change_split import show_change_split
from ita.ui.trend.score_table import point_file, show_point_table
from ita.ui.trend.statistics import show_statistics, statistics_table
from ita.web.store_access import get_reference

# Width and height of a small chart.
SMALL_SIZE = (326, 120)


def show_page() -> None:
    guard()
    agency = require_agency()
    version = queries.data_version()
    trend = queries.agency_trend(version, agency)
    if not trend.points:
        show_no_data(_("คะแนนของหน่วยงานนี้"))
        st.stop()
    reference = get_reference()
    render_html(_headline(trend, reference))
    known_parts = drawable_parts(trend)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        as_table = pick_chart_or_table()
        filters = is_narrowed("parts", known_parts) + is_years_narrowed(trend.years)
        with st.popover(filter_label(filters), key="filters"):
            years = pick_years(trend.years)
            parts = pick_parts(known_parts)
        download_area = st.container(width="content")
    scores = queries.agency_scores(version, agency)
    points = trend_points(trend, parts, years)
    charts = _Charts(trend, parts, years, queries.agency_events(version, agency))
    whole = charts.whole()
    if as_table:
        with st.container(border=True, key="card-scores"):
            show_point_table(trend, points, parts)
            _show_marks(whole)
    else:
        show_charts(charts)
    moved = show_change_split(agency, as_table=as_table)
    statistics = statistics_table(trend, scores, parts, reference)
    show_statistics(trend, statistics, parts, reference)
    _show_sources(charts, points, has_forecast=any(band.label for band in whole.bands))
    sources = [p.source for p in points]
    if TOTAL in parts:
        sources.append(means_line(years, reference))
    notes = mark_notes(charts.events, years, None, reference)
    table, stem = point_file(points, notes, agency, parts), f"ita-scores-{agency}"
    downloads = [Download(table, stem, whole, sources, _("คะแนนรายปี"))]
    if moved:
        downloads.append(moved)
    if statistics.rows:
        downloads.append(
            Download(statistics, f"ita-statistics-{agency}", sources=sources, name=statistics.title)
        )
    with download_area:
        show_downloads(*downloads)


def _headline(trend: Trend, reference: Reference) -> Markup:
    """What the total did, and how it stands beside the nation."""
    total = compute_standing(trend, TOTAL, reference)
    if total is None or total.score is None:
        sentence = total.sentence() if total else ""
    else:
        words = {"year": year_text(total.year), "score": score_text(total.score)}
        parts = [total.sentence(), *(c.label for c in score_comparisons(total))]
        sentence = _("{year} ได้ {score}: {rest}", rest=" · ".join(parts), **words)
    fictional = any(is_fictional(point.source) for point in trend.points)
    mark = tag(_(FICTIONAL_MARK), "note") if fictional else Markup()
    return html("lead", SPACE.join(filter(None, (sentence, mark))))


def drawable_parts(trend: Trend) -> tuple[Part, ...]:
    """The total and the instruments that have a score; indicators have a page of their own."""
    return tuple(part for part in trend.parts if part == TOTAL or part in tuple(Instrument))


@dataclass(frozen=True)
class _Charts:
    """The charts of the chosen parts and years: one large, the others small on one scale."""

    trend: Trend
    parts: Sequence[Part]
    years: Sequence[FiscalYear]
    events: Sequence[AgencyEvent]

    def chart(self, *parts: Part) -> LineChart:
        reference = get_reference()
        return trend_chart(
            self.trend,
            parts,
            self.years,
            reference,
            event_marks(self.events, self.years, None, reference),
            forecast_bands(
                self.trend, [part for part in parts if part == TOTAL], self.years, reference
            ),
        )

    def whole(self) -> LineChart:
        """All parts in one, for a file."""
        return self.chart(*self.parts)

    def small(self) -> tuple[tuple[Part, LineChart], ...]:
        """The parts after the first, each with its pass mark instead of the levels of the total."""
        reference = get_reference()
        charts = [
            trend_chart(self.trend, (part,), self.years, reference) for part in self.parts[1:]
        ]
        low = min((chart.low for chart in charts), default=0.0)
        pass_mark = reference.rules(self.years[-1]).pass_mark
        rules = (
            ()
            if pass_mark is None
            else (ReferenceLine(-0.5, len(self.years) - 0.5, float(pass_mark), f"{pass_mark:f}"),)
        )
        return tuple(
            (
                part,
                replace(
                    chart,
                    low=low,
                    reference_lines=rules,
                    marks=tuple(mark for mark in chart.marks if mark.strong),
                    lines=_scores(chart),
                ),
            )
            for part, chart in zip(self.parts[1:], charts, strict=True)
        )


def _scores(chart: LineChart) -> tuple[Line, ...]:
    """The lines of a small chart, whose heading names the part already."""
    return tuple(
        replace(line, dash="solid", end_label=line.end_label.rpartition(" ")[2])
        for line in chart.lines
    )


def show_charts(charts: _Charts) -> None:
    """The first part large with what its marks stand for, the others small below it."""
    chart = charts.chart(charts.parts[0])
    with st.container(border=True, key="card-trend", gap="small"):
        draw_chart(chart, "trend")
        _show_marks(chart)
    small = charts.small()
    if small:
        render_html(html("trend.parts", [_small_chart(charts.trend, *item) for item in small]))


def _show_marks(chart: LineChart) -> None:
    """What the marks on the axis stand for."""
    if chart.marks:
        title = _("เหตุการณ์และการเปลี่ยนเกณฑ์ ({count})", count=len(chart.marks))
        body = html("bullets", [mark.note for mark in chart.marks], "ita-quiet")
        render_html(html("details", title, body, look="ita-unfolded"))


def _small_chart(trend: Trend, part: Part, chart: LineChart) -> dict[str, object]:
    standing = compute_standing(trend, part, get_reference())
    text = own_change_label(standing) if standing else ""
    if standing and standing.change_since:
        text = f"{'▲' if standing.change_since > 0 else '▼'} {text}"
    dots = [dot for line in chart.lines for dot in line.dots]
    picture = sparkline_svg(chart, page_text_color(), SMALL_SIZE) if len(dots) > 1 else ""
    return {
        "name": part_text(part),
        "change": text,
        "alt": chart.alt,
        "picture": picture,
        "score": " ".join(line.end_label for line in chart.lines),
    }


def _show_sources(charts: _Charts, points: Sequence[Point], *, has_forecast: bool) -> None:
    """How the chart is read, how sure the rules are, and where everything is from, folded."""
    reference, years = get_reference(), charts.years
    facts = [_("จุดทึบคือคะแนนที่ประกาศ จุดโปร่งคือคะแนนที่คำนวณ เส้นขาดช่วงเมื่อไม่มีข้อมูลหรือเทียบกันไม่ได้")]
    if has_forecast:
        facts.append(_("แถบเส้นประคือช่วงที่คาดหากแนวโน้มเดิมดำเนินต่อไป"))
    assumed = [
        year_label(year)
        for year in years
        if reference.knows(year) and reference.rules(year).certainty is Certainty.ASSUMED
    ]
    if assumed:
        facts.append(_("เกณฑ์ของปี {years} คาดไว้ตามปีอื่น ยังไม่พบเอกสาร", years=", ".join(assumed)))
    scored_years = sorted({point.fiscal_year for point in points})
    facts += [
        *citation_sentences(scored_years, [TOTAL], reference),
        *assessment_sizes(scored_years, reference),
        source_line([p.source for p in points]),
    ]
    title = _("วิธีอ่านและที่มาของคะแนน ค่าเฉลี่ย เกณฑ์ระดับ และน้ำหนัก")
    render_html(html("details", title, html("bullets", facts, "ita-quiet"), look="ita-card"))


if __name__ == "__main__":
    show_page()
