"""Measures on screen: how they stand, what needs hands, their four quarters beside the pace, and why."""

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
    MeasureStatus,
    Quarter,
    is_fictional,
)
from ita.formatting import date_text, part_text, percent_text, quarter_text, shortened, year_text
from ita.i18n import _
from ita.measures.model import DONE, expected_percent, known_percent
from ita.measures.statuses import JudgedMeasure, status_reason
from ita.measures.tables import MeasureFilter, measure_table, status_text
from ita.reference import Reference
from ita.tables import CellValue, Table
from ita.ui.components.agency_picker import show_no_data
from ita.ui.components.charts import day_text
from ita.ui.components.markup import (
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
    upload_choices,
)
from ita.ui.components.navigation import (
    can_open,
    link_html,
    page_link_html,
    show_page_link,
    word_help_html,
)
from ita.ui.components.pickers import pick_whole_list
from ita.ui.components.url_state import view_link
from ita.web.paths import PLANNING, PROGRESS, UPLOAD


class QuarterCell(NamedTuple):
    """One quarter of a measure on the screen.

    look: its class in the style sheet. short: the quarter's name where no header stands above.
    percent, pace: of the bar, whole per cent; percent "" = no bar, pace "" = no mark on it.
    """

    look: str
    short: str
    text: str = "–"
    notes: tuple[str, ...] = ()
    percent: str = ""
    pace: str = ""


def quarter_cell(judged_measure: JudgedMeasure, quarter: Quarter) -> QuarterCell:
    """What is known of one quarter of a measure."""
    measure, progress = judged_measure.measure, judged_measure.progress
    short = _("ไตรมาส {number}", number=quarter.number)
    report = progress.report_of(quarter)
    if measure.is_cancelled:
        # What was reported before, without a pace.
        return QuarterCell("off", short, percent_text(report.percent) if report else "–")
    percent = known_percent(progress.reports, quarter)
    pace = expected_percent(measure, quarter) if quarter in measure.quarters else None
    if percent is not None and (pace is not None or report):
        text, notes = percent_text(percent), (_("เสร็จแล้ว"),)
        if report:
            sign = "" if pace is None else "✓ " if percent >= pace else "▼ "
            text, notes = f"{sign}{text}", (_pace_text(pace),)
        pace_mark = "" if pace is None else f"{pace:.0f}"
        return QuarterCell(_look(percent, pace), short, text, notes, f"{percent:.0f}", pace_mark)
    if quarter in progress.unreported_quarters:
        return QuarterCell("missing", short, _("ไม่มีรายงาน"), (_pace_text(pace),))
    if progress.until is not None and quarter > progress.until:
        return QuarterCell("off", short, notes=(_("ยังไม่นับ"),))
    if pace is not None and not progress.is_finished:
        due = _("ครบกำหนด {day}", day=date_text(quarter.report_due))
        return QuarterCell("off", short, "–", (_pace_text(pace), due))
    return QuarterCell("off", short)


def _look(percent: Decimal, pace: Decimal | None) -> str:
    """Green is for what is done; below the pace has a colour of its own."""
    if percent >= DONE:
        return "done"
    return "behind" if pace is not None and percent < pace else "going"


def _pace_text(pace: Decimal | None) -> str:
    """The pace; outside the period there is none."""
    return _("นอกระยะเวลา") if pace is None else _("แผน {pace}", pace=percent_text(pace))


def legend(reference: Reference) -> Markup:
    """What the bars and signs mean, folded."""
    entries = (
        _("สี่ช่องคือไตรมาส 1–4 แถบคือร้อยละสะสมที่รายงาน ขีดคือแผน") + word_help_html("pace", _("แผน")),
        _("✓ ถึงแผน · ▼ ต่ำกว่าแผน · ลายขีดคือถึงกำหนดแล้วไม่มีรายงาน · – คือยังไม่มีรายงาน ไม่ใช่ศูนย์"),
        pace_note(reference),
    )
    return html("details", _("วิธีอ่าน"), html("bullets", entries, "ita-quiet"), False, "ita-fold")


TONES: dict[MeasureStatus, Tone] = {
    MeasureStatus.DONE: "good",
    MeasureStatus.LATE: "bad",
    MeasureStatus.NO_REPORT: "warn",
    MeasureStatus.NOT_STARTED: "note",
    MeasureStatus.ON_PLAN: "note",
    MeasureStatus.CANCELLED: "note",
}
# Of a list, unless all are asked for: 500 rows hide what stands below them.
MAX_SHOWN_ROWS = 20
# Of a measure's text in the list; the whole text stands where it is looked at closely.
MAX_TEXT_LENGTH = 600
# Of a note or an obstacle beside it.
MAX_NOTE_LENGTH = 170


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
) -> None:
    """How the measures stand in one sentence, of when that is, and who is responsible for most."""
    as_of = _("ข้อมูล ณ วันที่ {day}", day=date_text(today))
    if measure_filter.until:
        as_of = _("นับถึงสิ้น{quarter}", quarter=quarter_text(measure_filter.until))
    counts = Counter(judged_measure.status for judged_measure in judged)
    total = len(judged) - counts[MeasureStatus.CANCELLED]
    year = year_text(measure_filter.year)
    parts = [
        _(
            "{year}: เสร็จ {done} จาก {total}",
            year=year,
            done=counts[MeasureStatus.DONE],
            total=total,
        )
    ]
    if late := counts[MeasureStatus.LATE]:
        parts.append(_("ล่าช้า {count}", count=late))
    if unreported := counts[MeasureStatus.NO_REPORT]:
        parts.append(_("ขาดรายงาน {count}", count=unreported))
    if total and not late and not unreported:
        parts.append(_("ไม่มีข้อที่ล่าช้าหรือขาดรายงาน"))
    if cancelled := counts[MeasureStatus.CANCELLED]:
        parts.append(_("ยกเลิก {count}", count=cancelled))
    evidence = (
        report.evidence for judged_measure in judged for report in judged_measure.progress.reports
    )
    mark = tag(_(FICTIONAL_MARK), "note") if any(map(is_fictional, evidence)) else ""
    render_html(html("lead", SPACE.join((DOT.join(parts), html("small", as_of), mark))))


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


# What is listed after what needs hands, folded by status: what goes on, what is to come, what is over.
_LATER = (
    MeasureStatus.ON_PLAN,
    MeasureStatus.NOT_STARTED,
    MeasureStatus.DONE,
    MeasureStatus.CANCELLED,
)


def measure_list(
    shown: Sequence[JudgedMeasure],
    agency: str,
    selected: JudgedMeasure | None,
    reference: Reference,
    is_narrowed: bool,
) -> None:
    """What needs hands first, the rest folded by status; all of it below a measure that is looked at.
    is_narrowed: to chosen statuses, of which none is folded."""
    if not shown:
        return
    urgent = [judged for judged in shown if judged.is_urgent]
    urgent.sort(key=lambda judged: judged.status is not MeasureStatus.LATE)
    groups = {status: [j for j in shown if j.status is status] for status in _LATER}
    groups = {status: measures for status, measures in groups.items() if measures}
    is_long = max(map(len, (urgent, *groups.values()))) > MAX_SHOWN_ROWS
    max_rows = MAX_SHOWN_ROWS if is_long and not pick_whole_list() else len(shown)
    common, blocks = common_divisions(shown), []
    if urgent:
        rows = urgent[:max_rows]
        title = _cut_title(_("ต้องลงมือ {count} ข้อ", count=len(urgent)), len(urgent), max_rows)
        head = html("heading", title) + _missing_reports_link(urgent, agency)
        blocks.append(head + _table(rows, agency, selected, common, reference))
    for index, (status, measures) in enumerate(groups.items()):
        name = f"{status_text(status, reference)} {len(measures)}"
        title = _cut_title(name, len(measures), max_rows)
        table = _table(measures[:max_rows], agency, selected, common, reference)
        is_open = is_narrowed or (not urgent and index == 0)
        blocks.append(html("details", title, table, is_open, "ita-fold"))
    if common:
        text = _("ผู้รับผิดชอบ (เว้นแต่ข้อที่ระบุไว้): {divisions}", divisions=", ".join(common))
        blocks.append(html("quiet", text))
    body = Markup().join((*blocks, legend(reference)))
    if selected:
        body = html("details", _("ทุกมาตรการ"), body, False, "ita-fold")
    render_html(html("measures.card", body), stacked=True)


def _cut_title(title: str, count: int, max_rows: int) -> str:
    return (
        title if count <= max_rows else _("{title} แสดง {most} ข้อแรก", title=title, most=max_rows)
    )


def _missing_reports_link(urgent: Sequence[JudgedMeasure], agency: str) -> Markup:
    """To the import of each quarter of which a report is missing."""
    missing = {q for judged in urgent for q in judged.progress.unreported_quarters}
    links = [
        page_link_html(
            UPLOAD,
            _("นำเข้าทั้ง{quarter}", quarter=quarter_text(quarter)),
            **upload_choices(agency, quarter.fiscal_year, quarter),
        )
        for quarter in sorted(missing, key=lambda quarter: quarter.number)
    ]
    return html("quiet_part", DOT.join(filter(None, links)))


def common_divisions(judged: Sequence[JudgedMeasure]) -> tuple[str, ...]:
    """The divisions that more than half of several measures have, said once above the list; () = none."""
    if len(judged) < 2:
        return ()
    divisions, count = Counter(j.measure.divisions for j in judged).most_common(1)[0]
    return divisions if 2 * count > len(judged) else ()


def _table(
    shown: Sequence[JudgedMeasure],
    agency: str,
    selected: JudgedMeasure | None,
    common: Sequence[str],
    reference: Reference,
) -> Markup:
    quarters = shown[0].measure.fiscal_year.quarters
    heads = (
        _("มาตรการ"),
        [_("ไตรมาส {number}", number=quarter.number) for quarter in quarters],
        _("สถานะ"),
    )
    may_change = can_open(UPLOAD, agency=agency, kind="progress")
    rows = [
        (
            judged is selected,
            link_html(details_href(agency, judged.measure), measure_name(judged.measure)),
            shortened(judged.measure.text, MAX_TEXT_LENGTH),
            _row_details(judged, agency, common),
            [quarter_cell(judged, quarter) for quarter in judged.measure.fiscal_year.quarters],
            status_tag(judged, reference),
            status_reason(judged),
            _action_link(judged, agency) if may_change else "",
        )
        for judged in shown
    ]
    return html("measures.table", heads, rows)


def _row_details(judged: JudgedMeasure, agency: str, common: Sequence[str]) -> Markup:
    duties = html("quiet", measure_duties(judged, agency, common))
    return duties + _last_report(judged)


def _action_link(judged: JudgedMeasure, agency: str) -> Markup:
    """What is done next about a measure: its missing report, else the change of what is reported."""
    measure = judged.measure
    if judged.progress.unreported_quarters:
        quarter = judged.progress.unreported_quarters[0]
        label = _("รายงานไตรมาส {number}", number=quarter.number)
        return link_html(details_href(agency, measure, report=quarter.number), label)
    return link_html(details_href(agency, measure), _("แก้ไข"))


def status_tag(judged_measure: JudgedMeasure, reference: Reference) -> Markup:
    return tag(status_text(judged_measure.status, reference), TONES[judged_measure.status])


def measure_duties(
    judged_measure: JudgedMeasure, agency: str, common: Sequence[str] = ()
) -> Markup:
    """Who, when and what for, as HTML; what the agency left out is marked. common: divisions that are
    said elsewhere."""
    return DOT.join(_duties(judged_measure, agency, common))


def _duties(judged_measure: JudgedMeasure, agency: str, common: Sequence[str]) -> Iterator[str]:
    measure = judged_measure.measure
    tone: Tone = "note" if measure.is_cancelled else "warn"
    if not common or measure.divisions != common:
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
        parts.append(shortened(last.note, MAX_NOTE_LENGTH))
    if last.obstacle:
        parts += [html("bold", _("อุปสรรค:")), shortened(last.obstacle, MAX_NOTE_LENGTH)]
    if last.evidence:
        parts += [html("bold", _("หลักฐาน:")), evidence_html(last.evidence)]
    return html("quiet", SPACE.join(parts))


def measures_file(
    shown: Sequence[JudgedMeasure], measure_filter: MeasureFilter, agency: str, reference: Reference
) -> Table[tuple[CellValue, ...]]:
    """The list as filtered, with the filter and the day of the data inside."""
    notes = (
        _("มาตรการและความสำเร็จรายไตรมาสของหน่วยงาน {agency}", agency=agency),
        measure_filter.describe(reference),
        pace_note(reference),
        day_text(),
        view_link(),
    )
    return measure_table(shown, agency, reference, notes)


def pace_note(reference: Reference) -> str:
    """How the pace is reckoned and from when on a measure is late; nobody announces either."""
    allowed = reference.status(MeasureStatus.LATE).behind_by
    return _(
        "แผนคือก้าวเท่ากันทุกไตรมาสของระยะเวลาดำเนินการ จนครบ 100 % เมื่อสิ้นสุด (ไม่ระบุระยะเวลา ใช้ทั้งปี) "
        "ช้ากว่าแผนเกิน {allowed} นับว่าล่าช้า รายงานครบกำหนด {days} วันหลังสิ้นไตรมาส ก่อนนั้นไม่นับ",
        allowed=percent_text(allowed),
        days=REPORT_DAYS,
    )
