"""The scores and levels of many agencies in one year at once; the same rules as `totals` and `levels`.

Whole numbers throughout, so that every figure is the one that an agency's own page shows: stored
scores are millionths, scores to two places are hundredths. MISSING stands for none, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil, lcm

import numpy as np

from ita.domain import TOTAL, Instrument, Part
from ita.reference import Band, YearRules
from ita.scores.levels import PASSED_LEVEL_UNKNOWN

IntArray = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
CodeArray = np.ndarray[tuple[int, ...], np.dtype[np.int8]]
BoolArray = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

MILLIONTHS = 1_000_000
PER_HUNDREDTH = MILLIONTHS // 100
MISSING = -1
NO_LEVEL = -1


def compute_year_scores(values: IntArray, parts: Sequence[Part], rules: YearRules) -> IntArray:
    """The scores that count, in hundredths: published ones where there are any, else computed.

    values: published scores in millionths, a row per part, a column per agency.
    """
    row = {part: index for index, part in enumerate(parts)}
    scores = _round_half_up(values, PER_HUNDREDTH)
    indicator_sums = {i: _sum_indicators(values, row, rules, i) for i in rules.instruments}
    for instrument, (total, count) in indicator_sums.items():
        computed = _round_half_up(total, count * PER_HUNDREDTH)
        _fill(scores[row[instrument]], computed)
    _fill(scores[row[TOTAL]], _compute_total(values, row, rules, indicator_sums))
    return scores


def _fill(scores: IntArray, computed: IntArray) -> None:
    np.copyto(scores, computed, where=scores == MISSING)


def _round_half_up(values: IntArray, unit: int) -> IntArray:
    """Values in units, half up; what is missing stays missing."""
    return np.where(values == MISSING, MISSING, (2 * values + unit) // (2 * unit))


def _sum_indicators(
    values: IntArray, row: Mapping[Part, int], rules: YearRules, instrument: Instrument
) -> tuple[IntArray, int]:
    """An instrument's indicators added up, and how many they are; MISSING where one is missing."""
    numbers = [row[number] for number in rules.indicators_of(instrument)]
    scores = values[numbers]
    is_known = (scores != MISSING).all(axis=0) & bool(numbers)
    return np.where(is_known, scores.sum(axis=0), MISSING), max(1, len(numbers))


def _compute_total(
    values: IntArray,
    row: Mapping[Part, int],
    rules: YearRules,
    indicator_sums: Mapping[Instrument, tuple[IntArray, int]],
) -> IntArray:
    """The computed total in hundredths; MISSING where an instrument is known neither way."""
    if not rules.instruments:
        return np.full(values.shape[1], MISSING)
    weights = {i: Fraction(rule.weight) for i, rule in rules.instruments.items()}
    shared = lcm(*(count for _, count in indicator_sums.values()))
    parts = lcm(*(weight.denominator for weight in weights.values()))
    # One common denominator, so that nothing is divided before the end.
    unit = PER_HUNDREDTH * 100 * shared * parts
    exact = np.int64 if 2 * 100 * MILLIONTHS * 100 * shared * parts < 2**62 else object
    total = np.zeros(values.shape[1], exact)
    is_known = np.ones(values.shape[1], np.bool_)
    for instrument, (summed, count) in indicator_sums.items():
        published = values[row[instrument]]
        scale = int(weights[instrument] * parts) * shared
        of_indicators = summed.astype(exact) * (scale // count)
        score = np.where(summed != MISSING, of_indicators, published.astype(exact) * scale)
        is_known &= (summed != MISSING) | (published != MISSING)
        total = total + score
    rounded = (2 * total + unit) // (2 * unit)
    return np.where(is_known, rounded, MISSING).astype(np.int64)


def level_code_names(rules: YearRules) -> tuple[str, ...]:
    """The names of the codes of `compute_year_levels`, best first; "passed, level unknown" comes last."""
    return (*(band.level for band in rules.bands), PASSED_LEVEL_UNKNOWN)


def compute_year_levels(scores: IntArray, parts: Sequence[Part], rules: YearRules) -> CodeArray:
    """The level that the rules give, as an index into `level_code_names`; NO_LEVEL where none is certain.

    scores: in hundredths, a row per part, a column per agency.
    """
    row = {part: index for index, part in enumerate(parts)}
    total = scores[row[TOTAL]]
    instruments = scores[[row[i] for i in rules.instruments]]
    undecided = total != MISSING
    first = np.full(len(total), NO_LEVEL)
    candidates = np.zeros(len(total), np.int64)
    all_pass = np.ones(len(total), np.bool_)
    for index, band in enumerate(rules.bands):
        possible, certain = _meets_conditions(band, total, instruments)
        possible &= undecided
        np.copyto(first, index, where=possible & (candidates == 0))
        candidates += possible
        all_pass &= ~possible | rules.passes(band)
        undecided &= ~(possible & certain)
    passed = np.where(all_pass & (candidates > 1), len(rules.bands), NO_LEVEL)
    return np.where(candidates == 1, first, passed).astype(np.int8)


def _meets_conditions(
    band: Band, total: IntArray, instruments: IntArray
) -> tuple[BoolArray, BoolArray]:
    """Where a band's conditions may be met, and where they certainly are, as two masks."""
    reached = total >= _mark_in_hundredths(band.min_total)
    if band.min_instrument is None:
        return reached, reached
    min_score = _mark_in_hundredths(band.min_instrument)
    is_certain = (instruments >= min_score).all(axis=0)
    is_possible = ((instruments >= min_score) | (instruments == MISSING)).all(axis=0)
    return reached & is_possible, reached & is_certain


def _mark_in_hundredths(mark: Decimal) -> int:
    """The least score in hundredths that reaches a mark."""
    return ceil(mark * 100)
