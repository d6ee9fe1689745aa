"""Measures on screen: where they stand, their four quarters beside the pace, why they are late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from html import escape

import streamlit as st

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
    MEASURE_WIDTHS,
    MeasureFilter,
    measure_header,
    measure_records,
    status_text,
)
from ita.reference import Reference
from ita.ui.components.agency_picker import show_no_data
from ita.ui.components.charts import day_text, view_link
from ita.ui.components.markup import TONE_SIGNS, Tone, escape_markdown, render_html, tag
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

STYLE = """
<style>
.ita-measures, .ita-reports { border-collapse: separate !important; border-spacing: 3px 0 }
.ita a { color: inherit; text-underline-offset: .2em;
  text-decoration-color: rgba(125,135,144,.8) }
.ita-measures tbody th { font-weight: 400; width: 38%; min-width: 15rem; line-height: 1.5 }
.ita-measures tbody th small, .ita-measures td small { white-space: normal }
.ita-measures .status { min-width: 13rem; width: 27% }
.ita-measures tr.chosen th, .ita-measures tr.chosen .status {
  box-shadow: inset 0 2px 0 currentColor, inset 0 -2px 0 currentColor }
.ita th.quarter, .ita td.quarter { text-align: center; min-width: 5.2rem; padding: .4rem .3rem }
.ita td.quarter { font-variant-numeric: tabular-nums; line-height: 1.35 }
.ita td.quarter b { display: block } .ita td.quarter small { display: block; white-space: normal }
.ita td.quarter.p1 { background: rgba(47,116,181,.10) }
.ita td.quarter.p2 { background: rgba(47,116,181,.19) }
.ita td.quarter.p3 { background: rgba(47,116,181,.28) }
.ita td.quarter.p4 { background: rgba(47,116,181,.37) }
.ita td.quarter.p5 { background: rgba(46,139,103,.36) }
.ita td.quarter.missing { box-shadow: inset 0 0 0 2px rgba(154,91,0,.75) }
.ita-dark td.quarter.missing { box-shadow: inset 0 0 0 2px rgba(240,180,94,.8) }
.ita-bar { display: block; position: relative; height: 6px; margin: .2rem .3rem 0;
  border-radius: 3px; background: rgba(125,135,144,.28) }
.ita-bar i { position: absolute; left: 0; top: 0; bottom: 0; border-radius: 3px;
  background: currentColor; opacity: .75 }
.ita-bar u { position: absolute; top: -3px; bottom: -3px; width: 2px; background: currentColor }
.ita ul.ita-key { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; list-style: none; margin: 0;
  padding: 0; font-size: .92rem }
.ita-key li { margin: 0 } .ita-key .ita-bar { display: inline-block; width: 3.2rem; margin: 0 .2rem }
.ita-fold { border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent) }
.ita-fold > summary { font-weight: 600; padding: .6rem .2rem; cursor: pointer }
@media (max-width: 640px) {
  .ita-measures thead { position: absolute; left: -9999px }
  .ita-measures, .ita-measures tbody { display: block }
  .ita-measures caption { display: block }
  .ita-measures tr { display: flex; flex-wrap: wrap; gap: 3px; padding: .7rem 0;
    border-bottom: 2px solid color-mix(in srgb, currentColor 30%, transparent) }
  .ita-measures tbody th, .ita-measures .status { display: block; width: 100%; min-width: 0;
    border: 0 !important; padding: .2rem 0 !important }
  .ita-measures td.quarter { display: block; flex: 1 1 0; min-width: 0; border: 0 !important;
    padding: .3rem .1rem }
  .ita-measures td.quarter::before { content: attr(data-short); display: block; font-size: .82rem;
    opacity: .85 }
  .ita-measures td.quarter small { font-size: .78rem }
}
@media print { .ita-measures tr { break-inside: avoid }
  .ita-measures tbody th, .ita-measures .status { min-width: 0 }
  .ita th.quarter, .ita td.quarter { min-width: 4rem }
  .ita td.quarter { print-color-adjust: exact; -webkit-print-color-adjust: exact } }
</style>
"""


def quarter_heads(year: FiscalYear) -> str:
    return "".join(
        f'<th scope="col" class="quarter">{escape(quarter_text(q))}</th>' for q in year.quarters
    )


def quarter_cell(judged_measure: JudgedMeasure, quarter: Quarter) -> str:
    """One quarter of a measure: what is known of it, said and drawn."""
    progress = judged_measure.progress
    short = escape(_("ไตรมาส {number}", number=quarter.number))
    if judged_measure.measure.is_cancelled:
        return _cancelled_cell(judged_measure, quarter, short)
    css_class, inner = "off", "<small>–</small>"
    percent = known_percent(progress.reports, quarter)
    pace = (
        expected_percent(judged_measure.measure, quarter)
        if quarter in judged_measure.measure.quarters
        else None
    )
    if percent is not None and (pace is not None or quarter in _reported_quarters(judged_measure)):
        css_class, inner = (
            _shade_class(percent),
            _percent_html(judged_measure, quarter, percent, pace),
        )
    elif quarter in progress.unreported_quarters:
        css_class, inner = "missing", _text_with_pace(_("ไม่มีรายงาน"), pace)
    elif progress.until is not None and quarter > progress.until:
        css_class, inner = "off", f"<small>{escape(_('ยังไม่นับ'))}</small>"
    elif pace is not None and not progress.is_finished:
        due = _("ครบกำหนด {day}", day=date_text(quarter.report_due))
        css_class, inner = "off", f"{_text_with_pace('–', pace)}<small>{escape(due)}</small>"
    return f'<td class="quarter {css_class}" data-short="{short}">{inner}</td>'


def _cancelled_cell(judged_measure: JudgedMeasure, quarter: Quarter, short: str) -> str:
    """A quarter of a cancelled measure: what was reported before, without a pace."""
    report = next((r for r in judged_measure.progress.reports if r.quarter == quarter), None)
    percent = f"<b>{escape(percent_text(report.percent))}</b>" if report else "<small>–</small>"
    return f'<td class="quarter off" data-short="{short}">{percent}</td>'


def _reported_quarters(judged_measure: JudgedMeasure) -> frozenset[Quarter]:
    return frozenset(report.quarter for report in judged_measure.progress.reports)


def _shade_class(percent: Decimal) -> str:
    """The fuller the darker, in quarters of the way; done has a colour of its own and says so."""
    return "p5" if percent >= DONE else f"p{1 + int(percent // 25)}"


def _percent_html(
    judged_measure: JudgedMeasure, quarter: Quarter, percent: Decimal, pace: Decimal | None
) -> str:
    if quarter not in _reported_quarters(judged_measure):
        done_text = escape(_("เสร็จแล้ว"))
        return (
            f"<b>{escape(percent_text(percent))}</b><small>{done_text}</small>{_bar(percent, pace)}"
        )
    sign = "" if pace is None else "✓ " if percent >= pace else "▼ "
    return f"{_text_with_pace(f'{sign}{percent_text(percent)}', pace)}{_bar(percent, pace)}"


def _text_with_pace(text: str, pace: Decimal | None) -> str:
    """What is known, with the pace below; outside the period there is none."""
    plan = _("นอกระยะเวลา") if pace is None else _("แผน {pace}", pace=percent_text(pace))
    return f"<b>{escape(text)}</b><small>{escape(plan)}</small>"


def _bar(percent: Decimal, pace: Decimal | None) -> str:
    tick = "" if pace is None else f'<u style="left:calc({pace:.0f}% - 1px)"></u>'
    return f'<span class="ita-bar" aria-hidden="true"><i style="width:{percent:.0f}%"></i>{tick}</span>'


def quarter_legend() -> str:
    """What the signs of a cell mean."""
    bar = _bar(Decimal(60), Decimal(75))
    entries = (
        escape(_("✓ ถึงแผน")),
        escape(_("▼ ต่ำกว่าแผน")),
        f"{bar} {escape(_('แถบคือที่รายงาน ขีดคือแผน'))}",
        escape(_("– ยังไม่มีรายงาน ไม่ใช่ศูนย์")),
        escape(_("ร้อยละเป็นค่าสะสมในปี")),
    )
    items = "".join(f"<li>{entry}</li>" for entry in entries)
    return f'<ul class="ita-key">{items}</ul>'


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
    text = _("ยังไม่มีมาตรการของ{year} มีแต่ข้อความรายงาน นำเข้าแฟ้มมาตรการของปีนี้ได้", year=year_text(year))
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
    st.html(STYLE)
    as_of = _("ข้อมูล ณ วันที่ {day}", day=date_text(today))
    if measure_filter.until:
        as_of = _("นับถึงสิ้น{quarter}", quarter=quarter_text(measure_filter.until))
    head = _("{year} มี {count} มาตรการ", year=year_text(measure_filter.year), count=len(judged))
    evidence = (
        report.evidence for judged_measure in judged for report in judged_measure.progress.reports
    )
    mark = tag(_(FICTIONAL_MARK), "note") if any(map(is_fictional, evidence)) else ""
    render_html(f'<p class="ita-lead">{escape(head)} <small>{escape(as_of)}</small> {mark}</p>')


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
            caption = f"<caption>{escape(title)}</caption>"
            render_html(_table(caption, measures, agency, selected, reference))
    render_html(f'{quarter_legend()}<p class="ita-quiet">{escape(pace_note(reference))}</p>')


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
) -> str:
    """One of several long tables behind a line that says how it stands; what presses comes first."""
    counts = Counter(measure.status for measure in measures)
    marks = "".join(
        tag(f"{status_text(rule.status, reference)} {counts[rule.status]}", TONES[rule.status])
        for rule in reference.statuses
        if rule.status in URGENT_STATUSES and counts[rule.status]
    )
    urgent_first = sorted(measures, key=lambda measure: measure.status not in URGENT_STATUSES)[
        :max_rows
    ]
    title = _title(instrument, measures, max_rows, reference)
    caption = f"<caption>{escape(_('ข้อที่ล่าช้าหรือขาดรายงานอยู่ก่อน'))}</caption>" if marks else ""
    return (
        f'<details class="ita-fold"{" open" if is_open else ""}>'
        f"<summary>{escape(title)} {marks or tag(_('ไม่มีข้อที่ล่าช้าหรือขาดรายงาน'), 'good')}</summary>"
        f"{_table(caption, urgent_first, agency, selected, reference)}</details>"
    )


def _table(
    caption: str,
    shown: Sequence[JudgedMeasure],
    agency: str,
    selected: JudgedMeasure | None,
    reference: Reference,
) -> str:
    rows = "".join(_row(measure, agency, measure is selected, reference) for measure in shown)
    return (
        f'<table class="ita-measures">{caption}'
        f'<thead><tr><th scope="col">{escape(_("มาตรการ"))}</th>'
        f"{quarter_heads(shown[0].measure.fiscal_year)}"
        f'<th scope="col">{escape(_("สถานะ"))}</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _row(
    judged_measure: JudgedMeasure, agency: str, is_selected: bool, reference: Reference
) -> str:
    measure = judged_measure.measure
    cells = "".join(
        quarter_cell(judged_measure, quarter) for quarter in measure.fiscal_year.quarters
    )
    name = link_html(details_href(agency, measure), measure_name(measure))
    return (
        f'<tr{" class=chosen" if is_selected else ""}><th scope="row"><b>{name}</b> '
        f"{escape(shortened(measure.text, MAX_TEXT_LENGTH))}<br><small>{measure_duties(judged_measure, agency)}</small></th>"
        f'{cells}<td class="status">{status_cell(judged_measure, reference)}{_last_report(judged_measure)}</td></tr>'
    )


def status_cell(judged_measure: JudgedMeasure, reference: Reference) -> str:
    mark = tag(status_text(judged_measure.status, reference), TONES[judged_measure.status])
    return f"{mark}<br>{escape(status_reason(judged_measure))}"


def measure_duties(judged_measure: JudgedMeasure, agency: str) -> str:
    """Who, when and what for, as HTML; what the agency left out is marked."""
    return " · ".join(_duties(judged_measure, agency))


def _duties(judged_measure: JudgedMeasure, agency: str) -> Iterator[str]:
    measure = judged_measure.measure
    tone: Tone = "note" if measure.is_cancelled else "warn"
    yield escape(", ".join(measure.divisions)) or tag(_("ยังไม่ระบุผู้รับผิดชอบ"), tone)
    if measure.period is None:
        yield tag(_("ยังไม่ระบุระยะเวลาดำเนินการ"), tone)
    else:
        first, last = measure.period.first.number, measure.period.last.number
        numbers = f"{first}" if first == last else f"{first}–{last}"
        yield escape(_("ไตรมาส {numbers}", numbers=numbers))
    aimed = (link_html(indicator_href(agency, n), part_text(n)) for n in measure.indicators)
    yield ", ".join(aimed) or escape(_("ไม่ระบุตัวชี้วัด"))
    if measure.target:
        yield escape(_("เป้าหมาย: {target}", target=shortened(measure.target)))


def _last_report(judged_measure: JudgedMeasure) -> str:
    """The last note, obstacle and evidence, each with its quarter said once."""
    last = judged_measure.progress.last_report
    if last is None or not (last.note or last.obstacle or last.evidence):
        return ""
    parts = [f"<b>{escape(_('ไตรมาส {number}:', number=last.quarter.number))}</b>"]
    if last.note:
        parts.append(escape(shortened(last.note, MAX_TEXT_LENGTH)))
    if last.obstacle:
        obstacle = escape(shortened(last.obstacle, MAX_TEXT_LENGTH))
        parts.append(f"<b>{escape(_('อุปสรรค:'))}</b> {obstacle}")
    if last.evidence:
        parts.append(f"<b>{escape(_('หลักฐาน:'))}</b> {evidence_html(last.evidence)}")
    return f'<p class="ita-quiet">{" ".join(parts)}</p>'


def measure_downloads(
    shown: Sequence[JudgedMeasure], measure_filter: MeasureFilter, agency: str, reference: Reference
) -> None:
    """The table as filtered, with the filter and the day of the data inside."""
    # Files are made on a click, outside the run that knows the language: all is said now.
    header, records = measure_header(), list(measure_records(shown, agency, reference))
    notes = (
        _("มาตรการและความสำเร็จรายไตรมาสของหน่วยงาน {agency}", agency=agency),
        measure_filter.describe(reference),
        pace_note(reference),
        day_text(),
        view_link(),
    )
    stem = f"ita-measures-{agency}-{int(measure_filter.year)}"
    show_table_downloads("measures", stem, header, lambda: records, MEASURE_WIDTHS, notes)


def pace_note(reference: Reference) -> str:
    """How the pace is reckoned and from when on a measure is late; nobody announces either."""
    allowed = reference.status(MeasureStatus.LATE).behind_by
    return _(
        "แผนคือก้าวเท่ากันทุกไตรมาสของระยะเวลาดำเนินการ จนครบ 100 % เมื่อสิ้นสุด (ไม่ระบุระยะเวลา ใช้ทั้งปี) "
        "ช้ากว่าแผนเกิน {allowed} นับว่าล่าช้า รายงานครบกำหนด {days} วันหลังสิ้นไตรมาส ก่อนนั้นไม่นับ",
        allowed=percent_text(allowed),
        days=REPORT_DAYS,
    )
