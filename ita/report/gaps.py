"""What a report lacks: the first things that an assessor objects to; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ita.measures.model import Completion, Measure, is_due, pair_with_reports, unreported_quarters
from ita.reference import YearRules
from ita.scores.totals import YearScores
from ita.vocabulary import FiscalYear, Instrument, Part, Quarter, two_places
from ita.wording import either, later, say, score_text, year_text


class GapKind(StrEnum):
    NO_RESULT = "no_result"
    NO_PERIOD = "no_period"
    NO_DIVISION = "no_division"
    NO_OUTCOME = "no_outcome"
    NO_PROGRESS = "no_progress"
    WEAK_INDICATOR_WITHOUT_MEASURE = "weak_indicator_without_measure"


SENTENCES = {
    GapKind.NO_RESULT: later("ยังไม่มีสรุปผลการดำเนินการ"),
    GapKind.NO_PERIOD: later("ยังไม่ระบุระยะเวลาดำเนินการ"),
    GapKind.NO_DIVISION: later("ยังไม่ระบุผู้รับผิดชอบ"),
    GapKind.NO_OUTCOME: later("ยังไม่มีผลลัพธ์หรือความสำเร็จ"),
    GapKind.NO_PROGRESS: later("ยังไม่รายงานความสำเร็จ {quarters}"),
    GapKind.WEAK_INDICATOR_WITHOUT_MEASURE: later(
        "ตัวชี้วัดที่ {indicator} {name} ได้ {score} ใน{year} ต่ำกว่า {pass_mark} แต่ยังไม่มีมาตรการที่มุ่งแก้"
    ),
}


@dataclass(frozen=True)
class WeakIndicator:
    """An indicator below the pass mark in a year."""

    number: Part
    name_th: str
    name_en: str
    score: str
    year: FiscalYear
    pass_mark: str

    @property
    def below(self) -> Decimal:
        """The score less the pass mark: the lower, the weaker."""
        return Decimal(self.score) - Decimal(self.pass_mark)


@dataclass(frozen=True)
class Gap:
    """seq: of the measure, None for the instrument as a whole. due: whether it may be asked for yet."""

    instrument: Instrument
    seq: int | None
    kind: GapKind
    quarters: tuple[Quarter, ...] = ()
    indicator: WeakIndicator | None = None
    due: bool = True

    def message(self) -> str:
        """What is lacking, said for a person."""
        words: dict[str, str] = {}
        if self.quarters:
            words["quarters"] = quarters_text(self.quarters)
        if self.indicator:
            weak = self.indicator
            words |= {
                "indicator": weak.number,
                "name": either(weak.name_th, weak.name_en),
                "score": weak.score,
                "year": year_text(weak.year),
                "pass_mark": weak.pass_mark,
            }
        return say(SENTENCES[self.kind], **words)

    def short(self) -> str:
        """The same for a place where the figures stand elsewhere."""
        if self.indicator:
            return say("ตัวชี้วัดที่ {number} ยังไม่มีมาตรการ", number=self.indicator.number)
        return self.message()

    def as_json(self) -> dict[str, object]:
        """The contract's form, with what the kind adds."""
        found: dict[str, object] = {
            "instrument": self.instrument.value,
            "seq": self.seq,
            "gap": self.kind.value,
            "message": self.message(),
        }
        if self.quarters:
            found["quarters"] = [quarter.number for quarter in self.quarters]
        if self.indicator:
            found["indicator"] = self.indicator.number
            found["score"] = float(self.indicator.score)
            found["score_year"] = int(self.indicator.year)
        return found


def quarters_text(quarters: Sequence[Quarter]) -> str:
    return say("ไตรมาส {numbers}", numbers=", ".join(str(q.number) for q in quarters))


def weak_indicators(
    scores: Iterable[YearScores], rules_of: Mapping[FiscalYear, YearRules], year: FiscalYear
) -> tuple[WeakIndicator, ...]:
    """Indicators below the pass mark, weakest first, from which a year's measures should start.

    That is the year before: it was known when the measures were planned. Where it has no
    indicators, the year itself speaks.
    """
    basis = year_to_start_from(scores, rules_of, year)
    if basis is None:
        return ()
    found, rules = basis
    known = {n: found.values[n] for n in rules.indicators if n in found.values}
    mark = rules.pass_mark or Decimal(0)
    below = ((n, s) for n, s in known.items() if two_places(s) < mark)
    return tuple(
        WeakIndicator(
            n,
            rules.indicators[n].name_th,
            rules.indicators[n].name_en,
            score_text(s),
            found.fiscal_year,
            f"{mark:f}",
        )
        for n, s in sorted(below, key=lambda pair: (pair[1], int(pair[0])))
    )


def year_to_start_from(
    scores: Iterable[YearScores], rules_of: Mapping[FiscalYear, YearRules], year: FiscalYear
) -> tuple[YearScores, YearRules] | None:
    """The scores by indicator from which a year's measures start, with their rules.

    None where neither the year before nor the year itself has indicators and a pass mark.
    """
    by_year = {int(score.fiscal_year): score for score in scores}
    for candidate in (year - 1, year):
        found = by_year.get(candidate)
        rules = rules_of.get(found.fiscal_year) if found else None
        if not found or not rules or rules.pass_mark is None:
            continue
        if any(number in found.values for number in rules.indicators):
            return found, rules
    return None


def report_gaps(
    measures: Sequence[Measure],
    answered: frozenset[tuple[Instrument, int]],
    periods: frozenset[Instrument],
    outcomes: frozenset[Instrument],
    completions: Sequence[Completion],
    weak: Sequence[WeakIndicator],
    instruments_of: dict[Part, Instrument],
    today: date,
    results: frozenset[Instrument] = frozenset(),
) -> tuple[Gap, ...]:
    """Everything that is lacking, by instrument and measure, what is not due yet marked as such.

    A result can be missing once the report of its measure's first quarter is due, an outcome once
    that of any of its instrument's measures is. What a plan must say is due at once.

    answered: measures that some result speaks of. periods, outcomes, results: instruments whose
    report has one. An instrument's period stands for all its measures; without it each needs its
    own. An instrument of which the report says anything needs a period and an outcome.
    """
    unreported = {
        measure.key: unreported_quarters(measure, reports, today)
        for measure, reports in pair_with_reports(measures, completions)
    }
    gaps: list[Gap] = []
    for instrument in Instrument:
        mine = [measure for measure in measures if measure.instrument is instrument]
        reported = bool(mine) or instrument in results | outcomes | periods
        if reported and instrument not in periods:
            gaps.extend(_period_gaps(instrument, mine))
        for measure in mine:
            if measure.key not in answered:
                due = is_due(measure.quarters[0], today)
                gaps.append(Gap(instrument, measure.seq, GapKind.NO_RESULT, due=due))
            if not measure.divisions:
                gaps.append(Gap(instrument, measure.seq, GapKind.NO_DIVISION))
            if unreported.get(measure.key):
                quarters = unreported[measure.key]
                gaps.append(Gap(instrument, measure.seq, GapKind.NO_PROGRESS, quarters))
        if reported and instrument not in outcomes:
            # Without measures there is an old report, whose time is over.
            due = not mine or any(is_due(measure.quarters[0], today) for measure in mine)
            gaps.append(Gap(instrument, None, GapKind.NO_OUTCOME, due=due))
        aimed_at = {number for measure in measures for number in measure.indicators}
        gaps.extend(
            Gap(instrument, None, GapKind.WEAK_INDICATOR_WITHOUT_MEASURE, indicator=indicator)
            for indicator in weak
            if instruments_of.get(indicator.number) is instrument
            and indicator.number not in aimed_at
        )
    return tuple(gaps)


def _period_gaps(instrument: Instrument, measures: Sequence[Measure]) -> Iterator[Gap]:
    """One gap for the instrument where no measure has a period, else one for each that lacks it."""
    without = [measure for measure in measures if measure.period is None]
    if len(without) == len(measures):
        yield Gap(instrument, None, GapKind.NO_PERIOD)
    else:
        yield from (Gap(instrument, m.seq, GapKind.NO_PERIOD) for m in without)
