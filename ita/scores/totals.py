"""Totals from indicators and instruments, on 0–100 and as weighted points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from ita.domain import HUNDREDTH, TOTAL, FiscalYear, Instrument, Part, Scale, to_decimal, two_places
from ita.reference import YearRules

HUNDRED = Decimal(100)
# Published totals are cut from unrounded parts, so they may be 0.01 away from ours.
TOTAL_TOLERANCE = HUNDREDTH


@dataclass(frozen=True)
class YearScores:
    """What is published of one agency in one year: part → score (0–100), level, source.

    respondents: how many people answered an instrument, where that is known.
    """

    fiscal_year: FiscalYear
    values: Mapping[Part, Decimal]
    level: str | None = None
    source: str = ""
    respondents: Mapping[Instrument, int] = field(default_factory=dict)


def exact_mean(values: Sequence[Decimal | None]) -> Fraction | None:
    """The exact mean, or None where there is nothing or anything is missing: missing is never 0."""
    present = [value for value in values if value is not None]
    if not present or len(present) != len(values):
        return None
    # Decimals of six places add up exactly, and ten times as fast as fractions.
    return Fraction(sum(present, Decimal(0))) / len(present)


def indicator_mean(
    values: Mapping[Part, Decimal], rules: YearRules, instrument: Instrument
) -> Fraction | None:
    return exact_mean([values.get(number) for number in rules.indicators_of(instrument)])


def effective_instrument_score(
    values: Mapping[Part, Decimal], rules: YearRules, instrument: Instrument
) -> Fraction | None:
    """An instrument as the total counts it, exactly: the mean of its indicators, else as published.

    The indicators come first, because published instrument scores are already rounded.
    """
    score = indicator_mean(values, rules, instrument)
    if score is None and instrument in values:
        score = Fraction(values[instrument])
    return score


def compute_instrument(
    values: Mapping[Part, Decimal], rules: YearRules, instrument: Instrument
) -> Decimal | None:
    """An instrument (0–100, unrounded) as the mean of its indicators; None if one is missing."""
    score = indicator_mean(values, rules, instrument)
    return None if score is None else to_decimal(score)


def compute_total(values: Mapping[Part, Decimal], rules: YearRules) -> Decimal | None:
    """The total (0–100, unrounded); None if an instrument is known neither way."""
    if not rules.instruments:
        return None
    # Fractions, divided once at the end: thirds cut short on the way would tip an exact half.
    total = Fraction(0)
    for instrument, rule in rules.instruments.items():
        score = effective_instrument_score(values, rules, instrument)
        if score is None:
            return None
        total += score * Fraction(rule.weight) / 100
    return to_decimal(total)


def compute_part(values: Mapping[Part, Decimal], rules: YearRules, part: Part) -> Decimal | None:
    """A part computed by the rules, to two places; an indicator can't be computed."""
    if part == TOTAL:
        score = compute_total(values, rules)
    elif part in rules.instruments:
        score = compute_instrument(values, rules, Instrument(part))
    else:
        score = None
    return None if score is None else two_places(score)


def effective_score(values: Mapping[Part, Decimal], rules: YearRules, part: Part) -> Decimal | None:
    """The score that counts: the published one where there is one, else the computed one."""
    published = values.get(part)
    return compute_part(values, rules, part) if published is None else two_places(published)


def has_mismatch(
    values: Mapping[Part, Decimal], rules: YearRules, part: Part, scale: Scale | None = None
) -> bool:
    """Whether a published score differs from the computed one by more than rounding can.

    scale: in which the instruments were published; None = not known any more.
    """
    published = values.get(part)
    computed_score = None if published is None else compute_part(values, rules, part)
    if published is None or computed_score is None:
        return False
    return abs(two_places(published) - computed_score) > _rounding_tolerance(
        values, rules, part, scale
    )


def rounding_slack(
    values: Mapping[Part, Decimal], rules: YearRules, part: Part, scale: Scale | None = None
) -> Decimal:
    """How far an effective score may be from the figure that the authority judged, either way.

    A published score is that figure, but for the hundredth that points of two places leave open; a
    computed one may be off by what rounding can do.
    """
    if part not in values:
        return _rounding_tolerance(values, rules, part, scale)
    as_points = can_be_weighted(values, rules) if scale is None else scale is Scale.WEIGHTED
    if as_points and part in rules.instruments:
        return to_percent(HUNDREDTH, rules.instruments[Instrument(part)].weight)
    return Decimal(0)


def can_be_weighted(values: Mapping[Part, Decimal], rules: YearRules) -> bool:
    """Whether a year's instruments can have been published as weighted points of two places.

    The store keeps 0–100. Other scores are on the coarser grid of such points only by chance:
    one row in hundreds with three instruments.
    """
    points = [
        values[instrument] * rule.weight / HUNDRED
        for instrument, rule in rules.instruments.items()
        if instrument in values
    ]
    return bool(points) and all(abs(p - two_places(p)) < HUNDREDTH / 1000 for p in points)


def _rounding_tolerance(
    values: Mapping[Part, Decimal], rules: YearRules, part: Part, scale: Scale | None
) -> Decimal:
    """How far rounding or truncating at two places may change a part.

    A hundredth of a weighted point is more than a hundredth of 100, and a total that is made of
    points takes the hundredth of each.
    """
    as_points = can_be_weighted(values, rules) if scale is None else scale is Scale.WEIGHTED
    if not as_points:
        return TOTAL_TOLERANCE
    if part in rules.instruments:
        return TOTAL_TOLERANCE + to_percent(HUNDREDTH, rules.instruments[Instrument(part)].weight)
    from_points = [i for i in rules.instruments if compute_instrument(values, rules, i) is None]
    return TOTAL_TOLERANCE + HUNDREDTH * len(from_points)


def to_percent(points: Decimal, weight: Decimal) -> Decimal:
    """Weighted points (0–weight) as a score of 0–100, to six places, as stored."""
    return (points / weight * HUNDRED).quantize(Decimal("0.000001"))


def to_weighted(score: Decimal, weight: Decimal) -> Decimal:
    """A score of 0–100 as weighted points, to two places."""
    return two_places(score * weight / HUNDRED)


def instrument_points(
    values: Mapping[Part, Decimal], rules: YearRules
) -> dict[Instrument, Decimal] | None:
    """The three instrument scores of a row, unconverted; None unless all are present."""
    if not rules.instruments or any(i not in values for i in rules.instruments):
        return None
    return {instrument: values[instrument] for instrument in rules.instruments}


# Three rounded weighted points are added, each off by up to 0.005, and so is the total.
WEIGHTED_TOLERANCE = 2 * HUNDREDTH


def matching_scales(values: Mapping[Part, Decimal], rules: YearRules) -> frozenset[Scale]:
    """The scales in which one row's instrument scores can be given; both = the row doesn't decide.

    Points above an instrument's weight exclude the weighted scale. With all three and a
    total, or an instrument and all its indicators, the formula decides if just one scale fits.
    None fits a row whose instruments decide for different scales.
    """
    both = frozenset({Scale.PERCENT, Scale.WEIGHTED})
    if not rules.instruments:
        return both
    present = {i: values[i] for i in rules.instruments if i in values}
    above_weight = {
        i for i, score in present.items() if rules.instruments[i].weight < score <= HUNDRED
    }
    decided: set[Scale] = {Scale.PERCENT} if above_weight else set()
    points = instrument_points(values, rules)
    total = values.get(TOTAL)
    if points and total is not None and not above_weight:
        percent = sum(p * rules.instruments[i].weight / HUNDRED for i, p in points.items())
        weighted = sum(points.values())
        fits = {
            Scale.PERCENT: abs(percent - total) <= WEIGHTED_TOLERANCE,
            Scale.WEIGHTED: abs(weighted - total) <= WEIGHTED_TOLERANCE,
        }
        decided |= _only_match(fits)
    for instrument, score in present.items():
        computed_score = None
        if instrument not in above_weight:
            computed_score = compute_instrument(values, rules, instrument)
        if computed_score is not None:
            weight = rules.instruments[instrument].weight
            fits = {
                Scale.PERCENT: abs(computed_score - score) <= TOTAL_TOLERANCE,
                Scale.WEIGHTED: abs(computed_score * weight / HUNDRED - score) <= TOTAL_TOLERANCE,
            }
            decided |= _only_match(fits)
    if len(decided) == len(both):
        return frozenset()
    return frozenset(decided) if decided else both


def _only_match(fits: Mapping[Scale, bool]) -> set[Scale]:
    matches = {scale for scale, fit in fits.items() if fit}
    return matches if len(matches) == 1 else set()


def detect_scale(rows: Iterable[tuple[Mapping[Part, Decimal], YearRules]]) -> Scale | None:
    """The scale of a whole file, or None where both readings fit, or none fits every row.

    A file without instrument scores needs no scale and counts as 0–100.
    """
    readings: set[frozenset[Scale]] = set()
    needed = False
    for values, rules in rows:
        if any(i in values for i in rules.instruments):
            needed = True
            readings.add(matching_scales(values, rules))
    if not needed:
        return Scale.PERCENT
    decided = {reading for reading in readings if len(reading) == 1}
    if len(decided) != 1 or frozenset() in readings:
        return None
    return next(iter(next(iter(decided))))
