"""Where a plan needs measures, and why: weak points beside what was done about them; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ita.domain import Instrument
from ita.formatting import score_text, year_text
from ita.i18n import N_, _
from ita.measures.model import Measure
from ita.measures.reasons import status_reason
from ita.measures.statuses import JudgedMeasure
from ita.planning.weak_points import Weakness, WeakPoint


class NeedKind(StrEnum):
    """In the order in which they are worth planning for."""

    NO_MEASURE = "no_measure"
    NOT_RISEN = "not_risen"
    GO_ON = "go_on"
    UNFINISHED = "unfinished"


NEED_LABELS: Mapping[NeedKind, str] = {
    NeedKind.NO_MEASURE: N_("ยังไม่มีมาตรการ"),
    NeedKind.NOT_RISEN: N_("มีมาตรการแล้ว แต่คะแนนไม่เพิ่ม"),
    NeedKind.GO_ON: N_("ทำต่อ"),
    NeedKind.UNFINISHED: N_("ยังไม่เสร็จ"),
}


@dataclass(frozen=True)
class Need:
    """weak_point: what has to improve, None where only work is carried over. measures: those that aimed
    at it, or the one that was not finished. is_scored: whether a score came after their work began."""

    kind: NeedKind
    instrument: Instrument
    weak_point: WeakPoint | None
    measures: tuple[Measure, ...] = ()
    is_scored: bool = True
    unfinished_measure: JudgedMeasure | None = None

    @property
    def needs_new_row(self) -> bool:
        """Whether the plan needs a new row; the rest is continued as it was."""
        return self.kind in (NeedKind.NO_MEASURE, NeedKind.NOT_RISEN)

    def label(self) -> str:
        return _(NEED_LABELS[self.kind])

    def reason(self) -> str:
        """Why, in one sentence. A change is given as a figure, without a cause."""
        if self.unfinished_measure:
            return status_reason(self.unfinished_measure)
        if self.weak_point is None:
            return ""
        return _(
            REASONS[self._reason_case(self.weak_point)],
            score=score_text(self.weak_point.score),
            year=year_text(self.weak_point.year),
            mark=f"{self.weak_point.next_mark:f}" if self.weak_point.next_mark is not None else "–",
            change=self.weak_point.format_change(),
        )

    def _reason_case(self, weak: WeakPoint) -> str:
        if self.kind is NeedKind.NO_MEASURE:
            return "bare below" if weak.weakness is Weakness.BELOW_MARK else "bare"
        if not self.is_scored:
            return "not yet scored"
        if self.kind is NeedKind.NOT_RISEN:
            return "not risen"
        return "never compared" if weak.change is None else "risen"


REASONS: Mapping[str, str] = {
    "bare below": N_("{score} ใน{year} ต่ำกว่าเกณฑ์ {mark} และไม่มีมาตรการที่มุ่งแก้"),
    "bare": N_("{score} ใน{year} ({change}) และไม่มีมาตรการที่มุ่งแก้"),
    "not yet scored": N_("{score} ใน{year} และยังไม่มีคะแนนหลังทำมาตรการ จึงยังบอกไม่ได้ว่าคะแนนเปลี่ยนหรือไม่"),
    "not risen": N_("{score} ใน{year} ({change}) แม้มีมาตรการแล้ว ควรทบทวนหรือเพิ่มมาตรการ"),
    "never compared": N_("{score} ใน{year} ต่ำกว่าเกณฑ์ {mark} และไม่มีคะแนนปีก่อนให้เทียบ"),
    "risen": N_("{score} ใน{year} ({change}) แต่ยังต่ำกว่าเกณฑ์ {mark}"),
}


def compute_needs(
    weak_points: Sequence[WeakPoint],
    measures: Sequence[Measure],
    carried_over: Sequence[JudgedMeasure],
) -> tuple[Need, ...]:
    """Where measures are needed, by kind, inside each as the weak points come.

    measures: of the last year worked. What only falls short of the next level needs none: it stands
    in the analysis, and whoever wants it finds it there.
    """
    needs = [need for point in weak_points if (need := _need_of(point, measures))]
    needs += [
        Need(
            NeedKind.UNFINISHED,
            judged.measure.instrument,
            None,
            (judged.measure,),
            unfinished_measure=judged,
        )
        for judged in carried_over
    ]
    order = list(NeedKind)
    return tuple(sorted(needs, key=lambda need: order.index(need.kind)))


def _need_of(weak: WeakPoint, measures: Sequence[Measure]) -> Need | None:
    if weak.weakness is Weakness.NEXT_LEVEL:
        return None
    aiming_measures = measures_aiming_at(weak, measures)
    if not aiming_measures:
        return Need(NeedKind.NO_MEASURE, weak.instrument, weak)
    if all(measure.fiscal_year > weak.year for measure in aiming_measures):
        return Need(NeedKind.GO_ON, weak.instrument, weak, aiming_measures, is_scored=False)
    has_risen = weak.change is None or weak.change > 0
    kind = NeedKind.GO_ON if has_risen else NeedKind.NOT_RISEN
    return Need(kind, weak.instrument, weak, aiming_measures)


def measures_aiming_at(weak: WeakPoint, measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """Measures that aim at a weak point; of a whole instrument, all of its measures."""
    if not weak.is_indicator:
        return tuple(m for m in measures if m.instrument is weak.instrument)
    return tuple(m for m in measures if weak.part in m.indicators)


def answering_measures(need: Need, plan: Sequence[Measure]) -> tuple[Measure, ...]:
    """The measures of a plan that aim at a need's weak point."""
    return measures_aiming_at(need.weak_point, plan) if need.weak_point else ()


def carried_over_measures(
    judged_measures: Sequence[JudgedMeasure], year_is_over: bool
) -> tuple[JudgedMeasure, ...]:
    """Measures to be carried on: not finished when their year was over, or late while it runs."""
    return tuple(
        judged
        for judged in judged_measures
        if not judged.progress.is_finished and (year_is_over or judged.is_urgent)
    )
