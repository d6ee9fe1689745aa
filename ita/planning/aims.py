"""Measures against the scores: which weak indicators they address, which nobody does, and timing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ita.domain import FiscalYear, Phase, Quarter
from ita.formatting import date_text, year_text
from ita.i18n import _
from ita.measures.model import Measure, active_measures
from ita.planning.needs import WeakPoint, measures_aiming_at, weak_points_below_mark
from ita.reference import AssessmentPhase, Reference
from ita.scores.trends import Trend


@dataclass(frozen=True)
class Aim:
    """A weak indicator and the measures that aim at it."""

    indicator: WeakPoint
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Aims:
    """score_year: whose indicators count, None where none has any.

    without_indicator: measures that name none. on_other_indicators: those that aim at none of the weak
    ones.
    """

    year: FiscalYear
    score_year: FiscalYear | None
    weak_indicators: tuple[Aim, ...]
    without_indicator: tuple[Measure, ...]
    on_other_indicators: tuple[Measure, ...]

    @property
    def unaddressed(self) -> tuple[Aim, ...]:
        """The weak indicators that no measure aims at."""
        return tuple(aim for aim in self.weak_indicators if not aim.measures)

    def sentence(self) -> str:
        """The result as one sentence."""
        if self.score_year is None:
            return _(
                "ยังไม่มีคะแนนรายตัวชี้วัดของปี {before} หรือปี {year} จึงบอกไม่ได้ว่ามาตรการตรงกับจุดอ่อนหรือไม่",
                before=int(self.year) - 1,
                year=int(self.year),
            )
        words = {"scored": year_text(self.score_year)}
        if not self.weak_indicators:
            return _("คะแนน{scored} ไม่มีตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่าน", **words)
        words |= {"weak": str(len(self.weak_indicators)), "bare": str(len(self.unaddressed))}
        if not self.unaddressed:
            return _(
                "ตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่านใน{scored} {weak} ตัว มีมาตรการที่มุ่งแก้ครบทุกตัว",
                scored=words["scored"],
                weak=words["weak"],
            )
        return _("ตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่านใน{scored} {weak} ตัว ยังไม่มีมาตรการที่มุ่งแก้ {bare} ตัว", **words)


def compute_aims(
    measures: Sequence[Measure], trend: Trend, year: FiscalYear, reference: Reference
) -> Aims:
    """Compares what a year's measures aim at with the weak indicators they should start from; a
    cancelled measure aims at nothing."""
    measures = active_measures(measures)
    weak = weak_indicators(trend, year, reference)
    numbers = {indicator.part for indicator in weak}
    return Aims(
        year,
        basis_year(trend, year, reference),
        tuple(Aim(w, measures_aiming_at(w, measures)) for w in weak),
        tuple(m for m in measures if not m.indicators),
        tuple(m for m in measures if m.indicators and not numbers & set(m.indicators)),
    )


def _quarters_after(closing: AssessmentPhase, year: FiscalYear) -> tuple[Quarter, ...]:
    """Quarters that begin after the year's assessment was closed; empty where that day isn't known."""
    last = closing.last_day
    return tuple(q for q in year.quarters if last and q.first_day > last)


def timing_sentence(year: FiscalYear, reference: Reference) -> str:
    """Why completion beside the same year's score proves nothing, with the days it rests on.

    That work of a quarter came too late is said only where the last day is known.
    """
    closing = reference.closing(year)
    if closing is None or closing.last_day is None:
        return _unknown_closing_sentence(year, reference)
    late, words = _quarters_after(closing, year), {"year": year_text(year)}
    if late:
        sentence = _(
            "การประเมิน{year} ปิดเมื่อ {day} งานของไตรมาส {numbers} จึงไม่มีผลต่อคะแนนของปีเดียวกัน "
            "และความสำเร็จที่สูงก็ไม่ได้แปลว่าคะแนนของปีจะสูง",
            day=date_text(closing.last_day),
            numbers=", ".join(str(quarter.number) for quarter in late),
            **words,
        )
    else:
        sentence = _(
            "การประเมิน{year} ปิดเมื่อ {day} งานหลังวันนั้นไม่มีผลต่อคะแนนของปีเดียวกัน",
            day=date_text(closing.last_day),
            **words,
        )
    return f"{sentence} ({_('แหล่งที่มา')}: {closing.citation})"


def _unknown_closing_sentence(year: FiscalYear, reference: Reference) -> str:
    """The timing sentence of a year whose closing day is not known."""
    closings, words = reference.closings(year), {"year": year_text(year)}
    if len(closings) > 1:
        days = sorted({end.last_day for end in closings if end.last_day})
        return _(
            "แหล่งข้อมูลบอกวันปิดการประเมิน{year} ไม่ตรงกัน ({days}) จึงบอกไม่ได้ว่างานของไตรมาสใดมีผลต่อคะแนนของปี",
            days=", ".join(date_text(day) for day in days),
            **words,
        )
    if closings and closings[0].last_day:
        late = ", ".join(str(quarter.number) for quarter in _quarters_after(closings[0], year))
        if late:
            return _(
                "คาดว่าการประเมิน{year} ปิดราว {day} (ยังไม่พบปฏิทิน) งานของไตรมาส {numbers} "
                "จึงอาจไม่ทันมีผลต่อคะแนนของปีเดียวกัน",
                day=date_text(closings[0].last_day),
                numbers=late,
                **words,
            )
        return _(
            "คาดว่าการประเมิน{year} ปิดราว {day} (ยังไม่พบปฏิทิน)",
            day=date_text(closings[0].last_day),
            **words,
        )
    results = [p for p in reference.phases_of(year) if p.phase is Phase.RESULTS and p.first_day]
    if results and results[0].first_day:
        return _(
            "ยังไม่ทราบวันปิดการประเมิน{year} ทราบเพียงว่าประกาศผล {day} "
            "จึงบอกไม่ได้ว่างานของไตรมาสใดมีผลต่อคะแนนของปี",
            day=date_text(results[0].first_day),
            **words,
        )
    return _(
        "ยังไม่มีวันปิดการประเมิน{year} ในไฟล์ phases.csv จึงบอกไม่ได้ว่างานของไตรมาสใดมีผลต่อคะแนนของปี",
        **words,
    )


def weak_indicators(trend: Trend, year: FiscalYear, reference: Reference) -> tuple[WeakPoint, ...]:
    """Indicators below the pass mark, weakest first, from which a year's measures should start.

    They are of the year before, which was known when the measures were planned; where it has no
    indicators, of the year itself.
    """
    basis = basis_year(trend, year, reference)
    points = weak_points_below_mark(trend, basis, reference) if basis else ()
    return tuple(point for point in points if point.is_indicator)


def basis_year(trend: Trend, year: FiscalYear, reference: Reference) -> FiscalYear | None:
    """The year from whose indicators a year's measures start; None where neither the year before nor the
    year itself has indicators and a pass mark."""
    years = (
        point.fiscal_year
        for point in trend.points
        if point.fiscal_year in (year - 1, year)
        and point.score is not None
        and point.part in reference.rules(point.fiscal_year).indicators
        and reference.rules(point.fiscal_year).pass_mark is not None
    )
    return min(years, default=None)
