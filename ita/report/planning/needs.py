"""Where a plan needs measures, and why: weak points beside what was done about them; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ita.measures.model import Measure
from ita.measures.reasons import status_reason
from ita.measures.statuses import JudgedMeasure
from ita.report.planning.weak_points import Weakness, WeakPoint
from ita.vocabulary import Instrument
from ita.wording import later, say, score_text, year_text


class NeedKind(StrEnum):
    """In the order in which they are worth planning for."""

    NO_MEASURE = "no_measure"
    NOT_RISEN = "not_risen"
    GO_ON = "go_on"
    UNFINISHED = "unfinished"


NEED_NAMES: Mapping[NeedKind, str] = {
    NeedKind.NO_MEASURE: later("ยังไม่มีมาตรการ"),
    NeedKind.NOT_RISEN: later("มีมาตรการแล้ว แต่คะแนนไม่เพิ่ม"),
    NeedKind.GO_ON: later("ทำต่อ"),
    NeedKind.UNFINISHED: later("ยังไม่เสร็จ"),
}


@dataclass(frozen=True)
class Need:
    """weak: what has to get better, None where only work is left over. measures: those that aimed
    at it, or the one that was not finished. scored: whether a score came after their work began."""

    kind: NeedKind
    instrument: Instrument
    weak: WeakPoint | None
    measures: tuple[Measure, ...] = ()
    scored: bool = True
    unfinished: JudgedMeasure | None = None

    @property
    def asks_for_row(self) -> bool:
        """Whether something new has to be thought of; the rest is gone on with as it was."""
        return self.kind in (NeedKind.NO_MEASURE, NeedKind.NOT_RISEN)

    def name_said(self) -> str:
        return say(NEED_NAMES[self.kind])

    def reason(self) -> str:
        """Why, in one sentence. A change is told as a figure; nothing says what caused it."""
        if self.unfinished:
            return status_reason(self.unfinished)
        if self.weak is None:
            return ""
        return say(
            REASONS[self._case(self.weak)],
            score=score_text(self.weak.score),
            year=year_text(self.weak.year),
            mark=f"{self.weak.mark:f}" if self.weak.mark is not None else "–",
            change=self.weak.change_said(),
        )

    def _case(self, weak: WeakPoint) -> str:
        if self.kind is NeedKind.NO_MEASURE:
            return "bare below" if weak.weakness is Weakness.BELOW_MARK else "bare"
        if not self.scored:
            return "not yet scored"
        if self.kind is NeedKind.NOT_RISEN:
            return "not risen"
        return "never compared" if weak.change is None else "risen"


REASONS: Mapping[str, str] = {
    "bare below": later("{score} ใน{year} ต่ำกว่าเกณฑ์ {mark} และไม่มีมาตรการที่มุ่งแก้"),
    "bare": later("{score} ใน{year} ({change}) และไม่มีมาตรการที่มุ่งแก้"),
    "not yet scored": later(
        "{score} ใน{year} และยังไม่มีคะแนนหลังทำมาตรการ จึงยังบอกไม่ได้ว่าคะแนนเปลี่ยนหรือไม่"
    ),
    "not risen": later("{score} ใน{year} ({change}) แม้มีมาตรการแล้ว ควรทบทวนหรือเพิ่มมาตรการ"),
    "never compared": later("{score} ใน{year} ต่ำกว่าเกณฑ์ {mark} และไม่มีคะแนนปีก่อนให้เทียบ"),
    "risen": later("{score} ใน{year} ({change}) แต่ยังต่ำกว่าเกณฑ์ {mark}"),
}


def needs(
    weak: Sequence[WeakPoint],
    measures: Sequence[Measure],
    left_over: Sequence[JudgedMeasure],
) -> tuple[Need, ...]:
    """Where measures are needed, by kind, inside each as the weak points come.

    measures: of the last year worked. What only falls short of the next level needs none: it stands
    in the analysis, and whoever wants it finds it there.
    """
    found = [need for point in weak if (need := _of_weak(point, measures))]
    found += [
        Need(NeedKind.UNFINISHED, one.measure.instrument, None, (one.measure,), unfinished=one)
        for one in left_over
    ]
    order = list(NeedKind)
    return tuple(sorted(found, key=lambda need: order.index(need.kind)))


def _of_weak(weak: WeakPoint, measures: Sequence[Measure]) -> Need | None:
    if weak.weakness is Weakness.NEXT_LEVEL:
        return None
    aimed = aiming_at(weak, measures)
    if not aimed:
        return Need(NeedKind.NO_MEASURE, weak.instrument, weak)
    if all(measure.fiscal_year > weak.year for measure in aimed):
        return Need(NeedKind.GO_ON, weak.instrument, weak, aimed, scored=False)
    risen = weak.change is None or weak.change > 0
    kind = NeedKind.GO_ON if risen else NeedKind.NOT_RISEN
    return Need(kind, weak.instrument, weak, aimed)


def aiming_at(weak: WeakPoint, measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """Measures that aim at a weak point; of a whole instrument, all of its measures."""
    if not weak.is_indicator:
        return tuple(m for m in measures if m.instrument is weak.instrument)
    return tuple(m for m in measures if weak.part in m.indicators)


def answers(need: Need, plan: Sequence[Measure]) -> tuple[Measure, ...]:
    """The measures of a plan that take up a need's weak point."""
    return aiming_at(need.weak, plan) if need.weak else ()


def left_over(judged: Sequence[JudgedMeasure], year_is_over: bool) -> tuple[JudgedMeasure, ...]:
    """Measures to be carried on: not finished when their year was over, or late while it runs."""
    return tuple(
        one for one in judged if not one.progress.is_finished and (year_is_over or one.is_urgent)
    )
