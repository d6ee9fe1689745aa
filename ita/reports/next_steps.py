"""What to do next, ranked; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ita.domain import FiscalYear
from ita.formatting import score_text, year_text
from ita.i18n import N_, _
from ita.measures.model import Measure
from ita.measures.statuses import JudgedMeasure, status_reason
from ita.planning.needs import (
    WeakPoint,
    latest_scored_year,
    measures_aiming_at,
    weak_points_below_mark,
)
from ita.reference import Reference
from ita.reports.gaps import Gap, GapKind
from ita.reports.narrative import NarrativeReport
from ita.reports.readiness import claim_address, gap_address
from ita.scores.trends import Trend


class NextStepKind(StrEnum):
    """In the order in which they are worth doing."""

    WEAK_INDICATOR = "weak_indicator"
    LATE_MEASURE = "late_measure"
    REPORT_GAP = "report_gap"
    CONTRADICTED_CLAIM = "contradicted_claim"


STEP_TITLES = {
    NextStepKind.WEAK_INDICATOR: N_("ตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่าน {mark} ใน{year} {count} ตัว"),
    NextStepKind.LATE_MEASURE: N_("มาตรการที่ล่าช้าหรือขาดรายงาน {count} มาตรการ"),
    NextStepKind.REPORT_GAP: N_("สิ่งที่รายงานยังขาด {count} รายการ"),
    NextStepKind.CONTRADICTED_CLAIM: N_("ข้อความในรายงานที่ขัดกับคะแนน {count} แห่ง"),
}

# Titles of steps of another year than the one that the page is about.
STEP_TITLES_OF_YEAR = {
    NextStepKind.LATE_MEASURE: N_("มาตรการ{year} ที่ล่าช้าหรือขาดรายงาน {count} มาตรการ"),
    NextStepKind.REPORT_GAP: N_("สิ่งที่รายงานผล{year} ยังขาด {count} รายการ"),
    NextStepKind.CONTRADICTED_CLAIM: N_("ข้อความในรายงานผล{year} ที่ขัดกับคะแนน {count} แห่ง"),
}


@dataclass(frozen=True)
class LatestWeakness:
    """What is below the pass mark in the latest scored year, the furthest below first.

    year: None where no part has a score. measures: planned for that year or a later one; only they
    can answer it.
    """

    year: FiscalYear | None = None
    points: tuple[WeakPoint, ...] = ()
    measures: tuple[Measure, ...] = ()


def latest_weakness(
    trend: Trend, measures: Sequence[Measure], reference: Reference
) -> LatestWeakness:
    """The weak points of the latest year that has scores by part: overview, brief and planning all
    show these. measures: of every year; those of earlier years are ignored."""
    year = latest_scored_year(trend, reference)
    if year is None:
        return LatestWeakness()
    planned = tuple(measure for measure in measures if measure.fiscal_year >= year)
    return LatestWeakness(year, weak_points_below_mark(trend, year, reference), planned)


@dataclass(frozen=True)
class StepItem:
    """name: of the measure or instrument, such as "IIT 3". message: what is wrong. text: of the measure.

    target: what it is about, as addresses of pages have it: of a measure (IIT-3), an indicator (7) or a
    cell of the report (IIT-result-3); "" where only the whole page is.
    """

    name: str
    message: str
    text: str = ""
    target: str = ""


@dataclass(frozen=True)
class NextStep:
    """One kind of things to do, the most pressing items first. year: of its scores, work or report,
    None where it is the page's year. mark: the pass mark below which scores are weak. indicators:
    whether all weak parts are indicators."""

    kind: NextStepKind
    items: tuple[StepItem, ...]
    year: FiscalYear | None = None
    mark: str = ""
    indicators: bool = True

    @property
    def title(self) -> str:
        year = year_text(self.year) if self.year else ""
        words = {"count": len(self.items), "year": year, "mark": self.mark}
        if not self.indicators:
            return _("แบบวัดหรือตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่าน {mark} ใน{year} {count} ส่วน", **words)
        if self.year and self.kind in STEP_TITLES_OF_YEAR:
            return _(STEP_TITLES_OF_YEAR[self.kind], **words)
        return _(STEP_TITLES[self.kind], **words)


def open_report_year(
    years: Sequence[FiscalYear], year: FiscalYear, today: date
) -> FiscalYear | None:
    """The year before a running one, where it has work: its report is handed in during this one.
    years: those that have work."""
    previous = FiscalYear(year - 1) if year > FiscalYear.FIRST else None
    return previous if previous in years and today <= year.last_day else None


def next_steps(
    report: NarrativeReport,
    late_measures: Sequence[JudgedMeasure],
    weakness: LatestWeakness,
    earlier_report: NarrativeReport | None = None,
) -> tuple[NextStep, ...]:
    """The kinds that have something to do, in their rank, the oldest year of a kind first.

    report: of the page's year. late_measures: of every open year. earlier_report: of the year before,
    if it is still to be handed in.

    What is weak in the latest scores comes first; then what is late, what the report lacks, and what
    it says against the scores. A report of progress that is missing counts as late. Weak points of
    an earlier year are no next step (`plan_remark`).
    """
    reports = (earlier_report, report) if earlier_report else (report,)

    def other_year(year: FiscalYear) -> FiscalYear | None:
        return None if year == report.fiscal_year else year

    steps = [*weak_steps(weakness)]
    for year in sorted({one.measure.fiscal_year for one in late_measures}):
        year_measures = sorted(
            (o for o in late_measures if o.measure.fiscal_year == year), key=_urgency
        )
        steps.append(
            NextStep(
                NextStepKind.LATE_MEASURE, tuple(map(_late_item, year_measures)), other_year(year)
            )
        )
    for one in reports:
        gaps = tuple(map(_gap_item, filter(_is_report_gap, one.gaps)))
        steps.append(NextStep(NextStepKind.REPORT_GAP, gaps, other_year(one.fiscal_year)))
    for one in reports:
        claims = tuple(_claim_items(one))
        steps.append(NextStep(NextStepKind.CONTRADICTED_CLAIM, claims, other_year(one.fiscal_year)))
    return tuple(step for step in steps if step.items)


def weak_steps(weakness: LatestWeakness) -> tuple[NextStep, ...]:
    """The step for the weak points of the latest scores, the only one of an agency without work; ()
    where nothing is below the mark."""
    if not weakness.points:
        return ()
    mark = next((f"{point.pass_mark:f}" for point in weakness.points), "")
    indicators = all(point.is_indicator for point in weakness.points)
    return (
        NextStep(
            NextStepKind.WEAK_INDICATOR,
            tuple(_weak_items(weakness)),
            weakness.year,
            mark,
            indicators,
        ),
    )


def plan_remark(report: NarrativeReport, weakness: LatestWeakness) -> str:
    """That a year's plan started from older scores and left some of their weak points out; "" where
    it left none out, or no later scores are known."""
    unaddressed = [gap.indicator for gap in report.gaps if gap.indicator]
    if not unaddressed or weakness.year is None or unaddressed[0].year >= weakness.year:
        return ""
    return _(
        "แผน{year} ตั้งจากจุดอ่อน{basis} โดยไม่มีมาตรการของตัวชี้วัดที่ {numbers}",
        year=year_text(report.fiscal_year),
        basis=year_text(unaddressed[0].year),
        numbers=", ".join(sorted((one.part for one in unaddressed), key=int)),
    )


def _weak_items(weakness: LatestWeakness) -> Iterator[StepItem]:
    for point in weakness.points:
        name = _("ตัวชี้วัดที่ {name}", name=point.name) if point.is_indicator else point.name
        score = _("ได้ {score}", score=score_text(point.score))
        yield StepItem(
            point.instrument.value,
            f"{name} {score} · {_plan_answer(point, weakness.measures)}",
            target=point.part if point.is_indicator else "",
        )


def _plan_answer(point: WeakPoint, measures: Sequence[Measure]) -> str:
    """Whether the latest plan that could answer a weak point does."""
    aiming_measures = measures_aiming_at(point, measures)
    if not aiming_measures:
        return _("ยังไม่มีมาตรการที่ระบุตัวชี้วัดนี้") if point.is_indicator else _("ยังไม่มีมาตรการของแบบวัดนี้")
    year = max(measure.fiscal_year for measure in aiming_measures)
    latest = [measure for measure in aiming_measures if measure.fiscal_year == year]
    return _(
        "มีมาตรการ{year}: {names}",
        year=year_text(year),
        names=", ".join(f"{measure.instrument} {measure.seq}" for measure in latest),
    )


def _is_report_gap(gap: Gap) -> bool:
    return gap.kind not in (GapKind.NO_PROGRESS, GapKind.WEAK_INDICATOR_WITHOUT_MEASURE)


def _gap_item(gap: Gap) -> StepItem:
    address = gap_address(gap)
    return StepItem(
        f"{gap.instrument}{f' {gap.seq}' if gap.seq else ''}",
        gap.message(),
        target=address.code if address else "",
    )


def _urgency(measure: JudgedMeasure) -> tuple[bool, int]:
    """Sort key: overdue measures first, then those with the most missing reports."""
    return not measure.progress.is_overdue, -len(measure.progress.unreported_quarters)


def _late_item(late_measure: JudgedMeasure) -> StepItem:
    measure = late_measure.measure
    return StepItem(
        f"{measure.instrument} {measure.seq}",
        status_reason(late_measure),
        measure.text,
        f"{measure.instrument}-{measure.seq}",
    )


def _claim_items(report: NarrativeReport) -> Iterator[StepItem]:
    for claim in report.contradicted_claims:
        address = claim_address(claim)
        yield StepItem(str(claim.instrument), claim.message(), target=address.code)
