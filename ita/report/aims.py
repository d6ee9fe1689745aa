"""Measures against the scores: what they aim at, what nobody aims at, and what came too late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ita.measures.rules import Measure
from ita.reference import Reference, YearRules
from ita.report.gaps import WeakIndicator, weak_indicators, year_to_start_from
from ita.scores.totals import YearScores
from ita.vocabulary import Certainty, FiscalYear, Quarter
from ita.wording import date_text, say, year_text


@dataclass(frozen=True)
class Aim:
    """A weak indicator and the measures that aim at it; none is what should worry."""

    indicator: WeakIndicator
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Aims:
    """scored: the year whose indicators are looked at, None where there are none to look at.

    aimless: measures that name no indicator. elsewhere: those that aim at none of the weak ones.
    """

    year: FiscalYear
    scored: FiscalYear | None
    weak: tuple[Aim, ...]
    aimless: tuple[Measure, ...]
    elsewhere: tuple[Measure, ...]

    @property
    def bare(self) -> tuple[Aim, ...]:
        """The weak indicators that no measure aims at."""
        return tuple(aim for aim in self.weak if not aim.measures)

    def sentence(self) -> str:
        """The finding, as one sentence."""
        if self.scored is None:
            return say(
                "ยังไม่มีคะแนนรายตัวชี้วัดของปี {before} หรือปี {year} จึงบอกไม่ได้ว่ามาตรการตรงกับจุดอ่อนหรือไม่",
                before=int(self.year) - 1,
                year=int(self.year),
            )
        words = {"scored": year_text(self.scored)}
        if not self.weak:
            return say("คะแนน{scored} ไม่มีตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่าน", **words)
        words |= {"weak": str(len(self.weak)), "bare": str(len(self.bare))}
        if not self.bare:
            return say(
                "ตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่านใน{scored} {weak} ตัว มีมาตรการที่มุ่งแก้ครบทุกตัว",
                scored=words["scored"],
                weak=words["weak"],
            )
        return say("ตัวชี้วัดที่ต่ำกว่าเกณฑ์ผ่านใน{scored} {weak} ตัว ยังไม่มีมาตรการที่มุ่งแก้ {bare} ตัว", **words)


def aims(
    measures: Sequence[Measure],
    scores: Sequence[YearScores],
    rules_of: Mapping[FiscalYear, YearRules],
    year: FiscalYear,
) -> Aims:
    """What a year's measures aim at, beside the weak indicators they should start from."""
    basis = year_to_start_from(scores, rules_of, year)
    weak = weak_indicators(scores, rules_of, year)
    numbers = {indicator.number for indicator in weak}
    return Aims(
        year,
        basis[0].fiscal_year if basis else None,
        tuple(Aim(w, tuple(m for m in measures if w.number in m.indicators)) for w in weak),
        tuple(m for m in measures if not m.indicators),
        tuple(m for m in measures if m.indicators and not numbers & set(m.indicators)),
    )


def too_late_quarters(year: FiscalYear, reference: Reference) -> tuple[Quarter, ...]:
    """Quarters that begin after the year's data were collected; empty where that is not known."""
    span = reference.collection(year)
    return tuple(q for q in year.quarters if span and q.first_day > span.last_day)


def timing_sentence(year: FiscalYear, reference: Reference) -> str:
    """Why completion beside the same year's score proves nothing, with the days it rests on."""
    span, late = reference.collection(year), too_late_quarters(year, reference)
    if span is None:
        return say(
            "ยังไม่มีวันเก็บข้อมูลของ{year} ในแฟ้ม collection.csv จึงบอกไม่ได้ว่างานของไตรมาสใดมีผลต่อคะแนนของปี",
            year=year_text(year),
        )
    if not late:
        return say(
            "ข้อมูลสำหรับคะแนน{year} เก็บถึง {day} งานหลังวันนั้นไม่มีผลต่อคะแนนของปีเดียวกัน",
            year=year_text(year),
            day=date_text(span.last_day),
        )
    told = say(
        "ข้อมูลสำหรับคะแนน{year} เก็บ {first} ถึง {last} งานของไตรมาส {numbers} จึงไม่มีผลต่อคะแนนของปีเดียวกัน "
        "และความสำเร็จที่สูงก็ไม่ได้แปลว่าคะแนนของปีจะสูง",
        year=year_text(year),
        first=date_text(span.first_day),
        last=date_text(span.last_day),
        numbers=", ".join(str(quarter.number) for quarter in late),
    )
    if span.certainty is Certainty.PRIMARY:
        return told
    return say("{told} (ช่วงเก็บข้อมูลยังไม่ได้ตรวจกับปฏิทินของสำนักงาน ป.ป.ช.)", told=told)
