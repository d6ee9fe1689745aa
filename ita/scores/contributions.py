"""The change of the total between two years, split exactly into steps; pure.

Computed in exact fractions, for weights may be thirtieths; the displayed points have two places and
add up to the change of the two-decimal totals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import floor

from ita.domain import HUNDREDTH, TOTAL, FiscalYear, Instrument, Part, two_places
from ita.reference import Reference, YearRules
from ita.scores.totals import YearScores, effective_instrument_score, effective_score, has_mismatch


class StepKind(StrEnum):
    """part: an indicator or an instrument. rules: other weights or indicators. remainder: of one
    instrument that has no score in a year. rounding: between total and parts. published: the
    published total is further from its parts than rounding explains."""

    PART = "part"
    RULES = "rules"
    REMAINDER = "rest"
    ROUNDING = "rounding"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Step:
    """One step from the earlier total to the later one, in points of the total.

    points: two places, adding up to the change. exact: before rounding. before, after: the scores
    of a part (0–100, two places).
    """

    kind: StepKind
    points: Decimal
    exact: Fraction
    part: Part | None = None
    instrument: Instrument | None = None
    before: Decimal | None = None
    after: Decimal | None = None


@dataclass(frozen=True)
class Split:
    """A change of the total in steps: parts from the largest rise to the largest fall, then the others.

    by_instrument: those split no further, because an indicator is missing in one of the years.
    years_without_score: those in which the instrument of the step REMAINDER has none. renamed: indicators
    that bear another name in the later year.
    """

    earlier: FiscalYear
    later: FiscalYear
    start: Decimal
    end: Decimal
    steps: tuple[Step, ...]
    by_instrument: tuple[Instrument, ...] = ()
    years_without_score: tuple[FiscalYear, ...] = ()
    renamed: tuple[Part, ...] = ()

    @property
    def change(self) -> Decimal:
        return self.end - self.start

    def select_kinds(self, *kinds: StepKind) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.kind in kinds)


class NoSplitReason(StrEnum):
    """Why a change can't be split."""

    UNKNOWN_RULES = "unknown_rules"
    OLDER_MODEL = "older_model"
    NOT_COMPARABLE = "not_comparable"
    NO_TOTAL = "no_total"
    PARTS_MISSING = "parts_missing"


@dataclass(frozen=True)
class NoSplit:
    """The reason why there are no steps, its years, and the missing scores."""

    earlier: FiscalYear
    later: FiscalYear
    reason: NoSplitReason
    years: tuple[FiscalYear, ...] = ()
    missing: tuple[tuple[FiscalYear, tuple[Part, ...]], ...] = ()


@dataclass(frozen=True)
class _Side:
    """One of the two years: its rules and its scores."""

    rules: YearRules
    scores: YearScores

    @property
    def year(self) -> FiscalYear:
        return self.scores.fiscal_year

    @property
    def total(self) -> Decimal | None:
        return effective_score(self.scores.values, self.rules, TOTAL)

    def missing_instruments(self) -> tuple[Instrument, ...]:
        return tuple(i for i in self.rules.instruments if self.instrument_score(i) is None)

    def has_indicators(self, instrument: Instrument) -> bool:
        """Whether all of an instrument's indicators have a score; also where it has none at all."""
        return all(n in self.scores.values for n in self.rules.indicators_of(instrument))

    def instrument_score(self, instrument: Instrument) -> Fraction | None:
        return effective_instrument_score(self.scores.values, self.rules, instrument)

    def terms(self, instrument: Instrument, as_one_term: bool) -> dict[Part, _Term]:
        """The terms of the total of an instrument: itself if `as_one_term`, else its indicators."""
        rule = self.rules.instruments.get(instrument)
        if rule is None:
            return {}
        weight = Fraction(rule.weight) / 100
        if as_one_term:
            return {instrument: _Term(weight, self.instrument_score(instrument) or Fraction(0))}
        numbers = self.rules.indicators_of(instrument)
        scores = ((n, Fraction(self.scores.values[n])) for n in numbers)
        return {n: _Term(weight / len(numbers), score) for n, score in scores}


@dataclass(frozen=True)
class _Term:
    """One term of a total: points of the total for each point of the score."""

    weight: Fraction
    score: Fraction


def split_change(earlier: YearScores, later: YearScores, reference: Reference) -> Split | NoSplit:
    """The change of the total from one year to a later one, in steps that add up to it.

    With equal rules a part contributes weight × (new − old). Where its weight changed, the mean of both
    weights is taken, and what is left of each term (mean score × change of weight) goes into one
    step "rules", as do indicators that came or went. One instrument without a score is what
    remains of the total; with two of them nothing can be computed.
    """
    years = earlier.fiscal_year, later.fiscal_year
    unknown = tuple(year for year in years if not reference.knows(year))
    if unknown:
        return NoSplit(*years, NoSplitReason.UNKNOWN_RULES, unknown)
    if not reference.comparable(*years):
        return NoSplit(*years, NoSplitReason.NOT_COMPARABLE)
    old, new = (_Side(reference.rules(s.fiscal_year), s) for s in (earlier, later))
    return _refusal(old, new) or _split(old, new)


def totals_by_year(scores: Iterable[YearScores], reference: Reference) -> dict[FiscalYear, Decimal]:
    """The totals that people see, by year, oldest first; years without one are left out."""
    totals = {}
    for year in sorted(scores, key=lambda s: s.fiscal_year):
        if reference.knows(year.fiscal_year):
            total = effective_score(year.values, reference.rules(year.fiscal_year), TOTAL)
            if total is not None:
                totals[year.fiscal_year] = total
    return totals


def last_comparable_pair(
    years: Sequence[FiscalYear], reference: Reference
) -> tuple[FiscalYear, FiscalYear] | None:
    """Of years with a total, oldest first: the last two neighbours that compare, else the last two."""
    pairs = list(pairwise(years))
    comparable = [pair for pair in pairs if reference.comparable(*pair)]
    return next(reversed(comparable or pairs), None)


def _refusal(old: _Side, new: _Side) -> NoSplit | None:
    sides, years = (old, new), (old.year, new.year)
    without_weights = tuple(side.year for side in sides if not side.rules.instruments)
    if without_weights:
        return NoSplit(*years, NoSplitReason.OLDER_MODEL, without_weights)
    without_total = tuple(side.year for side in sides if side.total is None)
    if without_total:
        missing = tuple((year, (TOTAL,)) for year in without_total)
        return NoSplit(*years, NoSplitReason.NO_TOTAL, without_total, missing)
    if len({*old.missing_instruments(), *new.missing_instruments()}) > 1:
        missing_by_year = tuple(
            (side.year, side.missing_instruments()) for side in sides if side.missing_instruments()
        )
        years_of_missing = tuple(year for year, _ in missing_by_year)
        return NoSplit(*years, NoSplitReason.PARTS_MISSING, years_of_missing, missing_by_year)
    return None


def _split(old: _Side, new: _Side) -> Split:
    unknown_instrument = next(iter((*old.missing_instruments(), *new.missing_instruments())), None)
    instruments = [i for i in Instrument if i is not unknown_instrument]
    undivided = tuple(
        i for i in instruments if not (old.has_indicators(i) and new.has_indicators(i))
    )
    steps: list[Step] = []
    rules = Fraction(0)
    for instrument in instruments:
        before = old.terms(instrument, instrument in undivided)
        after = new.terms(instrument, instrument in undivided)
        steps.extend(_part_steps(instrument, before, after))
        rules += _rules_effect(before, after)
    if rules:
        steps.append(Step(StepKind.RULES, Decimal(0), rules))
    if unknown_instrument:  # the remainder of the instrument takes the difference
        steps = [replace(step, points=two_places(step.exact)) for step in steps]
    else:
        steps = _round_to_sum(steps)
    start, end = old.total or Decimal(0), new.total or Decimal(0)
    remainder = end - start - sum((step.points for step in steps), Decimal(0))
    exact = Fraction(end - start) - sum((step.exact for step in steps), Fraction(0))
    if unknown_instrument:
        steps.append(
            Step(StepKind.REMAINDER, remainder, exact, unknown_instrument, unknown_instrument)
        )
    elif remainder:
        sides = (old, new)
        is_off = any(has_mismatch(side.scores.values, side.rules, TOTAL) for side in sides)
        steps.append(Step(StepKind.PUBLISHED if is_off else StepKind.ROUNDING, remainder, exact))
    years_without_score = tuple(side.year for side in (old, new) if side.missing_instruments())
    steps.sort(key=lambda step: (step.part is None, -step.exact if step.part else 0))
    old_indicators = old.rules.indicators
    renamed = tuple(
        number
        for number, indicator in new.rules.indicators.items()
        if number in old_indicators and old_indicators[number].name_th != indicator.name_th
    )
    return Split(
        old.year, new.year, start, end, tuple(steps), undivided, years_without_score, renamed
    )


def _part_steps(
    instrument: Instrument, before: Mapping[Part, _Term], after: Mapping[Part, _Term]
) -> Iterator[Step]:
    """What the scores of the parts that both years have moved."""
    for part, new in after.items():
        if part in before:
            old = before[part]
            exact = (old.weight + new.weight) / 2 * (new.score - old.score)
            scores = two_places(old.score), two_places(new.score)
            yield Step(StepKind.PART, Decimal(0), exact, part, instrument, *scores)


def _rules_effect(before: Mapping[Part, _Term], after: Mapping[Part, _Term]) -> Fraction:
    """The effect of other weights and of parts that only one of the years has, in points."""
    effect = Fraction(0)
    for part in {*before, *after}:
        old, new = before.get(part), after.get(part)
        if old and new:
            effect += (old.score + new.score) / 2 * (new.weight - old.weight)
        else:
            effect += (new.weight * new.score if new else 0) - (
                old.weight * old.score if old else 0
            )
    return effect


def _round_to_sum(steps: Sequence[Step]) -> list[Step]:
    """Steps with two places whose sum is their exact sum with two places.

    Each is less than a hundredth off: all are rounded down, and the hundredths that are then
    missing go to those with the largest remainders.
    """
    scaled = [step.exact * 100 for step in steps]
    floors = [floor(value) for value in scaled]
    missing = floor(sum(scaled, Fraction(1, 2))) - sum(floors)
    by_remainder = sorted(range(len(steps)), key=lambda index: floors[index] - scaled[index])
    for index in by_remainder[:missing]:
        floors[index] += 1
    return [replace(s, points=n * HUNDREDTH) for s, n in zip(steps, floors, strict=True)]
