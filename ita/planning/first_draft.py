"""The first draft of a plan: what is stored of the year, or last year's measures; a row for each need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ita.formatting import year_text
from ita.i18n import _
from ita.measures.model import Measure
from ita.measures.plan_drafts import PlanDraft, PlannedRow, planned_row, renumber
from ita.planning.analysis import PlanAnalysis
from ita.planning.causes import cause_text
from ita.planning.needs import Need, NeedKind, answering_measures


def build_first_draft(analysis: PlanAnalysis, stored: Sequence[Measure]) -> PlanDraft:
    """Where the year has measures, those, under their numbers; else last year's, numbered anew.

    Behind them a row for each need that nothing in the draft aims at yet, or that what was done did
    not meet; it says why and nothing else.
    """
    stored_rows = tuple(planned_row(measure, _("บันทึกไว้แล้ว")) for measure in stored)
    rows = stored_rows or tuple(
        _carried_over_row(measure, analysis.needs) for measure in analysis.measures
    )
    new_rows = tuple(
        _row_of_need(need) for need in analysis.needs if _still_needs_row(need, stored)
    )
    stored_keys = {(measure.instrument.value, measure.seq) for measure in stored}
    return renumber((*rows, *new_rows), stored_keys)


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
