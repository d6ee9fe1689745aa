"""What is late and what is due next, a line each, as HTML that leads to where it is mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

from ita.domain import FiscalYear, MeasureStatus, Quarter
from ita.formatting import date_text, quarter_text, year_text
from ita.i18n import _
from ita.imports.expected import next_due
from ita.measures.statuses import JudgedMeasure
from ita.ui import reads
from ita.ui.markup import render_html, tag
from ita.ui.measure_links import late_filter, upload_choices
from ita.ui.page_links import page_link_html
from ita.web.page_list import PROGRESS, UPLOAD


def late_year_html(year: FiscalYear, late: Sequence[JudgedMeasure], agency: str) -> str:
    """How much of a year is late or without a report. late: at least one."""
    late_count = sum(measure.status is MeasureStatus.LATE for measure in late)
    tags = tag(_("ล่าช้า {count} มาตรการ", count=late_count), "bad") if late_count else ""
    if unreported := len(late) - late_count:
        tags += tag(_("ขาดรายงาน {count} มาตรการ", count=unreported), "warn")
    query = late_filter(late) | {"agency": agency, "year": str(int(year))}
    link = page_link_html(PROGRESS, _("ดูมาตรการ"), **query)
    return f"{_no_wrap(escape(year_text(year)))} {tags} {_no_wrap(link)}"


def _no_wrap(html: str) -> str:
    """Words that don't break: a year at the end of one line and its number in the next read badly."""
    return f'<span style="white-space:nowrap">{html}</span>'


def show_late_of_other_years(
    late: Mapping[FiscalYear, Sequence[JudgedMeasure]], year: FiscalYear, agency: str
) -> None:
    """What is late of years that the page doesn't show."""
    lines = [
        late_year_html(other_year, late_measures, agency)
        for other_year, late_measures in late.items()
        if other_year != year
    ]
    if lines:
        render_html(f"<p>{escape(_('ปีอื่นที่ยังค้าง:'))}<br>{'<br>'.join(lines)}</p>")


def next_due_html(version: reads.DataVersion, agency: str, today: date) -> str:
    """The next report, by when, and of how many measures it still lacks; "" where none is owed."""

    def missing(quarter: Quarter) -> int:
        return reads.missing_reports(version, agency, quarter) or 0

    expected = next_due(today, missing)
    if expected is None:
        return ""
    quarter = expected.quarter
    due_text = _(
        "{quarter} ส่งภายใน {due} (เหลืออีก {days} วัน) ยังไม่รายงาน {missing} มาตรการ",
        quarter=quarter_text(quarter),
        due=date_text(expected.due),
        days=expected.days_left,
        missing=missing(quarter),
    )
    there = upload_choices(agency, quarter.fiscal_year, quarter)
    return f"{escape(due_text)} {page_link_html(UPLOAD, _('นำเข้าความสำเร็จ'), **there)}"
