"""Measures on screen: where they stand, their four quarters beside the pace, why they are late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import streamlit as st
from markupsafe import Markup

from ita.domain import (
    FICTIONAL_MARK,
    REPORT_DAYS,
    FiscalYear,
    Instrument,
    MeasureStatus,
    Quarter,
    is_fictional,
)
from ita.formatting import date_text, part_text, percent_text, quarter_text, shortened, year_text
from ita.i18n import _, either
from ita.measures.model import DONE, expected_percent, known_percent
from ita.measures.statuses import URGENT_STATUSES, JudgedMeasure, status_reason
from ita.measures.tables import (
    MeasureFilter,
    measure_table,
    status_text,
)
from ita.reference import Reference
from ita.ui.components.agency_picker import show_no_data
from ita.ui.components.charts import day_text, view_link
from ita.ui.components.markup import (
    BREAK,
    COMMA,
    DOT,
    SPACE,
    TONE_SIGNS,
    Tone,
    escape_markdown,
    html,
    render_html,
    tag,
)
from ita.ui.components.measure_links import (
    cleared_filters,
    details_href,
    evidence_html,
    indicator_href,
    measure_name,
)
from ita.ui.components.navigation import link_html, show_page_link
from ita.ui.components.pickers import pick_whole_list
from ita.ui.components.tables import show_table_downloads
from ita.web.paths import PLANNING, PROGRESS, UPLOAD


class QuarterCell(NamedTuple):
    """One quarter of a measure on the screen.

    look: its class in the style sheet. short: the quarter's name on a phone. percent, pace: of the bar, whole
    per cent; percent "" = no bar, pace "" = no mark on it.
    """

    look: str
    short: str
    text: str = ""
    notes: tuple[str, ...] = ("–",)
    percent: str = ""
    pace: str = ""


def quarter_cell(judged_measure: JudgedMeasure, quarter: Quarter) -> QuarterCell:
    """What is known of one quarter of a measure."""
    measure, progress = judged_measure.measure, judged_measure.progress
    short = _("ไตรมาส {number}", number=quarter.number)
    report = next((r for r in progress.reports if r.quarter == quarter), None)
    if measure.is_cancelled:
        # What was reported before, without a pace.
        text = percent_text(report.percent) if report else ""
        return QuarterCell("off", short, text, () if report else ("–",))
    percent = known_percent(progress.reports, quarter)
    pace = expected_percent(measure, quarter) if quarter in measure.quarters else None
    if percent is not None and (pace is not None or report):
        text, notes = percent_text(percent), (_("เสร็จแล้ว"),)
        if report:
            sign = "" if pace is None else "✓ " if percent >= pace else "▼ "
            text, notes = f"{sign}{text}", (_pace_text(pace),)
        pace_mark = "" if pace is None else f"{pace:.0f}"
        return QuarterCell(_shade_class(percent), short, text, notes, f"{percent:.0f}", pace_mark)
    if quarter in progress.unreported_quarters:
        return QuarterCell("missing", short, _("ไม่มีรายงาน"), (_pace_text(pace),))
    if progress.until is not None and quarter > progress.until:
        return QuarterCell("off", short, notes=(_("ยังไม่นับ"),))
    if pace is not None and not progress.is_finished:
        due = _("ครบกำหนด {day}", day=date_text(quarter.report_due))
        return QuarterCell("off", short, "–", (_pace_text(pace), due))
    return QuarterCell("off", short)


def _shade_class(percent: Decimal) -> str:
    """The fuller the darker, in quarters of the way; done has a colour of its own and says so."""
    return "p5" if percent >= DONE else f"p{1 + int(percent // 25)}"


def _pace_text(pace: Decimal | None) -> str:
    """The pace; outside the period there is none."""
    return _("นอกระยะเวลา") if pace is None else _("แผน {pace}", pace=percent_text(pace))


def quarter_legend() -> Markup:
    """What the signs of a cell mean."""
    bar = html("measures.bar", "60", "75")
    entries = (
        _("✓ ถึงแผน"),
        _("▼ ต่ำกว่าแผน"),
        SPACE.join((bar, _("แถบคือที่รายงาน ขีดคือแผน"))),
        _("– ยังไม่มีรายงาน ไม่ใช่ศูนย์"),
        _("ร้อยละเป็นค่าสะสมในปี"),
    )
    return html("bullets", entries, "ita-key")


TONES: dict[MeasureStatus, Tone] = {
    MeasureStatus.DONE: "good",
    MeasureStatus.LATE: "bad",
    MeasureStatus.NO_REPORT: "warn",
    MeasureStatus.NOT_STARTED: "note",
    MeasureStatus.ON_PLAN: "good",
    MeasureStatus.CANCELLED: "note",
}
# Of an instrument's measures, unless all are asked for: 500 rows hide what stands below them. With
# more than so many in all, each instrument is folded: a phone shows 20 rows on ten screens.
MAX_SHOWN_ROWS = 20
# Of a measure's text in the table; the whole text stands where it is looked at closely.
MAX_TEXT_LENGTH = 170


def show_no_measures(agency: str, year: FiscalYear | None) -> None:
    """An agency, or a year of it, that has no measures: what to import."""
    if year is None:
        show_no_data(_("มาตรการของหน่วยงานนี้"))
        return
    text = _("ยังไม่มีมาตรการของ{year} มีแต่ข้อความรายงาน นำเข้าไฟล์มาตรการของปีนี้ได้", year=year_text(year))
    st.info(text)
    show_page_link(UPLOAD, _("นำเข้ามาตรการ"), agency=agency, kind="measures", year=int(year))
    show_page_link(PLANNING, _("ร่างมาตรการจากปีก่อน"), agency=agency, plan_year=int(year))


def show_headline(
    judged: Sequence[JudgedMeasure],
    measure_filter: MeasureFilter,
    today: date,
    reference: Reference,
) -> None:
    """How many measures there are, and of when that is."""
    as_of = _("ข้อมูล ณ วันที่ {day}", day=date_text(today))
    if measure_filter.until:
        as_of = _("นับถึงสิ้น{quarter}", quarter=quarter_text(measure_filter.until))
    head = _("{year} มี {count} มาตรการ", year=year_text(measure_filter.year), count=len(judged))
    evidence = (
        report.evidence for judged_measure in judged for report in judged_measure.progress.reports
    )
    mark = tag(_(FICTIONAL_MARK), "note") if any(map(is_fictional, evidence)) else ""
    render_html(html("lead", SPACE.join((head, html("small", as_of), mark))))


def status_name(status: MeasureStatus, reference: Reference) -> str:
    """A status with its sign, for a place where it has no colour."""
    return f"{TONE_SIGNS[TONES[status]]} {escape_markdown(status_text(status, reference))}"


def show_filter(shown: int, total: int, measure_filter: MeasureFilter, agency: str) -> None:
    """How many of all measures a filter leaves, and the way back to all of them."""
    if not shown:
        st.info(_("ไม่มีมาตรการที่ตรงกับตัวกรอง กด “ล้างตัวกรอง” เพื่อดูทั้งหมด"))
    if shown < total or measure_filter.until:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(
                _("แสดง {shown} จาก {every} มาตรการ", shown=shown, every=total), width="content"
            )
            show_page_link(
                PROGRESS,
                _("ล้างตัวกรอง"),
                agency=agency,
                year=int(measure_filter.year),
                **cleared_filters(),
            )


def measure_tables(
    shown: Sequence[JudgedMeasure],
    agency: str,
    selected: JudgedMeasure | None,
    reference: Reference,
) -> None:
    """A table per instrument, many folded and long ones cut; a legend below the last."""
    if not shown:
        return
    by_instrument = {i: [f for f in shown if f.measure.instrument is i] for i in Instrument}
    groups = {instrument: measures for instrument, measures in by_instrument.items() if measures}
    long = max(map(len, groups.values())) > MAX_SHOWN_ROWS
    max_rows = MAX_SHOWN_ROWS if long and not pick_whole_list() else len(shown)
    for instrument, measures in groups.items():
        if len(shown) > MAX_SHOWN_ROWS:
            render_html(
                _collapsible_table(
                    instrument, measures, max_rows, len(groups) == 1, agency, selected, reference
                )
            )
        else:
            title = _title(instrument, measures, max_rows, reference)
            render_html(_table(title, measures, agency, selected, reference))
    render_html(quarter_legend() + html("quiet", pace_note(reference)))


def _title(
    instrument: Instrument, measures: Sequence[JudgedMeasure], max_rows: int, reference: Reference
) -> str:
    rule = reference.nearest_rules(measures[0].measure.fiscal_year).instruments.get(instrument)
    name = f"{instrument} {either(rule.name_th, rule.name_en)}" if rule else instrument.value
    title = _("{name}: {count} มาตรการ", name=name, count=len(measures))
    if len(measures) > max_rows:
        title = _("{title} แสดง {most} ข้อแรก", title=title, most=max_rows)
    return title


def _collapsible_table(
    instrument: Instrument,
    measures: Sequence[JudgedMeasure],
    max_rows: int,
    is_open: bool,
    agency: str,
    selected: JudgedMeasure | None,
    reference: Reference,
) -> Markup:
    """One of several long tables behind a line that says how it stands; what presses comes first."""
    counts = Counter(measure.status for measure in measures)
    marks = Markup().join(
        tag(f"{status_text(rule.status, reference)} {counts[rule.status]}", TONES[rule.status])
        for rule in reference.statuses
        if rule.status in URGENT_STATUSES and counts[rule.status]
    )
    urgent_first = sorted(measures, key=lambda measure: measure.status not in URGENT_STATUSES)[
        :max_rows
    ]
    caption = _("ข้อที่ล่าช้าหรือขาดรายงานอยู่ก่อน") if marks else ""
    marks = marks or tag(_("ไม่มีข้อที่ล่าช้าหรือขาดรายงาน"), "good")
    title = SPACE.join((_title(instrument, measures, max_rows, reference), marks))
    table = _table(caption, urgent_first, agency, selected, reference)
    return html("details", title, table, is_open, "ita-fold")


def _table(
    caption: str,
    shown: Sequence[JudgedMeasure],
    agency: str,
    selected: JudgedMeasure | None,
    reference: Reference,
) -> Markup:
    heads = (
        _("มาตรการ"),
        list(map(quarter_text, shown[0].measure.fiscal_year.quarters)),
        _("สถานะ"),
    )
    rows = [
        (
            measure is selected,
            link_html(details_href(agency, measure.measure), measure_name(measure.measure)),
            shortened(measure.measure.text, MAX_TEXT_LENGTH),
            measure_duties(measure, agency),
            [quarter_cell(measure, quarter) for quarter in measure.measure.fiscal_year.quarters],
            status_cell(measure, reference) + _last_report(measure),
        )
        for measure in shown
    ]
    return html("measures.table", caption, heads, rows)


def status_cell(judged_measure: JudgedMeasure, reference: Reference) -> Markup:
    mark = tag(status_text(judged_measure.status, reference), TONES[judged_measure.status])
    return BREAK.join((mark, status_reason(judged_measure)))


def measure_duties(judged_measure: JudgedMeasure, agency: str) -> Markup:
    """Who, when and what for, as HTML; what the agency left out is marked."""
    return DOT.join(_duties(judged_measure, agency))


def _duties(judged_measure: JudgedMeasure, agency: str) -> Iterator[str]:
    measure = judged_measure.measure
    tone: Tone = "note" if measure.is_cancelled else "warn"
    yield ", ".join(measure.divisions) or tag(_("ยังไม่ระบุผู้รับผิดชอบ"), tone)
    if measure.period is None:
        yield tag(_("ยังไม่ระบุระยะเวลาดำเนินการ"), tone)
    else:
        first, last = measure.period.first.number, measure.period.last.number
        numbers = f"{first}" if first == last else f"{first}–{last}"
        yield _("ไตรมาส {numbers}", numbers=numbers)
    aimed = (link_html(indicator_href(agency, n), part_text(n)) for n in measure.indicators)
    yield COMMA.join(aimed) or _("ไม่ระบุตัวชี้วัด")
    if measure.target:
        yield _("เป้าหมาย: {target}", target=shortened(measure.target))


def _last_report(judged_measure: JudgedMeasure) -> Markup:
    """The last note, obstacle and evidence, each with its quarter said once."""
    last = judged_measure.progress.last_report
    if last is None or not (last.note or last.obstacle or last.evidence):
        return Markup()
    parts: list[str] = [html("bold", _("ไตรมาส {number}:", number=last.quarter.number))]
    if last.note:
        parts.append(shortened(last.note, MAX_TEXT_LENGTH))
    if last.obstacle:
        parts += [html("bold", _("อุปสรรค:")), shortened(last.obstacle, MAX_TEXT_LENGTH)]
    if last.evidence:
        parts += [html("bold", _("หลักฐาน:")), evidence_html(last.evidence)]
    return html("quiet", SPACE.join(parts))


def measure_downloads(
    shown: Sequence[JudgedMeasure], measure_filter: MeasureFilter, agency: str, reference: Reference
) -> None:
    """The table as filtered, with the filter and the day of the data inside."""
    notes = (
        _("มาตรการและความสำเร็จรายไตรมาสของหน่วยงาน {agency}", agency=agency),
        measure_filter.describe(reference),
        pace_note(reference),
        day_text(),
        view_link(),
    )
    stem = f"ita-measures-{agency}-{int(measure_filter.year)}"
    show_table_downloads("measures", stem, measure_table(shown, agency, reference, notes))


def pace_note(reference: Reference) -> str:
    """How the pace is reckoned and from when on a measure is late; nobody announces either."""
    allowed = reference.status(MeasureStatus.LATE).behind_by
    return _(
        "แผนคือก้าวเท่ากันทุกไตรมาสของระยะเวลาดำเนินการ จนครบ 100 % เมื่อสิ้นสุด (ไม่ระบุระยะเวลา ใช้ทั้งปี) "
        "ช้ากว่าแผนเกิน {allowed} นับว่าล่าช้า รายงานครบกำหนด {days} วันหลังสิ้นไตรมาส ก่อนนั้นไม่นับ",
        allowed=percent_text(allowed),
        days=REPORT_DAYS,
    )
