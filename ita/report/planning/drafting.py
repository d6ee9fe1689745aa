"""The first draft of a plan: what is stored of the year, or last year's measures; a row for each need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ita.measures.model import Measure
from ita.measures.plan_drafts import PlanDraft, PlannedRow, planned_row, renumber
from ita.report.planning.analysis import PlanAnalysis
from ita.report.planning.causes import cause_of
from ita.report.planning.needs import Need, NeedKind, answers
from ita.wording import say, year_text


def first_draft(found: PlanAnalysis, stored: Sequence[Measure]) -> PlanDraft:
    """Where the year has measures, those, under their numbers; else last year's, numbered anew.

    Behind them a row for each need that nothing in the draft aims at yet, or that what was done did
    not meet; it says why and nothing else.
    """
    kept = tuple(planned_row(measure, say("บันทึกไว้แล้ว")) for measure in stored)
    rows = kept or tuple(_carried(measure, found.needs) for measure in found.measures)
    asked = tuple(_row_for(need) for need in found.needs if _still_asks(need, stored))
    taken = {(measure.instrument.value, measure.seq) for measure in stored}
    return renumber((*rows, *asked), taken)


def _carried(measure: Measure, needs: Sequence[Need]) -> PlannedRow:
    """A measure of an earlier year, with what there is to think of before going on with it."""
    came = say(
        "{year} {instrument} {seq}",
        year=year_text(measure.fiscal_year),
        instrument=measure.instrument,
        seq=measure.seq,
    )
    return planned_row(measure, " · ".join((came, *_remarks(measure, needs))))


def _remarks(measure: Measure, needs: Sequence[Need]) -> Iterator[str]:
    kinds = {need.kind for need in needs if measure in need.measures}
    if NeedKind.NOT_RISEN in kinds:
        yield say("ควรทบทวน")
    if NeedKind.UNFINISHED in kinds:
        yield say("ยังไม่เสร็จ")


def _still_asks(need: Need, stored: Sequence[Measure]) -> bool:
    # What is stored of the year was planned knowing the scores; last year's measures were not.
    return need.asks_for_row and not answers(need, stored)


def _row_for(need: Need) -> PlannedRow:
    weak = need.weak
    if weak is None:
        return PlannedRow(need.instrument.value, origin=need.name_said())
    row = PlannedRow(need.instrument.value, cause=cause_of(weak), origin=need.name_said())
    return replace(row, indicator=weak.part) if weak.is_indicator else row
