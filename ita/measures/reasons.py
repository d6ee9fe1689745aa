"""Why a measure has its status, said in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ita.measures.rules import DONE
from ita.measures.statuses import JudgedMeasure, Progress
from ita.vocabulary import MeasureStatus, Quarter
from ita.wording import date_text, percent_text, say


def status_reason(found: JudgedMeasure) -> str:
    """One sentence with the figures and days that decided."""
    return _REASONS[found.status](found)


def numbers_text(quarters: Sequence[Quarter]) -> str:
    return ", ".join(str(quarter.number) for quarter in quarters)


def _done(found: JudgedMeasure) -> str:
    reached = None
    for report in reversed(found.progress.reports):
        if report.percent < DONE:
            break
        reached = report.quarter
    return say("ครบ 100 % ตั้งแต่ไตรมาส {number}", number=reached.number if reached else "–")


def _late(found: JudgedMeasure) -> str:
    known = found.progress
    told = say(
        "ครบกำหนดเมื่อสิ้นไตรมาส {number} แล้วยังไม่เสร็จ: {percent}",
        number=known.measure.quarters[-1].number,
        percent=percent_text(known.percent),
    )
    if known.held_to != known.measure.quarters[-1]:
        told = _beside_the_pace(known, behind=True)
    if not known.unreported:
        return told
    return say(
        "{told} และไม่มีรายงานไตรมาส {numbers}", told=told, numbers=numbers_text(known.unreported)
    )


def _beside_the_pace(known: Progress, behind: bool) -> str:
    """Expected and reported percent; where the report is of a later quarter, it says so."""
    words = {
        "number": known.held_to.number if known.held_to else "–",
        "expected": percent_text(known.expected),
        "percent": percent_text(known.percent),
    }
    if known.reported == known.held_to and behind:
        return say("ถึงไตรมาส {number} ควรได้ {expected} แต่รายงาน {percent}", **words)
    if known.reported == known.held_to:
        return say("ถึงไตรมาส {number} ควรได้ {expected} และรายงาน {percent}", **words)
    last = known.reported.number if known.reported else "–"
    if behind:
        return say(
            "ถึงไตรมาส {number} ควรได้ {expected} แต่รายงานของไตรมาส {last} ได้เพียง {percent}",
            last=last,
            **words,
        )
    return say(
        "ถึงไตรมาส {number} ควรได้ {expected} และรายงานของไตรมาส {last} ได้ {percent}",
        last=last,
        **words,
    )


def _no_report(found: JudgedMeasure) -> str:
    known = found.progress
    words = {
        "numbers": numbers_text(known.unreported),
        "due": date_text(known.unreported[0].report_due),
    }
    if known.reported is None:
        return say("ไม่มีรายงานไตรมาส {numbers} ซึ่งครบกำหนดตั้งแต่ {due} และยังไม่เคยรายงาน", **words)
    return say(
        "ไม่มีรายงานไตรมาส {numbers} ซึ่งครบกำหนดตั้งแต่ {due} รายงานล่าสุดคือไตรมาส {last} ได้ {percent}",
        last=known.reported.number,
        percent=percent_text(known.percent),
        **words,
    )


def _not_started(found: JudgedMeasure) -> str:
    known = found.progress
    if known.reported is not None:
        words = {"number": known.reported.number, "percent": percent_text(known.percent)}
        return say("รายงานของไตรมาส {number} คือ {percent}", **words)
    first = known.measure.quarters[0]
    if known.today < first.first_day or (known.until is not None and known.until < first):
        words = {"number": first.number, "day": date_text(first.first_day)}
        return say("เริ่มดำเนินการในไตรมาส {number} ({day})", **words)
    words = {"number": first.number, "due": date_text(first.report_due)}
    return say("ยังไม่มีรายงาน รายงานแรกคือไตรมาส {number} ครบกำหนด {due}", **words)


def _on_plan(found: JudgedMeasure) -> str:
    known = found.progress
    if known.expected is None or known.percent is None:
        words = {
            "number": known.reported.number if known.reported else "–",
            "percent": percent_text(known.percent),
        }
        return say("รายงานของไตรมาส {number} ได้ {percent} ก่อนครบกำหนด", **words)
    told = _beside_the_pace(known, behind=False)
    if known.percent >= known.expected:
        return told
    return say("{told} ช้ากว่าแผนไม่เกิน {by}", told=told, by=percent_text(found.behind_by))


_REASONS: Mapping[MeasureStatus, Callable[[JudgedMeasure], str]] = {
    MeasureStatus.DONE: _done,
    MeasureStatus.LATE: _late,
    MeasureStatus.NO_REPORT: _no_report,
    MeasureStatus.NOT_STARTED: _not_started,
    MeasureStatus.ON_PLAN: _on_plan,
}
