"""What to do next, ranked: the pieces of the house that an executive can have mended; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ita.measures.model import Measure
from ita.measures.reasons import status_reason
from ita.measures.statuses import JudgedMeasure
from ita.reference import Reference
from ita.report.gaps import Gap, GapKind
from ita.report.narrative import NarrativeReport
from ita.report.planning.needs import aiming_at
from ita.report.planning.weak_points import WeakPoint, below_mark, latest_scored_year
from ita.scores.claims import ClaimVerdict
from ita.scores.trends import Trend
from ita.vocabulary import FiscalYear
from ita.wording import later, say, score_text, year_text


class StepKind(StrEnum):
    """In the order in which they are worth doing."""

    WEAK_INDICATOR = "weak_indicator"
    LATE_MEASURE = "late_measure"
    REPORT_GAP = "report_gap"
    CONTRADICTED_CLAIM = "contradicted_claim"


TITLES = {
    StepKind.WEAK_INDICATOR: later("ตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่าน {mark} ใน{year} {count} ตัว"),
    StepKind.LATE_MEASURE: later("มาตรการที่ล่าช้าหรือขาดรายงาน {count} มาตรการ"),
    StepKind.REPORT_GAP: later("สิ่งที่รายงานยังขาด {count} รายการ"),
    StepKind.CONTRADICTED_CLAIM: later("ข้อความในรายงานที่ขัดกับคะแนน {count} แห่ง"),
}

TITLES_OF_YEAR = {
    StepKind.LATE_MEASURE: later("มาตรการ{year} ที่ล่าช้าหรือขาดรายงาน {count} มาตรการ"),
    StepKind.REPORT_GAP: later("สิ่งที่รายงานผล{year} ยังขาด {count} รายการ"),
    StepKind.CONTRADICTED_CLAIM: later("ข้อความในรายงานผล{year} ที่ขัดกับคะแนน {count} แห่ง"),
}
"""Of another year than the one at hand, which stands above all of them."""


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
    found: Trend, measures: Sequence[Measure], reference: Reference
) -> LatestWeakness:
    """The weak points of the latest year that has scores by part: overview, brief and planning all
    speak of these. measures: of every year, those of earlier years are passed over."""
    year = latest_scored_year(found, reference)
    if year is None:
        return LatestWeakness()
    planned = tuple(measure for measure in measures if measure.fiscal_year >= year)
    return LatestWeakness(year, below_mark(found, year, reference), planned)


@dataclass(frozen=True)
class StepItem:
    """name: whose it is, such as "IIT 3". said: what is the matter. text: of the measure."""

    name: str
    said: str
    text: str = ""


@dataclass(frozen=True)
class NextStep:
    """One kind of things to do, the most pressing items first. year: of its scores, work or report,
    None where it is the year at hand. mark: the pass mark below which scores are weak. indicators:
    whether all weak parts are indicators."""

    kind: StepKind
    items: tuple[StepItem, ...]
    year: FiscalYear | None = None
    mark: str = ""
    indicators: bool = True

    @property
    def title(self) -> str:
        year = year_text(self.year) if self.year else ""
        words = {"count": len(self.items), "year": year, "mark": self.mark}
        if not self.indicators:
            return say("แบบวัดหรือตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่าน {mark} ใน{year} {count} ส่วน", **words)
        if self.year and self.kind in TITLES_OF_YEAR:
            return say(TITLES_OF_YEAR[self.kind], **words)
        return say(TITLES[self.kind], **words)


def open_report(years: Sequence[FiscalYear], year: FiscalYear, today: date) -> FiscalYear | None:
    """The year before one that still runs, where it has work: its report is handed in during this
    one. years: those of which there is work."""
    before = FiscalYear(year - 1) if year > FiscalYear.FIRST else None
    return before if before in years and today <= year.last_day else None


def next_steps(
    report: NarrativeReport,
    late: Sequence[JudgedMeasure],
    weak: LatestWeakness,
    earlier: NarrativeReport | None = None,
) -> tuple[NextStep, ...]:
    """The kinds that have something to do, in their rank, the oldest year of a kind first.

    report: of the year at hand. late: of every open year. earlier: a report of the year before that
    is still to be handed in.

    What is weak in the latest scores comes first; then what is late, what the report lacks, and what
    it says against the scores. A report of progress that is missing counts as late. Weak points of
    an earlier year are no next step (`plan_remark`).
    """
    reports = (earlier, report) if earlier else (report,)

    def of(year: FiscalYear) -> FiscalYear | None:
        return None if year == report.fiscal_year else year

    found = [*weak_steps(weak)]
    for year in sorted({one.measure.fiscal_year for one in late}):
        mine = sorted((o for o in late if o.measure.fiscal_year == year), key=_pressing)
        found.append(NextStep(StepKind.LATE_MEASURE, tuple(map(_late, mine)), of(year)))
    for one in reports:
        gaps = tuple(map(_gap, filter(_is_of_the_report, one.gaps)))
        found.append(NextStep(StepKind.REPORT_GAP, gaps, of(one.fiscal_year)))
    for one in reports:
        claims = tuple(_claims(one))
        found.append(NextStep(StepKind.CONTRADICTED_CLAIM, claims, of(one.fiscal_year)))
    return tuple(step for step in found if step.items)


def weak_steps(weak: LatestWeakness) -> tuple[NextStep, ...]:
    """The step that the latest scores call for, all that can be said of an agency without any work;
    none where nothing is below the mark."""
    if not weak.points:
        return ()
    mark = next((f"{point.pass_mark:f}" for point in weak.points), "")
    indicators = all(point.is_indicator for point in weak.points)
    return (NextStep(StepKind.WEAK_INDICATOR, tuple(_weak(weak)), weak.year, mark, indicators),)


def plan_remark(report: NarrativeReport, weak: LatestWeakness) -> str:
    """That a year's plan started from older scores and left some of their weak points out; "" where
    it left none out, or no later scores are known."""
    left = [gap.indicator for gap in report.gaps if gap.indicator]
    if not left or weak.year is None or left[0].year >= weak.year:
        return ""
    return say(
        "แผน{year} ตั้งจากจุดอ่อน{basis} โดยไม่มีมาตรการของตัวชี้วัดที่ {numbers}",
        year=year_text(report.fiscal_year),
        basis=year_text(left[0].year),
        numbers=", ".join(sorted((one.number for one in left), key=int)),
    )


def _weak(weak: LatestWeakness) -> Iterator[StepItem]:
    for point in weak.points:
        name = say("ตัวชี้วัดที่ {name}", name=point.name) if point.is_indicator else point.name
        score = say("ได้ {score}", score=score_text(point.score))
        yield StepItem(point.instrument.value, f"{name} {score} · {_answer(point, weak.measures)}")


def _answer(point: WeakPoint, measures: Sequence[Measure]) -> str:
    """Whether the latest plan that could answer a weak point does."""
    aimed = aiming_at(point, measures)
    if not aimed:
        return say("ยังไม่มีมาตรการที่ระบุตัวชี้วัดนี้") if point.is_indicator else say("ยังไม่มีมาตรการของแบบวัดนี้")
    year = max(measure.fiscal_year for measure in aimed)
    latest = [measure for measure in aimed if measure.fiscal_year == year]
    return say(
        "มีมาตรการ{year}: {names}",
        year=year_text(year),
        names=", ".join(f"{measure.instrument} {measure.seq}" for measure in latest),
    )


def _is_of_the_report(gap: Gap) -> bool:
    return gap.kind not in (GapKind.NO_PROGRESS, GapKind.WEAK_INDICATOR_WITHOUT_MEASURE)


def _gap(gap: Gap) -> StepItem:
    return StepItem(f"{gap.instrument}{f' {gap.seq}' if gap.seq else ''}", gap.message())


def _pressing(late: JudgedMeasure) -> tuple[bool, int]:
    """Those whose time is over come first, then those silent for longest."""
    return not late.progress.is_overdue, -len(late.progress.unreported_quarters)


def _late(late: JudgedMeasure) -> StepItem:
    measure = late.measure
    return StepItem(f"{measure.instrument} {measure.seq}", status_reason(late), measure.text)


def _claims(report: NarrativeReport) -> Iterator[StepItem]:
    for claim in report.claims:
        if claim.verdict is ClaimVerdict.CONTRADICTED:
            yield StepItem(str(claim.instrument), claim.message())
