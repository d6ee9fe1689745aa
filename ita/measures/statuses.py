"""The status of each measure on a day; pure.

Names, order and the threshold come from data/reference/statuses.csv. Nothing is late before a
quarter's report is due, 30 days after its end (rule 101/1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ita.domain import MeasureStatus, Quarter
from ita.formatting import date_text, percent_text
from ita.i18n import _
from ita.measures.model import (
    DONE,
    Completion,
    Measure,
    Reports,
    expected_percent,
    is_due,
    is_finished,
    pair_with_reports,
    unreported_quarters,
)
from ita.reference import StatusRule


@dataclass(frozen=True)
class Progress:
    """What is known of a measure on a day, as of a quarter.

    reports: its own up to that quarter. due_quarters: of its period, whose report is due by then.
    unreported_quarters: those of them without one. until: as of that quarter, None = all.
    """

    measure: Measure
    reports: Reports
    due_quarters: tuple[Quarter, ...]
    unreported_quarters: tuple[Quarter, ...]
    today: date
    until: Quarter | None = None

    def report_of(self, quarter: Quarter) -> Completion | None:
        return next((report for report in self.reports if report.quarter == quarter), None)

    @property
    def last_report(self) -> Completion | None:
        return self.reports[-1] if self.reports else None

    @property
    def percent(self) -> Decimal | None:
        """The last reported one; None where nothing was reported at all."""
        return self.last_report.percent if self.last_report else None

    @property
    def reported_quarter(self) -> Quarter | None:
        """The quarter of the last report."""
        return self.last_report.quarter if self.last_report else None

    @property
    def is_finished(self) -> bool:
        return is_finished(self.reports)

    @property
    def is_overdue(self) -> bool:
        """Below 100 % although the report of its last quarter is due."""
        return self.measure.quarters[-1] in self.due_quarters and not self.is_finished

    @property
    def pace_quarter(self) -> Quarter | None:
        """The quarter whose pace the last report is held to: the last that is due, or its own where
        it is older. None where nothing can be late yet."""
        if self.reported_quarter is None or not self.due_quarters:
            return None
        return min(self.reported_quarter, self.due_quarters[-1])

    @property
    def expected_percent(self) -> Decimal | None:
        """Percent that it should have reached in that quarter."""
        return expected_percent(self.measure, self.pace_quarter) if self.pace_quarter else None

    def is_behind(self, tolerance: Decimal) -> bool:
        """Whether the last report is more than some points behind; at the end, below 100 at all."""
        if self.is_finished or self.expected_percent is None or self.percent is None:
            return False
        allowed = Decimal(0) if self.pace_quarter == self.measure.quarters[-1] else tolerance
        return self.expected_percent - self.percent > allowed


def progress_of(
    measure: Measure, reports: Reports, today: date, until: Quarter | None = None
) -> Progress:
    """What is known of a measure on a day. reports: none of a quarter after `until`."""
    due_quarters = tuple(
        q
        for q in measure.quarters
        if not measure.is_cancelled and is_due(q, today) and (until is None or q <= until)
    )
    missing = unreported_quarters(measure, reports, today, until)
    return Progress(measure, reports, due_quarters, missing, today, until)


# The statuses in which somebody has to do something now.
URGENT_STATUSES = frozenset({MeasureStatus.LATE, MeasureStatus.NO_REPORT})

# Every measure that is not cancelled fits one of them; only late and without a report can both fit, and then the rank in
# the table decides.
_CONDITIONS: Mapping[MeasureStatus, Callable[[Progress, bool], bool]] = {
    MeasureStatus.DONE: lambda progress, behind: progress.is_finished,
    MeasureStatus.LATE: lambda progress, behind: behind,
    MeasureStatus.NO_REPORT: lambda progress, behind: bool(progress.unreported_quarters),
    MeasureStatus.NOT_STARTED: lambda progress, behind: (
        not (progress.percent or behind or progress.unreported_quarters)
    ),
    MeasureStatus.ON_PLAN: lambda progress, behind: (
        bool(progress.percent)
        and not (progress.is_finished or behind or progress.unreported_quarters)
    ),
}


@dataclass(frozen=True)
class JudgedMeasure:
    """A measure with its status. tolerance: points behind the pace that are still allowed."""

    progress: Progress
    status: MeasureStatus
    tolerance: Decimal

    @property
    def measure(self) -> Measure:
        return self.progress.measure

    @property
    def is_urgent(self) -> bool:
        return self.status in URGENT_STATUSES


def judge_measure(progress: Progress, statuses: Sequence[StatusRule]) -> JudgedMeasure:
    """The first status by rank that fits; of a cancelled measure that it is. statuses: whole, as the
    reference data are."""
    tolerance = sum((rule.behind_by or Decimal(0) for rule in statuses), Decimal(0))
    if progress.measure.is_cancelled:
        return JudgedMeasure(progress, MeasureStatus.CANCELLED, tolerance)
    behind = progress.is_behind(tolerance)
    fitting_statuses = (
        rule.status
        for rule in statuses
        if rule.status in _CONDITIONS and _CONDITIONS[rule.status](progress, behind)
    )
    return JudgedMeasure(progress, next(fitting_statuses), tolerance)


def judge_measures(
    measures: Sequence[Measure],
    completions: Sequence[Completion],
    today: date,
    statuses: Sequence[StatusRule],
    until: Quarter | None = None,
) -> tuple[JudgedMeasure, ...]:
    """Every measure with its status, in their order. until: as of that quarter, None = now."""
    return tuple(
        judge_measure(progress_of(measure, reports, today, until), statuses)
        for measure, reports in pair_with_reports(measures, completions, until)
    )


def outstanding_measures(
    measures: Sequence[Measure],
    completions: Sequence[Completion],
    today: date,
    statuses: Sequence[StatusRule],
) -> tuple[JudgedMeasure, ...]:
    """Measures that are late or lack a report that is due, in their order. They stand until they are
    done, however many years later that is."""
    return tuple(
        judged
        for judged in judge_measures(measures, completions, today, statuses)
        if judged.is_urgent
    )


# Why a measure has its status, as one sentence.


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


def _cancelled(judged_measure: JudgedMeasure) -> str:
    progress = judged_measure.progress
    reason = progress.measure.cancelled or ""
    if progress.reported_quarter is None:
        return reason
    return _(
        "{reason} (ก่อนยกเลิกรายงานไตรมาส {number} ได้ {percent})",
        reason=reason,
        number=progress.reported_quarter.number,
        percent=percent_text(progress.percent),
    )


_REASONS: Mapping[MeasureStatus, Callable[[JudgedMeasure], str]] = {
    MeasureStatus.DONE: _done,
    MeasureStatus.LATE: _late,
    MeasureStatus.NO_REPORT: _no_report,
    MeasureStatus.NOT_STARTED: _not_started,
    MeasureStatus.ON_PLAN: _on_plan,
    MeasureStatus.CANCELLED: _cancelled,
}
