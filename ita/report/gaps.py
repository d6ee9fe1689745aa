"""Gaps of a report: the first things that an assessor objects to; pure."""

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
from ita.wording import N_, _, either, score_text, year_text


class GapKind(StrEnum):
    NO_RESULT = "no_result"
    NO_PERIOD = "no_period"
    NO_DIVISION = "no_division"
    NO_OUTCOME = "no_outcome"
    NO_PROGRESS = "no_progress"
    WEAK_INDICATOR_WITHOUT_MEASURE = "weak_indicator_without_measure"


GAP_MESSAGES = {
    GapKind.NO_RESULT: N_("ยังไม่มีสรุปผลการดำเนินการ"),
    GapKind.NO_PERIOD: N_("ยังไม่ระบุระยะเวลาดำเนินการ"),
    GapKind.NO_DIVISION: N_("ยังไม่ระบุผู้รับผิดชอบ"),
    GapKind.NO_OUTCOME: N_("ยังไม่มีผลลัพธ์หรือความสำเร็จ"),
    GapKind.NO_PROGRESS: N_("ยังไม่รายงานความสำเร็จ {quarters}"),
    GapKind.WEAK_INDICATOR_WITHOUT_MEASURE: N_(
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
    def distance_to_mark(self) -> Decimal:
        """The score less the pass mark: the lower, the weaker."""
        return Decimal(self.score) - Decimal(self.pass_mark)


@dataclass(frozen=True)
class Gap:
    """seq: of the measure, None for the instrument as a whole. is_due: whether it is required yet."""

    instrument: Instrument
    seq: int | None
    kind: GapKind
    quarters: tuple[Quarter, ...] = ()
    indicator: WeakIndicator | None = None
    is_due: bool = True

    def message(self) -> str:
        """The gap as a sentence."""
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
        return _(GAP_MESSAGES[self.kind], **words)

    def short_message(self) -> str:
        """A shorter message, for where the figures are shown beside it."""
        if self.indicator:
            return _("ตัวชี้วัดที่ {number} ยังไม่มีมาตรการ", number=self.indicator.number)
        return self.message()

    def as_json(self) -> dict[str, object]:
        """The JSON object of the contract, with the fields of the kind."""
        fields: dict[str, object] = {
            "instrument": self.instrument.value,
            "seq": self.seq,
            "gap": self.kind.value,
            "message": self.message(),
        }
        if self.quarters:
            fields["quarters"] = [quarter.number for quarter in self.quarters]
        if self.indicator:
            fields["indicator"] = self.indicator.number
            fields["score"] = float(self.indicator.score)
            fields["score_year"] = int(self.indicator.year)
        return fields


def quarters_text(quarters: Sequence[Quarter]) -> str:
    return _("ไตรมาส {numbers}", numbers=", ".join(str(q.number) for q in quarters))


def weak_indicators(
    scores: Iterable[YearScores], rules_of: Mapping[FiscalYear, YearRules], year: FiscalYear
) -> tuple[WeakIndicator, ...]:
    """Indicators below the pass mark, weakest first, from which a year's measures should start.

    They are of the year before, which was known when the measures were planned; where it has no
    indicators, of the year itself.
    """
    basis = basis_scores(scores, rules_of, year)
    if basis is None:
        return ()
    year_scores, rules = basis
    indicator_scores = {
        n: year_scores.values[n] for n in rules.indicators if n in year_scores.values
    }
    mark = rules.pass_mark or Decimal(0)
    weak_scores = ((n, s) for n, s in indicator_scores.items() if two_places(s) < mark)
    return tuple(
        WeakIndicator(
            n,
            rules.indicators[n].name_th,
            rules.indicators[n].name_en,
            score_text(s),
            year_scores.fiscal_year,
            f"{mark:f}",
        )
        for n, s in sorted(weak_scores, key=lambda pair: (pair[1], int(pair[0])))
    )


def basis_scores(
    scores: Iterable[YearScores], rules_of: Mapping[FiscalYear, YearRules], year: FiscalYear
) -> tuple[YearScores, YearRules] | None:
    """The scores by indicator from which a year's measures start, with their rules.

    None where neither the year before nor the year itself has indicators and a pass mark.
    """
    by_year = {int(score.fiscal_year): score for score in scores}
    for candidate in (year - 1, year):
        year_scores = by_year.get(candidate)
        rules = rules_of.get(year_scores.fiscal_year) if year_scores else None
        if not year_scores or not rules or rules.pass_mark is None:
            continue
        if any(number in year_scores.values for number in rules.indicators):
            return year_scores, rules
    return None


def report_gaps(
    measures: Sequence[Measure],
    answered_measures: frozenset[tuple[Instrument, int]],
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

    answered_measures: those that some result answers. periods, outcomes, results: instruments whose
    report has one. An instrument's period stands for all its measures; without it each needs its
    own. An instrument of which the report says anything needs a period and an outcome.
    """
    unreported = {
        measure.key: unreported_quarters(measure, reports, today)
        for measure, reports in pair_with_reports(measures, completions)
    }
    gaps: list[Gap] = []
    for instrument in Instrument:
        own_measures = [measure for measure in measures if measure.instrument is instrument]
        is_reported = bool(own_measures) or instrument in results | outcomes | periods
        if is_reported and instrument not in periods:
            gaps.extend(_period_gaps(instrument, own_measures))
        for measure in own_measures:
            if measure.key not in answered_measures:
                due = is_due(measure.quarters[0], today)
                gaps.append(Gap(instrument, measure.seq, GapKind.NO_RESULT, is_due=due))
            if not measure.divisions:
                gaps.append(Gap(instrument, measure.seq, GapKind.NO_DIVISION))
            if unreported.get(measure.key):
                quarters = unreported[measure.key]
                gaps.append(Gap(instrument, measure.seq, GapKind.NO_PROGRESS, quarters))
        if is_reported and instrument not in outcomes:
            # Without measures there is an old report, whose time is over.
            due = not own_measures or any(
                is_due(measure.quarters[0], today) for measure in own_measures
            )
            gaps.append(Gap(instrument, None, GapKind.NO_OUTCOME, is_due=due))
        targeted_numbers = {number for measure in measures for number in measure.indicators}
        gaps.extend(
            Gap(instrument, None, GapKind.WEAK_INDICATOR_WITHOUT_MEASURE, indicator=indicator)
            for indicator in weak
            if instruments_of.get(indicator.number) is instrument
            and indicator.number not in targeted_numbers
        )
    return tuple(gaps)


def _period_gaps(instrument: Instrument, measures: Sequence[Measure]) -> Iterator[Gap]:
    """One gap for the instrument where no measure has a period, else one for each that lacks it."""
    without_period = [measure for measure in measures if measure.period is None]
    if len(without_period) == len(measures):
        yield Gap(instrument, None, GapKind.NO_PERIOD)
    else:
        yield from (Gap(instrument, m.seq, GapKind.NO_PERIOD) for m in without_period)
