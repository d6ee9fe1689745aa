"""Measures as a table for downloads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ita.i18n import _
from ita.measures.filters import status_text
from ita.measures.model import Completion
from ita.measures.reasons import status_reason
from ita.measures.statuses import JudgedMeasure
from ita.reference import Reference
from ita.tables import CellValue

# Of the columns of `measure_header`, in characters.
MEASURE_WIDTHS = (
    10,
    14,
    8,
    8,
    50,
    12,
    26,
    9,
    9,
    22,
    10,
    10,
    10,
    10,
    12,
    12,
    12,
    40,
    10,
    30,
    30,
    30,
)


def measure_header() -> tuple[str, ...]:
    return (
        _("ปีงบประมาณ"),
        _("หน่วยงาน"),
        _("แบบวัด"),
        _("ลำดับ"),
        _("มาตรการ"),
        _("ตัวชี้วัด"),
        _("ผู้รับผิดชอบ"),
        _("ไตรมาสเริ่ม"),
        _("ไตรมาสสิ้นสุด"),
        _("เป้าหมาย"),
        *(_("ร้อยละไตรมาส {number}", number=number) for number in (1, 2, 3, 4)),
        _("ร้อยละล่าสุด"),
        _("ควรได้"),
        _("สถานะ"),
        _("เหตุผล"),
        _("รายงานล่าสุดไตรมาส"),
        _("ผลการดำเนินงานล่าสุด"),
        _("ปัญหา/อุปสรรคล่าสุด"),
        _("หลักฐานล่าสุด"),
    )


def measure_records(
    judged_measures: Sequence[JudgedMeasure], agency: str, reference: Reference
) -> Iterator[tuple[CellValue, ...]]:
    """A row per measure, typed; blanks where nothing was reported. agency: its id.

    Percents are 0–100 as reported, cumulative within the year. What should have been reached is
    that of the quarter to which the last report is held.
    """
    for judged in judged_measures:
        measure, progress = judged.measure, judged.progress
        by_quarter = {report.quarter: report for report in progress.reports}
        period = measure.period
        yield (
            int(measure.fiscal_year),
            agency,
            measure.instrument.value,
            measure.seq,
            measure.text,
            ",".join(measure.indicators) or None,
            "\n".join(measure.divisions) or None,
            period.first.number if period else None,
            period.last.number if period else None,
            measure.target,
            *(_percent(by_quarter.get(quarter)) for quarter in measure.fiscal_year.quarters),
            progress.percent,
            None if progress.expected_percent is None else round(progress.expected_percent, 2),
            status_text(judged.status, reference),
            status_reason(judged),
            progress.reported_quarter.number if progress.reported_quarter else None,
            *_last_texts(progress.last_report),
        )


def _percent(report: Completion | None) -> CellValue:
    return report.percent if report else None


def _last_texts(report: Completion | None) -> tuple[CellValue, CellValue, CellValue]:
    return (report.note, report.obstacle, report.evidence) if report else (None, None, None)
