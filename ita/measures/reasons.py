"""Why a measure has its status, as one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ita.domain import MeasureStatus, Quarter
from ita.formatting import date_text, percent_text
from ita.i18n import _
from ita.measures.model import DONE
from ita.measures.statuses import JudgedMeasure, Progress


def status_reason(judged_measure: JudgedMeasure) -> str:
    """One sentence with the figures and days that decided."""
    return _REASONS[judged_measure.status](judged_measure)


def numbers_text(quarters: Sequence[Quarter]) -> str:
    return ", ".join(str(quarter.number) for quarter in quarters)


def _done(judged_measure: JudgedMeasure) -> str:
    reached = None
    for report in reversed(judged_measure.progress.reports):
        if report.percent < DONE:
            break
        reached = report.quarter
    return _("ครบ 100 % ตั้งแต่ไตรมาส {number}", number=reached.number if reached else "–")


def _late(judged_measure: JudgedMeasure) -> str:
    progress = judged_measure.progress
    text = _(
        "ครบกำหนดเมื่อสิ้นไตรมาส {number} แล้วยังไม่เสร็จ: {percent}",
        number=progress.measure.quarters[-1].number,
        percent=percent_text(progress.percent),
    )
    if progress.pace_quarter != progress.measure.quarters[-1]:
        text = _pace_text(progress, behind=True)
    if not progress.unreported_quarters:
        return text
    return _(
        "{told} และไม่มีรายงานไตรมาส {numbers}",
        told=text,
        numbers=numbers_text(progress.unreported_quarters),
    )


def _pace_text(progress: Progress, behind: bool) -> str:
    """Expected and reported percent; where the report is of a later quarter, it says so."""
    words = {
        "number": progress.pace_quarter.number if progress.pace_quarter else "–",
        "expected": percent_text(progress.expected_percent),
        "percent": percent_text(progress.percent),
    }
    if progress.reported_quarter == progress.pace_quarter and behind:
        return _("ถึงไตรมาส {number} ควรได้ {expected} แต่รายงาน {percent}", **words)
    if progress.reported_quarter == progress.pace_quarter:
        return _("ถึงไตรมาส {number} ควรได้ {expected} และรายงาน {percent}", **words)
    last = progress.reported_quarter.number if progress.reported_quarter else "–"
    if behind:
        return _(
            "ถึงไตรมาส {number} ควรได้ {expected} แต่รายงานของไตรมาส {last} ได้เพียง {percent}",
            last=last,
            **words,
        )
    return _(
        "ถึงไตรมาส {number} ควรได้ {expected} และรายงานของไตรมาส {last} ได้ {percent}",
        last=last,
        **words,
    )


def _no_report(judged_measure: JudgedMeasure) -> str:
    progress = judged_measure.progress
    words = {
        "numbers": numbers_text(progress.unreported_quarters),
        "due": date_text(progress.unreported_quarters[0].report_due),
    }
    if progress.reported_quarter is None:
        return _("ไม่มีรายงานไตรมาส {numbers} ซึ่งครบกำหนดตั้งแต่ {due} และยังไม่เคยรายงาน", **words)
    return _(
        "ไม่มีรายงานไตรมาส {numbers} ซึ่งครบกำหนดตั้งแต่ {due} รายงานล่าสุดคือไตรมาส {last} ได้ {percent}",
        last=progress.reported_quarter.number,
        percent=percent_text(progress.percent),
        **words,
    )


def _not_started(judged_measure: JudgedMeasure) -> str:
    progress = judged_measure.progress
    if progress.reported_quarter is not None:
        words = {
            "number": progress.reported_quarter.number,
            "percent": percent_text(progress.percent),
        }
        return _("รายงานของไตรมาส {number} คือ {percent}", **words)
    first = progress.measure.quarters[0]
    if progress.today < first.first_day or (progress.until is not None and progress.until < first):
        words = {"number": first.number, "day": date_text(first.first_day)}
        return _("เริ่มดำเนินการในไตรมาส {number} ({day})", **words)
    words = {"number": first.number, "due": date_text(first.report_due)}
    return _("ยังไม่มีรายงาน รายงานแรกคือไตรมาส {number} ครบกำหนด {due}", **words)


def _on_plan(judged_measure: JudgedMeasure) -> str:
    progress = judged_measure.progress
    if progress.expected_percent is None or progress.percent is None:
        words = {
            "number": progress.reported_quarter.number if progress.reported_quarter else "–",
            "percent": percent_text(progress.percent),
        }
        return _("รายงานของไตรมาส {number} ได้ {percent} ก่อนครบกำหนด", **words)
    text = _pace_text(progress, behind=False)
    if progress.percent >= progress.expected_percent:
        return text
    return _("{told} ช้ากว่าแผนไม่เกิน {by}", told=text, by=percent_text(judged_measure.tolerance))


_REASONS: Mapping[MeasureStatus, Callable[[JudgedMeasure], str]] = {
    MeasureStatus.DONE: _done,
    MeasureStatus.LATE: _late,
    MeasureStatus.NO_REPORT: _no_report,
    MeasureStatus.NOT_STARTED: _not_started,
    MeasureStatus.ON_PLAN: _on_plan,
}
