"""The standing of a part in its latest year, as figures and as one sentence; pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from ita.domain import HUNDREDTH, TOTAL, FiscalYear, Instrument, Part, Verdict, is_fictional
from ita.formatting import change_text, score_text, year_text
from ita.i18n import _, either
from ita.reference import Reference, YearRules
from ita.scores.trends import Point, Trend, TrendVerdict, YearChange, difference


@dataclass(frozen=True)
class Standing:
    """One part in the latest year of its agency.

    targets: the pass mark and where the best level starts, by the year's rules. weight: of an
    instrument, in points of the total.
    """

    part: Part
    year: FiscalYear
    point: Point | None
    previous: Point | None
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
        return difference(self.score, before.score) if before else None

    @property
    def national_change_since(self) -> Decimal | None:
        """Of the nation's mean against `since`; None where one of the two is not known."""
        before = self.since
        if before is None or self.point is None:
            return None
        return difference(self.point.national_mean, before.national_mean)

    @property
    def change_sign(self) -> int:
        """How a change is shown: −1 a fall, 1 a rise that has reached the mark, else 0.

        A rise that stays below the pass mark, or behind the nation's, is no success.
        """
        change = self.change_since
        if change is None or change == 0:
            return 0
        if change < 0:
            return -1
        return int(self.is_success(change, self.national_change_since))

    @property
    def has_passed(self) -> bool:
        """Whether the latest score has reached the pass mark."""
        return bool(self.targets) and self.gap(self.targets[0]) == 0

    def is_success(self, rise: Decimal, national_rise: Decimal | None) -> bool:
        """Whether a rise has reached the pass mark and is no smaller than the nation's, where known."""
        return self.has_passed and (national_rise is None or rise >= national_rise)

    @property
    def is_fictional(self) -> bool:
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

    @property
    def targets_text(self) -> str:
        """ถึง 85 แล้ว · ขาดอีก 8.00 จึงจะถึง 95; "" without a score."""
        return format_targets([(t, gap) for t in self.targets if (gap := self.gap(t)) is not None])

    def sentence(self) -> str:
        """What happened to this part, in one sentence that the figures decide."""
        if self.score is None:
            return _("ยังไม่มีคะแนนของ{year}", year=year_text(self.year))
        if self.since is None or self.change_since is None:
            return self._no_change_text()
        words = {
            "change": score_text(abs(self.change_since)),
            "year": year_text(self.since.fiscal_year),
        }
        if self.change_since > 0:
            if self.rise_count > 1:
                return _(
                    "เพิ่มขึ้น {change} จาก{year} และเพิ่มขึ้นติดต่อกัน {run} ปี", run=self.rise_count, **words
                )
            return _("เพิ่มขึ้น {change} จาก{year}", **words)
        if self.change_since < 0:
            return _("ลดลง {change} จาก{year}", **words)
        return _("เท่ากับ{year}", **words)

    def _no_change_text(self) -> str:
        if any(p.score is not None and p.fiscal_year < self.year for p in self.history):
            return _("เทียบกับปีก่อนไม่ได้ เพราะรูปแบบการประเมินเปลี่ยน")
        return _("เป็นปีแรกที่มีคะแนน จึงยังบอกแนวโน้มไม่ได้")

    @property
    def rise_count(self) -> int:
        """The number of years in a row, up to the latest, that each rose from the year before."""
        return self._run_length(lambda change: change >= HUNDREDTH)

    @property
    def fall_count(self) -> int:
        """The number of years in a row, up to the latest, that each fell from the year before."""
        return self._run_length(lambda change: change <= -HUNDREDTH)

    def _run_length(self, is_in_run: Callable[[Decimal], bool]) -> int:
        changes = (point.change for point in reversed(self.history))
        return sum(1 for _change in takewhile(lambda c: c is not None and is_in_run(c), changes))


def level_targets(rules: YearRules) -> tuple[Decimal, ...]:
    """The pass mark and the minimum total of the best level."""
    marks = {rules.pass_mark} | {band.min_total for band in rules.bands[:1]}
    return tuple(sorted(mark for mark in marks if mark is not None))


def compute_standing(trend: Trend, part: Part, reference: Reference) -> Standing | None:
    """The standing of a part in the latest year of the agency; None without any scores.

    A part without a score in that year is missing; its last score is not taken instead.
    """
    if not trend.years:
        return None
    history = trend.points_of(part)
    by_year = {point.fiscal_year: point for point in history}
    year = trend.years[-1]
    rules = reference.rules(year)
    rule = rules.instruments.get(Instrument(part)) if part in tuple(Instrument) else None
    return Standing(
        part,
        year,
        by_year.get(year),
        by_year.get(FiscalYear(year - 1)),
        trend.verdict(part),
        history,
        level_targets(rules),
        rule.weight if rule else None,
    )


def format_targets(gaps: Sequence[tuple[Decimal, Decimal]]) -> str:
    """The targets reached and the distance to the next one: one number only.

    gaps: each target, the nearest first, with the points short of it.
    """
    texts = []
    for target, gap in gaps:
        if gap:
            texts.append(_("ขาดอีก {gap} จึงจะถึง {target}", gap=score_text(gap), target=target))
            break
        texts.append(_("ถึง {target} แล้ว", target=target))
    return " · ".join(texts)


@dataclass(frozen=True)
class IndicatorScore:
    """An indicator with its score in a year and the name it had then."""

    number: Part
    name_th: str
    name_en: str
    score: Decimal

    @property
    def label(self) -> str:
        """7 ประสิทธิภาพการสื่อสาร (82.31)"""
        return f"{self.number} {either(self.name_th, self.name_en)} ({score_text(self.score)})"


def indicator_scores(trend: Trend, reference: Reference) -> tuple[IndicatorScore, ...]:
    """The indicators known in the latest year, strongest first; none where none is known."""
    if not trend.years:
        return ()
    year = trend.years[-1]
    names = reference.rules(year).indicators
    scores = {p.part: p.score for p in trend.points if p.fiscal_year == year and p.part in names}
    scored = [
        IndicatorScore(number, names[number].name_th, names[number].name_en, score)
        for number, score in scores.items()
        if score is not None
    ]
    return tuple(sorted(scored, key=lambda n: (-n.score, int(n.number))))


def headline(
    total: Standing, instruments: Sequence[Standing], indicators: Sequence[IndicatorScore] = ()
) -> str:
    """The total with its change and what costs it most, for executives."""
    if total.score is None:
        return _("ยังไม่มีคะแนนรวมของ{year}", year=year_text(total.year))
    sentence = _(
        "{year} ได้ {score} {change}",
        year=year_text(total.year),
        score=score_text(total.score),
        change=total.sentence(),
    )
    costly, weakest = _costliest_instrument_text(instruments), _weakest_indicators_text(indicators)
    if costly:
        sentence += " " + _("สิ่งที่ฉุดคะแนนรวมมากที่สุดคือ{costly}", costly=costly)
    elif missing := _missing_text(instruments):
        sentence += " " + missing
    if weakest:
        sentence += " " + _("ตัวชี้วัดที่ได้คะแนนต่ำสุดคือ{weakest}", weakest=weakest)
    return sentence


def overview_headline(total: Standing) -> str:
    """What the total did and where it stands beside the nation: สูงขึ้น 4 ปีติดต่อกัน แต่ยังต่ำกว่าค่าเฉลี่ยประเทศ.

    Says "ยัง" only where the total lay on the same side of the nation's mean in the year that it is
    compared with, and nothing of the nation where no mean is known.
    """
    if total.score is None:
        return total.sentence()
    change = total.change_since
    return " ".join(filter(None, [_movement_text(total), _national_text(total, change)]))


def _movement_text(total: Standing) -> str:
    if total.since is None or total.change_since is None:
        return total.sentence()
    year = year_text(total.since.fiscal_year)
    if total.change_since == 0:
        return _("เท่ากับ{year}", year=year)
    if total.change_since > 0:
        if total.rise_count > 1:
            return _("สูงขึ้น {run} ปีติดต่อกัน", run=total.rise_count)
        return _("สูงขึ้นจาก{year}", year=year)
    if total.fall_count > 1:
        return _("ลดลง {run} ปีติดต่อกัน", run=total.fall_count)
    return _("ลดลงจาก{year}", year=year)


def _national_text(total: Standing, change: Decimal | None) -> str:
    """The second half of the headline, joined by "แต่" where it goes against the movement."""
    distance = total.point.distance_to_national if total.point else None
    if distance is None:
        return ""
    if distance == 0:
        return _("และเท่ากับค่าเฉลี่ยประเทศ")
    before = total.since.distance_to_national if total.since else None
    is_above, is_still = distance > 0, before is not None and before * distance > 0
    is_against = change is not None and change * distance < 0
    return {
        (True, True, True): _("แต่ยังสูงกว่าค่าเฉลี่ยประเทศ"),
        (True, True, False): _("แต่สูงกว่าค่าเฉลี่ยประเทศ"),
        (True, False, True): _("และยังสูงกว่าค่าเฉลี่ยประเทศ"),
        (True, False, False): _("และสูงกว่าค่าเฉลี่ยประเทศ"),
        (False, True, True): _("แต่ยังต่ำกว่าค่าเฉลี่ยประเทศ"),
        (False, True, False): _("แต่ต่ำกว่าค่าเฉลี่ยประเทศ"),
        (False, False, True): _("และยังต่ำกว่าค่าเฉลี่ยประเทศ"),
        (False, False, False): _("และต่ำกว่าค่าเฉลี่ยประเทศ"),
    }[is_above, is_against, is_still]


def headline_caution(total: Standing, reference: Reference) -> str:
    """That what is assessed changed within the rise of which the headline speaks; "" else."""
    if total.since is None or not total.change_since or total.change_since < 0:
        return ""
    first = min(total.since.fiscal_year, total.year - total.rise_count)
    return content_note(total.part, first, total.year, reference)


def costliest_text(
    instruments: Sequence[Standing], indicators: Sequence[IndicatorScore] = ()
) -> str:
    """What costs the total most, without a sentence around it: instrument, then indicator."""
    costly = _costliest_instrument_text(instruments) or _missing_text(instruments)
    return " · ".join(filter(None, [costly, _weakest_indicators_text(indicators)]))


def _missing_text(instruments: Sequence[Standing]) -> str:
    """The instruments without a score, where others have one."""
    missing = [s.part for s in instruments if s.score is None]
    if not missing or len(missing) == len(instruments):
        return ""
    return _("ยังไม่มีคะแนนรายแบบวัด {parts}", parts=", ".join(missing))


def _costliest_instrument_text(instruments: Sequence[Standing]) -> str:
    """The instrument that costs the total most; "" unless all are known."""
    if not instruments or any(s.score is None for s in instruments):
        return ""
    worst = max(instruments, key=lambda s: s.lost_points or Decimal(0))
    if not worst.lost_points:
        return ""
    return _(
        "แบบวัด {part} (ยังได้ไม่เต็ม {points} จาก {weight})",
        part=worst.part,
        points=score_text(worst.lost_points),
        weight=f"{worst.weight or 0:f}",
    )


def _weakest_indicators_text(indicators: Sequence[IndicatorScore]) -> str:
    if len(indicators) < 2 or indicators[0].score == indicators[-1].score:
        return ""
    weakest = [indicator for indicator in indicators if indicator.score == indicators[-1].score]
    return _("ตัวชี้วัดที่ {indicator}", indicator=", ".join(indicator.label for indicator in weakest))


def own_change_label(part: Standing) -> str:
    """+4.51 จากปี 2566, or เท่ากับปี 2566; "" without a year to compare with."""
    if part.since is None or part.change_since is None:
        return ""
    year = year_text(part.since.fiscal_year)
    if not part.change_since:
        return _("เท่ากับ{year}", year=year)
    return _("{change} จาก{year}", change=change_text(part.change_since), year=year)


def change_label(part: Standing) -> str:
    """The change as a label: +4.51 จากปี 2566 (ทั้งประเทศ +2.86), or why there is none."""
    label = own_change_label(part)
    if not label:
        return part.sentence()
    nation = part.national_change_since
    if nation is None:
        return label
    return f"{label} {_('(ทั้งประเทศ {change})', change=change_text(nation))}"


def national_label(part: Standing) -> str:
    """How far a score lies from the nation's mean of its year: ต่ำกว่าค่าเฉลี่ยประเทศ 4.13.

    Where no mean is known there is a text for the total only: none is published for other parts.
    """
    if part.score is None:
        return ""
    distance = part.point.distance_to_national if part.point else None
    if distance is None:
        if part.part != TOTAL:
            return ""
        return _("ยังไม่มีค่าเฉลี่ยประเทศของ{year}", year=year_text(part.year))
    if distance == 0:
        return _("เท่ากับค่าเฉลี่ยประเทศ")
    size = score_text(abs(distance))
    if distance < 0:
        return _("ต่ำกว่าค่าเฉลี่ยประเทศ {distance}", distance=size)
    return _("สูงกว่าค่าเฉลี่ยประเทศ {distance}", distance=size)


def type_label(part: Standing) -> str:
    """ต่ำกว่าค่าเฉลี่ยหน่วยงานอื่นของรัฐ 5.89; "" where no mean of the agency's type is known."""
    point = part.point
    distance, mean = (point.distance_to_type, point.type_mean) if point else (None, None)
    if distance is None or mean is None:
        return ""
    if distance == 0:
        return _("เท่ากับค่าเฉลี่ย{type}", type=mean.agency_type)
    words = {"type": mean.agency_type, "distance": score_text(abs(distance))}
    if distance < 0:
        return _("ต่ำกว่าค่าเฉลี่ย{type} {distance}", **words)
    return _("สูงกว่าค่าเฉลี่ย{type} {distance}", **words)


@dataclass(frozen=True)
class ScoreComparison:
    """A score against a reference figure, as a label. is_behind: whether it is below that."""

    label: str
    is_behind: bool


def score_comparisons(part: Standing) -> tuple[ScoreComparison, ...]:
    """The latest score against the nation's mean, that of the agency's type, and its own best year;
    those without figures are left out."""
    point = part.point
    distance_to_national = point.distance_to_national if point else None
    distance_to_type = point.distance_to_type if point else None
    candidates = (
        ScoreComparison(
            national_label(part), distance_to_national is not None and distance_to_national < 0
        ),
        ScoreComparison(type_label(part), distance_to_type is not None and distance_to_type < 0),
        ScoreComparison(own_best_label(part), is_behind=True),
    )
    return tuple(comparison for comparison in candidates if comparison.label)


def own_best_label(part: Standing) -> str:
    """ยังต่ำกว่าปี 2565 ของตนเอง 3.00; "" at the best, or where the change says the same."""
    best = part.point.own_best if part.point else None
    if best is None or best.distance == 0:
        return ""
    if part.since is not None and part.since.fiscal_year == best.fiscal_year:
        return ""
    return _(
        "ยังต่ำกว่า{year} ของตนเอง {distance}",
        year=year_text(best.fiscal_year),
        distance=score_text(-best.distance),
    )


def run_changes(trend: Trend, verdict: TrendVerdict) -> tuple[Decimal | None, Decimal | None]:
    """How far a part, and the nation's mean of it, moved from the first to the last year of a verdict."""
    by_year = {point.fiscal_year: point for point in trend.points_of(verdict.part)}
    first, last = by_year[verdict.years[0]], by_year[verdict.years[-1]]
    return difference(last.score, first.score), difference(last.national_mean, first.national_mean)


def verdict_sentence(verdict: TrendVerdict, trend: Trend, reference: Reference) -> str:
    """A verdict in words, with its years, why it starts where it does, and the nation's change."""
    if verdict.verdict is Verdict.NOT_ENOUGH_DATA or not verdict.years:
        return _("ข้อมูลไม่พอที่จะบอกแนวโน้ม")
    span = f"{int(verdict.years[0])}–{int(verdict.years[-1])}"
    sentence = {
        Verdict.RISING: _("เพิ่มขึ้นทุกปีในช่วง {span}", span=span),
        Verdict.FALLING: _("ลดลงทุกปีในช่วง {span}", span=span),
        Verdict.FLAT: _("คงที่ในช่วง {span}", span=span),
        Verdict.MIXED: _mixed_sentence(verdict, span),
    }[verdict.verdict]
    if len(verdict.years) == 2:
        sentence = f"{sentence} {_('(มีเพียงสองปี)')}"
    change, nation = run_changes(trend, verdict)
    if nation is not None:
        words = {"change": change_text(change), "nation": change_text(nation)}
        sentence = f"{sentence} {_('(รวม {change} ทั้งประเทศ {nation})', **words)}"
    if verdict.verdict is Verdict.RISING:
        note = content_note(verdict.part, verdict.years[0], verdict.years[-1], reference)
        sentence = f"{sentence} ({note})" if note else sentence
    if verdict.years[0] in {b.after for b in reference.breaks if not b.comparable}:
        sentence = f"{sentence} {_('(นับตั้งแต่เปลี่ยนรูปแบบการประเมิน)')}"
    return sentence


def _mixed_sentence(verdict: TrendVerdict, span: str) -> str:
    """Which ways the score went, and the years of a fall or of no change. span: first and last year."""
    falls = ", ".join(_non_rise_text(c, verdict) for c in verdict.non_rises if c.change < 0)
    level = ", ".join(str(int(c.fiscal_year)) for c in verdict.non_rises if c.change == 0)
    rose = len(verdict.non_rises) < len(verdict.years) - 1
    if not rose:
        summary = _("ลดลงบ้างคงที่บ้างในช่วง {span}", span=span)
    elif falls:
        summary = _("ขึ้นบ้างลงบ้างในช่วง {span}", span=span)
    else:
        summary = _("ขึ้นบ้างคงที่บ้างในช่วง {span}", span=span)
    fell = _("ลดลงในปี {years}", years=falls) if falls else ""
    same = _("คงที่ในปี {years}", years=level) if level else ""
    return f"{summary}: {' · '.join(filter(None, [fell, same]))}"


def _non_rise_text(change: YearChange, verdict: TrendVerdict) -> str:
    """2566 (−1.56), or 2567 (−2.45 จากปี 2565) where the year before has no score."""
    before = verdict.years[verdict.years.index(change.fiscal_year) - 1]
    change_label = change_text(change.change)
    if before != change.fiscal_year - 1:
        change_label = _("{change} จาก{year}", change=change_label, year=year_text(before))
    return f"{int(change.fiscal_year)} ({change_label})"


def content_note(part: Part, earlier: int, later: int, reference: Reference) -> str:
    """That what is assessed in a part changed between two years; "" where it did not."""
    return content_note_for_years([b.after for b in reference.content_breaks(earlier, later, part)])


def content_note_for_years(years: Sequence[FiscalYear]) -> str:
    """years: those in which what is assessed changed."""
    if not years:
        return ""
    return _(
        "สิ่งที่ประเมินเปลี่ยนในปี {years} คะแนนที่เพิ่มอาจมาจากเหตุนี้",
        years=", ".join(str(int(year)) for year in years),
    )
