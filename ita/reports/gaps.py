"""Gaps of a report: the first things that an assessor objects to; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ita.domain import Instrument, Quarter
from ita.formatting import score_text, year_text
from ita.i18n import N_, _, either
from ita.measures.model import (
    Completion,
    Measure,
    active_measures,
    is_due,
    pair_with_reports,
    unreported_quarters,
)
from ita.planning.needs import WeakPoint, measures_aiming_at


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
class Gap:
    """seq: of the measure, None for the instrument as a whole. is_due: whether it is required yet."""

    instrument: Instrument
    seq: int | None
    kind: GapKind
    quarters: tuple[Quarter, ...] = ()
    indicator: WeakPoint | None = None
    is_due: bool = True

    def message(self) -> str:
        """The gap as a sentence."""
        words: dict[str, str] = {}
        if self.quarters:
            words["quarters"] = quarters_text(self.quarters)
        if self.indicator:
            weak = self.indicator
            words |= {
                "indicator": weak.part,
                "name": either(weak.name_th, weak.name_en),
                "score": score_text(weak.score),
                "year": year_text(weak.year),
                "pass_mark": f"{weak.pass_mark:f}",
            }
        return _(GAP_MESSAGES[self.kind], **words)

    def short_message(self) -> str:
        """A shorter message, for where the figures are shown beside it."""
        if self.indicator:
            return _("ตัวชี้วัดที่ {number} ยังไม่มีมาตรการ", number=self.indicator.part)
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
            fields["indicator"] = self.indicator.part
            fields["score"] = float(self.indicator.score)
            fields["score_year"] = int(self.indicator.year)
        return fields


def quarters_text(quarters: Sequence[Quarter]) -> str:
    return _("ไตรมาส {numbers}", numbers=", ".join(str(q.number) for q in quarters))


def report_gaps(
    measures: Sequence[Measure],
    answered_measures: frozenset[tuple[Instrument, int]],
    periods: frozenset[Instrument],
    outcomes: frozenset[Instrument],
    completions: Sequence[Completion],
    weak: Sequence[WeakPoint],
    today: date,
    results: frozenset[Instrument] = frozenset(),
) -> tuple[Gap, ...]:
    """Everything that is lacking, by instrument and measure, what is not due yet marked as such.

    A result can be missing once the report of its measure's first quarter is due, an outcome once
    that of any of its instrument's measures is. What a plan must say is due at once.

    answered_measures: those that some result answers. periods, outcomes, results: instruments whose
    report has one. An instrument's period stands for all its measures; without it each needs its
    own. An instrument of which the report says anything needs a period and an outcome. A cancelled
    measure lacks nothing, and answers no weak indicator.
    """
    measures = active_measures(measures)
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
        gaps.extend(
            Gap(instrument, None, GapKind.WEAK_INDICATOR_WITHOUT_MEASURE, indicator=indicator)
            for indicator in weak
            if indicator.instrument is instrument and not measures_aiming_at(indicator, measures)
        )
    return tuple(gaps)


def _period_gaps(instrument: Instrument, measures: Sequence[Measure]) -> Iterator[Gap]:
    """One gap for the instrument where no measure has a period, else one for each that lacks it."""
    without_period = [measure for measure in measures if measure.period is None]
    if len(without_period) == len(measures):
        yield Gap(instrument, None, GapKind.NO_PERIOD)
    else:
        yield from (Gap(instrument, m.seq, GapKind.NO_PERIOD) for m in without_period)
