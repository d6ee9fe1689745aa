"""แนวโน้ม: scores over the years, with levels, breaks, the national mean and the table beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import itemgetter

import streamlit as st
from markupsafe import Markup

from ita.charts.sparkline import sparkline_svg
from ita.charts.values import Line, LineChart, ReferenceLine
from ita.domain import (
    FICTIONAL_MARK,
    TOTAL,
    Certainty,
    FiscalYear,
    Instrument,
    Part,
    Verdict,
    is_fictional,
)
from ita.formatting import (
    certainty_text,
    change_text,
    no_data,
    part_text,
    score_text,
    year_label,
    year_text,
)
from ita.i18n import _
from ita.reference import Reference
from ita.scores.charts import break_signs, trend_chart
from ita.scores.citations import (
    assessment_sizes,
    citation_sentences,
    mean_note,
    means_line,
)
from ita.scores.contributions import (
    NoSplit,
    Split,
    Step,
    StepKind,
    last_comparable_pair,
    split_change,
    totals_by_year,
)
from ita.scores.events import AgencyEvent, event_marks, mark_notes
from ita.scores.forecasts import compute_forecast, forecast_bands
from ita.scores.levels import localized_level
from ita.scores.standing import (
    compute_standing,
    own_change_label,
    run_changes,
    score_comparisons,
    verdict_sentence,
)
from ita.scores.statistics import comparable_run, compute_slope, judge_latest_change
from ita.scores.tables import YearRow, trend_points, trend_table, year_rows
from ita.scores.totals import YearScores
from ita.scores.trends import Point, Trend, change_from
from ita.scores.waterfall import (
    change_headline,
    refusal_text,
    split_notes,
    split_table,
    step_name,
    waterfall_chart,
)
from ita.tables import Kind, Table, TableColumn, screen_columns
from ita.ui.components import queries
from ita.ui.components.agency_picker import require_agency, show_import_link, show_no_data
from ita.ui.components.charts import (
    Download,
    draw_chart,
    page_text_color,
    pick_chart_or_table,
    show_downloads,
    source_line,
)
from ita.ui.components.frame import guard
from ita.ui.components.markup import BREAK, SPACE, Tone, html, render_html, tag
from ita.ui.components.pickers import (
    filter_label,
    is_years_narrowed,
    pick_parts,
    pick_year_pair,
    pick_years,
)
from ita.ui.components.queries import data_version
from ita.ui.components.tables import show_table, table_html
from ita.ui.components.url_state import is_narrowed
from ita.web.store_access import get_reference


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


VERDICT_TONES: dict[Verdict, Tone] = {
    Verdict.FALLING: "bad",
    Verdict.MIXED: "warn",
    Verdict.FLAT: "note",
    Verdict.NOT_ENOUGH_DATA: "note",
}


# Width and height of a small chart.
SMALL_SIZE = (326, 120)


def drawable_parts(trend: Trend) -> tuple[Part, ...]:
    """The total and the instruments that have a score; indicators have a page of their own."""
    return tuple(part for part in trend.parts if part == TOTAL or part in tuple(Instrument))


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


def verdict_tone(trend: Trend, part: Part, reference: Reference) -> Tone:
    """A rise is good where it has reached the mark and is no smaller than the nation's."""
    verdict, standing = trend.verdict(part), compute_standing(trend, part, reference)
    if verdict is None or standing is None or verdict.verdict is not Verdict.RISING:
        return VERDICT_TONES[verdict.verdict] if verdict else "note"
    change, nation = run_changes(trend, verdict)
    return "good" if change is not None and standing.is_success(change, nation) else "note"


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


def show_point_table(trend: Trend, points: Sequence[Point], parts: Sequence[Part]) -> None:
    """The chart's values as a table, a row per year."""
    by_year = year_rows(points)
    years = sorted(row.fiscal_year for row in by_year)
    signs = break_signs(years, get_reference())
    caption = _("ตารางคะแนน (ในวงเล็บคือการเปลี่ยนแปลงจากปีก่อน)")
    if signs:
        caption += " " + _("(1), (2), … หน้าปีคือการเปลี่ยนเกณฑ์ที่บอกไว้ใต้ตาราง")
    show_table(Table(_year_columns(parts, trend, signs), by_year, caption))


def _year_columns(
    parts: Sequence[Part], trend: Trend, signs: Mapping[FiscalYear, str]
) -> list[TableColumn[YearRow]]:
    def point(part: Part) -> TableColumn[YearRow]:
        return TableColumn(
            part_text(part),
            kind=Kind.FIGURE,
            shown=lambda row: _point_cell(row.points.get(part), trend),
        )

    def level(row: YearRow) -> str:
        return _level(row, row.total.level if row.total else None)

    return [
        TableColumn(
            _("ปีงบประมาณ"),
            shown=lambda row: (
                f"{signs.get(row.fiscal_year, '')} {year_label(row.fiscal_year)}".strip()
            ),
        ),
        *map(point, parts),
        TableColumn(
            _("ทั้งประเทศ"),
            kind=Kind.FIGURE,
            shown=lambda row: _national_cell(row.total) if row.total else "–",
        ),
        TableColumn(
            _("เทียบกับทั้งประเทศ"),
            kind=Kind.FIGURE,
            shown=lambda row: _distance(row.total) if row.total else "–",
        ),
        TableColumn(_("ระดับตามเกณฑ์"), kind=Kind.WORDS, shown=level),
        TableColumn(_("ระดับที่ประกาศ"), kind=Kind.WORDS, shown=_published_level),
    ]


def _national_cell(total: Point) -> str:
    """The nation's mean with its change and how sure it is, as HTML."""
    mean = get_reference().national_mean(total.fiscal_year, total.part)
    if total.national_mean is None:
        return "–"
    text = score_text(total.national_mean)
    if total.national_change is not None:
        text = SPACE.join((text, html("small", f"({change_text(total.national_change)})")))
    if mean is None or mean.certainty is Certainty.PRIMARY:
        return text
    return BREAK.join((text, html("small", certainty_text(mean.certainty), mean_note(mean))))


def _distance(total: Point) -> str:
    distance = total.distance_to_national
    return "–" if distance is None else change_text(distance)


def _published_level(row: YearRow) -> str:
    """The level as published, as HTML, with a mark where the scores don't allow it."""
    total = row.total
    level = _level(row, total.published_level if total else None)
    if total is None or not total.has_level_mismatch:
        return level
    return BREAK.join((level, tag(_("ไม่ตรงกับคะแนน"), "warn")))


def _level(row: YearRow, level: str | None) -> str:
    reference = get_reference()
    if not reference.knows(row.fiscal_year):
        return level or "–"  # a hole in a series may be a year that no rules are known of
    return localized_level(level, reference.rules(row.fiscal_year)) or "–"


def _point_cell(point: Point | None, trend: Trend) -> str:
    if point is None or point.score is None:
        return html("small", no_data())
    lines = [score_text(point.score)]
    if point.change is not None:
        lines = [SPACE.join((*lines, html("small", f"({change_text(point.change)})")))]
    elif change_since := change_from(trend, point, get_reference()):
        since, change = change_since
        words = {"change": change_text(change), "year": year_text(since)}
        lines.append(html("small", f"({_('{change} จาก{year}', **words)})"))
    if point.has_mismatch:
        computed = score_text(point.computed_score)
        lines.append(tag(_("คำนวณได้ {score}", score=computed), "warn"))
    elif point.published_score is None:
        lines.append(html("small", _("คำนวณ")))
    return BREAK.join(lines)


def point_file(
    points: Sequence[Point], marks: Sequence[str], agency: str, parts: Sequence[Part]
) -> Table[Point]:
    """The chart's points for a file: as filtered, with notes on the filter and the sources of
    the authority's figures.

    marks: notes on the chart's breaks and events, a sentence each.
    """
    years = sorted({point.fiscal_year for point in points})
    notes = (
        _("คะแนน ITA ของหน่วยงาน {agency}", agency=agency),
        _("ส่วนที่เลือก: {parts}", parts=", ".join(part_text(part) for part in parts)),
        *marks,
        *citation_sentences(years, list(dict.fromkeys((TOTAL, *parts))), get_reference()),
        *assessment_sizes(years, get_reference()),
        _("ข้อมูลถึงการนำเข้าครั้งที่") + f" {data_version()[1]}",
    )
    return trend_table(points, get_reference(), agency, notes)


# Statistics of a trend, part by part: slope, significance of the last change, and forecast.


def statistics_table(
    trend: Trend, scores: Sequence[YearScores], parts: Sequence[Part], reference: Reference
) -> Table[tuple[str, ...]]:
    """A row per part; without any scores no rows.

    scores: the same agency's, for the numbers of respondents.
    """
    columns: list[TableColumn[tuple[str, ...]]] = [
        TableColumn(
            _("ส่วน"), itemgetter(0), 16, Kind.WORDS, shown=lambda row: html("bold", row[0])
        ),
        TableColumn(_("เปลี่ยนแปลงต่อปี"), itemgetter(1), 45, Kind.WORDS),
        TableColumn(_("ความแน่นอนของผล"), itemgetter(2), 45, Kind.WORDS),
        TableColumn(_("ปีถัดไป"), itemgetter(3), 45, Kind.WORDS),
    ]
    rows = [
        (part_text(p), *_statistics_sentences(trend, scores, p, reference))
        for p in parts
        if trend.points
    ]
    return Table(columns, rows, _("ข้อสังเกตจากตัวเลข"), _statistics_notes())


def show_statistics(
    trend: Trend, table: Table[tuple[str, ...]], parts: Sequence[Part], reference: Reference
) -> None:
    """What the figures show, folded: a verdict and a row per part, and how far they may be trusted."""
    if not table.rows:
        return
    verdicts = [
        SPACE.join(
            (
                html("bold", part_text(part)),
                tag(
                    verdict_sentence(verdict, trend, reference),
                    verdict_tone(trend, part, reference),
                ),
            )
        )
        for part in parts
        if (verdict := trend.verdict(part))
    ]
    body = Markup().join(
        (
            html("bullets", verdicts),
            table_html(replace(table, title="")),
            html("bullets", table.notes, "ita-quiet"),
        )
    )
    render_html(html("details", table.title, body, look="ita-card"), stacked=True)


def _statistics_sentences(
    trend: Trend, scores: Sequence[YearScores], part: Part, reference: Reference
) -> tuple[str, ...]:
    judged_change = judge_latest_change(trend, scores, part, reference)
    return (
        compute_slope(part, comparable_run(trend, part)).sentence(),
        judged_change.sentence() if judged_change else "–",
        compute_forecast(trend, part, reference).sentence(),
    )


def _statistics_notes() -> tuple[str, ...]:
    return (
        _("เปลี่ยนแปลงต่อปี: ค่ากลางของความชันระหว่างทุกคู่ปีที่เทียบกันได้ ปีที่ผิดปกติเพียงปีเดียวจึงมีผลน้อย"),
        _(
            "ความแน่นอนของผล: ± คือค่าสูงสุดที่เป็นไปได้ที่ความเชื่อมั่น 95 % เพราะไม่มีการเผยแพร่คำตอบรายคน "
            "ความคลาดเคลื่อนจริงมักน้อยกว่านี้"
        ),
        _("ปีถัดไป: เป็นช่วงจากคะแนนที่มี ไม่ใช่คำรับรอง ในการจำลอง คะแนนจริงอยู่ในช่วงนี้ราว 6–8 ใน 10 ครั้ง"),
    )


# What moved the total: two years to choose, a sentence, the steps as a chart and as a table.


def show_change_split(agency: str, *, as_table: bool) -> Download | None:
    """The section below the trend, and its files; where the change can't be split, what is missing
    for it."""
    st.header(_("อะไรทำให้คะแนนรวมเปลี่ยน"), anchor=False)
    reference = get_reference()
    scores = {s.fiscal_year: s for s in queries.agency_scores(queries.data_version(), agency)}
    years = list(totals_by_year(scores.values(), reference))
    default_pair = last_comparable_pair(years, reference)
    if default_pair is None:
        st.info(_("ต้องมีคะแนนรวมอย่างน้อยสองปีจึงจะบอกได้ว่าอะไรทำให้คะแนนเปลี่ยน"))
        show_import_link(_("ไปหน้านำเข้าข้อมูล"), agency=agency, kind="scores")
        return None
    earlier, later = pick_year_pair(years, default_pair)
    split = split_change(scores[earlier], scores[later], reference)
    if isinstance(split, NoSplit):
        _show_no_split(split, agency)
        return None
    notes = tuple(split_notes(split, reference))
    chart, headline = waterfall_chart(split, reference), change_headline(split, reference)
    with st.container(border=True, key="card-moved"):
        render_html(html("lead", headline))
        if as_table:
            show_table(_step_table(split, reference))
        elif any(step.points for step in split.steps):
            draw_chart(chart, "moved")
            notes = (
                *notes,
                _("แกนของกราฟไม่ได้เริ่มที่ 0 ความยาวของคะแนนรวมจึงเทียบกันไม่ได้ ให้ดูที่ขั้นและตัวเลข"),
            )
        render_html(html("details", _("หมายเหตุ"), html("bullets", notes, "ita-quiet")))
    stem = f"ita-change-{agency}-{int(split.earlier)}-{int(split.later)}"
    sources = [scores[earlier].source, scores[later].source]
    table = split_table(split, reference, notes)
    return Download(table, stem, chart, sources, _("อะไรทำให้คะแนนรวมเปลี่ยน"))


def _show_no_split(refusal: NoSplit, agency: str) -> None:
    st.info(refusal_text(refusal))
    if refusal.missing:
        show_import_link(_("ไปหน้านำเข้าข้อมูล"), agency=agency, kind="scores")


def _step_table(split: Split, reference: Reference) -> Table[tuple[str, str, str]]:
    columns = screen_columns(
        (_("ขั้น"), Kind.WORDS),
        (_("คะแนนรวมเปลี่ยน"), Kind.FIGURE),
        (_("คะแนนของส่วนนั้น"), Kind.FIGURE),
    )
    rows = [
        _total_row(split.earlier, split.start),
        *(_step_row(step, split, reference) for step in split.steps),
        _total_row(split.later, split.end),
    ]
    title = _("ทุกขั้นรวมกันได้ {change} พอดี", change=change_text(split.change))
    return Table(columns, rows, title)


def _total_row(year: int, total: Decimal) -> tuple[str, str, str]:
    name = _("คะแนนรวม {year}", year=year_text(year))
    return html("bold", name), html("bold", score_text(total)), ""


def _step_row(step: Step, split: Split, reference: Reference) -> tuple[str, str, str]:
    scores_text = "–"
    if step.kind is StepKind.PART:
        scores_text = f"{score_text(step.before)} → {score_text(step.after)}"
    return step_name(step, split, reference), change_text(step.points), scores_text


if __name__ == "__main__":
    show_page()
