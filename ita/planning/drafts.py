"""Drafts of a plan: what is stored of the year, else last year's measures and a row for each need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from ita.documents.model import Document
from ita.domain import FiscalYear
from ita.formatting import score_text, year_text
from ita.i18n import _, language_set_to
from ita.measures.model import Measure, load_measures
from ita.measures.plan_drafts import PlanDraft, PlannedRow, planned_row, renumber
from ita.planning.analysis import PlanAnalysis, load_plan_analysis, years_before
from ita.planning.needs import Need, NeedKind, Weakness, WeakPoint, answering_measures
from ita.planning.plan_document import build_plan_document
from ita.reference import Reference
from ita.scores.queries import load_published_scores
from ita.store import Cursor


def cause_text(weak: WeakPoint) -> str:
    """What a measure that answers a weak point begins from; the office goes on from there."""
    part_name = f"ตัวชี้วัดที่ {weak.part}" if weak.is_indicator else "แบบวัด"
    text = f"{part_name} {weak.name_th} ได้ {score_text(weak.score)} คะแนนในปี {int(weak.year)}"
    if weak.weakness is Weakness.BELOW_MARK:
        return f"{text} ต่ำกว่าเกณฑ์ผ่าน {weak.next_mark:f}"
    if weak.previous is not None and weak.change is not None and weak.change < 0:
        previous_year = int(weak.previous.fiscal_year)
        return f"{text} ลดลง {score_text(-weak.change)} จากปี {previous_year}"
    return f"{text} ยังไม่ถึง {weak.next_mark:f}" if weak.next_mark is not None else text


# The first draft of a plan: what is stored of the year, or last year's measures; a row for each need.


def build_first_draft(analysis: PlanAnalysis, stored: Sequence[Measure]) -> PlanDraft:
    """Where the year has measures, those, under their numbers; else last year's, numbered anew.

    Behind them a row for each need that nothing in the draft aims at yet, or that what was done did
    not meet; it says why and nothing else.
    """
    stored_rows = tuple(planned_row(measure, _stored_origin(measure)) for measure in stored)
    rows = stored_rows or tuple(
        _carried_over_row(measure, analysis.needs) for measure in analysis.measures
    )
    new_rows = tuple(
        _row_of_need(need) for need in analysis.needs if _still_needs_row(need, stored)
    )
    stored_keys = {(measure.instrument.value, measure.seq) for measure in stored}
    return renumber((*rows, *new_rows), stored_keys)


def _stored_origin(measure: Measure) -> str:
    text = _("บันทึกไว้แล้ว")
    return (
        f"{text} · {_('ยกเลิก: {reason}', reason=measure.cancelled)}" if measure.cancelled else text
    )


def _carried_over_row(measure: Measure, needs: Sequence[Need]) -> PlannedRow:
    """A measure of an earlier year as a row, with remarks to consider before continuing it."""
    origin = _(
        "{year} {instrument} {seq}",
        year=year_text(measure.fiscal_year),
        instrument=measure.instrument,
        seq=measure.seq,
    )
    return planned_row(measure, " · ".join((origin, *_remarks(measure, needs))))


def _remarks(measure: Measure, needs: Sequence[Need]) -> Iterator[str]:
    kinds = {need.kind for need in needs if measure in need.measures}
    if NeedKind.NOT_RISEN in kinds:
        yield _("ควรทบทวน")
    if NeedKind.UNFINISHED in kinds:
        yield _("ยังไม่เสร็จ")


def _still_needs_row(need: Need, stored: Sequence[Measure]) -> bool:
    # What is stored of the year was planned knowing the scores; last year's measures were not.
    return need.needs_new_row and not answering_measures(need, stored)


def _row_of_need(need: Need) -> PlannedRow:
    weak = need.weak_point
    if weak is None:
        return PlannedRow(need.instrument.value, origin=need.label())
    row = PlannedRow(need.instrument.value, cause=cause_text(weak), origin=need.label())
    return replace(row, indicator=weak.part) if weak.is_indicator else row


# The plan of a year out of the store, ready to print: what is saved, else the first draft of it.


def load_plan_document(
    cursor: Cursor, agency_id: str, year: FiscalYear, reference: Reference, today: date
) -> Document | None:
    """The document of a year's plan, from the last scores before it. Without measures of the year it
    is the draft, and says so; None where nothing is stored that a draft could start from."""
    score_years = [
        year_scores.fiscal_year for year_scores in load_published_scores(cursor, agency_id)
    ]
    basis = next(iter(years_before(score_years, year)), None)
    with language_set_to("th"):
        analysis = load_plan_analysis(cursor, agency_id, year, basis, reference, today)
        stored = load_measures(cursor, agency_id, year)
        rows = tuple(map(planned_row, stored)) or build_first_draft(analysis, ())
        if not rows and basis is None:
            return None
        return build_plan_document(analysis, rows, reference, is_draft=not stored)
