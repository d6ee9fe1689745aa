"""The brief's section on work: what is late, what the report lacks, what it claims against the scores; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ita.measures.filters import status_text
from ita.measures.mean_texts import mean_text
from ita.measures.means import overall_means
from ita.measures.model import Completion, Measure, is_due
from ita.measures.statuses import JudgedMeasure
from ita.reference import Reference
from ita.report.brief_values import Todo, Work
from ita.report.gaps import SENTENCES, GapKind
from ita.report.narrative import NarrativeReport
from ita.report.next_steps import (
    LatestWeakness,
    NextStep,
    StepItem,
    StepKind,
    next_steps,
    plan_remark,
)
from ita.scores.claim_messages import claim_text
from ita.scores.claims import ClaimVerdict
from ita.vocabulary import FiscalYear
from ita.wording import date_text, quarter_text, say, year_text

OF_THE_REPORT = (
    GapKind.NO_RESULT,
    GapKind.NO_PERIOD,
    GapKind.NO_DIVISION,
    GapKind.NO_OUTCOME,
)
"""What a report can lack by itself, in the order of its columns."""
MOST_PLACES = 12
"""That lack the same and are named."""


@dataclass(frozen=True)
class WorkOfYear:
    """What is stored of a year's work: its report, measures, completion, and what is late on a day.

    weak: of the latest scores, whatever year the work is of. late: of this and earlier years.
    earlier: the report of the year before, which is handed in during this one."""

    report: NarrativeReport
    planned: Sequence[Measure]
    completions: Sequence[Completion]
    late: Sequence[JudgedMeasure]
    weak: LatestWeakness
    today: date
    earlier: NarrativeReport | None = None

    def report_of(self, step: NextStep) -> NarrativeReport:
        """The report of which a step speaks."""
        return self.earlier if self.earlier and step.year else self.report

    def late_of(self, step: NextStep) -> list[JudgedMeasure]:
        """The late measures of which a step speaks."""
        year = step.year or self.report.fiscal_year
        return [one for one in self.late if one.measure.fiscal_year == year]


def work(found: WorkOfYear, years: Sequence[FiscalYear], reference: Reference) -> Work:
    """What is to be done, ranked as on the overview; years: all those that have work."""
    year = found.report.fiscal_year
    steps = next_steps(found.report, found.late, found.weak, found.earlier)
    nothing = not (found.planned or found.report.rows)
    return Work(
        title=say("สิ่งที่ควรทำต่อ {year}", year=year_text(year)),
        lead=_nothing(year, years) if nothing else " · ".join(_facts(found)),
        todos=tuple(
            Todo(step.title, _counts(step, found, reference), _items(step, found)) for step in steps
        ),
        settled="" if nothing else _settled(steps, found.weak.year),
        notes=tuple(_notes(found, reference)),
    )


def _nothing(year: FiscalYear, years: Sequence[FiscalYear]) -> str:
    told = say("ยังไม่มีมาตรการและรายงานผลของ{year} ในระบบ นำเข้าได้ที่หน้านำเข้าข้อมูล", year=year_text(year))
    if not years:
        return told
    return f"{told} {say('(ปีล่าสุดที่มีคือ{year})', year=year_text(years[-1]))}"


def _facts(found: WorkOfYear) -> Iterator[str]:
    """How many measures there are, and the mean completion of the last quarter that was reported."""
    if not found.planned:
        yield say("ยังไม่มีมาตรการของ{year} ในระบบ", year=year_text(found.report.fiscal_year))
        return
    yield say("ทั้งหมด {count} มาตรการ", count=len(found.planned))
    whole = overall_means(found.planned, found.completions)
    last = (
        next((m for m in reversed(whole.quarters) if m.mean is not None), None) if whole else None
    )
    if last is None:  # or what was reported is of no measure of the year, or outside their periods
        first = min(measure.quarters[0] for measure in found.planned)
        if is_due(first, found.today):
            yield say("ยังไม่มีรายงานความสำเร็จรายไตรมาส")
        else:
            words = {"quarter": quarter_text(first), "due": date_text(first.report_due)}
            yield say("รายงานความสำเร็จครั้งแรกคือ{quarter} ครบกำหนด {due}", **words)
        return
    yield (
        say("ความสำเร็จเฉลี่ย{quarter}", quarter=quarter_text(last.quarter)) + " " + mean_text(last)
    )
    if last.is_small_sample:
        yield say("มีรายงานไม่ถึงครึ่ง ค่าเฉลี่ยจึงเป็นของส่วนน้อย")


def _counts(step: NextStep, found: WorkOfYear, reference: Reference) -> str:
    """What the items of a kind add up to, for a list that may be cut."""
    if step.kind is StepKind.LATE_MEASURE:
        return " · ".join(_late_counts(found.late_of(step), reference))
    if step.kind is StepKind.CONTRADICTED_CLAIM:
        return _claim_counts(found.report_of(step))
    return ""


def _late_counts(late: Sequence[JudgedMeasure], reference: Reference) -> Iterator[str]:
    """By status, in the order of the reference data's ranks, and by instrument."""
    statuses = Counter(found.status for found in late)
    for rule in reference.statuses:
        if statuses[rule.status]:
            yield f"{status_text(rule.status, reference)} {statuses[rule.status]}"
    instruments = Counter(found.measure.instrument for found in late)
    # "IIT 1" alone would be read as the first measure of IIT.
    yield ", ".join(
        say("{instrument}: {count} มาตรการ", instrument=instrument, count=count)
        for instrument, count in instruments.items()
    )


def _claim_counts(report: NarrativeReport) -> str:
    verdicts = Counter(claim.verdict for claim in report.claims)
    return say(
        "จากข้อความที่อ้างคะแนน {all} แห่ง: ขัดกับคะแนน {against} · ตรง {supported} · ยืนยันไม่ได้ {unsure}",
        all=len(report.claims),
        against=verdicts[ClaimVerdict.CONTRADICTED],
        supported=verdicts[ClaimVerdict.SUPPORTED],
        unsure=verdicts[ClaimVerdict.NOT_ENOUGH_DATA],
    )


def _items(step: NextStep, found: WorkOfYear) -> tuple[StepItem, ...]:
    """As on the overview, told in fewer words where the title says the rest."""
    if step.kind is StepKind.REPORT_GAP:
        return tuple(_gaps(found.report_of(step)))
    if step.kind is StepKind.CONTRADICTED_CLAIM:
        return tuple(_claims(found.report_of(step)))
    return step.items


def _gaps(report: NarrativeReport) -> Iterator[StepItem]:
    """One item a kind, with all the places that lack it."""
    for kind in OF_THE_REPORT:
        places = [
            f"{gap.instrument} {gap.seq}" if gap.seq else gap.instrument.value
            for gap in report.gaps
            if gap.kind is kind
        ]
        if places:
            more = len(places) - MOST_PLACES
            rest = " " + say("และอีก {more} รายการ", more=more) if more > 0 else ""
            told = (
                f"{say(SENTENCES[kind])} ({len(places)}): {', '.join(places[:MOST_PLACES])}{rest}"
            )
            yield StepItem("", told)


def _claims(report: NarrativeReport) -> Iterator[StepItem]:
    """With what is claimed, for the report isn't beside it here."""
    for claim in report.claims:
        if claim.verdict is ClaimVerdict.CONTRADICTED:
            yield StepItem(str(claim.instrument), claim.message(), f"“{claim_text(claim.claim)}”")


def _settled(steps: Sequence[NextStep], scored: FiscalYear | None) -> str:
    """The kinds that were looked for and not found; without scores by part nothing was looked for."""
    names = {
        StepKind.WEAK_INDICATOR: say("ส่วนที่ต่ำกว่าเกณฑ์ผ่านใน{year}", year=year_text(scored))
        if scored
        else "",
        StepKind.LATE_MEASURE: say("มาตรการที่ล่าช้า"),
        StepKind.REPORT_GAP: say("สิ่งที่รายงานยังขาด"),
        StepKind.CONTRADICTED_CLAIM: say("ข้อความในรายงานที่ขัดกับคะแนน"),
    }
    there = {step.kind for step in steps}
    clear = [name for kind, name in names.items() if name and kind not in there]
    return say("ตรวจแล้วไม่พบ: {names}", names=" · ".join(clear)) if clear else ""


def _notes(found: WorkOfYear, reference: Reference) -> Iterator[str]:
    """On what the plan was set up, and that work after the assessment was closed can't have moved the score."""
    if remark := plan_remark(found.report, found.weak):
        yield remark
    year = found.report.fiscal_year
    closing = reference.closing(year)
    if closing and closing.last_day and found.planned:
        said = say(
            "งานหลังปิดการประเมินเมื่อ {day} ไม่มีผลต่อคะแนน{year}",
            day=date_text(closing.last_day),
            year=year_text(year),
        )
        yield f"{said} ({say('แหล่งที่มา')}: {closing.citation})"
