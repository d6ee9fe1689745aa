"""What to do next, ranked: the pieces of the house that an executive can have mended; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ita.measures.reasons import status_reason
from ita.measures.statuses import JudgedMeasure
from ita.report.gaps import Gap, GapKind
from ita.report.narrative import NarrativeReport
from ita.scores.claims import ClaimVerdict
from ita.vocabulary import FiscalYear
from ita.wording import later, say, year_text


class StepKind(StrEnum):
    """In the order in which they are worth doing."""

    WEAK_INDICATOR = "weak_indicator"
    LATE_MEASURE = "late_measure"
    REPORT_GAP = "report_gap"
    CONTRADICTED_CLAIM = "contradicted_claim"


TITLES = {
    StepKind.WEAK_INDICATOR: later("ตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่านใน{year} และยังไม่มีมาตรการรองรับ {count} ตัว"),
    StepKind.LATE_MEASURE: later("มาตรการที่ล่าช้าหรือขาดรายงาน {count} มาตรการ"),
    StepKind.REPORT_GAP: later("สิ่งที่รายงานยังขาด {count} รายการ"),
    StepKind.CONTRADICTED_CLAIM: later("ข้อความในรายงานที่ขัดกับคะแนน {count} แห่ง"),
}


@dataclass(frozen=True)
class StepItem:
    """name: whose it is, such as "IIT 3". said: what is the matter. text: of the measure."""

    name: str
    said: str
    text: str = ""


@dataclass(frozen=True)
class NextStep:
    """One kind of things to do, the most pressing items first. year: whose scores made them weak,
    which need not be the year that the page is about."""

    kind: StepKind
    items: tuple[StepItem, ...]
    year: FiscalYear | None = None

    @property
    def title(self) -> str:
        year = year_text(self.year) if self.year else ""
        return say(TITLES[self.kind], count=len(self.items), year=year)


def next_steps(report: NarrativeReport, late: Sequence[JudgedMeasure]) -> tuple[NextStep, ...]:
    """The kinds that have something to do, in their rank.

    Weak indicators come first, for nobody works on them yet; then what is late, what the report
    lacks, and what it says against the scores. A report of progress that is missing counts as late.
    """
    items = {
        StepKind.WEAK_INDICATOR: _weak(report.gaps),
        StepKind.LATE_MEASURE: map(_late, sorted(late, key=_pressing)),
        StepKind.REPORT_GAP: map(_gap, filter(_is_of_the_report, report.gaps)),
        StepKind.CONTRADICTED_CLAIM: _claims(report),
    }
    weak = next((gap.indicator.year for gap in report.gaps if gap.indicator), None)
    found = (
        NextStep(kind, tuple(items[kind]), weak if kind is StepKind.WEAK_INDICATOR else None)
        for kind in StepKind
    )
    return tuple(step for step in found if step.items)


def _weak(gaps: Sequence[Gap]) -> Iterator[StepItem]:
    weak = [(gap.indicator.below, gap) for gap in gaps if gap.indicator]
    for _, gap in sorted(weak, key=lambda pair: pair[0]):
        yield StepItem(gap.instrument.value, gap.message())


def _is_of_the_report(gap: Gap) -> bool:
    return gap.kind not in (GapKind.NO_PROGRESS, GapKind.WEAK_INDICATOR_WITHOUT_MEASURE)


def _gap(gap: Gap) -> StepItem:
    return StepItem(f"{gap.instrument}{f' {gap.seq}' if gap.seq else ''}", gap.message())


def _pressing(late: JudgedMeasure) -> tuple[bool, int]:
    """Those whose time is over come first, then those silent for longest."""
    return not late.progress.unfinished, -len(late.progress.unreported)


def _late(late: JudgedMeasure) -> StepItem:
    measure = late.measure
    return StepItem(f"{measure.instrument} {measure.seq}", status_reason(late), measure.text)


def _claims(report: NarrativeReport) -> Iterator[StepItem]:
    for claim in report.claims:
        if claim.verdict is ClaimVerdict.CONTRADICTED:
            yield StepItem(claim.instrument.value, claim.message())
