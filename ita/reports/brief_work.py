"""The brief's section on work: late measures, gaps of the report, contradicted claims; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ita.domain import FiscalYear
from ita.formatting import date_text, quarter_text, year_text
from ita.i18n import _
from ita.measures.means import mean_text, overall_means
from ita.measures.model import Completion, Measure, active_measures, is_due
from ita.measures.statuses import JudgedMeasure
from ita.measures.tables import status_text
from ita.reference import Reference
from ita.reports.gaps import GAP_MESSAGES, GapKind
from ita.reports.narrative import NarrativeReport
from ita.reports.next_steps import (
    LatestWeakness,
    NextStep,
    NextStepKind,
    StepItem,
    next_steps,
    plan_remark,
)
from ita.scores.claims.messages import claim_text
from ita.scores.claims.verdicts import ClaimVerdict

# What a report can lack by itself, in the order of its columns.
REPORT_GAP_KINDS = (
    GapKind.NO_RESULT,
    GapKind.NO_PERIOD,
    GapKind.NO_DIVISION,
    GapKind.NO_OUTCOME,
)
# Instruments or measures named in one item of gaps.
MAX_NAMED_GAPS = 12


@dataclass(frozen=True)
class Todo:
    """One kind of things to do, the most pressing items first; counts: what they add up to."""

    title: str
    counts: str
    items: tuple[StepItem, ...]


@dataclass(frozen=True)
class WorkSection:
    """Measures and report of the year. all_clear: which kinds have nothing to do."""

    title: str
    headline: str
    todos: tuple[Todo, ...]
    all_clear: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class YearWork:
    """What is stored of a year's work: its report, measures, completion, and what is late on a day.

    weakness: of the latest scores, whatever year the work is of. late_measures: of this and earlier
    years. earlier_report: of the year before, which is handed in during this one."""

    report: NarrativeReport
    measures: Sequence[Measure]
    completions: Sequence[Completion]
    late_measures: Sequence[JudgedMeasure]
    weakness: LatestWeakness
    today: date
    earlier_report: NarrativeReport | None = None

    def report_of(self, step: NextStep) -> NarrativeReport:
        """The report that a step is about."""
        return self.earlier_report if self.earlier_report and step.year else self.report

    def late_of(self, step: NextStep) -> list[JudgedMeasure]:
        """The late measures that a step is about."""
        year = step.year or self.report.fiscal_year
        return [measure for measure in self.late_measures if measure.measure.fiscal_year == year]


def build_work_section(
    year_work: YearWork, years: Sequence[FiscalYear], reference: Reference
) -> WorkSection:
    """What is to be done, ranked as on the overview; years: all those that have work."""
    year = year_work.report.fiscal_year
    steps = next_steps(
        year_work.report, year_work.late_measures, year_work.weakness, year_work.earlier_report
    )
    is_empty = not (year_work.measures or year_work.report.rows)
    return WorkSection(
        title=_("สิ่งที่ควรทำต่อ {year}", year=year_text(year)),
        headline=_empty_text(year, years) if is_empty else " · ".join(_facts(year_work)),
        todos=tuple(
            Todo(step.title, _counts(step, year_work, reference), _items(step, year_work))
            for step in steps
        ),
        all_clear="" if is_empty else _all_clear_text(steps, year_work.weakness.year),
        notes=tuple(_notes(year_work, reference)),
    )


def _empty_text(year: FiscalYear, years: Sequence[FiscalYear]) -> str:
    text = _("ยังไม่มีมาตรการและรายงานผลของ{year} ในระบบ นำเข้าได้ที่หน้านำเข้าข้อมูล", year=year_text(year))
    if not years:
        return text
    return f"{text} {_('(ปีล่าสุดที่มีคือ{year})', year=year_text(years[-1]))}"


def _facts(year_work: YearWork) -> Iterator[str]:
    """How many measures there are, and the mean completion of the last quarter that was reported."""
    if not year_work.measures:
        yield _("ยังไม่มีมาตรการของ{year} ในระบบ", year=year_text(year_work.report.fiscal_year))
        return
    active = active_measures(year_work.measures)
    yield _("ทั้งหมด {count} มาตรการ", count=len(year_work.measures))
    if cancelled := len(year_work.measures) - len(active):
        yield _("ยกเลิก {count} มาตรการ", count=cancelled)
    if not active:
        return
    means = overall_means(year_work.measures, year_work.completions)
    last = (
        next((m for m in reversed(means.quarters) if m.mean is not None), None) if means else None
    )
    if last is None:  # or what was reported is of no measure of the year, or outside their periods
        first = min(measure.quarters[0] for measure in active)
        if is_due(first, year_work.today):
            yield _("ยังไม่มีรายงานความสำเร็จรายไตรมาส")
        else:
            words = {"quarter": quarter_text(first), "due": date_text(first.report_due)}
            yield _("รายงานความสำเร็จครั้งแรกคือ{quarter} ครบกำหนด {due}", **words)
        return
    yield (_("ความสำเร็จเฉลี่ย{quarter}", quarter=quarter_text(last.quarter)) + " " + mean_text(last))
    if last.is_small_sample:
        yield _("มีรายงานไม่ถึงครึ่ง ค่าเฉลี่ยจึงเป็นของส่วนน้อย")


def _counts(step: NextStep, year_work: YearWork, reference: Reference) -> str:
    """What the items of a kind add up to, for a list that may be cut."""
    if step.kind is NextStepKind.LATE_MEASURE:
        return " · ".join(_late_counts(year_work.late_of(step), reference))
    if step.kind is NextStepKind.CONTRADICTED_CLAIM:
        return _claim_counts(year_work.report_of(step))
    return ""


def _late_counts(late: Sequence[JudgedMeasure], reference: Reference) -> Iterator[str]:
    """By status, in the order of the reference data's ranks, and by instrument."""
    statuses = Counter(measure.status for measure in late)
    for rule in reference.statuses:
        if statuses[rule.status]:
            yield f"{status_text(rule.status, reference)} {statuses[rule.status]}"
    instruments = Counter(measure.measure.instrument for measure in late)
    # "IIT 1" alone would be read as the first measure of IIT.
    yield ", ".join(
        _("{instrument}: {count} มาตรการ", instrument=instrument, count=count)
        for instrument, count in instruments.items()
    )


def _claim_counts(report: NarrativeReport) -> str:
    verdicts = Counter(claim.verdict for claim in report.claims)
    return _(
        "จากข้อความที่อ้างคะแนน {all} แห่ง: ขัดกับคะแนน {against} · ตรง {supported} · ยืนยันไม่ได้ {unsure}",
        all=len(report.claims),
        against=verdicts[ClaimVerdict.CONTRADICTED],
        supported=verdicts[ClaimVerdict.SUPPORTED],
        unsure=verdicts[ClaimVerdict.NOT_ENOUGH_DATA],
    )


def _items(step: NextStep, year_work: YearWork) -> tuple[StepItem, ...]:
    """As on the overview, but shorter where the title says the rest."""
    if step.kind is NextStepKind.REPORT_GAP:
        return tuple(_gaps(year_work.report_of(step)))
    if step.kind is NextStepKind.CONTRADICTED_CLAIM:
        return tuple(_claims(year_work.report_of(step)))
    return step.items


def _gaps(report: NarrativeReport) -> Iterator[StepItem]:
    """One item a kind, naming all instruments and measures that lack it."""
    for kind in REPORT_GAP_KINDS:
        names = [
            f"{gap.instrument} {gap.seq}" if gap.seq else gap.instrument.value
            for gap in report.gaps
            if gap.kind is kind
        ]
        if names:
            more = len(names) - MAX_NAMED_GAPS
            more_text = " " + _("และอีก {more} รายการ", more=more) if more > 0 else ""
            text = f"{_(GAP_MESSAGES[kind])} ({len(names)}): {', '.join(names[:MAX_NAMED_GAPS])}{more_text}"
            yield StepItem("", text)


def _claims(report: NarrativeReport) -> Iterator[StepItem]:
    """With what is claimed, for the report isn't beside it here."""
    for claim in report.contradicted_claims:
        yield StepItem(str(claim.instrument), claim.message(), f"“{claim_text(claim.claim)}”")


def _all_clear_text(steps: Sequence[NextStep], score_year: FiscalYear | None) -> str:
    """The kinds that were checked and not found; without scores by part weak parts were not checked."""
    names = {
        NextStepKind.WEAK_INDICATOR: _("ส่วนที่ต่ำกว่าเกณฑ์ผ่านใน{year}", year=year_text(score_year))
        if score_year
        else "",
        NextStepKind.LATE_MEASURE: _("มาตรการที่ล่าช้า"),
        NextStepKind.REPORT_GAP: _("สิ่งที่รายงานยังขาด"),
        NextStepKind.CONTRADICTED_CLAIM: _("ข้อความในรายงานที่ขัดกับคะแนน"),
    }
    open_kinds = {step.kind for step in steps}
    clear_names = [name for kind, name in names.items() if name and kind not in open_kinds]
    return _("ตรวจแล้วไม่พบ: {names}", names=" · ".join(clear_names)) if clear_names else ""


def _notes(year_work: YearWork, reference: Reference) -> Iterator[str]:
    """What the plan was based on, and that work after the assessment closed can't have moved the score."""
    if remark := plan_remark(year_work.report, year_work.weakness):
        yield remark
    year = year_work.report.fiscal_year
    closing = reference.closing(year)
    if closing and closing.last_day and year_work.measures:
        note = _(
            "งานหลังปิดการประเมินเมื่อ {day} ไม่มีผลต่อคะแนน{year}",
            day=date_text(closing.last_day),
            year=year_text(year),
        )
        yield f"{note} ({_('แหล่งที่มา')}: {closing.citation})"
