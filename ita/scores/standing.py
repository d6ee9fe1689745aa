"""Where a part stands in its latest year, as figures and as one sentence; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ita.reference import Reference, YearRules
from ita.scores.trends import Point, Trend, TrendVerdict
from ita.vocabulary import HUNDREDTH, FiscalYear, Instrument, Part, Verdict, is_fictional
from ita.wording import change_text, either, say, score_text, year_text


@dataclass(frozen=True)
class Standing:
    """One part in the latest year of its agency.

    targets: the pass mark and where the best level starts, by the year's rules. weight: of an
    instrument, in points of the total.
    """

    part: Part
    year: FiscalYear
    point: Point | None
    before: Point | None
    verdict: TrendVerdict | None
    history: tuple[Point, ...]
    targets: tuple[Decimal, ...]
    weight: Decimal | None

    @property
    def score(self) -> Decimal | None:
        return self.point.score if self.point else None

    @property
    def change(self) -> Decimal | None:
        return self.point.change if self.point else None

    @property
    def since(self) -> Point | None:
        """The last earlier year with a score that this one may be compared with."""
        if self.point is None or self.point.score is None:
            return None
        earlier = (p for p in reversed(self.history) if p.fiscal_year < self.year)
        last = next((point for point in earlier if point.score is not None), None)
        # A verdict's run starts anew at a break: what lies before its first year can't be compared.
        run = self.verdict.years if self.verdict else ()
        return last if last and last.fiscal_year in run else None

    @property
    def change_since(self) -> Decimal | None:
        """Against `since`: the year before, or an earlier one where that has no score."""
        before = self.since
        if before is None or before.score is None or self.score is None:
            return None
        return self.score - before.score

    @property
    def fictional(self) -> bool:
        return is_fictional(self.point.source if self.point else None)

    def gap(self, target: Decimal) -> Decimal | None:
        """Points short of a target; 0 where it is reached, None without a score."""
        return None if self.score is None else max(Decimal(0), target - self.score)

    @property
    def lost_points(self) -> Decimal | None:
        """Points of the total that this instrument leaves on the table."""
        if self.score is None or self.weight is None:
            return None
        return (100 - self.score) * self.weight / 100

    def gap_text(self, target: Decimal) -> str:
        gap = self.gap(target)
        if gap is None:
            return say("เทียบกับ {target} ไม่ได้", target=target)
        if gap == 0:
            return say("ถึง {target} แล้ว", target=target)
        return say("ขาดอีก {gap} จึงจะถึง {target}", gap=score_text(gap), target=target)

    def sentence(self) -> str:
        """What happened to this part, in one sentence that the figures decide."""
        if self.score is None:
            return say("ยังไม่มีคะแนนของ{year}", year=year_text(self.year))
        if self.since is None or self.change_since is None:
            return self._without_change()
        words = {
            "change": score_text(abs(self.change_since)),
            "year": year_text(self.since.fiscal_year),
        }
        if self.change_since > 0:
            run = self.rises
            if run > 1:
                return say("เพิ่มขึ้น {change} จาก{year} และเพิ่มขึ้นติดต่อกัน {run} ปี", run=run, **words)
            return say("เพิ่มขึ้น {change} จาก{year}", **words)
        if self.change_since < 0:
            return say("ลดลง {change} จาก{year}", **words)
        return say("เท่ากับ{year}", **words)

    def _without_change(self) -> str:
        if any(p.score is not None and p.fiscal_year < self.year for p in self.history):
            return say("เทียบกับปีก่อนไม่ได้ เพราะรูปแบบการประเมินเปลี่ยน")
        return say("เป็นปีแรกที่มีคะแนน จึงยังบอกแนวโน้มไม่ได้")

    @property
    def rises(self) -> int:
        """How many years in a row, up to the latest, each stood above the one before."""
        count = 0
        for point in reversed(self.history):
            if point.change is None or point.change < HUNDREDTH:
                break
            count += 1
        return count


def targets_of(rules: YearRules) -> tuple[Decimal, ...]:
    """The marks worth measuring a distance to: passed, and the best level."""
    marks = {rules.pass_mark} | {band.min_total for band in rules.bands[:1]}
    return tuple(sorted(mark for mark in marks if mark is not None))


def standing(found: Trend, part: Part, reference: Reference) -> Standing | None:
    """Where a part stands in the latest year of the agency; None where the agency has no scores.

    A part without a score in that year stands there as missing, not with its last one.
    """
    if not found.years:
        return None
    history = found.of(part)
    by_year = {point.fiscal_year: point for point in history}
    year = found.years[-1]
    rules = reference.rules(year)
    rule = rules.instruments.get(Instrument(part)) if part in tuple(Instrument) else None
    return Standing(
        part,
        year,
        by_year.get(year),
        by_year.get(FiscalYear(year - 1)),
        found.verdict(part),
        history,
        targets_of(rules),
        rule.weight if rule else None,
    )


@dataclass(frozen=True)
class NamedScore:
    """An indicator with its score in a year and the name it had then."""

    number: Part
    name_th: str
    name_en: str
    score: Decimal

    @property
    def label(self) -> str:
        """7 ประสิทธิภาพการสื่อสาร (82.31)"""
        return f"{self.number} {either(self.name_th, self.name_en)} ({score_text(self.score)})"


def indicator_scores(found: Trend, reference: Reference) -> tuple[NamedScore, ...]:
    """The indicators known in the latest year, strongest first; none where none is known."""
    if not found.years:
        return ()
    year = found.years[-1]
    names = reference.rules(year).indicators
    scores = {p.part: p.score for p in found.points if p.fiscal_year == year and p.part in names}
    known = [
        NamedScore(number, names[number].name_th, names[number].name_en, score)
        for number, score in scores.items()
        if score is not None
    ]
    return tuple(sorted(known, key=lambda n: (-n.score, int(n.number))))


def headline(
    total: Standing, instruments: Sequence[Standing], indicators: Sequence[NamedScore] = ()
) -> str:
    """The first thing an executive reads: where we stand, whether it is better, what holds it back."""
    if total.score is None:
        return say("ยังไม่มีคะแนนรวมของ{year}", year=year_text(total.year))
    told = say(
        "{year} ได้ {score} {change}",
        year=year_text(total.year),
        score=score_text(total.score),
        change=total.sentence(),
    )
    costly, weakest = _costly(instruments), _weakest(indicators)
    if costly:
        told += " " + say("สิ่งที่ฉุดคะแนนรวมมากที่สุดคือ{costly}", costly=costly)
    elif missing := _missing(instruments):
        told += " " + missing
    if weakest:
        told += " " + say("ตัวชี้วัดที่ได้คะแนนต่ำสุดคือ{weakest}", weakest=weakest)
    return told


def held_back_text(instruments: Sequence[Standing], indicators: Sequence[NamedScore] = ()) -> str:
    """What costs the total most, without a sentence around it: instrument, then indicator."""
    costly = _costly(instruments) or _missing(instruments)
    return " · ".join(filter(None, [costly, _weakest(indicators)]))


def _missing(instruments: Sequence[Standing]) -> str:
    """The instruments without a score, where others have one."""
    missing = [s.part for s in instruments if s.score is None]
    if not missing or len(missing) == len(instruments):
        return ""
    return say("ยังไม่มีคะแนนรายแบบวัด {parts}", parts=", ".join(missing))


def _costly(instruments: Sequence[Standing]) -> str:
    """The instrument that costs the total most; "" unless all are known."""
    if not instruments or any(s.score is None for s in instruments):
        return ""
    worst = max(instruments, key=lambda s: s.lost_points or Decimal(0))
    if not worst.lost_points:
        return ""
    return say(
        "แบบวัด {part} (เสียไป {points} คะแนน)",
        part=worst.part,
        points=score_text(worst.lost_points),
    )


def _weakest(indicators: Sequence[NamedScore]) -> str:
    if len(indicators) < 2 or indicators[0].score == indicators[-1].score:
        return ""
    return say("ตัวชี้วัดที่ {indicator}", indicator=indicators[-1].label)


def change_label(total: Standing) -> str:
    """The change as a label: +4.51 จากปี 2566, or why there is none."""
    if total.since is None or total.change_since is None:
        return total.sentence()
    return say(
        "{change} จาก{year}",
        change=change_text(total.change_since),
        year=year_text(total.since.fiscal_year),
    )


def verdict_sentence(verdict: TrendVerdict, reference_break: FiscalYear | None) -> str:
    """A verdict in words, with its years and why it starts where it does."""
    if verdict.verdict is Verdict.NOT_ENOUGH_DATA or not verdict.years:
        return say("ข้อมูลไม่พอที่จะบอกแนวโน้ม")
    span = f"{int(verdict.years[0])}–{int(verdict.years[-1])}"
    against = ", ".join(f"{int(c.fiscal_year)} ({change_text(c.change)})" for c in verdict.against)
    said = {
        Verdict.RISING: say("เพิ่มขึ้นทุกปีในช่วง {span}", span=span),
        Verdict.FALLING: say("ลดลงทุกปีในช่วง {span}", span=span),
        Verdict.FLAT: say("คงที่ในช่วง {span}", span=span),
        Verdict.MIXED: say(
            "ขึ้นบ้างลงบ้างในช่วง {span}: ไม่เพิ่มขึ้นในปี {against}", span=span, against=against
        ),
    }[verdict.verdict]
    if len(verdict.years) == 2:
        said = f"{said} {say('(มีเพียงสองปี)')}"
    if reference_break == verdict.years[0]:
        said = f"{said} {say('(นับตั้งแต่เปลี่ยนรูปแบบการประเมิน)')}"
    return said
